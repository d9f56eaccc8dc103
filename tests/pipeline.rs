//! The worked example in the book: its figures are the plan's, its files are the exports', and the story it tells holds.
//! `CROSSOVER_UPDATE=1` writes the figures and files again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use crossover::catalog::Catalog;
use crossover::engine::routing::Routing;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::export::{Format, export};
use crossover::scenario::{Scenario, link, presets};

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src")
}

fn planned(catalog: &Catalog, scenario: &Scenario) -> Plan {
    let mut plan = plan_with(scenario, catalog, Effort { draws: 0 }).unwrap();
    plan.scenario_link = link::encode(scenario, catalog).unwrap();
    plan
}

fn example(catalog: &Catalog) -> (Scenario, Plan) {
    let preset = presets().unwrap().into_iter().find(|p| p.id == "agents").unwrap();
    let (scenario, _) = link::decode(&preset.link, catalog).unwrap();
    let plan = planned(catalog, &scenario);
    (scenario, plan)
}

fn usd(x: f64) -> String {
    let digits = format!("{x:.0}");
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    format!("${}", groups.join(","))
}

/// The sentences of the page that hold figures.
fn figures(catalog: &Catalog) -> Vec<String> {
    let (mut scenario, plan) = example(catalog);
    let r = plan.routing.as_ref().unwrap();
    let place = |s: &crossover::engine::routing::StepPlan| match s.place.as_str() {
        "api" => format!("`{}`", s.api.as_deref().unwrap()),
        _ => "the pool".to_string(),
    };
    let moves = |s: &crossover::engine::routing::StepPlan| s.moving_it_usd.map_or("cannot move".into(), usd);
    let mut out = vec!["| Step | Runs on | Moving it alone would add, a month |".into(), "|---|---|---:|".into()];
    out.extend(r.steps.iter().map(|s| format!("| {} | {} | {} |", s.name, place(s), moves(s))));
    let pool = &r.pools[0];
    out.push(format!(
        "{} a month in all: {} for the pool ({:.0} replicas for the peak, {:.0} GPUs with the spare) and {} for the API.",
        usd(r.total_usd),
        usd(pool.usd),
        pool.replicas,
        pool.gpus,
        usd(r.api_usd)
    ));
    let api = r.api_where_possible_usd.unwrap();
    out.push(format!(
        "With every step on an API that may be there it would be {}: deciding them together saves {} a month.",
        usd(api),
        usd(api - r.total_usd)
    ));
    scenario.steps.iter_mut().for_each(|s| s.data_residency = false);
    let free: Routing = planned(catalog, &scenario).routing.unwrap();
    assert!(free.pools.is_empty(), "without the requirement nothing is self-hosted");
    out.push(format!(
        "Without the requirement the plan takes {} a month, so keeping the records in house costs {} a month.",
        usd(free.total_usd),
        usd(r.total_usd - free.total_usd)
    ));
    for s in r.steps.iter().filter(|s| !s.flips.is_empty()) {
        for f in &s.flips {
            let to = if f.to == "api" { "an API" } else { "the pool" };
            out.push(format!(
                "- *{}*: {} {:.0} million tokens a day (now {:.0} million) {to} is better.",
                s.name,
                f.side,
                f.tokens_per_day / 1e6,
                s.tokens_per_day / 1e6
            ));
        }
    }
    out
}

/// Write the figures into the page: in place of the lines that say the same with other numbers.
fn update(lines: &[String]) {
    let words = |line: &str| line.chars().filter(|c| !c.is_ascii_digit() && *c != ',').collect::<String>();
    let path = book().join("pipeline.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let now = |old: &str| lines.iter().find(|l| words(l) == words(old)).map_or(old, String::as_str).to_string();
    std::fs::write(&path, page.lines().map(now).collect::<Vec<_>>().join("\n") + "\n").unwrap();
}

#[test]
fn the_figures_of_the_page_are_those_of_the_plan() {
    let catalog = Catalog::embedded().unwrap();
    let lines = figures(&catalog);
    if std::env::var_os("CROSSOVER_UPDATE").is_some() {
        update(&lines);
    }
    let page = std::fs::read_to_string(book().join("pipeline.md")).unwrap();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = flat(&page);
    for line in lines {
        assert!(page.contains(&flat(&line)), "the page does not say: {line}");
    }
}

#[test]
fn the_files_of_the_page_are_those_of_the_program() {
    let catalog = Catalog::embedded().unwrap();
    let (scenario, plan) = example(&catalog);
    for (name, format) in [
        ("steps.yaml", Format::Steps),
        ("litellm.yaml", Format::Litellm),
        ("kubernetes.yaml", Format::Kubernetes),
        ("steps.csv", Format::StepsCsv),
    ] {
        let path = book().join("pipeline").join(name);
        let now = export(format, &scenario, &plan, &catalog);
        if std::env::var_os("CROSSOVER_UPDATE").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == now, "{name} is not current: run the test with CROSSOVER_UPDATE=1 and commit it");
    }
}

#[test]
fn the_manifests_are_for_the_pool_of_the_routing() {
    let catalog = Catalog::embedded().unwrap();
    let (_, plan) = example(&catalog);
    let routing = plan.routing.as_ref().unwrap();
    assert_eq!(routing.panels_about, "self_hosted_steps");
    let pool = &routing.pools[0];
    assert_eq!((plan.fleet.replicas_for_peak, plan.fleet.gpus), (pool.replicas, pool.gpus));
    let lines = plan.cost.self_hosted.as_ref().unwrap();
    assert!(
        (lines.total_usd_per_month - pool.usd).abs() < 1e-6 * pool.usd,
        "{} {}",
        lines.total_usd_per_month,
        pool.usd
    );
    assert!((pool.usd + routing.api_usd - routing.total_usd).abs() < 1e-6 * routing.total_usd);
}

#[test]
fn the_report_and_the_tables_hold_every_step() {
    let catalog = Catalog::embedded().unwrap();
    let (mut scenario, _) = example(&catalog);
    scenario.steps[0].name = "=cmd|' /C calc'!A1 \"q\" $(touch x) | a |".into();
    let plan = planned(&catalog, &scenario);
    let csv_text = export(Format::Csv, &scenario, &plan, &catalog);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv_text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let at = rows.iter().position(|r| &r[0] == "table" && &r[1] == "routing").unwrap();
    assert_eq!(&rows[at + 2][0], format!("'{}", scenario.steps[0].name));
    assert_eq!(&rows[at + 3][0], "Retrieve");
    let report = export(Format::Markdown, &scenario, &plan, &catalog);
    let table = report.lines().skip_while(|l| *l != "## Step by step").skip(4).take_while(|l| l.starts_with('|'));
    let table: Vec<&str> = table.collect();
    assert_eq!(table.len(), scenario.steps.len());
    let cells = table[0].replace("\\|", "").matches('|').count();
    assert_eq!(cells, 6, "{}", table[0]);
}
