//! A pipeline's verdict, its figures and its parts say the same.

use std::sync::LazyLock;

use crossover::catalog::Catalog;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Place, QualityTier, Scenario, Step};
use proptest::prelude::*;

use super::strategies::log;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

fn planned(steps: Vec<Step>, change: impl FnOnce(&mut Scenario)) -> Plan {
    let mut s = Scenario { steps, ..Scenario::default() };
    change(&mut s);
    plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap()
}

prop_compose! {
    fn step()(
        calls in log(100.0, 400_000.0),
        input in log(50.0, 6_000.0),
        output in log(3.0, 900.0),
        quality in prop::sample::select(vec![QualityTier::Any, QualityTier::Nearest, QualityTier::Frontier]),
        (data_residency, fine_tuned) in (prop::bool::weighted(0.2), prop::bool::weighted(0.1)),
        place in prop::sample::select(vec![Place::Auto, Place::Auto, Place::Auto, Place::Api, Place::SelfHosted]),
        dear in prop::bool::weighted(0.4),
    ) -> Step {
        let p = Range::point;
        Step {
            calls_per_day: p(calls), input_tokens: p(input), output_tokens: p(output), quality, data_residency,
            fine_tuned, place, api: dear.then(|| "anthropic/claude-opus-5.5".into()), ..Step::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_verdict_never_sends_away_what_must_stay(steps in prop::collection::vec(step(), 1..5), gap in 0.0..0.05) {
        let p = planned(steps.clone(), |s| {
            s.quality.task_error_gap = Some(Range::point(gap));
            s.quality.usd_per_error = Range::point(0.01);
        });
        let (r, verdict) = (p.routing.as_ref().unwrap(), p.advice.verdict.as_str());
        for (s, found) in steps.iter().zip(&r.steps) {
            if s.data_residency || s.fine_tuned {
                prop_assert!(["self_hosted", "unplaced"].contains(&found.place.as_str()), "{found:?}");
                prop_assert!(verdict != "stay_on_api", "{}", p.advice.sentence);
            }
        }
        let parts = r.api_usd + r.pools.iter().map(|p| p.usd).sum::<f64>();
        prop_assert!((parts - r.total_usd).abs() <= 1e-9 * r.total_usd, "{parts} in parts, {} in all", r.total_usd);
        let lost = r.steps.iter().any(|s| s.place == "unplaced");
        prop_assert!(!lost || ["unplaced", "too_slow", "does_not_fit"].contains(&verdict), "{verdict}");
        // What is advised against doing saves less than the bar where nothing forces it.
        if let (Some(api), "split_by_step" | "self_host") = (r.all_api_usd, verdict) {
            prop_assert!(r.total_usd - r.api_usd <= 0.7 * (api - r.api_usd) * (1.0 + 1e-9), "{}", p.advice.sentence);
        }
    }
}

fn call(name: &str, calls: f64) -> Step {
    Step { name: name.into(), calls_per_day: Range::point(calls), ..Step::default() }
}

/// A bug: the second step rides on the GPUs that the first needs, so none is on an API, and the reader was told to stay on
/// one although the data of the first must not leave.
#[test]
fn a_step_that_rides_along_does_not_turn_the_verdict() {
    let p = planned(vec![Step { data_residency: true, ..call("read", 20_000.0) }, call("sum up", 20_000.0)], |_| {});
    assert_eq!(p.advice.verdict, "self_host_required", "{}", p.advice.sentence);
    assert!(p.advice.sentence.contains("1 of 2 must be"), "{}", p.advice.sentence);
}

/// A bug: the sentence named the bill of one cheap model for every step, where one of them needs a frontier model.
#[test]
fn the_sentence_of_a_pipeline_on_apis_names_its_own_bill() {
    let steps = vec![call("draft", 20_000.0), Step { quality: QualityTier::Frontier, ..call("decide", 3_000.0) }];
    let p = planned(steps, |_| {});
    let r = p.routing.as_ref().unwrap();
    let cheapest = p.cost.api.iter().map(|a| a.total_usd_per_month).fold(f64::INFINITY, f64::min);
    assert!(r.total_usd > 1.5 * cheapest && p.advice.verdict == "stay_on_api");
    let words = crossover::quantity::human(r.total_usd, crossover::quantity::Unit::Usd);
    assert!(p.advice.sentence.contains(&format!("the pipeline costs {words} a month")), "{}", p.advice.sentence);
}

/// A bug: a step that neither side can serve was passed over, and the rest judged as if it were the whole.
#[test]
fn a_step_without_a_place_is_the_verdict() {
    let hard = Step { quality: QualityTier::Frontier, data_residency: true, ..call("decide", 3_000.0) };
    let p = planned(vec![call("draft", 20_000.0), hard], |_| {});
    assert_eq!(p.advice.verdict, "unplaced");
    assert!(p.advice.sentence.contains("the requirements of decide"), "{}", p.advice.sentence);
    assert!(!p.routing.unwrap().is_split(), "nothing is self-hosted");
}

/// Bugs: mistakes were charged to the pool by its tokens and to no API at all, so that pricing them moved steps away from
/// a pool to the same weights elsewhere, and the panels' bill was not the routing's.
#[test]
fn mistakes_are_charged_by_the_call_wherever_the_model_makes_them() {
    let steps = vec![Step { data_residency: true, ..call("read", 150_000.0) }, call("sum up", 100_000.0)];
    let priced = |usd: f64| {
        planned(steps.clone(), |s| {
            s.quality.task_error_gap = Some(Range::point(0.02));
            s.quality.usd_per_error = Range::point(usd);
        })
    };
    let (free, dear) = (priced(0.0), priced(0.05));
    let (a, b) = (free.routing.unwrap(), dear.routing.unwrap());
    let places = |r: &crossover::engine::routing::Routing| r.steps.iter().map(|s| s.way).collect::<Vec<_>>();
    assert_eq!(places(&a), places(&b));
    let mistakes = 250_000.0 * 730.0 / 24.0 * 0.02 * 0.05;
    assert!((b.total_usd - a.total_usd - mistakes).abs() < 1e-6 * mistakes, "{} {mistakes}", b.total_usd - a.total_usd);
    let own: f64 = b.pools.iter().map(|p| p.usd).sum();
    let panel = dear.cost.self_hosted.unwrap().total_usd_per_month;
    assert!((own - panel).abs() < 1e-6 * panel, "{own} in the routing, {panel} in the panels");
}

/// The rest of the plan is about the scenario's own pool where that serves anything, even beside a fuller one.
#[test]
fn the_panels_are_about_the_own_pool_though_a_small_model_fills_more_replicas() {
    let p = Range::point;
    let answer = Step { name: "answer".into(), calls_per_day: p(1e3), data_residency: true, ..Step::default() };
    let sort = Step {
        name: "sort".into(),
        calls_per_day: p(2e7),
        input_tokens: p(500.0),
        output_tokens: p(20.0),
        escalated_share: Some(p(0.01)),
        first_model: Some("meta-llama/Llama-3.1-8B-Instruct".into()),
        ..answer.clone()
    };
    let plan = planned(vec![answer, sort], |_| {});
    let r = plan.routing.unwrap();
    let replicas: Vec<f64> = r.pools.iter().map(|p| p.replicas).collect();
    assert!(replicas.len() == 2 && replicas[1] > replicas[0], "{replicas:?}");
    assert_eq!(r.panels_model.as_deref(), Some(Scenario::default().model.id.as_str()));
    assert_eq!(plan.fleet.replicas_for_peak, replicas[0]);
}

/// An API that stands in for lost replicas and takes what spills over is paid by the token, with or without steps.
#[test]
fn a_step_served_whole_by_the_pool_costs_what_the_panels_say() {
    let plan = planned(vec![Step { place: Place::SelfHosted, ..call("read", 200_000.0) }], |s| {
        s.hardware.api_failover = true;
        s.hardware.spill_percentile = Some(0.9);
        s.quality.task_error_gap = Some(Range::point(0.02));
        s.quality.usd_per_error = Range::point(0.05);
    });
    let (panel, routing) = (plan.cost.self_hosted.unwrap(), plan.routing.unwrap());
    assert_eq!((routing.steps[0].way, routing.panels_about), (Some("self_hosted"), "every_step"));
    assert!(panel.redundancy_usd > 0.0 && panel.spill_usd > 0.0 && panel.quality_gap_usd > 0.0, "{panel:?}");
    let (a, b) = (routing.total_usd, panel.total_usd_per_month);
    assert!((a - b).abs() < 1e-9 * b, "{a} in the routing, {b} in the panels");
}

/// A bug: the layout that suits the own model's part was forced on the other pools too; a large model did not fit there,
/// its step had no place, and the plan without it was taken for the cheaper one.
#[test]
fn a_layout_that_suits_the_own_part_moves_no_other_model() {
    let p = Range::point;
    let sort = Step { input_tokens: p(500.0), output_tokens: p(20.0), place: Place::SelfHosted, ..call("sort", 1e6) };
    let (input, output) = (p(20_000.0), p(1_000.0));
    let write =
        Step { input_tokens: input, output_tokens: output, quality: QualityTier::Frontier, ..call("write", 1e5) };
    let judge = Step { model: Some("Qwen/Qwen3-32B".into()), data_residency: true, ..call("judge", 1e3) };
    let on = |steps: Vec<Step>| {
        planned(steps, |s| {
            s.model.id = "Qwen/Qwen3-8B".into();
            s.hardware.accelerator = "l4".into();
        })
    };
    let plan = on(vec![sort.clone(), write.clone(), judge.clone()]);
    let routing = plan.routing.unwrap();
    let places: Vec<&str> = routing.steps.iter().map(|s| s.place.as_str()).collect();
    assert_eq!(places, ["self_hosted", "api", "self_hosted"], "{routing:?}");
}

/// A bug: every step self-hosted was priced in the cheaper of both layouts tried, every step that can be in one of them, so
/// that the same plan had two prices, and the sentence said that more was saved than is.
#[test]
fn where_every_step_can_be_self_hosted_both_comparisons_name_one_price() {
    let p = Range::point;
    let sized = |name: &str, input: f64, output: f64| Step {
        input_tokens: p(input),
        output_tokens: p(output),
        ..call(name, 1e5)
    };
    let read = Step { api: Some("groq/gpt-oss-20b".into()), ..sized("read", 20_000.0, 1_000.0) };
    let keep = Step { data_residency: true, ..call("keep", 1e5) };
    let plan = planned(vec![sized("sort", 500.0, 20.0), read, keep], |s| s.model.id = "Qwen/Qwen3-32B".into());
    let r = plan.routing.unwrap();
    assert!(r.all_self_hosted_usd.is_some_and(|all| all > r.total_usd), "{r:?}");
    assert_eq!(r.self_hosted_where_possible_usd, r.all_self_hosted_usd);
}

/// A step of another model whose data must stay, alone and beside others.
fn judged(model: &str, accelerator: &str, beside: &[Step]) -> (Plan, Plan) {
    let judge = Step { model: Some(model.into()), data_residency: true, ..call("judge", 1e3) };
    let on = |steps: Vec<Step>| planned(steps, |s| s.hardware.accelerator = accelerator.into());
    (on(vec![judge.clone()]), on([&[judge], beside].concat()))
}

/// A step of long requests that needs a frontier model.
fn write() -> Step {
    let (input_tokens, output_tokens) = (Range::point(20_000.0), Range::point(1_000.0));
    Step { input_tokens, output_tokens, quality: QualityTier::Frontier, ..call("write", 1e5) }
}

/// A bug: only the pool of the scenario's own model was laid out for what it serves. That of another model kept the layout
/// that suits the whole pipeline, here 8 GPUs where two do.
#[test]
fn a_pool_of_another_model_is_laid_out_for_what_it_serves() {
    let (alone, both) = judged("meta-llama/Llama-3.3-70B-Instruct", "h200-sxm", &[write()]);
    let (alone, both) = (alone.routing.unwrap(), both.routing.unwrap());
    assert_eq!((&alone.pools, both.pools[0].gpus), (&both.pools, 2.0));
    assert!((both.total_usd - both.api_usd - alone.total_usd).abs() < 1e-9 * both.total_usd);
    assert_eq!(both.api_where_possible_usd, Some(both.total_usd), "it is the only plan, and has one price");
    assert_eq!(both.self_hosted_where_possible_usd, Some(both.total_usd));
}

/// A bug: nor had a step a place that was served in house without the rest of its pipeline.
#[test]
fn a_step_of_another_model_has_the_place_it_has_alone() {
    let sort = call("sort", 1e4);
    let (alone, all) = judged("Qwen/Qwen3-32B", "l4", &[write(), sort.clone()]);
    let warned = |p: &Plan| p.warnings.iter().any(|w| w.message.contains("no place"));
    assert!(!warned(&alone) && !warned(&all), "{:?}", all.warnings);
    let (alone, all) = (alone.routing.unwrap(), all.routing.unwrap());
    assert_eq!((all.steps[0].place.as_str(), &all.pools), ("self_hosted", &alone.pools));
    assert_eq!(all.api_where_possible_usd, Some(all.total_usd), "without the step it would be less");
    // What moving another step would add is no less for a layout in which this one had no place.
    let without = planned(vec![write(), sort], |s| s.hardware.accelerator = "l4".into()).routing.unwrap();
    let [with, without] = [&all.steps[2], &without.steps[1]].map(|s| s.moving_it_usd.unwrap());
    assert!(with > 0.0 && (with - without).abs() < 1e-6 * without, "{with} {without}");
}

#[test]
fn a_step_that_no_layout_serves_changes_no_layout() {
    let (input_tokens, ttft_p95_ms) = (Range::point(100_000.0), Some(Range::point(1.0)));
    let hopeless =
        Step { model: Some("meta-llama/Llama-3.3-70B-Instruct".into()), data_residency: true, ..call("hopeless", 1e5) };
    let hopeless = Step { input_tokens, ttft_p95_ms, ..hopeless };
    let (alone, both) = judged("meta-llama/Llama-3.3-70B-Instruct", "h200-sxm", &[hopeless]);
    let (alone, both) = (alone.routing.unwrap(), both.routing.unwrap());
    assert_eq!((both.unplaced().count(), &both.pools), (1, &alone.pools));
}

/// A bug: moving the second step in house was priced in the layout that suits the first, at three times what the plan with
/// both in house was said to cost.
#[test]
fn moving_the_last_step_in_house_costs_what_every_step_in_house_does() {
    let sized = |step: Step, input: f64| {
        let (input_tokens, output_tokens) = (Range::point(input), Range::point(3.0));
        Step { input_tokens, output_tokens, ..step }
    };
    let steps = vec![
        sized(Step { place: Place::SelfHosted, ..call("keep", 100.0) }, 50.0),
        sized(call("read", 715_996.0), 3_435.77),
    ];
    let r = planned(steps, |s| {
        (s.model.id, s.hardware.accelerator) = ("Qwen/Qwen3-32B".into(), "h100-sxm".into());
    });
    let r = r.routing.unwrap();
    let moved = r.total_usd + r.steps[1].moving_it_usd.unwrap();
    let all = r.all_self_hosted_usd.unwrap();
    assert!((moved - all).abs() < 1e-9 * all, "{moved} moved, {all} in all");
}

/// A bug: the layout was that for the pipeline's target, in which a step with a shorter one had no place.
#[test]
fn a_pool_is_laid_out_for_the_target_of_its_step() {
    let p = Range::point;
    let read = |ttft: Option<f64>| Step {
        input_tokens: p(3_000.0),
        output_tokens: p(200.0),
        data_residency: true,
        ttft_p95_ms: ttft.map(p),
        ..call("read", 1e5)
    };
    let on = |step: Step, target: Option<f64>| {
        planned(vec![step], |s| {
            (s.model.id, s.hardware.accelerator) = ("meta-llama/Llama-3.3-70B-Instruct".into(), "h200-sxm".into());
            s.workload.ttft_p95_ms = target.map_or(s.workload.ttft_p95_ms, p);
        })
    };
    let (of_step, of_all) = (on(read(Some(200.0)), None), on(read(None), Some(200.0)));
    assert_eq!(of_step.fleet.gpus_per_replica, of_all.fleet.gpus_per_replica);
    let (of_step, of_all) = (of_step.routing.unwrap(), of_all.routing.unwrap());
    assert_eq!((of_step.unplaced().count(), &of_step.pools), (0, &of_all.pools));
    assert!(on(read(None), None).fleet.gpus_per_replica < 4, "without a target two GPUs would do");
}
