//! The fleet in words and tables, for the page, the terminal and the report alike: how many GPUs, what a replica feels
//! under load, what may fail, why not fewer, what spilling over would save, and the layouts that lost.

use crate::chart::Table;
use crate::chart::words::{count, milliseconds, percent, thousands, usd};
use crate::engine::Plan;
use crate::engine::fleet::{LoadPoint, RunnerUp, SpillOption};
use crate::quantity::{Unit, human};

fn table(head: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { head: head.iter().map(|h| h.to_string()).collect(), rows }
}

fn some(number: f64, one: &str, more: &str) -> String {
    if number == 1.0 { format!("1 {one}") } else { format!("{} {more}", count(number)) }
}

/// What the fleet is, in a sentence.
pub fn finding(plan: &Plan) -> String {
    let f = &plan.fleet;
    if !f.gpus.is_finite() {
        return "No replica of these GPUs can run this model".into();
    }
    let carry = if f.replicas_for_peak == 1.0 { "carries" } else { "carry" };
    let spares = match f.spare_replicas {
        0 => String::new(),
        1 => ", 1 stands by".into(),
        n => format!(", {n} stand by"),
    };
    let what = if f.api_share_of_tokens > 0.0 { "all but the highest load" } else { "the peak" };
    format!(
        "{}: {} of {} {carry} {what}{spares}",
        some(f.gpus, "GPU", "GPUs"),
        some(f.replicas_for_peak, "replica", "replicas"),
        f.gpus_per_replica,
    )
}

/// The figures, name and value; none where no replica can run.
pub fn figures(plan: &Plan) -> Vec<(&'static str, String)> {
    let f = &plan.fleet;
    if !f.gpus.is_finite() {
        return Vec::new();
    }
    let mut layout = format!("tensor parallel {}", f.tensor_parallel);
    if f.pipeline_parallel > 1 {
        layout += &format!(", pipeline stages {}", f.pipeline_parallel);
    }
    if f.data_parallel_attention > 1 {
        layout += &format!(", attention replicas {}", f.data_parallel_attention);
    }
    let mut out = vec![
        ("GPUs", count(f.gpus)),
        ("GPUs per replica", format!("{} ({layout})", f.gpus_per_replica)),
        ("Replicas for the peak", count(f.replicas_for_peak)),
        ("Spare replicas", f.spare_replicas.to_string()),
        ("Used on average", percent(f.utilization)),
        ("Used at the peak", percent(f.utilization_at_peak)),
    ];
    if f.api_share_of_tokens > 0.0 {
        out.push(("Tokens that spill over", percent(f.api_share_of_tokens)));
    }
    out
}

/// One replica at the day's average, at its peak, and at its peak with one lost.
pub fn load(plan: &Plan) -> Option<Table> {
    let at = plan.fleet.at?;
    let row = |name: &str, p: &LoadPoint| {
        let grows = |ms: f64| if p.overloaded { "grows without end".to_string() } else { milliseconds(ms) };
        vec![
            name.to_string(),
            human(p.requests_per_second, Unit::Count),
            human(p.concurrency, Unit::Count),
            grows(p.ttft_ms),
            grows(p.ttft_p95_ms),
            milliseconds(p.tpot_ms),
            milliseconds(p.tpot_p95_ms),
        ]
    };
    let lost = at.peak_with_one_lost;
    let rows = [
        ("On average", Some(at.average)),
        ("At the peak", Some(at.peak)),
        ("... with one replica lost", lost),
        ("... with a zone lost", at.peak_with_a_zone_lost),
    ];
    let head = ["One replica", "Requests/s", "In flight", "TTFT mean", "TTFT p95", "TPOT mean", "TPOT p95"];
    Some(table(&head, rows.iter().filter_map(|(name, p)| p.as_ref().map(|p| row(name, p))).collect()))
}

/// What may fail, why not fewer, and what following the load would bring.
pub fn notes(plan: &Plan) -> Vec<String> {
    let f = &plan.fleet;
    let mut out = Vec::new();
    out.extend(failover(plan));
    out.extend(f.why_not_fewer.as_ref().map(|why| format!("Why not fewer: {why}.")));
    if let Some(s) = f.scaling.filter(|_| f.gpus.is_finite()) {
        let always = f.replicas_for_peak * 24.0;
        if s.replica_hours_per_day < always - 0.5 {
            out.push(format!(
                "Rented by the hour, replicas that follow the load would run {} replica hours a day instead of {}, before \
                 the minutes each takes to start.",
                thousands(s.replica_hours_per_day),
                thousands(always)
            ));
        }
        if s.scale_to_zero_hours_per_day >= 0.25 {
            out.push(format!(
                "In {} of the day not one request is expected within ten minutes, so the last replica could stop.",
                match s.scale_to_zero_hours_per_day {
                    hours if hours < 1.0 => some((hours * 60.0).round(), "minute", "minutes"),
                    hours => some(hours, "hour", "hours"),
                }
            ));
        }
    }
    out
}

fn failover(plan: &Plan) -> Option<String> {
    let f = plan.fleet.failover?;
    let zones = some(f64::from(f.zones), "zone", "zones");
    Some(match (f.survives_one_replica, f.zones_to_survive_one) {
        (false, _) if f.api_takes_over => "If a replica fails, an API takes over.".into(),
        _ if f.zones > 1 && !f.survives_one_zone && f.api_takes_over => {
            format!("Spread over {zones}: if one of them fails, an API takes over.")
        }
        _ if f.zones > 1 && !f.survives_one_zone => {
            format!("Spread over {zones}: if one of them fails at the peak, the targets are missed.")
        }
        _ if f.zones > 1 => format!(
            "Spread over {zones}: one of them may fail at the peak, or {}, and the targets still hold.",
            some(f.replicas_that_may_fail, "replica", "replicas")
        ),
        (false, _) => "If a replica fails at the peak, the targets are missed.".into(),
        (true, zones) => {
            let replicas = some(f.replicas_that_may_fail, "replica", "replicas");
            let zone = match zones {
                Some(z) if z <= MOST_ZONES => {
                    format!("; spread over {}, so may a whole zone", some(z, "zone", "zones"))
                }
                _ => format!(
                    "; to lose a whole zone of three it would take {}",
                    some((f.replicas_needed / (ZONES - 1.0)).ceil(), "spare", "spares")
                ),
            };
            format!("{replicas} may fail at the peak and the targets still hold{zone}.")
        }
    })
}

/// Most zones that anybody spreads a fleet over.
const MOST_ZONES: f64 = 6.0;
/// Zones a region usually has.
const ZONES: f64 = 3.0;

/// Smaller fleets with the rest of the load on an API; nothing where none is smaller.
pub fn spill(plan: &Plan) -> Option<Table> {
    let options = &plan.fleet.spill;
    let row = |o: &SpillOption| {
        vec![
            format!("{:.0}th percentile", o.percentile * 100.0),
            count(o.replicas),
            small_share(o.api_share_of_tokens),
            o.usd_per_month.map_or("unknown".into(), usd),
        ]
    };
    let head = ["Sized for the", "Replicas for it", "Tokens on the API", "Self-hosted side, per month"];
    let f = &plan.fleet;
    let now = plan.cost.self_hosted.as_ref().map_or("unknown".into(), |l| usd(l.total_usd_per_month));
    let whole = vec!["Whole load".into(), count(f.replicas_for_peak), "none".into(), now];
    let whole = (f.api_share_of_tokens == 0.0).then_some(whole);
    (!options.is_empty()).then(|| table(&head, options.iter().map(row).chain(whole).collect()))
}

/// A share that is never shown as nothing where it is something.
fn small_share(share: f64) -> String {
    if share > 0.0 && share < 0.001 { "under 0.1 %".into() } else { percent(share) }
}

/// The layouts that lost, best first, and why; nothing where there was no other.
pub fn layouts(plan: &Plan) -> Option<Table> {
    let rows = &plan.fleet.runners_up;
    let known = |x: Option<f64>| x.map_or("none".into(), count);
    let time = |x: Option<f64>| x.map_or("none".into(), milliseconds);
    let row = |r: &RunnerUp| {
        let spread = if r.data_parallel_attention > 1 { ", attention replicated" } else { "" };
        vec![
            format!("TP {} x PP {}{spread}", r.tensor_parallel, r.pipeline_parallel),
            known(r.replicas),
            known(r.gpus),
            time(r.ttft_p95_ms),
            time(r.tpot_p95_ms),
            r.reason.clone(),
        ]
    };
    let head = ["Layout", "Replicas", "GPUs", "TTFT p95", "TPOT p95", "Why it lost"];
    (!rows.is_empty()).then(|| table(&head, rows.iter().map(row).collect()))
}

#[cfg(test)]
mod tests {
    //! Pins what the fleet's words say against its figures.
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::{Effort, plan_with};
    use crate::scenario::{Range, Scenario};

    fn planned(change: impl FnOnce(&mut Scenario)) -> Plan {
        let mut s = Scenario::default();
        change(&mut s);
        plan_with(&s, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap()
    }

    #[test]
    fn one_replica_and_its_spare() {
        let p = planned(|_| ());
        assert_eq!(finding(&p), "4 GPUs: 1 replica of 2 carries the peak, 1 stands by");
        assert_eq!(load(&p).unwrap().rows.len(), 3);
        assert!(notes(&p)[0].starts_with("1 replica may fail at the peak"), "{:?}", notes(&p));
        assert!(notes(&p).iter().any(|n| n.contains("on 1 GPU: ")), "{:?}", notes(&p));
        let at = |tokens: f64| planned(|s| s.workload.tokens_per_day = Range::point(tokens));
        // The volume at which one replica no longer does: a little above it the targets are still met.
        let (mut one, mut two) = (3e8_f64, 3e10_f64);
        while two > one * (1.0 + 1e-5) {
            let middle = (one * two).sqrt();
            if at(middle).fleet.replicas_for_peak > 1.0 { two = middle } else { one = middle }
        }
        let said = |p: &Plan, words: &str| notes(p).iter().any(|n| n.contains(words));
        assert!(said(&at(two), "1 replica would run at 100.0 %"), "{:?}", notes(&at(two)));
        let more = at(two * 1.1);
        assert!(said(&more, "with 1 replica a token"), "{:?}", notes(&more));
        assert!(notes(&more).iter().any(|n| n.starts_with("In 15 minutes of the day")), "{:?}", notes(&more));
        assert!(spill(&p).is_none());
        assert!(layouts(&p).unwrap().rows.iter().all(|r| !r[5].is_empty()));
    }

    #[test]
    fn zones_bring_the_spares_that_losing_one_takes() {
        let p = planned(|s| (s.workload.tokens_per_day, s.hardware.zones) = (Range::point(3e9), 3));
        assert!(notes(&p)[0].starts_with("Spread over 3 zones: one of them may fail at the peak"), "{:?}", notes(&p));
        assert_eq!(load(&p).unwrap().rows.last().unwrap()[0], "... with a zone lost");
        let pinned = planned(|s| {
            (s.workload.tokens_per_day, s.hardware.zones) = (Range::point(3e9), 3);
            s.serving.replicas = Some(1);
        });
        assert!(notes(&pinned)[0].ends_with("the targets are missed."), "{:?}", notes(&pinned));
        // More replicas than the peak needs, but not a zone more, and an API behind them.
        let backed = planned(|s| {
            (s.workload.tokens_per_day, s.hardware.zones) = (Range::point(3e9), 2);
            (s.serving.replicas, s.hardware.api_failover) = (Some(9), true);
        });
        assert!(notes(&backed)[0].ends_with("if one of them fails, an API takes over."), "{:?}", notes(&backed));
    }

    #[test]
    fn a_large_volume_could_spill_over() {
        let p = planned(|s| s.workload.tokens_per_day = Range::point(20e9));
        let options = spill(&p).unwrap();
        assert_eq!(options.rows.len(), p.fleet.spill.len() + 1);
        let spilled = planned(|s| {
            s.workload.tokens_per_day = Range::point(20e9);
            s.hardware.spill_percentile = Some(p.fleet.spill[0].percentile);
        });
        assert_eq!(spilled.fleet.replicas_for_peak, p.fleet.spill[0].replicas);
        assert_eq!(spilled.fleet.api_share_of_tokens, p.fleet.spill[0].api_share_of_tokens);
        let total = spilled.cost.self_hosted.unwrap().total_usd_per_month;
        assert!((p.fleet.spill[0].usd_per_month.unwrap() / total - 1.0).abs() < 1e-12);
        assert!(finding(&spilled).contains("all but the highest load"), "{}", finding(&spilled));
    }

    #[test]
    fn what_cannot_run_has_no_figures() {
        let p = planned(|s| (s.hardware.accelerator, s.serving.tensor_parallel) = ("l4".into(), Some(1)));
        assert_eq!(finding(&p), "No replica of these GPUs can run this model");
        assert!(figures(&p).is_empty() && load(&p).is_none() && spill(&p).is_none() && notes(&p).is_empty());
    }
}
