//! The document's lists and the raw model configuration.

use serde_json::{Map, Value};

use super::reader::{ItemDocument, Notes, kind_of, put, quoted};
use crate::catalog::nearest::nearest;
use crate::scenario::field::{Field, Special};
use crate::scenario::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS};
use crate::scenario::{PriceChange, Step};

/// Most steps and most price changes read.
pub const MAX_ITEMS: usize = 64;

impl ItemDocument for Step {
    fn put_special(_: Special, _: &mut Self, _: &Value, _: &mut Notes) {}
}

impl ItemDocument for PriceChange {
    fn put_special(_: Special, _: &mut Self, _: &Value, _: &mut Notes) {}
}

/// The steps of a pipeline; items that cannot be read are left out with a warning.
pub(super) fn read_steps(value: &Value, notes: &mut Notes) -> Vec<Step> {
    let mut steps = Vec::new();
    for (i, object) in objects(value, "steps", notes) {
        let base = format!("steps.{i}");
        let mut step = Step { name: format!("Step {}", i + 1), ..Step::default() };
        read_item(object, STEP_FIELDS, &base, &mut step, notes);
        if !object.contains_key("calls_per_day") {
            let used = step.calls_per_day.likely;
            let path = format!("{base}.calls_per_day");
            notes.add_used(path, "is missing", &format!("{used} is used"), "write the calls a day");
        }
        steps.push(step);
    }
    steps
}

/// The dated changes of API prices; a change without month or multiplier is left out with a warning.
pub(super) fn read_price_changes(value: &Value, notes: &mut Notes) -> Vec<PriceChange> {
    let mut changes = Vec::new();
    for (i, object) in objects(value, "api.price_changes", notes) {
        let base = format!("api.price_changes.{i}");
        if let Some(missing) = ["month", "multiplier"].iter().find(|k| !object.contains_key(**k)) {
            notes.add_used(
                format!("{base}.{missing}"),
                "is missing",
                "the price change is ignored",
                "write {\"month\": 6, \"role\": \"all\", \"multiplier\": 0.8}",
            );
            continue;
        }
        let mut change = PriceChange::default();
        read_item(object, PRICE_CHANGE_FIELDS, &base, &mut change, notes);
        changes.push(change);
    }
    changes
}

/// A raw `config.json`, kept as it is.
pub(super) fn read_config(value: &Value, notes: &mut Notes) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(_) => Some(value.clone()),
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(parsed @ Value::Object(_)) => Some(parsed),
            _ => {
                notes.add_used("model.config", "is text that is not a JSON object", IGNORED, CONFIG_HINT);
                None
            }
        },
        other => {
            notes.add_used("model.config", &format!("is {}, not an object", kind_of(other)), IGNORED, CONFIG_HINT);
            None
        }
    }
}

const IGNORED: &str = "it is ignored";
const CONFIG_HINT: &str = "paste the whole config.json object of the model";

/// The objects of a list with their positions; whatever else it holds is warned of.
fn objects<'a>(value: &'a Value, path: &str, notes: &mut Notes) -> Vec<(usize, &'a Map<String, Value>)> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        other => {
            notes.add_used(path, &format!("is {}, not a list", kind_of(other)), IGNORED, "write a list of objects");
            &[]
        }
    };
    if list.len() > MAX_ITEMS {
        let beyond = list.len() - MAX_ITEMS;
        notes.add(path, format!("has {beyond} items more than the {MAX_ITEMS} that are read"), "merge similar items");
    }
    let mut out = Vec::new();
    for (i, item) in list.iter().take(MAX_ITEMS).enumerate() {
        match item.as_object() {
            Some(object) => out.push((i, object)),
            None => notes.add_used(
                format!("{path}.{i}"),
                &format!("is {}, not an object", kind_of(item)),
                IGNORED,
                "write an object in braces",
            ),
        }
    }
    out
}

fn read_item<T: ItemDocument>(
    object: &Map<String, Value>,
    fields: &[Field<T>],
    base: &str,
    item: &mut T,
    notes: &mut Notes,
) {
    for field in fields {
        if let Some(value) = object.get(field.path) {
            put(field, base, item, value, notes);
        }
    }
    for key in object.keys().filter(|k| !fields.iter().any(|f| f.path == k.as_str())) {
        let near = nearest(key, fields.iter().map(|f| f.path), 3);
        let hint = match near.is_empty() {
            true => format!("the fields are {}", fields.iter().map(|f| f.path).collect::<Vec<_>>().join(", ")),
            false => format!("did you mean {}?", near.join(" or ")),
        };
        notes.add(format!("{base}.{}", quoted(key)), "is not a field here and is ignored", hint);
    }
}
