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
mod jump;
mod long_run;
mod offline;
mod paper;
mod parts;
mod pins;
mod png;
mod private_prices;
mod state;
mod theme;
mod timing;

use leptos::prelude::*;

use crate::catalog::{Catalog, Reading};
use answer::Answer;
use answer::verdict::Verdict;
use embed::Embedded;
use form::Form;
use header::Header;
use offline::Offline;
use parts::{Parts, in_turn};
use state::App;
use theme::Themes;

/// Time of a task given to reading the catalog, ms.
const PIECE_MS: f64 = 5.0;

/// Mount the page, or say in plain words why it cannot be.
pub fn start() {
    failure::install();
    match Reading::new() {
        Ok(reading) => read_on(reading),
        Err(e) => failure::show(&e.to_string()),
    }
}

/// Read the catalog piece by piece, then its private prices, then plan, then mount: each in a task of its own.
fn read_on(mut reading: Reading) {
    let began = timing::now();
    while timing::now() - began < PIECE_MS {
        match reading.step() {
            Ok(true) => {}
            Ok(false) => return timing::soon(move || open(reading.finish())),
            Err(e) => return failure::show(&e.to_string()),
        }
    }
    timing::soon(move || read_on(reading));
}

fn open(mut catalog: Catalog) {
    private_prices::apply(&mut catalog);
    timing::soon(move || {
        // Signals outlive the page's own reactive owner: nothing ever takes them down.
        let owner: &'static Owner = Box::leak(Box::new(Owner::new()));
        let app = owner.with(|| App::new(Box::leak(Box::new(catalog))));
        address::read(app);
        timing::soon(move || {
            app.shown.with_untracked(|_| ());
            timing::soon(move || mount(app));
        });
    });
}

fn mount(app: App) {
    if let Some(waiting) = document().get_element_by_id("loading") {
        waiting.remove();
    }
    mount_to_body(move || match embed::asked() {
        Some(asked) => view! { <Embedded app asked /> }.into_any(),
        None => view! { <Page app /> }.into_any(),
    });
}

#[component]
fn Page(app: App) -> impl IntoView {
    provide_context(app);
    provide_context(Themes::new());
    let parts = Parts::new();
    provide_context(parts);
    paper::keep_ready(app, parts);
    app.keep_settled();
    app.lay_out_early();
    address::keep(app);
    state::listen_for_undo(app);
    state::watch_the_pointer(app);
    floating::close_floating();
    let skip = |e: leptos::ev::MouseEvent| {
        e.prevent_default();
        jump::to("answer");
    };
    // The verdict is painted first; then the order of a narrow page, where nothing then moves down.
    let (verdict, answer, form) = (in_turn(), in_turn(), in_turn());
    view! {
        <a class="skip" href="#answer" on:click=skip>"Skip to the answer"</a>
        <Header />
        // Tests and scripts wait for this.
        <main class="page" class:stale=move || app.is_stale() data-settled=move || (parts.built() && app.at_rest()).to_string()>
            // Words stand where the answer comes, as they did before the program was there.
            {move || match verdict.get() {
                true => view! { <Verdict /> }.into_any(),
                false => view! { <p id="loading">"Everything is computed in your browser; the planner is loading."</p> }.into_any(),
            }}
            {move || form.get().then(|| view! { <Form /> })}
            {move || answer.get().then(|| view! { <Answer /> })}
        </main>
        <Offline />
    }
}
