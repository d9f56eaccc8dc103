//! Any text is a scenario that can be planned, or a message; what is written reads back the same.
#![no_main]

use crossover::catalog::Catalog;
use crossover::engine::{Effort, plan_with};
use crossover::scenario::{canonical_ids, document, read_text};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded facts are valid"));

fuzz_target!(|text: &str| {
    let Ok((mut scenario, warnings)) = read_text(text) else { return };
    assert!(warnings.len() <= document::MAX_WARNINGS + 1);
    canonical_ids(&mut scenario, &CATALOG);
    let (again, noticed) = document::read(&document::write(&scenario));
    assert_eq!(again, scenario, "{noticed:?}");
    if let Ok(plan) = plan_with(&scenario, &CATALOG, Effort { draws: 0 }) {
        let total = plan.cost.self_hosted.map(|lines| lines.total_usd_per_month);
        assert!(total.is_none_or(|usd| usd >= 0.0 || usd.is_nan()), "{total:?}");
        assert!(!plan.advice.sentence.is_empty());
    }
});
