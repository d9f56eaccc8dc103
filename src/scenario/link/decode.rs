//! From a link to a Scenario: the pairs become a document, and the document's reader does the rest.

use serde_json::{Map, Value};

use super::LinkError;
use super::escape::decoded;
use super::upgrade::{Pairs, upgraded};
use crate::catalog::Catalog;
use crate::catalog::nearest::nearest;
use crate::scenario::document::{self, quoted};
use crate::scenario::field::{Field, Kind, Special};
use crate::scenario::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS, field_of_key};
use crate::scenario::{Scenario, VERSION, Warning, canonical_ids, fields};

/// Read a link: a whole address, `?…#…`, or the bare fragment. What cannot be used keeps its default, with a warning
/// that names the field. Scenarios pinned beside it are left aside; see [`super::open`].
///
/// # Errors
/// A link that is too long or of a newer version is refused whole.
pub fn decode(link: &str, catalog: &Catalog) -> Result<(Scenario, Vec<Warning>), LinkError> {
    super::open(link, catalog).map(|opened| (opened.scenario, opened.warnings))
}

/// Read the pairs of one scenario; `text` is where they are from.
pub(super) fn decode_text(
    pairs: Pairs,
    text: &str,
    catalog: &Catalog,
    warnings: &mut Vec<Warning>,
) -> Result<Scenario, LinkError> {
    let version = version(&pairs, text, warnings)?;
    let document = to_document(upgraded(pairs, version), warnings);
    let (mut scenario, noticed) = document::read(&document);
    canonical_ids(&mut scenario, catalog);
    warnings.extend(noticed);
    warnings.truncate(document::MAX_WARNINGS + 1);
    Ok(scenario)
}

/// The part of an address that holds the scenario: what follows `#`, or the text itself if it has none.
pub fn fragment(link: &str) -> &str {
    let link = link.trim();
    match link.split_once('#') {
        Some((_, fragment)) => fragment,
        None if link.contains("://") || link.starts_with('?') => "",
        None => link,
    }
}

fn warn(warnings: &mut Vec<Warning>, path: &str, message: impl Into<String>, hint: impl Into<String>) {
    if warnings.len() < document::MAX_WARNINGS {
        warnings.push(Warning::new(path, message, hint));
    }
}

/// Keys and values, decoded; of a repeated key the first counts.
pub(super) fn pairs_of(text: &str, warnings: &mut Vec<Warning>) -> Pairs {
    let mut out: Pairs = Vec::new();
    for part in text.split('&').map(|p| p.strip_prefix("amp;").unwrap_or(p)).filter(|p| !p.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let ((key, sound_key), (value, sound_value)) = (decoded(key), decoded(value));
        if !sound_key || !sound_value {
            warn(warnings, &path_of(&key), "has a broken percent sequence", "write % as %25");
        }
        match out.iter().any(|(k, _)| *k == key) {
            true => warn(
                warnings,
                &path_of(&key),
                format!("'{}' is there twice; the first is used", quoted(&key)),
                "remove one of them",
            ),
            false => out.push((key, value)),
        }
    }
    out
}

/// The path of the field behind a key, or the key itself.
fn path_of(key: &str) -> String {
    field_of_key(key).map_or_else(|| quoted(key), |f| f.path.to_string())
}

fn version(pairs: &Pairs, text: &str, warnings: &mut Vec<Warning>) -> Result<u32, LinkError> {
    let Some((_, written)) = pairs.iter().find(|(k, _)| k == "v") else {
        match text.is_empty() {
            true => warn(warnings, "", "the link holds no scenario; the defaults are used", "copy the whole link"),
            false => warn(warnings, "version", format!("is missing; {VERSION} is used"), "start the link with v=1"),
        }
        return Ok(VERSION);
    };
    match written.parse::<f64>() {
        Ok(v) if v > f64::from(VERSION) => Err(LinkError::NewerVersion { found: quoted(written) }),
        Ok(v) if v >= 1.0 && v.fract() == 0.0 => Ok(v as u32),
        _ => {
            let message = format!("'{}' is not a version; {VERSION} is used", quoted(written));
            warn(warnings, "version", message, "start the link with v=1");
            Ok(VERSION)
        }
    }
}

/// The document that the pairs stand for, every value as text.
fn to_document(pairs: Pairs, warnings: &mut Vec<Warning>) -> Value {
    let mut document = Map::new();
    let (mut steps, mut changes) = (Items::default(), Items::default());
    for (key, value) in pairs.into_iter().filter(|(k, _)| k != "v") {
        let kept = match (indexed(&key, "step"), indexed(&key, "change"), field_of_key(&key)) {
            (Some((i, name)), _, _) => steps.put(i, name, value, STEP_FIELDS),
            (_, Some((i, name)), _) => changes.put(i, name, value, PRICE_CHANGE_FIELDS),
            (_, _, Some(field)) if !is_list(field) => {
                put(&mut document, field, Value::String(value));
                true
            }
            _ => false,
        };
        if !kept {
            warn(warnings, &quoted(&key), "is not a key of a link and is ignored", nearest_keys(&key));
        }
    }
    for field in fields() {
        let items = match field.kind {
            Kind::Special(Special::Steps) => &mut steps,
            Kind::Special(Special::PriceChanges) => &mut changes,
            _ => continue,
        };
        if !items.0.is_empty() {
            put(&mut document, field, std::mem::take(items).into_list());
        }
    }
    Value::Object(document)
}

fn is_list(field: &Field<Scenario>) -> bool {
    matches!(field.kind, Kind::Special(Special::Steps | Special::PriceChanges))
}

fn put(document: &mut Map<String, Value>, field: &Field<Scenario>, value: Value) {
    match field.section() {
        None => {
            document.insert(field.path.into(), value);
        }
        Some(section) => {
            if let Value::Object(part) = document.entry(section).or_insert_with(|| Value::Object(Map::new())) {
                part.insert(field.name().into(), value);
            }
        }
    }
}

/// `step3.calls` -> (3, `calls`).
fn indexed<'a>(key: &'a str, word: &str) -> Option<(u32, &'a str)> {
    let (index, name) = key.strip_prefix(word)?.split_once('.')?;
    Some((index.parse().ok().filter(|_| index.bytes().all(|b| b.is_ascii_digit()))?, name))
}

/// Items of a list by the number they carry.
#[derive(Default)]
struct Items(std::collections::BTreeMap<u32, Map<String, Value>>);

impl Items {
    fn put<T>(&mut self, index: u32, name: &str, value: String, fields: &[Field<T>]) -> bool {
        let Some(field) = fields.iter().find(|f| f.key == name) else { return false };
        self.0.entry(index).or_default().insert(field.path.into(), Value::String(value));
        true
    }

    fn into_list(self) -> Value {
        self.0.into_values().map(Value::Object).collect()
    }
}

fn nearest_keys(key: &str) -> String {
    let near = nearest(key, fields().filter(|f| !is_list(f)).map(|f| f.key), 3);
    match near.is_empty() {
        true => "copy the whole link again".into(),
        false => format!("did you mean {}?", near.join(" or ")),
    }
}
