//! The self-hosted pools steps can share: one for each model, laid out as that model would serve the whole pipeline, or
//! anew for the steps that it serves.

use super::instance::Share;
use crate::engine::cost::{self, Cost, SelfHosted};
use crate::engine::deployment::{Layout, Subject};
use crate::engine::fleet::{self, Fleet};
use crate::scenario::{Place, Range, Scenario, Serving, Step, Workload};
use crate::units::DAYS_PER_MONTH;

/// The pools of a plan.
#[derive(Clone)]
pub struct Pools<'a> {
    subject: &'a Subject<'a>,
    pools: Vec<Pool>,
}

#[derive(Clone)]
struct Pool {
    model: String,
    layout: Layout,
    /// What the layout was chosen for.
    laid_out_for: Workload,
    scenario: Scenario,
    hosted: SelfHosted,
}

impl Pool {
    fn new(model: &str, scenario: Scenario, fleet: &Fleet, hosted: SelfHosted) -> Self {
        let laid_out_for = scenario.workload.clone();
        Self { model: model.into(), layout: fleet.layout, laid_out_for, scenario: laid_out(scenario, fleet), hosted }
    }
}

/// The layouts that suit what was asked for so far: searching for one is most of what laying out a pool takes.
#[derive(Default)]
pub struct Suited(Vec<(Scenario, Layout)>);

impl Suited {
    /// The layout that suits a scenario.
    fn layout(&mut self, pools: &Pools, scenario: &Scenario) -> Option<Layout> {
        if let Some((_, known)) = self.0.iter().find(|(asked, _)| asked == scenario) {
            return Some(*known);
        }
        let subject = Subject::of(scenario, pools.subject.catalog, &mut Vec::new()).ok()?;
        let layout = fleet::choose(&subject, &mut Vec::new()).layout;
        self.0.push((scenario.clone(), layout));
        Some(layout)
    }
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
        let pool = Pool::new(&subject.model.id, subject.scenario.clone(), fleet, cost.self_hosted);
        Self { subject, pools: vec![pool] }
    }

    /// Whether each is laid out as in other pools of the same steps.
    pub fn same(&self, other: &Self) -> bool {
        let mut pairs = self.pools.iter().zip(&other.pools);
        self.count() == other.count() && pairs.all(|(a, b)| a.layout == b.layout && a.scenario == b.scenario)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.pools.len()
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

    /// The pool of a model (the scenario's where none is named), if it is there.
    pub fn find(&self, model: Option<&str>) -> Option<usize> {
        let Some(id) = model else { return Some(0) };
        let model = self.subject.catalog.model(id)?;
        self.pools.iter().position(|p| p.model == model.id)
    }

    /// Whether a step asks for a pool, for itself or for a small model that tries first, which none does unless the share of
    /// calls that it passes on is known.
    pub fn asked_by(&self, step: &Step, pool: usize) -> bool {
        let first = step.first_model.is_some()
            && step.escalated_share.is_some()
            && step.place != Place::Api
            && self.find(step.first_model.as_deref()) == Some(pool);
        first || super::ways::hosting_allowed(step) && self.find(step.model.as_deref()) == Some(pool)
    }

    /// The pool of a model, made where it is not there yet.
    fn pool_of(&mut self, model: Option<&str>) -> Option<usize> {
        if let Some(found) = self.find(model) {
            return Some(found);
        }
        let model = self.subject.catalog.model(model?)?;
        let mut s = self.subject.scenario.clone();
        (s.model.id, s.model.config, s.model.weights_bytes) = (model.id.clone(), None, None);
        let pool = self.made(&model.id, s)?.0;
        self.pools.push(pool);
        Some(self.pools.len() - 1)
    }

    /// A pool laid out as a scenario asks, and whether it runs.
    fn made(&self, model: &str, scenario: Scenario) -> Option<(Pool, bool)> {
        let subject = Subject::of(&scenario, self.subject.catalog, &mut Vec::new()).ok()?;
        let fleet = fleet::choose(&subject, &mut Vec::new());
        let hosted = cost::price(&subject, &fleet, &mut Vec::new()).self_hosted;
        Some((Pool::new(model, scenario.clone(), &fleet, hosted), fleet.runs))
    }

    /// The same pools, one of them laid out as suits these steps; `None` where it is already, or where it would not run with
    /// the requests of the whole pipeline. `shortest`: inside the shortest of their targets, not only the pipeline's.
    pub fn laid_out_for(&self, steps: Vec<Step>, shortest: bool, pool: usize, suited: &mut Suited) -> Option<Self> {
        let old = self.pools.get(pool)?;
        let alone = self.alone(old, steps, shortest);
        if alone.workload == old.laid_out_for {
            return None;
        }
        let layout = suited.layout(self, &alone)?;
        if layout == old.layout {
            return None;
        }
        let mut pinned = old.scenario.clone();
        pin(&mut pinned.serving, layout);
        let (new, runs) = self.made(&old.model, pinned)?;
        let mut pools = self.clone();
        pools.pools[pool] = Pool { laid_out_for: alone.workload, ..new };
        runs.then_some(pools)
    }

    /// The scenario of a pool with these steps alone, its layout as open as the reader left it. The target of a step is its
    /// own, also for a large model after a small one: how much of it the small one leaves depends on the layouts.
    fn alone(&self, pool: &Pool, steps: Vec<Step>, shortest: bool) -> Scenario {
        let mut alone = Scenario { steps, serving: self.subject.scenario.serving.clone(), ..pool.scenario.clone() };
        let target = &mut alone.workload.ttft_p95_ms;
        for ttft in alone.steps.iter().filter_map(|s| s.ttft_p95_ms).filter(|_| shortest) {
            *target = if ttft.likely < target.likely { ttft } else { *target };
        }
        super::with_workload_of_steps(&alone).into_owned()
    }
}

/// The scenario with the layout of its fleet pinned: every step of a pool runs on the same replicas.
fn laid_out(mut scenario: Scenario, fleet: &Fleet) -> Scenario {
    scenario.hardware.spill_percentile = fleet.load.percentile;
    scenario.hardware.api_failover = fleet.api_takes_over;
    scenario.steps = Vec::new();
    pin(&mut scenario.serving, fleet.layout);
    scenario
}

fn pin(serving: &mut Serving, layout: Layout) {
    serving.tensor_parallel = Some(layout.tensor_parallel);
    serving.pipeline_parallel = Some(layout.pipeline_parallel);
    serving.data_parallel_attention = Some(layout.data_parallel_attention);
}
