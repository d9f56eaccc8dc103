//! Elementary functions that give the same bits natively and in WebAssembly.
//!
//! The platform's own `f64::ln`, `exp` and `powf` may differ in the last bit between targets; answers that reach a
//! link, a test or a picture must not, so everything goes through `libm`'s portable code.

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Logarithm to base 2.
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// Logarithm to base 10.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// e to the power of `x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `x` to the real power `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// `x` to the power `y` where the result is added to what is not many orders of magnitude smaller: 0 for what is known
/// to be below 2^-200, a hundred times sooner, and the last digits of the others are those of a logarithm times `y`.
pub fn pow_in_sum(x: f64, y: f64) -> f64 {
    let doublings = f64::from((x.to_bits() >> 52) as u16) - 1022.0;
    match x {
        _ if y == 0.0 => 1.0,
        x if x < 1.0 && doublings * y < -200.0 => 0.0,
        x => exp(y * ln(x)),
    }
}

/// `x` to the power of a whole number, by repeated squaring.
pub fn powi(x: f64, n: u32) -> f64 {
    let (mut base, mut n, mut out) = (x, n, 1.0);
    while n > 0 {
        if n & 1 == 1 {
            out *= base;
        }
        base *= base;
        n >>= 1;
    }
    out
}

/// The smallest whole number not below `x`, with values within one part in 10^9 of a whole number taken as that number,
/// so that rounding noise never buys a GPU.
#[inline]
pub fn ceil_tolerant(x: f64) -> f64 {
    // Whole numbers below 2^52 are found by conversion, which is one instruction on every target.
    if x.abs() < 4.5e15 {
        let whole = x as i64 as f64;
        let rest = x - whole;
        return match rest {
            r if r >= 0.5 => whole + 1.0,
            r if r > 0.0 => whole + f64::from(u8::from(r > 1e-9 * whole.max(1.0))),
            r if r > -0.5 => whole,
            r => whole - f64::from(u8::from(1.0 + r <= 1e-9 * (1.0 - whole))),
        };
    }
    let near = libm::round(x);
    if (x - near).abs() <= 1e-9 * near.abs().max(1.0) { near } else { libm::ceil(x) }
}

#[cfg(test)]
mod tests {
    use super::{ceil_tolerant, pow, pow_in_sum};

    #[test]
    fn only_powers_that_vanish_in_a_sum_are_left_out() {
        for (x, y) in [(0.5, 3.0), (0.98, 40.0), (0.01, 13.0), (1.0, 1e9), (2.0, 300.0), (0.0, 0.0), (1e-5, -2.0)] {
            assert!((pow_in_sum(x, y) / pow(x, y) - 1.0).abs() < 1e-13, "{x}^{y}");
        }
        for (x, y) in [(1e-5, 14.0), (0.24, 110.0), (0.0, 1.0), (1e-300, 2.0)] {
            assert!(pow_in_sum(x, y) == 0.0 && pow(x, y) < 1e-60, "{x}^{y}");
        }
    }

    #[test]
    fn rounding_up_forgives_noise_on_either_side_and_nothing_more() {
        let cases = [
            (0.0, 0.0),
            (0.49999999999999994, 1.0),
            (0.5, 1.0),
            (2.0, 2.0),
            (2.000000001, 2.0),
            (2.00000001, 3.0),
            (1.999999999, 2.0),
            (2.5, 3.0),
            (-2.0, -2.0),
            (-2.1, -2.0),
            (-2.9, -2.0),
            (-2.9999999999, -3.0),
            (-0.5, 0.0),
            (1e-12, 0.0),
            (4.5e15 + 1.0, 4.5e15 + 1.0),
        ];
        for (x, up) in cases {
            assert_eq!(ceil_tolerant(x), up, "{x}");
        }
        assert!(ceil_tolerant(f64::NAN).is_nan() && ceil_tolerant(f64::INFINITY) == f64::INFINITY);
    }
}
