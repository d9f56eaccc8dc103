//! Models named by their Hugging Face id: which addresses a door would contact, in which order, and what the answers
//! mean.
//!
//! Nothing here fetches. The doors do, only when asked to, from a base address that can be changed; [`Fetching`] tells
//! them what to ask for next and reads what they bring.

use serde_json::Value;

use super::fields::Fields;
use super::{ImportError, Imported, MOST_JSON_BYTES, Note, config, index, json};

/// The public hub.
pub const BASE: &str = "https://huggingface.co";

/// Most bytes of a configuration; the longest published ones, with lists of excluded modules, have 0.3 MB.
const MOST_CONFIG_BYTES: usize = 4 << 20;

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

/// Scheme, host and port of an address; `None` for what is not http or https.
pub fn origin(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    (matches!(scheme, "http" | "https") && plain).then(|| &address[..scheme.len() + 3 + host.len()])
}

/// The addresses of a model id under a base address.
///
/// # Errors
/// An id that is not `owner/name`, or a base that is not http or https.
pub fn addresses(base: &str, id: &str) -> Result<Addresses, ImportError> {
    let base = base.trim().trim_end_matches('/');
    let plain = origin(base).is_some() && !base.contains(|c: char| c.is_whitespace() || "?#\\\"<>".contains(c));
    if !plain {
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

/// Whether a page under a Content-Security-Policy may contact an address. A page without one may.
pub fn permitted(policy: Option<&str>, page_origin: &str, address: &str) -> bool {
    let (Some(policy), Some(wanted)) = (policy, origin(address)) else { return policy.is_none() };
    let directives = || policy.split(';').map(str::trim);
    let of = |name: &str| directives().find_map(|d| d.strip_prefix(name).filter(|r| r.starts_with(' ')));
    let Some(sources) = of("connect-src").or_else(|| of("default-src")) else { return true };
    sources.split_whitespace().any(|s| match s {
        "'self'" => page_origin.eq_ignore_ascii_case(wanted),
        "*" => true,
        s => s.trim_end_matches('/').eq_ignore_ascii_case(wanted),
    })
}

/// What a door brings back from an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer of the host: its status and text.
    Answer {
        /// HTTP status.
        status: u16,
        /// The body.
        text: String,
    },
    /// More bytes than [`Fetching::most_bytes`].
    TooLarge,
    /// No answer in time, seconds waited.
    TimedOut(u32),
    /// No answer at all, and why.
    Failed(String),
}

impl Reply {
    /// The text of an answer that has one.
    ///
    /// # Errors
    /// Why there is none, in words that follow the address, and what to do.
    fn text(&self) -> Result<&str, (String, &'static str)> {
        let by_hand = "download config.json yourself and import it";
        match self {
            Self::Answer { status: 200, text } if text.trim_start().starts_with('<') => {
                Err(("is a web page, not JSON".into(), "check the base address; a login or a proxy may have answered"))
            }
            Self::Answer { status: 200, text } => Ok(text),
            Self::Answer { status: 401 | 403, .. } => Err((
                "is gated, private or does not exist".into(),
                "check the id; accept its licence at the hub, download config.json there and import it",
            )),
            Self::Answer { status: 404, .. } => {
                Err(("is not there".into(), "check the id, or import a config.json of your own"))
            }
            Self::Answer { status: 429, .. } => {
                Err(("is refused for now: too many requests".into(), "try again later"))
            }
            Self::Answer { status: 500..=599, .. } => Err(("fails at the hub".into(), "try again later")),
            Self::Answer { status, .. } => Err((format!("answers {status}"), by_hand)),
            Self::TooLarge => Err(("is larger than any such file".into(), "check that the id names a language model")),
            Self::TimedOut(seconds) => Err((format!("gave no answer in {seconds} seconds"), by_hand)),
            Self::Failed(why) => Err((format!("could not be reached: {why}"), by_hand)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Config,
    Index,
    Metadata,
    Done,
}

/// A model on its way from a hub.
#[derive(Debug, Clone)]
pub struct Fetching {
    id: String,
    /// What is contacted for it.
    pub addresses: Addresses,
    stage: Stage,
    imported: Option<Imported>,
}

impl Fetching {
    /// A model of a hub, nothing contacted yet.
    ///
    /// # Errors
    /// As [`addresses`].
    pub fn of(base: &str, id: &str) -> Result<Self, ImportError> {
        let id = id.trim();
        Ok(Self { id: id.into(), addresses: addresses(base, id)?, stage: Stage::Config, imported: None })
    }

    /// The address to ask next; `None` when everything is known.
    pub fn next_address(&self) -> Option<&str> {
        match self.stage {
            Stage::Config => Some(&self.addresses.config),
            Stage::Index => Some(&self.addresses.index),
            Stage::Metadata => Some(&self.addresses.metadata),
            Stage::Done => None,
        }
    }

    /// Most bytes to take from it.
    pub fn most_bytes(&self) -> usize {
        if self.stage == Stage::Config { MOST_CONFIG_BYTES } else { MOST_JSON_BYTES }
    }

    /// What came back from [`Fetching::next_address`]. Without its configuration there is no model; without its size it
    /// is computed from the dimensions, with a note that says why.
    ///
    /// # Errors
    /// A configuration that is not there or cannot be read; what to do about it.
    pub fn answered(&mut self, reply: &Reply) -> Result<(), ImportError> {
        match self.stage {
            Stage::Config => self.configured(reply)?,
            Stage::Index => {
                let size = self.size(reply, |text| index::total_size(text).map(Some));
                self.stage = if size.is_ok() { Stage::Done } else { Stage::Metadata };
            }
            Stage::Metadata => {
                if let (Err(why), Some(imported)) = (self.size(reply, weights_bytes), &mut self.imported) {
                    let message = format!("{why}; the checkpoint's size is computed from the dimensions");
                    imported.notes.push(Note { path: "size".into(), message });
                }
                self.stage = Stage::Done;
            }
            Stage::Done => {}
        }
        Ok(())
    }

    fn configured(&mut self, reply: &Reply) -> Result<(), ImportError> {
        let at = &self.addresses.config;
        let text = reply.text().map_err(|(message, hint)| ImportError::new(at, message, hint))?;
        let mut imported = config::parse(text)?;
        imported.model.id.clone_from(&self.id);
        imported.model.name = self.id.rsplit('/').next().unwrap_or(&self.id).to_owned();
        if let Value::Object(fields) = &mut imported.config {
            fields.insert("_name_or_path".into(), self.id.clone().into());
        }
        self.imported = Some(imported);
        self.stage = Stage::Index;
        Ok(())
    }

    /// Put the size that a reply holds into the model; why it holds none.
    fn size(&mut self, reply: &Reply, read: fn(&str) -> Result<Option<f64>, ImportError>) -> Result<(), String> {
        let at = self.next_address().unwrap_or_default().to_owned();
        let text = reply.text().map_err(|(message, _)| format!("{at} {message}"))?;
        let bytes = read(text).map_err(|e| format!("{at}: {} {}", e.path, e.message))?;
        let (Some(bytes), Some(imported)) = (bytes, &mut self.imported) else {
            return Err(format!("{at} names no size"));
        };
        index::attach(imported, bytes, &at);
        Ok(())
    }

    /// The model, once everything is known.
    pub fn finished(self) -> Option<Imported> {
        self.imported.filter(|_| self.stage == Stage::Done)
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

    fn ok(text: &str) -> Reply {
        Reply::Answer { status: 200, text: text.into() }
    }

    fn status(status: u16) -> Reply {
        Reply::Answer { status, text: String::new() }
    }

    const CONFIG: &str = r#"{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": 256, "vocab_size": 1000, "bos_token_id": 7, "quantization_config":
        {"quant_method": "fp8", "modules_to_not_convert": ["a", "b"]}}"#;

    fn configured() -> Fetching {
        let mut f = Fetching::of(BASE, " Qwen/Qwen3-8B ").unwrap();
        assert_eq!(f.next_address(), Some("https://huggingface.co/Qwen/Qwen3-8B/resolve/main/config.json"));
        f.answered(&ok(CONFIG)).unwrap();
        f
    }

    #[test]
    fn a_sharded_model_takes_two_requests_and_a_small_one_three() {
        let mut f = configured();
        assert!(f.next_address().unwrap().ends_with("model.safetensors.index.json"));
        f.answered(&ok(r#"{"metadata": {"total_size": 130000}}"#)).unwrap();
        assert_eq!(f.next_address(), None);
        let got = f.finished().unwrap();
        assert_eq!((got.weights_bytes, got.model.name.as_str()), (Some(130_000.0), "Qwen3-8B"));
        let mut f = configured();
        f.answered(&status(404)).unwrap();
        assert_eq!(f.next_address(), Some("https://huggingface.co/api/models/Qwen/Qwen3-8B"));
        f.answered(&ok(r#"{"safetensors": {"parameters": {"BF16": 65000}}}"#)).unwrap();
        assert_eq!(f.finished().unwrap().weights_bytes, Some(130_000.0));
    }

    #[test]
    fn a_size_that_cannot_be_had_is_a_note() {
        for reply in
            [status(403), status(503), Reply::TooLarge, Reply::TimedOut(30), Reply::Failed("no".into()), ok("{}")]
        {
            let mut f = configured();
            f.answered(&status(404)).unwrap();
            f.answered(&reply).unwrap();
            let got = f.finished().unwrap();
            assert_eq!(got.weights_bytes, None, "{reply:?}");
            assert!(got.notes.iter().any(|n| n.path == "size"), "{reply:?}: {:?}", got.notes);
        }
    }

    #[test]
    fn without_a_configuration_there_is_a_reason_and_a_way_on() {
        let cases = [
            (status(401), "gated"),
            (status(403), "gated"),
            (status(404), "not there"),
            (status(429), "too many"),
            (status(500), "fails"),
            (status(302), "302"),
            (Reply::TooLarge, "larger"),
            (Reply::TimedOut(30), "30 seconds"),
            (Reply::Failed("no network".into()), "no network"),
            (ok("<!doctype html>"), "web page"),
            (ok("not json"), "expected"),
            (ok("[]"), "list"),
        ];
        for (reply, word) in cases {
            let mut f = Fetching::of(BASE, "a/b").unwrap();
            let e = f.answered(&reply).unwrap_err();
            assert!(e.message.contains(word), "{reply:?}: {e}");
            assert!(!e.hint.is_empty() && f.finished().is_none());
        }
    }

    #[test]
    fn what_is_kept_is_what_was_read_and_reads_the_same() {
        let f = configured();
        let kept = f.imported.unwrap();
        assert!(
            kept.config.get("bos_token_id").is_none()
                && kept.config["quantization_config"].get("modules_to_not_convert").is_none()
        );
        let again = config::from_value(&kept.config).unwrap();
        assert_eq!((again.model.params_total, again.quantization), (kept.model.params_total, kept.quantization));
        assert_eq!(again.model.id, "Qwen/Qwen3-8B");
    }

    #[test]
    fn a_policy_permits_what_it_names() {
        let policy = "default-src 'none'; connect-src 'self' https://huggingface.co; img-src *";
        let may = |address: &str| permitted(Some(policy), "http://127.0.0.1:8080", address);
        assert!(may("https://huggingface.co/a/b") && may("http://127.0.0.1:8080/hub/x"));
        for other in
            ["https://hub.example.org/a", "http://huggingface.co/a", "https://huggingface.co.evil.org/", "data:x"]
        {
            assert!(!may(other), "{other}");
        }
        assert!(permitted(None, "https://a.org", "https://b.org/x"));
        assert!(!permitted(Some("default-src 'none'"), "https://a.org", "https://a.org/x"));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert_eq!(origin("http://127.0.0.1:8080/a?b"), Some("http://127.0.0.1:8080"));
        for bad in ["huggingface.co", "ftp://a.org", "https://", "https://user@a.org/", "javascript://x"] {
            assert_eq!(origin(bad), None, "{bad}");
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
