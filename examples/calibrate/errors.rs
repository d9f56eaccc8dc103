//! How far predictions are from measurements.

use std::collections::BTreeMap;

use crossover::catalog::speed::{Constants, Errors};
use crossover::engine::speed::{StepModel, frontier};

use crate::cases::Case;

/// A measured quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Mean time per output token.
    Tpot,
    /// Mean time to first token.
    Ttft,
    /// Output tokens per second of a full replica.
    Saturated,
    /// Output tokens per second at a pinned concurrency.
    Throughput,
}

impl Quantity {
    /// All of them, in the order of `Case::measured`.
    pub const ALL: [Self; 4] = [Self::Tpot, Self::Ttft, Self::Saturated, Self::Throughput];

    /// Its name in the catalog file.
    pub fn id(self) -> &'static str {
        ["tpot_ms", "ttft_ms", "saturated", "output_tokens_per_second"][self as usize]
    }
}

/// Signed relative errors by engine, class and quantity.
pub type Signed = BTreeMap<(String, bool, Quantity), Vec<f64>>;

/// What the model says of a case, in the order of `Case::measured`; NaN where nothing was measured.
pub fn predict(case: &Case, constants: &Constants) -> [f64; 4] {
    let model = StepModel::of(&case.subject, &case.shape, case.layout, constants, case.chunk);
    let places = case.room.places;
    let [.., saturated, _] = case.measured;
    if saturated.is_some() {
        let full = frontier::saturated(&model, case.room, 1.0);
        return [f64::NAN, f64::NAN, full.output_tokens_per_second, f64::NAN];
    }
    let p = model.closed_loop(case.scenario.serving.concurrency.unwrap_or(places), places);
    [p.tpot_ms, p.ttft_ms, f64::NAN, p.output_tokens_per_second]
}

/// Errors of the cases that `which` chooses, each under its class's constants.
pub fn all(cases: &[Case], fitted: &BTreeMap<(String, bool), Constants>, which: &dyn Fn(&Case) -> bool) -> Signed {
    let mut out = Signed::new();
    for case in cases.iter().filter(|c| which(c)) {
        let Some(constants) = fitted.get(&(case.engine(), case.moe)) else { continue };
        let said = predict(case, constants);
        for (q, (m, s)) in Quantity::ALL.into_iter().zip(case.measured.iter().zip(said)) {
            if let Some(m) = m {
                out.entry((case.engine(), case.moe, q)).or_default().push(s / m - 1.0);
            }
        }
    }
    out
}

/// Add some errors to others.
pub fn extend(into: &mut Signed, more: Signed) {
    for (k, v) in more {
        into.entry(k).or_default().extend(v);
    }
}

/// Quantiles of the absolute errors; NaN-free, 1 where there are none.
pub fn quantiles(signed: &[f64]) -> Errors {
    let mut a: Vec<f64> = signed.iter().map(|e| e.abs()).collect();
    a.sort_by(f64::total_cmp);
    let at = |q: f64| a.get((q * a.len().saturating_sub(1) as f64) as usize).copied().map_or(1.0, digits);
    Errors { median: at(0.5), p80: at(0.8), p90: at(0.9) }
}

/// Median of the signed errors.
pub fn median_signed(signed: &[f64]) -> f64 {
    let mut a = signed.to_vec();
    a.sort_by(f64::total_cmp);
    a.get(a.len() / 2).copied().map_or(0.0, digits)
}

/// Three decimals.
fn digits(v: f64) -> f64 {
    (v * 1000.0).round() / 1000.0
}
