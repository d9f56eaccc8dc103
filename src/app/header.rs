//! The line above everything: name, undo and redo, share, theme.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::parts::{Parts, folded};
use super::pins;
use super::state::app;
use super::theme::{Choice, Themes};
use crate::scenario::link;
use crate::scenario::presets::{Preset, presets};

#[component]
pub fn Header() -> impl IntoView {
    let app = app();
    let themes = expect_context::<Themes>();
    let parts = expect_context::<Parts>();
    let off = move |can: fn(&super::state::History) -> bool| move || app.history.with(|h| !can(h));
    view! {
        <header class="bar">
            <p class="brand">"Crossover"<span class="brand-line">"When does self-hosting an LLM pay off?"</span></p>
            <Title />
            <nav class="tools" aria-label="Scenario">
                <Questions />
                <button type="button" class="icon" title="Undo (Ctrl+Z)" aria-label="Undo" disabled=off(super::state::History::can_undo) on:click=move |_| app.undo()>"↶"</button>
                <button type="button" class="icon" title="Redo (Ctrl+Y)" aria-label="Redo" disabled=off(super::state::History::can_redo) on:click=move |_| app.redo()>"↷"</button>
                <More>
                    <button
                        type="button"
                        title="Keep this scenario beside the next ones: up to three, in the pictures, a table and the link"
                        disabled=move || pins::full(app)
                        on:click=move |_| pins::pin(app)
                    >
                        "Pin to compare"
                    </button>
                    <button type="button" on:click=move |_| app.replace("reset", crate::scenario::Scenario::default())>"Reset"</button>
                    <ThemeSwitch themes />
                    <super::embed_maker::EmbedMaker />
                    <button type="button" title="Print, or save as PDF: two pages; tick Assumptions, print them all, for the whole list" on:click=move |_| super::paper::print(app, parts)>"Print"</button>
                </More>
                <ShareButton />
            </nav>
        </header>
        <p class="notice" role="status" class:shown=move || !app.notice.with(String::is_empty)>{move || app.notice.get()}</p>
    }
}

/// What is used less often: in the bar where there is room, behind a button on a phone.
#[component]
fn More(children: Children) -> impl IntoView {
    let open = RwSignal::new(false);
    let escape = move |e: leptos::ev::KeyboardEvent| {
        if e.key() == "Escape" {
            open.set(false);
        }
    };
    let tools = NodeRef::<leptos::html::Div>::new();
    // What is chosen closes the list, and so does a click elsewhere; what opens in it does not.
    let click = window_event_listener(leptos::ev::click, move |e| {
        let target = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let keep = |t: &web_sys::Element| {
            let inside = tools.get_untracked().is_some_and(|own| own.contains(Some(t)));
            inside && !t.matches("#more-tools > button").unwrap_or_default()
        };
        if open.get_untracked() && !target.as_ref().is_some_and(keep) {
            open.set(false);
        }
    });
    on_cleanup(move || click.remove());
    view! {
        <div node_ref=tools class="more-tools" class:open=move || open.get() on:keydown=escape>
            <button
                type="button"
                class="icon"
                aria-label="More"
                aria-controls="more-tools"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|o| *o = !*o)
            >
                "⋯"
            </button>
            <div id="more-tools">{children()}</div>
        </div>
    }
}

/// Typical questions, each a scenario of its own.
#[component]
fn Questions() -> impl IntoView {
    let app = app();
    let list = NodeRef::<leptos::html::Details>::new();
    let wanted = folded();
    let ask = move |preset: Preset| {
        match link::decode(&preset.link, app.catalog) {
            Ok((scenario, _)) => super::address::go(app, scenario),
            Err(e) => app.say(&e.to_string()),
        }
        if let Some(details) = list.get_untracked() {
            details.set_open(false);
        }
    };
    let item = move |preset: Preset| {
        let (question, about) = (preset.question.clone(), preset.about.clone());
        view! {
            <li>
                <button type="button" on:click=move |_| ask(preset.clone())>
                    <span>{question}</span>
                    <small>{about}</small>
                </button>
            </li>
        }
    };
    view! {
        <details class="questions" node_ref=list on:toggle=move |_| wanted.want()>
            <summary><span class="at-length">"Start from a question"</span><span class="in-short">"Questions"</span></summary>
            // The tests rule out a list that cannot be read; without it the page still answers.
            {move || wanted.get().then(|| view! { <ul>{presets().unwrap_or_default().into_iter().map(item).collect_view()}</ul> })}
        </details>
    }
}

/// What the reader calls this scenario; it is in the link and in the window's title.
#[component]
fn Title() -> impl IntoView {
    let app = app();
    let title = Memo::new(move |_| app.scenario.with(|s| s.title.clone()));
    Effect::new(move |_| {
        let name = title.get();
        let shown = if name.is_empty() { "When does self-hosting an LLM pay off?".to_string() } else { name };
        document().set_title(&format!("Crossover: {shown}"));
    });
    view! {
        <input
            type="text"
            class="title"
            aria-label="Title"
            placeholder="Untitled scenario"
            maxlength="120"
            autocomplete="off"
            prop:value=move || title.get()
            on:input:target=move |e| {
                let words = e.target().value();
                app.edit("title", |s| s.title = words);
            }
        />
    }
}

#[component]
fn ThemeSwitch(themes: Themes) -> impl IntoView {
    let app = app();
    view! {
        <label class="switch">
            <span class="visually-hidden">"Theme"</span>
            <select
                prop:value=move || themes.choice.get().id()
                on:change:target=move |e| {
                    let id = e.target().value();
                    if let Some(choice) = Choice::ALL.into_iter().find(|c| c.id() == id)
                        && !themes.choose(choice)
                    {
                        app.say("Your browser keeps nothing for this page, so the theme is for this visit only");
                    }
                }
            >
                {Choice::ALL
                    .map(|c| view! { <option value=c.id() selected=move || themes.choice.get() == c>{c.label()}</option> })
                    .collect_view()}
            </select>
        </label>
    }
}

/// Copies the link, or shows it to be copied by hand where the clipboard is refused.
#[component]
fn ShareButton() -> impl IntoView {
    let app = app();
    let by_hand = RwSignal::new(None::<String>);
    let field = NodeRef::<leptos::html::Input>::new();
    let escape = move |e: leptos::ev::KeyboardEvent| {
        if e.key() == "Escape" {
            by_hand.set(None);
        }
    };
    let share = move |_| {
        let link = super::address::link(app);
        super::clipboard::copy(link.clone(), move |copied| match copied {
            true => app.say("Link copied. It holds the whole scenario."),
            false => {
                by_hand.set(Some(link));
                // Once it is there: the field takes the focus with the link selected, and goes when it is left.
                super::timing::later(0, move || {
                    if let Some(field) = field.get_untracked() {
                        let _ = field.focus();
                        field.select();
                    }
                });
            }
        });
    };
    view! {
        <div class="share" on:keydown=escape>
            <button type="button" class="primary" on:click=share>"Copy link"</button>
            {move || by_hand.get().map(|link| view! {
                <label class="by-hand">
                    "The clipboard is closed to this page; copy the link here"
                    <input
                        type="text"
                        readonly
                        node_ref=field
                        prop:value=link
                        on:blur=move |_| by_hand.set(None)
                    />
                </label>
            })}
        </div>
    }
}
