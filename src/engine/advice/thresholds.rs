//! "Look again when": for each lever the value at which the cheaper side changes, found by solving and confirmed by
//! evaluating both sides there.

use serde::Serialize;

use super::Evidence;
use super::sentence::{percent, usd, volume};
use crate::engine::break_even::levers::flip;
use crate::engine::cost::{ApiBaseline, Frame, Inputs, Lever, Payment, Pricing};
use crate::engine::projection::Horizon;
use crate::quantity::{Unit, human};
use crate::scenario::Acquisition;

/// Longest horizon a payback is looked for in, months.
const LONGEST: u32 = 36;

/// A value at which the cheaper side changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Threshold {
    /// Path of the input.
    pub path: String,
    /// Value at which the cheaper side changes, in the input's own unit.
    pub value: f64,
    /// In words.
    pub text: String,
    /// The value of the plan.
    pub now: f64,
    /// Role of the baseline it is against.
    pub against: String,
}

/// Volume above which self-hosting stays cheaper than the cheapest baseline.
pub fn volume_threshold(e: &Evidence) -> Option<f64> {
    e.crossings()?.always_cheaper_above_tokens_per_day
}

/// Every threshold there is; none for a lever that cannot change the side within its bounds.
pub fn list(e: &Evidence) -> Vec<Threshold> {
    let mut out = volumes(e);
    let Some(cheapest) = e.cheapest() else { return out };
    if !e.cost.self_hosted.known {
        return out;
    }
    let against = cheapest.role.to_string();
    let solve = Solve { e, against };
    out.extend(solve.utilization());
    out.extend(solve.gpu_price());
    out.extend(solve.api_price(cheapest));
    out.extend(solve.lever(Lever::RunFte, 0.0, 50.0, |v, more| match more {
        true => format!("the API becomes cheaper if running it takes more than {} engineers", human(v, Unit::Count)),
        false => {
            format!("self-hosting becomes cheaper if running it takes less than {} engineers", human(v, Unit::Count))
        }
    }));
    out.extend(solve.lever(Lever::PeakToAverage, 1.0, 100.0, |v, more| match more {
        true => format!("the API becomes cheaper if your peak is more than {:.1} times the average", v),
        false => format!("self-hosting becomes cheaper if your peak is less than {:.1} times the average", v),
    }));
    out.extend(solve.growth());
    out.extend(solve.months());
    out.extend(solve.error_price());
    out
}

fn volumes(e: &Evidence) -> Vec<Threshold> {
    let one = |b: &crate::engine::break_even::BreakEven| {
        let value = b.always_cheaper_above_tokens_per_day.filter(|_| !b.crossings.is_empty())?;
        let name = e.cost.api.iter().find(|a| a.role == b.against).map(|a| e.name(a))?;
        let text = match value > e.cost.tokens_per_day {
            true => format!("look again at {}: from there on self-hosting is cheaper than {name}", volume(value)),
            false => format!("self-hosting is cheaper than {name} from {} on, which you are above", volume(value)),
        };
        let now = e.cost.tokens_per_day;
        Some(Threshold { path: Lever::TokensPerDay.path().into(), value, text, now, against: b.against.clone() })
    };
    let mut out: Vec<Threshold> = e.break_even.iter().filter_map(one).collect();
    // Roles that stand for the same row say the same.
    out.dedup_by(|later, first| later.text == first.text);
    out
}

struct Solve<'a> {
    e: &'a Evidence<'a>,
    against: String,
}

/// Self-hosted less the cheapest baseline in a steady month, US dollars.
fn steady(pricing: &Pricing, inputs: &Inputs) -> f64 {
    steady_with(&pricing.hosted, pricing, inputs)
}

/// The same with another frame of the self-hosted side.
fn steady_with(hosted: &Frame, pricing: &Pricing, inputs: &Inputs) -> f64 {
    let volume = inputs.get(Lever::TokensPerDay);
    let hosted = hosted.price(inputs).total(volume).unwrap_or(f64::NAN);
    let api = pricing.api.iter().map(|a| a.total(inputs, volume)).min_by(f64::total_cmp);
    hosted - api.unwrap_or(f64::NAN)
}

impl Solve<'_> {
    fn pricing(&self) -> &Pricing {
        &self.e.cost.pricing
    }

    fn threshold(&self, path: &str, value: f64, now: f64, text: String) -> Threshold {
        Threshold { path: path.into(), value, text, now, against: self.against.clone() }
    }

    /// Where moving a lever changes the side in a steady month. `say` gets the value and whether more of it favours the
    /// API.
    fn lever(&self, lever: Lever, low: f64, high: f64, say: impl Fn(f64, bool) -> String) -> Option<Threshold> {
        let p = self.pricing();
        self.flipped(lever, low, high, |x| steady(p, &p.likely.with(lever, x)), say)
    }

    /// Where the side that `at` gives for a value of a lever changes.
    fn flipped(
        &self,
        lever: Lever,
        low: f64,
        high: f64,
        at: impl Fn(f64) -> f64,
        say: impl Fn(f64, bool) -> String,
    ) -> Option<Threshold> {
        let value = flip(low, high, &at)?;
        let more_favours_api = at(high) >= 0.0;
        Some(self.threshold(lever.path(), value, self.pricing().likely.get(lever), say(value, more_favours_api)))
    }

    /// A price of one's own for committed or spot hours leaves the hour on demand, which the first spot replica and the
    /// extra ones at an update pay, where it was, unless it is dearer.
    fn gpu_price(&self) -> Option<Threshold> {
        let p = self.pricing();
        let owned = p.hosted.payment == Payment::Owned;
        let lever = if owned { Lever::UsdPerGpu } else { Lever::UsdPerGpuHour };
        let now = p.likely.get(lever);
        let unit = if owned { "GPU" } else { "GPU hour" };
        let committed = !owned && self.e.subject.scenario.hardware.acquisition != Acquisition::OnDemand;
        let market = p.market.usd_per_gpu_hour;
        let at = |x: f64| {
            let ratio = if committed { market.map_or(x, |m| m.max(x)) / x } else { p.hosted.flexible_ratio };
            steady_with(&Frame { flexible_ratio: ratio, ..p.hosted }, p, &p.likely.with(lever, x))
        };
        // No price is nothing: a share of the hour on demand has to be one of something.
        let low = if committed { now * 1e-9 } else { 0.0 };
        self.flipped(lever, low, now * 100.0, at, |v, _| match v < now {
            true => format!(
                "self-hosting becomes cheaper below {} per {unit} (now {})",
                human(v, Unit::Usd),
                human(now, Unit::Usd)
            ),
            false => format!(
                "the API becomes cheaper above {} per {unit} (now {})",
                human(v, Unit::Usd),
                human(now, Unit::Usd)
            ),
        })
    }

    /// The price of the cheapest baseline at which it costs as much as self-hosting.
    fn api_price(&self, cheapest: &ApiBaseline) -> Option<Threshold> {
        let p = self.pricing();
        let now = cheapest.usd_per_token * 1e6;
        let volume = p.likely.get(Lever::TokensPerDay);
        let hosted = p.hosted.price(&p.likely).total(volume)?;
        let at = |factor: f64| hosted - cheapest.total_at(cheapest.usd_per_token * factor, volume);
        let value = flip(0.0, 1e6, at)? * now;
        let name = self.e.name(cheapest);
        let text = match value > now {
            true => format!(
                "self-hosting becomes cheaper than {name} if that takes more than {} a million tokens (now {})",
                human(value, Unit::Usd),
                human(now, Unit::Usd)
            ),
            false => format!(
                "{name} becomes cheaper than self-hosting below {} a million tokens (now {})",
                human(value, Unit::Usd),
                human(now, Unit::Usd)
            ),
        };
        Some(self.threshold(&format!("api.{}", cheapest.role), value, now, text))
    }

    /// How full the fleet is at the threshold's volume.
    fn utilization(&self) -> Option<Threshold> {
        let value = volume_threshold(self.e)?;
        let h = &self.e.cost.self_hosted;
        let full =
            |v: f64| v * (1.0 - h.spilled) / (h.curve.with_spares(h.carrying(v)) * h.curve.tokens_per_day_at_full_load);
        let (at, now) = (full(value), full(self.e.cost.tokens_per_day));
        let text = format!("self-hosting breaks even at {} utilisation (now {})", percent(at), percent(now));
        (at.is_finite() && value > self.e.cost.tokens_per_day)
            .then(|| self.threshold("fleet.utilization", at, now, text))
    }

    fn growth(&self) -> Option<Threshold> {
        let p = self.pricing();
        let at = |x: f64| Horizon::new(p, &p.likely.with(Lever::GrowthPerMonth, x)).difference();
        let value = flip(0.0, 1.0, at)?;
        let now = p.likely.get(Lever::GrowthPerMonth);
        let text = match at(1.0) < 0.0 {
            true => format!(
                "self-hosting becomes cheaper over {} months if you grow more than {} a month",
                p.months,
                percent(value)
            ),
            false => format!(
                "the API becomes cheaper over {} months if you grow more than {} a month",
                p.months,
                percent(value)
            ),
        };
        Some(self.threshold(Lever::GrowthPerMonth.path(), value, now, text))
    }

    /// First horizon over which self-hosting is cheaper, setup included.
    fn months(&self) -> Option<Threshold> {
        let p = self.pricing();
        let horizon = Horizon::new(p, &p.likely).over(LONGEST);
        let (mut totals, mut behind) = (horizon.nothing_yet(), 0);
        horizon.walk(|step| {
            step.add_to(&mut totals);
            let ahead = horizon.difference_of(totals) < 0.0;
            behind = if ahead { behind } else { step.month };
        });
        let months = Some(behind + 1).filter(|m| *m <= LONGEST)?;
        let text = match months {
            1 => "from the first month on, setup included, self-hosting is the cheaper side".into(),
            _ => format!("over {months} months or more, setup included, self-hosting is the cheaper side"),
        };
        Some(self.threshold("horizon_months", f64::from(months), f64::from(p.months), text))
    }

    /// What an error must cost for the frontier model to be the cheaper side, where the quality gap is known.
    fn error_price(&self) -> Option<Threshold> {
        let p = self.pricing();
        let frontier = p.api.iter().find(|a| a.role == "frontier")?;
        let volume = p.likely.get(Lever::TokensPerDay);
        let at = |x: f64| {
            let inputs = p.likely.with(Lever::UsdPerError, x);
            p.hosted.price(&inputs).total(volume).unwrap_or(f64::NAN) - frontier.total(&inputs, volume)
        };
        let value = flip(0.0, 1e6, at)?;
        let now = p.likely.get(Lever::UsdPerError);
        let text = format!("the frontier model becomes cheaper once a failed task costs more than {}", usd(value));
        let threshold = self.threshold(Lever::UsdPerError.path(), value, now, text);
        Some(Threshold { against: "frontier".into(), ..threshold })
    }
}
