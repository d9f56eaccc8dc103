//! Any text is a size or a message.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(bytes) = crossover::import::index::total_size(text) {
        assert!(bytes >= 1.0);
    }
});
