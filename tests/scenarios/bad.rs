//! Bad input, one file per class of error in `tests/scenarios/bad`: each is answered with a message that names the field
//! and a hint, either as a warning beside an answer (exit 0) or as a refusal (exit 1). Nothing is used in silence.

use crate::terminal::{Run, crossover};

/// What is expected of a bad input.
enum Answer {
    /// A plan with a warning at this path.
    Warns,
    /// No plan, and an error at this path.
    Refuses,
}

fn check(file: &str, answer: &Answer, path: &str, says: &str, hints: &str) {
    let file = format!("{}/tests/scenarios/bad/{file}", env!("CARGO_MANIFEST_DIR"));
    let run = crossover(&["plan", &file, "--format", "json", "--draws", "0"]);
    match answer {
        Answer::Warns => {
            assert_eq!(run.code, 0, "{}", run.stderr);
            let plan = run.json();
            let warnings = plan["warnings"].as_array().unwrap();
            let text = |w: &serde_json::Value, name: &str| w[name].as_str().unwrap().to_string();
            let found = warnings.iter().any(|w| {
                text(w, "path") == path && text(w, "message").contains(says) && text(w, "hint").contains(hints)
            });
            assert!(found, "{file}: {warnings:#?}");
        }
        Answer::Refuses => {
            let Run { code, stderr, stdout } = run;
            assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
            assert!(stderr.contains(path) && stderr.contains(says) && stderr.contains(hints), "{stderr}");
        }
    }
}

macro_rules! bad {
    ($($name:ident: $file:literal $answer:ident $path:literal $says:literal $hints:literal;)+) => {
        $(#[test] fn $name() { check($file, &Answer::$answer, $path, $says, $hints); })+

        #[test]
        fn every_file_of_the_folder_is_tested() {
            let tested = [$($file),+];
            for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/bad")).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(tested.contains(&name.as_str()), "{name} is not tested");
            }
        }
    };
}

bad! {
    unknown_field: "unknown-field.json" Warns "workload.token_per_day" "not a field" "workload.tokens_per_day";
    repeated_field: "repeated-field.json" Warns "people.run_fte" "more than once; the last is used" "remove";
    unknown_section: "unknown-section.json" Warns "hardwear" "not a field" "did you mean";
    section_not_object: "section-not-object.json" Warns "workload" "not an object" "write";
    not_a_number: "not-a-number.json" Warns "people.run_fte" "'NaN' is not a number; 0.5 FTE is used" "0.5 FTE";
    infinite: "infinite.json" Warns "people.run_fte" "too large; 0.5 FTE is used" "smaller";
    negative: "negative.json" Warns "workload.tokens_per_day" "-5 is negative; 50M/day is used" "0 or more";
    out_of_range: "out-of-range.json" Warns "workload.cached_input_share" "150% is out of range" "from 0% to 100%";
    not_a_fraction: "not-a-fraction.json" Warns "workload.batchable_share" "5000% is out of range" "from 0% to 100%";
    wrong_type: "wrong-type.json" Warns "hardware.spare_replicas" "is a list, not a number; 1 is used" "write";
    not_whole: "not-whole.json" Warns "serving.tensor_parallel" "2.5 is not a whole number" "whole number from 1";
    null_where_needed: "null-where-needed.json" Warns "owned.years" "cannot be left to the planner; 4 years" "4 years";
    decimal_comma: "decimal-comma.json" Warns "hardware.usd_per_gpu_hour" "comma" "2.35";
    wrong_unit: "wrong-unit.json" Warns "workload.ttft_p95_ms" "'GB' is not a unit" "1.5 s";
    small_m: "small-m.json" Warns "workload.tokens_per_day" "milli or million" "M for million";
    range_disordered: "range-disordered.json" Warns "workload.peak_to_average" "ascending" "low";
    range_incomplete: "range-incomplete.json" Warns "workload.peak_to_average" "needs 'low' and 'high'" "likely";
    range_unclear: "range-unclear.json" Warns "workload.tokens_per_day" "unclear" "20M";
    range_of_a_pin: "range-of-a-pin.json" Warns "serving.memory_utilization" "not a range" "alone";
    unknown_choice: "unknown-choice.json" Warns "model.quantization" "unknown value 'fp8block'; fp8 is used" "fp8-block";
    flag_not_a_flag: "flag-not-a-flag.json" Warns "hardware.api_failover" "neither true nor false" "true or false";
    text_not_text: "text-not-text.json" Warns "title" "is a number, not text" "quotes";
    steps_not_a_list: "steps-not-a-list.json" Warns "steps" "is an object, not a list" "list";
    step_not_an_object: "step-not-an-object.json" Warns "steps.0" "is text, not an object" "braces";
    step_unknown_field: "step-unknown-field.json" Warns "steps.0.qualty" "not a field" "quality";
    step_without_calls: "step-without-calls.json" Warns "steps.0.calls_per_day" "missing" "calls a day";
    price_change_without_month: "price-change-without-month.json" Warns "api.price_changes.0.month" "ignored" "month";
    config_not_an_object: "config-not-an-object.json" Warns "model.config" "is a number" "config.json";
    request_longer_than_longest: "request-longer-than-longest.json" Warns "workload.max_request_tokens" "longer" "9211";
    volume_beside_steps: "volume-beside-steps.json" Warns "workload.tokens_per_day" "ignored" "steps";
    price_of_owned: "price-of-owned.json" Warns "hardware.usd_per_gpu_hour" "owned" "on_demand";
    change_beyond_horizon: "change-beyond-horizon.json" Warns "api.price_changes.0.month" "beyond" "horizon_months";
    odd_version: "odd-version.json" Warns "version" "unknown" "\"version\": 1";
    newer_version: "newer-version.json" Refuses "version" "of version 2" "update";
    syntax: "syntax.json" Refuses "scenario" "line 1 column 40" "JSON object";
    not_an_object: "not-an-object.json" Refuses "scenario" "not a list" "object";
    empty: "empty.json" Refuses "scenario" "not a JSON document" "JSON object";
    unknown_model: "unknown-model.json" Refuses "model.id" "llama-3.3-70" "meta-llama/Llama-3.3-70B-Instruct";
    unknown_accelerator: "unknown-accelerator.json" Refuses "hardware.accelerator" "h100sxm" "h100-sxm";
    unknown_provider: "unknown-provider.json" Refuses "hardware.provider" "'Amazon'" "AWS";
    provider_without_price: "provider-without-price.json" Warns "hardware.provider" "no reserved_1y price" "GCP";
    provider_of_owned: "provider-of-owned.json" Warns "hardware.provider" "is ignored" "rent";
    unknown_key: "unknown-key.link" Warns "tokns" "not a key" "tokens";
    repeated_key: "repeated-key.link" Warns "workload.tokens_per_day" "twice" "remove";
    broken_percent: "broken-percent.link" Warns "title" "percent" "%25";
    no_version: "no-version.link" Warns "version" "missing" "v=1";
    no_fragment: "no-fragment.link" Warns "" "no scenario" "whole link";
    newer_link: "newer-version.link" Refuses "link" "of version 2" "kept as it is";
    not_a_number_in_a_link: "not-a-number.link" Warns "workload.tokens_per_day" "'NaN' is not a number" "50M/day";
}
