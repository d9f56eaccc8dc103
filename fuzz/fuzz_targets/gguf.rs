//! Any bytes are a header, a wish for more, or a message; a wish is never for more than the bound.
#![no_main]

use crossover::import::gguf::{MOST_HEADER_BYTES, Outcome, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Outcome::NeedMore(more)) = parse(bytes) {
        assert!(more > bytes.len() as u64 && more <= MOST_HEADER_BYTES);
    }
});
