//! Hot paths of the cost: 10,000 draws over 18 months, and every crossing with every baseline.
//!
//! Measured on 2026-11-23, two shared cores, shortest of many runs, the default scenario with its 15 unsure inputs:
//! 7.4 ms natively; 13.1 ms in WebAssembly (size-optimised as the page is, single thread, V8), a whole plan 14.2 ms and
//! without draws 0.5 ms. The percentiles are the same to the last bit.

// The macro makes functions without docs.
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use crossover::catalog::Catalog;
use crossover::engine::deployment::Subject;
use crossover::engine::{break_even, cost, fleet, uncertainty};
use crossover::scenario::Scenario;

/// The shortest of many runs, ms: what the code takes where nothing else runs beside it.
fn least_of(runs: u32, mut f: impl FnMut()) -> f64 {
    (0..runs).fold(f64::INFINITY, |least, _| {
        let start = std::time::Instant::now();
        f();
        least.min(start.elapsed().as_secs_f64() * 1e3)
    })
}

fn benches(c: &mut Criterion) {
    let Ok(catalog) = Catalog::embedded() else { return };
    let scenario = Scenario::default();
    let warnings = &mut Vec::new();
    let Ok(subject) = Subject::of(&scenario, &catalog, warnings) else { return };
    let fleet = fleet::choose(&subject, warnings);
    let cost = cost::price(&subject, &fleet, warnings);
    let inputs = uncertainty::inputs(&subject, &fleet, &cost);
    let least = least_of(200, || drop(std::hint::black_box(uncertainty::draw(&inputs, &cost, 10_000))));
    println!(
        "10,000 draws, {} inputs, {} months: shortest of 200 runs {least:.2} ms",
        inputs.len(),
        cost.pricing.months
    );
    c.bench_function("10,000 draws", |b| b.iter(|| uncertainty::draw(&inputs, &cost, 10_000)));
    c.bench_function("inputs of the draws", |b| b.iter(|| uncertainty::inputs(&subject, &fleet, &cost)));
    c.bench_function("every crossing", |b| b.iter(|| break_even::solve(&cost)));
    c.bench_function("price both sides", |b| b.iter(|| cost::price(&subject, &fleet, &mut Vec::new())));
}

criterion_group!(all, benches);
criterion_main!(all);
