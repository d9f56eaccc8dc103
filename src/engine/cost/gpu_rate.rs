//! What an hour or the purchase of one GPU costs, by the way it is paid for, and how sure that is.

use serde::Serialize;

use crate::engine::deployment::Subject;
use crate::scenario::{Acquisition, Warning};

/// The price a fleet is charged at, and where it is from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GpuRate {
    /// `on_demand`, `reserved_1y`, `reserved_3y`, `spot` or `owned`.
    pub acquisition: &'static str,
    /// US dollars per GPU hour; `null` where unknown, and for owned hardware.
    pub usd_per_gpu_hour: Option<f64>,
    /// US dollars per GPU hour of the first replica where it is rented otherwise (spot is never the only replica), and
    /// of the extra replicas that run for some days beside the old ones at an update.
    pub on_demand_usd_per_gpu_hour: Option<f64>,
    /// US dollars to buy one, share of the server included; `null` where unknown, and for rented hardware.
    pub usd_per_gpu: Option<f64>,
    /// Where the price is from, in words.
    pub basis: String,
    /// Whether it was carried over from another offer instead of read for this one.
    pub estimated: bool,
    /// Lowest and highest offer, US dollars per GPU hour or per GPU, where the catalog has a band.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
}

/// The rate of the subject's hardware; a warning where it is unknown or estimated.
pub fn rate(subject: &Subject, warnings: &mut Vec<Warning>) -> GpuRate {
    let h = &subject.scenario.hardware;
    let on_demand = subject.catalog.rental_band(&h.accelerator, Acquisition::OnDemand.id()).map(|b| b.median);
    let rate = match (h.acquisition, h.usd_per_gpu_hour) {
        (Acquisition::Owned, _) => purchase(subject, on_demand),
        (_, Some(own)) => GpuRate {
            acquisition: h.acquisition.id(),
            usd_per_gpu_hour: Some(own.likely),
            // Nobody pays more for the flexible hour than the market asks, nor less than for the committed one.
            on_demand_usd_per_gpu_hour: match h.acquisition {
                Acquisition::OnDemand => Some(own.likely),
                _ => Some(on_demand.map_or(own.likely, |d| d.max(own.likely))),
            },
            usd_per_gpu: None,
            basis: "your own price".into(),
            estimated: false,
            low: None,
            high: None,
        },
        (Acquisition::OnDemand, None) => market(subject),
        (committed, None) => commitment(subject, committed, on_demand),
    };
    warn(subject, &rate, warnings);
    rate
}

fn market(subject: &Subject) -> GpuRate {
    let band = subject.catalog.rental_band(&subject.scenario.hardware.accelerator, Acquisition::OnDemand.id());
    GpuRate {
        acquisition: Acquisition::OnDemand.id(),
        usd_per_gpu_hour: band.map(|b| b.median),
        on_demand_usd_per_gpu_hour: band.map(|b| b.median),
        usd_per_gpu: None,
        basis: band.map_or_else(String::new, |b| format!("median of {} on-demand offers in the catalog", b.offers)),
        estimated: false,
        low: band.map(|b| b.low),
        high: band.map(|b| b.high),
    }
}

fn commitment(subject: &Subject, committed: Acquisition, on_demand: Option<f64>) -> GpuRate {
    let accelerator = &subject.scenario.hardware.accelerator;
    let (catalog, id) = (subject.catalog, committed.id());
    let ratio = catalog.commitment_ratio(accelerator, id);
    let direct = catalog.rental_band(accelerator, id);
    let (price, basis) = match (on_demand, ratio, direct) {
        (Some(d), Some(r), _) => {
            let whose = if r.same_accelerator { "this accelerator" } else { "other accelerators" };
            let basis = format!(
                "median on-demand price times {:.2}, the ratio of {} offers of {whose} that publish both",
                r.ratio, r.offers
            );
            (Some(d * r.ratio), basis)
        }
        (None, _, Some(b)) => (Some(b.median), format!("median of {} {id} offers in the catalog", b.offers)),
        _ => (None, String::new()),
    };
    GpuRate {
        acquisition: id,
        usd_per_gpu_hour: price,
        on_demand_usd_per_gpu_hour: on_demand.or(price),
        usd_per_gpu: None,
        basis,
        estimated: on_demand.is_some(),
        low: direct.map(|b| b.low),
        high: direct.map(|b| b.high),
    }
}

fn purchase(subject: &Subject, on_demand: Option<f64>) -> GpuRate {
    let row = subject.accelerator.purchase_price.as_ref();
    let own = subject.scenario.owned.usd_per_gpu;
    let middle = row.map(|p| (p.usd_low + p.usd_high.unwrap_or(p.usd_low)) / 2.0);
    GpuRate {
        acquisition: Acquisition::Owned.id(),
        usd_per_gpu_hour: None,
        on_demand_usd_per_gpu_hour: on_demand,
        usd_per_gpu: own.map(|o| o.likely).or(middle),
        basis: match (own, row) {
            (Some(_), _) => "your own price".into(),
            (None, Some(p)) => format!(
                "middle of the catalog's purchase price ({}, {})",
                p.basis,
                p.as_of.as_deref().unwrap_or("undated")
            ),
            (None, None) => String::new(),
        },
        estimated: own.is_none() && row.is_some(),
        low: row.filter(|_| own.is_none()).map(|p| p.usd_low),
        high: row.filter(|_| own.is_none()).map(|p| p.usd_high.unwrap_or(p.usd_low)),
    }
}

fn warn(subject: &Subject, rate: &GpuRate, warnings: &mut Vec<Warning>) {
    let accelerator = &subject.scenario.hardware.accelerator;
    let owned = rate.acquisition == Acquisition::Owned.id();
    let path = if owned { "owned.usd_per_gpu" } else { "hardware.usd_per_gpu_hour" };
    let (price, unit) = if owned { (rate.usd_per_gpu, "GPU") } else { (rate.usd_per_gpu_hour, "GPU hour") };
    match price {
        None => warnings.push(Warning::new(
            path,
            format!("no {} price is known for {accelerator}, so the self-hosted side has no cost", rate.acquisition),
            format!("type a price per {unit} of your own"),
        )),
        Some(usd) if rate.estimated => warnings.push(Warning::new(
            path,
            format!("the price of ${usd:.2} per {unit} is estimated: {}", rate.basis),
            format!("type a quoted price per {unit} of your own"),
        )),
        Some(_) => {}
    }
}
