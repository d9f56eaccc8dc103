//! Solving the crossings for inputs other than volume.

/// How far to either side of a flip the sign must hold, as a share of the value: steps can undo a change at once.
const HOLDS: f64 = 1e-6;
/// Flips that are looked at before the search is given up.
const TRIES: usize = 64;

/// Where the sign of `f` flips between `low` and `high` and holds for a millionth of the value to either side, by
/// bisection; `None` where both ends have the same sign, one of them is not a number, or no such flip is found.
///
/// The answer lies on the side of the flip that has the sign of `high`, so evaluating there confirms it.
pub fn flip(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let (start, end) = (f(low), f(high));
    if start.is_nan() || end.is_nan() || (start < 0.0) == (end < 0.0) {
        return None;
    }
    let as_above = |x: f64| (f(x) < 0.0) == (end < 0.0);
    let (mut from, mut to) = (low, high);
    for _ in 0..TRIES {
        let at = bisect(from, to, as_above);
        let (before, after) = ((at * (1.0 - HOLDS)).max(low), (at * (1.0 + HOLDS)).min(high));
        match (as_above(before), as_above(after)) {
            (false, true) => return Some(at),
            (_, false) => from = after,
            (true, true) if before > from => to = before,
            (true, true) => return None,
        }
    }
    None
}

/// The end of a flip that is as above it, by bisection between two ends that differ.
fn bisect(low: f64, high: f64, as_above: impl Fn(f64) -> bool) -> f64 {
    let (mut a, mut b) = (low, high);
    for _ in 0..100 {
        let middle = a + (b - a) / 2.0;
        if middle <= a || middle >= b {
            break;
        }
        if as_above(middle) { b = middle } else { a = middle }
    }
    b
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

    /// 0 is on the side of what is above it: as dear is not cheaper.
    #[test]
    fn what_is_level_is_not_below() {
        assert_eq!(flip(0.0, 8.0, |x| x - 4.0), Some(4.0));
        assert_eq!(flip(1.0, 8.0, |x| 1.0 - x), Some(1.0_f64.next_up()));
        assert_eq!(flip(1.0, 8.0, |x| x - 8.0), Some(8.0));
        let step = flip(1.0, 8.0, |x| if x > 4.0 { -1.0 } else { 0.0 });
        assert_eq!(step, Some(4.0_f64.next_up()));
    }

    #[test]
    fn nothing_flips_between_ends_alike_or_unknown() {
        let inside = |x: f64| if (4.0..6.0).contains(&x) { -1.0 } else { 1.0 };
        assert_eq!((flip(0.0, 10.0, inside), flip(0.0, 10.0, |x| -inside(x))), (None, None));
        assert_eq!(flip(1.0, 10.0, |x| if x < 5.0 { f64::NAN } else { -1.0 }), None);
        assert_eq!(flip(1.0, 10.0, |x| if x < 5.0 { -1.0 } else { f64::NAN }), None);
        assert_eq!(flip(1.0, 10.0, |x| if x < 5.0 { f64::NAN } else { 1.0 }), None);
    }

    /// A bug: "self-hosting becomes cheaper if you grow more than 87 % a month" named the place just below a step of the
    /// fleet, above which the API was cheaper again.
    #[test]
    fn a_flip_that_is_undone_at_once_is_none() {
        let holds = |x: f64| match x {
            x if x < 5.0 => 1.0,
            x if x < 5.000001 => -1.0,
            x if x < 8.0 => 1.0,
            _ => -1.0,
        };
        // The first place that bisection looks at lies in the short one.
        let found = flip(0.0, 10.0000005, holds).unwrap();
        assert!((found - 8.0).abs() < 1e-9, "{found}");
        let back = |x: f64| holds(10.0 - x);
        assert!((flip(0.0, 10.0, |x| -back(x)).unwrap() - 2.0).abs() < 1e-9);
    }

    /// A millionth of the value is far less than 1, and the next flip can be as near.
    #[test]
    fn a_flip_that_is_undone_at_once_is_none_beside_one_that_holds() {
        let holds = |x: f64| if x < 5.0 || (5.000001..5.5).contains(&x) { 1.0 } else { -1.0 };
        assert!((flip(0.0, 10.0000005, holds).unwrap() - 5.5).abs() < 1e-9);
        let before = |x: f64| holds(10.0 - x);
        assert!((flip(0.0, 10.0, |x| -before(x)).unwrap() - 4.5).abs() < 1e-9);
    }
}
