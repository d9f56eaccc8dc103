//! Pins what every example answers: presets, golden links, the scenarios of `tests/web`, mixtures of golden links
//! (`mixtures.txt`, from scripts/web-scenarios.mjs), fleets and pipelines (`more.txt`), every model and every accelerator of
//! the catalog are planned, and each plan is held against the one that was committed.
//! `examples.jsonl` keeps one line for each: what it says first, and a digest of the rest to nine digits; `whole/` keeps a
//! few plans in full, so that a change can be read. What changes on purpose is written by
//! `UPDATE_PLANS=1 cargo test --test plans`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use crossover::catalog::Catalog;
use crossover::engine::{Effort, plan_with};
use crossover::scenario::{Scenario, canonical_ids, link, presets, read_text};
use serde_json::{Value, json};

/// Enough that every percentile is between draws.
const DRAWS: u32 = 64;
/// Presets whose plans are kept whole: rented and owned, one model that fits barely, and a pipeline.
const WHOLE: [&str; 4] = ["default", "owned-hardware", "70b-4-bit-a100", "agents"];

/// Engines with a format of weights that each serves, and accelerators, given to the catalog's models in turn.
const WAYS: [(&str, &str); 5] = [
    ("sglang", "fp8"),
    ("tensorrt-llm", "nvfp4"),
    ("llama.cpp", "gguf-q4_k_m"),
    ("vllm", "awq-int4"),
    ("ollama", "gguf-q8_0"),
];
const ACCELERATORS: [&str; 4] = ["b200-sxm", "h100-sxm", "mi300x", "l40s"];

/// Every model of the catalog as it was published and in another way, and every accelerator.
fn of_catalog(catalog: &Catalog) -> Vec<String> {
    let asked = |model: &str, (engine, format): (&str, &str), accelerator: &str| {
        json!({
            "version": 1,
            "workload": {"tokens_per_day": 3e9},
            "model": {"id": model, "quantization": format},
            "serving": {"engine": engine},
            "hardware": {"accelerator": accelerator},
        })
        .to_string()
    };
    let models = (0..catalog.models.len()).filter_map(|i| catalog.models.get(i)).enumerate().flat_map(|(i, model)| {
        let id = &model.id;
        let way = WAYS[i % WAYS.len()];
        [asked(id, ("vllm", "native"), "h200-sxm"), asked(id, way, ACCELERATORS[i % ACCELERATORS.len()])]
    });
    let accelerators = catalog.accelerators.iter().map(|a| asked("meta-llama/Llama-3.1-8B-Instruct", WAYS[3], &a.id));
    models.chain(accelerators).collect()
}

/// Links and documents, each once.
fn examples(catalog: &Catalog) -> Vec<String> {
    let golden: Vec<Value> = serde_json::from_str(include_str!("../links/v1.json")).unwrap();
    let mut all: Vec<String> = presets().unwrap().into_iter().map(|p| p.link).collect();
    all.extend(golden.iter().filter_map(|row| row["link"].as_str().map(String::from)));
    for more in [include_str!("../web/scenarios.jsonl"), include_str!("mixtures.txt"), include_str!("more.txt")] {
        all.extend(more.lines().map(String::from));
    }
    all.extend(of_catalog(catalog));
    let mut seen = std::collections::HashSet::new();
    all.retain(|line| seen.insert(line.clone()));
    all
}

fn read(line: &str, catalog: &Catalog) -> Scenario {
    let (mut scenario, _) = match line.starts_with('{') {
        true => read_text(line).unwrap(),
        false => link::decode(line, catalog).unwrap(),
    };
    canonical_ids(&mut scenario, catalog);
    scenario
}

/// The plan as a document with nine significant digits, or why there is none.
fn answer(line: &str, catalog: &Catalog) -> Value {
    match plan_with(&read(line, catalog), catalog, Effort { draws: DRAWS }) {
        Ok(plan) => rounded(serde_json::to_value(plan).unwrap()),
        Err(e) => json!({"error": {"path": e.path, "message": e.message, "hint": e.hint}}),
    }
}

/// Sums may be taken in another order without a word; nothing else may change.
fn rounded(value: Value) -> Value {
    match value {
        Value::Number(n) if n.is_f64() => {
            let digits = format!("{:.8e}", n.as_f64().unwrap());
            digits.parse::<f64>().map_or(Value::Null, Value::from)
        }
        Value::Array(all) => all.into_iter().map(rounded).collect(),
        Value::Object(all) => all.into_iter().map(|(key, v)| (key, rounded(v))).collect(),
        other => other,
    }
}

/// FNV-1a, 64 bits.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A line of `examples.jsonl`.
fn summary(line: &str, catalog: &Catalog) -> String {
    let plan = answer(line, catalog);
    let of = |path: &str| plan.pointer(path).cloned().unwrap_or(Value::Null);
    let summary = json!({
        "scenario": line,
        "says": if plan["error"].is_null() { of("/advice/sentence") } else { of("/error/message") },
        "gpus": of("/fleet/gpus"),
        "kv_pool_tokens": of("/memory/kv_pool_tokens"),
        "tpot_ms": of("/speed/tpot_ms"),
        "ttft_ms": of("/speed/ttft_ms"),
        "self_hosted_usd": of("/cost/self_hosted/total_usd_per_month"),
        "digest": format!("{:016x}", digest(&plan.to_string())),
    });
    summary.to_string()
}

/// Differences told of before the rest is left unread.
const TOLD: usize = 5;

/// Fails where a line made is not the committed one, or writes them all where that is asked for.
fn hold(name: &str, lines: impl Iterator<Item = String>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(name);
    if std::env::var_os("UPDATE_PLANS").is_some() {
        std::fs::write(&file, lines.map(|line| line + "\n").collect::<String>()).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let mut before = committed.lines();
    // One after the other: the first differences are known before the last line is made.
    let off = lines.map(Some).chain([None]).enumerate().filter_map(|(i, now)| {
        let before = before.next();
        (before != now.as_deref()).then(|| {
            let text = |line: Option<&str>| line.unwrap_or("nothing").to_string();
            format!("{name}, line {}:\n  was {}\n  is  {}", i + 1, text(before), text(now.as_deref()))
        })
    });
    let off: Vec<String> = off.take(TOLD).collect();
    assert!(off.is_empty(), "{}\nOn purpose? UPDATE_PLANS=1 cargo test --test plans", off.join("\n"));
}

#[test]
fn every_example_answers_as_before() {
    let catalog = Catalog::embedded().unwrap();
    hold("examples.jsonl", examples(&catalog).iter().map(|line| summary(line, &catalog)));
}

#[test]
fn some_presets_answer_as_before_to_the_last_field() {
    let catalog = Catalog::embedded().unwrap();
    let presets = presets().unwrap();
    for id in WHOLE {
        let preset = presets.iter().find(|p| p.id == id).unwrap();
        let mut plan = answer(&preset.link, &catalog);
        // Samples of curves, which pictures need; the digests have them.
        plan.as_object_mut().unwrap().remove("curves");
        let text = serde_json::to_string_pretty(&plan).unwrap();
        hold(&format!("whole/{id}.json"), text.lines().map(String::from));
    }
}
