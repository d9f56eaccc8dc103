//! Per-step plan: which steps go to an API and which stay in house, at the least cost that meets every requirement.

pub mod instance;
mod pools;
mod workload;

use serde::Serialize;

use super::cost::Cost;
use super::cost::api::{Mix, Tariff, for_step};
use super::deployment::Subject;
use super::fleet::Fleet;
use crate::catalog::ApiPrice;
use crate::scenario::{Place, QualityTier, Step, Warning};
use crate::units::DAYS_PER_MONTH;
use instance::{Assignment, Choice, EXACT, Instance};
use pools::Pools;
pub use workload::with_workload_of_steps;

/// The Plan's routing; absent without steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Routing {
    /// One row a step.
    pub steps: Vec<StepPlan>,
    /// The self-hosted pools in use.
    pub pools: Vec<PoolPlan>,
    /// The chosen plan, US dollars per month.
    pub total_usd: f64,
    /// Every step on an API; `null` where a requirement forbids it or a price is unknown.
    pub all_api_usd: Option<f64>,
    /// Every step self-hosted; `null` where a step cannot be or the price is unknown.
    pub all_self_hosted_usd: Option<f64>,
    /// Whether no cheaper plan exists; `false` where a pool has more than 16 steps to choose from.
    pub exact: bool,
}

/// Where one step goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPlan {
    /// Name of the step.
    pub name: String,
    /// `api`, `self_hosted`, or `unplaced` where no place meets its requirements.
    pub place: String,
    /// Tokens a day.
    pub tokens_per_day: f64,
    /// The API it goes to, or would go to.
    pub api: Option<String>,
    /// US dollars per month there; `null` where it may not go there.
    pub api_usd: Option<f64>,
    /// The model of the pool it is served by, or would be.
    pub model: Option<String>,
    /// Replicas of that pool it fills at its peak, as a fraction.
    pub replicas: Option<f64>,
    /// What the whole plan would cost more with this step alone in the other place, US dollars per month; `null` where
    /// it has no other place.
    pub moving_it_usd: Option<f64>,
    /// Why it is there.
    pub why: String,
}

/// A self-hosted pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoolPlan {
    /// Model it serves.
    pub model: String,
    /// Replicas that carry the peak of its steps.
    pub replicas: f64,
    /// US dollars per month, everything included.
    pub usd: f64,
}

impl Routing {
    /// Whether it has steps on both sides.
    pub fn is_split(&self) -> bool {
        let has = |place: &str| self.steps.iter().any(|s| s.place == place);
        has("self_hosted") && has("api")
    }
}

/// Route the steps, if there are any.
pub fn route(subject: &Subject, fleet: &Fleet, cost: &Cost, warnings: &mut Vec<Warning>) -> Option<Routing> {
    let steps = &subject.scenario.steps;
    if steps.is_empty() {
        return None;
    }
    let r = &subject.scenario.requirements;
    let in_house = r.data_residency || r.fine_tuned;
    let mut pools = Pools::new(subject, fleet, cost);
    let mut rows = Vec::with_capacity(steps.len());
    let mut choices = Vec::with_capacity(steps.len());
    for (i, step) in steps.iter().enumerate() {
        let api = api_of(subject, step, i, warnings);
        let share = if hosting_allowed(step) { pools.share(step) } else { None };
        let choice = Choice {
            api_usd: api.filter(|_| api_allowed(step) && !in_house).map(|row| api_usd(subject, row, step)),
            pool: share,
        };
        if choice.api_usd.is_none() && choice.pool.is_none() {
            warnings.push(Warning::new(
                format!("steps.{i}"),
                format!("no place meets the requirements of '{}'", step.name),
                "relax a requirement, or choose hardware and a model that can serve it",
            ));
        }
        rows.push((step, api));
        choices.push(choice);
    }
    let instance = Instance { steps: choices, pools: pools.priced(), api_standing_usd: api_standing(cost) };
    let assignment = instance.solve();
    Some(report(&instance, &assignment, &rows, &pools))
}

fn api_allowed(step: &Step) -> bool {
    !step.data_residency && !step.fine_tuned && step.place != Place::SelfHosted
}

fn hosting_allowed(step: &Step) -> bool {
    step.quality != QualityTier::Frontier && step.place != Place::Api
}

fn tokens(step: &Step) -> f64 {
    step.calls_per_day.likely * (step.input_tokens.likely + step.output_tokens.likely)
}

fn mix(step: &Step) -> Mix {
    Mix {
        input: step.input_tokens.likely,
        output: step.output_tokens.likely,
        cached: step.cached_input_share.likely.clamp(0.0, 1.0),
        batchable: step.batchable_share.likely.clamp(0.0, 1.0),
    }
}

fn api_of<'a>(subject: &Subject<'a>, step: &Step, i: usize, warnings: &mut Vec<Warning>) -> Option<&'a ApiPrice> {
    let Some(id) = &step.api else { return for_step(subject, step.quality, &mix(step)) };
    let row = subject.catalog.api_price(id);
    if row.is_none() {
        warnings.push(Warning::new(
            format!("steps.{i}.api"),
            format!("no price is known for '{id}'"),
            "choose an id from `crossover catalog api-prices`",
        ));
    }
    row
}

fn api_usd(subject: &Subject, row: &ApiPrice, step: &Step) -> f64 {
    tokens(step) * DAYS_PER_MONTH * Tariff::of(row, subject.catalog).usd_per_token(&mix(step))
}

/// What being on an API at all costs a month: its migrations.
fn api_standing(cost: &Cost) -> f64 {
    let every = cost.self_hosted.every;
    super::cost::api::migration(&cost.pricing.likely) / every
}

fn report(instance: &Instance, assignment: &Assignment, rows: &[(&Step, Option<&ApiPrice>)], pools: &Pools) -> Routing {
    let total = instance.total_usd(assignment);
    let whole = |own: bool| {
        let all: Assignment = vec![Some(own); assignment.len()];
        Some(instance.total_usd(&all)).filter(|usd| usd.is_finite())
    };
    let free = |pool: usize| {
        let of = |c: &&Choice| c.api_usd.is_some() && c.pool.is_some_and(|s| s.pool == pool);
        instance.steps.iter().filter(of).count()
    };
    let steps = rows
        .iter()
        .enumerate()
        .map(|(i, (step, api))| {
            let choice = &instance.steps[i];
            let mut moved = assignment.clone();
            moved[i] = moved[i].map(|own| !own);
            let other = Some(instance.total_usd(&moved) - total).filter(|usd| usd.is_finite());
            StepPlan {
                name: step.name.clone(),
                place: match assignment[i] {
                    Some(true) => "self_hosted",
                    Some(false) => "api",
                    None => "unplaced",
                }
                .into(),
                tokens_per_day: tokens(step),
                api: api.map(|row| row.id.clone()),
                api_usd: choice.api_usd,
                model: choice.pool.map(|s| pools.model(s.pool).to_string()),
                replicas: choice.pool.map(|s| s.replicas),
                moving_it_usd: other.filter(|_| assignment[i].is_some()),
                why: why(step, choice, assignment[i]),
            }
        })
        .collect();
    Routing {
        steps,
        pools: pool_plans(instance, assignment, pools),
        total_usd: total,
        all_api_usd: whole(false),
        all_self_hosted_usd: whole(true),
        exact: (0..instance.pools.len()).all(|p| free(p) <= EXACT),
    }
}

fn pool_plans(instance: &Instance, assignment: &Assignment, pools: &Pools) -> Vec<PoolPlan> {
    let mut out = Vec::new();
    for (p, hosted) in instance.pools.iter().enumerate() {
        let mine = instance.steps.iter().zip(assignment).filter(|(_, place)| **place == Some(true));
        let shares: Vec<_> = mine.filter_map(|(c, _)| c.pool).filter(|s| s.pool == p).collect();
        let filled: f64 = shares.iter().map(|s| s.replicas).sum();
        if filled > 0.0 {
            let replicas = hosted.curve.pinned.map_or(crate::math::ceil_tolerant(filled).max(1.0), f64::from);
            let usd = instance.pool_usd(p, filled) + shares.iter().map(|s| s.usd).sum::<f64>();
            out.push(PoolPlan { model: pools.model(p).to_string(), replicas, usd });
        }
    }
    out
}

fn why(step: &Step, choice: &Choice, place: Option<bool>) -> String {
    match (place, step.place) {
        (None, _) => "no place meets its requirements",
        (_, Place::Api | Place::SelfHosted) => "you put it there",
        (Some(true), _) if step.data_residency => "its data must stay in house",
        (Some(true), _) if step.fine_tuned => "it needs a fine-tuned model",
        (Some(true), _) if choice.api_usd.is_none() => "an API is ruled out, or its price is unknown",
        (Some(true), _) => "the shared pool serves it for less than an API",
        (Some(false), _) if step.quality == QualityTier::Frontier => "only a frontier model is good enough",
        (Some(false), _) if choice.pool.is_none() => "the pool cannot serve it inside its latency target",
        (Some(false), _) => "an API serves it for less than the pool",
    }
    .into()
}
