//! How sure the answer is: seeded draws over the ranges of the inputs and the bands of the models.

use serde::Serialize;

use super::cost::Cost;
use super::deployment::Subject;
use super::fleet::Fleet;

/// The Plan's uncertainty.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Uncertainty {
    /// Draws made; 0 if none were asked for.
    pub draws: u32,
    /// Share of draws in which self-hosting is cheaper over the horizon; `null` without draws.
    pub probability_self_hosting_cheaper: Option<f64>,
    /// P10, P50 and P90 by month.
    pub bands: Vec<Band>,
    /// What it is worth to know an input exactly.
    pub value_of_information: Vec<InformationValue>,
}

/// Percentiles of one month, US dollars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// 1 is the first.
    pub month: u32,
    /// `self_hosted` or a baseline's role.
    pub side: String,
    /// 10th percentile.
    pub p10_usd: f64,
    /// Median.
    pub p50_usd: f64,
    /// 90th percentile.
    pub p90_usd: f64,
}

/// Expected value of perfect information on one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InformationValue {
    /// Path of the input.
    pub path: String,
    /// US dollars over the horizon.
    pub usd: f64,
}

/// Draw.
pub fn draw(_subject: &Subject, _fleet: &Fleet, _cost: &Cost, _draws: u32) -> Uncertainty {
    Uncertainty::default()
}
