//! What gateways call the catalog's API rows, and where their providers are reached.

use std::collections::BTreeMap;
use std::hint::black_box;

use serde_json::Value;

use super::CatalogError;

/// The file; only exports look at it, so that a page fetches it with them.
static FILE: &str = include_str!(concat!(env!("OUT_DIR"), "/gateways.json"));

/// Names and addresses. They live in `public/catalog/gateways.json`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gateways {
    /// Where they are from.
    pub source: String,
    /// Day they were read.
    pub as_of: String,
    /// By the beginning of a row's id.
    pub providers: BTreeMap<String, GatewayProvider>,
    /// LiteLLM's model string by row id.
    pub models: BTreeMap<String, String>,
}

/// A provider behind a gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct GatewayProvider {
    /// Id in vLLM Semantic Router's catalog.
    pub id: String,
    /// Address of its API.
    pub base_url: String,
    /// `openai` or `anthropic`: how it is spoken to.
    pub api_format: String,
}

impl Gateways {
    /// The embedded file.
    ///
    /// # Errors
    /// A file that cannot be read, which the tests rule out for a released build.
    #[inline(never)]
    pub(super) fn embedded() -> Result<Self, CatalogError> {
        Self::read(black_box(FILE)).map_err(|reason| CatalogError { file: "gateways.json", reason })
    }

    /// Read the file; what is wrong with it, if anything is.
    fn read(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let word =
            |v: &Value, name: &str| v[name].as_str().map(str::to_string).ok_or_else(|| format!("{name} is not text"));
        let part = |name: &str| file[name].as_object().ok_or_else(|| format!("{name} is not an object"));
        let mut out = Self { source: word(&file, "source")?, as_of: word(&file, "as_of")?, ..Self::default() };
        for (id, p) in part("providers")? {
            let provider = GatewayProvider {
                id: word(p, "id")?,
                base_url: word(p, "base_url")?,
                api_format: word(p, "api_format")?,
            };
            out.providers.insert(id.clone(), provider);
        }
        for (id, model) in part("models")? {
            let model = model.as_str().ok_or_else(|| format!("models.{id} is not text"))?;
            out.models.insert(id.clone(), model.into());
        }
        Ok(out)
    }

    /// The provider of a row.
    pub fn provider(&self, row_id: &str) -> Option<&GatewayProvider> {
        self.providers.get(row_id.split('/').next()?)
    }

    /// LiteLLM's model string of a row, with its provider's prefix.
    pub fn model(&self, row_id: &str) -> Option<&str> {
        self.models.get(row_id).map(String::as_str)
    }

    /// The name the provider's own API takes.
    pub fn api_model(&self, row_id: &str) -> Option<&str> {
        self.model(row_id)?.split_once('/').map(|(_, model)| model)
    }
}
