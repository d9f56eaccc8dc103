//! Models people bring: `config.json`, safetensors index, GGUF header, hub metadata. Each is read into a catalog row by the
//! same pure code in the browser and in the terminal.
//!
//! Files here come from strangers. Counts are bounded before anything is allocated, wrong types are errors that name the
//! field, and what an unknown architecture leaves open is assumed with a warning that says so.

pub mod config;
mod experts;
mod fields;
pub mod gguf;
pub mod hub;
pub mod index;
mod layers;
mod precision;
pub mod prices;
mod recurrent;

use serde_json::Value;

use crate::catalog::{Model, Quantization};
use crate::repeated_keys::repeated_keys;

/// Longest JSON text taken, bytes; the largest published index files are below 20 MB.
pub const MOST_JSON_BYTES: usize = 64 << 20;

/// Why a file cannot be used: which field, what is the matter, how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message} ({hint})")]
pub struct ImportError {
    /// Field of the file.
    pub path: String,
    /// What is the matter.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl ImportError {
    /// An error about a field.
    pub fn new(path: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), hint: hint.into() }
    }
}

/// Something that was assumed, or that the reader should know.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// Field of the file.
    pub path: String,
    /// What was assumed.
    pub message: String,
}

/// A model that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The row, as the catalog has them.
    pub model: Model,
    /// The configuration it was read from: what a scenario keeps as `model.config`.
    pub config: Value,
    /// Bytes of the weights, where the file says.
    pub weights_bytes: Option<f64>,
    /// Format of the weights, where the file says.
    pub quantization: Option<Quantization>,
    /// What was assumed.
    pub notes: Vec<Note>,
}

/// Parse JSON text of a bounded size. Nesting is bounded by the parser.
///
/// # Errors
/// Text that is too long or not JSON, with line and column.
pub fn json(text: &str, what: &str) -> Result<Value, ImportError> {
    if text.len() > MOST_JSON_BYTES {
        let message = format!("{} MB of text is more than any such file has", text.len() >> 20);
        return Err(ImportError::new(what, message, "check that it is the right file"));
    }
    // Editors on Windows put a byte order mark in front.
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|e| ImportError::new(what, e.to_string(), "the file must be complete JSON"))
}

/// Say which fields a configuration names twice: parsers take the last in silence.
fn note_repeated(text: &str, imported: &mut Imported) {
    let message = "stands twice: the last of them is used";
    let repeated = repeated_keys(text.trim_start_matches('\u{feff}'), MOST_REPEATED);
    imported.notes.extend(
        repeated.into_iter().map(|path| Note { path: path.chars().take(120).collect(), message: message.into() }),
    );
}

/// Most repeated fields named.
const MOST_REPEATED: usize = 20;

/// Read what was chosen, dropped or pasted together: a `config.json`, with or without the index of its checkpoint.
///
/// # Errors
/// A text that is neither, two of a kind, or an index alone.
pub fn bundle(texts: &[String]) -> Result<Imported, ImportError> {
    let (mut model, mut size) = (None, None);
    let twice = |what: &str| ImportError::new("file", format!("there are two {what}"), "choose those of one model");
    for text in texts {
        let value = json(text, "config.json")?;
        if value.get("weight_map").is_some() {
            let bytes = index::size_in(&value)?;
            if size.replace(bytes).is_some() {
                return Err(twice("indexes"));
            }
        } else {
            let mut brought = config::brought(&value)?;
            note_repeated(text, &mut brought);
            if model.replace(brought).is_some() {
                return Err(twice("configurations"));
            }
        }
    }
    let mut model = model.ok_or_else(|| {
        ImportError::new("file", "there is no config.json", "choose it together with the index of its checkpoint")
    })?;
    if let Some(bytes) = size {
        index::attach(&mut model, bytes, "model.safetensors.index.json");
    }
    Ok(model)
}
