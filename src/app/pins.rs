//! Scenarios pinned beside the one on the page: their answers, and what they are called.

use std::sync::Arc;

use leptos::prelude::*;

use super::state::{App, in_currency};
use crate::catalog::Catalog;
use crate::chart::{MOST_PINNED, Pin};
use crate::engine::{Effort, Plan, plan_with};
use crate::scenario::{Currency, Field, Group, Scenario, fields};

/// Differences named where a pinned scenario has no title of its own.
const NAMED: usize = 2;

/// The answers of the pinned scenarios, each planned once.
pub fn pinned(
    scenario: RwSignal<Scenario>,
    pins: RwSignal<Vec<Scenario>>,
    currency: Memo<Option<Currency>>,
    catalog: &'static Catalog,
) -> Memo<Vec<Pin>> {
    let plans = move |_: Option<&Vec<Arc<Plan>>>| {
        // A scenario that cannot be planned is refused before it is pinned, so that none is missing here.
        let all = pins.get();
        all.iter()
            .filter_map(|s| plan_with(s, catalog, Effort { draws: 0 }).ok())
            .map(|p| in_currency(Arc::new(p), currency))
            .collect()
    };
    // Pins that were changed are others; comparing every figure of their plans would tell nothing more.
    let plans = Memo::new_with_compare(plans, |_, _| true);
    Memo::new(move |_| {
        if plans.with(Vec::is_empty) {
            return Vec::new();
        }
        let names = pins.with(|pins| scenario.with(|now| pins.iter().map(|p| name(p, now)).collect::<Vec<_>>()));
        names.into_iter().zip(plans.get()).map(|(name, plan)| Pin { name, plan }).collect()
    })
}

/// The title of a pinned scenario, or in which it differs from the one on the page.
fn name(pin: &Scenario, now: &Scenario) -> String {
    if !pin.title.is_empty() && pin.title != now.title {
        return pin.title.clone();
    }
    let differences = fields().filter(|f| !matches!(f.group, Group::About | Group::Display)).filter_map(|f| {
        let (own, other) = (value(f, pin)?, value(f, now)?);
        (own != other).then(|| without_owner(&own).to_string())
    });
    let named: Vec<String> = differences.take(NAMED).collect();
    if named.is_empty() { "as it is now".into() } else { named.join(", ") }
}

/// A model or an API by its own name; a rate such as 50M/day as it is.
fn without_owner(value: &str) -> &str {
    let rate = value.starts_with(|c: char| c == '$' || c.is_ascii_digit());
    if rate { value } else { value.rsplit('/').next().unwrap_or(value) }
}

/// The value of a field in words; nothing for lists.
pub fn value(field: &Field<Scenario>, s: &Scenario) -> Option<String> {
    field.words(s)
}

/// Whether no more scenarios can be pinned.
pub fn full(app: App) -> bool {
    app.pins.with(|p| p.len() >= MOST_PINNED)
}

/// Pin the scenario as it stands.
pub fn pin(app: App) {
    let (scenario, mut pins) = app.moment();
    if let Err(e) = plan_with(&scenario, app.catalog, Effort { draws: 0 }) {
        return app.say(&e.to_string());
    }
    pins.push(scenario.clone());
    app.replace_all("pins", (scenario, pins));
    app.say("Pinned. Now change something: both are in the pictures and in the table under Compare.");
}

/// Change the pinned scenarios.
pub fn change(app: App, change: impl FnOnce(&mut Vec<Scenario>)) {
    let (scenario, mut pins) = app.moment();
    change(&mut pins);
    app.replace_all("pins", (scenario, pins));
}

/// Put a pinned scenario on the page, and the one on the page into its place.
pub fn swap(app: App, i: usize) {
    let (mut scenario, mut pins) = app.moment();
    if let Some(pin) = pins.get_mut(i) {
        std::mem::swap(pin, &mut scenario);
        app.replace_all("pins", (scenario, pins));
    }
}
