//! What an hour or the purchase of one GPU costs, by the way it is paid for, and how sure that is.

use serde::Serialize;

use crate::catalog::gpu_price::PriceBand;
use crate::catalog::offer::{Offer, OfferName};
use crate::engine::deployment::Subject;
use crate::quantity::{Unit, human};
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
    /// Name of the catalog's offer that `hardware.provider` chose; `null` where none was chosen or it has no price.
    pub offer: Option<String>,
    /// Whether it was carried over from another offer instead of read for this one.
    pub estimated: bool,
    /// Lowest and highest offer, US dollars per GPU hour or per GPU, where the catalog has a band.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
}

/// What a GPU is rented at on demand, whatever the fleet pays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Market {
    /// All offers of the catalog; `None` where there are none or a provider was chosen.
    band: Option<PriceBand>,
    /// The median of them, or what the chosen provider asks; US dollars per GPU hour.
    pub usd_per_gpu_hour: Option<f64>,
}

impl Market {
    /// For replicas of so many GPUs of the subject's.
    pub fn of(subject: &Subject, gpus: u32) -> Self {
        let (h, on_demand) = (&subject.scenario.hardware, Acquisition::OnDemand);
        match h.provider.as_deref().map(OfferName::read) {
            Some(name) => {
                let own = offer(subject, &name, on_demand, gpus).map(|o| o.row.usd_per_gpu_hour);
                Self { band: None, usd_per_gpu_hour: own }
            }
            None => {
                let band = subject.catalog.rental_band(&h.accelerator, on_demand.id());
                Self { band, usd_per_gpu_hour: band.map(|b| b.median) }
            }
        }
    }
}

/// The rate of the subject's hardware for replicas of so many GPUs. Without `words`, where only prices are compared, its
/// basis may be empty and its band missing.
pub fn rate(subject: &Subject, gpus: u32, market: &Market, words: bool) -> GpuRate {
    let (h, on_demand) = (&subject.scenario.hardware, market.usd_per_gpu_hour);
    let provider = h.provider.as_deref().map(OfferName::read);
    match (h.acquisition, h.usd_per_gpu_hour, provider) {
        (Acquisition::Owned, ..) => purchase(subject, on_demand, words),
        (_, Some(own), _) => own_price(h.acquisition, own.likely, on_demand),
        (way, None, Some(name)) => published(subject, way, &name, gpus, on_demand),
        (Acquisition::OnDemand, None, None) => of_market(market.band),
        (committed, None, None) => commitment(subject, committed, on_demand, words),
    }
}

/// US dollars per GPU hour, and per flexible GPU hour, of replicas of so many GPUs; `None` where unknown or not rented.
pub fn gpu_hours(subject: &Subject, gpus: u32) -> (Option<f64>, Option<f64>) {
    let rate = rate(subject, gpus, &Market::of(subject, gpus), false);
    (rate.usd_per_gpu_hour, rate.on_demand_usd_per_gpu_hour)
}

fn offer<'a>(subject: &Subject<'a>, name: &OfferName, way: Acquisition, gpus: u32) -> Option<Offer<'a>> {
    subject.catalog.offer(name, &subject.scenario.hardware.accelerator, way.id(), gpus)
}

fn own_price(way: Acquisition, usd: f64, on_demand: Option<f64>) -> GpuRate {
    GpuRate {
        acquisition: way.id(),
        usd_per_gpu_hour: Some(usd),
        // Nobody pays more for the flexible hour than the market asks, nor less than for the committed one.
        on_demand_usd_per_gpu_hour: match way {
            Acquisition::OnDemand => Some(usd),
            _ => Some(on_demand.map_or(usd, |d| d.max(usd))),
        },
        usd_per_gpu: None,
        basis: "your own price".into(),
        offer: None,
        estimated: false,
        low: None,
        high: None,
    }
}

/// What the chosen provider publishes, and nothing else: another's price is never taken in its place.
fn published(subject: &Subject, way: Acquisition, name: &OfferName, gpus: u32, on_demand: Option<f64>) -> GpuRate {
    let row = offer(subject, name, way, gpus).map(|o| o.row);
    GpuRate {
        acquisition: way.id(),
        usd_per_gpu_hour: row.map(|r| r.usd_per_gpu_hour),
        on_demand_usd_per_gpu_hour: on_demand,
        usd_per_gpu: None,
        basis: row.map_or_else(String::new, |r| {
            format!("{}, {}, {}, {}, read {}", r.provider, r.instance, r.commitment, r.region, r.as_of)
        }),
        offer: row.map(|r| r.name()),
        estimated: false,
        low: None,
        high: None,
    }
}

/// What to know of a price that was chosen by name.
fn warn_of_offer(o: &Offer, gpus: u32, warnings: &mut Vec<Warning>) {
    let r = o.row;
    let size = r.gpus_in_instance.unwrap_or(1);
    if o.marketplace {
        warnings.push(Warning::new(
            "hardware.provider",
            format!("{} publishes no on-demand price; its {} price is taken", r.provider, r.commitment),
            "marketplace prices change by the hour: type a price you were quoted",
        ));
    }
    if size > 1 && !gpus.is_multiple_of(size) {
        warnings.push(Warning::new(
            "hardware.provider",
            format!("{} rents {} in {size} GPUs at a time, and a replica takes {gpus}", r.provider, r.instance),
            "only the GPUs in use are charged; the rest of an instance is taken to serve something else",
        ));
    }
}

fn of_market(band: Option<PriceBand>) -> GpuRate {
    GpuRate {
        acquisition: Acquisition::OnDemand.id(),
        usd_per_gpu_hour: band.map(|b| b.median),
        on_demand_usd_per_gpu_hour: band.map(|b| b.median),
        usd_per_gpu: None,
        basis: band.map_or_else(String::new, |b| format!("median of {} on-demand offers in the catalog", b.offers)),
        offer: None,
        estimated: false,
        low: band.map(|b| b.low),
        high: band.map(|b| b.high),
    }
}

fn commitment(subject: &Subject, committed: Acquisition, on_demand: Option<f64>, words: bool) -> GpuRate {
    let accelerator = &subject.scenario.hardware.accelerator;
    let (catalog, id) = (subject.catalog, committed.id());
    let ratio = catalog.commitment_ratio(accelerator, id);
    let carried = on_demand.zip(ratio);
    let direct = if words || carried.is_none() { catalog.rental_band(accelerator, id) } else { None };
    let (price, basis) = match (carried, on_demand, direct) {
        (Some((d, r)), ..) if !words => (Some(d * r.ratio), String::new()),
        (Some((d, r)), ..) => {
            let whose = if r.same_accelerator { "this accelerator" } else { "other accelerators" };
            let basis = format!(
                "median on-demand price times {:.2}, the ratio of {} offers of {whose} that publish both",
                r.ratio, r.offers
            );
            (Some(d * r.ratio), basis)
        }
        (None, None, Some(b)) => (Some(b.median), format!("median of {} {id} offers in the catalog", b.offers)),
        _ => (None, String::new()),
    };
    GpuRate {
        acquisition: id,
        usd_per_gpu_hour: price,
        on_demand_usd_per_gpu_hour: on_demand.or(price),
        usd_per_gpu: None,
        basis,
        offer: None,
        estimated: on_demand.is_some(),
        low: direct.map(|b| b.low),
        high: direct.map(|b| b.high),
    }
}

fn purchase(subject: &Subject, on_demand: Option<f64>, words: bool) -> GpuRate {
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
            (None, Some(p)) if words => format!(
                "middle of the catalog's purchase price ({}, {})",
                p.basis,
                p.as_of.as_deref().unwrap_or("undated")
            ),
            (None, _) => String::new(),
        },
        offer: None,
        estimated: own.is_none() && row.is_some(),
        low: row.filter(|_| own.is_none()).map(|p| p.usd_low),
        high: row.filter(|_| own.is_none()).map(|p| p.usd_high.unwrap_or(p.usd_low)),
    }
}

/// Warn of a rate for replicas of so many GPUs that is unknown or estimated, and of what comes with a chosen offer.
pub fn warn(subject: &Subject, gpus: u32, rate: &GpuRate, warnings: &mut Vec<Warning>) {
    let h = &subject.scenario.hardware;
    let accelerator = &h.accelerator;
    let owned = rate.acquisition == Acquisition::Owned.id();
    let chosen = h.provider.as_deref().filter(|_| !owned && h.usd_per_gpu_hour.is_none());
    if let Some(provider) = chosen {
        if let Some(o) = offer(subject, &OfferName::read(provider), h.acquisition, gpus) {
            warn_of_offer(&o, gpus, warnings);
        }
        return warn_of_provider(subject, rate, provider, warnings);
    }
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
            format!("the price of {} per {unit} is estimated: {}", human(usd, Unit::Usd), rate.basis),
            format!("type a quoted price per {unit} of your own"),
        )),
        Some(_) => {}
    }
}

/// A chosen provider without the price that is needed: who has one.
fn warn_of_provider(subject: &Subject, rate: &GpuRate, provider: &str, warnings: &mut Vec<Warning>) {
    let accelerator = &subject.scenario.hardware.accelerator;
    let spot = rate.acquisition == Acquisition::Spot.id();
    let missing = match (rate.usd_per_gpu_hour, rate.on_demand_usd_per_gpu_hour) {
        (None, _) => rate.acquisition,
        // Spot is never the only replica, so its first one needs a price on demand.
        (Some(_), None) if spot => Acquisition::OnDemand.id(),
        _ => return,
    };
    let others = subject.catalog.providers_of(accelerator, missing);
    let hint = match others.is_empty() {
        true => "nobody in the catalog does: type hardware.usd_per_gpu_hour".into(),
        false => format!("providers that do: {}; or type hardware.usd_per_gpu_hour", others.join(", ")),
    };
    let message =
        format!("{provider} publishes no {missing} price of {accelerator}, so the self-hosted side has no cost");
    warnings.push(Warning::new("hardware.provider", message, hint));
}
