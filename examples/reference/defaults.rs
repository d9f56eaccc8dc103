//! The page of defaults, from public/catalog/defaults.json.

use std::fmt::Write;

use crossover::catalog::Catalog;
use crossover::quantity::{Range, Unit, exact, exact_range};
use crossover::scenario::{Group, fields};

const HEAD: &str = "# Defaults and their sources

<!-- Written by `cargo run --example reference`; edit public/catalog/defaults.json, not this page. -->

A default is a starting point with a source, a date and a range, not a recommendation. The range is what 90 % of the
readers of this planner may have; estimates are drawn from it while you leave them, choices are not.

Two defaults differ from most calculators on purpose. Utilisation is no input. And neither GPU rent nor API prices of the
same name are assumed to fall: in 2026 rents rose while new API models undercut old ones, and the old ones kept their
price. Cheaper successors help those who migrate, on both sides, and migrating costs.
";

/// The whole page.
pub fn page(catalog: &Catalog) -> String {
    let mut out = HEAD.to_string();
    for group in Group::ALL {
        let rows: Vec<String> = fields().filter(|f| f.group == *group).filter_map(|f| row(catalog, f)).collect();
        if !rows.is_empty() {
            let head = "| Input | Default | Range | Source | Read | Note |\n|---|---|---|---|---|---|";
            let _ = write!(out, "\n## {}\n\n{head}\n{}", group.label(), rows.concat());
        }
    }
    out
}

fn row(catalog: &Catalog, field: &crossover::scenario::Field<crossover::scenario::Scenario>) -> Option<String> {
    let d = catalog.default_value(field.path)?;
    let unit = field.number().map_or(Unit::Count, |n| n.unit);
    let range = exact_range(Range { low: d.low, likely: d.value, high: d.high }, unit);
    let ends = (range.split("..").next().unwrap_or_default(), range.rsplit("..").next().unwrap_or_default());
    let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;");
    Some(format!(
        "| {} (`{}`) | `{}` | {} to {} | {} | {} | {} |\n",
        field.label,
        field.path,
        exact(d.value, unit),
        ends.0,
        ends.1,
        cell(&d.source),
        d.as_of,
        cell(&d.note)
    ))
}
