//! The weight format: a list that shows what each takes in memory and costs in quality, opened by a button, with the keys
//! of any list: arrows, Home, End, a first letter, Enter, Escape.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::formats::{Offer, kept, offers};
use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::app::timing;
use crate::chart::words::gib;
use crate::scenario::Scenario;
use crate::scenario::field::Choice;

/// State of the open or closed list.
#[derive(Clone, Copy)]
struct Formats {
    app: App,
    field: Row,
    choice: &'static Choice<Scenario>,
    open: RwSignal<bool>,
    /// Row that stands out.
    at: RwSignal<usize>,
}

impl Formats {
    fn chosen(self) -> &'static str {
        self.app.seen.with(|s| (self.choice.get)(s))
    }

    fn show(self) {
        let chosen = untrack(|| self.chosen());
        let row = self.choice.options.iter().position(|id| *id == chosen).unwrap_or_default();
        self.at.set(row);
        self.open.set(true);
        // Not every browser gives a pressed button the focus, and the list closes when it is lost.
        super::picker::focus(&control_id(self.field));
        // Once it has its rows; a key may have moved on from the chosen one by then.
        timing::soon(move || {
            self.bring_into_view();
            super::picker::scroll_to(&control_id(self.field), self.at.get_untracked());
        });
    }

    /// A list that would end below the window is brought into it.
    fn bring_into_view(self) {
        let end = document().get_element_by_id(&format!("{}-popup", control_id(self.field)));
        let window = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or_default();
        if let Some(popup) = end.filter(|e| e.get_bounding_client_rect().bottom() > window) {
            popup.scroll_into_view_with_bool(false);
        }
    }

    fn stand_at(self, row: usize) {
        self.at.set(row);
        super::picker::scroll_to(&control_id(self.field), row);
    }

    fn pick(self, row: usize) {
        if let Some(id) = self.choice.options.get(row) {
            self.app.edit(self.field.path, |s| {
                (self.choice.set)(s, id);
            });
        }
        self.open.set(false);
    }

    /// The next row whose name starts with a letter.
    fn starting_with(self, letter: &str) -> Option<usize> {
        let (all, at) = (self.choice.options, self.at.get_untracked());
        let starts = |i: &usize| all[*i].starts_with(&letter.to_ascii_lowercase());
        (at + 1..all.len()).chain(0..=at.min(all.len() - 1)).find(starts)
    }

    fn key(self, e: &KeyboardEvent) {
        let (key, at, last) = (e.key(), self.at.get_untracked(), self.choice.options.len().saturating_sub(1));
        match (key.as_str(), self.open.get_untracked()) {
            ("ArrowDown" | "ArrowUp" | "Enter" | " ", false) => self.show(),
            ("ArrowDown", true) => self.stand_at((at + 1).min(last)),
            ("ArrowUp", true) => self.stand_at(at.saturating_sub(1)),
            ("Home", true) => self.stand_at(0),
            ("End", true) => self.stand_at(last),
            ("Enter" | " ", true) => self.pick(at),
            ("Escape", true) => self.open.set(false),
            (letter, true) if letter.len() == 1 => match self.starting_with(letter) {
                Some(row) => self.stand_at(row),
                None => return,
            },
            _ => return,
        }
        e.prevent_default();
    }
}

#[component]
pub fn QuantizationField(field: Row, choice: &'static Choice<Scenario>) -> impl IntoView {
    let app = app();
    let list = Formats { app, field, choice, open: RwSignal::new(false), at: RwSignal::new(0) };
    let chosen = Memo::new(move |_| list.chosen());
    let weights = Memo::new(move |_| {
        app.shown.with(|p| p.as_ref().map(|p| gib(p.memory.weights_bytes_total))).unwrap_or_default()
    });
    let model = Memo::new(move |_| app.seen.with(|s| (s.model.id.clone(), s.model.config.is_some())));
    let about = Memo::new(move |_| {
        model.track();
        let id = chosen.get();
        untrack(|| kept(app, id)).sentence()
    });
    let id = control_id(field);
    view! {
        <div class="field picker formats">
            <Head field />
            <button
                type="button"
                role="combobox"
                id=id.clone()
                aria-haspopup="listbox"
                aria-expanded=move || list.open.get().to_string()
                aria-controls=format!("{id}-list")
                aria-describedby=format!("{id}-word")
                aria-activedescendant=move || list.open.get().then(|| format!("{}-{}", control_id(field), list.at.get()))
                on:click=move |_| if list.open.get_untracked() { list.open.set(false) } else { list.show() }
                on:keydown=move |e| list.key(&e)
                on:blur=move |_| super::picker::close_once_left(control_id(field), list.open)
            >
                <span>{move || chosen.get()}</span>
                <span class="quiet">{move || weights.get()}</span>
            </button>
            <div class="list" id=format!("{id}-popup") class:hidden=move || !list.open.get()>
                {move || list.open.get().then(|| view! { <Rows list /> })}
            </div>
            <p class="word" id=format!("{id}-word")>{move || about.get()}</p>
        </div>
    }
}

/// The rows, planned when the list is opened.
#[component]
fn Rows(list: Formats) -> impl IntoView {
    let all = untrack(|| offers(list.app, list.choice.options));
    let most = all.iter().filter_map(|o| o.weights).fold(1.0, f64::max);
    let id = control_id(list.field);
    let row = move |(i, offer): (usize, Offer)| {
        let share = offer.weights.unwrap_or_default() / most;
        view! {
            <li
                role="option"
                id=format!("{}-{i}", control_id(list.field))
                aria-selected=(offer.id == untrack(|| list.chosen())).to_string()
                class:at=move || list.at.get() == i
                on:mousedown=move |e| {
                    e.prevent_default();
                    list.pick(i);
                }
            >
                <span class="visually-hidden">{offer.spoken()}</span>
                <b aria-hidden="true">{offer.id}</b>
                <span class="share" aria-hidden="true"><i style:width=format!("{:.1}%", share * 100.0)></i></span>
                <span aria-hidden="true">{offer.size()}</span>
                <span aria-hidden="true" class:short=offer.gpus.is_none()>{offer.place()}</span>
                <span aria-hidden="true">{offer.kept.short()}</span>
            </li>
        }
    };
    view! {
        <p class="columns" aria-hidden="true">
            <span>"Format"</span><span>"Weights"</span><span>"GPUs"</span><span>"Score"</span>
        </p>
        <ul role="listbox" id=format!("{id}-list") aria-label=list.field.label>
            {all.into_iter().enumerate().map(row).collect_view()}
        </ul>
        <p class="source">{format!("GPUs of a replica. Score: the share of the unquantized one that is kept, the median for models of this size of {}; the ? names them.", super::rows::measurements(list.app))}</p>
    }
}
