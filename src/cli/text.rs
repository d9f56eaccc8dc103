//! The answer as text for people: the verdict, then tables.

use super::table::{Table, clean};
use crate::engine::Plan;
use crate::quantity::{Unit, human};
use crate::scenario::Scenario;

/// The whole answer.
pub fn report(scenario: &Scenario, plan: &Plan) -> String {
    let mut out = String::new();
    if !scenario.title.is_empty() {
        out += &format!("{}\n", clean(&scenario.title));
    }
    out += &format!("{}\n", clean(&plan.advice.sentence));
    for reason in &plan.advice.reasons {
        out += &format!("  - {}\n", clean(&reason.text));
    }
    section(&mut out, "Cost per month", &sides(plan));
    section(&mut out, "Self-hosted, per month", &lines(plan));
    section(&mut out, "Where the lines cross", &crossings(plan));
    section(&mut out, "Look again when", &thresholds(plan));
    section(&mut out, "Fleet", &fleet(scenario, plan));
    section(&mut out, "Memory per GPU", &memory(plan));
    section(&mut out, "Speed of one replica", &speed(plan));
    section(&mut out, "Steps", &steps(plan));
    section(&mut out, "Warnings", &warnings(plan));
    if !plan.scenario_link.is_empty() {
        out += &format!("\nLink\n  {}\n", plan.scenario_link);
    }
    out
}

fn section(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        *out += &format!("\n{title}\n{body}");
    }
}

fn rendered(table: &Table) -> String {
    if table.is_empty() { String::new() } else { table.render(2) }
}

fn role(role: &str) -> &str {
    match role {
        "self_hosted" => "self-hosted",
        "same_weights" => "same weights hosted",
        "nearest" => "nearest API",
        "frontier" => "frontier API",
        other => other,
    }
}

fn usd(value: f64) -> String {
    human(value, Unit::Usd)
}

fn per_million(value: f64) -> String {
    human(value, Unit::UsdPerMillionTokens)
}

fn sides(plan: &Plan) -> String {
    let mut t = Table::new(&["", ">per month", ">per million tokens", ""]);
    match &plan.cost.self_hosted {
        Some(s) => t.row([
            role("self_hosted").into(),
            usd(s.total_usd_per_month),
            per_million(s.usd_per_million_tokens_reserved),
            format!("{} at full load", per_million(s.usd_per_million_tokens_at_full_load)),
        ]),
        None => t.row([role("self_hosted").into(), "unknown".into(), "unknown".into(), String::new()]),
    }
    for api in &plan.cost.api {
        t.row([
            role(&api.role).into(),
            usd(api.total_usd_per_month),
            per_million(api.usd_per_million_tokens),
            api.id.clone(),
        ]);
    }
    rendered(&t)
}

fn lines(plan: &Plan) -> String {
    let Some(s) = &plan.cost.self_hosted else { return String::new() };
    let mut t = Table::new(&["", ">USD"]);
    for (name, value) in [
        ("GPUs that carry the load", s.gpu_usd),
        ("spare replicas", s.redundancy_usd),
        ("CPU, storage, network", s.overhead_usd),
        ("engineers", s.people_usd),
        ("model updates", s.updates_usd),
        ("quality gap", s.quality_gap_usd),
        ("power", s.power_usd),
    ] {
        t.row([name.into(), usd(value)]);
    }
    t.row(["total".into(), usd(s.total_usd_per_month)]);
    t.row(["setup, once".into(), usd(s.setup_usd)]);
    rendered(&t)
}

fn crossings(plan: &Plan) -> String {
    let mut t = Table::new(&["against", ">at", "from there on"]);
    for b in &plan.break_even {
        if b.crossings.is_empty() {
            t.row([role(&b.against).into(), "never".into(), String::new()]);
        }
        for c in &b.crossings {
            let at = human(c.tokens_per_day, Unit::TokensPerDay);
            t.row([role(&b.against).into(), at, c.direction.replace('_', " ")]);
        }
    }
    rendered(&t)
}

fn thresholds(plan: &Plan) -> String {
    plan.advice.thresholds.iter().map(|t| format!("  {}\n", clean(&t.text))).collect()
}

fn fleet(scenario: &Scenario, plan: &Plan) -> String {
    let f = &plan.fleet;
    let mut t = Table::new(&["", ">"]);
    t.row(["accelerator".into(), scenario.hardware.accelerator.clone()]);
    t.row(["GPUs".into(), human(f.gpus, Unit::Count)]);
    t.row([
        "GPUs per replica".into(),
        format!("{} (TP {} x PP {})", f.gpus_per_replica, f.tensor_parallel, f.pipeline_parallel),
    ]);
    t.row(["replicas for the peak".into(), human(f.replicas_for_peak, Unit::Count)]);
    t.row(["spare replicas".into(), f.spare_replicas.to_string()]);
    t.row(["utilization".into(), human(f.utilization, Unit::Share)]);
    rendered(&t)
}

fn memory(plan: &Plan) -> String {
    let m = &plan.memory;
    let mut t = Table::new(&["", ">"]);
    for (name, bytes) in [
        ("weights", m.per_gpu.weights_bytes),
        ("KV cache", m.per_gpu.kv_pool_bytes),
        ("activations", m.per_gpu.activation_bytes),
        ("engine and communication", m.per_gpu.non_torch_bytes),
        ("CUDA graphs", m.per_gpu.cuda_graph_bytes),
        ("outside the budget", m.per_gpu.unused_bytes),
        ("capacity", m.per_gpu.capacity_bytes),
    ] {
        t.row([name.into(), human(bytes, Unit::Bytes)]);
    }
    let mut out = rendered(&t);
    let fits = |yes: bool| if yes { "fits" } else { "does not fit" };
    out += &format!(
        "  weights {}: {} in all; longest request {}; binding: {}\n",
        fits(m.fits.weights),
        human(m.weights_bytes_total, Unit::Bytes),
        fits(m.fits.longest_request),
        m.binding
    );
    out + &m.hints.iter().map(|h| format!("  {}\n", clean(h))).collect::<String>()
}

fn speed(plan: &Plan) -> String {
    let s = &plan.speed;
    let mut t = Table::new(&["", ">mean", ">p95"]);
    t.row([
        "time to first token".into(),
        human(s.ttft_ms, Unit::Milliseconds),
        human(s.ttft_p95_ms, Unit::Milliseconds),
    ]);
    t.row([
        "time per output token".into(),
        human(s.tpot_ms, Unit::Milliseconds),
        human(s.tpot_p95_ms, Unit::Milliseconds),
    ]);
    let mut out = rendered(&t);
    out += &format!(
        "  {} requests in flight, {} output tokens/s, limited by {}\n",
        human(s.concurrency, Unit::Count),
        human(s.output_tokens_per_second, Unit::Count),
        s.bound.replace('_', " ")
    );
    out
}

fn steps(plan: &Plan) -> String {
    let Some(routing) = &plan.routing else { return String::new() };
    let mut t = Table::new(&["step", "place"]);
    for s in &routing.steps {
        t.row([s.name.clone(), s.place.replace('_', " ")]);
    }
    rendered(&t)
}

fn warnings(plan: &Plan) -> String {
    plan.warnings
        .iter()
        .map(|w| format!("  {}: {}\n    hint: {}\n", clean(&w.path), clean(&w.message), clean(&w.hint)))
        .collect()
}
