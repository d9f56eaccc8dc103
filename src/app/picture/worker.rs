//! Takes `[svg, scale]`, answers with the bytes of a PNG, or with a text that says what is wrong.

use crossover::chart::png;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answer every message from now on, and say so: a message that came before would have been lost.
pub fn listen() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let answering = scope.clone();
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        // A page that is gone needs no picture.
        let _ = answering.post_message(&answer(&message.data()));
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    let _ = scope.post_message(&JsValue::NULL);
}

fn answer(question: &JsValue) -> JsValue {
    let parts: &js_sys::Array = question.unchecked_ref();
    match (parts.get(0).as_string(), parts.get(1).as_f64()) {
        (Some(svg), Some(scale)) => match png(&svg, scale) {
            Ok(bytes) => js_sys::Uint8Array::from(bytes.as_slice()).into(),
            Err(e) => e.to_string().into(),
        },
        _ => "a picture and a scale are needed".into(),
    }
}
