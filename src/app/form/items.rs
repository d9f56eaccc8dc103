//! Lists of the scenario, steps of a pipeline and dated price changes, edited item by item from their field tables.

use leptos::prelude::*;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::quantity;
use crate::scenario::field::{Field, Kind};
use crate::scenario::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS};
use crate::scenario::{Place, PriceChange, QualityTier, Range, Scenario, Step};

/// Most items the page edits.
const MOST: usize = 20;

/// Something the scenario holds a list of.
pub trait Item: Clone + PartialEq + Send + Sync + 'static {
    /// What one is called.
    const NAME: &'static str;
    /// Its fields.
    fn fields() -> &'static [Field<Self>];
    /// The list.
    fn list(scenario: &mut Scenario) -> &mut Vec<Self>;
    /// A new one, the `n`th.
    fn blank(n: usize, scenario: &Scenario) -> Self;
}

impl Item for Step {
    const NAME: &'static str = "step";

    fn fields() -> &'static [Field<Self>] {
        STEP_FIELDS
    }

    fn list(scenario: &mut Scenario) -> &mut Vec<Self> {
        &mut scenario.steps
    }

    fn blank(n: usize, scenario: &Scenario) -> Self {
        let w = &scenario.workload;
        let per_call = w.input_tokens.likely + w.output_tokens.likely;
        Self {
            name: format!("step {n}"),
            calls_per_day: Range::point((w.tokens_per_day.likely / per_call.max(1.0)).round().max(1.0)),
            input_tokens: w.input_tokens,
            output_tokens: w.output_tokens,
            cached_input_share: w.cached_input_share,
            batchable_share: w.batchable_share,
            quality: QualityTier::Nearest,
            data_residency: false,
            fine_tuned: false,
            ttft_p95_ms: None,
            api: None,
            model: None,
            escalated_share: None,
            first_model: None,
            first_api: None,
            place: Place::Auto,
        }
    }
}

impl Item for PriceChange {
    const NAME: &'static str = "price change";

    fn fields() -> &'static [Field<Self>] {
        PRICE_CHANGE_FIELDS
    }

    fn list(scenario: &mut Scenario) -> &mut Vec<Self> {
        &mut scenario.api.price_changes
    }

    fn blank(_: usize, _: &Scenario) -> Self {
        Self { month: 6, role: "all".into(), multiplier: 0.8 }
    }
}

fn read_list<T: Item>(app: App) -> Vec<T> {
    app.seen.with(|s| T::list(&mut s.clone()).clone())
}

fn shown<T>(field: &Field<T>, item: &T) -> String {
    match &field.kind {
        Kind::Number(n) => (n.get)(item).map_or("auto".into(), |v| quantity::exact_range(v, n.unit)),
        Kind::Flag(f) => (f.get)(item).to_string(),
        Kind::Choice(c) => (c.get)(item).to_string(),
        Kind::Text(t) => (t.get)(item).unwrap_or("auto").to_string(),
        Kind::Special(_) => String::new(),
    }
}

/// Write a text into a field of an item; what is wrong with it, and how to mend it.
fn put<T>(field: &Field<T>, item: &mut T, text: &str) -> Result<(), String> {
    let text = text.trim();
    let auto = text.is_empty() || text.eq_ignore_ascii_case("auto");
    match &field.kind {
        Kind::Number(n) if n.nullable && auto => (n.set)(item, None),
        Kind::Number(n) => {
            let value = quantity::parse(text, n.unit).map_err(|e| format!("{e}: {}", e.hint()))?;
            n.put(item, value).map_err(|e| e.to_string())?;
        }
        Kind::Flag(f) => (f.set)(item, text == "true"),
        Kind::Choice(c) => {
            (c.set)(item, text);
        }
        Kind::Text(t) => {
            let kept: String = text.chars().take(t.limit).collect();
            (t.set)(item, (!(auto && t.absent.is_some())).then_some(kept));
        }
        Kind::Special(_) => {}
    }
    Ok(())
}

#[component]
pub fn Items<T: Item>(field: Row, #[prop(optional)] kind: std::marker::PhantomData<T>) -> impl IntoView {
    let _ = kind;
    let app = app();
    let count = Memo::new(move |_| read_list::<T>(app).len());
    let full = move || count.get() >= MOST;
    let add = move |_: leptos::ev::MouseEvent| {
        app.edit(field.path, |s| {
            let n = T::list(s).len() + 1;
            let blank = T::blank(n, s);
            T::list(s).push(blank);
        });
    };
    view! {
        <div class="field items">
            <Head field />
            {move || {
                app.epoch.track();
                (0..count.get().min(MOST)).map(|i| view! { <OneItem<T> path=field.path i /> }).collect_view()
            }}
            <button type="button" id=control_id(field) disabled=full on:click=add>
                {format!("Add a {}", T::NAME)}
            </button>
        </div>
    }
}

#[component]
fn OneItem<T: Item>(
    path: &'static str,
    i: usize,
    #[prop(optional)] kind: std::marker::PhantomData<T>,
) -> impl IntoView {
    let _ = kind;
    let app = app();
    let remove = move |_: leptos::ev::MouseEvent| {
        app.edit(path, |s| {
            let list = T::list(s);
            if i < list.len() {
                list.remove(i);
            }
        });
        app.drop_drafts();
    };
    view! {
        <fieldset class="item">
            <legend>{format!("{} {}", T::NAME, i + 1)}</legend>
            {T::fields().iter().map(|f| view! { <Cell<T> path field=f i /> }).collect_view()}
            <button type="button" class="quiet-button" on:click=remove>{format!("Remove {} {}", T::NAME, i + 1)}</button>
        </fieldset>
    }
}

#[component]
fn Cell<T: Item>(path: &'static str, field: &'static Field<T>, i: usize) -> impl IntoView {
    let app = app();
    let now = Memo::new(move |_| read_list::<T>(app).get(i).map(|item| shown(field, item)).unwrap_or_default());
    let wrong = RwSignal::new(None::<String>);
    let write = move |text: String| {
        let mut scenario = app.scenario.get_untracked();
        let Some(item) = T::list(&mut scenario).get_mut(i) else { return };
        match put(field, item, &text) {
            Ok(()) => {
                wrong.set(None);
                let item = item.clone();
                app.edit(path, move |s| {
                    if let Some(place) = T::list(s).get_mut(i) {
                        *place = item;
                    }
                });
            }
            Err(words) => wrong.set(Some(words)),
        }
    };
    let input = match &field.kind {
        Kind::Flag(_) => view! {
            <input type="checkbox" prop:checked=move || now.get() == "true" on:input:target=move |e| write(e.target().checked().to_string()) />
        }
        .into_any(),
        Kind::Choice(c) => view! {
            <select prop:value=move || now.get() on:change:target=move |e| write(e.target().value())>
                {c.options.iter().map(|id| view! { <option value=*id selected=move || now.get() == *id>{id.replace('_', " ")}</option> }).collect_view()}
            </select>
        }
        .into_any(),
        _ => view! {
            <input type="text" autocomplete="off" aria-invalid=move || wrong.with(Option::is_some).to_string() prop:value=move || now.get() on:change:target=move |e| write(e.target().value()) />
        }
        .into_any(),
    };
    view! {
        <label class="cell" data-key=field.key>
            <span>{field.label}</span>
            {input}
            {move || wrong.get().map(|w| view! { <em>{w}</em> })}
        </label>
    }
}
