//! Any text is a price list, a private price file, rows of the catalog, or a message; what is read can be held against the
//! catalog and kept, and what is kept reads the same.
#![no_main]

use std::sync::LazyLock;

use crossover::catalog::{ApiPrice, Catalog, GpuPrice, read_rows};
use crossover::import::prices::private::PrivatePrices;
use crossover::import::prices::{Source, diff};
use libfuzzer_sys::fuzz_target;

const TODAY: &str = "2026-11-23";

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded facts are valid"));

fn kept(prices: &PrivatePrices) {
    let again = PrivatePrices::read(&prices.write()).expect("what is written can be read");
    assert_eq!(again.rows, prices.rows);
}

fuzz_target!(|text: &str| {
    for source in [Source::Litellm, Source::Genai] {
        if let Ok(read) = source.read(text, TODAY) {
            let diff = diff::diff(read, &CATALOG);
            assert!(diff.lines().len() <= text.len() + 1);
            kept(&diff.keep(source, TODAY));
        }
    }
    if let Ok(prices) = PrivatePrices::read(text) {
        kept(&prices);
    }
    let rows = (read_rows::<GpuPrice>("gpu_prices.json", text), read_rows::<ApiPrice>("api_prices.json", text));
    if let (Err(gpu), Err(api)) = rows {
        assert!(!gpu.reason.is_empty() && !api.reason.is_empty());
    }
});
