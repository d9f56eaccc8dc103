//! Per-step plan: which steps go to an API and which stay in house, at the least cost that meets every requirement.
//!
//! [`ways`](self::ways) lists how each step may be served, [`instance`] what an assignment costs, [`solve`](self::solve)
//! finds the cheapest, [`flips`] the volume at which a step's best place changes, [`report`](self::report) writes it down,
//! and [`part`] is the self-hosted part of it, which the rest of the Plan is about.

pub mod flips;
mod front;
pub mod instance;
mod part;
mod pools;
mod report;
mod solve;
mod ways;
mod workload;

use super::cost::api::Mix;
use super::cost::{self, Cost};
use super::deployment::{Layout, Subject};
use super::fleet::{self, Fleet};
use crate::scenario::{Scenario, Step, Warning};
use crate::units::DAYS_PER_MONTH;
use instance::Instance;
pub use part::Part;
use pools::Pools;
pub use report::{Cascade, Move, PoolPlan, Routing, SELF_HOSTED_STEPS, StepPlan};
pub use workload::with_workload_of_steps;

/// A routing, and the self-hosted part of it, if there is one.
pub struct Routed {
    /// The Plan's section.
    pub routing: Routing,
    /// What the chosen plan self-hosts.
    pub part: Option<Part>,
}

/// Route the steps, if there are any.
///
/// The pool is first laid out as the whole pipeline would have it. Where only a part of the calls stays on it, the layout
/// that suits that part is tried too, and the cheaper plan is kept.
pub fn route(subject: &Subject, fleet: &Fleet, cost: &Cost, warnings: &mut Vec<Warning>) -> Option<Routed> {
    if subject.scenario.steps.is_empty() {
        return None;
    }
    let first = attempt(subject, fleet, cost, warnings);
    let Some(mut other) = relaid(subject, fleet.layout, &first) else { return Some(first) };
    // A step without a place costs nothing, so a plan with more of those is not the cheaper one.
    let rank = |r: &Routed| (r.routing.unplaced().count(), r.routing.total_usd);
    if rank(&other) >= rank(&first) {
        return Some(first);
    }
    let both = [&first.routing, &other.routing];
    let all = both.into_iter().filter_map(|r| r.all_self_hosted_usd).min_by(f64::total_cmp);
    // Where more steps can be in house, and of those the cheaper.
    let possible = |r: &Routing| {
        Some((r.steps.iter().filter(|s| s.replicas.is_none()).count(), r.self_hosted_where_possible_usd?))
    };
    let least = both.into_iter().filter_map(possible).min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    (other.routing.all_self_hosted_usd, other.routing.self_hosted_where_possible_usd) = (all, least.map(|l| l.1));
    Some(other)
}

/// Route with the pool laid out as this fleet is.
fn attempt(subject: &Subject, fleet: &Fleet, cost: &Cost, warnings: &mut Vec<Warning>) -> Routed {
    let steps = &subject.scenario.steps;
    let mut pools = Pools::new(subject, fleet, cost);
    let served: Vec<ways::Served> =
        steps.iter().enumerate().map(|(i, step)| ways::ways(subject, step, i, &mut pools, warnings)).collect();
    let instance = Instance {
        steps: served.iter().map(|s| s.ways.clone()).collect(),
        pools: pools.priced(),
        api_standing_usd: cost::api::migration(&cost.pricing.likely) / cost.self_hosted.every,
    };
    let solution = instance.solve();
    let part = part::of(&instance, &solution.assignment, &served, &pools);
    let routing = report::write(&instance, &solution, &served, &pools, part.as_ref());
    Routed { routing, part }
}

/// Route again with the layout that suits the part best; `None` where that is the layout already.
fn relaid(subject: &Subject, layout: Layout, first: &Routed) -> Option<Routed> {
    let part = first.part.as_ref().filter(|p| !p.whole && p.scenario.model.id == subject.model.id)?;
    let mut alone = part.scenario.clone();
    alone.serving = subject.scenario.serving.clone();
    let alone = with_workload_of_steps(&alone);
    let quiet = &mut Vec::new();
    let better = fleet::choose(&Subject::of(&alone, subject.catalog, quiet).ok()?, quiet);
    if better.layout == layout {
        return None;
    }
    let mut pinned = subject.scenario.clone();
    let s = &mut pinned.serving;
    s.tensor_parallel = Some(better.layout.tensor_parallel);
    s.pipeline_parallel = Some(better.layout.pipeline_parallel);
    s.data_parallel_attention = Some(better.layout.data_parallel_attention);
    let laid = Subject::of(&pinned, subject.catalog, quiet).ok()?;
    let fleet = fleet::choose(&laid, quiet);
    let cost = cost::price(&laid, &fleet, quiet);
    // The layout is this pool's alone: another model's may not fit in it.
    Some(attempt(subject, &fleet, &cost, quiet))
}

/// Tokens a day of a step.
fn tokens(step: &Step) -> f64 {
    step.calls_per_day.likely * (step.input_tokens.likely + step.output_tokens.likely)
}

/// What the tasks of a step cost that fail more often than with a frontier model, US dollars per month.
fn errors_usd(scenario: &Scenario, step: &Step) -> f64 {
    let q = &scenario.quality;
    step.calls_per_day.likely * DAYS_PER_MONTH * q.task_error_gap.map_or(0.0, |gap| gap.likely) * q.usd_per_error.likely
}

fn mix(step: &Step) -> Mix {
    Mix {
        input: step.input_tokens.likely,
        output: step.output_tokens.likely,
        cached: step.cached_input_share.likely.clamp(0.0, 1.0),
        batchable: step.batchable_share.likely.clamp(0.0, 1.0),
    }
}
