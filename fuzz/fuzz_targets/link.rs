//! Any text is a scenario with warnings or a refusal; what is read can be written, and the link written reads the same.
#![no_main]

use crossover::catalog::Catalog;
use crossover::scenario::{document, link};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded facts are valid"));

fuzz_target!(|text: &str| {
    let Ok((scenario, warnings)) = link::decode(text, &CATALOG) else { return };
    assert!(warnings.len() <= document::MAX_WARNINGS + 1);
    let Ok(written) = link::encode(&scenario, &CATALOG) else { return };
    let (again, _) = link::decode(&written, &CATALOG).expect("a link that was written can be read");
    assert_eq!(again, scenario, "{written}");
});
