//! The choice as numbers: what each step costs on an API, and what share of a pool it takes.
//!
//! Steps of one pool share its replicas and its fixed costs, so they cannot be decided one by one; pools, and the API
//! side but for its migrations, are independent of each other. Up to [`EXACT`] free steps of a pool every subset is
//! looked at (in Gray-code order, so that each costs one addition); beyond, subsets are improved step by step.

use crate::engine::cost::SelfHosted;
use crate::math::ceil_tolerant;

/// Free steps of a pool up to which the answer is exact.
pub const EXACT: usize = 16;

/// A step.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// US dollars per month on its API; `None` where it may not or cannot go there.
    pub api_usd: Option<f64>,
    /// Pool that could serve it; `None` where none may or can.
    pub pool: Option<Share>,
}

/// What a step takes of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Which pool.
    pub pool: usize,
    /// Replicas it fills at its peak, as a fraction.
    pub replicas: f64,
    /// What it costs beyond the pool's replicas (failover, errors), US dollars per month.
    pub usd: f64,
}

/// Steps and pools.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The steps.
    pub steps: Vec<Choice>,
    /// The pools.
    pub pools: Vec<SelfHosted>,
    /// What using an API at all costs (migrations), US dollars per month.
    pub api_standing_usd: f64,
}

/// Where every step goes: `Some(true)` self-hosted, `Some(false)` API, `None` nowhere.
pub type Assignment = Vec<Option<bool>>;

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

    /// US dollars per month of an assignment; infinite where it breaks a rule.
    pub fn total_usd(&self, assignment: &[Option<bool>]) -> f64 {
        let mut filled = vec![0.0; self.pools.len()];
        let (mut usd, mut any_api) = (0.0, false);
        for (step, place) in self.steps.iter().zip(assignment) {
            match (place, step.api_usd, step.pool) {
                (Some(true), _, Some(share)) => {
                    filled[share.pool] += share.replicas;
                    usd += share.usd;
                }
                (Some(false), Some(api), _) => {
                    usd += api;
                    any_api = true;
                }
                (None, None, None) => {}
                _ => return f64::INFINITY,
            }
        }
        let standing = if any_api { self.api_standing_usd } else { 0.0 };
        usd + standing + filled.iter().enumerate().map(|(p, r)| self.pool_usd(p, *r)).sum::<f64>()
    }

    /// The cheapest assignment.
    pub fn solve(&self) -> Assignment {
        let mut out: Assignment = self.steps.iter().map(|s| s.place_without_choice()).collect();
        for pool in 0..self.pools.len() {
            self.solve_pool(pool, &mut out);
        }
        // Migrations are paid once any step is on an API: worth avoiding only by leaving the API altogether.
        let alone: Assignment = self.steps.iter().map(|s| s.pool.map(|_| true)).collect();
        let complete = self.steps.iter().all(|s| s.pool.is_some() || s.api_usd.is_none());
        if complete && self.total_usd(&alone) < self.total_usd(&out) { alone } else { out }
    }

    fn solve_pool(&self, pool: usize, out: &mut Assignment) {
        let mine = |s: &Choice| s.pool.filter(|share| share.pool == pool);
        let (mut fixed, mut free) = (0.0, Vec::new());
        for (i, step) in self.steps.iter().enumerate() {
            match (mine(step), step.api_usd) {
                (Some(share), None) => fixed += share.replicas,
                (Some(share), Some(api)) => free.push((i, share, api)),
                _ => {}
            }
        }
        let chosen =
            if free.len() <= EXACT { self.every_subset(pool, fixed, &free) } else { self.improve(pool, fixed, &free) };
        for (k, (i, ..)) in free.iter().enumerate() {
            out[*i] = Some(chosen[k]);
        }
    }

    fn every_subset(&self, pool: usize, fixed: f64, free: &[(usize, Share, f64)]) -> Vec<bool> {
        let mut inside = vec![false; free.len()];
        let mut best = (f64::INFINITY, inside.clone());
        for code in 0_u32..(1 << free.len()) {
            if code > 0 {
                let flipped = code.trailing_zeros() as usize;
                inside[flipped] = !inside[flipped];
            }
            let usd = self.subset_usd(pool, fixed, free, &inside);
            if usd < best.0 {
                best = (usd, inside.clone());
            }
        }
        best.1
    }

    /// From both ends, the best single flip as long as one helps.
    fn improve(&self, pool: usize, fixed: f64, free: &[(usize, Share, f64)]) -> Vec<bool> {
        let climb = |start: bool| {
            let mut inside = vec![start; free.len()];
            let mut usd = self.subset_usd(pool, fixed, free, &inside);
            loop {
                let flips = (0..free.len()).map(|k| {
                    let mut other = inside.clone();
                    other[k] = !other[k];
                    (self.subset_usd(pool, fixed, free, &other), other)
                });
                match flips.min_by(|a, b| a.0.total_cmp(&b.0)) {
                    Some((less, other)) if less < usd => (usd, inside) = (less, other),
                    _ => return (usd, inside),
                }
            }
        };
        let (a, b) = (climb(false), climb(true));
        if a.0 <= b.0 { a.1 } else { b.1 }
    }

    fn subset_usd(&self, pool: usize, fixed: f64, free: &[(usize, Share, f64)], inside: &[bool]) -> f64 {
        let (mut replicas, mut usd) = (fixed, 0.0);
        for ((_, share, api), own) in free.iter().zip(inside) {
            if *own {
                replicas += share.replicas;
                usd += share.usd;
            } else {
                usd += api;
            }
        }
        usd + self.pool_usd(pool, replicas)
    }
}

impl Choice {
    /// Where a step goes before its pool is decided: its API if it has one, else its pool.
    fn place_without_choice(&self) -> Option<bool> {
        match (self.api_usd, self.pool) {
            (Some(_), _) => Some(false),
            (None, Some(_)) => Some(true),
            (None, None) => None,
        }
    }
}
