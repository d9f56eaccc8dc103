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

    /// Scales between `from` and `to` at which one of the ways needs another replica, ascending.
    fn stairs(&self, ways: [&Way; 2], from: f64, to: f64) -> Vec<f64> {
        let mut out = Vec::new();
        let pools = (0..self.others.len()).flat_map(|p| ways.map(|w| (self.others[p], filled(w, p))));
        for (taken, more) in pools.filter(|(_, more)| *more > 0.0) {
            let mut n = libm::floor(taken + more * from).max(0.0) + 1.0;
            for _ in 0..MOST_SEGMENTS {
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
        if g0.is_nan() || g1.is_nan() || !g0.is_finite() || !g1.is_finite() {
            return (g0 < 0.0 && g1 < 0.0).then_some(if up { a } else { b });
        }
        let slope = (g1 - g0) / (x1 - x0);
        let at = |x: f64| g0 + slope * (x - x0);
        let tolerance = 1e-9 * self.usd(now, x0).abs();
        let (near, far) = if up { (a, b) } else { (b, a) };
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
