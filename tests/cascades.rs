//! A small model first: escalated calls are paid twice, wait for the small model, and go nowhere a requirement forbids.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crossover::catalog::Catalog;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, QualityTier, Scenario, Step};

const SMALL: &str = "groq/gpt-oss-20b";
const LARGE: &str = "anthropic/claude-opus-5.5";

fn p(x: f64) -> Range {
    Range::point(x)
}

fn step() -> Step {
    Step {
        name: "Edit".into(),
        calls_per_day: p(100_000.0),
        input_tokens: p(2_000.0),
        output_tokens: p(200.0),
        cached_input_share: p(0.0),
        quality: QualityTier::Frontier,
        api: Some(LARGE.into()),
        escalated_share: Some(p(0.25)),
        first_api: Some(SMALL.into()),
        ..Step::default()
    }
}

fn planned(steps: Vec<Step>) -> Plan {
    let catalog = Catalog::embedded().unwrap();
    plan_with(&Scenario { steps, ..Scenario::default() }, &catalog, Effort { draws: 0 }).unwrap()
}

/// US dollars per month of the whole step on one API.
fn alone(id: &str) -> f64 {
    let whole =
        Step { api: Some(id.into()), quality: QualityTier::Any, escalated_share: None, first_api: None, ..step() };
    planned(vec![whole]).routing.unwrap().steps[0].api_usd.unwrap()
}

#[test]
fn escalated_calls_are_paid_twice() {
    let routing = planned(vec![step()]).routing.unwrap();
    let found = &routing.steps[0];
    assert_eq!((found.way, found.place.as_str()), (Some("api_then_api"), "api"));
    let cascade = found.cascade.as_ref().unwrap();
    assert!(cascade.chosen && cascade.first_api.as_deref() == Some(SMALL));
    let saves = alone(LARGE) - (alone(SMALL) + 0.25 * alone(LARGE));
    assert!((cascade.saves_usd.unwrap() - saves).abs() < 1e-6 * saves, "{:?} {saves}", cascade.saves_usd);
}

#[test]
fn a_cascade_that_costs_more_is_offered_and_not_taken() {
    let routing = planned(vec![Step { escalated_share: Some(p(1.0)), ..step() }]).routing.unwrap();
    let cascade = routing.steps[0].cascade.as_ref().unwrap();
    assert!(!cascade.chosen && routing.steps[0].way == Some("api"));
    let more = -cascade.saves_usd.unwrap();
    assert!((more - alone(SMALL)).abs() < 1e-6 * more, "all calls escalate, so the small model is paid for nothing");
}

#[test]
fn the_small_models_answer_is_waited_for() {
    let with = |ttft: f64, escalated: f64| {
        let step = Step {
            calls_per_day: p(2_000_000.0),
            first_api: None,
            first_model: Some("Qwen/Qwen3-8B".into()),
            escalated_share: Some(p(escalated)),
            ttft_p95_ms: Some(p(ttft)),
            ..step()
        };
        planned(vec![step]).routing.unwrap().steps.remove(0)
    };
    let slow = with(1_500.0, 0.25);
    assert_eq!(slow.way, Some("api"));
    assert!(slow.cascade.unwrap().refused.unwrap().contains("latency target"));
    let patient = with(120_000.0, 0.25);
    assert_eq!((patient.way, patient.place.as_str()), (Some("self_hosted_then_api"), "both"), "{patient:?}");
    assert!(patient.cascade.unwrap().added_ms.unwrap() > 1_500.0);
    let sums = |r: &crossover::engine::routing::Routing| {
        let parts = r.api_usd + r.pools.iter().map(|p| p.usd).sum::<f64>();
        (parts - r.total_usd).abs() < 1e-9 * r.total_usd
    };
    let step =
        Step { first_model: Some("Qwen/Qwen3-8B".into()), first_api: None, ttft_p95_ms: Some(p(120_000.0)), ..step() };
    let plan = planned(vec![Step { calls_per_day: p(2_000_000.0), ..step }]);
    let routing = plan.routing.as_ref().unwrap();
    assert!(sums(routing), "{routing:?}");
    assert_eq!((routing.panels_about, routing.panels_model.as_deref()), ("self_hosted_steps", Some("Qwen/Qwen3-8B")));
    assert_eq!(plan.fleet.gpus, routing.pools[0].gpus);
    assert!(plan.advice.sentence.contains("self-host 1 of 1 steps"), "{}", plan.advice.sentence);
    // Escalated calls of up to 5 % are beyond the 95th percentile.
    for share in [0.04, 0.05] {
        assert_eq!(with(1_500.0, share).way, Some("self_hosted_then_api"), "{share}");
    }
    assert_eq!(with(1_500.0, 0.051).way, Some("api"));
}

// The panels charged the quality gap for every call the small model reads, the routing only for those it answers.
#[test]
fn a_mistake_in_what_is_passed_on_costs_nothing_in_the_panels_too() {
    let (calls, escalated, gap, usd) = (2_000_000.0, 0.25, 0.01, 0.02);
    let step = Step {
        calls_per_day: p(calls),
        first_model: Some("Qwen/Qwen3-8B".into()),
        first_api: None,
        ttft_p95_ms: Some(p(120_000.0)),
        ..step()
    };
    let mut scenario = Scenario { steps: vec![step], ..Scenario::default() };
    scenario.quality.task_error_gap = Some(p(gap));
    scenario.quality.usd_per_error = p(usd);
    let plan = plan_with(&scenario, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap();
    let routing = plan.routing.as_ref().unwrap();
    assert_eq!((routing.steps[0].way, routing.panels_about), (Some("self_hosted_then_api"), "self_hosted_steps"));
    let due = calls * crossover::units::DAYS_PER_MONTH * (1.0 - escalated) * gap * usd;
    let near = |x: f64| (x - due).abs() < 1e-9 * due;
    assert!(near(plan.cost.self_hosted.unwrap().quality_gap_usd), "{:?} {due}", plan.cost.self_hosted);
    for api in plan.cost.api.iter().filter(|a| a.role != "frontier") {
        assert!(near(api.quality_gap_usd), "{api:?} {due}");
    }
    // Owning is offered with the same mistakes as it is planned with.
    scenario.hardware.acquisition = Acquisition::Owned;
    let bought = plan_with(&scenario, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap();
    let owned = bought.projection.self_hosted_total_usd.unwrap();
    let ways = &plan.projection.rent_or_own;
    let offered = ways.iter().find(|w| w.acquisition == Acquisition::Owned.id()).unwrap().total_usd.unwrap();
    assert!((offered - owned).abs() < 1e-9 * owned, "{offered} offered, {owned} planned");
}

#[test]
fn what_stays_in_house_is_not_tried_on_an_api_first() {
    let inside = Step { data_residency: true, quality: QualityTier::Nearest, api: None, ..step() };
    let routing = planned(vec![inside]).routing.unwrap();
    let found = &routing.steps[0];
    assert_eq!(found.way, Some("self_hosted"));
    assert!(found.moves.is_empty(), "{:?}", found.moves);
    assert!(found.cascade.as_ref().unwrap().refused.is_some());
}

#[test]
fn a_small_model_without_a_share_is_said_and_left_out() {
    let plan = planned(vec![Step { escalated_share: None, ..step() }]);
    assert!(plan.routing.unwrap().steps[0].cascade.is_none());
    assert!(plan.warnings.iter().any(|w| w.path == "steps.0.escalated_share"), "{:?}", plan.warnings);
}

#[test]
fn without_a_name_the_cheapest_api_tries_first() {
    let routing = planned(vec![Step { first_api: None, ..step() }]).routing.unwrap();
    let cascade = routing.steps[0].cascade.as_ref().unwrap();
    assert!(cascade.chosen && cascade.first_api.is_some() && cascade.added_ms.is_none());
}

/// What the whole plan costs with its only step served in a way.
fn total(plan: &Plan, way: &str) -> f64 {
    let routing = plan.routing.as_ref().unwrap();
    let step = &routing.steps[0];
    let more = if step.way == Some(way) { 0.0 } else { step.moves.iter().find(|m| m.to == way).unwrap().usd };
    routing.total_usd + more
}

/// A step that may go anywhere, its mistakes priced, with an API beside the pool that stands in for lost replicas.
fn with_mistakes(step: Step, usd_per_error: f64) -> Plan {
    let mut scenario = Scenario { steps: vec![step], ..Scenario::default() };
    scenario.hardware.api_failover = true;
    scenario.quality.task_error_gap = Some(p(GAP));
    scenario.quality.usd_per_error = p(usd_per_error);
    plan_with(&scenario, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap()
}

const GAP: f64 = 0.01;

// An answer that is passed on is thrown away, and a frontier model's is as good as any.
#[test]
fn only_the_answer_that_counts_can_be_a_mistake() {
    let (escalated, usd) = (0.25, 0.02);
    let by_api = Step { quality: QualityTier::Nearest, ..step() };
    let by_pool = Step { first_api: None, first_model: Some("Qwen/Qwen3-8B".into()), ..by_api.clone() };
    let by_pool = Step { ttft_p95_ms: Some(p(120_000.0)), ..by_pool };
    let all = 100_000.0 * crossover::units::DAYS_PER_MONTH * GAP * usd;
    for (step, way, due) in [
        (&by_api, "api", 0.0),
        (&by_api, "self_hosted", all),
        (&by_api, "api_then_api", (1.0 - escalated) * all),
        (&by_api, "api_then_self_hosted", all),
        (&by_pool, "self_hosted_then_api", (1.0 - escalated) * all),
        (&by_pool, "self_hosted_then_self_hosted", all),
    ] {
        let [free, priced] = [0.0, usd].map(|usd| total(&with_mistakes(step.clone(), usd), way));
        assert!((priced - free - due).abs() < 1e-6 * all, "{way}: {} instead of {due}", priced - free);
    }
}

// Where all calls are passed on, the small model's price comes on top of what the step costs without it.
#[test]
fn a_small_model_that_passes_everything_on_is_paid_for_nothing_wherever_the_large_one_runs() {
    let plan = with_mistakes(Step { quality: QualityTier::Nearest, escalated_share: Some(p(1.0)), ..step() }, 0.02);
    let small = alone(SMALL);
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * a.abs().max(b.abs());
    assert!(near(total(&plan, "api_then_api"), total(&plan, "api") + small));
    let migrations = total(&plan, "api") - plan.routing.as_ref().unwrap().steps[0].api_usd.unwrap();
    let both = total(&plan, "self_hosted") + small + migrations;
    assert!(near(total(&plan, "api_then_self_hosted"), both), "{} {both}", total(&plan, "api_then_self_hosted"));
}
