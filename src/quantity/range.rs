//! A number people are more or less sure of.

use serde::{Deserialize, Serialize};

use super::Unit;

/// A likely value with a 90 % interval around it; a point where all three agree. Invariant: `low <= likely <= high`,
/// all finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// 5th percentile.
    pub low: f64,
    /// The value the plan uses.
    pub likely: f64,
    /// 95th percentile.
    pub high: f64,
}

impl Range {
    /// A number without doubt.
    pub const fn point(value: f64) -> Self {
        Self { low: value, likely: value, high: value }
    }

    /// The range between two ends when nothing is said about the middle: the geometric mean for amounts (the median of
    /// a log-normal with that interval), the midpoint for shares and where the low end is 0.
    pub fn between(low: f64, high: f64, unit: Unit) -> Self {
        let product = low * high;
        let middle = match low > 0.0 && !unit.is_share() {
            true if product.is_normal() => product.sqrt(),
            true => low.sqrt() * high.sqrt(),
            false => low + (high - low) / 2.0,
        };
        Self { low, likely: middle.max(low).min(high), high }
    }

    /// Whether there is no doubt.
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }
}
