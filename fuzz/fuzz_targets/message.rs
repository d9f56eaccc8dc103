//! A frame takes a theme from a well-formed message and nothing from any other.
#![no_main]

use crossover::export::message::{THEMES, theme};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|message: (Option<&str>, Option<f64>, Option<&str>)| {
    let (kind, version, name) = message;
    match theme(kind, version, name) {
        Some(word) => assert!(THEMES.contains(&word) && kind == Some("crossover:theme") && version == Some(1.0)),
        None => assert!(kind != Some("crossover:theme") || version != Some(1.0) || !name.is_some_and(|n| THEMES.contains(&n))),
    }
});
