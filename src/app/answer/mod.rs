//! The answer, in reading order: break-even, projection, memory, speed, cost, what matters, the fleet, when to look
//! again, and what all of it rests on.

mod assumptions;
mod compare;
mod fixes;
mod fleet;
mod legend;
mod numbers;
pub mod panel;
mod prices;
mod routing;
mod table;
mod take;
mod thresholds;
mod toolbar;
pub mod verdict;
mod watching;

use leptos::prelude::*;

use crate::app::parts::{End, below, in_turn};
use crate::chart::Panel;
use assumptions::{Assumptions, OnPaper};
use compare::Compare;
use fleet::Fleet;
use panel::PanelFigure;
use prices::Prices;
use routing::Steps;
use take::Take;
use thresholds::{Certainty, Thresholds};

#[component]
pub fn Answer() -> impl IntoView {
    let app = crate::app::state::app();
    view! {
        <div class="answer" id="answer" tabindex="-1" class:hidden=move || app.shown.get().is_none()>
            <Compare />
            <Steps />
            {Panel::ALL.map(in_its_turn).collect_view()}
            {[fleet, when_to_look_again, leave_with, what_it_rests_on].map(further_down).collect_view()}
            {
                // Only once the panels above it have their height does it say how near the end is.
                let end = in_turn();
                move || end.get().then(|| view! { <End /> })
            }
        </div>
    }
}

/// Panels of words that stand alone too, by the name in an address.
pub const WORDS: [&str; 5] = ["routing", "fleet", "thresholds", "certainty", "assumptions"];

/// A panel of words alone.
pub fn words(id: &str) -> Option<AnyView> {
    Some(match id {
        "routing" => view! { <Steps /> }.into_any(),
        "fleet" => view! { <Fleet /> }.into_any(),
        "thresholds" => view! { <Thresholds /> }.into_any(),
        "certainty" => view! { <Certainty /> }.into_any(),
        "assumptions" => view! { <Assumptions /> }.into_any(),
        _ => return None,
    })
}

fn fleet() -> AnyView {
    view! { <Fleet /> }.into_any()
}

fn when_to_look_again() -> AnyView {
    view! { <Thresholds /><Certainty /> }.into_any()
}

fn leave_with() -> AnyView {
    view! { <Take /><Prices /> }.into_any()
}

fn what_it_rests_on() -> AnyView {
    view! { <Assumptions /><OnPaper /> }.into_any()
}

/// Panels below every first screen, built one after the other: none moves another that is there already.
fn further_down(panels: fn() -> AnyView) -> impl IntoView {
    let turn = below();
    move || turn.get().then(panels)
}

/// A panel, built in a task of its own.
fn in_its_turn(panel: Panel) -> impl IntoView {
    let turn = in_turn();
    move || turn.get().then(|| view! { <PanelFigure panel /> })
}
