//! What floats above the page: closed by a click elsewhere, or by Escape.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Lists and notes that open in place.
const OPEN: &str = "details.note[open], details.questions[open], details.embed-maker[open], details.menu[open]";

/// Close what floats when the reader clicks elsewhere or presses Escape.
pub fn close_floating() {
    let close = |keep: Option<web_sys::Node>| {
        let Ok(open) = document().query_selector_all(OPEN) else { return };
        for i in 0..open.length() {
            let Some(node) = open.get(i) else { continue };
            let inside = keep.as_ref().is_some_and(|k| node.contains(Some(k)));
            if let (false, Ok(details)) = (inside, node.dyn_into::<web_sys::HtmlDetailsElement>()) {
                details.set_open(false);
            }
        }
    };
    let click = window_event_listener(leptos::ev::click, move |e| {
        close(e.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok()));
    });
    let key = window_event_listener(leptos::ev::keydown, move |e| {
        if e.key() == "Escape" {
            close(None);
        }
    });
    on_cleanup(move || {
        click.remove();
        key.remove();
    });
}
