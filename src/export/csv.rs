//! Every table of the Plan as CSV (RFC 4180), one after another, each under a line that names it.

use super::assumptions;
use super::escape::csv;
use crate::catalog::Catalog;
use crate::engine::Plan;
use crate::scenario::Scenario;

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
pub fn tables(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let all = [
        verdict(plan),
        reasons(plan),
        thresholds(plan),
        self_hosted(plan),
        api(plan),
        crossings(plan),
        curves(plan),
        projection(plan),
        rent_or_own(plan),
        memory(plan),
        speed(plan),
        load(plan),
        spill(plan),
        layouts(plan),
        tornado(plan),
        probabilities(plan),
        bands(plan),
        information(plan),
        drawn(plan),
        routing(plan),
        pools(plan),
        assumed(scenario, plan, catalog),
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

fn reasons(plan: &Plan) -> Table {
    let rows = plan.advice.reasons.iter().map(|r| vec![r.text.clone(), r.path.clone()]);
    table("reasons", &["reason", "path"], rows.collect())
}

fn thresholds(plan: &Plan) -> Table {
    let rows = plan.advice.thresholds.iter();
    let rows = rows.map(|t| vec![t.path.clone(), t.against.clone(), number(t.value), number(t.now), t.text.clone()]);
    table("thresholds", &["path", "against", "value", "now", "text"], rows.collect())
}

fn curves(plan: &Plan) -> Table {
    let row = |side: &str, v: f64, usd: f64| vec![side.to_string(), number(v), number(usd)];
    let own = plan.curves.self_hosted.iter().map(|s| row("self_hosted", s.tokens_per_day, s.usd_per_month));
    let api = plan.curves.api.iter();
    let api = api.flat_map(|a| a.samples.iter().map(move |s| row(&a.role, s.tokens_per_day, s.usd_per_month)));
    table("break_even", &["side", "tokens_per_day", "usd_per_month"], own.chain(api).collect())
}

fn rent_or_own(plan: &Plan) -> Table {
    let rows = plan.projection.rent_or_own.iter().map(|r| {
        vec![
            r.acquisition.to_string(),
            maybe(r.usd_per_gpu_hour),
            maybe(r.total_usd),
            maybe(r.owning_pays_after_hours),
            r.estimated.to_string(),
        ]
    });
    let columns = ["acquisition", "usd_per_gpu_hour", "total_usd", "owning_pays_after_hours", "estimated"];
    table("rent_or_own", &columns, rows.collect())
}

fn load(plan: &Plan) -> Table {
    let at = plan.fleet.at.as_ref();
    let points = at.map_or(Vec::new(), |a| {
        [("average", Some(a.average)), ("peak", Some(a.peak)), ("peak_with_one_lost", a.peak_with_one_lost)].to_vec()
    });
    let rows = points.into_iter().filter_map(|(name, p)| {
        let p = p?;
        let numbers = [p.requests_per_second, p.concurrency, p.ttft_ms, p.ttft_p95_ms, p.tpot_ms, p.tpot_p95_ms];
        let cells = std::iter::once(name.to_string()).chain(numbers.into_iter().map(number));
        Some(cells.chain(std::iter::once(p.overloaded.to_string())).collect())
    });
    let columns =
        ["at", "requests_per_second", "concurrency", "ttft_ms", "ttft_p95_ms", "tpot_ms", "tpot_p95_ms", "overloaded"];
    table("load_of_one_replica", &columns, rows.collect())
}

fn spill(plan: &Plan) -> Table {
    let rows =
        plan.fleet.spill.iter().map(|o| {
            vec![number(o.percentile), number(o.replicas), number(o.api_share_of_tokens), maybe(o.usd_per_month)]
        });
    table("spill_over", &["percentile", "replicas", "api_share_of_tokens", "usd_per_month"], rows.collect())
}

fn layouts(plan: &Plan) -> Table {
    let rows = plan.fleet.runners_up.iter().map(|r| {
        vec![
            r.tensor_parallel.to_string(),
            r.pipeline_parallel.to_string(),
            r.data_parallel_attention.to_string(),
            maybe(r.replicas),
            maybe(r.gpus),
            maybe(r.tpot_p95_ms),
            maybe(r.ttft_p95_ms),
            r.reason.clone(),
        ]
    });
    let columns = [
        "tensor_parallel",
        "pipeline_parallel",
        "data_parallel_attention",
        "replicas",
        "gpus",
        "tpot_p95_ms",
        "ttft_p95_ms",
        "reason",
    ];
    table("layouts_that_lost", &columns, rows.collect())
}

fn probabilities(plan: &Plan) -> Table {
    let rows = plan.uncertainty.probability_by_month.iter();
    let rows = rows.map(|m| vec![m.month.to_string(), number(m.monthly), number(m.cumulative)]);
    table("probability_self_hosting_cheaper", &["month", "monthly", "cumulative"], rows.collect())
}

fn bands(plan: &Plan) -> Table {
    let rows = plan.uncertainty.bands.iter();
    let rows = rows
        .map(|b| vec![b.month.to_string(), b.side.clone(), number(b.p10_usd), number(b.p50_usd), number(b.p90_usd)]);
    table("bands", &["month", "side", "p10_usd", "p50_usd", "p90_usd"], rows.collect())
}

fn information(plan: &Plan) -> Table {
    let rows = plan.uncertainty.value_of_information.iter().map(|v| vec![v.path.clone(), number(v.usd)]);
    table("value_of_information", &["path", "usd"], rows.collect())
}

fn drawn(plan: &Plan) -> Table {
    let rows = plan.uncertainty.inputs.iter();
    let rows =
        rows.map(|i| vec![i.path.to_string(), number(i.low), number(i.likely), number(i.high), i.source.to_string()]);
    table("ranges", &["path", "low", "likely", "high", "source"], rows.collect())
}

fn pools(plan: &Plan) -> Table {
    let rows = plan.routing.iter().flat_map(|r| &r.pools);
    let rows = rows.map(|p| vec![p.model.clone(), number(p.replicas), number(p.gpus), number(p.usd)]);
    table("pools", &["model", "replicas", "gpus", "usd"], rows.collect())
}

fn assumed(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> Table {
    let rows = assumptions::list(scenario, plan, catalog).into_iter();
    let rows = rows.map(|a| vec![a.what, a.label, a.value, a.source]);
    table("assumptions", &["what", "label", "value", "source"], rows.collect())
}

fn self_hosted(plan: &Plan) -> Table {
    let rows = plan.cost.self_hosted.as_ref().map_or(Vec::new(), |l| {
        [
            ("gpu_usd", l.gpu_usd),
            ("redundancy_usd", l.redundancy_usd),
            ("overhead_usd", l.overhead_usd),
            ("people_usd", l.people_usd),
            ("updates_usd", l.updates_usd),
            ("spill_usd", l.spill_usd),
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
            number(a.quality_gap_usd),
            a.why.clone(),
        ]
    });
    let columns = [
        "role",
        "id",
        "tokens_usd",
        "updates_usd",
        "total_usd_per_month",
        "usd_per_million_tokens",
        "quality_gap_usd",
        "why",
    ];
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
    columns.extend(["events", "self_hosted_amortised_usd"].map(String::from));
    let rows = plan.projection.months.iter().map(|m| {
        let mut row = vec![m.month.to_string(), number(m.tokens_per_day), number(m.replicas), maybe(m.self_hosted_usd)];
        row.extend(roles.iter().map(|r| maybe(m.api_usd.get(r).copied())));
        row.push(maybe(m.cumulative.get("self_hosted").copied()));
        row.extend(roles.iter().map(|r| maybe(m.cumulative.get(r).copied())));
        row.push(m.events.join("; "));
        row.push(maybe(m.self_hosted_amortised_usd));
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
    let rows = plan
        .sensitivity
        .iter()
        .map(|s| vec![s.path.to_string(), number(s.low_usd), number(s.high_usd), number(s.low), number(s.high)]);
    table("sensitivity", &["path", "low_usd", "high_usd", "low", "high"], rows.collect())
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
