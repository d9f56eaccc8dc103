//! The generic per-step document an agent runtime can read: which model serves which step, at what price, with what
//! fallback, and who tries first. Schema: `docs/src/reference/steps.schema.json`.

use super::escape::{comment, quoted};
use crate::catalog::Catalog;
use crate::engine::Plan;
use crate::engine::routing::StepPlan;
use crate::scenario::Scenario;

/// The document. Without steps it holds one entry, for the whole workload.
pub fn document(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let mut out = format!("# {}\nversion: 1\nsteps:\n", comment(&plan.scenario_link));
    match &plan.routing {
        Some(routing) => routing.steps.iter().for_each(|step| out.push_str(&Entry::of_step(step).text())),
        None => out.push_str(&Entry::of_everything(scenario, plan, catalog).text()),
    }
    out
}

/// One entry.
struct Entry {
    name: String,
    place: String,
    model: Option<String>,
    fallback: Option<String>,
    first: Option<(String, String, f64)>,
    tokens_per_day: f64,
    api_usd: Option<f64>,
}

impl Entry {
    fn of_step(step: &StepPlan) -> Self {
        let way = step.way.unwrap_or_default();
        let last = way.rsplit("_then_").next().unwrap_or(way);
        let self_hosted = last == "self_hosted";
        // A step that may not leave the house has no API price, and must have no fallback.
        let fallback = step.api.clone().filter(|_| self_hosted && step.api_usd.is_some());
        let first = step.cascade.as_ref().filter(|c| c.chosen).and_then(|c| {
            let place = if c.first_model.is_some() { "self_hosted" } else { "api" };
            let model = c.first_model.clone().or_else(|| c.first_api.clone())?;
            Some((place.to_string(), model, c.escalated_share))
        });
        Self {
            name: step.name.clone(),
            place: if way.is_empty() { "unplaced".into() } else { last.to_string() },
            model: match last {
                "self_hosted" => step.model.clone(),
                "api" => step.api.clone(),
                _ => None,
            },
            fallback,
            first,
            tokens_per_day: step.tokens_per_day,
            api_usd: step.api_usd,
        }
    }

    fn of_everything(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> Self {
        let own = catalog.model(&scenario.model.id).map_or(scenario.model.id.as_str(), |m| m.id.as_str());
        let api = plan.cost.api.first();
        let self_hosted = plan.advice.verdict.starts_with("self_host");
        let r = &scenario.requirements;
        let may_leave = !r.data_residency && !r.fine_tuned;
        let id = api.map(|a| a.id.clone());
        Self {
            name: if scenario.title.is_empty() { "everything".into() } else { scenario.title.clone() },
            place: match (self_hosted, may_leave) {
                (true, _) => "self_hosted",
                (false, true) => "api",
                (false, false) => "unplaced",
            }
            .into(),
            model: if self_hosted { Some(own.to_string()) } else { id.clone().filter(|_| may_leave) },
            fallback: id.filter(|_| self_hosted && may_leave),
            first: None,
            tokens_per_day: plan.projection.months.first().map_or(0.0, |m| m.tokens_per_day),
            api_usd: api.filter(|_| may_leave).map(|a| a.total_usd_per_month),
        }
    }

    fn text(&self) -> String {
        let maybe = |text: &Option<String>| text.as_deref().map_or("null".into(), quoted);
        let usd = self.api_usd.map_or("null".into(), |x| format!("{x:.2}"));
        let mut out = format!(
            "  - name: {}\n    place: {}\n    model: {}\n    fallback: {}\n    tokens_per_day: {:.0}\n    api_usd_per_month: {usd}\n",
            quoted(&self.name),
            quoted(&self.place),
            maybe(&self.model),
            maybe(&self.fallback),
            self.tokens_per_day,
        );
        match &self.first {
            Some((place, model, share)) => out.push_str(&format!(
                "    first: # answers what it can, passes on the rest\n      place: {}\n      model: {}\n      escalated_share: {share}\n",
                quoted(place),
                quoted(model),
            )),
            None => out.push_str("    first: null\n"),
        }
        out
    }
}
