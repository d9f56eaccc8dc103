//! A LiteLLM proxy configuration: the self-hosted model, the API baselines, and fallbacks between them.
//!
//! Keys as documented on 2026-05-02. LiteLLM prices are per token; ours are per million.

use super::escape::{comment, quoted};
use super::served::Served;
use crate::catalog::{ApiPrice, Catalog};
use crate::engine::Plan;

/// The file.
pub fn config(served: &Served, plan: &Plan, catalog: &Catalog) -> String {
    let mut out = format!("# {}\nmodel_list:\n{}", comment(&served.link), self_hosted(served));
    let rows: Vec<(&str, &ApiPrice)> =
        plan.cost.api.iter().filter_map(|a| Some((a.role.as_str(), catalog.api_price(&a.id)?))).collect();
    for (role, row) in &rows {
        out.push_str(&hosted(role, row));
    }
    out.push_str("router_settings:\n  enable_pre_call_checks: true\n  num_retries: 2\n");
    if let Some((role, _)) = rows.first() {
        out.push_str(&format!(
            "  fallbacks:\n    - {}: [{}]\n",
            quoted("self-hosted"),
            quoted(&role.replace('_', "-"))
        ));
    }
    if let Some(budget) = plan.cost.api.iter().map(|a| a.total_usd_per_month).min_by(f64::total_cmp) {
        out.push_str(&format!(
            "litellm_settings:\n  # twice the cheapest baseline's month (cost.api): a stop for runaway fallbacks\n  max_budget: {:.0}\n  budget_duration: 30d\n",
            (2.0 * budget).max(1.0)
        ));
    }
    out.push_str("general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n");
    out
}

fn self_hosted(served: &Served) -> String {
    let price = match served.usd_per_token {
        Some(usd) => format!(
            "      # cost.self_hosted.usd_per_million_tokens_reserved / 1e6, true at {:.0} tokens a day only\n      input_cost_per_token: {usd:e}\n      output_cost_per_token: {usd:e}\n",
            served.tokens_per_day
        ),
        None => "      # the GPU price is unknown, so no cost is stated; 0 would switch off every budget\n".into(),
    };
    format!(
        "  - model_name: {}\n    litellm_params:\n      model: {}\n      api_base: os.environ/SELF_HOSTED_BASE_URL # ends in /v1\n      api_key: os.environ/SELF_HOSTED_API_KEY\n    model_info:\n      mode: chat\n      max_input_tokens: {}\n{price}",
        quoted("self-hosted"),
        quoted(&format!("hosted_vllm/{}", served.name)),
        served.max_model_len,
    )
}

/// LiteLLM's provider prefix and the variable that holds its key.
fn provider(row: &ApiPrice) -> (String, String) {
    let prefix = row.id.split('/').next().unwrap_or("openai");
    let known = match prefix {
        "together" => "together_ai",
        "fireworks" => "fireworks_ai",
        "google" => "gemini",
        "amazon-bedrock" => "bedrock",
        "openrouter-floor" => "openrouter",
        other => other,
    };
    let variable: String =
        known.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    (known.to_string(), format!("{variable}_API_KEY"))
}

fn hosted(role: &str, row: &ApiPrice) -> String {
    let (prefix, key) = provider(row);
    let p = &row.usd_per_mtok;
    let cached =
        p.cached_input.map_or(String::new(), |c| format!("      cache_read_input_token_cost: {:e}\n", c / 1e6));
    format!(
        "  # {} ({}, read {})\n  - model_name: {}\n    litellm_params:\n      model: {}\n      api_key: os.environ/{key}\n    model_info:\n      mode: chat\n      input_cost_per_token: {:e}\n      output_cost_per_token: {:e}\n{cached}",
        comment(&row.id),
        comment(&row.provider),
        comment(&row.as_of),
        quoted(&role.replace('_', "-")),
        quoted(&format!("{prefix}/{}", row.model)),
        p.input / 1e6,
        p.output / 1e6,
    )
}
