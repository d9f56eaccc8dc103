//! How load spreads over a day: a load-duration curve with the scenario's peak.
//!
//! Sorted from the busiest moment down, load at share `x` of the day is `p (1 - x)^(p - 1)` averages, where `p` is
//! peak over average. Its mean is exactly 1 and its peak exactly `p`, so nothing but `p` need be known.

use crate::math::{pow, powi};
use crate::scenario::Scenario;

/// Whole exponents below it are multiplied out.
const MULTIPLIED: f64 = 16.0;

/// Least level a fleet is sized for, in averages: with less nothing would be left to serve.
const LEAST_LEVEL: f64 = 0.01;

/// Load over a day, in units of its average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadCurve {
    /// Busiest hour over mean hour, at least 1.
    pub peak: f64,
    /// Share of requests that can wait, 0..1.
    pub batchable: f64,
    /// Share of the day whose load is carried, 0..1; what arrives above it goes elsewhere. `None` carries all of it.
    pub percentile: Option<f64>,
}

impl LoadCurve {
    /// A day with that peak and that share of work that can wait.
    pub fn new(peak_to_average: f64, batchable_share: f64) -> Self {
        Self { peak: peak_to_average.max(1.0), batchable: batchable_share.clamp(0.0, 1.0), percentile: None }
    }

    /// The day of a scenario. Nothing spills over where data must stay in house.
    pub fn of(scenario: &Scenario) -> Self {
        let w = &scenario.workload;
        let whole = Self::new(w.peak_to_average.likely, w.batchable_share.likely);
        whole.up_to(scenario.hardware.spill_percentile.filter(|_| !scenario.keeps_data()))
    }

    /// The same day with only that percentile of its load carried.
    pub fn up_to(self, percentile: Option<f64>) -> Self {
        Self { percentile, ..self }
    }

    /// Highest load that must be carried at once: what can wait fills the valleys, as far as there are any.
    pub fn level(&self) -> f64 {
        let whole = (self.peak * (1.0 - self.batchable)).max(1.0);
        match self.percentile {
            None => whole,
            Some(p) => whole.min((1.0 - self.batchable) * self.at(1.0 - p)).max(LEAST_LEVEL),
        }
    }

    /// Share of the tokens that arrive above that level once what can wait has been moved, 0..1.
    pub fn spilled(&self) -> f64 {
        if self.percentile.is_none() {
            return 0.0;
        }
        let (level, prompt) = (self.level(), 1.0 - self.batchable);
        let above = if prompt > 0.0 { prompt * self.tokens_above(level / prompt) } else { 0.0 };
        // Nor can more be carried than a fleet that is never idle does.
        above.max(1.0 - level).max(0.0)
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
        // A day without a peak is above any lower level all the time: the exponent is infinite then.
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
    fn what_is_carried_and_what_spills_make_up_the_day() {
        for (p, b, q) in [(3.0, 0.0, 0.95), (3.0, 0.3, 0.9), (1.5, 0.0, 0.5), (8.0, 0.6, 0.99), (3.0, 1.0, 0.8)] {
            let c = LoadCurve::new(p, b).up_to(Some(q));
            let level = c.level();
            let slices = 200_000;
            let prompt = |i: u32| (1.0 - b) * c.at((f64::from(i) + 0.5) / f64::from(slices));
            let (mut over, mut room) = (0.0, 0.0);
            for i in 0..slices {
                over += (prompt(i) - level).max(0.0) / f64::from(slices);
                room += (level - prompt(i)).max(0.0) / f64::from(slices);
            }
            let unmoved = (b - room).max(0.0);
            assert!((c.spilled() - over - unmoved).abs() < 1e-4, "{p} {b} {q}: {} {over} {unmoved}", c.spilled());
        }
    }

    #[test]
    fn a_higher_percentile_needs_more_and_spills_less() {
        let whole = LoadCurve::new(3.0, 0.2);
        let mut last = (0.0, 1.0);
        for q in [0.5, 0.8, 0.9, 0.95, 0.99, 1.0] {
            let c = whole.up_to(Some(q));
            assert!(c.level() >= last.0 && c.spilled() <= last.1);
            last = (c.level(), c.spilled());
        }
        assert!((last.0 - whole.level()).abs() < 1e-12 && last.1 < 1e-12);
    }

    /// A day as busy at all times, and one that is so but for rounding: all of it is above what is less.
    #[test]
    fn a_level_day_is_above_any_lower_level() {
        let level = LoadCurve::new(1.0, 0.0);
        assert_eq!((level.time_above(0.9), level.time_above(0.0), level.time_above(1.0)), (1.0, 1.0, 0.0));
        assert!((level.tokens_above(0.9) - 0.1).abs() < 1e-12);
        assert!((LoadCurve::new(1.0 + 1e-12, 0.0).time_above(0.9) - 1.0).abs() < 1e-9);
        // A peak of two falls evenly to nothing.
        assert!((LoadCurve::new(2.0, 0.0).time_above(0.5) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn what_can_wait_never_needs_more_than_the_mean() {
        assert_eq!(LoadCurve::new(3.0, 0.0).level(), 3.0);
        assert_eq!(LoadCurve::new(3.0, 0.5).level(), 1.5);
        assert_eq!(LoadCurve::new(3.0, 1.0).level(), 1.0);
    }
}
