//! Pins the link codec: what is encoded is decoded to exactly the same scenario, links are canonical and short, and
//! whatever is pasted is answered with warnings or a refusal, never a panic.

use super::*;
use crate::catalog::Catalog;
use crate::scenario::testing::scenarios;
use crate::scenario::{Range, Scenario, canonical_ids};
use proptest::prelude::*;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

fn decoded(link: &str) -> (Scenario, Vec<crate::scenario::Warning>) {
    decode(link, &CATALOG).unwrap()
}

#[test]
fn the_default_scenario_is_the_shortest_link() {
    assert_eq!(encode(&Scenario::default(), &CATALOG).unwrap(), "#v=1");
    assert_eq!(decoded("#v=1"), (Scenario::default(), vec![]));
}

#[test]
fn a_readable_link_is_read() {
    let (s, w) =
        decoded("#v=1&model=gpt-oss-120b&quant=mxfp4&tokens=200M/d&gpu-price=$2..$3/h&growth=7%25&failover=yes");
    assert!(w.is_empty(), "{w:?}");
    assert_eq!(s.model.id, "openai/gpt-oss-120b");
    assert_eq!(s.workload.tokens_per_day, Range::point(200e6));
    assert_eq!(s.workload.growth_per_month, Range::point(0.07));
    assert_eq!(s.hardware.usd_per_gpu_hour.map(|r| r.high), Some(3.0));
    assert!(s.hardware.api_failover);
    assert_eq!(
        encode(&s, &CATALOG).unwrap(),
        "#v=1&tokens=200M&growth=0.07&model=gpt-oss-120b&quant=mxfp4&gpu-price=2..3&failover=yes"
    );
}

#[test]
fn every_way_of_pasting_a_link_is_understood() {
    let wanted = decoded("#v=1&tokens=80M").0;
    for link in [
        "v=1&tokens=80M",
        "  #v=1&tokens=80M\n",
        "https://example.org/crossover/#v=1&tokens=80M",
        "https://example.org/?embed=break-even#v=1&tokens=80M",
        "?embed=break-even#v=1&tokens=80M",
        "#v=1&amp;tokens=80M",
        "#tokens=80M&v=1",
        "#v=1&tokens=80M&",
    ] {
        assert_eq!(decoded(link).0, wanted, "{link}");
    }
}

#[test]
fn what_is_odd_is_said() {
    for (link, path, says) in [
        ("", "", "no scenario"),
        ("https://example.org/", "", "no scenario"),
        ("#tokens=80M", "version", "missing"),
        ("#v=zero&tokens=80M", "version", "not a version"),
        ("#v=1&tokns=80M", "tokns", "not a key"),
        ("#v=1&tokens=80M&tokens=90M", "workload.tokens_per_day", "twice"),
        ("#v=1&tokens=%zz", "workload.tokens_per_day", "percent"),
        ("#v=1&tokens=lots", "workload.tokens_per_day", "not a number"),
        ("#v=1&tokens=1,5M", "workload.tokens_per_day", "comma"),
        ("#v=1&tokens=-5", "workload.tokens_per_day", "negative"),
        ("#v=1&quant=fp9", "model.quantization", "unknown value"),
        ("#v=1&step1.calls=5&step1.qualty=any", "step1.qualty", "not a key"),
        ("#v=1&steps=5", "steps", "not a key"),
        ("#v=1&config=x", "model.config", "not a JSON object"),
    ] {
        let warnings = decoded(link).1;
        let found = warnings.iter().any(|w| w.path == path && w.message.contains(says) && !w.hint.is_empty());
        assert!(found, "{link}: {warnings:?}");
    }
    assert!(decoded("#v=1&tokns=80M").1[0].hint.contains("tokens"));
}

/// A model is called by its short name only where that means this very model.
#[test]
fn a_model_of_the_same_short_name_keeps_its_organisation() {
    let link = |id: &str| {
        let mut s = Scenario::default();
        s.model.id = id.into();
        encode(&s, &CATALOG).unwrap()
    };
    assert!(link("meta-llama/Llama-3.1-8B-Instruct").ends_with("&model=llama-3.1-8b-instruct"));
    let other = link("somebody/Llama-3.1-8B-Instruct");
    assert!(other.contains("somebody"), "{other}");
}

#[test]
fn newer_and_oversized_links_are_refused_with_a_message() {
    assert!(matches!(decode("#v=2&tokens=80M", &CATALOG), Err(LinkError::NewerVersion { .. })));
    assert!(matches!(decode("#v=99999999999999", &CATALOG), Err(LinkError::NewerVersion { .. })));
    assert!(decode("#v=2", &CATALOG).unwrap_err().hint().contains("kept as it is"));
    assert!(LinkError::TooLong { bytes: 9000 }.hint().contains("as a file"));
    let long = format!("#v=1&title={}", "x".repeat(MAX_BYTES));
    assert!(matches!(decode(&long, &CATALOG), Err(LinkError::TooLong { .. })));
    let mut s = Scenario::default();
    s.model.config = Some(serde_json::json!({"x": "y".repeat(MAX_BYTES)}));
    assert!(matches!(encode(&s, &CATALOG), Err(LinkError::TooLong { .. })));
}

#[test]
fn versions_are_whole_numbers_up_to_this_programs() {
    for text in ["#v=0", "#v=0.5", "#v=-1", "#v=NaN", "#v=x", "#v="] {
        let (scenario, warnings) = decoded(&format!("{text}&tokens=80M"));
        assert_eq!(scenario.workload.tokens_per_day, Range::point(80e6), "{text}");
        assert!(warnings.iter().any(|w| w.path == "version" && w.message.contains("not a version")), "{text}");
    }
    assert_eq!(decoded("#v=1.0&tokens=80M").1, []);
    for text in ["#v=1.5", "#v=2", "#v=1e9", "#v=inf"] {
        assert!(matches!(decode(text, &CATALOG), Err(LinkError::NewerVersion { .. })), "{text}");
    }
    assert_eq!(fragment("?embed=cost"), "");
    assert_eq!(fragment("https://example.org/a"), "");
    assert_eq!(fragment("https://example.org/a#b#c"), "b#c");
    assert_eq!(fragment("tokens=5M"), "tokens=5M");
}

#[test]
fn a_key_that_is_none_is_named_whatever_it_looks_like() {
    for key in
        ["step+1.calls", "step.calls", "step1", "step1.", "change+1.month", "stepx.calls", "pin", "pin+1", "pinx"]
    {
        let warnings = decoded(&format!("#v=1&{key}=5")).1;
        assert!(warnings.iter().any(|w| w.path == key && w.message.contains("not a key")), "{key}: {warnings:?}");
    }
    let near = |key: &str| decoded(&format!("#v=1&{key}=5")).1[0].hint.clone();
    assert!(near("tokns").contains("did you mean tokens"), "{}", near("tokns"));
    assert_eq!(near("zzzzzzzzzzzzzzzz"), "copy the whole link again");
    for broken in ["#v=1&to%zzkens=5", "#v=1&title=%", "#v=1&title=%4", "#v=1&title=%C3", "#v=1&title=%zz"] {
        let warnings = decoded(broken).1;
        assert!(warnings.iter().any(|w| w.message.contains("percent sequence")), "{broken}: {warnings:?}");
    }
    assert_eq!(decoded("#v=1&title=%c3%bC%2B+").0.title, "ü++");
}

#[test]
fn what_is_said_of_a_link_is_bounded() {
    let of = |n: usize| decoded(&format!("#v=1{}", (0..n).map(|i| format!("&k{i}=5")).collect::<String>())).1.len();
    assert_eq!((of(1), of(49), of(50), of(51), of(400)), (1, 49, 50, 50, 50));
    let mixed = (0..50).map(|i| format!("&k{i}=5")).collect::<String>() + "&tokens=lots&quant=fp9&peak=x";
    assert_eq!(decoded(&format!("#v=1{mixed}")).1.len(), crate::scenario::document::MAX_WARNINGS + 1);
}

/// A link of exactly the limit is written and read; one byte more is neither.
#[test]
fn the_limit_is_the_last_length_that_works() {
    let of = |padding: usize| {
        let config = Some(serde_json::json!({"x": "y".repeat(padding)}));
        Scenario { model: crate::scenario::ModelChoice { config, ..Scenario::default().model }, ..Scenario::default() }
    };
    let around = encode(&of(0), &CATALOG).unwrap().len();
    let most = of(MAX_BYTES - around);
    let link = encode(&most, &CATALOG).unwrap();
    assert_eq!(link.len(), MAX_BYTES);
    assert_eq!(decoded(&link).0, most);
    assert_eq!(encode(&of(MAX_BYTES - around + 1), &CATALOG), Err(LinkError::TooLong { bytes: MAX_BYTES + 1 }));
    let text = |bytes: usize| format!("v=1&title={}", "x".repeat(bytes - 10));
    assert!(decode(&text(MAX_BYTES), &CATALOG).is_ok());
    assert_eq!(decode(&text(MAX_BYTES + 1), &CATALOG), Err(LinkError::TooLong { bytes: MAX_BYTES + 1 }));
    let pinned = |padding: usize| encode_pinned(&of(padding), &[Scenario::default()], &CATALOG);
    let beside = "&pin1=v%3D1".len();
    assert_eq!(pinned(MAX_BYTES - around - beside).map(|l| l.len()), Ok(MAX_BYTES));
    assert_eq!(pinned(MAX_BYTES - around - beside + 1), Err(LinkError::TooLong { bytes: MAX_BYTES + 1 }));
}

#[test]
fn pins_keep_the_order_of_their_numbers_and_three_are_kept() {
    let titled = |n: u32| Scenario { title: format!("{n}"), ..Scenario::default() };
    let titles = |opened: &Opened| opened.pins.iter().map(|p| p.title.clone()).collect::<Vec<_>>();
    let opened = open("#v=1&pin10=v%3D1%26title%3DC&pin2=v%3D1%26title%3DB&pin1=v%3D1%26title%3DA", &CATALOG).unwrap();
    assert_eq!(titles(&opened), ["A", "B", "C"]);
    let four: Vec<Scenario> = (1..=4).map(titled).collect();
    let link = encode_pinned(&titled(0), &four, &CATALOG).unwrap();
    assert_eq!(titles(&open(&link, &CATALOG).unwrap()), ["1", "2", "3"]);
    let warnings = open("#v=1&pin1=&pin2=v%3D1%26tokens%3Dlots", &CATALOG).unwrap().warnings;
    let paths: Vec<&str> = warnings.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(paths, ["pin1", "pin2.workload.tokens_per_day"]);
}

#[test]
fn pinned_scenarios_travel_in_the_link() {
    let text = "#v=1&tokens=80M&pin1=v%3D1%26title%3DCheap%2520%2526%2520small%26gpu%3Dl40s&pin2=v%3D1";
    let opened = open(text, &CATALOG).unwrap();
    assert_eq!((opened.warnings, opened.pins.len()), (vec![], 2));
    assert_eq!(
        (opened.pins[0].title.as_str(), opened.pins[0].hardware.accelerator.as_str()),
        ("Cheap & small", "l40s")
    );
    assert_eq!(opened.pins[1], Scenario::default());
    assert_eq!(encode_pinned(&opened.scenario, &opened.pins, &CATALOG).unwrap(), text);
    assert_eq!(decode(text, &CATALOG).unwrap(), (opened.scenario, vec![]));
}

#[test]
fn a_pin_that_cannot_be_read_is_said_and_harms_nothing_else() {
    for (text, path, pins) in [
        ("#v=1&tokens=80M&pin1=v%3D9", "pin1", 0),
        ("#v=1&tokens=80M&pin1=v%3D1%26tokens%3Dlots", "pin1.workload.tokens_per_day", 1),
        ("#v=1&tokens=80M&pin1=v%3D1%26tokns%3D5", "pin1.tokns", 1),
        ("#v=1&tokens=80M&pin1=", "pin1", 1),
        ("#v=1&tokens=80M&pin1=v%3D1%26pin1%3Dv%253D1", "pin1.pin1", 1),
        ("#v=1&tokens=80M&pin1=v%3D1&pin2=v%3D1&pin3=v%3D1&pin4=v%3D1", "pin4", 3),
        ("#v=1&tokens=80M&pinned=v%3D1", "pinned", 0),
    ] {
        let opened = open(text, &CATALOG).unwrap();
        assert_eq!((opened.scenario.workload.tokens_per_day, opened.pins.len()), (Range::point(80e6), pins), "{text}");
        let said = opened.warnings.iter().any(|w| w.path == path && !w.message.is_empty() && !w.hint.is_empty());
        assert!(said, "{text}: {:?}", opened.warnings);
    }
}

proptest! {
    #[test]
    fn what_is_pinned_is_decoded_to_the_same_scenarios(mut all in proptest::collection::vec(scenarios(), 1..4)) {
        all.iter_mut().for_each(|s| canonical_ids(s, &CATALOG));
        let Ok(link) = encode_pinned(&all[0], &all[1..], &CATALOG) else { return Ok(()) };
        let opened = open(&link, &CATALOG).unwrap();
        prop_assert_eq!(&opened.scenario, &all[0]);
        prop_assert_eq!(&opened.pins[..], &all[1..]);
    }

    #[test]
    fn what_is_encoded_is_decoded_to_the_same_scenario(mut scenario in scenarios()) {
        canonical_ids(&mut scenario, &CATALOG);
        let Ok(link) = encode(&scenario, &CATALOG) else { return Ok(()) };
        let (again, warnings) = decoded(&link);
        prop_assert_eq!(&again, &scenario, "{} {:?}", link, warnings);
        prop_assert_eq!(encode(&again, &CATALOG).unwrap(), link);
    }

    #[test]
    fn links_hold_unreserved_characters_only(scenario in scenarios()) {
        let Ok(link) = encode(&scenario, &CATALOG) else { return Ok(()) };
        let body = link.strip_prefix("#v=1").unwrap();
        prop_assert!(body.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%&=".contains(&b)), "{}", link);
    }

    #[test]
    fn any_text_is_decoded_without_failing(text in "(#v=1)?(&?[a-z0-9.-]{0,12}=?\\PC{0,20}){0,8}") {
        if let Ok((scenario, warnings)) = decode(&text, &CATALOG) {
            prop_assert!(warnings.iter().all(|w| !w.message.is_empty() && !w.hint.is_empty()));
            prop_assert!(encode(&scenario, &CATALOG).is_ok());
        }
    }

    #[test]
    fn percent_encoding_is_undone(text in "\\PC{0,40}") {
        let mut out = String::new();
        escape::push_encoded(&mut out, &text);
        prop_assert_eq!(escape::decoded(&out), (text, true));
    }
}
