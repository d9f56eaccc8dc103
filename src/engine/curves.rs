//! Both sides' monthly cost over the volumes a picture shows, with the corners of the staircase exact.

use std::sync::LazyLock;

use serde::Serialize;

use super::break_even::BreakEven;
use super::cost::Cost;
use crate::math::{ceil_tolerant, log10, pow, powi};

/// Least volume shown, tokens per day, unless the reader's volume or a crossing lies below.
const SHOWN_FROM: f64 = 1e6;
/// Most volume shown, tokens per day, unless the reader's volume or a crossing lies above.
const SHOWN_TO: f64 = 1e10;
/// Samples per decade where a line is smooth.
const PER_DECADE: u32 = 24;
/// Steps of the staircase drawn exactly; further up they are closer together than a line is thick.
const STEPS: usize = 120;
/// How far inside a step its upper side is sampled, as a share of the volume; wider than the tolerance with which
/// replicas are counted.
const JUST_ABOVE: f64 = 1e-6;

/// The lines of the break-even picture.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Curves {
    /// The scenario's volume, tokens per day.
    pub tokens_per_day: f64,
    /// Volumes shown, tokens per day: whole decades.
    pub from_tokens_per_day: f64,
    /// See `from_tokens_per_day`.
    pub to_tokens_per_day: f64,
    /// The staircase; empty where the GPU price is unknown.
    pub self_hosted: Vec<Sample>,
    /// One line a baseline.
    pub api: Vec<ApiCurve>,
}

impl Curves {
    /// Whether the samples were left out: streams of answers need no pictures.
    pub fn is_left_out(&self) -> bool {
        *self == Self::default()
    }
}

/// A point of a line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sample {
    /// Volume, tokens per day.
    pub tokens_per_day: f64,
    /// Cost, US dollars per month.
    pub usd_per_month: f64,
}

/// The line of one baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiCurve {
    /// `same_weights`, `nearest` or `frontier`.
    pub role: String,
    /// Its points by volume.
    pub samples: Vec<Sample>,
}

/// Latency targets of the scenario, repeated so that a picture of speed can show them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Targets {
    /// 95th-percentile time to first token allowed, ms.
    pub ttft_p95_ms: f64,
    /// 95th-percentile time per output token allowed, ms.
    pub tpot_p95_ms: f64,
}

/// Sample both sides over whole decades that hold the scenario's volume and every crossing.
pub fn sample(cost: &Cost, break_even: &[BreakEven]) -> Curves {
    let (from, to) = window(cost, break_even);
    let smooth = smooth(from, to);
    let steps: Vec<f64> = cost.self_hosted.curve.steps(to, STEPS).into_iter().filter(|v| *v >= from).collect();
    let corners = steps.iter().flat_map(|step| [*step, step * (1.0 + JUST_ABOVE)]);
    let at = |v: f64, usd: f64| Sample { tokens_per_day: v, usd_per_month: usd };
    let mut self_hosted = Vec::with_capacity(smooth.len() + 2 * steps.len());
    let mut last = f64::NAN;
    merge(&smooth, corners, |v| {
        if v != last {
            self_hosted.extend(cost.self_hosted.total(v).map(|usd| at(v, usd)));
        }
        last = v;
    });
    Curves {
        tokens_per_day: cost.tokens_per_day,
        from_tokens_per_day: from,
        to_tokens_per_day: to,
        self_hosted,
        api: cost
            .api
            .iter()
            .map(|a| ApiCurve {
                role: a.role.to_string(),
                samples: smooth.iter().map(|v| at(*v, a.total(*v))).collect(),
            })
            .collect(),
    }
}

/// Visit two ascending lists in ascending order.
fn merge(some: &[f64], others: impl Iterator<Item = f64>, mut visit: impl FnMut(f64)) {
    let mut some = some.iter().copied().peekable();
    for other in others {
        while let Some(before) = some.next_if(|v| *v <= other) {
            visit(before);
        }
        visit(other);
    }
    some.for_each(visit);
}

fn window(cost: &Cost, break_even: &[BreakEven]) -> (f64, f64) {
    let crossings = break_even.iter().flat_map(|b| b.crossings.iter().map(|c| c.tokens_per_day));
    let (mut low, mut high) = (SHOWN_FROM, SHOWN_TO);
    for v in crossings.chain([cost.tokens_per_day]).filter(|v| v.is_finite() && *v > 0.0) {
        low = low.min(v / 1.5);
        high = high.max(v * 1.5);
    }
    (decade(-ceil_tolerant(-log10(low))), decade(ceil_tolerant(log10(high))))
}

/// 10 to a whole power.
fn decade(exponent: f64) -> f64 {
    let power = powi(10.0, exponent.abs() as u32);
    if exponent < 0.0 { 1.0 / power } else { power }
}

/// Volumes from one decade to another, evenly on a logarithmic axis: the same steps inside every decade.
fn smooth(from: f64, to: f64) -> Vec<f64> {
    static STEPS: LazyLock<Vec<f64>> =
        LazyLock::new(|| (0..PER_DECADE).map(|i| pow(10.0, f64::from(i) / f64::from(PER_DECADE))).collect());
    let mut out = Vec::with_capacity(8 * PER_DECADE as usize);
    let mut start = from;
    while start < to * (1.0 - 1e-9) {
        out.extend(STEPS.iter().map(|step| start * step));
        start *= 10.0;
    }
    out.push(to);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::deployment::Subject;
    use crate::engine::{break_even, cost, fleet};
    use crate::scenario::Scenario;

    #[test]
    fn a_step_is_drawn_where_it_is_and_as_high_as_a_replica() {
        let (catalog, scenario, warnings) = (Catalog::embedded().unwrap(), Scenario::default(), &mut Vec::new());
        let subject = Subject::of(&scenario, &catalog, warnings).unwrap();
        let fleet = fleet::choose(&subject, warnings);
        let cost = cost::price(&subject, &fleet, warnings);
        let curves = sample(&cost, &break_even::solve(&cost));
        assert_eq!((curves.from_tokens_per_day, curves.to_tokens_per_day), (1e6, 1e10));
        let (hosted, line) = (&cost.self_hosted, &curves.self_hosted);
        assert!(line.windows(2).all(|w| w[0].tokens_per_day < w[1].tokens_per_day));
        let steps = hosted.curve.steps(curves.to_tokens_per_day, STEPS);
        assert!(steps.len() > 10, "{}", steps.len());
        for (replicas, step) in (1..).map(f64::from).zip(steps) {
            let corner = line.iter().position(|s| s.tokens_per_day == step).unwrap();
            let (below, above) = (line[corner], line[corner + 1]);
            assert!(above.tokens_per_day <= step * 1.000_002, "{above:?}");
            let replica = hosted.line(replicas + 1.0).0 - hosted.line(replicas).0;
            let jump = above.usd_per_month - below.usd_per_month;
            assert!((jump / replica - 1.0).abs() < 1e-3, "{jump} at {step}, a replica is {replica}");
        }
    }

    #[test]
    fn only_a_picture_without_samples_is_left_out() {
        assert!(Curves::default().is_left_out());
        assert!(!priced(|_| {}).is_left_out());
    }

    /// The picture of the default scenario, priced otherwise.
    fn priced(change: impl FnOnce(&mut Cost)) -> Curves {
        let (catalog, scenario, warnings) = (Catalog::embedded().unwrap(), Scenario::default(), &mut Vec::new());
        let subject = Subject::of(&scenario, &catalog, warnings).unwrap();
        let mut cost = cost::price(&subject, &fleet::choose(&subject, warnings), warnings);
        change(&mut cost);
        sample(&cost, &[])
    }

    /// A bug: a step exactly at the left edge had no upper side, and one at a sample was there twice.
    #[test]
    fn a_step_at_an_edge_or_at_a_sample_has_both_its_sides() {
        let curves = priced(|cost| cost.self_hosted.curve.tokens_per_day_per_replica = 250_000.0);
        let at: Vec<f64> = curves.self_hosted.iter().map(|s| s.tokens_per_day).collect();
        assert!(at.windows(2).all(|w| w[0] < w[1]));
        for step in [1e6, 1e7] {
            let corner = at.iter().position(|v| *v == step).unwrap();
            assert_eq!(at[corner + 1], step * (1.0 + JUST_ABOVE));
        }
    }

    #[test]
    fn whole_decades_are_shown_be_they_below_one_token() {
        for (volume, from) in [(0.3, 0.1), (2.0, 1.0), (20.0, 10.0), (2e6, 1e6), (2e9, 1e6)] {
            let curves = priced(|cost| cost.tokens_per_day = volume);
            assert_eq!((curves.from_tokens_per_day, curves.to_tokens_per_day), (from, 1e10), "{volume}");
        }
    }
}
