//! The table behind a picture.

use leptos::prelude::*;

use super::panel::Stage;
use super::table::scrolling;
use crate::app::parts::folded;
use crate::chart::{self, Beside};

/// The numbers behind a picture, brought up to date when the scenario comes to rest.
#[component]
pub fn Numbers(stage: Stage) -> impl IntoView {
    let (wanted, open) = (folded(), RwSignal::new(false));
    let toggled = move |now: bool| {
        wanted.want();
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
    view! {
        <details class="data" on:toggle:target=move |e| toggled(e.target().open())>
            <summary on:click=move |_| open.set(true)>"The numbers"<span class="visually-hidden">{format!(" behind {}", stage.panel.heading())}</span></summary>
            {move || wanted.get().then_some(move || {
                scrolling(stage.app, &table.get(), format!("Numbers behind {}", stage.panel.heading()))
            })}
        </details>
    }
}
