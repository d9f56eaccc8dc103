//! pydantic/genai-prices, data version 2: an array of providers with their models, prices in US dollars per million
//! tokens, by day and by input length.

use serde_json::{Map, Value};

use super::providers::{self, Provider};
use super::{Offer, Read, tidy};
use crate::catalog::Words;
use crate::catalog::api_price::{LongContextTier, TokenPrices};
use crate::import::{ImportError, json};

/// Read the list as of a day.
///
/// # Errors
/// Text that is not JSON, not an array, or has no provider with models.
pub fn read(text: &str, today: &str) -> Result<Read, ImportError> {
    let value = json(text, "price list")?;
    let hint = "expected the data.json or data_slim.json of genai-prices, version 2";
    let Value::Array(list) = &value else {
        return Err(ImportError::new("price list", "is not an array of providers", hint));
    };
    let models = |p: &Value| p.get("models").is_some_and(Value::is_array) && p.get("id").is_some_and(Value::is_string);
    if !list.iter().any(models) {
        return Err(ImportError::new("price list", "has no provider with an id and models", hint));
    }
    let mut read = Read::default();
    for provider in list {
        let rows = provider.get("models").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match provider.get("id").and_then(Value::as_str).and_then(providers::of_genai) {
            Some(known) => rows.iter().for_each(|row| model(row, known, today, &mut read)),
            None => read.left_out += rows.len(),
        }
    }
    Ok(read)
}

fn model(row: &Value, provider: &Provider, today: &str, read: &mut Read) {
    let Some(id) = row.get("id").and_then(Value::as_str) else {
        read.left_out += 1;
        return;
    };
    let key = format!("{}/{id}", provider.genai);
    if row.get("deprecated") == Some(&Value::Bool(true)) {
        return read.refuse(&key, "marked as deprecated");
    }
    match prices(row, today).and_then(|p| p.map(|p| offer(row, id, &key, p, provider)).transpose()) {
        Ok(Some(Some(offer))) => read.take(offer),
        Ok(_) => read.left_out += 1,
        Err(reason) => read.refuse(&key, reason),
    }
}

/// The prices that hold on a day. Entries are tried from the last to the first; the first has no constraint.
fn prices<'a>(row: &'a Value, today: &str) -> Result<Option<&'a Map<String, Value>>, String> {
    let entries = match row.get("prices") {
        Some(Value::Object(one)) => return Ok(Some(one)),
        Some(Value::Array(entries)) => entries,
        _ => return Ok(None),
    };
    for entry in entries.iter().rev() {
        let of = entry.get("prices").and_then(Value::as_object);
        match entry.get("constraint") {
            None | Some(Value::Null) => return Ok(of),
            Some(c) if c.get("start_time").is_some() => return Err("billed by the hour of the day".into()),
            Some(c) => {
                let day = c.get("start_date").and_then(Value::as_str).ok_or("has a constraint of an unknown kind")?;
                if day <= today {
                    return Ok(of);
                }
            }
        }
    }
    Ok(None)
}

/// A price: the base, and where the tier for long inputs starts with what it costs there.
type Tiered = (f64, Option<(f64, f64)>);

fn price(prices: &Map<String, Value>, name: &str) -> Result<Option<Tiered>, String> {
    let wrong = || format!("{name} is neither a price nor a base with tiers");
    let finite = |v: Option<&Value>| v.and_then(Value::as_f64).filter(|x| x.is_finite()).map(tidy).ok_or_else(wrong);
    match prices.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(tiered)) => {
            let base = finite(tiered.get("base"))?;
            let tiers = tiered.get("tiers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            match tiers {
                [] => Ok(Some((base, None))),
                [tier] => Ok(Some((base, Some((finite(tier.get("start"))?, finite(tier.get("price"))?))))),
                _ => Err(format!("{name} has {} tiers, more than the catalog can hold", tiers.len())),
            }
        }
        other => Ok(Some((finite(other)?, None))),
    }
}

/// The offer of a row; `None` where it has no price for output, as embeddings have not.
fn offer(
    row: &Value,
    id: &str,
    key: &str,
    prices: &Map<String, Value>,
    provider: &Provider,
) -> Result<Option<Offer>, String> {
    let (Some((input, long_in)), Some((output, long_out))) =
        (price(prices, "input_mtok")?, price(prices, "output_mtok")?)
    else {
        return Ok(None);
    };
    let cached = price(prices, "cache_read_mtok")?;
    let write = price(prices, "cache_write_mtok")?;
    let starts = [long_in, long_out].into_iter().flatten().map(|(start, _)| start);
    let long = starts.min_by(f64::total_cmp).map(|above| LongContextTier {
        above_input_tokens: above,
        input: long_in.map_or(input, |(_, p)| p),
        output: long_out.map_or(output, |(_, p)| p),
        cached_input: cached.map(|(base, tier)| tier.map_or(base, |(_, p)| p)),
        note: Words::default(),
    });
    Ok(Some(Offer {
        provider: provider.id.into(),
        model: id.chars().take(200).collect(),
        key: key.into(),
        usd_per_mtok: TokenPrices {
            input,
            output,
            cached_input: cached.map(|(base, _)| base),
            cache_write: write.map(|(base, _)| base),
        },
        long_context_tier: long,
        batch: None,
        context_tokens: row.get("context_window").and_then(Value::as_f64).filter(|t| *t > 0.0),
    }))
}
