//! Fresh prices: both public lists are read as they are shaped, known wrong rows are refused with the rule they break,
//! what would change is shown before it is kept, and a wrong or hostile file changes nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod terminal;

use crossover::catalog::Catalog;
use crossover::engine::{Effort, plan_with};
use crossover::import::prices::diff::{Diff, diff};
use crossover::import::prices::private::PrivatePrices;
use crossover::import::prices::{BASE, Source};
use crossover::scenario::Scenario;
use serde_json::{Value, json};

const TODAY: &str = "2026-11-23";
const LITELLM: &str = include_str!("litellm.json");
const GENAI: &str = include_str!("genai.json");

fn found(source: Source, text: &str) -> (Catalog, Diff) {
    let catalog = Catalog::embedded().unwrap();
    let diff = diff(source.read(text, TODAY).unwrap(), &catalog);
    (catalog, diff)
}

fn reason<'a>(diff: &'a Diff, key: &str) -> &'a str {
    let row = diff.refused.iter().find(|r| r.key == key);
    &row.unwrap_or_else(|| panic!("{key} is not refused: {:?}", diff.refused)).reason
}

#[test]
fn the_litellm_map_is_read_with_its_units_tiers_and_batches() {
    let (catalog, diff) = found(Source::Litellm, LITELLM);
    let luna = diff.changed.iter().find(|c| c.row.id == "openai/gpt-6-luna").unwrap();
    assert_eq!(luna.before, catalog.api_price("openai/gpt-6-luna").unwrap().usd_per_mtok);
    let p = &luna.row.usd_per_mtok;
    assert_eq!((p.input, p.output, p.cached_input), (0.12, 0.50001, Some(0.012)));
    assert_eq!(luna.row.batch.unwrap().discount, 0.5);
    let groq = diff.changed.iter().find(|c| c.row.id == "groq/gpt-oss-120b").unwrap();
    let tier = groq.row.long_context_tier.as_ref().unwrap();
    assert_eq!((tier.above_input_tokens, tier.input, tier.output), (200e3, 0.4, 0.9));
    let added: Vec<&str> = diff.added.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(added, ["nebius/llama-3.3-70b-instruct"], "a new host of known weights");
    assert!(diff.unchanged >= 1, "the Turbo row is as the catalog has it");
    assert!(diff.missing.iter().any(|id| id == "openai/gpt-6-sol"), "{:?}", diff.missing);
    assert!(!diff.missing.iter().any(|id| id.starts_with("anthropic/")), "a provider the list does not have");
}

#[test]
fn known_wrong_rows_are_refused_with_the_rule_they_break() {
    let (_, diff) = found(Source::Litellm, LITELLM);
    for (key, rule) in [
        ("cerebras/gpt-oss-120b", "per token, per thousand or per million"),
        ("together_ai/openai/gpt-oss-20b", "free or unknown"),
        ("groq/openai/gpt-oss-20b", "negative"),
        ("deepinfra/openai/gpt-oss-120b", "swapped"),
        ("deepinfra/openai/gpt-oss-20b", "more than input"),
        ("novita/openai/gpt-oss-120b", "50 times input"),
        ("xai/grok-4.3", "times off the catalog's"),
        ("mistral/mistral-large-4-0", "withdrawn on 2026-10-01"),
        ("fireworks_ai/accounts/fireworks/models/gpt-oss-120b", "listed again"),
        ("gemini/gemini-3.5-flash-lite", "not a number"),
    ] {
        let key = match diff.refused.iter().any(|r| r.key == key) {
            true => key,
            // Of two keys of one model either may be named.
            false => "fireworks_ai/gpt-oss-120b",
        };
        assert!(reason(&diff, key).contains(rule), "{key}: {}", reason(&diff, key));
    }
    assert_eq!(diff.left_out, 3, "an embedding, a commitment, an unknown provider");
}

#[test]
fn genai_prices_hold_from_their_day_and_by_length() {
    let (_, diff) = found(Source::Genai, GENAI);
    let row = |id: &str| &diff.changed.iter().find(|c| c.row.id == id).unwrap().row;
    assert_eq!(row("openai/gpt-6-luna").usd_per_mtok.input, 0.12, "the entry of October, not that of next year");
    let gemini = row("google/gemini-3.1-pro-preview");
    let tier = gemini.long_context_tier.as_ref().unwrap();
    assert_eq!((gemini.usd_per_mtok.input, tier.above_input_tokens, tier.output), (1.5, 200e3, 13.5));
    assert!(reason(&diff, "deepseek/deepseek-chat").contains("hour of the day"));
    assert!(reason(&diff, "openai/gpt-6-sol").contains("deprecated"));
    assert_eq!(diff.left_out, 2, "an embedding, a reseller");
}

#[test]
fn what_is_no_price_list_is_refused_whole() {
    for text in ["", "{", "null", "[]", "{}", "[{}]", "\"x\"", "{\"a\": {\"mode\": \"chat\"}}", "<html></html>"] {
        assert!(Source::Litellm.read(text, TODAY).is_err(), "{text}");
        assert!(Source::Genai.read(text, TODAY).is_err(), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(Source::Genai.read(&deep, TODAY).is_err());
    for base in ["", "ftp://x", "https://", "javascript:alert(1)", "http://a b"] {
        assert!(Source::Litellm.address(base).is_err(), "{base}");
    }
    assert!(Source::Genai.address(BASE).unwrap().starts_with("https://raw.githubusercontent.com/pydantic/"));
}

#[test]
fn hostile_rows_change_nothing() {
    let row = |extra: Value| {
        let mut row = json!({"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-7, "output_cost_per_token": 4e-7});
        row.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"gpt-6-luna": row}).to_string()
    };
    for extra in [
        json!({"input_cost_per_token": 1e300}),
        json!({"input_cost_per_token": [1]}),
        json!({"input_cost_per_token": {"a": 1}}),
        json!({"output_cost_per_token": 1e-300}),
        json!({"cache_read_input_token_cost": -1}),
        json!({"cache_creation_input_token_cost": 1}),
        json!({"input_cost_per_token_batches": 1e-6, "output_cost_per_token_batches": 1e-6}),
    ] {
        let (_, diff) = found(Source::Litellm, &row(extra.clone()));
        assert!(diff.is_empty() && diff.refused.len() == 1, "{extra}: {diff:?}");
    }
    let name = "=cmd|' /C calc'!A1 \"q\" $(touch x)\n| a |";
    let text = json!({name: {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}});
    let (_, diff) = found(Source::Litellm, &text.to_string());
    assert!(diff.is_empty(), "a name the catalog does not know adds nothing");
}

#[test]
fn kept_prices_are_private_dated_and_leave_the_rest_alone() {
    let (mut catalog, diff) = found(Source::Litellm, LITELLM);
    let before = catalog.clone();
    let kept = diff.keep(Source::Litellm, TODAY);
    let again = PrivatePrices::read(&kept.write()).unwrap();
    assert_eq!(again, kept, "the file reads back");
    again.apply(&mut catalog);
    let row = catalog.api_price("openai/gpt-6-luna").unwrap();
    assert!(row.private && row.as_of == TODAY && row.source.contains("BerriAI/litellm"), "{row:?}");
    assert_eq!(row.usd_per_mtok.input, 0.12);
    let untouched = |c: &Catalog| c.api_price("anthropic/claude-opus-5.5").cloned();
    assert_eq!(untouched(&catalog), untouched(&before));
    assert_eq!(catalog.api_prices.len(), before.api_prices.len() + diff.added.len());
    let nebius = catalog.api_price("nebius/llama-3.3-70b-instruct").unwrap();
    assert_eq!(nebius.open_model_id.as_deref(), Some("meta-llama/Llama-3.3-70B-Instruct"));
}

#[test]
fn a_plan_with_private_prices_uses_them_and_says_so() {
    let mut catalog = Catalog::embedded().unwrap();
    let file = json!({"version": 1, "as_of": TODAY, "source": "our contract", "rows": [
        {"id": "ours/llama", "provider": "Ours", "model": "llama", "open_model": "meta-llama/Llama-3.3-70B-Instruct",
         "usd_per_mtok": {"input": 0.01, "output": 0.02}}]});
    PrivatePrices::read(&file.to_string()).unwrap().apply(&mut catalog);
    let plan = plan_with(&Scenario::default(), &catalog, Effort { draws: 0 }).unwrap();
    assert_eq!(plan.cost.api[0].id, "ours/llama", "the cheapest host of the same weights");
    let warning = plan.warnings.iter().find(|w| w.path == "api.same_weights").unwrap();
    assert!(warning.message.contains("private") && warning.message.contains(TODAY), "{warning:?}");
}

#[test]
fn a_wrong_price_file_is_refused_whole_with_its_path() {
    let row = json!({"id": "a/b", "provider": "A", "model": "b", "usd_per_mtok": {"input": 1.0, "output": 2.0}});
    let file = |rows: Value| json!({"version": 1, "as_of": TODAY, "source": "s", "rows": rows});
    let with = |path: &str, value: Value| {
        let mut bad = row.clone();
        *bad.pointer_mut(path).unwrap() = value;
        file(json!([row.clone(), bad]))
    };
    assert!(PrivatePrices::read(&file(json!([row])).to_string()).is_ok());
    for (text, path) in [
        (with("/id", json!("a/b")), "rows.1.id"),
        (with("/id", json!("")), "rows.1"),
        (with("/model", json!("x\ny")), "rows.1"),
        (with("/usd_per_mtok/input", json!(0)), "rows.1"),
        (with("/usd_per_mtok/output", json!(-1)), "rows.1"),
        (with("/usd_per_mtok/output", json!("2")), "rows.1.usd_per_mtok"),
        (json!({"version": 2, "as_of": TODAY, "source": "s", "rows": []}), "version"),
        (json!({"version": 1, "as_of": "yesterday", "source": "s", "rows": []}), "as_of"),
        (json!({"version": 1, "as_of": TODAY, "source": "s", "rows": [], "extra": 1}), "price file"),
        (json!([]), "price file"),
    ] {
        assert_eq!(PrivatePrices::read(&text.to_string()).unwrap_err().path, path, "{text}");
    }
}

#[test]
fn kept_files_pass_the_published_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/src/reference/private-prices.schema.json")).unwrap();
    let (_, diff) = found(Source::Litellm, LITELLM);
    let file: Value = serde_json::from_str(&diff.keep(Source::Litellm, TODAY).write()).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", schema).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    if let Err(e) = schemas.validate(&file, index) {
        panic!("{e:#}\n{file:#}");
    }
}
