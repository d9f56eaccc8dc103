//! How the time of a plan grows with what it is asked for.

use std::hint::black_box;
use std::time::Instant;

use crossover::catalog::Catalog;
use crossover::engine::{Effort, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Scenario, Step};
use serde_json::{Map, Value, json};

/// Runs of which the shortest counts.
const RUNS: u32 = 25;

fn least_us(s: &Scenario, catalog: &Catalog, draws: u32) -> f64 {
    (0..RUNS).fold(f64::INFINITY, |least, _| {
        let start = Instant::now();
        let _ = black_box(plan_with(black_box(s), catalog, Effort { draws }));
        least.min(start.elapsed().as_secs_f64() * 1e6)
    })
}

fn steps(n: u32) -> Vec<Step> {
    let one = |i: u32| Step { calls_per_day: Range::point(1e4 * f64::from(i + 1)), ..Step::default() };
    (0..n).map(one).collect()
}

/// The catalog with every price and model so many times.
fn times(catalog: &Catalog, n: usize) -> Catalog {
    fn repeat<T: Clone>(rows: &[T], n: usize) -> Vec<T> {
        rows.iter().cycle().take(rows.len() * n).cloned().collect()
    }
    let mut out = catalog.clone();
    out.models = (0..n).flat_map(|_| catalog.models.iter()).cloned().collect();
    out.gpu_prices = repeat(&catalog.gpu_prices, n);
    out.api_prices = repeat(&catalog.api_prices, n);
    out
}

/// The shortest time in us by size, for each thing that can grow.
pub fn measure(catalog: &Catalog) -> Value {
    let plain = Scenario::default();
    let with = |change: &dyn Fn(&mut Scenario)| {
        let mut s = plain.clone();
        change(&mut s);
        s
    };
    let series = |sizes: &[u32], us: &dyn Fn(u32) -> f64| -> Value {
        sizes.iter().map(|n| json!([n, (us(*n) * 10.0).round() / 10.0])).collect()
    };
    let mut out = Map::new();
    let months = |n| least_us(&with(&|s| s.horizon_months = n), catalog, 10_000);
    out.insert("months, 10,000 draws".into(), series(&[3, 6, 12, 18, 24, 36], &months));
    let pipeline = |n| least_us(&with(&|s| s.steps = steps(n)), catalog, 0);
    out.insert("steps, no draws".into(), series(&[1, 2, 4, 8, 12, 16], &pipeline));
    let draws = |n| least_us(&plain, catalog, n);
    out.insert("draws".into(), series(&[100, 300, 1_000, 3_000, 10_000, 30_000], &draws));
    let rows = |n| least_us(&plain, &times(catalog, n as usize), 0);
    out.insert("catalog size, times today's, no draws".into(), series(&[1, 2, 4, 8, 16], &rows));
    Value::Object(out)
}
