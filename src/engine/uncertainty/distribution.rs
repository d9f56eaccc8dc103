//! Quantile tables: a draw is one look-up and one interpolation, whatever the distribution.
//!
//! Positive amounts are log-normal on either side of the likely value (the median), so that 5 % lie below `low` and 5 %
//! above `high`. Shares, and amounts whose low end is 0, are PERT (a beta with its mode at the likely value) with ends
//! set so that the same holds, or as nearly as ends between 0 and 1 allow.

use crate::math::{exp, ln, pow};
use crate::scenario::Range;

/// Cells of a table.
const CELLS: usize = 256;
/// Where the first and the last entry of a table lie, as a share: the outermost 0.05 % are cut off.
const EDGE: f64 = 1.0 / 2048.0;
/// 95th percentile of the normal distribution.
const Z95: f64 = 1.644_853_626_951_472_7;

/// Which distribution a range stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Log-normal on either side of the likely value.
    LogNormal,
    /// PERT between ends that leave 5 % outside the range on either side.
    Pert,
}

/// A distribution as values at evenly spaced probabilities.
#[derive(Debug, Clone)]
pub struct Quantiles(Vec<f64>);

impl Quantiles {
    /// The table of a range. `most` is the largest value possible (1 for shares).
    pub fn of(range: Range, shape: Shape, most: f64) -> Self {
        Self(match shape {
            Shape::LogNormal => log_normal(range),
            Shape::Pert => pert(range, most),
        })
    }

    /// The value at a probability given as a whole number of 2^-32.
    #[inline]
    pub fn at(&self, probability: u32) -> f64 {
        let cell = (probability >> 24) as usize;
        let within = f64::from(probability & 0x00FF_FFFF) / 16_777_216.0;
        match self.0.get(cell..cell + 2) {
            Some(&[a, b]) => a + (b - a) * within,
            _ => f64::NAN,
        }
    }

    /// A table of what `f` makes of every value.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self(self.0.iter().map(|x| f(*x)).collect())
    }
}

/// Probabilities of the entries of a table.
fn probabilities() -> impl Iterator<Item = f64> {
    (0..=CELLS).map(|i| (i as f64 / CELLS as f64).clamp(EDGE, 1.0 - EDGE))
}

fn log_normal(r: Range) -> Vec<f64> {
    let (below, above) = (ln(r.likely / r.low) / Z95, ln(r.high / r.likely) / Z95);
    probabilities()
        .map(|p| {
            let z = inverse_normal(p);
            r.likely * exp(z * if z < 0.0 { below } else { above })
        })
        .collect()
}

/// Points of the density that is integrated.
const GRID: usize = 200;
/// Times the ends are moved out until 5 % lie outside on either side.
const ROUNDS: usize = 12;

fn pert(r: Range, most: f64) -> Vec<f64> {
    // 5 % of a symmetric PERT lie below 0.311 of the way from its end to its mode.
    let (mut a, mut b) = (r.likely - (r.likely - r.low) / 0.622, r.likely + (r.high - r.likely) / 0.622);
    for _ in 0..ROUNDS {
        (a, b) = (a.max(0.0), b.min(most));
        let steps = cumulative(a, r.likely, b);
        let (low, high) = (quantile(&steps, a, b, 0.05), quantile(&steps, a, b, 0.95));
        a = (a + r.low - low).clamp(0.0, r.likely);
        b = (b + r.high - high).clamp(r.likely, most);
    }
    let steps = cumulative(a, r.likely, b);
    probabilities().map(|p| quantile(&steps, a, b, p)).collect()
}

/// Distribution function of PERT(a, mode, b) at evenly spaced values from `a` to `b`.
fn cumulative(a: f64, mode: f64, b: f64) -> Vec<f64> {
    let width = b - a;
    let (alpha, beta) = (4.0 * (mode - a) / width, 4.0 * (b - mode) / width);
    let density = |i: usize| {
        let x = (i as f64 + 0.5) / GRID as f64;
        pow(x, alpha) * pow(1.0 - x, beta)
    };
    let mut sum = 0.0;
    let mut out = vec![0.0];
    for i in 0..GRID {
        sum += density(i);
        out.push(sum);
    }
    out.iter().map(|s| s / sum).collect()
}

fn quantile(steps: &[f64], a: f64, b: f64, p: f64) -> f64 {
    let i = steps.partition_point(|s| *s < p).max(1);
    let (from, to) = (steps[i - 1], steps[i]);
    let within = if to > from { (p - from) / (to - from) } else { 0.0 };
    a + (b - a) * (i as f64 - 1.0 + within) / (steps.len() - 1) as f64
}

/// Inverse of the normal distribution function. P. J. Acklam's rational approximation, relative error below 1.2e-9.
fn inverse_normal(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let poly = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, k| sum * x + k);
    if p > 0.5 {
        return -inverse_normal(1.0 - p);
    }
    if p < 0.024_25 {
        let q = (-2.0 * ln(p)).sqrt();
        return poly(&C, q) / (poly(&D, q) * q + 1.0);
    }
    let (q, r) = (p - 0.5, (p - 0.5) * (p - 0.5));
    poly(&A, r) * q / (poly(&B, r) * r + 1.0)
}

#[cfg(test)]
mod tests {
    //! The interval that went in comes out: 5 %, likely, 95 %.

    use super::*;

    fn at(q: &Quantiles, p: f64) -> f64 {
        q.at((p * 4_294_967_296.0) as u32)
    }

    #[test]
    fn the_normal_quantiles_are_the_tabled_ones() {
        for (p, z) in [(0.5, 0.0), (0.95, Z95), (0.975, 1.959_963_984_540_054), (0.001, -3.090_232_306_167_813_5)] {
            assert!((inverse_normal(p) - z).abs() < 1e-8, "{p}: {}", inverse_normal(p));
        }
    }

    #[test]
    fn a_log_normal_keeps_its_interval_and_its_median() {
        let q = Quantiles::of(Range { low: 1.0, likely: 3.0, high: 5.0 }, Shape::LogNormal, f64::INFINITY);
        for (p, x) in [(0.05, 1.0), (0.5, 3.0), (0.95, 5.0)] {
            assert!((at(&q, p) - x).abs() < 0.01, "{p}: {}", at(&q, p));
        }
        assert!(at(&q, 0.0) > 0.0);
    }

    #[test]
    fn a_pert_keeps_its_interval_inside_0_and_1() {
        for (low, likely, high) in [(0.2, 0.5, 0.79), (0.05, 0.1, 0.3), (0.6, 0.85, 0.95)] {
            let q = Quantiles::of(Range { low, likely, high }, Shape::Pert, 1.0);
            assert!((at(&q, 0.05) - low).abs() < 0.02, "low {low}: {}", at(&q, 0.05));
            assert!((at(&q, 0.95) - high).abs() < 0.02, "high {high}: {}", at(&q, 0.95));
            assert!(at(&q, 0.0) >= 0.0 && at(&q, 0.999_999) <= 1.0);
        }
        let at_zero = Quantiles::of(Range { low: 0.0, likely: 0.0, high: 0.3 }, Shape::Pert, 1.0);
        assert!(at(&at_zero, 0.5) > 0.0 && (at(&at_zero, 0.95) - 0.3).abs() < 0.02);
    }
}
