//! What would make the model fit, each proved by the planner and one click away: under the verdict where nothing fits, and
//! beside the memory where it is the pinned load that has no room.

use leptos::prelude::*;

use crate::app::form::Row;
use crate::app::state::{App, app};
use crate::engine::Plan;
use crate::quantity;
use crate::scenario::field::Kind;
use crate::scenario::fields;

/// The planner names a field and its value first: `quantization awq-int4 makes it fit on the same GPUs`.
fn parts(hint: &str) -> Option<(Row, &str)> {
    let (name, rest) = hint.split_once(' ')?;
    Some((fields().find(|f| f.name() == name)?, rest.split(' ').next()?))
}

fn apply(app: App, hint: &str) {
    let Some((field, value)) = parts(hint) else { return };
    app.edit(field.path, |s| match &field.kind {
        Kind::Choice(choice) => {
            (choice.set)(s, value);
        }
        Kind::Number(number) => {
            if let Ok(value) = quantity::parse_one(value, number.unit) {
                number.put_clamped(s, value);
            }
        }
        _ => {}
    });
    app.drop_drafts();
}

#[component]
pub fn Fixes(under_the_verdict: bool) -> impl IntoView {
    let app = app();
    let hints = Memo::new(move |_| {
        let here = |p: &Plan| (p.advice.verdict == "does_not_fit") == under_the_verdict;
        app.shown.get().filter(|p| here(p)).map(|p| p.memory.hints.clone()).unwrap_or_default()
    });
    let row = move |hint: String| {
        let known = parts(&hint).is_some();
        // Called as the form calls it, where the planner has the field's name.
        let text = parts(&hint).map_or(hint.clone(), |(field, _)| hint.replacen(field.name(), field.label, 1));
        let said = text.clone();
        let button = known.then(|| {
            view! { <button type="button" aria-label=format!("Try it: {said}") on:click=move |_| apply(app, &hint)>"Try it"</button> }
        });
        view! { <li>{text}" "{button}</li> }
    };
    view! {
        <ul class="fixes" aria-label="What would make it fit" class:hidden=move || hints.with(Vec::is_empty)>
            {move || hints.get().into_iter().map(row).collect_view()}
        </ul>
    }
}
