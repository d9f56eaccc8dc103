//! Pins every way of writing a number and its unit, each with its factor, and what each wrong way is refused for.

use super::one;
use crate::quantity::{QuantityError, Range, Unit, parse, parse_one};

#[test]
fn every_way_of_writing_a_numeral_is_read() {
    for (text, value) in [
        ("5.", 5.0),
        (".5", 0.5),
        ("007", 7.0),
        ("1e5", 1e5),
        ("1E5", 1e5),
        ("1e+5", 1e5),
        ("12e-3", 0.012),
        ("1.25e2", 125.0),
        ("1e3k", 1e6),
        ("1 k", 1000.0),
        ("12,345,678", 12_345_678.0),
        ("1\u{a0}155", 1155.0),
        (&"0".repeat(160), 0.0),
    ] {
        assert_eq!(one(text, Unit::Count), value, "{text}");
    }
    for text in ["4–9", "4…9", "4 to 9", "4..9", " 4 .. 9 "] {
        assert_eq!(parse(text, Unit::Count).map(|r| (r.low, r.high)), Ok((4.0, 9.0)), "{text}");
    }
    for text in ["$5", "US$5", "USD 5", "$ 5", "5 usd", "5 dollars", "+$5", "5"] {
        assert_eq!(one(text, Unit::Usd), 5.0, "{text}");
    }
}

#[test]
fn every_wrong_numeral_is_refused_for_what_is_wrong_with_it() {
    type Is = fn(&QuantityError) -> bool;
    let comma: Is = |e| matches!(e, QuantityError::Comma { .. });
    let grouping: Is = |e| matches!(e, QuantityError::Grouping { .. });
    let negative: Is = |e| matches!(e, QuantityError::Negative { .. });
    let no_number: Is = |e| matches!(e, QuantityError::NotANumber { .. });
    let wrong_unit: Is = |e| matches!(e, QuantityError::WrongUnit { .. });
    let too_large: Is = |e| matches!(e, QuantityError::TooLarge { .. });
    let too_long: Is = |e| matches!(e, QuantityError::TooLong { .. });
    for (text, is) in [
        ("0,5", comma),
        ("1,00", comma),
        ("1000,000", comma),
        (",5", grouping),
        ("5,", grouping),
        (",500", grouping),
        ("1_00", grouping),
        ("1,000,00", grouping),
        ("1,000 000", grouping),
        ("1.5,0", grouping),
        ("-.5", negative),
        ("−5", negative),
        ("-5", negative),
        ("-x", no_number),
        ("x5", no_number),
        ("..5", |e| matches!(e, QuantityError::Empty)),
        ("5e", wrong_unit),
        ("1e++5", wrong_unit),
        ("1e+", wrong_unit),
        ("$5", wrong_unit),
        ("5 apples", wrong_unit),
        ("1e99999999999", too_large),
        ("1e309", too_large),
        (&"0".repeat(161), too_long),
    ] {
        let error = parse(text, Unit::Count).unwrap_err();
        assert!(is(&error), "{text}: {error:?}");
    }
    let quoted = |text: &str| parse(text, Unit::Count).unwrap_err().to_string();
    assert!(quoted(&"x".repeat(40)).contains(&format!("'{}'", "x".repeat(40))));
    assert!(quoted(&"x".repeat(41)).contains(&format!("'{}…'", "x".repeat(39))));
    assert!(quoted("5\u{1b}[2J").contains("'\u{fffd}[2J'"), "{}", quoted("5\u{1b}[2J"));
    assert!(quoted(&format!("5 {}", "y".repeat(30))).contains(&format!("'{}'", "y".repeat(24))));
    assert!(matches!(parse_one("1..5", Unit::Count), Err(QuantityError::NotANumber { .. })));
}

/// Hours of a month.
const HOURS: f64 = 730.0;

/// Every word that may follow a number, for the unit it belongs to: value of `2 WORD`.
static WORDS: &[(Unit, &[(&str, f64)])] = &[
    (
        Unit::Count,
        &[
            ("", 2.0),
            ("gpus", 2.0),
            ("gpu", 2.0),
            ("replicas", 2.0),
            ("replica", 2.0),
            ("requests", 2.0),
            ("sequences", 2.0),
            ("layers", 2.0),
            ("stages", 2.0),
            ("k", 2e3),
            ("K", 2e3),
            ("M", 2e6),
            ("B", 2e9),
            ("G", 2e9),
            ("T", 2e12),
            ("bn", 2e9),
            ("thousand", 2e3),
            ("million", 2e6),
            ("billion", 2e9),
            ("trillion", 2e12),
            ("k gpus", 2e3),
        ],
    ),
    (Unit::Times, &[("", 2.0), ("x", 2.0), ("×", 2.0), ("times", 2.0)]),
    (Unit::Share, &[("%", 0.02), ("percent", 0.02), ("", 2.0)]),
    (Unit::SharePerMonth, &[("%", 0.02), ("%/mo", 0.02), ("% per month", 0.02), ("", 2.0)]),
    (Unit::SharePerYear, &[("%/y", 0.02), ("%/yr", 0.02), ("%/year", 0.02)]),
    (Unit::Tokens, &[("tokens", 2.0), ("token", 2.0), ("tok", 2.0), ("k tokens", 2e3)]),
    (
        Unit::TokensPerDay,
        &[
            ("", 2.0),
            ("/d", 2.0),
            ("/day", 2.0),
            ("/s", 172_800.0),
            ("/sec", 172_800.0),
            ("/second", 172_800.0),
            ("/min", 2880.0),
            ("/minute", 2880.0),
            ("/h", 48.0),
            ("/hr", 48.0),
            ("/hour", 48.0),
            ("/w", 2.0 / 7.0),
            ("/wk", 2.0 / 7.0),
            ("/week", 2.0 / 7.0),
            ("/mo", 48.0 / HOURS),
            ("/month", 48.0 / HOURS),
            ("/yr", 2.0 / 365.0),
            ("tokens per hour", 48.0),
        ],
    ),
    (
        Unit::CallsPerDay,
        &[
            ("", 2.0),
            ("calls/day", 2.0),
            ("call/h", 48.0),
            ("requests/min", 2880.0),
            ("request/d", 2.0),
            ("req/s", 172_800.0),
            ("rps", 172_800.0),
            ("qps", 172_800.0),
        ],
    ),
    (
        Unit::UsdPerHour,
        &[
            ("", 2.0),
            ("/h", 2.0),
            ("/GPU-h", 2.0),
            ("/gpu/hr", 2.0),
            ("/gpu hour", 2.0),
            ("/gpuh", 2.0),
            ("/day", 2.0 / 24.0),
            ("/mo", 2.0 / HOURS),
            ("/yr", 2.0 / (12.0 * HOURS)),
        ],
    ),
    (Unit::UsdPerMonth, &[("/mo", 2.0), ("/h", 2.0 * HOURS), ("/day", 2.0 * HOURS / 24.0), ("/year", 2.0 / 12.0)]),
    (Unit::UsdPerYear, &[("/y", 2.0), ("/mo", 24.0), ("/h", 24.0 * HOURS), ("k/yr", 2e3)]),
    (Unit::UsdPerKwh, &[("/kWh", 2.0), ("", 2.0)]),
    (
        Unit::UsdPerMillionTokens,
        &[("/Mtok", 2.0), ("/mtokens", 2.0), ("/M tokens", 2.0), ("/1M tokens", 2.0), ("per million tokens", 2.0)],
    ),
    (
        Unit::Milliseconds,
        &[
            ("", 2.0),
            ("ms", 2.0),
            ("milliseconds", 2.0),
            ("s", 2e3),
            ("sec", 2e3),
            ("seconds", 2e3),
            ("min", 12e4),
            ("minutes", 12e4),
            ("minute", 12e4),
        ],
    ),
    (Unit::Days, &[("", 2.0), ("d", 2.0), ("days", 2.0), ("w", 14.0), ("wk", 14.0), ("weeks", 14.0)]),
    (Unit::Weeks, &[("", 2.0), ("w", 2.0), ("weeks", 2.0)]),
    (Unit::Months, &[("", 2.0), ("mo", 2.0), ("months", 2.0), ("y", 24.0), ("years", 24.0)]),
    (Unit::Years, &[("", 2.0), ("y", 2.0), ("years", 2.0), ("months", 2.0 / 12.0), ("mo", 2.0 / 12.0)]),
    (Unit::Watts, &[("", 2.0), ("W", 2.0), ("watts", 2.0), ("kW", 2e3)]),
    (Unit::Fte, &[("", 2.0), ("FTE", 2.0), ("engineers", 2.0), ("people", 2.0)]),
    (
        Unit::Bytes,
        &[
            ("", 2.0),
            ("B", 2.0),
            ("b", 2.0),
            ("bytes", 2.0),
            ("kB", 2e3),
            ("MB", 2e6),
            ("GB", 2e9),
            ("TB", 2e12),
            ("k", 2e3),
            ("M", 2e6),
            ("G", 2e9),
            ("T", 2e12),
            ("KiB", 2048.0),
            ("MiB", 2_097_152.0),
            ("GiB", 2_147_483_648.0),
            ("TiB", 2_199_023_255_552.0),
            ("gigabytes", 2e9),
            ("tebibytes", 2_199_023_255_552.0),
        ],
    ),
];

#[test]
fn every_word_behind_a_number_has_its_factor() {
    for (unit, list) in WORDS {
        for (word, value) in *list {
            let read = one(&format!("2 {word}"), *unit);
            assert!((read - value).abs() <= 1e-12 * value, "2 {word} as {unit:?}: {read}, not {value}");
        }
    }
    for (unit, wrong) in [
        (Unit::Count, "gpus/day"),
        (Unit::Times, "x/day"),
        (Unit::Share, "%/mo"),
        (Unit::SharePerMonth, "%/yr"),
        (Unit::SharePerYear, "%/mo"),
        (Unit::Tokens, "tokens/day"),
        (Unit::TokensPerDay, "/fortnight"),
        (Unit::TokensPerDay, "calls/day"),
        (Unit::CallsPerDay, "rps/day"),
        (Unit::UsdPerHour, "/fortnight"),
        (Unit::UsdPerKwh, "/h"),
        (Unit::UsdPerMillionTokens, "/h"),
        (Unit::Usd, "/h"),
        (Unit::UsdPerMonth, "euros/mo"),
        (Unit::Milliseconds, "h"),
        (Unit::Days, "d/mo"),
        (Unit::Weeks, "days"),
        (Unit::Watts, "ms"),
        (Unit::Fte, "gpus"),
        (Unit::Bytes, "floppies"),
        (Unit::Bytes, "mib/s"),
    ] {
        let e = parse(&format!("2 {wrong}"), unit).unwrap_err();
        assert!(matches!(e, QuantityError::WrongUnit { .. }), "2 {wrong} as {unit:?}: {e:?}");
    }
    for bits in ["kbit", "Kb", "Mb", "Gb", "Tb", "Gbit", "Gbps"] {
        assert!(matches!(parse(&format!("2 {bits}"), Unit::Bytes), Err(QuantityError::Bits { .. })), "{bits}");
    }
    for (milli, unit) in [("2m", Unit::Count), ("2m tokens", Unit::Tokens), ("2m/day", Unit::TokensPerDay)] {
        assert!(matches!(parse(milli, unit), Err(QuantityError::SmallM { .. })), "{milli}");
    }
    assert!(matches!(parse("2mx", Unit::Count), Err(QuantityError::WrongUnit { .. })));
}

#[test]
fn the_middle_of_a_range_is_geometric_for_amounts_and_halfway_for_shares() {
    assert_eq!(Range::between(4.0, 9.0, Unit::Count).likely, 6.0);
    assert_eq!(Range::between(0.2, 0.8, Unit::Share).likely, 0.5);
    assert_eq!(Range::between(0.0, 8.0, Unit::Count).likely, 4.0);
    // Products beyond the largest float, or below the smallest normal one, are taken apart.
    assert_eq!(Range::between(1e200, 1e200, Unit::Count).likely, 1e200);
    let tiny = Range::between(1e-200, 4e-200, Unit::Count).likely;
    assert!((tiny / 2e-200 - 1.0).abs() < 1e-12, "{tiny}");
    assert!(Range::point(5.0).is_point() && !Range { low: 1.0, likely: 1.0, high: 2.0 }.is_point());
}

/// A range whose parts differ in suffix: the last one's unit is everybody's, its magnitude is not.
#[test]
fn units_of_a_range_are_shared_and_magnitudes_are_not() {
    assert_eq!(parse("1..2..3 s", Unit::Milliseconds), Ok(Range { low: 1000.0, likely: 2000.0, high: 3000.0 }));
    assert_eq!(parse("500ms..3s", Unit::Milliseconds).map(|r| (r.low, r.high)), Ok((500.0, 3000.0)));
    assert_eq!(parse("1k..2k", Unit::Count).map(|r| (r.low, r.high)), Ok((1000.0, 2000.0)));
    assert_eq!(parse("1k..2000", Unit::Count).map(|r| (r.low, r.high)), Ok((1000.0, 2000.0)));
    for text in ["1..2k", "1 to 2M", "1..1.5k..2k"] {
        assert!(matches!(parse(text, Unit::Count), Err(QuantityError::MixedSuffix { .. })), "{text}");
    }
    // A kilowatt is a unit, a gigabyte a magnitude of bytes.
    assert_eq!(parse("1..2 kW", Unit::Watts).map(|r| (r.low, r.high)), Ok((1000.0, 2000.0)));
    assert_eq!(parse("1..2 B", Unit::Bytes).map(|r| (r.low, r.high)), Ok((1.0, 2.0)));
    for text in ["1..2 GB", "1..2 GiB"] {
        assert!(matches!(parse(text, Unit::Bytes), Err(QuantityError::MixedSuffix { .. })), "{text}");
    }
    assert!(matches!(parse("1..2 apples", Unit::Count), Err(QuantityError::WrongUnit { .. })));
}

/// A price a month is divided once, by the hours; multiplied by their reciprocal it would be another float.
#[test]
fn a_price_of_a_longer_time_is_the_nearest_float() {
    assert_eq!(one("$3/mo", Unit::UsdPerHour), 3.0 / 730.0);
}

/// What a hint tells people to write can be read.
#[test]
fn every_example_is_a_number_of_its_unit() {
    for unit in Unit::ALL {
        assert!(one(unit.example(), *unit) > 0.0, "{unit:?}");
    }
}
