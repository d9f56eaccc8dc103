//! The verdict, in a sentence, with the numbers it rests on.

use serde::Serialize;

use super::break_even::BreakEven;
use super::cost::Cost;
use super::deployment::Subject;
use super::fleet::Fleet;
use super::projection::Projection;
use super::uncertainty::Uncertainty;

/// The Plan's advice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// `stay_on_api`, `self_host`, `split_by_step`, `self_host_required`, `does_not_fit` or `unknown`.
    pub verdict: String,
    /// The verdict in a sentence.
    pub sentence: String,
    /// Why, each with the number it rests on.
    pub reasons: Vec<Reason>,
    /// When to look again.
    pub thresholds: Vec<Threshold>,
}

/// A reason and the Plan value behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// In words.
    pub text: String,
    /// Path of the number in the Plan.
    pub path: String,
}

/// A value at which the verdict changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Threshold {
    /// Path of the input.
    pub path: String,
    /// Value at which the verdict changes.
    pub value: f64,
    /// In words.
    pub text: String,
}

/// Advise.
pub fn advise(
    subject: &Subject,
    fleet: &Fleet,
    cost: &Cost,
    break_even: &[BreakEven],
    _projection: &Projection,
    _uncertainty: &Uncertainty,
) -> Advice {
    let volume = cost.tokens_per_day;
    let hosted = cost.self_hosted.total(volume);
    let cheapest = cost.api.iter().map(|a| a.total(volume)).min_by(f64::total_cmp);
    let required = subject.scenario.requirements.data_residency || subject.scenario.requirements.fine_tuned;
    let (verdict, sentence) = match (fleet.runs, hosted, cheapest) {
        (false, ..) => ("does_not_fit", "This model does not fit on this hardware.".to_string()),
        (_, Some(h), Some(a)) if required => (
            "self_host_required",
            format!("Your requirements force self-hosting, which costs ${:.0} a month more than the API.", h - a),
        ),
        (_, Some(h), Some(a)) if h < a * 0.7 => {
            ("self_host", format!("Self-host: ${h:.0} a month against ${a:.0} for the cheapest API."))
        }
        (_, Some(h), Some(a)) => {
            ("stay_on_api", format!("Stay on the API: ${a:.0} a month against ${h:.0} for self-hosting."))
        }
        _ => ("unknown", "A price is missing, so the two sides cannot be compared yet.".to_string()),
    };
    let thresholds = break_even
        .iter()
        .filter_map(|b| {
            b.always_cheaper_above_tokens_per_day.map(|v| Threshold {
                path: "workload.tokens_per_day".into(),
                value: v,
                text: format!("look again at {:.0}M tokens a day against {}", v / 1e6, b.against),
            })
        })
        .collect();
    Advice { verdict: verdict.into(), sentence, reasons: Vec::new(), thresholds }
}
