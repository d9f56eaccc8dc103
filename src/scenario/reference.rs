//! The reference of a scenario's fields, written from the table.

use super::field::{Absent, Field, Group, Kind, Number, Special};
use super::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS, fields};
use super::{PriceChange, Scenario, Step};
use crate::quantity::exact;

const INTRODUCTION: &str = "# The scenario

Every field of a scenario, in the order of its document. Every field may be left out; what is missing takes its default.
The document is JSON; a link holds the same fields under their short keys, and `--set` takes either name.

- A number may be written as people write it: `50M/day`, `80 GiB`, `$2.35/h`, `5%`, `1.5 s`. GB is 10^9 bytes, GiB is 2^30.
- Where the table says *range*, a number may be a 90 % interval: `20M..200M`, `20M..50M..200M`, or
  `{\"low\": 20e6, \"likely\": 50e6, \"high\": 200e6}`.
- *auto* means that the planner decides: `null`, or `\"auto\"`.
- A document has at most 1 MiB, a link at most 8 KiB, lists at most 64 items.

This file is written from the program's table of fields; a test keeps it so.
";

/// The reference as Markdown.
pub fn markdown() -> String {
    let mut out = INTRODUCTION.to_string();
    let defaults = Scenario::default();
    for group in Group::ALL {
        out += &format!("\n## {}\n\n", group.label());
        out += HEAD;
        for field in fields().filter(|f| f.group == *group) {
            out += &row(field, "", &defaults);
        }
        if *group == Group::Steps {
            out += "\nFields of a step; in links `step1.name`, `step2.name` and so on:\n\n";
            out += HEAD;
            out += &STEP_FIELDS.iter().map(|f| row(f, "step1.", &Step::default())).collect::<String>();
        }
    }
    out += "\n## Fields of a price change\n\n";
    out += HEAD;
    out += &PRICE_CHANGE_FIELDS.iter().map(|f| row(f, "change1.", &PriceChange::default())).collect::<String>();
    out
}

const HEAD: &str = "| field | link key | default | accepts | what it is |\n| --- | --- | --- | --- | --- |\n";

fn row<T>(field: &Field<T>, prefix: &str, defaults: &T) -> String {
    let (default, accepts) = match &field.kind {
        Kind::Number(n) => ((n.get)(defaults).map_or("auto".into(), |r| exact(r.likely, n.unit)), bounds(n)),
        Kind::Flag(f) => ((f.get)(defaults).to_string(), "true, false".into()),
        Kind::Choice(c) => ((c.get)(defaults).into(), c.options.join(", ")),
        Kind::Text(t) => {
            let none = if t.absent.is_some() { "auto" } else { "" };
            let auto = match t.absent {
                Some(Absent::Auto) => ", or auto",
                Some(Absent::Null) => ", or null",
                None => "",
            };
            let what = format!("text of at most {} characters{auto}", t.limit);
            ((t.get)(defaults).unwrap_or(none).into(), what)
        }
        Kind::Special(Special::Steps | Special::PriceChanges) => ("none".into(), "list of objects".into()),
        Kind::Special(Special::ModelConfig) => ("none".into(), "object".into()),
    };
    let key = match field.kind {
        Kind::Special(Special::Steps) => "`step1.…`".into(),
        Kind::Special(Special::PriceChanges) => "`change1.…`".into(),
        _ => format!("`{prefix}{}`", field.key),
    };
    format!("| `{}` | {key} | {default} | {accepts} | {} |\n", field.path, field.help())
}

fn bounds<T>(n: &Number<T>) -> String {
    let whole = if n.integer { "whole, " } else { "" };
    let range = if n.ranged { ", range" } else { "" };
    let auto = if n.nullable { ", or auto" } else { "" };
    format!("{whole}{} to {}{range}{auto}", exact(n.min, n.unit), exact(n.max, n.unit))
}
