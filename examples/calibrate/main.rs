//! Fit the speed model to measured cases and write `public/catalog/speed.json`.
//!
//! ```text
//! cargo run --release --example calibrate -- CASES_DIR [--date YYYY-MM-DD] [--dry-run]
//! ```
//!
//! `CASES_DIR` holds `speed_*.jsonl`: one case a line, `{"id", "scenario", "expect": {"speed.tpot_ms": {"value"}, ...},
//! "source", "notes"}`. The fit is least squares on logarithms with a loss that lets outliers go, and with priors that
//! keep every constant physically readable. It runs in three rounds: all engines together, each engine around that,
//! and the four waiting constants of each engine's dense and expert models around those. Every residual is reported
//! three times: in the fit, and with each model and each accelerator left out of all three rounds.

mod cases;
mod errors;
mod fit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cases::Case;
use crossover::catalog::speed::{Calibration, Constants, EngineConstants, Residual};
use crossover::catalog::{Catalog, Words};
use errors::{Quantity, quantiles};

/// What the catalog file is, relative to the project.
const FILE: &str = "public/catalog/speed.json";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (mut dir, mut date, mut dry) = (None, None, false);
    while let Some(a) = args.next() {
        match a.as_str() {
            "--date" => date = args.next(),
            "--dry-run" => dry = true,
            _ => dir = Some(PathBuf::from(a)),
        }
    }
    let Some(dir) = dir else {
        eprintln!("usage: calibrate CASES_DIR [--date YYYY-MM-DD] [--dry-run]");
        return ExitCode::from(2);
    };
    match run(&dir, date, dry) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn run(dir: &Path, date: Option<String>, dry: bool) -> Result<(), String> {
    let catalog = Catalog::embedded().map_err(|e| e.to_string())?;
    let records = cases::load(dir)?;
    let cases = cases::prepare(&records, &catalog)?;
    println!("{} usable cases", cases.len());
    let engines = calibrate(&cases);
    report(&engines);
    let units = Constants::NAMES.iter().zip(Constants::UNITS).map(|(n, u)| (n.to_string(), u.to_string())).collect();
    let out = Calibration {
        calibrated_on: date.unwrap_or(catalog.speed.calibrated_on.clone()),
        units,
        engines: engines.into_iter().collect(),
        ..catalog.speed.clone()
    };
    if dry {
        return Ok(());
    }
    let text = serde_json::to_string_pretty(&out).map_err(|e| e.to_string())?;
    std::fs::write(FILE, text + "\n").map_err(|e| format!("{FILE}: {e}"))
}

/// Constants by (engine, class).
type Fitted = BTreeMap<(String, bool), Constants>;

/// All three rounds on the cases that `keep` keeps, starting from an earlier fit if there is one.
fn rounds(cases: &[Case], keep: &dyn Fn(&Case) -> bool, start: Option<&Fitted>) -> Fitted {
    let mut out = Fitted::new();
    let kept = |f: &dyn Fn(&Case) -> bool| -> Vec<&Case> { cases.iter().filter(|c| keep(c) && f(c)).collect() };
    let served = kept(&|c| !c.local());
    let pooled = fit::fit(&served, &Constants::PRIOR, &Constants::PRIOR, fit::Free::Physics);
    let engines: std::collections::BTreeSet<String> = cases.iter().map(|c| c.engine()).collect();
    for engine in engines {
        let own = kept(&|c| c.engine() == engine);
        let prior = if own.iter().any(|c| c.local()) { Constants::PRIOR } else { pooled };
        let begin = start.and_then(|s| s.iter().find(|(k, _)| k.0 == engine)).map_or(prior, |(_, c)| *c);
        let free = if own.iter().any(|c| c.local()) { fit::Free::Local } else { fit::Free::Physics };
        let around = fit::fit(&own, &prior, &begin, free);
        for moe in [false, true] {
            let class: Vec<&Case> = own.iter().copied().filter(|c| c.moe == moe).collect();
            if cases.iter().any(|c| c.engine() == engine && c.moe == moe) {
                let waiting = fit::fit(&class, &around, &around, fit::Free::Waiting);
                out.insert((engine.clone(), moe), waiting);
            }
        }
    }
    out
}

fn calibrate(cases: &[Case]) -> Vec<EngineConstants> {
    let fitted = rounds(cases, &|_| true, None);
    let inside = errors::all(cases, &fitted, &|_| true);
    let unseen = |of: &(dyn Fn(&Case) -> String + Sync)| {
        let names: std::collections::BTreeSet<String> = cases.iter().map(of).collect();
        let without = |name: &String| {
            let left = rounds(cases, &|c| of(c) != *name, Some(&fitted));
            errors::all(cases, &left, &|c| of(c) == *name)
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let names: Vec<String> = names.into_iter().collect();
        let mut out = errors::Signed::new();
        for some in names.chunks(threads) {
            let answers: Vec<errors::Signed> = std::thread::scope(|scope| {
                let running: Vec<_> = some.iter().map(|name| scope.spawn(|| without(name))).collect();
                running.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
            });
            answers.into_iter().for_each(|a| errors::extend(&mut out, a));
        }
        out
    };
    let models = unseen(&|c| c.scenario.model.id.clone());
    let accelerators = unseen(&|c| c.scenario.hardware.accelerator.clone());
    let names = |own: &[&Case], of: &dyn Fn(&Case) -> String| {
        let set: std::collections::BTreeSet<String> = own.iter().map(|c| of(c)).collect();
        set.into_iter().collect::<Vec<_>>()
    };
    let mut out = Vec::new();
    for ((engine, moe), constants) in &fitted {
        let own: Vec<&Case> = cases.iter().filter(|c| c.engine() == *engine && c.moe == *moe).collect();
        let residuals = Quantity::ALL
            .into_iter()
            .filter_map(|q| {
                let key = (engine.clone(), *moe, q);
                let signed = inside.get(&key).filter(|v| !v.is_empty())?;
                let e = quantiles(signed);
                Some(Residual {
                    quantity: q.id().into(),
                    cases: signed.len() as u32,
                    median: e.median,
                    p80: e.p80,
                    p90: e.p90,
                    bias: errors::median_signed(signed),
                    unseen_model: quantiles(models.get(&key).map_or(&[], |v| v)),
                    unseen_accelerator: quantiles(accelerators.get(&key).map_or(&[], |v| v)),
                })
            })
            .collect();
        out.push(EngineConstants {
            engine: engine.clone(),
            class: if *moe { "moe".into() } else { "dense".into() },
            constants: fit::rounded(constants),
            models: names(&own, &|c| c.scenario.model.id.clone()),
            accelerators: names(&own, &|c| c.scenario.hardware.accelerator.clone()),
            sources: names(&own, &|c| c.source.to_string()).into_iter().map(Words::from).collect(),
            residuals,
        });
    }
    out
}

fn report(engines: &[EngineConstants]) {
    println!(
        "{:14}{:6}{:26}{:>6} {:>22} {:>16} {:>16}",
        "engine", "class", "quantity", "cases", "median/p80/p90 (bias)", "unseen model", "unseen accel."
    );
    let p = |v: f64| format!("{:.1}", 100.0 * v);
    for e in engines {
        for r in &e.residuals {
            let (m, a) = (&r.unseen_model, &r.unseen_accelerator);
            println!(
                "{:14}{:6}{:26}{:>6} {:>22} {:>16} {:>16}",
                e.engine,
                e.class,
                r.quantity,
                r.cases,
                format!("{}/{}/{} ({})", p(r.median), p(r.p80), p(r.p90), p(r.bias)),
                format!("{}/{}/{}", p(m.median), p(m.p80), p(m.p90)),
                format!("{}/{}/{}", p(a.median), p(a.p80), p(a.p90)),
            );
        }
    }
}
