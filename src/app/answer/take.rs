//! Leave with files: launch commands, manifests, gateway configuration and reports that match the plan.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::parts::folded;
use crate::app::state::app;
use crate::export::{Format, export};

/// Name of a format for people, and of its file.
const fn names(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Vllm => ("vLLM launch command", "serve-vllm.sh"),
        Format::Sglang => ("SGLang launch command", "serve-sglang.sh"),
        Format::TensorrtLlm => ("TensorRT-LLM launch command", "serve-tensorrt-llm.sh"),
        Format::Tgi => ("TGI launch command", "serve-tgi.sh"),
        Format::Ollama => ("Ollama", "serve-ollama.sh"),
        Format::LlamaCpp => ("llama.cpp server command", "serve-llama-cpp.sh"),
        Format::Compose => ("Docker Compose", "compose.yaml"),
        Format::Kubernetes => ("Kubernetes manifests", "kubernetes.yaml"),
        Format::Litellm => ("LiteLLM proxy", "litellm.yaml"),
        Format::SemanticRouter => ("vLLM Semantic Router", "semantic-router.yaml"),
        Format::Steps => ("Steps, for an agent runtime", "steps.yaml"),
        Format::StepsCsv => ("Table of steps (CSV)", "steps.csv"),
        Format::Markdown => ("Report (Markdown)", "report.md"),
        Format::Csv => ("Every table (CSV)", "plan.csv"),
    }
}

/// Offer a text as a file.
pub(super) fn save(name: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence(&parts).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: web_sys::HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    web_sys::Url::revoke_object_url(&url).ok()
}

#[component]
pub fn Take() -> impl IntoView {
    let app = app();
    let format = RwSignal::new(Format::Vllm);
    let (open, wanted) = (RwSignal::new(false), folded());
    let text = Memo::new(move |_| match (open.get(), app.rested_in_usd()) {
        (true, Some((scenario, plan))) => {
            let mut plan = (*plan).clone();
            plan.scenario_link = crate::app::address::own_link(app, &scenario);
            export(format.get(), &scenario, &plan, app.catalog)
        }
        _ => String::new(),
    });
    let copy = move |_| {
        app.rest_now();
        crate::app::clipboard::copy(text.get_untracked(), move |copied| {
            app.say(if copied { "Copied" } else { "The clipboard is closed to this page; select the text instead" });
        });
    };
    let keep = move |_| {
        app.rest_now();
        if save(names(format.get_untracked()).1, &text.get_untracked()).is_none() {
            app.say("The browser did not take the file; copy the text instead");
        }
    };
    view! {
        <section class="panel text-panel" id="take">
            <h2>"Take it with you"</h2>
            <details
                class="data"
                on:toggle:target=move |e| {
                    wanted.want();
                    open.set(e.target().unchecked_into::<web_sys::HtmlDetailsElement>().open());
                }
            >
                <summary>"Launch commands, manifests, gateway configuration, reports"</summary>
                {move || wanted.get().then(|| view! {
                    <div class="take">
                        <select
                            aria-label="File"
                            on:change:target=move |e| {
                                if let Some(f) = Format::from_id(&e.target().value()) {
                                    format.set(f);
                                }
                            }
                        >
                            {Format::ALL.iter().map(|f| view! { <option value=f.id()>{names(*f).0}</option> }).collect_view()}
                        </select>
                        <button type="button" on:click=copy>"Copy"</button>
                        <button type="button" on:click=keep>"Save"</button>
                    </div>
                    <pre tabindex="0" role="region" aria-label="File content">{move || text.get()}</pre>
                })}
            </details>
        </section>
    }
}
