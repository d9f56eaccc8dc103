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
