//! One of a fixed list.

use leptos::prelude::*;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::app;
use crate::scenario::Scenario;
use crate::scenario::field::Choice;

/// The words for an id of a list; any other text as it is.
pub fn words(id: &str) -> String {
    match id {
        "on_demand" => "Rent on demand".into(),
        "reserved_1y" => "Rent, reserved for 1 year".into(),
        "reserved_3y" => "Rent, reserved for 3 years".into(),
        "spot" => "Rent spot capacity".into(),
        "owned" => "Own".into(),
        "vllm" => "vLLM".into(),
        "sglang" => "SGLang".into(),
        "tensorrt-llm" => "TensorRT-LLM".into(),
        "tgi" => "TGI".into(),
        "ollama" => "Ollama".into(),
        other => other.into(),
    }
}

#[component]
pub fn ChoiceField(field: Row, choice: &'static Choice<Scenario>) -> impl IntoView {
    let app = app();
    let chosen = Memo::new(move |_| app.seen.with(|s| (choice.get)(s)));
    let pick = move |id: String| {
        app.edit(field.path, |s| {
            (choice.set)(s, &id);
        });
    };
    view! {
        <div class="field">
            <Head field />
            <select id=control_id(field) prop:value=move || chosen.get() on:change:target=move |e| pick(e.target().value())>
                {choice
                    .options
                    .iter()
                    .map(|id| view! { <option value=*id selected=move || chosen.get() == *id>{words(id)}</option> })
                    .collect_view()}
            </select>
        </div>
    }
}
