//! `crossover catalog`: the facts, and whether they are in order.

use serde::Serialize;
use std::collections::HashSet;

use super::args::{Facts, ListFormat};
use super::table::Table;
use super::{CliError, output};
use crate::catalog::Catalog;
use crate::quantity::{Unit, exact, human};
use crate::scenario::{Preset, field, presets, reference};

/// List facts, or check them.
pub fn run(what: Facts, format: ListFormat, catalog: &Catalog) -> Result<(), CliError> {
    if what == Facts::Check {
        return check(catalog);
    }
    if what == Facts::Fields {
        return output::write(&reference::markdown());
    }
    match format {
        ListFormat::Text => output::write(&table(what, catalog)?.render(0)),
        ListFormat::Json => output::write(&json(what, catalog)?),
    }
}

fn json(what: Facts, catalog: &Catalog) -> Result<String, CliError> {
    fn rows<T: Serialize>(rows: &T) -> Result<String, CliError> {
        Ok(serde_json::to_string_pretty(rows)?)
    }
    match what {
        Facts::Models => rows(&catalog.models),
        Facts::Accelerators => rows(&catalog.accelerators),
        Facts::GpuPrices => rows(&catalog.gpu_prices),
        Facts::Defaults => rows(&catalog.defaults),
        Facts::Presets => rows(&presets()?),
        Facts::ApiPrices | Facts::Check | Facts::Fields => rows(&catalog.api_prices),
    }
}

fn table(what: Facts, catalog: &Catalog) -> Result<Table, CliError> {
    Ok(match what {
        Facts::Models => models(catalog),
        Facts::Accelerators => accelerators(catalog),
        Facts::GpuPrices => gpu_prices(catalog),
        Facts::Defaults => defaults(catalog),
        Facts::Presets => questions(&presets()?),
        Facts::ApiPrices | Facts::Check | Facts::Fields => api_prices(catalog),
    })
}

fn defaults(catalog: &Catalog) -> Table {
    let mut t = Table::new(&["field", ">default", ">low", ">high", "as of", "source"]);
    for d in &catalog.defaults {
        let unit = field(&d.path).and_then(|f| f.number()).map_or(Unit::Count, |n| n.unit);
        let shown = |v: f64| exact(v, unit);
        t.row([d.path.clone(), shown(d.value), shown(d.low), shown(d.high), d.as_of.clone(), d.source.to_string()]);
    }
    t
}

fn questions(presets: &[Preset]) -> Table {
    let mut t = Table::new(&["id", "question", "link"]);
    for p in presets {
        t.row([p.id.clone(), p.question.clone(), p.link.clone()]);
    }
    t
}

fn models(catalog: &Catalog) -> Table {
    let mut t = Table::new(&["id", ">parameters", ">active", ">context", "precision", "licence", "as of"]);
    for m in catalog.models.iter() {
        t.row([
            m.id.clone(),
            human(m.params_total, Unit::Count),
            human(m.params_active, Unit::Count),
            m.max_context.to_string(),
            m.native_dtype.clone(),
            m.license.id.clone(),
            m.as_of.clone(),
        ]);
    }
    t
}

fn accelerators(catalog: &Catalog) -> Table {
    let mut t = Table::new(&["id", "name", ">memory", ">bandwidth", ">on demand", "as of"]);
    for a in &catalog.accelerators {
        let price = catalog.rental_band(&a.id, "on_demand").map(|b| human(b.median, Unit::UsdPerHour));
        t.row([
            a.id.clone(),
            a.name.clone(),
            human(a.memory_bytes, Unit::Bytes),
            format!("{} GB/s", human(a.bandwidth_gbs, Unit::Count)),
            price.unwrap_or_else(|| "unknown".into()),
            a.as_of.clone(),
        ]);
    }
    t
}

fn gpu_prices(catalog: &Catalog) -> Table {
    let mut t = Table::new(&[
        "accelerator",
        "provider",
        "instance",
        "commitment",
        ">per GPU hour",
        "region",
        "as of",
        "source",
    ]);
    for p in &catalog.gpu_prices {
        t.row([
            p.gpu.clone(),
            p.provider.clone(),
            p.instance.clone(),
            p.commitment.clone(),
            human(p.usd_per_gpu_hour, Unit::UsdPerHour),
            p.region.clone(),
            p.as_of.clone(),
            p.source.to_string(),
        ]);
    }
    t
}

fn api_prices(catalog: &Catalog) -> Table {
    let mut t = Table::new(&["id", "kind", ">input", ">cached", ">output", "as of", "source"]);
    let per_million = |v: f64| human(v, Unit::UsdPerMillionTokens);
    for p in &catalog.api_prices {
        t.row([
            p.id.clone(),
            p.kind.clone(),
            per_million(p.usd_per_mtok.input),
            p.usd_per_mtok.cached_input.map_or("-".into(), per_million),
            per_million(p.usd_per_mtok.output),
            p.as_of.clone(),
            p.source.to_string(),
        ]);
    }
    t
}

/// Check that every row is unique, sourced, dated and refers to rows that exist.
fn check(catalog: &Catalog) -> Result<(), CliError> {
    let problems = problems(catalog);
    for p in &problems {
        output::complain(&format!("catalog: {p}"));
    }
    let counts = format!(
        "{} models, {} accelerators, {} GPU prices, {} API prices: {}",
        catalog.models.len(),
        catalog.accelerators.len(),
        catalog.gpu_prices.len(),
        catalog.api_prices.len(),
        if problems.is_empty() { "in order".into() } else { format!("{} problems", problems.len()) }
    );
    output::write(&counts)?;
    match problems.len() {
        0 => Ok(()),
        n => Err(CliError::File { path: "catalog".into(), reason: format!("{n} rows are not in order") }),
    }
}

fn problems(catalog: &Catalog) -> Vec<String> {
    let mut out = Vec::new();
    unique("model", catalog.models.ids(), &mut out);
    unique("accelerator", catalog.accelerators.iter().map(|a| a.id.as_str()), &mut out);
    unique("API price", catalog.api_prices.iter().map(|a| a.id.as_str()), &mut out);
    for m in catalog.models.iter() {
        dated("model", &m.id, &m.as_of, !m.sources.is_empty(), &mut out);
    }
    for a in &catalog.accelerators {
        dated("accelerator", &a.id, &a.as_of, !a.source.is_empty(), &mut out);
    }
    for p in &catalog.gpu_prices {
        dated("GPU price", &format!("{} {}", p.provider, p.gpu), &p.as_of, !p.source.is_empty(), &mut out);
        if catalog.accelerator(&p.gpu).is_none() {
            out.push(format!("GPU price of {}: unknown accelerator '{}'", p.provider, p.gpu));
        }
        if p.usd_per_gpu_hour <= 0.0 {
            out.push(format!("GPU price of {} for {}: not positive", p.provider, p.gpu));
        }
    }
    for p in &catalog.api_prices {
        dated("API price", &p.id, &p.as_of, !p.source.is_empty(), &mut out);
        if p.usd_per_mtok.input < 0.0 || p.usd_per_mtok.output <= 0.0 {
            out.push(format!("API price {}: not positive", p.id));
        }
    }
    out
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>, out: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id.to_lowercase()) {
            out.push(format!("{what} {id}: the id is there twice"));
        }
    }
}

fn dated(what: &str, id: &str, as_of: &str, sourced: bool, out: &mut Vec<String>) {
    if as_of.is_empty() {
        out.push(format!("{what} {id}: no date"));
    }
    if !sourced {
        out.push(format!("{what} {id}: no source"));
    }
}
