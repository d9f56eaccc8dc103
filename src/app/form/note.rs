//! The head of a control: its label, whether it stands at the default, a way back, and what is behind it.

use std::sync::LazyLock;

use leptos::prelude::*;

use super::{Row, control_id};
use crate::app::parts::folded;
use crate::app::state::app;
use crate::scenario::Scenario;
use crate::scenario::field::{Kind, Number, Special};

/// The defaults, made once.
static DEFAULT: LazyLock<Scenario> = LazyLock::new(Scenario::default);

/// Whether a field has the value of the defaults.
pub fn is_default(field: Row, scenario: &Scenario) -> bool {
    let default = &*DEFAULT;
    match &field.kind {
        Kind::Number(n) => (n.get)(scenario) == (n.get)(default),
        Kind::Flag(f) => (f.get)(scenario) == (f.get)(default),
        Kind::Choice(c) => (c.get)(scenario) == (c.get)(default),
        Kind::Text(t) => (t.get)(scenario) == (t.get)(default),
        Kind::Special(Special::Steps) => scenario.steps.is_empty(),
        Kind::Special(Special::PriceChanges) => scenario.api.price_changes.is_empty(),
        Kind::Special(Special::ModelConfig) => scenario.model.config.is_none(),
    }
}

/// The default of a number that has one.
pub fn default_of(number: &Number<Scenario>) -> Option<f64> {
    (number.get)(&DEFAULT).map(|range| range.likely)
}

/// Put a field back to its default.
pub fn reset(field: Row, scenario: &mut Scenario) {
    let default = Scenario::default();
    match &field.kind {
        Kind::Number(n) => (n.set)(scenario, (n.get)(&default)),
        Kind::Flag(f) => (f.set)(scenario, (f.get)(&default)),
        Kind::Choice(c) => {
            (c.set)(scenario, (c.get)(&default));
        }
        Kind::Text(t) => (t.set)(scenario, (t.get)(&default).map(String::from)),
        Kind::Special(Special::Steps) => scenario.steps.clear(),
        Kind::Special(Special::PriceChanges) => scenario.api.price_changes.clear(),
        Kind::Special(Special::ModelConfig) => scenario.model.config = None,
    }
}

/// Label, reset and note of a control.
#[component]
pub fn Head(field: Row) -> impl IntoView {
    let app = app();
    let changed = Memo::new(move |_| app.seen.with(|s| !is_default(field, s)));
    let back = move |_| {
        app.edit(field.path, |s| reset(field, s));
        app.drop_drafts();
    };
    view! {
        <div class="head">
            <label for=control_id(field) id=format!("{}-label", control_id(field))>{field.label}</label>
            <button
                type="button"
                class="reset"
                class:invisible=move || !changed.get()
                tabindex=move || if changed.get() { "0" } else { "-1" }
                aria-hidden=move || (!changed.get()).to_string()
                aria-label=move || changed.get().then(|| format!("Reset {} to its default", field.label))
                on:click=back
            >
                "reset"
            </button>
            <Note field />
        </div>
    }
}

/// What a field means and where its default is from, one click away.
#[component]
fn Note(field: Row) -> impl IntoView {
    let app = app();
    let wanted = folded();
    let behind = move || super::rows::behind(field, app);
    view! {
        <details class="note" on:toggle=move |_| wanted.want()>
            <summary><span aria-hidden="true">"?"</span><span class="visually-hidden">{format!("About {}", field.label)}</span></summary>
            {move || wanted.get().then(|| view! {
                <div class="note-text">
                    <p>{format!("{}.", field.help())}</p>
                    {move || behind().into_iter().filter(|t| !t.is_empty()).map(|t| view! { <p>{t}</p> }).collect_view()}
                    <p class="quiet">{format!("In files: {}. In links: {}.", field.path, field.key)}</p>
                </div>
            })}
        </details>
    }
}
