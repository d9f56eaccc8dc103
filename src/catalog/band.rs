//! How unsure the catalog's prices are for somebody who has no quote yet.

use serde::Serialize;

use super::{Words, row};

/// The 90 % interval of a price that a scenario leaves to the planner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// Path of the price in the Scenario.
    pub path: String,
    /// 5th percentile over the price the plan uses.
    pub low: f64,
    /// 95th percentile over the price the plan uses.
    pub high: f64,
    /// When it was read.
    pub as_of: String,
    /// Where it is from.
    pub source: Words,
}

row!(Band { path, low, high, as_of, source });
