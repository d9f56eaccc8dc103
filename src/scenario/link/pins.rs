//! Scenarios pinned beside the one of a link: `&pin1=…&pin2=…`, each a link of its own, percent-encoded as a whole.

use super::decode::{decode_text, pairs_of};
use super::encode::push;
use super::upgrade::Pairs;
use super::{LinkError, MAX_BYTES, encode, fragment};
use crate::catalog::Catalog;
use crate::scenario::{Scenario, Warning};

/// Most scenarios pinned beside one.
pub const MOST_PINS: usize = 3;

/// What a link holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The scenario.
    pub scenario: Scenario,
    /// Those pinned beside it, at most [`MOST_PINS`], in order.
    pub pins: Vec<Scenario>,
    /// What could not be used, or was odd.
    pub warnings: Vec<Warning>,
}

/// Read a link with what is pinned beside it. A pin that cannot be read is left out with a warning.
///
/// # Errors
/// A link that is too long or of a newer version is refused whole.
pub fn open(link: &str, catalog: &Catalog) -> Result<Opened, LinkError> {
    let text = fragment(link);
    if text.len() > MAX_BYTES {
        return Err(LinkError::TooLong { bytes: text.len() });
    }
    let mut warnings = Vec::new();
    let mut pairs = pairs_of(text, &mut warnings);
    let pinned = taken_out(&mut pairs);
    let scenario = decode_text(pairs, text, catalog, &mut warnings)?;
    let mut pins = Vec::new();
    for (key, value) in pinned {
        if pins.len() == MOST_PINS {
            let message = format!("is left out, because at most {MOST_PINS} scenarios are pinned");
            warnings.push(Warning::new(key, message, "open it as a link of its own"));
            continue;
        }
        pins.extend(pin(&key, &value, catalog, &mut warnings));
    }
    Ok(Opened { scenario, pins, warnings })
}

/// The pairs `pin1`, `pin2`, ..., in the order of their numbers.
fn taken_out(pairs: &mut Pairs) -> Pairs {
    let number = |key: &str| key.strip_prefix("pin").filter(|n| n.bytes().all(|b| b.is_ascii_digit()))?.parse().ok();
    let mut out: Vec<(u32, (String, String))> = Vec::new();
    pairs.retain(|(key, value)| match number(key) {
        Some(n) => {
            out.push((n, (key.clone(), value.clone())));
            false
        }
        None => true,
    });
    out.sort_by_key(|(n, _)| *n);
    out.into_iter().map(|(_, pair)| pair).collect()
}

fn pin(key: &str, text: &str, catalog: &Catalog, warnings: &mut Vec<Warning>) -> Option<Scenario> {
    let mut own = Vec::new();
    let pairs = pairs_of(text, &mut own);
    let read = decode_text(pairs, text, catalog, &mut own);
    let name = |path: String| if path.is_empty() { key.to_string() } else { format!("{key}.{path}") };
    warnings.extend(own.into_iter().map(|w| Warning { path: name(w.path), ..w }));
    match read {
        Ok(scenario) => Some(scenario),
        Err(e) => {
            warnings.push(Warning::new(key, format!("{e}, so it is left out"), e.hint()));
            None
        }
    }
}

/// The link of a scenario with others pinned beside it, `#` included.
///
/// # Errors
/// [`LinkError::TooLong`] where nobody could read it back.
pub fn encode_pinned(scenario: &Scenario, pins: &[Scenario], catalog: &Catalog) -> Result<String, LinkError> {
    let mut out = encode(scenario, catalog)?;
    for (i, pin) in pins.iter().take(MOST_PINS).enumerate() {
        push(&mut out, &format!("pin{}", i + 1), encode(pin, catalog)?.trim_start_matches('#'));
    }
    match out.len() {
        bytes if bytes > MAX_BYTES => Err(LinkError::TooLong { bytes }),
        _ => Ok(out),
    }
}
