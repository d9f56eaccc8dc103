//! Steps as a table: comma, semicolon or tab separated text (RFC 4180), read from what people paste out of a spreadsheet
//! and written so that reading it gives the same steps.
//!
//! The first line names the columns: a field's path, link key, label, or one of the [`ALIASES`]; case, spaces and
//! punctuation do not matter. An empty cell leaves the default. A table with any cell that cannot be used is refused
//! whole, with the row and column of each.

mod table;

use serde_json::Value;

use super::document::{self, MAX_ITEMS, quoted};
use super::field::{Field, Kind};
use super::fields::STEP_FIELDS;
use super::{Range, Step};
use crate::catalog::nearest::nearest;
use crate::quantity::exact_range;
use crate::visible::acts;
use table::{Table, cell};

/// Largest text read, bytes.
pub const MAX_BYTES: usize = 256 << 10;
/// Most problems named; the rest is counted in the last one.
pub const MAX_PROBLEMS: usize = 20;

/// Other words for columns, in lower case without spaces and punctuation.
pub const ALIASES: &[(&str, &str)] = &[
    ("step", "name"),
    ("task", "name"),
    ("calls", "calls_per_day"),
    ("callsday", "calls_per_day"),
    ("requests", "calls_per_day"),
    ("requestsperday", "calls_per_day"),
    ("input", "input_tokens"),
    ("tokensin", "input_tokens"),
    ("inputtokenspercall", "input_tokens"),
    ("prompttokens", "input_tokens"),
    ("output", "output_tokens"),
    ("tokensout", "output_tokens"),
    ("outputtokenspercall", "output_tokens"),
    ("completiontokens", "output_tokens"),
    ("cachedshare", "cached_input_share"),
    ("cache", "cached_input_share"),
    ("batch", "batchable_share"),
    ("batchshare", "batchable_share"),
    ("tier", "quality"),
    ("qualitytier", "quality"),
    ("inhouse", "data_residency"),
    ("mustbeinhouse", "data_residency"),
    ("finetune", "fine_tuned"),
    ("latency", "ttft_p95_ms"),
    ("ttftms", "ttft_p95_ms"),
    ("ttftp95", "ttft_p95_ms"),
    ("where", "place"),
    ("escalation", "escalated_share"),
    ("escalationshare", "escalated_share"),
    ("smallmodel", "first_model"),
    ("smallapi", "first_api"),
];

/// What is the matter with a table: the row as a spreadsheet counts (the header is 1), the column, what, and how to mend
/// it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct TableError {
    /// `row 3, column calls_per_day`, `row 1`, or `table`.
    pub place: String,
    /// What is the matter.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl TableError {
    fn new(place: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into(), hint: hint.into() }
    }
}

/// A column: the field it fills, and what its header says.
struct Column {
    field: Option<&'static Field<Step>>,
    header: String,
}

/// Read a table of steps. Nothing is read from a table with a problem in it.
///
/// # Errors
/// Every problem found, [`MAX_PROBLEMS`] at most, with its row and column.
pub fn read(text: &str) -> Result<Vec<Step>, Vec<TableError>> {
    if text.len() > MAX_BYTES {
        let message = format!("has {} bytes, more than the {MAX_BYTES} that are read", text.len());
        return Err(vec![TableError::new("table", message, "paste the table of steps alone")]);
    }
    let table = Table::read(text).map_err(|e| vec![e])?;
    let mut rows = table.rows.into_iter();
    let Some((_, header)) = rows.next() else {
        return Err(vec![TableError::new(
            "table",
            "is empty",
            "begin with a line of column names: name, calls, in, out",
        )]);
    };
    let mut problems = Vec::new();
    let columns = columns(&header, &mut problems);
    let mut steps = Vec::new();
    for (number, cells) in rows {
        if steps.len() == MAX_ITEMS {
            let message = format!("is one more than the {MAX_ITEMS} steps that are read");
            problems.push(TableError::new(format!("row {number}"), message, "merge similar steps"));
            break;
        }
        steps.push(step(number, &cells, &columns, steps.len(), &mut problems));
    }
    if steps.is_empty() && problems.is_empty() {
        problems.push(TableError::new("table", "has no rows under its header", "write one line for each step"));
    }
    if problems.is_empty() { Ok(steps) } else { Err(limited(problems)) }
}

fn limited(mut problems: Vec<TableError>) -> Vec<TableError> {
    let beyond = problems.len().saturating_sub(MAX_PROBLEMS);
    if beyond > 0 {
        problems.truncate(MAX_PROBLEMS);
        let message = format!("{beyond} more problems are not listed");
        problems.push(TableError::new("table", message, "mend the listed ones first"));
    }
    problems
}

/// The columns of a header; unknown and repeated ones are problems.
fn columns(header: &[String], problems: &mut Vec<TableError>) -> Vec<Column> {
    let mut out: Vec<Column> = Vec::new();
    for (i, name) in header.iter().enumerate() {
        let field = field_of(name);
        let place = || format!("row 1, column {}", i + 1);
        let known = || STEP_FIELDS.iter().map(|f| f.path).collect::<Vec<_>>().join(", ");
        match field {
            None if name.trim().is_empty() => {}
            None => {
                let near = nearest(name, STEP_FIELDS.iter().map(|f| f.path), 3);
                let hint = match near.is_empty() {
                    true => format!("the columns are {}", known()),
                    false => format!("did you mean {}?", near.join(" or ")),
                };
                problems.push(TableError::new(place(), format!("'{}' is not a column of steps", quoted(name)), hint));
            }
            Some(f) if out.iter().any(|c| c.field.is_some_and(|g| g.path == f.path)) => {
                let message = format!("'{}' names {} a second time", quoted(name), f.path);
                problems.push(TableError::new(place(), message, "remove one of them"));
            }
            Some(_) => {}
        }
        out.push(Column { field, header: name.trim().to_string() });
    }
    let has = |path: &str| out.iter().any(|c| c.field.is_some_and(|f| f.path == path));
    if problems.is_empty() {
        for needed in ["name", "calls_per_day"].into_iter().filter(|p| !has(p)) {
            let message = format!("there is no column {needed}");
            problems.push(TableError::new("row 1", message, "begin with a line of column names: name, calls, in, out"));
        }
    }
    out
}

/// A word without what does not matter.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

fn field_of(header: &str) -> Option<&'static Field<Step>> {
    let wanted = plain(header);
    let own = |f: &&Field<Step>| [f.path, f.key, f.label].iter().any(|n| plain(n) == wanted);
    let alias = || ALIASES.iter().find(|(word, _)| *word == wanted).map(|(_, path)| *path);
    STEP_FIELDS.iter().find(own).or_else(|| {
        let path = alias()?;
        STEP_FIELDS.iter().find(|f| f.path == path)
    })
}

fn step(row: usize, cells: &[String], columns: &[Column], before: usize, problems: &mut Vec<TableError>) -> Step {
    let mut step = Step { name: format!("Step {}", before + 1), ..Step::default() };
    if let Some(extra) = cells.iter().skip(columns.len()).position(|c| !c.trim().is_empty()) {
        let message = format!("has more cells than the {} columns of the header", columns.len());
        let hint = "put quotes around a cell that holds a separator";
        problems.push(TableError::new(format!("row {row}, column {}", columns.len() + extra + 1), message, hint));
    }
    for (column, text) in columns.iter().zip(cells) {
        let Some(field) = column.field else { continue };
        let text = cleaned(field, text);
        if text.is_empty() {
            continue;
        }
        let value = value_of(field, &text);
        if let Err(problem) = document::put_step_value(field, &mut step, &value) {
            let place = format!("row {row}, column {}", quoted(&column.header));
            problems.push(TableError::new(place, problem.message, problem.hint));
        }
    }
    step
}

/// A cell without the blanks around it. One may hold several lines, but a name is one: what is left of a cell of nothing
/// but control characters is empty, as a blank cell is.
fn cleaned(field: &Field<Step>, text: &str) -> String {
    match &field.kind {
        Kind::Text(_) => text.replace(acts, " ").trim().to_string(),
        _ => text.trim().to_string(),
    }
}

/// A cell as the document would hold it; choices may be written with spaces or dashes.
fn value_of(field: &Field<Step>, text: &str) -> Value {
    match &field.kind {
        Kind::Flag(_) if ["x", "y", "n", "-"].contains(&text.to_ascii_lowercase().as_str()) => {
            Value::Bool(matches!(text.to_ascii_lowercase().as_str(), "x" | "y"))
        }
        Kind::Choice(_) => Value::String(text.to_ascii_lowercase().replace([' ', '-'], "_")),
        _ => Value::String(text.to_string()),
    }
}

/// The steps as comma separated values, every column, lines ended as RFC 4180 has it.
pub fn write(steps: &[Step]) -> String {
    let line = |cells: Vec<String>| cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",") + "\r\n";
    let mut out = line(STEP_FIELDS.iter().map(|f| f.path.to_string()).collect());
    for step in steps {
        out += &line(STEP_FIELDS.iter().map(|f| text_of(f, step)).collect());
    }
    out
}

fn text_of(field: &Field<Step>, step: &Step) -> String {
    match &field.kind {
        Kind::Number(n) => (n.get)(step).map_or(String::new(), |r| match r {
            Range { likely, .. } if r.is_point() => format!("{likely}"),
            _ => exact_range(r, n.unit),
        }),
        Kind::Flag(f) => if (f.get)(step) { "yes" } else { "no" }.into(),
        Kind::Choice(c) => (c.get)(step).into(),
        Kind::Text(t) => (t.get)(step).unwrap_or("").into(),
        Kind::Special(_) => String::new(),
    }
}
