//! Pins what physics demands of speed and fleet for any model, accelerator and load: more load never lowers latency, more
//! bandwidth never slows decoding, waits are finite and never negative, overload is said and not hidden (regression: an overloaded pinned replica was said
//! to carry its load; regression: the 95th percentile of the time per token fell by 0.05 % with more short prompts in
//! flight, where the crowd that a request may meet already filled the room; regression: the time to first token fell by up to
//! a fifth with more requests in flight, where the wait was counted in what prompts add to a step that reads every expert
//! anyway).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;

use crossover::catalog::{Accelerator, Catalog, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::fleet::LoadCurve;
use crossover::engine::memory::Memory;
use crossover::engine::speed::{self, Point, Room, Shape};
use crossover::engine::{Effort, plan_with};
use crossover::scenario::{EngineKind, Range, Scenario};
use proptest::prelude::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

/// One way of running something.
#[derive(Debug, Clone)]
struct Case {
    scenario: Scenario,
    layout: Layout,
}

fn case() -> impl Strategy<Value = Case> {
    let models = prop::sample::select(vec![
        "meta-llama/Llama-3.1-8B-Instruct",
        "meta-llama/Llama-3.3-70B-Instruct",
        "openai/gpt-oss-120b",
        "deepseek-ai/DeepSeek-V3-0324",
        "Qwen/Qwen3.5-397B-A17B",
        "Qwen/Qwen3-30B-A3B-Instruct-2507",
    ]);
    let accelerators = prop::sample::select(vec!["h100-sxm", "h200-sxm", "b200-sxm", "a100-80-sxm", "l40s", "mi300x"]);
    let engines = prop::sample::select(vec![EngineKind::Vllm, EngineKind::Sglang, EngineKind::TensorrtLlm]);
    let sizes = (64.0..16_000.0f64, 16.0..4_000.0f64, 0.0..0.95f64);
    let shape = (prop::sample::select(vec![1u32, 2, 4, 8]), prop::sample::select(vec![1u32, 2, 4]), 0u32..2);
    (models, accelerators, engines, sizes, shape).prop_map(|(model, accelerator, engine, sizes, shape)| {
        let mut s = Scenario::default();
        s.model.id = model.into();
        s.model.quantization = Quantization::Fp8;
        s.hardware.accelerator = accelerator.into();
        s.serving.engine = engine;
        s.serving.tensor_parallel = Some(shape.0);
        s.serving.pipeline_parallel = Some(shape.1);
        s.serving.draft_layers = shape.2;
        s.workload.input_tokens = Range::point(sizes.0);
        s.workload.output_tokens = Range::point(sizes.1);
        s.workload.max_request_tokens = Range::point(sizes.0 + sizes.1);
        s.workload.cached_input_share = Range::point(sizes.2);
        Case { layout: Layout::new(shape.0, shape.1), scenario: s }
    })
}

/// Answers of the step model of a case; nothing where it cannot run.
fn with<T>(case: &Case, catalog: &Catalog, ask: impl Fn(&speed::StepModel, f64) -> T) -> Option<T> {
    let subject = Subject::of(&case.scenario, catalog, &mut Vec::new()).unwrap();
    let memory = Memory::size(&subject, case.layout);
    let room = Room::of(&subject, &memory);
    let shape = Shape::of(&subject);
    let model = speed::model(&subject, &shape, case.layout, &memory);
    (room.places >= 1.0).then(|| ask(&model, room.places))
}

fn sound(p: &Point) -> bool {
    let all = [p.tpot_ms, p.ttft_ms, p.tpot_p95_ms, p.ttft_p95_ms, p.output_tokens_per_second];
    all.iter().all(|v| v.is_finite() && *v > 0.0) && p.tpot_p95_ms >= p.tpot_ms && p.ttft_p95_ms >= p.ttft_ms
}

/// Not smaller, but for rounding.
fn rises(from: f64, to: f64) -> bool {
    to >= from * (1.0 - 1e-9)
}

#[test]
fn short_prompts_that_fill_the_room_never_lower_the_95th_percentile() {
    let mut s = Scenario::default();
    s.model.id = "openai/gpt-oss-120b".into();
    s.model.quantization = Quantization::Fp8;
    s.hardware.accelerator = "a100-80-sxm".into();
    s.workload.input_tokens = Range::point(64.0);
    s.workload.output_tokens = Range::point(16.0);
    s.workload.max_request_tokens = Range::point(80.0);
    s.workload.cached_input_share = Range::point(0.0);
    for stages in [2, 4, 8] {
        let case = Case { layout: Layout::new(1, stages), scenario: s.clone() };
        let p95 = |m: &speed::StepModel, room: f64| {
            let points = (1..=200).map(|i| m.open_loop(room * f64::from(i) / 200.0, room).tpot_p95_ms);
            points.collect::<Vec<_>>()
        };
        let points = with(&case, &CATALOG, p95).unwrap();
        assert!(points.windows(2).all(|p| rises(p[0], p[1])), "{stages} stages: {points:?}");
    }
}

#[test]
fn a_crowd_of_short_prompts_never_brings_the_first_token_forward() {
    let mut s = Scenario::default();
    s.model.id = "deepseek-ai/DeepSeek-V3-0324".into();
    s.model.quantization = Quantization::Fp8;
    s.workload.cached_input_share = Range::point(0.0);
    s.hardware.accelerator = "h100-sxm".into();
    for (input, output) in [(64.0, 120.0), (500.0, 50.0), (2000.0, 200.0)] {
        s.workload.input_tokens = Range::point(input);
        s.workload.output_tokens = Range::point(output);
        s.workload.max_request_tokens = Range::point(input + output);
        let case = Case { layout: Layout::new(8, 2), scenario: s.clone() };
        let points = with(&case, &CATALOG, |m, room| {
            (1..=100).map(|i| m.open_loop(room * f64::from(i) / 100.0, room)).collect::<Vec<_>>()
        });
        for pair in points.unwrap().windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            let rises = rises(a.ttft_ms, b.ttft_ms) && rises(a.ttft_p95_ms, b.ttft_p95_ms);
            assert!(rises, "{input} in, {output} out: {a:?} {b:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn more_requests_in_flight_never_lower_latency(case in case(), low in 0.0..1.0f64, step in 0.0..1.0f64) {
        let answer = with(&case, &CATALOG, |m, room| {
            let c = 1.0 + low * (room - 1.0).max(0.0);
            let d = c + step * (room - c).max(1.0);
            (m.closed_loop(c, room), m.closed_loop(d, room), m.open_loop(c, room), m.open_loop(d.min(room), room))
        });
        if let Some((a, b, c, d)) = answer {
            for (x, y) in [(a, b), (c, d)] {
                prop_assert!(sound(&x) && sound(&y), "{x:?} {y:?}");
                prop_assert!(rises(x.tpot_ms, y.tpot_ms), "{x:?} {y:?}");
                prop_assert!(rises(x.ttft_ms, y.ttft_ms), "{x:?} {y:?}");
                prop_assert!(rises(x.tpot_p95_ms, y.tpot_p95_ms), "{x:?} {y:?}");
                prop_assert!(rises(x.ttft_p95_ms, y.ttft_p95_ms), "{x:?} {y:?}");
            }
        }
    }

    #[test]
    fn more_bandwidth_never_slows_decoding(case in case(), factor in 1.0..4.0f64, share in 0.0..1.0f64) {
        let mut faster = CATALOG.clone();
        let quicker = |a: &Accelerator| Accelerator { bandwidth_gbs: a.bandwidth_gbs * factor, ..a.clone() };
        faster.accelerators = CATALOG.accelerators.iter().map(quicker).collect();
        let at = |m: &speed::StepModel, room: f64| m.decode_s(1.0 + share * (room - 1.0));
        if let (Some(a), Some(b)) = (with(&case, &CATALOG, at), with(&case, &faster, at)) {
            prop_assert!(b <= a * (1.0 + 1e-12), "{a} {b}");
        }
    }

    #[test]
    fn arrivals_find_their_batch_or_the_replica_is_overloaded(case in case(), share in 0.01..2.0f64) {
        let answer = with(&case, &CATALOG, |m, room| {
            let capacity = m.sustained(room * 0.98);
            (share, m.batch_at(capacity * share, room).map(|b| m.sustained(b) / (capacity * share)))
        });
        match answer {
            Some((share, None)) => prop_assert!(share > 0.999, "{share}"),
            Some((share, Some(ratio))) => {
                prop_assert!(share <= 1.001, "{share}");
                prop_assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
            }
            None => {}
        }
    }

    #[test]
    fn a_fleet_carries_its_load(case in case(), volume in 1e5..1e10f64, peak in 1.0..6.0f64, batchable in 0.0..1.0f64) {
        let mut s = case.scenario;
        s.serving.tensor_parallel = None;
        s.serving.pipeline_parallel = None;
        s.workload.tokens_per_day = Range::point(volume);
        s.workload.peak_to_average = Range::point(peak);
        s.workload.batchable_share = Range::point(batchable);
        s.workload.ttft_p95_ms = Range::point(60_000.0);
        s.workload.tpot_p95_ms = Range::point(500.0);
        let p = plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap();
        let f = &p.fleet;
        if let Some(at) = f.at.filter(|_| p.speed.targets_met) {
            prop_assert!(f.replicas >= f.replicas_for_peak && f.replicas_for_peak >= 1.0);
            prop_assert!(f.utilization > 0.0 && f.utilization <= f.utilization_at_peak + 1e-12);
            prop_assert!(f.utilization_at_peak <= 1.0 + 1e-9, "{}", f.utilization_at_peak);
            prop_assert!(!at.peak.overloaded && at.peak.tpot_p95_ms <= 500.0 * 1.02, "{at:?}");
            if let Some(lost) = at.peak_with_one_lost {
                prop_assert!(!lost.overloaded && lost.tpot_p95_ms <= 500.0 * 1.02, "{lost:?}");
            }
            prop_assert!(f.failover.is_some_and(|x| x.survives_one_replica));
            for o in &f.spill {
                prop_assert!(o.replicas < f.replicas_for_peak && (0.0..=1.0).contains(&o.api_share_of_tokens));
            }
            prop_assert!(f.scaling.is_some_and(|x| x.scale_to_zero_hours_per_day <= 24.0));
        }
    }

    #[test]
    fn the_load_curve_has_its_mean_and_its_peak(peak in 1.0..10.0f64, level in 0.0..10.0f64) {
        let c = LoadCurve::new(peak, 0.0);
        let over = c.tokens_above(level);
        prop_assert!((0.0..=1.0 + 1e-9).contains(&over));
        prop_assert!(c.tokens_above(level * 1.1) <= over + 1e-9);
        prop_assert!(c.at(0.5) <= c.at(0.1) + 1e-12);
    }
}

#[test]
fn an_overloaded_pinned_replica_is_not_said_to_carry_its_load() {
    let mut s = Scenario::default();
    s.serving.replicas = Some(1);
    s.workload.tokens_per_day = Range::point(3e9);
    let plan = plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap();
    assert!(plan.fleet.at.unwrap().peak.overloaded);
    let why = plan.fleet.why_not_fewer.unwrap();
    assert!(why.contains("fewer than the peak needs"), "{why}");
}
