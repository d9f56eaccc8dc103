//! The choice as numbers: the ways each step can be served, and what each of them takes of which pool.
//!
//! Steps of one pool share its replicas and its fixed costs, so they cannot be decided one by one. [`super::solve`]
//! finds the cheapest assignment; this file says what an assignment costs.

use crate::engine::cost::SelfHosted;
use crate::math::ceil_tolerant;

/// Who answers a call: a managed API or a self-hosted pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A managed API.
    Api,
    /// A self-hosted pool.
    Pool,
}

/// Who tries first, and who gives the answer that counts: what a way is called in every instance of the same steps.
pub(super) type Kind = (Option<Side>, Side);

/// One way to serve a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Who tries first, where a small model does and passes on what it cannot answer.
    pub first: Option<Side>,
    /// Who gives the answer that counts.
    pub last: Side,
    /// What it costs beyond the pools' replicas: API tokens, failover, errors. US dollars per month.
    pub usd: f64,
    /// The part of that on the API side: what it charges, and its mistakes where they have a price.
    pub api_usd: f64,
    /// What it takes of pools.
    pub shares: Vec<Share>,
}

/// What a step takes of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Which pool.
    pub pool: usize,
    /// Replicas it fills at its peak, as a fraction.
    pub replicas: f64,
}

impl Way {
    /// The whole step on an API.
    pub fn api(usd: f64) -> Self {
        Self { first: None, last: Side::Api, usd, api_usd: usd, shares: Vec::new() }
    }

    /// The whole step on a pool.
    pub fn pool(share: Share, usd: f64) -> Self {
        Self { first: None, last: Side::Pool, usd, api_usd: 0.0, shares: vec![share] }
    }

    /// Whether any of it runs on an API.
    pub fn uses_api(&self) -> bool {
        self.last == Side::Api || self.first == Some(Side::Api)
    }

    /// Whether any of it runs on a pool.
    pub fn uses_pool(&self) -> bool {
        self.last == Side::Pool || self.first == Some(Side::Pool)
    }

    /// The pools it fills something of: a step that is never called fills none, nor a large model that is passed nothing.
    pub(super) fn fills(&self) -> impl Iterator<Item = usize> {
        self.shares.iter().filter(|s| s.replicas > 0.0).map(|s| s.pool)
    }

    /// Its name across instances.
    pub(super) fn kind(&self) -> Kind {
        (self.first, self.last)
    }

    /// `api`, `self_hosted`, or `both` for a cascade from one to the other.
    pub fn place(&self) -> &'static str {
        match (self.uses_api(), self.uses_pool()) {
            (true, true) => "both",
            (true, false) => "api",
            _ => "self_hosted",
        }
    }

    /// Name of the way in the Plan.
    pub fn id(&self) -> &'static str {
        match (self.first, self.last) {
            (None, Side::Api) => "api",
            (None, Side::Pool) => "self_hosted",
            (Some(Side::Api), Side::Api) => "api_then_api",
            (Some(Side::Api), Side::Pool) => "api_then_self_hosted",
            (Some(Side::Pool), Side::Api) => "self_hosted_then_api",
            (Some(Side::Pool), Side::Pool) => "self_hosted_then_self_hosted",
        }
    }
}

/// Steps and pools.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The ways of each step; none where no place meets its requirements.
    pub steps: Vec<Vec<Way>>,
    /// The pools.
    pub pools: Vec<SelfHosted>,
    /// What using an API at all costs (migrations), US dollars per month.
    pub api_standing_usd: f64,
}

/// Which of its ways every step takes; `None` where it has none.
pub type Assignment = Vec<Option<usize>>;

impl Instance {
    /// US dollars per month of a pool that serves so many replicas' worth; 0 where it serves nothing.
    pub fn pool_usd(&self, pool: usize, replicas: f64) -> f64 {
        let hosted = &self.pools[pool];
        if replicas <= 0.0 {
            return 0.0;
        }
        let carrying = match hosted.curve.pinned {
            Some(n) if replicas > f64::from(n.max(1)) * (1.0 + 1e-9) => return f64::INFINITY,
            Some(n) => f64::from(n.max(1)),
            None => ceil_tolerant(replicas).max(1.0),
        };
        if hosted.known { hosted.line(carrying).0 } else { f64::INFINITY }
    }

    /// The way a step takes.
    pub fn way(&self, assignment: &[Option<usize>], step: usize) -> Option<&Way> {
        self.steps.get(step)?.get((*assignment.get(step)?)?)
    }

    /// Replicas of each pool that an assignment fills, as fractions.
    pub fn filled(&self, assignment: &[Option<usize>]) -> Vec<f64> {
        let mut filled = vec![0.0; self.pools.len()];
        for share in (0..self.steps.len()).filter_map(|i| self.way(assignment, i)).flat_map(|w| &w.shares) {
            filled[share.pool] += share.replicas;
        }
        filled
    }

    /// US dollars per month of an assignment; infinite where a step that could be served is not.
    pub fn total_usd(&self, assignment: &[Option<usize>]) -> f64 {
        let (mut usd, mut any_api) = (0.0, false);
        for (i, ways) in self.steps.iter().enumerate() {
            match self.way(assignment, i) {
                Some(way) => {
                    usd += way.usd;
                    any_api |= way.uses_api();
                }
                None if ways.is_empty() => {}
                None => return f64::INFINITY,
            }
        }
        let standing = if any_api { self.api_standing_usd } else { 0.0 };
        usd + standing + self.filled(assignment).iter().enumerate().map(|(p, r)| self.pool_usd(p, *r)).sum::<f64>()
    }

    /// An assignment in words that hold for other instances of the same steps.
    pub(super) fn kinds(&self, assignment: &[Option<usize>]) -> Vec<Option<Kind>> {
        (0..self.steps.len()).map(|i| self.way(assignment, i).map(Way::kind)).collect()
    }

    /// What serving every step in such a way costs here, US dollars per month; infinite where a step cannot be served so.
    pub(super) fn usd_of(&self, kinds: &[Option<Kind>]) -> f64 {
        let here = |(ways, kind): (&Vec<Way>, &Option<Kind>)| ways.iter().position(|w| Some(w.kind()) == *kind);
        let assignment: Assignment = self.steps.iter().zip(kinds).map(here).collect();
        let complete = assignment.iter().zip(kinds).all(|(way, kind)| way.is_some() == kind.is_some());
        if complete { self.total_usd(&assignment) } else { f64::INFINITY }
    }

    /// The same steps with only the ways that pass, where a step has one, and all its ways where it has none.
    pub fn preferring(&self, wanted: impl Fn(&Way) -> bool) -> Self {
        let kept = |ways: &Vec<Way>| -> Vec<Way> {
            let good: Vec<Way> = ways.iter().filter(|w| wanted(w)).cloned().collect();
            if good.is_empty() { ways.clone() } else { good }
        };
        let steps = self.steps.iter().map(kept).collect();
        Self { steps, pools: self.pools.clone(), api_standing_usd: self.api_standing_usd }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::cost;
    use crate::engine::deployment::Subject;
    use crate::engine::fleet;
    use crate::scenario::Scenario;

    #[test]
    fn a_pool_of_a_fixed_size_costs_the_same_until_it_is_full_and_serves_nothing_beyond() {
        let (catalog, scenario, warnings) = (Catalog::embedded().unwrap(), Scenario::default(), &mut Vec::new());
        let subject = Subject::of(&scenario, &catalog, warnings).unwrap();
        let fleet = fleet::choose(&subject, warnings);
        let mut pool = cost::price(&subject, &fleet, warnings).self_hosted;
        let growing = Instance { steps: Vec::new(), pools: vec![pool], api_standing_usd: 0.0 };
        pool.curve.pinned = Some(3);
        let fixed = Instance { pools: vec![pool], ..growing.clone() };
        let three = growing.pool_usd(0, 3.0);
        assert!(three > growing.pool_usd(0, 2.0) && growing.pool_usd(0, 2.5) == three);
        // A billionth more is rounding.
        for replicas in [0.1, 1.0, 2.0, 3.0, 3.0 * (1.0 + 1e-9)] {
            assert_eq!(fixed.pool_usd(0, replicas), three, "{replicas}");
        }
        for replicas in [3.001, 3.9, 4.0, 100.0] {
            assert_eq!(fixed.pool_usd(0, replicas), f64::INFINITY, "{replicas}");
        }
        assert_eq!(fixed.pool_usd(0, 0.0), 0.0);
    }
}
