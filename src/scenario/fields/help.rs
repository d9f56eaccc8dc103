//! What each field means, for people who ask: sentences of `help.json`, by path, which a page fetches after its first view.

use std::hint::black_box;
use std::sync::OnceLock;

use serde_json::{Map, Value};

static TEXTS: &str = include_str!("help.json");

/// The sentences. In a page they are carried by the part that this function belongs to, so that they are there by the time
/// it runs.
#[inline(never)]
fn texts() -> &'static Map<String, Value> {
    static READ: OnceLock<Map<String, Value>> = OnceLock::new();
    // What is known about the text while compiling does not hold before that part is there; the tests rule out a text that
    // cannot be read.
    READ.get_or_init(|| serde_json::from_str(black_box(TEXTS)).unwrap_or_default())
}

/// What the field at a path means.
pub fn help(path: &str) -> &'static str {
    texts().get(path).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS, fields};

    #[test]
    fn every_field_has_one_and_every_one_has_a_field() {
        let steps = STEP_FIELDS.iter().map(|f| f.path);
        let paths: Vec<&str> =
            fields().map(|f| f.path).chain(steps).chain(PRICE_CHANGE_FIELDS.iter().map(|f| f.path)).collect();
        for path in &paths {
            let help = help(path);
            assert!(!help.is_empty() && !help.ends_with('.'), "{path}: {help:?}");
        }
        assert_eq!(texts().len(), paths.len());
    }
}
