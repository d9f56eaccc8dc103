//! Pins `docs/scenario.md` to the table of fields. After a change of the table: `crossover catalog fields > docs/scenario.md`.

use crate::terminal::crossover;

#[test]
fn the_reference_is_written_from_the_table() {
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scenario.md")).unwrap();
    assert!(
        crossover(&["catalog", "fields"]).stdout == file,
        "docs/scenario.md is out of date: crossover catalog fields > docs/scenario.md"
    );
}
