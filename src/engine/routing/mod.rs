//! Per-step plan: which steps go to an API and which stay in house, at the least cost that meets every requirement.
//!
//! [`ways`](self::ways) lists how each step may be served, [`instance`] what an assignment costs, [`solve`](self::solve)
//! finds the cheapest, [`flips`] the volume at which a step's best place changes, [`report`](self::report) writes it down,
//! and [`part`] is the self-hosted part of it, which the rest of the Plan is about.

mod alternatives;
mod attempt;
pub mod flips;
mod front;
pub mod instance;
mod part;
mod pools;
mod report;
mod solve;
mod ways;
mod workload;

use super::cost::Cost;
use super::cost::api::Mix;
use super::deployment::Subject;
use super::fleet::Fleet;
use crate::scenario::{Scenario, Step, Warning};
use crate::units::DAYS_PER_MONTH;
use attempt::Attempt;
pub use part::Part;
use pools::Suited;
pub use report::{Cascade, Move, PoolPlan, Routing, SELF_HOSTED_STEPS, StepPlan};
pub use workload::with_workload_of_steps;

/// A routing, and the self-hosted part of it, if there is one.
pub struct Routed {
    /// The Plan's section.
    pub routing: Routing,
    /// What the chosen plan self-hosts.
    pub part: Option<Part>,
}

/// Times that every pool is laid out anew, at most.
const ROUNDS: usize = 3;

/// Route the steps, if there are any.
///
/// The pools are first laid out as the whole pipeline would have them. Then the layouts that suit what is on a pool are tried,
/// one pool after another, and the cheaper plan is kept; and again as long as that helps.
pub fn route(subject: &Subject, fleet: &Fleet, cost: &Cost, warnings: &mut Vec<Warning>) -> Option<Routed> {
    if subject.scenario.steps.is_empty() {
        return None;
    }
    let (mut best, others) = improved(Attempt::first(subject, fleet, cost));
    let part = part::of(&best.instance, &best.solution.assignment, &best.served, &best.pools);
    let routing = report::write(&best, &others, part.as_ref());
    warnings.append(&mut best.warnings);
    Some(Routed { routing, part })
}

/// The best of an attempt and those with other layouts, and the others.
fn improved(mut best: Attempt) -> (Attempt, Vec<Attempt>) {
    let (mut others, suited) = (Vec::<Attempt>::new(), &mut Suited::default());
    for _ in 0..ROUNDS {
        let before = best.rank();
        for pool in 0..best.pools.count() {
            for all in [false, true] {
                let Some(pools) = best.pools_with(pool, all, suited) else { continue };
                if others.iter().any(|o| o.pools.same(&pools)) {
                    continue;
                }
                let mut other = best.over(pools);
                if other.rank() < best.rank() {
                    std::mem::swap(&mut best, &mut other);
                }
                others.push(other);
            }
        }
        if best.rank() >= before {
            break;
        }
    }
    (best, others)
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

#[cfg(test)]
mod tests;
