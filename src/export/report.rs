//! The report for people, in Markdown: verdict, reasons, both sides, crossings, months, what fits, how fast, assumptions.

use super::assumptions::{self, Assumption, role_name};
use super::escape::{comment, markdown as markdown_text, shell};
use crate::catalog::Catalog;
use crate::chart::{NOT_PRICED, Still, Table, gap_is_not_priced, input_label};
use crate::engine::sensitivity::Swing;
use crate::engine::uncertainty::Band;
use crate::engine::{self, Plan};
use crate::scenario::Scenario;
use crate::units::GIB;

/// US dollars for people: whole dollars with thousands separators, cents below a hundred.
fn usd(x: f64) -> String {
    if x.abs() < 99.5 { format!("${x:.2}") } else { format!("${}", thousands(x)) }
}

fn thousands(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if x < 0.0 { format!("-{out}") } else { out }
}

fn gib(bytes: f64) -> String {
    format!("{:.1} GiB", bytes / GIB)
}

fn markdown_table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(head.iter().map(|h| h.to_string()).collect());
    out.push_str(&line(
        head.iter().enumerate().map(|(i, _)| if i == 0 { "---".into() } else { "---:".into() }).collect(),
    ));
    for row in rows {
        out.push_str(&line(row.clone()));
    }
    out
}

/// The report.
pub fn markdown(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let title = if scenario.title.is_empty() { "Self-host or API?" } else { scenario.title.as_str() };
    let mut out = format!("# {}\n\n**{}**\n\n", markdown_text(title), markdown_text(&plan.advice.sentence));
    if !plan.scenario_link.is_empty() {
        out.push_str(&format!("Scenario: `{}`\n\n", plan.scenario_link.replace('`', "%60")));
    }
    for r in &plan.advice.reasons {
        out.push_str(&format!("- {} (`{}`)\n", markdown_text(&r.text), r.path));
    }
    section(&mut out, "What would help", &remedies(scenario, catalog));
    section(&mut out, "Step by step", &steps(plan));
    section(&mut out, "Cost per month", &cost(plan));
    section(&mut out, "Where the self-hosted money goes", &lines(plan));
    section(&mut out, "Where the lines cross", &crossings(plan));
    section(&mut out, "Look again when", &thresholds(plan));
    section(&mut out, "Month by month", &months(plan));
    section(&mut out, "How sure that is", &sure(plan));
    section(&mut out, "What matters most", &matters(plan));
    section(&mut out, "The fleet", &fleet(plan));
    section(&mut out, "Memory per GPU", &memory(plan));
    section(&mut out, "Speed of one replica", &speed(plan));
    section(&mut out, "What to know", &warnings(plan));
    section(&mut out, "Assumptions", &assumed(scenario, plan, catalog));
    section(&mut out, "The charts of this answer", &pictures(plan));
    out
}

fn section(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        out.push_str(&format!("\n## {title}\n\n{body}"));
    }
}

/// Changes after which what cannot run, or is too slow, does its work.
fn remedies(scenario: &Scenario, catalog: &Catalog) -> String {
    let all = engine::remedies(scenario, catalog);
    all.iter()
        .map(|r| format!("- {} {}: {}\n", input_label(r.path), markdown_text(&r.value), markdown_text(&r.outcome())))
        .collect()
}

/// Which step runs where, and what the plan is compared with.
fn steps(plan: &Plan) -> String {
    let Some(r) = &plan.routing else { return String::new() };
    let known = |x: Option<f64>| x.map_or("not possible".into(), usd);
    let rows: Vec<Vec<String>> = r
        .steps
        .iter()
        .map(|s| {
            let runs = match s.place.as_str() {
                "api" => s.api.clone().unwrap_or_default(),
                "self_hosted" => s.model.clone().unwrap_or_default(),
                other => s.way.unwrap_or(other).to_string(),
            };
            vec![
                markdown_text(&s.name),
                markdown_text(&runs),
                thousands(s.tokens_per_day),
                s.moving_it_usd.map_or("cannot move".into(), usd),
                markdown_text(&s.why),
            ]
        })
        .collect();
    let about = match r.panels_about {
        "self_hosted_steps" => "\nWhat follows is about the self-hosted part.\n",
        _ => "",
    };
    format!(
        "{}\n{} a month in all. Every step on an API: {}; every step self-hosted: {}; on APIs where possible: {}; \
         self-hosted where possible: {}.\n{about}",
        markdown_table(&["Step", "Runs on", "Tokens per day", "Moving it, per month", "Why"], &rows),
        usd(r.total_usd),
        known(r.all_api_usd),
        known(r.all_self_hosted_usd),
        known(r.api_where_possible_usd),
        known(r.self_hosted_where_possible_usd),
    )
}

fn cost(plan: &Plan) -> String {
    let mut rows = Vec::new();
    match &plan.cost.self_hosted {
        Some(l) => rows.push(vec![
            "Self-hosted".into(),
            format!("{} GPUs", thousands(plan.fleet.gpus)),
            usd(l.total_usd_per_month),
            usd(l.usd_per_million_tokens_reserved),
        ]),
        None => rows.push(vec!["Self-hosted".into(), String::new(), "unknown".into(), "unknown".into()]),
    }
    for a in &plan.cost.api {
        rows.push(vec![
            role_name(&a.role).into(),
            markdown_text(&a.id),
            usd(a.total_usd_per_month),
            usd(a.usd_per_million_tokens),
        ]);
    }
    markdown_table(&["Side", "What", "US dollars per month", "per million tokens"], &rows)
}

fn lines(plan: &Plan) -> String {
    let Some(l) = &plan.cost.self_hosted else { return String::new() };
    let rows: Vec<Vec<String>> = [
        ("GPUs that carry the load", l.gpu_usd),
        ("Redundancy", l.redundancy_usd),
        ("Overhead", l.overhead_usd),
        ("People", l.people_usd),
        ("Model updates", l.updates_usd),
        ("Spill-over to an API", l.spill_usd),
        ("Quality gap", l.quality_gap_usd),
        ("Power", l.power_usd),
        ("Total", l.total_usd_per_month),
    ]
    .into_iter()
    .map(|(n, v)| {
        let open = n == "Quality gap" && gap_is_not_priced(plan);
        vec![n.to_string(), if open { NOT_PRICED.into() } else { usd(v) }]
    })
    .collect();
    format!("{}\nSetup, once: {}\n", markdown_table(&["Line", "US dollars per month"], &rows), usd(l.setup_usd))
}

fn crossings(plan: &Plan) -> String {
    let mut out = String::new();
    for b in &plan.break_even {
        let name = role_name(&b.against);
        if b.never {
            out.push_str(&format!("- {name}: self-hosting is never cheaper at any volume\n"));
        } else if b.crossings.is_empty() {
            out.push_str(&format!("- {name}: self-hosting is cheaper at every volume\n"));
        }
        for c in &b.crossings {
            let words = if c.direction == "self_hosting_becomes_cheaper" {
                "self-hosting becomes cheaper"
            } else {
                "the API becomes cheaper again"
            };
            out.push_str(&format!("- {name}: {words} at {} tokens a day\n", thousands(c.tokens_per_day)));
        }
    }
    out
}

fn thresholds(plan: &Plan) -> String {
    plan.advice.thresholds.iter().map(|t| format!("- {}\n", markdown_text(&t.text))).collect()
}

fn months(plan: &Plan) -> String {
    let Some(first) = plan.projection.months.first() else { return String::new() };
    let roles: Vec<&str> = first.api_usd.keys().copied().collect();
    let mut head = vec!["Month", "Tokens per day", "Replicas", "Self-hosted"];
    head.extend(roles.iter().map(|r| role_name(r)));
    head.push("Events");
    let rows: Vec<Vec<String>> = plan
        .projection
        .months
        .iter()
        .map(|m| {
            let mut row = vec![m.month.to_string(), thousands(m.tokens_per_day), thousands(m.replicas)];
            row.push(m.self_hosted_usd.map_or("unknown".into(), usd));
            row.extend(roles.iter().map(|r| m.api_usd.get(r).map_or("unknown".into(), |v| usd(*v))));
            row.push(markdown_text(&m.events.join(", ")));
            row
        })
        .collect();
    markdown_table(&head, &rows)
}

fn fleet(plan: &Plan) -> String {
    use super::fleet::{figures, finding, layouts, load, notes, spill};
    let cells = |t: Table| {
        let head: Vec<&str> = t.head.iter().map(String::as_str).collect();
        let rows: Vec<Vec<String>> = t.rows.iter().map(|r| r.iter().map(|c| markdown_text(c)).collect()).collect();
        format!("\n{}", markdown_table(&head, &rows))
    };
    let pairs: Vec<Vec<String>> =
        figures(plan).into_iter().map(|(n, v)| vec![n.to_string(), markdown_text(&v)]).collect();
    let mut out = format!("{}.\n\n{}", markdown_text(&finding(plan)), markdown_table(&["Figure", "Value"], &pairs));
    out += &load(plan).map_or(String::new(), cells);
    out.push('\n');
    out += &notes(plan).iter().map(|n| format!("- {}\n", markdown_text(n))).collect::<String>();
    let spilling = "\nA smaller fleet, with what arrives above a percentile of the day's load on an API:\n";
    out += &spill(plan).map_or(String::new(), |t| format!("{spilling}{}", cells(t)));
    out + &layouts(plan).map_or(String::new(), |t| format!("\nLayouts that lost:\n{}", cells(t)))
}

fn memory(plan: &Plan) -> String {
    let g = &plan.memory.per_gpu;
    let rows: Vec<Vec<String>> = [
        ("Weights", g.weights_bytes),
        ("Activations", g.activation_bytes),
        ("Context and communication", g.non_torch_bytes),
        ("CUDA graphs", g.cuda_graph_bytes),
        ("KV cache", g.kv_pool_bytes),
        ("Outside the budget", g.unused_bytes),
        ("Whole GPU", g.capacity_bytes),
    ]
    .into_iter()
    .map(|(n, b)| vec![n.to_string(), gib(b)])
    .collect();
    let hints: String = plan.memory.hints.iter().map(|h| format!("- {}\n", markdown_text(h))).collect();
    let binding = markdown_text(&plan.memory.binding);
    format!("{}\nBinds first: {binding}\n{hints}", markdown_table(&["Part", "per GPU"], &rows))
}

fn speed(plan: &Plan) -> String {
    let s = &plan.speed;
    let rows = vec![
        vec!["Requests in flight".into(), format!("{:.0}", s.concurrency)],
        vec!["Time to first token, mean".into(), format!("{:.0} ms", s.ttft_ms)],
        vec!["Time to first token, 95th percentile".into(), format!("{:.0} ms", s.ttft_p95_ms)],
        vec!["Time per output token, mean".into(), format!("{:.1} ms", s.tpot_ms)],
        vec!["Time per output token, 95th percentile".into(), format!("{:.1} ms", s.tpot_p95_ms)],
        vec!["Output tokens per second".into(), thousands(s.output_tokens_per_second)],
        vec!["Error band".into(), format!("±{:.0} %", s.error_band * 100.0)],
    ];
    markdown_table(&["Figure", "Value"], &rows)
}

fn warnings(plan: &Plan) -> String {
    let line = |w: &crate::scenario::Warning| {
        format!("- `{}`: {} ({})\n", w.path.replace('`', ""), markdown_text(&w.message), markdown_text(&w.hint))
    };
    plan.warnings.iter().map(line).collect()
}

/// How sure the answer is, where draws were made.
fn sure(plan: &Plan) -> String {
    let u = &plan.uncertainty;
    let Some(chance) = u.probability_self_hosting_cheaper else { return String::new() };
    let last = u.bands.iter().map(|b| b.month).max().unwrap_or_default();
    let row = |b: &Band| vec![role_name(&b.side).to_string(), usd(b.p10_usd), usd(b.p50_usd), usd(b.p90_usd)];
    let rows: Vec<Vec<String>> = u.bands.iter().filter(|b| b.month == last).map(row).collect();
    let worth: String = u
        .value_of_information
        .iter()
        .filter(|v| v.usd >= 1.0)
        .take(3)
        .map(|v| {
            format!("- knowing it exactly would be worth {}: {}\n", usd(v.usd), markdown_text(&input_label(&v.path)))
        })
        .collect();
    format!(
        "Self-hosting is the cheaper side over the horizon in {:.0} % of {} draws. In month {last}, US dollars:\n\n{}\n{worth}",
        chance * 100.0,
        thousands(f64::from(u.draws)),
        markdown_table(&["Side", "10th percentile", "Median", "90th percentile"], &rows)
    )
}

/// The inputs that move the answer most.
fn matters(plan: &Plan) -> String {
    if plan.sensitivity.is_empty() {
        return String::new();
    }
    let signed = |x: f64| if x < 0.0 { format!("-{}", usd(-x)) } else { usd(x) };
    let row = |s: &Swing| vec![markdown_text(&input_label(s.path)), signed(s.low_usd), signed(s.high_usd)];
    let rows: Vec<Vec<String>> = plan.sensitivity.iter().take(8).map(row).collect();
    let table = markdown_table(&["Input", "At its low end", "At its high end"], &rows);
    format!("Self-hosted less the cheapest API, in the mean month:\n\n{table}")
}

/// The commands that draw the pictures of this answer.
fn pictures(plan: &Plan) -> String {
    if plan.scenario_link.is_empty() {
        return String::new();
    }
    let link = shell(&comment(&plan.scenario_link));
    let draw = |still: Still| format!("crossover chart {link} --panel {0} --output {0}.svg\n", still.id());
    let words = "Each command draws one of them as a picture, in a terminal that has Crossover's program:";
    format!("{words}\n\n```sh\n{}```\n", Still::ALL.map(draw).concat())
}

fn assumed(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let row = |a: Assumption| vec![markdown_text(&a.label), markdown_text(&a.value), markdown_text(&a.source)];
    let rows: Vec<Vec<String>> = assumptions::list(scenario, plan, catalog).into_iter().map(row).collect();
    markdown_table(&["Assumption", "Value", "Source"], &rows)
}
