//! From a Scenario to its JSON document.

use serde_json::{Map, Number as JsonNumber, Value};

use crate::scenario::field::{Absent, Field, Kind, Special};
use crate::scenario::fields::{LATER_STEP_FIELDS, PRICE_CHANGE_FIELDS, STEP_FIELDS};
use crate::scenario::{Range, Scenario, VERSION, fields};

/// The whole document, every field written out.
pub fn write(scenario: &Scenario) -> Value {
    document(scenario, |_| true)
}

/// The document with only what differs from this version's defaults.
pub fn deviations(scenario: &Scenario) -> Value {
    let defaults = Scenario::default();
    document(scenario, |field| value_of(field, scenario) != value_of(field, &defaults))
}

impl serde::Serialize for Scenario {
    /// As the whole document; see [`write`].
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self).serialize(serializer)
    }
}

fn document(scenario: &Scenario, wanted: impl Fn(&Field<Scenario>) -> bool) -> Value {
    let mut out = Map::new();
    out.insert("version".into(), VERSION.into());
    for field in fields().filter(|f| wanted(f)) {
        let value = value_of(field, scenario);
        match field.section() {
            None => {
                out.insert(field.path.into(), value);
            }
            Some(section) => {
                let part = out.entry(section).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(part) = part {
                    part.insert(field.name().into(), value);
                }
            }
        }
    }
    Value::Object(out)
}

fn value_of(field: &Field<Scenario>, scenario: &Scenario) -> Value {
    match &field.kind {
        Kind::Special(Special::Steps) => list(&scenario.steps, STEP_FIELDS),
        Kind::Special(Special::PriceChanges) => list(&scenario.api.price_changes, PRICE_CHANGE_FIELDS),
        Kind::Special(Special::ModelConfig) => scenario.model.config.clone().unwrap_or(Value::Null),
        _ => plain(field, scenario),
    }
}

fn list<T>(items: &[T], fields: &[Field<T>]) -> Value {
    let written = |(path, value): &(String, Value)| !(value.is_null() && LATER_STEP_FIELDS.contains(&path.as_str()));
    let pairs = |item: &T| fields.iter().map(|f| (f.path.to_string(), plain(f, item))).collect::<Vec<_>>();
    let object = |item: &T| pairs(item).into_iter().filter(written).collect::<Map<_, _>>();
    items.iter().map(|item| Value::Object(object(item))).collect()
}

fn plain<T>(field: &Field<T>, document: &T) -> Value {
    match &field.kind {
        Kind::Number(n) => (n.get)(document).map_or(Value::Null, range),
        Kind::Flag(f) => (f.get)(document).into(),
        Kind::Choice(c) => (c.get)(document).into(),
        Kind::Text(t) => match ((t.get)(document), t.absent) {
            (Some(text), _) => text.into(),
            (None, Some(Absent::Auto)) => "auto".into(),
            (None, _) => Value::Null,
        },
        Kind::Special(_) => Value::Null,
    }
}

fn range(range: Range) -> Value {
    if range.is_point() {
        return number(range.likely);
    }
    let ends = [("low", range.low), ("likely", range.likely), ("high", range.high)];
    Value::Object(ends.into_iter().map(|(name, v)| (name.to_string(), number(v))).collect())
}

/// Whole numbers are written without a fraction.
fn number(value: f64) -> Value {
    const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT_INTEGERS {
        return Value::from(value as i64);
    }
    JsonNumber::from_f64(value).map_or(Value::Null, Value::Number)
}
