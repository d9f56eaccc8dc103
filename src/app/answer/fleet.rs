//! The fleet: how many GPUs, how a replica fares under load, what may fail, why not fewer, and the layouts that lost.

use leptos::prelude::*;

use super::table::scrolling;
use super::toolbar::{WordTools, csv};
use crate::app::parts::folded;
use crate::app::state::{App, app};
use crate::chart::Table;
use crate::engine::Plan;
use crate::export::fleet::{figures, finding, layouts, load, notes, spill};

#[component]
pub fn Fleet() -> impl IntoView {
    let app = app();
    let plan = move || app.rested.get();
    let sentence = Memo::new(move |_| plan().map(|p| finding(&p)));
    let pairs = Memo::new(move |_| plan().map(|p| figures(&p)).unwrap_or_default());
    let notes = Memo::new(move |_| plan().map(|p| notes(&p)).unwrap_or_default());
    let wanted = folded();
    let numbers = Box::new(move || plan().map(|p| every_table(app, &p)));
    view! {
        <section class="panel text-panel" id="fleet" class:hidden=move || sentence.with(Option::is_none)>
            <h2>"Fleet"</h2>
            <p class="finding">{move || sentence.get()}</p>
            <dl class="pairs">{move || pairs.get().into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}</dl>
            <Rows app heading="Under load" made=load />
            <p class="quiet" class:hidden=move || plan().is_none_or(|p| load(&p).is_none())>
                "TTFT is the time to the first token, TPOT the time per output token after it; p95 is what 95 of 100 requests stay under."
            </p>
            <ul>{move || notes.get().into_iter().map(|n| view! { <li>{n}</li> }).collect_view()}</ul>
            <Rows app heading="Smaller, with the highest load on an API" made=spill />
            <div class="panel-foot">
                <details class="data" on:toggle=move |_| wanted.want()>
                    <summary>"Layouts that lost, and why"</summary>
                    {move || wanted.get().then(|| view! { <Rows app heading="" made=layouts /> })}
                </details>
                <WordTools id="fleet" numbers />
            </div>
        </section>
    }
}

/// A table under its heading; nothing where there is none.
#[component]
fn Rows(app: App, heading: &'static str, made: fn(&Plan) -> Option<Table>) -> impl IntoView {
    let table = Memo::new(move |_| app.rested.get().and_then(|p| made(&p)));
    let label = if heading.is_empty() { "Layouts that lost" } else { heading };
    move || {
        table.get().map(|t| {
            view! {
                {(!heading.is_empty()).then(|| view! { <h3>{heading}</h3> })}
                {scrolling(app, &t, label.into())}
            }
        })
    }
}

/// Every table of the panel, one below the other.
fn every_table(app: App, plan: &Plan) -> String {
    let facts = figures(plan).into_iter().map(|(name, value)| vec![name.to_string(), value]).collect();
    let facts = Table { head: vec!["Figure".into(), "Value".into()], rows: facts };
    let tables = [Some(facts), load(plan), spill(plan), layouts(plan)];
    tables.into_iter().flatten().map(|t| csv(app, &t)).collect::<Vec<_>>().join("\r\n")
}
