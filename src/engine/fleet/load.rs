//! How load spreads over a day: a load-duration curve with the scenario's peak.
//!
//! Sorted from the busiest moment down, load at share `x` of the day is `p (1 - x)^(p - 1)` averages, where `p` is
//! peak over average. Its mean is exactly 1 and its peak exactly `p`, so nothing but `p` need be known.

use crate::math::{pow, powi};

/// Whole exponents below it are multiplied out.
const MULTIPLIED: f64 = 16.0;

/// Load over a day, in units of its average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadCurve {
    /// Busiest hour over mean hour, at least 1.
    pub peak: f64,
    /// Share of requests that can wait, 0..1.
    pub batchable: f64,
}

impl LoadCurve {
    /// A day with that peak and that share of work that can wait.
    pub fn new(peak_to_average: f64, batchable_share: f64) -> Self {
        Self { peak: peak_to_average.max(1.0), batchable: batchable_share.clamp(0.0, 1.0) }
    }

    /// Highest load that must be carried at once: what can wait fills the valleys, as far as there are any.
    pub fn level(&self) -> f64 {
        (self.peak * (1.0 - self.batchable)).max(1.0)
    }

    /// Load at share `x` of the day, busiest first, before anything is moved.
    pub fn at(&self, x: f64) -> f64 {
        let (rest, exponent) = ((1.0 - x).clamp(0.0, 1.0), self.peak - 1.0);
        // Peaks are mostly whole, and multiplying is many times quicker.
        let power = if exponent.fract() == 0.0 && exponent < MULTIPLIED {
            powi(rest, exponent as u32)
        } else {
            pow(rest, exponent)
        };
        self.peak * power
    }

    /// Share of the day in which load is above `level`.
    pub fn time_above(&self, level: f64) -> f64 {
        if level >= self.peak {
            return 0.0;
        }
        if self.peak - 1.0 < 1e-9 {
            return 1.0;
        }
        1.0 - pow((level / self.peak).max(0.0), 1.0 / (self.peak - 1.0))
    }

    /// Share of the day's tokens that arrive above `level`.
    pub fn tokens_above(&self, level: f64) -> f64 {
        let x = self.time_above(level);
        (1.0 - pow(1.0 - x, self.peak) - level * x).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_one_and_the_peak_is_the_peak() {
        for p in [1.0, 1.5, 2.0, 3.0, 8.0] {
            let c = LoadCurve::new(p, 0.0);
            let mean: f64 = (0..100_000).map(|i| c.at((f64::from(i) + 0.5) / 1e5)).sum::<f64>() / 1e5;
            assert!((mean - 1.0).abs() < 1e-3, "{p}: {mean}");
            assert_eq!(c.at(0.0), p);
            assert!((c.tokens_above(0.0) - 1.0).abs() < 1e-9);
            assert_eq!(c.tokens_above(p), 0.0);
        }
    }

    #[test]
    fn what_can_wait_never_needs_more_than_the_mean() {
        assert_eq!(LoadCurve::new(3.0, 0.0).level(), 3.0);
        assert_eq!(LoadCurve::new(3.0, 0.5).level(), 1.5);
        assert_eq!(LoadCurve::new(3.0, 1.0).level(), 1.0);
    }
}
