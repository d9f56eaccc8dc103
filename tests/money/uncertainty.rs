//! The draws: nothing is claimed without them, they repeat, and they agree with the plan they surround.

use crossover::catalog::Catalog;
use crossover::engine::cost::{Cost, Lever};
use crossover::engine::deployment::Subject;
use crossover::engine::fleet::Fleet;
use crossover::engine::sensitivity::tornado;
use crossover::engine::uncertainty::Drawn;
use crossover::engine::{Effort, Plan, cost, fleet, plan_with, uncertainty};
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, Scenario};

fn plan(draws: u32, change: impl FnOnce(&mut Scenario)) -> Plan {
    let mut s = Scenario::default();
    change(&mut s);
    plan_with(&s, &Catalog::embedded().unwrap(), Effort { draws }).unwrap()
}

#[test]
fn without_draws_nothing_is_claimed() {
    let u = plan(0, |_| {}).uncertainty;
    assert_eq!((u.draws, u.probability_self_hosting_cheaper, u.perfect_information_usd), (0, None, None));
    assert!(u.bands.is_empty() && u.value_of_information.is_empty() && !u.inputs.is_empty());
}

#[test]
fn the_same_question_has_the_same_picture() {
    let (a, b) = (plan(2_000, |_| {}), plan(2_000, |_| {}));
    assert_eq!(serde_json::to_string(&a.uncertainty).unwrap(), serde_json::to_string(&b.uncertainty).unwrap());
}

#[test]
fn the_defaults_are_unsure_and_say_so() {
    let u = plan(1_000, |_| {}).uncertainty;
    let paths: Vec<&str> = u.inputs.iter().map(|i| i.path).collect();
    for path in ["people.run_fte", "hardware.usd_per_gpu_hour", "speed.error_band", "api.same_weights"] {
        assert!(paths.contains(&path), "{path} is not drawn");
    }
    assert!(u.inputs.iter().all(|i| i.low <= i.likely && i.likely <= i.high && !i.source.is_empty()));
    // A number somebody typed is certain; a range is drawn as it is.
    let typed = plan(0, |s| s.people.run_fte = Range::point(0.7)).uncertainty;
    assert!(typed.inputs.iter().all(|i| i.path != "people.run_fte"));
    let range = plan(0, |s| s.workload.tokens_per_day = Range { low: 2e7, likely: 5e7, high: 9e7 }).uncertainty;
    let volume = range.inputs.iter().find(|i| i.path == "workload.tokens_per_day").unwrap();
    assert!(!volume.default_band && volume.low == 2e7 && volume.high == 9e7);
}

#[test]
fn bands_surround_the_plan_and_probabilities_are_shares() {
    let p = plan(4_000, |s| s.workload.tokens_per_day = Range::point(4e8));
    let u = &p.uncertainty;
    assert_eq!(u.bands.len(), (p.cost.api.len() + 1) * p.projection.months.len());
    for b in &u.bands {
        assert!(0.0 <= b.p10_usd && b.p10_usd <= b.p50_usd && b.p50_usd <= b.p90_usd, "{b:?}");
    }
    for m in &u.probability_by_month {
        assert!((0.0..=1.0).contains(&m.monthly) && (0.0..=1.0).contains(&m.cumulative));
    }
    let last = u.probability_by_month.last().unwrap();
    assert_eq!(Some(last.cumulative), u.probability_self_hosting_cheaper);
    let whole = u.perfect_information_usd.unwrap();
    // Binning a finite number of draws can put a part a little above the whole, never far.
    assert!(u.value_of_information.iter().all(|v| v.usd >= 0.0 && v.usd <= whole * 1.01 + 1.0));
}

/// The projection charges setup in the first month; the band around it did not, so that the line ran outside its own band.
#[test]
fn the_band_of_the_first_month_holds_the_setup() {
    let p = plan(4_000, |_| {});
    let band = |month: u32| p.uncertainty.bands.iter().find(|b| b.side == "self_hosted" && b.month == month).unwrap();
    let first = p.projection.months[0].self_hosted_usd.unwrap();
    assert!((band(1).p10_usd..=band(1).p90_usd).contains(&first), "{first} {:?}", band(1));
    let setup = p.cost.self_hosted.unwrap().setup_usd;
    assert!(band(1).p50_usd - band(2).p50_usd > 0.4 * setup, "{:?} {:?} {setup}", band(1), band(2));
}

/// Owned hardware is paid for when it is bought in the projection; the band around it charged its use instead, so that
/// the line ran outside its own band in every month.
#[test]
fn the_band_of_owned_hardware_is_cash_as_its_line_is() {
    let p = plan(4_000, |s| {
        s.hardware.acquisition = Acquisition::Owned;
        s.workload.tokens_per_day = Range::point(4e8);
    });
    let band = |month: u32| p.uncertainty.bands.iter().find(|b| b.side == "self_hosted" && b.month == month).unwrap();
    for m in &p.projection.months {
        let (line, b) = (m.self_hosted_usd.unwrap(), band(m.month));
        let purchase = m.events.iter().any(|e| e.starts_with("purchase"));
        // A month in which the likely inputs buy a replica is one in which few draws do.
        assert!(purchase && m.month > 1 || (b.p10_usd..=b.p90_usd).contains(&line), "month {}: {line} {b:?}", m.month);
    }
    let bought = p.cost.gpu_rate.usd_per_gpu.unwrap() * p.fleet.gpus;
    assert!(band(1).p50_usd - band(2).p50_usd > 0.7 * bought, "{:?} {:?} {bought}", band(1), band(2));
}

#[test]
fn a_wide_gap_is_certain_and_an_even_one_is_not() {
    let far = plan(2_000, |s| s.workload.tokens_per_day = Range::point(1e6)).uncertainty;
    assert_eq!(far.probability_self_hosting_cheaper, Some(0.0));
    assert_eq!(far.perfect_information_usd, Some(0.0));
    let near = |v: f64| against_opus(2_000, v).uncertainty.probability_self_hosting_cheaper.unwrap();
    let (low, high) = (near(3e7), near(3e9));
    assert!(low < 0.2 && high > 0.8, "{low} {high}");
}

/// The same volume in every month against one dear API, so that neither side is always the cheaper one.
fn against_opus(draws: u32, tokens_per_day: f64) -> Plan {
    plan(draws, |s| {
        for id in [&mut s.api.same_weights, &mut s.api.nearest, &mut s.api.frontier] {
            *id = Some("anthropic/claude-opus-5.5".into());
        }
        s.workload.growth_per_month = Range::point(0.0);
        s.workload.tokens_per_day = Range::point(tokens_per_day);
    })
}

/// What information is worth is a mean over the draws: four times as many of them give the same, where self-hosting is
/// dearer on average (2e8 tokens a day) and where it is cheaper (3e8).
#[test]
fn what_information_is_worth_does_not_grow_with_the_draws() {
    for volume in [2e8, 3e8] {
        let [few, many] = [2_000, 8_000].map(|draws| against_opus(draws, volume).uncertainty);
        let whole = |u: &uncertainty::Uncertainty| u.perfect_information_usd.unwrap();
        assert!((whole(&few) / whole(&many) - 1.0).abs() < 0.03, "{} {}", whole(&few), whole(&many));
        let first = |u: &uncertainty::Uncertainty| u.value_of_information[0].clone();
        assert_eq!((first(&few).path, first(&many).path), ("people.run_fte".into(), "people.run_fte".into()));
        assert!((first(&few).usd / first(&many).usd - 1.0).abs() < 0.1, "{:?} {:?}", first(&few), first(&many));
        assert!(first(&many).usd < whole(&many));
    }
}

#[test]
fn the_tornado_is_ordered_and_moves_with_prices() {
    let p = plan(0, |_| {});
    let width = |s: &crossover::engine::sensitivity::Swing| (s.high_usd - s.low_usd).abs();
    assert!(p.sensitivity.windows(2).all(|w| width(&w[0]) >= width(&w[1])));
    let gpu = p.sensitivity.iter().find(|s| s.path == "hardware.usd_per_gpu_hour").unwrap();
    assert!(gpu.high_usd > gpu.low_usd, "a dearer GPU makes self-hosting dearer");
    let api = p.sensitivity.iter().find(|s| s.path == "api.nearest").unwrap();
    assert!(api.high_usd <= api.low_usd, "a dearer API makes self-hosting look better");
}

/// A bug: the capacity of other request sizes was taken from a replica without the plan's data-parallel attention, so
/// that every draw of a mixture of experts carried a share of what the plan's replica does.
#[test]
fn other_sizes_are_carried_by_the_plans_own_layout() {
    let mut s = Scenario::default();
    s.model.id = "deepseek-ai/DeepSeek-V3-0324".into();
    s.hardware.accelerator = "h200-sxm".into();
    let catalog = Catalog::embedded().unwrap();
    for spread in [None, Some(8)] {
        (s.serving.tensor_parallel, s.serving.data_parallel_attention) = (spread, spread);
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        let fleet = fleet::choose(&subject, &mut Vec::new());
        let cost = cost::price(&subject, &fleet, &mut Vec::new());
        let inputs = uncertainty::inputs(&subject, &fleet, &cost);
        let cached = inputs.iter().find(|i| i.lever == Lever::CachedInputShare).unwrap();
        let carries = cached.capacity.unwrap();
        assert!(carries.low <= 1.0 && carries.high >= 1.0, "{:?} at {:?}", carries, fleet.layout);
    }
}

/// What the memory model is unsure of is drawn only where the cache limits a replica.
#[test]
fn the_cache_is_unsure_where_it_binds() {
    let pool = |concurrency: f64| {
        let u = plan(0, |s| {
            (s.serving.concurrency, s.serving.max_num_seqs) = (Some(concurrency), Some(100_000));
            s.serving.tensor_parallel = Some(8);
        })
        .uncertainty;
        u.inputs.iter().find(|i| i.path == Lever::KvPool.path()).map(|i| (i.low, i.likely, i.high))
    };
    assert_eq!(pool(1.0), None);
    assert_eq!(pool(1e5), Some((0.95, 1.0, 1.05)));
}

/// The default scenario's inputs, with the fleet, the prices or the catalog changed before they are listed.
fn drawn(s: &Scenario, change: impl FnOnce(&mut Catalog), priced: impl FnOnce(&mut Fleet, &mut Cost)) -> Vec<Drawn> {
    let mut catalog = Catalog::embedded().unwrap();
    change(&mut catalog);
    let subject = Subject::of(s, &catalog, &mut Vec::new()).unwrap();
    let mut fleet = fleet::choose(&subject, &mut Vec::new());
    let mut cost = cost::price(&subject, &fleet, &mut Vec::new());
    priced(&mut fleet, &mut cost);
    uncertainty::inputs(&subject, &fleet, &cost)
}

fn has(drawn: &[Drawn], lever: Lever) -> bool {
    drawn.iter().any(|d| d.lever == lever)
}

/// A band that does not hold the default is about something else.
#[test]
fn a_default_is_drawn_from_a_band_around_it_only() {
    let s = Scenario::default();
    let path = Lever::RunFte.path();
    for (low, high, is_drawn) in
        [(0.5, 2.0, true), (1.0, 2.0, true), (0.5, 1.0, true), (1.5, 2.0, false), (0.2, 0.5, false)]
    {
        let band = |c: &mut Catalog| {
            let row = c.defaults.iter_mut().find(|d| d.path == path).unwrap();
            (row.low, row.high) = (low * row.value, high * row.value);
        };
        assert_eq!(has(&drawn(&s, band, |_, _| {}), Lever::RunFte), is_drawn, "{low} to {high}");
    }
}

#[test]
fn what_costs_nothing_is_not_unsure() {
    let s = Scenario::default();
    let at = |usd: f64| drawn(&s, |_| {}, |_, cost| cost.pricing.likely.set(Lever::UsdPerGpuHour, usd));
    assert!(has(&at(1.0), Lever::UsdPerGpuHour) && !has(&at(0.0), Lever::UsdPerGpuHour));
}

/// Larger requests are carried as by a fleet of the same layout that was sized for them, longer ones than any before too.
#[test]
fn larger_requests_are_carried_as_if_they_had_been_planned_for() {
    let mut s = Scenario::default();
    let wide = Range { low: 1000.0, likely: 2000.0, high: 60_000.0 };
    (s.workload.input_tokens, s.serving.tensor_parallel) = (wide, Some(8));
    let inputs = drawn(&s, |_| {}, |_, _| {});
    let carries = inputs.iter().find(|d| d.lever == Lever::InputTokens).unwrap().capacity.unwrap();
    let catalog = Catalog::embedded().unwrap();
    let capacity = |input: f64| {
        let mut s = s.clone();
        s.workload.input_tokens = Range::point(input);
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        fleet::choose(&subject, &mut Vec::new()).curve.tokens_per_day_per_replica
    };
    let planned = |input: f64| capacity(input) / capacity(wide.likely);
    assert!((carries.low / planned(wide.low) - 1.0).abs() < 1e-9, "{carries:?} {}", planned(wide.low));
    assert!((carries.high / planned(wide.high) - 1.0).abs() < 1e-9, "{carries:?} {}", planned(wide.high));
    // Nothing is said of what carries nothing, or without end.
    for none in [0.0, f64::INFINITY, f64::NAN] {
        let inputs = drawn(&s, |_| {}, |fleet, _| fleet.curve.tokens_per_day_per_replica = none);
        assert!(inputs.iter().all(|d| d.capacity.is_none()), "{none}");
    }
}

/// As dear is not cheaper: where neither side costs anything, self-hosting is cheaper in no draw.
#[test]
fn what_costs_as_much_is_not_cheaper() {
    let (s, catalog) = (Scenario::default(), Catalog::embedded().unwrap());
    let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
    let fleet = fleet::choose(&subject, &mut Vec::new());
    let mut cost = cost::price(&subject, &fleet, &mut Vec::new());
    let own =
        [Lever::UsdPerGpuHour, Lever::EngineerUsdPerYear, Lever::OverheadShare, Lever::OverheadMinimum, Lever::Egress];
    let api = [Lever::SameWeightsPrice, Lever::NearestPrice, Lever::FrontierPrice, Lever::UsdPerError];
    for lever in own.into_iter().chain(api) {
        cost.pricing.likely.set(lever, 0.0);
    }
    let u = uncertainty::draw(&[], &cost, 8);
    assert!(u.bands.iter().all(|b| b.p90_usd == 0.0), "{:?}", u.bands[0]);
    assert_eq!((u.draws, u.probability_self_hosting_cheaper), (8, Some(0.0)));
    assert!(u.probability_by_month.iter().all(|m| (m.monthly, m.cumulative) == (0.0, 0.0)));
}

/// An input at one of whose ends a side costs without end has no bar.
#[test]
fn a_bar_has_two_ends() {
    let (s, catalog) = (Scenario::default(), Catalog::embedded().unwrap());
    let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
    let fleet = fleet::choose(&subject, &mut Vec::new());
    let cost = cost::price(&subject, &fleet, &mut Vec::new());
    let inputs = uncertainty::inputs(&subject, &fleet, &cost);
    let speed = inputs.iter().find(|d| d.lever == Lever::Throughput).unwrap();
    let bars = |low: f64, high: f64| {
        let mut one = speed.clone();
        (one.input.low, one.input.high) = (low, high);
        tornado(&[one], &cost).len()
    };
    // A replica that does nothing.
    assert_eq!((bars(0.5, 2.0), bars(0.0, 2.0), bars(2.0, 0.0)), (1, 0, 0));
}
