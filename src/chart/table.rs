//! The numbers behind a picture as rows: for screen readers, for copying, and for whoever wants to check.

use super::beside::{Beside, letter};
use super::cost;
use super::headline::all_figures;
use super::memory;
use super::palette::Side;
use super::tornado::{end_value, input_label};
use super::words::{count, gib, milliseconds, percent, usd_exact};
use super::{Panel, projection};
use crate::engine::Plan;

/// A table: a heading for each column, and cells as text with their units.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Column headings.
    pub head: Vec<String>,
    /// Rows, each as long as `head`; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { head: head.map(String::from).to_vec(), rows: Vec::new() }
    }

    fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }
}

/// The table behind a panel. What legends hide in the picture stays in the table; pinned scenarios have columns of
/// their own, with the difference to the plan where it is about cost.
pub fn table(panel: Panel, plan: &Plan, cumulative: bool, beside: &Beside) -> Table {
    match panel {
        Panel::BreakEven => break_even(plan, beside),
        Panel::Projection => months(plan, cumulative, beside),
        Panel::Memory => memory_table(plan),
        Panel::Cost => cost_table(plan, beside),
        Panel::Speed => speed(plan),
        Panel::Tornado => tornado(plan),
    }
}

/// The figures under the verdict: what, how much, and the detail beside it.
pub fn figure_table(plan: &Plan) -> Table {
    let mut t = Table::new(["Figure", "Value", "Detail"]);
    t.row(["Verdict".into(), plan.advice.sentence.clone(), String::new()]);
    for f in all_figures(plan) {
        t.row([f.label, f.value, f.note]);
    }
    t
}

fn label(role: &str) -> String {
    Side::of_role(role).map_or_else(|| role.to_string(), |s| s.label().to_string())
}

fn break_even(plan: &Plan, beside: &Beside) -> Table {
    let mut t = Table::new(["Against", "Crossing, tokens a day", "From there on", "Cheaper for good above"]);
    crossings(&mut t, plan, "");
    for (i, pin) in beside.pins.iter().enumerate() {
        crossings(&mut t, &pin.plan, &format!("{}: {}, against ", letter(i), pin.name));
    }
    t
}

fn crossings(t: &mut Table, plan: &Plan, whose: &str) {
    for b in &plan.break_even {
        let name = || format!("{whose}{}", label(&b.against));
        let above =
            b.always_cheaper_above_tokens_per_day.map_or("never".into(), |v| format!("{} tokens a day", count(v)));
        if b.crossings.is_empty() {
            let always =
                if b.never { "the API is cheaper at every volume" } else { "self-hosting is cheaper at every volume" };
            t.row([name(), "none".into(), always.into(), above.clone()]);
        }
        for c in &b.crossings {
            let then = match c.direction {
                "self_hosting_becomes_cheaper" => "self-hosting is cheaper",
                _ => "the API is cheaper",
            };
            t.row([name(), count(c.tokens_per_day), then.into(), above.clone()]);
        }
    }
}

fn months(plan: &Plan, cumulative: bool, beside: &Beside) -> Table {
    let own = &plan.projection.months;
    let sides: Vec<Side> =
        Side::ALL.into_iter().filter(|s| own.iter().any(|m| projection::value(m, *s, cumulative).is_some())).collect();
    let head = ["Month", "Tokens a day", "Replicas"].into_iter().map(String::from);
    let pinned = beside.pins.iter().enumerate().map(|(i, p)| format!("{}: {}", letter(i), p.name));
    let head = head.chain(sides.iter().map(|s| s.label().to_string())).chain(pinned).chain(["Events".into()]).collect();
    let unknown = |usd: Option<f64>| usd.map_or("unknown".into(), usd_exact);
    let rows = own.iter().map(|m| {
        let lead = [m.month.to_string(), count(m.tokens_per_day), count(m.replicas)].into_iter();
        let usd = sides.iter().map(|s| unknown(projection::value(m, *s, cumulative)));
        let of_pin = beside.pins.iter().map(|p| {
            let month = p.plan.projection.months.iter().find(|other| other.month == m.month);
            unknown(month.and_then(|m| projection::value(m, Side::SelfHosted, cumulative)))
        });
        lead.chain(usd).chain(of_pin).chain([m.events.join(", ")]).collect()
    });
    Table { head, rows: rows.collect() }
}

fn memory_table(plan: &Plan) -> Table {
    let mut t = Table::new(["Part", "Size", "Share", "What it is"]);
    let capacity = plan.memory.per_gpu.capacity_bytes;
    for part in memory::parts(plan) {
        t.row([part.label.into(), gib(part.bytes), percent(part.bytes / capacity), part.help.into()]);
    }
    t.row(["GPU".into(), gib(capacity), percent(1.0), "What a program can see".into()]);
    t
}

/// The lines of a plan's cost: name, US dollars per month.
fn costs(plan: &Plan) -> Vec<(String, f64)> {
    let mut out: Vec<(String, f64)> = cost::lines(plan).into_iter().map(|(name, usd)| (name.into(), usd)).collect();
    if let Some(own) = &plan.cost.self_hosted {
        out.push(("Self-hosted".into(), own.total_usd_per_month));
        let full = own.usd_per_million_tokens_at_full_load * millions(plan);
        out.push(("Self-hosted, if the same fleet ran full".into(), full));
    }
    out
}

fn millions(plan: &Plan) -> f64 {
    plan.curves.tokens_per_day * crate::units::DAYS_PER_MONTH / 1e6
}

/// An amount with its difference to another: `$1,250 (+$250)`.
pub fn with_difference(usd: Option<f64>, first: Option<f64>) -> String {
    match (usd, first) {
        (Some(v), Some(f)) if usd_exact(v) != usd_exact(f) => {
            let sign = if v > f { "+" } else { "" };
            format!("{} ({sign}{})", usd_exact(v), usd_exact(v - f))
        }
        (Some(v), _) => usd_exact(v),
        (None, _) => "unknown".into(),
    }
}

fn cost_table(plan: &Plan, beside: &Beside) -> Table {
    let mut t = Table::new(["Line", "Per month", "Per million tokens"]);
    t.head.extend(beside.pins.iter().enumerate().map(|(i, p)| format!("{}: {}, per month", letter(i), p.name)));
    let others: Vec<Vec<(String, f64)>> = beside.pins.iter().map(|p| costs(&p.plan)).collect();
    for (name, usd) in costs(plan) {
        let of = |other: &Vec<(String, f64)>| other.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        let mut differences: Vec<String> = others.iter().map(|o| with_difference(of(o), Some(usd))).collect();
        let mut own = [name, usd_exact(usd), usd_exact(usd / millions(plan))];
        if own[0] == cost::QUALITY_GAP {
            let open = |p: &Plan| cost::gap_is_not_priced(p);
            own[1..].iter_mut().filter(|_| open(plan)).for_each(|cell| *cell = cost::NOT_PRICED.into());
            let pins = differences.iter_mut().zip(&beside.pins).filter(|(_, pin)| open(&pin.plan));
            pins.for_each(|(cell, _)| *cell = cost::NOT_PRICED.into());
        }
        t.rows.push(own.into_iter().chain(differences).collect());
    }
    for api in &plan.cost.api {
        let usd = api.total_usd_per_month;
        let of = |p: &Plan| p.cost.api.iter().find(|a| a.role == api.role).map(|a| a.total_usd_per_month);
        let differences = beside.pins.iter().map(|p| with_difference(of(&p.plan), Some(usd)));
        let own = [format!("{} ({})", label(&api.role), api.id), usd_exact(usd), usd_exact(usd / millions(plan))];
        t.rows.push(own.into_iter().chain(differences).collect());
    }
    t
}

fn speed(plan: &Plan) -> Table {
    let mut t =
        Table::new(["Requests at once", "Output tokens a second", "Time per output token", "Time to first token"]);
    for f in &plan.speed.frontier {
        let row = [f.concurrency, f.output_tokens_per_second].map(count);
        let [a, b] = row;
        t.row([a, b, milliseconds(f.tpot_ms), milliseconds(f.ttft_ms)]);
    }
    let s = &plan.speed;
    t.row([
        format!("{} (runs here)", count(s.concurrency)),
        count(s.output_tokens_per_second),
        format!("{}, p95 {}", milliseconds(s.tpot_ms), milliseconds(s.tpot_p95_ms)),
        format!("{}, p95 {}", milliseconds(s.ttft_ms), milliseconds(s.ttft_p95_ms)),
    ]);
    t
}

fn tornado(plan: &Plan) -> Table {
    let mut t = Table::new(["Input", "Low end", "Difference at its low end", "High end", "Difference at its high end"]);
    for s in &plan.sensitivity {
        let (low, high) = (end_value(s.path, s.low), end_value(s.path, s.high));
        t.row([input_label(s.path), low, usd_exact(s.low_usd), high, usd_exact(s.high_usd)]);
    }
    t
}
