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
        let up = if rest > 0.0 { whole + 1.0 } else { whole };
        let near = match rest {
            r if r >= 0.5 => up,
            r if r <= -0.5 => whole - 1.0,
            _ => whole,
        };
        return if (x - near).abs() <= 1e-9 * near.abs().max(1.0) { near } else { up };
    }
    let near = libm::round(x);
    if (x - near).abs() <= 1e-9 * near.abs().max(1.0) { near } else { libm::ceil(x) }
}

#[cfg(test)]
mod tests {
    use super::ceil_tolerant;

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
