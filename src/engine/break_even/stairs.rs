//! The steps of the staircase that are looked at one by one, without looking at those that cannot hold a crossing.
//!
//! On a stretch where every step is as wide as the next and dearer by the same amount, the gap at the left ends and at
//! the right ends of the segments are straight lines over their number; only where one of them changes its sign can the
//! sides cross. What is looked at is looked at with the same arithmetic as if all were.

use super::{ApiBaseline, Gap, LEAST, MOST, STEPS, SelfHosted, Walk};

/// Segments looked at on either side of a sign change, for what rounding may move.
const MARGIN: f64 = 2.0;
/// Change of the gap per segment, over what a replica costs, below which its sign changes cannot be placed.
const LEVEL: f64 = 1e-12;

/// The first steps of an unpinned staircase.
pub(super) struct Stairs<'a> {
    hosted: &'a SelfHosted,
    api: &'a ApiBaseline,
    /// Number of the first step above the least volume.
    first: usize,
    /// Segments, each ending at a step.
    pub count: usize,
    /// Replicas of the first segment.
    pub replicas: f64,
}

impl<'a> Stairs<'a> {
    pub(super) fn of(hosted: &'a SelfHosted, api: &'a ApiBaseline) -> Self {
        let one = Self { hosted, api, first: 1, count: 0, replicas: 1.0 };
        let first = one.search(|v| v > LEAST);
        let end = one.search(|v| v >= MOST);
        // As many replicas as steps up to the first above the least volume, which may itself lie on a step.
        let replicas = hosted.carrying(LEAST).max(first as f64);
        Self { first, count: end.saturating_sub(first), replicas, ..one }
    }

    /// Number of the first step at a volume that satisfies what all later ones satisfy too; one more than there are if none
    /// does.
    fn search(&self, holds: impl Fn(f64) -> bool) -> usize {
        let (mut low, mut high) = (1, STEPS + 1);
        while low < high {
            let middle = low.midpoint(high);
            if holds(self.raw(middle) / self.hosted.load) { high = middle } else { low = middle + 1 }
        }
        low
    }

    /// Volume on the curve at which replica `n + 1` is added.
    fn raw(&self, n: usize) -> f64 {
        n as f64 * self.hosted.curve.tokens_per_day_per_replica
    }

    /// Volume at which a segment begins.
    pub(super) fn from(&self, k: usize) -> f64 {
        if k == 0 { LEAST } else { self.raw(self.first + k - 1) / self.hosted.load }
    }

    fn gap(&self, k: usize) -> Gap {
        Gap::of(self.hosted, self.api, self.replicas + k as f64)
    }

    fn ends(&self, k: usize) -> (f64, f64) {
        let gap = self.gap(k);
        (gap.at(self.from(k)), gap.at(self.from(k + 1)))
    }

    fn segments(&self, walk: &mut Walk, from: usize, to: usize) {
        for k in from..to {
            walk.segment(self.gap(k), self.from(k), self.from(k + 1));
        }
    }

    /// Look at every segment that can hold a crossing.
    pub(super) fn look(&self, walk: &mut Walk) {
        // With zones the steps differ, each from the next.
        if self.hosted.curve.spares.zones > 1 {
            return self.segments(walk, 0, self.count);
        }
        // The first segment is narrower than the rest, and the overhead leaves its least amount once.
        let grows = (self.hosted.overhead_grows_from() - self.replicas).ceil();
        let bend = grows.max(1.0).min(self.count as f64) as usize;
        self.segments(walk, 0, 1.min(self.count));
        self.regular(walk, 1, bend);
        self.regular(walk, bend, self.count);
    }

    /// A regular stretch.
    fn regular(&self, walk: &mut Walk, from: usize, to: usize) {
        if to <= from {
            return;
        }
        let last = to - 1;
        let ((a, b), (c, d)) = (self.ends(from), self.ends(last));
        let n = (last - from) as f64;
        let least = LEVEL * self.hosted.replica.abs();
        let (left, right) = (flip(a, c, n, least), flip(b, d, n, least));
        let (Some(x), Some(y)) = (left, right) else { return self.segments(walk, from, to) };
        // Between the two sign changes every segment holds a crossing.
        let begin = (x.min(y) - MARGIN).max(1.0) as usize;
        let end = (x.max(y) + MARGIN).min(n) as usize + 1;
        self.segments(walk, from, from + 1);
        self.segments(walk, from + begin, from + end);
    }
}

/// Where a line from `start` to `end` over `n` segments changes its sign, or the end of them nearest to that; `None`
/// where that cannot be told.
fn flip(start: f64, end: f64, n: f64, least: f64) -> Option<f64> {
    let slope = (end - start) / n;
    (slope.is_finite() && slope.abs() > least).then(|| (-start / slope).clamp(0.0, n))
}
