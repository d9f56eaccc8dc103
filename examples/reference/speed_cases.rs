//! Published runs against the planner's speed, case by case: tests/accuracy/speed_cases.json planned again.

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::{Effort, plan_with};
use crossover::scenario::{EngineKind, Range, Scenario};
use serde_json::Value;

const FILE: &str = "tests/accuracy/speed_cases.json";
/// Measured fields of a case.
const QUANTITIES: [&str; 4] = ["tpot_ms", "ttft_ms", "saturated_output_tokens_per_second", "output_tokens_per_second"];

/// One measured quantity.
pub struct Case {
    /// Serving engine.
    pub engine: &'static str,
    /// Model, and what it ran on.
    pub what: String,
    /// Field of the case.
    pub quantity: &'static str,
    /// What was measured.
    pub measured: f64,
    /// What the planner says.
    pub predicted: f64,
}

/// Every case that measured a number and gets a finite answer.
pub fn all(catalog: &Catalog) -> Result<Vec<Case>, Box<dyn std::error::Error>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let document: Value = serde_json::from_str(&std::fs::read_to_string(root.join(FILE))?)?;
    let mut out = Vec::new();
    for row in document["cases"].as_array().ok_or("no cases")? {
        let scenario = scenario(row).ok_or_else(|| format!("{}: not a scenario", row["id"]))?;
        let speed = plan_with(&scenario, catalog, Effort { draws: 0 })?.speed;
        let said =
            [speed.tpot_ms, speed.ttft_ms, speed.saturated.output_tokens_per_second, speed.output_tokens_per_second];
        for (quantity, predicted) in QUANTITIES.into_iter().zip(said) {
            if let (Some(measured), true) = (row[quantity].as_f64(), predicted.is_finite()) {
                let what = what(&scenario);
                out.push(Case { engine: scenario.serving.engine.id(), what, quantity, measured, predicted });
            }
        }
    }
    Ok(out)
}

fn what(s: &Scenario) -> String {
    let name = s.model.id.rsplit('/').next().unwrap_or_default();
    format!("{name} in {} on {}", s.model.quantization.id(), s.hardware.accelerator)
}

/// The run as a scenario: its lengths and clients, pinned.
fn scenario(row: &Value) -> Option<Scenario> {
    let mut s = Scenario::default();
    let text = |key: &str| row[key].as_str();
    let whole = |key: &str| row[key].as_u64().and_then(|v| u32::try_from(v).ok());
    let (input, output) = (row["input_tokens"].as_f64()?, row["output_tokens"].as_f64()?);
    s.model.id = text("model")?.into();
    s.model.quantization = Quantization::from_id(text("quantization")?)?;
    s.model.kv_cache = text("kv_cache").map_or(Some(KvDtype::Auto), KvDtype::from_id)?;
    s.serving.engine = EngineKind::from_id(text("engine")?)?;
    s.serving.engine_version = text("engine_version").map(str::to_owned);
    s.serving.tensor_parallel = whole("tensor_parallel");
    s.serving.pipeline_parallel = whole("pipeline_parallel");
    s.serving.data_parallel_attention = whole("data_parallel_attention");
    s.serving.concurrency = row["concurrency"].as_f64();
    s.hardware.accelerator = text("accelerator")?.into();
    s.workload.input_tokens = Range::point(input);
    s.workload.output_tokens = Range::point(output);
    s.workload.max_request_tokens = Range::point(input + output);
    s.workload.cached_input_share = Range::point(0.0);
    Some(s)
}
