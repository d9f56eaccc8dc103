//! Decimal numerals, so that `1.1M` is exactly the float nearest to 1,100,000: suffixes move the decimal point in the
//! text, they never multiply.

/// `digits` x 10^`exponent`; `digits` has no leading zero unless it is `0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: String,
    exponent: i32,
}

impl Decimal {
    /// The shortest numeral that reads back as `value`, which must be finite and not negative.
    pub(super) fn shortest(value: f64) -> Self {
        Self::of_scientific(&format!("{:e}", value.abs()))
    }

    /// `value` rounded to a number of significant digits.
    pub(super) fn rounded(value: f64, significant: usize) -> Self {
        Self::counted(value.abs(), significant).unwrap_or_else(|| Self::formatted(value, significant))
    }

    /// The same by counting, for numbers of common size: many times quicker than by formatting.
    fn counted(value: f64, significant: usize) -> Option<Self> {
        let (mut places, mut next) = (i32::try_from(significant.max(1)).ok()?, 1.0);
        while value >= next && next < 1e15 {
            (places, next) = (places - 1, next * 10.0);
        }
        let mut digits = counted(value, places)?;
        while digits % 10 == 0 {
            (digits, places) = (digits / 10, places - 1);
        }
        Some(Self { digits: digits_of(digits), exponent: -places })
    }

    /// The same by formatting.
    fn formatted(value: f64, significant: usize) -> Self {
        Self::of_scientific(&format!("{:.*e}", significant.saturating_sub(1), value.abs()))
    }

    /// From whole digits, fraction digits and an exponent.
    pub(super) fn new(whole: &str, fraction: &str, exponent: i32) -> Self {
        let all = [whole, fraction].concat();
        let exponent = exponent.saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX));
        let digits = all.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        if kept.is_empty() {
            return Self { digits: "0".into(), exponent: 0 };
        }
        let dropped = i32::try_from(digits.len() - kept.len()).unwrap_or(0);
        Self { digits: kept.into(), exponent: exponent.saturating_add(dropped) }
    }

    fn of_scientific(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        Self::new(whole, fraction, exponent.parse().unwrap_or(0))
    }

    /// Times 10^`places`.
    pub(super) fn shift(mut self, places: i32) -> Self {
        if self.digits != "0" {
            self.exponent = self.exponent.saturating_add(places);
        }
        self
    }

    /// The nearest float; infinite where none is near.
    pub(super) fn to_f64(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::INFINITY)
    }

    /// Power of ten of the first digit.
    pub(super) fn magnitude(&self) -> i32 {
        self.exponent.saturating_add(i32::try_from(self.digits.len()).unwrap_or(0)).saturating_sub(1)
    }

    /// Written out, or with an exponent where that would take more than about twenty characters.
    pub(super) fn plain(self) -> String {
        let magnitude = self.magnitude();
        if !(-7..=20).contains(&magnitude) {
            return format!("{}e{}", self.digits, self.exponent);
        }
        let (n, places, mut out) = (self.digits.len(), self.exponent.unsigned_abs() as usize, self.digits);
        if self.exponent >= 0 {
            out.push_str(zeros(places));
        } else if places < n {
            out.insert(n - places, '.');
        } else {
            out.insert_str(0, zeros(places - n));
            out.insert_str(0, "0.");
        }
        out
    }
}

/// The digits of a whole number, with room for what is written around them.
pub(super) fn digits_of(number: u64) -> String {
    let mut out = String::with_capacity(24);
    let mut unit = 1;
    while number / unit > 9 {
        unit *= 10;
    }
    while unit > 0 {
        out.push(char::from(b'0' + (number / unit % 10) as u8));
        unit /= 10;
    }
    out
}

/// How many 10^-`places` there are in `value`, rounded; nothing where it is halfway between two whole numbers, or so large
/// or small that whole numbers of a word do not tell.
pub(super) fn counted(value: f64, places: i32) -> Option<u64> {
    if !(0.1..1e15).contains(&value) || places > 3 {
        return None;
    }
    if places > 0 {
        // 53 bits times a thousand fit into a word, and a number below 2^52 is so many of a power of one half.
        let halvings = 1075 - (value.to_bits() >> 52);
        let bits = ((value.to_bits() & ((1 << 52) - 1)) | (1 << 52)) * 10u64.pow(places.unsigned_abs());
        let (whole, rest, half) = (bits >> halvings, bits & ((1 << halvings) - 1), 1 << (halvings - 1));
        return (rest != half).then_some(whole + u64::from(rest > half));
    }
    let one = 10u64.pow(places.unsigned_abs());
    let whole = value as u64 / one;
    // Both are multiples of the last bit of `value`, so nothing is lost.
    let twice = 2.0 * (value - (whole * one) as f64);
    (twice != one as f64).then_some(whole + u64::from(twice > one as f64))
}

/// So many of them, as many as [`Decimal::plain`] writes out at most.
fn zeros(count: usize) -> &'static str {
    &"000000000000000000000"[..count]
}

/// Put commas between groups of three digits of the whole part.
pub(super) fn grouped(mut plain: String) -> String {
    let mut place = plain.find('.').unwrap_or(plain.len());
    while place > 3 {
        place -= 3;
        plain.insert(place, ',');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_rounds_as_formatting_does() {
        let mut state = 1u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Around 10^-3 to 10^17, some with few digits, which are more often halfway.
            let power = crate::math::pow(10.0, (state >> 40) as f64 / f64::from(1 << 24) * 20.0 - 3.0);
            for value in [power, (power * 8.0).round() / 8.0, power.round(), (power / 5.0).round() * 5.0] {
                for significant in [2, 3] {
                    assert_eq!(Decimal::rounded(value, significant), Decimal::formatted(value, significant), "{value}");
                }
                if let Some(cents) = counted(value, 2) {
                    assert_eq!(format!("{}.{:02}", cents / 100, cents % 100), format!("{value:.2}"));
                    assert_eq!(digits_of(cents), cents.to_string());
                }
            }
        }
    }
}
