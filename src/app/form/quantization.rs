//! The weight format, with what each costs in memory and in quality.

use leptos::prelude::*;

use super::note::Head;
use super::{Row, control_id};
use crate::app::parts::in_turn;
use crate::app::state::{App, app};
use crate::catalog::{QualityCost, Quantization};
use crate::chart::words::{gib, three};
use crate::engine::{Effort, plan_with};
use crate::import;
use crate::scenario::Scenario;
use crate::scenario::field::Choice;

/// What one format costs in quality for the model at hand.
#[derive(Debug, Clone, PartialEq)]
struct Offer {
    id: &'static str,
    as_released: bool,
    kept: Option<(f64, u32)>,
}

/// Median recovery on hard tasks (easy ones where hard were not measured), percent, with the number of measurements.
fn kept(cost: &QualityCost) -> Option<(f64, u32)> {
    cost.hard.or(cost.easy).map(|r| (r.median, r.n))
}

fn offers(app: App, options: &'static [&'static str]) -> Vec<Offer> {
    let scenario = app.scenario.get_untracked();
    let own = scenario.model.config.as_ref().and_then(|c| import::config::from_value(c).ok()).map(|i| i.model);
    let model = match scenario.model.config {
        Some(_) => own.as_ref(),
        None => app.catalog.model(&scenario.model.id),
    };
    let offer = |id: &&'static str| {
        let format = Quantization::from_id(id)?;
        let cost = model.map(|m| app.catalog.quality_cost(m, format));
        let as_released = cost.as_ref().is_some_and(|c| c.as_released);
        Some(Offer { id, as_released, kept: cost.as_ref().and_then(kept) })
    };
    options.iter().filter_map(offer).collect()
}

/// Bytes of the weights in a format, if they are known.
fn weights(app: App, id: &str) -> Option<f64> {
    let mut scenario = app.scenario.get_untracked();
    scenario.model.quantization = Quantization::from_id(id)?;
    scenario.model.weights_bytes = None;
    let plan = plan_with(&scenario, app.catalog, Effort { draws: 0 }).ok();
    plan.map(|p| p.memory.weights_bytes_total)
}

fn words(o: &Offer, weights: Option<f64>) -> String {
    let memory = weights.map_or("size unknown".into(), gib);
    match o.kept {
        Some((percent, _)) => format!("{}: {memory}, keeps {} %", o.id, three(percent.min(100.0))),
        None => format!("{}: {memory}", o.id),
    }
}

fn remark(o: &Offer) -> String {
    if o.as_released {
        return "As released by its makers: published scores include whatever it costs".into();
    }
    match (o.kept, o.id) {
        (Some((percent, n)), _) => format!(
            "Keeps a median {} % of the unquantized score ({n} published measurements on models of this size)",
            three(percent)
        ),
        (None, "bf16" | "fp16") => "The reference: no quality is lost".into(),
        (None, _) => "Quality cost unknown: nobody has published a measurement for this size".into(),
    }
}

#[component]
pub fn QuantizationField(field: Row, choice: &'static Choice<Scenario>) -> impl IntoView {
    let app = app();
    let chosen = Memo::new(move |_| app.seen.with(|s| (choice.get)(s)));
    let model = Memo::new(move |_| app.seen.with(|s| (s.model.id.clone(), s.model.config.is_some())));
    let offers = Memo::new(move |_| {
        model.track();
        offers(app, choice.options)
    });
    let pick = move |id: String| {
        app.edit(field.path, |s| {
            (choice.set)(s, &id);
        });
    };
    let about = move || offers.with(|all| all.iter().find(|o| o.id == chosen.get()).map(remark)).unwrap_or_default();
    // The weights of a format take a plan, so each waits for its turn; its name is there at once.
    let option = move |id: &'static str| {
        let turn = in_turn();
        let weights = Memo::new(move |_| {
            model.track();
            turn.get().then(|| weights(app, id))
        });
        let offer = move |weights| offers.with(|all| all.iter().find(|o| o.id == id).map(|o| words(o, weights)));
        let words = move || weights.get().and_then(offer).unwrap_or_else(|| id.to_string());
        view! { <option value=id selected=move || chosen.get() == id>{words}</option> }
    };
    view! {
        <div class="field">
            <Head field />
            <select id=control_id(field) prop:value=move || chosen.get() on:change:target=move |e| pick(e.target().value())>
                {choice.options.iter().map(|id| option(id)).collect_view()}
            </select>
            <p class="word">{about}</p>
        </div>
    }
}
