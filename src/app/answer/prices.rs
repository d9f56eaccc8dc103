//! Prices of one's own: a public list compared with the catalog on request, or a private price file; kept in this browser
//! with their date, and nowhere else.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::take::save;
use crate::app::fetch;
use crate::app::parts::folded;
use crate::app::private_prices;
use crate::app::state::{App, app};
use crate::app::timing::{Latest, today};
use crate::import::prices::diff::{Diff, diff};
use crate::import::prices::private::{MOST_BYTES as MOST_FILE_BYTES, PrivatePrices, too_large};
use crate::import::prices::{BASE, MOST_BYTES, Source, answered};

/// A list that was compared, waiting for the reader's word.
#[derive(Clone, PartialEq)]
struct Found {
    source: Source,
    diff: Diff,
}

/// Contact a list's address and compare what it answers.
async fn compare(app: App, source: Source, base: &str) -> Result<Diff, String> {
    let address = source.address(base.trim()).map_err(|e| format!("{e}; nothing is contacted."))?;
    if !fetch::permitted(&address) {
        return Err(format!(
            "This page may not contact {address}: its Content-Security-Policy does not name it. Run `crossover prices fetch` in \
             a terminal, or serve a build that names this host (see the book, Security)."
        ));
    }
    let reply = fetch::get(&address, MOST_BYTES).await;
    let text = answered(&address, reply).map_err(|e| format!("{e}; nothing is changed."))?;
    let read = source.read(&text, &today()).map_err(|e| format!("{e}; nothing is changed."))?;
    Ok(diff(read, app.catalog))
}

/// Read a private price file.
async fn read(file: web_sys::File) -> Result<PrivatePrices, String> {
    if file.size() > MOST_FILE_BYTES as f64 {
        return Err(format!("{}; nothing is changed.", too_large(file.size())));
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|t| t.as_string());
    let text = text.ok_or("the file could not be read by the browser; nothing is changed.")?;
    PrivatePrices::read(&text).map_err(|e| format!("{e}; nothing is changed."))
}

#[component]
pub fn Prices() -> impl IntoView {
    let wanted = folded();
    view! {
        <section class="panel text-panel" id="prices">
            <h2>"API prices of your own"</h2>
            <details class="data" on:toggle=move |_| wanted.want()>
                <summary>"Compare with a public list, or bring a price file"</summary>
                {move || wanted.get().then(|| view! { <Bring /> })}
            </details>
        </section>
    }
}

/// The ways to bring prices, and what they would change.
#[component]
fn Bring() -> impl IntoView {
    let app = app();
    let found = RwSignal::new(None::<Found>);
    let said = RwSignal::new(String::new());
    let base = RwSignal::new(BASE.to_string());
    let asked = Latest::default();
    let ask = move |source: Source| {
        let base = base.get_untracked();
        said.set(format!("Contacting {}/{}", base.trim().trim_end_matches('/'), source.path()));
        found.set(None);
        let number = asked.begin();
        leptos::task::spawn_local(async move {
            let compared = compare(app, source, &base).await;
            if !asked.is_latest(number) {
                return;
            }
            match compared {
                Ok(diff) => {
                    said.set(sum(&diff));
                    found.set(Some(Found { source, diff }));
                }
                Err(why) => said.set(why),
            }
        });
    };
    let apply = move |_: leptos::ev::MouseEvent| {
        let Some(f) = found.get_untracked() else { return };
        asked.begin();
        if let Err(why) = private_prices::keep(app, &f.diff.keep(f.source, &today())) {
            said.set(why);
        }
    };
    let choose = move |e: leptos::ev::Event| {
        let input = e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.and_then(|i| i.files()).and_then(|f| f.get(0)) else { return };
        let number = asked.begin();
        leptos::task::spawn_local(async move {
            let prices = read(file).await;
            if !asked.is_latest(number) {
                return;
            }
            if let Err(why) = prices.and_then(|prices| private_prices::keep(app, &prices)) {
                said.set(why);
            }
        });
    };
    view! {
        {kept_words(app)}
        <p class="word">
            {move || {
                format!(
                    "A button contacts {} and nothing else. What would change is shown first; what you apply stays in this browser.",
                    base.get().trim()
                )
            }}
        </p>
        <label class="cell">
            <span>"Address of the lists"</span>
            <input type="text" inputmode="url" autocomplete="off" spellcheck="false" prop:value=move || base.get() on:input:target=move |e| base.set(e.target().value()) />
        </label>
        <div class="take">
            <button type="button" on:click=move |_| ask(Source::Litellm)>"Compare with LiteLLM's price map"</button>
            <button type="button" on:click=move |_| ask(Source::Genai)>"Compare with genai-prices"</button>
            <label class="cell">
                <span>"Price file"</span>
                <input type="file" accept=".json" on:change=choose />
            </label>
        </div>
        <p class="word" role="status">{move || said.get()}</p>
        {move || found.get().map(|f| view! { <Differences diff=f.diff apply=Callback::new(apply) /> })}
    }
}

/// What is in use, with the buttons that save and remove it.
fn kept_words(app: App) -> Option<impl IntoView> {
    let prices = private_prices::kept()?;
    let (rows, day, source) = (prices.rows.len(), prices.as_of.clone(), prices.source.clone());
    let text = prices.write();
    let keep = move |_| {
        save("private-prices.json", &text);
    };
    Some(view! {
        <p class="word">{format!("In use: {rows} prices of {day} ({source}).")}</p>
        <div class="take">
            <button type="button" on:click=keep>"Save as a file"</button>
            <button type="button" on:click=move |_| private_prices::remove(app)>"Back to the catalog's prices"</button>
        </div>
    })
}

fn sum(diff: &Diff) -> String {
    format!(
        "{} changed, {} added, {} as in the catalog, {} refused, {} not in the list, {} about something else.",
        diff.changed.len(),
        diff.added.len(),
        diff.unchanged,
        diff.refused.len(),
        diff.missing.len(),
        diff.left_out
    )
}

#[component]
fn Differences(diff: Diff, apply: Callback<leptos::ev::MouseEvent>) -> impl IntoView {
    let empty = diff.is_empty();
    let row = |line: crate::import::prices::diff::Line| {
        view! { <tr><td>{line.what}</td><th scope="row">{line.id}</th><td>{line.detail}</td></tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="What the list would change">
            <table class="compare">
                <thead><tr><th scope="col">""</th><th scope="col">"Price"</th><th scope="col">"Per million tokens"</th></tr></thead>
                <tbody>{diff.lines().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <button type="button" disabled=empty on:click=move |e| apply.run(e)>"Use the changed and added prices"</button>
    }
}
