//! `model.safetensors.index.json`: the bytes of a sharded checkpoint.

use serde_json::Value;

use super::fields::Fields;
use super::{ImportError, Imported, Note, json};

/// Largest checkpoint taken, bytes (a thousand times the largest published one).
const MOST_BYTES: f64 = 1e16;

/// Bytes of all tensors, from the text of an index.
///
/// # Errors
/// Text that is not such an index, or a total that is not a size.
pub fn total_size(text: &str) -> Result<f64, ImportError> {
    size_in(&json(text, "model.safetensors.index.json")?)
}

/// The same of an index that was parsed.
///
/// # Errors
/// As [`total_size`].
pub fn size_in(value: &Value) -> Result<f64, ImportError> {
    let f = Fields::of(value, "")?;
    let metadata = f.object("metadata")?.ok_or_else(|| {
        ImportError::new("metadata", "is missing", "use the index file that lies beside the safetensors shards")
    })?;
    let bytes = metadata.get("total_size").and_then(Value::as_f64);
    let bytes = bytes.filter(|b| b.is_finite() && *b >= 1.0 && *b <= MOST_BYTES);
    bytes.ok_or_else(|| {
        ImportError::new("metadata.total_size", "is not a number of bytes", "use the original index file")
    })
}

/// Put the measured size into an imported model; says so where the dimensions make something quite different.
pub fn attach(imported: &mut Imported, bytes: f64, source: &str) {
    let q = imported.quantization.unwrap_or(crate::catalog::Quantization::Bf16);
    let most = imported.model.params_total * 2.1;
    let least = imported.model.params_total * 0.3;
    if !(least..=most).contains(&bytes) {
        let message = format!(
            "{:.1} GB do not match the {:.1} billion {q} parameters that the dimensions make; the bytes are used",
            bytes / 1e9,
            imported.model.params_total / 1e9
        );
        imported.notes.push(Note { path: source.into(), message });
    }
    imported.weights_bytes = Some(bytes);
    imported.model.checkpoint.bytes = Some(bytes);
    imported.model.checkpoint.estimated = false;
    imported.model.checkpoint.source = source.into();
}
