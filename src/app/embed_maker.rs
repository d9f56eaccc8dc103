//! The way from this page into others: choose a panel, see it, copy what to paste.

use leptos::html::Iframe;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::embed::GPUS;
use super::state::app;
use super::theme::{Choice as Shade, Themes};
use crate::chart::{self, Panel};
use crate::export::message;
use crate::export::snippet::{Embedding, Place};
use crate::scenario::fields;

/// Parts that are no picture, with their headings.
const OTHERS: [(&str, &str); 2] = [("verdict", "Verdict"), (PLANNER, "Planner")];
/// The part whose controls are chosen.
const PLANNER: &str = "planner";
/// Themes, with what they are called here.
const THEMES: [(&str, &str); 3] = [("auto", "follows the page"), ("light", "light"), ("dark", "dark")];
/// Controls of a planner at first.
const CONTROLS: [&str; 3] = ["tokens", "quant", GPUS.0];
/// Height of the preview until the panel has said its own, CSS pixels.
const HEIGHT: f64 = 420.0;

/// What is chosen.
#[derive(Clone, Copy)]
struct Choice {
    panel: RwSignal<String>,
    theme: RwSignal<String>,
    place: RwSignal<Place>,
    controls: RwSignal<Vec<&'static str>>,
    /// Height of the panel in the preview, CSS pixels.
    height: RwSignal<f64>,
}

#[component]
pub fn EmbedMaker() -> impl IntoView {
    let open = RwSignal::new(false);
    let choice = Choice {
        panel: RwSignal::new(Panel::BreakEven.id().to_string()),
        theme: RwSignal::new("auto".to_string()),
        place: RwSignal::new(Place::Element),
        controls: RwSignal::new(CONTROLS.to_vec()),
        height: RwSignal::new(HEIGHT),
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
    let embedding =
        Memo::new(move |_| made(&super::address::followed_link(app), choice, app.plan.get().ok().as_deref()));
    let snippet = Memo::new(move |_| embedding.with(|e| e.snippet(choice.place.get())));
    let commands = move || (choice.place.get() == Place::Markdown).then(|| embedding.with(Embedding::commands));
    let copy = move |_| {
        super::clipboard::copy(snippet.get_untracked(), move |copied| {
            app.say(if copied { "Snippet copied" } else { "The clipboard is closed to this page; select and copy" });
        });
    };
    let panels = Panel::ALL.map(|p| (p.id(), p.heading())).into_iter().chain(OTHERS);
    let planner = move || choice.panel.with(|p| p == PLANNER);
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
            <Show when=planner>
                <Controls chosen=choice.controls />
            </Show>
            <label class="wide">
                "Paste this"
                <textarea readonly rows="5" prop:value=move || snippet.get() spellcheck="false"></textarea>
            </label>
            {move || commands().map(|text| view! { <pre class="wide">{text}</pre> })}
            <button type="button" class="primary" on:click=copy>"Copy"</button>
            <Preview address=Memo::new(move |_| embedding.with(Embedding::frame_address)) choice />
        </div>
    }
}

/// The panel as other pages will show it: as tall as its content, and in this page's theme unless one is pinned.
#[component]
fn Preview(address: Memo<String>, choice: Choice) -> impl IntoView {
    let frame = NodeRef::<Iframe>::new();
    let themes = expect_context::<Themes>();
    let told = window_event_listener(leptos::ev::message, move |e| {
        let window = frame.get_untracked().and_then(|f| f.content_window());
        let from_it = window.zip(e.source()).is_some_and(|(own, source)| js_sys::Object::is(&own, &source));
        if let Some(height) = from_it.then(|| height_of(&e.data())).flatten() {
            choice.height.set(height);
            tell_theme(frame, themes.choice.get_untracked(), choice);
        }
    });
    on_cleanup(move || told.remove());
    Effect::new(move |_| tell_theme(frame, themes.choice.get(), choice));
    // A frame of its own for each panel: in one that is used again, what was asked for before may come last, and stay.
    let panel = Memo::new(move |_| address.with(|a| a.split('#').next().unwrap_or_default().to_string()));
    Effect::new(move |before: Option<()>| {
        panel.track();
        if before.is_some() {
            choice.height.set(HEIGHT);
        }
    });
    view! {
        <For each=move || [panel.get()] key=String::clone let:_>
            <iframe
                class="wide"
                title="Preview"
                node_ref=frame
                src=move || address.get()
                style:height=move || format!("{:.0}px", choice.height.get())
            ></iframe>
        </For>
    }
}

/// The height of a well-formed message; anything else is nothing.
fn height_of(message: &JsValue) -> Option<f64> {
    let get = |name: &str| js_sys::Reflect::get(message, &name.into()).ok();
    let number = |name: &str| get(name).and_then(|v| v.as_f64());
    message::height(get("type").and_then(|v| v.as_string()).as_deref(), number("version"), number("height"))
}

fn tell_theme(frame: NodeRef<Iframe>, shade: Shade, choice: Choice) {
    let pinned = choice.theme.with_untracked(|t| t != THEMES[0].0);
    let Some(window) = frame.get_untracked().and_then(|f| f.content_window()).filter(|_| !pinned) else { return };
    let theme = if shade == Shade::System { THEMES[0].0 } else { shade.id() };
    let message = js_sys::Object::new();
    let fields: [(&str, JsValue); 3] =
        [("type", message::THEME.into()), ("version", message::VERSION.into()), ("theme", theme.into())];
    if fields.iter().all(|(name, value)| js_sys::Reflect::set(&message, &(*name).into(), value).is_ok()) {
        // A preview that is not there yet will tell its height, and is answered then.
        let _ = window.post_message(&message, "*");
    }
}

/// Boxes for the controls of a planner: the essential ones, and the GPUs.
#[component]
fn Controls(chosen: RwSignal<Vec<&'static str>>) -> impl IntoView {
    let essential = fields().filter(|f| f.essential && !GPUS.1.contains(&f.key)).map(|f| (f.key, f.label));
    let offered: Vec<(&'static str, &'static str)> = essential.chain([(GPUS.0, "GPUs and replicas")]).collect();
    let order = StoredValue::new(offered.iter().map(|(key, _)| *key).collect::<Vec<&'static str>>());
    // Kept in the order in which they are offered, whatever was clicked first.
    let toggle = move |key: &'static str, on: bool| {
        let wanted = |k: &&'static str| if *k == key { on } else { chosen.with_untracked(|keys| keys.contains(k)) };
        chosen.set(order.with_value(|all| all.iter().copied().filter(wanted).collect()));
    };
    view! {
        <fieldset class="wide embed-choice">
            <legend>"Controls"</legend>
            {offered
                .into_iter()
                .map(|(key, label)| {
                    view! {
                        <label>
                            <input
                                type="checkbox"
                                prop:checked=move || chosen.with(|keys| keys.contains(&key))
                                on:change:target=move |e| toggle(key, e.target().checked())
                            />
                            {label}
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
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
fn made(link: &str, choice: Choice, plan: Option<&crate::engine::Plan>) -> Embedding {
    let (page, fragment) = link.split_once('#').map_or((link, String::new()), |(p, f)| (p, format!("#{f}")));
    let folder = page.split('?').next().unwrap_or(page).trim_end_matches("index.html");
    let panel = choice.panel.get();
    let title = match (plan, Panel::from_id(&panel)) {
        (Some(plan), Some(panel)) => chart::finding(panel, plan),
        (Some(plan), None) => plan.advice.sentence.clone(),
        (None, _) => "When self-hosting pays off".into(),
    };
    let controls = if panel == PLANNER { choice.controls.with(|keys| keys.join(",")) } else { String::new() };
    Embedding {
        app: folder.into(),
        fragment,
        panel,
        theme: choice.theme.get(),
        controls,
        height: choice.height.get(),
        title,
    }
}
