//! The search against every assignment tried one by one, on small instances full of ties; the lower bounds where they are
//! the total itself; and what is cut off where there are too many combinations.

use super::super::instance::{Share, Side};
use super::*;
use crate::engine::cost::SelfHosted;
use crate::engine::fleet::FleetCurve;
use crate::engine::fleet::spares::Spares;
use proptest::prelude::*;

#[path = "../../../../tests/money/free.rs"]
mod free;

/// A pool that costs so much a replica, and so much more at the first.
fn pool(replica: f64, first_extra: f64) -> SelfHosted {
    SelfHosted { replica, first_extra, ..free::free(1e6) }
}

fn on(pool: usize, replicas: f64) -> Way {
    Way::pool(Share { pool, replicas }, 0.0)
}

/// A step that an API serves at a price, or a pool.
fn either(api_usd: f64, pool: usize, replicas: f64) -> Vec<Way> {
    vec![Way::api(api_usd), on(pool, replicas)]
}

fn instance(steps: Vec<Vec<Way>>, pools: Vec<SelfHosted>) -> Instance {
    Instance { steps, pools, api_standing_usd: 0.0 }
}

/// Every way to serve every step that has one.
fn every_assignment(i: &Instance) -> Vec<Assignment> {
    let mut all: Vec<Assignment> = vec![Vec::new()];
    for ways in &i.steps {
        let choices: Vec<Option<usize>> =
            if ways.is_empty() { vec![None] } else { (0..ways.len()).map(Some).collect() };
        all = all.iter().flat_map(|a| choices.iter().map(|c| [a.as_slice(), &[*c]].concat())).collect();
    }
    all
}

prop_compose! {
    /// Few different prices, so that many combinations cost the same; all sums are exact.
    fn small_pool()(
        replica in 0_u32..5,
        first in 0_u32..4,
        pinned in prop_oneof![5 => Just(None), 1 => (1_u32..4).prop_map(Some)],
        known in prop::bool::weighted(0.9),
    ) -> SelfHosted {
        let mut p = pool(f64::from(replica) * 4.0, f64::from(first) * 6.0);
        p.curve.pinned = pinned;
        p.known = known;
        p
    }
}

fn small_share(pools: usize) -> impl Strategy<Value = Share> {
    (0..pools, prop::sample::select(vec![0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 2.0]))
        .prop_map(|(pool, replicas)| Share { pool, replicas })
}

fn small_way(pools: usize) -> impl Strategy<Value = Way> {
    let side = || prop::sample::select(vec![Side::Api, Side::Pool]);
    let first = prop_oneof![2 => Just(None), 1 => side().prop_map(Some)];
    (first, side(), 0_u32..14, [small_share(pools), small_share(pools)]).prop_map(|(first, last, usd, shares)| {
        let pools = [first == Some(Side::Pool), last == Side::Pool];
        let shares = shares.into_iter().zip(pools).filter_map(|(s, takes)| takes.then_some(s)).collect();
        Way { first, last, usd: f64::from(usd), api_usd: 0.0, shares }
    })
}

fn small_instance(most_pools: usize) -> impl Strategy<Value = Instance> {
    (1..=most_pools).prop_flat_map(|pools| {
        let steps = prop::collection::vec(prop::collection::vec(small_way(pools), 0..5), 1..5);
        (steps, prop::collection::vec(small_pool(), pools), prop::sample::select(vec![0.0, 3.0, 10.0]))
            .prop_map(|(steps, pools, api_standing_usd)| Instance { steps, pools, api_standing_usd })
    })
}

/// Money of an assignment in a search: where the API is open, its migrations are paid.
fn money(search: &Search, assignment: &Assignment) -> f64 {
    let i = search.instance;
    let unused = !(0..i.steps.len()).filter_map(|s| i.way(assignment, s)).any(Way::uses_api);
    i.total_usd(assignment) + if search.open.api && unused { i.api_standing_usd } else { 0.0 }
}

fn opened(i: &Instance) -> Vec<Open> {
    let used = i.used_pools();
    if used.len() > MOST_POOLS_TRIED {
        return [false, true].into_iter().map(|api| Open::every_pool(i, api)).collect();
    }
    (0..2_u32 << used.len()).map(|set| Open::of(i, &used, set)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    // Five pools are more than every set is tried of. A step that is never called fills no replica of its pool, and a
    // bound that counted one there lost the best plan.
    #[test]
    fn nothing_costs_less_than_what_is_found(i in small_instance(5)) {
        let least = every_assignment(&i).iter().map(|a| i.total_usd(a)).fold(f64::INFINITY, f64::min);
        let solution = i.solve();
        prop_assert!(solution.exact);
        prop_assert_eq!(i.total_usd(&solution.assignment), least);
    }

    #[test]
    fn of_what_fills_every_open_pool_each_search_finds_the_least_below_its_limit(i in small_instance(5)) {
        let every = every_assignment(&i);
        for search in opened(&i).into_iter().filter_map(|open| Search::new(&i, open)) {
            let ways = |a: &Assignment| (0..i.steps.len()).filter_map(|s| i.way(a, s)).collect::<Vec<_>>();
            let allowed: Vec<&Assignment> = every.iter().filter(|a| ways(a).iter().all(|w| search.open.allows(w))).collect();
            let live = search.live(0);
            let fills_all = |a: &&&Assignment| live.iter().all(|p| i.filled(a)[*p] > 0.0 || !search.open.each_used);
            let least = |of: &mut dyn Iterator<Item = &&Assignment>| of.map(|a| money(&search, a)).fold(f64::INFINITY, f64::min);
            let (least_full, least_of_all) = (least(&mut allowed.iter().filter(fills_all)), least(&mut allowed.iter()));
            for limit in [least_full + 0.125, f64::INFINITY] {
                let (found, complete) = search.run(limit);
                prop_assert!(complete);
                let usd = found.as_ref().map_or(f64::INFINITY, |a| money(&search, a));
                prop_assert!(found.is_none_or(|a| ways(&a).iter().all(|w| search.open.allows(w))));
                prop_assert!(usd <= least_full && usd >= least_of_all, "{usd} of {least_full}, {least_of_all}");
                if limit.is_infinite() && i.pools.iter().all(|p| p.known) {
                    prop_assert_eq!(usd, least_of_all);
                }
            }
            if !search.steps.is_empty() {
                prop_assert_eq!(search.run(least_of_all), (None, true));
            }
        }
    }
}

/// Three steps that fill most of a replica for less than their API, and two that would need a second replica: one change
/// of a step's place from where the search begins never helps, two do.
fn two_changes_away() -> Instance {
    let filling = || either(36.0, 0, 0.3);
    let spilling = || either(46.0, 0, 0.45);
    instance(vec![filling(), filling(), filling(), spilling(), spilling()], vec![pool(100.0, 0.0)])
}

#[test]
fn a_plan_two_changes_away_is_found() {
    let i = two_changes_away();
    assert_eq!(i.total_usd(&i.start()), 200.0, "all on an API, or all on the pool");
    assert_eq!(i.total_usd(&i.solve().assignment), 100.0 + 92.0);
}

#[test]
fn a_step_that_is_never_called_keeps_no_plan_from_being_found() {
    let mut i = two_changes_away();
    i.pools.push(pool(1_000.0, 0.0));
    i.steps.push(vec![on(1, 0.0)]);
    assert_eq!(i.used_pools(), [0]);
    assert_eq!(i.total_usd(&i.solve().assignment), 100.0 + 92.0);
    // Nor does a large model that nothing is passed on to.
    i.steps.push(vec![Way { first: Some(Side::Api), usd: 5.0, ..on(1, 0.0) }]);
    assert_eq!(i.total_usd(&i.solve().assignment), 100.0 + 92.0 + 5.0);
}

#[test]
fn each_of_forty_models_gets_the_cheaper_place() {
    let steps = (0..40).map(|p| either(if p % 2 == 0 { 7.0 } else { 13.0 }, p, 1.0)).collect();
    let i = instance(steps, vec![pool(10.0, 0.0); 40]);
    let Solution { assignment, .. } = i.solve();
    assert_eq!(i.total_usd(&assignment), 20.0 * 7.0 + 20.0 * 10.0);
    assert_eq!(assignment, (0..40).map(|p| Some(p % 2)).collect::<Assignment>());
}

// All on an API costs 200 and so does all on the pool, and neither is one change away from the best.
#[test]
fn the_search_begins_where_a_steps_share_of_a_replica_costs_less_than_its_api() {
    let steps = [55.0, 55.0, 45.0, 45.0].map(|usd| either(usd, 0, 0.5)).to_vec();
    let i = instance(steps, vec![pool(100.0, 0.0)]);
    assert_eq!(i.total_usd(&[Some(0); 4]), 200.0);
    assert_eq!(i.start(), [Some(1), Some(1), Some(0), Some(0)]);
    assert_eq!(i.total_usd(&i.start()), 190.0);
}

// Nothing has to be run there.
#[test]
fn where_both_cost_the_same_a_step_stays_on_an_api() {
    let i = instance(vec![either(100.0, 0, 1.0), either(50.0, 1, 1.0)], vec![pool(100.0, 0.0), pool(20.0, 30.0)]);
    assert_eq!(i.solve(), Solution { assignment: vec![Some(0), Some(0)], exact: true });
}

#[test]
fn it_improves_one_change_at_a_time() {
    let i = instance(vec![either(60.0, 0, 0.5), either(50.0, 0, 0.5)], vec![pool(40.0, 0.0)]);
    assert_eq!(i.improved(vec![Some(0), Some(0)]), [Some(1), Some(1)]);
}

#[test]
fn the_slope_is_what_a_replica_more_costs() {
    let mut p = pool(100.0, 70.0);
    (p.power_per_replica, p.update_per_replica, p.update_people, p.every, p.people) = (7.0, 30.0, 500.0, 4.0, 900.0);
    let i = instance(Vec::new(), vec![p]);
    assert_eq!(i.slope(0), i.pool_usd(0, 3.0) - i.pool_usd(0, 2.0));
    assert_eq!(i.slope(0), 100.0 + 7.0 + 30.0 / 4.0);
}

#[test]
fn a_set_names_the_api_first_and_then_the_pools_in_use() {
    let i = instance(Vec::new(), vec![pool(1.0, 0.0); 4]);
    let open = |set: u32| {
        let open = Open::of(&i, &[0, 2, 3], set);
        (open.api, open.pools)
    };
    assert_eq!(open(0), (false, vec![false; 4]));
    assert_eq!(open(0b0001), (true, vec![false; 4]));
    assert_eq!(open(0b0010), (false, vec![true, false, false, false]));
    assert_eq!(open(0b1101), (true, vec![false, false, true, true]));
}

fn begin(search: &Search, usd: f64) -> State {
    State { usd, filled: vec![0.0; search.instance.pools.len()], parent: 0, way: 0 }
}

/// The bound before the first step, everything open.
fn bound_at_first(i: &Instance) -> f64 {
    let used = i.used_pools();
    let search = Search::new(i, Open::of(i, &used, (2 << used.len()) - 1)).unwrap();
    search.bound(0, &search.live(0), &begin(&search, 0.0))
}

/// Steps that only a pool can serve: six halves fill three replicas to the brim, two eighths hardly one.
fn filling(pool: usize, to_the_brim: bool) -> Vec<Vec<Way>> {
    if to_the_brim { vec![vec![on(pool, 0.5)]; 6] } else { vec![vec![on(pool, 0.125)]; 2] }
}

#[test]
fn where_pools_are_filled_to_the_brim_or_hardly_at_all_the_bound_is_the_total() {
    for pools in 1..=3_usize {
        for brim in 0..1_u32 << pools {
            let mut steps: Vec<Vec<Way>> = (0..pools).flat_map(|p| filling(p, brim >> p & 1 == 1)).collect();
            steps.push(vec![Way::api(7.0)]);
            let hosted = (0..pools).map(|p| pool(100.0 + p as f64, 30.0)).collect();
            let i = instance(steps, hosted);
            let total = i.total_usd(&i.solve().assignment);
            assert_eq!(bound_at_first(&i), total, "{pools} pools, to the brim {brim:b}");
        }
    }
}

#[test]
fn of_four_pools_the_bound_is_the_total_where_all_are_filled_alike() {
    for brim in [false, true] {
        let i = instance((0..4).flat_map(|p| filling(p, brim)).collect(), vec![pool(100.0, 30.0); 4]);
        assert_eq!(bound_at_first(&i), if brim { 4.0 * 330.0 } else { 4.0 * 130.0 });
    }
}

// One replica and a quarter are filled, and what is to come fits beside them: two replicas, known exactly.
#[test]
fn what_is_filled_already_counts_in_the_bound() {
    let mut other = on(0, 0.25);
    other.usd = 3.0;
    let i = instance(vec![vec![on(0, 1.25)], vec![other]], vec![pool(100.0, 30.0)]);
    for open in [Open::of(&i, &[0], 0b10), Open::every_pool(&i, false)] {
        let search = Search::new(&i, open).unwrap();
        let after = search.after(0, 0, &begin(&search, 11.0)).remove(0);
        assert_eq!((after.usd, after.filled[0]), (11.0, 1.25));
        assert_eq!(search.bound(1, &search.live(1), &after), 11.0 + 230.0 + 3.0);
        let end = search.after(1, 0, &after).remove(0);
        assert_eq!((end.usd, end.filled[0]), (11.0 + 230.0 + 3.0, 0.0), "the last step that uses a pool pays for it");
    }
}

#[test]
fn of_too_many_combinations_those_of_the_lowest_bounds_are_kept() {
    let i = instance(vec![vec![Way::api(1.0)]], Vec::new());
    let search = Search::new(&i, Open::of(&i, &[], 1)).unwrap();
    let states = || [5.0, 3.0, 4.0].map(|usd| begin(&search, usd)).to_vec();
    let kept = |most: usize| {
        let mut left = states();
        let all = search.keep_nearest(&mut left, most, 0, &[]);
        (all, left.iter().map(|s| s.usd).collect::<Vec<_>>())
    };
    assert_eq!(kept(3), (true, vec![5.0, 3.0, 4.0]));
    assert_eq!(kept(2), (false, vec![3.0, 4.0]));
}

/// Steps each twice as large as the one before, a replica and a half in all: every combination fills the pool in another
/// way, and those that fill exactly one replica cost least, 100 and 60 for the rest on the API. The last step could use
/// another pool, so two are open to the end.
fn doubling(steps: u32) -> Instance {
    let whole = f64::from((1_u32 << steps) - 1);
    let share = |k: u32| f64::from(1_u32 << k) * 1.5 / whole;
    let mut steps: Vec<Vec<Way>> = (0..steps).map(|k| either(120.0 * share(k), 0, share(k))).collect();
    steps.last_mut().unwrap().push(Way { usd: 1_000.0, ..on(1, 0.5) });
    instance(steps, vec![pool(100.0, 0.0), pool(0.0, 0.0)])
}

#[test]
fn sixteen_steps_with_two_ways_each_are_never_cut() {
    let i = doubling(16);
    let Solution { assignment, exact } = i.solve();
    assert!(exact);
    assert!((i.total_usd(&assignment) - 160.0).abs() < 1e-9, "{}", i.total_usd(&assignment));
}

#[test]
fn where_combinations_of_many_steps_were_cut_it_is_said() {
    let i = doubling(18);
    let Solution { assignment, exact } = i.solve();
    assert!(!exact);
    assert!((160.0 - 1e-9..=180.0 + 1e-9).contains(&i.total_usd(&assignment)), "{}", i.total_usd(&assignment));
}
