//! Everything the answer rests on, with its source and date.

use leptos::prelude::*;

use super::toolbar::{WordTools, csv};
use crate::app::address::followed_link;
use crate::app::form::{choice_words, spread};
use crate::app::parts::folded;
use crate::app::pins::value;
use crate::app::state::{App, app};
use crate::app::timing::today;
use crate::catalog::offer::OfferName;
use crate::chart::Table;
use crate::scenario::{Scenario, fields};

/// A row: what, how much, and since when from where.
type Fact = (String, String, String);

/// The catalog's rows behind the answer.
fn facts(app: App, s: &Scenario) -> Vec<Fact> {
    let mut out = Vec::new();
    if let Some(m) = app.catalog.model(&s.model.id) {
        out.push((
            "Model".into(),
            m.id.clone(),
            format!("{}; {}", m.as_of, m.sources.first().cloned().unwrap_or_default()),
        ));
    }
    if let Some(a) = app.catalog.accelerator(&s.hardware.accelerator) {
        out.push((
            "Accelerator".into(),
            a.name.clone(),
            format!("{}; {}", a.as_of, a.source.first().cloned().unwrap_or_default()),
        ));
    }
    let how = s.hardware.acquisition.id();
    let chosen = s.hardware.provider.as_deref().map(OfferName::read);
    let offers = app.catalog.gpu_prices.iter().filter(|p| {
        let wanted = if chosen.is_some() { p.serves(how) } else { p.commitment == how };
        p.gpu == s.hardware.accelerator && wanted && chosen.is_none_or(|name| name.covers(p))
    });
    out.extend(offers.take(12).map(|p| {
        (
            format!("GPU price, {} {}", p.provider, p.instance),
            format!("${:.2}/h", p.usd_per_gpu_hour),
            format!("{}; {}", p.as_of, p.source),
        )
    }));
    let ids = app.rested.get().map(|p| p.cost.api.iter().map(|a| a.id.clone()).collect::<Vec<_>>()).unwrap_or_default();
    out.extend(ids.iter().filter_map(|id| app.catalog.api_price(id)).map(|p| {
        let t = &p.usd_per_mtok;
        (
            format!("{}API price, {}", if p.private { "Private " } else { "" }, p.id),
            format!("${} in, ${} out per million tokens", t.input, t.output),
            format!("{}; {}", p.as_of, p.source),
        )
    }));
    out
}

/// Every input and every row of the catalog behind the answer, as they stand.
fn every_fact(app: App) -> Vec<Fact> {
    let (s, default) = (app.scenario.get(), Scenario::default());
    let own = fields().filter_map(|f| {
        let (now, then) = (value(f, &s)?, value(f, &default)?);
        let range = spread(f, app).map(|r| format!("; {r}")).unwrap_or_default();
        let source = app.catalog.default_value(f.path).map(|d| format!(": {}, {}{range}", d.source, d.as_of));
        let origin = match now == then {
            true => format!("default{}", source.unwrap_or_default()),
            false => format!("yours; default {then}"),
        };
        (f.path != "title").then(|| (f.label.to_string(), now, origin))
    });
    own.chain(facts(app, &s)).collect()
}

/// The same for a file.
fn table(app: App) -> Table {
    let rows = every_fact(app).into_iter().map(|(what, how_much, whence)| vec![what, how_much, whence]);
    Table { head: ["Input", "Value", "Date and source"].map(String::from).to_vec(), rows: rows.collect() }
}

/// The inputs that a reader of the paper needs: those that come first in the form, and those that are not at their default.
fn essential(app: App) -> Vec<(&'static str, String)> {
    let (s, default) = (app.scenario.get(), Scenario::default());
    let own = fields().filter(|f| f.path != "title").filter_map(|f| {
        let (now, then) = (value(f, &s)?, value(f, &default)?);
        let text = if now == then {
            choice_words(&now)
        } else {
            format!("{} (default {})", choice_words(&now), choice_words(&then))
        };
        (f.essential || now != then).then_some((f.label, text))
    });
    let rate = app.rested.get().map(|p| ("GPU price from", p.cost.gpu_rate.basis.clone()));
    let api = app.rested.get().map(|p| p.cost.api.iter().map(|a| a.id.clone()).collect::<Vec<_>>().join(", "));
    own.chain(rate).chain(api.map(|ids| ("APIs compared with", ids))).collect()
}

/// What is made for each paper, and not for each move.
fn anew<T>(app: App, made: fn(App) -> T) -> T {
    app.papers.track();
    untrack(|| made(app))
}

/// For paper: what the answer rests on, in a few lines, and the link under which everything else is found.
#[component]
pub fn OnPaper() -> impl IntoView {
    let app = app();
    let row = |(label, value): (&'static str, String)| view! { <div><dt>{label}</dt>" "<dd>{value}</dd></div> };
    let date = app.catalog.newest_month();
    view! {
        <section id="on-paper">
            <h2>"What it rests on"</h2>
            <dl>{move || anew(app, essential).into_iter().map(row).collect_view()}</dl>
            <p>
                {move || format!("Planned on {} with prices as published up to {date}. Every input with its source and date, and the page to change them, at ", anew(app, |_| today()))}
                <span>{move || anew(app, followed_link)}</span>
            </p>
        </section>
    }
}

#[component]
pub fn Assumptions() -> impl IntoView {
    let app = app();
    let (wanted, open) = (folded(), RwSignal::new(false));
    let in_full = RwSignal::new(false);
    let toggled = move |now: bool| {
        wanted.want();
        open.set(now);
    };
    let rows = Memo::new(move |before: Option<&Vec<Fact>>| {
        if let Some(before) = before.filter(|_| !open.get()) {
            return before.clone();
        }
        app.rested.track();
        untrack(|| every_fact(app))
    });
    let row = |(what, how_much, whence): Fact| {
        view! { <tr><th scope="row">{what}</th><td>{how_much}</td><td class="source">{whence}</td></tr> }
    };
    let list = NodeRef::<leptos::html::Details>::new();
    Effect::new(move |_| {
        app.papers.track();
        if let Some(details) = list.get_untracked().filter(|_| in_full.get_untracked()) {
            details.set_open(true);
            toggled(true);
        }
    });
    view! {
        <section class="panel text-panel" id="assumptions" class:in-full=move || in_full.get()>
            <h2>"Assumptions"</h2>
            <div class="panel-foot">
                <details class="data" node_ref=list on:toggle:target=move |e| toggled(e.target().open())>
                    <summary on:click=move |_| open.set(true)>"Every input, with its source and date"</summary>
                    {move || wanted.get().then(|| view! {
                        <div class="scroll" tabindex="0" role="region" aria-label="Assumptions">
                            <table>
                                <thead><tr><th scope="col">"Input"</th><th scope="col">"Value"</th><th scope="col">"Date and source"</th></tr></thead>
                                <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                            </table>
                        </div>
                    })}
                </details>
                <label class="check">
                    <input type="checkbox" on:input:target=move |e| in_full.set(e.target().checked()) />
                    "print them all"
                </label>
                <WordTools id="assumptions" numbers=Box::new(move || Some(csv(app, &table(app)))) />
            </div>
        </section>
    }
}
