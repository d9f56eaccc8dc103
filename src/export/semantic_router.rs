//! A vLLM Semantic Router configuration (schema v0.3, checked with vllm-sr 0.4.0): the self-hosted model and the API
//! baselines; inputs longer than the self-hosted engine accepts go to an API, the rest where the verdict says. What must
//! stay in house is sent to no API. Prices are per million tokens.

use super::escape::{comment, quoted};
use super::served::Served;
use crate::catalog::{ApiPrice, Catalog};
use crate::engine::Plan;
use crate::engine::routing::StepPlan;
use crate::scenario::Scenario;

/// The file.
pub fn config(scenario: &Scenario, served: &Served, plan: &Plan, catalog: &Catalog) -> String {
    let r = &scenario.requirements;
    let everything = r.data_residency || r.fine_tuned;
    // The router does not know which step a request belongs to, so one that must stay keeps all of them in house.
    let bound = everything || plan.routing.as_ref().is_some_and(|r| r.self_hosted().any(StepPlan::is_forced));
    let rows: Vec<(&str, &ApiPrice)> = match everything {
        true => Vec::new(),
        false => plan.cost.api.iter().filter_map(|a| Some((a.role.as_str(), catalog.api_price(&a.id)?))).collect(),
    };
    let in_house = bound || plan.advice.verdict.starts_with("self_host");
    let default = match rows.first().filter(|_| !in_house) {
        Some((role, _)) => role.replace('_', "-"),
        None => "self-hosted".into(),
    };
    let mut out = format!(
        "# {}\nversion: v0.3\nlisteners:\n  - name: http\n    address: 0.0.0.0\n    port: 8899\nproviders:\n  defaults:\n    model: {} # advice.verdict is {}\n  models:\n{}",
        comment(&served.link),
        quoted(&default),
        comment(&plan.advice.verdict),
        own(served),
    );
    for (role, row) in &rows {
        out.push_str(&remote(role, row, catalog));
    }
    out.push_str("routing:\n  strategy: priority\n  modelCards:\n");
    out.push_str(&format!(
        "    - name: {}\n      context_window_size: {}\n",
        quoted("self-hosted"),
        served.max_model_len
    ));
    for (role, row) in &rows {
        let window = row.context_tokens.map_or(String::new(), |c| format!("      context_window_size: {c:.0}\n"));
        out.push_str(&format!("    - name: {}\n{window}", quoted(&role.replace('_', "-"))));
    }
    out.push_str(&format!(
        "  signals:\n    context:\n      - name: long_input\n        min_tokens: {}\n  decisions:\n",
        quoted(&served.max_model_len.to_string())
    ));
    if bound && !rows.is_empty() {
        out.push_str("    # a step must stay in house: an API answers only requests that name it\n");
    }
    if let Some((role, _)) = rows.last().filter(|_| !bound) {
        out.push_str(&format!(
            "    # longer than the self-hosted engine accepts\n    - name: too_long_for_self_hosted\n      priority: 100\n      rules:\n        operator: AND\n        conditions:\n          - {{ type: context, name: long_input }}\n      modelRefs:\n        - model: {}\n",
            quoted(&role.replace('_', "-"))
        ));
    }
    out.push_str(&format!(
        "    - name: everything_else\n      priority: 1\n      rules: {{ operator: AND, conditions: [] }}\n      modelRefs:\n        - model: {}\n",
        quoted(&default)
    ));
    out
}

fn own(served: &Served) -> String {
    let price = served.usd_per_token.map_or(String::new(), |usd| {
        format!(
            "      pricing: # cost.self_hosted.usd_per_million_tokens_reserved at {:.0} tokens a day\n        currency: USD\n        prompt_per_1m: {:.6}\n        completion_per_1m: {:.6}\n",
            served.tokens_per_day,
            usd * 1e6,
            usd * 1e6
        )
    });
    format!(
        "    - name: {}\n      provider_model_id: {}\n      api_format: openai\n{price}      backend_refs:\n        - name: fleet\n          endpoint: {}\n          protocol: http\n",
        quoted("self-hosted"),
        quoted(&served.name),
        quoted(&format!("{}:80", super::escape::label(&served.name))),
    )
}

fn remote(role: &str, row: &ApiPrice, catalog: &Catalog) -> String {
    let p = &row.usd_per_mtok;
    let cached = p.cached_input.map_or(String::new(), |c| format!("        cached_input_per_1m: {c}\n"));
    let role = quoted(&role.replace('_', "-"));
    let known = catalog.gateways().provider(&row.id);
    let key: String =
        row.provider.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    let backend = match known {
        Some(provider) => {
            format!(
                "          provider: {}\n          base_url: {}\n",
                quoted(&provider.id),
                quoted(&provider.base_url)
            )
        }
        None => {
            format!("          base_url: {} # fill in the provider's address\n", quoted("https://example.invalid/v1"))
        }
    };
    format!(
        "    - name: {role} # {} read {}\n      provider_model_id: {}\n      api_format: {}\n      pricing:\n        currency: USD\n        prompt_per_1m: {}\n        completion_per_1m: {}\n{cached}      backend_refs:\n        - name: {role}\n{backend}          api_key_env: {key}_API_KEY\n",
        comment(&row.id),
        comment(&row.as_of),
        quoted(catalog.gateways().api_model(&row.id).unwrap_or(&row.model)),
        known.map_or("openai", |k| k.api_format.as_str()),
        p.input,
        p.output,
    )
}
