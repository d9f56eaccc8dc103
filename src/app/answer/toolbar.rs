//! What can be taken out of a panel: its link, its numbers, its picture.

use leptos::prelude::*;

use super::panel::Stage;
use crate::app::state::App;
use crate::chart::{self, Panel};

#[component]
pub fn Toolbar(stage: Stage) -> impl IntoView {
    let app = stage.app;
    let copy = move |what: &'static str, text: Option<String>| {
        crate::app::clipboard::copy(text.unwrap_or_default(), move |copied| {
            app.say(&match copied {
                true => format!("{what} copied"),
                false => format!("The clipboard is closed to this page, so the {what} was not copied"),
            });
        });
    };
    let rested = move || app.rested.get_untracked().or_else(|| app.shown.get_untracked());
    let csv = move || {
        untrack(|| rested().map(|p| csv(app, &chart::table(stage.panel, &p, stage.cumulative.get(), &stage.beside()))))
    };
    let svg = move || {
        untrack(|| {
            let theme = stage.themes.theme();
            let text =
                rested().and_then(|p| chart::svg_beside(stage.panel, &p, theme, chart::SIZE, &stage.beside()).ok());
            text.map(|t| app.money(&t))
        })
    };
    let link = move || Some(panel_link(stage));
    view! {
        <div class="panel-tools">
            <button type="button" class="quiet-button" on:click=move |_| copy("Link", link())>"Copy panel link"</button>
            <button type="button" class="quiet-button" on:click=move |_| copy("CSV", csv())>"Copy CSV"</button>
            <button type="button" class="quiet-button" on:click=move |_| copy("SVG", svg())>"Copy SVG"</button>
            <button type="button" class="quiet-button" on:click=move |_| save_png(stage, svg())>"Save PNG"</button>
        </div>
    }
}

/// Offer the picture as a file, the same that the terminal writes.
fn save_png(stage: Stage, svg: Option<String>) {
    let Some(svg) = svg else { return };
    leptos::task::spawn_local(async move {
        if let Err(e) = crate::app::png::save(&svg, &format!("crossover-{}.png", stage.panel.id())).await {
            stage.app.say(&format!("The picture was not saved: {e}"));
        }
    });
}

/// Cells that a spreadsheet would take for a formula are quoted with an apostrophe.
fn csv(app: App, t: &chart::Table) -> String {
    let cell = |c: &String| {
        let c = app.money(c);
        let safe = if c.starts_with(['=', '+', '-', '@']) { format!("'{c}") } else { c };
        format!("\"{}\"", safe.replace('"', "\"\""))
    };
    let line = |cells: &Vec<String>| cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n";
    line(&t.head) + &t.rows.iter().map(line).collect::<String>()
}

/// The link of this panel alone, with the scenario in it.
fn panel_link(stage: Stage) -> String {
    let link = crate::app::address::link(stage.app);
    let (page, fragment) = link.split_once('#').map_or((link.as_str(), String::new()), |(p, f)| (p, format!("#{f}")));
    let page = page.split('?').next().unwrap_or(page);
    format!("{page}?embed={}{fragment}", stage.panel.id())
}

/// Whether the months are summed since the start; only the projection has a choice.
#[component]
pub fn Cumulative(stage: Stage) -> impl IntoView {
    (stage.panel == Panel::Projection).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" on:input:target=move |e| stage.cumulative.set(e.target().checked()) />
                "cumulative"
            </label>
        }
    })
}
