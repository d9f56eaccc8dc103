//! Measured cases: the scenario that was run, and what was measured.

use std::path::Path;

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::fleet::layout::candidates;
use crossover::engine::memory::Memory;
use crossover::engine::speed::{Room, Shape};
use crossover::quantity::Range;
use crossover::scenario::{EngineKind, Scenario};
use serde_json::Value;

/// One measured run as published.
pub struct Record {
    scenario: Scenario,
    measured: [Option<f64>; 4],
    source: String,
}

/// One measured case.
pub struct Case<'a> {
    /// What was run.
    pub scenario: &'a Scenario,
    /// The same with its facts looked up.
    pub subject: Subject<'a>,
    /// How.
    pub layout: Layout,
    /// Whether the model has experts.
    pub moe: bool,
    /// Places on the replica.
    pub room: Room,
    /// Most prompt tokens in a step.
    pub chunk: f64,
    /// The model as a step sees it.
    pub shape: Shape,
    /// Measured values, if any: TPOT ms, TTFT ms, saturated output tokens/s, closed-loop output tokens/s.
    pub measured: [Option<f64>; 4],
    /// Where it is from.
    pub source: &'a str,
    /// Weight in the fit: many cases of one configuration share theirs.
    pub weight: f64,
}

impl Case<'_> {
    /// Engine id.
    pub fn engine(&self) -> String {
        self.scenario.serving.engine.id().into()
    }

    /// Whether it ran on llama.cpp, which shares nothing with the servers.
    pub fn local(&self) -> bool {
        matches!(self.scenario.serving.engine, EngineKind::LlamaCpp | EngineKind::Ollama)
    }

    fn configuration(&self) -> String {
        let s = &self.scenario;
        format!(
            "{}|{}|{:?}|{}|{}",
            s.model.id, s.hardware.accelerator, self.layout, s.model.quantization, s.serving.engine
        )
    }
}

/// Paths of the measured values, in the order of `Case::measured`.
const PATHS: [&str; 4] =
    ["speed.tpot_ms", "speed.ttft_ms", "speed.saturated.output_tokens_per_second", "speed.output_tokens_per_second"];
/// Cases of one configuration beyond which each counts less.
const FULL_WEIGHT: f64 = 8.0;

/// Read every `speed_*.jsonl` of a directory. Runs whose scenario does not say what ran (drafting, attention layouts in
/// the notes only) are left out.
pub fn load(dir: &Path) -> Result<Vec<Record>, String> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .map_err(|e| format!("{}: {e}", dir.display()))?
        .filter_map(|f| f.ok().map(|f| f.path()))
        .filter(|p| {
            p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with("speed_") && n.ends_with(".jsonl"))
        })
        .collect();
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let at = || format!("{}:{}", file.display(), i + 1);
            let row: Value = serde_json::from_str(line).map_err(|e| format!("{}: {e}", at()))?;
            let notes = row["notes"].as_str().unwrap_or_default();
            if notes.contains("SPEC-DECODE") || notes.contains("dp-attention") {
                continue;
            }
            let measured = PATHS.map(|p| row["expect"][p]["value"].as_f64().filter(|v| *v > 0.0));
            let source = row["source"].as_str().unwrap_or_default().to_string();
            let scenario = scenario(&row["scenario"]).map_err(|e| format!("{}: {e}", at()))?;
            out.push(Record { scenario, measured, source });
        }
    }
    Ok(out)
}

/// The cases of some records; those that cannot run by the memory model are left out.
pub fn prepare<'a>(records: &'a [Record], catalog: &'a Catalog) -> Result<Vec<Case<'a>>, String> {
    let mut out = records.iter().map(|r| case(r, catalog)).collect::<Result<Vec<_>, _>>()?;
    let all = out.len();
    out.retain(|c| c.room.places >= 1.0);
    println!("{} cases cannot run by the memory model and are left out", all - out.len());
    weigh(&mut out);
    Ok(out)
}

fn weigh(cases: &mut [Case]) {
    let mut counts = std::collections::BTreeMap::<String, f64>::new();
    for c in cases.iter() {
        *counts.entry(c.configuration()).or_default() += 1.0;
    }
    for c in cases.iter_mut() {
        c.weight = (FULL_WEIGHT / counts[&c.configuration()]).min(1.0).sqrt();
    }
}

fn case<'a>(record: &'a Record, catalog: &'a Catalog) -> Result<Case<'a>, String> {
    let subject = Subject::of(&record.scenario, catalog, &mut Vec::new()).map_err(|e| e.to_string())?;
    let layout = layout(&subject);
    let memory = Memory::size(&subject, layout);
    Ok(Case {
        scenario: &record.scenario,
        layout,
        moe: subject.model.is_moe(),
        room: Room::of(&subject, &memory),
        chunk: memory.max_num_batched_tokens,
        shape: Shape::of(&subject),
        measured: record.measured,
        source: &record.source,
        weight: 1.0,
        subject,
    })
}

/// How a case was run: as its record says; where throughput was all that counted, with attention replicated if the
/// planner would try that.
fn layout(subject: &Subject) -> Layout {
    let s = &subject.scenario.serving;
    let plain = Layout::new(s.tensor_parallel.unwrap_or(1), s.pipeline_parallel.unwrap_or(1));
    match s.concurrency {
        None => candidates(subject).pop().unwrap_or(plain),
        Some(_) => plain,
    }
}

fn scenario(v: &Value) -> Result<Scenario, String> {
    let mut s = Scenario::default();
    let text = |v: &Value| v.as_str().map(str::to_string);
    let named = |v: &Value, what: &str| text(v).ok_or(format!("{what} is missing"));
    let (w, m, e) = (&v["workload"], &v["model"], &v["serving"]);
    let number = |v: &Value, into: &mut Range| {
        if let Some(x) = v.as_f64() {
            *into = Range::point(x);
        }
    };
    number(&w["input_tokens"], &mut s.workload.input_tokens);
    number(&w["output_tokens"], &mut s.workload.output_tokens);
    number(&w["max_request_tokens"], &mut s.workload.max_request_tokens);
    number(&w["cached_input_share"], &mut s.workload.cached_input_share);
    s.model.id = named(&m["id"], "model.id")?;
    if let Some(q) = text(&m["quantization"]) {
        s.model.quantization = Quantization::from_id(&q).ok_or(format!("unknown quantization {q}"))?;
    }
    if let Some(k) = text(&m["kv_cache"]) {
        s.model.kv_cache = KvDtype::from_id(&k).ok_or(format!("unknown kv_cache {k}"))?;
    }
    let engine = named(&e["engine"], "serving.engine")?;
    s.serving.engine = EngineKind::from_id(&engine).ok_or(format!("unknown engine {engine}"))?;
    s.serving.engine_version = text(&e["engine_version"]);
    let whole = |v: &Value| v.as_u64().map(|n| n as u32);
    s.serving.tensor_parallel = whole(&e["tensor_parallel"]);
    s.serving.pipeline_parallel = whole(&e["pipeline_parallel"]);
    s.serving.concurrency = e["concurrency"].as_f64();
    s.hardware.accelerator = named(&v["hardware"]["accelerator"], "hardware.accelerator")?;
    Ok(s)
}
