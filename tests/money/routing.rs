//! The per-step choice: equal to trying every assignment, and never cheaper for a requirement or a step more.

use crossover::engine::routing::instance::{Choice, Instance, Share};
use proptest::prelude::*;

use super::strategies::{hosted, log};

prop_compose! {
    fn choice(pools: usize)(
        api in prop_oneof![1 => Just(None), 6 => log(10.0, 200_000.0).prop_map(Some)],
        pool in prop_oneof![1 => Just(None), 6 => (0..pools, log(0.001, 5.0), prop_oneof![Just(0.0), log(1.0, 1_000.0)])
            .prop_map(|(pool, replicas, usd)| Some(Share { pool, replicas, usd }))],
    ) -> Choice {
        Choice { api_usd: api, pool }
    }
}

fn instance(most: usize) -> impl Strategy<Value = Instance> {
    (1_usize..4).prop_flat_map(move |pools| {
        let steps = prop::collection::vec(choice(pools), 1..=most);
        let pools = prop::collection::vec(hosted(), pools);
        (steps, pools, prop_oneof![Just(0.0), log(1.0, 20_000.0)])
            .prop_map(|(steps, pools, api_standing_usd)| Instance { steps, pools, api_standing_usd })
    })
}

/// The least of every assignment, tried one by one.
fn least(i: &Instance) -> f64 {
    let n = i.steps.len() as u32;
    let try_one = |code: u32| {
        let places = i.steps.iter().enumerate().map(|(k, s)| {
            let anywhere = s.api_usd.is_some() || s.pool.is_some();
            anywhere.then_some(code >> k & 1 == 1)
        });
        i.total_usd(&places.collect::<Vec<_>>())
    };
    (0..1_u32 << n).map(try_one).fold(f64::INFINITY, f64::min)
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn it_is_the_least_of_every_assignment(i in instance(9)) {
        let found = i.total_usd(&i.solve());
        prop_assert!(close(found, least(&i)), "{} instead of {}", found, least(&i));
    }

    #[test]
    fn a_requirement_never_makes_it_cheaper(i in instance(8), step in 0_usize..8) {
        let step = step % i.steps.len();
        prop_assume!(i.steps[step].pool.is_some());
        let mut stricter = i.clone();
        stricter.steps[step].api_usd = None;
        prop_assert!(stricter.total_usd(&stricter.solve()) >= i.total_usd(&i.solve()) * (1.0 - 1e-12));
    }

    #[test]
    fn a_step_more_never_lowers_the_total(i in instance(8)) {
        let mut fewer = i.clone();
        fewer.steps.pop();
        let (all, less) = (i.total_usd(&i.solve()), fewer.total_usd(&fewer.solve()));
        prop_assert!(all >= less * (1.0 - 1e-12), "{} with, {} without", all, less);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn sixteen_steps_are_still_exact(i in instance(16)) {
        prop_assert!(close(i.total_usd(&i.solve()), least(&i)));
    }
}
