//! The cheapest assignment, exactly.
//!
//! Step by step, every combination of ways is kept that no other beats in every respect (money so far, replicas filled
//! of each pool): replicas only ever add cost, so a beaten combination can never win. A pool's staircase is paid once no
//! later step can use it. Which pools, and whether the API, are used at all is tried one set after another, so that
//! their fixed costs are in the lower bound that cuts off what cannot beat the best plan known.

use super::front::undominated;
use super::instance::{Assignment, Instance, Way};

/// Most combinations kept after a step; 2^16, so that 16 steps with two ways each are never cut.
const MOST_STATES: usize = 1 << 16;
/// The same for more than 16 steps, where an answer in time matters more than the last dollar.
const MOST_STATES_OF_MANY: usize = 1 << 11;
/// Most combinations compared pair by pair, which three pools and more that are open at once need.
const MOST_COMPARED: usize = 1 << 13;
/// Most pools for which every set of them is tried.
const MOST_POOLS_TRIED: usize = 4;

/// The best assignment found, and whether none is cheaper.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Which way every step takes.
    pub assignment: Assignment,
    /// Whether the search was complete.
    pub exact: bool,
}

impl Instance {
    /// The cheapest assignment.
    pub fn solve(&self) -> Solution {
        let mut best = self.start();
        let mut usd = self.total_usd(&best);
        let mut exact = true;
        let used = self.used_pools();
        let each = used.len() <= MOST_POOLS_TRIED;
        let sets = if each { 2_u32 << used.len() } else { 2 };
        for set in 0..sets {
            let open = if each { Open::of(self, &used, set) } else { Open::every_pool(self, set == 1) };
            let Some(search) = Search::new(self, open) else { continue };
            let (found, complete) = search.run(usd);
            exact &= complete;
            if let Some(found) = found {
                let total = self.total_usd(&found);
                if total < usd {
                    (usd, best) = (total, found);
                }
            }
        }
        Solution { assignment: best, exact }
    }

    fn used_pools(&self) -> Vec<usize> {
        let used = |p: &usize| self.steps.iter().flatten().flat_map(Way::fills).any(|filled| filled == *p);
        (0..self.pools.len()).filter(used).collect()
    }

    /// A good assignment to begin with: from the cheapest ways by themselves, one change at a time.
    fn start(&self) -> Assignment {
        let marginal = |w: &Way| w.usd + w.shares.iter().map(|s| s.replicas * self.slope(s.pool)).sum::<f64>();
        let least = |price: &dyn Fn(&Way) -> f64| -> Assignment {
            let pick = |ways: &Vec<Way>| (0..ways.len()).min_by(|a, b| price(&ways[*a]).total_cmp(&price(&ways[*b])));
            self.steps.iter().map(pick).collect()
        };
        let by_api = |w: &Way| if w.uses_pool() { f64::MAX } else { w.usd };
        let by_pool = |w: &Way| if w.uses_api() { f64::MAX } else { marginal(w) };
        let starts = [least(&by_api), least(&marginal), least(&by_pool)].map(|a| self.improved(a));
        let [first, rest @ ..] = starts;
        rest.into_iter().fold(first, |a, b| if self.total_usd(&b) < self.total_usd(&a) { b } else { a })
    }

    /// The best single change as long as one helps.
    fn improved(&self, mut assignment: Assignment) -> Assignment {
        let mut usd = self.total_usd(&assignment);
        loop {
            let mut better = None;
            for (i, ways) in self.steps.iter().enumerate() {
                for way in 0..ways.len() {
                    let before = assignment[i].replace(way);
                    let total = self.total_usd(&assignment);
                    assignment[i] = before;
                    if total < usd {
                        usd = total;
                        better = Some((i, way));
                    }
                }
            }
            match better {
                Some((i, way)) => assignment[i] = Some(way),
                None => return assignment,
            }
        }
    }

    /// The least a replica more of a pool costs.
    fn slope(&self, pool: usize) -> f64 {
        let hosted = &self.pools[pool];
        match hosted.curve.pinned {
            Some(_) => 0.0,
            None if hosted.known => {
                hosted.replica + hosted.power_per_replica + hosted.update_per_replica / hosted.every
            }
            None => 0.0,
        }
    }
}

/// What may be used. The API's migrations are paid wherever the API is open; a set without it is tried too.
struct Open {
    api: bool,
    pools: Vec<bool>,
    /// Whether every open pool is taken to be used, so that a bound may count its first replica; the sets with fewer
    /// pools are tried too.
    each_used: bool,
}

impl Open {
    fn every_pool(instance: &Instance, api: bool) -> Self {
        Self { api, pools: vec![true; instance.pools.len()], each_used: false }
    }

    fn of(instance: &Instance, used: &[usize], set: u32) -> Self {
        let mut pools = vec![false; instance.pools.len()];
        for (bit, pool) in used.iter().enumerate() {
            pools[*pool] = set >> (bit + 1) & 1 == 1;
        }
        Self { api: set & 1 == 1, pools, each_used: true }
    }

    fn allows(&self, way: &Way) -> bool {
        (self.api || !way.uses_api()) && way.fills().all(|p| self.pools[p])
    }
}

/// A combination of ways of the steps so far.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Money that is certain: tokens, migrations, pools that no later step uses.
    pub(super) usd: f64,
    /// Replicas filled of each pool that is still in use.
    pub(super) filled: Vec<f64>,
    /// The combination before its last step, and that step's way.
    pub(super) parent: u32,
    pub(super) way: u32,
}

/// A lower bound: a price of a replica in each pool, and what the steps from each position on cost at least at it.
struct Bound {
    price: Vec<f64>,
    rest: Vec<f64>,
}

/// One search over an open set.
struct Search<'a> {
    instance: &'a Instance,
    open: Open,
    /// Steps with their allowed ways (index and way), those of one pool together.
    steps: Vec<(usize, Vec<(u32, &'a Way)>)>,
    /// The last position whose step can use a pool.
    last_use: Vec<Option<usize>>,
    bounds: Vec<Bound>,
}

impl<'a> Search<'a> {
    fn new(instance: &'a Instance, open: Open) -> Option<Self> {
        let mut steps = Vec::new();
        for (i, ways) in instance.steps.iter().enumerate().filter(|(_, ways)| !ways.is_empty()) {
            let ways = ways.iter().enumerate().filter(|(_, w)| open.allows(w));
            let allowed: Vec<(u32, &Way)> = ways.map(|(k, w)| (k as u32, w)).collect();
            if allowed.is_empty() {
                return None;
            }
            steps.push((i, allowed));
        }
        let pools = |ways: &[(u32, &Way)]| ways.iter().flat_map(|(_, w)| w.fills()).min();
        steps.sort_by_key(|(i, ways)| (pools(ways), *i));
        let uses = |ways: &[(u32, &Way)], p: usize| ways.iter().any(|(_, w)| w.fills().any(|filled| filled == p));
        let last_use = (0..instance.pools.len()).map(|p| steps.iter().rposition(|(_, ways)| uses(ways, p))).collect();
        let mut search = Self { instance, open, steps, last_use, bounds: Vec::new() };
        search.bounds = search.prices().into_iter().map(|price| Bound { rest: search.rest(&price), price }).collect();
        Some(search)
    }

    /// Pools that the step at a position or a later one can use.
    fn live(&self, k: usize) -> Vec<usize> {
        (0..self.last_use.len()).filter(|p| self.last_use[*p].is_some_and(|last| last >= k)).collect()
    }

    /// Prices of a replica to bound with: each pool free or at its slope, in every mix for up to three pools.
    fn prices(&self) -> Vec<Vec<f64>> {
        let free = vec![0.0; self.instance.pools.len()];
        if !self.open.each_used {
            return vec![free];
        }
        let live = self.live(0);
        let few = live.len() <= 3;
        let mixes = if few { 0..1_u32 << live.len() } else { 0..2 };
        let mix = |bits: u32| {
            let mut price = free.clone();
            for (k, p) in live.iter().enumerate() {
                if if few { bits >> k & 1 == 1 } else { bits == 1 } {
                    price[*p] = self.instance.slope(*p);
                }
            }
            price
        };
        mixes.map(mix).collect()
    }

    /// What the steps from each position on cost at least, with replicas at a price.
    fn rest(&self, price: &[f64]) -> Vec<f64> {
        let mut rest = vec![0.0; self.steps.len() + 1];
        for (k, (_, ways)) in self.steps.iter().enumerate().rev() {
            let of = |w: &Way| w.usd + w.shares.iter().map(|s| s.replicas * price[s.pool]).sum::<f64>();
            rest[k] = rest[k + 1] + ways.iter().map(|(_, w)| of(w)).fold(f64::INFINITY, f64::min);
        }
        rest
    }

    /// The best assignment that costs less than `limit`, and whether none was cut off by the number of combinations.
    fn run(&self, limit: f64) -> (Option<Assignment>, bool) {
        let most = if self.steps.len() <= 16 { MOST_STATES } else { MOST_STATES_OF_MANY };
        let standing = if self.open.api { self.instance.api_standing_usd } else { 0.0 };
        let begin = State { usd: standing, filled: vec![0.0; self.instance.pools.len()], parent: 0, way: 0 };
        let mut layers: Vec<Vec<State>> = vec![vec![begin]];
        let mut complete = true;
        for k in 0..self.steps.len() {
            let before = layers.last().map_or(&[][..], Vec::as_slice);
            let live = self.live(k + 1);
            let mut next: Vec<State> =
                before.iter().enumerate().flat_map(|(i, s)| self.after(k, i as u32, s)).collect();
            next.retain(|s| self.bound(k + 1, &live, s) < limit);
            let pairs = if live.len() > 2 { MOST_COMPARED } else { usize::MAX };
            complete &= self.keep_nearest(&mut next, pairs, k + 1, &live);
            next.sort_by(|a, b| a.usd.total_cmp(&b.usd));
            let mut next = undominated(next, &live);
            complete &= self.keep_nearest(&mut next, most, k + 1, &live);
            if next.is_empty() {
                return (None, complete);
            }
            layers.push(next);
        }
        (self.trace(&layers), complete)
    }

    /// Keep the states of the lowest bounds; whether all of them are kept.
    fn keep_nearest(&self, states: &mut Vec<State>, most: usize, k: usize, live: &[usize]) -> bool {
        let all = states.len() <= most;
        if !all {
            states.sort_by(|a, b| self.bound(k, live, a).total_cmp(&self.bound(k, live, b)));
            states.truncate(most);
        }
        all
    }

    /// A state with each way of step `k` added; pools that no later step uses are paid.
    fn after(&self, k: usize, parent: u32, state: &State) -> Vec<State> {
        let add = |(way, w): &(u32, &Way)| {
            let mut s = State { parent, way: *way, usd: state.usd + w.usd, filled: state.filled.clone() };
            for share in &w.shares {
                s.filled[share.pool] += share.replicas;
            }
            for (p, filled) in s.filled.iter_mut().enumerate().filter(|(p, _)| self.last_use[*p] == Some(k)) {
                s.usd += self.instance.pool_usd(p, *filled);
                *filled = 0.0;
            }
            s
        };
        self.steps[k].1.iter().map(add).collect()
    }

    /// The least a state can end up costing, with the steps from `k` on still to come.
    fn bound(&self, k: usize, live: &[usize], s: &State) -> f64 {
        let of = |b: &Bound| {
            let pools: f64 = live.iter().map(|p| self.pool_at_least(*p, s.filled[*p], b.price[*p])).sum();
            s.usd + pools + b.rest[k]
        };
        self.bounds.iter().map(of).fold(0.0, f64::max)
    }

    /// The least a pool costs that holds `filled` replicas, beside `price` for every replica still to come.
    fn pool_at_least(&self, pool: usize, filled: f64, price: f64) -> f64 {
        let i = self.instance;
        match (self.open.each_used, price > 0.0) {
            (true, true) => i.pool_usd(pool, 1.0) + price * (filled - 1.0),
            (true, false) => i.pool_usd(pool, filled.max(f64::MIN_POSITIVE)),
            (false, _) => i.pool_usd(pool, filled),
        }
    }

    fn trace(&self, layers: &[Vec<State>]) -> Option<Assignment> {
        let last = layers.last()?;
        let mut at = (0..last.len()).min_by(|a, b| last[*a].usd.total_cmp(&last[*b].usd))?;
        let mut out: Assignment = vec![None; self.instance.steps.len()];
        for k in (0..self.steps.len()).rev() {
            let state = &layers[k + 1][at];
            out[self.steps[k].0] = Some(state.way as usize);
            at = state.parent as usize;
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests;
