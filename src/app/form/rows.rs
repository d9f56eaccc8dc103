//! What stands behind a field: the planner's own choice where the reader made none, and the source of a default.

use leptos::prelude::*;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::{App, app};
use crate::quantity;
use crate::scenario::field::{Kind, Text};
use crate::scenario::{Acquisition, Scenario};

/// What the planner decided in place of a number left to it.
pub fn derived(field: Row, app: App) -> Option<f64> {
    let plan = app.shown.get()?;
    match field.path {
        "serving.tensor_parallel" => Some(f64::from(plan.fleet.tensor_parallel)),
        "serving.pipeline_parallel" => Some(f64::from(plan.fleet.pipeline_parallel)),
        "serving.data_parallel_attention" => Some(f64::from(plan.fleet.data_parallel_attention)),
        "serving.replicas" => Some(plan.fleet.replicas_for_peak),
        "serving.concurrency" => Some(plan.speed.concurrency),
        "serving.memory_utilization" => Some(plan.memory.per_gpu.budget_bytes / plan.memory.per_gpu.capacity_bytes),
        "model.weights_bytes" => Some(plan.memory.weights_bytes_total),
        "hardware.memory_bytes" => Some(plan.memory.per_gpu.capacity_bytes),
        "hardware.usd_per_gpu_hour" => plan.cost.gpu_rate.usd_per_gpu_hour,
        _ => None,
    }
}

/// What a number left open means where the plan has no figure for it.
pub fn left_open(field: Row) -> &'static str {
    match field.path {
        "hardware.spill_percentile" => "nothing spills over",
        "quality.task_error_gap" => "not known, so not priced",
        "display.per_usd" => "amounts stay in US dollars",
        "owned.usd_per_gpu" | "owned.watts_per_gpu" | "owned.colocation_usd_per_month" => {
            "estimated for hardware you own"
        }
        "serving.max_model_len" => "the longest request",
        "serving.max_num_seqs" | "serving.max_num_batched_tokens" => "the engine's own",
        _ => "the planner decides",
    }
}

/// Median, lowest and highest offer and their number, for the scenario's accelerator.
fn rental(app: App) -> Option<(f64, f64, f64, usize)> {
    let (gpu, how) = app.seen.with(|s| (s.hardware.accelerator.clone(), s.hardware.acquisition));
    let how = if how == Acquisition::Owned { Acquisition::OnDemand } else { how };
    app.catalog.rental_band(&gpu, how.id()).map(|b| (b.median, b.low, b.high, b.offers))
}

/// The offer of the chosen provider, with its source.
fn chosen_offer(app: App) -> String {
    let rate = app.shown.get().map(|p| p.cost.gpu_rate.clone());
    let row = rate
        .as_ref()
        .and_then(|r| app.catalog.gpu_prices.iter().find(|p| Some(p.name()) == r.offer && p.serves(r.acquisition)));
    match (rate, row) {
        (Some(r), Some(p)) => format!("{}. Source: {}.", r.basis, p.source),
        _ => "The chosen provider publishes no such price, so it is unknown until you type one.".into(),
    }
}

/// Where the default of a field is from, what it accepts: a paragraph each.
pub fn behind(field: Row, app: App) -> Vec<String> {
    if field.path == "hardware.usd_per_gpu_hour" {
        if app.seen.with(|s| s.hardware.provider.is_some()) {
            return vec![chosen_offer(app), accepted(field)];
        }
        let price = match rental(app) {
            Some((median, low, high, n)) => {
                format!("Median of {n} published offers: ${median:.2}, from ${low:.2} to ${high:.2} an hour.")
            }
            None => "Nobody in the catalog publishes this price, so it is unknown until you type one.".into(),
        };
        return vec![price, accepted(field)];
    }
    if field.path == "model.quantization" {
        return vec![of_default(field), format!("Quality: {}.", app.catalog.quality_source)];
    }
    let known = app.catalog.default_value(field.path);
    let source = known.map(|d| format!("Source: {} ({}).", d.source, d.as_of)).unwrap_or_default();
    let range = spread(field, app).map(|r| format!(" {r}.")).unwrap_or_default();
    vec![of_default(field) + &range, source, accepted(field)]
}

/// What the quality of a weight format rests on, without the list of places.
pub fn measurements(app: App) -> &'static str {
    app.catalog.quality_source.split(" (").next().unwrap_or_default()
}

/// What a number accepts.
fn accepted(field: Row) -> String {
    let Some(n) = field.number() else { return String::new() };
    let ends = (quantity::exact(n.min, n.unit), quantity::exact(n.max, n.unit));
    let range = if n.ranged { ", or low..high where you are not sure" } else { "" };
    format!("Write a number from {} to {}{range}.", ends.0, ends.1)
}

/// The range in which nine of ten readers find themselves, where the catalog has one of more than a point.
pub fn spread(field: Row, app: App) -> Option<String> {
    let (number, d) = (field.number()?, app.catalog.default_value(field.path)?);
    let words = |v: f64| quantity::human(v, number.unit);
    (d.low < d.high).then(|| format!("90 % range: {} to {}", words(d.low), words(d.high)))
}

/// The default of a field.
fn of_default(field: Row) -> String {
    let default = Scenario::default();
    match &field.kind {
        Kind::Number(n) => {
            let own = (n.get)(&default).map_or("decided by the planner".into(), |v| quantity::exact_range(v, n.unit));
            format!("Default: {own}.")
        }
        Kind::Choice(c) => format!("Default: {}.", (c.get)(&default)),
        Kind::Text(t) => format!("Default: {}.", (t.get)(&default).unwrap_or("decided by the planner")),
        Kind::Flag(f) => format!("Default: {}.", if (f.get)(&default) { "yes" } else { "no" }),
        Kind::Special(_) => String::new(),
    }
}

#[component]
pub fn TextField(field: Row, text: &'static Text<Scenario>) -> impl IntoView {
    let app = app();
    let value = Memo::new(move |_| app.seen.with(|s| (text.get)(s).unwrap_or_default().to_string()));
    let put = move |t: String| {
        let kept: String = t.chars().take(text.limit).collect();
        let value = (!kept.trim().is_empty() || text.absent.is_none()).then_some(kept);
        app.edit(field.path, |s| (text.set)(s, value));
    };
    view! {
        <div class="field">
            <Head field />
            <input
                type="text"
                id=control_id(field)
                autocomplete="off"
                placeholder=if text.absent.is_some() { "auto" } else { "" }
                maxlength=text.limit.to_string()
                prop:value=move || value.get()
                on:change:target=move |e| put(e.target().value())
            />
        </div>
    }
}
