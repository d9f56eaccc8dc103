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

    /// What the pools cost.
    pub fn priced(&self) -> Vec<SelfHosted> {
        self.pools.iter().map(|p| p.hosted).collect()
    }

    /// What a step takes of its pool; `None` where the pool cannot serve it (unknown model, no fit, too slow).
    pub fn share(&mut self, step: &Step) -> Option<Share> {
        let pool = self.pool_of(step)?;
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
        w.ttft_p95_ms = step.ttft_p95_ms.unwrap_or(w.ttft_p95_ms);
        let subject = Subject::of(&s, self.subject.catalog, &mut Vec::new()).ok()?;
        let fleet = fleet::choose(&subject, &mut Vec::new());
        if !fleet.runs || !fleet.speed.targets_met {
            return None;
        }
        let replicas = tokens / fleet.curve.tokens_per_day_per_replica;
        let usd = tokens * DAYS_PER_MONTH * p.hosted.per_token();
        replicas.is_finite().then_some(Share { pool, replicas, usd })
    }

    /// The pool of a step's model, made where it is not there yet.
    fn pool_of(&mut self, step: &Step) -> Option<usize> {
        let Some(id) = &step.model else { return Some(0) };
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
    scenario.steps = Vec::new();
    scenario.serving.tensor_parallel = Some(fleet.layout.tensor_parallel);
    scenario.serving.pipeline_parallel = Some(fleet.layout.pipeline_parallel);
    scenario.serving.data_parallel_attention = Some(fleet.layout.data_parallel_attention);
    scenario
}
