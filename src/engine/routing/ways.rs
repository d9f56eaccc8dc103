//! The ways a step can be served under its requirements: an API, a pool, or a small model first that passes on what it
//! cannot answer.
//!
//! A cascade pays for every call at the small model and again, at the large one, for the share that escalates. An
//! escalated call waits for the small model's whole answer before the large one begins; where more than 5 % of the calls
//! escalate, the 95th percentile is among them, so that wait is taken off the large model's time to first token.

use super::instance::{Share, Side, Way};
use super::pools::{OnPool, Pools};
use super::{errors_usd, mix, tokens};
use crate::catalog::ApiPrice;
use crate::engine::cost::api::{Tariff, for_step, is_frontier};
use crate::engine::deployment::Subject;
use crate::scenario::{Place, QualityTier, Range, Step, Warning};
use crate::units::DAYS_PER_MONTH;

/// Share of escalated calls above which they hold the 95th percentile.
const IN_THE_TAIL: f64 = 0.05;

/// A step with everything its ways are made from.
pub struct Served<'a> {
    /// The step.
    pub step: &'a Step,
    /// The API it goes to, or would go to.
    pub api: Option<&'a ApiPrice>,
    /// The API that would try first in a cascade.
    pub first_api: Option<&'a ApiPrice>,
    /// The step alone on its pool.
    pub on_pool: Option<OnPool>,
    /// The small model's pool, and how long its answer takes, ms.
    pub first_pool: Option<OnPool>,
    /// The ways, for the instance.
    pub ways: Vec<Way>,
    /// Why a cascade that was asked for is not among them.
    pub no_cascade: Option<&'static str>,
}

/// The ways of a step.
pub fn ways<'a>(
    subject: &Subject<'a>,
    step: &'a Step,
    i: usize,
    pools: &mut Pools,
    notes: &mut Vec<Warning>,
) -> Served<'a> {
    let target = step.ttft_p95_ms.unwrap_or(subject.scenario.workload.ttft_p95_ms);
    let api = api_of(subject, step, i, notes);
    let on_pool = if hosting_allowed(step) { pools.serve(step.model.as_deref(), step, target) } else { None };
    let mut served =
        Served { step, api, first_api: None, on_pool, first_pool: None, ways: Vec::new(), no_cascade: None };
    if let Some(row) = api.filter(|_| api_allowed(subject, step)) {
        served.ways.push(Way::api(api_usd(subject, row, step)));
    }
    if let Some(p) = on_pool {
        served.ways.push(Way::pool(p.share, p.errors_usd + p.stand_in_usd));
    }
    cascade(subject, &mut served, i, pools, target, notes);
    if served.ways.is_empty() {
        notes.push(Warning::new(
            format!("steps.{i}"),
            format!("no place meets the requirements of '{}'", step.name),
            "relax a requirement, or choose hardware and a model that can serve it",
        ));
    }
    served
}

fn in_house(subject: &Subject, step: &Step) -> bool {
    let r = &subject.scenario.requirements;
    r.data_residency || r.fine_tuned || step.data_residency || step.fine_tuned
}

fn api_allowed(subject: &Subject, step: &Step) -> bool {
    !in_house(subject, step) && step.place != Place::SelfHosted
}

/// Whether a pool may serve a step.
pub(super) fn hosting_allowed(step: &Step) -> bool {
    step.quality != QualityTier::Frontier && step.place != Place::Api
}

fn api_of<'a>(subject: &Subject<'a>, step: &Step, i: usize, notes: &mut Vec<Warning>) -> Option<&'a ApiPrice> {
    match &step.api {
        Some(id) => priced(subject, id, format!("steps.{i}.api"), notes),
        None => for_step(subject, step.quality, &mix(step)),
    }
}

fn priced<'a>(subject: &Subject<'a>, id: &str, path: String, notes: &mut Vec<Warning>) -> Option<&'a ApiPrice> {
    let row = subject.catalog.api_price(id);
    if row.is_none() {
        notes.push(Warning::new(
            path,
            format!("no price is known for '{id}'"),
            "choose an id from `crossover catalog api-prices`",
        ));
    }
    row
}

/// What an API takes for every call of a step, US dollars per month.
fn tokens_usd(subject: &Subject, row: &ApiPrice, step: &Step) -> f64 {
    tokens(step) * DAYS_PER_MONTH * Tariff::of(row, subject.catalog).usd_per_token(&mix(step))
}

/// What its mistakes cost when every answer counts: below the frontier a model makes them wherever it runs.
fn api_errors_usd(subject: &Subject, row: &ApiPrice, step: &Step) -> f64 {
    if is_frontier(row, subject.catalog) { 0.0 } else { errors_usd(subject.scenario, step) }
}

/// What every call of a step costs on an API, US dollars per month.
fn api_usd(subject: &Subject, row: &ApiPrice, step: &Step) -> f64 {
    tokens_usd(subject, row, step) + api_errors_usd(subject, row, step)
}

/// Add the cascades, where the step asks for one by naming the share that escalates.
fn cascade<'a>(
    subject: &Subject<'a>,
    served: &mut Served<'a>,
    i: usize,
    pools: &mut Pools,
    target: Range,
    notes: &mut Vec<Warning>,
) {
    let step = served.step;
    let Some(escalated) = step.escalated_share.map(|r| r.likely) else {
        if step.first_model.is_some() || step.first_api.is_some() {
            notes.push(Warning::new(
                format!("steps.{i}.escalated_share"),
                "is missing, so no small model is tried first",
                "write the share of calls that the small model passes on, 0..1",
            ));
        }
        return;
    };
    let mut firsts: Vec<(Side, f64, Option<Share>, f64)> = Vec::new();
    if let Some(p) = first_pool(served, pools, target, i, notes) {
        // Answers that are passed on do not count, so only the rest can be wrong.
        let usd = p.stand_in_usd + p.errors_usd * (1.0 - escalated);
        firsts.push((Side::Pool, usd, Some(p.share), p.answer_ms));
    }
    if let Some(row) = first_api(subject, served, i, notes) {
        let usd = tokens_usd(subject, row, step) + api_errors_usd(subject, row, step) * (1.0 - escalated);
        firsts.push((Side::Api, usd, None, 0.0));
    }
    if firsts.is_empty() {
        served.no_cascade.get_or_insert("no small model may or can try first");
    }
    for (side, usd, share, wait) in firsts {
        let left = if escalated > IN_THE_TAIL { target.likely - wait } else { target.likely };
        if left <= 0.0 {
            served.no_cascade = Some("an escalated call waits for the small model longer than its latency target");
            continue;
        }
        let api_usd = if side == Side::Api { usd } else { 0.0 };
        let begin = Way { first: Some(side), last: Side::Api, usd, api_usd, shares: share.into_iter().collect() };
        served.ways.extend(lasts(subject, served, pools, escalated, left, &begin));
    }
}

/// A cascade's ends: the large model on an API, and on a pool.
fn lasts(
    subject: &Subject,
    served: &Served<'_>,
    pools: &mut Pools,
    escalated: f64,
    left: f64,
    begin: &Way,
) -> Vec<Way> {
    let step = served.step;
    let mut out = Vec::new();
    if let Some(row) = served.api.filter(|_| api_allowed(subject, step)) {
        let again = escalated * api_usd(subject, row, step);
        out.push(Way { usd: begin.usd + again, api_usd: begin.api_usd + again, ..begin.clone() });
    }
    let large = served.on_pool.and_then(|_| pools.serve(step.model.as_deref(), step, Range::point(left)));
    if let Some(p) = large {
        let mut way = Way { last: Side::Pool, ..begin.clone() };
        way.usd += escalated * (p.errors_usd + p.stand_in_usd);
        way.shares.push(Share { replicas: escalated * p.share.replicas, ..p.share });
        out.push(way);
    }
    out
}

fn first_pool(
    served: &mut Served<'_>,
    pools: &mut Pools,
    target: Range,
    i: usize,
    notes: &mut Vec<Warning>,
) -> Option<OnPool> {
    let step = served.step;
    let id = step.first_model.as_deref()?;
    if step.place == Place::Api {
        return None;
    }
    served.first_pool = pools.serve(Some(id), step, target);
    if served.first_pool.is_none() {
        notes.push(Warning::new(
            format!("steps.{i}.first_model"),
            format!("'{id}' cannot try first: it is unknown, does not fit, or misses the latency target"),
            "choose a smaller model from `crossover catalog models`, or allow more time",
        ));
    }
    served.first_pool
}

/// The API that tries first: the one named; the cheapest of any quality where neither an API nor a model is named.
fn first_api<'a>(
    subject: &Subject<'a>,
    served: &mut Served<'a>,
    i: usize,
    notes: &mut Vec<Warning>,
) -> Option<&'a ApiPrice> {
    let step = served.step;
    let row = match &step.first_api {
        Some(id) => priced(subject, id, format!("steps.{i}.first_api"), notes),
        None if step.first_model.is_none() => for_step(subject, QualityTier::Any, &mix(step)),
        None => None,
    };
    if !api_allowed(subject, step) {
        return None;
    }
    served.first_api = row;
    row
}
