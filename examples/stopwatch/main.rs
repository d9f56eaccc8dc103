//! What the hot paths take, natively and in WebAssembly: the same work behind both, so that their ratio means something.
//!
//! Natively it prints one JSON line (`cargo run --release --example stopwatch`), with how the time of a plan grows; in a
//! page it offers the same work to a script that times it (`make bench-browser`).

#[cfg(not(target_arch = "wasm32"))]
mod growth;
mod work;

/// Give the page `stopwatchNames` and `stopwatchRun(name, times)`.
#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::JsValue;
    use wasm_bindgen::closure::Closure;

    let Some(work) = work::Work::new() else { return };
    let run = Closure::<dyn Fn(String, u32) -> bool>::new(move |name: String, times: u32| {
        (0..times).all(|_| work.run(&name))
    });
    let global = js_sys::global();
    let put = |name: &str, value: &JsValue| js_sys::Reflect::set(&global, &name.into(), value).is_ok();
    if put("stopwatchNames", &work::NAMES.join("\n").into()) && put("stopwatchRun", run.as_ref()) {
        run.forget();
    }
}

#[cfg(not(target_arch = "wasm32"))]
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
    println!("{}", serde_json::json!({"native": rows, "growth": growth}));
}
