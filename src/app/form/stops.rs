//! Where a slider can stand: round values only, so that a keyboard step always moves and a text never reads 50.1187M.

use crate::math::{log10, pow};
use crate::scenario::field::Number;

/// Mantissas of a decade, about evenly spaced by ratio.
const DECADE: [f64; 21] =
    [1.0, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0, 9.0];
/// Stops of a straight slider, at most.
const STRAIGHT: f64 = 200.0;

/// The stops of a number's slider, ascending.
pub fn stops<T>(number: &Number<T>) -> Vec<f64> {
    let s = number.slider;
    let mut all = if s.log { decades(s.low, s.high) } else { evenly(s.low, s.high, number.integer) };
    if number.integer {
        all.iter_mut().for_each(|v| *v = libm::round(*v));
        all.dedup();
    }
    all
}

fn decades(low: f64, high: f64) -> Vec<f64> {
    let first = log10(low).floor() as i32;
    let last = log10(high).ceil() as i32;
    // From whole numbers, so that 220 million is not 220000000.00000003 and 0.11 the float a reader's text parses to.
    let round = |power: i32, m: f64| {
        let (tenths, scale) = (libm::round(m * 10.0), pow(10.0, f64::from((power - 1).abs())));
        if power < 1 { tenths / scale } else { tenths * scale }
    };
    let all = (first..=last).flat_map(|p| DECADE.map(|m| round(p, m)));
    let mut inside: Vec<f64> = all.filter(|v| *v > low && *v < high).collect();
    inside.insert(0, low);
    inside.push(high);
    inside
}

fn evenly(low: f64, high: f64, integer: bool) -> Vec<f64> {
    let raw = (high - low) / STRAIGHT;
    let power = pow(10.0, log10(raw).floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= raw * 0.999).unwrap_or(raw);
    let step = if integer { step.max(1.0) } else { step };
    // Divide by a whole number where the step is a fraction, so that 0.05 is the float a reader's 5 % parses to.
    let at = |i: f64| if step < 1.0 { i / libm::round(1.0 / step) } else { i * step };
    let first = (low / step).ceil() as i64;
    let mut all: Vec<f64> = (first..).map(|i| at(i as f64)).take_while(|v| *v <= high * (1.0 + 1e-12)).collect();
    if all.first().is_none_or(|v| *v > low) {
        all.insert(0, low);
    }
    all
}

/// The stop nearest to a value, by ratio on a logarithmic slider.
pub fn nearest(stops: &[f64], value: f64) -> usize {
    let i = stops.partition_point(|s| *s < value);
    match (i.checked_sub(1).and_then(|b| stops.get(b)), stops.get(i)) {
        (Some(below), Some(above)) if value - below < above - value => i - 1,
        (_, Some(_)) => i,
        _ => stops.len().saturating_sub(1),
    }
}
