//! One part of the page in other people's pages: `?embed=PANEL&theme=THEME&controls=KEYS#LINK`.
//!
//! The frame tells its parent its height and takes a theme from it; that is all the two ever say to each other, so
//! neither learns anything of the other. Nothing is stored. Guide for authors: docs/src/embedding.md.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::answer;
use super::answer::panel::PanelFigure;
use super::answer::verdict::Verdict;
use super::form::{Control, Row};
use super::state::{App, app};
use super::theme::{Choice, Themes};
use crate::chart::Panel;
use crate::export::message::{self, HEIGHT, VERSION};
use crate::scenario::fields;

/// Which part of the page is shown.
enum Part {
    Verdict,
    Panel(Panel),
    /// A panel of words, by its name.
    Words(&'static str),
    /// A few controls with the verdict and the break-even; keys that name no control.
    Planner(Vec<Row>, Vec<String>),
    /// A name that is none of these.
    Unknown(String),
}

/// What the address asks for.
pub struct Embed {
    part: Part,
    theme: Choice,
}

/// What the address asks for; nothing where the whole page is wanted.
pub fn asked() -> Option<Embed> {
    let query = web_sys::UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()?;
    let name = query.get("embed")?;
    let part = match name.as_str() {
        "verdict" => Part::Verdict,
        "planner" => {
            let (rows, unknown) = controls(query.get("controls").as_deref());
            Part::Planner(rows, unknown)
        }
        other => match (Panel::from_id(other), answer::WORDS.iter().find(|id| **id == other)) {
            (Some(panel), _) => Part::Panel(panel),
            (None, Some(id)) => Part::Words(id),
            (None, None) => Part::Unknown(name.chars().take(40).collect()),
        },
    };
    Some(Embed { part, theme: Choice::of(query.get("theme").as_deref().unwrap_or_default()) })
}

/// What an author may call the number of GPUs: GPUs of a replica, and replicas.
pub const GPUS: (&str, [&str; 2]) = ("gpus", ["tp", "replicas"]);

/// The controls of these link keys, in the order asked for, and the keys that are none; the essential ones if none is
/// asked for.
fn controls(keys: Option<&str>) -> (Vec<Row>, Vec<String>) {
    let Some(keys) = keys.filter(|k| !k.is_empty()) else {
        return (fields().filter(|f| f.essential).collect(), Vec::new());
    };
    let (mut rows, mut unknown) = (Vec::new(), Vec::new());
    for key in keys.split(',').flat_map(|key| if key == GPUS.0 { GPUS.1.to_vec() } else { vec![key] }) {
        match fields().find(|f| f.key == key) {
            // A control that is named twice is still one control.
            Some(row) if rows.iter().any(|r: &Row| r.key == row.key) => {}
            Some(row) => rows.push(row),
            None => unknown.push(key.chars().take(40).collect()),
        }
    }
    (rows, unknown)
}

/// The part that is asked for, alone.
#[component]
pub fn Embedded(app: App, asked: Embed) -> impl IntoView {
    let themes = Themes::given(asked.theme);
    provide_context(app);
    provide_context(themes);
    provide_context(super::parts::Parts::new());
    app.keep_settled();
    app.lay_out_early();
    super::address::keep(app);
    if let Some(root) = document().document_element() {
        // An attribute that cannot be set only costs the narrower margins.
        let _ = root.set_attribute("data-embed", "");
    }
    talk_to_parent(themes);
    view! {
        <main class="embedded" class:stale=move || app.is_stale()>
            {shown(asked.part)}
            <p class="embed-foot"><OpenLink /></p>
        </main>
    }
}

fn shown(part: Part) -> AnyView {
    match part {
        Part::Verdict => view! { <Verdict /> }.into_any(),
        Part::Panel(panel) => view! { <PanelFigure panel /> }.into_any(),
        Part::Words(id) => answer::words(id).into_any(),
        Part::Planner(rows, unknown) => view! {
            {(!unknown.is_empty()).then(|| view! { <p class="trouble">{no_such_controls(&unknown)}</p> })}
            <div class="embed-controls">
                {rows.into_iter().map(|field| view! { <Control field /> }).collect_view()}
            </div>
            <Verdict />
            <PanelFigure panel=Panel::BreakEven />
        }
        .into_any(),
        Part::Unknown(name) => view! { <p class="trouble">{no_such_part(&name)}</p> }.into_any(),
    }
}

fn no_such_part(name: &str) -> String {
    let panels: Vec<&str> = Panel::ALL.iter().map(|p| p.id()).chain(answer::WORDS).collect();
    format!("There is no panel '{name}' to embed. There are verdict, {} and planner.", panels.join(", "))
}

fn no_such_controls(unknown: &[String]) -> String {
    format!(
        "No control is called '{}'. Controls are named by link keys, such as tokens,quant,gpu.",
        unknown.join("', '")
    )
}

/// Opens the whole page with the scenario as it stands here.
#[component]
fn OpenLink() -> impl IntoView {
    let app = app();
    let href = move || {
        let link = super::address::followed_link(app);
        let fragment = link.split_once('#').map(|(_, f)| format!("#{f}")).unwrap_or_default();
        format!("{}{fragment}", window().location().pathname().unwrap_or_default())
    };
    view! { <a href=href target="_blank" rel="noopener">"Open in Crossover"</a> }
}

/// Tell the parent the height whenever it changes, and follow its theme. Does nothing outside a frame.
fn talk_to_parent(themes: Themes) {
    let Some(parent) = window().parent().ok().flatten() else { return };
    if js_sys::Object::is(&parent, &window()) {
        return;
    }
    let parent = Rc::new(parent);
    let told = Rc::new(Cell::new(0.0));
    report_height(parent.clone(), told.clone());
    let first = Cell::new(true);
    let listener = window_event_listener(leptos::ev::message, move |e| {
        let from_parent = e.source().is_some_and(|source| js_sys::Object::is(&source, &parent));
        let Some(choice) = from_parent.then(|| theme_of(&e.data())).flatten() else { return };
        // A parent that listens only now has missed the height; answered once, so that two pages never echo.
        if first.replace(false) || themes.choice.get_untracked() != choice {
            tell_height(&parent, told.get());
        }
        themes.choice.set(choice);
    });
    on_cleanup(move || listener.remove());
}

/// The theme of a well-formed message; anything else is nothing.
fn theme_of(message: &JsValue) -> Option<Choice> {
    let get = |name: &str| js_sys::Reflect::get(message, &name.into()).ok();
    let text = |name: &str| get(name).and_then(|v| v.as_string());
    let version = get("version").and_then(|v| v.as_f64());
    message::theme(text("type").as_deref(), version, text("theme").as_deref()).map(Choice::of)
}

fn report_height(parent: Rc<web_sys::Window>, told: Rc<Cell<f64>>) {
    let Some(body) = document().body() else { return };
    let measured = body.clone();
    let changed = Closure::<dyn Fn()>::new(move || {
        let height = f64::from(measured.offset_height());
        if height > 0.0 && height != told.replace(height) {
            tell_height(&parent, height);
        }
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(changed.as_ref().unchecked_ref()) {
        observer.observe(&body);
    }
    changed.forget();
}

fn tell_height(parent: &web_sys::Window, height: f64) {
    let message = js_sys::Object::new();
    let fields: [(&str, JsValue); 3] =
        [("type", HEIGHT.into()), ("version", VERSION.into()), ("height", height.into())];
    let complete = fields.iter().all(|(name, value)| js_sys::Reflect::set(&message, &(*name).into(), value).is_ok());
    if complete {
        // The height is no secret, and a sandboxed parent has no origin that could be named. A parent that is gone
        // needs no height.
        let _ = parent.post_message(&message, "*");
    }
}
