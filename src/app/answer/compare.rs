//! Up to three scenarios side by side: pinned as they stood, against the one on the page.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, app};
use crate::chart::words::{count, usd, usd_exact};
use crate::engine::{Effort, Plan, plan_with};
use crate::scenario::Scenario;

/// Most scenarios pinned.
const MOST: usize = 3;

/// A scenario as it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Pinned {
    scenario: Scenario,
    plan: Arc<Plan>,
}

/// One line of the comparison: its name, and the value in each column.
type Line = (&'static str, Vec<String>);

fn pin(app: App, pinned: RwSignal<Vec<Pinned>>) {
    let scenario = app.scenario.get_untracked();
    match plan_with(&scenario, app.catalog, Effort { draws: 0 }) {
        Ok(plan) => pinned.update(|all| all.push(Pinned { scenario, plan: Arc::new(plan) })),
        Err(e) => app.say(&e.to_string()),
    }
}

fn own_cost(plan: &Plan) -> Option<f64> {
    plan.cost.self_hosted.map(|l| l.total_usd_per_month)
}

fn api_cost(plan: &Plan) -> Option<f64> {
    plan.cost.api.iter().map(|a| a.total_usd_per_month).min_by(f64::total_cmp)
}

/// A cost with its difference to the first column.
fn with_delta(value: Option<f64>, first: Option<f64>) -> String {
    match (value, first) {
        (Some(v), Some(f)) if v != f => {
            let sign = if v > f { "+" } else { "" };
            format!("{} ({sign}{})", usd_exact(v), usd(v - f))
        }
        (Some(v), _) => usd_exact(v),
        (None, _) => "unknown".into(),
    }
}

fn lines(all: &[Pinned]) -> Vec<Line> {
    let each = |f: &dyn Fn(&Pinned) -> String| all.iter().map(f).collect::<Vec<_>>();
    let money = |f: fn(&Plan) -> Option<f64>| {
        let first = all.first().and_then(|p| f(&p.plan));
        all.iter().map(|p| with_delta(f(&p.plan), first)).collect::<Vec<_>>()
    };
    vec![
        ("Model", each(&|p| p.scenario.model.id.rsplit('/').next().unwrap_or_default().to_string())),
        ("Quantization", each(&|p| p.scenario.model.quantization.id().into())),
        ("Accelerator", each(&|p| p.scenario.hardware.accelerator.clone())),
        ("Tokens per day", each(&|p| count(p.scenario.workload.tokens_per_day.likely))),
        ("GPUs", each(&|p| count(p.plan.fleet.gpus))),
        ("Self-hosted, a month", money(own_cost)),
        ("Cheapest API, a month", money(api_cost)),
        ("Tokens a second, one replica", each(&|p| count(p.plan.speed.output_tokens_per_second))),
        ("Average requests at once", each(&|p| count(p.plan.memory.max_sequences_at_mean))),
    ]
}

#[component]
pub fn Compare() -> impl IntoView {
    let app = app();
    let pinned = RwSignal::new(Vec::<Pinned>::new());
    let columns = Memo::new(move |_| {
        let now = app.rested.get().map(|plan| Pinned { scenario: app.scenario.get_untracked(), plan });
        now.into_iter().chain(pinned.get()).collect::<Vec<_>>()
    });
    let full = move || pinned.with(|all| all.len() >= MOST);
    view! {
        <section class="panel text-panel" id="compare">
            <div class="panel-head">
                <h2>"Compare"</h2>
                <div class="panel-tools">
                    <button type="button" class="quiet-button" disabled=full on:click=move |_| pin(app, pinned)>"Pin this scenario"</button>
                    <button
                        type="button"
                        class="quiet-button"
                        disabled=move || pinned.with(Vec::is_empty)
                        on:click=move |_| pinned.set(Vec::new())
                    >
                        "Clear"
                    </button>
                </div>
            </div>
            {move || match pinned.with(Vec::is_empty) {
                true => view! { <p class="quiet">"Pin a scenario, change something, and see both side by side; up to three."</p> }.into_any(),
                false => view! { <Columns columns /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Columns(columns: Memo<Vec<Pinned>>) -> impl IntoView {
    let app = app();
    let name = |i: usize, p: &Pinned| match (i, p.scenario.title.is_empty()) {
        (0, _) => "Now".to_string(),
        (_, false) => p.scenario.title.clone(),
        _ => format!("Pinned {i}"),
    };
    let back = move |i: usize, p: Pinned| {
        (i > 0).then(|| view! {
            <button type="button" class="quiet-button" on:click=move |_| app.replace("pinned", p.scenario.clone())>"go back to it"</button>
        })
    };
    let head = move || {
        let all = columns.get().into_iter().enumerate();
        all.map(|(i, p)| view! { <th scope="col">{name(i, &p)}" "{back(i, p)}</th> }).collect_view()
    };
    let row = |(what, cells): Line| {
        view! { <tr><th scope="row">{what}</th>{cells.into_iter().map(|c| view! { <td>{c}</td> }).collect_view()}</tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Comparison">
            <table class="compare">
                <thead><tr><td></td>{head}</tr></thead>
                <tbody>{move || lines(&columns.get()).into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
