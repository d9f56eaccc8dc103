//! Prices of managed APIs.

use serde::Serialize;

use super::{Words, row};

/// One priced API model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiPrice {
    /// Id, for example `together/llama-3.3-70b`.
    pub id: String,
    /// Who serves it.
    pub provider: String,
    /// The provider's model name.
    pub model: String,
    /// `proprietary`, `open_weights_hosted` or `open_weights_first_party`.
    pub kind: String,
    /// Which open model's weights it serves, as a short key.
    pub open_model_key: Option<String>,
    /// The catalog's id of that model, found by [`super::Catalog::resolve_open_models`].
    #[serde(skip)]
    pub open_model_id: Option<String>,
    /// Its score on [`super::INDEX`]: its own, or that of the open model whose weights it serves; found with the id.
    #[serde(skip)]
    pub score: Option<f64>,
    /// Base prices.
    pub usd_per_mtok: TokenPrices,
    /// Prices of requests with a long input.
    pub long_context_tier: Option<LongContextTier>,
    /// Prices of work that can wait.
    pub batch: Option<BatchPrices>,
    /// Longest context, tokens.
    pub context_tokens: Option<f64>,
    /// Longest output, tokens.
    pub max_output_tokens: Option<f64>,
    /// Day or month it was read.
    pub as_of: String,
    /// Where it was read.
    pub source: Words,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// Whether the row is older than the others; shown with its age, never chosen automatically.
    pub stale: bool,
    /// Whether it is the reader's own price rather than the catalog's; never in a file of the catalog.
    #[serde(skip)]
    pub private: bool,
    /// Scores of named indexes; scores of different indexes are never compared.
    pub quality: Vec<IndexScore>,
    /// Hours of a week (of 168) in which this dearer tariff holds, for providers that bill by the hour of the day; the
    /// rest of the week has the tariff of the `@offpeak` row of the same name.
    pub peak_hours_per_week: Option<f64>,
    /// Day from which an announced price holds, ISO 8601; the row of the same name without `@` holds until then.
    pub effective_from: Option<String>,
    /// What to know about it.
    pub notes: Words,
}

row!(ApiPrice { id, provider, model, kind, open_model_key, usd_per_mtok, long_context_tier, batch, context_tokens, max_output_tokens, as_of, source, confidence, peak_hours_per_week, effective_from } default { stale, quality, notes } skip { open_model_id, score, private });

/// A score of one index on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexScore {
    /// The index with its version.
    pub index: String,
    /// The score, in the index's own unit.
    pub value: f64,
    /// Day of the snapshot, ISO 8601.
    pub as_of: String,
    /// Where it was read.
    pub source: Words,
}

row!(IndexScore { index, value, as_of, source });

/// US dollars per million tokens; what a provider does not publish is absent, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TokenPrices {
    /// Input tokens.
    pub input: f64,
    /// Input tokens read from the provider's prompt cache.
    pub cached_input: Option<f64>,
    /// Output tokens.
    pub output: f64,
    /// Input tokens written to the cache.
    pub cache_write: Option<f64>,
}

row!(TokenPrices { input, cached_input, output, cache_write });

/// Prices above an input length.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LongContextTier {
    /// The tier applies to requests with more input tokens than this.
    pub above_input_tokens: f64,
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Cached input tokens.
    pub cached_input: Option<f64>,
    /// What to know about it.
    pub note: Words,
}

row!(LongContextTier { above_input_tokens, input, output, cached_input } default { note });

/// Prices of batch work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BatchPrices {
    /// Share taken off, 0..1.
    pub discount: f64,
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
}

row!(BatchPrices { input, output } default { discount });

impl super::Catalog {
    /// The row whose id is `id` without its `@...` part, followed by `@variant`.
    pub fn api_variant(&self, id: &str, variant: &str) -> Option<&ApiPrice> {
        let name = id.split('@').next().unwrap_or(id);
        self.api_prices
            .iter()
            .find(|a| a.id.strip_prefix(name).and_then(|rest| rest.strip_prefix('@')) == Some(variant))
    }

    /// Prices announced for a later day for the row of that id.
    pub fn api_announcements(&self, id: &str) -> impl Iterator<Item = &ApiPrice> {
        self.api_prices.iter().filter(move |a| {
            a.effective_from.is_some() && a.id.split_once('@').is_some_and(|(name, _)| name.eq_ignore_ascii_case(id))
        })
    }
}
