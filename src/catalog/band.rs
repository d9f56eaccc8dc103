//! How unsure the defaults are.

use serde::{Deserialize, Serialize};

/// The 90 % interval of an input that a scenario leaves at its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Path of the input in the Scenario.
    pub path: String,
    /// What `low` and `high` are measured in.
    pub kind: BandKind,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// When it was read.
    pub as_of: String,
    /// Where it is from.
    pub source: String,
}

/// What a band's ends are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    /// The input's own unit.
    Value,
    /// The value the plan uses.
    Factor,
}
