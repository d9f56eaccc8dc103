//! One attempt at a plan: every step routed over pools of certain layouts; and others beside it.

use super::alternatives::{self, Alternatives};
use super::instance::{Instance, Kind};
use super::part;
use super::pools::{Pools, Suited};
use super::solve::Solution;
use super::ways::{self, Served};
use crate::engine::cost::{self, Cost};
use crate::engine::deployment::Subject;
use crate::engine::fleet::Fleet;
use crate::scenario::{Step, Warning};

/// A plan and what it was made from.
pub(super) struct Attempt<'a> {
    subject: &'a Subject<'a>,
    /// The pools, laid out.
    pub pools: Pools<'a>,
    /// How each step may be served.
    pub served: Vec<Served<'a>>,
    /// The same in numbers.
    pub instance: Instance,
    /// What is chosen.
    pub solution: Solution,
    /// What it says of plans with a preference.
    pub alternatives: Alternatives,
    /// What there is to say about the steps.
    pub warnings: Vec<Warning>,
}

/// How good an attempt is: less is better, what comes first before what comes after.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Rank {
    /// Steps without a place, which cost nothing.
    pub unplaced: usize,
    /// US dollars per month.
    pub usd: f64,
    /// Of plans alike, that which leaves more steps a place in house, or for less.
    own: alternatives::Rank,
}

impl<'a> Attempt<'a> {
    /// With the pools as the whole pipeline would have them.
    pub(super) fn first(subject: &'a Subject<'a>, fleet: &Fleet, cost: &Cost) -> Self {
        let standing = cost::api::migration(&cost.pricing.likely) / cost.self_hosted.every;
        Self::on(subject, Pools::new(subject, fleet, cost), standing)
    }

    /// Route over pools; `standing` is what using an API at all costs, US dollars per month.
    fn on(subject: &'a Subject<'a>, mut pools: Pools<'a>, standing: f64) -> Self {
        let mut warnings = Vec::new();
        let steps = subject.scenario.steps.iter().enumerate();
        let served: Vec<Served> = steps.map(|(i, s)| ways::ways(subject, s, i, &mut pools, &mut warnings)).collect();
        let instance = Instance {
            steps: served.iter().map(|s| s.ways.clone()).collect(),
            pools: pools.priced(),
            api_standing_usd: standing,
        };
        let (solution, alternatives) = (instance.solve(), Alternatives::of(&instance));
        Self { subject, pools, served, instance, solution, alternatives, warnings }
    }

    /// How good it is.
    pub(super) fn rank(&self) -> Rank {
        Rank {
            unplaced: self.served.iter().filter(|s| s.ways.is_empty()).count(),
            usd: self.instance.total_usd(&self.solution.assignment),
            own: self.alternatives.own.rank(),
        }
    }

    /// Of this attempt and others, the one in whose layouts serving every step so costs least, this one where others do not
    /// cost less; and what it costs, US dollars per month.
    pub(super) fn cheapest<'b>(&'b self, others: &'b [Self], kinds: &[Option<Kind>]) -> (&'b Self, f64) {
        let each = others.iter().map(|o| (o, o.instance.usd_of(kinds)));
        each.fold((self, self.instance.usd_of(kinds)), |least, other| if other.1 < least.1 { other } else { least })
    }

    /// The pools with one laid out for [what it holds](Self::held); `None` where that is its layout already.
    pub(super) fn pools_with(&self, pool: usize, all: bool, suited: &mut Suited) -> Option<Pools<'a>> {
        self.pools.laid_out_for(self.held(pool, all), all, pool, suited)
    }

    /// Route again over other pools.
    pub(super) fn over(&self, pools: Pools<'a>) -> Self {
        Self::on(self.subject, pools, self.instance.api_standing_usd)
    }

    /// What is on a pool, or where nothing is, what asks for it; where `all` is to find room, also the steps that ask for it
    /// and have no place.
    pub(super) fn held(&self, pool: usize, all: bool) -> Vec<Step> {
        let on = part::on(&self.instance, &self.solution.assignment, &self.served, pool);
        let mut steps: Vec<Step> = on.into_iter().map(|(step, _)| step).collect();
        let empty = steps.is_empty();
        let left_out = self.served.iter().filter(|s| empty || all && s.ways.is_empty());
        steps.extend(left_out.filter(|s| self.pools.asked_by(s.step, pool)).map(|s| s.step.clone()));
        steps
    }
}
