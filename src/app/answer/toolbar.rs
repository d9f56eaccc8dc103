//! What can be taken out of a panel: its link, its numbers, its picture.

use std::sync::Arc;

use leptos::prelude::*;

use super::panel::Stage;
use crate::app::state::App;
use crate::app::theme::Themes;
use crate::chart::{self, Frame, Panel, Still, Table};

/// A text made when it is asked for; nothing where there is no answer.
pub type Made = Box<dyn Fn() -> Option<String>>;

/// The same of the scenario as it stands, also where it was moved a moment ago.
fn at_rest(app: App, made: Made) -> Made {
    Box::new(move || {
        app.rest_now();
        made()
    })
}

/// Copies a text and says so; `name` is its full name, `label` its short one behind "Copy as".
#[component]
pub fn Copy(app: App, what: &'static str, name: &'static str, label: &'static str, made: Made) -> impl IntoView {
    let copy = move |_| {
        let text = untrack(&made).unwrap_or_default();
        crate::app::clipboard::copy(text, move |copied| {
            app.say(&match copied {
                true => format!("{what} copied"),
                false => format!("The clipboard is closed to this page, so the {what} was not copied"),
            });
        });
    };
    view! { <button type="button" class="quiet-button" aria-label=name on:click=copy>{label}</button> }
}

/// Of a panel with a picture.
#[component]
pub fn Toolbar(stage: Stage) -> impl IntoView {
    let app = stage.app;
    let rested = move || app.rested.get().or_else(|| app.shown.get());
    let numbers =
        move || rested().map(|p| csv(app, &chart::table(stage.panel, &p, stage.cumulative.get(), &stage.beside())));
    let svg = move || {
        let frame = Frame {
            cumulative: stage.cumulative.get(),
            logarithmic: stage.logarithmic.get(),
            ..standing_alone(stage.themes)
        };
        let text = rested().and_then(|p| chart::svg_beside(stage.panel, &p, frame, &stage.beside()).ok());
        text.map(|t| app.money(&t))
    };
    view! { <Ways app id=stage.panel.id() numbers=Box::new(numbers) svg=Arc::new(svg) /> }
}

/// A picture as the terminal draws it where no size is said.
fn standing_alone(themes: Themes) -> Frame {
    Frame::new(f64::from(chart::SIZE.0), f64::from(chart::SIZE.1), themes.theme())
}

/// Of the verdict.
#[component]
pub fn VerdictTools() -> impl IntoView {
    let (app, themes) = (crate::app::state::app(), expect_context::<Themes>());
    let rested = move || app.rested.get().or_else(|| app.shown.get());
    let numbers = move || rested().map(|p| csv(app, &chart::figure_table(&p)));
    let svg = move || {
        let text = rested().and_then(|p| chart::still(Still::Verdict, &p, standing_alone(themes)).ok());
        text.map(|t| app.money(&t))
    };
    view! { <Ways app id=Still::Verdict.id() numbers=Box::new(numbers) svg=Arc::new(svg) /> }
}

/// Of a panel of words: its link and its numbers.
#[component]
pub fn WordTools(id: &'static str, numbers: Made) -> impl IntoView {
    let app = crate::app::state::app();
    view! {
        <div class="panel-tools">
            <span class="quiet">"Copy as"</span>
            <Copy app what="Link" name="Copy panel link" label="link" made=Box::new(move || Some(panel_link(app, id))) />
            <Copy app what="CSV" name="Copy CSV" label="CSV" made=at_rest(app, numbers) />
        </div>
    }
}

/// The four ways: link, numbers, picture, picture as a file.
#[component]
fn Ways(
    app: App,
    id: &'static str,
    numbers: Made,
    svg: Arc<dyn Fn() -> Option<String> + Send + Sync>,
) -> impl IntoView {
    let drawn = svg.clone();
    let save = move |_| {
        app.rest_now();
        save_png(app, id, untrack(|| drawn()));
    };
    view! {
        <div class="panel-tools">
            <span class="quiet">"Copy as"</span>
            <Copy app what="Link" name="Copy panel link" label="link" made=Box::new(move || Some(panel_link(app, id))) />
            <Copy app what="CSV" name="Copy CSV" label="CSV" made=at_rest(app, numbers) />
            <Copy app what="SVG" name="Copy SVG" label="SVG" made=at_rest(app, Box::new(move || svg())) />
            <button type="button" class="quiet-button" aria-label="Save PNG" on:click=save>"PNG"</button>
        </div>
    }
}

/// Offer the picture as a file, the same that the terminal writes.
fn save_png(app: App, id: &'static str, svg: Option<String>) {
    let Some(svg) = svg else { return };
    leptos::task::spawn_local(async move {
        if let Err(e) = crate::app::png::save(&svg, &format!("crossover-{id}.png")).await {
            app.say(&format!("The picture was not saved: {e}"));
        }
    });
}

/// Cells that a spreadsheet would take for a formula are quoted with an apostrophe.
pub fn csv(app: App, t: &Table) -> String {
    let cell = |c: &String| {
        let c = app.money(c);
        let safe = if c.starts_with(['=', '+', '-', '@']) { format!("'{c}") } else { c };
        format!("\"{}\"", safe.replace('"', "\"\""))
    };
    let line = |cells: &Vec<String>| cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n";
    line(&t.head) + &t.rows.iter().map(line).collect::<String>()
}

/// The link of this panel alone, with the scenario in it.
fn panel_link(app: App, id: &str) -> String {
    let link = crate::app::address::link(app);
    let (page, fragment) = link.split_once('#').map_or((link.as_str(), String::new()), |(p, f)| (p, format!("#{f}")));
    let page = page.split('?').next().unwrap_or(page);
    format!("{page}?embed={id}{fragment}")
}

/// Whether the months are summed since the start, and whether their costs stand on a logarithmic scale; only the projection
/// has a choice.
#[component]
pub fn Scales(stage: Stage) -> impl IntoView {
    let choice = |label: &'static str, chosen: RwSignal<bool>| {
        view! {
            <label class="check">
                <input type="checkbox" on:input:target=move |e| chosen.set(e.target().checked()) />
                {label}
            </label>
        }
    };
    (stage.panel == Panel::Projection).then(|| {
        view! { <span class="checks">{choice("log scale", stage.logarithmic)}{choice("cumulative", stage.cumulative)}</span> }
    })
}
