//! Pins the speed model to what published runs measured, through the whole plan. Prints the table of errors per engine,
//! class and quantity (`cargo test --test accuracy_speed -- --nocapture`) and holds a ceiling for each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::{Effort, plan_with};
use crossover::scenario::{EngineKind, Range, Scenario};
use serde_json::Value;

/// (engine, class, quantity, ceiling of the median, ceiling of the 90th percentile): what the model reaches on these
/// cases, rounded up. Published simulators report 17 to 18 % mean error of TTFT. Known harness effects the model does
/// not follow: the start-up burst of TensorRT-LLM 1.0's runs of Llama-3.1-8B and of SGLang's NVFP4 runs (seconds of
/// TTFT), 512 clients with 1000 prompts in all (gpustack, Qwen3.5-9B), dstack's prompts of 405B at vLLM 0.6.
const CEILINGS: [(&str, &str, &str, f64, f64); 16] = [
    ("llama.cpp", "dense", "tpot_ms", 0.08, 0.10),
    ("llama.cpp", "dense", "ttft_ms", 0.20, 0.28),
    ("sglang", "dense", "tpot_ms", 0.10, 0.14),
    ("sglang", "dense", "ttft_ms", 0.40, 0.80),
    ("sglang", "moe", "tpot_ms", 0.09, 0.33),
    ("sglang", "moe", "ttft_ms", 0.30, 0.90),
    ("tensorrt-llm", "dense", "tpot_ms", 0.07, 0.13),
    ("tensorrt-llm", "dense", "ttft_ms", 0.27, 0.62),
    ("tensorrt-llm", "dense", "saturated_output_tokens_per_second", 0.08, 0.22),
    ("tensorrt-llm", "moe", "tpot_ms", 0.11, 0.39),
    ("tensorrt-llm", "moe", "ttft_ms", 0.24, 0.55),
    ("tensorrt-llm", "moe", "saturated_output_tokens_per_second", 0.13, 0.60),
    ("vllm", "dense", "tpot_ms", 0.09, 0.74),
    ("vllm", "dense", "ttft_ms", 0.24, 0.90),
    ("vllm", "moe", "tpot_ms", 0.08, 0.28),
    ("vllm", "moe", "ttft_ms", 0.15, 0.42),
];

/// Median and 90th percentile of absolute relative errors.
type Ceiling = [f64; 2];

/// (engine, class, quantity, ceilings with each model left out of the fit, with each accelerator left out), on all cases
/// of the calibration: what a plan may expect for what nobody measured. They decide between two models; the ceilings
/// above only notice that an answer changed. Rounded up from what `public/catalog/speed.json` records.
const LEAVE_OUT_CEILINGS: [(&str, &str, &str, Ceiling, Ceiling); 17] = [
    ("llama.cpp", "dense", "tpot_ms", [0.40, 0.44], [0.06, 0.14]),
    ("llama.cpp", "dense", "ttft_ms", [0.34, 0.67], [0.16, 0.29]),
    ("sglang", "dense", "tpot_ms", [0.10, 0.23], [0.11, 0.24]),
    ("sglang", "dense", "ttft_ms", [0.30, 0.90], [0.47, 0.88]),
    ("sglang", "moe", "tpot_ms", [0.13, 0.34], [0.10, 0.26]),
    ("sglang", "moe", "ttft_ms", [0.46, 0.92], [0.42, 0.94]),
    ("tensorrt-llm", "dense", "tpot_ms", [0.08, 0.19], [0.07, 0.17]),
    ("tensorrt-llm", "dense", "ttft_ms", [0.49, 0.84], [0.43, 0.82]),
    ("tensorrt-llm", "dense", "saturated", [0.06, 0.22], [0.06, 0.20]),
    ("tensorrt-llm", "moe", "tpot_ms", [0.10, 0.34], [0.22, 0.41]),
    ("tensorrt-llm", "moe", "ttft_ms", [0.31, 1.52], [0.36, 1.03]),
    ("tensorrt-llm", "moe", "saturated", [0.12, 0.47], [0.12, 0.46]),
    ("vllm", "dense", "tpot_ms", [0.10, 1.52], [0.09, 1.52]),
    ("vllm", "dense", "ttft_ms", [0.25, 0.55], [0.18, 0.51]),
    ("vllm", "dense", "output_tokens_per_second", [0.22, 1.63], [0.20, 1.70]),
    ("vllm", "moe", "tpot_ms", [0.15, 0.30], [0.11, 0.26]),
    ("vllm", "moe", "ttft_ms", [0.18, 0.64], [0.16, 0.46]),
];

/// Quantities in the order of the table.
const QUANTITIES: [&str; 4] = ["tpot_ms", "ttft_ms", "saturated_output_tokens_per_second", "output_tokens_per_second"];

fn scenario(row: &Value) -> Scenario {
    let mut s = Scenario::default();
    let text = |k: &str| row[k].as_str();
    let whole = |k: &str| row[k].as_u64().map(|v| v as u32);
    let tokens = |k: &str| row[k].as_f64().unwrap();
    s.model.id = text("model").unwrap().into();
    s.model.quantization = Quantization::from_id(text("quantization").unwrap()).unwrap();
    s.model.kv_cache = text("kv_cache").map_or(KvDtype::Auto, |q| KvDtype::from_id(q).unwrap());
    s.serving.engine = EngineKind::from_id(text("engine").unwrap()).unwrap();
    s.serving.engine_version = text("engine_version").map(str::to_owned);
    s.serving.tensor_parallel = whole("tensor_parallel");
    s.serving.pipeline_parallel = whole("pipeline_parallel");
    s.serving.data_parallel_attention = whole("data_parallel_attention");
    s.serving.concurrency = row["concurrency"].as_f64();
    s.hardware.accelerator = text("accelerator").unwrap().into();
    s.workload.input_tokens = Range::point(tokens("input_tokens"));
    s.workload.output_tokens = Range::point(tokens("output_tokens"));
    s.workload.max_request_tokens = Range::point(tokens("input_tokens") + tokens("output_tokens"));
    s.workload.cached_input_share = Range::point(0.0);
    s
}

/// Signed relative errors by (engine, class, quantity).
fn errors(catalog: &Catalog) -> BTreeMap<(String, String, String), Vec<f64>> {
    let file: Value = serde_json::from_str(include_str!("accuracy/speed_cases.json")).unwrap();
    let mut out: BTreeMap<(String, String, String), Vec<f64>> = BTreeMap::new();
    for row in file["cases"].as_array().unwrap() {
        let s = scenario(row);
        let speed = plan_with(&s, catalog, Effort { draws: 0 }).unwrap().speed;
        let said =
            [speed.tpot_ms, speed.ttft_ms, speed.saturated.output_tokens_per_second, speed.output_tokens_per_second];
        let class = if catalog.model(&s.model.id).unwrap().is_moe() { "moe" } else { "dense" };
        for (quantity, said) in QUANTITIES.into_iter().zip(said) {
            if let Some(measured) = row[quantity].as_f64().filter(|_| said.is_finite()) {
                let key = (s.serving.engine.id().to_string(), class.to_string(), quantity.to_string());
                out.entry(key).or_default().push(said / measured - 1.0);
            }
        }
    }
    out
}

fn quantile(errors: &[f64], q: f64) -> f64 {
    let mut a: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    a.sort_by(f64::total_cmp);
    a[((a.len() - 1) as f64 * q) as usize]
}

#[test]
fn predictions_stay_within_their_ceilings() {
    let catalog = Catalog::embedded().unwrap();
    let errors = errors(&catalog);
    println!("{:14} {:6} {:36} {:>5} {:>8} {:>8}", "engine", "class", "quantity", "cases", "median", "p90");
    for ((engine, class, quantity), e) in &errors {
        let (median, p90) = (quantile(e, 0.5), quantile(e, 0.9));
        println!("{engine:14} {class:6} {quantity:36} {:>5} {:>7.1}% {:>7.1}%", e.len(), median * 100.0, p90 * 100.0);
    }
    for (engine, class, quantity, median, p90) in CEILINGS {
        let e = &errors[&(engine.to_string(), class.to_string(), quantity.to_string())];
        assert!(quantile(e, 0.5) <= median, "{engine} {class} {quantity}: median {:.3}", quantile(e, 0.5));
        assert!(quantile(e, 0.9) <= p90, "{engine} {class} {quantity}: p90 {:.3}", quantile(e, 0.9));
    }
}

#[test]
fn errors_with_a_model_or_an_accelerator_left_out_stay_within_their_ceilings() {
    let catalog = Catalog::embedded().unwrap();
    let held = |engine: &str, class: &str, quantity: &str| {
        LEAVE_OUT_CEILINGS.into_iter().find(|c| (c.0, c.1, c.2) == (engine, class, quantity))
    };
    for e in &catalog.speed.engines {
        for r in &e.residuals {
            let which = format!("{} {} {}", e.engine, e.class, r.quantity);
            let Some((.., model, accelerator)) = held(&e.engine, &e.class, &r.quantity) else {
                panic!("{which} has no ceiling")
            };
            for (left_out, errors, [median, p90]) in
                [("model", r.unseen_model, model), ("accelerator", r.unseen_accelerator, accelerator)]
            {
                assert!(errors.median <= median, "{which}, {left_out} left out: median {:.3}", errors.median);
                assert!(errors.p90 <= p90, "{which}, {left_out} left out: p90 {:.3}", errors.p90);
            }
        }
    }
    let recorded: usize = catalog.speed.engines.iter().map(|e| e.residuals.len()).sum();
    assert_eq!(recorded, LEAVE_OUT_CEILINGS.len(), "every ceiling holds something");
}

#[test]
fn nearly_every_measured_configuration_gets_an_answer() {
    let catalog = Catalog::embedded().unwrap();
    let file: Value = serde_json::from_str(include_str!("accuracy/speed_cases.json")).unwrap();
    let rows = file["cases"].as_array().unwrap();
    let silent: Vec<&str> = rows
        .iter()
        .filter(|r| !plan_with(&scenario(r), &catalog, Effort { draws: 0 }).unwrap().speed.tpot_ms.is_finite())
        .map(|r| r["id"].as_str().unwrap())
        .collect();
    // Qwen3-235B in 8 bit on one H200 is 235 GB on 141 GB: the record of its layout is wrong, not the planner.
    assert!(silent.len() <= 4, "{silent:?}");
}

#[test]
fn the_published_error_table_is_the_one_in_the_catalog() {
    let catalog = Catalog::embedded().unwrap();
    for e in &catalog.speed.engines {
        for r in &e.residuals {
            assert!(r.cases > 0 && r.median <= r.p80 && r.p80 <= r.p90, "{} {} {}", e.engine, e.class, r.quantity);
            assert!(r.unseen_model.median > 0.0 && r.unseen_accelerator.median > 0.0);
        }
        assert!(!e.sources.is_empty() && !e.models.is_empty() && !e.accelerators.is_empty());
    }
}
