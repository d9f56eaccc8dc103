//! The verdict: one sentence, four figures, why, and what to know about the input.

use leptos::prelude::*;

use super::fixes::{Remedies, WhatWouldHelp};
use super::toolbar::VerdictTools;
use crate::app::jump;
use crate::app::parts;
use crate::app::state::app;
use crate::app::timing::Debounce;
use crate::chart::{Figure, Panel, chance_of, figures, input_label};
use crate::scenario::Currency;

/// Rest before the verdict is read out, ms.
const READ_OUT_MS: u32 = 900;

#[component]
pub fn Verdict() -> impl IntoView {
    let app = app();
    let sentence = Memo::new(move |_| app.shown.get().map(|p| app.money(&p.advice.sentence)).unwrap_or_default());
    let aloud = RwSignal::new(String::new());
    let rest = Debounce::default();
    Effect::new(move |_| {
        let words = sentence.get();
        rest.after(READ_OUT_MS, move || aloud.set(words));
    });
    let remedies = Remedies::new(app);
    view! {
        <section class="verdict" id="verdict" aria-label="Verdict">
            <h1 class="sentence">{move || emphasised(&sentence.get())}</h1>
            <p class="visually-hidden" aria-live="polite">{move || aloud.get()}</p>
        </section>
        <Figures remedies />
        <Troubles remedies />
    }
}

/// The sentence with its amounts and volumes in bold.
fn emphasised(sentence: &str) -> Vec<AnyView> {
    let words: Vec<&str> = sentence.split_inclusive(' ').collect();
    let next = |i: usize| words.get(i + 1).map_or("", |w| w.trim_end_matches([' ', ',', '.', ';', ':']));
    let each = words.iter().enumerate().map(|(i, word)| match is_figure(word, next(i)) {
        true => view! { <b>{word.to_string()}</b> }.into_any(),
        false => word.to_string().into_any(),
    });
    each.collect()
}

/// Whether a word is an amount in any currency, or a number that `next` says is a volume, a share or a size; the numbers
/// in a model's name are neither.
fn is_figure(word: &str, next: &str) -> bool {
    let digits = word.contains(|c: char| c.is_ascii_digit());
    let amount = word.starts_with(|c: char| c == '$' || !c.is_ascii());
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    digits && (amount || number && matches!(next, "tokens" | "%" | "GiB"))
}

/// Reasons shown before the reader asks for more.
const FIRST_REASONS: usize = 2;

/// A reason with inputs called as the form calls them, where the engine has their paths between backticks.
fn named(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { input_label(part) } else { part.into() }).collect()
}

/// The part of the page that shows the number at a path of the Plan: its id and its heading.
fn shown_in(path: &str) -> Option<(&'static str, &'static str)> {
    let of = |panel: Panel| Some((panel.id(), panel.heading()));
    match path.split(['.', '[']).next()? {
        "memory" => of(Panel::Memory),
        "routing" => Some(("routing", "Step by step")),
        "break_even" => of(Panel::BreakEven),
        "cost" => of(Panel::Cost),
        "fleet" => Some(("fleet", "Fleet")),
        "uncertainty" => Some(("certainty", "How sure that is")),
        _ => None,
    }
}

#[component]
fn Reasons() -> impl IntoView {
    let app = app();
    let parts = parts::all();
    let reasons = Memo::new(move |_| {
        let all = app.shown.get().map(|p| p.advice.reasons.clone()).unwrap_or_default();
        all.into_iter().map(|r| (app.money(&named(&r.text)), shown_in(&r.path))).collect::<Vec<_>>()
    });
    // A list is made again only where a reason leads elsewhere; numbers in it change in their place.
    let places = Memo::new(move |_| reasons.with(|all| all.iter().map(|(_, place)| *place).collect::<Vec<_>>()));
    let item = move |(i, place): (usize, Option<(&'static str, &'static str)>)| {
        let text = move || reasons.with(|all| all.get(i).map(|(text, _)| text.clone()));
        let see = place.map(|(id, heading)| {
            view! { " "<button type="button" class="see" on:click=move |_| parts.then(move || jump::to(id))>{heading}</button> }
        });
        view! { <li>{text}{see}</li> }
    };
    let first = move || places.get().into_iter().enumerate().take(FIRST_REASONS).map(item).collect_view();
    let rest = move || places.get().into_iter().enumerate().skip(FIRST_REASONS).map(item).collect_view();
    let more = move || reasons.with(|r| r.len().saturating_sub(FIRST_REASONS));
    view! {
        <div class="why" class:hidden=move || reasons.with(Vec::is_empty)>
            <ul class="reasons">{first}</ul>
            <div class="panel-foot">
                <details class="data">
                    <summary>{move || format!("Why: {} more reason{}", more(), if more() == 1 { "" } else { "s" })}</summary>
                    <ul class="reasons">{rest}</ul>
                </details>
                <VerdictTools />
            </div>
        </div>
    }
}

#[component]
fn Figures(remedies: Remedies) -> impl IntoView {
    let app = app();
    let three = Memo::new(move |_| app.shown.get().map(|p| figures(&p)).unwrap_or_default());
    let chance = Memo::new(move |_| app.rested.get().and_then(|p| p.uncertainty.probability_self_hosting_cheaper));
    let moving =
        Memo::new(move |_| app.shown.get().is_some_and(|p| p.uncertainty.probability_self_hosting_cheaper.is_none()));
    // The strip stays in view at the form, far from what would help.
    let helps = move || {
        let button =
            || view! { <button type="button" class="see" on:click=|_| jump::to("fixes")>"What would help"</button> };
        remedies.are_there(app).then(button)
    };
    let figure = move |i: usize| {
        let of = move |get: fn(&Figure) -> String| move || three.with(|t| get(&t[i]));
        view! {
            <div class="fig" data-side=move || three.with(|t| t[i].side)>
                <dt>{of(|f| f.label.clone())}</dt>
                <dd>{move || app.money(&three.with(|t| t[i].value.clone()))}</dd>
                <dd class="small" class:kept=move || three.with(|t| t[i].note_matters)>
                    <span>{of(|f| f.note.clone())}</span>
                    {(i == 0).then_some(helps)}
                </dd>
            </div>
        }
    };
    let percent = move || chance.get().map_or("unknown".to_string(), |p| format!("{:.0} %", p * 100.0));
    view! {
        <dl class="figures" class:hidden=move || app.shown.get().is_none()>
            {figure(0)}
            {figure(1)}
            {figure(2)}
            <div class="fig" class:moving=move || moving.get()>
                <dt>"Chance it is cheaper"</dt>
                <dd>{percent}</dd>
                <dd class="small">{move || app.shown.get().map(|p| chance_of(&p))}</dd>
            </div>
        </dl>
    }
}

/// What is wrong with the input: a scenario that cannot be planned, a link that could not be read, warnings of the plan.
#[component]
fn Troubles(remedies: Remedies) -> impl IntoView {
    let app = app();
    let stop = move || {
        app.plan.get().err().map(|e| {
            view! {
                <div class="trouble" role="alert">
                    <p><b>{crate::chart::field_label(&e.path)}</b>{format!(" ({}): {}", e.path, e.message)}</p>
                    <p>{capitalised(&e.hint)}</p>
                <p class="quiet">{if app.shown.get().is_some() { "The answer shown is the last one that could be computed." } else { "There is no answer until this is mended." }}</p>
                </div>
            }
        })
    };
    let link = move || {
        app.link_trouble.get().map(|(link, warnings)| view! {
            <div class="trouble" role="alert">
                <p><b>"This link could not be read in full. "</b>"What could be read is shown; the link stays as it was until you change something."</p>
                <ul>{warnings.into_iter().map(row).collect_view()}</ul>
                <p class="quiet link">{link}</p>
            </div>
        })
    };
    let warnings = Memo::new(move |_| app.shown.get().map(|p| p.warnings.clone()).unwrap_or_default());
    let notes = move || {
        let all = warnings.get();
        (!all.is_empty()).then(|| view! { <ul class="warnings">{all.into_iter().map(row).collect_view()}</ul> })
    };
    let currency = Memo::new(move |_| {
        let (currency, odd) = app.scenario.with(|s| Currency::of(&s.display));
        (currency.map(|c| c.note()), odd)
    });
    let rate = move || {
        let (note, odd) = currency.get();
        view! {
            {note.map(|n| view! { <p class="quiet" id="rate-note">{format!("Amounts are shown {n}; inputs and files are in US dollars.")}</p> })}
            {(!odd.is_empty()).then(|| view! { <ul class="warnings">{odd.into_iter().map(row).collect_view()}</ul> })}
        }
    };
    view! { <div class="troubles">{stop}{link}{rate}<WhatWouldHelp remedies /><Reasons />{notes}</div> }
}

/// A hint as a sentence of its own.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| std::iter::once(c.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

fn row(w: crate::scenario::Warning) -> impl IntoView {
    // A key that no field has is shown as it stands in the link.
    let foreign = !w.path.contains('.') && crate::scenario::field(&w.path).is_none();
    let name = if foreign { w.path.clone() } else { crate::chart::field_label(&w.path) };
    view! { <li><b title=w.path>{name}</b>": "{w.message}" "<span class="quiet">"("{w.hint}")"</span></li> }
}
