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
    pub(super) fn plain(&self) -> String {
        let magnitude = self.magnitude();
        if !(-7..=20).contains(&magnitude) {
            return format!("{}e{}", self.digits, self.exponent);
        }
        let n = self.digits.len();
        let places = self.exponent.unsigned_abs() as usize;
        if self.exponent >= 0 {
            return [&self.digits, zeros(places)].concat();
        }
        if places < n {
            let (whole, fraction) = self.digits.split_at(n - places);
            return [whole, ".", fraction].concat();
        }
        ["0.", zeros(places - n), &self.digits].concat()
    }
}

/// So many of them, as many as [`Decimal::plain`] writes out at most.
fn zeros(count: usize) -> &'static str {
    &"000000000000000000000"[..count]
}

/// Put commas between groups of three digits of the whole part.
pub(super) fn grouped(plain: &str) -> String {
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let mut out = String::with_capacity(plain.len() + plain.len() / 3);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
