//! Of many combinations, those that no other beats in every respect.

use super::solve::State;

/// The states that no other beats in money and in the replicas filled of every pool of `live`. `states` come cheapest
/// first.
pub(super) fn undominated(states: Vec<State>, live: &[usize]) -> Vec<State> {
    match *live {
        [] => states.into_iter().take(1).collect(),
        [p] => emptier(states, p),
        [p, q] => staircase(states, p, q),
        _ => pairwise(states, live),
    }
}

/// With one pool: each dearer state must fill less of it.
fn emptier(states: Vec<State>, pool: usize) -> Vec<State> {
    let mut least = f64::INFINITY;
    let keep = |s: &State| {
        let better = s.filled[pool] < least;
        least = least.min(s.filled[pool]);
        better
    };
    states.into_iter().filter(keep).collect()
}

/// With two pools: the fills of those kept form a staircase, `p` ascending and `q` descending.
fn staircase(states: Vec<State>, p: usize, q: usize) -> Vec<State> {
    let mut stairs: Vec<(f64, f64)> = Vec::new();
    let keep = |s: &State| {
        let (x, y) = (s.filled[p], s.filled[q]);
        let right = stairs.partition_point(|(a, _)| *a <= x);
        if right > 0 && stairs[right - 1].1 <= y {
            return false;
        }
        let from = stairs.partition_point(|(a, _)| *a < x);
        let covered = stairs[from..].iter().take_while(|(_, b)| *b >= y).count();
        stairs.splice(from..from + covered, [(x, y)]);
        true
    };
    states.into_iter().filter(keep).collect()
}

fn pairwise(states: Vec<State>, live: &[usize]) -> Vec<State> {
    let mut kept: Vec<State> = Vec::new();
    for s in states {
        if !kept.iter().any(|k| live.iter().all(|p| k.filled[*p] <= s.filled[*p])) {
            kept.push(s);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

        // With none, one, two and three pools open, which are kept in three different ways.
        #[test]
        fn a_state_is_kept_exactly_if_none_before_it_fills_no_more_of_any_open_pool(
            fills in prop::collection::vec([0_u32..6, 0_u32..6, 0_u32..6], 0..14),
        ) {
            let state = |(k, filled): (usize, &[u32; 3])| State {
                usd: k as f64,
                filled: filled.map(f64::from).to_vec(),
                parent: 0,
                way: 0,
            };
            let states: Vec<State> = fills.iter().enumerate().map(state).collect();
            for live in [&[][..], &[1], &[0, 2], &[2, 1], &[0, 1, 2]] {
                let beats = |a: &State, b: &State| live.iter().all(|p| a.filled[*p] <= b.filled[*p]);
                let best = |k: &usize| !states[..*k].iter().any(|before| beats(before, &states[*k]));
                let expected: Vec<f64> = (0..states.len()).filter(best).map(|k| k as f64).collect();
                let kept: Vec<f64> = undominated(states.clone(), live).iter().map(|s| s.usd).collect();
                prop_assert_eq!(kept, expected, "{:?}", live);
            }
        }
    }
}
