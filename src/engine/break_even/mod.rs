//! Every volume at which the lines cross.
//!
//! Between two steps of the staircase both sides are linear in volume, so each segment's crossing is closed form; at a
//! step the self-hosted line jumps, which can cross as well. Beyond the steps looked at one by one the staircase is
//! regular, so where it ends is decided by the marginal cost of a token, not by where one stopped looking.

pub mod levers;
mod stairs;

use serde::Serialize;

use super::cost::{ApiBaseline, Cost, SelfHosted};
use stairs::Stairs;

/// Direction of a crossing above which self-hosting is the cheaper side.
pub const BECOMES_CHEAPER: &str = "self_hosting_becomes_cheaper";
/// Least volume looked at, tokens per day.
pub const LEAST: f64 = 1e3;
/// Volume up to which every step is looked at one by one, tokens per day; what lies beyond is decided by the tail.
pub const MOST: f64 = 1e12;
/// Steps of the staircase looked at one by one.
const STEPS: usize = 4096;
/// Crossings of the regular tail that are listed.
const TAIL_SEGMENTS: f64 = 4096.0;
/// Segments at the end of a longer tail that are looked at as well.
const LAST_SEGMENTS: f64 = 4.0;

/// The crossings with one baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakEven {
    /// Role of the baseline.
    pub against: String,
    /// Every crossing, by volume.
    pub crossings: Vec<Crossing>,
    /// Volume above which not every crossing is listed, because the side changes at every step for thousands of them;
    /// `null` where all are.
    pub unlisted_above_tokens_per_day: Option<f64>,
    /// Volume above which self-hosting stays cheaper; `null` where there is none.
    pub always_cheaper_above_tokens_per_day: Option<f64>,
    /// Whether self-hosting is never cheaper at any volume.
    pub never: bool,
}

/// One crossing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossing {
    /// Volume, tokens per day.
    pub tokens_per_day: f64,
    /// [`BECOMES_CHEAPER`] or `api_becomes_cheaper`.
    pub direction: &'static str,
}

/// Solve for every baseline; none where the self-hosted side has no cost.
pub fn solve(cost: &Cost) -> Vec<BreakEven> {
    if !cost.self_hosted.known {
        return Vec::new();
    }
    cost.api.iter().map(|a| against(&cost.self_hosted, a)).collect()
}

/// The crossings of a self-hosted staircase and one baseline.
pub fn against(hosted: &SelfHosted, api: &ApiBaseline) -> BreakEven {
    let walk = walk(hosted, api);
    let end = walk.tail;
    let always = match end {
        Tail::Cheaper => Some(walk.crossings.last().map_or(LEAST, |c| c.tokens_per_day)),
        Tail::Dearer | Tail::Mixed | Tail::Unserved => None,
    };
    BreakEven {
        against: api.role.into(),
        unlisted_above_tokens_per_day: walk.unlisted_above,
        always_cheaper_above_tokens_per_day: always,
        never: !walk.ever,
        crossings: walk.crossings,
    }
}

/// What holds above every crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// Self-hosting is cheaper.
    Cheaper,
    /// The API is cheaper.
    Dearer,
    /// It changes at every step, for ever.
    Mixed,
    /// The pinned replicas cannot serve it.
    Unserved,
}

struct Walk {
    crossings: Vec<Crossing>,
    cheaper: bool,
    ever: bool,
    unlisted_above: Option<f64>,
    tail: Tail,
}

impl Walk {
    fn start(cheaper: bool) -> Self {
        Self { crossings: Vec::new(), cheaper, ever: cheaper, unlisted_above: None, tail: Tail::Dearer }
    }

    fn see(&mut self, tokens_per_day: f64, cheaper: bool) {
        if cheaper != self.cheaper {
            let direction = if cheaper { BECOMES_CHEAPER } else { "api_becomes_cheaper" };
            self.crossings.push(Crossing { tokens_per_day, direction });
            self.cheaper = cheaper;
            self.ever |= cheaper;
        }
    }

    /// A segment `(from, to]` on which the gap is a line, seen from just above its lower end to its upper end.
    fn segment(&mut self, gap: Gap, from: f64, to: f64) {
        let (a, b) = (gap.at(from), gap.at(to));
        self.see(from, gap.is_below_after(from));
        if (a < 0.0) != (b < 0.0) && gap.slope != 0.0 {
            self.see((-gap.constant / gap.slope).clamp(from, to), b < 0.0);
        }
    }
}

/// Self-hosted minus API at a number of replicas, as a line over tokens a day.
#[derive(Clone, Copy)]
struct Gap {
    constant: f64,
    slope: f64,
}

impl Gap {
    fn of(hosted: &SelfHosted, api: &ApiBaseline, replicas: f64) -> Self {
        let ((a, b), (c, d)) = (hosted.line(replicas), api.line());
        Self { constant: a - c, slope: b - d }
    }

    fn at(self, tokens_per_day: f64) -> f64 {
        self.constant + self.slope * tokens_per_day
    }

    /// Whether it is below 0 just above a volume.
    fn is_below_after(self, tokens_per_day: f64) -> bool {
        let gap = self.at(tokens_per_day);
        gap < 0.0 || (gap == 0.0 && self.slope < 0.0)
    }
}

fn walk(hosted: &SelfHosted, api: &ApiBaseline) -> Walk {
    let mut walk = Walk::start(Gap::of(hosted, api, hosted.carrying(LEAST)).at(LEAST) < 0.0);
    if hosted.curve.pinned.is_some() {
        let most = MOST.min(hosted.most());
        if most > LEAST {
            walk.segment(Gap::of(hosted, api, hosted.carrying(LEAST)), LEAST, most);
        }
        walk.tail = Tail::Unserved;
        return walk;
    }
    let stairs = Stairs::of(hosted, api);
    stairs.look(&mut walk);
    let (from, replicas) = (stairs.from(stairs.count), stairs.replicas + stairs.count as f64);
    tail(&mut walk, hosted, api, from, replicas);
    walk
}

/// The rest of the staircase, from `from` on, where `replicas` carry the load. Overhead has a least amount, and so do the
/// spares of a fleet that is spread over zones, so it is three regular stretches at most.
fn tail(walk: &mut Walk, hosted: &SelfHosted, api: &ApiBaseline, from: f64, replicas: f64) {
    let width = hosted.curve.tokens_per_day_per_replica / hosted.load;
    let mut bends = [hosted.overhead_grows_from(), hosted.curve.spares.grow_from()];
    bends.sort_by(f64::total_cmp);
    let period = hosted.curve.spares.period();
    let mut stretch = Stretch { hosted, api, from, replicas, width, period };
    for bend in bends {
        let count = (bend - stretch.replicas).ceil().max(0.0);
        if count > 0.0 && count.is_finite() {
            stretch.look(walk, count);
            stretch.from += count * width;
            stretch.replicas += count;
        }
    }
    stretch.look(walk, f64::INFINITY);
}

/// A regular part of the staircase: every segment as wide as the next, and dearer by the same amount as the one a period
/// before it.
struct Stretch<'a> {
    hosted: &'a SelfHosted,
    api: &'a ApiBaseline,
    from: f64,
    replicas: f64,
    width: f64,
    /// Segments after which the same step comes again.
    period: f64,
}

/// Where the gap of the segments of a stretch changes its sign.
struct Flips {
    /// Number of the first segment at which it does, and of the last; below 0 where all of it has happened before.
    soon: f64,
    late: f64,
    /// What a period adds to the gap, and what its replicas add to the cost.
    rise: f64,
    step: f64,
    /// Whether some of the first segments begin or end below 0, and whether some do not.
    below: bool,
    above: bool,
}

impl Stretch<'_> {
    fn gap(&self, k: f64) -> Gap {
        Gap::of(self.hosted, self.api, self.replicas + k)
    }

    fn segment(&self, walk: &mut Walk, k: f64) {
        walk.segment(self.gap(k), self.from + k * self.width, self.from + (k + 1.0) * self.width);
    }

    fn segments(&self, walk: &mut Walk, from: f64, to: f64) {
        let mut k = from;
        while k <= to {
            self.segment(walk, k);
            k += 1.0;
        }
    }

    /// Of every segment of the first period, with those that repeat it.
    fn flips(&self) -> Flips {
        let mut out =
            Flips { soon: f64::INFINITY, late: f64::NEG_INFINITY, rise: 0.0, step: 0.0, below: false, above: false };
        let mut k = 0.0;
        while k < self.period {
            let (first, next) = (self.gap(k), self.gap(k + self.period));
            // Per period, both ends of the gap move by what its replicas cost less what the API takes for what they carry.
            out.step = next.constant - first.constant;
            out.rise = out.step + first.slope * self.width * self.period;
            let (from, to) = (self.from + k * self.width, self.from + (k + 1.0) * self.width);
            let end = first.at(to);
            for (gap, below) in [(first.at(from), first.is_below_after(from)), (end, end < 0.0)] {
                let at = k - gap / out.rise * self.period;
                (out.soon, out.late) = (out.soon.min(at), out.late.max(at));
                (out.below, out.above) = (out.below || below, out.above || !below);
            }
            k += 1.0;
        }
        out
    }

    /// Look at `count` segments; only those in which the sign can change, which are found in closed form.
    fn look(&self, walk: &mut Walk, count: f64) {
        if count < 2.0 * self.period - 1.0 {
            return self.segments(walk, 0.0, count - 1.0);
        }
        let flips = self.flips();
        self.segment(walk, 0.0);
        if flips.rise.abs() <= 1e-12 * flips.step.abs() {
            walk.tail = match (flips.below, flips.above) {
                (true, false) => Tail::Cheaper,
                (false, _) => Tail::Dearer,
                (true, true) => {
                    let last = if count.is_finite() { (count - 1.0).min(TAIL_SEGMENTS) } else { 0.0 };
                    self.segments(walk, 1.0, last);
                    if last < count - 1.0 {
                        walk.unlisted_above.get_or_insert(self.from + (last + 1.0) * self.width);
                    }
                    Tail::Mixed
                }
            };
            return;
        }
        let begin = (flips.soon.floor() - self.period).max(1.0);
        let end = (flips.late.ceil() + self.period).min(count - 1.0);
        let stop = end.min(begin + TAIL_SEGMENTS);
        self.segments(walk, begin, stop);
        if stop < end {
            let next = begin + (stop - begin).floor() + 1.0;
            walk.unlisted_above.get_or_insert(self.from + next * self.width);
            // The last crossing lies just before the end, and is what "always" rests on.
            self.segments(walk, (end - LAST_SEGMENTS * self.period).max(next), end);
        }
        walk.tail = if flips.rise < 0.0 { Tail::Cheaper } else { Tail::Dearer };
    }
}
