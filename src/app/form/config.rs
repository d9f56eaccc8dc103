//! A model of one's own: its `config.json` pasted, or a `config.json` or GGUF file chosen, read here and sent nowhere; or
//! fetched by its id, on request.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::hub::HubField;
use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::app::timing::Latest;
use crate::import::{self, ImportError, Imported};

/// Bytes read of a GGUF file: its header with the tensor table lies in front.
const FRONT_BYTES: f64 = 24e6;

/// Put an imported model into the scenario, or say why there is none.
pub(super) fn take(app: App, field: Row, imported: Result<Imported, ImportError>, said: RwSignal<String>) {
    match imported {
        Ok(found) => {
            let notes = found.notes.iter().map(|n| format!("{} {}", n.path, n.message));
            said.set(notes.collect::<Vec<_>>().join("; "));
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

/// Read files that belong together: a GGUF file, or a `config.json` with or without the index of its checkpoint.
async fn read_files(files: Vec<web_sys::File>) -> Result<Imported, ImportError> {
    let mut texts = Vec::with_capacity(files.len());
    for file in &files {
        let bytes = front(file).await?;
        if bytes.starts_with(b"GGUF") {
            return gguf(file, &bytes);
        }
        if file.size() > FRONT_BYTES {
            let message = format!("{} has {:.0} MB", file.name(), file.size() / 1e6);
            return Err(ImportError::new(
                "file",
                message,
                "no configuration is that large; choose config.json or a GGUF file",
            ));
        }
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    import::bundle(&texts)
}

/// The first bytes of a file.
async fn front(file: &web_sys::File) -> Result<Vec<u8>, ImportError> {
    let trouble = |_| ImportError::new("file", "could not be read by the browser", "choose it again");
    let part = file.slice_with_f64_and_f64(0.0, file.size().min(FRONT_BYTES)).map_err(trouble)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(trouble)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// The header of a GGUF file, from its first bytes.
fn gguf(file: &web_sys::File, bytes: &[u8]) -> Result<Imported, ImportError> {
    import::gguf::read(file.size() as u64, |offset, length| {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let slice = bytes.get(from..from.saturating_add(length));
        slice.map(<[u8]>::to_vec).ok_or_else(|| "the header is too long".to_string())
    })
}

/// Every file of a list.
fn all(list: Option<web_sys::FileList>) -> Vec<web_sys::File> {
    list.map(|l| (0..l.length()).filter_map(|i| l.get(i)).collect()).unwrap_or_default()
}

#[component]
pub fn ConfigField(field: Row) -> impl IntoView {
    let app = app();
    let said = RwSignal::new(String::new());
    let asked = Latest::default();
    let own = Memo::new(move |_| app.seen.with(|s| s.model.config.is_some()));
    let paste = move |text: String| {
        if !text.trim().is_empty() {
            asked.begin();
            take(app, field, import::config::parse(&text), said);
        }
    };
    let read = move |files: Vec<web_sys::File>| {
        if !files.is_empty() {
            let number = asked.begin();
            leptos::task::spawn_local(async move {
                let imported = read_files(files).await;
                if asked.is_latest(number) {
                    take(app, field, imported, said);
                }
            });
        }
    };
    let choose = move |e: leptos::ev::Event| {
        let input = e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        read(all(input.and_then(|i| i.files())));
    };
    let drop = move |e: leptos::ev::DragEvent| {
        let files = all(e.data_transfer().and_then(|d| d.files()));
        if !files.is_empty() {
            e.prevent_default();
            read(files);
        }
    };
    view! {
        <div class="field" on:dragover=|e| e.prevent_default() on:drop=drop>
            <Head field />
            <textarea
                id=control_id(field)
                rows="3"
                spellcheck="false"
                placeholder="Paste a Hugging Face config.json, or drop it here, with its safetensors index if you like"
                on:change:target=move |e| paste(e.target().value())
            ></textarea>
            <input
                type="file"
                multiple=true
                accept=".json,.gguf"
                aria-label="Model files: config.json with or without its index, or GGUF"
                on:change=choose
            />
            <HubField field said asked />
            <p class="word" role="status">
                {move || if own.get() { "Your own model is used. " } else { "" }}
                {move || said.get()}
            </p>
        </div>
    }
}
