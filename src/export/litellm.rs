//! A LiteLLM proxy configuration: the self-hosted model, the API baselines, one group for each step of the routing, and
//! fallbacks to an API where the requirements allow them.
//!
//! Keys as documented on 2026-05-02 and loaded by LiteLLM 1.110.2. LiteLLM prices are per token; ours are per million.

use super::escape::{comment, label, number, quoted};
use super::served::Served;
use crate::catalog::{ApiPrice, Catalog};
use crate::engine::Plan;
use crate::engine::routing::{Routing, StepPlan};
use crate::scenario::Scenario;

/// The file.
pub fn config(scenario: &Scenario, served: &Served, plan: &Plan, catalog: &Catalog) -> String {
    let mut file = Groups { catalog, served, list: String::new(), names: Vec::new(), fallbacks: Vec::new() };
    file.self_hosted("self-hosted", &served.name);
    let rows: Vec<(String, &ApiPrice)> =
        plan.cost.api.iter().filter_map(|a| Some((a.role.replace('_', "-"), catalog.api_price(&a.id)?))).collect();
    for (role, row) in &rows {
        file.hosted(role, row);
    }
    let r = &scenario.requirements;
    if let Some((role, _)) = rows.first().filter(|_| !r.data_residency && !r.fine_tuned) {
        file.fallbacks.push(("self-hosted".into(), role.clone()));
    }
    if let Some(routing) = &plan.routing {
        file.steps(routing);
    }
    let mut out = format!("# {}\nmodel_list:\n{}", comment(&served.link), file.list);
    out.push_str("router_settings:\n  enable_pre_call_checks: true\n  num_retries: 2\n");
    if !file.fallbacks.is_empty() {
        out.push_str("  fallbacks:\n");
    }
    for (from, to) in &file.fallbacks {
        out.push_str(&format!("    - {}: [{}]\n", quoted(from), quoted(to)));
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

/// The model groups as they are written.
struct Groups<'a> {
    catalog: &'a Catalog,
    served: &'a Served,
    list: String,
    names: Vec<String>,
    fallbacks: Vec<(String, String)>,
}

impl Groups<'_> {
    /// A name no other group has: groups of one name would share the load.
    fn own(&mut self, name: &str) -> String {
        let base = if name.trim().is_empty() { "step" } else { name };
        let numbered = |n: usize| if n == 1 { base.to_string() } else { format!("{base} {n}") };
        let free = (1..).map(numbered).find(|name| !self.names.contains(name)).unwrap_or_default();
        self.names.push(free.clone());
        free
    }

    /// One group for each step: what an agent asks for by the step's name.
    fn steps(&mut self, routing: &Routing) {
        for step in &routing.steps {
            let name = self.own(&step.name);
            self.list.push_str(&format!("  # step: {}\n", comment(&step.why)));
            let api = step.api.as_deref().and_then(|id| self.catalog.api_price(id));
            match (step.place.as_str(), api) {
                ("unplaced", _) | ("api", None) => self.list.push_str("  # no place meets its requirements\n"),
                ("api", Some(row)) => self.hosted_as(&name, row),
                (_, api) => {
                    self.self_hosted_as(&name, short(step));
                    // A step that may not leave the house has no API price, and must have no fallback.
                    if let Some(row) = api.filter(|_| step.api_usd.is_some()) {
                        let to = self.row_group(row);
                        self.fallbacks.push((name, to));
                    }
                }
            }
            self.cascade(step);
        }
    }

    /// A gateway cannot judge an answer, so a cascade is two groups that the agent calls one after the other.
    fn cascade(&mut self, step: &StepPlan) {
        let Some(c) = step.cascade.as_ref().filter(|c| c.chosen) else { return };
        let name = self.own(&format!("{} (first)", step.name));
        self.list
            .push_str(&format!("  # tries first; {:.0} % of its calls are passed on\n", c.escalated_share * 100.0));
        match (&c.first_model, c.first_api.as_deref().and_then(|id| self.catalog.api_price(id))) {
            (Some(model), _) => self.self_hosted_as(&name, model.rsplit('/').next().unwrap_or(model)),
            (None, Some(row)) => self.hosted_as(&name, row),
            (None, None) => {}
        }
    }

    /// The group of a price row, made where it is not there yet.
    fn row_group(&mut self, row: &ApiPrice) -> String {
        if !self.names.contains(&row.id) {
            self.hosted(&row.id, row);
        }
        row.id.clone()
    }

    fn self_hosted(&mut self, name: &str, model: &str) {
        self.names.push(name.into());
        self.self_hosted_as(name, model);
    }

    fn hosted(&mut self, name: &str, row: &ApiPrice) {
        self.names.push(name.into());
        self.hosted_as(name, row);
    }

    fn self_hosted_as(&mut self, name: &str, model: &str) {
        let main = model == self.served.name;
        let price = match self.served.usd_per_token.filter(|_| main) {
            Some(usd) => format!(
                "      # cost.self_hosted.usd_per_million_tokens_reserved / 1e6, true at {:.0} tokens a day only\n      input_cost_per_token: {usd}\n      output_cost_per_token: {usd}\n",
                self.served.tokens_per_day,
                usd = number(usd)
            ),
            None => "      # its price per token is unknown here, so none is stated; 0 would switch off every budget\n"
                .into(),
        };
        let variable = if main { "SELF_HOSTED".into() } else { variable(&format!("self_hosted_{}", label(model))) };
        self.list.push_str(&format!(
            "  - model_name: {}\n    litellm_params:\n      model: {}\n      api_base: os.environ/{variable}_BASE_URL # ends in /v1\n      api_key: os.environ/{variable}_API_KEY\n    model_info:\n      mode: chat\n      max_input_tokens: {}\n{price}",
            quoted(name),
            quoted(&format!("hosted_vllm/{model}")),
            self.served.max_model_len,
        ));
    }

    fn hosted_as(&mut self, name: &str, row: &ApiPrice) {
        let (model, key) = address(row, self.catalog);
        let p = &row.usd_per_mtok;
        let cached = p
            .cached_input
            .map_or(String::new(), |c| format!("      cache_read_input_token_cost: {}\n", number(c / 1e6)));
        self.list.push_str(&format!(
            "  # {} ({}, read {})\n  - model_name: {}\n    litellm_params:\n      model: {}\n      api_key: os.environ/{key}\n    model_info:\n      mode: chat\n      input_cost_per_token: {}\n      output_cost_per_token: {}\n{cached}",
            comment(&row.id),
            comment(&row.provider),
            comment(&row.as_of),
            quoted(name),
            quoted(&model),
            number(p.input / 1e6),
            number(p.output / 1e6),
        ));
    }
}

/// The name a pool serves a step's model under.
fn short(step: &StepPlan) -> &str {
    let model = step.model.as_deref().unwrap_or("model");
    model.rsplit('/').next().unwrap_or(model)
}

/// A name as an environment variable.
fn variable(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// LiteLLM's model string, and the variable that holds the provider's key.
fn address(row: &ApiPrice, catalog: &Catalog) -> (String, String) {
    if let Some(model) = catalog.gateways().model(&row.id) {
        let prefix = model.split('/').next().unwrap_or("openai");
        let prefix = if prefix == "cohere_chat" { "cohere" } else { prefix };
        return (model.to_string(), format!("{}_API_KEY", variable(prefix)));
    }
    // Not in LiteLLM's map: its prefix and the provider's own name, which may be spelled otherwise there.
    let prefix = match row.id.split('/').next().unwrap_or("openai") {
        "together" => "together_ai",
        "fireworks" => "fireworks_ai",
        "google" => "gemini",
        "amazon-bedrock" => "bedrock",
        "openrouter-floor" => "openrouter",
        other => other,
    };
    (format!("{prefix}/{}", row.model), format!("{}_API_KEY", variable(prefix)))
}
