//! The cases that came out worst, by name, so that nobody has to find them.

use std::collections::BTreeMap;
use std::fmt::Write;

use crossover::quantity::{Unit, human};

use super::{memory_cases, speed_cases};

/// Relative error from which a case of memory is named.
const NAMED: f64 = 0.05;
/// Groups of runs named for each quantity.
const GROUPS: usize = 8;
/// Fewest runs of a group that is named: one run may be wrong itself.
const LEAST: usize = 2;

/// Cases of memory that are off by [`NAMED`] or more.
pub fn memory(out: &mut String, cases: &[memory_cases::Case]) {
    let mut rows: Vec<(f64, &memory_cases::Case)> =
        cases.iter().filter(|c| c.measured > 0.0).map(|c| (c.predicted / c.measured - 1.0, c)).collect();
    rows.retain(|(error, _)| error.abs() >= NAMED);
    rows.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let all = cases.iter().filter(|c| c.measured > 0.0).count();
    let _ = write!(
        out,
        "\n## The worst cases of memory\n\nAll {} of {all} that are off by {:.0} % or more.\n\n| What | Quantity | Measured | Predicted | Error |\n|---|---|--:|--:|--:|\n",
        rows.len(),
        NAMED * 100.0
    );
    for (error, c) in rows {
        let show = |v: f64| if c.quantity.contains("bytes") { human(v, Unit::Bytes) } else { format!("{v:.0}") };
        let (measured, predicted) = (show(c.measured), show(c.predicted));
        let _ = writeln!(out, "| {} | `{}` | {measured} | {predicted} | {:+.0} % |", c.what, c.quantity, error * 100.0);
    }
}

/// The groups of runs that came out worst, for each quantity.
pub fn speed(out: &mut String, cases: &[speed_cases::Case]) {
    let _ = write!(
        out,
        "\n## The worst runs\n\nRuns of one model, format, engine and accelerator, {LEAST} or more of them, whose median is furthest from 1: \
         above it the planner says more than was measured.\n\n| Quantity | What | Runs | Predicted over measured, median |\n|---|---|--:|--:|\n"
    );
    let names = [
        ("tpot_ms", "TPOT"),
        ("ttft_ms", "TTFT"),
        ("saturated_output_tokens_per_second", "saturated throughput"),
        ("output_tokens_per_second", "output tokens a second"),
    ];
    for (quantity, name) in names {
        for (what, runs, ratio) in groups(cases, quantity).into_iter().take(GROUPS) {
            let _ = writeln!(out, "| {name} | {what} | {runs} | {ratio:.2} |");
        }
    }
}

/// `(what, runs, median ratio)` of each group of a quantity, furthest from 1 first.
fn groups(cases: &[speed_cases::Case], quantity: &str) -> Vec<(String, usize, f64)> {
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for c in cases.iter().filter(|c| c.quantity == quantity && c.measured > 0.0) {
        found.entry(format!("{}, {}", c.what, c.engine)).or_default().push(c.predicted / c.measured);
    }
    let median = |mut ratios: Vec<f64>| {
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    };
    let far = |ratio: f64| ratio.max(1.0 / ratio);
    let mut out: Vec<(String, usize, f64)> =
        found.into_iter().filter(|(_, r)| r.len() >= LEAST).map(|(what, r)| (what, r.len(), median(r))).collect();
    out.sort_by(|a, b| far(b.2).total_cmp(&far(a.2)));
    out
}
