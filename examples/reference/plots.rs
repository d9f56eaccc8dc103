//! The pictures of the page of accuracy.

use super::memory_cases;
use super::scatter::{Plot, Series};
use super::speed_cases;

/// Quantities in bytes, with their names.
const MEMORY: [(&str, &str); 4] = [
    ("weights_bytes_total", "checkpoint size"),
    ("weights_bytes", "weights loaded on a GPU"),
    ("kv_pool_bytes", "KV pool"),
    ("activation_bytes", "activations"),
];
/// Engines whose published runs are compared.
const ENGINES: [&str; 4] = ["vllm", "sglang", "tensorrt-llm", "llama.cpp"];

/// Bytes of memory.
pub fn memory(cases: &[memory_cases::Case]) -> String {
    let series = MEMORY.map(|(quantity, name)| Series {
        name: name.into(),
        points: cases.iter().filter(|c| c.quantity == quantity).map(|c| (c.measured, c.predicted)).collect(),
    });
    Plot {
        title: "bytes",
        from: 7.0,
        labels: &["10 MB", "100 MB", "1 GB", "10 GB", "100 GB", "1 TB", "10 TB"],
        factor: None,
        series: series.into(),
    }
    .svg()
}

/// A quantity of the published runs, one colour an engine.
fn speed<'a>(cases: &[speed_cases::Case], quantities: &[&str], title: &'a str, labels: &'a [&'a str]) -> String {
    let of = |engine: &str| {
        let kept = |c: &&speed_cases::Case| c.engine == engine && quantities.contains(&c.quantity);
        Series { name: engine.into(), points: cases.iter().filter(kept).map(|c| (c.measured, c.predicted)).collect() }
    };
    let series = ENGINES.into_iter().map(of).filter(|s| !s.points.is_empty()).collect();
    Plot { title, from: if labels[0].starts_with("10 ") { 1.0 } else { 0.0 }, labels, factor: Some(2.0), series }.svg()
}

/// Every picture of the speed model with its file.
pub fn all_speed(cases: &[speed_cases::Case]) -> [(&'static str, String); 3] {
    let throughput = ["saturated_output_tokens_per_second", "output_tokens_per_second"];
    let per_second = ["10 /s", "100 /s", "1k /s", "10k /s", "100k /s"];
    [
        (
            "docs/src/images/speed-tpot.svg",
            speed(cases, &["tpot_ms"], "time per output token", &["1 ms", "10 ms", "100 ms", "1 s"]),
        ),
        (
            "docs/src/images/speed-ttft.svg",
            speed(cases, &["ttft_ms"], "time to first token", &["10 ms", "100 ms", "1 s", "10 s", "100 s"]),
        ),
        ("docs/src/images/speed-throughput.svg", speed(cases, &throughput, "output tokens per second", &per_second)),
    ]
}
