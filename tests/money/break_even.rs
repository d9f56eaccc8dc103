//! Every crossing, against a scan of 10,000 volumes, for 1,000 random pairs of lines and for 1,000 random scenarios.

use std::sync::LazyLock;

use crossover::catalog::Catalog;
use crossover::engine::break_even::{BreakEven, against};
use crossover::engine::cost::{ApiBaseline, SelfHosted};
use crossover::engine::deployment::Subject;
use crossover::engine::{break_even, cost, fleet};
use proptest::prelude::*;

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
        if v > most || on_step || level || b.crossings.iter().any(|c| near(c.tokens_per_day)) {
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
