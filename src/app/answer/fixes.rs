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

fn of_remedy(remedy: &Remedy, currency: Option<&Currency>) -> Fix {
    let usd_per_month = remedy.usd_per_month.map(|usd| usd * currency.map_or(1.0, |c| c.per_usd));
    let outcome = Remedy { usd_per_month, ..remedy.clone() }.outcome();
    let text = format!("{} {}: {outcome}", field_label(remedy.path), remedy.value);
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

/// What is known to help the answer at rest.
fn known(app: App, plan: &Plan) -> Vec<Fix> {
    let tried = app.scenario.with_untracked(|s| remedies(s, app.catalog));
    if tried.is_empty() {
        return plan.memory.hints.iter().map(|h| of_hint(h)).collect();
    }
    app.currency.with(|c| tried.iter().map(|r| of_remedy(r, c.as_ref())).collect())
}

#[component]
pub fn Fixes(under_the_verdict: bool) -> impl IntoView {
    let app = app();
    let here = move |p: &Plan| match under_the_verdict {
        true => stands_in_the_way(p),
        false => p.advice.verdict != "does_not_fit" && !p.memory.hints.is_empty(),
    };
    let fixes = Memo::new(move |_| match under_the_verdict {
        true => app.rested.get().filter(|p| here(p)).map(|p| known(app, &p)).unwrap_or_default(),
        false => {
            let shown = app.shown.get().filter(|p| here(p));
            shown.map(|p| p.memory.hints.iter().map(|h| of_hint(h)).collect()).unwrap_or_default()
        }
    });
    // While something moves, what was found for the answer before stays as long as something is in the way.
    let hidden = move || fixes.with(Vec::is_empty) || !app.shown.get().is_some_and(|p| here(&p));
    let row = move |(text, known): Fix| {
        let said = app.money(&text);
        let name = format!("Try it: {said}");
        let button = known.map(|(path, value)| {
            view! { <button type="button" aria-label=name on:click=move |_| apply(app, path, &value)>"Try it"</button> }
        });
        view! { <li>{said}" "{button}</li> }
    };
    view! {
        <div class="fixes" class:hidden=hidden>
            <p>"What would help, each tried by the planner:"</p>
            <ul aria-label="What would help">{move || fixes.get().into_iter().map(row).collect_view()}</ul>
        </div>
    }
}
