//! Exact percentiles of a column without sorting it: a histogram says which few values to look at.

/// Bins of the histogram.
const BINS: usize = 512;

/// Room to work in, kept between columns.
#[derive(Debug, Default)]
pub struct Scratch {
    bins: Vec<u16>,
    found: [Vec<f32>; 3],
}

/// The values at three shares of a column (nearest rank), or `None` for an empty one or one with holes.
pub fn three(column: &[f32], shares: [f64; 3], scratch: &mut Scratch) -> Option<[f64; 3]> {
    let (low, high) = ends(column)?;
    if low == high {
        return Some([f64::from(low); 3]);
    }
    let scale = (BINS - 1) as f32 / (high - low);
    let mut counts = [0_u32; BINS];
    scratch.bins.clear();
    scratch.bins.extend(column.iter().map(|x| ((x - low) * scale) as i32 as u16));
    for bin in &scratch.bins {
        counts[usize::from(*bin) % BINS] += 1;
    }
    let ranks = shares.map(|share| ((share * column.len() as f64).ceil() as u32).max(1) - 1);
    let places = ranks.map(|rank| place(&counts, rank));
    for found in &mut scratch.found {
        found.clear();
    }
    for (x, bin) in column.iter().zip(&scratch.bins) {
        for (found, (at, _)) in scratch.found.iter_mut().zip(&places) {
            if bin == at {
                found.push(*x);
            }
        }
    }
    let mut out = [0.0; 3];
    for k in 0..3 {
        let found = &mut scratch.found[k];
        let nth = (ranks[k] - places[k].1) as usize;
        if nth >= found.len() {
            return None;
        }
        out[k] = f64::from(*found.select_nth_unstable_by(nth, f32::total_cmp).1);
    }
    Some(out)
}

/// Least and greatest value; `None` for an empty column or one with holes.
fn ends(column: &[f32]) -> Option<(f32, f32)> {
    let first = *column.first()?;
    let (mut low, mut high, mut sum) = (first, first, 0.0_f32);
    for &x in column {
        low = if x < low { x } else { low };
        high = if x > high { x } else { high };
        sum += x * 0.0;
    }
    // Holes make the sum not a number, where comparisons alone would pass them over.
    (sum == 0.0).then_some((low, high))
}

/// The bin that holds a rank, and how many values lie in the bins before it.
fn place(counts: &[u32; BINS], rank: u32) -> (u16, u32) {
    let (mut before, mut at) = (0, 0);
    while at + 1 < BINS && before + counts[at] <= rank {
        before += counts[at];
        at += 1;
    }
    (at as u16, before)
}

#[cfg(test)]
mod tests {
    use super::{Scratch, three};

    #[test]
    fn they_are_those_of_the_sorted_column() {
        let mut state = 1_u32;
        let column: Vec<f32> = (0..9_973)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let x = f64::from(state) / 4_294_967_296.0;
                (x * x * x * 1e6) as f32
            })
            .collect();
        let mut sorted = column.clone();
        sorted.sort_by(f32::total_cmp);
        let found = three(&column, [0.1, 0.5, 0.9], &mut Scratch::default()).unwrap();
        for (share, x) in [0.1, 0.5, 0.9].into_iter().zip(found) {
            let rank = (share * 9_973.0_f64).ceil() as usize - 1;
            assert_eq!(x, f64::from(sorted[rank]));
        }
        assert_eq!(three(&[2.0; 7], [0.1, 0.5, 0.9], &mut Scratch::default()), Some([2.0; 3]));
        assert_eq!(three(&[], [0.1, 0.5, 0.9], &mut Scratch::default()), None);
        assert_eq!(three(&[f32::NAN], [0.1, 0.5, 0.9], &mut Scratch::default()), None);
    }

    #[test]
    fn amounts_below_zero_are_ranked_like_others() {
        for column in [[-5.0, 5.0, -1.0, 1.0, 0.0, 3.0, -3.0], [-9.0, -1.0, -4.0, -2.0, -8.0, -3.0, -7.0]] {
            let mut sorted = column.map(f64::from);
            sorted.sort_by(f64::total_cmp);
            let found = three(&column, [0.1, 0.5, 0.9], &mut Scratch::default());
            assert_eq!(found, Some([sorted[0], sorted[3], sorted[6]]));
        }
    }
}
