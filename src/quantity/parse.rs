//! From what people write to a number.

use super::decimal::Decimal;
use super::suffix::{self, Scale};
use super::{QuantityError, Range, Unit};
use crate::visible::visible;

/// Most characters of a quantity; longer texts are refused unread.
const LIMIT: usize = 160;

/// Read a quantity: a number, `low..high` or `low..likely..high`, each with magnitude and unit as people write them.
/// A number without a unit is in the canonical unit of `unit`.
pub fn parse(text: &str, unit: Unit) -> Result<Range, QuantityError> {
    if text.len() > LIMIT {
        return Err(QuantityError::TooLong { limit: LIMIT });
    }
    let dotted = text.replace(['…', '–'], "..").replace(" to ", "..");
    let parts: Vec<Part> = dotted.split("..").map(|p| Part::split(p.trim(), unit)).collect::<Result<_, _>>()?;
    let values = match parts.as_slice() {
        [one] => return one.value(unit).map(Range::point),
        [_, _] | [_, _, _] => ends(&dotted, &parts, unit)?,
        _ => return Err(QuantityError::Parts { parts: parts.len() }),
    };
    let range = match values.as_slice() {
        [low, likely, high] => Range { low: *low, likely: *likely, high: *high },
        [low, .., high] => Range::between(*low, *high, unit),
        _ => return Err(QuantityError::Disordered { text: shown(&dotted) }),
    };
    match range.low <= range.likely && range.likely <= range.high {
        true => Ok(range),
        false => Err(QuantityError::Disordered { text: shown(&dotted) }),
    }
}

/// Read a single number; a range is refused.
pub fn parse_one(text: &str, unit: Unit) -> Result<f64, QuantityError> {
    match parse(text, unit)? {
        r if r.is_point() => Ok(r.likely),
        _ => Err(QuantityError::NotANumber { text: shown(text), unit }),
    }
}

/// The parts of a range. A part without a suffix takes the unit of the last part; where that would also lend it a
/// magnitude (`20..50M`) the range is refused, because both readings make sense.
fn ends(text: &str, parts: &[Part], unit: Unit) -> Result<Vec<f64>, QuantityError> {
    let last = parts.last().map_or("", |p| p.suffix.as_str());
    parts
        .iter()
        .map(|part| {
            if !part.suffix.is_empty() || last.is_empty() || part.numeral.to_f64() == 0.0 {
                return part.value(unit);
            }
            if suffix::read(last, unit)?.magnitude {
                let (text, part) = (shown(text), part.text.clone());
                return Err(QuantityError::MixedSuffix { text, part, suffix: last.into() });
            }
            Part { suffix: last.into(), ..part.clone() }.value(unit)
        })
        .collect()
}

/// One number, cut into numeral and suffix.
#[derive(Clone)]
struct Part {
    text: String,
    numeral: Decimal,
    suffix: String,
}

impl Part {
    fn split(text: &str, unit: Unit) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Empty);
        }
        let bad = || QuantityError::NotANumber { text: shown(text), unit };
        let unsigned = text.strip_prefix(['-', '−']);
        if let Some(rest) = unsigned {
            return Err(if rest.starts_with(|c: char| c.is_ascii_digit() || c == '$' || c == '.') {
                QuantityError::Negative { text: shown(text) }
            } else {
                bad()
            });
        }
        let text = text.strip_prefix('+').unwrap_or(text);
        let bare = match ["US$", "$", "USD "].iter().find_map(|p| text.strip_prefix(p)) {
            Some(rest) if unit.is_money() => rest.trim_start(),
            Some(_) => return Err(QuantityError::WrongUnit { found: "$".into(), unit }),
            None => text,
        };
        let end = numeral_end(bare);
        if !bare[..end].contains(|c: char| c.is_ascii_digit()) {
            return Err(bad());
        }
        let numeral = numeral(bare[..end].trim_end())?;
        Ok(Self { text: bare.into(), numeral, suffix: bare[end..].trim().into() })
    }

    fn value(&self, unit: Unit) -> Result<f64, QuantityError> {
        let Scale { shift, times, over, .. } = suffix::read(&self.suffix, unit)?;
        let value = self.numeral.clone().shift(shift).to_f64() * times / over;
        if value.is_finite() { Ok(value) } else { Err(QuantityError::TooLarge { text: shown(&self.text) }) }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{2009}' | '\u{202f}' | '\u{a0}')
}

/// Where the numeral ends: digits, separators and one exponent.
fn numeral_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(|(_, n)| n.is_ascii_digit());
        match c {
            '0'..='9' => end = i + 1,
            '.' => end = i + 1,
            ',' | '_' => end = i + 1,
            c if is_space(c) && next_is_digit => {}
            'e' | 'E' => return i + exponent_length(&text[i..]),
            _ => break,
        }
    }
    end
}

/// Length of an exponent such as `e-3` at the start of the text; 0 if there is none.
fn exponent_length(text: &str) -> usize {
    let digits = text[1..].trim_start_matches(['+', '-']);
    let sign = text.len() - 1 - digits.len();
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 || sign > 1 { 0 } else { 1 + sign + count }
}

/// A numeral: whole part in groups of three if it is separated at all, fraction, exponent.
fn numeral(text: &str) -> Result<Decimal, QuantityError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().map_err(|_| QuantityError::TooLarge { text: shown(text) })?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains(|c: char| !c.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return Err(QuantityError::Grouping { text: shown(text) });
    }
    Ok(Decimal::new(&ungrouped(whole, text)?, fraction, exponent))
}

fn ungrouped(whole: &str, text: &str) -> Result<String, QuantityError> {
    let groups: Vec<&str> = whole.split(|c: char| c == ',' || c == '_' || is_space(c)).collect();
    let (first, rest) = groups.split_first().unwrap_or((&"", &[]));
    let well_grouped =
        rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|g| g.len() == 3) && one_kind(whole));
    if well_grouped {
        return Ok(groups.concat());
    }
    match groups.as_slice() {
        [a, b] if whole.contains(',') && !a.is_empty() && !b.is_empty() => {
            Err(QuantityError::Comma { text: shown(text), with_point: format!("{a}.{b}") })
        }
        _ => Err(QuantityError::Grouping { text: shown(text) }),
    }
}

/// Whether all separators are the same character.
fn one_kind(whole: &str) -> bool {
    let mut separators = whole.chars().filter(|c| !c.is_ascii_digit());
    let first = separators.next();
    separators.all(|c| Some(c) == first)
}

/// A text short enough to be quoted in a message, without effect on what shows it.
fn shown(text: &str) -> String {
    match text.chars().count() {
        0..=40 => visible(text),
        _ => visible(&text.chars().take(39).chain(['…']).collect::<String>()),
    }
}
