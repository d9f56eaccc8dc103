//! The answer: from a Scenario and the Catalog to a Plan.
//!
//! [`plan`] tells the story in order: the model and the accelerator are looked up, the fleet is chosen (memory and
//! speed decide which layout), both sides are priced, the crossings are solved, the months are projected, and the
//! advice is drawn from those numbers. With steps, each is routed first, and the rest of the Plan is about what the routing
//! self-hosts. Pure and total: no clock, no I/O, no randomness that is not seeded.

pub mod advice;
pub mod break_even;
pub mod cost;
pub mod curves;
pub mod deployment;
pub mod fleet;
pub mod memory;
pub mod plan;
pub mod projection;
pub mod remedies;
pub mod routing;
pub mod sensitivity;
pub mod speed;
pub mod uncertainty;

use crate::catalog::Catalog;
use crate::catalog::nearest::nearest;
use crate::scenario::{Scenario, Warning};
use cost::Cost;
pub use plan::Plan;
pub use remedies::{Remedy, remedies};
pub use uncertainty::LongRun;
use uncertainty::{Drawn, Uncertainty};

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
    planned(scenario, catalog, &mut |inputs, cost| uncertainty::draw(inputs, cost, effort.draws))
}

/// Plan a scenario whose uncertainty was drawn before, by a [`LongRun`].
pub fn plan_drawn(scenario: &Scenario, catalog: &Catalog, drawn: Uncertainty) -> Result<Plan, Unplannable> {
    planned(scenario, catalog, &mut |_, _| drawn.clone())
}

/// Begin a long run of draws for a scenario; nothing where a side has no price.
pub fn long_run(scenario: &Scenario, catalog: &Catalog, draws: u32) -> Result<Option<LongRun>, Unplannable> {
    let mut run = None;
    planned(scenario, catalog, &mut |inputs, cost| {
        run = LongRun::new(inputs, cost, draws);
        Uncertainty::default()
    })?;
    Ok(run)
}

/// How the uncertainty of a plan comes about.
type Draw<'a> = &'a mut dyn FnMut(&[Drawn], &Cost) -> Uncertainty;

fn planned(scenario: &Scenario, catalog: &Catalog, draw: Draw) -> Result<Plan, Unplannable> {
    let scenario = &*routing::with_workload_of_steps(scenario);
    let mut warnings: Vec<Warning> = Vec::new();
    let subject = deployment::Subject::of(scenario, catalog, &mut warnings)?;
    cost::warn_in_house(scenario, &mut warnings);
    let whole = Sides::of(&subject, None);
    let Some(routed) = routing::route(&subject, &whole.fleet, &whole.cost, &mut warnings) else {
        return Ok(answer(&subject, whole, None, warnings, draw));
    };
    // What follows is about the part that the routing self-hosts; without one, about the whole pipeline.
    let Some(part) = routed.part else {
        return Ok(answer(&subject, whole, Some(routed.routing), warnings, draw));
    };
    let scenario = &*routing::with_workload_of_steps(&part.scenario);
    let subject = deployment::Subject::of(scenario, catalog, &mut Vec::new())?;
    let mut sides = Sides::of(&subject, Some(&part));
    if sides.fleet.layout == whole.fleet.layout {
        sides.fleet.runners_up = whole.fleet.runners_up;
    }
    Ok(answer(&subject, sides, Some(routed.routing), warnings, draw))
}

/// Both sides of the question, sized and priced.
struct Sides {
    fleet: fleet::Fleet,
    cost: cost::Cost,
    warnings: Vec<Warning>,
}

impl Sides {
    fn of(subject: &deployment::Subject, part: Option<&routing::Part>) -> Self {
        let mut warnings = Vec::new();
        let mut fleet = fleet::choose(subject, &mut warnings);
        if let Some(part) = part {
            part.size(&mut fleet);
        }
        memory::hints::warn(subject, &fleet.memory, &mut warnings);
        let mut cost = cost::price(subject, &fleet, &mut warnings);
        if let Some(part) = part {
            cost.count_answers(part.answers);
        }
        Self { fleet, cost, warnings }
    }
}

/// The Plan from its sides.
fn answer(
    subject: &deployment::Subject,
    sides: Sides,
    routing: Option<routing::Routing>,
    mut warnings: Vec<Warning>,
    draw: Draw,
) -> Plan {
    let Sides { fleet, cost, warnings: noticed } = sides;
    warnings.extend(noticed);
    warnings.extend(private_prices(subject, &cost));
    let break_even = break_even::solve(&cost);
    let curves = curves::sample(&cost, &break_even);
    let projection = projection::project(subject, &fleet, &cost, &break_even);
    let unsure = uncertainty::inputs(subject, &fleet, &cost);
    let uncertainty = draw(&unsure, &cost);
    let sensitivity = sensitivity::tornado(&unsure, &cost);
    let advice = advice::advise(&advice::Evidence {
        subject,
        fleet: &fleet,
        cost: &cost,
        break_even: &break_even,
        projection: &projection,
        uncertainty: &uncertainty,
        routing: routing.as_ref(),
    });
    let targets = &subject.scenario.workload;
    let memory = memory::hints::report(subject, &fleet.memory, fleet.layout);
    let (speed, mut fleet) = fleet.report();
    cost.price_spill(&mut fleet.spill);
    Plan {
        version: plan::VERSION,
        scenario_link: String::new(),
        warnings,
        memory,
        speed,
        fleet,
        cost: cost.report(),
        break_even,
        curves,
        targets: curves::Targets { ttft_p95_ms: targets.ttft_p95_ms.likely, tpot_p95_ms: targets.tpot_p95_ms.likely },
        projection,
        uncertainty,
        sensitivity,
        routing,
        advice,
    }
}

/// What a link does not carry: prices of the reader's own.
fn private_prices(subject: &deployment::Subject, cost: &cost::Cost) -> Vec<Warning> {
    let private = || subject.catalog.api_prices.iter().filter(|row| row.private);
    let row = |api: &cost::ApiBaseline| Some((api.role, private().find(|row| row.id == api.id)?));
    let warning = |(role, row): (&str, &crate::catalog::ApiPrice)| {
        Warning::new(
            format!("api.{role}"),
            format!("the price of {} is private: {} ({})", row.id, row.source, row.as_of),
            "hand the price file on together with the link",
        )
    };
    cost.api.iter().filter_map(row).map(warning).collect()
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
