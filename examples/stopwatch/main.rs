//! What the hot paths take, and how the time of a plan grows with months, steps, draws and the size of the catalog:
//! `cargo run --release --example stopwatch` prints it as JSON, in us. The shortest sample says most on a shared machine.
#![cfg_attr(target_arch = "wasm32", allow(unused))]

mod growth;
mod work;

fn main() {
    use std::time::Instant;

    let Some(work) = work::Work::new() else {
        eprintln!("the default scenario cannot be planned");
        std::process::exit(1);
    };
    let timed = |name: &str, times: u32| {
        let start = Instant::now();
        let done = (0..times).all(|_| work.run(name));
        (done, start.elapsed().as_secs_f64() * 1e6 / f64::from(times))
    };
    let mut rows = serde_json::Map::new();
    for name in work::NAMES {
        // As many runs a sample as fill a few milliseconds, which any clock can tell; the first sample warms up.
        let times = (4_000.0 / timed(name, 1).1.max(0.1)).clamp(1.0, 100_000.0) as u32;
        let mut samples: Vec<f64> = (0..41).map(|_| timed(name, times).1).skip(1).collect();
        samples.sort_by(f64::total_cmp);
        let at = |share: f64| samples[((samples.len() - 1) as f64 * share) as usize];
        rows.insert(name.into(), serde_json::json!({"least": at(0.0), "p50": at(0.5), "p95": at(0.95)}));
    }
    let growth = growth::measure(work.catalog());
    println!("{}", serde_json::json!({"work": rows, "growth": growth}));
}
