//! What would make a deployment work, each proved by the planner and one click away: under the verdict where the model does
//! not fit or is too slow, and beside the memory where it is the pinned load that has no room.

use leptos::prelude::*;
use serde_json::Value;

use crate::app::form::Row;
use crate::app::state::{App, app};
use crate::chart::{field_label, stands_in_the_way};
use crate::engine::{Plan, Remedy, remedies};
use crate::scenario::{Currency, document, field, fields};

/// A line of the list: what it says, and a field's path with its value where a click can try it.
type Fix = (String, Option<(&'static str, String)>);

/// The planner names a field and its value first: `quantization awq-int4 makes it fit on the same GPUs`.
fn of_hint(hint: &str) -> Fix {
    let known = hint
        .split_once(' ')
        .and_then(|(name, rest)| Some((fields().find(|f| f.name() == name)?, rest.split(' ').next()?.to_string())));
    // Called as the form calls it, where the planner has the field's name.
    let text = known.as_ref().map_or(hint.into(), |(field, _): &(Row, _)| hint.replacen(field.name(), field.label, 1));
    (text, known.map(|(field, value)| (field.path, value)))
}

/// The accelerator by the name that the picker shows.
fn value_of(app: App, remedy: &Remedy) -> String {
    let row = (remedy.path == "hardware.accelerator").then(|| app.catalog.accelerator(&remedy.value)).flatten();
    row.map_or_else(|| remedy.value.clone(), |a| a.name.clone())
}

fn of_remedy(app: App, remedy: &Remedy, currency: Option<&Currency>) -> Fix {
    let usd_per_month = remedy.usd_per_month.map(|usd| usd * currency.map_or(1.0, |c| c.per_usd));
    let outcome = Remedy { usd_per_month, ..remedy.clone() }.outcome();
    let text = format!("{} {}: {outcome}", field_label(remedy.path), value_of(app, remedy));
    (text, Some((remedy.path, remedy.value.clone())))
}

fn apply(app: App, path: &'static str, value: &str) {
    let Some(field) = field(path) else { return };
    app.edit(path, |s| {
        // What is offered was planned with this value, so that it is accepted.
        let _ = document::put_value(field, s, &Value::String(value.into()));
    });
    app.drop_drafts();
}

/// Changes that would make the answer at rest work; none while nothing is in the way.
#[derive(Clone, Copy)]
pub struct Remedies(Memo<Vec<Fix>>);

impl Remedies {
    pub fn new(app: App) -> Self {
        let known = move || app.currency.with(|c| all(app).iter().map(|r| of_remedy(app, r, c.as_ref())).collect());
        let stuck = move || app.rested.get().is_some_and(|p| stands_in_the_way(&p));
        Self(Memo::new(move |_| if stuck() { known() } else { Vec::new() }))
    }

    /// Whether there are any. While something moves, those for the answer before stay as long as something is in the way.
    pub fn are_there(self, app: App) -> bool {
        self.0.with(|all| !all.is_empty()) && app.shown.get().is_some_and(|p| stands_in_the_way(&p))
    }
}

fn all(app: App) -> Vec<Remedy> {
    app.scenario.with_untracked(|s| remedies(s, app.catalog))
}

fn row(app: App, (text, known): Fix) -> impl IntoView {
    let said = app.money(&text);
    let name = format!("Try it: {said}");
    let button = known.map(|(path, value)| {
        view! { <button type="button" aria-label=name on:click=move |_| apply(app, path, &value)>"Try it"</button> }
    });
    view! { <li><span>{said}</span>" "{button}</li> }
}

/// Under the verdict.
#[component]
pub fn WhatWouldHelp(remedies: Remedies) -> impl IntoView {
    let app = app();
    view! {
        <div class="fixes" id="fixes" class:hidden=move || !remedies.are_there(app)>
            <p>"What would help, each tried by the planner:"</p>
            <ul aria-label="What would help">
                {move || remedies.0.get().into_iter().map(|fix| row(app, fix)).collect_view()}
            </ul>
        </div>
    }
}

/// Beside the memory: what makes room there. Where something is in the way in all, a change is offered under the verdict
/// alone, where it says what it leads to.
#[component]
pub fn WhatMakesRoom() -> impl IntoView {
    let app = app();
    let hints = Memo::new(move |_| {
        let here = |p: &Plan, known: bool| !stands_in_the_way(p) || (!known && p.advice.verdict == "does_not_fit");
        let hints = |p: &Plan| {
            p.memory.hints.iter().map(|h| of_hint(h)).filter(|(_, known)| here(p, known.is_some())).collect::<Vec<_>>()
        };
        app.shown.get().map(|p| hints(&p)).unwrap_or_default()
    });
    view! {
        <ul class="fixes" aria-label="What would make room" class:hidden=move || hints.with(Vec::is_empty)>
            {move || hints.get().into_iter().map(|fix| row(app, fix)).collect_view()}
        </ul>
    }
}
