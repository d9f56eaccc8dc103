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
mod take;
mod thresholds;
mod toolbar;
pub mod verdict;
mod watching;

use leptos::prelude::*;

use crate::app::parts::in_turn;
use crate::chart::Panel;
use assumptions::Assumptions;
use compare::Compare;
use fleet::Fleet;
use panel::PanelFigure;
use prices::Prices;
use routing::Steps;
use take::Take;
use thresholds::Thresholds;

#[component]
pub fn Answer() -> impl IntoView {
    let app = crate::app::state::app();
    view! {
        <div class="answer" id="answer" tabindex="-1" class:hidden=move || app.shown.get().is_none()>
            <Compare />
            <Steps />
            {Panel::ALL.map(in_its_turn).collect_view()}
            {
                let rest = in_turn();
                move || rest.get().then(|| view! { <Fleet /><Thresholds /><Take /><Prices /><Assumptions /> })
            }
            <p id="print-link">{move || crate::app::address::followed_link(app)}</p>
        </div>
    }
}

/// A panel, built in a task of its own.
fn in_its_turn(panel: Panel) -> impl IntoView {
    let turn = in_turn();
    move || turn.get().then(|| view! { <PanelFigure panel /> })
}
