//! Pins that every numeric default of a scenario is explained in `public/catalog/defaults.json`, agrees with the
//! program, and lies inside its range.

use crossover::catalog::Catalog;
use crossover::quantity::Range;
use crossover::scenario::{Scenario, field, fields};

#[test]
fn every_numeric_default_is_explained_and_agrees() {
    let catalog = Catalog::embedded().unwrap();
    let scenario = Scenario::default();
    for f in fields() {
        let Some(default) = f.number().and_then(|n| (n.get)(&scenario)) else {
            assert!(catalog.default_value(f.path).is_none(), "{} has no default to explain", f.path);
            continue;
        };
        let row = catalog.default_value(f.path).unwrap_or_else(|| panic!("{} is not explained", f.path));
        assert_eq!(default, Range::point(row.value), "{}", f.path);
    }
}

#[test]
fn every_row_is_complete_ordered_and_inside_the_fields_bounds() {
    let catalog = Catalog::embedded().unwrap();
    let mut seen = std::collections::HashSet::new();
    for row in &catalog.defaults {
        assert!(seen.insert(&row.path), "{} is there twice", row.path);
        let number =
            field(&row.path).and_then(|f| f.number()).unwrap_or_else(|| panic!("{}: no such number", row.path));
        assert!(row.low <= row.value && row.value <= row.high, "{}", row.path);
        assert!(number.min <= row.low && row.high <= number.max, "{}", row.path);
        assert!(row.source.len() > 10 && row.as_of.len() == 10, "{}", row.path);
        assert_eq!(row.choice, row.source.starts_with("a choice"), "{}", row.path);
    }
}
