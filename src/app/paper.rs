//! Paper: what waits is built and what moves comes to rest before the page is printed, so that it says one thing in words and
//! pictures.

use leptos::prelude::*;

use super::parts::Parts;
use super::state::App;
use super::timing::soon;

/// Make the page ready; what follows is on it after this task.
fn prepare(app: App, parts: Parts) {
    parts.build_all();
    app.rest_now();
    app.papers.update(|n| *n += 1);
}

/// Be ready whenever the browser prints. To be called before the pictures listen to the same event.
pub fn keep_ready(app: App, parts: Parts) {
    let handle = window_event_listener_untyped("beforeprint", move |_| prepare(app, parts));
    on_cleanup(move || handle.remove());
}

/// Print. A browser that is told to tells the page of it within the same task, too late for what is on it.
pub fn print(app: App, parts: Parts) {
    prepare(app, parts);
    soon(|| {
        // A browser that does not print has its own way to say so.
        let _ = window().print();
    });
}
