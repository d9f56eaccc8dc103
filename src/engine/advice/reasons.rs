//! Why: short statements, each with the number of the Plan it rests on.

use super::sentence::{percent, usd, volume};
use super::{Evidence, Reason, Verdict, pipeline};
use crate::engine::break_even::{BECOMES_CHEAPER, Crossing};
use crate::engine::cost::{ApiBaseline, Lever};
use crate::engine::routing::SELF_HOSTED_STEPS;
use crate::order::sort_by;
use crate::quantity::{Unit, human, whole};

/// Ratio of the ends of a volume's range above which it is called hard to predict.
const WIDE_VOLUME: f64 = 4.0;

/// The reasons, most important first.
pub fn list(e: &Evidence, verdict: &Verdict) -> Vec<Reason> {
    let mut out = Vec::new();
    let mut say = |text: Option<String>, path: String| out.extend(text.map(|text| Reason { text, path }));
    match (verdict, e.refusal()) {
        (Verdict::DoesNotFit, Some(refused)) => {
            let what = "Engines refuse that layout";
            say(Some(format!("{what}: {}; {}.", refused.message, refused.hint)), "fleet.tensor_parallel".into());
        }
        (Verdict::DoesNotFit, None) => say(Some(fit(e)), "memory.binding".into()),
        _ => {}
    }
    if let Some(r) = e.routing {
        let reason = pipeline::reason(r);
        say(Some(reason.text), reason.path);
    }
    let name = e.cheapest().map(|a| e.name(a)).unwrap_or_default();
    say(api(e, &name), index(e, "cost.api", "total_usd_per_month"));
    say(hosted(e), "cost.self_hosted.total_usd_per_month".into());
    say(utilization(e), "fleet.utilization".into());
    say(per_token(e), "cost.self_hosted.usd_per_million_tokens_reserved".into());
    say(threshold(e, &name), index(e, "break_even", "always_cheaper_above_tokens_per_day"));
    say(free_gpus(e), "cost.self_hosted.people_usd".into());
    say(hardest(e), "cost.api[0].usd_per_million_tokens".into());
    say(probability(e), "uncertainty.probability_self_hosting_cheaper".into());
    say(measure_first(e), "uncertainty.value_of_information[0].usd".into());
    say(quality(e), "cost.self_hosted.quality_gap_usd".into());
    say(predictable(e), "uncertainty.bands".into());
    out
}

/// Path of a member of the cheapest baseline's row of a list.
fn index(e: &Evidence, list: &str, member: &str) -> String {
    let role = e.cheapest().map(|a| a.role);
    let k = e.cost.api.iter().position(|a| Some(a.role) == role).unwrap_or(0);
    format!("{list}[{k}].{member}")
}

fn fit(e: &Evidence) -> String {
    format!(
        "One {} has {} of memory that a program can see, and weights in {} take {} in all.",
        e.subject.accelerator.name,
        human(e.subject.memory_bytes(), Unit::Bytes),
        e.subject.quantization.id(),
        human(e.fleet.memory.weights_bytes_total, Unit::Bytes)
    )
}

fn api(e: &Evidence, name: &str) -> Option<String> {
    let a = e.cheapest()?;
    let usd_month = a.total(e.cost.tokens_per_day);
    let what = match e.routing {
        Some(r) if r.panels_about == SELF_HOSTED_STEPS => " of the self-hosted steps",
        Some(_) => ", if one model did for every step",
        None => "",
    };
    let begin = ["The cheapest baseline, ", name, ", takes ", &usd(usd_month), " a month for "].concat();
    let parts = api_parts(a, e.cost.tokens_per_day);
    Some([&*begin, &volume(e.cost.tokens_per_day), what, &parts, "."].concat())
}

/// What an API's bill consists of, where it is more than tokens: `: $76 for tokens, $348 for moving to newer models`.
fn api_parts(a: &ApiBaseline, tokens_per_day: f64) -> String {
    let cost = a.at(tokens_per_day);
    let parts = [
        (cost.tokens_usd, "tokens"),
        (cost.updates_usd, "moving to newer models"),
        (cost.quality_gap_usd, "the quality gap"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(v, _)| *v > 0.0).map(|(v, name)| [&usd(*v), " for ", name].concat()).collect();
    if parts.len() > 1 { [": ", &parts.join(", ")].concat() } else { String::new() }
}

fn hosted(e: &Evidence) -> Option<String> {
    let l = e.hosted()?;
    let lines = [
        ("GPUs", l.gpu_usd),
        ("spare replicas", l.redundancy_usd),
        ("people", l.people_usd),
        ("hosts, storage and network", l.overhead_usd),
        ("model updates", l.updates_usd),
        ("what spills over to an API", l.spill_usd),
        ("power", l.power_usd),
        ("the quality gap", l.quality_gap_usd),
    ];
    let mut lines: Vec<(&str, f64)> = lines.into_iter().filter(|(_, usd)| *usd > 0.0).collect();
    sort_by(&mut lines, |a, b| b.1.total_cmp(&a.1));
    let parts: Vec<String> = lines.iter().map(|(name, v)| [&usd(*v), " for ", name].concat()).collect();
    Some(["Self-hosting takes ", &usd(l.total_usd_per_month), " a month: ", &parts.join(", "), "."].concat())
}

fn utilization(e: &Evidence) -> Option<String> {
    e.hosted()?;
    let used = e.fleet.utilization();
    used.is_finite().then(|| {
        let (gpus, used) = (whole(e.fleet.gpus()), percent(used));
        let needed = " GPUs are needed for the peak and its spares, and on average ";
        [&*gpus, needed, &used, " of what they could serve is used."].concat()
    })
}

fn per_token(e: &Evidence) -> Option<String> {
    let l = e.hosted()?;
    let (reserved, full) = (l.usd_per_million_tokens_reserved, l.usd_per_million_tokens_at_full_load);
    let (reserved, full) = (human(reserved, Unit::Usd), human(full, Unit::Usd));
    let parts = ["A million tokens costs ", &reserved, " self-hosted at your volume, and would cost ", &full];
    Some(parts.concat() + " at full load.")
}

fn threshold(e: &Evidence, name: &str) -> Option<String> {
    let b = e.crossings()?;
    let upward = |c: &Crossing| c.direction == BECOMES_CHEAPER;
    let pinned = e.is_pinned();
    Some(match (b.never, b.always_cheaper_above_tokens_per_day, &b.crossings[..]) {
        (true, ..) if pinned => {
            format!("Against {name} there is no break-even at any volume that the pinned replicas carry.")
        }
        (true, ..) => format!(
            "Against {name} there is no break-even: a further replica costs more than the API takes for the tokens it carries."
        ),
        (_, Some(_), []) => format!("Against {name} self-hosting is cheaper at every volume."),
        (_, None, []) => {
            format!("Against {name} self-hosting is cheaper at every volume that the pinned replicas carry.")
        }
        (_, Some(v), [_]) => format!("Against {name} self-hosting is cheaper above {}.", volume(v)),
        (_, Some(v), all) => {
            format!(
                "Against {name} the lines cross {} times; above {} self-hosting stays cheaper.",
                all.len(),
                volume(v)
            )
        }
        (_, None, [one]) if upward(one) => format!(
            "Against {name} self-hosting is cheaper above {}, as far as the pinned replicas carry, which is {}.",
            volume(one.tokens_per_day),
            volume(e.cost.self_hosted.most())
        ),
        (_, None, [one]) => {
            format!("Against {name} self-hosting is cheaper below {} only.", volume(one.tokens_per_day))
        }
        (_, None, all) => {
            format!("Against {name} the lines cross {} times, and self-hosting is cheaper only in between.", all.len())
        }
    })
}

/// Where the GPUs are not what makes it dear.
fn free_gpus(e: &Evidence) -> Option<String> {
    let p = &e.cost.pricing;
    let free = p.likely.with(Lever::UsdPerGpuHour, 0.0).with(Lever::UsdPerGpu, 0.0);
    let hosted = p.hosted.price(&free).total(e.cost.tokens_per_day)?;
    (hosted > e.api_usd()?)
        .then(|| format!("Even with GPUs for nothing, self-hosting would cost {} a month at this volume.", usd(hosted)))
}

fn hardest(e: &Evidence) -> Option<String> {
    let same = e.cost.api.iter().find(|a| a.role == "same_weights")?;
    let frontier = e.cost.api.iter().find(|a| a.role == "frontier")?;
    Some(format!(
        "A million tokens costs {} at the cheapest host of the same weights and {} at a frontier model: the first price is the one to beat.",
        human(same.usd_per_token * 1e6, Unit::Usd),
        human(frontier.usd_per_token * 1e6, Unit::Usd)
    ))
    .filter(|_| same.usd_per_token < frontier.usd_per_token)
}

fn probability(e: &Evidence) -> Option<String> {
    let p = e.uncertainty.probability_self_hosting_cheaper?;
    let share = match p {
        0.0 => "none".into(),
        1.0 => "all".into(),
        p => percent(p),
    };
    Some(format!(
        "Over {} months self-hosting is cheaper in {share} of {} draws over the ranges of the inputs.",
        e.subject.scenario.horizon_months,
        human(f64::from(e.uncertainty.draws), Unit::Count)
    ))
}

fn measure_first(e: &Evidence) -> Option<String> {
    let v = e.uncertainty.value_of_information.first().filter(|v| v.usd >= 1.0)?;
    Some(format!("Measure `{}` first: knowing it is worth {} over the horizon.", v.path, usd(v.usd)))
}

fn quality(e: &Evidence) -> Option<String> {
    let q = &e.subject.scenario.quality;
    e.hosted()?;
    match (q.task_error_gap, q.usd_per_error.likely) {
        (None, _) => Some(
            "The quality gap to a frontier model is not priced: say how many more tasks fail and what an error costs."
                .into(),
        ),
        (Some(gap), cost) if gap.likely > 0.0 && cost == 0.0 => {
            Some("Errors cost nothing in this plan: put a price on one to see what the quality gap costs.".into())
        }
        _ => None,
    }
}

fn predictable(e: &Evidence) -> Option<String> {
    let v = e.subject.scenario.workload.tokens_per_day;
    (v.high > v.low && v.high >= WIDE_VOLUME * v.low).then(|| {
        format!(
            "Your volume may be anywhere from {} to {}: measure it before you commit to GPUs.",
            volume(v.low),
            volume(v.high)
        )
    })
}
