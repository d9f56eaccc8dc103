//! What docs/src/facts.md tells people who edit the facts is true: every file is in its table, every row has the source
//! and the day the guide promises, ids are unique, a retired row stays usable by name and is not chosen by itself, and
//! `crossover catalog check` agrees.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn guide() -> String {
    fs::read_to_string(root().join("docs/src/facts.md")).unwrap()
}

fn document(file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("public/catalog").join(file)).unwrap()).unwrap()
}

fn rows(file: &str) -> Vec<Value> {
    document(file)["rows"].as_array().unwrap().clone()
}

#[test]
fn every_file_of_facts_is_in_the_guide() {
    let guide = guide();
    for entry in fs::read_dir(root().join("public/catalog")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(guide.contains(&format!("`{name}`")), "{name} is not in docs/src/facts.md");
    }
}

/// Whether a text is a day, a month or a year, or says that the copy bears no date.
fn is_when(text: &str) -> bool {
    let parts: Vec<u32> = text.split('-').filter_map(|p| p.parse().ok()).collect();
    let number = text.split('-').count() == parts.len();
    let known = matches!(parts[..], [2000..=2100] | [2000..=2100, 1..=12] | [2000..=2100, 1..=12, 1..=31]);
    text == "undated copy" || (number && known)
}

#[test]
fn every_row_says_where_it_is_from_and_when_somebody_looked() {
    for file in ["models.json", "accelerators.json", "gpu_prices.json", "api_prices.json", "defaults.json"] {
        for row in rows(file) {
            let name = row.get("id").or(row.get("path")).unwrap_or(&row["gpu"]).to_string();
            let source = row.get("source").or(row.get("sources")).unwrap_or(&Value::Null);
            let named = source.as_str().map_or(source.as_array().is_some_and(|s| !s.is_empty()), |s| !s.is_empty());
            assert!(named, "{file}: {name} names no source");
            assert!(row["as_of"].as_str().is_some_and(is_when), "{file}: {name}: as_of is {}", row["as_of"]);
        }
    }
}

#[test]
fn a_retired_row_is_usable_by_name_and_not_chosen_by_itself() {
    let program = env!("CARGO_BIN_EXE_crossover");
    let plan = |arguments: &[&str]| -> Value {
        let out =
            Command::new(program).args(["plan", "--format", "json", "--draws", "0"]).args(arguments).output().unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    let stale: Vec<Value> = rows("api_prices.json").into_iter().filter(|r| r["stale"] == true).collect();
    // The default model is Llama-3.3-70B, so a host of it can be named.
    let host = stale.iter().find(|r| r["id"].as_str().unwrap().contains("llama-3.3-70b"));
    let id = host.expect("a retired host of the default model")["id"].as_str().unwrap().to_string();
    let chosen = |plan: &Value| -> Vec<String> {
        plan["cost"]["api"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap().to_string()).collect()
    };
    assert!(chosen(&plan(&["--set", &format!("api.same_weights={id}")])).contains(&id), "{id} by name");
    let by_itself = chosen(&plan(&[]));
    for row in &stale {
        assert!(!by_itself.iter().any(|c| row["id"] == c.as_str()), "{} was chosen", row["id"]);
    }
}

#[test]
fn the_check_of_the_guide_passes() {
    let out = Command::new(env!("CARGO_BIN_EXE_crossover")).args(["catalog", "check"]).output().unwrap();
    assert!(out.status.success() && String::from_utf8_lossy(&out.stdout).contains("in order"));
}
