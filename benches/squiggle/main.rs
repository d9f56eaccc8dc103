//! The same model as `model.squiggle`, drawn 10,000 times: prints its percentiles and the shortest time as JSON, for
//! `run.mjs` to set beside a general uncertainty tool.

use crossover::catalog::Catalog;
use crossover::engine::deployment::Subject;
use crossover::engine::{break_even, cost, fleet, uncertainty};
use crossover::quantity::Range;
use crossover::scenario::Scenario;

/// Runs of which the shortest counts.
const RUNS: usize = 200;

fn scenario() -> Scenario {
    let p = Range::point;
    let mut s = Scenario::default();
    s.workload.tokens_per_day = p(1.5e8);
    s.workload.growth_per_month = p(0.0);
    s.workload.cached_input_share = p(0.0);
    s.workload.peak_to_average = p(2.9);
    s.serving.tensor_parallel = Some(2);
    s.serving.replicas = Some(2);
    s.hardware.spare_replicas = 0;
    s.hardware.usd_per_gpu_hour = Some(Range { low: 3.0, likely: 18f64.sqrt(), high: 6.0 });
    s.overhead.share_of_gpu = p(0.21);
    s.overhead.minimum_usd_per_month = p(1.0);
    s.people.engineer_usd_per_year = Range { low: 150e3, likely: 45e9_f64.sqrt(), high: 300e3 };
    s.people.run_fte = Range { low: 0.25, likely: 0.5, high: 1.0 };
    s.people.setup_weeks = p(6.1);
    s.updates.every_months = p(100.0);
    s.updates.engineer_weeks = p(2.1);
    s.updates.api_migration_weeks = p(0.4);
    for id in [&mut s.api.same_weights, &mut s.api.nearest, &mut s.api.frontier] {
        *id = Some("anthropic/claude-opus-5.5".into());
    }
    s
}

fn main() {
    let (Ok(catalog), scenario, warnings) = (Catalog::embedded(), scenario(), &mut Vec::new()) else { return };
    let Ok(subject) = Subject::of(&scenario, &catalog, warnings) else { return };
    let fleet = fleet::choose(&subject, warnings);
    let cost = cost::price(&subject, &fleet, warnings);
    let inputs = uncertainty::inputs(&subject, &fleet, &cost);
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let start = std::time::Instant::now();
        std::hint::black_box(uncertainty::draw(&inputs, &cost, 10_000));
        least = least.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let u = uncertainty::draw(&inputs, &cost, 10_000);
    let band =
        |side: &str| u.bands.iter().find(|b| b.month == 2 && b.side == side).map(|b| [b.p10_usd, b.p50_usd, b.p90_usd]);
    let out = serde_json::json!({
        "ms": least,
        "usd_per_token": cost.api.first().map(|a| a.usd_per_token),
        "self_hosted": band("self_hosted"),
        "api": band("frontier"),
        "probability": u.probability_self_hosting_cheaper,
        "crossings": break_even::solve(&cost).len(),
    });
    println!("{out}");
}
