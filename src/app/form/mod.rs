//! The question as a form, built from the scenario's field table: essentials first, the rest one click away.

mod choice;
mod config;
mod flag;
mod formats;
mod hub;
mod items;
mod note;
mod number;
mod picker;
mod quantization;
mod rows;
mod step_table;
pub mod stops;

use leptos::context::Provider;
use leptos::prelude::*;

use crate::app::jump::Between;
use crate::app::parts::{Wanted, folded, in_turn};
use crate::app::state::app;
use crate::scenario::field::{Field, Group, Kind, Special};
use crate::scenario::{PriceChange, Scenario, Step, fields};
use choice::ChoiceField;
pub use choice::words as choice_words;
use config::ConfigField;
use flag::FlagField;
use items::Items;
use number::NumberField;
use picker::PickerField;
use quantization::QuantizationField;
use rows::TextField;
pub use rows::spread;
use step_table::StepTable;

/// A row of the field table.
pub type Row = &'static Field<Scenario>;

/// Groups of the page: a heading, and the table's groups under it.
const SECTIONS: [(&str, &[Group]); 6] = [
    ("Workload", &[Group::Workload, Group::Steps, Group::Horizon]),
    ("Model and serving", &[Group::Model, Group::Serving]),
    ("Hardware", &[Group::Hardware, Group::Owned, Group::Overhead]),
    ("People and updates", &[Group::People, Group::Updates, Group::Quality]),
    ("API and requirements", &[Group::Api, Group::Requirements]),
    ("Currency", &[Group::Display]),
];

#[component]
pub fn Form() -> impl IntoView {
    let inputs = NodeRef::new();
    view! {
        <aside class="inputs" id="inputs" aria-label="Inputs" node_ref=inputs>
            {SECTIONS.map(|(heading, groups)| in_its_turn(heading, groups)).collect_view()}
        </aside>
        <Between inputs />
    }
}

/// A section of the form, built in a task of its own, and so are its controls, from top to bottom: nothing moves down.
fn in_its_turn(heading: &'static str, groups: &'static [Group]) -> impl IntoView {
    let turn = in_turn();
    let first: Vec<(Row, Wanted)> = shown(groups).filter(|f| f.essential).map(|f| (f, in_turn())).collect();
    let last = in_turn();
    move || {
        let alone = first.is_empty();
        let first = first.clone().into_iter();
        turn.get().then(|| {
            view! {
                <details class="group" open=true>
                    <summary><h2>{heading}</h2></summary>
                    {first.map(|(field, turn)| move || turn.get().then(|| view! { <Control field /> })).collect_view()}
                    {move || last.get().then(|| view! { <More heading groups alone /> })}
                </details>
            }
        })
    }
}

/// The inputs of a section that are folded away; `alone` where it has no others.
#[component]
fn More(heading: &'static str, groups: &'static [Group], alone: bool) -> impl IntoView {
    let more: Vec<Row> = shown(groups).filter(|f| !f.essential).collect();
    let count = format!("{} {}", more.len(), if alone { "inputs" } else { "more" });
    let app = app();
    let (opened, open) = (RwSignal::new(false), RwSignal::new(false));
    let folded_away = app.seen_while(open);
    // The click comes before the opening, so that what appears is up to date.
    let touched = move |_| open.set(true);
    let toggled = move |now: bool| {
        opened.set(true);
        open.set(now);
    };
    view! {
        <details class="more" on:toggle:target=move |e| toggled(e.target().open())>
            <summary on:click=touched>{count}<span class="visually-hidden">{format!(", {heading}")}</span></summary>
            <Provider value=folded_away>
                {more.into_iter().map(|field| in_time(field, opened)).collect_view()}
            </Provider>
        </details>
    }
}

/// A control that is folded away until its section is opened.
fn in_time(field: Row, opened: RwSignal<bool>) -> impl IntoView {
    let turn = folded();
    let wanted = Memo::new(move |_| opened.get() || turn.get());
    move || wanted.get().then(|| view! { <Control field /> })
}

/// The fields of some groups that have a control of their own.
fn shown(groups: &'static [Group]) -> impl Iterator<Item = Row> {
    groups.iter().flat_map(|g| fields().filter(move |f| f.group == *g))
}

/// The control of a field.
#[component]
pub fn Control(field: Row) -> impl IntoView {
    match &field.kind {
        Kind::Number(number) => view! { <NumberField field number /> }.into_any(),
        Kind::Flag(flag) => view! { <FlagField field flag /> }.into_any(),
        Kind::Choice(choice) if field.path == "model.quantization" => {
            view! { <QuantizationField field choice /> }.into_any()
        }
        Kind::Choice(choice) => view! { <ChoiceField field choice /> }.into_any(),
        Kind::Text(text) if text.source == crate::scenario::field::TextSource::Free => {
            view! { <TextField field text /> }.into_any()
        }
        Kind::Text(text) => view! { <PickerField field text /> }.into_any(),
        Kind::Special(Special::ModelConfig) => view! { <ConfigField field /> }.into_any(),
        Kind::Special(Special::Steps) => view! { <Items<Step> field /> <StepTable field /> }.into_any(),
        Kind::Special(Special::PriceChanges) => view! { <Items<PriceChange> field /> }.into_any(),
    }
}

/// The id of a field's control in the page.
pub fn control_id(field: Row) -> String {
    format!("field-{}", field.key)
}
