//! The page of sources: where the facts are from, file by file, with the newest day somebody looked.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

const HEAD: &str = "# Sources

<!-- Written by `cargo run --example reference` from the files of facts; do not edit this page. -->

What every row of the facts rests on, as the rows say it, with the number of rows and the newest day somebody looked. A row's
own source stands in its file, and beside the number on the page. Measured cases have theirs in `tests/accuracy`.
";
/// Files whose rows carry sources, with what they hold.
const FILES: [(&str, &str); 7] = [
    ("models.json", "Models"),
    ("accelerators.json", "Accelerators"),
    ("gpu_prices.json", "Rental prices"),
    ("api_prices.json", "API prices"),
    ("engines.json", "Serving engines"),
    ("all_in_power.json", "Electricity"),
    ("defaults.json", "Defaults"),
];

/// The whole page.
pub fn page() -> Result<String, Box<dyn std::error::Error>> {
    let mut out = HEAD.to_string();
    for (file, name) in FILES {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/catalog").join(file);
        let document: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let rows = document["rows"].as_array().ok_or_else(|| format!("{file} has no rows"))?;
        let _ = write!(out, "\n## {name}\n\n| Source | Rows | Looked at |\n|---|--:|---|\n");
        for (source, (number, day)) in &by_source(rows) {
            let _ = writeln!(out, "| {} | {number} | {day} |", cell(source));
        }
    }
    Ok(out)
}

/// Rows and the newest day of each source.
fn by_source(rows: &[Value]) -> BTreeMap<String, (usize, String)> {
    let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for row in rows {
        let day = row["as_of"].as_str().unwrap_or_default();
        for source in texts(row.get("source").or(row.get("sources")).unwrap_or(&Value::Null)) {
            let (number, newest) = found.entry(source).or_default();
            *number += 1;
            if newest.as_str() < day && day.starts_with('2') {
                *newest = day.to_string();
            }
        }
    }
    found
}

/// A source is a text, or a list, or named parts of these.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if !text.is_empty() => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(parts) => parts.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// A cell of a table: no bars, no tags.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;").replace('*', "\\*").replace('[', "\\[")
}
