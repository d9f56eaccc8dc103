//! Links are the save file: what was shared once must open for ever. Pins every key of version 1 and its meaning
//! (`v1.json`) and that version's defaults (`defaults-v1.json`). These files are never edited, only added to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crossover::catalog::Catalog;
use crossover::scenario::{Scenario, document, fields, link};
use serde_json::Value;

/// A link, the deviations of its scenario, and those of each scenario pinned beside it.
fn golden() -> Vec<(String, Value, Vec<Value>)> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("v1.json")).unwrap();
    let pins = |row: &Value| row["pins"].as_array().cloned().unwrap_or_default();
    rows.into_iter().map(|r| (r["link"].as_str().unwrap().to_string(), r["scenario"].clone(), pins(&r))).collect()
}

#[test]
fn links_of_version_1_keep_their_meaning() {
    let catalog = Catalog::embedded().unwrap();
    for (text, wanted, wanted_pins) in golden() {
        let link::Opened { scenario, pins, warnings } = link::open(&text, &catalog).unwrap();
        let odd: Vec<_> =
            warnings.iter().filter(|w| w.message.contains("is used") || w.message.contains("not a key")).collect();
        assert!(odd.is_empty(), "{text}: {odd:?}");
        assert_eq!(document::deviations(&scenario), wanted, "{text}");
        assert_eq!(pins.iter().map(document::deviations).collect::<Vec<_>>(), wanted_pins, "{text}");
    }
}

#[test]
fn links_of_version_1_are_still_written_as_they_were() {
    let catalog = Catalog::embedded().unwrap();
    for (text, document, pins) in golden() {
        let pins: Vec<Scenario> = pins.iter().map(|p| document::read(p).0).collect();
        let (scenario, _) = document::read(&document);
        assert_eq!(link::encode_pinned(&scenario, &pins, &catalog).unwrap(), text);
    }
}

#[test]
fn every_key_has_a_golden_link() {
    let all: String = golden().into_iter().map(|(text, ..)| text).collect::<Vec<_>>().join("&");
    for field in fields().filter(|f| !["steps", "api.price_changes"].contains(&f.path)) {
        assert!(all.contains(&format!("&{}=", field.key)), "no golden link has '{}'", field.key);
    }
    assert!(all.contains("&step1.calls=") && all.contains("&change1.month="));
}

#[test]
fn the_defaults_of_version_1_are_frozen() {
    let frozen: Value = serde_json::from_str(include_str!("defaults-v1.json")).unwrap();
    assert_eq!(document::write(&Scenario::default()), frozen);
}

#[test]
fn an_ordinary_link_stays_under_two_kilobytes() {
    let catalog = Catalog::embedded().unwrap();
    let mut scenario = Scenario::default();
    for field in fields() {
        if let Some(number) = field.number() {
            number.put_clamped(&mut scenario, number.slider.low * 0.7 + number.slider.high * 0.3);
        }
    }
    let text = link::encode(&scenario, &catalog).unwrap();
    assert!(text.len() < 2048, "{} bytes: {text}", text.len());
}
