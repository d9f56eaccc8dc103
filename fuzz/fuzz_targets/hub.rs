//! Any id keeps its address under the base; any answer is a size, nothing or a message.
#![no_main]

use crossover::import::hub::{BASE, addresses, weights_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(a) = addresses(BASE, text) {
        assert!(a.config.starts_with(BASE) && !a.config.contains(".."));
    }
    if let Ok(Some(bytes)) = weights_bytes(text) {
        assert!(bytes.is_finite() && bytes > 0.0);
    }
});
