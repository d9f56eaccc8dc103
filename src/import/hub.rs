//! Models named by their Hugging Face id: which addresses a door would contact, and what the answers mean.
//!
//! Nothing here fetches. The doors do, only when asked to, from a base address that can be changed.

use serde_json::Value;

use super::fields::Fields;
use super::{ImportError, json};

/// The public hub.
pub const BASE: &str = "https://huggingface.co";

/// What a door would contact for a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The configuration.
    pub config: String,
    /// The index of a sharded checkpoint; absent for small models.
    pub index: String,
    /// Metadata with element counts by type.
    pub metadata: String,
}

/// The addresses of a model id under a base address.
///
/// # Errors
/// An id that is not `owner/name`, or a base that is not http or https.
pub fn addresses(base: &str, id: &str) -> Result<Addresses, ImportError> {
    let base = base.trim_end_matches('/');
    let scheme = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
    if scheme.is_none_or(|host| host.is_empty() || host.contains(char::is_whitespace)) {
        return Err(ImportError::new("base", "is not an http or https address", "for example https://huggingface.co"));
    }
    let part = |p: &str| {
        !p.is_empty()
            && p.len() <= 96
            && !p.starts_with('.')
            && !p.contains("..")
            && p.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    match id.split_once('/') {
        Some((owner, name)) if part(owner) && part(name) => Ok(Addresses {
            config: format!("{base}/{id}/resolve/main/config.json"),
            index: format!("{base}/{id}/resolve/main/model.safetensors.index.json"),
            metadata: format!("{base}/api/models/{id}"),
        }),
        _ => Err(ImportError::new("id", "is not owner/name", "for example meta-llama/Llama-3.3-70B-Instruct")),
    }
}

/// Bytes of a checkpoint from the hub's metadata: element counts by stored type. Packed low-bit weights are counted as
/// the containers they are stored in, which is what their bytes need.
///
/// # Errors
/// Text that is not such metadata. A model without safetensors has no size: `None`.
pub fn weights_bytes(text: &str) -> Result<Option<f64>, ImportError> {
    let value = json(text, "metadata")?;
    let Some(safetensors) = Fields::of(&value, "")?.object("safetensors")? else { return Ok(None) };
    let Some(Value::Object(counts)) = safetensors.get("parameters") else { return Ok(None) };
    let mut total = 0.0;
    for (kind, count) in counts {
        let n = count.as_f64().filter(|n| n.is_finite() && *n >= 0.0 && *n < 1e16).ok_or_else(|| {
            let path = format!("safetensors.parameters.{}", kind.chars().take(40).collect::<String>());
            ImportError::new(path, "is not a count of elements", "the hub's answer is broken")
        })?;
        total += n * element_bytes(kind);
    }
    Ok((total > 0.0).then_some(total))
}

/// Bytes of a safetensors element type.
fn element_bytes(kind: &str) -> f64 {
    match kind {
        "F64" | "I64" | "U64" => 8.0,
        "F32" | "I32" | "U32" => 4.0,
        "F4" => 0.5,
        k if k.starts_with("F8") || k == "I8" || k == "U8" || k == "BOOL" => 1.0,
        _ => 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_under_the_base() {
        let a = addresses("http://127.0.0.1:8080/", "Qwen/Qwen3-8B").unwrap();
        assert_eq!(a.config, "http://127.0.0.1:8080/Qwen/Qwen3-8B/resolve/main/config.json");
        for bad in ["", "Qwen3", "a/b/c", "../x", "a/..", "a/b c", "a/%2e%2e", "a/b?x"] {
            assert!(addresses(BASE, bad).is_err(), "{bad}");
        }
        for bad in ["ftp://x", "", "https://", "javascript:alert(1)"] {
            assert!(addresses(bad, "a/b").is_err(), "{bad}");
        }
    }

    #[test]
    fn containers_are_bytes_not_parameters() {
        let text = r#"{"safetensors": {"parameters": {"BF16": 1000, "U8": 500, "F8_E4M3": 10}, "total": 1510}}"#;
        assert_eq!(weights_bytes(text).unwrap(), Some(2510.0));
        assert_eq!(weights_bytes("{}").unwrap(), None);
        assert!(weights_bytes(r#"{"safetensors": {"parameters": {"BF16": -1}}}"#).is_err());
    }
}
