//! Pins what is offered where a deployment does not fit or is too slow: each change holds when it is taken, costs what is
//! said, and what works comes before what does not yet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use crossover::catalog::Catalog;
use crossover::engine::{Effort, Plan, Remedy, plan_with, remedies};
use crossover::scenario::presets::presets;
use crossover::scenario::{Scenario, document, field, link};
use serde_json::Value;

fn scenario(link: &str, catalog: &Catalog) -> Scenario {
    let (s, warnings) = link::decode(&format!("#v=1&{link}"), catalog).unwrap();
    let unread = warnings.iter().find(|w| !w.message.contains("is ignored, because"));
    assert!(unread.is_none(), "{link}: {unread:?}");
    s
}

fn answered(s: &Scenario, catalog: &Catalog) -> Plan {
    plan_with(s, catalog, Effort { draws: 0 }).unwrap()
}

fn taken(s: &Scenario, r: &Remedy) -> Scenario {
    let mut s = s.clone();
    document::put_value(field(r.path).unwrap(), &mut s, &Value::String(r.value.clone())).unwrap();
    s
}

/// Deployments that do not work, for every reason there is.
const TROUBLED: [&str; 15] = [
    "gpu=l4&tp=1",
    "gpu=l4&tp=4",
    "gpu=l4&tpot=20",
    "gpu=h100-pcie&tp=1&tpot=8",
    "gpu=l4&tp=1&quant=bf16&model=llama-3.1-8b-instruct",
    "quant=bf16&tp=1",
    "ttft=5",
    "ttft=5&tpot=1",
    "concurrency=500",
    "replicas=1&tokens=2B",
    "gpu=rtx-4090&tp=1&longest=100000",
    "gpu=mi300x&tp=1&tpot=20",
    "gpu=l4&tp=1&rent=owned",
    "model=llama-3.1-8b-instruct&gpu=h100-sxm&tpot=0.2",
    "gpu=m4-max-128&tpot=20&engine=llama.cpp&quant=gguf-q4_k_m",
];

/// What is put to each preset, so that its pipeline or its one step does not work, or may not.
const TROUBLES: [&str; 5] = ["gpu=l4&tp=1", "gpu=l4&tp=4", "tpot=5", "replicas=1", "replicas=2"];

/// Every scenario of this file, and how it was written.
fn scenarios(catalog: &Catalog) -> Vec<(String, Scenario)> {
    let mut links: Vec<String> = TROUBLED.map(String::from).to_vec();
    for preset in presets().unwrap() {
        let link = preset.link.trim_start_matches('#').trim_start_matches("v=1").trim_start_matches('&').to_string();
        for trouble in TROUBLES {
            let keys: Vec<&str> = trouble.split('&').filter_map(|part| part.split('=').next()).collect();
            let kept: Vec<&str> =
                link.split('&').filter(|part| !keys.contains(&part.split('=').next().unwrap_or_default())).collect();
            links.push(format!("{}&{trouble}", kept.join("&")));
        }
    }
    links.into_iter().map(|link| (link.clone(), scenario(&link, catalog))).collect()
}

fn is_troubled(verdict: &str) -> bool {
    ["does_not_fit", "too_slow"].contains(&verdict)
}

#[test]
fn each_holds_when_it_is_taken_and_costs_what_is_said() {
    let catalog = Catalog::embedded().unwrap();
    let mut seen = BTreeSet::new();
    for (link, s) in scenarios(&catalog) {
        let before = answered(&s, &catalog).advice.verdict;
        let all = remedies(&s, &catalog);
        assert!(all.is_empty() || is_troubled(&before), "{link}: {before}: {all:?}");
        for r in all {
            let after = answered(&taken(&s, &r), &catalog);
            let verdict = after.advice.verdict.as_str();
            assert!(verdict != "does_not_fit" && verdict != "unplaced", "{link}: {r:?}");
            assert_eq!(verdict == "too_slow", r.but.is_some(), "{link}: {r:?}: {}", after.advice.sentence);
            let usd = match &after.routing {
                Some(routing) => Some(routing.total_usd),
                None => after.cost.self_hosted.map(|c| c.total_usd_per_month),
            };
            assert_eq!((usd, after.fleet.gpus), (r.usd_per_month, r.gpus), "{link}: {r:?}");
            seen.insert(r.path);
        }
    }
    for path in [
        "hardware.accelerator",
        "model.kv_cache",
        "model.quantization",
        "serving.concurrency",
        "serving.max_num_seqs",
        "serving.pipeline_parallel",
        "serving.replicas",
        "serving.tensor_parallel",
        "workload.tpot_p95_ms",
        "workload.ttft_p95_ms",
    ] {
        assert!(seen.contains(path), "{path} is never offered: {seen:?}");
    }
}

#[test]
fn what_works_comes_first_and_the_cheapest_of_it() {
    let catalog = Catalog::embedded().unwrap();
    for (link, s) in scenarios(&catalog) {
        let all = remedies(&s, &catalog);
        assert!(all.len() <= 4, "{link}: {all:?}");
        let rank = |r: &Remedy| (r.but.is_some(), r.usd_per_month.filter(|_| r.but.is_none()).unwrap_or(f64::MAX));
        assert!(all.windows(2).all(|w| rank(&w[0]) <= rank(&w[1])), "{link}: {all:?}");
        let same = |a: &Remedy, b: &Remedy| {
            a.path != "hardware.accelerator" && (a.path, a.usd_per_month, &a.but) == (b.path, b.usd_per_month, &b.but)
        };
        assert!((1..all.len()).all(|i| !all[..i].iter().any(|r| same(r, &all[i]))), "{link}: {all:?}");
    }
}

/// An offered target was that of the cheapest layout, and one with more GPUs kept a lower one for hardly more.
#[test]
fn an_offered_target_is_the_least_that_is_kept_at_its_price() {
    let catalog = Catalog::embedded().unwrap();
    let mut tried = 0;
    for (link, s) in scenarios(&catalog) {
        for r in remedies(&s, &catalog).into_iter().filter(|r| r.path.ends_with("_p95_ms")) {
            let ms: f64 = r.value.trim_end_matches(" ms").parse().unwrap();
            assert_eq!(format!("{ms} ms"), r.value, "{link}: a number as people write it");
            // The next number of two digits below it.
            let step = 10f64.powf((ms * 0.999).log10().floor() - 1.0);
            let less = Remedy { value: format!("{} ms", ms - step), ..r.clone() };
            let after = answered(&taken(&s, &less), &catalog);
            let usd = match &after.routing {
                Some(routing) => Some(routing.total_usd),
                None => after.cost.self_hosted.map(|c| c.total_usd_per_month),
            };
            let verdict = after.advice.verdict.as_str();
            assert!(
                ["too_slow", "unplaced"].contains(&verdict) || usd > r.usd_per_month,
                "{link}: {less:?}: {verdict}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 5, "{tried}");
}

#[test]
fn a_70b_on_one_l4_is_not_offered_a_layout_that_is_too_slow_without_a_word() {
    let catalog = Catalog::embedded().unwrap();
    let s = scenario("gpu=l4&tp=1&tpot=20", &catalog);
    let all = remedies(&s, &catalog);
    let wide = all.iter().find(|r| r.path == "serving.tensor_parallel" && r.value != "auto").unwrap();
    assert!(wide.outcome().contains("it fits, but a token takes"), "{}", wide.outcome());
    assert!(wide.outcome().ends_with("and you allow 20 ms"), "{}", wide.outcome());
    assert!(all.iter().any(|r| r.path == "hardware.accelerator" && r.but.is_none()), "{all:?}");
}

#[test]
fn nothing_is_offered_where_nothing_is_in_the_way_or_nothing_helps() {
    let catalog = Catalog::embedded().unwrap();
    assert_eq!(remedies(&Scenario::default(), &catalog), []);
    assert_eq!(remedies(&scenario("ttft=5&tpot=1&gpu-price=2", &catalog), &catalog), []);
}

/// What the reader typed for one accelerator is not carried to another; what is not used for it keeps nothing back.
#[test]
fn other_accelerators_are_offered_unless_something_is_pinned_for_this_one() {
    let catalog = Catalog::embedded().unwrap();
    let offers = |pin: &str| {
        let all = remedies(&scenario(&format!("gpu=l4&tp=4&{pin}"), &catalog), &catalog);
        all.iter().any(|r| r.path == "hardware.accelerator")
    };
    for pin in
        ["gpu-price=1", "gpu-memory=24GB", "provider=runpod", "rent=owned&server-price=3000", "rent=owned&watts=100"]
    {
        assert!(!offers(pin), "{pin}");
    }
    for unused in ["", "watts=100", "server-price=3000", "rent=owned"] {
        assert!(offers(unused), "{unused}");
    }
}

/// The least target that 4 L4 keep has room for a request at a time, on 5,904 GPUs for $5 million a month.
#[test]
fn a_target_at_the_very_edge_is_not_offered() {
    let catalog = Catalog::embedded().unwrap();
    let s = scenario("gpu=l4&tp=4&tpot=40", &catalog);
    let all = remedies(&s, &catalog);
    let target = all.iter().find(|r| r.path == "workload.tpot_p95_ms").unwrap();
    let easy = answered(&taken(&s, &Remedy { value: "200 ms".into(), ..target.clone() }), &catalog);
    let easy = easy.cost.self_hosted.unwrap().total_usd_per_month;
    assert!(target.usd_per_month.unwrap() < 1.5 * easy, "{target:?}, with ease {easy}");
}

#[test]
fn other_accelerators_are_of_the_same_maker() {
    let catalog = Catalog::embedded().unwrap();
    let vendor = |id: &str| catalog.accelerator(id).unwrap().vendor.clone();
    for (link, s) in scenarios(&catalog) {
        for r in remedies(&s, &catalog).into_iter().filter(|r| r.path == "hardware.accelerator") {
            assert_eq!(vendor(&r.value), vendor(&s.hardware.accelerator), "{link}: {r:?}");
        }
    }
}

/// Four-bit floats were offered to accelerators that do not compute with them.
#[test]
fn a_format_is_offered_where_it_can_be_served() {
    let catalog = Catalog::embedded().unwrap();
    for gpu in ["mi300x", "h100-sxm", "l4"] {
        let all = remedies(&scenario(&format!("gpu={gpu}&tp=1&tpot=20&quant=fp8&gpu-price=3"), &catalog), &catalog);
        assert!(all.iter().all(|r| r.value != "nvfp4"), "{gpu}: {all:?}");
    }
}
