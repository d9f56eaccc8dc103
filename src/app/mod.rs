//! The page: one scenario, one plan derived from it, and views that read them.

mod address;
mod answer;
mod canvas;
mod clipboard;
mod embed;
mod embed_maker;
mod failure;
mod fetch;
mod floating;
mod form;
mod header;
mod long_run;
mod offline;
mod parts;
mod pins;
mod png;
mod private_prices;
mod state;
mod theme;
mod timing;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::catalog::Catalog;
use answer::Answer;
use answer::verdict::Verdict;
use embed::Embedded;
use form::Form;
use header::Header;
use offline::Offline;
use parts::{Parts, in_turn};
use state::App;
use theme::Themes;

/// Mount the page, or say in plain words why it cannot be.
pub fn start() {
    failure::install();
    let catalog = match Catalog::embedded() {
        Ok(mut catalog) => {
            private_prices::apply(&mut catalog);
            Box::leak(Box::new(catalog))
        }
        Err(e) => return failure::show(&e.to_string()),
    };
    if let Some(waiting) = document().get_element_by_id("loading") {
        waiting.remove();
    }
    mount_to_body(move || match embed::asked() {
        Some(asked) => view! { <Embedded catalog asked /> }.into_any(),
        None => view! { <Page catalog /> }.into_any(),
    });
}

#[component]
fn Page(catalog: &'static Catalog) -> impl IntoView {
    let app = App::new(catalog);
    provide_context(app);
    provide_context(Themes::new());
    let parts = Parts::new();
    provide_context(parts);
    app.keep_settled();
    address::keep(app);
    state::listen_for_undo(app);
    floating::close_floating();
    // The fragment belongs to the scenario, so the skip link moves the focus itself.
    let skip = move |e: leptos::ev::MouseEvent| {
        e.prevent_default();
        if let Some(answer) =
            document().get_element_by_id("answer").and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = answer.focus();
        }
    };
    // The verdict is painted first; then the order of a narrow page, where nothing then moves down.
    let (answer, form) = (in_turn(), in_turn());
    view! {
        <a class="skip" href="#answer" on:click=skip>"Skip to the answer"</a>
        <Header />
        // Tests and scripts wait for this.
        <main class="page" data-settled=move || (parts.built() && app.at_rest()).to_string()>
            <Verdict />
            {move || form.get().then(|| view! { <Form /> })}
            {move || answer.get().then(|| view! { <Answer /> })}
        </main>
        <Offline />
    }
}
