//! Fields of the document's lists: a step of a pipeline, a dated change of API prices. Paths and keys are relative to
//! the item.

use super::*;
use crate::scenario::{Place, PriceChange, QualityTier, Step};

/// Fields of a step that came after version 1 was frozen; documents leave them out where they are open, so that old
/// documents stay as they were.
pub const LATER_STEP_FIELDS: &[&str] = &["escalated_share", "first_model", "first_api"];

/// Fields of a step.
pub static STEP_FIELDS: &[Field<Step>] = &[
    row("name", "name", "Step name", Group::Steps, text(TextSource::Free, None, words!(name))),
    row(
        "calls_per_day",
        "calls",
        "Calls per day",
        Group::Steps,
        number(Unit::CallsPerDay, 0.0, 1e12, log(10.0, 1e8), range!(calls_per_day)),
    ),
    row(
        "input_tokens",
        "in",
        "Input tokens per call",
        Group::Steps,
        number(Unit::Tokens, 1.0, 1e8, log(10.0, 1e5), range!(input_tokens)),
    ),
    row(
        "output_tokens",
        "out",
        "Output tokens per call",
        Group::Steps,
        number(Unit::Tokens, 1.0, 1e8, log(1.0, 1e5), range!(output_tokens)),
    ),
    row(
        "cached_input_share",
        "cached",
        "Step's cached input share",
        Group::Steps,
        number(Unit::Share, 0.0, 1.0, linear(0.0, 1.0), range!(cached_input_share)),
    ),
    row(
        "batchable_share",
        "batchable",
        "Step's batchable share",
        Group::Steps,
        number(Unit::Share, 0.0, 1.0, linear(0.0, 1.0), range!(batchable_share)),
    ),
    row("quality", "quality", "Quality needed", Group::Steps, choice!(QualityTier, quality)),
    row("data_residency", "residency", "Step needs data residency", Group::Steps, flag(truth!(data_residency))),
    row("fine_tuned", "fine-tuned", "Step needs a fine-tune", Group::Steps, flag(truth!(fine_tuned))),
    row(
        "ttft_p95_ms",
        "ttft",
        "Step's TTFT target",
        Group::Steps,
        optional(Unit::Milliseconds, 1.0, 1e7, log(100.0, 60_000.0), maybe_range!(ttft_p95_ms)),
    ),
    row("api", "api", "Step's API", Group::Steps, text(TextSource::ApiPrices, Some(Absent::Auto), maybe_words!(api))),
    row(
        "model",
        "model",
        "Step's model",
        Group::Steps,
        text(TextSource::Models, Some(Absent::Null), maybe_words!(model)),
    ),
    row(
        "escalated_share",
        "escalates",
        "Share a small model passes on",
        Group::Steps,
        optional(Unit::Share, 0.0, 1.0, linear(0.0, 1.0), maybe_range!(escalated_share)),
    ),
    row(
        "first_model",
        "first",
        "Small model, self-hosted",
        Group::Steps,
        text(TextSource::Models, Some(Absent::Null), maybe_words!(first_model)),
    ),
    row(
        "first_api",
        "first-api",
        "Small model's API",
        Group::Steps,
        text(TextSource::ApiPrices, Some(Absent::Null), maybe_words!(first_api)),
    ),
    row("place", "place", "Where it runs", Group::Steps, choice!(Place, place)),
];

/// Which baselines a price change may name.
pub const PRICE_CHANGE_ROLES: &[&str] = &["same_weights", "nearest", "frontier", "all"];

/// Fields of a dated change of API prices.
pub static PRICE_CHANGE_FIELDS: &[Field<PriceChange>] = &[
    row("month", "month", "From month", Group::Api, whole(Unit::Count, 1.0, 36.0, linear(1.0, 36.0), count!(month))),
    row(
        "role",
        "role",
        "Baseline",
        Group::Api,
        Kind::Choice(Choice {
            options: PRICE_CHANGE_ROLES,
            get: |d: &PriceChange| PRICE_CHANGE_ROLES.iter().find(|r| **r == d.role).copied().unwrap_or("all"),
            set: |d, id| {
                let known = PRICE_CHANGE_ROLES.contains(&id);
                if known {
                    d.role = id.into();
                }
                known
            },
        }),
    ),
    row(
        "multiplier",
        "multiplier",
        "Price multiplier",
        Group::Api,
        single(Unit::Times, 0.0, 1000.0, linear(0.1, 3.0), real!(multiplier)),
    ),
];
