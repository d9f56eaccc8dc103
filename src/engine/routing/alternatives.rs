//! What plans with a preference for one side would cost, the least of every layout tried: one plan has one price, whichever
//! layout it was tried in.

use super::instance::{Instance, Way};

/// Both preferences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alternatives {
    /// Every step on an API that may be there.
    pub api: Preferred,
    /// Every step in house that can be.
    pub own: Preferred,
}

/// A plan with a preference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Preferred {
    /// Steps without a place.
    unplaced: usize,
    /// Steps that cannot be where they are preferred.
    elsewhere: usize,
    /// US dollars per month; infinite where unknown.
    usd: f64,
}

/// A known price, fewer steps without a place (which costs nothing) or elsewhere, and then the price; less is better.
pub(super) type Rank = (bool, usize, usize, f64);

impl Alternatives {
    pub(super) fn of(instance: &Instance) -> Self {
        Self { api: Preferred::of(instance, |w| !w.uses_pool()), own: Preferred::of(instance, |w| !w.uses_api()) }
    }

    /// The better of two, each by itself.
    pub(super) fn or(self, other: Self) -> Self {
        Self { api: self.api.or(other.api), own: self.own.or(other.own) }
    }
}

impl Preferred {
    fn of(instance: &Instance, wanted: impl Fn(&Way) -> bool) -> Self {
        let lacking = |has: &dyn Fn(&Vec<Way>) -> bool| instance.steps.iter().filter(|ways| !has(ways)).count();
        let preferring = instance.preferring(&wanted);
        Self {
            unplaced: lacking(&|ways| !ways.is_empty()),
            elsewhere: lacking(&|ways| ways.iter().any(&wanted)),
            usd: preferring.total_usd(&preferring.solve().assignment),
        }
    }

    /// How good it is.
    pub(super) fn rank(&self) -> Rank {
        (!self.usd.is_finite(), self.unplaced, self.elsewhere, self.usd)
    }

    fn or(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }

    /// US dollars per month, each step as preferred where it can be; `None` where unknown.
    pub(super) fn where_possible_usd(self) -> Option<f64> {
        self.usd.is_finite().then_some(self.usd)
    }

    /// US dollars per month where every step can be as preferred.
    pub(super) fn every_step_usd(self) -> Option<f64> {
        self.where_possible_usd().filter(|_| self.elsewhere == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_with_a_step_out_of_place_is_not_the_cheaper_one() {
        let plan = |unplaced, elsewhere, usd| Preferred { unplaced, elsewhere, usd };
        // Worse from each to the next.
        let all = [
            plan(0, 0, 9.0),
            plan(0, 0, 10.0),
            plan(0, 1, 5.0),
            plan(1, 1, 4.0),
            plan(1, 2, 3.0),
            plan(0, 0, f64::INFINITY),
        ];
        for (i, better) in all.iter().enumerate() {
            for worse in &all[i..] {
                assert_eq!((better.or(*worse), worse.or(*better)), (*better, *better));
            }
        }
        let said = all.map(|p| (p.where_possible_usd(), p.every_step_usd()));
        assert_eq!(said[0], (Some(9.0), Some(9.0)));
        assert_eq!((said[2], said[5]), ((Some(5.0), None), (None, None)));
    }
}
