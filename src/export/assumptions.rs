//! Everything an answer rests on: each field with its source and date or the reader's own value, and the rows of the
//! catalog behind the prices.

use crate::catalog::Catalog;
use crate::engine::Plan;
use crate::quantity::{Unit, human};
use crate::scenario::{Scenario, fields};

/// One assumption.
pub struct Assumption {
    /// Path of the field, or what the row of the catalog is.
    pub what: String,
    /// Its name for people.
    pub label: String,
    /// In words.
    pub value: String,
    /// Source and date, or that it is the reader's own.
    pub source: String,
}

fn assumption(what: &str, label: &str, value: String, source: String) -> Assumption {
    Assumption { what: what.into(), label: label.into(), value, source }
}

/// All of them, the catalog's rows first.
pub fn list(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> Vec<Assumption> {
    let mut out = rows(scenario, plan, catalog);
    let default = Scenario::default();
    out.extend(fields().filter(|f| f.path != "title").filter_map(|f| {
        let (now, then) = (f.words(scenario)?, f.words(&default)?);
        let source = match (now == then, catalog.default_value(f.path)) {
            (false, _) => format!("yours; the default is {then}"),
            (true, Some(d)) => format!("default: {} ({})", d.source, d.as_of),
            (true, None) => "default".into(),
        };
        Some(assumption(f.path, f.label, now, source))
    }));
    out
}

/// The catalog's rows.
fn rows(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> Vec<Assumption> {
    let mut out = Vec::new();
    if let Some(m) = catalog.model(&scenario.model.id) {
        out.push(assumption("model", "Model", m.id.clone(), m.sources.join("; ")));
        out.push(assumption("licence", "Licence", m.license.id.clone(), m.license.source.to_string()));
    }
    if let Some(a) = catalog.accelerator(&scenario.hardware.accelerator) {
        let source = format!("{} ({})", a.source.join("; "), a.as_of);
        out.push(assumption("accelerator", "Accelerator", a.name.clone(), source));
    }
    let rate = &plan.cost.gpu_rate;
    let (price, per) = match rate.usd_per_gpu {
        Some(usd) => (Some(usd), "GPU"),
        None => (rate.usd_per_gpu_hour, "GPU hour"),
    };
    if let Some(usd) = price {
        let words = |usd: f64| human(usd, Unit::Usd);
        let band = rate.low.zip(rate.high).map_or(String::new(), |(l, h)| format!("; {} to {}", words(l), words(h)));
        let value = format!("{} per {per} ({})", words(usd), rate.acquisition);
        out.push(assumption("gpu_price", "GPU price", value, format!("{}{band}", rate.basis)));
    }
    for api in &plan.cost.api {
        let Some(p) = catalog.api_price(&api.id) else { continue };
        let price =
            format!("{}: ${} in, ${} out per million tokens", p.id, p.usd_per_mtok.input, p.usd_per_mtok.output);
        out.push(assumption(
            &format!("api.{}", api.role),
            role_name(&api.role),
            price,
            format!("{} ({})", p.source, p.as_of),
        ));
    }
    out
}

/// A side's name for people.
pub fn role_name(role: &str) -> &str {
    match role {
        "self_hosted" => "Self-hosted",
        "same_weights" => "Same weights, hosted",
        "nearest" => "Nearest quality",
        "frontier" => "Frontier",
        other => other,
    }
}
