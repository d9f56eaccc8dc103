//! A model of one's own: its `config.json` pasted, or a `config.json` or GGUF file chosen; read here, sent nowhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::import::{self, ImportError, Imported};

/// Bytes read of a GGUF file: its header with the tensor table lies in front.
const FRONT_BYTES: f64 = 24e6;

fn take(app: App, field: Row, imported: Result<Imported, ImportError>, said: RwSignal<String>) {
    match imported {
        Ok(found) => {
            said.set(found.notes.iter().map(|n| n.message.clone()).collect::<Vec<_>>().join("; "));
            app.edit(field.path, move |s| {
                s.model.config = Some(found.config);
                s.model.weights_bytes = found.weights_bytes;
                if let Some(format) = found.quantization {
                    s.model.quantization = format;
                }
            });
        }
        Err(e) => said.set(format!("{}: {}. {}", e.path, e.message, e.hint)),
    }
}

/// Read a chosen file by its first bytes.
async fn read_file(file: web_sys::File) -> Result<Imported, ImportError> {
    let trouble = |_| ImportError {
        path: "file".into(),
        message: "could not be read by the browser".into(),
        hint: "choose it again".into(),
    };
    let end = file.size().min(FRONT_BYTES);
    let front = file.slice_with_f64_and_f64(0.0, end).map_err(trouble)?;
    let buffer = JsFuture::from(front.array_buffer()).await.map_err(trouble)?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    if bytes.starts_with(b"GGUF") {
        return import::gguf::read(file.size() as u64, |offset, length| {
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            bytes
                .get(from..from.saturating_add(length))
                .map(<[u8]>::to_vec)
                .ok_or_else(|| "the header is too long".to_string())
        });
    }
    import::config::parse(&String::from_utf8_lossy(&bytes))
}

#[component]
pub fn ConfigField(field: Row) -> impl IntoView {
    let app = app();
    let said = RwSignal::new(String::new());
    let own = Memo::new(move |_| app.scenario.with(|s| s.model.config.is_some()));
    let paste = move |text: String| {
        if !text.trim().is_empty() {
            take(app, field, import::config::parse(&text), said);
        }
    };
    let choose = move |input: web_sys::HtmlInputElement| {
        let Some(file) = input.files().and_then(|f| f.get(0)) else { return };
        leptos::task::spawn_local(async move { take(app, field, read_file(file).await, said) });
    };
    view! {
        <div class="field">
            <Head field />
            <textarea
                id=control_id(field)
                rows="3"
                spellcheck="false"
                placeholder="Paste a Hugging Face config.json"
                on:change:target=move |e| paste(e.target().value())
            ></textarea>
            <input
                type="file"
                accept=".json,.gguf"
                aria-label="Model file: config.json or GGUF"
                on:change=move |e| {
                    if let Some(input) = e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                        choose(input);
                    }
                }
            />
            <p class="word" role="status">
                {move || if own.get() { "Your own model is used. " } else { "" }}
                {move || said.get()}
            </p>
        </div>
    }
}
