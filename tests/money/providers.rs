//! The price of a chosen provider is charged, and nobody else's in its place.

use std::sync::LazyLock;

use crossover::catalog::Catalog;
use crossover::engine::{Effort, Plan, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, Scenario, Warning, canonical_ids};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

fn at(provider: &str, accelerator: &str, way: Acquisition) -> Scenario {
    let mut s = Scenario::default();
    s.hardware.provider = Some(provider.into());
    s.hardware.accelerator = accelerator.into();
    s.hardware.acquisition = way;
    s
}

fn plan(s: &Scenario) -> Plan {
    plan_with(s, &CATALOG, Effort { draws: 0 }).unwrap()
}

fn warning<'a>(p: &'a Plan, says: &str) -> &'a Warning {
    p.warnings.iter().find(|w| w.path == "hardware.provider" && w.message.contains(says)).unwrap()
}

#[test]
fn a_plan_is_charged_at_the_providers_row() {
    let p = plan(&at("GCP@us-east4", "h100-sxm", Acquisition::Reserved3y));
    let rate = &p.cost.gpu_rate;
    assert_eq!(rate.usd_per_gpu_hour, Some(5.0608));
    assert_eq!(rate.on_demand_usd_per_gpu_hour, Some(11.6172));
    assert_eq!(rate.offer.as_deref(), Some("GCP/a3-megagpu-8g@us-east4"));
    assert!(!rate.estimated && rate.basis.contains("read 2026-07-30"), "{}", rate.basis);
    let gpus = p.fleet.replicas_for_peak * f64::from(p.fleet.gpus_per_replica);
    assert!((p.cost.self_hosted.unwrap().gpu_usd - 5.0608 * 730.0 * gpus).abs() < 1e-6);
    warning(&p, "8 GPUs at a time");
}

#[test]
fn the_instance_fits_the_replica_of_the_plan() {
    let p = plan(&at("AWS", "l40s", Acquisition::OnDemand));
    let instance = match p.fleet.gpus_per_replica {
        1 => "AWS/g6e.xlarge@us-east-1",
        2..=4 => "AWS/g6e.12xlarge@us-east-1",
        _ => "AWS/g6e.48xlarge@us-east-1",
    };
    assert_eq!(p.cost.gpu_rate.offer.as_deref(), Some(instance));
}

#[test]
fn a_provider_without_the_price_leaves_it_unknown_and_says_who_has_one() {
    for (provider, gpu, way, missing, other) in [
        ("AWS", "h100-sxm", Acquisition::Reserved1y, "no reserved_1y price", "GCP"),
        ("Lambda", "l40s", Acquisition::OnDemand, "no on_demand price of l40s", "AWS"),
        ("CoreWeave", "a10g", Acquisition::Spot, "no spot price", "type hardware.usd_per_gpu_hour"),
        // Verda rents the L40S on spot only, and spot is never the only replica.
        ("Verda (DataCrunch)", "l40s", Acquisition::Spot, "no on_demand price of l40s", "AWS"),
    ] {
        let p = plan(&at(provider, gpu, way));
        assert!(p.cost.self_hosted.is_none() && p.break_even.is_empty(), "{provider}");
        assert!(p.projection.months.iter().all(|m| m.self_hosted_usd.is_none()), "{provider}");
        let hint = &warning(&p, missing).hint;
        assert!(hint.contains(other), "{hint}");
        assert_eq!(p.advice.verdict, "unknown", "{provider}");
    }
}

#[test]
fn spot_of_a_provider_charges_its_own_hour_for_the_first_replica() {
    let p = plan(&at("CoreWeave", "h100-sxm", Acquisition::Spot));
    let rate = &p.cost.gpu_rate;
    assert_eq!((rate.usd_per_gpu_hour, rate.on_demand_usd_per_gpu_hour), (Some(2.4638), Some(6.155)));
    let (n, g) = (p.fleet.replicas_for_peak, f64::from(p.fleet.gpus_per_replica));
    let usd = (6.155 + (n - 1.0) * 2.4638) * 730.0 * g;
    assert!((p.cost.self_hosted.unwrap().gpu_usd - usd).abs() < 1e-6);
}

#[test]
fn a_marketplace_price_is_named_as_one() {
    let p = plan(&at("SF Compute", "h100-sxm", Acquisition::OnDemand));
    assert_eq!(p.cost.gpu_rate.usd_per_gpu_hour, Some(2.11));
    assert!(warning(&p, "market_contract").hint.contains("by the hour"));
}

#[test]
fn renting_is_compared_with_owning_at_the_providers_prices_only() {
    let p = plan(&at("AWS", "h100-sxm", Acquisition::OnDemand));
    let usd = |way: &str| p.projection.rent_or_own.iter().find(|r| r.acquisition == way).unwrap().usd_per_gpu_hour;
    assert_eq!((usd("on_demand"), usd("reserved_1y"), usd("reserved_3y")), (Some(6.88), None, None));
}

#[test]
fn an_unknown_provider_or_instance_is_refused_with_the_known_ones() {
    let refuse = |provider: &str| {
        plan_with(&at(provider, "h200-sxm", Acquisition::OnDemand), &CATALOG, Effort { draws: 0 }).unwrap_err()
    };
    let e = refuse("Amazon");
    assert_eq!(e.path, "hardware.provider");
    assert!(
        e.message.contains("'Amazon'") && e.hint.contains("AWS") && e.hint.contains("providers of h200-sxm"),
        "{e}"
    );
    assert!(refuse("AWS/p9.nano").hint.contains("AWS/p5en.48xlarge"), "{}", refuse("AWS/p9.nano"));
}

#[test]
fn your_own_price_wins_and_an_owned_server_has_no_provider() {
    let mut s = at("AWS", "h100-sxm", Acquisition::OnDemand);
    s.hardware.usd_per_gpu_hour = Some(Range::point(2.0));
    let rate = plan(&s).cost.gpu_rate;
    assert_eq!((rate.usd_per_gpu_hour, rate.offer), (Some(2.0), None));
    assert!(plan(&at("AWS", "h100-sxm", Acquisition::Owned)).cost.gpu_rate.usd_per_gpu.is_some());
}

#[test]
fn nothing_is_said_of_an_offer_that_is_not_charged() {
    let mut own = at("SF Compute", "h100-sxm", Acquisition::OnDemand);
    own.hardware.usd_per_gpu_hour = Some(Range::point(2.0));
    for s in [own, at("SF Compute", "h100-sxm", Acquisition::Owned)] {
        let p = plan(&s);
        assert!(p.warnings.iter().all(|w| w.path != "hardware.provider"), "{:?}", p.warnings);
    }
}

#[test]
fn names_take_the_catalogs_spelling() {
    let mut s = at("gcp/A3-HIGHGPU-8G", "h100-sxm", Acquisition::OnDemand);
    canonical_ids(&mut s, &CATALOG);
    assert_eq!(s.hardware.provider.as_deref(), Some("GCP/a3-highgpu-8g"));
}
