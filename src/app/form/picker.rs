//! Choosing a row of the catalog by typing any part of it; arrows, Enter and Escape as in any combobox.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::app::timing;
use crate::catalog::{Accelerator, ApiPrice, Catalog, Model};
use crate::chart::words::{count, three};
use crate::order::sort_by;
use crate::scenario::Scenario;
use crate::scenario::field::{Text, TextSource};

/// Rows shown at once.
const SHOWN: usize = 60;

/// A row to choose.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// Empty for "decide for me".
    id: String,
    name: String,
    facts: String,
    /// Id and name as they are searched.
    key: String,
    /// Facts as well.
    haystack: String,
}

impl Entry {
    fn new(id: &str, name: String, facts: String) -> Self {
        let key = squeezed(&format!("{id} {name}"));
        let haystack = key.clone() + &squeezed(&facts);
        Self { id: id.to_string(), name, facts, key, haystack }
    }
}

impl From<&Model> for Entry {
    fn from(m: &Model) -> Self {
        let active = if m.params_active < m.params_total * 0.9 {
            format!(", {} active", count(m.params_active))
        } else {
            String::new()
        };
        let context = count(f64::from(m.max_context));
        let year = m.release_date.get(..7).unwrap_or("date unknown");
        let facts =
            format!("{}{active} parameters, {context} context, {year}, {}", count(m.params_total), m.license.id);
        Self::new(&m.id, m.name.clone(), facts)
    }
}

impl From<&ApiPrice> for Entry {
    fn from(p: &ApiPrice) -> Self {
        let prices = format!(
            "${} in, ${} out per million tokens, {}",
            three(p.usd_per_mtok.input),
            three(p.usd_per_mtok.output),
            p.as_of
        );
        let age = if p.stale { ", old price" } else { "" };
        Self::new(&p.id, format!("{} {}", p.provider, p.model), prices + age)
    }
}

fn accelerator_entry(catalog: &Catalog, a: &Accelerator) -> Entry {
    let price =
        catalog.rental_band(&a.id, "on_demand").map_or("price unknown".into(), |b| format!("${:.2}/h", b.median));
    let facts = format!("{} GB, {} TB/s, {price}", three(a.memory_gb_marketing), three(a.bandwidth_gbs / 1000.0));
    Entry::new(&a.id, a.name.clone(), facts)
}

/// Everything that can be chosen.
fn entries(source: TextSource, optional: bool, catalog: &Catalog, accelerator: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    if optional {
        all.push(Entry::new("", "auto".into(), "chosen by the stated rule".into()));
    }
    match source {
        TextSource::Models => all.extend(catalog.models.iter().map(Entry::from)),
        TextSource::Accelerators => all.extend(catalog.accelerators.iter().map(|a| accelerator_entry(catalog, a))),
        TextSource::ApiPrices => all.extend(catalog.api_prices.iter().map(Entry::from)),
        TextSource::Offers => all.extend(offers(catalog, accelerator)),
        TextSource::Free => {}
    }
    all
}

/// The entry of an id alone: a page need not look at every row to name the chosen one.
fn entry(source: TextSource, catalog: &Catalog, accelerator: &str, id: &str) -> Option<Entry> {
    match source {
        TextSource::Models => {
            let place = catalog.models.ids().position(|of| of.eq_ignore_ascii_case(id))?;
            catalog.models.get(place).map(Entry::from)
        }
        TextSource::Accelerators => catalog.accelerator(id).map(|a| accelerator_entry(catalog, a)),
        TextSource::ApiPrices => catalog.api_price(id).map(Entry::from),
        TextSource::Offers => offers(catalog, accelerator).into_iter().find(|e| e.id.eq_ignore_ascii_case(id)),
        TextSource::Free => None,
    }
}

/// What a list depends on: providers on the accelerator, the other lists on nothing.
fn accelerator(app: App, text: &Text<Scenario>) -> String {
    match text.source {
        TextSource::Offers => app.seen.with(|s| s.hardware.accelerator.clone()),
        _ => String::new(),
    }
}

/// Providers of an accelerator, each followed by its single offers where it publishes several.
fn offers(catalog: &Catalog, accelerator: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut names: Vec<&str> =
        catalog.gpu_prices.iter().filter(|p| p.gpu == accelerator).map(|p| p.provider.as_str()).collect();
    names.sort_by_key(|name| name.to_ascii_lowercase());
    names.dedup();
    for name in names {
        let rows: Vec<_> = catalog.gpu_prices.iter().filter(|p| p.gpu == accelerator && p.provider == name).collect();
        let facts = |p: &crate::catalog::GpuPrice| {
            let way = p.commitment.replace('_', " ");
            format!("${}/h {way}, {}, {}", three(p.usd_per_gpu_hour), p.region, p.as_of)
        };
        if let [only] = rows[..] {
            out.push(Entry::new(name, name.into(), facts(only)));
            continue;
        }
        out.push(Entry::new(name, name.into(), format!("{} prices, the instance that fits a replica", rows.len())));
        out.extend(rows.iter().map(|p| Entry::new(&p.name(), p.name(), facts(p))));
    }
    out
}

/// Letters and digits alone, so that `h100sxm` finds `H100 SXM5` and `h100-sxm`.
fn squeezed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether the letters of `short` stand in `long` in their order, with others between them: `lma70b` in `llama3370b`.
fn follows(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|other| other == c))
}

/// Entries that hold every word of a query, those whose name starts with it first; where there are none, those that hold
/// its letters in their order.
fn matching(all: &[Entry], query: &str) -> Vec<Entry> {
    let words: Vec<String> = query.split_whitespace().map(squeezed).collect();
    let (query, whole) = (query.trim().to_ascii_lowercase(), words.concat());
    let mut found: Vec<&Entry> = all.iter().filter(|e| words.iter().all(|w| e.haystack.contains(w))).collect();
    if found.is_empty() {
        found = all.iter().filter(|e| follows(&whole, &e.key)).collect();
    }
    let begins = |e: &Entry| e.id.to_ascii_lowercase() == query || squeezed(&e.name).starts_with(&whole);
    sort_by(&mut found, |a, b| begins(b).cmp(&begins(a)));
    found.into_iter().take(SHOWN).cloned().collect()
}

/// Whether an element ends below the window.
fn below(e: &web_sys::Element) -> bool {
    let window = window().inner_height().ok().and_then(|h| h.as_f64());
    window.is_some_and(|h| e.get_bounding_client_rect().bottom() > h)
}

fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Scroll the list of a control as little as brings a row into sight.
pub fn scroll_to(id: &str, row: usize) {
    if let (Some(list), Some(row)) = (element(&format!("{id}-list")), element(&format!("{id}-{row}"))) {
        let (top, bottom) = (row.offset_top(), row.offset_top() + row.offset_height());
        let (from, height) = (list.scroll_top(), list.client_height());
        list.set_scroll_top(from.min(top).max(bottom - height));
    }
}

/// Give a control the focus.
pub fn focus(id: &str) {
    // A control that cannot be focused keeps working by pointer.
    let _ = element(id).map(|e| e.focus());
}

/// Close a list a moment after its control was left, unless the reader is back by then.
pub fn close_once_left(id: String, open: RwSignal<bool>) {
    timing::later(120, move || {
        let document = document();
        let at = document.active_element().filter(|_| document.has_focus().unwrap_or_default());
        if at.is_none_or(|e| e.id() != id) {
            open.set(false);
        }
    });
}

/// State of one open or closed list.
#[derive(Clone, Copy)]
struct Combo {
    app: App,
    field: Row,
    text: &'static Text<Scenario>,
    all: Memo<Arc<Vec<Entry>>>,
    open: RwSignal<bool>,
    query: RwSignal<String>,
    at: RwSignal<usize>,
}

impl Combo {
    fn chosen(self) -> String {
        self.app.seen.with(|s| (self.text.get)(s).unwrap_or_default().to_string())
    }

    fn entry(self, id: &str) -> Option<Entry> {
        let known = || entry(self.text.source, self.app.catalog, &accelerator(self.app, self.text), id);
        (!id.is_empty()).then(known).flatten()
    }

    fn name(self) -> String {
        let id = self.chosen();
        self.entry(&id).map_or(id, |entry| entry.name)
    }

    fn facts(self) -> String {
        let id = match self.chosen() {
            id if id.is_empty() => self.automatic(),
            id => id,
        };
        match (self.entry(&id), self.chosen().is_empty()) {
            (Some(entry), true) => format!("auto: {}, {}", entry.name, entry.facts),
            (Some(entry), false) => entry.facts,
            (None, true) if self.text.source == TextSource::Offers => format!("auto: {}", self.basis()),
            (None, true) => "auto: none found".into(),
            (None, false) if self.text.source == TextSource::Offers => "publishes no price of this accelerator".into(),
            (None, false) => "not in the catalog".into(),
        }
    }

    /// What the planner's price per GPU rests on.
    fn basis(self) -> String {
        self.app.shown.get().map(|p| p.cost.gpu_rate.basis.clone()).unwrap_or_default()
    }

    /// What the planner chose for an API left to it.
    fn automatic(self) -> String {
        let role = self.field.path.trim_start_matches("api.");
        let plan = self.app.shown.get();
        plan.and_then(|p| p.cost.api.iter().find(|a| a.role == role).map(|a| a.id.clone())).unwrap_or_default()
    }

    fn found(self) -> Vec<Entry> {
        self.all.with(|all| matching(all, &self.query.get()))
    }

    /// Open the list at the row that is chosen.
    fn show(self) {
        self.query.set(String::new());
        let (id, chosen) = (control_id(self.field), self.chosen());
        let row = self.found().iter().position(|e| e.id.eq_ignore_ascii_case(&chosen)).unwrap_or(0);
        self.at.set(row);
        self.open.set(true);
        let list = format!("{id}-list");
        // Once it has its rows: no further than until the last one is in view.
        timing::later(0, move || {
            // A key may have moved on from the chosen one by then.
            let row = self.at.get_untracked();
            // With the next ones in sight, so that the list does not seem to end there.
            scroll_to(&id, row + 2);
            scroll_to(&id, row);
            if let Some(list) = document().get_element_by_id(&list).filter(below) {
                list.scroll_into_view_with_bool(false);
            }
        });
    }

    /// Stand at a row, with the list scrolled to it.
    fn stand_at(self, row: usize) {
        self.at.set(row);
        scroll_to(&control_id(self.field), row);
    }

    fn pick(self, id: String) {
        let value = (!id.is_empty()).then_some(id);
        self.app.edit(self.field.path, |s| (self.text.set)(s, value));
        self.open.set(false);
    }

    fn key(self, e: &KeyboardEvent) {
        let rows = self.found().len();
        match e.key().as_str() {
            "ArrowDown" if !self.open.get_untracked() => self.show(),
            "ArrowDown" => self.stand_at((self.at.get_untracked() + 1).min(rows.saturating_sub(1))),
            "ArrowUp" => self.stand_at(self.at.get_untracked().saturating_sub(1)),
            "Enter" if self.open.get_untracked() => {
                if let Some(entry) = self.found().get(self.at.get_untracked()) {
                    self.pick(entry.id.clone());
                }
            }
            "Escape" => self.open.set(false),
            _ => return,
        }
        e.prevent_default();
    }
}

#[component]
pub fn PickerField(field: Row, text: &'static Text<Scenario>) -> impl IntoView {
    let app = app();
    let (open, query, at) = (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(0));
    let all = Memo::new(move |_| {
        let accelerator = accelerator(app, text);
        Arc::new(entries(text.source, text.absent.is_some(), app.catalog, &accelerator))
    });
    let combo = Combo { app, field, text, all, open, query, at };
    let id = control_id(field);
    let shown = Memo::new(move |_| match (combo.open.get(), combo.query.get()) {
        (true, query) if !query.is_empty() => query,
        _ if combo.chosen().is_empty() => "auto".into(),
        _ => combo.name(),
    });
    let type_in = move |t: String| {
        combo.open.set(true);
        combo.at.set(0);
        combo.query.set(t);
    };
    view! {
        <div class="field picker">
            <Head field />
            <input
                type="text"
                role="combobox"
                id=id.clone()
                autocomplete="off"
                spellcheck="false"
                aria-expanded=move || combo.open.get().to_string()
                aria-controls=format!("{id}-list")
                aria-autocomplete="list"
                aria-describedby=format!("{id}-word")
                aria-activedescendant=move || combo.open.get().then(|| format!("{}-{}", control_id(field), combo.at.get()))
                prop:value=move || shown.get()
                on:focus:target=move |e| e.target().select()
                on:click=move |_| if !combo.open.get_untracked() { combo.show() }
                on:input:target=move |e| type_in(e.target().value())
                on:keydown=move |e| combo.key(&e)
                on:blur=move |_| close_once_left(control_id(field), combo.open)
            />
            <ul class="list" role="listbox" id=format!("{id}-list") aria-label="Choices" class:hidden=move || !combo.open.get()>
                {move || combo.open.get().then(|| view! { <Options combo /> })}
            </ul>
            <p class="word" id=format!("{id}-word")>{move || combo.facts()}</p>
        </div>
    }
}

#[component]
fn Options(combo: Combo) -> impl IntoView {
    let option = move |(i, entry): (usize, Entry)| {
        let id = entry.id.clone();
        view! {
            <li
                role="option"
                id=format!("{}-{i}", control_id(combo.field))
                aria-selected=move || (combo.at.get() == i).to_string()
                on:mousedown=move |e| {
                    e.prevent_default();
                    combo.pick(id.clone());
                }
            >
                <span>{entry.name}</span>
                <small>{entry.facts}</small>
            </li>
        }
    };
    move || match combo.found() {
        none if none.is_empty() => view! { <li class="quiet">"Nothing in the catalog matches"</li> }.into_any(),
        rows => rows.into_iter().enumerate().map(option).collect_view().into_any(),
    }
}
