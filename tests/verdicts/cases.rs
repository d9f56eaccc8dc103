//! The cases: a scenario each, and the fleet it is given.

use crossover::quantity::Range;
use crossover::scenario::{Acquisition, Place, PriceChange, QualityTier, Scenario, Step};

/// A scenario with a fixed fleet.
pub struct Case {
    /// What it shows.
    pub name: &'static str,
    /// The question.
    pub scenario: Scenario,
    /// Tokens a day that one replica carries around the clock.
    pub carries: f64,
    /// GPUs of a replica.
    pub gpus: u32,
    /// Whether the model fits.
    pub fits: bool,
    /// Whether the latency targets are met.
    pub meets_targets: bool,
    /// Time per token at the 95th percentile, ms.
    pub tpot_p95_ms: f64,
    /// Time to first token at the 95th percentile, ms.
    pub ttft_p95_ms: f64,
}

/// A case on a replica of two GPUs that carries 1.2 billion tokens a day around the clock.
fn case(name: &'static str, change: impl FnOnce(&mut Scenario)) -> Case {
    let mut scenario = Scenario::default();
    change(&mut scenario);
    Case {
        name,
        scenario,
        carries: 1.2e9,
        gpus: 2,
        fits: true,
        meets_targets: true,
        tpot_p95_ms: 40.0,
        ttft_p95_ms: 600.0,
    }
}

fn p(x: f64) -> Range {
    Range::point(x)
}

/// Compare with one model only, so that the branch does not depend on the cheapest of three.
fn only(s: &mut Scenario, id: &str) {
    s.api.same_weights = Some(id.into());
    s.api.nearest = Some(id.into());
    s.api.frontier = Some(id.into());
}

const OPUS: &str = "anthropic/claude-opus-5.5";
const TOGETHER: &str = "together/llama-3.3-70b";

/// Every case.
pub fn all() -> Vec<Case> {
    let mut out = staying();
    out.extend(moving());
    out.extend(forced());
    out.extend(standing_still());
    out.extend(split());
    out.extend(by_choice());
    out.extend(pinned());
    out
}

fn step(name: &str, calls: f64, input: f64, output: f64) -> Step {
    Step {
        name: name.into(),
        calls_per_day: p(calls),
        input_tokens: p(input),
        output_tokens: p(output),
        cached_input_share: p(0.0),
        batchable_share: p(0.0),
        quality: QualityTier::Any,
        data_residency: false,
        fine_tuned: false,
        ttft_p95_ms: None,
        api: None,
        model: None,
        escalated_share: None,
        first_model: None,
        first_api: None,
        place: Place::Auto,
    }
}

fn split() -> Vec<Case> {
    vec![
        case("one step in house, two on an API", |s| {
            s.steps = vec![
                Step { data_residency: true, ..step("read the record", 20_000.0, 2_000.0, 100.0) },
                step("summarise", 5_000.0, 1_000.0, 300.0),
                Step { quality: QualityTier::Frontier, ..step("decide", 1_000.0, 3_000.0, 500.0) },
            ];
        }),
        case("every step in house", |s| {
            s.steps = vec![
                Step { data_residency: true, ..step("read the record", 20_000.0, 2_000.0, 100.0) },
                Step { fine_tuned: true, ..step("classify", 5_000.0, 1_000.0, 3.0) },
            ];
        }),
        case("every step on an API", |s| {
            s.steps = vec![step("chat", 20_000.0, 1_155.0, 211.0), step("summarise", 5_000.0, 1_000.0, 300.0)];
        }),
        case("a place chosen by hand", |s| {
            s.steps = vec![
                Step { place: Place::SelfHosted, ..step("chat", 20_000.0, 1_155.0, 211.0) },
                step("summarise", 5_000.0, 1_000.0, 300.0),
            ];
        }),
        case("every place chosen by hand", |s| {
            s.steps = vec![Step { place: Place::SelfHosted, ..step("chat", 20_000.0, 1_155.0, 211.0) }];
        }),
        case("one step must be in house, the others ride along", |s| {
            s.steps = vec![
                Step { data_residency: true, ..step("read the record", 20_000.0, 2_000.0, 100.0) },
                step("classify", 10_000.0, 1_000.0, 3.0),
                step("summarise", 5_000.0, 1_000.0, 300.0),
            ];
        }),
    ]
}

/// A step that would go to a dear API, and one that is cheap there.
fn dear(calls: f64) -> Vec<Step> {
    vec![
        Step { api: Some(OPUS.into()), ..step("draft", calls, 1_155.0, 211.0) },
        Step { quality: QualityTier::Frontier, ..step("decide", 1_000.0, 3_000.0, 500.0) },
    ]
}

fn by_choice() -> Vec<Case> {
    vec![
        case("a split that nothing forces", |s| s.steps = dear(250_000.0)),
        case("a split that saves too little", |s| s.steps = dear(115_000.0)),
        case("a split that never earns its setup", |s| {
            s.steps = dear(250_000.0);
            s.people.setup_weeks = p(150.0);
        }),
        case("a split that nobody runs", |s| {
            s.steps = dear(250_000.0);
            s.people.run_fte = p(0.0);
        }),
        case("a split at a volume that may be much lower", |s| {
            s.steps = dear(250_000.0);
            s.steps[0].calls_per_day = Range { low: 10_000.0, likely: 250_000.0, high: 400_000.0 };
        }),
        case("a layout that no engine starts with", |s| s.serving.tensor_parallel = Some(5)),
        case("a layout that no engine starts with, and every step can go to an API", |s| {
            s.serving.tensor_parallel = Some(5);
            s.steps = dear(1_000.0);
        }),
        case("every step in house by choice", |s| s.steps = dear(250_000.0)[..1].to_vec()),
        case("a step that no place can serve", |s| {
            s.steps = dear(1_000.0);
            s.steps[1].data_residency = true;
        }),
        case("steps that no place can serve", |s| {
            let hard = |name| Step {
                quality: QualityTier::Frontier,
                data_residency: true,
                ..step(name, 1_000.0, 3_000.0, 500.0)
            };
            s.steps =
                ["plan", "decide", "", "review the whole of the contract and its annexes", "sign"].map(hard).to_vec();
        }),
        case("every step on an API, and none could be in house", |s| s.steps = dear(1_000.0)[1..].to_vec()),
        Case {
            fits: false,
            meets_targets: false,
            ..case("does not fit, and every step can go to an API", |s| {
                s.hardware.accelerator = "l4".into();
                s.serving.tensor_parallel = Some(1);
                s.steps = dear(1_000.0);
            })
        },
        Case {
            fits: false,
            meets_targets: false,
            ..case("does not fit, and a step must be in house", |s| {
                s.hardware.accelerator = "l4".into();
                s.serving.tensor_parallel = Some(1);
                s.steps = dear(1_000.0);
                s.steps[0].data_residency = true;
            })
        },
    ]
}

fn pinned() -> Vec<Case> {
    let pin = |name, price: &'static str, volume: f64| {
        case(name, move |s| {
            only(s, price);
            s.serving.replicas = Some(2);
            s.workload.tokens_per_day = p(volume);
        })
    };
    vec![
        pin("pinned replicas, too little volume", OPUS, 4e7),
        pin("pinned replicas that no volume fills enough", TOGETHER, 4e7),
        pin("pinned replicas that pay", OPUS, 6e8),
    ]
}

fn staying() -> Vec<Case> {
    vec![
        case("the defaults", |_| {}),
        case("a small volume", |s| s.workload.tokens_per_day = p(1e6)),
        case("a hundred million a day", |s| s.workload.tokens_per_day = p(1e8)),
        case("no growth", |s| s.workload.growth_per_month = p(0.0)),
        case("growth that gets there", |s| {
            only(s, OPUS);
            s.workload.growth_per_month = p(0.30);
            s.workload.tokens_per_day = p(2e7);
        }),
        case("growth that does not", |s| {
            only(s, TOGETHER);
            s.workload.growth_per_month = p(0.02);
        }),
        case("against together without growth", |s| {
            only(s, TOGETHER);
            s.workload.growth_per_month = p(0.0);
        }),
        case("against the frontier only, small", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e7);
        }),
        case("a GPU price no volume can earn", |s| {
            only(s, "deepinfra/llama-3.1-8b");
            s.hardware.usd_per_gpu_hour = Some(p(20.0));
        }),
        case("cheaper, but not by the margin", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1.75e8);
            s.workload.growth_per_month = p(0.0);
        }),
        case("cheaper by the month, setup never earned back", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(3e8);
            s.people.setup_weeks = p(200.0);
        }),
        case("cheaper for now, with an API price cut to come", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(3e8);
            s.api.price_changes = vec![PriceChange { month: 3, role: "all".into(), multiplier: 0.2 }];
        }),
        case("more likely dearer", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(3e8);
            s.hardware.usd_per_gpu_hour = Some(Range { low: 4.0, likely: 4.2, high: 80.0 });
            s.people.run_fte = Range { low: 0.4, likely: 0.5, high: 20.0 };
            s.updates.engineer_weeks = Range { low: 1.0, likely: 2.0, high: 60.0 };
        }),
        case("nobody to run it", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.people.run_fte = p(0.0);
        }),
        case("a volume that may be much lower", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = Range { low: 2e7, likely: 1e9, high: 4e9 };
        }),
        case("an engineer in London", |s| s.people.engineer_usd_per_year = p(150_000.0)),
        case("work that can all wait", |s| s.workload.batchable_share = p(1.0)),
        case("long documents", |s| {
            s.workload.input_tokens = p(120_000.0);
            s.workload.output_tokens = p(1_000.0);
            s.workload.max_request_tokens = p(128_000.0);
        }),
        case("an announced price rise", |s| only(s, "google/gemini-3.8-flash")),
        case("billed by the hour of the day", |s| only(s, "deepseek/deepseek-v4-pro@offpeak")),
    ]
}

fn moving() -> Vec<Case> {
    vec![
        case("a billion a day against the frontier", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
        }),
        case("three hundred million a day against the frontier", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(3e8);
        }),
        case("ten billion a day against together", |s| {
            only(s, TOGETHER);
            s.workload.tokens_per_day = p(1e10);
        }),
        case("reserved for a year", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.hardware.acquisition = Acquisition::Reserved1y;
        }),
        case("reserved for three years", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.hardware.acquisition = Acquisition::Reserved3y;
        }),
        case("on spot", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.hardware.acquisition = Acquisition::Spot;
        }),
        case("owned", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.hardware.acquisition = Acquisition::Owned;
        }),
        case("with an API as failover", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.hardware.api_failover = true;
            s.hardware.spare_replicas = 0;
        }),
        case("a home machine", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.hardware.usd_per_gpu_hour = Some(p(0.2));
            s.overhead.minimum_usd_per_month = p(0.0);
        }),
        case("with priced errors", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.quality.task_error_gap = Some(p(0.02));
            s.quality.usd_per_error = p(0.001);
        }),
        case("an API price that will double", |s| {
            only(s, OPUS);
            s.workload.tokens_per_day = p(1e9);
            s.api.price_changes = vec![PriceChange { month: 6, role: "all".into(), multiplier: 2.0 }];
        }),
    ]
}

fn forced() -> Vec<Case> {
    vec![
        case("data must stay in house", |s| s.requirements.data_residency = true),
        case("a fine-tuned model", |s| s.requirements.fine_tuned = true),
        case("both", |s| {
            s.requirements.data_residency = true;
            s.requirements.fine_tuned = true;
        }),
        case("required, and cheaper anyway", |s| {
            only(s, OPUS);
            s.requirements.data_residency = true;
            s.workload.tokens_per_day = p(1e9);
        }),
        case("required, at a price nobody knows", |s| {
            s.requirements.data_residency = true;
            s.hardware.accelerator = "mi355x".into();
        }),
        case("required, with no API to compare with", |s| {
            s.requirements.fine_tuned = true;
            only(s, "nobody/nothing");
        }),
    ]
}

fn standing_still() -> Vec<Case> {
    let not_fitting =
        |name, change: fn(&mut Scenario)| Case { fits: false, meets_targets: false, ..case(name, change) };
    vec![
        not_fitting("does not fit", |s| s.hardware.accelerator = "l4".into()),
        not_fitting("does not fit, and is required", |s| {
            s.hardware.accelerator = "l4".into();
            s.requirements.data_residency = true;
        }),
        not_fitting("does not fit, no API known", |s| {
            s.hardware.accelerator = "l4".into();
            only(s, "nobody/nothing");
        }),
        Case {
            meets_targets: false,
            tpot_p95_ms: 85.0,
            ..case("tokens too slow", |s| s.workload.tpot_p95_ms = p(20.0))
        },
        Case {
            meets_targets: false,
            tpot_p95_ms: 85.0,
            ..case("tokens too slow, and required", |s| {
                s.workload.tpot_p95_ms = p(20.0);
                s.requirements.data_residency = true;
            })
        },
        Case {
            meets_targets: false,
            ttft_p95_ms: 2_600.0,
            ..case("first token too slow", |s| s.workload.ttft_p95_ms = p(300.0))
        },
        Case {
            meets_targets: false,
            tpot_p95_ms: 120.0,
            ..case("too slow at the pinned concurrency", |s| s.serving.concurrency = Some(256.0))
        },
        case("too few pinned replicas", |s| {
            s.serving.replicas = Some(1);
            s.workload.tokens_per_day = p(1e9);
        }),
        case("a GPU nobody rents out", |s| s.hardware.accelerator = "mi355x".into()),
        case("a GPU nobody sells", |s| {
            s.hardware.accelerator = "mi355x".into();
            s.hardware.acquisition = Acquisition::Owned;
        }),
        case("a provider without that commitment", |s| {
            s.hardware.provider = Some("AWS".into());
            s.hardware.acquisition = Acquisition::Reserved1y;
        }),
        case("a provider that rents spot only", |s| {
            s.hardware.provider = Some("Verda (DataCrunch)".into());
            s.hardware.accelerator = "l40s".into();
            s.hardware.acquisition = Acquisition::Spot;
        }),
        case("no API price known", |s| only(s, "nobody/nothing")),
        case("no price known at all", |s| {
            only(s, "nobody/nothing");
            s.hardware.accelerator = "mi355x".into();
        }),
    ]
}
