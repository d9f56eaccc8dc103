//! The figures under the verdict, as the page and a picture of the verdict show them.

use super::palette::Side;
use super::words::{count, usd_exact};
use crate::engine::Plan;
use crate::engine::routing::Routing;

/// One of the four figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// How much.
    pub value: String,
    /// A detail beside it; may be empty.
    pub note: String,
    /// Whether the figure may mislead without the detail, so that it stays where there is little room.
    pub note_matters: bool,
    /// Role of the side it is about; may be empty.
    pub side: &'static str,
}

/// `1 GPU`, `4 GPUs`.
fn of(n: f64, what: &str) -> String {
    format!("{} {what}{}", count(n), if n == 1.0 { "" } else { "s" })
}

/// What either side costs, and the volume from which self-hosting pays; of a pipeline, what it costs as planned and with
/// its steps on one side as far as they may be there.
pub fn figures(plan: &Plan) -> [Figure; 3] {
    if let Some(routing) = &plan.routing {
        return of_pipeline(routing);
    }
    let own = plan.cost.self_hosted.map(|l| l.total_usd_per_month);
    let cheapest = plan.cost.api.iter().min_by(|a, b| a.total_usd_per_month.total_cmp(&b.total_usd_per_month));
    let side = cheapest.and_then(|a| Side::of_role(&a.role));
    let unknown = || "unknown".to_string();
    let gpus = || of(plan.fleet.gpus, "GPU");
    let (value, note) = match plan.advice.verdict.as_str() {
        "does_not_fit" if plan.fleet.gpus.is_finite() => ("cannot run".into(), String::new()),
        "does_not_fit" => ("does not fit".into(), String::new()),
        "too_slow" => {
            let what = if plan.speed.targets_met { "too few" } else { "too slow" };
            (own.map_or_else(unknown, usd_exact), format!("{}, {what}", gpus()))
        }
        _ => (own.map_or_else(unknown, usd_exact), format!("{} in {}", gpus(), of(plan.fleet.replicas, "replica"))),
    };
    let hosted = Figure {
        label: "Self-hosted, a month".into(),
        value,
        note,
        note_matters: stands_in_the_way(plan),
        side: Side::SelfHosted.role(),
    };
    let api = Figure {
        label: "Cheapest API, a month".into(),
        value: cheapest.map_or_else(unknown, |a| usd_exact(a.total_usd_per_month)),
        note: cheapest.map_or_else(unknown, |a| {
            format!("{}: {}", side.map_or("API", Side::label), a.id.rsplit('/').next().unwrap_or(&a.id))
        }),
        note_matters: false,
        side: side.map_or("", Side::role),
    };
    let role = cheapest.map(|a| a.role.as_str());
    [hosted, api, threshold(plan, role)]
}

/// Whether self-hosting cannot do the work, whatever it costs.
pub fn stands_in_the_way(plan: &Plan) -> bool {
    matches!(plan.advice.verdict.as_str(), "does_not_fit" | "too_slow")
}

fn of_pipeline(r: &Routing) -> [Figure; 3] {
    let figure = |label: &str, usd: Option<f64>, note: String, side: &'static str| Figure {
        label: label.into(),
        value: usd.map_or("unknown".into(), usd_exact),
        note,
        note_matters: false,
        side,
    };
    let lost = r.unplaced().count() as f64;
    let place = format!("{} of {} in house", count(r.self_hosted().count() as f64), of(r.steps.len() as f64, "step"));
    let place = if lost > 0.0 { format!("{place}, {} without a place", count(lost)) } else { place };
    let far = |whole: Option<f64>| if whole.is_some() { "every step" } else { "where possible" }.to_string();
    let (api, own) = (r.all_api_usd, r.all_self_hosted_usd);
    [
        figure("As planned, a month", Some(r.total_usd), place, ""),
        figure("On APIs, a month", api.or(r.api_where_possible_usd), far(api), ""),
        figure("Self-hosted, a month", own.or(r.self_hosted_where_possible_usd), far(own), Side::SelfHosted.role()),
    ]
}

/// The volume from which self-hosting pays, against the cheapest API at this volume; others, where that volume is another
/// one, stand in the note.
fn threshold(plan: &Plan, cheapest: Option<&str>) -> Figure {
    let value = |v: Option<f64>| v.map_or("never".to_string(), |t| format!("{}/day", count(t)));
    let (own, others): (Vec<_>, Vec<_>) = plan.break_even.iter().partition(|b| Some(b.against.as_str()) == cheapest);
    let own = own.first().map(|b| value(b.always_cheaper_above_tokens_per_day));
    let named = |role: &str| Side::of_role(role).map_or("another API".into(), |s| in_a_sentence(s.label()));
    let rest = others.iter().map(|b| (named(&b.against), value(b.always_cheaper_above_tokens_per_day)));
    let rest: Vec<_> =
        rest.filter(|(_, from)| Some(from) != own.as_ref()).map(|(n, from)| format!("{n}: {from}")).collect();
    Figure {
        label: cheapest.map_or("Pays off from".into(), |role| format!("Beats {} from", named(role))),
        note: match (rest.is_empty(), others.len()) {
            (true, 1) => "same for the other".into(),
            (true, 2..) => "same for the others".into(),
            _ => rest.join(", "),
        },
        note_matters: true,
        value: own.unwrap_or("unknown".into()),
        side: Side::SelfHosted.role(),
    }
}

/// A label inside a line: `nearest API`.
fn in_a_sentence(label: &str) -> String {
    label.to_ascii_lowercase().replace("api", "API")
}

/// Why there is no self-hosted cost.
pub(super) fn unknown_because(plan: &Plan) -> &'static str {
    let fits = plan.memory.fits;
    if fits.weights && fits.longest_request { "A price is unknown" } else { "It does not fit" }
}

/// What the probability is about.
pub fn chance_of(plan: &Plan) -> &'static str {
    match plan.routing.as_ref().map(|r| r.panels_about) {
        Some("self_hosted_steps") => "its self-hosted part, over the horizon",
        _ => "self-hosting, over the horizon",
    }
}

/// The four figures, the probability last.
pub(super) fn all_figures(plan: &Plan) -> Vec<Figure> {
    let chance = plan.uncertainty.probability_self_hosting_cheaper;
    let last = Figure {
        label: "Chance it is cheaper".into(),
        value: chance.map_or("unknown".into(), |p| format!("{:.0} %", p * 100.0)),
        note: chance_of(plan).into(),
        note_matters: false,
        side: "",
    };
    figures(plan).into_iter().chain([last]).collect()
}
