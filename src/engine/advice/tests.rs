//! The bars of the advice at their very edges, where random scenarios never stand: a bar that is met exactly is met, sides
//! that cost the same are called neither cheaper nor dearer, and what lies behind is not promised.

use super::gates::judge;
use super::sentence::{percent, say, usd};
use super::*;
use crate::catalog::Catalog;
use crate::engine::break_even::{BECOMES_CHEAPER, Crossing};
use crate::engine::uncertainty::Uncertainty;
use crate::engine::{break_even, cost, fleet, projection, routing};
use crate::quantity::Range;
use crate::scenario::{Acquisition, QualityTier, Scenario, Step};

/// What the advice rests on, to be moved to an edge.
struct Parts {
    fleet: Fleet,
    cost: Cost,
    break_even: Vec<BreakEven>,
    projection: Projection,
    uncertainty: Uncertainty,
    routing: Option<Routing>,
}

/// What `then` makes of a scenario's evidence once `edge` has moved it.
fn of<T>(scenario: &Scenario, edge: impl FnOnce(&mut Parts), then: impl FnOnce(&Evidence) -> T) -> T {
    let (catalog, warnings) = (Catalog::embedded().unwrap(), &mut Vec::new());
    let scenario = &*routing::with_workload_of_steps(scenario);
    let subject = Subject::of(scenario, &catalog, warnings).unwrap();
    let fleet = fleet::choose(&subject, warnings);
    let cost = cost::price(&subject, &fleet, warnings);
    let break_even = break_even::solve(&cost);
    let projection = projection::project(&subject, &fleet, &cost, &break_even);
    let routing = routing::route(&subject, &fleet, &cost, warnings).map(|r| r.routing);
    let mut p = Parts { fleet, cost, break_even, projection, uncertainty: Uncertainty::default(), routing };
    edge(&mut p);
    then(&Evidence {
        subject: &subject,
        fleet: &p.fleet,
        cost: &p.cost,
        break_even: &p.break_even,
        projection: &p.projection,
        uncertainty: &p.uncertainty,
        routing: p.routing.as_ref(),
    })
}

fn p(x: f64) -> Range {
    Range::point(x)
}

const OPUS: &str = "anthropic/claude-opus-5.5";

/// A volume, compared with one dear model only.
fn against_opus(tokens_per_day: f64) -> Scenario {
    let mut s = Scenario::default();
    for id in [&mut s.api.same_weights, &mut s.api.nearest, &mut s.api.frontier] {
        *id = Some(OPUS.into());
    }
    s.workload.tokens_per_day = p(tokens_per_day);
    s
}

/// The same where the GPUs, the people and all around them cost nothing.
fn for_nothing(tokens_per_day: f64) -> Scenario {
    let mut s = against_opus(tokens_per_day);
    s.hardware.usd_per_gpu_hour = Some(p(0.0));
    s.people.engineer_usd_per_year = p(0.0);
    s.overhead.minimum_usd_per_month = p(0.0);
    s.overhead.egress_usd_per_month = p(0.0);
    s
}

#[test]
fn small_amounts_and_shares_are_not_rounded_to_the_ends() {
    assert_eq!([0.0, 0.01, 0.99].map(usd), ["$0", "under a dollar", "under a dollar"]);
    assert_eq!(usd(1.0), "$1");
    assert_eq!([0.0, 0.009, 0.01].map(percent), ["0 %", "under 1 %", "1 %"]);
    assert_eq!([0.99, 0.991, 1.0, 1.2].map(percent), ["99 %", "over 99 %", "100 %", "120 %"]);
}

/// A billionth above what the pinned replicas carry is a rounding error, half a token above a hundred is not.
#[test]
fn pinned_replicas_are_too_few_above_what_they_carry() {
    let stopped = |carried: f64, asked: f64| {
        let edge = |p: &mut Parts| {
            (p.fleet.runs, p.fleet.speed.targets_met) = (true, true);
            let curve = &mut p.cost.self_hosted.curve;
            (curve.pinned, curve.tokens_per_day_per_replica) = (Some(2), carried / 2.0);
            (p.cost.self_hosted.load, p.cost.tokens_per_day) = (1.0, asked);
        };
        of(&Scenario::default(), edge, |e| judge(e) == Verdict::TooSlow)
    };
    assert!(!stopped(1e12, 1e12) && !stopped(1e12, 1e12 + 500.0));
    assert!(stopped(100.0, 100.5));
}

#[test]
fn an_even_chance_and_a_tenth_of_an_engineer_are_enough() {
    let likely = |probability: f64| {
        let edge = |p: &mut Parts| p.uncertainty.probability_self_hosting_cheaper = Some(probability);
        of(&against_opus(1e9), edge, judge)
    };
    assert_eq!(likely(0.5), Verdict::SelfHost);
    assert_eq!(likely(0.499), Verdict::StayOnApi(Stop::Unlikely(0.499)));
    let run_by = |fte: f64| {
        let mut s = against_opus(1e9);
        s.people.run_fte = p(fte);
        of(&s, |_| {}, judge)
    };
    assert_eq!(run_by(0.1), Verdict::SelfHost);
    assert_eq!(run_by(0.099), Verdict::StayOnApi(Stop::Nobody));
}

/// Where self-hosting is free, it is cheaper from the first token on, and at none it is not.
#[test]
fn at_the_low_end_it_has_to_be_cheaper() {
    let down_to = |low: f64| {
        let mut s = for_nothing(1e9);
        s.workload.tokens_per_day.low = low;
        of(&s, |_| {}, judge)
    };
    assert_eq!(down_to(1.0), Verdict::SelfHost);
    assert_eq!(down_to(0.0), Verdict::StayOnApi(Stop::Volume(0.0)));
}

/// Nothing is served and nothing costs anything: both sides are level.
#[test]
fn sides_that_are_level_are_called_neither_cheaper_nor_dearer() {
    let level = for_nothing(0.0);
    of(
        &level,
        |_| {},
        |e| {
            assert_eq!((e.hosted().unwrap().total_usd_per_month, e.api_usd()), (0.0, Some(0.0)));
            assert!(matches!(judge(e), Verdict::StayOnApi(Stop::Never | Stop::Dearer)));
            let advice = advise(e);
            assert!(
                advice.reasons.iter().all(|r| !r.text.contains("Even with GPUs for nothing")),
                "{:?}",
                advice.reasons
            );
            assert!(advice.thresholds.iter().all(|t| t.path != "horizon_months"), "{:?}", advice.thresholds);
        },
    );
    let mut required = level;
    required.requirements.data_residency = true;
    let sentence = of(&required, |_| {}, |e| advise(e).sentence);
    assert!(!sentence.contains("more than"), "{sentence}");
}

#[test]
fn what_costs_nothing_is_not_among_the_lines() {
    let mut s = for_nothing(1e8);
    s.hardware.usd_per_gpu_hour = Some(p(2.0));
    (s.hardware.spare_replicas, s.overhead.share_of_gpu) = (0, p(0.0));
    let reasons = of(&s, |_| {}, |e| advise(e).reasons);
    let hosted = reasons.iter().find(|r| r.path == "cost.self_hosted.total_usd_per_month").unwrap();
    assert!(hosted.text.contains(" for GPUs") && !hosted.text.contains("$0"), "{}", hosted.text);
}

#[test]
fn reasons_are_given_only_where_they_hold() {
    let said = |s: &Scenario, words: &str| of(s, |_| {}, |e| advise(e).reasons.iter().any(|r| r.text.contains(words)));
    // One model in both roles: neither price is the lower one.
    assert!(said(&Scenario::default(), "is the one to beat") && !said(&against_opus(1e8), "is the one to beat"));
    let gap = |share: f64| {
        let mut s = Scenario::default();
        s.quality.task_error_gap = Some(p(share));
        s.quality.usd_per_error = p(0.0);
        said(&s, "Errors cost nothing in this plan")
    };
    assert!(gap(0.01) && !gap(0.0));
    let anywhere = |low: f64, high: f64| {
        let mut s = against_opus(1e8);
        s.workload.tokens_per_day = Range { low, likely: high / 2.0, high };
        said(&s, "measure it before you commit")
    };
    assert!(anywhere(1e8, 4e8) && anywhere(0.0, 4e8) && !anywhere(1e8, 3.9e8) && !anywhere(0.0, 0.0));
}

#[test]
fn pinned_replicas_that_pay_do_so_as_far_as_they_carry() {
    let mut s = against_opus(4e7);
    s.serving.replicas = Some(2);
    let reasons = of(&s, |_| {}, |e| advise(e).reasons);
    let crossing = reasons.iter().find(|r| r.path.starts_with("break_even")).unwrap();
    assert!(crossing.text.contains("is cheaper above") && crossing.text.contains("as far as"), "{}", crossing.text);
}

/// Crossings with the cheapest baseline, by volume, and whether self-hosting becomes cheaper there.
fn crossed(p: &mut Parts, at: &[(f64, bool)], always: Option<f64>) {
    let direction = |cheaper| if cheaper { BECOMES_CHEAPER } else { "api_becomes_cheaper" };
    let crossing = |(v, cheaper): &(f64, bool)| Crossing { tokens_per_day: *v, direction: direction(*cheaper) };
    let against = p.cost.cheapest(p.cost.tokens_per_day).unwrap().role.to_string();
    let crossings = at.iter().map(crossing).collect();
    let (never, unlisted_above_tokens_per_day) = (false, None);
    let always_cheaper_above_tokens_per_day = always;
    p.break_even = vec![BreakEven {
        against,
        crossings,
        unlisted_above_tokens_per_day,
        always_cheaper_above_tokens_per_day,
        never,
    }];
}

#[test]
fn only_a_volume_ahead_at_which_it_becomes_cheaper_is_promised() {
    let promised = |at: &[(f64, bool)]| {
        of(&against_opus(1e8), |p| crossed(p, at, None), |e| say(e, &Verdict::StayOnApi(Stop::Dearer)))
    };
    let none = "and no larger volume makes it cheaper.";
    let behind = promised(&[(2e7, true), (5e7, false)]);
    assert!(behind.ends_with(none), "{behind}");
    let dearer_ahead = promised(&[(1e8, true), (3e8, false)]);
    assert!(dearer_ahead.ends_with(none), "{dearer_ahead}");
    let ahead = promised(&[(2e7, true), (5e7, false), (2e8, true), (3e8, false)]);
    assert!(ahead.ends_with("it becomes cheaper above 200M tokens a day, but does not stay so."), "{ahead}");
}

#[test]
fn who_stands_at_the_threshold_need_not_look_again() {
    let at = |always: f64| {
        let edge = |p: &mut Parts| crossed(p, &[(always, true)], Some(always));
        of(&against_opus(1e8), edge, |e| advise(e).thresholds)
    };
    let (here, ahead) = (at(1e8), at(1.1e8));
    let volume = |t: &[Threshold]| t.iter().find(|t| t.path == "workload.tokens_per_day").unwrap().text.clone();
    assert!(
        volume(&ahead).starts_with("look again at") && !volume(&here).starts_with("look again"),
        "{}",
        volume(&here)
    );
    let used = |t: &[Threshold]| t.iter().any(|t| t.path == "fleet.utilization");
    assert!(used(&ahead) && !used(&here));
}

#[test]
fn utilisation_at_the_threshold_is_counted_as_the_fleets_is() {
    let mut s = against_opus(1e8);
    s.hardware.spill_percentile = Some(0.8);
    of(
        &s,
        |_| {},
        |e| {
            assert!(e.fleet.load.spilled() > 0.01);
            let thresholds = advise(e).thresholds;
            let used = thresholds.iter().find(|t| t.path == "fleet.utilization").unwrap();
            assert!((used.now / e.fleet.utilization() - 1.0).abs() < 1e-12, "{used:?}, not {}", e.fleet.utilization());
        },
    );
}

/// Two steps that nothing forces in house and that go there all the same.
fn by_choice() -> Scenario {
    let call = |name: &str, calls: f64, input: f64, output: f64| Step {
        name: name.into(),
        calls_per_day: p(calls),
        input_tokens: p(input),
        output_tokens: p(output),
        quality: QualityTier::Any,
        ..Step::default()
    };
    let mut s = Scenario { horizon_months: 10, ..Scenario::default() };
    s.steps = vec![
        Step { api: Some(OPUS.into()), ..call("draft", 250_000.0, 1_155.0, 211.0) },
        Step { quality: QualityTier::Frontier, ..call("decide", 1_000.0, 3_000.0, 500.0) },
    ];
    s
}

/// Steps in house for $600 a month instead of $1,000: over ten months a setup of $1,000 leaves exactly 30 %.
fn moved(setup: f64) -> impl FnOnce(&mut Parts) {
    move |p: &mut Parts| {
        let r = p.routing.as_mut().unwrap();
        (r.total_usd, r.api_usd, r.all_api_usd) = (600.0, 0.0, Some(1_000.0));
        p.cost.self_hosted.setup = setup;
        // The low end has a test of its own.
        p.cost.self_hosted.known = false;
    }
}

#[test]
fn a_pipelines_bars_are_met_exactly_at_them() {
    let s = by_choice();
    assert_eq!(of(&s, moved(1_000.0), judge), Verdict::SplitByStep);
    assert_eq!(of(&s, moved(1_001.0), judge), Verdict::StayOnApi(Stop::Payback));
    let run_by = |fte: f64| {
        let mut s = by_choice();
        s.people.run_fte = p(fte);
        of(&s, moved(0.0), judge)
    };
    assert_eq!(run_by(0.1), Verdict::SplitByStep);
    assert_eq!(run_by(0.099), Verdict::StayOnApi(Stop::Nobody));
}

/// The low end is judged by the cost of one pool; what several pools cost there is not known from it.
#[test]
fn the_low_end_of_several_pools_is_not_judged_by_one_of_them() {
    let mut s = by_choice();
    s.steps[0].calls_per_day.low = 1_000.0;
    assert!(matches!(of(&s, |_| {}, judge), Verdict::StayOnApi(Stop::Volume(_))));
    let two = |p: &mut Parts| {
        let pools = &mut p.routing.as_mut().unwrap().pools;
        pools.extend(pools.first().cloned());
    };
    assert_eq!(of(&s, two, judge), Verdict::SplitByStep);
}

/// Data that must stay in house puts no step there that nobody calls.
#[test]
fn a_pipeline_that_nobody_calls_has_nothing_to_serve() {
    let mut s = by_choice();
    for step in &mut s.steps {
        (step.calls_per_day, step.data_residency, step.quality) = (p(0.0), true, QualityTier::Any);
    }
    let advice = of(&s, |_| {}, advise);
    assert_eq!(advice.verdict, "stay_on_api");
    assert!(advice.sentence.ends_with("so there is nothing to serve."), "{}", advice.sentence);
}

/// Where a commitment makes self-hosting the dearer side, a lower price of its hours would make it the cheaper one.
#[test]
fn committed_hours_pay_below_a_price() {
    for way in [Acquisition::Reserved1y, Acquisition::Reserved3y, Acquisition::Spot] {
        let mut s = against_opus(8e7);
        s.hardware.acquisition = way;
        // A little below the volume from which on it is cheaper, where the rest costs less than the API takes.
        let pays = of(&s, |_| {}, |e| e.crossings().unwrap().always_cheaper_above_tokens_per_day.unwrap());
        s.workload.tokens_per_day = p(0.95 * pays);
        of(
            &s,
            |_| {},
            |e| {
                assert!(e.hosted().unwrap().total_usd_per_month > e.api_usd().unwrap(), "{way:?}");
                let thresholds = advise(e).thresholds;
                let price = thresholds.iter().find(|t| t.path == "hardware.usd_per_gpu_hour").unwrap();
                assert!(price.value < price.now && price.text.contains("becomes cheaper below"), "{price:?}");
            },
        );
    }
}
