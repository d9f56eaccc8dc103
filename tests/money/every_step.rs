//! Every crossing, against looking at one step after another, for staircases whose costs are binary fractions: no rounding
//! hides which side is cheaper where the lines meet exactly at a step, lie on each other, or part by a thousandth of a
//! replica a step. They bend where the overhead leaves its least amount and where zones ask for more spares.

use crossover::engine::break_even::{BreakEven, LEAST, against};
use crossover::engine::cost::{ApiBaseline, SelfHosted};
use crossover::engine::fleet::FleetCurve;
use crossover::engine::fleet::spares::Spares;
use crossover::units::DAYS_PER_MONTH;
use proptest::prelude::*;

use super::free::free;

/// Tokens a day that one replica carries.
const CAPACITY: f64 = 12.0 * 1024.0;
/// Replicas up to which every step is looked at.
const LOOKED_AT: u32 = 13_000;
/// The same where everything happens near the last of the steps that the engine looks at one by one.
const NOT_FAR: u32 = 4_500;

/// Replicas at `replica` US dollars each and nothing else, on whose bill overhead is a quarter.
pub fn replicas(replica: f64) -> SelfHosted {
    SelfHosted { replica, overhead_share: 0.25, ..free(CAPACITY) }
}

/// US dollars per token that come to exactly so many US dollars a month per token a day; `None` where rounding forbids it.
fn usd_per_token(slope: f64) -> Option<f64> {
    let near = slope / DAYS_PER_MONTH;
    [near, near.next_up(), near.next_down()].into_iter().find(|usd| usd * DAYS_PER_MONTH == slope)
}

/// An API that takes exactly so many US dollars a month per token a day, and `updates` beside that.
pub fn api(slope: f64, updates: f64) -> Option<ApiBaseline> {
    let (role, id, why) = ("same_weights", "x".into(), String::new());
    let usd_per_token = usd_per_token(slope)?;
    Some(ApiBaseline { role, id, why, usd_per_token, quality_gap_per_token: 0.0, updates, premium: None })
}

/// Self-hosted less API where `n` replicas carry the load: a line over volume, and the volumes on which it holds.
struct Segment {
    constant: f64,
    slope: f64,
    from: f64,
    to: f64,
}

impl Segment {
    fn of(hosted: &SelfHosted, api: &ApiBaseline, n: u32) -> Self {
        let ((a, b), (c, d)) = (hosted.line(f64::from(n)), api.line());
        let step = |n: u32| f64::from(n) * hosted.curve.tokens_per_day_per_replica / hosted.load;
        Self { constant: a - c, slope: b - d, from: step(n - 1).max(LEAST), to: step(n) }
    }

    fn at(&self, v: f64) -> f64 {
        self.constant + self.slope * v
    }

    /// Whether self-hosting is cheaper just above the lower end, and at the upper one.
    fn sides(&self) -> (bool, bool) {
        let start = self.at(self.from);
        (start < 0.0 || start == 0.0 && self.slope < 0.0, self.at(self.to) < 0.0)
    }
}

/// Whether self-hosting is cheaper at the least volume, the crossings above it (volume, and whether it then becomes
/// cheaper), and the last segment looked at.
fn one_by_one(hosted: &SelfHosted, api: &ApiBaseline, most: u32) -> (bool, Vec<(f64, bool)>, Segment) {
    let first = (LEAST * hosted.load / hosted.curve.tokens_per_day_per_replica).floor() as u32 + 1;
    let start = hosted.total(LEAST).unwrap() < api.total(LEAST);
    let (mut side, mut out) = (start, Vec::new());
    for n in first..=most {
        let segment = Segment::of(hosted, api, n);
        let (above, end) = segment.sides();
        if above != side {
            out.push((segment.from, above));
        }
        if end != above {
            out.push((-segment.constant / segment.slope, end));
        }
        side = end;
    }
    (start, out, Segment::of(hosted, api, most))
}

/// What holds above the last segment looked at.
#[derive(Debug, PartialEq)]
enum End {
    Cheaper,
    Dearer,
    ForEver,
    Later,
}

fn end(hosted: &SelfHosted, api: &ApiBaseline, most: u32) -> End {
    let period = hosted.curve.spares.zones.max(2) - 1;
    let rise = |n: u32| {
        let (a, b) = (Segment::of(hosted, api, n), Segment::of(hosted, api, n + period));
        b.at(b.from) - a.at(a.from)
    };
    let sides: Vec<bool> =
        (most - period..most).flat_map(|n| <[bool; 2]>::from(Segment::of(hosted, api, n).sides())).collect();
    let (all, none) = (sides.iter().all(|s| *s), sides.iter().all(|s| !s));
    match rise(most) {
        r if all && r <= 0.0 => End::Cheaper,
        r if none && r >= 0.0 => End::Dearer,
        0.0 => End::ForEver,
        _ => End::Later,
    }
}

/// Hold the answer against one step after another. `level`: somewhere the lines neither near each other nor part.
fn agrees(hosted: &SelfHosted, api: &ApiBaseline, level: bool, most: u32) -> Result<BreakEven, TestCaseError> {
    let b = against(hosted, api);
    let (start, expected, last) = one_by_one(hosted, api, most);
    let end = end(hosted, api, most);
    let listed_to = b.unlisted_above_tokens_per_day.unwrap_or(f64::INFINITY).min(last.to);
    let found: Vec<_> =
        b.crossings.iter().map(|c| (c.tokens_per_day, c.direction == "self_hosting_becomes_cheaper")).collect();
    let up_to = |all: &[(f64, bool)]| all.iter().copied().filter(|(v, _)| *v < listed_to).collect::<Vec<_>>();
    let (some, all) = (up_to(&found), up_to(&expected));
    let differ = some.iter().zip(&all).position(|(a, b)| a.1 != b.1 || (a.0 / b.0 - 1.0).abs() > 1e-12);
    prop_assert!(
        some.len() == all.len() && differ.is_none(),
        "at {differ:?}: {some:?}\nare {all:?}\nof {hosted:?}\n{api:?}"
    );
    for (v, cheaper) in found.iter().filter(|(v, _)| *v >= listed_to && *v < last.to) {
        let known = expected.iter().any(|(w, c)| c == cheaper && (v / w - 1.0).abs() < 1e-12);
        // The first of those listed after a hole may be one only because of the hole.
        prop_assert!(known || Some(*v) == found.iter().map(|f| f.0).find(|w| *w >= listed_to), "{v} of {b:?}");
    }
    if end != End::Later {
        prop_assert_eq!(b.never, !start && !expected.iter().any(|c| c.1));
        let always = (end == End::Cheaper).then(|| expected.last().map_or(LEAST, |c| c.0));
        let near = b.always_cheaper_above_tokens_per_day.zip(always).map(|(a, e)| (a / e - 1.0).abs() < 1e-12);
        prop_assert!(
            near.unwrap_or(b.always_cheaper_above_tokens_per_day == always),
            "{always:?}, {end:?}: {hosted:?} {api:?} {:?}",
            b.always_cheaper_above_tokens_per_day
        );
        prop_assert!(end != End::ForEver || b.unlisted_above_tokens_per_day.is_some());
        // With zones, only some of the steps cross, and still 4,096 of them are looked at.
        let far = expected.first().zip(expected.last()).map_or(0.0, |(a, z)| (z.0 - a.0) / (last.to - last.from));
        prop_assert!(level || far > 4000.0 || b.unlisted_above_tokens_per_day.is_none(), "{far} steps");
    }
    Ok(b)
}

/// A meeting of two lines.
#[derive(Debug, Clone, Copy)]
struct Meeting {
    spares: Spares,
    /// Replicas from which on a quarter of their bill is more than the least overhead; `None`: never.
    bend: Option<u32>,
    /// A replica (with its spare where it has one, and with its overhead) costs as much as the API takes for what it
    /// carries, less so many of 8,192 parts.
    with_spare: bool,
    with_overhead: bool,
    parts: i32,
    /// Where so many replicas carry the load, the lines meet at the lower end, but for so many 64ths of a replica.
    at: u32,
    off: i32,
    load: f64,
    /// Tokens a day that one replica carries.
    capacity: f64,
    /// What the first replica costs beyond others, and colocation, in replicas.
    beside: (f64, f64),
    /// Replicas are for nothing but their power.
    gift: bool,
    /// Mistakes cost more on the own side than the API takes: volume makes it the dearer one.
    mistakes: bool,
    /// Replicas up to which every step is looked at.
    most: u32,
}

/// In one zone, from the first replica on.
const PLAIN: Meeting = Meeting {
    spares: Spares::fixed(0),
    bend: Some(0),
    with_spare: false,
    with_overhead: true,
    parts: 0,
    at: 1,
    off: 0,
    load: 1.0,
    capacity: CAPACITY,
    beside: (0.0, 0.0),
    gift: false,
    mistakes: false,
    most: LOOKED_AT,
};

impl Meeting {
    /// Both sides; `None` where their prices are no binary fractions.
    fn sides(self) -> Option<(SelfHosted, ApiBaseline)> {
        let left = f64::from(self.spares.zones.max(2) - 1);
        let replica = 12.0 * left;
        let mut hosted = replicas(replica);
        (hosted.curve.spares, hosted.load) = (self.spares, self.load);
        hosted.curve.tokens_per_day_per_replica = self.capacity;
        let (first, racks) = self.beside;
        (hosted.first_extra, hosted.colocation) = (first * replica, racks * replica);
        match self.bend.map(f64::from) {
            Some(bend) => hosted.overhead_minimum = 0.25 * (hosted.curve.with_spares(bend) + first + racks) * replica,
            None => (hosted.overhead_share, hosted.overhead_minimum) = (0.0, 100.0),
        }
        if self.gift {
            (hosted.replica, hosted.power_per_replica, hosted.overhead_minimum) = (0.0, replica, 0.0);
        }
        let grow = if self.with_spare && self.spares.zones > 1 { 1.0 } else { 0.0 };
        let share = if self.with_overhead && !self.gift { hosted.overhead_share } else { 0.0 };
        let level = (left + grow) * (1.0 + share) * self.load * 12.0 / self.capacity;
        let slope = level * (1.0 + f64::from(self.parts) / 8192.0);
        if self.mistakes {
            hosted.quality_gap_per_token = usd_per_token(2.0 * slope)?;
        }
        let mut api = api(slope, 0.0)?;
        let segment = Segment::of(&hosted, &api, self.at);
        let beside = f64::from(self.off) * replica / 64.0 - segment.at(segment.from);
        if beside > 0.0 {
            hosted.people = beside
        } else {
            api.updates = -beside
        }
        Some((hosted, api))
    }

    /// Hold the answer against one step after another.
    fn agrees(self) -> Result<Option<BreakEven>, TestCaseError> {
        self.sides().map(|(hosted, api)| agrees(&hosted, &api, self.parts == 0, self.most)).transpose()
    }
}

/// A number of replicas where something special may happen: near the first, near where the steps looked at one by one end,
/// or anywhere.
fn place() -> impl Strategy<Value = u32> {
    prop_oneof![1_u32..14, 4085_u32..4130, 14_u32..9000]
}

prop_compose! {
    fn meeting()(
        near in place(),
        (least, bend, at) in (0_u32..12, 0_u32..12, 0_u32..12),
        (any_least, any_bend, any_at) in (place(), place(), place()),
        (together, zones, spared, bends) in (any::<bool>(), prop_oneof![Just(1), 2_u32..6], 0_u32..4, 0_u32..5),
        (with_spare, with_overhead) in any::<(bool, bool)>(),
        parts in prop_oneof![
            1 => Just(0),
            4 => prop::sample::select(vec![-4000, -500, -64, -16, -8, -1, 1, 8, 16, 64, 500, 4000]),
        ],
        off in prop_oneof![2 => Just(0), 1 => -64_i32..64],
        load in prop::sample::select(vec![0.5, 1.0, 2.0]),
        capacity in prop::sample::select(vec![CAPACITY, CAPACITY, CAPACITY / 64.0]),
        beside in prop::sample::select(vec![(0.0, 0.0), (0.0, 0.0), (3.0, 0.0), (0.0, 5.0)]),
        (gift, mistakes) in (prop::bool::weighted(0.05), prop::bool::weighted(0.1)),
    ) -> Meeting {
        let or = |any: u32, beside: u32| if together { near + beside } else { any };
        let least = if spared < 2 || zones == 1 { spared } else { or(any_least, least) / (zones - 1) };
        let bend = match bends {
            0 => None,
            1 => Some(0),
            _ => Some(or(any_bend, bend)),
        };
        let spares = Spares { least, zones };
        // Fewer replicas would stand below the least volume, where there is no step to meet at.
        let at = or(any_at, at).max((LEAST * load / capacity) as u32 + 2);
        let m = Meeting { spares, bend, with_spare, with_overhead, parts, at, off, load, capacity, ..PLAIN };
        Meeting { beside, gift, mistakes, ..m }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn none_is_missed_at_any_step(meeting in meeting()) {
        meeting.agrees()?;
    }
}

#[test]
fn none_is_missed_at_the_first_steps() {
    for (at, parts) in (1..6).flat_map(|at| [-4000, -500, 4000].map(|parts| (at, parts))) {
        for off in (-64..64).step_by(3) {
            Meeting { at, parts, off, most: NOT_FAR, ..PLAIN }.agrees().unwrap();
        }
    }
}

/// With zones the same step comes again only after a few, and of these some cross long before others.
#[test]
fn none_is_missed_between_zones() {
    for (zones, parts) in (2..6).flat_map(|zones| [-16, -12, -8, 8, 12, 16].map(|parts| (zones, parts))) {
        for at in [4100, 6000, 9000] {
            let b =
                Meeting { spares: Spares { least: 0, zones }, with_spare: true, parts, at, ..PLAIN }.agrees().unwrap();
            assert!(b.is_none_or(|b| b.unlisted_above_tokens_per_day.is_none()), "{zones} zones, {parts}");
        }
    }
    // Fewer than 4,000 crossings on more than 4,096 steps.
    let spares = Spares { least: 0, zones: 5 };
    let sparse =
        Meeting { spares, bend: Some(4085), with_spare: true, parts: 1, at: 4089, off: 51, load: 0.5, ..PLAIN };
    assert!(
        sparse.agrees().unwrap().is_some_and(|b| b.unlisted_above_tokens_per_day.is_some() && b.crossings.len() < 4000)
    );
    // Far more crossings than are listed, and the last of them is.
    for (zones, at) in (3..6).flat_map(|zones| (9000..9006).map(move |at| (zones, at))) {
        let b =
            Meeting { spares: Spares { least: 0, zones }, with_spare: true, parts: 1, at, ..PLAIN }.agrees().unwrap();
        assert!(b.is_none_or(|b| b.unlisted_above_tokens_per_day.is_some()), "{zones} zones");
    }
}

/// Where the overhead leaves its least amount, or zones begin to ask for more spares, soon after the steps that are looked
/// at one by one, the regular rest begins twice.
#[test]
fn none_is_missed_beside_a_bend() {
    for (zones, bend) in (1..6).flat_map(|zones| (4096..4106).map(move |bend| (zones, bend))) {
        let spares = Spares { least: 1, zones };
        let m = Meeting { spares, bend: Some(bend), with_spare: true, most: NOT_FAR, ..PLAIN };
        for at in bend - 2..bend + 4 {
            for (parts, off) in [(-4000, 20), (-500, 1), (500, -1), (4000, -20)] {
                Meeting { at, parts, off, ..m }.agrees().unwrap();
            }
            for (parts, off) in [(64, 0), (500, 20), (1000, -1), (1500, 1), (-64, 0)] {
                Meeting { at, parts, off, with_overhead: false, ..m }.agrees().unwrap();
            }
            // As if level: the last step of the first round costs as much more, with overhead, as the API takes.
            for (k, off) in (1..4).flat_map(|k| [-20, 0, 20].map(|off| (k, off))).filter(|_| zones == 4) {
                Meeting { at, parts: 512 * k, off, with_overhead: false, ..m }.agrees().unwrap();
            }
        }
    }
    // And in the midst of those steps.
    for (bend, parts) in [300, 1500, 4000].into_iter().flat_map(|b| [-500, -64, -16, 16, 64, 500].map(|p| (b, p))) {
        for (at, with_overhead) in (0..8).flat_map(|k| [false, true].map(|with| (bend - 280 + 40 * k, with))) {
            for (capacity, beside) in [(CAPACITY, (3.0, 5.0)), (CAPACITY / 64.0, (0.0, 0.0))] {
                let m = Meeting { bend: Some(bend), with_overhead, parts, at, capacity, beside, ..PLAIN };
                Meeting { most: NOT_FAR, ..m }.agrees().unwrap();
            }
        }
    }
}

/// Lines that neither near each other nor part for a while cross at each step of it, and all are listed: a bug left out those
/// of two rounds of the zones and longer. Of a while that is longer than what is listed of any, the first are.
#[test]
fn level_steps_between_two_bends_are_listed() {
    let spares = Spares { least: 1, zones: 5 };
    let level = Meeting { spares, with_spare: true, with_overhead: false, at: 4097, off: 16, ..PLAIN };
    for count in (1..10).chain([50, 300]) {
        let b = Meeting { bend: Some(4097 + count), most: NOT_FAR, ..level }.agrees().unwrap().unwrap();
        assert_eq!(b.unlisted_above_tokens_per_day, None, "{count} steps: {b:?}");
    }
    let unlisted = |count: u32| {
        let b = Meeting { bend: Some(4097 + count), most: 9_000, ..level }.agrees().unwrap().unwrap();
        b.unlisted_above_tokens_per_day.map(|v| v / CAPACITY)
    };
    // The first segment of the stretch, and as many as are listed of one that is not level.
    assert_eq!([4097, 4098, 4500].map(unlisted), [None, Some(8193.0), Some(8193.0)]);
}

/// A replica for 2.25 US dollars, without overhead, against an API that takes `ratio` times that for what it carries.
fn plain(ratio: f64) -> (SelfHosted, ApiBaseline) {
    let hosted = SelfHosted { overhead_share: 0.0, ..replicas(2.25) };
    (hosted, api(ratio * 3.0 / 16384.0, 0.0).unwrap())
}

/// A bug: where a replica carries the least volume exactly, or a whole part of it, there was one replica too few from there
/// on.
#[test]
fn a_step_at_the_least_volume_is_a_step() {
    let mut met = 0;
    for (parts, load) in [1.0, 2.0, 4.0, 8.0].into_iter().flat_map(|parts| [0.5, 1.0, 2.0].map(|load| (parts, load))) {
        let (mut hosted, _) = plain(1.0);
        (hosted.curve.tokens_per_day_per_replica, hosted.load, hosted.people) = (LEAST * load / parts, load, 3.0);
        // As much as the replicas, and seven and a half of them beside that.
        let Some(api) = api(2.25 * parts / LEAST, 7.5 * 2.25) else { continue };
        agrees(&hosted, &api, true, LOOKED_AT).unwrap();
        met += 1;
    }
    assert!(met > 6, "{met}");
}

/// The API takes a 16,384th more for what a replica carries than the replica costs: it is the cheaper side from every one of
/// the first 16,384 steps on, for ever shorter. As many steps as are looked at one by one are listed, and as many of the
/// regular rest; and the last ones, on which "always" rests.
#[test]
fn of_many_crossings_the_first_and_the_last_are_listed() {
    let (hosted, api) = plain(1.0 + 1.0 / 16384.0);
    let b = against(&hosted, &api);
    let listed = (4096.0 + 4098.0) * CAPACITY;
    assert_eq!(b.unlisted_above_tokens_per_day, Some(listed));
    // One inside every segment, and one at every step between them; then three of both.
    let below = b.crossings.iter().filter(|c| c.tokens_per_day < listed).count();
    assert_eq!((below, b.crossings.len()), (8194 + 8193, 8194 + 8193 + 6));
    assert_eq!(b.crossings[below].tokens_per_day, 16_381.0 * CAPACITY);
    let last = 16_384.0 * CAPACITY / (1.0 + 1.0 / 16384.0);
    assert!((b.always_cheaper_above_tokens_per_day.unwrap() / last - 1.0).abs() < 1e-15);
}

/// Where the API takes exactly what a replica costs for what it carries, what is beside that decides, for ever.
#[test]
fn side_by_side_for_ever() {
    let (rented, api) = plain(1.0);
    side_by_side(rented, &api);
    // Hardware that was a gift, and takes as much power.
    side_by_side(SelfHosted { replica: 0.0, power_per_replica: rented.replica, ..rented }, &api);
}

fn side_by_side(hosted: SelfHosted, api: &ApiBaseline) {
    let beside =
        |usd: f64| against(&SelfHosted { people: usd, ..hosted }, &ApiBaseline { updates: 2.25, ..api.clone() });
    // As dear at the upper end of every segment, dearer below it.
    let dearer = beside(2.25);
    assert!(dearer.never && dearer.crossings.is_empty());
    assert_eq!((dearer.always_cheaper_above_tokens_per_day, dearer.unlisted_above_tokens_per_day), (None, None));
    // As dear at the lower end of every segment, and cheaper above it: a bug called that a change at every step.
    let cheaper = beside(0.0);
    assert_eq!((cheaper.never, cheaper.unlisted_above_tokens_per_day), (false, None));
    assert!(cheaper.crossings.is_empty());
    assert_eq!(cheaper.always_cheaper_above_tokens_per_day, Some(LEAST));
    // In between it changes in the middle of every segment and at every step.
    let both = beside(1.125);
    assert_eq!((both.never, both.always_cheaper_above_tokens_per_day), (false, None));
    assert_eq!(both.unlisted_above_tokens_per_day, Some(4097.0 * CAPACITY));
    assert_eq!(both.crossings.len(), 4097 + 4096);
    assert!((0..4096).all(|k| both.crossings[2 * k].tokens_per_day == (k as f64 + 0.5) * CAPACITY));
}

/// Lines that lie on each other: as dear is not cheaper.
#[test]
fn what_costs_the_same_is_not_cheaper() {
    let (hosted, api) = plain(1.0);
    let free = ApiBaseline { usd_per_token: 0.0, updates: 2.25, ..api };
    let all = against(&hosted, &free);
    assert!(all.never && all.crossings.is_empty(), "{all:?}");
    let pinned = SelfHosted { curve: FleetCurve { pinned: Some(1), ..hosted.curve }, ..hosted };
    let all = against(&pinned, &free);
    assert!(all.never && all.crossings.is_empty(), "{all:?}");
}

/// Pinned replicas are asked from the least volume up to what they carry, which counts: there the lines meet.
#[test]
fn pinned_replicas_are_compared_up_to_what_they_carry() {
    let (mut hosted, mut api) = plain(1.0);
    hosted.curve.pinned = Some(1);
    hosted.quality_gap_per_token = 2.0 * api.usd_per_token;
    api.updates = 4.5;
    let meet = against(&hosted, &api);
    let [end] = &meet.crossings[..] else { panic!("{meet:?}") };
    assert_eq!((end.tokens_per_day, end.direction), (CAPACITY, "api_becomes_cheaper"));
    // Nothing is said of volumes that cannot be served, be it that the API's line is above from just there.
    let (mut hosted, _) = plain(1.0);
    (hosted.curve.pinned, hosted.curve.tokens_per_day_per_replica) = (Some(1), LEAST);
    let Some(api) = self::api(2.25 / LEAST, 0.0) else { return };
    let b = against(&hosted, &api);
    assert!(b.never && b.crossings.is_empty(), "{b:?}");
}

/// Where the lines part by so little a step that rounding decides where they meet, every step is looked at.
#[test]
fn nothing_is_left_out_where_rounding_decides() {
    let (mut hosted, mut api) = plain(1.0);
    (hosted.curve.tokens_per_day_per_replica, hosted.replica) = (98_765.4, 1234.5);
    let mut met = 0;
    for part in 0..40 {
        let more = 1e-14 * f64::from(part - 20);
        let ratio = 1.0 + more;
        // The lower ends of the segments meet the line at the 2,000th step.
        api.updates = hosted.replica * (1.0 - 2000.0 * more);
        api.usd_per_token = ratio * hosted.replica / (98_765.4 * DAYS_PER_MONTH);
        let first = |all: Vec<(f64, bool)>| all.into_iter().filter(|(v, _)| *v < 4000.0 * 98_765.4).collect::<Vec<_>>();
        let found = against(&hosted, &api).crossings;
        let found =
            first(found.iter().map(|c| (c.tokens_per_day, c.direction == "self_hosting_becomes_cheaper")).collect());
        assert_eq!(found, first(one_by_one(&hosted, &api, NOT_FAR).1), "{part}");
        met += found.len();
    }
    assert!(met > 100, "{met}");
}
