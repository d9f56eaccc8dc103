//! What matters most: how far the difference moves as one input goes from low to high.

use serde::Serialize;

use super::cost::Cost;
use super::projection::{Horizon, Walked};
use super::uncertainty::Drawn;
use crate::engine::cost::Lever;
use crate::order::sort_by;

/// One bar of the tornado.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    /// Path of the input.
    pub path: &'static str,
    /// Self-hosted minus cheapest API, mean month of the horizon, setup included, with the input at its low end, US
    /// dollars.
    pub low_usd: f64,
    /// The same at its high end.
    pub high_usd: f64,
    /// Low end of the input, 5th percentile.
    pub low: f64,
    /// High end of the input, 95th percentile.
    pub high: f64,
}

/// The tornado, widest bar first; empty where a side has no price.
pub fn tornado(inputs: &[Drawn], cost: &Cost) -> Vec<Swing> {
    let months = f64::from(cost.pricing.months.max(1));
    let likely = Walked::of(Horizon::new(&cost.pricing, &cost.pricing.likely));
    let at = |input: &Drawn, value: f64, carries: Option<f64>| {
        let mut values = cost.pricing.likely;
        values.set(input.lever, value);
        if let Some(carries) = carries {
            values.scale(Lever::Throughput, carries);
        }
        let moved = Horizon::new(&cost.pricing, &values);
        moved.difference_of(likely.totals_of(&moved)) / months
    };
    let mut out: Vec<Swing> = inputs
        .iter()
        .map(|input| Swing {
            path: input.input.path,
            low_usd: at(input, input.input.low, input.capacity.map(|c| c.low)),
            high_usd: at(input, input.input.high, input.capacity.map(|c| c.high)),
            low: input.input.low,
            high: input.input.high,
        })
        .filter(|s| s.low_usd.is_finite() && s.high_usd.is_finite())
        .collect();
    sort_by(&mut out, |a, b| (b.high_usd - b.low_usd).abs().total_cmp(&(a.high_usd - a.low_usd).abs()));
    out
}
