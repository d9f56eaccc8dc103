//! The gates, in order.

use super::{Evidence, pipeline};

/// Saving below which self-hosting is not worth its effort, as a share of the API's bill. The usual bar for moving a
/// running service (30 % net).
pub const LEAST_SAVING: f64 = 0.30;
/// Probability below which a saving is not one to act on.
const LEAST_PROBABILITY: f64 = 0.5;
/// Engineers below which nobody can be said to run the service.
pub(super) const LEAST_FTE: f64 = 0.1;

/// What the gates say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// The model does not fit, or no engine cuts it into the pinned layout.
    DoesNotFit,
    /// No layout, or not the pinned one, meets the latency target or carries the volume.
    TooSlow,
    /// The API is ruled out.
    SelfHostRequired,
    /// A side has no price.
    Unknown,
    /// Some steps on an API, some self-hosted.
    SplitByStep,
    /// A step has no place that meets its requirements.
    Unplaced,
    /// Self-hosting is cheaper by the margin.
    SelfHost,
    /// It is not, and why.
    StayOnApi(Stop),
}

/// Which gate keeps the reader on the API.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stop {
    /// No volume makes self-hosting cheaper.
    Never,
    /// The volume is too small now.
    Dearer,
    /// It is cheaper, but by less than the margin: the saving as a share.
    Margin(f64),
    /// It is cheaper by the month, but the horizon does not earn the setup back with the margin.
    Payback,
    /// It is more likely to be dearer: the probability of being cheaper.
    Unlikely(f64),
    /// Nobody is planned to run it.
    Nobody,
    /// At the low end of the volume's range it is dearer: tokens a day.
    Volume(f64),
    /// Step by step, an API is the cheapest place for every one.
    EveryStep,
}

impl Verdict {
    /// The Plan's word for it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::DoesNotFit => "does_not_fit",
            Self::TooSlow => "too_slow",
            Self::SelfHostRequired => "self_host_required",
            Self::Unknown => "unknown",
            Self::SplitByStep => "split_by_step",
            Self::Unplaced => "unplaced",
            Self::SelfHost => "self_host",
            Self::StayOnApi(_) => "stay_on_api",
        }
    }
}

/// What keeps a deployment from doing its work, whatever it costs.
fn obstacle(e: &Evidence) -> Option<Verdict> {
    let overloaded = || e.cost.tokens_per_day > e.cost.self_hosted.most() * (1.0 + 1e-9);
    match e.fleet.runs && e.refusal().is_none() {
        false => Some(Verdict::DoesNotFit),
        true => (!e.fleet.speed.targets_met || overloaded()).then_some(Verdict::TooSlow),
    }
}

/// Go through the gates.
pub fn judge(e: &Evidence) -> Verdict {
    let required = matches!(e.requirements(), (true, _) | (_, true));
    if let Some(verdict) = obstacle(e) {
        return verdict;
    }
    if let Some(routing) = e.routing {
        return pipeline::judge(e, routing);
    }
    if required {
        return Verdict::SelfHostRequired;
    }
    match (e.hosted(), e.api_usd()) {
        (Some(hosted), Some(api)) => cheaper(e, hosted.total_usd_per_month, api),
        _ => Verdict::Unknown,
    }
}

fn cheaper(e: &Evidence, hosted: f64, api: f64) -> Verdict {
    let stay = Verdict::StayOnApi;
    let saving = 1.0 - hosted / api;
    if hosted >= api {
        return stay(if e.crossings().is_some_and(|b| b.never) { Stop::Never } else { Stop::Dearer });
    }
    if saving < LEAST_SAVING {
        return stay(Stop::Margin(saving));
    }
    let least = e.projection.api_total_usd.values().copied().min_by(f64::total_cmp);
    let over = e.projection.self_hosted_total_usd.zip(least).map(|(own, api)| 1.0 - own / api);
    if over.is_none_or(|s| s < LEAST_SAVING) {
        return stay(Stop::Payback);
    }
    if let Some(p) = e.uncertainty.probability_self_hosting_cheaper.filter(|p| *p < LEAST_PROBABILITY) {
        return stay(Stop::Unlikely(p));
    }
    if e.subject.scenario.people.run_fte.likely < LEAST_FTE {
        return stay(Stop::Nobody);
    }
    let low = e.subject.scenario.workload.tokens_per_day.low;
    let holds = e.cost.self_hosted.total(low).zip(e.cost.cheapest(low)).is_some_and(|(h, a)| h < a.total(low));
    if holds { Verdict::SelfHost } else { stay(Stop::Volume(low)) }
}
