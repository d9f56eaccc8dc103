//! What pricing warns of: each warning stands where its condition holds, and nowhere else. (A changed condition was noticed
//! by no test.)

use std::sync::LazyLock;

use crossover::catalog::Catalog;
use crossover::engine::deployment::Subject;
use crossover::engine::{Effort, fleet, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, Scenario};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

/// How many of a plan's warnings are about the field and hold the words.
fn warned(s: &Scenario, path: &str, words: &str) -> usize {
    let plan = plan_with(s, &CATALOG, Effort { draws: 0 }).unwrap();
    plan.warnings.iter().filter(|w| w.path == path && w.message.contains(words)).count()
}

#[test]
fn failover_to_an_api_is_warned_of_only_where_data_must_stay() {
    for (failover, residency, count) in [(false, false, 0), (true, false, 0), (false, true, 0), (true, true, 1)] {
        let mut s = Scenario::default();
        (s.hardware.api_failover, s.requirements.data_residency) = (failover, residency);
        assert_eq!(warned(&s, "hardware.api_failover", "must stay in house"), count, "{failover} {residency}");
        assert_eq!(warned(&s, "hardware.api_failover", "no API price"), 0);
    }
}

// Spilling over looked at the steps too, failover at the requirement alone: "if a replica fails, an API takes over" was said
// of data that may not leave, and no spare replica was kept for it.
#[test]
fn a_step_whose_data_must_stay_rules_out_failover_as_it_rules_out_spilling_over() {
    let step = |residency| crossover::scenario::Step {
        calls_per_day: Range::point(1e5),
        input_tokens: Range::point(2000.0),
        output_tokens: Range::point(200.0),
        data_residency: residency,
        place: crossover::scenario::Place::SelfHosted,
        ..Default::default()
    };
    for residency in [false, true] {
        let mut s = Scenario { steps: vec![step(residency)], ..Scenario::default() };
        (s.hardware.api_failover, s.hardware.spare_replicas, s.hardware.spill_percentile) = (true, 1, Some(0.95));
        let count = usize::from(residency);
        for path in ["hardware.api_failover", "hardware.spill_percentile"] {
            assert_eq!(warned(&s, path, "must stay in house"), count, "{path} {residency}");
        }
        let plan = plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap();
        assert_eq!(plan.fleet.spare_replicas, u32::from(residency));
        assert_eq!(plan.fleet.failover.unwrap().api_takes_over, !residency);
    }
}

#[test]
fn spot_is_warned_of_alone() {
    for (acquisition, count) in [(Acquisition::Spot, 1), (Acquisition::OnDemand, 0), (Acquisition::Reserved1y, 0)] {
        let mut s = Scenario::default();
        s.hardware.acquisition = acquisition;
        assert_eq!(warned(&s, "hardware.acquisition", "can be taken back"), count, "{acquisition:?}");
    }
}

#[test]
fn pinned_replicas_are_warned_of_where_the_volume_is_more_than_they_carry() {
    let mut s = Scenario::default();
    s.serving.replicas = Some(1);
    for (volume, count) in [(1e6, 0), (3e9, 1)] {
        s.workload.tokens_per_day = Range::point(volume);
        assert_eq!(warned(&s, "serving.replicas", "the pinned replicas carry"), count, "{volume}");
    }
    s.serving.replicas = None;
    assert_eq!(warned(&s, "serving.replicas", "the pinned replicas carry"), 0);
}

#[test]
fn what_is_estimated_of_owned_hardware_is_said_until_it_is_typed() {
    let mut s = Scenario::default();
    s.hardware.acquisition = Acquisition::Owned;
    assert_eq!(warned(&s, "owned.colocation_usd_per_month", "is estimated"), 1);
    s.owned.colocation_usd_per_month = Some(Range::point(500.0));
    assert_eq!(warned(&s, "owned.colocation_usd_per_month", "is estimated"), 0);
    s.owned.watts_per_gpu = Some(Range::point(1300.0));
    assert_eq!(warned(&s, "owned.watts_per_gpu", ""), 0);
    s.hardware.acquisition = Acquisition::OnDemand;
    s.owned.colocation_usd_per_month = None;
    assert_eq!(warned(&s, "owned.colocation_usd_per_month", "is estimated"), 0);
}

/// Two replicas carry twice what one carries, and that volume itself.
#[test]
fn pinned_replicas_carry_up_to_the_volume_that_is_warned_of() {
    let mut s = Scenario::default();
    s.serving.replicas = Some(2);
    let subject = Subject::of(&s, &CATALOG, &mut Vec::new()).unwrap();
    let carries = 2.0 * fleet::choose(&subject, &mut Vec::new()).curve.tokens_per_day_per_replica;
    for (volume, count) in [(0.9 * carries, 0), (carries, 0), (1.001 * carries, 1)] {
        s.workload.tokens_per_day = Range::point(volume);
        assert_eq!(warned(&s, "serving.replicas", "the pinned replicas carry"), count, "{volume} of {carries}");
        // The projection says so in the month in which growth brings it there.
        s.workload.growth_per_month = Range::point(0.5);
        let plan = plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap();
        let said = |m: usize| plan.projection.months[m].events.iter().any(|e| e.contains("cannot carry this volume"));
        assert_eq!((said(0), said(1), said(2)), (count == 1, true, true), "{volume} of {carries}");
    }
}

/// What everything around a GPU draws is told of that GPU, not of another.
#[test]
fn the_power_around_a_gpu_is_that_of_the_same_gpu() {
    for row in &CATALOG.all_in_power {
        let mut s = Scenario::default();
        (s.hardware.acquisition, s.hardware.accelerator) = (Acquisition::Owned, row.gpu.clone());
        let plan = plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap();
        let said = plan.warnings.iter().find(|w| w.path == "owned.watts_per_gpu").unwrap();
        assert!(said.hint.contains(&format!("type {:.0} W", row.watts)), "{}: {}", row.gpu, said.hint);
    }
    let other =
        CATALOG.accelerators.iter().find(|a| a.tdp_w.is_some() && CATALOG.all_in_power.iter().all(|r| r.gpu != a.id));
    let mut s = Scenario::default();
    (s.hardware.acquisition, s.hardware.accelerator) = (Acquisition::Owned, other.unwrap().id.clone());
    assert_eq!(warned(&s, "owned.watts_per_gpu", ""), 0);
}
