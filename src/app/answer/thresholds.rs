//! When to look again, which input is worth measuring first, and how many draws say so.

use leptos::prelude::*;

use super::toolbar::{WordTools, csv};
use super::verdict::capitalised;
use crate::app::long_run;
use crate::app::state::app;
use crate::chart::words::{thousands, usd_exact};
use crate::chart::{Table, input_label};
use crate::engine::Plan;
use crate::engine::advice::Threshold;

#[component]
pub fn Thresholds() -> impl IntoView {
    let app = app();
    let texts = Memo::new(move |_| {
        app.rested
            .get()
            .map(|p| p.advice.thresholds.iter().map(|t| capitalised(&app.money(&t.text))).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    view! {
        <section class="panel text-panel" id="thresholds" class:hidden=move || texts.with(Vec::is_empty)>
            <h2>"Look again when"</h2>
            <ul>{move || texts.get().into_iter().map(|t| view! { <li>{t}</li> }).collect_view()}</ul>
            <div class="panel-foot">
                <span></span>
                <WordTools id="thresholds" numbers=Box::new(move || app.rested.get().map(|p| csv(app, &rows(&p)))) />
            </div>
        </section>
    }
}

/// The thresholds as rows: the input, its value now, and the value at which the cheaper side changes.
fn rows(plan: &Plan) -> Table {
    let head = ["Input", "Value now", "Changes at", "Against", "In words"].map(String::from).to_vec();
    let row = |t: &Threshold| {
        vec![input_label(&t.path), t.now.to_string(), t.value.to_string(), t.against.clone(), capitalised(&t.text)]
    };
    Table { head, rows: plan.advice.thresholds.iter().map(row).collect() }
}

/// What the draws say, as rows: the chance, and the worth of knowing each input exactly.
fn draws_table(plan: &Plan) -> Table {
    let u = &plan.uncertainty;
    let chance = u.probability_self_hosting_cheaper.map_or("unknown".into(), |c| c.to_string());
    let mut rows =
        vec![vec!["Draws".into(), u.draws.to_string()], vec!["Share in which self-hosting is cheaper".into(), chance]];
    rows.extend(
        u.value_of_information
            .iter()
            .map(|v| vec![format!("Worth knowing exactly: {}", input_label(&v.path)), usd_exact(v.usd)]),
    );
    Table { head: ["What", "Value"].map(String::from).to_vec(), rows }
}

/// How many draws say how sure it is, and what it would be worth to know an input exactly.
#[component]
pub fn Certainty() -> impl IntoView {
    let app = app();
    let draws = Memo::new(move |_| app.rested.get().map_or(0, |p| p.uncertainty.draws));
    let sentence = move || {
        let chance = app.rested.get().and_then(|p| p.uncertainty.probability_self_hosting_cheaper);
        let share = match chance {
            None => "an unknown share".into(),
            Some(0.0) => "none".into(),
            Some(1.0) => "all".into(),
            Some(c) => format!("{:.2} %", c * 100.0),
        };
        format!("Self-hosting is cheaper over the horizon in {share} of {} draws.", thousands(f64::from(draws.get())))
    };
    let worth = Memo::new(move |_| {
        let plan = app.rested.get();
        plan.map(|p| {
            let worthy = p.uncertainty.value_of_information.iter().filter(|v| v.usd >= 1.0).take(4);
            worthy.map(|v| (input_label(&v.path), app.money(&usd_exact(v.usd)))).collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    view! {
        <section class="panel text-panel" id="certainty" class:hidden=move || draws.get() == 0>
            <h2>"How sure that is"</h2>
            <p>{sentence}</p>
            <LongRun />
            <div id="worth-measuring" class:hidden=move || worth.with(Vec::is_empty)>
                <h3>"Worth measuring first"</h3>
                <p class="quiet">"What it would be worth to know this input exactly, over the horizon"</p>
                <dl class="pairs">
                    {move || worth.get().into_iter().map(|(name, usd)| view! { <dt>{name}</dt><dd>{usd}</dd> }).collect_view()}
                </dl>
            </div>
            <div class="panel-foot">
                <span></span>
                <WordTools id="certainty" numbers=Box::new(move || app.rested.get().map(|p| csv(app, &draws_table(&p)))) />
            </div>
        </section>
    }
}

/// A million draws on request, with their progress and a way to stop them.
#[component]
fn LongRun() -> impl IntoView {
    let app = app();
    let running = Memo::new(move |_| app.drawing.get().is_some());
    let made = move || app.drawing.get().unwrap_or(0.0);
    let press = move |_| if running.get_untracked() { long_run::stop(app) } else { long_run::start(app) };
    view! {
        <p class="long-run">
            <button type="button" on:click=press>{move || if running.get() { "Stop" } else { "Draw a million times" }}</button>
            <progress max="1" aria-label="Draws made" class:hidden=move || !running.get() prop:value=made></progress>
            <span class="quiet" class:hidden=move || !running.get()>{move || format!("{:.0} %", made() * 100.0)}</span>
        </p>
    }
}
