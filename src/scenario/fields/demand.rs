//! Fields of what is asked for: title, workload, steps.

use super::*;
use crate::scenario::field::Special;

pub(super) static FIELDS: &[Field<Scenario>] = &[
    row("title", "title", "Title", Group::About, text(TextSource::Free, None, words!(title))),
    essential(row(
        "workload.tokens_per_day",
        "tokens",
        "Tokens per day",
        Group::Workload,
        number(Unit::TokensPerDay, 1.0, 1e15, log(1e4, 1e10), range!(workload.tokens_per_day)),
    )),
    essential(row(
        "workload.input_tokens",
        "in",
        "Input tokens per request",
        Group::Workload,
        number(Unit::Tokens, 1.0, 1e8, log(10.0, 1e5), range!(workload.input_tokens)),
    )),
    essential(row(
        "workload.output_tokens",
        "out",
        "Output tokens per request",
        Group::Workload,
        number(Unit::Tokens, 1.0, 1e8, log(1.0, 1e5), range!(workload.output_tokens)),
    )),
    row(
        "workload.max_request_tokens",
        "longest",
        "Longest request",
        Group::Workload,
        number(Unit::Tokens, 2.0, 1e8, log(256.0, 1_048_576.0), range!(workload.max_request_tokens)),
    ),
    essential(row(
        "workload.peak_to_average",
        "peak",
        "Peak to average",
        Group::Workload,
        number(Unit::Times, 1.0, 1000.0, linear(1.0, 10.0), range!(workload.peak_to_average)),
    )),
    essential(row(
        "workload.growth_per_month",
        "growth",
        "Growth per month",
        Group::Workload,
        number(Unit::SharePerMonth, 0.0, 1.0, linear(0.0, 0.5), range!(workload.growth_per_month)),
    )),
    row(
        "workload.cached_input_share",
        "cached",
        "Cached input share",
        Group::Workload,
        number(Unit::Share, 0.0, 1.0, linear(0.0, 1.0), range!(workload.cached_input_share)),
    ),
    row(
        "workload.batchable_share",
        "batchable",
        "Batchable share",
        Group::Workload,
        number(Unit::Share, 0.0, 1.0, linear(0.0, 1.0), range!(workload.batchable_share)),
    ),
    row(
        "workload.ttft_p95_ms",
        "ttft",
        "Time to first token (TTFT) target",
        Group::Workload,
        number(Unit::Milliseconds, 1.0, 1e7, log(100.0, 60_000.0), range!(workload.ttft_p95_ms)),
    ),
    row(
        "workload.tpot_p95_ms",
        "tpot",
        "Time per output token (TPOT) target",
        Group::Workload,
        number(Unit::Milliseconds, 0.1, 1e6, log(5.0, 500.0), range!(workload.tpot_p95_ms)),
    ),
    row("steps", "steps", "Pipeline steps", Group::Steps, Kind::Special(Special::Steps)),
];
