//! The page of constants: what was fitted, and what was read of engines, as the data files have it.

use std::fmt::Write;

use crossover::catalog::Catalog;
use crossover::catalog::speed::{Calibration, Constants, EngineConstants, Link};
use serde_json::Value;

const HEAD: &str = "# Constants

<!-- Written by `cargo run --example reference` from public/catalog/speed.json and engines.json; do not edit this page. -->

Every number of the [method](../method/index.md) that is not arithmetic. A number with a unit in its name is a fact with a source
below; the rest were fitted, and say to what.

## Speed

Names as in the [formulas](../method/speed.md). *Prior* is what is plausible before any run is read; a fit moves a constant from it
only as far as the runs demand, so one that no run depends on stays where it was.

| Constant | Unit | Prior | Meaning |
|---|---|--:|---|
";
const MEMORY: &str = "
## Memory by engine and version

Coefficients that are not 0, as in the [formulas](../method/memory.md#activations-graphs-and-the-rest): bytes, or bytes an element
where the formula multiplies by one. Four numbers are for 1, 2, 4 and 8 GPUs that share every layer. *Band* is the half-width of
the 80 % band of activations, libraries and graphs together.
";

/// The whole page.
pub fn page(catalog: &Catalog) -> Result<String, Box<dyn std::error::Error>> {
    let mut out = HEAD.to_string();
    meanings(&mut out);
    fitted(&mut out, &catalog.speed);
    hardware(&mut out, &catalog.speed);
    out.push_str(MEMORY);
    for rule in &catalog.engines {
        engine(&mut out, &serde_json::to_value(rule)?);
    }
    Ok(out)
}

fn meanings(out: &mut String) {
    let rows = Constants::NAMES.iter().zip(Constants::UNITS).zip(Constants::PRIOR.to_vec()).zip(Constants::MEANINGS);
    for (((name, unit), prior), meaning) in rows {
        let unit = if *unit == "1" { "" } else { unit };
        let _ = writeln!(out, "| `{name}` | {unit} | {prior} | {} |", meaning.trim());
    }
}

fn fitted(out: &mut String, speed: &Calibration) {
    let _ = write!(out, "\nFitted on {} by `{}`:\n\n| Constant |", speed.calibrated_on, speed.command);
    for e in &speed.engines {
        let _ = write!(out, " {} {} |", e.engine, e.class);
    }
    let _ = writeln!(out, "\n|---|{}", "--:|".repeat(speed.engines.len()));
    let values: Vec<Vec<f64>> = speed.engines.iter().map(|e| e.constants.to_vec()).collect();
    for (row, name) in Constants::NAMES.iter().enumerate() {
        let cells: Vec<String> = values.iter().map(|v| short(v[row])).collect();
        let _ = writeln!(out, "| `{name}` | {} |", cells.join(" | "));
    }
    out.push('\n');
    for e in &speed.engines {
        let _ = writeln!(out, "- **{} {}**: {}", e.engine, e.class, measured(e));
    }
}

fn measured(e: &EngineConstants) -> String {
    let (models, accelerators) = (e.models.len(), e.accelerators.join(", "));
    let noun = if models == 1 { "model" } else { "models" };
    format!("{models} {noun} on {accelerators}. {}", cell(&e.sources.join("; ")))
}

/// Four significant digits.
fn short(value: f64) -> String {
    if value >= 1000.0 { format!("{value:.0}") } else { format!("{value}") }
}

fn hardware(out: &mut String, speed: &Calibration) {
    out.push_str("\nWhat architectures achieve, against Hopper:\n\n| Architecture | Memory | Bandwidth | Arithmetic | Kernel time | Source |\n|---|---|--:|--:|--:|---|\n");
    for a in &speed.architectures {
        let factors = [a.bandwidth, a.arithmetic, a.kernel_time].map(|f| f.to_string()).join(" | ");
        let _ = writeln!(out, "| {} | {} | {factors} | {} |", a.architecture, a.memory, cell(&a.source));
    }
    out.push_str(
        "\nAll-reduces, µs at the message sizes given:\n\n| Link | GPUs | Times | Source |\n|---|--:|---|---|\n",
    );
    speed.links.iter().for_each(|l| link(out, l));
}

fn link(out: &mut String, l: &Link) {
    if l.measured.is_empty() {
        let ring = format!("a ring: {} µs a doubling, {} GB/s", l.ring_startup_us, l.ring_gbs);
        let _ = writeln!(out, "| {} | any | {ring} | {} |", l.link, cell(&l.source));
    }
    for row in &l.measured {
        let times: Vec<String> = row.kib.iter().zip(&row.us).map(|(k, t)| format!("{k} KiB {t}")).collect();
        let _ = writeln!(out, "| {} | {} | {} | {} |", l.link, row.gpus, times.join(", "), cell(&l.source));
    }
}

fn engine(out: &mut String, rule: &Value) {
    let text = |key: &str| rule[key].as_str().unwrap_or_default().to_string();
    let versions = match (text("from").as_str(), text("before").as_str()) {
        ("0", "") => "every version".to_string(),
        (from, "") => format!("{from} and newer"),
        ("0", before) => format!("before {before}"),
        (from, before) => format!("{from} up to before {before}"),
    };
    let _ = write!(out, "\n### {}, {versions}\n\n", text("engine"));
    let _ = writeln!(out, "Checked up to {}, {}. Band {}.\n", text("checked"), text("as_of"), rule["overhead_band"]);
    out.push_str("| Part | Coefficients |\n|---|---|\n");
    let budget = format!(
        "`{}` {}",
        text("budget"),
        list(&serde_json::json!({ "utilization": rule["utilization"], "reserve_bytes": rule["reserve_bytes"] }))
    );
    let _ = writeln!(out, "| budget | {} |", budget.trim());
    for part in ["activation", "non_torch", "graphs", "cache", "loading"] {
        let coefficients = list(&rule[part]);
        if !coefficients.is_empty() {
            let _ = writeln!(out, "| {} | {coefficients} |", part.replace('_', " "));
        }
    }
    let sources: Vec<&str> = rule["sources"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let _ = writeln!(out, "\nSources: {}.", cell(&sources.join("; ")));
}

/// Members that are not 0, empty or `false`, by name.
fn list(part: &Value) -> String {
    let said = |(name, value): (&String, &Value)| match value {
        Value::Bool(true) => Some(format!("`{name}`")),
        Value::Number(n) if n.as_f64() != Some(0.0) => Some(format!("`{name}` {}", number(value))),
        Value::Array(all) if all.iter().any(|v| v.as_f64() != Some(0.0)) => {
            Some(format!("`{name}` {}", all.iter().map(number).collect::<Vec<_>>().join(" / ")))
        }
        _ => None,
    };
    part.as_object().into_iter().flatten().filter_map(said).collect::<Vec<_>>().join(", ")
}

/// Large numbers are bytes, and read better in MiB.
fn number(value: &Value) -> String {
    match value.as_f64() {
        Some(v) if v >= 1e6 => format!("{:.0} MiB", v / 1_048_576.0),
        Some(v) if v >= 1e5 => format!("{:.0} KiB", v / 1024.0),
        Some(v) => format!("{v}"),
        None => String::new(),
    }
}

/// A source may hold what Markdown would read as a column.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
