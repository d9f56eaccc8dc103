//! How often this thread looked at what reaches a page after its first view, for tests.

use std::cell::Cell;

thread_local! {
    static LOOKS: Cell<u32> = const { Cell::new(0) };
}

/// Note one.
pub fn note() {
    LOOKS.set(LOOKS.get() + 1);
}

#[cfg(test)]
mod tests {
    use super::LOOKS;
    use crate::catalog::{Reading, Words};
    use crate::engine::{Effort, plan_with};
    use crate::scenario::Scenario;

    #[test]
    fn the_first_view_is_answered_without_what_comes_later() {
        let mut reading = Reading::new().unwrap();
        while reading.step().unwrap() {}
        let catalog = reading.finish();
        let plan = || plan_with(&Scenario::default(), &catalog, Effort { draws: 100 }).unwrap();
        let (one, other) = (plan(), plan());
        assert!(one == other, "a plan is compared with the one before");
        assert_eq!(LOOKS.get(), 0);
        let sources: Vec<Words> = one.uncertainty.inputs.iter().map(|i| i.source.clone()).collect();
        assert!(sources.iter().all(|source| !source.is_empty()) && LOOKS.get() > 0);
    }
}
