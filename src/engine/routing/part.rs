//! The self-hosted part of a routing: the steps of its main pool, and the volume one replica of it carries.

use super::instance::{Instance, Side};
use super::pools::Pools;
use super::ways::Served;
use crate::engine::fleet::Fleet;
use crate::scenario::{Range, Scenario, Step};

/// What the chosen plan self-hosts on its main pool.
#[derive(Debug, Clone)]
pub struct Part {
    /// The scenario of that pool: its model, its layout, the steps it serves with the calls that reach it.
    pub scenario: Scenario,
    /// Tokens a day that one replica carries of this mix of steps.
    pub tokens_per_day_per_replica: f64,
    /// Whether every step of the scenario is in it with all its calls.
    pub whole: bool,
    /// Share of its calls whose answer counts, 0..1: a small model that tries first passes the others on.
    pub answers: f64,
}

/// The part on the scenario's own pool, or on the fullest where that one serves nothing; `None` where nothing is
/// self-hosted.
pub(super) fn of(instance: &Instance, assignment: &[Option<usize>], served: &[Served], pools: &Pools) -> Option<Part> {
    let filled = instance.filled(assignment);
    let fullest = (0..filled.len()).filter(|p| filled[*p] > 0.0).max_by(|a, b| filled[*a].total_cmp(&filled[*b]))?;
    let main = if filled[0] > 0.0 { 0 } else { fullest };
    let mut steps = Vec::new();
    let (mut called, mut answered) = (0.0, 0.0);
    for (i, s) in served.iter().enumerate() {
        let Some(way) = instance.way(assignment, i) else { continue };
        let escalated = s.step.escalated_share.map_or(1.0, |r| r.likely);
        // The first share is the small model's where a pool tries first; the other is the large one's.
        for (k, share) in way.shares.iter().enumerate().filter(|(_, share)| share.pool == main) {
            let first = way.first == Some(Side::Pool) && k == 0;
            let calls = if way.first.is_some() && !first { escalated } else { 1.0 };
            if share.replicas > 0.0 {
                let step = alone(s.step, calls);
                called += step.calls_per_day.likely;
                answered += step.calls_per_day.likely * if first { 1.0 - escalated } else { 1.0 };
                steps.push(step);
            }
        }
    }
    let volume: f64 = steps.iter().map(super::tokens).sum();
    let all: f64 = served.iter().map(|s| super::tokens(s.step)).sum();
    let scenario = Scenario { steps, ..pools.scenario(main)?.clone() };
    let leaves = |i: usize| instance.way(assignment, i).is_none_or(|w| w.uses_api());
    let whole = volume >= all * (1.0 - 1e-9) && !(0..served.len()).any(leaves);
    let answers = if called > 0.0 { answered / called } else { 1.0 };
    Some(Part { tokens_per_day_per_replica: volume / filled[main], whole, answers, scenario })
}

/// A step with the calls that reach the pool.
fn alone(step: &Step, calls: f64) -> Step {
    let c = step.calls_per_day;
    let scaled = Range { low: c.low * calls, likely: c.likely * calls, high: c.high * calls };
    Step { calls_per_day: scaled, escalated_share: None, first_model: None, first_api: None, ..step.clone() }
}

impl Part {
    /// Size the fleet for this mix of steps: each takes its own share of a replica's time, which the mean of them does
    /// not tell.
    pub fn size(&self, fleet: &mut Fleet) {
        let before = fleet.curve.replicas_for_peak(fleet.tokens_per_day);
        let ratio = self.tokens_per_day_per_replica / fleet.curve.tokens_per_day_per_replica;
        if !ratio.is_finite() || ratio <= 0.0 {
            return;
        }
        fleet.curve.tokens_per_day_per_replica = self.tokens_per_day_per_replica;
        fleet.curve.tokens_per_day_at_full_load *= ratio;
        if fleet.curve.replicas_for_peak(fleet.tokens_per_day) != before {
            fleet.why_not_fewer = None;
        }
    }
}
