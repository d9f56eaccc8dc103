//! When to look again, and which input is worth measuring first.

use leptos::prelude::*;

use crate::app::state::app;
use crate::chart::field_label;
use crate::chart::words::usd_exact;

#[component]
pub fn Thresholds() -> impl IntoView {
    let app = app();
    let texts = Memo::new(move |_| {
        app.rested
            .get()
            .map(|p| p.advice.thresholds.iter().map(|t| t.text.clone()).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let worth = Memo::new(move |_| {
        let plan = app.rested.get();
        plan.map(|p| {
            p.uncertainty
                .value_of_information
                .iter()
                .filter(|v| v.usd >= 1.0)
                .take(4)
                .map(|v| (field_label(&v.path), usd_exact(v.usd)))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    view! {
        <section class="panel text-panel" id="thresholds" class:hidden=move || texts.with(Vec::is_empty)>
            <h2>"Look again when"</h2>
            <ul>{move || texts.get().into_iter().map(|t| view! { <li>{t}</li> }).collect_view()}</ul>
        </section>
        <section class="panel text-panel" id="worth-measuring" class:hidden=move || worth.with(Vec::is_empty)>
            <h2>"Worth measuring first"</h2>
            <p class="quiet">"What it would be worth to know this input exactly, over the horizon"</p>
            <dl class="pairs">
                {move || worth.get().into_iter().map(|(name, usd)| view! { <dt>{name}</dt><dd>{usd}</dd> }).collect_view()}
            </dl>
        </section>
    }
}
