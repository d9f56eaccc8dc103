//! The verdict as a sentence that can be read aloud.

use super::gates::{LEAST_SAVING, Stop, Verdict};
use super::{Evidence, pipeline, thresholds};
use crate::engine::break_even::{BECOMES_CHEAPER, Crossing};
use crate::quantity::{Unit, exact, human, whole};
use crate::scenario::Acquisition;

/// Say it.
pub fn say(e: &Evidence, verdict: &Verdict) -> String {
    match *verdict {
        Verdict::DoesNotFit => does_not_fit(e),
        Verdict::TooSlow => too_slow(e),
        Verdict::SelfHostRequired => required(e),
        Verdict::Unknown => unknown(e),
        Verdict::SplitByStep => e.routing.map_or_else(|| unknown(e), pipeline::split),
        Verdict::Unplaced => e.routing.map_or_else(|| unknown(e), pipeline::unplaced),
        Verdict::SelfHost => self_host(e),
        Verdict::StayOnApi(stop) => stay(e, stop),
    }
}

/// US dollars in words: `$14,800`, `under a dollar`.
pub fn usd(value: f64) -> String {
    if value > 0.0 && value < 1.0 { "under a dollar".into() } else { human(value, Unit::Usd) }
}

/// A volume in words: `290M tokens a day`.
pub fn volume(tokens_per_day: f64) -> String {
    human(tokens_per_day, Unit::Tokens) + " a day"
}

/// A share in whole per cent, with the ends kept honest: `under 1 %`, `over 99 %`.
pub fn percent(share: f64) -> String {
    match share {
        s if s > 0.0 && s < 0.01 => "under 1 %".into(),
        s if s > 0.99 && s < 1.0 => "over 99 %".into(),
        s => whole(s * 100.0) + " %",
    }
}

/// Both monthly bills, where both are known: `$40,800 a month against $556 for llama-3.3-70b on DeepInfra`.
fn bills(e: &Evidence) -> Option<(f64, f64, String)> {
    Some((e.hosted()?.total_usd_per_month, e.api_usd()?, e.name(e.cheapest()?)))
}

fn does_not_fit(e: &Evidence) -> String {
    let model = &e.subject.model.name;
    if let Some(refused) = e.refusal() {
        let other = instead(e, &refused.hint);
        return format!("{model} cannot run on {}: {}{other}.", e.replica(), refused.message);
    }
    // Left open, it is every layout of the accelerator that was tried.
    let gpu = match e.subject.pinned_layout() {
        Some(_) => e.replica(),
        None => e.subject.accelerator.name.clone(),
    };
    let weights = human(e.fleet.memory.weights_bytes_total, Unit::Bytes);
    let format = e.subject.quantization.id();
    let longest = exact(e.subject.sizes.longest.round(), Unit::Tokens);
    let api = instead(e, "take a smaller format or a larger accelerator");
    format!(
        "{model} does not fit on {gpu}: in {format} its weights take {weights}, and a request of {longest} needs room beside them{api}."
    )
}

/// What else there is for a model that cannot run, or not fast enough.
fn instead(e: &Evidence, advice: &str) -> String {
    if e.requirements() != (false, false) {
        return format!(", and your requirements rule an API out: {advice}");
    }
    match (e.routing, e.cheapest()) {
        (Some(r), _) if r.unplaced().next().is_some() => {
            format!(", and some steps have no other place: {advice}")
        }
        (Some(r), _) => format!("; with each step where it can run, the pipeline takes {} a month", usd(r.total_usd)),
        (None, Some(a)) => format!("; {} would take {} a month", e.name(a), usd(a.total(e.cost.tokens_per_day))),
        (None, None) => String::new(),
    }
}

fn too_slow(e: &Evidence) -> String {
    let (s, w) = (&e.fleet.speed, &e.subject.scenario.workload);
    let gpu = e.replica();
    let most = e.cost.self_hosted.most();
    if s.targets_met {
        return format!(
            "The replicas you pinned are too few: each on {gpu}, they carry {} inside your latency targets, and you plan for {}.",
            volume(most),
            volume(e.cost.tokens_per_day)
        );
    }
    let other = match (e.routing, instead(e, "allow more time or take a faster accelerator")) {
        (None, other) if other.starts_with(';') => format!("{other}, how fast is not known here"),
        (_, other) => other,
    };
    let alone = if e.subject.scenario.serving.concurrency.is_some() {
        "at the concurrency you pinned"
    } else {
        "even one request at a time"
    };
    if s.tpot_p95_ms > w.tpot_p95_ms.likely {
        return format!(
            "Too slow for your target: on {gpu}, {alone}, a token takes {} at the 95th percentile, and you allow {}{other}.",
            human(s.tpot_p95_ms, Unit::Milliseconds),
            human(w.tpot_p95_ms.likely, Unit::Milliseconds)
        );
    }
    format!(
        "Too slow for your target: on {gpu}, {alone}, the first token takes {} at the 95th percentile, and you allow {}{other}.",
        human(s.ttft_p95_ms, Unit::Milliseconds),
        human(w.ttft_p95_ms.likely, Unit::Milliseconds)
    )
}

fn required(e: &Evidence) -> String {
    let requirements = e.requirements();
    if let Some(r) = e.routing.filter(|_| requirements == (false, false)) {
        return pipeline::required(r);
    }
    let because = match requirements {
        (true, true) => "your data must stay in house and the model is fine-tuned",
        (true, false) => "your data must stay in house",
        _ => "the model is fine-tuned",
    };
    match (bills(e), e.hosted()) {
        (Some((hosted, api, name)), _) if hosted > api => format!(
            "Self-host, because {because}: that costs {} a month, {} more than {name} would.",
            usd(hosted),
            usd(hosted - api)
        ),
        (Some((hosted, api, name)), _) => format!(
            "Self-host, because {because}: that costs {} a month, {} less than {name} would.",
            usd(hosted),
            usd(api - hosted)
        ),
        (None, Some(lines)) => format!(
            "Self-host, because {because}: that costs {} a month; no API price is known to compare it with.",
            usd(lines.total_usd_per_month)
        ),
        (None, None) => format!("Self-host, because {because}; what it costs is unknown, since {}.", missing(e)),
    }
}

fn spoken(way: Acquisition) -> &'static str {
    match way {
        Acquisition::OnDemand => "on-demand",
        Acquisition::Reserved1y => "one-year",
        Acquisition::Reserved3y => "three-year",
        Acquisition::Spot => "spot",
        Acquisition::Owned => "purchase",
    }
}

/// Why the self-hosted side has no cost.
fn missing(e: &Evidence) -> String {
    let gpu = &e.subject.accelerator.name;
    let rate = &e.cost.pricing.rate;
    let provider = e.subject.scenario.hardware.provider.as_deref();
    match (e.subject.scenario.hardware.acquisition, rate.usd_per_gpu) {
        (Acquisition::Owned, None) => format!("no price to buy {gpu} is known"),
        (Acquisition::Owned, Some(_)) => format!("the power {gpu} draws is unknown"),
        (way, _) if rate.usd_per_gpu_hour.is_none() => match provider {
            Some(p) => format!("{p} publishes no {} price of {gpu}", spoken(way)),
            None => format!("no {} price is known for {gpu}", spoken(way)),
        },
        (Acquisition::Spot, _) if rate.on_demand_usd_per_gpu_hour.is_none() => {
            let p = provider.unwrap_or("nobody");
            format!("spot is never the only replica, and {p} publishes no on-demand price of {gpu}")
        }
        _ => "no API price is known for the tokens that fail over".into(),
    }
}

fn unknown(e: &Evidence) -> String {
    match (e.hosted(), e.cheapest()) {
        (None, Some(api)) => format!(
            "The two sides cannot be compared yet: {}; {} would take {} a month for {}.",
            missing(e),
            e.name(api),
            usd(api.total(e.cost.tokens_per_day)),
            volume(e.cost.tokens_per_day)
        ),
        (Some(lines), None) => format!(
            "The two sides cannot be compared yet: no API price is known; self-hosting would take {} a month.",
            usd(lines.total_usd_per_month)
        ),
        _ => format!("The two sides cannot be compared yet: {}, and no API price is known either.", missing(e)),
    }
}

fn self_host(e: &Evidence) -> String {
    if let Some(r) = e.routing {
        return pipeline::self_host(r);
    }
    let Some((hosted, api, name)) = bills(e) else { return unknown(e) };
    let payback = match e.projection.payback_month {
        Some(1) => "; the setup is earned back in the first month".into(),
        Some(m) => format!("; the setup is earned back in month {m}"),
        None => String::new(),
    };
    format!(
        "Self-host: {} a month against {} for {name}, a saving of {}{payback}.",
        usd(hosted),
        usd(api),
        percent(1.0 - hosted / api)
    )
}

fn stay(e: &Evidence, stop: Stop) -> String {
    if let Some(sentence) = e.routing.and_then(|r| pipeline::stay(e, r, stop)) {
        return sentence;
    }
    let Some((hosted, api, name)) = bills(e) else { return unknown(e) };
    let months = e.subject.scenario.horizon_months;
    let (own, theirs) = (usd(hosted), usd(api));
    match stop {
        Stop::Never | Stop::EveryStep => {
            let most = if e.is_pinned() { " that the replicas you pinned can carry" } else { "" };
            format!(
                "Stay on the API: self-hosting would cost {own} a month against {theirs} for {name}, and no volume{most} makes it cheaper than that."
            )
        }
        Stop::Dearer => {
            format!("Stay on the API: self-hosting would cost {own} a month against {theirs} for {name}{}.", later(e))
        }
        Stop::Margin(saving) => format!(
            "Stay on the API for now: self-hosting would save {} of {theirs} a month ({}), less than the {} that makes the move worth it.",
            usd(api - hosted),
            percent(saving),
            percent(LEAST_SAVING)
        ),
        Stop::Payback => format!(
            "Stay on the API for now: self-hosting would cost {own} a month against {theirs} for {name}, but over {months} months, setup and updates included, it does not save {}.",
            percent(LEAST_SAVING)
        ),
        Stop::Unlikely(p) => format!(
            "Stay on the API for now: self-hosting looks cheaper at {own} a month against {theirs}, but it is so in only {} of the draws.",
            percent(p)
        ),
        Stop::Nobody => format!(
            "Stay on the API: self-hosting would cost {own} a month against {theirs}, but nobody is planned to run it."
        ),
        Stop::Volume(low) => format!(
            "Stay on the API for now: self-hosting would cost {own} a month against {theirs}, but at the low end of your volume, {}, it is the dearer side.",
            volume(low)
        ),
    }
}

/// From which volume on it is cheaper, and when growth gets there.
fn later(e: &Evidence) -> String {
    let months = e.subject.scenario.horizon_months;
    let growth = e.subject.scenario.workload.growth_per_month.likely;
    let Some(threshold) = thresholds::volume_threshold(e) else {
        return for_a_while(e);
    };
    let reached = match e.projection.growth_reaches_threshold_month {
        Some(1) => String::new(),
        Some(m) => format!(", which your growth reaches in month {m}"),
        None if growth > 0.0 => format!(", which your growth does not reach within {months} months"),
        None => String::new(),
    };
    format!("; it becomes cheaper above {}{reached}", volume(threshold))
}

/// Where it becomes cheaper, but does not stay so.
fn for_a_while(e: &Evidence) -> String {
    let above = |b: &&Crossing| b.tokens_per_day > e.cost.tokens_per_day && b.direction == BECOMES_CHEAPER;
    let next = e.crossings().and_then(|b| b.crossings.iter().find(above)).map(|c| volume(c.tokens_per_day));
    match next {
        None => ", and no larger volume makes it cheaper".into(),
        Some(from) if e.is_pinned() => format!(
            "; it becomes cheaper above {from}, as far as the replicas you pinned carry, which is {}",
            volume(e.cost.self_hosted.most())
        ),
        Some(from) => format!("; it becomes cheaper above {from}, but does not stay so"),
    }
}
