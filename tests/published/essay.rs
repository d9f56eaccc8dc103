//! The claims of the essay behind this planner, as scenarios.

use crossover::catalog::Catalog;
use crossover::catalog::Quantization;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::quantity::Range;
use crossover::scenario::Scenario;

fn plan(change: impl FnOnce(&mut Scenario)) -> Plan {
    let mut s = Scenario::default();
    change(&mut s);
    plan_with(&s, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap()
}

/// The role's threshold, tokens a day.
fn threshold(plan: &Plan, role: &str) -> Option<f64> {
    plan.break_even.iter().find(|b| b.against == role)?.always_cheaper_above_tokens_per_day
}

#[test]
fn weights_of_a_70b_model_at_16_bit_take_about_140_gb() {
    let p = plan(|s| s.model.quantization = Quantization::Bf16);
    assert!((p.memory.weights_bytes_total / 1e9 - 141.1).abs() < 1.5, "{}", p.memory.weights_bytes_total);
}

#[test]
fn three_to_five_a100_at_two_to_three_dollars_are_six_to_fifteen_an_hour() {
    assert_eq!((3.0 * 2.0, 5.0 * 3.0), (6.0, 15.0));
    // The catalog's market for an A100-80 overlaps the essay's two to three dollars.
    let band = Catalog::embedded().unwrap().rental_band("a100-80-sxm", "on_demand").unwrap();
    assert!(band.low < 2.0 && band.high > 3.0 && (1.4..3.5).contains(&band.median), "{band:?}");
}

#[test]
fn most_teams_do_not_cross_within_18_months() {
    // A million to a hundred million tokens a day, growing 5 % a month.
    for volume in [1e6, 1e7, 5e7, 1e8] {
        let p = plan(|s| s.workload.tokens_per_day = Range::point(volume));
        assert_eq!(p.projection.payback_month, None, "{volume}");
        assert_eq!(p.advice.verdict, "stay_on_api", "{volume}");
    }
}

#[test]
fn hundreds_of_millions_of_tokens_a_day_can_cross_a_frontier_price() {
    let p = plan(|_| {});
    let frontier = threshold(&p, "frontier").unwrap();
    assert!((1e8..1e9).contains(&frontier), "{frontier}");
}

#[test]
fn the_same_weights_hosted_elsewhere_are_the_hardest_baseline() {
    let p = plan(|_| {});
    let frontier = threshold(&p, "frontier").unwrap();
    match threshold(&p, "same_weights") {
        Some(same) => assert!(same > 3.0 * frontier, "{same} against {frontier}"),
        None => {
            assert!(p.break_even.iter().any(|b| b.against == "same_weights" && (b.never || !b.crossings.is_empty())))
        }
    }
}
