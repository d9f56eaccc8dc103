//! Any text is a model that can be sized, or a message.
#![no_main]

use crossover::catalog::Catalog;
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::Memory;
use crossover::scenario::Scenario;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded facts are valid"));

fuzz_target!(|text: &str| {
    let Ok(imported) = crossover::import::config::parse(text) else { return };
    let mut scenario = Scenario::default();
    scenario.model.config = Some(imported.config);
    let subject = Subject::of(&scenario, &CATALOG, &mut Vec::new()).expect("what imports can be sized");
    let memory = Memory::size(&subject, Layout::new(8, 2));
    assert!(memory.sequence_bytes(8192.0).is_finite());
});
