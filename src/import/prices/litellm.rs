//! LiteLLM's price map: an object keyed by model string, prices in US dollars per single token.

use serde_json::{Map, Value};

use super::providers::{self, Provider};
use super::{Offer, Read, number, tidy};
use crate::catalog::Words;
use crate::catalog::api_price::{BatchPrices, LongContextTier, TokenPrices};
use crate::import::{ImportError, json};

/// Modes that are about text for text.
const MODES: [&str; 3] = ["chat", "completion", "responses"];
/// Input lengths above which the map has other prices, with the ending of their fields.
const TIERS: [(&str, f64); 3] =
    [("_above_128k_tokens", 128e3), ("_above_200k_tokens", 200e3), ("_above_272k_tokens", 272e3)];
/// The entry that documents the others.
const SAMPLE: &str = "sample_spec";

/// Read the map as of a day.
///
/// # Errors
/// Text that is not JSON, not an object, or has no row that looks like one of the map.
pub fn read(text: &str, today: &str) -> Result<Read, ImportError> {
    let value = json(text, "price map")?;
    let hint = "expected LiteLLM's model_prices_and_context_window.json";
    let Value::Object(rows) = &value else {
        return Err(ImportError::new("price map", "is not an object of models", hint));
    };
    let known = |row: &Value| row.get("litellm_provider").is_some();
    if !rows.iter().any(|(key, row)| key != SAMPLE && known(row)) {
        return Err(ImportError::new("price map", "has no row with a litellm_provider", hint));
    }
    let mut read = Read::default();
    for (key, row) in rows.iter().filter(|(key, _)| *key != SAMPLE) {
        match covered(key, row) {
            Some((row, provider)) => match offer(key, row, provider, today) {
                Ok(Some(offer)) => read.take(offer),
                Ok(None) => read.left_out += 1,
                Err(reason) => read.refuse(key, reason),
            },
            None => read.left_out += 1,
        }
    }
    Ok(read)
}

/// A row about text at a provider the catalog knows. Provisioned and regional keys are other tariffs.
fn covered<'a>(key: &str, row: &'a Value) -> Option<(&'a Map<String, Value>, &'static Provider)> {
    let row = row.as_object()?;
    let provider = providers::of_litellm(row.get("litellm_provider")?.as_str()?)?;
    let text = row.get("mode").and_then(Value::as_str).is_some_and(|m| MODES.contains(&m));
    (text && !key.contains("commitment")).then_some((row, provider))
}

/// The offer of a row; `None` where it is not priced by the token.
fn offer(key: &str, row: &Map<String, Value>, provider: &Provider, today: &str) -> Result<Option<Offer>, String> {
    let million = |name: &str| number(row, name).map(|x| x.map(|usd| tidy(usd * 1e6)));
    let (Some(input), Some(output)) = (million("input_cost_per_token")?, million("output_cost_per_token")?) else {
        return Ok(None);
    };
    if let Some(day) = row.get("deprecation_date").and_then(Value::as_str).filter(|day| *day <= today) {
        return Err(format!("withdrawn on {}", day.chars().take(10).collect::<String>()));
    }
    let usd_per_mtok = TokenPrices {
        input,
        output,
        cached_input: million("cache_read_input_token_cost")?,
        // Zero where writing is charged as plain input.
        cache_write: million("cache_creation_input_token_cost")?.filter(|usd| *usd != 0.0),
    };
    let batch = million("input_cost_per_token_batches")?.zip(million("output_cost_per_token_batches")?);
    let mut long = None;
    for (ending, above) in TIERS {
        let field = |name: &str| million(&format!("{name}{ending}"));
        if let Some((input, output)) = field("input_cost_per_token")?.zip(field("output_cost_per_token")?) {
            let cached_input = field("cache_read_input_token_cost")?;
            long = Some(LongContextTier {
                above_input_tokens: above,
                input,
                output,
                cached_input,
                note: Words::default(),
            });
        }
    }
    let prefix = format!("{}/", row.get("litellm_provider").and_then(Value::as_str).unwrap_or_default());
    let batch = batch.map(|(i, o)| BatchPrices { discount: tidy(1.0 - i / input), input: i, output: o });
    Ok(Some(Offer {
        provider: provider.id.into(),
        model: key.strip_prefix(&prefix).unwrap_or(key).chars().take(200).collect(),
        key: key.into(),
        usd_per_mtok,
        long_context_tier: long,
        batch,
        context_tokens: number(row, "max_input_tokens")?.filter(|t| *t > 0.0),
    }))
}
