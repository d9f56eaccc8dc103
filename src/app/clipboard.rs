//! The clipboard, which a browser may refuse or not have at all.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Copy a text; `then` hears whether it was taken.
pub fn copy(text: String, then: impl FnOnce(bool) + 'static) {
    let then: Box<dyn FnOnce(bool)> = Box::new(then);
    // On an insecure address there is none, whatever the bindings say.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok().filter(|c| c.is_object());
    let Some(clipboard) = clipboard.map(|c| c.unchecked_into::<web_sys::Clipboard>()) else { return then(false) };
    let writing = wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text));
    leptos::task::spawn_local(async move { then(writing.await.is_ok()) });
}
