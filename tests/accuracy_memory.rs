//! Pins memory sizing to what engines measured: start-up logs, held batches, published checkpoint sizes. Prints the table of
//! errors per family (`cargo test --test accuracy_memory -- --nocapture`) and holds the marks of each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::{Memory, MemoryReport};
use crossover::scenario::{EngineKind, Range, Scenario};
use serde_json::Value;

/// The scenario of a case; fields that a case does not name keep their defaults.
fn scenario(row: &Value) -> Scenario {
    let mut s = Scenario::default();
    let text = |k: &str| row[k].as_str();
    let whole = |k: &str| row[k].as_u64().map(|v| v as u32);
    s.model.id = text("model").unwrap().into();
    s.model.quantization = text("quantization").map_or(Quantization::Fp8, |q| Quantization::from_id(q).unwrap());
    s.model.kv_cache = text("kv_cache").map_or(KvDtype::Auto, |q| KvDtype::from_id(q).unwrap());
    s.serving.engine = text("engine").map_or(EngineKind::Vllm, |e| EngineKind::from_id(e).unwrap());
    s.serving.engine_version = text("engine_version").map(str::to_owned);
    s.serving.tensor_parallel = whole("tensor_parallel");
    s.serving.pipeline_parallel = whole("pipeline_parallel");
    s.serving.memory_utilization = row["memory_utilization"].as_f64();
    s.serving.max_model_len = whole("max_model_len");
    s.serving.max_num_seqs = whole("max_num_seqs");
    s.serving.max_num_batched_tokens = whole("max_num_batched_tokens");
    s.serving.cuda_graphs = row["cuda_graphs"].as_bool().unwrap_or(true);
    s.hardware.accelerator = text("accelerator").unwrap().into();
    s.hardware.memory_bytes = row["memory_bytes"].as_f64();
    for (k, slot) in [("input_tokens", &mut s.workload.input_tokens), ("output_tokens", &mut s.workload.output_tokens)]
    {
        if let Some(v) = row[k].as_f64() {
            *slot = Range::point(v);
        }
    }
    s
}

fn report(row: &Value, catalog: &Catalog) -> MemoryReport {
    let s = scenario(row);
    let subject = Subject::of(&s, catalog, &mut Vec::new()).unwrap();
    let layout = subject.pinned_layout().unwrap_or(Layout::new(1, 1));
    Memory::size(&subject, layout).report()
}

fn got(r: &MemoryReport, field: &str) -> f64 {
    let p = &r.per_gpu;
    match field {
        "weights_bytes_total" => r.weights_bytes_total,
        "weights_bytes" => p.weights_bytes,
        "activation_bytes" => p.activation_bytes,
        "kv_pool_bytes" => p.kv_pool_bytes,
        "kv_bytes_per_token_per_gpu" => r.kv_bytes_per_token_per_gpu,
        "max_sequences_at_max" => r.max_sequences_at_max,
        "longest_request" => f64::from(r.fits.longest_request),
        other => panic!("no field {other}"),
    }
}

/// Inside its tolerance, and the signed relative error.
fn judged(got: f64, want: &Value) -> (bool, f64) {
    if let Some(flag) = want["equals"].as_bool() {
        return (got == f64::from(flag), 0.0);
    }
    let value = want["value"].as_f64().unwrap();
    let off = (got - value).abs();
    let within = want["within"].as_f64().unwrap_or(0.0).max(value * want["within_ratio"].as_f64().unwrap_or(0.0));
    (off <= within, (got - value) / value)
}

#[test]
fn measured_cases_hold_their_marks() {
    let catalog = Catalog::embedded().unwrap();
    let doc: Value = serde_json::from_str(include_str!("accuracy/memory_cases.json")).unwrap();
    let mut table: BTreeMap<(String, String), Vec<(bool, f64)>> = BTreeMap::new();
    let mut missed = Vec::new();
    for row in doc["rows"].as_array().unwrap() {
        let answer = report(row, &catalog);
        for (field, want) in row["expect"].as_object().unwrap() {
            let value = got(&answer, field);
            let (ok, error) = judged(value, want);
            let file = row["file"].as_str().unwrap();
            table.entry((file.into(), field.clone())).or_default().push((ok, error));
            if !ok {
                missed.push(format!("{file} {} {field}: {value:.0} for {want} ({:+.1} %)", row["id"], 100.0 * error));
            }
        }
    }
    println!("{:18} {:28} {:>4} {:>7} {:>8} {:>8}", "family", "quantity", "n", "within", "median", "worst");
    let mut failed = Vec::new();
    for ((file, field), rows) in &table {
        let within = rows.iter().filter(|r| r.0).count() as f64 / rows.len() as f64;
        let mut errors: Vec<f64> = rows.iter().map(|r| r.1.abs()).collect();
        errors.sort_by(f64::total_cmp);
        let (median, worst) = (errors[errors.len() / 2], errors[errors.len() - 1]);
        println!(
            "{file:18} {field:28} {:>4} {:>6.1}% {:>7.2}% {:>7.2}%",
            rows.len(),
            100.0 * within,
            100.0 * median,
            100.0 * worst
        );
        let mark = doc["marks"][file][field].as_f64().unwrap();
        if within < mark {
            failed.push(format!("{file} {field}: {within:.3} < {mark}"));
        }
    }
    println!("outside their tolerance:\n{}", missed.join("\n"));
    assert!(failed.is_empty(), "{failed:#?}\n{}", missed.join("\n"));
}
