//! The verdict's sentence for every branch, as people read it: one line a case in `sentences.txt`.
//!
//! The fleet is fixed by each case (what a replica carries, how many GPUs it has), so that the sentences depend on the
//! cost model and the catalog's prices alone and do not move with the calibration of memory and speed.
//! `CROSSOVER_UPDATE=1 cargo test --test verdicts` rewrites the file; read it aloud before committing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;

use crossover::catalog::Catalog;
use crossover::engine::advice::{self, Advice, Evidence};
use crossover::engine::deployment::Subject;
use crossover::engine::{break_even, cost, fleet, projection, routing, uncertainty};

use cases::Case;

/// Draws of a case; enough for the gate, and the same on every machine.
const DRAWS: u32 = 1_000;

fn advise(case: &Case, catalog: &Catalog) -> Advice {
    let warnings = &mut Vec::new();
    let scenario = &*routing::with_workload_of_steps(&case.scenario);
    let subject = Subject::of(scenario, catalog, warnings).unwrap();
    let mut fleet = fleet::choose(&subject, warnings);
    fleet.runs = case.fits;
    fleet.speed.targets_met = case.meets_targets;
    fleet.speed.tpot_p95_ms = case.tpot_p95_ms;
    fleet.speed.ttft_p95_ms = case.ttft_p95_ms;
    fleet.speed.error_band = 0.2;
    fleet.curve.tokens_per_day_per_replica = case.carries / case.scenario.workload.peak_to_average.likely;
    fleet.curve.tokens_per_day_at_full_load = case.carries;
    fleet.curve.gpus_per_replica = case.gpus;
    fleet.curve.pinned = case.scenario.serving.replicas;
    let cost = cost::price(&subject, &fleet, warnings);
    let break_even = break_even::solve(&cost);
    let projection = projection::project(&subject, &fleet, &cost, &break_even);
    let unsure = uncertainty::inputs(&subject, &fleet, &cost);
    // How capacity follows the cache share is the speed model's; here it is fixed.
    let unsure: Vec<_> = unsure.into_iter().map(|d| uncertainty::Drawn { capacity: None, ..d }).collect();
    let uncertainty = uncertainty::draw(&unsure, &cost, DRAWS);
    let routing = routing::route(&subject, &fleet, &cost, warnings).map(|r| r.routing);
    advice::advise(&Evidence {
        subject: &subject,
        fleet: &fleet,
        cost: &cost,
        break_even: &break_even,
        projection: &projection,
        uncertainty: &uncertainty,
        routing: routing.as_ref(),
    })
}

#[test]
fn every_branch_reads_as_agreed() {
    let catalog = Catalog::embedded().unwrap();
    let cases = cases::all();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut text = String::new();
    for case in &cases {
        let advice = advise(case, &catalog);
        text.push_str(&format!("{}\n  [{}] {}\n", case.name, advice.verdict, advice.sentence));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts/sentences.txt");
    if std::env::var_os("CROSSOVER_UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let agreed = std::fs::read_to_string(path).unwrap_or_default();
    for (now, then) in text.lines().zip(agreed.lines()) {
        assert_eq!(now, then);
    }
    assert_eq!(text.lines().count(), agreed.lines().count());
}

#[test]
fn every_verdict_and_every_way_of_staying_is_among_them() {
    let catalog = Catalog::embedded().unwrap();
    let said: Vec<Advice> = cases::all().iter().map(|c| advise(c, &catalog)).collect();
    for verdict in [
        "stay_on_api",
        "self_host",
        "self_host_required",
        "does_not_fit",
        "too_slow",
        "unknown",
        "split_by_step",
        "unplaced",
    ] {
        assert!(said.iter().any(|a| a.verdict == verdict), "no case ends in {verdict}");
    }
    for words in [
        "no volume makes it cheaper than that.",
        "it becomes cheaper above",
        "which your growth reaches in month",
        "which your growth does not reach",
        "less than the 30 %",
        "setup and updates included, it does not save",
        "of the draws",
        "nobody is planned",
        "at the low end of your volume",
    ] {
        assert!(said.iter().any(|a| a.sentence.contains(words)), "no sentence says '{words}'");
    }
}

#[test]
fn sentences_are_sentences_and_reasons_cite_numbers() {
    let catalog = Catalog::embedded().unwrap();
    for case in cases::all() {
        let advice = advise(&case, &catalog);
        assert!(advice.sentence.ends_with('.') && !advice.sentence.contains('!'), "{}", advice.sentence);
        assert!(advice.sentence.len() < 330, "too long: {}", advice.sentence);
        for text in std::iter::once(&advice.sentence)
            .chain(advice.reasons.iter().map(|r| &r.text))
            .chain(advice.thresholds.iter().map(|t| &t.text))
        {
            for bad in ["NaN", "inf", "unknown tokens", "$-", "\u{2212}", "  ", " $0 for "] {
                assert!(!text.contains(bad), "{}: {text}", case.name);
            }
        }
        assert!(advice.reasons.iter().all(|r| !r.path.is_empty()));
        assert!(advice.thresholds.iter().all(|t| t.value.is_finite() && t.value >= 0.0));
    }
}
