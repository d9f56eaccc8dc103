//! The numbers behind a picture as rows: for screen readers, for copying, and for whoever wants to check.

use super::cost;
use super::memory;
use super::palette::Side;
use super::tornado::field_label;
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

/// The table behind a panel.
pub fn table(panel: Panel, plan: &Plan, cumulative: bool) -> Table {
    match panel {
        Panel::BreakEven => break_even(plan),
        Panel::Projection => months(plan, cumulative),
        Panel::Memory => memory_table(plan),
        Panel::Cost => cost_table(plan),
        Panel::Speed => speed(plan),
        Panel::Tornado => tornado(plan),
    }
}

fn label(role: &str) -> String {
    Side::of_role(role).map_or_else(|| role.to_string(), |s| s.label().to_string())
}

fn break_even(plan: &Plan) -> Table {
    let mut t = Table::new(["Against", "Crossing, tokens a day", "From there on", "Cheaper for good above"]);
    for b in &plan.break_even {
        let above =
            b.always_cheaper_above_tokens_per_day.map_or("never".into(), |v| format!("{} tokens a day", count(v)));
        if b.crossings.is_empty() {
            let always =
                if b.never { "the API is cheaper at every volume" } else { "self-hosting is cheaper at every volume" };
            t.row([label(&b.against), "none".into(), always.into(), above.clone()]);
        }
        for c in &b.crossings {
            let then = match c.direction {
                "self_hosting_becomes_cheaper" => "self-hosting is cheaper",
                _ => "the API is cheaper",
            };
            t.row([label(&b.against), count(c.tokens_per_day), then.into(), above.clone()]);
        }
    }
    t
}

fn months(plan: &Plan, cumulative: bool) -> Table {
    let sides: Vec<Side> = Side::ALL
        .into_iter()
        .filter(|s| plan.projection.months.iter().any(|m| projection::value(m, *s, cumulative).is_some()))
        .collect();
    let head = ["Month", "Tokens a day", "Replicas"].into_iter().map(String::from);
    let head = head.chain(sides.iter().map(|s| s.label().to_string())).chain(["Events".to_string()]).collect();
    let rows = plan.projection.months.iter().map(|m| {
        let lead = [m.month.to_string(), count(m.tokens_per_day), count(m.replicas)].into_iter();
        let usd = sides.iter().map(|s| projection::value(m, *s, cumulative).map_or("unknown".into(), usd_exact));
        lead.chain(usd).chain([m.events.join(", ")]).collect()
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

fn cost_table(plan: &Plan) -> Table {
    let mut t = Table::new(["Line", "Per month", "Per million tokens"]);
    let millions = plan.curves.tokens_per_day * crate::units::DAYS_PER_MONTH / 1e6;
    let mut line = |name: String, usd: f64| t.row([name, usd_exact(usd), usd_exact(usd / millions)]);
    for (name, usd) in cost::lines(plan) {
        line(name.to_string(), usd);
    }
    if let Some(own) = &plan.cost.self_hosted {
        line("Self-hosted".into(), own.total_usd_per_month);
        let full = own.usd_per_million_tokens_at_full_load * millions;
        line("Self-hosted, if the same fleet ran full".into(), full);
    }
    for api in &plan.cost.api {
        line(format!("{} ({})", label(&api.role), api.id), api.total_usd_per_month);
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
    let mut t = Table::new(["Input", "Difference at its low end", "Difference at its high end"]);
    for s in &plan.sensitivity {
        t.row([field_label(&s.path), usd_exact(s.low_usd), usd_exact(s.high_usd)]);
    }
    t
}
