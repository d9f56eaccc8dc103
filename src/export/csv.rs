//! Every table of the Plan as CSV (RFC 4180), one after another, each under a line that names it.

use super::escape::csv;
use crate::engine::Plan;

/// A table: its name, its columns, its rows.
struct Table {
    name: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A number as CSV readers expect it: plain digits; empty where unknown.
fn number(x: f64) -> String {
    if x.is_finite() { format!("{x}") } else { String::new() }
}

fn maybe(x: Option<f64>) -> String {
    x.map_or(String::new(), number)
}

/// All tables.
pub fn tables(plan: &Plan) -> String {
    let all = [
        verdict(plan),
        self_hosted(plan),
        api(plan),
        crossings(plan),
        projection(plan),
        memory(plan),
        speed(plan),
        tornado(plan),
        routing(plan),
    ];
    let mut out = String::new();
    for t in all.iter().filter(|t| !t.rows.is_empty()) {
        out.push_str(&format!("table,{}\r\n", t.name));
        for row in std::iter::once(&t.columns).chain(&t.rows) {
            out.push_str(&row.iter().map(|c| csv(c)).collect::<Vec<_>>().join(","));
            out.push_str("\r\n");
        }
        out.push_str("\r\n");
    }
    out
}

fn table(name: &'static str, columns: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { name, columns: columns.iter().map(|c| c.to_string()).collect(), rows }
}

fn verdict(plan: &Plan) -> Table {
    let row = vec![plan.advice.verdict.clone(), plan.advice.sentence.clone(), plan.scenario_link.clone()];
    table("verdict", &["verdict", "sentence", "link"], vec![row])
}

fn self_hosted(plan: &Plan) -> Table {
    let rows = plan.cost.self_hosted.as_ref().map_or(Vec::new(), |l| {
        [
            ("gpu_usd", l.gpu_usd),
            ("redundancy_usd", l.redundancy_usd),
            ("overhead_usd", l.overhead_usd),
            ("people_usd", l.people_usd),
            ("updates_usd", l.updates_usd),
            ("quality_gap_usd", l.quality_gap_usd),
            ("power_usd", l.power_usd),
            ("total_usd_per_month", l.total_usd_per_month),
            ("setup_usd", l.setup_usd),
            ("usd_per_million_tokens_reserved", l.usd_per_million_tokens_reserved),
            ("usd_per_million_tokens_at_full_load", l.usd_per_million_tokens_at_full_load),
        ]
        .into_iter()
        .map(|(name, usd)| vec![name.to_string(), number(usd)])
        .collect()
    });
    table("self_hosted", &["line", "usd"], rows)
}

fn api(plan: &Plan) -> Table {
    let rows = plan.cost.api.iter().map(|a| {
        vec![
            a.role.clone(),
            a.id.clone(),
            number(a.tokens_usd),
            number(a.updates_usd),
            number(a.total_usd_per_month),
            number(a.usd_per_million_tokens),
        ]
    });
    let columns = ["role", "id", "tokens_usd", "updates_usd", "total_usd_per_month", "usd_per_million_tokens"];
    table("api", &columns, rows.collect())
}

fn crossings(plan: &Plan) -> Table {
    let rows = plan.break_even.iter().flat_map(|b| {
        b.crossings.iter().map(move |c| vec![b.against.clone(), number(c.tokens_per_day), c.direction.to_string()])
    });
    table("crossings", &["against", "tokens_per_day", "direction"], rows.collect())
}

fn projection(plan: &Plan) -> Table {
    let roles: Vec<&str> = plan.projection.months.first().map_or(Vec::new(), |m| m.api_usd.keys().copied().collect());
    let mut columns: Vec<String> =
        ["month", "tokens_per_day", "replicas", "self_hosted_usd"].map(String::from).to_vec();
    columns.extend(roles.iter().map(|r| format!("{r}_usd")));
    columns.extend(["cumulative_self_hosted_usd".to_string()]);
    columns.extend(roles.iter().map(|r| format!("cumulative_{r}_usd")));
    columns.push("events".into());
    let rows = plan.projection.months.iter().map(|m| {
        let mut row = vec![m.month.to_string(), number(m.tokens_per_day), number(m.replicas), maybe(m.self_hosted_usd)];
        row.extend(roles.iter().map(|r| maybe(m.api_usd.get(*r).copied())));
        row.push(maybe(m.cumulative.get("self_hosted").copied()));
        row.extend(roles.iter().map(|r| maybe(m.cumulative.get(*r).copied())));
        row.push(m.events.join("; "));
        row
    });
    Table { name: "projection", columns, rows: rows.collect() }
}

fn memory(plan: &Plan) -> Table {
    let g = &plan.memory.per_gpu;
    let rows = [
        ("capacity_bytes", g.capacity_bytes),
        ("budget_bytes", g.budget_bytes),
        ("weights_bytes", g.weights_bytes),
        ("activation_bytes", g.activation_bytes),
        ("non_torch_bytes", g.non_torch_bytes),
        ("cuda_graph_bytes", g.cuda_graph_bytes),
        ("kv_pool_bytes", g.kv_pool_bytes),
        ("unused_bytes", g.unused_bytes),
    ];
    table("memory_per_gpu", &["part", "bytes"], rows.map(|(n, b)| vec![n.to_string(), number(b)]).to_vec())
}

fn speed(plan: &Plan) -> Table {
    let rows =
        plan.speed.frontier.iter().map(|p| {
            vec![number(p.concurrency), number(p.tpot_ms), number(p.ttft_ms), number(p.output_tokens_per_second)]
        });
    table("speed_frontier", &["concurrency", "tpot_ms", "ttft_ms", "output_tokens_per_second"], rows.collect())
}

fn tornado(plan: &Plan) -> Table {
    let rows = plan.sensitivity.iter().map(|s| vec![s.path.clone(), number(s.low_usd), number(s.high_usd)]);
    table("sensitivity", &["path", "low_usd", "high_usd"], rows.collect())
}

fn routing(plan: &Plan) -> Table {
    let rows = plan.routing.iter().flat_map(|r| &r.steps).map(|s| {
        let flips = s.flips.iter().map(|f| format!("{} {}: {}", f.side, f.tokens_per_day, f.to));
        vec![
            s.name.clone(),
            s.place.clone(),
            s.way.unwrap_or_default().to_string(),
            number(s.tokens_per_day),
            s.api.clone().unwrap_or_default(),
            maybe(s.api_usd),
            s.model.clone().unwrap_or_default(),
            maybe(s.replicas),
            maybe(s.moving_it_usd),
            flips.collect::<Vec<_>>().join("; "),
            s.why.clone(),
        ]
    });
    let columns = [
        "step",
        "place",
        "way",
        "tokens_per_day",
        "api",
        "api_usd",
        "model",
        "replicas",
        "moving_it_usd",
        "flips",
        "why",
    ];
    table("routing", &columns, rows.collect())
}
