//! Going to another part of the page. The fragment of the address belongs to the scenario, so the page moves there, and
//! the focus with it, by itself.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::parts;

/// Give a part of the page the focus and bring it to the top of the window; nothing where there is no such part.
pub fn to(id: &str) {
    let found = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    let Some(part) = found else { return };
    if part.tab_index() < 0 {
        part.set_tab_index(-1);
    }
    // A part that takes no focus is still brought into view.
    let _ = part.focus();
    part.scroll_into_view();
}

/// On a phone the inputs lie below the answer: a button to them, and back from them.
#[component]
pub fn Between(inputs: NodeRef<html::Aside>) -> impl IntoView {
    let below = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(inputs) = inputs.get() else { return };
        let changed = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            if let Ok(entry) = last.dyn_into::<web_sys::IntersectionObserverEntry>() {
                below.set(entry.is_intersecting());
            }
        });
        if let Ok(observer) = web_sys::IntersectionObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&inputs);
        }
        changed.forget();
    });
    let parts = parts::all();
    let go = move |_| match below.get_untracked() {
        true => to("verdict"),
        false => parts.then(|| to("inputs")),
    };
    view! {
        <button type="button" class="between" on:click=go>
            {move || if below.get() { "Answer \u{2191}" } else { "Inputs \u{2193}" }}
        </button>
    }
}
