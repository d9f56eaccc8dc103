//! The address bar: the link is the save file. Read when the page opens and when it changes, written after a rest.

use leptos::prelude::*;

use super::state::App;
use super::timing::Debounce;
use crate::scenario::{Scenario, Warning, link};

/// Rest before the address follows the scenario, ms.
const WRITE_MS: u32 = 200;

/// Keep the scenario and the address in step.
pub fn keep(app: App) {
    if let Some(fragment) = fragment() {
        open(app, &fragment, |app, scenario| app.scenario.set(scenario));
    }
    let handle = window_event_listener(leptos::ev::popstate, move |_| match fragment() {
        Some(fragment) => open(app, &fragment, |app, scenario| app.replace("link", scenario)),
        None => app.replace("link", Scenario::default()),
    });
    on_cleanup(move || handle.remove());
    let rest = Debounce::default();
    Effect::new(move |first: Option<()>| {
        app.scenario.track();
        let kept = app.link_trouble.with(Option::is_some);
        if first.is_some() && !kept {
            rest.after(WRITE_MS, move || write(app));
        }
    });
}

/// The fragment of the address if it holds a scenario.
fn fragment() -> Option<String> {
    let hash = window().location().hash().ok()?;
    hash.trim_start_matches('#').contains('=').then_some(hash)
}

/// Read a link; what is wrong with it is shown, and the link stays until the reader changes something.
fn open(app: App, fragment: &str, take: impl FnOnce(App, Scenario)) {
    let address = window().location().href().unwrap_or_else(|_| fragment.to_string());
    match link::decode(fragment, app.catalog) {
        Ok((scenario, warnings)) => {
            take(app, scenario);
            app.link_trouble.set((!warnings.is_empty()).then_some((address, warnings)));
        }
        Err(e) => {
            let warning = Warning::new("link", e.to_string(), e.hint());
            app.link_trouble.set(Some((address, vec![warning])));
        }
    }
}

fn write(app: App) {
    // Not remembering the scenario in the address must not stop the page: the browser may refuse it in a frame.
    if let (Ok(history), Ok(here)) = (window().history(), window().location().hash()) {
        let hash = encoded(app);
        if hash != here {
            let target = if hash.is_empty() { bare() } else { hash };
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&target));
        }
    }
}

/// Go to another scenario as a whole: a step of the browser's history as well as of undo.
pub fn go(app: App, scenario: Scenario) {
    app.replace("question", scenario);
    if let Ok(history) = window().history() {
        let hash = encoded(app);
        let target = if hash.is_empty() { bare() } else { hash };
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&target));
    }
}

/// The fragment of the scenario; empty for the defaults.
fn encoded(app: App) -> String {
    let scenario = app.scenario.get_untracked();
    if scenario == Scenario::default() {
        return String::new();
    }
    link::encode(&scenario, app.catalog).unwrap_or_else(|e| {
        app.say(&format!("{e}: {}", e.hint()));
        String::new()
    })
}

/// The page's own address without a scenario.
fn bare() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_string()
}

/// The link of the scenario as it stands.
pub fn link(app: App) -> String {
    bare() + &encoded(app)
}
