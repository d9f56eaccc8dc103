//! A number of US dollars for each side. There are four at most, so a list holds them: a map for every month would take
//! longer to make than to fill.

use std::ops::Index;

use serde::{Serialize, Serializer};

/// The sides in the order in which they are written: the baselines' roles and the self-hosted one.
const SIDES: [&str; 4] = ["frontier", "nearest", "same_weights", "self_hosted"];

/// US dollars by side; only those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BySide([Option<f64>; SIDES.len()]);

impl BySide {
    fn place(side: &str) -> Option<usize> {
        SIDES.iter().position(|name| *name == side)
    }

    /// Add to a side's sum.
    pub fn add(&mut self, side: &str, usd: f64) {
        if let Some(place) = Self::place(side) {
            *self.0[place].get_or_insert(0.0) += usd;
        }
    }

    /// A side's number.
    pub fn get(&self, side: &str) -> Option<&f64> {
        self.0[Self::place(side)?].as_ref()
    }

    /// The sides that have one, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'static &'static str> {
        SIDES.iter().zip(&self.0).filter(|(_, usd)| usd.is_some()).map(|(name, _)| name)
    }

    /// The numbers, in the order of the sides.
    pub fn values(&self) -> impl Iterator<Item = &f64> {
        self.0.iter().flatten()
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        self.0.iter_mut().flatten()
    }
}

impl<'a> FromIterator<(&'a str, f64)> for BySide {
    fn from_iter<T: IntoIterator<Item = (&'a str, f64)>>(all: T) -> Self {
        let mut out = Self::default();
        for (side, usd) in all {
            if let Some(place) = Self::place(side) {
                out.0[place] = Some(usd);
            }
        }
        out
    }
}

/// Not a number where the side has none.
impl Index<&str> for BySide {
    type Output = f64;

    fn index(&self, side: &str) -> &f64 {
        self.get(side).unwrap_or(&f64::NAN)
    }
}

impl Serialize for BySide {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.keys().zip(self.values()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cost::api::ROLES;

    /// What is added to a side without a place would be lost.
    #[test]
    fn every_role_has_a_place_and_they_are_written_in_order() {
        assert!(SIDES.is_sorted());
        assert_eq!(SIDES.len(), ROLES.len() + 1);
        assert!(ROLES.iter().chain(&["self_hosted"]).all(|side| BySide::place(side).is_some()));
        let mut all = BySide::default();
        ROLES.iter().for_each(|side| all.add(side, 1.0));
        assert_eq!((all.values().count(), all.get("self_hosted"), all["self_hosted"].is_nan()), (3, None, true));
    }
}
