//! Pins the grammar of people's numbers: what is read, what is refused with which hint, and that what is written is
//! read back exactly.

use super::*;
use proptest::prelude::*;

mod reading;

fn one(text: &str, unit: Unit) -> f64 {
    parse_one(text, unit).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn magnitudes_move_the_decimal_point_exactly() {
    assert_eq!(one("1.1M", Unit::Count), 1_100_000.0);
    assert_eq!(one("0.07k", Unit::Count), 70.0);
    assert_eq!(one("2.5k", Unit::Tokens), 2500.0);
    assert_eq!(one("3K", Unit::Tokens), 3000.0);
    assert_eq!(one("1B", Unit::TokensPerDay), 1e9);
    assert_eq!(one("1G", Unit::TokensPerDay), 1e9);
    assert_eq!(one("2T", Unit::TokensPerDay), 2e12);
    assert_eq!(one("5e7", Unit::TokensPerDay), 5e7);
    assert_eq!(one("50 million tokens per day", Unit::TokensPerDay), 5e7);
    assert_eq!(one("+12", Unit::Count), 12.0);
}

#[test]
fn thousands_may_be_separated() {
    for text in ["1,155", "1_155", "1\u{2009}155", "1\u{202f}155", "1 155", "1155"] {
        assert_eq!(one(text, Unit::Tokens), 1155.0, "{text}");
    }
    assert_eq!(one("1,234,567.5", Unit::Count), 1_234_567.5);
}

#[test]
fn a_decimal_comma_is_refused_with_a_hint() {
    let e = parse("1,5", Unit::Usd).unwrap_err();
    assert!(matches!(e, QuantityError::Comma { .. }), "{e}");
    assert!(e.hint().contains("1.5") && e.hint().contains("1,500"), "{}", e.hint());
    assert!(parse("1,5M/day", Unit::TokensPerDay).unwrap_err().hint().contains("1.5"));
    assert!(matches!(parse("1,23,456", Unit::Usd), Err(QuantityError::Grouping { .. })));
    assert!(matches!(parse("1.5.2", Unit::Usd), Err(QuantityError::Grouping { .. })));
    assert!(matches!(parse("1,000_000", Unit::Usd), Err(QuantityError::Grouping { .. })));
}

#[test]
fn rates_are_brought_to_the_canonical_unit() {
    assert_eq!(one("50M/d", Unit::TokensPerDay), 5e7);
    assert_eq!(one("50M tokens/day", Unit::TokensPerDay), 5e7);
    assert_eq!(one("100/s", Unit::TokensPerDay), 8_640_000.0);
    assert_eq!(one("10/min", Unit::CallsPerDay), 14_400.0);
    assert_eq!(one("2 rps", Unit::CallsPerDay), 172_800.0);
    assert_eq!(one("1k/h", Unit::CallsPerDay), 24_000.0);
    assert!((one("1B/mo", Unit::TokensPerDay) - 1e9 / 30.416_666_666_666_668).abs() < 1e-3);
    assert_eq!(one("365M/yr", Unit::TokensPerDay), 1e6);
    assert_eq!(one("$2.35/GPU-h", Unit::UsdPerHour), 2.35);
    assert_eq!(one("$730/mo", Unit::UsdPerHour), 1.0);
    assert_eq!(one("$10k/month", Unit::UsdPerYear), 120_000.0);
    assert_eq!(one("$0.6 per million tokens", Unit::UsdPerMillionTokens), 0.6);
    assert_eq!(one("1.5 s", Unit::Milliseconds), 1500.0);
    assert_eq!(one("2 years", Unit::Months), 24.0);
    assert_eq!(one("1.73 kW", Unit::Watts), 1730.0);
}

#[test]
fn shares_are_read_in_per_cent_or_as_fractions() {
    assert_eq!(one("5%", Unit::Share), 0.05);
    assert_eq!(one("0.05", Unit::Share), 0.05);
    assert_eq!(one("12 %/yr", Unit::SharePerYear), 0.12);
    assert_eq!(one("5%/month", Unit::SharePerMonth), 0.05);
    assert!(parse("5%/yr", Unit::SharePerMonth).is_err());
}

#[test]
fn gb_and_gib_are_different_words() {
    assert_eq!(one("80GB", Unit::Bytes), 80e9);
    assert_eq!(one("80 GiB", Unit::Bytes), 80.0 * 1_073_741_824.0);
    assert!(matches!(parse("80Gb", Unit::Bytes), Err(QuantityError::Bits { .. })));
    assert!(matches!(parse("80GB", Unit::TokensPerDay), Err(QuantityError::WrongUnit { .. })));
}

#[test]
fn ranges_have_two_or_three_ascending_parts() {
    assert_eq!(parse("20M..50M..200M", Unit::TokensPerDay), Ok(Range { low: 2e7, likely: 5e7, high: 2e8 }));
    let two = parse("4..9", Unit::Count).unwrap();
    assert_eq!((two.low, two.likely, two.high), (4.0, 6.0, 9.0));
    assert_eq!(parse("20..50%", Unit::Share).unwrap().likely, 0.35);
    assert_eq!(parse("1..4 s", Unit::Milliseconds).unwrap().low, 1000.0);
    assert_eq!(parse("$2..$4/h", Unit::UsdPerHour).unwrap().high, 4.0);
    assert_eq!(parse("0..4k", Unit::Count).unwrap().high, 4000.0);
    assert_eq!(compact_range(Range { low: 500.0, likely: 1000.0, high: 2000.0 }, Unit::Count), "500..2000");
    assert!(matches!(parse("9..4", Unit::Count), Err(QuantityError::Disordered { .. })));
    assert!(matches!(parse("1..5..3", Unit::Count), Err(QuantityError::Disordered { .. })));
    assert!(matches!(parse("1..2..3..4", Unit::Count), Err(QuantityError::Parts { parts: 4 })));
    assert!(matches!(parse("1..", Unit::Count), Err(QuantityError::Empty)));
    let mixed = parse("20..50M", Unit::TokensPerDay).unwrap_err();
    assert!(mixed.hint().contains("20M"), "{}", mixed.hint());
}

#[test]
fn what_is_not_a_number_is_refused() {
    assert!(matches!(parse("", Unit::Count), Err(QuantityError::Empty)));
    assert!(matches!(parse("-5", Unit::Count), Err(QuantityError::Negative { .. })));
    assert!(matches!(parse("-$5", Unit::Usd), Err(QuantityError::Negative { .. })));
    assert!(matches!(parse("1e999", Unit::Count), Err(QuantityError::TooLarge { .. })));
    assert!(matches!(parse("50m", Unit::TokensPerDay), Err(QuantityError::SmallM { .. })));
    for text in ["NaN", "inf", "lots", ".", "e5", "0x10", "--5", "$"] {
        assert!(parse(text, Unit::Usd).is_err(), "{text}");
    }
    assert!(matches!(parse(&"9".repeat(1000), Unit::Count), Err(QuantityError::TooLong { .. })));
}

#[test]
fn figures_for_reading_have_two_or_three_significant_digits() {
    assert_eq!(human(50e6, Unit::TokensPerDay), "50M/day");
    assert_eq!(human(63_245_553.0, Unit::TokensPerDay), "63.2M/day");
    assert_eq!(human(14_812.0, Unit::Usd), "$14,800");
    assert_eq!(human(-14_812.0, Unit::Usd), "−$14,800");
    assert_eq!(human(1_234_567.0, Unit::Usd), "$1.23M");
    assert_eq!(human(2.35, Unit::UsdPerHour), "$2.35/h");
    assert_eq!(human(80.0 * 1_073_741_824.0, Unit::Bytes), "80 GiB");
    assert_eq!(human(141e9, Unit::Bytes), "131 GiB");
    assert_eq!(human(0.05, Unit::SharePerMonth), "5%/mo");
    assert_eq!(human(1500.0, Unit::Milliseconds), "1.5 s");
    assert_eq!(human(8192.0, Unit::Tokens), "8,190 tokens");
    assert_eq!(human(f64::NAN, Unit::Usd), "unknown");
    assert_eq!(human(0.0, Unit::Usd), "$0");
}

/// Every magnitude has its own letter, and each begins exactly where the one before ends.
#[test]
fn figures_for_reading_change_their_unit_at_round_numbers() {
    const KIB: f64 = 1024.0;
    const GIB: f64 = KIB * KIB * KIB;
    for (bytes, text) in [
        (0.0, "0 B"),
        (512.0, "512 B"),
        (KIB, "1 KiB"),
        (1.5 * KIB, "1.5 KiB"),
        (500.0 * KIB, "500 KiB"),
        (KIB * KIB, "1 MiB"),
        (3.5 * KIB * KIB, "3.5 MiB"),
        (GIB, "1 GiB"),
        (9_990.0 * GIB, "9,990 GiB"),
        (10_240.0 * GIB, "10 TiB"),
        (10_000.0 * GIB, "9.77 TiB"),
    ] {
        assert_eq!(human(bytes, Unit::Bytes), text);
    }
    for (ms, text) in [(0.5, "0.5 ms"), (999.0, "999 ms"), (1000.0, "1 s"), (119e3, "119 s"), (120e3, "2 min")] {
        assert_eq!(human(ms, Unit::Milliseconds), text);
    }
    for (tokens, text) in [
        (12.0, "12 tokens"),
        (99_900.0, "99,900 tokens"),
        (99_990.0, "100k tokens"),
        (150e3, "150k tokens"),
        (1.5e6, "1.5M tokens"),
        (999.9e6, "1B tokens"),
        (2.5e9, "2.5B tokens"),
        (3e12, "3T tokens"),
        (4567e12, "4,570T tokens"),
    ] {
        assert_eq!(human(tokens, Unit::Tokens), text);
    }
    for (usd, text) in [
        (0.0042, "$0.0042"),
        (0.014, "$0.01"),
        (0.5, "$0.50"),
        (12.346, "$12.35"),
        (99.0, "$99"),
        (100.4, "$100"),
        (999_400.0, "$999,000"),
        (999_900.0, "$1M"),
        (2.5e9, "$2.5B"),
        (3.25e12, "$3.25T"),
    ] {
        assert_eq!(human(usd, Unit::Usd), text);
    }
}

#[test]
fn links_hold_the_shortest_of_equal_numbers() {
    for (value, unit, text) in [
        (0.25, Unit::Count, "0.25"),
        (12_500.0, Unit::Count, "12500"),
        (1_000.0, Unit::Count, "1k"),
        (80e9, Unit::Count, "80B"),
        (80e9, Unit::Bytes, "80G"),
        (5e12, Unit::Count, "5T"),
        (1e21, Unit::Count, "1e21"),
        (1e-8, Unit::Count, "1e-8"),
        (1e-7, Unit::Count, "0.0000001"),
    ] {
        assert_eq!(compact(value, unit), text);
    }
    let three = Range { low: 20e6, likely: 50e6, high: 200e6 };
    assert_eq!(compact_range(three, Unit::TokensPerDay), "20M..50M..200M");
    assert_eq!(compact_range(Range::point(5.0), Unit::Count), "5");
    assert_eq!(exact(0.0, Unit::Bytes), "0 B");
}

#[test]
fn figures_for_hearing_are_in_full_words() {
    assert_eq!(spoken(50e6, Unit::TokensPerDay), "50 million tokens per day");
    assert_eq!(spoken(2.35, Unit::UsdPerHour), "2.35 dollars per hour");
    assert_eq!(spoken(0.05, Unit::SharePerMonth), "5 percent per month");
    assert_eq!(spoken(1.0, Unit::Months), "1 month");
    assert_eq!(spoken(220_000.0, Unit::UsdPerYear), "220,000 dollars per year");
    assert_eq!(spoken(80.0 * 1_073_741_824.0, Unit::Bytes), "80 gibibytes");
    assert_eq!(spoken(1_073_741_824.0, Unit::Bytes), "1 gibibyte");
    assert_eq!(spoken(512.0, Unit::Bytes), "512 bytes");
    assert_eq!(spoken(999.0, Unit::Milliseconds), "999 milliseconds");
    assert_eq!(spoken(1000.0, Unit::Milliseconds), "1 second");
    assert_eq!(spoken(0.5, Unit::Usd), "0.50 dollars");
    assert_eq!(spoken(-1_234_000.0, Unit::Usd), "minus 1.23 million dollars");
    assert_eq!(spoken(999_400.0, Unit::Tokens), "999,000 tokens");
    assert_eq!(spoken(1.5e9, Unit::TokensPerDay), "1.5 billion tokens per day");
    assert_eq!(spoken(2e12, Unit::TokensPerDay), "2 trillion tokens per day");
    assert_eq!(spoken(1.0, Unit::Fte), "1 full-time engineer");
    assert_eq!(spoken(8.0, Unit::Count), "8");
    assert_eq!(spoken(0.0, Unit::Tokens), "0 tokens");
    assert_eq!(spoken(f64::INFINITY, Unit::Usd), "unknown");
}

#[test]
fn text_boxes_show_the_number_with_its_unit() {
    assert_eq!(exact(50e6, Unit::TokensPerDay), "50M/day");
    assert_eq!(exact(1155.0, Unit::Tokens), "1155 tokens");
    assert_eq!(exact(0.05, Unit::SharePerMonth), "5%/mo");
    assert_eq!(exact(220_000.0, Unit::UsdPerYear), "$220k/yr");
    assert_eq!(exact(80.0 * 1_073_741_824.0, Unit::Bytes), "80 GiB");
    assert_eq!(exact(85_018_877_624.0, Unit::Bytes), "85018877624 B");
    assert_eq!(exact(1500.0, Unit::Milliseconds), "1500 ms");
    assert_eq!(compact(50e6, Unit::TokensPerDay), "50M");
    assert_eq!(compact(0.05, Unit::Share), "0.05");
}

/// Numbers of every magnitude: round ones, halves, arbitrary bits.
fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        (0u64..10_000, -6i32..13).prop_map(|(m, e)| format!("{m}e{e}").parse().unwrap()),
        any::<f64>()
            .prop_filter("finite, with room for a shift", |v| v.is_finite() && v.abs() < 1e300)
            .prop_map(f64::abs),
        0.0f64..1e12,
    ]
}

fn units() -> impl Strategy<Value = Unit> {
    proptest::sample::select(Unit::ALL)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_exactly(x in numbers(), unit in units()) {
        prop_assert_eq!(parse_one(&exact(x, unit), unit), Ok(x), "{}", exact(x, unit));
        prop_assert_eq!(parse_one(&compact(x, unit), unit), Ok(x), "{}", compact(x, unit));
    }

    #[test]
    fn ranges_are_read_back_exactly(mut v in [numbers(), numbers(), numbers()], unit in units()) {
        v.sort_by(f64::total_cmp);
        let range = Range { low: v[0], likely: v[1], high: v[2] };
        prop_assert_eq!(parse(&exact_range(range, unit), unit), Ok(range));
        prop_assert_eq!(parse(&compact_range(range, unit), unit), Ok(range));
        let between = Range::between(v[0], v[2], unit);
        prop_assert_eq!(parse(&compact_range(between, unit), unit), Ok(between));
    }

    #[test]
    fn compact_numbers_need_no_escaping_in_a_link(x in numbers(), unit in units()) {
        prop_assert!(compact(x, unit).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'));
    }

    #[test]
    fn no_text_makes_the_parser_fail(text in "\\PC{0,60}", unit in units()) {
        if let Ok(r) = parse(&text, unit) {
            prop_assert!(r.low <= r.likely && r.likely <= r.high && r.low >= 0.0 && r.high.is_finite());
        }
    }

    #[test]
    fn nearly_numbers_do_not_make_the_parser_fail(text in "[$+-]?[0-9,._ e]{0,12}(k|M|GB|GiB|%|ms)?(/day|/mo|/h)?(\\.\\.)?[0-9.]{0,4}", unit in units()) {
        if let Err(e) = parse(&text, unit) {
            prop_assert!(!e.hint().is_empty() && !e.to_string().is_empty());
        }
    }

    #[test]
    fn reading_forms_are_short(x in numbers(), unit in units()) {
        prop_assert!(human(x, unit).chars().count() <= 40 && !spoken(x, unit).is_empty());
    }
}
