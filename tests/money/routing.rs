//! The per-step choice: equal to trying every assignment, cascades included, and never cheaper for a requirement or a
//! step more; and the volume at which a step's best place changes is where trying it says so.

use crossover::engine::routing::flips::{FARTHEST, flips};
use crossover::engine::routing::instance::{Instance, Share, Side, Way};
use proptest::prelude::*;

use super::strategies::{hosted, log};

/// A pool's share and what errors add.
fn share(pools: usize) -> impl Strategy<Value = (Share, f64)> {
    (0..pools, log(0.001, 5.0), prop_oneof![Just(0.0), log(1.0, 1_000.0)])
        .prop_map(|(pool, replicas, usd)| (Share { pool, replicas }, usd))
}

/// A step that an API, a pool or both can serve, or neither.
fn plain(pools: usize) -> impl Strategy<Value = Vec<Way>> {
    let api = prop_oneof![1 => Just(None), 6 => log(10.0, 200_000.0).prop_map(Some)];
    let pool = prop_oneof![1 => Just(None), 6 => share(pools).prop_map(Some)];
    (api, pool).prop_map(|(api, pool)| {
        let api = api.map(Way::api);
        api.into_iter().chain(pool.map(|(share, usd)| Way::pool(share, usd))).collect()
    })
}

/// The same with a small model that may try first, on an API and on a pool of its own.
fn cascaded(pools: usize) -> impl Strategy<Value = Vec<Way>> {
    let small = (log(1.0, 20_000.0), share(pools), 0.0..1.0, prop::option::weighted(0.7, any::<bool>()));
    (plain(pools), small).prop_map(|(mut ways, (usd, (first, errors), escalated, kind))| {
        let Some(by_pool) = kind else { return ways };
        let behind = |w: &Way| {
            let mut way = Way { first: Some(Side::Api), usd: usd + escalated * w.usd, api_usd: usd, ..w.clone() };
            way.shares.iter_mut().for_each(|s| s.replicas *= escalated);
            if by_pool {
                way.first = Some(Side::Pool);
                way.usd = errors * (1.0 - escalated) + escalated * w.usd;
                way.shares.insert(0, first);
            }
            way
        };
        let cascades: Vec<Way> = ways.iter().map(behind).collect();
        ways.extend(cascades);
        ways
    })
}

fn instance<S: Strategy<Value = Vec<Way>> + 'static>(
    least: usize,
    most: usize,
    step: impl Fn(usize) -> S + Clone + 'static,
) -> impl Strategy<Value = Instance> {
    (1_usize..4).prop_flat_map(move |pools| {
        let steps = prop::collection::vec(step(pools), least..=most);
        let pools = prop::collection::vec(hosted(), pools);
        (steps, pools, prop_oneof![Just(0.0), log(1.0, 20_000.0)])
            .prop_map(|(steps, pools, api_standing_usd)| Instance { steps, pools, api_standing_usd })
    })
}

/// The least of every assignment, tried one by one.
fn least(i: &Instance) -> f64 {
    let choices: Vec<usize> = i.steps.iter().map(|ways| ways.len().max(1)).collect();
    let all: usize = choices.iter().product();
    let mut best = f64::INFINITY;
    let mut assignment = vec![None; choices.len()];
    for code in 0..all {
        let mut rest = code;
        for (k, n) in choices.iter().enumerate() {
            assignment[k] = (!i.steps[k].is_empty()).then_some(rest % n);
            rest /= n;
        }
        best = best.min(i.total_usd(&assignment));
    }
    best
}

fn found(i: &Instance) -> f64 {
    i.total_usd(&i.solve().assignment)
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn it_is_the_least_of_every_assignment(i in instance(1, 9, plain)) {
        prop_assert!(i.solve().exact);
        prop_assert!(close(found(&i), least(&i)), "{} instead of {}", found(&i), least(&i));
    }

    #[test]
    fn with_cascades_it_is_the_least_of_every_assignment(i in instance(1, 5, cascaded)) {
        prop_assert!(i.solve().exact);
        prop_assert!(close(found(&i), least(&i)), "{} instead of {}", found(&i), least(&i));
    }

    #[test]
    fn a_requirement_never_makes_it_cheaper(i in instance(1, 8, cascaded), step in 0_usize..8) {
        let step = step % i.steps.len();
        prop_assume!(i.steps[step].iter().any(|w| !w.uses_api()));
        let mut stricter = i.clone();
        stricter.steps[step].retain(|w| !w.uses_api());
        prop_assert!(found(&stricter) >= found(&i) * (1.0 - 1e-12));
    }

    #[test]
    fn a_step_more_never_lowers_the_total(i in instance(1, 8, cascaded)) {
        let mut fewer = i.clone();
        fewer.steps.pop();
        prop_assert!(found(&i) >= found(&fewer) * (1.0 - 1e-12), "{} with, {} without", found(&i), found(&fewer));
    }

    #[test]
    fn a_cascade_more_never_raises_the_total(i in instance(1, 8, cascaded)) {
        let mut without = i.clone();
        without.steps.iter_mut().for_each(|ways| ways.retain(|w| w.first.is_none()));
        prop_assume!(without.steps.iter().all(|ways| !ways.is_empty()));
        prop_assert!(found(&i) <= found(&without) * (1.0 + 1e-12));
    }

    #[test]
    fn the_best_way_changes_where_a_flip_says_and_nowhere_nearer(i in instance(1, 4, cascaded), step in 0_usize..4) {
        let step = step % i.steps.len();
        let chosen = i.solve().assignment;
        let Some(now) = chosen[step] else { return Ok(()) };
        let found = flips(&i, &chosen, step, 1e6);
        // The total with the step at a volume, served in each of its ways, everything else where it is.
        let best = |scale: f64| {
            let mut at = i.clone();
            at.steps[step].iter_mut().for_each(|w| {
                w.usd *= scale;
                w.shares.iter_mut().for_each(|s| s.replicas *= scale);
            });
            let usd = |k: usize| {
                let mut other = chosen.clone();
                other[step] = Some(k);
                at.total_usd(&other)
            };
            let least = (0..at.steps[step].len()).map(usd).fold(f64::INFINITY, f64::min);
            usd(now) <= least + 1e-6 * least.abs() || usd(now) == least
        };
        for side in ["below", "above"] {
            let flip = found.iter().find(|f| f.side == side).map(|f| f.tokens_per_day / 1e6);
            let end = flip.unwrap_or(if side == "above" { FARTHEST } else { 1.0 / FARTHEST });
            for k in 1..40 {
                let scale = end.powf(f64::from(k) / 40.0);
                prop_assert!(best(scale), "{side}: another way is better at {scale}, before {end}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn sixteen_steps_are_still_exact(i in instance(16, 16, plain)) {
        prop_assert!(i.solve().exact);
        prop_assert!(close(found(&i), least(&i)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn sixteen_steps_with_cascades_are_searched_to_the_end(i in instance(16, 16, cascaded)) {
        prop_assert!(i.solve().exact);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_preference_is_cheaper_than_the_plan(i in instance(1, 8, cascaded)) {
        let api = found(&i.preferring(|w| !w.uses_pool()));
        let own = found(&i.preferring(|w| !w.uses_api()));
        prop_assert!(found(&i) <= api.min(own) * (1.0 + 1e-12));
    }
}
