//! From a Scenario to its link.

use super::escape::push_encoded;
use super::{LinkError, MAX_BYTES};
use crate::catalog::Catalog;
use crate::quantity::compact_range;
use crate::scenario::field::{Field, Kind, Special, TextSource};
use crate::scenario::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS};
use crate::scenario::{PriceChange, Scenario, Step, VERSION, fields};

/// The link of a scenario, `#` included. The catalog is asked for the models' short names.
///
/// # Errors
/// [`LinkError::TooLong`] where nobody could read it back, which takes a large model config or dozens of long steps.
pub fn encode(scenario: &Scenario, catalog: &Catalog) -> Result<String, LinkError> {
    let defaults = Scenario::default();
    let mut out = format!("#v={VERSION}");
    for field in fields() {
        match field.kind {
            Kind::Special(Special::ModelConfig) => {
                if let Some(config) = &scenario.model.config {
                    push(&mut out, field.key, &config.to_string());
                }
            }
            Kind::Special(Special::Steps) => push_steps(&mut out, &scenario.steps, catalog),
            Kind::Special(Special::PriceChanges) => push_changes(&mut out, &scenario.api.price_changes, catalog),
            _ => push_deviation(&mut out, "", field, scenario, &defaults, catalog),
        }
    }
    match out.len() {
        bytes if bytes > MAX_BYTES => Err(LinkError::TooLong { bytes }),
        _ => Ok(out),
    }
}

pub(super) fn push(out: &mut String, key: &str, value: &str) {
    out.push('&');
    push_encoded(out, key);
    out.push('=');
    push_encoded(out, value);
}

/// Each step under `step1.`, `step2.`, ...; name and calls always, so that every step leaves a trace.
fn push_steps(out: &mut String, steps: &[Step], catalog: &Catalog) {
    let defaults = Step::default();
    for (i, step) in steps.iter().enumerate() {
        let prefix = format!("step{}.", i + 1);
        for field in STEP_FIELDS {
            if matches!(field.path, "name" | "calls_per_day") {
                push(out, &(prefix.clone() + field.key), &text_of(field, step, catalog));
            } else {
                push_deviation(out, &prefix, field, step, &defaults, catalog);
            }
        }
    }
}

/// Each price change under `change1.`, `change2.`, ..., written out in full.
fn push_changes(out: &mut String, changes: &[PriceChange], catalog: &Catalog) {
    for (i, change) in changes.iter().enumerate() {
        for field in PRICE_CHANGE_FIELDS {
            push(out, &format!("change{}.{}", i + 1, field.key), &text_of(field, change, catalog));
        }
    }
}

fn push_deviation<T>(out: &mut String, prefix: &str, field: &Field<T>, document: &T, defaults: &T, catalog: &Catalog) {
    if differs(field, document, defaults) {
        push(out, &format!("{prefix}{}", field.key), &text_of(field, document, catalog));
    }
}

fn differs<T>(field: &Field<T>, a: &T, b: &T) -> bool {
    match &field.kind {
        Kind::Number(n) => (n.get)(a) != (n.get)(b),
        Kind::Flag(f) => (f.get)(a) != (f.get)(b),
        Kind::Choice(c) => (c.get)(a) != (c.get)(b),
        Kind::Text(t) => (t.get)(a) != (t.get)(b),
        Kind::Special(_) => false,
    }
}

/// A field's value as the link holds it.
fn text_of<T>(field: &Field<T>, document: &T, catalog: &Catalog) -> String {
    match &field.kind {
        Kind::Number(n) => (n.get)(document).map_or("auto".into(), |r| compact_range(r, n.unit)),
        Kind::Flag(f) => if (f.get)(document) { "yes" } else { "no" }.into(),
        Kind::Choice(c) => (c.get)(document).into(),
        Kind::Text(t) => match (t.get)(document) {
            None => "auto".into(),
            Some(id) if t.source == TextSource::Models => short_name(id, catalog),
            Some(text) => text.into(),
        },
        Kind::Special(_) => String::new(),
    }
}

/// The short name of a model where the catalog finds exactly this model under it.
fn short_name(id: &str, catalog: &Catalog) -> String {
    let short = id.rsplit('/').next().unwrap_or(id).to_ascii_lowercase();
    match catalog.model(&short) {
        Some(model) if model.id == id => short,
        _ => id.into(),
    }
}
