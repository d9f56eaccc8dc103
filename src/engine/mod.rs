//! The answer: from a Scenario and the Catalog to a Plan.
//!
//! [`plan`] tells the story in order: the model and the accelerator are looked up, the fleet is chosen (memory and
//! speed decide which layout), both sides are priced, the crossings are solved, the months are projected, and the
//! advice is drawn from those numbers. Pure and total: no clock, no I/O, no randomness that is not seeded.

pub mod advice;
pub mod break_even;
pub mod cost;
pub mod curves;
pub mod deployment;
pub mod fleet;
pub mod memory;
pub mod plan;
pub mod projection;
pub mod routing;
pub mod sensitivity;
pub mod speed;
pub mod uncertainty;

use crate::catalog::Catalog;
use crate::catalog::nearest::nearest;
use crate::scenario::{Scenario, Warning};
pub use plan::Plan;

/// Why a scenario cannot be planned at all; rendered by the doors.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{path}: {message} ({hint})")]
pub struct Unplannable {
    /// Path of the field that stands in the way.
    pub path: String,
    /// What is the matter.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

/// How much work a plan may do beyond the deterministic answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Draws of the uncertainty; 0 leaves it out.
    pub draws: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { draws: 10_000 }
    }
}

/// Plan a scenario with the default effort. See [`plan_with`].
pub fn plan(scenario: &Scenario, catalog: &Catalog) -> Result<Plan, Unplannable> {
    plan_with(scenario, catalog, Effort::default())
}

/// Plan a scenario.
///
/// Fails only if the model, the accelerator or the provider is unknown; whatever else is odd (a layout that cannot run, a price that
/// nobody publishes) is answered with what can be said and a warning that names the field.
pub fn plan_with(scenario: &Scenario, catalog: &Catalog, effort: Effort) -> Result<Plan, Unplannable> {
    let mut warnings: Vec<Warning> = Vec::new();
    let scenario = &*routing::with_workload_of_steps(scenario);
    let subject = deployment::Subject::of(scenario, catalog, &mut warnings)?;
    let fleet = fleet::choose(&subject, &mut warnings);
    memory::hints::warn(&subject, &fleet.memory, &mut warnings);
    let cost = cost::price(&subject, &fleet, &mut warnings);
    let break_even = break_even::solve(&cost);
    let curves = curves::sample(&cost, &break_even);
    let projection = projection::project(&subject, &fleet, &cost, &break_even);
    let unsure = uncertainty::inputs(&subject, &fleet, &cost);
    let uncertainty = uncertainty::draw(&unsure, &cost, effort.draws);
    let sensitivity = sensitivity::tornado(&unsure, &cost);
    let routing = routing::route(&subject, &fleet, &cost, &mut warnings);
    let advice = advice::advise(&advice::Evidence {
        subject: &subject,
        fleet: &fleet,
        cost: &cost,
        break_even: &break_even,
        projection: &projection,
        uncertainty: &uncertainty,
        routing: routing.as_ref(),
    });
    Ok(Plan {
        version: plan::VERSION,
        scenario_link: String::new(),
        warnings,
        memory: memory::hints::report(&subject, &fleet.memory, fleet.layout),
        speed: fleet.speed.clone(),
        fleet: fleet.report(),
        cost: cost.report(),
        break_even,
        curves,
        targets: curves::Targets {
            ttft_p95_ms: scenario.workload.ttft_p95_ms.likely,
            tpot_p95_ms: scenario.workload.tpot_p95_ms.likely,
        },
        projection,
        uncertainty,
        sensitivity,
        routing,
        advice,
    })
}

/// The error for an id the catalog does not have, naming the nearest ones.
fn unknown_id<'a>(path: &str, what: &str, id: &str, ids: impl Iterator<Item = &'a str>) -> Unplannable {
    let near = nearest(id, ids, 3);
    let hint = match near.is_empty() {
        true => format!("`crossover catalog {what}s` lists the known ids"),
        false => format!("did you mean {}?", near.join(", ")),
    };
    Unplannable {
        path: path.into(),
        message: format!("unknown {what} '{}'", id.chars().take(120).collect::<String>()),
        hint,
    }
}
