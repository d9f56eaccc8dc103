//! Numbers as a picture writes them: three significant digits at most, human steps, units that cannot be mistaken.

use crate::units::GIB;

/// At most three significant digits, without trailing zeros: 12.4, 273, 2.72, 0.366.
pub fn three(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 || v == 0.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        v if v >= 0.1 => 3,
        _ => 4,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// A count in human steps: 950, 12.4k, 273M, 2.72B, 1T.
pub fn count(value: f64) -> String {
    if !value.is_finite() {
        return "unknown".into();
    }
    let steps = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];
    // 999.6k is written 1M, so a step starts where rounding reaches it.
    match steps.into_iter().find(|(step, _)| value.abs() >= step * 0.9995) {
        Some((step, letter)) => format!("{}{letter}", three(value / step)),
        None => three(value),
    }
}

/// US dollars in human steps: $12.4k, $1.2M, $556.
pub fn usd(value: f64) -> String {
    match value < 0.0 {
        true => format!("\u{2212}${}", count(-value)),
        false => format!("${}", count(value)),
    }
}

/// US dollars to the dollar, with thousands separated: $40,766; cents below ten dollars.
pub fn usd_exact(value: f64) -> String {
    if !value.is_finite() {
        return "unknown".into();
    }
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    if value.abs() < 10.0 && value != 0.0 {
        return format!("{sign}${:.2}", value.abs());
    }
    format!("{sign}${}", thousands(value.abs()))
}

/// A whole number with thousands separated by commas.
pub fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && c.is_ascii_digit() && (digits.len() - i).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Bytes in GiB (2^30): 16.9 GiB.
pub fn gib(bytes: f64) -> String {
    format!("{} GiB", three(bytes / GIB))
}

/// A share in percent, two significant digits: 12 %, 1.9 %.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    let digits = if value.abs() >= 9.95 || value == 0.0 { 0 } else { 1 };
    format!("{value:.digits$} %")
}

/// Milliseconds, seconds from a thousand on: 43.4 ms, 1.5 s.
pub fn milliseconds(ms: f64) -> String {
    if ms >= 1e3 { format!("{} s", three(ms / 1e3)) } else { format!("{} ms", three(ms)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_the_way_people_say_them() {
        assert_eq!(count(273_107_871.7), "273M");
        assert_eq!(count(2_721_422_406.0), "2.72B");
        assert_eq!(count(999_600.0), "1M");
        assert_eq!(count(50e6), "50M");
        assert_eq!(count(950.0), "950");
        assert_eq!(usd(12_380.8), "$12.4k");
        assert_eq!(usd(-556.3), "\u{2212}$556");
        assert_eq!(usd_exact(40_765.72), "$40,766");
        assert_eq!(usd_exact(1_234_567.0), "$1,234,567");
        assert_eq!(usd_exact(0.366), "$0.37");
        assert_eq!(usd_exact(0.0), "$0");
        assert_eq!(gib(18_163_763_200.0), "16.9 GiB");
        assert_eq!(milliseconds(1500.0), "1.5 s");
        assert_eq!(three(0.0), "0");
        assert_eq!(percent(0.304), "30 %");
        assert_eq!(percent(0.0097), "1.0 %");
    }
}
