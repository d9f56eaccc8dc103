//! Which step of a pipeline runs where, what that costs, and what moving it would.

use leptos::prelude::*;

use crate::app::state::app;
use crate::chart::words::{count, usd, usd_exact};
use crate::engine::routing::{Routing, StepPlan};

/// What the split costs against running everything in one place.
fn finding(r: &Routing) -> String {
    let total = format!("Step by step it costs {} a month", usd_exact(r.total_usd));
    match (r.all_api_usd, r.all_self_hosted_usd) {
        (None, None) => format!("{total}; neither APIs alone nor your own fleet alone meet every requirement"),
        (Some(api), None) => format!("{total}, all on APIs {}; your own fleet alone cannot do it", usd_exact(api)),
        (None, Some(own)) => format!("{total}, all self-hosted {}; APIs alone cannot do it", usd_exact(own)),
        (Some(api), Some(own)) => {
            format!("{total}, all on APIs {}, all self-hosted {}", usd_exact(api), usd_exact(own))
        }
    }
}

fn place(step: &StepPlan) -> String {
    match step.place.as_str() {
        "api" => format!("API: {}", step.api.as_deref().unwrap_or("unknown")),
        _ => format!("self-hosted: {}", step.model.as_deref().unwrap_or("the scenario's model")),
    }
}

fn moving(step: &StepPlan) -> String {
    step.moving_it_usd.map_or("cannot move".into(), |v| format!("{}{}", if v > 0.0 { "+" } else { "" }, usd(v)))
}

#[component]
pub fn Steps() -> impl IntoView {
    let app = app();
    let routing = Memo::new(move |_| app.shown.get().and_then(|p| p.routing.clone()));
    let row = |s: StepPlan| {
        view! {
            <tr>
                <th scope="row">{s.name.clone()}</th>
                <td>{place(&s)}</td>
                <td>{count(s.tokens_per_day)}</td>
                <td>{moving(&s)}</td>
                <td>{s.why.clone()}</td>
            </tr>
        }
    };
    let shown = move || {
        routing.get().map(|r| {
            view! {
                <p class="finding">{finding(&r)}</p>
                <div class="scroll" tabindex="0" role="region" aria-label="Where each step runs">
                    <table class="compare">
                        <thead>
                            <tr>
                                <th scope="col">"Step"</th>
                                <th scope="col">"Runs on"</th>
                                <th scope="col">"Tokens a day"</th>
                                <th scope="col">"Moving it, a month"</th>
                                <th scope="col">"Why"</th>
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
        </section>
    }
}
