//! Every volume at which the lines cross.
//!
//! Between two steps of the staircase both sides are linear in volume, so each segment's crossing is closed form; at a
//! step the self-hosted line jumps, which can cross as well.

use serde::Serialize;

use super::cost::{ApiBaseline, Cost, SelfHosted};

/// Volumes looked at, tokens per day.
pub const LEAST: f64 = 1e3;
/// See [`LEAST`].
pub const MOST: f64 = 1e12;
/// Steps of the staircase looked at.
const STEPS: usize = 4096;

/// The crossings with one baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakEven {
    /// Role of the baseline.
    pub against: String,
    /// Every crossing, by volume.
    pub crossings: Vec<Crossing>,
    /// Volume above which self-hosting stays cheaper.
    pub always_cheaper_above_tokens_per_day: Option<f64>,
    /// Whether self-hosting is never cheaper at any volume.
    pub never: bool,
}

/// One crossing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossing {
    /// Volume, tokens per day.
    pub tokens_per_day: f64,
    /// `self_hosting_becomes_cheaper` or `api_becomes_cheaper`.
    pub direction: &'static str,
}

/// Solve for every baseline.
pub fn solve(cost: &Cost) -> Vec<BreakEven> {
    cost.api.iter().map(|a| against(&cost.self_hosted, a)).collect()
}

fn against(hosted: &SelfHosted, api: &ApiBaseline) -> BreakEven {
    let mut edges = vec![LEAST];
    edges.extend(hosted.curve.steps(MOST, STEPS).into_iter().filter(|v| *v > LEAST));
    edges.push(MOST);
    let gap = |v: f64| hosted.total(v).map(|h| h - api.total(v));
    let mut crossings = Vec::new();
    let mut cheaper = gap(LEAST).is_some_and(|g| g < 0.0);
    let ever = std::cell::Cell::new(cheaper);
    let mut flip = |v: f64, now: bool, cheaper: &mut bool| {
        if now != *cheaper {
            let direction = if now { "self_hosting_becomes_cheaper" } else { "api_becomes_cheaper" };
            crossings.push(Crossing { tokens_per_day: v, direction });
            *cheaper = now;
            ever.set(ever.get() || now);
        }
    };
    for pair in edges.windows(2) {
        // The line is constant right up to and including the upper edge, so look just inside the lower one.
        let (from, to) = (pair[0] * (1.0 + 1e-7), pair[1]);
        let (Some(a), Some(b)) = (gap(from), gap(to)) else { continue };
        flip(pair[0], a < 0.0, &mut cheaper);
        if (a < 0.0) != (b < 0.0) {
            flip(from + (to - from) * a / (a - b), b < 0.0, &mut cheaper);
        }
    }
    let always = match crossings.last() {
        Some(last) if cheaper => Some(last.tokens_per_day),
        _ => None,
    };
    BreakEven { against: api.role.into(), crossings, always_cheaper_above_tokens_per_day: always, never: !ever.get() }
}
