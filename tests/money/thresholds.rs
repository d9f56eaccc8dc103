//! Every threshold, confirmed by planning again on either side of it: the cheaper side changes there.

use std::sync::LazyLock;

use crossover::catalog::Catalog;
use crossover::engine::advice::Threshold;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, Scenario};
use proptest::prelude::*;

use super::strategies::scenario;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

fn plan(s: &Scenario) -> Plan {
    plan_with(s, &CATALOG, Effort { draws: 0 }).unwrap()
}

fn layout(p: &Plan) -> (u32, u32, u32) {
    (p.fleet.tensor_parallel, p.fleet.pipeline_parallel, p.fleet.data_parallel_attention)
}

/// Self-hosted less the named baseline in a steady month.
fn against(p: &Plan, role: &str) -> f64 {
    let api = p.cost.api.iter().find(|a| a.role == role).unwrap().total_usd_per_month;
    p.cost.self_hosted.unwrap().total_usd_per_month - api
}

/// Self-hosted less the cheapest baseline in a steady month.
fn steady(p: &Plan) -> f64 {
    let api = p.cost.api.iter().map(|a| a.total_usd_per_month).fold(f64::INFINITY, f64::min);
    p.cost.self_hosted.unwrap().total_usd_per_month - api
}

/// The same over the horizon, setup included.
fn horizon(p: &Plan) -> f64 {
    let api = p.projection.api_total_usd.values().copied().fold(f64::INFINITY, f64::min);
    p.projection.self_hosted_total_usd.unwrap() - api
}

/// How far beside a threshold, as a share of it, no other change of the cheaper side can lie: one part in a million, and
/// less where the staircase crosses the API's line again sooner.
fn beside(p: &Plan, t: &Threshold) -> f64 {
    let crossings = p.break_even.iter().find(|b| t.path == "workload.tokens_per_day" && b.against == t.against);
    let others = crossings.into_iter().flat_map(|b| &b.crossings).map(|c| (c.tokens_per_day / t.value - 1.0).abs());
    others.filter(|apart| *apart > 0.0).fold(1e-6, |least, apart| least.min(apart / 2.0))
}

/// Replicas are rounded up but for this share of a step, so that no rounding error adds one: nearer than that to a step
/// the plan does not tell its sides apart (regression: a last crossing two billionths above a step, at 111 trillion tokens
/// a day).
const TOLERANCE: f64 = 1e-9;

/// The difference on the two sides of a threshold; `None` where planning again chooses another layout, which a threshold
/// does not follow, or where a step of the staircase is too near.
fn sides(s: &Scenario, p: &Plan, t: &Threshold) -> Option<(f64, f64)> {
    let again = |set: &dyn Fn(&mut Scenario), of: &dyn Fn(&Plan) -> f64| {
        let mut u = s.clone();
        set(&mut u);
        let q = plan(&u);
        (layout(&q) == layout(p)).then(|| of(&q))
    };
    let apart = beside(p, t);
    if apart <= TOLERANCE {
        return None;
    }
    let (low, high) = (Range::point(t.value * (1.0 - apart)), Range::point(t.value * (1.0 + apart)));
    let both = |set: &dyn Fn(&mut Scenario, Range), of: &dyn Fn(&Plan) -> f64| {
        again(&|u| set(u, low), of).zip(again(&|u| set(u, high), of))
    };
    match t.path.as_str() {
        "workload.tokens_per_day" => both(&|u, x| u.workload.tokens_per_day = x, &|q| against(q, &t.against)),
        "hardware.usd_per_gpu_hour" => both(&|u, x| u.hardware.usd_per_gpu_hour = Some(x), &steady),
        "owned.usd_per_gpu" => both(&|u, x| u.owned.usd_per_gpu = Some(x), &steady),
        "people.run_fte" => both(&|u, x| u.people.run_fte = x, &steady),
        "workload.peak_to_average" => both(&|u, x| u.workload.peak_to_average = x, &steady),
        "workload.growth_per_month" => both(&|u, x| u.workload.growth_per_month = x, &horizon),
        "quality.usd_per_error" => both(&|u, x| u.quality.usd_per_error = x, &|q| against(q, "frontier")),
        "horizon_months" => {
            let months = t.value as u32;
            let last = again(&|u| u.horizon_months = months, &horizon)?;
            match months {
                1 => Some((1.0, last)),
                m => again(&|u| u.horizon_months = m - 1, &horizon).map(|before| (before, last)),
            }
        }
        path if path.starts_with("api.") => {
            let a = p.cost.api.iter().find(|a| a.role == t.against).unwrap();
            let own = p.cost.self_hosted.unwrap().total_usd_per_month;
            let at = |price: f64| own - (a.total_usd_per_month - a.tokens_usd + a.tokens_usd * price / t.now);
            Some((at(low.likely), at(high.likely)))
        }
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_cheaper_side_changes_at_every_threshold(s in scenario(), opus in any::<bool>()) {
        let mut s = s;
        if opus {
            for id in [&mut s.api.same_weights, &mut s.api.nearest, &mut s.api.frontier] {
                *id = Some("anthropic/claude-opus-5.5".into());
            }
        }
        let p = plan(&s);
        for t in &p.advice.thresholds {
            if let Some((below, above)) = sides(&s, &p, t) {
                prop_assert!((below < 0.0) != (above < 0.0), "{t:?}: {below} and {above}");
            }
        }
    }
}

/// A bug: where self-hosting is cheaper at every volume, the reader was told to look again below a thousand tokens a day,
/// where the API would be cheaper.
#[test]
fn no_volume_is_named_where_none_changes_the_side() {
    let mut s = Scenario::default();
    s.hardware.usd_per_gpu_hour = Some(Range::point(0.0001));
    (s.people.run_fte, s.people.setup_weeks) = (Range::point(0.0), Range::point(0.0));
    s.updates.engineer_weeks = Range::point(0.0);
    s.overhead.minimum_usd_per_month = Range::point(0.0);
    let p = plan(&s);
    assert!(p.break_even.iter().all(|b| b.crossings.is_empty() && !b.never));
    assert!(p.advice.thresholds.iter().all(|t| t.path != "workload.tokens_per_day"), "{:?}", p.advice.thresholds);
    assert!(p.advice.reasons.iter().any(|r| r.text.contains("cheaper at every volume")));
}

/// A bug: the price at which committed or spot GPUs pay off moved the hour on demand along with it, while typing that price
/// leaves it where it was.
#[test]
fn the_price_of_a_committed_hour_is_that_which_one_would_type() {
    let mut found = 0;
    for way in [Acquisition::Reserved1y, Acquisition::Reserved3y, Acquisition::Spot] {
        let mut s = Scenario::default();
        s.hardware.acquisition = way;
        s.updates.parallel_run_days = Range::point(60.0);
        for id in [&mut s.api.same_weights, &mut s.api.nearest, &mut s.api.frontier] {
            *id = Some("anthropic/claude-opus-5.5".into());
        }
        for volume in [1.2e8, 1.6e8, 2.4e8] {
            s.workload.tokens_per_day = Range::point(volume);
            let p = plan(&s);
            for t in p.advice.thresholds.iter().filter(|t| t.path == "hardware.usd_per_gpu_hour") {
                let Some((below, above)) = sides(&s, &p, t) else { continue };
                assert!((below < 0.0) != (above < 0.0), "{way:?} at {volume}: {t:?}: {below} and {above}");
                found += 1;
            }
        }
    }
    assert!(found >= 3, "{found} thresholds");
}

#[test]
fn every_lever_has_a_threshold_somewhere() {
    let mut s = Scenario::default();
    for id in [&mut s.api.same_weights, &mut s.api.nearest, &mut s.api.frontier] {
        *id = Some("anthropic/claude-opus-5.5".into());
    }
    s.workload.tokens_per_day = Range::point(1.4e8);
    s.quality.task_error_gap = Some(Range::point(0.01));
    let paths: Vec<String> = plan(&s).advice.thresholds.into_iter().map(|t| t.path).collect();
    for path in [
        "workload.tokens_per_day",
        "hardware.usd_per_gpu_hour",
        "api.same_weights",
        "people.run_fte",
        "fleet.utilization",
        "workload.growth_per_month",
        "horizon_months",
    ] {
        assert!(paths.iter().any(|p| p == path), "{path} is not among {paths:?}");
    }
}

/// A volume above which self-hosting is cheaper is one against a baseline, which the text names as the catalog does.
#[test]
fn a_volume_names_the_baseline_it_is_against() {
    let p = plan(&Scenario::default());
    let volumes = p.advice.thresholds.iter().filter(|t| t.path == "workload.tokens_per_day");
    let mut seen = 0;
    for t in volumes {
        let baseline = p.cost.api.iter().find(|a| a.role == t.against).unwrap();
        let row = CATALOG.api_price(&baseline.id).unwrap();
        let model = row.model.rsplit('/').next().unwrap();
        assert!(t.text.contains(&format!("cheaper than {model} on {}", row.provider)), "{t:?}");
        seen += 1;
    }
    assert!(seen > 0 && p.cost.api.len() == 3);
}

/// Two roles that stand for the same row say the same once; another row says its own.
#[test]
fn roles_of_one_row_say_it_once() {
    let mut s = Scenario::default();
    let opus = || Some("anthropic/claude-opus-5.5".to_string());
    (s.api.same_weights, s.api.nearest, s.api.frontier) = (opus(), opus(), Some("openai/gpt-6-sol".into()));
    let p = plan(&s);
    let volumes = p.advice.thresholds.iter().filter(|t| t.path == "workload.tokens_per_day");
    let against: Vec<&str> = volumes.map(|t| t.against.as_str()).collect();
    assert_eq!(against, ["same_weights", "frontier"]);
}

#[test]
fn what_a_failed_task_must_cost_is_about_the_frontier_model() {
    let mut s = Scenario::default();
    s.workload.tokens_per_day = Range::point(4e8);
    s.quality.task_error_gap = Some(Range::point(0.05));
    let p = plan(&s);
    let found = p.advice.thresholds.iter().find(|t| t.path == "quality.usd_per_error").unwrap();
    assert_eq!(found.against, "frontier");
    let (below, above) = sides(&s, &p, found).unwrap();
    assert!(below < 0.0 && above > 0.0, "{below} {above}");
}
