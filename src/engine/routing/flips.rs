//! The volume of a step at which its best place changes, with every other step where the plan puts it.
//!
//! A step's money is a straight line in its own volume between two steps of its pools' staircases, so each crossing is
//! solved in closed form, as the break-even of the whole is.

use serde::Serialize;

use super::instance::{Instance, Way};

/// How far from today's volume a change is looked for, as a factor up and down.
pub const FARTHEST: f64 = 1000.0;
/// Most steps of a staircase that are looked at.
const MOST_SEGMENTS: usize = 2000;

/// A volume from which a step is better served in another way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flip {
    /// Tokens a day of the step: the change lies there.
    pub tokens_per_day: f64,
    /// `above` or `below`: on which side of that volume the other way is better.
    pub side: &'static str,
    /// The way that is better there, as in `moves`.
    pub to: &'static str,
}

/// Replicas of a pool that a way fills at today's volume.
fn filled(way: &Way, pool: usize) -> f64 {
    way.shares.iter().filter(|s| s.pool == pool).map(|s| s.replicas).sum()
}

/// One step's money as a function of its own volume, everything else in place.
struct Own<'a> {
    instance: &'a Instance,
    /// Replicas of each pool that the other steps fill.
    others: Vec<f64>,
    others_use_api: bool,
}

impl Own<'_> {
    /// US dollars per month of a way at `scale` times today's volume, the other steps' share of the pools included.
    fn usd(&self, way: &Way, scale: f64) -> f64 {
        let standing = if way.uses_api() && !self.others_use_api { self.instance.api_standing_usd } else { 0.0 };
        let pools = (0..self.others.len()).map(|p| {
            let more = filled(way, p);
            self.instance.pool_usd(p, self.others[p] + more * scale)
        });
        way.usd * scale + standing + pools.sum::<f64>()
    }

    /// Scales between `from` and `to` at which one of the ways needs another replica, or one too many; ascending.
    fn stairs(&self, ways: [&Way; 2], from: f64, to: f64) -> Vec<f64> {
        let mut out = Vec::new();
        let pools = (0..self.others.len()).flat_map(|p| ways.map(|w| (p, filled(w, p))));
        for (p, more) in pools.filter(|(_, more)| *more > 0.0) {
            let taken = self.others[p];
            // A pool of a fixed size has one step, where it is full.
            let (mut n, most) = match self.instance.pools[p].curve.pinned {
                Some(full) => (f64::from(full.max(1)), 1),
                None => (libm::floor(taken + more * from).max(0.0) + 1.0, MOST_SEGMENTS),
            };
            for _ in 0..most {
                let scale = (n - taken) / more;
                if scale >= to {
                    break;
                }
                if scale > from {
                    out.push(scale);
                }
                n += 1.0;
            }
        }
        out.sort_by(f64::total_cmp);
        out
    }

    /// The first scale above (or last below) today's at which `other` is cheaper than `now`.
    fn crossing(&self, now: &Way, other: &Way, up: bool) -> Option<f64> {
        let (from, to) = if up { (1.0, FARTHEST) } else { (1.0 / FARTHEST, 1.0) };
        let mut ends = vec![from];
        ends.extend(self.stairs([now, other], from, to));
        ends.push(to);
        let segments: Vec<(f64, f64)> = ends.windows(2).map(|w| (w[0], w[1])).filter(|(a, b)| b > a).collect();
        let found = |(a, b): &(f64, f64)| self.in_segment(now, other, *a, *b, up);
        if up { segments.iter().find_map(found) } else { segments.iter().rev().find_map(found) }
    }

    /// Within a segment both are straight lines, read off at two inner points.
    fn in_segment(&self, now: &Way, other: &Way, a: f64, b: f64, up: bool) -> Option<f64> {
        let gap = |x: f64| self.usd(other, x) - self.usd(now, x);
        let (x0, x1) = (a + (b - a) * 0.25, a + (b - a) * 0.75);
        let (g0, g1) = (gap(x0), gap(x1));
        let slope = (g1 - g0) / (x1 - x0);
        let (near, far) = if up { (a, b) } else { (b, a) };
        // A pool of a fixed size carries a whole segment or none of it.
        if !slope.is_finite() {
            return (g0 < 0.0).then_some(near);
        }
        let at = |x: f64| g0 + slope * (x - x0);
        let tolerance = 1e-9 * self.usd(now, x0).abs();
        if at(near) < -tolerance {
            return Some(near);
        }
        if at(far) >= -tolerance {
            return None;
        }
        let root = x0 - g0 / slope;
        Some(root.clamp(a, b))
    }
}

/// Where the best way of a step changes: the nearest volume above and the nearest below today's, if there are any
/// within [`FARTHEST`].
pub fn flips(instance: &Instance, assignment: &[Option<usize>], step: usize, tokens_per_day: f64) -> Vec<Flip> {
    let Some(now) = instance.way(assignment, step) else { return Vec::new() };
    let mut without = assignment.to_vec();
    without[step] = None;
    let uses_api = |i: usize| instance.way(&without, i).is_some_and(Way::uses_api);
    let own = Own { instance, others: instance.filled(&without), others_use_api: (0..assignment.len()).any(uses_api) };
    let others = || instance.steps[step].iter().filter(|w| *w != now);
    let nearest = |up: bool| {
        let found = others().filter_map(|w| Some((own.crossing(now, w, up)?, w)));
        let closer = |a: &(f64, &Way), b: &(f64, &Way)| {
            let order = a.0.total_cmp(&b.0);
            let order = if up { order } else { order.reverse() };
            order.then_with(|| own.usd(a.1, b.0).total_cmp(&own.usd(b.1, b.0)))
        };
        found.min_by(closer).map(|(scale, w)| Flip {
            tokens_per_day: scale * tokens_per_day,
            side: if up { "above" } else { "below" },
            to: w.id(),
        })
    };
    [false, true].into_iter().filter_map(nearest).filter(|f| f.tokens_per_day > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::super::instance::{Share, Side};
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::cost::{self, SelfHosted};
    use crate::engine::deployment::Subject;
    use crate::engine::fleet;
    use crate::scenario::Scenario;

    /// A pool that costs so much a replica and nothing else.
    fn pool(replica: f64, pinned: Option<u32>) -> SelfHosted {
        let (catalog, mut scenario, warnings) = (Catalog::embedded().unwrap(), Scenario::default(), &mut Vec::new());
        scenario.hardware.spare_replicas = 0;
        let subject = Subject::of(&scenario, &catalog, warnings).unwrap();
        let fleet = fleet::choose(&subject, warnings);
        let mut p = cost::price(&subject, &fleet, warnings).self_hosted;
        (p.replica, p.curve.pinned) = (replica, pinned);
        (p.first_extra, p.power_per_replica, p.colocation, p.people) = (0.0, 0.0, 0.0, 0.0);
        (p.overhead_share, p.overhead_minimum, p.egress) = (0.0, 0.0, 0.0);
        (p.update_people, p.update_per_replica) = (0.0, 0.0);
        p
    }

    fn instance(ways: Vec<Way>, pools: Vec<SelfHosted>, api_standing_usd: f64) -> Instance {
        Instance { steps: vec![ways], pools, api_standing_usd }
    }

    fn on(pool: usize, replicas: f64, usd: f64) -> Way {
        Way::pool(Share { pool, replicas }, usd)
    }

    /// Where the only step changes from its first way, at 100 tokens a day now.
    fn found(i: &Instance) -> Vec<(f64, &'static str, &'static str)> {
        flips(i, &[Some(0)], 0, 100.0).into_iter().map(|f| (f.tokens_per_day, f.side, f.to)).collect()
    }

    #[test]
    fn a_pool_of_a_fixed_size_is_left_where_it_is_full_however_dear_the_api() {
        let i = instance(vec![on(0, 0.5, 1.0), Way::api(1e9)], vec![pool(10.0, Some(2))], 0.0);
        assert_eq!(found(&i), [(400.0, "above", "api")]);
        // Nor is it looked for replica by replica: this one is full beyond the most steps of a staircase.
        let i = instance(vec![on(0, 10.0, 1.0), Way::api(1e9)], vec![pool(10.0, Some(5_000))], 0.0);
        assert_eq!(found(&i), [(50_000.0, "above", "api")]);
    }

    #[test]
    fn a_pool_of_a_fixed_size_is_taken_only_where_it_is_not_full() {
        let at = |replicas: f64| instance(vec![Way::api(10.0), on(0, replicas, 0.0)], vec![pool(15.0, Some(2))], 0.0);
        assert_eq!(found(&at(0.5)), [(300.0, "above", "self_hosted")]);
        assert_eq!(found(&at(1.0)), []);
    }

    // Both need their second replica at the same volume, before the change.
    #[test]
    fn ways_that_grow_together_change_places_all_the_same() {
        let cascade = Way { first: Some(Side::Api), ..on(0, 0.5, 5.0) };
        let i = instance(vec![on(0, 0.5, 10.0), cascade], vec![pool(40.0, None)], 50.0);
        assert_eq!(found(&i), [(1_000.0, "above", "api_then_self_hosted")]);
    }

    #[test]
    fn ways_that_cost_the_same_at_every_volume_never_change_places() {
        for usd in [0.0, 10.0] {
            let cascade = Way { first: Some(Side::Api), ..Way::api(usd) };
            assert_eq!(found(&instance(vec![Way::api(usd), cascade], Vec::new(), 0.0)), []);
        }
    }

    // A full replica costs exactly what the API does, but for rounding, and one that is not full costs more.
    #[test]
    fn a_pool_that_at_best_breaks_even_is_never_better() {
        for replica in [20.0, 1e6 / 7.0, 123_456.789, 98_765.432_1, 1e7 / 3.0] {
            for share in [0.5, 0.3, 0.7, 0.37, 0.11] {
                let i = instance(vec![Way::api(replica * share), on(0, share, 0.0)], vec![pool(replica, None)], 0.0);
                assert_eq!(found(&i), [], "{replica} {share}");
            }
        }
    }

    #[test]
    fn a_step_that_is_never_called_has_no_volume_at_which_it_changes() {
        let i = instance(vec![on(0, 0.5, 1.0), Way::api(1e9)], vec![pool(10.0, Some(2))], 0.0);
        assert_eq!(flips(&i, &[Some(0)], 0, 0.0), []);
    }

    #[test]
    fn the_nearest_steps_of_a_staircase_are_looked_at_up_to_their_most() {
        let i = instance(Vec::new(), vec![pool(1.0, None)], 0.0);
        let (large, none) = (on(0, 10.0, 0.0), Way::api(0.0));
        for taken in [0.0, 0.5] {
            let own = Own { instance: &i, others: vec![taken], others_use_api: false };
            let stairs = own.stairs([&large, &none], 1.0, FARTHEST);
            assert_eq!(stairs.len(), MOST_SEGMENTS);
            // Ten replicas are filled today, and half a one by the others.
            assert_eq!((stairs[0], stairs[1]), ((11.0 - taken) / 10.0, (12.0 - taken) / 10.0));
        }
    }
}
