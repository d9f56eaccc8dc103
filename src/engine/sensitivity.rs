//! What matters most: how far the monthly difference moves as one input goes from low to high.

use serde::Serialize;

use super::cost::Cost;
use super::deployment::Subject;
use super::fleet::Fleet;

/// One bar of the tornado.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    /// Path of the input.
    pub path: String,
    /// Self-hosted minus cheapest API per month with the input at its low end, US dollars.
    pub low_usd: f64,
    /// The same at its high end.
    pub high_usd: f64,
}

/// The tornado, widest bar first.
pub fn tornado(_subject: &Subject, _fleet: &Fleet, _cost: &Cost) -> Vec<Swing> {
    Vec::new()
}
