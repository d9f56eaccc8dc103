//! The scenario on the page beside those pinned: what they are, what they cost, and by how much they differ.

use leptos::prelude::*;

use super::toolbar::{Copy, csv};
use crate::app::pins;
use crate::app::state::{App, app};
use crate::chart::words::{count, usd_exact};
use crate::chart::{Table, letter, with_difference};
use crate::engine::Plan;
use crate::scenario::Scenario;

/// What stands in a column: words, or US dollars a month beside those of the scenario on the page.
enum Cell {
    Words(String),
    Money { usd: Option<f64>, on_the_page: Option<f64> },
}

impl Cell {
    /// In one line, for a file: `$1,250 (+$250)`.
    fn line(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Money { usd, on_the_page } => with_difference(*usd, *on_the_page),
        }
    }

    /// The amount alone, and by how much it is more or less: `$1,250`, `$250 more`.
    fn apart(&self) -> (String, Option<String>) {
        let Self::Money { usd: Some(usd), on_the_page } = self else { return (self.line(), None) };
        let by = on_the_page.filter(|p| usd_exact(*p) != usd_exact(*usd)).map(|p| {
            let word = if *usd > p { "more" } else { "less" };
            format!("{} {word}", usd_exact((usd - p).abs()))
        });
        (usd_exact(*usd), by)
    }
}

/// One line of the comparison: its name, and what stands in each column.
type Line = (&'static str, Vec<Cell>);
/// A column: what is asked, and the answer.
type Column = (Scenario, std::sync::Arc<Plan>);

fn own_cost(plan: &Plan) -> Option<f64> {
    plan.cost.self_hosted.map(|l| l.total_usd_per_month)
}

fn api_cost(plan: &Plan) -> Option<f64> {
    plan.cost.api.iter().map(|a| a.total_usd_per_month).min_by(f64::total_cmp)
}

fn horizon_cost(plan: &Plan) -> Option<f64> {
    plan.projection.months.last().and_then(|m| m.cumulative.get("self_hosted").copied())
}

/// The least volume from which self-hosting is cheaper for good than some baseline.
fn threshold(plan: &Plan) -> String {
    let least = plan.break_even.iter().filter_map(|b| b.always_cheaper_above_tokens_per_day).min_by(f64::total_cmp);
    least.map_or("never".into(), |v| format!("{}/day", count(v)))
}

/// Output tokens a second of one GPU at the operating point, so that replicas of different sizes compare.
fn per_gpu(plan: &Plan) -> f64 {
    plan.speed.output_tokens_per_second / f64::from(plan.fleet.gpus_per_replica.max(1))
}

/// Which of them is the cheapest to host, against the page's or, if it is that one, the next.
fn finding(app: App, all: &[Column]) -> Option<String> {
    let names = app.pinned.get().into_iter().enumerate().map(|(i, p)| format!("{}: {}", letter(i), p.name));
    let names = std::iter::once("what is on the page".to_string()).chain(names);
    let known = names.zip(all).filter_map(|(name, (_, plan))| Some((name, own_cost(plan)?)));
    let mut known: Vec<(String, f64)> = known.collect();
    let page = known.first().filter(|(name, _)| name == "what is on the page").cloned();
    known.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [(best, least), (next, more), ..] = &known[..] else { return None };
    let (other, usd) = match page {
        Some((name, usd)) if name != *best => (name, usd),
        _ => (next.clone(), *more),
    };
    Some(match usd_exact(usd - least).as_str() {
        _ if usd_exact(usd) == usd_exact(*least) => format!("To host, {best} and {other} cost the same"),
        less => format!("The cheapest to host is {best}: {} a month less than {other}", app.money(less)),
    })
}

fn columns(app: App) -> Vec<Column> {
    let Some(now) = app.shown.get() else { return Vec::new() };
    let pinned = app.pins.get().into_iter().zip(app.pinned.get()).map(|(s, p)| (s, p.plan));
    std::iter::once((app.scenario.get(), now)).chain(pinned).collect()
}

fn lines(all: &[Column]) -> Vec<Line> {
    let each =
        |f: &dyn Fn(&Scenario, &Plan) -> String| all.iter().map(|(s, p)| Cell::Words(f(s, p))).collect::<Vec<_>>();
    let money = |f: fn(&Plan) -> Option<f64>| {
        let on_the_page = all.first().and_then(|(_, p)| f(p));
        all.iter().map(|(_, p)| Cell::Money { usd: f(p), on_the_page }).collect::<Vec<_>>()
    };
    let short = |id: &str| id.rsplit('/').next().unwrap_or_default().to_string();
    vec![
        ("Model", each(&|s, _| format!("{}, {}", short(&s.model.id), s.model.quantization.id()))),
        ("Hardware", each(&|s, p| format!("{} x {}", count(p.fleet.gpus), s.hardware.accelerator))),
        ("Tokens per day", each(&|s, _| count(s.workload.tokens_per_day.likely))),
        ("Self-hosted, a month", money(own_cost)),
        ("Cheapest API, a month", money(api_cost)),
        ("Self-hosted, whole horizon, cash", money(horizon_cost)),
        ("Pays off against some API from", each(&|_, p| threshold(p))),
        ("Tokens a second per GPU", each(&|_, p| count(per_gpu(p)))),
        ("Average requests that fit in memory", each(&|_, p| count(p.memory.max_sequences_at_mean))),
    ]
}

/// The comparison as rows.
fn table(app: App) -> Table {
    let head = ["", "On the page"].map(String::from).into_iter().chain(app.pinned.get().into_iter().map(|p| p.name));
    let row = |(what, cells): Line| {
        std::iter::once(what.to_string()).chain(cells.iter().map(|c| app.money(&c.line()))).collect()
    };
    Table { head: head.collect(), rows: lines(&columns(app)).into_iter().map(row).collect() }
}

#[component]
pub fn Compare() -> impl IntoView {
    let app = app();
    let none = Memo::new(move |_| app.pins.with(Vec::is_empty));
    view! {
        <section class="panel text-panel" id="compare" aria-label="Compare" class:hidden=move || none.get()>
            <div class="panel-head">
                <h2>"Compare"</h2>
                <div class="panel-tools">
                    <button type="button" class="quiet-button" on:click=move |_| pins::change(app, Vec::clear)>"Remove all"</button>
                </div>
            </div>
            <p class="finding">{move || if none.get() { None } else { finding(app, &columns(app)) }}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Comparison">
                <table class="compare">
                    <thead>
                        <tr>
                            <td></td>
                            <th scope="col">"On the page"</th>
                            {move || (0..app.pins.with(Vec::len)).map(|i| view! { <PinHead i /> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{move || if none.get() { Vec::new() } else { rows(app) }}</tbody>
                </table>
            </div>
            <p class="quiet">"More and less are against the scenario on the page. Pinned scenarios are in the link."</p>
            <div class="panel-foot">
                <span></span>
                <div class="panel-tools">
                    <span class="quiet">"Copy as"</span>
                    <Copy app what="Link" name="Copy comparison link" label="link" made=Box::new(move || Some(crate::app::address::link(app))) />
                    <Copy app what="CSV" name="Copy CSV" label="CSV" made=Box::new(move || Some(csv(app, &table(app)))) />
                </div>
            </div>
        </section>
    }
}

fn rows(app: App) -> Vec<AnyView> {
    let row = |(what, cells): Line| {
        let cell = |c: &Cell| {
            let (value, by) = c.apart();
            let by = by.map(|by| {
                view! { " "<small>{app.money(&by)}<span class="visually-hidden">" than on the page"</span></small> }
            });
            view! { <td>{app.money(&value)}{by}</td> }
        };
        let cells = cells.iter().map(cell).collect_view();
        view! { <tr><th scope="row">{what}</th>{cells}</tr> }.into_any()
    };
    lines(&columns(app)).into_iter().map(row).collect()
}

/// The head of a pinned scenario's column: its letter, its name to change, a way to the page and a way out.
#[component]
fn PinHead(i: usize) -> impl IntoView {
    let app = app();
    let name = Memo::new(move |_| app.pinned.with(|all| all.get(i).map(|p| p.name.clone()).unwrap_or_default()));
    let rename = move |words: String| {
        pins::change(app, |all| {
            if let Some(pin) = all.get_mut(i) {
                pin.title = words.trim().to_string();
            }
        });
    };
    let remove = move |_| {
        pins::change(app, |all| {
            if i < all.len() {
                all.remove(i);
            }
        });
    };
    let of = move |what: &str| format!("{what} {}", letter(i));
    view! {
        <th scope="col">
            <span class="pin-name">
                <b>{letter(i)}</b>
                <input
                    type="text"
                    aria-label=of("Name of")
                    maxlength="60"
                    autocomplete="off"
                    prop:value=move || name.get()
                    on:change:target=move |e| rename(e.target().value())
                />
            </span>
            <button type="button" class="quiet-button" title="Bring it to the page; what is on the page takes its place" aria-label=of("Swap with") on:click=move |_| pins::swap(app, i)>"Swap"</button>
            <button type="button" class="quiet-button" aria-label=of("Remove") on:click=remove>"Remove"</button>
        </th>
    }
}
