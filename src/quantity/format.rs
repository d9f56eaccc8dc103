//! From a number to what people read, write and hear.

use super::decimal::{Decimal, counted, digits_of, grouped};
use super::{Range, Unit};
use crate::units::GIB;

/// Significant digits of a figure that is read, not edited.
const SHOWN_DIGITS: usize = 3;

/// The shortest text without spaces or units that [`super::parse`] reads back as exactly this number: what links
/// hold. Only letters, digits and points.
pub fn compact(value: f64, unit: Unit) -> String {
    let numeral = Decimal::shortest(value);
    let plain = numeral.clone().plain();
    let giga = if unit == Unit::Bytes { "G" } else { "B" };
    [(3, "k"), (6, "M"), (9, giga), (12, "T")]
        .into_iter()
        .filter(|(power, _)| numeral.magnitude() >= *power)
        .map(|(power, letter)| numeral.clone().shift(-power).plain() + letter)
        .fold(plain, |best, next| if next.len() < best.len() { next } else { best })
}

/// A range as [`compact`] numbers: one, `low..high` where the likely value is the usual one, or all three.
pub fn compact_range(range: Range, unit: Unit) -> String {
    written(range, unit, compact, "")
}

/// The parts of a range joined, each as `write` writes it; where one part would go without a magnitude beside another
/// that has one (`500..2k`, which the reader refuses as unclear), all are written out.
fn written(range: Range, unit: Unit, write: fn(f64, Unit) -> String, prefix: &str) -> String {
    let Range { low, likely, high } = range;
    let values = match range {
        r if r.is_point() => return write(likely, unit),
        r if r == Range::between(low, high, unit) => vec![low, high],
        _ => vec![low, likely, high],
    };
    let parts: Vec<String> = values.iter().map(|v| write(*v, unit)).collect();
    let bare = |part: &String| part.ends_with(|c: char| c.is_ascii_digit());
    if parts.iter().any(bare) && !parts.iter().all(bare) {
        let plain: Vec<String> = values.iter().map(|v| format!("{prefix}{}", Decimal::shortest(*v).plain())).collect();
        return plain.join("..");
    }
    parts.join("..")
}

/// The number as a text box shows it, with its unit, losing nothing: [`super::parse`] reads it back exactly.
pub fn exact(value: f64, unit: Unit) -> String {
    let suffix = unit.suffix();
    if unit.is_share() {
        return Decimal::shortest(value).shift(2).plain() + suffix;
    }
    match unit {
        Unit::Bytes => exact_bytes(value),
        Unit::TokensPerDay | Unit::CallsPerDay | Unit::Tokens => compact(value, unit) + suffix,
        u if u.is_money() => format!("${}{suffix}", compact(value, unit)),
        _ => Decimal::shortest(value).plain() + suffix,
    }
}

/// A range as a text box shows it; see [`exact`].
pub fn exact_range(range: Range, unit: Unit) -> String {
    written(range, unit, exact, if unit.is_money() { "$" } else { "" })
}

fn exact_bytes(value: f64) -> String {
    let gib = Decimal::shortest(value / GIB).plain();
    match value > 0.0 && gib.len() <= 6 && gib.parse().is_ok_and(|g: f64| g * GIB == value) {
        true => gib + " GiB",
        false => {
            let short = compact(value, Unit::Bytes);
            match short.ends_with(|c: char| c.is_ascii_digit()) {
                true => short + " B",
                false => short + "B",
            }
        }
    }
}

/// The number for reading, in two or three significant digits: `50M/day`, `$14,800`, `80 GiB`, `1.5 s`.
pub fn human(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return "unknown".into();
    }
    let v = value.abs();
    let text = match unit {
        Unit::Bytes => human_bytes(v),
        Unit::Milliseconds => human_time(v),
        u if u.is_money() => dollars(v) + unit.suffix(),
        u if u.is_share() => rounded(v * 100.0) + unit.suffix(),
        _ => scaled(v) + unit.suffix(),
    };
    if value < 0.0 { ["−", &text].concat() } else { text }
}

fn rounded(value: f64) -> String {
    grouped(Decimal::rounded(value, SHOWN_DIGITS).plain())
}

/// Three significant digits with a magnitude letter from a hundred thousand on.
fn scaled(value: f64) -> String {
    let numeral = Decimal::rounded(value, SHOWN_DIGITS);
    let (power, letter) = match numeral.magnitude() {
        i32::MIN..5 => (0, ""),
        5 => (3, "k"),
        6..9 => (6, "M"),
        9..12 => (9, "B"),
        _ => (12, "T"),
    };
    grouped(numeral.shift(-power).plain()) + letter
}

fn dollars(value: f64) -> String {
    let mut text = money(value);
    text.insert(0, '$');
    text
}

/// A number rounded to a whole one, as `{:.0}` writes it.
pub fn whole(value: f64) -> String {
    counted(value, 0).map_or_else(|| format!("{value:.0}"), |n| n.to_string())
}

/// Dollars: two digits below a cent, cents below a hundred, three significant digits from there on.
fn money(value: f64) -> String {
    if value < 0.01 {
        return Decimal::rounded(value, 2).plain();
    }
    if value < 100.0 {
        let Some(cents) = counted(value, 2) else {
            let cents = format!("{value:.2}");
            return cents.strip_suffix(".00").map(str::to_string).unwrap_or(cents);
        };
        if cents.is_multiple_of(100) {
            return digits_of(cents / 100);
        }
        let mut text = digits_of(cents);
        // Ten cents are the least that are counted.
        if cents < 100 {
            text.insert(0, '0');
        }
        text.insert(text.len() - 2, '.');
        return text;
    }
    let numeral = Decimal::rounded(value, SHOWN_DIGITS);
    match numeral.magnitude() {
        i32::MIN..6 => grouped(numeral.plain()),
        6..9 => numeral.shift(-6).plain() + "M",
        9..12 => numeral.shift(-9).plain() + "B",
        _ => numeral.shift(-12).plain() + "T",
    }
}

fn human_bytes(value: f64) -> String {
    const KIB: f64 = 1024.0;
    match value {
        v if v < KIB => rounded(v) + " B",
        v if v < KIB * KIB => rounded(v / KIB) + " KiB",
        v if v < GIB => rounded(v / (KIB * KIB)) + " MiB",
        v if v < GIB * 10_000.0 => rounded(v / GIB) + " GiB",
        v => rounded(v / (GIB * KIB)) + " TiB",
    }
}

fn human_time(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 1000.0 => rounded(ms) + " ms",
        ms if ms < 120_000.0 => rounded(ms / 1000.0) + " s",
        ms => rounded(ms / 60_000.0) + " min",
    }
}

/// The number as a screen reader should say it: `50 million tokens per day`, `2.35 dollars per hour`.
pub fn spoken(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return "unknown".into();
    }
    let sign = if value < 0.0 { "minus " } else { "" };
    let v = value.abs();
    let (number, words) = match unit {
        Unit::Bytes if v >= GIB => (rounded(v / GIB), "gibibytes"),
        Unit::Milliseconds if v >= 1000.0 => (rounded(v / 1000.0), "seconds"),
        u if u.is_share() => (rounded(v * 100.0), u.spoken()),
        u if u.is_money() && v < 100.0 => (money(v), u.spoken()),
        u => (in_words(v), u.spoken()),
    };
    let words = if number == "1" { singular(words) } else { words.to_string() };
    format!("{sign}{number} {words}").trim_end().into()
}

fn in_words(value: f64) -> String {
    let numeral = Decimal::rounded(value, SHOWN_DIGITS);
    match numeral.magnitude() {
        i32::MIN..6 => grouped(numeral.plain()),
        6..9 => numeral.shift(-6).plain() + " million",
        9..12 => numeral.shift(-9).plain() + " billion",
        _ => numeral.shift(-12).plain() + " trillion",
    }
}

/// `tokens per day` -> `token per day`, `full-time engineers` -> `full-time engineer`.
fn singular(words: &str) -> String {
    let (noun, rest) = words.split_once(" per ").map_or((words, String::new()), |(n, r)| (n, format!(" per {r}")));
    format!("{}{rest}", noun.strip_suffix('s').unwrap_or(noun))
}
