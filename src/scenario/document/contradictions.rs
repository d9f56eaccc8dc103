//! Values that are fine alone but not together.

use serde_json::{Map, Value};

use super::reader::Notes;
use crate::quantity::{Unit, exact};
use crate::scenario::{Acquisition, Currency, Scenario};

/// Note every contradiction of a scenario; `document` tells what was written and what is a default.
pub(super) fn note(scenario: &Scenario, document: &Map<String, Value>, notes: &mut Notes) {
    let written =
        |section: &str, name: &str| document.get(section).and_then(|s| s.get(name)).is_some_and(|v| !v.is_null());
    note_lengths(scenario, notes);
    note_prices(scenario, &written, notes);
    note_steps(scenario, &written, notes);
    for odd in Currency::of(&scenario.display).1 {
        notes.add(odd.path, odd.message, odd.hint);
    }
    let w = &scenario.workload;
    if !scenario.serving.prefix_caching
        && written("workload", "cached_input_share")
        && w.cached_input_share.likely > 0.0
    {
        notes.add(
            "workload.cached_input_share",
            "counts for the APIs only, because serving.prefix_caching is off",
            "set serving.prefix_caching to true, or the share to 0",
        );
    }
}

fn note_lengths(scenario: &Scenario, notes: &mut Notes) {
    let w = &scenario.workload;
    let mean = w.input_tokens.likely + w.output_tokens.likely;
    if mean > w.max_request_tokens.likely {
        notes.add(
            "workload.max_request_tokens",
            format!(
                "a mean request of {} is longer than the longest request of {}",
                exact(mean, Unit::Tokens),
                exact(w.max_request_tokens.likely, Unit::Tokens)
            ),
            format!("raise it to {mean} or more, or shorten the requests"),
        );
    }
    if let Some(limit) = scenario.serving.max_model_len.map(f64::from).filter(|l| mean > *l) {
        notes.add(
            "serving.max_model_len",
            format!("a mean request of {} does not fit in {limit} tokens", exact(mean, Unit::Tokens)),
            format!("raise it to {mean} or more, or leave it to the planner"),
        );
    }
    if scenario.steps.is_empty() && w.tokens_per_day.likely < mean {
        notes.add(
            "workload.tokens_per_day",
            "is less than one mean request a day",
            "write input and output tokens of all requests together",
        );
    }
}

fn note_prices(scenario: &Scenario, written: &dyn Fn(&str, &str) -> bool, notes: &mut Notes) {
    let owned = scenario.hardware.acquisition == Acquisition::Owned;
    if owned && scenario.hardware.usd_per_gpu_hour.is_some() {
        notes.add(
            "hardware.usd_per_gpu_hour",
            "is ignored, because the hardware is owned",
            "leave it out, or rent: \"acquisition\": \"on_demand\"",
        );
    }
    if scenario.hardware.provider.is_some() && (owned || scenario.hardware.usd_per_gpu_hour.is_some()) {
        let why = if owned { "the hardware is owned" } else { "hardware.usd_per_gpu_hour gives a price" };
        notes.add(
            "hardware.provider",
            format!("is ignored, because {why}"),
            "leave it out, or rent at the provider's published price",
        );
    }
    if !owned && written("owned", "usd_per_gpu") {
        notes.add(
            "owned.usd_per_gpu",
            "is ignored, because the hardware is rented",
            "write \"acquisition\": \"owned\" under hardware",
        );
    }
    for (i, change) in scenario.api.price_changes.iter().enumerate() {
        if change.month > scenario.horizon_months {
            notes.add(
                format!("api.price_changes.{i}.month"),
                format!("month {} lies beyond the horizon of {}", change.month, scenario.horizon_months),
                "lengthen horizon_months, or choose an earlier month",
            );
        }
    }
}

/// With steps, the workload's volume and sizes are their sums and means.
fn note_steps(scenario: &Scenario, written: &dyn Fn(&str, &str) -> bool, notes: &mut Notes) {
    if scenario.steps.is_empty() {
        return;
    }
    for name in ["tokens_per_day", "input_tokens", "output_tokens", "cached_input_share", "batchable_share"] {
        if written("workload", name) {
            notes.add(
                format!("workload.{name}"),
                "is ignored, because the steps give it",
                "leave it out, or remove the steps",
            );
        }
    }
    if scenario.steps.iter().all(|s| s.calls_per_day.likely == 0.0) {
        notes.add("steps", "no step has any calls", "write calls_per_day of at least one step");
    }
}
