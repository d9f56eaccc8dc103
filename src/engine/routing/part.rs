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
    let reached = on(instance, assignment, served, main);
    let calls = |weight: &dyn Fn(f64) -> f64| -> f64 {
        reached.iter().map(|(step, answered)| step.calls_per_day.likely * weight(*answered)).sum()
    };
    let (called, answered) = (calls(&|_| 1.0), calls(&|share| share));
    let steps: Vec<Step> = reached.into_iter().map(|(step, _)| step).collect();
    let volume: f64 = steps.iter().map(super::tokens).sum();
    let all: f64 = served.iter().map(|s| super::tokens(s.step)).sum();
    let scenario = Scenario { steps, ..pools.scenario(main)?.clone() };
    let leaves = |i: usize| instance.way(assignment, i).is_none_or(|w| w.uses_api());
    let whole = volume >= all * (1.0 - 1e-9) && !(0..served.len()).any(leaves);
    // A pool that is filled is called, so neither divides by 0.
    let (tokens_per_day_per_replica, answers) = (volume / filled[main], answered / called);
    Some(Part { scenario, tokens_per_day_per_replica, whole, answers })
}

/// The steps that fill something of a pool, with the calls that reach it, and the share of those whose answer counts.
pub(super) fn on(
    instance: &Instance,
    assignment: &[Option<usize>],
    served: &[Served],
    pool: usize,
) -> Vec<(Step, f64)> {
    let mut out = Vec::new();
    for (i, s) in served.iter().enumerate() {
        let Some(way) = instance.way(assignment, i) else { continue };
        let escalated = s.step.escalated_share.map_or(1.0, |r| r.likely);
        // The first share is the small model's where a pool tries first; the other is the large one's.
        for (k, _) in way.shares.iter().enumerate().filter(|(_, s)| s.pool == pool && s.replicas > 0.0) {
            let first = way.first == Some(Side::Pool) && k == 0;
            let calls = if way.first.is_some() && !first { escalated } else { 1.0 };
            out.push((alone(s.step, calls), if first { 1.0 - escalated } else { 1.0 }));
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::deployment::Subject;
    use crate::engine::{cost, fleet, routing};

    #[test]
    fn the_calls_that_reach_a_pool_are_its_share_of_every_end_of_their_range() {
        let calls_per_day = Range { low: 100.0, likely: 200.0, high: 400.0 };
        let step = Step { calls_per_day, escalated_share: Some(Range::point(0.25)), ..Step::default() };
        let reached = alone(&step, 0.25);
        assert_eq!(reached.calls_per_day, Range { low: 25.0, likely: 50.0, high: 100.0 });
        assert_eq!(reached.escalated_share, None, "what reaches the large model escalates no further");
    }

    #[test]
    fn a_part_without_a_capacity_leaves_the_fleet_as_it_is() {
        let (catalog, scenario, warnings) = (Catalog::embedded().unwrap(), Scenario::default(), &mut Vec::new());
        let subject = Subject::of(&scenario, &catalog, warnings).unwrap();
        let sized = |part: f64, replica: f64| {
            let mut fleet = fleet::choose(&subject, &mut Vec::new());
            fleet.curve.tokens_per_day_per_replica = replica;
            let before = fleet.curve;
            let part =
                Part { scenario: scenario.clone(), tokens_per_day_per_replica: part, whole: false, answers: 1.0 };
            part.size(&mut fleet);
            (fleet.curve, before)
        };
        for (part, replica) in [(0.0, 1e6), (1e6, 0.0), (f64::NAN, 1e6)] {
            let (after, before) = sized(part, replica);
            assert_eq!(after, before, "{part} of {replica}");
        }
        let (after, before) = sized(5e5, 1e6);
        assert_eq!(after.tokens_per_day_per_replica, 5e5);
        assert_eq!(after.tokens_per_day_at_full_load, before.tokens_per_day_at_full_load / 2.0);
    }

    #[test]
    fn a_step_that_is_never_called_is_no_part_of_what_is_self_hosted() {
        let called = |name: &str, calls: f64| Step {
            name: name.into(),
            calls_per_day: Range::point(calls),
            data_residency: true,
            ..Step::default()
        };
        let steps = vec![called("read", 20_000.0), called("retired", 0.0)];
        let scenario = Scenario { steps, ..Scenario::default() };
        let scenario = routing::with_workload_of_steps(&scenario);
        let (catalog, warnings) = (Catalog::embedded().unwrap(), &mut Vec::new());
        let subject = Subject::of(&scenario, &catalog, warnings).unwrap();
        let fleet = fleet::choose(&subject, warnings);
        let cost = cost::price(&subject, &fleet, warnings);
        let part = routing::route(&subject, &fleet, &cost, warnings).unwrap().part.unwrap();
        let names: Vec<&str> = part.scenario.steps.iter().map(|s| s.name.as_str()).collect();
        assert_eq!((names, part.whole), (vec!["read"], true));
    }
}
