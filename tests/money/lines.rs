//! Every line of the bill, reckoned a second time from the fleet's size and the rows of the catalog: rented at the market
//! and at an own price, reserved and spot at a provider, owned with and without colocation, an API as failover, priced
//! mistakes, and the three baselines with cache, batch, long requests and hours of the day.

use std::sync::LazyLock;

use crossover::catalog::{ApiPrice, Catalog};
use crossover::engine::cost::Lever;
use crossover::engine::cost::api::{self, NEAREST_LEAST_SHARE};
use crossover::engine::deployment::Subject;
use crossover::engine::{Effort, Plan, cost, fleet, plan_with};
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, QualityTier, Scenario};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());
const DAYS: f64 = 730.0 / 24.0;

fn close(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0), "{what}: {a} in the plan, {b} by hand");
}

/// US dollars per token of a row for the scenario's requests.
fn per_token(row: &ApiPrice, s: &Scenario) -> f64 {
    let w = &s.workload;
    let (input, output, hit) = (w.input_tokens.likely, w.output_tokens.likely, w.cached_input_share.likely);
    let p = &row.usd_per_mtok;
    let now = |fresh: f64, read: Option<f64>, write: Option<f64>, out: f64| {
        let mixed = hit * read.unwrap_or(fresh) + (1.0 - hit) * write.unwrap_or(fresh);
        input * if hit > 0.0 { mixed.min(fresh) } else { fresh } + output * out
    };
    let long = row.long_context_tier.as_ref().filter(|t| input > t.above_input_tokens);
    let usual = match long {
        Some(t) => now(t.input, t.cached_input, p.cache_write.map(|c| c / p.input * t.input), t.output),
        None => now(p.input, p.cached_input, p.cache_write, p.output),
    };
    let waits = match (row.batch, long) {
        (Some(b), None) => (input * b.input + output * b.output).min(usual),
        (Some(b), Some(t)) => ((input * t.input + output * t.output) * (1.0 - b.discount)).min(usual),
        (None, _) => usual,
    };
    let peak = row.id.strip_suffix("@offpeak").and_then(|id| CATALOG.api_price(&format!("{id}@peak")));
    let online = match peak {
        Some(q) => {
            let (share, u) = (q.peak_hours_per_week.unwrap() / 168.0, &q.usd_per_mtok);
            share * now(u.input, u.cached_input, u.cache_write, u.output) + (1.0 - share) * usual
        }
        None => usual,
    };
    let batch = w.batchable_share.likely;
    ((1.0 - batch) * online + batch * waits) / (input + output) / 1e6
}

/// What a month of the hardware costs, by hand.
struct Rent {
    /// One GPU, write-off and maintenance or hours.
    gpu: f64,
    /// What the first replica costs beyond that, per GPU.
    first: f64,
    /// One GPU of the replicas that run beside the old ones at an update.
    beside: f64,
    /// Electricity of one GPU.
    power: f64,
    /// Colocation of the whole.
    colocation: f64,
}

impl Rent {
    fn hours(usd: f64, on_demand: f64, first: bool) -> Self {
        let month = 730.0 * usd;
        let beside = 730.0 * on_demand.max(usd);
        Self { gpu: month, first: if first { beside - month } else { 0.0 }, beside, power: 0.0, colocation: 0.0 }
    }
}

fn check(name: &str, s: &Scenario, rent: &Rent) -> Plan {
    let p = plan_with(s, &CATALOG, Effort { draws: 0 }).unwrap();
    let (l, f) = (p.cost.self_hosted.unwrap(), &p.fleet);
    let (g, n, spare) = (f64::from(f.gpus_per_replica), f.replicas_for_peak, f64::from(f.spare_replicas));
    let month = s.workload.tokens_per_day.likely * DAYS;
    let week = s.people.engineer_usd_per_year.likely / 52.0;
    let every = s.updates.every_months.likely;

    let gpu = n * g * rent.gpu + g * rent.first + rent.colocation;
    let spares = spare * g * rent.gpu;
    let same = p.cost.api.iter().find(|a| a.role == "same_weights").map(|a| CATALOG.api_price(&a.id).unwrap());
    let failover = if s.hardware.api_failover { 0.03 * month * per_token(same.unwrap(), s) } else { 0.0 };
    let spilled = s.hardware.spill_percentile.map_or(0.0, |q| spilled(s.workload.peak_to_average.likely, q));
    let spill = if spilled > 0.0 { spilled * month * per_token(same.unwrap(), s) } else { 0.0 };
    let overhead = ((gpu + spares) * s.overhead.share_of_gpu.likely).max(s.overhead.minimum_usd_per_month.likely);
    let people = s.people.engineer_usd_per_year.likely / 12.0 * s.people.run_fte.likely;
    let side_by_side = n * g * rent.beside * s.updates.parallel_run_days.likely / DAYS;
    let updates = (s.updates.engineer_weeks.likely * week + side_by_side) / every;
    let calls = month / (s.workload.input_tokens.likely + s.workload.output_tokens.likely);
    let mistakes = calls * s.quality.task_error_gap.map_or(0.0, |r| r.likely) * s.quality.usd_per_error.likely;
    let power = (n + spare) * g * rent.power;

    close(l.gpu_usd, gpu, &format!("{name}, GPUs"));
    close(l.redundancy_usd, spares + failover, &format!("{name}, redundancy"));
    close(l.overhead_usd, overhead + s.overhead.egress_usd_per_month.likely, &format!("{name}, overhead"));
    close(l.people_usd, people, &format!("{name}, people"));
    close(l.updates_usd, updates, &format!("{name}, updates"));
    close(l.spill_usd, spill, &format!("{name}, spill-over"));
    close(l.quality_gap_usd, mistakes, &format!("{name}, quality gap"));
    close(l.power_usd, power, &format!("{name}, power"));
    close(l.setup_usd, s.people.setup_weeks.likely * week, &format!("{name}, setup"));
    let total = gpu + spares + failover + overhead + people + updates + spill + mistakes + power;
    let total = total + s.overhead.egress_usd_per_month.likely;
    close(l.total_usd_per_month, total, &format!("{name}, total"));
    close(l.usd_per_million_tokens_reserved, total / month * 1e6, &format!("{name}, per million"));
    for a in &p.cost.api {
        close(a.tokens_usd, month * per_token(CATALOG.api_price(&a.id).unwrap(), s), &format!("{name}, {}", a.id));
        close(a.updates_usd, s.updates.api_migration_weeks.likely * week / every, &format!("{name}, migrations"));
        let gap = if a.role == "frontier" { 0.0 } else { mistakes };
        close(a.total_usd_per_month, a.tokens_usd + a.updates_usd + gap, &format!("{name}, {} in all", a.role));
    }
    p
}

/// Share of a day's tokens above a percentile of its load `p (1 - x)^(p - 1)`, by adding up a million moments.
fn spilled(p: f64, percentile: f64) -> f64 {
    let load = |x: f64| p * (1.0 - x).powf(p - 1.0);
    let level = load(1.0 - percentile);
    (0..1_000_000).map(|i| (load((f64::from(i) + 0.5) / 1e6) - level).max(0.0)).sum::<f64>() / 1e6
}

fn at(volume: f64, change: impl FnOnce(&mut Scenario)) -> Scenario {
    let mut s = Scenario::default();
    s.workload.tokens_per_day = Range::point(volume);
    change(&mut s);
    s
}

fn p(x: f64) -> Range {
    Range::point(x)
}

#[test]
fn rented_at_the_market_and_at_an_own_price() {
    let market = CATALOG.rental_band("h100-sxm", "on_demand").unwrap().median;
    check("the defaults", &at(5e7, |_| {}), &Rent::hours(market, market, false));
    let own = at(3e9, |s| {
        s.hardware.usd_per_gpu_hour = Some(p(3.0));
        s.hardware.spare_replicas = 2;
        s.workload.batchable_share = p(0.3);
        s.api.nearest = Some("deepseek/deepseek-v4-pro@offpeak".into());
    });
    check("an own price", &own, &Rent::hours(3.0, 3.0, false));
    let zones = at(3e9, |s| {
        s.hardware.usd_per_gpu_hour = Some(p(3.0));
        (s.hardware.spare_replicas, s.hardware.zones) = (1, 3);
    });
    let fleet = check("three zones", &zones, &Rent::hours(3.0, 3.0, false)).fleet;
    // Two zones that are left carry the peak: half as many again as it takes stand by.
    assert!(fleet.replicas_for_peak > 2.0, "one spare would do");
    assert_eq!(f64::from(fleet.spare_replicas), (fleet.replicas_for_peak / 2.0).ceil());
    let lost = fleet.at.unwrap().peak_with_a_zone_lost.unwrap();
    assert!(!lost.overloaded && lost.tpot_p95_ms <= zones.workload.tpot_p95_ms.likely, "{lost:?}");
    let long = at(2e8, |s| {
        (s.workload.input_tokens, s.workload.output_tokens) = (p(120_000.0), p(1_000.0));
        (s.workload.cached_input_share, s.workload.batchable_share) = (p(0.2), p(0.4));
        s.workload.max_request_tokens = p(128_000.0);
        s.api.nearest = Some("anthropic/claude-haiku-5.5".into());
    });
    check("long requests", &long, &Rent::hours(market, market, false));
}

#[test]
fn reserved_and_spot_at_a_provider() {
    let reserved = at(2e9, |s| {
        s.hardware.acquisition = Acquisition::Reserved3y;
        s.hardware.provider = Some("GCP@us-east4".into());
    });
    check("reserved", &reserved, &Rent::hours(5.0608, 11.6172, false));
    let spot = at(5e9, |s| {
        s.hardware.acquisition = Acquisition::Spot;
        s.hardware.provider = Some("CoreWeave".into());
    });
    let plan = check("spot", &spot, &Rent::hours(2.4638, 6.155, true));
    assert!(plan.fleet.replicas_for_peak > 1.0);
}

#[test]
fn owned_with_the_catalogs_figures_and_with_ones_own() {
    let row = CATALOG.accelerator("h100-sxm").unwrap();
    let price = row.purchase_price.as_ref().unwrap();
    let usd = (price.usd_low + price.usd_high.unwrap()) / 2.0;
    let power = row.tdp_w.unwrap() / 1000.0 * 730.0 * 1.5 * 0.12;
    let gpu = usd / 48.0 + usd * 0.12 / 12.0 + 1500.0 / 8.0;
    let owned = at(2e9, |s| s.hardware.acquisition = Acquisition::Owned);
    check("owned", &owned, &Rent { gpu, first: 0.0, beside: gpu, power, colocation: 0.0 });

    let own = at(1e9, |s| {
        s.hardware.acquisition = Acquisition::Owned;
        let o = &mut s.owned;
        (o.usd_per_gpu, o.years, o.residual_share) = (Some(p(25_000.0)), p(3.0), p(0.2));
        (o.maintenance_per_year, o.usd_per_kwh, o.watts_per_gpu) = (p(0.1), p(0.2), Some(p(1730.0)));
        o.colocation_usd_per_month = Some(p(4_000.0));
    });
    let gpu = 25_000.0 * 0.8 / 36.0 + 2_500.0 / 12.0;
    // Watts for everything around a GPU are not multiplied by the PUE again.
    let power = 1.73 * 730.0 * 0.2;
    check("owned, own figures", &own, &Rent { gpu, first: 0.0, beside: gpu, power, colocation: 4_000.0 });
}

#[test]
fn a_fleet_for_a_percentile_of_the_load_sends_the_rest_to_the_same_weights() {
    let market = CATALOG.rental_band("h100-sxm", "on_demand").unwrap().median;
    let spilling = at(2e10, |s| s.hardware.spill_percentile = Some(0.9));
    let plan = check("spill-over", &spilling, &Rent::hours(market, market, false));
    // By hand: 3 x 0.9^2 = 2.43 times the average is carried, 1 - 0.9^3 - 0.1 x 2.43 = 2.8 % of the tokens spill.
    assert!((plan.fleet.api_share_of_tokens - 0.028).abs() < 1e-12);
    let whole = plan_with(&at(2e10, |_| ()), &CATALOG, Effort { draws: 0 }).unwrap();
    let replicas = (whole.fleet.replicas_for_peak * 2.43 / 3.0).ceil();
    assert!((plan.fleet.replicas_for_peak - replicas).abs() <= 1.0);
    // What the first option of the whole plan promises is what the plan that takes it says.
    let option = whole.fleet.spill.iter().find(|o| o.percentile == 0.9).unwrap();
    assert_eq!(option.replicas, plan.fleet.replicas_for_peak);
    close(option.usd_per_month.unwrap(), plan.cost.self_hosted.unwrap().total_usd_per_month, "the option's total");
}

#[test]
fn data_that_must_stay_in_house_never_spills_over() {
    let kept = at(2e10, |s| (s.hardware.spill_percentile, s.requirements.data_residency) = (Some(0.9), true));
    let plan = plan_with(&kept, &CATALOG, Effort { draws: 0 }).unwrap();
    assert_eq!((plan.fleet.api_share_of_tokens, plan.cost.self_hosted.unwrap().spill_usd), (0.0, 0.0));
    assert!(plan.warnings.iter().any(|w| w.path == "hardware.spill_percentile"));
}

#[test]
fn an_api_as_failover_mistakes_and_egress() {
    let market = CATALOG.rental_band("h100-sxm", "on_demand").unwrap().median;
    let failover = at(1e9, |s| (s.hardware.spare_replicas, s.hardware.api_failover) = (0, true));
    let plan = check("failover", &failover, &Rent::hours(market, market, false));
    assert!(plan.cost.self_hosted.unwrap().redundancy_usd > 0.0);
    let mistakes = at(4e8, |s| {
        s.quality.task_error_gap = Some(p(0.03));
        s.quality.usd_per_error = p(0.02);
        s.overhead.egress_usd_per_month = p(500.0);
        (s.updates.every_months, s.updates.parallel_run_days) = (p(3.0), p(14.0));
        (s.people.run_fte, s.people.engineer_usd_per_year) = (p(1.2), p(150e3));
    });
    check("mistakes", &mistakes, &Rent::hours(market, market, false));
}

/// What a small model passes on to a large one is no answer of it: only the rest can be mistaken.
#[test]
fn only_the_answers_that_count_can_be_mistaken() {
    let mut s = Scenario::default();
    (s.quality.task_error_gap, s.quality.usd_per_error) = (Some(p(0.02)), p(0.05));
    let subject = Subject::of(&s, &CATALOG, &mut Vec::new()).unwrap();
    let fleet = fleet::choose(&subject, &mut Vec::new());
    let mut cost = cost::price(&subject, &fleet, &mut Vec::new());
    let whole = cost.report();
    cost.count_answers(0.25);
    let part = cost.report();
    let (a, b) = (whole.self_hosted.unwrap(), part.self_hosted.unwrap());
    assert!(a.quality_gap_usd > 0.0);
    close(a.quality_gap_usd / 4.0, b.quality_gap_usd, "mistakes of a quarter");
    close(a.total_usd_per_month - b.total_usd_per_month, 0.75 * a.quality_gap_usd, "nothing else changes");
    for (a, b) in whole.api.iter().zip(&part.api) {
        assert_eq!(a.quality_gap_usd > 0.0, a.role != "frontier", "{a:?}");
        close(a.quality_gap_usd / 4.0, b.quality_gap_usd, &a.role);
        close(a.total_usd_per_month - b.total_usd_per_month, 0.75 * a.quality_gap_usd, &a.role);
    }
}

/// Hours that cost nothing cost nothing beside an update either, whatever the market asks.
#[test]
fn free_hours_are_free_at_updates_too() {
    for acquisition in [Acquisition::OnDemand, Acquisition::Reserved1y, Acquisition::Spot] {
        let mut s = Scenario::default();
        (s.hardware.acquisition, s.hardware.usd_per_gpu_hour) = (acquisition, Some(p(0.0)));
        let plan = plan_with(&s, &CATALOG, Effort { draws: 0 }).unwrap();
        let lines = plan.cost.self_hosted.unwrap();
        assert_eq!((lines.gpu_usd, lines.redundancy_usd), (0.0, 0.0), "{acquisition:?}");
        assert!(lines.updates_usd > 0.0 && lines.total_usd_per_month.is_finite(), "{lines:?}");
    }
}

/// Where other inputs make a replica carry half, as many pinned ones serve half.
#[test]
fn pinned_replicas_serve_what_they_carry_at_these_inputs() {
    let mut s = Scenario::default();
    s.serving.replicas = Some(3);
    let subject = Subject::of(&s, &CATALOG, &mut Vec::new()).unwrap();
    let fleet = fleet::choose(&subject, &mut Vec::new());
    let cost = cost::price(&subject, &fleet, &mut Vec::new());
    let slower = cost.pricing.hosted.price(&cost.pricing.likely.with(Lever::Throughput, 0.5));
    close(slower.most(), 1.5 * fleet.curve.tokens_per_day_per_replica, "three that carry half");
}

/// Each tier of quality a step may ask for, for every model with a score, against all rows one by one.
#[test]
fn a_step_gets_the_cheapest_row_that_is_good_enough() {
    let newest = CATALOG.api_prices.iter().flat_map(|r| &r.quality).map(|q| q.as_of.clone()).max().unwrap();
    let mut between = 0;
    for model in CATALOG.models.iter().filter(|m| m.score().is_some()) {
        let mut s = Scenario::default();
        s.model.id = model.id.clone();
        let own = model.score().unwrap();
        let subject = Subject::of(&s, &CATALOG, &mut Vec::new()).unwrap();
        let mix = api::mix(&cost::Inputs::likely(&subject));
        let rows = || {
            let now = |r: &&ApiPrice| !r.stale && r.effective_from.is_none() && r.peak_hours_per_week.is_none();
            CATALOG.api_prices.iter().filter(now)
        };
        let cheapest = |good: &dyn Fn(&ApiPrice) -> bool| {
            let usd = |r: &ApiPrice| api::Tariff::of(r, &CATALOG).usd_per_token(&mix);
            let order = |a: &&ApiPrice, b: &&ApiPrice| usd(a).total_cmp(&usd(b)).then_with(|| a.id.cmp(&b.id));
            rows().filter(|r| good(r)).min_by(order).map(|r| r.id.as_str())
        };
        let score = |r: &ApiPrice| r.score;
        let found = |tier| api::for_step(&subject, tier, &mix).map(|r| r.id.as_str());
        assert_eq!(found(QualityTier::Any), cheapest(&|_| true));
        let near = cheapest(&|r| score(r).is_some_and(|x| x >= 0.9 * own) || CATALOG.serves(r, &subject.model));
        assert_eq!(found(QualityTier::Nearest), near, "{}", model.id);
        between += u32::from(rows().any(|r| Some(r.id.as_str()) == near && score(r).is_some_and(|x| x < own)));
        let best = rows().flat_map(|r| &r.quality).filter(|q| q.as_of == newest).map(|q| q.value).fold(0.0, f64::max);
        let top = |r: &ApiPrice| r.quality.iter().any(|q| q.as_of == newest && q.value >= NEAREST_LEAST_SHARE * best);
        assert_eq!(found(QualityTier::Frontier), cheapest(&top));
        assert!(rows().all(|r| api::is_frontier(r, &CATALOG) == top(r)));
    }
    assert!(between > 0, "no row scores a little less than a model");
}
