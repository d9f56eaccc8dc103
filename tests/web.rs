//! Pins that WebAssembly answers exactly as the native program does: every example scenario, every golden link and some
//! hundred generated ones (scripts/web-scenarios.mjs) are planned here, in a browser, and compared byte for byte with what
//! `crossover plan --stream` wrote natively just before. `scripts/test.sh wasm` (`make test-wasm`) does both.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic)]

use crossover::catalog::Catalog;
use crossover::engine::curves::Curves;
use crossover::engine::{Effort, plan_with};
use crossover::scenario::{canonical_ids, link, read_text};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SCENARIOS: &str = include_str!("web/scenarios.jsonl");
/// Draws of a line of `crossover plan --stream`.
const DRAWS: u32 = 256;

/// A file of target/web, written just before; the test server serves the project's folder.
async fn written(name: &str) -> String {
    let window = web_sys::window().expect("tests run in a browser");
    let response = JsFuture::from(window.fetch_with_str(&format!("/target/web/{name}"))).await.expect("a response");
    let response: web_sys::Response = response.dyn_into().expect("a response");
    assert!(response.ok(), "target/web/{name} is missing; run make test-wasm");
    let text = JsFuture::from(response.text().expect("a body")).await.expect("a body");
    text.as_string().expect("text")
}

/// Lets the browser do what else it has to: its driver gives up on a page that answers nothing for long.
async fn breath() {
    let window = web_sys::window().expect("tests run in a browser");
    let next = js_sys::Promise::new(&mut |resolve, _| {
        window.set_timeout_with_callback(&resolve).expect("a timer");
    });
    JsFuture::from(next).await.expect("a timer that rings");
}

/// What the page would answer: the same steps as the terminal's, through the public interface.
fn answer(line: &str, catalog: &Catalog) -> String {
    let read = match line.starts_with('{') {
        true => read_text(line),
        false => Ok(link::decode(line, catalog).expect("a readable link")),
    };
    let (mut scenario, warnings) = read.expect("a readable scenario");
    canonical_ids(&mut scenario, catalog);
    match plan_with(&scenario, catalog, Effort { draws: DRAWS }) {
        Ok(mut plan) => {
            plan.warnings.splice(0..0, warnings);
            // A stream leaves out the samples that only pictures need.
            plan.curves = Curves::default();
            plan.scenario_link = link::encode(&scenario, catalog).expect("a link");
            serde_json::to_string(&plan).expect("a document")
        }
        Err(e) => json!({"error": {"path": e.path, "message": e.message, "hint": e.hint}}).to_string(),
    }
}

/// Paths at which two documents differ, with both values.
fn differences(path: &str, a: &Value, b: &Value, out: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            for key in x.keys().chain(y.keys().filter(|k| !x.contains_key(*k))) {
                let of = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                differences(&format!("{path}.{key}"), &of(x), &of(y), out);
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            for (i, (v, w)) in x.iter().zip(y).enumerate() {
                differences(&format!("{path}[{i}]"), v, w, out);
            }
        }
        _ if a == b => {}
        _ => out.push(format!("{path}: native {a}, WebAssembly {b}")),
    }
}

#[wasm_bindgen_test]
async fn webassembly_answers_byte_for_byte_as_the_native_program() {
    let catalog = Catalog::embedded().expect("the embedded catalog");
    let (scenarios, native) = (written("scenarios.jsonl").await, written("plans.jsonl").await);
    let native: Vec<&str> = native.lines().collect();
    let lines: Vec<&str> = scenarios.lines().collect();
    assert_eq!(native.len(), lines.len(), "one native answer a scenario");
    assert!(SCENARIOS.lines().all(|line| lines.contains(&line)) && lines.len() > 300, "{} scenarios", lines.len());
    let mut wrong = Vec::new();
    for (line, native) in lines.iter().zip(native) {
        breath().await;
        let own = answer(line, &catalog);
        if own != native {
            let parsed = |t: &str| serde_json::from_str::<Value>(t).expect("JSON");
            let mut found = Vec::new();
            differences("", &parsed(native), &parsed(&own), &mut found);
            wrong.push(format!("{line}\n  {}", found.into_iter().take(8).collect::<Vec<_>>().join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[wasm_bindgen_test]
fn the_scenarios_answer_different_questions() {
    let catalog = Catalog::embedded().expect("the embedded catalog");
    let answers: std::collections::HashSet<String> = SCENARIOS.lines().map(|l| answer(l, &catalog)).collect();
    assert_eq!(answers.len(), SCENARIOS.lines().count());
}
