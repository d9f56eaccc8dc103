//! The weight format, with what each costs in memory and in quality.

use leptos::prelude::*;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::catalog::{QualityRow, Quantization};
use crate::chart::words::{gib, three};
use crate::engine::{Effort, plan_with};
use crate::scenario::Scenario;
use crate::scenario::field::Choice;

/// What one format comes to for the model at hand.
#[derive(Debug, Clone, PartialEq)]
struct Offer {
    id: &'static str,
    weights_bytes: Option<f64>,
    kept: Option<(f64, u32)>,
}

/// Model parameters at which the measured classes of quality begin.
const LARGE: f64 = 60e9;
const MIDDLE: f64 = 14.5e9;

/// The measured group of a format; formats nobody measured have none.
fn group(id: &str) -> Option<&'static str> {
    Some(match id {
        "fp8" | "fp8-block" => "fp8",
        "int8" => "int8",
        "awq-int4" | "gptq-int4" => "int4 calibrated",
        "mxfp4" => "mxfp4 ptq",
        "nvfp4" => "nvfp4",
        other => return other.strip_prefix("gguf-").map(|_| "gguf"),
    })
}

/// Median recovery on hard tasks (easy ones where hard were not measured), percent, with the number of measurements.
fn kept(rows: &[QualityRow], id: &str, params: f64) -> Option<(f64, u32)> {
    if matches!(id, "bf16" | "fp16" | "native") {
        return None;
    }
    let class = if params >= LARGE {
        ">=70B"
    } else if params >= MIDDLE {
        "15-40B"
    } else {
        "<=14B"
    };
    let name = group(id)?;
    let of = |task: &str| {
        rows.iter().find(|r| {
            let same = match name {
                "gguf" => normal(&r.group) == normal(id),
                _ => r.group == name,
            };
            same && r.size_class == class && r.task_class == task
        })
    };
    of("hard").or_else(|| of("easy")).map(|r| (r.median, r.n))
}

fn normal(group: &str) -> String {
    group.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

fn offers(app: App, options: &'static [&'static str]) -> Vec<Offer> {
    let scenario = app.scenario.get_untracked();
    let params = app.catalog.model(&scenario.model.id).map_or(0.0, |m| m.params_total);
    let offer = |id: &&'static str| {
        let mut s = scenario.clone();
        s.model.quantization = Quantization::from_id(id)?;
        s.model.weights_bytes = None;
        let plan = plan_with(&s, app.catalog, Effort { draws: 0 }).ok();
        let weights_bytes = plan.map(|p| p.memory.weights_bytes_total);
        Some(Offer { id, weights_bytes, kept: kept(&app.catalog.quantization_quality, id, params) })
    };
    options.iter().filter_map(offer).collect()
}

fn words(o: &Offer) -> String {
    let memory = o.weights_bytes.map_or("size unknown".into(), gib);
    match o.kept {
        Some((percent, _)) => format!("{}: {memory}, keeps {} %", o.id, three(percent.min(100.0))),
        None => format!("{}: {memory}", o.id),
    }
}

fn remark(o: &Offer) -> String {
    match (o.kept, o.id) {
        (Some((percent, n)), _) => format!(
            "Keeps a median {} % of the unquantized score ({n} published measurements on models of this size)",
            three(percent)
        ),
        (None, "bf16" | "fp16") => "The reference: no quality is lost".into(),
        (None, "native") => "As released by its makers".into(),
        (None, _) => "Quality cost unknown: nobody has published a measurement for this size".into(),
    }
}

#[component]
pub fn QuantizationField(field: Row, choice: &'static Choice<Scenario>) -> impl IntoView {
    let app = app();
    let chosen = Memo::new(move |_| app.scenario.with(|s| (choice.get)(s)));
    let model = Memo::new(move |_| app.scenario.with(|s| (s.model.id.clone(), s.model.config.is_some())));
    let offers = Memo::new(move |_| {
        model.track();
        offers(app, choice.options)
    });
    let pick = move |id: String| {
        app.edit(field.path, |s| {
            (choice.set)(s, &id);
        });
    };
    let of = move |id: &'static str| offers.with(|all| all.iter().find(|o| o.id == id).map(words)).unwrap_or_default();
    let about = move || offers.with(|all| all.iter().find(|o| o.id == chosen.get()).map(remark)).unwrap_or_default();
    view! {
        <div class="field">
            <Head field />
            <select id=control_id(field) prop:value=move || chosen.get() on:change:target=move |e| pick(e.target().value())>
                {choice
                    .options
                    .iter()
                    .map(|id| view! { <option value=*id selected=move || chosen.get() == *id>{move || of(id)}</option> })
                    .collect_view()}
            </select>
            <p class="word">{about}</p>
        </div>
    }
}
