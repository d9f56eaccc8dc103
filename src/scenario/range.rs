//! A number people are more or less sure of.

use serde::{Deserialize, Serialize};

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

    /// Whether there is no doubt.
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }
}
