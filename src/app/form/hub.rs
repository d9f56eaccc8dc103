//! A model fetched by its Hugging Face id: closed until the reader opens it, silent until the reader presses a button
//! that names the host.

use leptos::prelude::*;

use super::Row;
use super::config::take;
use crate::app::fetch;
use crate::app::state::app;
use crate::app::timing::Latest;
use crate::import::ImportError;
use crate::import::hub::{BASE, Fetching, origin};

/// Host of an address, as people read it.
fn host(base: &str) -> String {
    origin(base.trim()).and_then(|o| o.split_once("://")).map_or_else(|| "the hub".into(), |(_, host)| host.into())
}

/// Why the button stays closed, if it does.
fn refusal(base: &str, fetching: &Result<Fetching, ImportError>) -> Option<String> {
    match fetching {
        Err(e) => Some(format!("{} {}: {}.", e.path, e.message, e.hint)),
        Ok(f) if !fetch::permitted(&f.addresses.config) => Some(format!(
            "This page may not contact {}: its Content-Security-Policy does not name it. Run 'crossover import --hub' in a \
             terminal, or serve a build that names this hub (see the book, Security).",
            host(base)
        )),
        Ok(_) => None,
    }
}

/// What pressing the button contacts.
#[component]
fn Announcement(fetching: Fetching, host: String) -> impl IntoView {
    let a = fetching.addresses;
    view! {
        <p>{format!("The button contacts {host} and nobody else. It asks for:")}</p>
        <ol>
            <li><code>{a.config}</code></li>
            <li><code>{a.index}</code></li>
            <li><code>{a.metadata}</code>", only where there is no index"</li>
        </ol>
        <p>"No cookie and nothing of your scenario goes along; the host sees your network address and the id."</p>
    }
}

#[component]
pub fn HubField(field: Row, said: RwSignal<String>, asked: Latest) -> impl IntoView {
    let app = app();
    let (id, base, busy) = (RwSignal::new(String::new()), RwSignal::new(BASE.to_string()), RwSignal::new(false));
    let empty = move || id.with(|t| t.trim().is_empty());
    let fetching = move || base.with(|b| id.with(|i| Fetching::of(b, i)));
    let closed = move || empty() || base.with(|b| refusal(b, &fetching())).is_some();
    let go = move |_: leptos::ev::MouseEvent| {
        let Ok(mut fetching) = fetching() else { return };
        if busy.get_untracked() || closed() {
            return;
        }
        busy.set(true);
        let number = asked.begin();
        said.set(format!("Contacting {} ...", host(&base.get_untracked())));
        leptos::task::spawn_local(async move {
            let mut outcome = Ok(());
            while let (Ok(()), Some(address)) = (&outcome, fetching.next_address()) {
                let reply = fetch::get(address, fetching.most_bytes()).await;
                outcome = fetching.answered(&reply);
            }
            busy.set(false);
            // A file that was read in the meantime is not replaced.
            if !asked.is_latest(number) {
                return;
            }
            match (outcome, fetching.finished()) {
                (Err(e), _) => take(app, field, Err(e), said),
                (Ok(()), Some(found)) => take(app, field, Ok(found), said),
                (Ok(()), None) => said.set("The hub gave no model.".into()),
            }
        });
    };
    let announced = move || match (empty(), fetching()) {
        (true, _) => view! { <p>"Nothing is contacted until you press the button."</p> }.into_any(),
        (false, f) => match (base.with(|b| refusal(b, &f)), f) {
            (None, Ok(fetching)) => view! { <Announcement fetching host=host(&base.get()) /> }.into_any(),
            (why, _) => view! { <p class="trouble">{why}</p> }.into_any(),
        },
    };
    view! {
        <details class="hub">
            <summary>"Fetch by Hugging Face id"</summary>
            <label class="cell">
                <span>"Model id"</span>
                <input type="text" autocomplete="off" spellcheck="false" placeholder="owner/name" prop:value=move || id.get() on:input:target=move |e| id.set(e.target().value()) />
            </label>
            <label class="cell">
                <span>"Hub address"</span>
                <input type="text" inputmode="url" autocomplete="off" spellcheck="false" prop:value=move || base.get() on:input:target=move |e| base.set(e.target().value()) />
            </label>
            <div class="word">{announced}</div>
            <button type="button" disabled=move || busy.get() || closed() on:click=go>
                {move || if busy.get() { "Fetching ...".to_string() } else { format!("Fetch from {}", host(&base.get())) }}
            </button>
        </details>
    }
}
