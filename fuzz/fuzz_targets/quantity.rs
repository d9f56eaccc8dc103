//! Any text is an ordered, finite range or a message; what is written exactly reads back bit for bit.
#![no_main]

use crossover::quantity::{Unit, compact_range, exact_range, human, parse, spoken};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let unit = Unit::ALL[usize::from(input.0) % Unit::ALL.len()];
    match parse(input.1, unit) {
        Ok(range) => {
            assert!(range.low <= range.likely && range.likely <= range.high && range.low >= 0.0);
            assert!(range.high.is_finite());
            assert_eq!(parse(&exact_range(range, unit), unit).as_ref(), Ok(&range));
            assert_eq!(parse(&compact_range(range, unit), unit).as_ref(), Ok(&range));
            assert!(!human(range.likely, unit).is_empty() && !spoken(range.likely, unit).is_empty());
        }
        Err(e) => assert!(!e.to_string().is_empty() && !e.hint().is_empty()),
    }
});
