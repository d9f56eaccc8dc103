//! Another currency: a Plan's amounts multiplied, and the dollar signs of what is written from it replaced.

use super::words::usd_exact;
use crate::engine::Plan;
use crate::engine::routing::Routing;
use crate::quantity::{Unit, human};
use crate::scenario::{Currency, Field, field};

/// The plan with every amount in another currency. Its texts and pictures still say `$`; see [`signed`].
pub fn converted(plan: &Plan, currency: &Currency) -> Plan {
    let mut p = plan.clone();
    let rate = currency.per_usd;
    each_amount(&mut p, &mut |usd| *usd *= rate);
    let texts =
        p.advice.reasons.iter_mut().map(|r| &mut r.text).chain(p.advice.thresholds.iter_mut().map(|t| &mut t.text));
    let events = p.projection.months.iter_mut().flat_map(|m| &mut m.events);
    for text in texts.chain(std::iter::once(&mut p.advice.sentence)).chain(events) {
        *text = amounts(text, rate);
    }
    p
}

fn each_amount(p: &mut Plan, change: &mut dyn FnMut(&mut f64)) {
    if let Some(l) = &mut p.cost.self_hosted {
        let lines = [&mut l.gpu_usd, &mut l.redundancy_usd, &mut l.overhead_usd, &mut l.people_usd, &mut l.updates_usd];
        let more =
            [&mut l.spill_usd, &mut l.quality_gap_usd, &mut l.power_usd, &mut l.total_usd_per_month, &mut l.setup_usd];
        let rates = [&mut l.usd_per_million_tokens_reserved, &mut l.usd_per_million_tokens_at_full_load];
        lines.into_iter().chain(more).chain(rates).for_each(&mut *change);
    }
    p.fleet.spill.iter_mut().filter_map(|o| o.usd_per_month.as_mut()).for_each(&mut *change);
    for a in &mut p.cost.api {
        let lines = [&mut a.tokens_usd, &mut a.updates_usd, &mut a.quality_gap_usd];
        let totals = [&mut a.total_usd_per_month, &mut a.usd_per_million_tokens];
        lines.into_iter().chain(totals).for_each(&mut *change);
        if let Some(other) = &mut a.premium {
            [&mut other.tokens_usd, &mut other.usd_per_million_tokens].into_iter().for_each(&mut *change);
        }
    }
    let api = p.curves.api.iter_mut().flat_map(|a| &mut a.samples);
    p.curves.self_hosted.iter_mut().chain(api).for_each(|s| change(&mut s.usd_per_month));
    for m in &mut p.projection.months {
        let own = m.self_hosted_usd.iter_mut().chain(&mut m.self_hosted_amortised_usd);
        own.chain(m.api_usd.values_mut()).chain(m.cumulative.values_mut()).for_each(&mut *change);
    }
    let total = p.projection.self_hosted_total_usd.iter_mut().chain(p.projection.api_total_usd.values_mut());
    total.for_each(&mut *change);
    for b in &mut p.uncertainty.bands {
        [&mut b.p10_usd, &mut b.p50_usd, &mut b.p90_usd].into_iter().for_each(&mut *change);
    }
    let worth = p.uncertainty.value_of_information.iter_mut().map(|v| &mut v.usd);
    worth.chain(&mut p.uncertainty.perfect_information_usd).for_each(&mut *change);
    for s in &mut p.sensitivity {
        [&mut s.low_usd, &mut s.high_usd].into_iter().for_each(&mut *change);
        if field(s.path).and_then(Field::number).is_some_and(|n| n.unit.is_money()) {
            [&mut s.low, &mut s.high].into_iter().for_each(&mut *change);
        }
    }
    if let Some(r) = &mut p.routing {
        each_of_routing(r, change);
    }
}

fn each_of_routing(r: &mut Routing, change: &mut dyn FnMut(&mut f64)) {
    [&mut r.total_usd, &mut r.api_usd].into_iter().for_each(&mut *change);
    let alone = r.all_api_usd.iter_mut().chain(&mut r.all_self_hosted_usd);
    alone.chain(&mut r.api_where_possible_usd).chain(&mut r.self_hosted_where_possible_usd).for_each(&mut *change);
    r.pools.iter_mut().for_each(|pool| change(&mut pool.usd));
    for s in &mut r.steps {
        s.api_usd.iter_mut().chain(&mut s.moving_it_usd).for_each(&mut *change);
        s.moves.iter_mut().for_each(|m| change(&mut m.usd));
        s.cascade.iter_mut().flat_map(|c| &mut c.saves_usd).for_each(&mut *change);
    }
}

/// A text with each amount of US dollars multiplied, in as many digits as it had (three at most where it was rounded).
fn amounts(text: &str, rate: f64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('$');
    out += parts.next().unwrap_or_default();
    for part in parts {
        let number = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',').len();
        let decimals = match part[number..].strip_prefix('.') {
            Some(rest) => 1 + rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len(),
            None => 0,
        };
        // A point or comma that ends a sentence belongs to it, not to the number.
        let end = part[..number + decimals].trim_end_matches(['.', ',']).len();
        let (digits, rest) = part.split_at(end);
        let (step, rest) = match rest.as_bytes().first() {
            Some(b'k') => (1e3, &rest[1..]),
            Some(b'M') => (1e6, &rest[1..]),
            Some(b'B') => (1e9, &rest[1..]),
            _ => (1.0, rest),
        };
        match digits.replace(',', "").parse::<f64>() {
            Ok(value) if step == 1.0 && significant(digits) > 3 => out += &usd_exact(value * rate),
            Ok(value) => out += &human(value * step * rate, Unit::Usd),
            Err(_) => {
                out.push('$');
                out += digits;
            }
        }
        out += rest;
    }
    out
}

fn significant(digits: &str) -> usize {
    let all: String = digits.chars().filter(char::is_ascii_digit).collect();
    all.trim_start_matches('0').trim_end_matches('0').len()
}

/// A text of a converted plan with the currency's sign in place of the dollar's.
pub fn signed(text: &str, currency: Option<&Currency>) -> String {
    match currency {
        Some(c) => text.replace("US dollars", &c.code).replace('$', &c.symbol()),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    //! Pins that every amount of a Plan is converted and nothing else is, and how amounts inside sentences are.
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::{Effort, plan_with};
    use crate::scenario::Scenario;
    use serde_json::Value;

    fn euro(per_usd: f64) -> Currency {
        Currency { code: "EUR".into(), per_usd, as_of: "2026-11-20".into() }
    }

    #[test]
    fn amounts_in_a_sentence_are_converted() {
        assert_eq!(amounts("$25,800 a month against $424.", 0.5), "$12,900 a month against $212.");
        assert_eq!(amounts("from $12.4k to $1.2M, now $0.05", 2.0), "from $24,800 to $2.4M, now $0.10");
        assert_eq!(amounts("$25,671 and $", 2.0), "$51,342 and $");
        assert_eq!(amounts("under a dollar", 2.0), "under a dollar");
        assert_eq!(signed("$5 in US dollars", Some(&euro(1.0))), "€5 in EUR");
        assert_eq!(signed("$5", None), "$5");
    }

    /// Every number of a document with its path; list places are left out.
    fn numbers(path: &str, v: &Value, out: &mut Vec<(String, f64)>) {
        match v {
            Value::Number(n) => out.push((path.to_string(), n.as_f64().unwrap())),
            Value::Array(all) => all.iter().for_each(|v| numbers(path, v, out)),
            Value::Object(all) => all.iter().for_each(|(k, v)| numbers(&format!("{path}.{k}"), v, out)),
            _ => {}
        }
    }

    #[test]
    fn every_amount_is_converted_and_nothing_else() {
        let mut scenario = Scenario::default();
        scenario.hardware.api_failover = true;
        let plan = plan_with(&scenario, &Catalog::embedded().unwrap(), Effort { draws: 200 }).unwrap();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        numbers("", &serde_json::to_value(&plan).unwrap(), &mut before);
        numbers("", &serde_json::to_value(converted(&plan, &euro(2.0))).unwrap(), &mut after);
        // What the catalog charges is a fact in US dollars; what fleets cost otherwise is shown nowhere on the page.
        let kept = [".cost.gpu_rate.", ".projection.rent_or_own.", ".advice.", ".sensitivity.low", ".sensitivity.high"];
        for ((path, a), (_, b)) in before.iter().zip(&after).filter(|((p, _), _)| {
            !kept.iter().any(|k| p.starts_with(k) && !p.ends_with("low_usd") && !p.ends_with("high_usd"))
        }) {
            let amount = path.contains("usd") || path.contains(".cumulative.") && path.starts_with(".projection");
            assert_eq!(*b, if amount { a * 2.0 } else { *a }, "{path}");
        }
        let ends = |p: &Plan, path: &str| p.sensitivity.iter().find(|s| s.path == path).map(|s| s.low);
        let after = converted(&plan, &euro(2.0));
        let price = "hardware.usd_per_gpu_hour";
        assert_eq!(ends(&after, price), ends(&plan, price).map(|v| v * 2.0));
        assert_eq!(ends(&after, "people.run_fte"), ends(&plan, "people.run_fte"));
        assert_ne!(after.projection.months[0].events, plan.projection.months[0].events);
    }
}
