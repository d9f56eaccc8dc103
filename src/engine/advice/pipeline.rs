//! The verdict about a pipeline: what the routing carries, held against the same bars as a single workload.
//!
//! A step that must be in house decides that there is a pool, so no saving is asked of it. Where nothing is forced, what
//! moves in house has to save the margin on the API bill it replaces, setup included, and has to hold at the low end of
//! the volume.

use super::gates::{LEAST_FTE, LEAST_SAVING, Stop, Verdict};
use super::sentence::{percent, usd, volume};
use super::{Evidence, Reason};
use crate::engine::routing::{Routing, StepPlan};

/// A difference that is not worth naming, US dollars per month.
const NOTHING: f64 = 1.0;
/// Most names in a sentence.
const MOST_NAMES: usize = 3;
/// Most characters of a name in a sentence.
const MOST_CHARS: usize = 40;

/// Whether there is anything to serve.
fn is_called(r: &Routing) -> bool {
    r.steps.iter().any(|s| s.tokens_per_day > 0.0)
}

/// What the steps in house cost, and what APIs would take for them, US dollars per month.
fn replaced(r: &Routing) -> Option<(f64, f64)> {
    let api = r.all_api_usd?;
    Some((r.total_usd - r.api_usd, api - r.api_usd))
}

/// Go through the gates.
pub fn judge(e: &Evidence, r: &Routing) -> Verdict {
    if r.unplaced().next().is_some() {
        // Where the GPUs have no price, no pool could be offered.
        return if e.cost.self_hosted.known { Verdict::Unplaced } else { Verdict::Unknown };
    }
    let moved = if r.is_split() { Verdict::SplitByStep } else { Verdict::SelfHost };
    if r.self_hosted().next().is_none() || !is_called(r) {
        return Verdict::StayOnApi(Stop::EveryStep);
    }
    if r.self_hosted().any(StepPlan::is_forced) {
        return if r.is_split() { moved } else { Verdict::SelfHostRequired };
    }
    match replaced(r) {
        Some((hosted, api)) => stop(e, r, hosted, api).map_or(moved, Verdict::StayOnApi),
        None => moved,
    }
}

/// The gate that keeps the steps on an API which need not be in house.
fn stop(e: &Evidence, r: &Routing, hosted: f64, api: f64) -> Option<Stop> {
    let saving = 1.0 - hosted / api;
    if saving < LEAST_SAVING {
        return Some(Stop::Margin(saving));
    }
    let months = f64::from(e.subject.scenario.horizon_months.max(1));
    if (api - hosted) * months - e.cost.self_hosted.setup < LEAST_SAVING * api * months {
        return Some(Stop::Payback);
    }
    if e.subject.scenario.people.run_fte.likely < LEAST_FTE {
        return Some(Stop::Nobody);
    }
    let v = e.subject.scenario.workload.tokens_per_day;
    let low = e.cost.self_hosted.total(v.low).filter(|_| r.pools.len() == 1);
    low.is_some_and(|usd| usd >= api * v.low / v.likely).then_some(Stop::Volume(v.low))
}

/// `2 of 4 steps`, `every step`.
fn part(r: &Routing) -> String {
    let (own, all) = (r.self_hosted().count(), r.steps.len());
    if r.is_split() { format!("{own} of {all} steps") } else { "every step".into() }
}

/// Names of steps, cut to what a sentence can hold.
fn names<'a>(steps: impl Iterator<Item = &'a StepPlan>) -> String {
    let short = |s: &StepPlan| {
        let name: String = s.name.trim().chars().take(MOST_CHARS).collect();
        if name.is_empty() { "a step without a name".into() } else { name }
    };
    let all: Vec<String> = steps.map(short).collect();
    match (&all[..], all.len().saturating_sub(MOST_NAMES)) {
        ([], _) => String::new(),
        ([one], _) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (_, more) => format!("{} and {more} more", all[..MOST_NAMES].join(", ")),
    }
}

/// What the plan saves against the two ways that decide nothing step by step: `, $502 less than ... and $7,620 less than ...`.
fn against(r: &Routing) -> String {
    let less = |other: Option<f64>, than: &str| {
        let saved = other? - r.total_usd;
        (saved >= NOTHING).then(|| format!("{} less than {than}", usd(saved)))
    };
    let api = match r.all_api_usd {
        Some(_) => less(r.all_api_usd, "with every step on an API"),
        None => less(r.api_where_possible_usd, "self-hosting only what must be"),
    };
    let own = match r.all_self_hosted_usd {
        Some(_) => less(r.all_self_hosted_usd, "with every step in house"),
        None => less(r.self_hosted_where_possible_usd, "self-hosting every step that can be"),
    };
    let both: Vec<String> = [api, own].into_iter().flatten().collect();
    if both.is_empty() { String::new() } else { format!(", {}", both.join(" and ")) }
}

/// A split.
pub fn split(r: &Routing) -> String {
    let both = r.steps.iter().filter(|s| s.place == "both").count();
    let some = if both > 0 { format!(" ({both} of them with a model on both sides)") } else { String::new() };
    let rest = match r.steps.iter().filter(|s| s.place == "api").count() {
        0 => "",
        _ => " and leave the rest on an API",
    };
    format!("Split it: self-host {}{some}{rest}, for {} a month{}.", part(r), usd(r.total_usd), against(r))
}

/// Every step in house, though not every one must be.
pub fn required(r: &Routing) -> String {
    let (forced, all) = (r.self_hosted().filter(|s| s.is_forced()).count(), r.steps.len());
    let whose = if forced == 1 { "its" } else { "their" };
    let because = match all - forced {
        0 => "since none has another place".to_string(),
        1 => format!("since {forced} of {all} must be and the other rides on {whose} GPUs"),
        _ => format!("since {forced} of {all} must be and the others ride on {whose} GPUs"),
    };
    format!("Self-host every step, {because}: that costs {} a month{}.", usd(r.total_usd), against(r))
}

/// Every step in house by choice.
pub fn self_host(r: &Routing) -> String {
    let api = r.all_api_usd.unwrap_or(r.total_usd);
    format!(
        "Self-host every step: {} a month against {} with every step on an API, a saving of {}.",
        usd(r.total_usd),
        usd(api),
        percent(1.0 - r.total_usd / api)
    )
}

/// On APIs for now.
pub fn stay(e: &Evidence, r: &Routing, stop: Stop) -> Option<String> {
    if stop == Stop::EveryStep {
        return Some(every_step(r));
    }
    let (hosted, api) = replaced(r)?;
    let (what, months) = (part(r), e.subject.scenario.horizon_months);
    let (own, theirs, saved) = (usd(hosted), usd(api), usd(api - hosted));
    Some(match stop {
        Stop::Margin(saving) => format!(
            "Stay on the API for now: self-hosting {what} would save {saved} of {theirs} a month ({}), less than the {} that makes the move worth it.",
            percent(saving),
            percent(LEAST_SAVING)
        ),
        Stop::Payback => format!(
            "Stay on the API for now: self-hosting {what} would cost {own} a month against {theirs}, but over {months} months, setup included, it does not save {}.",
            percent(LEAST_SAVING)
        ),
        Stop::Nobody => format!(
            "Stay on the API: self-hosting {what} would cost {own} a month against {theirs}, but nobody is planned to run it."
        ),
        Stop::Volume(low) => format!(
            "Stay on the API for now: self-hosting {what} would cost {own} a month against {theirs}, but at the low end of your volume, {}, it is the dearer side.",
            volume(low)
        ),
        Stop::Never | Stop::Dearer | Stop::Unlikely(_) | Stop::EveryStep => return None,
    })
}

/// An API for every step.
fn every_step(r: &Routing) -> String {
    if !is_called(r) {
        return "Stay on the API: no step of the pipeline is called, so there is nothing to serve.".into();
    }
    let begin =
        format!("Stay on the API: with each step on the API it needs, the pipeline costs {} a month", usd(r.total_usd));
    match (r.all_self_hosted_usd, r.self_hosted_where_possible_usd) {
        (Some(own), _) => format!("{begin}, against {} with every step in house.", usd(own)),
        (None, Some(own)) if own - r.total_usd >= NOTHING => {
            format!("{begin}, against {} with every step self-hosted that can be.", usd(own))
        }
        _ => format!("{begin}; none of them can be self-hosted inside its requirements."),
    }
}

/// A step without a place.
pub fn unplaced(r: &Routing) -> String {
    let (lost, all) = (r.unplaced().count(), r.steps.len());
    let rest = match all - lost {
        0 => String::new(),
        1 => format!("; the other step costs {} a month", usd(r.total_usd)),
        _ => format!("; the others cost {} a month", usd(r.total_usd)),
    };
    format!(
        "Not every step has a place: neither an API nor this hardware meets the requirements of {}{rest}.",
        names(r.unplaced())
    )
}

/// What the routing says, as a reason.
pub fn reason(r: &Routing) -> Reason {
    let path = "routing.total_usd".to_string();
    let (own, all) = (r.self_hosted().count(), r.steps.len());
    let forced = r.self_hosted().filter(|s| s.is_forced()).count();
    let total = usd(r.total_usd);
    let text = match (own, forced) {
        _ if r.unplaced().next().is_some() => format!("No place meets the requirements of: {}.", names(r.unplaced())),
        (0, _) => format!("Step by step the plan takes {total} a month, every one of {all} on an API."),
        (_, 0) => format!("Step by step the plan takes {total} a month: {own} of {all} steps are self-hosted."),
        _ => format!(
            "Step by step the plan takes {total} a month: {own} of {all} steps are self-hosted, {forced} of them because they must be."
        ),
    };
    Reason { text, path }
}
