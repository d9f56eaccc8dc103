//! Exports are read by real parsers of their languages, carry the Plan's numbers, and keep hostile names as text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::process::{Command, Stdio};

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::{Effort, Plan, plan_with};
use crossover::export::{Format, export};
use crossover::scenario::Scenario;
use serde_yaml_ng::Value;

const HOSTILE: &str = "=cmd|' /C calc'!A1 \"q\" $(touch /tmp/x) `id`\n- injected: true #\u{2028}| a |";

fn planned(scenario: &Scenario) -> (Catalog, Plan) {
    let catalog = Catalog::embedded().unwrap();
    let mut plan = plan_with(scenario, &catalog, Effort { draws: 0 }).unwrap();
    plan.scenario_link = "https://example.invalid/#v=1&tokens=50M/d".into();
    (catalog, plan)
}

fn scenarios() -> Vec<Scenario> {
    let mut out = vec![Scenario::default()];
    for (id, quantization, kv) in [
        ("openai/gpt-oss-120b", Quantization::Native, KvDtype::Auto),
        ("deepseek-ai/DeepSeek-V3.2", Quantization::Native, KvDtype::Fp8),
        ("meta-llama/Llama-3.1-8B-Instruct", Quantization::GgufQ4KM, KvDtype::Q8_0),
        ("Qwen/Qwen3-32B", Quantization::Nf4, KvDtype::Bf16),
    ] {
        let mut s = Scenario { title: HOSTILE.into(), ..Scenario::default() };
        s.model.id = id.into();
        s.model.quantization = quantization;
        s.model.kv_cache = kv;
        s.serving.engine_version = Some(HOSTILE.into());
        out.push(s);
    }
    out
}

fn yaml(text: &str) -> Vec<Value> {
    use serde::Deserialize;
    serde_yaml_ng::Deserializer::from_str(text)
        .map(|d| Value::deserialize(d).unwrap_or_else(|e| panic!("{e}\n{text}")))
        .collect()
}

fn shell_accepts(text: &str) {
    let mut child = Command::new("sh").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}\n{text}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn shell_exports_parse_and_run_nothing_a_name_says() {
    for s in scenarios() {
        let (catalog, plan) = planned(&s);
        for f in [Format::Vllm, Format::Sglang, Format::TensorrtLlm, Format::Tgi, Format::Ollama, Format::LlamaCpp] {
            let text = export(f, &s, &plan, &catalog);
            shell_accepts(&text);
            let live: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with('#')).collect();
            assert!(!live.iter().any(|l| l.contains("touch") || l.contains("injected")), "{text}");
        }
    }
}

#[test]
fn yaml_exports_parse_and_keep_names_as_text() {
    for s in scenarios() {
        let (catalog, plan) = planned(&s);
        for f in [Format::Compose, Format::Kubernetes, Format::Litellm, Format::SemanticRouter, Format::Steps] {
            let text = export(f, &s, &plan, &catalog);
            let documents = yaml(&text);
            assert!(!format!("{documents:?}").contains("String(\"injected\")"), "{text}");
        }
        if s.title == HOSTILE {
            let steps = yaml(&export(Format::Steps, &s, &plan, &catalog));
            assert_eq!(steps[0]["steps"][0]["name"].as_str(), Some(HOSTILE));
        }
    }
}

#[test]
fn the_launch_command_carries_the_plans_numbers() {
    let s = Scenario::default();
    let (catalog, plan) = planned(&s);
    let text = export(Format::Vllm, &s, &plan, &catalog);
    assert!(text.contains(&format!("--tensor-parallel-size {}", plan.fleet.tensor_parallel)), "{text}");
    assert!(text.contains(&format!("--max-num-seqs {}", plan.speed.concurrency.ceil())), "{text}");
    assert!(text.contains("--max-model-len 8192"), "{text}");
    // The step the memory and the speed count on, stated because engines choose it by the GPU.
    assert!(text.contains(&format!("--max-num-batched-tokens {}", plan.memory.max_num_batched_tokens)), "{text}");
}

#[test]
fn kubernetes_gets_a_deployment_a_service_and_a_budget() {
    let s = Scenario::default();
    let (catalog, plan) = planned(&s);
    let documents = yaml(&export(Format::Kubernetes, &s, &plan, &catalog));
    let kinds: Vec<&str> = documents.iter().map(|d| d["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Deployment", "Service", "PodDisruptionBudget"]);
    let spec = &documents[0]["spec"];
    assert_eq!(spec["replicas"].as_f64().unwrap(), plan.fleet.replicas);
    let container = &spec["template"]["spec"]["containers"][0];
    let gpus = container["resources"]["limits"]["nvidia.com/gpu"].as_u64().unwrap();
    assert_eq!(gpus, u64::from(plan.fleet.gpus_per_replica));
    let args: Vec<&str> = container["args"].as_sequence().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
    let at = args.iter().position(|a| *a == "--tensor-parallel-size").unwrap();
    assert_eq!(args[at + 1], plan.fleet.tensor_parallel.to_string());
}

#[test]
fn kubernetes_keeps_the_zones_even_where_the_plan_counts_on_them() {
    let at = |zones: u32| {
        let mut s = Scenario::default();
        s.hardware.zones = zones;
        let (catalog, plan) = planned(&s);
        let manifests = yaml(&export(Format::Kubernetes, &s, &plan, &catalog));
        manifests[0]["spec"]["template"]["spec"]["topologySpreadConstraints"][0].clone()
    };
    assert_eq!(at(1)["whenUnsatisfiable"], "ScheduleAnyway");
    assert!(at(1)["minDomains"].is_null());
    assert_eq!((&at(3)["whenUnsatisfiable"], &at(3)["minDomains"]), (&"DoNotSchedule".into(), &3.into()));
}

#[test]
fn gateway_prices_are_per_token_for_litellm_and_per_million_for_the_router() {
    let s = Scenario::default();
    let (catalog, plan) = planned(&s);
    let litellm = yaml(&export(Format::Litellm, &s, &plan, &catalog));
    let router = yaml(&export(Format::SemanticRouter, &s, &plan, &catalog));
    let reserved = plan.cost.self_hosted.as_ref().unwrap().usd_per_million_tokens_reserved;
    let per_token = litellm[0]["model_list"][0]["model_info"]["input_cost_per_token"].as_f64().unwrap();
    assert!((per_token * 1e6 - reserved).abs() < 1e-6 * reserved);
    let per_million = router[0]["providers"]["models"][0]["pricing"]["prompt_per_1m"].as_f64().unwrap();
    assert!((per_million - reserved).abs() < 1e-5);
    let row = catalog.api_price(&plan.cost.api[0].id).unwrap();
    let hosted = &litellm[0]["model_list"][1]["model_info"];
    assert!((hosted["output_cost_per_token"].as_f64().unwrap() * 1e6 - row.usd_per_mtok.output).abs() < 1e-9);
}

#[test]
fn csv_tables_read_back_with_the_plans_numbers() {
    let mut s = Scenario { title: HOSTILE.into(), ..Scenario::default() };
    s.horizon_months = 12;
    let (catalog, mut plan) = planned(&s);
    plan.advice.sentence = HOSTILE.into();
    let text = export(Format::Csv, &s, &plan, &catalog);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let months = rows.iter().position(|r| &r[0] == "table" && &r[1] == "projection").unwrap();
    assert_eq!(rows[months + 2][1].parse::<f64>().unwrap(), plan.projection.months[0].tokens_per_day);
    assert_eq!(rows[months + 13][0], *"12");
    assert_eq!(rows[2][1], format!("'{HOSTILE}"));
    let total = rows.iter().find(|r| &r[0] == "total_usd_per_month").unwrap();
    assert_eq!(total[1].parse::<f64>().unwrap(), plan.cost.self_hosted.as_ref().unwrap().total_usd_per_month);
}

fn drawn(scenario: &Scenario) -> (Catalog, Plan) {
    let catalog = Catalog::embedded().unwrap();
    let mut plan = plan_with(scenario, &catalog, Effort { draws: 500 }).unwrap();
    plan.scenario_link = "https://example.invalid/#v=1&title='$(x)'".into();
    (catalog, plan)
}

#[test]
fn every_table_of_the_plan_is_among_the_csv() {
    let mut s = Scenario::default();
    s.workload.tokens_per_day = crossover::quantity::Range::point(3e8);
    let (catalog, plan) = drawn(&s);
    let text = export(Format::Csv, &s, &plan, &catalog);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let names: Vec<&str> = rows.iter().filter(|r| &r[0] == "table" && r.len() == 2).map(|r| &r[1]).collect();
    let all = [
        ("reasons", plan.advice.reasons.len()),
        ("thresholds", plan.advice.thresholds.len()),
        ("api", plan.cost.api.len()),
        ("projection", plan.projection.months.len()),
        ("rent_or_own", plan.projection.rent_or_own.len()),
        ("layouts_that_lost", plan.fleet.runners_up.len()),
        ("sensitivity", plan.sensitivity.len()),
        ("probability_self_hosting_cheaper", plan.uncertainty.probability_by_month.len()),
        ("bands", plan.uncertainty.bands.len()),
        ("value_of_information", plan.uncertainty.value_of_information.len()),
        ("ranges", plan.uncertainty.inputs.len()),
    ];
    for (name, length) in all {
        let at = rows.iter().position(|r| &r[0] == "table" && &r[1] == name);
        let at = at.unwrap_or_else(|| panic!("{name} is none of {names:?}"));
        let columns = rows[at + 1].len();
        let next = rows[at + 1..].iter().position(|r| &r[0] == "table" && r.len() == 2).unwrap_or(rows.len() - at - 1);
        assert!(length > 0 && next == length + 1, "{name}: {next} rows, {length} in the plan");
        assert!(rows[at + 1..at + 1 + next].iter().all(|r| r.len() == columns), "{name}");
    }
    let curve = plan.curves.self_hosted.len() + plan.curves.api.iter().map(|a| a.samples.len()).sum::<usize>();
    let points = rows.iter().filter(|r| r.len() == 3 && r[1].parse::<f64>().is_ok() && r[2].parse::<f64>().is_ok());
    assert!(points.count() >= curve);
}

/// Every default with its source and date, and every own value said to be one.
#[test]
fn the_report_and_the_tables_hold_every_assumption_with_its_source() {
    let mut s = Scenario::default();
    s.people.run_fte = crossover::quantity::Range::point(0.7);
    let (catalog, plan) = drawn(&s);
    let tables = export(Format::Csv, &s, &plan, &catalog);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(tables.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let source = |path: &str| rows.iter().rfind(|r| &r[0] == path && r.len() == 4).map(|r| r[3].to_string());
    for d in &catalog.defaults {
        let said = source(&d.path).unwrap_or_else(|| panic!("{} is not among the assumptions", d.path));
        let own = d.path == "people.run_fte";
        assert!(
            if own { said.starts_with("yours") } else { said.contains(&*d.source) && said.contains(&d.as_of) },
            "{said}"
        );
    }
    assert!(source("gpu_price").unwrap().contains("on-demand offers"));
    let report = export(Format::Markdown, &s, &plan, &catalog);
    for heading in ["## How sure that is", "## What matters most", "## Assumptions", "## The charts of this answer"] {
        assert!(report.contains(heading), "{heading}");
    }
    let pictures = report.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    shell_accepts(pictures);
    assert_eq!(pictures.lines().count(), 7);
}

#[test]
fn the_report_holds_the_verdict_and_every_month_and_escapes_the_title() {
    let s = Scenario { title: HOSTILE.into(), ..Scenario::default() };
    let (catalog, plan) = planned(&s);
    let text = export(Format::Markdown, &s, &plan, &catalog);
    let escaped = |t: &str| t.replace('_', "\\_").replace('*', "\\*").replace('~', "\\~").replace('#', "\\#");
    assert!(text.contains(&escaped(&plan.advice.sentence)), "{text}");
    let title = text.lines().next().unwrap();
    assert!(title.contains("\\| a \\|") && title.contains("injected"), "{title}");
    let table = text.lines().skip_while(|l| *l != "## Month by month").skip(4).take_while(|l| l.starts_with('|'));
    assert_eq!(table.count(), plan.projection.months.len());
}
