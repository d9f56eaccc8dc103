//! What may follow a number: a magnitude, a unit, a time.

use super::{QuantityError, Unit};
use crate::units::{DAYS_PER_MONTH, HOURS_PER_MONTH, SECONDS_PER_DAY};
use crate::visible::visible;

/// How a suffix turns the numeral into the canonical unit: move the point, multiply, divide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Places the decimal point moves to the right.
    pub(super) shift: i32,
    /// Factor of the unit.
    pub(super) times: f64,
    /// Divisor of the unit.
    pub(super) over: f64,
    /// Whether a magnitude letter (`k`, `M`, ...) was written.
    pub(super) magnitude: bool,
}

const PLAIN: Scale = Scale { shift: 0, times: 1.0, over: 1.0, magnitude: false };

const fn times(factor: f64) -> Scale {
    Scale { times: factor, ..PLAIN }
}

const fn over(divisor: f64) -> Scale {
    Scale { over: divisor, ..PLAIN }
}

/// Magnitudes and the power of ten they stand for; letters first, words after.
const MAGNITUDES: &[(&str, i32)] = &[
    ("trillion", 12),
    ("thousand", 3),
    ("million", 6),
    ("billion", 9),
    ("bn", 9),
    ("k", 3),
    ("K", 3),
    ("M", 6),
    ("B", 9),
    ("G", 9),
    ("T", 12),
];

/// Read what follows a number of that unit; an empty suffix means the canonical unit.
pub(super) fn read(suffix: &str, unit: Unit) -> Result<Scale, QuantityError> {
    let suffix = suffix.trim();
    if unit == Unit::Bytes {
        return bytes(suffix);
    }
    if let Some(scale) = plain(suffix, unit) {
        return Ok(scale);
    }
    for (word, shift) in MAGNITUDES {
        if let Some(scale) = suffix.strip_prefix(word).and_then(|rest| plain(rest, unit)) {
            return Ok(Scale { shift: scale.shift + shift, magnitude: true, ..scale });
        }
    }
    let found = visible(&suffix.chars().take(24).collect::<String>());
    match suffix.strip_prefix('m') {
        Some(rest) if plain(rest, unit).is_some() => Err(QuantityError::SmallM { found }),
        _ => Err(QuantityError::WrongUnit { found, unit }),
    }
}

/// The suffix without a magnitude: `tokens/day`, `% per month`, `/GPU-h`.
fn plain(suffix: &str, unit: Unit) -> Option<Scale> {
    let lower = suffix.trim().to_ascii_lowercase();
    let (noun, per) = match lower.split_once('/').or_else(|| lower.split_once("per ")) {
        Some((noun, per)) => (noun.trim(), Some(per.trim())),
        None => (lower.as_str(), None),
    };
    match unit {
        Unit::Count => (per.is_none() && COUNTED.contains(&noun)).then_some(PLAIN),
        Unit::Times => (per.is_none() && ["", "x", "×", "times"].contains(&noun)).then_some(PLAIN),
        Unit::Share | Unit::SharePerMonth | Unit::SharePerYear => share(noun, per, unit),
        Unit::Tokens => (per.is_none() && TOKENS.contains(&noun)).then_some(PLAIN),
        Unit::TokensPerDay => TOKENS.contains(&noun).then(|| per_day(per)).flatten(),
        Unit::CallsPerDay => match (noun, per) {
            ("rps" | "qps", None) => Some(times(SECONDS_PER_DAY)),
            _ => CALLS.contains(&noun).then(|| per_day(per)).flatten(),
        },
        _ if unit.is_money() => ["", "usd", "dollars", "dollar"].contains(&noun).then(|| money(per, unit)).flatten(),
        _ => per.is_none().then(|| span(noun, unit)).flatten(),
    }
}

const COUNTED: &[&str] = &["", "gpus", "gpu", "replicas", "replica", "requests", "sequences", "layers", "stages"];
const TOKENS: &[&str] = &["", "tokens", "token", "tok"];
const CALLS: &[&str] = &["", "calls", "call", "requests", "request", "req"];

fn share(noun: &str, per: Option<&str>, unit: Unit) -> Option<Scale> {
    let shift = match noun {
        "" => 0,
        "%" | "percent" | "per cent" => -2,
        _ => return None,
    };
    let fits = match (unit, per) {
        (_, None) => true,
        (Unit::SharePerMonth, Some(per)) => is_month(per),
        (Unit::SharePerYear, Some(per)) => is_year(per),
        _ => false,
    };
    fits.then_some(Scale { shift, ..PLAIN })
}

fn is_hour(per: &str) -> bool {
    ["h", "hr", "hour"].contains(&per)
}

fn is_day(per: &str) -> bool {
    ["d", "day"].contains(&per)
}

fn is_month(per: &str) -> bool {
    ["mo", "month"].contains(&per)
}

fn is_year(per: &str) -> bool {
    ["y", "yr", "year"].contains(&per)
}

/// A rate brought to one day.
fn per_day(per: Option<&str>) -> Option<Scale> {
    Some(match per {
        None => PLAIN,
        Some(p) if is_day(p) => PLAIN,
        Some("s" | "sec" | "second") => times(SECONDS_PER_DAY),
        Some("min" | "minute") => times(1440.0),
        Some(p) if is_hour(p) => times(24.0),
        Some("w" | "wk" | "week") => over(7.0),
        Some(p) if is_month(p) => over(DAYS_PER_MONTH),
        Some(p) if is_year(p) => over(365.0),
        Some(_) => return None,
    })
}

fn money(per: Option<&str>, unit: Unit) -> Option<Scale> {
    let Some(per) = per else { return Some(PLAIN) };
    let hours = |per: &str| match per {
        p if is_hour(p) => Some(1.0),
        p if is_day(p) => Some(24.0),
        p if is_month(p) => Some(HOURS_PER_MONTH),
        p if is_year(p) => Some(12.0 * HOURS_PER_MONTH),
        _ => None,
    };
    let own = match unit {
        Unit::UsdPerHour => 1.0,
        Unit::UsdPerMonth => HOURS_PER_MONTH,
        Unit::UsdPerYear => 12.0 * HOURS_PER_MONTH,
        Unit::UsdPerKwh => return (per == "kwh").then_some(PLAIN),
        Unit::UsdPerMillionTokens => {
            return ["mtok", "mtokens", "m tokens", "1m tokens", "million tokens"].contains(&per).then_some(PLAIN);
        }
        _ => return None,
    };
    let per = ["gpu-", "gpu/", "gpu ", "gpu"].iter().find_map(|g| per.strip_prefix(g)).unwrap_or(per);
    let hours = hours(per)?;
    Some(if hours <= own { times(own / hours) } else { over(hours / own) })
}

/// Lengths of time, power, people.
fn span(noun: &str, unit: Unit) -> Option<Scale> {
    Some(match (unit, noun) {
        (_, "") => PLAIN,
        (Unit::Milliseconds, "ms" | "milliseconds" | "millisecond") => PLAIN,
        (Unit::Milliseconds, "s" | "sec" | "seconds" | "second") => Scale { shift: 3, ..PLAIN },
        (Unit::Milliseconds, "min" | "minutes" | "minute") => times(60_000.0),
        (Unit::Days, "d" | "day" | "days") => PLAIN,
        (Unit::Days, "w" | "wk" | "week" | "weeks") => times(7.0),
        (Unit::Weeks, "w" | "wk" | "week" | "weeks") => PLAIN,
        (Unit::Months, "mo" | "month" | "months") => PLAIN,
        (Unit::Months, "y" | "yr" | "year" | "years") => times(12.0),
        (Unit::Years, "y" | "yr" | "year" | "years") => PLAIN,
        (Unit::Years, "mo" | "month" | "months") => over(12.0),
        (Unit::Watts, "w" | "watt" | "watts") => PLAIN,
        (Unit::Watts, "kw") => Scale { shift: 3, ..PLAIN },
        (Unit::Fte, "fte" | "ftes" | "engineers" | "engineer" | "people") => PLAIN,
        _ => return None,
    })
}

/// Bytes: GB is 10^9, GiB is 2^30, and they are different words.
fn bytes(suffix: &str) -> Result<Scale, QuantityError> {
    const KIB: f64 = 1024.0;
    let scale = match suffix {
        "" | "B" | "b" | "bytes" | "byte" => PLAIN,
        "k" | "K" | "kB" | "KB" | "kb" => Scale { shift: 3, ..PLAIN },
        "M" | "MB" | "mb" => Scale { shift: 6, ..PLAIN },
        "G" | "GB" | "gb" | "gigabytes" => Scale { shift: 9, ..PLAIN },
        "T" | "TB" | "tb" | "terabytes" => Scale { shift: 12, ..PLAIN },
        "KiB" | "kib" | "Ki" => times(KIB),
        "MiB" | "mib" | "Mi" => times(KIB * KIB),
        "GiB" | "gib" | "Gi" | "gibibytes" => times(KIB * KIB * KIB),
        "TiB" | "tib" | "Ti" | "tebibytes" => times(KIB * KIB * KIB * KIB),
        "kbit" | "Kb" | "Mb" | "Gb" | "Tb" | "Gbit" | "Gbps" => {
            return Err(QuantityError::Bits { found: suffix.into() });
        }
        _ => {
            let found = visible(&suffix.chars().take(24).collect::<String>());
            return Err(QuantityError::WrongUnit { found, unit: Unit::Bytes });
        }
    };
    Ok(Scale { magnitude: !["", "B", "b", "bytes", "byte"].contains(&suffix), ..scale })
}
