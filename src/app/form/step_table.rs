//! Steps as a table: pasted, dropped or chosen as a file, read here and sent nowhere; a table with a problem changes
//! nothing and says where it is.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::Row;
use crate::app::state::{App, app};
use crate::app::timing::Latest;
use crate::scenario::canonical_ids;
use crate::scenario::steps_csv::{self, TableError};

/// What became of the last table.
type Said = RwSignal<Vec<String>>;

fn take(app: App, field: Row, text: &str, said: Said) {
    match steps_csv::read(text) {
        Ok(steps) => {
            said.set(vec![format!("{} steps read; undo brings the old ones back.", steps.len())]);
            let mut scenario = app.scenario.get_untracked();
            scenario.steps = steps;
            canonical_ids(&mut scenario, app.catalog);
            app.replace(field.path, scenario);
        }
        Err(problems) => said.set(problems.iter().map(line).collect()),
    }
}

fn line(e: &TableError) -> String {
    format!("{e}: {}", e.hint)
}

fn take_file(app: App, field: Row, file: Option<web_sys::File>, said: Said, asked: Latest) {
    let Some(file) = file else { return };
    let number = asked.begin();
    if file.size() > steps_csv::MAX_BYTES as f64 {
        said.set(vec![format!("the file is larger than {} bytes", steps_csv::MAX_BYTES)]);
        return;
    }
    leptos::task::spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|t| t.as_string());
        if !asked.is_latest(number) {
            return;
        }
        match text {
            Some(text) => take(app, field, &text, said),
            None => said.set(vec!["the file could not be read by the browser; choose it again".into()]),
        }
    });
}

#[component]
pub fn StepTable(field: Row) -> impl IntoView {
    let app = app();
    let said: Said = RwSignal::new(Vec::new());
    let asked = Latest::default();
    let read = move |text: &str| {
        asked.begin();
        take(app, field, text, said);
    };
    let drop = move |e: web_sys::DragEvent| {
        let Some(data) = e.data_transfer() else { return };
        e.prevent_default();
        match data.files().and_then(|f| f.get(0)) {
            Some(file) => take_file(app, field, Some(file), said, asked),
            None => read(&data.get_data("text").unwrap_or_default()),
        }
    };
    let paste = move |text: String| {
        if !text.trim().is_empty() {
            read(&text);
        }
    };
    view! {
        <div class="field">
            <textarea
                rows="3"
                spellcheck="false"
                aria-label="Table of steps"
                placeholder="Paste or drop a table: name, calls, in, out, quality, ..."
                on:change:target=move |e| paste(e.target().value())
                on:dragover=|e| e.prevent_default()
                on:drop=drop
            ></textarea>
            <input
                type="file"
                accept=".csv,.tsv,.txt"
                aria-label="Table of steps as a file (CSV)"
                on:change=move |e| {
                    let input = e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
                    take_file(app, field, input.and_then(|i| i.files()).and_then(|f| f.get(0)), said, asked);
                }
            />
            <div class="word" role="status">
                {move || said.get().into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
            </div>
        </div>
    }
}
