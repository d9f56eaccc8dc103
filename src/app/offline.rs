//! The page without a network: registers the service worker that the build wrote, and says when it brought a new
//! version.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

use super::state::app;
use super::timing::{later, now};

/// Rest after the page has opened before its files are fetched for offline use, ms.
const AFTER_MS: u32 = 1500;

/// Least time between two looks for a new version, ms. Browsers look when a page is opened; one that stays open looks
/// when its reader comes back to it.
const LOOK_EVERY_MS: f64 = 600_000.0;

/// The browser's service workers; nothing where they are closed to this page (no secure context, sandboxed frame).
fn container() -> Option<web_sys::ServiceWorkerContainer> {
    let window = window();
    let top = window.parent().ok().flatten().is_none_or(|parent| js_sys::Object::is(&parent, &window));
    let allowed = top && window.is_secure_context() && !cfg!(debug_assertions);
    let value = js_sys::Reflect::get(&window.navigator(), &"serviceWorker".into()).ok()?;
    (allowed && value.is_object()).then(|| value.unchecked_into())
}

/// Registers the worker; a note appears when a new version has taken the place of the one this page came from.
#[component]
pub fn Offline() -> impl IntoView {
    let updated = RwSignal::new(false);
    if let Some(workers) = container() {
        watch(&workers, updated);
        // Asked for without a network it would fail and not be tried again.
        let back = workers.clone();
        window_event_listener(leptos::ev::online, move |_| register(&back));
        look_again(workers.clone());
        later(AFTER_MS, move || {
            ask(&workers, updated);
            if window().navigator().on_line() {
                register(&workers);
            }
        });
    }
    let app = app();
    let reload = move |_| super::address::open_again(app);
    view! {
        <p class="update" role="status" class:hidden=move || !updated.get()>
            "Crossover was updated. "<button type="button" on:click=reload>"Reload"</button>
        </p>
    }
}

fn watch(workers: &web_sys::ServiceWorkerContainer, updated: RwSignal<bool>) {
    // The first worker of a first visit is no update; each that follows is one.
    let had_one = Cell::new(js_sys::Reflect::get(workers, &"controller".into()).is_ok_and(|c| c.is_object()));
    let changed = Closure::<dyn Fn()>::new(move || updated.set(had_one.replace(true)));
    workers.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
}

/// Compare the version that answers this page now with the page's own: a worker that took over while the page was
/// still loading did so before anybody listened.
fn ask(workers: &web_sys::ServiceWorkerContainer, updated: RwSignal<bool>) {
    let own =
        document().query_selector("meta[name=version]").ok().flatten().and_then(|meta| meta.get_attribute("content"));
    let (Some(own), Some(worker), Ok(channel)) = (own, workers.controller(), web_sys::MessageChannel::new()) else {
        return;
    };
    let told = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |answer: web_sys::MessageEvent| {
        if answer.data().as_string().is_some_and(|version| version != own) {
            updated.set(true);
        }
    });
    channel.port1().set_onmessage(Some(told.as_ref().unchecked_ref()));
    told.forget();
    // A worker that cannot be asked leaves the page as it was.
    let _ = worker.post_message_with_transferable(&"version".into(), &js_sys::Array::of1(&channel.port2()));
}

/// Look for a new version whenever the reader comes back to the page.
fn look_again(workers: web_sys::ServiceWorkerContainer) {
    let looked = Cell::new(f64::NEG_INFINITY);
    window_event_listener(leptos::ev::visibilitychange, move |_| {
        if document().hidden() || now() - looked.get() < LOOK_EVERY_MS {
            return;
        }
        looked.set(now());
        let Ok(ready) = workers.ready() else { return };
        leptos::task::spawn_local(async move {
            // Without a network there is nothing to find; the next look will tell.
            let Ok(registration) = JsFuture::from(ready).await else { return };
            if let Ok(looking) = registration.unchecked_into::<web_sys::ServiceWorkerRegistration>().update() {
                let _ = JsFuture::from(looking).await;
            }
        });
    });
}

fn register(workers: &web_sys::ServiceWorkerContainer) {
    let options = web_sys::RegistrationOptions::new();
    // The worker itself is never taken from the HTTP cache, or a page could be stuck on an old version.
    options.set_update_via_cache(web_sys::ServiceWorkerUpdateViaCache::None);
    let registered = workers.register_with_options("service-worker.js", &options);
    leptos::task::spawn_local(async move {
        // Without a worker the page works, only not offline; the browser says why in its console.
        let _ = JsFuture::from(registered).await;
    });
}
