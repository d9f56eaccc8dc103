//! The table behind a picture.

use leptos::prelude::*;

use super::panel::Stage;
use crate::app::parts::folded;
use crate::chart::{self, Beside};

/// The numbers behind a picture, brought up to date when the scenario comes to rest.
#[component]
pub fn Numbers(stage: Stage) -> impl IntoView {
    let (wanted, open) = (folded(), RwSignal::new(false));
    let toggled = move |now: bool| {
        wanted.set(true);
        open.set(now);
    };
    let table = Memo::new(move |before: Option<&chart::Table>| {
        if let Some(before) = before.filter(|_| !open.get()) {
            return before.clone();
        }
        let beside = Beside { pins: stage.app.pinned.get(), hidden: 0 };
        let plan = stage.app.rested.get();
        plan.map(|p| chart::table(stage.panel, &p, stage.cumulative.get(), &beside)).unwrap_or_default()
    });
    let head = move || table.get().head.into_iter().map(|h| view! { <th scope="col">{h}</th> }).collect_view();
    let row = move |cells: Vec<String>| {
        let mut cells = cells.into_iter().map(|c| stage.app.money(&c));
        view! { <tr><th scope="row">{cells.next()}</th>{cells.map(|c| view! { <td>{c}</td> }).collect_view()}</tr> }
    };
    view! {
        <details class="data" on:toggle:target=move |e| toggled(e.target().open())>
            <summary on:click=move |_| open.set(true)>"The numbers"<span class="visually-hidden">{format!(" behind {}", stage.panel.heading())}</span></summary>
            {move || wanted.get().then(|| view! {
                <div class="scroll" tabindex="0" role="region" aria-label=format!("Numbers behind {}", stage.panel.heading())>
                    <table>
                        <thead><tr>{head}</tr></thead>
                        <tbody>{move || table.get().rows.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            })}
        </details>
    }
}
