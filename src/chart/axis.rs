//! From values to pixels and back, and where the ticks go.

use crate::math::{ceil_tolerant, log10, pow};

/// A straight or logarithmic scale along one axis, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Value at `from_px`.
    pub from: f64,
    /// Value at `to_px`.
    pub to: f64,
    /// Pixel of `from`.
    pub from_px: f64,
    /// Pixel of `to`.
    pub to_px: f64,
    /// Whether equal ratios take equal lengths.
    pub logarithmic: bool,
}

impl Scale {
    /// A straight scale.
    pub fn linear(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { from: values.0, to: values.1, from_px: pixels.0, to_px: pixels.1, logarithmic: false }
    }

    /// A logarithmic scale; both values are positive.
    pub fn log(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { from: values.0, to: values.1, from_px: pixels.0, to_px: pixels.1, logarithmic: true }
    }

    /// Pixel of a value; values outside the scale are held at its ends.
    pub fn px(&self, value: f64) -> f64 {
        let share = match self.logarithmic {
            true => log10(value.max(f64::MIN_POSITIVE) / self.from) / log10(self.to / self.from),
            false => (value - self.from) / (self.to - self.from),
        };
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self.from_px + share * (self.to_px - self.from_px)
    }

    /// Value at a pixel.
    pub fn value(&self, px: f64) -> f64 {
        let share = ((px - self.from_px) / (self.to_px - self.from_px)).clamp(0.0, 1.0);
        match self.logarithmic {
            true => self.from * pow(self.to / self.from, share),
            false => self.from + share * (self.to - self.from),
        }
    }

    /// Whole decades of a logarithmic scale, every `n`th so that at most `most` remain.
    pub fn decades(&self, most: usize) -> Vec<f64> {
        let n = ceil_tolerant(log10(self.to / self.from)) as usize;
        let every = n / most.max(1) + 1;
        (0..=n).step_by(every).map(|i| self.from * pow(10.0, i as f64)).filter(|v| *v <= self.to * 1.000_001).collect()
    }

    /// Round ticks of a straight scale, about `most` of them.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        let step = round_step((self.to - self.from).abs(), most);
        let first = ceil_tolerant(self.from.min(self.to) / step);
        let last = self.from.max(self.to);
        (0..64).map(|i| (first + f64::from(i)) * step).take_while(|v| *v <= last + step * 1e-9).collect()
    }
}

/// The smallest of 1, 2, 5 times a power of ten that cuts a span into at most `most` parts.
pub fn round_step(span: f64, most: usize) -> f64 {
    let raw = (span / most.max(1) as f64).max(f64::MIN_POSITIVE);
    let power = pow(10.0, -ceil_tolerant(-log10(raw)));
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw * 0.999_999).unwrap_or(10.0 * power)
}

/// The top of an axis that starts at zero: the next round tick above the largest value.
pub fn round_top(most_value: f64, ticks: usize) -> f64 {
    if most_value.is_nan() || most_value <= 0.0 {
        return 1.0;
    }
    let step = round_step(most_value, ticks);
    ceil_tolerant(most_value / step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_values_are_inverse() {
        for s in [Scale::linear((0.0, 80.0), (40.0, 400.0)), Scale::log((1e6, 1e10), (40.0, 400.0))] {
            for px in [40.0, 123.0, 399.0] {
                assert!((s.px(s.value(px)) - px).abs() < 1e-9);
            }
            assert!(s.px(f64::NAN).is_finite() && s.px(-5.0) >= 40.0 && s.px(1e99) <= 400.0);
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(Scale::linear((0.0, 60_000.0), (0.0, 1.0)).ticks(4), [0.0, 20_000.0, 40_000.0, 60_000.0]);
        assert_eq!(Scale::log((1e6, 1e10), (0.0, 1.0)).decades(9), [1e6, 1e7, 1e8, 1e9, 1e10]);
        assert_eq!(round_top(43_000.0, 4), 60_000.0);
        assert_eq!(round_top(0.0, 4), 1.0);
    }
}
