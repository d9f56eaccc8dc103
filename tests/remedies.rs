//! Pins what is offered where a deployment does not fit or is too slow: each change holds when it is taken, costs what is
//! said, and what works comes before what does not yet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crossover::catalog::Catalog;
use crossover::engine::{Effort, Plan, Remedy, plan_with, remedies};
use crossover::scenario::{Scenario, document, field, link};
use serde_json::Value;

fn scenario(link: &str, catalog: &Catalog) -> Scenario {
    let (s, warnings) = link::decode(&format!("#v=1&{link}"), catalog).unwrap();
    assert!(warnings.is_empty(), "{link}: {warnings:?}");
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
const TROUBLED: [&str; 9] = [
    "gpu=l4&tp=1",
    "gpu=l4&tp=4",
    "gpu=l4&tpot=20",
    "gpu=h100-pcie&tp=1&tpot=8",
    "quant=bf16&tp=1",
    "ttft=5",
    "concurrency=500",
    "replicas=1&tokens=2B",
    "gpu=rtx-4090&tp=1&longest=100000",
];

#[test]
fn each_holds_when_it_is_taken_and_costs_what_is_said() {
    let catalog = Catalog::embedded().unwrap();
    let mut seen = Vec::new();
    for link in TROUBLED {
        let s = scenario(link, &catalog);
        let before = answered(&s, &catalog).advice.verdict;
        assert!(["does_not_fit", "too_slow"].contains(&before.as_str()), "{link}: {before}");
        for r in remedies(&s, &catalog) {
            let after = answered(&taken(&s, &r), &catalog);
            let (verdict, usd) = (after.advice.verdict.as_str(), after.cost.self_hosted.map(|c| c.total_usd_per_month));
            assert_ne!(verdict, "does_not_fit", "{link}: {r:?}");
            assert_eq!(verdict == "too_slow", r.but.is_some(), "{link}: {r:?}: {}", after.advice.sentence);
            assert_eq!(usd, r.usd_per_month, "{link}: {r:?}");
            seen.push(r.path);
        }
    }
    for path in [
        "hardware.accelerator",
        "serving.tensor_parallel",
        "serving.concurrency",
        "serving.replicas",
        "workload.tpot_p95_ms",
        "workload.ttft_p95_ms",
    ] {
        assert!(seen.contains(&path), "{path} is never offered: {seen:?}");
    }
}

#[test]
fn what_works_comes_first_and_the_cheapest_of_it() {
    let catalog = Catalog::embedded().unwrap();
    for link in TROUBLED {
        let all = remedies(&scenario(link, &catalog), &catalog);
        assert!(!all.is_empty() && all.len() <= 4, "{link}: {all:?}");
        let rank = |r: &Remedy| (r.but.is_some(), r.usd_per_month.unwrap_or(f64::MAX));
        assert!(
            all.windows(2).all(|w| rank(&w[0]) <= rank(&w[1]) || w[0].but.is_some() && w[1].but.is_some()),
            "{link}: {all:?}"
        );
    }
}

#[test]
fn a_70b_on_one_l4_is_not_offered_a_layout_that_is_too_slow_without_a_word() {
    let catalog = Catalog::embedded().unwrap();
    let s = scenario("gpu=l4&tp=1&tpot=20", &catalog);
    let all = remedies(&s, &catalog);
    let wide = all.iter().find(|r| r.path == "serving.tensor_parallel" && r.value != "auto").unwrap();
    assert!(wide.outcome().contains("it fits, but a token then takes"), "{}", wide.outcome());
    assert!(wide.outcome().ends_with("and you allow 20 ms"), "{}", wide.outcome());
    assert!(all.iter().any(|r| r.path == "hardware.accelerator" && r.but.is_none()), "{all:?}");
}

#[test]
fn nothing_is_offered_where_nothing_is_in_the_way() {
    let catalog = Catalog::embedded().unwrap();
    assert_eq!(remedies(&Scenario::default(), &catalog), []);
}

/// A price that the reader typed belongs to the accelerator it was typed for.
#[test]
fn no_other_accelerator_is_offered_at_a_price_typed_for_this_one() {
    let catalog = Catalog::embedded().unwrap();
    for pin in ["gpu-price=1", "gpu-memory=24GB", "provider=runpod"] {
        let all = remedies(&scenario(&format!("gpu=l4&tp=4&{pin}"), &catalog), &catalog);
        assert!(all.iter().all(|r| r.path != "hardware.accelerator"), "{pin}: {all:?}");
    }
}
