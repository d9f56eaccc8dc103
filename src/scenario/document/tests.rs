//! Pins the reader: everything unusable is named with its path and a hint and keeps its default, nothing panics, and
//! what is written is read back.

use super::*;
use crate::scenario::Range;
use proptest::prelude::*;
use serde_json::json;

fn warned(document: Value) -> (Scenario, Vec<Warning>) {
    let (s, w) = read(&document);
    for x in &w {
        assert!(!x.message.is_empty() && !x.hint.is_empty(), "{x:?}");
    }
    (s, w)
}

/// Reads a document with exactly one problem.
fn only(document: Value) -> (Scenario, Warning) {
    let (s, w) = warned(document);
    assert_eq!(w.len(), 1, "{w:?}");
    (s, w.into_iter().next().unwrap())
}

#[test]
fn an_empty_document_is_the_default_scenario() {
    assert_eq!(warned(json!({})), (Scenario::default(), vec![]));
    assert_eq!(warned(json!({"version": 1, "workload": {}, "steps": []})), (Scenario::default(), vec![]));
}

#[test]
fn numbers_are_read_as_numbers_texts_and_ranges() {
    let (s, w) = warned(json!({"workload": {
        "tokens_per_day": "120M/day", "input_tokens": 900, "growth_per_month": "7%",
        "peak_to_average": {"low": 2, "likely": 3, "high": 5}, "output_tokens": {"low": "100", "high": 400},
        "ttft_p95_ms": "0.8..1.2 s"}, "hardware": {"usd_per_gpu_hour": "$2..$3/h", "memory_bytes": "80 GiB"}}));
    assert!(w.is_empty(), "{w:?}");
    assert_eq!(s.workload.tokens_per_day, Range::point(120e6));
    assert_eq!(s.workload.growth_per_month, Range::point(0.07));
    assert_eq!(s.workload.peak_to_average, Range { low: 2.0, likely: 3.0, high: 5.0 });
    assert_eq!(s.workload.output_tokens, Range { low: 100.0, likely: 200.0, high: 400.0 });
    assert_eq!(s.workload.ttft_p95_ms.high, 1200.0);
    assert_eq!(s.hardware.usd_per_gpu_hour.unwrap().high, 3.0);
    assert_eq!(s.hardware.memory_bytes, Some(80.0 * 1_073_741_824.0));
}

#[test]
fn unusable_numbers_keep_the_default_and_say_so() {
    for bad in [
        json!(-5),
        json!("NaN"),
        json!("lots"),
        json!([1]),
        json!(true),
        json!(null),
        json!(0),
        json!(1e20),
        json!({"low": 5}),
        json!({"low": 5, "high": 2}),
        json!({"low": 1, "high": 2, "mean": 1}),
        json!("1,5M"),
    ] {
        let (s, w) = only(json!({"workload": {"tokens_per_day": bad}}));
        assert_eq!(s, Scenario::default());
        assert_eq!(w.path, "workload.tokens_per_day");
        assert!(w.message.contains("50M/day is used"), "{w:?}");
    }
}

#[test]
fn words_that_json_does_not_have_are_reported_on_their_field() {
    for bad in ["NaN", "Infinity", "-Infinity", "1e999"] {
        let (s, w) =
            read_text(&format!("{{\"title\": \"a \\\"NaN\\\" b\", \"people\": {{\"run_fte\": {bad}}}}}")).unwrap();
        assert_eq!(s.title, "a \"NaN\" b");
        assert_eq!((w.len(), w[0].path.as_str()), (1, "people.run_fte"), "{w:?}");
    }
}

#[test]
fn keys_that_stand_twice_are_named() {
    let text = r#"{"people": {"run_fte": 1, "run_fte": 2}, "steps": [{"calls_per_day": 1, "calls_per_day": 2}]}"#;
    let (s, w) = read_text(text).unwrap();
    assert_eq!(s.people.run_fte, Range::point(2.0));
    let paths: Vec<&str> = w.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(paths, ["people.run_fte", "steps.0.calls_per_day"]);
}

/// Found by fuzzing the link: a blank between control characters came to the edge when they were left out, was kept, and
/// was gone when the scenario was read again. The same for a blank at the last place that is kept.
#[test]
fn a_text_is_read_again_as_it_was_kept() {
    let long = format!("{} b", "a".repeat(199));
    for (text, kept) in [
        ("\0\0 60same", "60same"),
        ("a\u{1b} ", "a"),
        (" \u{202e} x \u{202c} ", "x"),
        ("\u{7f} \u{9b}", ""),
        (long.as_str(), &long[..199]),
    ] {
        let (s, _) = read(&json!({"title": text}));
        assert_eq!(s.title, kept, "{text:?}");
        assert_eq!(read(&write(&s)), (s, vec![]), "{text:?}");
    }
}

#[test]
fn unknown_fields_are_named_with_their_neighbours() {
    let (_, w) = only(json!({"workload": {"token_per_day": 5}}));
    assert_eq!(w.path, "workload.token_per_day");
    assert!(w.hint.contains("workload.tokens_per_day"), "{w:?}");
    let (_, w) = only(json!({"hardwear": {"accelerator": "l40s"}}));
    assert_eq!(w.path, "hardwear");
    let (_, w) = only(json!({"model": "llama"}));
    assert_eq!(w.path, "model");
    let (_, w) = only(json!({"steps": [{"calls_per_day": 5, "qualty": "any"}]}));
    assert_eq!(w.path, "steps.0.qualty");
    assert!(w.hint.contains("quality"), "{w:?}");
}

#[test]
fn unknown_choices_name_the_nearest_ids() {
    let (s, w) = only(json!({"model": {"quantization": "fp8block"}}));
    assert_eq!(s, Scenario::default());
    assert!(w.hint.contains("fp8-block"), "{w:?}");
}

#[test]
fn pins_take_one_value_and_whole_numbers_no_fractions() {
    let (s, w) = only(json!({"serving": {"memory_utilization": {"low": 0.8, "likely": 0.85, "high": 0.9}}}));
    assert_eq!(s.serving.memory_utilization, Some(0.85));
    assert!(w.message.contains("not a range"), "{w:?}");
    let (s, w) = only(json!({"serving": {"tensor_parallel": 2.5}}));
    assert_eq!(s.serving.tensor_parallel, None);
    assert!(w.message.contains("whole number"), "{w:?}");
}

#[test]
fn contradictions_are_named() {
    let (_, w) = only(json!({"workload": {"input_tokens": 9000}}));
    assert_eq!(w.path, "workload.max_request_tokens");
    let (_, w) = only(json!({"steps": [{"calls_per_day": 5}], "workload": {"tokens_per_day": 1e6}}));
    assert_eq!(w.path, "workload.tokens_per_day");
    let (_, w) = only(json!({"hardware": {"acquisition": "owned", "usd_per_gpu_hour": 2}}));
    assert_eq!(w.path, "hardware.usd_per_gpu_hour");
    let (_, w) = only(json!({"api": {"price_changes": [{"month": 30, "multiplier": 0.5}]}}));
    assert_eq!(w.path, "api.price_changes.0.month");
    let (_, w) = only(json!({"workload": {"tokens_per_day": 10}}));
    assert_eq!(w.path, "workload.tokens_per_day");
}

#[test]
fn what_is_no_scenario_is_an_error_with_a_hint() {
    assert!(matches!(read_text("{"), Err(ReadError::Syntax { .. })));
    assert!(matches!(read_text("[1, 2]"), Err(ReadError::NotAnObject { found: "a list" })));
    assert!(matches!(read_text("{\"version\": 2}"), Err(ReadError::NewerVersion { .. })));
    assert!(matches!(read_text(&" ".repeat(MAX_BYTES + 1)), Err(ReadError::TooLarge { .. })));
    assert!(matches!(read_text(&"[".repeat(100_000)), Err(ReadError::Syntax { .. })));
}

#[test]
fn warnings_are_limited_and_the_rest_is_counted() {
    let many: serde_json::Map<String, Value> = (0..1000).map(|i| (format!("field{i}"), json!(1))).collect();
    let (_, w) = warned(Value::Object(many));
    assert_eq!(w.len(), MAX_WARNINGS + 1);
    assert!(w[MAX_WARNINGS].message.contains("950"), "{:?}", w[MAX_WARNINGS]);
}

#[test]
fn deviations_hold_only_what_differs() {
    let (s, _) = warned(json!({"workload": {"tokens_per_day": "80M"}, "serving": {"tensor_parallel": 4}}));
    assert_eq!(
        deviations(&s),
        json!({"version": 1, "workload": {"tokens_per_day": 80_000_000}, "serving": {"tensor_parallel": 4}})
    );
    assert_eq!(deviations(&Scenario::default()), json!({"version": 1}));
}

/// Any JSON at all, biased towards the names of the document.
fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(|v| json!(v)),
        (-10i64..1_000_000).prop_map(|v| json!(v)),
        "\\PC{0,12}".prop_map(Value::from),
        proptest::sample::select(&["fp8", "auto", "50M/day", "20..50", "h100-sxm", "NaN"]).prop_map(|s| json!(s)),
    ];
    let names: Vec<String> = crate::scenario::fields()
        .flat_map(|f| f.path.split('.').map(String::from))
        .chain(["low", "likely", "high", "version", "role", "month"].map(String::from))
        .collect();
    leaf.prop_recursive(4, 60, 8, move |inner| {
        let key = proptest::sample::select(names.clone());
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..8).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_document_is_read_and_written_back_to_the_same_scenario(document in documents()) {
        let (scenario, _) = read(&document);
        let (again, warnings) = read(&write(&scenario));
        prop_assert_eq!(&again, &scenario, "{:?}", warnings);
        let (short, _) = read(&deviations(&scenario));
        prop_assert_eq!(&short, &scenario);
    }

    #[test]
    fn any_text_is_read_without_failing(text in "\\PC{0,200}") {
        let _ = read_text(&text);
    }

    #[test]
    fn a_read_scenario_holds_only_accepted_numbers(document in documents()) {
        let (scenario, _) = read(&document);
        for f in crate::scenario::fields() {
            if let Some(n) = f.number() && let Some(v) = (n.get)(&scenario) {
                prop_assert_eq!(n.accepts(v), Ok(()), "{}", f.path);
            }
        }
    }
}
