//! Measured memory against the planner's, case by case: tests/accuracy/memory_cases.json sized again.

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::{Memory, MemoryReport};
use crossover::scenario::{EngineKind, Range, Scenario};
use serde_json::Value;

const FILE: &str = "tests/accuracy/memory_cases.json";

/// One measured quantity.
pub struct Case {
    /// Family of cases, for example `weights_loaded`.
    pub family: String,
    /// What ran where: model, engine and version, accelerator, number of GPUs.
    pub what: String,
    /// Field of the plan's memory section.
    pub quantity: String,
    /// What was measured.
    pub measured: f64,
    /// What the planner says.
    pub predicted: f64,
}

/// Every case that measured a number.
pub fn all(catalog: &Catalog) -> Result<Vec<Case>, Box<dyn std::error::Error>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let document: Value = serde_json::from_str(&std::fs::read_to_string(root.join(FILE))?)?;
    let mut out = Vec::new();
    for row in document["rows"].as_array().ok_or("no rows")? {
        let scenario = scenario(row).ok_or_else(|| format!("{}: not a scenario", row["id"]))?;
        let subject = Subject::of(&scenario, catalog, &mut Vec::new())?;
        let layout = subject.pinned_layout().unwrap_or(Layout::new(1, 1));
        let report = Memory::size(&subject, layout).report();
        for (quantity, expected) in row["expect"].as_object().ok_or("no expectation")? {
            if let (Some(measured), Some(predicted)) = (expected["value"].as_f64(), predicted(&report, quantity)) {
                let family = row["file"].as_str().unwrap_or_default().to_string();
                let what = what(&scenario, layout);
                out.push(Case { family, what, quantity: quantity.clone(), measured, predicted });
            }
        }
    }
    Ok(out)
}

fn what(s: &Scenario, layout: Layout) -> String {
    let version = s.serving.engine_version.as_deref().unwrap_or_default();
    let gpus = layout.gpus();
    let name = s.model.id.rsplit('/').next().unwrap_or_default();
    let format = s.model.quantization.id();
    format!("{name} in {format}, {} {version} on {gpus} {}", s.serving.engine.id(), s.hardware.accelerator)
        .replace("  ", " ")
}

fn scenario(row: &Value) -> Option<Scenario> {
    let mut s = Scenario::default();
    let text = |key: &str| row[key].as_str();
    let whole = |key: &str| row[key].as_u64().and_then(|v| u32::try_from(v).ok());
    s.model.id = text("model")?.into();
    s.model.quantization = text("quantization").map_or(Some(Quantization::Fp8), Quantization::from_id)?;
    s.model.kv_cache = text("kv_cache").map_or(Some(KvDtype::Auto), KvDtype::from_id)?;
    s.serving.engine = text("engine").map_or(Some(EngineKind::Vllm), EngineKind::from_id)?;
    s.serving.engine_version = text("engine_version").map(str::to_owned);
    s.serving.tensor_parallel = whole("tensor_parallel");
    s.serving.pipeline_parallel = whole("pipeline_parallel");
    s.serving.memory_utilization = row["memory_utilization"].as_f64();
    s.serving.max_model_len = whole("max_model_len");
    s.serving.max_num_seqs = whole("max_num_seqs");
    s.serving.max_num_batched_tokens = whole("max_num_batched_tokens");
    s.serving.cuda_graphs = row["cuda_graphs"].as_bool().unwrap_or(true);
    s.hardware.accelerator = text("accelerator")?.into();
    s.hardware.memory_bytes = row["memory_bytes"].as_f64();
    if let Some(tokens) = row["input_tokens"].as_f64() {
        s.workload.input_tokens = Range::point(tokens);
    }
    if let Some(tokens) = row["output_tokens"].as_f64() {
        s.workload.output_tokens = Range::point(tokens);
    }
    Some(s)
}

fn predicted(report: &MemoryReport, quantity: &str) -> Option<f64> {
    match quantity {
        "weights_bytes_total" => Some(report.weights_bytes_total),
        "weights_bytes" => Some(report.per_gpu.weights_bytes),
        "activation_bytes" => Some(report.per_gpu.activation_bytes),
        "kv_pool_bytes" => Some(report.per_gpu.kv_pool_bytes),
        "kv_bytes_per_token_per_gpu" => Some(report.kv_bytes_per_token_per_gpu),
        "max_sequences_at_max" => Some(report.max_sequences_at_max),
        _ => None,
    }
}
