//! The page's only door to another host: opened by a button that names what it will contact.

use std::cell::Cell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCredentials, RequestInit, RequestMode, Response};

use crate::import::hub::{self, Reply};

/// Seconds until an address counts as silent.
const WAIT_S: u32 = 30;

/// Whether this page's Content-Security-Policy lets it contact an address.
pub fn permitted(address: &str) -> bool {
    let meta = document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten();
    let policy = meta.and_then(|m| m.get_attribute("content"));
    let own = window().location().origin().unwrap_or_default();
    hub::permitted(policy.as_deref(), &own, address)
}

/// What an address answers, at most `most` bytes of it. No cookie, no credential and no referrer goes along.
pub async fn get(address: &str, most: usize) -> Reply {
    let Ok(abort) = AbortController::new() else { return Reply::Failed("the browser cannot fetch".into()) };
    let silent = Rc::new(Cell::new(false));
    let timer = {
        let (abort, silent) = (abort.clone(), silent.clone());
        Timeout::new(WAIT_S * 1000, move || {
            silent.set(true);
            abort.abort();
        })
    };
    let outcome = exchange(address, most, &abort).await;
    drop(timer);
    match outcome {
        Ok(reply) => reply,
        Err(_) if silent.get() => Reply::TimedOut(WAIT_S),
        Err(_) => {
            Reply::Failed("there is no network, the host does not answer, or it does not let web pages read it".into())
        }
    }
}

async fn exchange(address: &str, most: usize, abort: &AbortController) -> Result<Reply, JsValue> {
    let init = RequestInit::new();
    init.set_method("GET");
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_signal(Some(&abort.signal()));
    let request = web_sys::Request::new_with_str_and_init(address, &init)?;
    request.headers().set("accept", "application/json")?;
    let response: Response = JsFuture::from(window().fetch_with_request(&request)).await?.dyn_into()?;
    let Some(bytes) = body(&response, most).await? else {
        abort.abort();
        return Ok(Reply::TooLarge);
    };
    let status = response.status();
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Reply::Answer { status, text },
        Err(_) => Reply::Failed("the answer is not text".into()),
    })
}

/// The body, read piece by piece; nothing where it is longer than `most`.
async fn body(response: &Response, most: usize) -> Result<Option<Vec<u8>>, JsValue> {
    let mut out = Vec::new();
    let Some(stream) = response.body() else { return Ok(Some(out)) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if js_sys::Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(Some(out));
        }
        let piece: js_sys::Uint8Array = js_sys::Reflect::get(&piece, &"value".into())?.dyn_into()?;
        if out.len() + piece.length() as usize > most {
            return Ok(None);
        }
        out.extend(piece.to_vec());
    }
}
