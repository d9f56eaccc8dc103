//! API prices people bring: public price lists and private price files, read into rows of the catalog.
//!
//! Nothing here fetches, and nothing is applied unseen: a list is read into [`Offer`]s, each is held against [`sanity`]
//! rules and the catalog, and what would change is a [`diff::Diff`] that a door shows before it is kept as a private
//! price file ([`private`]). A row that breaks a rule changes nothing and says why.

pub mod diff;
pub mod genai;
pub mod litellm;
pub mod private;
pub mod providers;
pub mod sanity;

use serde_json::Value;

use super::ImportError;
use super::hub::Reply;
use crate::catalog::api_price::{BatchPrices, LongContextTier, TokenPrices};
use crate::catalog::quantization::formats;
use crate::math::pow;

formats! {
    /// A public price list.
    Source {
        /// LiteLLM's `model_prices_and_context_window.json`: US dollars per token.
        Litellm = "litellm",
        /// pydantic/genai-prices: US dollars per million tokens.
        Genai = "genai",
    }
}

/// Where both lists are published.
pub const BASE: &str = "https://raw.githubusercontent.com";

impl Source {
    /// The list's path under [`BASE`].
    pub const fn path(self) -> &'static str {
        match self {
            Self::Litellm => "BerriAI/litellm/main/model_prices_and_context_window.json",
            Self::Genai => "pydantic/genai-prices/main/prices/new_data/v2/data_slim.json",
        }
    }

    /// What it is called in a row's source.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Litellm => "BerriAI/litellm price map",
            Self::Genai => "pydantic/genai-prices",
        }
    }

    /// The address a door would contact.
    ///
    /// # Errors
    /// A base that is not an http or https address.
    pub fn address(self, base: &str) -> Result<String, ImportError> {
        let base = base.trim_end_matches('/');
        let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        if host.is_none_or(|h| h.is_empty() || h.contains(|c: char| c.is_whitespace() || c.is_control())) {
            return Err(ImportError::new("base", "is not an http or https address", format!("for example {BASE}")));
        }
        Ok(format!("{base}/{}", self.path()))
    }

    /// The offers of a list as of a day (ISO 8601).
    ///
    /// # Errors
    /// Text that is not such a list.
    pub fn read(self, text: &str, today: &str) -> Result<Read, ImportError> {
        match self {
            Self::Litellm => litellm::read(text, today),
            Self::Genai => genai::read(text, today),
        }
    }
}

/// Most bytes of a list; both have less than 4 MB.
pub const MOST_BYTES: usize = 32 << 20;

/// The text that an address answered with.
///
/// # Errors
/// Why there is none, with the address as the path.
pub fn answered(address: &str, reply: Reply) -> Result<String, ImportError> {
    let by_hand = "download the list yourself and read it with --file";
    let wrong = |message: String, hint: &str| Err(ImportError::new(address, message, hint));
    match reply {
        Reply::Answer { status: 200, text } => Ok(text),
        Reply::Answer { status: 404, .. } => wrong("is not there".into(), "check the base address"),
        Reply::Answer { status, .. } => wrong(format!("answers {status}"), "try again later"),
        Reply::TooLarge => wrong("answers with more than any price list has".into(), "check the base address"),
        Reply::TimedOut(seconds) => wrong(format!("did not answer within {seconds} s"), by_hand),
        Reply::Failed(why) => wrong(format!("cannot be reached: {why}"), by_hand),
    }
}

/// A list that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    /// Offers that passed the rules.
    pub offers: Vec<Offer>,
    /// Rows of known providers that broke one.
    pub refused: Vec<Refused>,
    /// Rows that are not about text at a provider the catalog knows.
    pub left_out: usize,
}

/// One model at one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Provider as the catalog's ids begin.
    pub provider: String,
    /// The provider's model name.
    pub model: String,
    /// Key of the row in its list.
    pub key: String,
    /// US dollars per million tokens.
    pub usd_per_mtok: TokenPrices,
    /// Prices above an input length.
    pub long_context_tier: Option<LongContextTier>,
    /// Prices of work that can wait.
    pub batch: Option<BatchPrices>,
    /// Longest input, tokens.
    pub context_tokens: Option<f64>,
}

/// A row that changes nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Key of the row in its list.
    pub key: String,
    /// The rule it breaks.
    pub reason: String,
}

impl Read {
    /// Keep an offer, or say which rule it breaks.
    fn take(&mut self, offer: Offer) {
        match sanity::check(&offer) {
            Ok(()) => self.offers.push(offer),
            Err(reason) => self.refuse(&offer.key, reason),
        }
    }

    fn refuse(&mut self, key: &str, reason: impl Into<String>) {
        self.refused.push(Refused { key: key.chars().take(120).collect(), reason: reason.into() });
    }
}

/// A number of a row: absent, or a finite number; anything else is an error that names it.
fn number(row: &serde_json::Map<String, Value>, name: &str) -> Result<Option<f64>, String> {
    match row.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(v) => match v.as_f64() {
            Some(x) if x.is_finite() => Ok(Some(x)),
            _ => Err(format!("{name} is not a number")),
        },
    }
}

/// Rounded to nine significant digits: lists carry 5.0001e-07 and 0.30000000000000004.
fn tidy(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let digits = 8.0 - libm::floor(crate::math::log10(x.abs()));
    let scale = pow(10.0, digits);
    let rounded = libm::round(x * scale) / scale;
    if rounded.is_finite() { rounded } else { x }
}

/// A model's name without what lists write differently: organisation, case, punctuation, remarks in brackets.
pub(crate) fn plain(model: &str) -> String {
    let name = model.split(" (").next().unwrap_or(model);
    let name = name.rsplit('/').next().unwrap_or(name);
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
