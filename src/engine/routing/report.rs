//! The routing as the Plan says it.

use serde::Serialize;

use super::attempt::Attempt;
use super::flips::{Flip, flips};
use super::instance::{Assignment, Instance, Side, Way};
use super::part::Part;
use super::pools::Pools;
use super::tokens;
use crate::math::ceil_tolerant;
use crate::scenario::{Place, QualityTier, Step};

/// What the rest of a Plan is about where only some of the calls are self-hosted.
pub const SELF_HOSTED_STEPS: &str = "self_hosted_steps";

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
    /// Every step on an API that may be there, the others in house, US dollars per month; `null` where a price is unknown.
    /// A step without a place costs nothing, here as in `total_usd`.
    pub api_where_possible_usd: Option<f64>,
    /// Every step in house that can be, the others on an API.
    pub self_hosted_where_possible_usd: Option<f64>,
    /// Whether no cheaper plan exists in the layouts tried; `false` where there were too many combinations to compare
    /// them all.
    pub exact: bool,
    /// What the API side of the chosen plan takes, US dollars per month, migrations and priced mistakes included.
    pub api_usd: f64,
    /// What the rest of the Plan (memory, speed, fleet, cost, break-even, projection) is about: `every_step`, or
    /// `self_hosted_steps` where the plan self-hosts only some of the calls.
    pub panels_about: &'static str,
    /// The model of the pool that the rest of the Plan is about.
    pub panels_model: Option<String>,
}

/// Where one step goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPlan {
    /// Name of the step.
    pub name: String,
    /// `api`, `self_hosted`, `both` for a cascade from one to the other, or `unplaced` where no place meets its
    /// requirements.
    pub place: String,
    /// The way it is served: `api`, `self_hosted`, or a cascade such as `self_hosted_then_api`; `null` where unplaced.
    pub way: Option<&'static str>,
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
    /// What the whole plan would cost more with this step alone served in each other way.
    pub moves: Vec<Move>,
    /// Volumes of this step at which its best way changes, every other step where it is.
    pub flips: Vec<Flip>,
    /// The small model that tries first, where the step asks for a cascade.
    pub cascade: Option<Cascade>,
    /// Why it is there.
    pub why: String,
}

/// Another way to serve a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// The way, as in `way`.
    pub to: &'static str,
    /// What the whole plan would cost more, US dollars per month.
    pub usd: f64,
}

/// A cascade that a step asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cascade {
    /// Whether the plan uses it.
    pub chosen: bool,
    /// Share of calls that the small model passes on, and that are paid for twice.
    pub escalated_share: f64,
    /// The API that tries first, or would.
    pub first_api: Option<String>,
    /// The model of the pool that tries first, or would.
    pub first_model: Option<String>,
    /// How long an escalated call waits for the small model's answer, 95th percentile, ms; `null` where it is an API's,
    /// which no price list tells.
    pub added_ms: Option<f64>,
    /// What the cheapest cascade saves against the cheapest way without one, the other steps in place, US dollars per
    /// month; negative where it costs more, `null` where there is none.
    pub saves_usd: Option<f64>,
    /// Why there is none, where there is none.
    pub refused: Option<&'static str>,
}

/// A self-hosted pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoolPlan {
    /// Model it serves.
    pub model: String,
    /// Replicas that carry the peak of its steps.
    pub replicas: f64,
    /// All its GPUs, spare replicas included.
    pub gpus: f64,
    /// US dollars per month, everything included.
    pub usd: f64,
}

impl Routing {
    /// Whether it has steps on both sides.
    pub fn is_split(&self) -> bool {
        let has = |place: &str| self.steps.iter().any(|s| s.place == place || s.place == "both");
        has("self_hosted") && has("api")
    }

    /// Steps of which some or all runs on a pool.
    pub fn self_hosted(&self) -> impl Iterator<Item = &StepPlan> {
        self.steps.iter().filter(|s| s.place == "self_hosted" || s.place == "both")
    }

    /// Steps for which no place meets the requirements.
    pub fn unplaced(&self) -> impl Iterator<Item = &StepPlan> {
        self.steps.iter().filter(|s| s.place == "unplaced")
    }
}

impl StepPlan {
    /// Whether it runs in house because it may not leave it, or because nobody's price is known.
    pub fn is_forced(&self) -> bool {
        self.place == "self_hosted" && self.api_usd.is_none()
    }
}

/// Write an attempt down, beside others with other layouts.
pub(super) fn write(chosen: &Attempt, others: &[Attempt], part: Option<&Part>) -> Routing {
    let Attempt { instance, solution, pools, .. } = chosen;
    let assignment = &solution.assignment;
    let all = others.iter().fold(chosen.alternatives, |all, o| all.or(o.alternatives));
    Routing {
        steps: (0..chosen.served.len()).map(|i| step_plan(chosen, others, i)).collect(),
        pools: pool_plans(instance, assignment, pools),
        total_usd: instance.total_usd(assignment),
        all_api_usd: all.api.every_step_usd(),
        all_self_hosted_usd: all.own.every_step_usd(),
        api_where_possible_usd: all.api.where_possible_usd(),
        self_hosted_where_possible_usd: all.own.where_possible_usd(),
        // No cheaper plan in any of the layouts tried, of which each was searched by itself.
        exact: std::iter::once(chosen).chain(others).all(|a| a.solution.exact),
        api_usd: api_usd(instance, assignment),
        panels_about: if part.is_some_and(|p| !p.whole) { SELF_HOSTED_STEPS } else { "every_step" },
        panels_model: part.map(|p| p.scenario.model.id.clone()),
    }
}

fn step_plan(chosen: &Attempt, others: &[Attempt], i: usize) -> StepPlan {
    let Attempt { instance, solution, served, .. } = chosen;
    let (assignment, s) = (&solution.assignment, &served[i]);
    let ways = &instance.steps[i];
    let way = instance.way(assignment, i);
    let moves = moves(chosen, others, i);
    let elsewhere = |m: &&Moved| way.is_some_and(|w| w.place() != m.place);
    // Where it would be on a pool that serves it in another layout only.
    let moved_in = moves.iter().find(|m| m.to == "self_hosted").map(|m| m.there);
    let there = if s.on_pool.is_none() { moved_in.unwrap_or(chosen) } else { chosen };
    let on_pool = there.served[i].on_pool;
    StepPlan {
        name: s.step.name.clone(),
        place: way.map_or("unplaced", Way::place).into(),
        way: way.map(Way::id),
        tokens_per_day: tokens(s.step),
        api: s.api.map(|row| row.id.clone()),
        api_usd: ways.iter().find(|w| w.first.is_none() && w.last == Side::Api).map(|w| w.usd),
        model: on_pool.map(|p| there.pools.model(p.share.pool).to_string()),
        replicas: on_pool.map(|p| p.share.replicas),
        moving_it_usd: moves.iter().filter(elsewhere).map(|m| m.usd).min_by(f64::total_cmp),
        cascade: cascade(chosen, i, &moves),
        flips: flips(instance, assignment, i, tokens(s.step)),
        why: why(s.step, ways, way, on_pool.is_some()),
        moves: moves.iter().map(|m| Move { to: m.to, usd: m.usd }).collect(),
    }
}

/// Another way of a step.
struct Moved<'b, 'a> {
    to: &'static str,
    /// The place it would be in.
    place: &'static str,
    /// What the whole plan would cost more, US dollars per month.
    usd: f64,
    /// The attempt that has it for so little.
    there: &'b Attempt<'a>,
}

/// Every other way of a step in any of the layouts tried, cheapest first.
fn moves<'b, 'a>(chosen: &'b Attempt<'a>, others: &'b [Attempt<'a>], i: usize) -> Vec<Moved<'b, 'a>> {
    let (instance, assignment) = (&chosen.instance, &chosen.solution.assignment);
    let Some(now) = instance.way(assignment, i) else { return Vec::new() };
    let total = instance.total_usd(assignment);
    let mut kinds = instance.kinds(assignment);
    let mut ways: Vec<&Way> = vec![now];
    let mut out: Vec<Moved> = Vec::new();
    for way in std::iter::once(chosen).chain(others).flat_map(|a| &a.instance.steps[i]) {
        if ways.iter().any(|w| w.kind() == way.kind()) {
            continue;
        }
        ways.push(way);
        kinds[i] = Some(way.kind());
        let (there, usd) = chosen.cheapest(others, &kinds);
        if (usd - total).is_finite() {
            out.push(Moved { to: way.id(), place: way.place(), usd: usd - total, there });
        }
    }
    out.sort_by(|a, b| a.usd.total_cmp(&b.usd));
    out
}

fn cascade(chosen: &Attempt, i: usize, moves: &[Moved]) -> Option<Cascade> {
    let s = &chosen.served[i];
    let way = chosen.instance.way(&chosen.solution.assignment, i);
    let escalated_share = s.step.escalated_share?.likely;
    let with = |m: &&Moved| m.to.contains("_then_");
    let used = way.is_some_and(|w| w.first.is_some());
    let least = |cascades: bool| {
        let others = moves.iter().filter(|m| with(m) == cascades).map(|m| m.usd).min_by(f64::total_cmp);
        if used == cascades && way.is_some() { Some(0.0) } else { others }
    };
    let first = way.and_then(|w| w.first);
    // Where a pool would try first in another layout only.
    let moved_in = moves.iter().find(|m| m.to.starts_with("self_hosted_then")).map(|m| m.there);
    let tries = chosen.instance.steps[i].iter().any(|w| w.first == Some(Side::Pool));
    let there = if tries { chosen } else { moved_in.unwrap_or(chosen) };
    let first_pool = there.served[i].first_pool;
    let by_pool = first.map_or(first_pool.is_some(), |side| side == Side::Pool);
    Some(Cascade {
        chosen: used,
        escalated_share,
        first_api: s.first_api.filter(|_| !by_pool).map(|row| row.id.clone()),
        first_model: first_pool.filter(|_| by_pool).map(|p| there.pools.model(p.share.pool).to_string()),
        added_ms: first_pool.filter(|_| by_pool).map(|p| p.answer_ms),
        saves_usd: least(false).zip(least(true)).map(|(without, with)| without - with),
        refused: s.no_cascade.filter(|_| !used && !moves.iter().any(|m| with(&m))),
    })
}

fn api_usd(instance: &Instance, assignment: &Assignment) -> f64 {
    let ways: Vec<&Way> = (0..assignment.len()).filter_map(|i| instance.way(assignment, i)).collect();
    let standing = if ways.iter().any(|w| w.uses_api()) { instance.api_standing_usd } else { 0.0 };
    ways.iter().map(|w| w.api_usd).sum::<f64>() + standing
}

fn pool_plans(instance: &Instance, assignment: &Assignment, pools: &Pools) -> Vec<PoolPlan> {
    let filled = instance.filled(assignment);
    let ways: Vec<&Way> = (0..assignment.len()).filter_map(|i| instance.way(assignment, i)).collect();
    let mut out = Vec::new();
    for (p, hosted) in instance.pools.iter().enumerate().filter(|(p, _)| filled[*p] > 0.0) {
        let replicas = hosted.curve.pinned.map_or(ceil_tolerant(filled[p]).max(1.0), f64::from);
        let mine = |w: &&&Way| w.shares.first().is_some_and(|s| s.pool == p);
        out.push(PoolPlan {
            model: pools.model(p).to_string(),
            replicas,
            gpus: hosted.curve.with_spares(replicas) * f64::from(hosted.curve.gpus_per_replica),
            usd: instance.pool_usd(p, filled[p]) + ways.iter().filter(mine).map(|w| w.usd - w.api_usd).sum::<f64>(),
        });
    }
    out
}

/// Why a step is served in its way; `hosted`: whether a pool could serve it in a layout tried.
fn why(step: &Step, ways: &[Way], way: Option<&Way>, hosted: bool) -> String {
    let may_leave = ways.iter().any(|w| !w.uses_pool());
    let Some(way) = way else { return "no place meets its requirements".into() };
    if way.first.is_some() {
        return "a small model answers most calls for less, those it passes on paid twice".into();
    }
    match (way.last, step.place) {
        (_, Place::Api | Place::SelfHosted) => "you put it there",
        (Side::Pool, _) if step.data_residency => "its data must stay in house",
        (Side::Pool, _) if step.fine_tuned => "it needs a fine-tuned model",
        (Side::Pool, _) if !may_leave => "an API is ruled out, or its price is unknown",
        (Side::Pool, _) => "the shared pool serves it for less than an API",
        (Side::Api, _) if step.quality == QualityTier::Frontier => "only a frontier model is good enough",
        (Side::Api, _) if !hosted => "the pool cannot serve it inside its latency target",
        (Side::Api, _) => "an API serves it for less than the pool",
    }
    .into()
}
