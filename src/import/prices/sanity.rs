//! Rules that a price must pass. Each was broken by a published row: the bounds keep every right row of the LiteLLM map
//! of 2026-08-01 and of genai-prices of 2026-08-21, and keep out the wrong ones found there (prices a thousand and a
//! hundred thousand times too high, free previews entered as 0, cached tokens dearer than fresh ones).

use super::Offer;

/// Least input or output price believed, US dollars per million tokens.
pub const LEAST: f64 = 0.005;
/// Most for input.
pub const MOST_INPUT: f64 = 200.0;
/// Most for output.
pub const MOST_OUTPUT: f64 = 1000.0;
/// Most output costs over input.
pub const MOST_RATIO: f64 = 20.0;
/// Least output costs over input: a tenth cheaper than input occurs, a fifth of it is a typing error.
pub const LEAST_RATIO: f64 = 0.9;
/// Most a price moves against the catalog's without being asked about.
pub const MOST_STEP: f64 = 3.0;
/// Writing to a cache costs at most this many times the input price (one hour at Anthropic costs twice).
const MOST_WRITE: f64 = 4.0;

/// Why an offer is not believed.
///
/// # Errors
/// The rule it breaks, in words.
pub fn check(offer: &Offer) -> Result<(), String> {
    let p = &offer.usd_per_mtok;
    pair("", p.input, p.output)?;
    if let Some(cached) = p.cached_input {
        positive("cached input", cached)?;
        if cached > p.input * (1.0 + 1e-9) {
            return Err(format!("cached input costs ${cached}, more than input at ${}", p.input));
        }
    }
    if let Some(write) = p.cache_write {
        positive("a cache write", write)?;
        if write > p.input * MOST_WRITE {
            return Err(format!("a cache write costs ${write}, over {MOST_WRITE} times input at ${}", p.input));
        }
    }
    if let Some(t) = &offer.long_context_tier {
        pair(" of long requests", t.input, t.output)?;
        if t.above_input_tokens < 1000.0 {
            return Err(format!("its tier of long requests begins at {} tokens", t.above_input_tokens));
        }
    }
    if let Some(b) = &offer.batch {
        pair(" of batches", b.input, b.output)?;
        if b.input > p.input * (1.0 + 1e-9) || b.output > p.output * (1.0 + 1e-9) {
            return Err("its batch price is above its ordinary one".into());
        }
    }
    Ok(())
}

fn positive(what: &str, usd: f64) -> Result<(), String> {
    if !usd.is_finite() {
        return Err(format!("{what} has no finite price"));
    }
    if usd < 0.0 {
        return Err(format!("{what} costs ${usd}, which is negative"));
    }
    if usd > 0.0 {
        return Ok(());
    }
    Err(format!("{what} costs $0, which means free or unknown, not a price to compare with"))
}

/// Input and output prices that belong together.
fn pair(of: &str, input: f64, output: f64) -> Result<(), String> {
    positive(&format!("input{of}"), input)?;
    positive(&format!("output{of}"), output)?;
    let unit = "; is it per token, per thousand or per million?";
    if !(LEAST..=MOST_INPUT).contains(&input) {
        return Err(format!("input{of} costs ${input} per million tokens, outside {LEAST} to {MOST_INPUT}{unit}"));
    }
    if !(LEAST..=MOST_OUTPUT).contains(&output) {
        return Err(format!("output{of} costs ${output} per million tokens, outside {LEAST} to {MOST_OUTPUT}{unit}"));
    }
    let ratio = output / input;
    if ratio < LEAST_RATIO {
        return Err(format!("output{of} costs ${output}, less than input at ${input}; are they swapped?"));
    }
    if ratio > MOST_RATIO {
        return Err(format!("output{of} costs {ratio:.0} times input"));
    }
    Ok(())
}
