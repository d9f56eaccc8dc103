//! Any text is a file of price rows or a message with line and column; rows that are read are sound.
#![no_main]

use crossover::catalog::{ApiPrice, GpuPrice, read_rows};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(e) = read_rows::<GpuPrice>("gpu_prices.json", text) {
        assert!(!e.reason.is_empty());
    }
    if let Err(e) = read_rows::<ApiPrice>("api_prices.json", text) {
        assert!(!e.reason.is_empty());
    }
});
