//! Pins the presets: every link is canonical and read without a warning, every scenario is planned, and the answers
//! hold what the claims say. `presets.snapshot` keeps the scenarios as documents.

use crossover::catalog::Catalog;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::scenario::{Scenario, document, link, presets};
use crossover::units::GIB;

fn answered(id: &str) -> (Scenario, Plan) {
    let catalog = Catalog::embedded().unwrap();
    let preset = presets().unwrap().into_iter().find(|p| p.id == id).unwrap_or_else(|| panic!("{id}"));
    let (scenario, _) = link::decode(&preset.link, &catalog).unwrap();
    let plan = plan_with(&scenario, &catalog, Effort { draws: 0 }).unwrap();
    (scenario, plan)
}

#[test]
fn links_are_canonical_short_and_read_without_a_warning() {
    let catalog = Catalog::embedded().unwrap();
    let mut seen = std::collections::HashSet::new();
    for preset in presets().unwrap() {
        assert!(seen.insert(preset.id.clone()), "{} is there twice", preset.id);
        assert!(preset.question.ends_with('?') && !preset.about.ends_with('.'), "{}", preset.id);
        let (scenario, warnings) = link::decode(&preset.link, &catalog).unwrap();
        assert!(warnings.is_empty(), "{}: {warnings:?}", preset.id);
        assert_eq!(link::encode(&scenario, &catalog).unwrap(), preset.link, "{}", preset.id);
        assert!(preset.link.len() < 2048, "{}", preset.id);
    }
}

#[test]
fn every_preset_is_planned() {
    for preset in presets().unwrap() {
        let (_, plan) = answered(&preset.id);
        assert!(plan.memory.fits.weights, "{}", preset.id);
        assert_ne!(plan.advice.verdict, "unknown", "{}", preset.id);
    }
}

#[test]
fn scenarios_are_those_of_the_snapshot() {
    let catalog = Catalog::embedded().unwrap();
    let snapshot: serde_json::Value = serde_json::from_str(include_str!("presets.snapshot.json")).unwrap();
    for preset in presets().unwrap() {
        let (scenario, _) = link::decode(&preset.link, &catalog).unwrap();
        assert_eq!(document::deviations(&scenario), snapshot[&preset.id], "{}", preset.id);
    }
}

#[test]
fn weights_of_a_70b_take_140_gb_at_16_bit_half_at_8_and_a_quarter_at_4() {
    let weights = |id| answered(id).1.memory.weights_bytes_total;
    let full = weights("70b-16-bit-a100");
    assert!((140e9..143e9).contains(&full), "{full}");
    assert!((0.49..0.54).contains(&(weights("70b-8-bit-a100") / full)));
    assert!((0.25..0.31).contains(&(weights("70b-4-bit-a100") / full)));
    assert!(weights("70b-4-bit-a100") < 80.0 * GIB);
}

#[test]
fn a_70b_at_16_bit_takes_a_handful_of_a100s() {
    let (scenario, plan) = answered("70b-16-bit-a100");
    let gpus = plan.fleet.gpus;
    assert!((2.0..=8.0).contains(&gpus), "{gpus}");
    let price = scenario.hardware.usd_per_gpu_hour.unwrap();
    assert_eq!((price.low, price.high), (2.0, 3.0));
}

/// It was answered for two GPUs, which the planner takes for their speed.
#[test]
fn whether_4_bit_fits_on_one_a100_is_answered_for_one() {
    let (_, plan) = answered("70b-4-bit-a100");
    assert!(plan.fleet.gpus_per_replica == 1 && plan.memory.fits.longest_request);
}

#[test]
fn requirements_force_self_hosting() {
    assert_eq!(answered("data-residency").1.advice.verdict, "self_host_required");
    assert_eq!(answered("fine-tuned").1.advice.verdict, "self_host_required");
}
