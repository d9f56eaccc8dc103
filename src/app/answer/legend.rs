//! What each line of a picture is, and a way to take it out of sight. What is hidden leaves the crosshair and the
//! vertical axis as well, so that the lines that stay have its room; the table keeps every line.

use leptos::prelude::*;

use super::panel::Stage;
use crate::chart::{Line, Side, letter};

/// A line that can be hidden: which, its name, the model of an API's, its side.
type Entry = (Line, String, Option<String>, Side);

fn entries(stage: Stage) -> Vec<Entry> {
    let app = stage.app;
    let known = |p: &crate::engine::Plan| {
        let api = |s: Side| p.curves.api.iter().any(|a| a.role == s.role());
        let own = !p.curves.self_hosted.is_empty();
        Side::ALL.into_iter().filter(|s| if *s == Side::SelfHosted { own } else { api(*s) }).collect::<Vec<_>>()
    };
    let model = |p: &crate::engine::Plan, s: Side| {
        let api = p.cost.api.iter().find(|a| a.role == s.role());
        api.map(|a| a.id.rsplit('/').next().unwrap_or(&a.id).to_string())
    };
    let named = |p: &crate::engine::Plan| known(p).into_iter().map(|s| (s, model(p, s))).collect::<Vec<_>>();
    let sides = app.shown.get().map(|p| named(&p)).unwrap_or_default();
    let own = sides.into_iter().map(|(s, model)| (Line::Of(s), s.label().to_string(), model, s));
    let pins = app.pinned.get();
    let pinned = pins
        .iter()
        .enumerate()
        .map(|(i, p)| (Line::Pinned(i), format!("{}: {}", letter(i), p.name), None, Side::SelfHosted));
    own.chain(pinned).collect()
}

#[component]
pub fn Legend(stage: Stage) -> impl IntoView {
    let lines = Memo::new(move |_| entries(stage));
    let button = move |(line, name, model, side): Entry| {
        let shown = move || stage.hidden.get() & line.bit() == 0;
        let dashes = line.dash().iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
        let width = if line == Line::Of(Side::SelfHosted) { "3" } else { "2" };
        view! {
            <button
                type="button"
                data-side=side.role()
                aria-pressed=move || shown().to_string()
                title="Show or hide this line; the axis follows"
                on:click=move |_| stage.hidden.update(|h| *h ^= line.bit())
            >
                <svg viewBox="0 0 28 4" width="28" height="4" aria-hidden="true">
                    <line x1="0" y1="2" x2="28" y2="2" stroke="currentColor" stroke-width=width stroke-dasharray=dashes />
                </svg>
                <span class="line-name">{name}{model.map(|m| view! { " "<small>{m}</small> })}</span>
            </button>
        }
    };
    view! {
        <div class="legend" role="group" aria-label="Lines shown">
            {move || lines.get().into_iter().map(button).collect_view()}
        </div>
    }
}
