//! The page of the scenario's fields, from their table.

use std::fmt::Write;

use crossover::quantity::{Unit, exact, exact_range};
use crossover::scenario::field::{Absent, Field, Group, Kind, Number, Special, TextSource};
use crossover::scenario::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS, TEXT_LIMIT};
use crossover::scenario::{PriceChange, Scenario, Step, VERSION, fields};

/// The whole page.
pub fn page() -> String {
    let defaults = Scenario::default();
    let mut out = format!("{HEAD}\nThe current version is {VERSION}.\n");
    for group in Group::ALL {
        let rows: Vec<_> = fields().filter(|f| f.group == *group).collect();
        section(&mut out, group.label(), &rows, Some(&defaults));
    }
    let steps: Vec<_> = STEP_FIELDS.iter().collect();
    section::<Step>(&mut out, "A step of `steps`", &steps, None);
    let changes: Vec<_> = PRICE_CHANGE_FIELDS.iter().collect();
    section::<PriceChange>(&mut out, "A change of `api.price_changes`", &changes, None);
    out
}

const HEAD: &str = "# Scenario fields

<!-- Written by `cargo run --example reference`; edit src/scenario/fields, not this page. -->

A scenario is the question: one JSON document, every field optional. A field left out takes the default below, and the
defaults of a version never change, so that a document or a link means the same for ever. *Auto* means that the planner
decides, by the rules of the [method](../method/index.md). The link key is the field's name in a
[link](links.md). Where a number is accepted, a range is too (`{\"low\": 20e6, \"likely\": 50e6, \"high\": 200e6}`), unless
the table says *one number*.
";

fn section<T>(out: &mut String, heading: &str, rows: &[&Field<T>], defaults: Option<&T>) {
    let _ = write!(out, "\n## {heading}\n\n");
    let shown = if defaults.is_some() { "Default | " } else { "" };
    let rule = if defaults.is_some() { "---|" } else { "" };
    let _ = writeln!(out, "| Path | Link key | {shown}Accepted | Meaning |\n|---|---|{rule}---|---|");
    for f in rows {
        let _ = write!(out, "| `{}` | {} | ", f.path, link_key(f));
        if let Some(document) = defaults {
            let _ = write!(out, "{} | ", default(f, document));
        }
        let _ = writeln!(out, "{} | {}. |", accepted(&f.kind), cell(f.help()));
    }
}

/// How a link writes the field; lists are numbered.
fn link_key<T>(field: &Field<T>) -> String {
    match field.kind {
        Kind::Special(Special::Steps) => "`step1.…`".into(),
        Kind::Special(Special::PriceChanges) => "`change1.…`".into(),
        _ => format!("`{}`", field.key),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn default<T>(field: &Field<T>, document: &T) -> String {
    let code = |text: &str| if text.is_empty() { "empty".to_string() } else { format!("`{text}`") };
    match &field.kind {
        Kind::Number(n) => (n.get)(document).map_or("auto".into(), |r| code(&exact_range(r, n.unit))),
        Kind::Flag(x) => code(if (x.get)(document) { "true" } else { "false" }),
        Kind::Choice(c) => code((c.get)(document)),
        Kind::Text(t) => (t.get)(document).map_or("auto".into(), code),
        Kind::Special(_) => "none".into(),
    }
}

fn accepted<T>(kind: &Kind<T>) -> String {
    match kind {
        Kind::Number(n) => bounds(n),
        Kind::Flag(_) => "`true`, `false`".into(),
        Kind::Choice(c) => c.options.iter().map(|o| format!("`{o}`")).collect::<Vec<_>>().join(" "),
        Kind::Text(t) => {
            let what = match t.source {
                TextSource::Free => format!("text of up to {TEXT_LIMIT} characters"),
                TextSource::Models => "a model id of the catalog".into(),
                TextSource::Accelerators => "an accelerator id of the catalog".into(),
                TextSource::ApiPrices => "an API price id of the catalog".into(),
                TextSource::Offers => {
                    "a provider of the catalog's rental prices, `provider/instance` or `@region`".into()
                }
            };
            let absent = match t.absent {
                Some(Absent::Null) => ", or `null`",
                Some(Absent::Auto) => ", or `\"auto\"`",
                None => "",
            };
            what + absent
        }
        Kind::Special(_) => "see below".into(),
    }
}

fn bounds<T>(n: &Number<T>) -> String {
    let (from, to) = (exact(n.min, n.unit), exact(n.max, n.unit));
    let whole = if n.integer { ", one whole number" } else { "" };
    let null = if n.nullable { ", or `null`" } else { "" };
    let unit = if n.unit == Unit::Count && !n.integer { ", a count" } else { "" };
    format!("`{from}` to `{to}`{unit}{whole}{null}")
}
