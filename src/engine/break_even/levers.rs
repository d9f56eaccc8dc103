//! Solving the crossings for inputs other than volume.

/// Where the sign of `f` flips between `low` and `high`, by bisection; `None` where both ends have the same sign or one
/// of them is not a number.
///
/// The answer lies on the side of the flip that has the sign of `high`, so evaluating there confirms it.
pub fn flip(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let (start, end) = (f(low), f(high));
    if start.is_nan() || end.is_nan() || (start < 0.0) == (end < 0.0) {
        return None;
    }
    let (mut a, mut b) = (low, high);
    for _ in 0..100 {
        let middle = a + (b - a) / 2.0;
        if middle <= a || middle >= b {
            break;
        }
        if (f(middle) < 0.0) == (end < 0.0) { b = middle } else { a = middle }
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::flip;

    #[test]
    fn a_flip_is_found_at_lines_and_at_steps() {
        assert!((flip(0.0, 10.0, |x| x - 3.0).unwrap() - 3.0).abs() < 1e-12);
        let step = flip(0.0, 10.0, |x| if x > 7.25 { -1.0 } else { 1.0 }).unwrap();
        assert!(step > 7.25 && step < 7.25 + 1e-9);
        assert_eq!(flip(0.0, 1.0, |_| 1.0), None);
        assert_eq!(flip(0.0, 1.0, |_| f64::NAN), None);
    }
}
