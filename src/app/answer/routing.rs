//! Which step of a pipeline runs where, what that costs, and what moving it would.

use leptos::prelude::*;

use super::toolbar::{WordTools, csv};
use crate::app::state::app;
use crate::chart::Table;
use crate::chart::words::{count, usd, usd_exact};
use crate::engine::routing::flips::Flip;
use crate::engine::routing::{Routing, StepPlan};

/// What is said of each step.
const COLUMNS: [&str; 6] = ["Step", "Runs on", "Tokens a day", "Moving it, a month", "Its best place changes", "Why"];

/// What the split costs against running everything in one place.
fn finding(r: &Routing) -> String {
    let total = format!("Step by step it costs {} a month", usd_exact(r.total_usd));
    match (r.all_api_usd, r.all_self_hosted_usd) {
        (None, None) => format!(
            "{total}; on APIs where possible {}, self-hosted where possible {}",
            r.api_where_possible_usd.map_or("unknown".into(), usd_exact),
            r.self_hosted_where_possible_usd.map_or("unknown".into(), usd_exact)
        ),
        (Some(api), None) => format!("{total}, all on APIs {}; your own fleet alone cannot do it", usd_exact(api)),
        (None, Some(own)) => format!("{total}, all self-hosted {}; APIs alone cannot do it", usd_exact(own)),
        (Some(api), Some(own)) => {
            format!("{total}, all on APIs {}, all self-hosted {}", usd_exact(api), usd_exact(own))
        }
    }
}

fn place(step: &StepPlan) -> String {
    let (api, model) =
        (step.api.as_deref().unwrap_or("unknown"), step.model.as_deref().unwrap_or("the scenario's model"));
    match step.place.as_str() {
        "api" => format!("API: {api}"),
        "self_hosted" => format!("self-hosted: {model}"),
        "unplaced" => "nowhere".into(),
        _ => step.way.map(way).unwrap_or_default(),
    }
}

/// A way in words.
fn way(id: &str) -> String {
    id.replace("_then_", ", then ").replace("self_hosted", "self-hosted").replace("api", "API")
}

fn moving(step: &StepPlan) -> String {
    step.moving_it_usd.map_or("cannot move".into(), |v| format!("{}{}", if v > 0.0 { "+" } else { "" }, usd(v)))
}

/// The volumes at which another way is better.
fn changes(step: &StepPlan) -> String {
    let one = |f: &Flip| format!("{} {}: {}", f.side, count(f.tokens_per_day), way(f.to));
    match step.flips.is_empty() {
        true => "at no volume near it".into(),
        false => step.flips.iter().map(one).collect::<Vec<_>>().join("; "),
    }
}

/// What a small model first does for a step that asks for one.
fn cascade(step: &StepPlan) -> Option<String> {
    let c = step.cascade.as_ref()?;
    let first = c.first_model.as_deref().or(c.first_api.as_deref()).unwrap_or("a small model");
    let wait = c.added_ms.map_or(String::new(), |ms| format!(" and wait {:.1} s longer", ms / 1000.0));
    let share = format!("{:.0} %", c.escalated_share * 100.0);
    Some(match (c.chosen, c.saves_usd, c.refused) {
        (true, Some(saved), _) => format!(
            "{}: {first} answers first and saves {} a month; the {share} of calls it passes on are paid twice{wait}.",
            step.name,
            usd(saved)
        ),
        (_, Some(saved), _) => {
            format!(
                "{}: {first} first would cost {} more a month, with {share} of calls passed on.",
                step.name,
                usd(-saved)
            )
        }
        (_, None, Some(why)) => format!("{}: no small model first, because {why}.", step.name),
        (_, None, None) => return None,
    })
}

/// What the panels below are about, where the plan self-hosts only a part.
fn about(r: &Routing) -> Option<String> {
    let pools: Vec<String> =
        r.pools.iter().map(|p| format!("{} on {} GPUs for {}", p.model, count(p.gpus), usd(p.usd))).collect();
    (r.panels_about == "self_hosted_steps").then(|| {
        format!(
            "Self-hosted: {}; APIs take {}. The panels below are about the self-hosted part.",
            pools.join(", "),
            usd(r.api_usd)
        )
    })
}

/// The steps as rows.
fn table(r: &Routing) -> Table {
    let row = |s: &StepPlan| {
        vec![s.name.clone(), place(s), s.tokens_per_day.to_string(), moving(s), changes(s), s.why.clone()]
    };
    Table { head: COLUMNS.map(String::from).to_vec(), rows: r.steps.iter().map(row).collect() }
}

#[component]
pub fn Steps() -> impl IntoView {
    let app = app();
    let routing = Memo::new(move |_| app.shown.get().and_then(|p| p.routing.clone()));
    let row = move |s: StepPlan| {
        view! {
            <tr>
                <th scope="row">{s.name.clone()}</th>
                <td>{place(&s)}</td>
                <td>{count(s.tokens_per_day)}</td>
                <td>{app.money(&moving(&s))}</td>
                <td>{changes(&s)}</td>
                <td>{s.why.clone()}</td>
            </tr>
        }
    };
    let shown = move || {
        routing.get().map(|r| {
            view! {
                <p class="finding">{app.money(&finding(&r))}</p>
                {about(&r).map(|words| view! { <p class="word">{app.money(&words)}</p> })}
                {r.steps.iter().filter_map(cascade).map(|words| view! { <p class="word">{app.money(&words)}</p> }).collect_view()}
                <div class="scroll" tabindex="0" role="region" aria-label="Where each step runs">
                    <table class="compare">
                        <thead>
                            <tr>
                                {COLUMNS.map(|c| view! { <th scope="col">{c}</th> }).collect_view()}
                            </tr>
                        </thead>
                        <tbody>{r.steps.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            }
        })
    };
    view! {
        <section class="panel" id="routing" class:hidden=move || routing.with(Option::is_none)>
            <div class="panel-head"><h2>"Step by step"</h2></div>
            {shown}
            <div class="panel-foot">
                <span></span>
                <WordTools id="routing" numbers=Box::new(move || routing.get().map(|r| csv(app, &table(&r)))) />
            </div>
        </section>
    }
}
