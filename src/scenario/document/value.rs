//! One number of a document: a JSON number, people's text, or an object with `low`, `likely` and `high`.

use serde_json::{Map, Value};

use super::reader::{kind_of, quoted};
use crate::quantity::{self, Range, Unit};

/// What is the matter with a value, and how to mend it.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// Read a number or a range of them; `None` for "decide for me".
pub(super) fn read_number(value: &Value, unit: Unit) -> Result<Option<Range>, Problem> {
    match value {
        Value::Null => Ok(None),
        Value::String(s) if s.trim().eq_ignore_ascii_case("auto") => Ok(None),
        Value::Object(ends) => read_range(ends, unit).map(Some),
        other => read_plain(other, unit).map(Some),
    }
}

fn read_plain(value: &Value, unit: Unit) -> Result<Range, Problem> {
    match value {
        Value::Number(n) => match n.as_f64() {
            Some(v) if v < 0.0 => Err(Problem::new(format!("{} is negative", n), "write 0 or more")),
            Some(v) if v.is_finite() => Ok(Range::point(v)),
            _ => Err(Problem::new(format!("{n} is too large"), "write a smaller number")),
        },
        Value::String(s) => quantity::parse(s, unit).map_err(|e| Problem::new(e.to_string(), e.hint())),
        other => Err(Problem::new(
            format!("is {}, not a number", kind_of(other)),
            format!("write a number, or text like \"{}\"", unit.example()),
        )),
    }
}

fn read_range(ends: &Map<String, Value>, unit: Unit) -> Result<Range, Problem> {
    const HINT: &str = "write {\"low\": 20, \"likely\": 50, \"high\": 200}";
    if let Some(other) = ends.keys().find(|k| !["low", "likely", "high"].contains(&k.as_str())) {
        return Err(Problem::new(format!("a range has no '{}'", quoted(other)), HINT));
    }
    let end = |name: &str| -> Result<Option<f64>, Problem> {
        match ends.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(v) => match read_plain(v, unit) {
                Ok(r) if r.is_point() => Ok(Some(r.likely)),
                Ok(_) => Err(Problem::new(format!("'{name}' is a range itself"), HINT)),
                Err(p) => Err(Problem::new(format!("'{name}': {}", p.message), p.hint)),
            },
        }
    };
    let (Some(low), Some(high)) = (end("low")?, end("high")?) else {
        return Err(Problem::new("a range needs 'low' and 'high'", HINT));
    };
    let range = match end("likely")? {
        Some(likely) => Range { low, likely, high },
        None if low <= high => Range::between(low, high, unit),
        None => Range { low, likely: low, high },
    };
    match range.low <= range.likely && range.likely <= range.high {
        true => Ok(range),
        false => Err(Problem::new("low, likely and high are not in ascending order", HINT)),
    }
}
