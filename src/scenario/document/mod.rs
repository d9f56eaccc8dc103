//! The scenario as a JSON document: a total reader that keeps the default and says so wherever a value cannot be used,
//! and a writer.
//!
//! Resource limits: a document of at most [`MAX_BYTES`], nested at most 128 deep (serde_json's own limit), at most
//! [`MAX_ITEMS`] steps and price changes, at most [`MAX_WARNINGS`] warnings.

mod contradictions;
mod items;
mod reader;
mod tolerant;
mod value;
mod write;

use serde_json::Value;

use super::{Field, Scenario, Step, VERSION, Warning, fields};
pub use items::MAX_ITEMS;
pub(crate) use reader::quoted;
pub use write::{deviations, write};

/// Largest document read, bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Most warnings of one document; the rest is counted in the last one.
pub const MAX_WARNINGS: usize = 50;

/// Why a text is not a scenario at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Larger than any sensible scenario.
    #[error("the document has {bytes} bytes, more than the {MAX_BYTES} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not JSON.
    #[error("not a JSON document: {reason}")]
    Syntax {
        /// What the parser said, with line and column.
        reason: String,
    },
    /// JSON, but not an object.
    #[error("a scenario is a JSON object, not {found}")]
    NotAnObject {
        /// What was found.
        found: &'static str,
    },
    /// From a newer program.
    #[error("the document is of version {found}; this program reads versions up to {VERSION}")]
    NewerVersion {
        /// The version as written.
        found: String,
    },
}

impl ReadError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "leave out what is not part of the scenario",
            Self::Syntax { .. } => "write a JSON object such as {\"workload\": {\"tokens_per_day\": \"50M/day\"}}",
            Self::NotAnObject { .. } => "write an object such as {\"model\": {\"quantization\": \"int8\"}}",
            Self::NewerVersion { .. } => "update the program; the document itself is left as it is",
        }
    }

    /// Path of the field that stands in the way; empty where it is the whole document.
    pub fn path(&self) -> &'static str {
        match self {
            Self::NewerVersion { .. } => "version",
            _ => "",
        }
    }
}

/// Read a document that was parsed already. Total: what cannot be used keeps its default, with a warning that names
/// the field and how to mend it.
pub fn read(document: &Value) -> (Scenario, Vec<Warning>) {
    reader::read(document)
}

/// Read the text of a document. `NaN`, `Infinity` and numbers too large for a float are reported as warnings on their
/// field like any other unusable number.
pub fn read_text(text: &str) -> Result<(Scenario, Vec<Warning>), ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { bytes: text.len() });
    }
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(e) => serde_json::from_str(&tolerant::quote_unusable_numbers(text))
            .map_err(|_| ReadError::Syntax { reason: e.to_string() })?,
    };
    check(&document)?;
    let (scenario, mut warnings) = read(&document);
    let repeated = crate::repeated_keys::repeated_keys(text, MAX_WARNINGS.saturating_sub(warnings.len()));
    warnings.extend(repeated.iter().map(|path| {
        Warning::new(quoted(path), "is there more than once; the last is used", "remove all but one of them")
    }));
    Ok((scenario, warnings))
}

/// Put one value into one field, or say why it cannot be used; the scenario is then unchanged.
///
/// # Errors
/// The first problem found, with its path and a hint.
pub fn put_value(field: &Field<Scenario>, scenario: &mut Scenario, value: &Value) -> Result<(), Warning> {
    put_or_refuse(field, scenario, value)
}

/// The same for a field of a step.
///
/// # Errors
/// The first problem found, with its path inside the step and a hint.
pub fn put_step_value(field: &Field<Step>, step: &mut Step, value: &Value) -> Result<(), Warning> {
    put_or_refuse(field, step, value)
}

fn put_or_refuse<T: reader::ItemDocument + Clone>(
    field: &Field<T>,
    document: &mut T,
    value: &Value,
) -> Result<(), Warning> {
    let mut notes = reader::Notes::refusing();
    let mut changed = document.clone();
    reader::put(field, "", &mut changed, value, &mut notes);
    match notes.finish().into_iter().next() {
        Some(problem) => Err(problem),
        None => {
            *document = changed;
            Ok(())
        }
    }
}

/// Values of a scenario that are fine alone but not together.
pub fn contradictions(scenario: &Scenario) -> Vec<Warning> {
    let mut notes = reader::Notes::default();
    if let Value::Object(written) = deviations(scenario) {
        contradictions::note(scenario, &written, &mut notes);
    }
    notes.finish()
}

/// A hint that names the fields nearest to a mistyped path, or those of the section it names.
pub fn nearest_fields(path: &str) -> String {
    let of_section: Vec<&str> =
        fields().filter(|f| f.section() == Some(path.trim_end_matches('.'))).map(|f| f.path).take(3).collect();
    match of_section.is_empty() {
        true => reader::nearest_paths(path.rsplit('.').next().unwrap_or(path)),
        false => format!("it is a section; its fields are {}, ...", of_section.join(", ")),
    }
}

/// Whether a parsed document is a scenario this program can read.
pub fn check(document: &Value) -> Result<(), ReadError> {
    let Some(object) = document.as_object() else {
        return Err(ReadError::NotAnObject { found: reader::kind_of(document) });
    };
    match object.get("version").and_then(Value::as_f64) {
        Some(v) if v > f64::from(VERSION) => Err(ReadError::NewerVersion { found: v.to_string() }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
