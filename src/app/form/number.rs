//! A number: slider and text twin over one value, with the text kept as typed until it is left.

use leptos::prelude::*;

use super::note::{Head, default_of};
use super::stops::{nearest, stops};
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::quantity::{self, Range};
use crate::scenario::Scenario;
use crate::scenario::field::Number;

/// Text as typed, and the count of whole replacements at the time.
type Draft = Option<(String, u32)>;

/// What is wrong with a text, and how to mend it.
#[derive(Debug, Clone, PartialEq)]
struct Wrong {
    message: String,
    hint: String,
}

fn read(number: &Number<Scenario>, text: &str) -> Result<Option<Range>, Wrong> {
    let text = text.trim();
    if number.nullable && (text.is_empty() || text.eq_ignore_ascii_case("auto")) {
        return Ok(None);
    }
    let value = quantity::parse(text, number.unit).map_err(|e| Wrong { message: e.to_string(), hint: e.hint() })?;
    number.accepts(value).map_err(|e| Wrong {
        message: e.to_string(),
        hint: format!(
            "write a value from {} to {}",
            quantity::exact(number.min, number.unit),
            quantity::exact(number.max, number.unit)
        ),
    })?;
    Ok(Some(value))
}

fn write(number: &Number<Scenario>, value: Option<Range>) -> String {
    value.map_or_else(|| "auto".into(), |v| quantity::exact_range(v, number.unit))
}

/// The value shown by the slider: the field's own, or what the planner decided in its place.
fn standing(app: App, field: Row, value: Option<Range>) -> Option<f64> {
    value.map(|v| v.likely).or_else(|| super::rows::derived(field, app))
}

#[component]
pub fn NumberField(field: Row, number: &'static Number<Scenario>) -> impl IntoView {
    let app = app();
    let value = Memo::new(move |_| app.seen.with(|s| (number.get)(s)));
    let draft: RwSignal<Draft> = RwSignal::new(None);
    let typed = Memo::new(move |_| draft.get().filter(|(_, epoch)| *epoch == app.epoch.get()).map(|(t, _)| t));
    let wrong = Memo::new(move |_| typed.get().and_then(|t| read(number, &t).err()));
    let text = Memo::new(move |_| typed.get().unwrap_or_else(|| write(number, value.get())));
    // While the text is another way to write the value, the way it is read stands below it.
    let echo = Memo::new(move |_| {
        let other = typed.get().is_some_and(|t| t.trim() != write(number, value.get()));
        value
            .get()
            .filter(|v| other && v.is_point())
            .map(|v| format!("read as {}", quantity::exact(v.likely, number.unit)))
    });
    let put = move |v: Option<Range>| app.edit(field.path, |s| (number.set)(s, v));
    let type_in = move |t: String| {
        let value = read(number, &t);
        app.mark(field.path, value.is_err());
        if let Ok(v) = value {
            put(v);
        }
        draft.set(Some((t, app.epoch.get_untracked())));
    };
    let leave = move |_| {
        if wrong.get_untracked().is_none() {
            draft.set(None);
        }
    };
    let slide = move |v: f64| {
        draft.set(None);
        app.mark(field.path, false);
        put(Some(Range::point(v)));
    };
    let id = control_id(field);
    view! {
        <div class="field" class:wrong=move || wrong.get().is_some()>
            <Head field />
            <div class="twins" class:range=move || value.with(|v| v.is_some_and(|v| !v.is_point()))>
                <Slider field number value=value slide />
                <input
                    type="text"
                    id=id.clone()
                    class="figure"
                    autocomplete="off"
                    spellcheck="false"
                    inputmode="text"
                    aria-invalid=move || wrong.get().is_some().to_string()
                    aria-describedby=format!("{id}-word")
                    prop:value=move || text.get()
                    on:input:target=move |e| type_in(e.target().value())
                    on:blur=leave
                />
            </div>
            <p class="word" id=format!("{id}-word")>{move || echo.get().filter(|_| wrong.with(Option::is_none)).unwrap_or_else(|| word(app, field, number, value.get(), wrong.get()))}</p>
        </div>
    }
}

/// The line under a control: what is wrong, what a range means, or what "auto" came to.
fn word(app: App, field: Row, number: &Number<Scenario>, value: Option<Range>, wrong: Option<Wrong>) -> String {
    if let Some(w) = wrong {
        return format!("{}: {}", w.message, w.hint);
    }
    match value {
        Some(v) if !v.is_point() => format!("90 % sure; {} is used", quantity::human(v.likely, number.unit)),
        Some(_) => String::new(),
        None => match super::rows::derived(field, app) {
            Some(v) => format!("auto: {}", quantity::human(v, number.unit)),
            None => format!("auto: {}", super::rows::left_open(field)),
        },
    }
}

#[component]
fn Slider(
    field: Row,
    number: &'static Number<Scenario>,
    value: Memo<Option<Range>>,
    slide: impl Fn(f64) + Copy + 'static,
) -> impl IntoView {
    let app = app();
    let stops = StoredValue::new(stops(number));
    let most = stops.with_value(|s| s.len().saturating_sub(1));
    let position = move || {
        let v = standing(app, field, value.get()).unwrap_or(number.slider.low);
        stops.with_value(|s| nearest(s, v)).to_string()
    };
    let spoken = move || match value.get() {
        Some(v) => quantity::spoken(v.likely, number.unit),
        None => "automatic".into(),
    };
    let moved = move |text: String| {
        let stop = text.parse::<usize>().ok().and_then(|i| stops.with_value(|s| s.get(i).copied()));
        if let Some(v) = stop {
            slide(v.clamp(number.min, number.max));
        }
    };
    // A tick where the default stands, on the way of the thumb's middle.
    let tick = default_of(number).map(|v| {
        let share = stops.with_value(|s| nearest(s, v)) as f64 / most.max(1) as f64;
        view! { <i class="default" style:left=format!("calc(8px + {share:.4} * (100% - 16px))")></i> }
    });
    view! {
        <div class="slider">
            {tick}
            <input
                type="range"
                min="0"
                max=most.to_string()
                step="1"
                class:auto=move || value.get().is_none()
                aria-label=field.label
                aria-valuetext=spoken
                prop:value=position
                on:input:target=move |e| moved(e.target().value())
            />
        </div>
    }
}
