//! Any text is a table of steps that is written and read again the same, or at most a page of problems.
#![no_main]

use crossover::scenario::steps_csv::{read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match read(text) {
    Ok(steps) => {
        assert!(!steps.is_empty());
        assert_eq!(read(&write(&steps)).as_ref(), Ok(&steps));
    }
    Err(problems) => assert!(!problems.is_empty() && problems.iter().all(|p| !p.to_string().is_empty())),
});
