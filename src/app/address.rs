//! The address bar: the link is the save file. Read when the page opens and when it changes, written after a rest.

use leptos::prelude::*;

use super::state::{App, Moment};
use super::timing::Debounce;
use crate::engine::{Effort, plan_with};
use crate::scenario::{Scenario, Warning, link};

/// Rest before the address follows the scenario, ms.
const WRITE_MS: u32 = 200;

/// Take the scenario of the address the page was opened with.
pub fn read(app: App) {
    if let Some(fragment) = fragment() {
        open(app, &fragment, |app, (scenario, pins)| {
            app.pins.set(pins);
            app.scenario.set(scenario);
        });
    }
}

/// Keep the scenario and the address in step.
pub fn keep(app: App) {
    let handle = window_event_listener(leptos::ev::popstate, move |_| match fragment() {
        Some(fragment) => open(app, &fragment, |app, moment| app.replace_all("link", moment)),
        None => {
            app.link_trouble.set(None);
            app.replace_all("link", (Scenario::default(), Vec::new()));
        }
    });
    on_cleanup(move || handle.remove());
    let rest = Debounce::default();
    Effect::new(move |first: Option<()>| {
        app.scenario.track();
        app.pins.track();
        let kept = app.link_trouble.with(Option::is_some);
        if first.is_some() && !kept {
            rest.after(WRITE_MS, move || follow(app));
        }
    });
}

/// The fragment of the address if it holds a scenario.
fn fragment() -> Option<String> {
    let hash = window().location().hash().ok()?;
    hash.trim_start_matches('#').contains('=').then_some(hash)
}

/// Read a link; what is wrong with it is shown, and the link stays until the reader changes something.
fn open(app: App, fragment: &str, take: fn(App, Moment)) {
    let address = window().location().href().unwrap_or_else(|_| fragment.to_string());
    match link::open(fragment, app.catalog) {
        Ok(mut opened) => {
            let pins = plannable(app, opened.pins, &mut opened.warnings);
            take(app, (opened.scenario, pins));
            app.link_trouble.set((!opened.warnings.is_empty()).then_some((address, opened.warnings)));
        }
        Err(e) => {
            let warning = Warning::new("link", e.to_string(), e.hint());
            app.link_trouble.set(Some((address, vec![warning])));
        }
    }
}

/// The pinned scenarios that have an answer; the others are named.
fn plannable(app: App, pins: Vec<Scenario>, warnings: &mut Vec<Warning>) -> Vec<Scenario> {
    let planned = |(i, s): (usize, Scenario)| match plan_with(&s, app.catalog, Effort { draws: 0 }) {
        Ok(_) => Some(s),
        Err(e) => {
            let message = format!("{}, so this pinned scenario is left out", e.message);
            warnings.push(Warning::new(format!("pin{}.{}", i + 1, e.path), message, e.hint));
            None
        }
    };
    pins.into_iter().enumerate().filter_map(planned).collect()
}

/// Write the scenario into the address; a link that could not be read in full stays, whatever was moved just before it came.
fn follow(app: App) {
    if app.link_trouble.with_untracked(Option::is_none) {
        write(app);
    }
}

fn write(app: App) {
    // Not remembering the scenario in the address must not stop the page: the browser may refuse it in a frame.
    if let (Ok(history), Ok(here)) = (window().history(), window().location().hash()) {
        let hash = said(app);
        if hash != here {
            let target = if hash.is_empty() { bare() } else { hash };
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&target));
        }
    }
}

/// Open the page again with the scenario as it stands, also where it was moved a moment ago. A link that could not be read
/// in full stays where that gives the scenario.
pub fn open_again(app: App) {
    let troubled = app.link_trouble.with_untracked(Option::is_some);
    let opened = fragment().filter(|_| troubled).and_then(|f| link::open(&f, app.catalog).ok());
    if opened.is_none_or(|o| o.scenario != app.scenario.get_untracked()) {
        write(app);
    }
    // Only a page that is being closed refuses to reload.
    let _ = window().location().reload();
}

/// Go to another scenario as a whole: a step of the browser's history as well as of undo.
pub fn go(app: App, scenario: Scenario) {
    app.replace("question", scenario);
    if let Ok(history) = window().history() {
        let hash = said(app);
        let target = if hash.is_empty() { bare() } else { hash };
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&target));
    }
}

/// The fragment of the scenario and of what is pinned beside it, empty for the defaults alone; and what is not in it.
fn encoded(app: App) -> (String, Option<String>) {
    let (scenario, pins) = app.moment();
    if scenario == Scenario::default() && pins.is_empty() {
        return (String::new(), None);
    }
    match link::encode_pinned(&scenario, &pins, app.catalog) {
        Ok(text) => (text, None),
        Err(e) if pins.is_empty() => (String::new(), Some(format!("{e}: {}", e.hint()))),
        Err(e) => {
            let alone = link::encode(&scenario, app.catalog).unwrap_or_default();
            (alone, Some(format!("{e}, so the pinned scenarios are not in it")))
        }
    }
}

/// The fragment, saying what is not in it.
fn said(app: App) -> String {
    let (text, missing) = encoded(app);
    if let Some(words) = missing {
        app.say(&words);
    }
    text
}

/// The page's own address without a scenario.
fn bare() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_string()
}

/// The link of the scenario as it stands.
pub fn link(app: App) -> String {
    bare() + &said(app)
}

/// The link of a scenario alone: what a file made from it names, here as in the terminal.
pub fn own_link(app: App, scenario: &Scenario) -> String {
    bare() + &link::encode(scenario, app.catalog).unwrap_or_default()
}

/// The same, followed as the scenario changes and without a word where something is not in it.
pub fn followed_link(app: App) -> String {
    app.scenario.track();
    app.pins.track();
    bare() + &encoded(app).0
}
