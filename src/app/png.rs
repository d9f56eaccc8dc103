//! PNG files of pictures, drawn by the page's second program (`picture`), which is loaded when one is asked for.

use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, MessageEvent, Url, Worker};

/// Where the worker is, beside the page; written by `scripts/picture.sh`.
const WORKER: &str = "picture.js";
/// Device pixels per CSS pixel: what `crossover chart` takes where nothing is said.
const SCALE: f64 = 2.0;

/// Draw one of our SVG documents and offer it as a file of that name; the terminal writes the same bytes.
///
/// # Errors
/// What the browser or the rasteriser says, for the reader.
pub async fn save(svg: &str, name: &str) -> Result<(), String> {
    let bytes =
        drawn(svg).await.map_err(|e| e.as_string().unwrap_or_else(|| "the picture program did not start".into()))?;
    offer(&bytes, name).ok_or_else(|| "the browser did not take the file".into())
}

/// The bytes of the PNG.
async fn drawn(svg: &str) -> Result<JsValue, JsValue> {
    let worker = Worker::new(WORKER)?;
    let question = js_sys::Array::of2(&svg.into(), &SCALE.into());
    let answer = JsFuture::from(answered(&worker, question)).await;
    worker.terminate();
    answer
}

/// Asks when the worker says that it listens; answers with the bytes, or fails with the text it sends instead.
fn answered(worker: &Worker, question: js_sys::Array) -> js_sys::Promise {
    js_sys::Promise::new(&mut |resolve, reject| {
        let (asked, question, refuse) = (worker.clone(), question.clone(), reject.clone());
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let data = message.data();
            // What a settled promise is told has no effect, and a worker that is gone takes no question.
            let _ = match (data.is_null(), data.is_string()) {
                (true, _) => asked.post_message(&question).map(|()| JsValue::UNDEFINED),
                (_, true) => refuse.call1(&JsValue::NULL, &data),
                _ => resolve.call1(&JsValue::NULL, &data),
            };
        });
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(&reject));
    })
}

/// A click on a link to the bytes.
fn offer(bytes: &JsValue, name: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type("image/png");
    let blob = Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(bytes), &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address).ok()
}
