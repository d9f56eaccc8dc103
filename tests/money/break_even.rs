//! Every crossing, against a scan of 10,000 volumes, for 1,000 random pairs of lines and for 1,000 random scenarios.

use std::sync::LazyLock;

use crossover::catalog::Catalog;
use crossover::engine::break_even::{BreakEven, against};
use crossover::engine::cost::{ApiBaseline, SelfHosted};
use crossover::engine::deployment::Subject;
use crossover::engine::{break_even, cost, fleet};
use crossover::units::DAYS_PER_MONTH;
use proptest::prelude::*;

use super::free::free;
use super::strategies::{baseline, hosted, scenario};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());
/// Volumes scanned, evenly on a logarithmic axis from 10^3 to 10^13.
const VOLUMES: usize = 10_000;

fn cheaper(hosted: &SelfHosted, api: &ApiBaseline, v: f64) -> bool {
    hosted.total(v).unwrap() < api.total(v)
}

/// What the list of crossings says about a volume.
fn said(b: &BreakEven, v: f64) -> bool {
    let before = b.crossings.iter().rev().find(|c| c.tokens_per_day < v);
    match (before, b.crossings.first()) {
        (Some(c), _) => c.direction == "self_hosting_becomes_cheaper",
        (None, Some(first)) => first.direction == "api_becomes_cheaper",
        (None, None) => !b.never,
    }
}

/// Hold the crossings against a scan.
fn agrees(hosted: &SelfHosted, api: &ApiBaseline, b: &BreakEven) -> Result<(), TestCaseError> {
    let most = hosted.most().min(1e13);
    for i in 0..VOLUMES {
        let v = 1e3 * 10f64.powf(10.0 * i as f64 / VOLUMES as f64);
        let near = |c: f64| (v / c - 1.0).abs() < 1e-6;
        let step = v * hosted.load / hosted.curve.tokens_per_day_per_replica;
        let on_step = (step - step.round()).abs() < 1e-6 * step.max(1.0);
        let level = (hosted.total(v).unwrap() / api.total(v) - 1.0).abs() < 1e-9;
        let unlisted = b.unlisted_above_tokens_per_day.is_some_and(|from| v > from)
            && b.always_cheaper_above_tokens_per_day.is_none_or(|always| v < always);
        if v > most || unlisted || on_step || level || b.crossings.iter().any(|c| near(c.tokens_per_day)) {
            continue;
        }
        prop_assert_eq!(cheaper(hosted, api, v), said(b, v), "at {} of {:?}", v, b);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn none_is_missed_and_none_invented(hosted in hosted(), api in baseline()) {
        agrees(&hosted, &api, &against(&hosted, &api))?;
    }

    #[test]
    fn none_is_missed_in_any_scenario(s in scenario(), pinned in prop::option::weighted(0.2, 1_u32..6)) {
        let mut s = s;
        s.serving.replicas = pinned;
        let unheard = &mut Vec::new();
        let subject = Subject::of(&s, &CATALOG, unheard).unwrap();
        let fleet = fleet::choose(&subject, unheard);
        let cost = cost::price(&subject, &fleet, unheard);
        let found = break_even::solve(&cost);
        prop_assert_eq!(found.len(), if cost.self_hosted.known { cost.api.len() } else { 0 });
        for (api, b) in cost.api.iter().zip(&found) {
            agrees(&cost.self_hosted, api, b)?;
        }
    }

    #[test]
    fn every_crossing_is_one(hosted in hosted(), api in baseline()) {
        let b = against(&hosted, &api);
        for (i, c) in b.crossings.iter().enumerate() {
            let becomes = c.direction == "self_hosting_becomes_cheaper";
            // A millionth to either side, or half the way to a neighbour that is nearer than two.
            let at = |k: Option<usize>| k.and_then(|k| b.crossings.get(k)).map(|o| (o.tokens_per_day + c.tokens_per_day) / 2.0);
            let below = (c.tokens_per_day * (1.0 - 1e-6)).max(at(i.checked_sub(1)).unwrap_or(0.0));
            let above = (c.tokens_per_day * (1.0 + 1e-6)).min(at(i.checked_add(1)).unwrap_or(f64::INFINITY));
            let gap = |v: f64| hosted.total(v).unwrap() - api.total(v);
            let scale = api.total(c.tokens_per_day);
            // Right at a crossing of two lines the gap is nothing but rounding.
            prop_assert!(becomes == (gap(above) < 0.0) || gap(above).abs() < 1e-4 * scale, "{:?}", c);
            prop_assert!(becomes == (gap(below) >= 0.0) || gap(below).abs() < 1e-4 * scale, "{:?}", c);
        }
        for pair in b.crossings.windows(2) {
            prop_assert!(pair[0].tokens_per_day <= pair[1].tokens_per_day);
            prop_assert_ne!(pair[0].direction, pair[1].direction);
        }
    }

    #[test]
    fn above_always_it_is_always_and_never_is_never(hosted in hosted(), api in baseline()) {
        let b = against(&hosted, &api);
        for i in 0..200 {
            let v = 1e3 * 10f64.powf(17.0 * f64::from(i) / 200.0);
            let level = (hosted.total(v).unwrap() / api.total(v) - 1.0).abs() < 1e-9;
            if let Some(always) = b.always_cheaper_above_tokens_per_day && v > always * (1.0 + 1e-6) && !level {
                prop_assert!(cheaper(&hosted, &api, v), "{} above {}", v, always);
            }
            if b.never && v <= hosted.most() && !level {
                prop_assert!(!cheaper(&hosted, &api, v), "{} although never", v);
            }
        }
    }
}

/// One replica for every million tokens a day at 1,000 US dollars and 100.30 a month beside it, against an API that takes
/// `ratio` times what a replica costs for what a replica carries.
fn nearly_level(ratio: f64) -> (SelfHosted, ApiBaseline) {
    let (capacity, replica) = (1e6, 1000.0);
    let hosted = SelfHosted { replica, people: 100.3, every: 12.0, ..free(capacity) };
    let api = ApiBaseline {
        role: "same_weights",
        id: "x".into(),
        why: String::new(),
        usd_per_token: ratio * replica / (capacity * DAYS_PER_MONTH),
        quality_gap_per_token: 0.0,
        updates: 0.0,
        premium: None,
    };
    (hosted, api)
}

/// Seed 3 of the property of thresholds doubted the last crossing, because the API was the cheaper side for less than a
/// millionth of the volume before it. The crossing was right: where the API takes a thousandth more for what a replica
/// carries than the replica costs, the lines cross at every step for a thousand steps, ever shorter before each.
#[test]
fn the_last_of_many_crossings_is_right_however_near_the_one_before() {
    let (hosted, api) = nearly_level(1.001);
    let b = against(&hosted, &api);
    // The right ends change at step 101, the left ends at step 1101.
    assert!((1900..2100).contains(&b.crossings.len()), "{}", b.crossings.len());
    let [.., before, last] = &b.crossings[..] else { panic!() };
    assert_eq!(b.always_cheaper_above_tokens_per_day, Some(last.tokens_per_day));
    let apart = last.tokens_per_day / before.tokens_per_day - 1.0;
    assert!(apart > 0.0 && apart < 1e-6, "{apart}");
    let between = before.tokens_per_day.midpoint(last.tokens_per_day);
    assert!(!cheaper(&hosted, &api, between));
    assert!(cheaper(&hosted, &api, last.tokens_per_day * (1.0 + apart)));
    assert!(cheaper(&hosted, &api, before.tokens_per_day * (1.0 - apart)));
}

/// A bug: where the lines cross at more steps than are listed, "always cheaper above" was the last crossing of the list, and
/// above it the API was the cheaper side again.
#[test]
fn always_is_above_the_crossings_that_are_not_listed_too() {
    let (hosted, api) = nearly_level(1.000_01);
    let b = against(&hosted, &api);
    let listed = b.unlisted_above_tokens_per_day.expect("crossings at 100,000 steps");
    let always = b.always_cheaper_above_tokens_per_day.unwrap();
    assert!(listed < 2e10 && b.crossings.len() < 20_000, "{listed}");
    // The left end of step k lies 1,100.30 - 0.01 k above the line.
    assert!((always / 1e6 - 110_030.0).abs() < 2.0, "{always}");
    let replicas = 109_000.0;
    assert!(!cheaper(&hosted, &api, replicas * 1e6 + 1e3), "the sides change at every step up to there");
    assert!((0..1000).all(|k| cheaper(&hosted, &api, (110_032.0 + f64::from(k)) * 1e6 + 1e3)));
}

/// A replica may carry less than the least volume that is looked at: the first steps then lie below it.
#[test]
fn steps_below_the_least_volume_are_passed_over() {
    let (mut hosted, _) = nearly_level(1.0);
    (hosted.curve.tokens_per_day_per_replica, hosted.curve.tokens_per_day_at_full_load) = (300.0, 900.0);
    for usd_per_replica in [0.9, 1.001, 1.03, 1.3, 3.0] {
        let api = ApiBaseline {
            usd_per_token: usd_per_replica * hosted.replica / (300.0 * DAYS_PER_MONTH),
            ..nearly_level(1.0).1
        };
        let b = against(&hosted, &api);
        assert!(b.crossings.iter().all(|c| c.tokens_per_day >= 1e3), "{b:?}");
        agrees(&hosted, &api, &b).unwrap();
    }
}
