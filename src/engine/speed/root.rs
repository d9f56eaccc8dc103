//! Where a rising function crosses zero, in few evaluations.

/// Evaluations after which the bracket is good enough for anything planned with it.
const MOST: u32 = 40;

/// The largest point known to lie on the negative side of a rising function, within `tolerance` of the crossing: false
/// position with the Illinois correction, kept inside a shrinking bracket. `low` must be on the negative side and
/// `high` on the other; their values are given.
pub fn below(low: (f64, f64), high: (f64, f64), tolerance: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let ((mut a, mut fa), (mut b, mut fb)) = (low, high);
    let mut last = 0;
    for _ in 0..MOST {
        if b - a <= tolerance * a.abs() {
            break;
        }
        let share = (fa / (fa - fb)).clamp(0.02, 0.98);
        let middle = a + (b - a) * share;
        let value = f(middle);
        if value < 0.0 {
            (a, fa) = (middle, value);
            // The other end did not move: halve its value, so that the next point lands beyond the crossing.
            if last == -1 {
                fb *= 0.5;
            }
            last = -1;
            if value > -tolerance {
                break;
            }
        } else {
            (b, fb) = (middle, value);
            if last == 1 {
                fa *= 0.5;
            }
            last = 1;
        }
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_bent_and_stepped_functions_are_crossed_from_below() {
        for f in [|x: f64| x - 3.0, |x: f64| x * x * x - 27.0, |x: f64| if x < 3.0 { -1.0 } else { 1.0 }] {
            let x = below((0.5, f(0.5)), (100.0, f(100.0)), 1e-6, f);
            assert!(x <= 3.0 && x > 3.0 * (1.0 - 1e-5), "{x}");
        }
    }

    /// The first point tried is the crossing itself, where the function is not negative any more.
    #[test]
    fn the_crossing_itself_is_beyond() {
        let f = |x: f64| x - 1.0;
        let x = below((0.0, f(0.0)), (4.0, f(4.0)), 1e-6, f);
        assert!(f(x) < 0.0 && f(x) > -1e-5, "{x}");
    }
}
