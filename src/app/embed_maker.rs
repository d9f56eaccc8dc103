//! The way from this page into others: choose a panel, see it, copy what to paste.

use leptos::prelude::*;

use super::state::app;
use crate::chart::{self, Panel};
use crate::export::snippet::{Embedding, Place};

/// Parts that are no picture, with their headings.
const OTHERS: [(&str, &str); 2] = [("verdict", "Verdict"), ("planner", "Planner")];
/// Themes, with what they are called here.
const THEMES: [(&str, &str); 3] = [("auto", "follows the page"), ("light", "light"), ("dark", "dark")];

/// What is chosen.
#[derive(Clone, Copy)]
struct Choice {
    panel: RwSignal<String>,
    theme: RwSignal<String>,
    place: RwSignal<Place>,
}

#[component]
pub fn EmbedMaker() -> impl IntoView {
    let open = RwSignal::new(false);
    let choice = Choice {
        panel: RwSignal::new(Panel::BreakEven.id().to_string()),
        theme: RwSignal::new("auto".to_string()),
        place: RwSignal::new(Place::Element),
    };
    view! {
        <details class="embed-maker" on:toggle:target=move |e| open.set(e.target().open())>
            <summary>"Embed"</summary>
            <Show when=move || open.get()>
                <Maker choice />
            </Show>
        </details>
    }
}

#[component]
fn Maker(choice: Choice) -> impl IntoView {
    let app = app();
    let embedding = Memo::new(move |_| {
        made(
            &super::address::followed_link(app),
            &choice.panel.get(),
            &choice.theme.get(),
            app.plan.get().ok().as_deref(),
        )
    });
    let snippet = Memo::new(move |_| embedding.with(|e| e.snippet(choice.place.get())));
    let address = Memo::new(move |_| embedding.with(Embedding::frame_address));
    let commands = move || (choice.place.get() == Place::Markdown).then(|| embedding.with(Embedding::commands));
    let copy = move |_| {
        super::clipboard::copy(snippet.get_untracked(), move |copied| {
            app.say(if copied { "Snippet copied" } else { "The clipboard is closed to this page; select and copy" });
        });
    };
    let panels = Panel::ALL.map(|p| (p.id(), p.heading())).into_iter().chain(OTHERS);
    view! {
        <div class="embed-form">
            <label>"Panel"<Options value=choice.panel options=panels.collect() /></label>
            <label>"Theme"<Options value=choice.theme options=THEMES.to_vec() /></label>
            <label>
                "For"
                <select on:change:target=move |e| {
                    if let Some(place) = Place::from_id(&e.target().value()) {
                        choice.place.set(place);
                    }
                }>
                    {Place::ALL.iter().map(|p| view! { <option value=p.id()>{name(*p)}</option> }).collect_view()}
                </select>
            </label>
            <label class="wide">
                "Paste this"
                <textarea readonly rows="5" prop:value=move || snippet.get() spellcheck="false"></textarea>
            </label>
            {move || commands().map(|text| view! { <pre class="wide">{text}</pre> })}
            <button type="button" class="primary" on:click=copy>"Copy"</button>
            <iframe class="wide" title="Preview" src=move || address.get()></iframe>
        </div>
    }
}

#[component]
fn Options(value: RwSignal<String>, options: Vec<(&'static str, &'static str)>) -> impl IntoView {
    let option = move |(id, label): (&'static str, &'static str)| {
        view! { <option value=id selected=move || value.with(|v| v == id)>{label}</option> }
    };
    view! {
        <select on:change:target=move |e| value.set(e.target().value())>
            {options.into_iter().map(option).collect_view()}
        </select>
    }
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Element => "a page with scripts",
        Place::Frame => "a page that takes frames",
        Place::Markdown => "a README (pictures)",
        Place::Link => "anywhere else (link)",
    }
}

/// The embedding of the scenario at this address; its title is what the panel finds.
fn made(link: &str, panel: &str, theme: &str, plan: Option<&crate::engine::Plan>) -> Embedding {
    let (page, fragment) = link.split_once('#').map_or((link, String::new()), |(p, f)| (p, format!("#{f}")));
    let folder = page.split('?').next().unwrap_or(page).trim_end_matches("index.html");
    let title = match (plan, Panel::from_id(panel)) {
        (Some(plan), Some(panel)) => chart::finding(panel, plan),
        (Some(plan), None) => plan.advice.sentence.clone(),
        (None, _) => "When self-hosting pays off".into(),
    };
    Embedding { app: folder.into(), fragment, panel: panel.into(), theme: theme.into(), title }
}
