//! The generic per-step document an agent runtime can read: which model serves which step, at what price, with what
//! fallback. Schema: `docs/steps.schema.json`.

use super::escape::{comment, quoted};
use crate::catalog::Catalog;
use crate::engine::Plan;
use crate::scenario::Scenario;

/// The document. Without steps it holds one entry, for the whole workload.
pub fn document(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let mut out = format!("# {}\nversion: 1\nsteps:\n", comment(&plan.scenario_link));
    let model = catalog.model(&scenario.model.id).map_or(scenario.model.id.as_str(), |m| m.id.as_str());
    let first = plan.cost.api.first().map(|a| a.id.as_str());
    match &plan.routing {
        Some(routing) => {
            for step in &routing.steps {
                let own = scenario.steps.iter().find(|s| s.name == step.name);
                let api = own.and_then(|s| s.api.as_deref()).or(first);
                out.push_str(&entry(
                    &step.name,
                    &step.place,
                    own.and_then(|s| s.model.as_deref()).unwrap_or(model),
                    api,
                ));
            }
        }
        None => {
            let place = if plan.advice.verdict.starts_with("self_host") { "self_hosted" } else { "api" };
            let title = if scenario.title.is_empty() { "everything" } else { scenario.title.as_str() };
            out.push_str(&entry(title, place, model, first));
        }
    }
    out
}

fn entry(name: &str, place: &str, model: &str, api: Option<&str>) -> String {
    let (serve, fallback) = match (place, api) {
        ("self_hosted", api) => (quoted(model), api.map_or("null".into(), quoted)),
        (_, Some(api)) => (quoted(api), "null".into()),
        (_, None) => ("null".into(), "null".into()),
    };
    format!("  - name: {}\n    place: {}\n    model: {serve}\n    fallback: {fallback}\n", quoted(name), quoted(place))
}
