//! The answer as text for people: the verdict, then tables.

use super::table::Table;
use crate::catalog::Catalog;
use crate::engine::routing::StepPlan;
use crate::engine::routing::flips::Flip;
use crate::engine::{self, Plan};
use crate::export::fleet as words;
use crate::quantity::{Unit, human};
use crate::scenario::{Scenario, field};
use crate::visible::visible;

/// The whole answer.
pub fn report(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let mut out = String::new();
    if !scenario.title.is_empty() {
        out += &format!("{}\n", visible(&scenario.title));
    }
    out += &format!("{}\n", visible(&plan.advice.sentence));
    for reason in &plan.advice.reasons {
        out += &format!("  - {}\n", visible(&reason.text));
    }
    section(&mut out, "What would help", &remedies(scenario, catalog));
    section(&mut out, "Cost per month", &sides(plan));
    section(&mut out, "Self-hosted, per month", &lines(plan));
    section(&mut out, "Where the lines cross", &crossings(plan));
    section(&mut out, "Look again when", &thresholds(plan));
    section(&mut out, "Month by month", &months(plan));
    section(&mut out, "How sure this is", &uncertainty(plan));
    section(&mut out, "What matters most", &sensitivity(plan));
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

fn remedies(scenario: &Scenario, catalog: &Catalog) -> String {
    let mut t = Table::new(&["", "", ""]);
    for r in engine::remedies(scenario, catalog) {
        t.row([r.path.into(), r.value.clone(), r.outcome()]);
    }
    rendered(&t)
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
        ("spill-over to an API", s.spill_usd),
        ("quality gap", s.quality_gap_usd),
        ("power", s.power_usd),
    ] {
        let open = name == "quality gap" && crate::chart::gap_is_not_priced(plan);
        t.row([name.into(), if open { crate::chart::NOT_PRICED.into() } else { usd(value) }]);
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
            let direction = match c.direction {
                "self_hosting_becomes_cheaper" => "self-hosting is cheaper".into(),
                "api_becomes_cheaper" => "the API is cheaper".into(),
                other => other.replace('_', " "),
            };
            t.row([role(&b.against).into(), at, direction]);
        }
    }
    rendered(&t)
}

fn thresholds(plan: &Plan) -> String {
    plan.advice.thresholds.iter().map(|t| format!("  {}\n", visible(&t.text))).collect()
}

/// The first month, every sixth, and the last: cash of the month, and together since the start.
fn months(plan: &Plan) -> String {
    let months = &plan.projection.months;
    let roles: Vec<&str> = months.first().map(|m| m.api_usd.keys().copied().collect()).unwrap_or_default();
    let mut columns = vec![">month", ">tokens", ">replicas", ">self-hosted"];
    columns.extend(roles.iter().map(|r| match *r {
        "same_weights" => ">same weights hosted",
        "nearest" => ">nearest API",
        "frontier" => ">frontier API",
        _ => ">API",
    }));
    let mut t = Table::new(&columns);
    let unknown = || "unknown".to_string();
    for (i, m) in months.iter().enumerate() {
        if i != 0 && m.month % 6 != 0 && i + 1 != months.len() {
            continue;
        }
        let volume = human(m.tokens_per_day, Unit::TokensPerDay);
        let own = m.self_hosted_usd.map_or_else(unknown, usd);
        let fixed = [m.month.to_string(), volume, human(m.replicas, Unit::Count), own];
        let apis = roles.iter().map(|r| m.api_usd.get(r).copied().map_or_else(unknown, usd));
        t.row(fixed.into_iter().chain(apis));
    }
    if let Some(last) = months.last() {
        let sum = |role: &str| last.cumulative.get(role).copied().map_or_else(unknown, usd);
        let fixed = ["in all".to_string(), String::new(), String::new(), sum("self_hosted")];
        t.row(fixed.into_iter().chain(roles.iter().map(|r| sum(r))));
    }
    rendered(&t)
}

fn uncertainty(plan: &Plan) -> String {
    let u = &plan.uncertainty;
    let Some(probability) = u.probability_self_hosting_cheaper else { return String::new() };
    let mut out = format!(
        "  self-hosting is cheaper over {} months in {} of {} draws\n",
        plan.projection.months.len(),
        human(probability, Unit::Share),
        human(f64::from(u.draws), Unit::Count)
    );
    if let Some(first) = u.value_of_information.first().filter(|v| v.usd > 0.0) {
        out += &format!("  measure first: {} (worth up to {})\n", label(&first.path), usd(first.usd));
    }
    out
}

/// The five inputs that move the monthly difference most.
fn sensitivity(plan: &Plan) -> String {
    let mut t = Table::new(&["input", ">from", ">to", ">difference per month"]);
    for s in plan.sensitivity.iter().take(5) {
        let unit = field(s.path).and_then(|f| f.number()).map_or(Unit::Count, |n| n.unit);
        let difference = format!("{} to {}", usd(s.low_usd), usd(s.high_usd));
        t.row([label(s.path), human(s.low, unit), human(s.high, unit), difference]);
    }
    rendered(&t)
}

/// The words of a field, or its path where the scenario has no such field.
fn label(path: &str) -> String {
    field(path).map_or_else(|| path.to_string(), |f| f.label.to_string())
}

fn fleet(scenario: &Scenario, plan: &Plan) -> String {
    let mut t = Table::new(&["", ">"]);
    t.row(["accelerator".into(), scenario.hardware.accelerator.clone()]);
    for (name, value) in words::figures(plan) {
        t.row([name.to_string(), value]);
    }
    let mut out = rendered(&t);
    out += &words::load(plan).map_or(String::new(), |t| as_text(&t, ">"));
    out += &words::notes(plan).iter().map(|n| format!("  - {}\n", visible(n))).collect::<String>();
    out += &words::spill(plan)
        .map_or(String::new(), |t| format!("  smaller, the rest of the load on an API:\n{}", as_text(&t, ">")));
    out + &words::layouts(plan).map_or(String::new(), |t| format!("  layouts that lost:\n{}", as_text(&t, "")))
}

/// A table of the export as one of the terminal, its numbers to the right where `align` says so.
fn as_text(table: &crate::chart::Table, align: &str) -> String {
    let head: Vec<String> =
        table.head.iter().enumerate().map(|(i, h)| if i == 0 { h.clone() } else { format!("{align}{h}") }).collect();
    let mut t = Table::new(&head.iter().map(String::as_str).collect::<Vec<_>>());
    for row in &table.rows {
        t.row(row.iter().map(|c| visible(c)));
    }
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
    out + &m.hints.iter().map(|h| format!("  {}\n", visible(h))).collect::<String>()
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
    let mut t = Table::new(&["step", "runs on", ">tokens", ">moving it", ">its place changes at", "why"]);
    for s in &routing.steps {
        t.row([
            s.name.clone(),
            place(s),
            human(s.tokens_per_day, Unit::TokensPerDay),
            s.moving_it_usd.map_or("cannot move".into(), usd),
            s.flips.iter().map(flip).collect::<Vec<_>>().join(", "),
            s.why.clone(),
        ]);
    }
    let mut out = rendered(&t);
    let known = |x: Option<f64>| x.map_or("not possible".into(), usd);
    out += &format!(
        "  {} in all; every step on an API: {}; every step self-hosted: {}\n",
        usd(routing.total_usd),
        known(routing.all_api_usd),
        known(routing.all_self_hosted_usd)
    );
    out += &format!(
        "  on APIs where possible: {}; self-hosted where possible: {}\n",
        known(routing.api_where_possible_usd),
        known(routing.self_hosted_where_possible_usd)
    );
    for p in &routing.pools {
        let (replicas, gpus) = (human(p.replicas, Unit::Count), human(p.gpus, Unit::Count));
        out +=
            &format!("  pool {}: {replicas} replicas for the peak, {gpus} GPUs, {}\n", visible(&p.model), usd(p.usd));
    }
    out += &routing.steps.iter().filter_map(cascade).collect::<String>();
    if routing.panels_about == "self_hosted_steps" {
        out += "  everything above this table is about the self-hosted part\n";
    }
    out
}

fn place(s: &StepPlan) -> String {
    let own = s.model.as_deref().map_or("self-hosted", |m| m.rsplit('/').next().unwrap_or(m));
    match s.place.as_str() {
        "api" => s.api.clone().unwrap_or("API".into()),
        "self_hosted" => own.to_string(),
        other => s.way.map_or(other.replace('_', " "), |w| w.replace("_then_", ", then ").replace('_', "-")),
    }
}

fn flip(f: &Flip) -> String {
    let to = f.to.replace("_then_", ", then ").replace('_', "-");
    format!("{} {} ({to})", f.side, human(f.tokens_per_day, Unit::TokensPerDay))
}

/// What a cascade does for a step that asks for one.
fn cascade(s: &StepPlan) -> Option<String> {
    let c = s.cascade.as_ref()?;
    let first = c.first_model.as_deref().or(c.first_api.as_deref()).unwrap_or("a small model");
    let wait = c
        .added_ms
        .map_or(String::new(), |ms| format!(", escalated calls wait {} longer", human(ms, Unit::Milliseconds)));
    let share = human(c.escalated_share, Unit::Share);
    Some(match (c.chosen, c.saves_usd, c.refused) {
        (true, Some(usd_saved), _) => {
            format!(
                "  {}: {first} first saves {}; {share} escalate and are paid twice{wait}\n",
                visible(&s.name),
                usd(usd_saved)
            )
        }
        (_, Some(usd_saved), _) => {
            format!("  {}: {first} first would cost {} more\n", visible(&s.name), usd(-usd_saved))
        }
        (_, None, Some(why)) => format!("  {}: no small model first: {why}\n", visible(&s.name)),
        (_, None, None) => return None,
    })
}

fn warnings(plan: &Plan) -> String {
    plan.warnings
        .iter()
        .map(|w| format!("  {}: {}\n    hint: {}\n", visible(&w.path), visible(&w.message), visible(&w.hint)))
        .collect()
}
