//! The self-hosted pools steps can share: one for each model, laid out as the plan's fleet or as that model's own.

use super::instance::Share;
use crate::engine::cost::{self, Cost, SelfHosted};
use crate::engine::deployment::Subject;
use crate::engine::fleet::{self, Fleet};
use crate::scenario::{Range, Scenario, Step};
use crate::units::DAYS_PER_MONTH;

/// The pools of a plan.
pub struct Pools<'a> {
    subject: &'a Subject<'a>,
    pools: Vec<Pool>,
}

struct Pool {
    model: String,
    scenario: Scenario,
    hosted: SelfHosted,
}

/// A step on a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnPool {
    /// Replicas it fills when every call goes there.
    pub share: Share,
    /// What errors would cost beyond the replicas, US dollars per month, when every answer counts.
    pub errors_usd: f64,
    /// What an API costs that stands in for lost replicas and takes what spills over, US dollars per month.
    pub stand_in_usd: f64,
    /// 95th percentile of the time until the whole answer is there, ms.
    pub answer_ms: f64,
}

impl<'a> Pools<'a> {
    /// The scenario's own pool; others are added as steps ask for them.
    pub fn new(subject: &'a Subject<'a>, fleet: &Fleet, cost: &Cost) -> Self {
        let pool = Pool {
            model: subject.model.id.clone(),
            scenario: laid_out(subject.scenario.clone(), fleet),
            hosted: cost.self_hosted,
        };
        Self { subject, pools: vec![pool] }
    }

    /// The model of a pool.
    pub fn model(&self, pool: usize) -> &str {
        self.pools.get(pool).map_or("", |p| p.model.as_str())
    }

    /// The pool's scenario, its layout pinned.
    pub fn scenario(&self, pool: usize) -> Option<&Scenario> {
        self.pools.get(pool).map(|p| &p.scenario)
    }

    /// What the pools cost.
    pub fn priced(&self) -> Vec<SelfHosted> {
        self.pools.iter().map(|p| p.hosted).collect()
    }

    /// The step on the pool of a model (the scenario's where none is named), its first token due within `ttft_p95_ms`;
    /// `None` where the pool cannot serve it (unknown model, no fit, too slow).
    pub fn serve(&mut self, model: Option<&str>, step: &Step, ttft_p95_ms: Range) -> Option<OnPool> {
        let pool = self.pool_of(model)?;
        let p = &self.pools[pool];
        if !p.hosted.known {
            return None;
        }
        let mut s = p.scenario.clone();
        let tokens = super::tokens(step);
        let w = &mut s.workload;
        w.tokens_per_day = Range::point(tokens);
        (w.input_tokens, w.output_tokens) = (step.input_tokens, step.output_tokens);
        (w.cached_input_share, w.batchable_share) = (step.cached_input_share, step.batchable_share);
        w.ttft_p95_ms = ttft_p95_ms;
        let subject = Subject::of(&s, self.subject.catalog, &mut Vec::new()).ok()?;
        let fleet = fleet::choose(&subject, &mut Vec::new());
        if !fleet.runs || !fleet.speed.targets_met {
            return None;
        }
        let replicas = tokens / fleet.curve.tokens_per_day_per_replica;
        let month = tokens * DAYS_PER_MONTH;
        let decoded = (step.output_tokens.likely - 1.0).max(0.0) * fleet.speed.tpot_p95_ms;
        replicas.is_finite().then_some(OnPool {
            share: Share { pool, replicas },
            errors_usd: super::errors_usd(self.subject.scenario, step),
            stand_in_usd: month * (p.hosted.failover_per_token + fleet.load.spilled() * p.hosted.spill_usd_per_token),
            answer_ms: fleet.speed.ttft_p95_ms + decoded,
        })
    }

    /// The pool of a model, made where it is not there yet.
    fn pool_of(&mut self, model: Option<&str>) -> Option<usize> {
        let Some(id) = model else { return Some(0) };
        let model = self.subject.catalog.model(id)?;
        if let Some(found) = self.pools.iter().position(|p| p.model == model.id) {
            return Some(found);
        }
        let mut s = self.subject.scenario.clone();
        (s.model.id, s.model.config, s.model.weights_bytes) = (model.id.clone(), None, None);
        let subject = Subject::of(&s, self.subject.catalog, &mut Vec::new()).ok()?;
        let fleet = fleet::choose(&subject, &mut Vec::new());
        let hosted = cost::price(&subject, &fleet, &mut Vec::new()).self_hosted;
        let scenario = laid_out(s.clone(), &fleet);
        self.pools.push(Pool { model: model.id.clone(), scenario, hosted });
        Some(self.pools.len() - 1)
    }
}

/// The scenario with the layout of its fleet pinned: every step of a pool runs on the same replicas.
fn laid_out(mut scenario: Scenario, fleet: &Fleet) -> Scenario {
    scenario.hardware.spill_percentile = fleet.load.percentile;
    scenario.hardware.api_failover = fleet.api_takes_over;
    scenario.steps = Vec::new();
    scenario.serving.tensor_parallel = Some(fleet.layout.tensor_parallel);
    scenario.serving.pipeline_parallel = Some(fleet.layout.pipeline_parallel);
    scenario.serving.data_parallel_attention = Some(fleet.layout.data_parallel_attention);
    scenario
}
