//! Pins the speed model to figures everybody can look up: FasterTransformer's and llm-analysis' single streams, the
//! memory cliff of TensorRT-LLM's tables, tensor parallelism over PCIe, and what batching and drafting buy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crossover::catalog::{Catalog, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::Memory;
use crossover::engine::speed::{self, Room, Shape};
use crossover::engine::{Effort, Plan, plan_with};
use crossover::scenario::{EngineKind, Range, Scenario};

fn plan(s: &Scenario) -> Plan {
    plan_with(s, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap()
}

fn run(model: &str, q: Quantization, accelerator: &str, tensor: u32, input: f64, output: f64) -> Scenario {
    let mut s = Scenario::default();
    s.model.id = model.into();
    s.model.quantization = q;
    s.hardware.accelerator = accelerator.into();
    s.serving.engine = EngineKind::TensorrtLlm;
    s.serving.tensor_parallel = Some(tensor);
    s.workload.input_tokens = Range::point(input);
    s.workload.output_tokens = Range::point(output);
    s.workload.max_request_tokens = Range::point(input + output);
    s.workload.cached_input_share = Range::point(0.0);
    s
}

#[test]
fn llama_13b_on_an_a100_40_takes_17_ms_a_token() {
    // FasterTransformer, LLaMA-13B fp16, batch 1: 17.07 ms. The catalog's 14B of the same shape, scaled by its weights.
    let catalog = Catalog::embedded().unwrap();
    let (model, billions) = match catalog.model("meta-llama/Llama-2-13b-chat-hf") {
        Some(m) => (m.id.clone(), m.params_total),
        None => ("Qwen/Qwen3-14B".to_string(), catalog.model("Qwen/Qwen3-14B").unwrap().params_total),
    };
    let mut s = run(&model, Quantization::Fp16, "a100-40-sxm", 1, 128.0, 128.0);
    s.serving.concurrency = Some(1.0);
    let scaled = plan(&s).speed.tpot_ms * 13.016e9 / billions;
    assert!((scaled / 17.07 - 1.0).abs() < 0.20, "{scaled}");
}

#[test]
fn llama_2_70b_on_two_a100_takes_18_seconds_for_512_tokens() {
    // llm-analysis: 18.06 s for 512 tokens, fp16, tensor parallel 2, batch 1. Llama-3.1-70B has the same layers.
    let mut s = run("meta-llama/Llama-3.1-70B-Instruct", Quantization::Fp16, "a100-80-sxm", 2, 200.0, 512.0);
    s.serving.concurrency = Some(1.0);
    let p = plan(&s);
    let seconds = (p.speed.ttft_ms + 511.0 * p.speed.tpot_ms) / 1e3;
    assert!((seconds / 18.06 - 1.0).abs() < 0.20, "{seconds}");
}

#[test]
fn the_second_h100_is_worth_more_than_four() {
    // TensorRT-LLM 0.17, 70B fp8, 128/2048: 912 tokens/s on one H100, 6,170 on two.
    let of = |t| {
        let mut s = run("meta-llama/Llama-3.1-70B-Instruct", Quantization::Fp8, "h100-sxm", t, 128.0, 2048.0);
        s.serving.engine_version = Some("0.17".into());
        plan(&s).speed.saturated.output_tokens_per_second
    };
    let (one, two) = (of(1), of(2));
    assert!(two / one >= 4.0, "{one} {two}");
}

#[test]
fn eight_l40s_over_pcie_gain_less_than_a_quarter_on_four() {
    let of = |t| {
        let s = run("meta-llama/Llama-3.1-70B-Instruct", Quantization::Fp8, "l40s", t, 2048.0, 2048.0);
        plan(&s).speed.saturated.output_tokens_per_second
    };
    let (four, eight) = (of(4), of(8));
    assert!(eight / four < 1.25, "{four} {eight}");
}

#[test]
fn over_pcie_the_plan_prefers_stages_or_replicas_and_says_why() {
    let mut s = run("meta-llama/Llama-3.1-70B-Instruct", Quantization::Fp8, "l40s", 1, 1155.0, 211.0);
    s.serving.tensor_parallel = None;
    s.workload.tokens_per_day = Range::point(2e9);
    s.workload.tpot_p95_ms = Range::point(300.0);
    s.workload.ttft_p95_ms = Range::point(5000.0);
    let p = plan(&s);
    assert!(p.fleet.tensor_parallel < 4, "{}", p.fleet.tensor_parallel);
    assert!(p.fleet.pipeline_parallel > 1 || p.fleet.replicas > 1.0);
    let wide =
        p.fleet.runners_up.iter().find(|r| r.tensor_parallel >= 4).expect("a wide layout is among those that lost");
    assert!(wide.reason.contains("GPU") || wide.reason.contains("ms"), "{}", wide.reason);
}

#[test]
fn continuous_batching_beats_static_batching_beats_one_at_a_time() {
    let mut s = run("meta-llama/Llama-3.1-8B-Instruct", Quantization::Bf16, "h100-sxm", 1, 512.0, 256.0);
    // Answers of unequal length: a static batch waits for the longest of them.
    s.workload.max_request_tokens = Range::point(8192.0);
    let b = plan(&s).speed.batching;
    assert!(b.static_output_tokens_per_second > 5.0 * b.single_output_tokens_per_second, "{b:?}");
    assert!(b.continuous_output_tokens_per_second > 1.5 * b.static_output_tokens_per_second, "{b:?}");
}

#[test]
fn drafting_helps_one_request_most() {
    let gain = |c: f64| {
        let mut s = run("meta-llama/Llama-3.1-70B-Instruct", Quantization::Fp8, "h100-sxm", 2, 512.0, 512.0);
        s.serving.concurrency = Some(c);
        let plain = plan(&s).speed.tpot_ms;
        s.serving.draft_layers = 1;
        plain / plan(&s).speed.tpot_ms
    };
    let (alone, crowded) = (gain(1.0), gain(128.0));
    assert!(alone > 1.5 && alone < 2.2, "{alone}");
    assert!(crowded < alone, "{alone} {crowded}");
}

// Regression: a lone client's tokens were slowed by the prefill of its own prompt, more so the shorter its answer.
#[test]
fn a_lone_clients_tokens_meet_no_prefill_of_their_own() {
    let tpot = |input: f64, output: f64, clients: f64| {
        let mut s = run("meta-llama/Llama-3.1-8B-Instruct", Quantization::Bf16, "h100-sxm", 1, input, output);
        s.serving.concurrency = Some(clients);
        plan(&s).speed.tpot_ms
    };
    // The same tokens in the cache half way through the answer, an answer thirty-two times as long.
    let (short, long) = (tpot(8000.0, 16.0, 1.0), tpot(7752.0, 512.0, 1.0));
    assert!((short / long - 1.0).abs() < 1e-6, "{short} and {long} ms");
    // Of two clients each meets the other's.
    assert!(tpot(8000.0, 16.0, 2.0) > 1.2 * short);
}

#[test]
fn a_cached_prefix_is_not_computed_again() {
    let mut s = run("meta-llama/Llama-3.1-70B-Instruct", Quantization::Fp8, "h100-sxm", 2, 8000.0, 200.0);
    s.serving.concurrency = Some(4.0);
    let cold = plan(&s).speed.ttft_ms;
    s.workload.cached_input_share = Range::point(0.9);
    assert!(plan(&s).speed.ttft_ms < 0.4 * cold);
    s.serving.prefix_caching = false;
    assert!((plan(&s).speed.ttft_ms / cold - 1.0).abs() < 1e-9);
}

#[test]
fn what_cannot_run_has_no_speed_and_says_so() {
    let s = run("meta-llama/Llama-3.1-405B-Instruct", Quantization::Bf16, "l4", 1, 512.0, 256.0);
    let p = plan(&s);
    assert!(p.speed.tpot_ms.is_nan() && p.fleet.at.is_none());
    let text = serde_json::to_value(&p).unwrap();
    assert!(text["speed"]["tpot_ms"].is_null() && text["fleet"]["replicas"].is_null());
    assert!(p.warnings.iter().any(|w| w.path == "serving.tensor_parallel"), "{:?}", p.warnings);
}

/// Whether requests arrive at random or each after the last, a replica that nobody else uses answers alike.
#[test]
fn an_idle_replica_answers_alike_in_both_loops() {
    for engine in [EngineKind::Vllm, EngineKind::Sglang, EngineKind::TensorrtLlm] {
        let mut s = run("meta-llama/Llama-3.3-70B-Instruct", Quantization::Fp8, "h100-sxm", 4, 2000.0, 200.0);
        s.serving.engine = engine;
        let catalog = Catalog::embedded().unwrap();
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        let layout = Layout::new(4, 1);
        let memory = Memory::size(&subject, layout);
        let model = speed::model(&subject, &Shape::of(&subject), layout, &memory);
        let places = Room::of(&subject, &memory).places;
        let (random, pinned) = (model.open_loop(1e-6, places), model.closed_loop(1e-6, places));
        for (a, b) in [(random.ttft_ms, pinned.ttft_ms), (random.tpot_ms, pinned.tpot_ms)] {
            assert!((a / b - 1.0).abs() < 1e-3, "{engine}: {random:?} {pinned:?}");
        }
    }
}

#[test]
fn a_pinned_concurrency_says_what_stops_it() {
    let mut s = run("meta-llama/Llama-3.3-70B-Instruct", Quantization::Fp8, "h100-sxm", 4, 2000.0, 200.0);
    let mut bound = |concurrency: f64, max_num_seqs: Option<u32>| {
        (s.serving.concurrency, s.serving.max_num_seqs) = (Some(concurrency), max_num_seqs);
        plan(&s).speed.bound
    };
    assert_eq!(bound(1.0, None), "memory_bandwidth");
    assert_eq!(bound(8.0, Some(4)), "max_num_seqs");
    assert_eq!(bound(4.0, Some(4)), "memory_bandwidth");
    assert_eq!(bound(1e5, Some(100_000)), "kv_pool");
}
