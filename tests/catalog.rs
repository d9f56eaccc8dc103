//! Pins the facts in `public/catalog`: every model row is complete and in range, ids are unique, sources and dates are
//! there, and the parameter count recomputed from the dimensions meets the published one within 1 %.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use crossover::catalog::Catalog;
use crossover::engine::memory::parameters::Parameters;
use crossover::scenario::EngineKind;

fn catalog() -> Catalog {
    Catalog::embedded().unwrap()
}

/// Rows whose total cannot be recomputed, each with its reason; the file is read by people, so it must stay true.
fn exceptions() -> Vec<(String, String)> {
    let text = include_str!("accuracy/parameters_not_recomputed.json");
    let rows: serde_json::Value = serde_json::from_str(text).unwrap();
    let pair = |r: &serde_json::Value| (r["id"].as_str().unwrap().to_owned(), r["reason"].as_str().unwrap().to_owned());
    rows["rows"].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn every_model_recomputes_within_one_percent_or_says_why_not() {
    let c = catalog();
    let known = exceptions();
    let mut off = Vec::new();
    for m in c.models.iter() {
        let counted = Parameters::counted(m).total(m.dims.mtp_in_total);
        let error = counted / m.params_total - 1.0;
        let excepted = known.iter().any(|(id, _)| *id == m.id);
        if (error.abs() > 0.01) != excepted {
            off.push(format!("{} {:+.2} % (excepted: {excepted})", m.id, 100.0 * error));
        }
    }
    assert!(off.is_empty(), "{off:#?}");
    assert!(known.iter().all(|(id, why)| c.model(id).is_some() && why.len() > 20));
}

#[test]
fn classes_add_up_to_the_published_total() {
    for m in catalog().models.iter() {
        let p = Parameters::of(m);
        let error = p.total(m.dims.mtp_in_total) / m.params_total - 1.0;
        assert!(error.abs() < 1e-9, "{}: {error}", m.id);
    }
}

#[test]
fn model_rows_are_complete_and_in_range() {
    let c = catalog();
    let mut ids = BTreeSet::new();
    for m in c.models.iter() {
        assert!(ids.insert(m.id.to_lowercase()), "{} twice", m.id);
        assert!(m.params_total >= 1e8 && m.params_total < 1e13, "{}", m.id);
        assert!(m.params_active > 0.0 && m.params_active <= m.params_total * 1.001, "{}", m.id);
        assert!(m.max_context >= 2048, "{}", m.id);
        assert!(!m.sources.is_empty() && !m.as_of.is_empty() && !m.release_date.is_empty(), "{}", m.id);
        assert!(!m.license.id.is_empty() && !m.checkpoint.source.is_empty(), "{}", m.id);
        assert!(matches!(m.license.commercial.as_str(), "yes" | "conditional" | "no" | "unknown"), "{}", m.id);
        assert!(crossover::catalog::Quantization::from_id(&m.native_dtype).is_some(), "{}", m.id);
        if m.dims != crossover::catalog::Dimensions::default() {
            assert!(!m.dims.source.is_empty(), "{}: dims without source", m.id);
        }
        for g in &m.attention.groups {
            assert!(g.layers() > 0 && g.layers() <= m.layers.unwrap(), "{}", m.id);
        }
    }
    let slugs: BTreeSet<String> = c.models.iter().map(|m| m.slug()).collect();
    assert_eq!(slugs.len(), c.models.len());
}

/// A name that is neither would keep a checkpoint from ever being chosen.
#[test]
fn checkpoints_are_made_for_engines_and_vendors_that_exist() {
    let catalog = catalog();
    let vendor = |name: &str| catalog.accelerators.iter().any(|a| a.vendor == name);
    for model in catalog.models.iter() {
        for name in model.variants.iter().flat_map(|v| &v.made_for) {
            assert!(EngineKind::from_id(name).is_some() || vendor(name), "{}: {name}", model.id);
        }
    }
}

#[test]
fn accelerator_rows_are_complete_and_in_range() {
    let c = catalog();
    let ids: BTreeSet<&str> = c.accelerators.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids.len(), c.accelerators.len());
    for a in &c.accelerators {
        assert!(a.memory_bytes > 4e9 && a.memory_bytes < 1e12, "{}", a.id);
        assert!(a.memory_bytes <= a.memory_gb_marketing * 1.0738e9, "{}: more than the box says", a.id);
        assert!(a.bandwidth_gbs > 10.0 && a.bandwidth_gbs < 30_000.0, "{}", a.id);
        assert!(a.gpus_per_node_typical >= 1, "{}", a.id);
        assert!(!a.source.is_empty() && !a.as_of.is_empty() && !a.memory_bytes_basis.is_empty(), "{}", a.id);
    }
}

#[test]
fn prices_name_source_date_and_known_accelerators() {
    let c = catalog();
    for p in &c.gpu_prices {
        assert!(c.accelerator(&p.gpu).is_some(), "{}", p.gpu);
        assert!(p.usd_per_gpu_hour > 0.0 && p.usd_per_gpu_hour < 200.0, "{} {}", p.provider, p.gpu);
        assert!(!p.source.is_empty() && !p.as_of.is_empty(), "{} {}", p.provider, p.gpu);
    }
    let ids: BTreeSet<&str> = c.api_prices.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(ids.len(), c.api_prices.len());
    for p in &c.api_prices {
        assert!(p.usd_per_mtok.input >= 0.0 && p.usd_per_mtok.output > 0.0, "{}", p.id);
        assert!(!p.source.is_empty() && !p.as_of.is_empty(), "{}", p.id);
    }
}

#[test]
fn engine_rules_cover_every_version_without_gaps() {
    use crossover::catalog::engine::version_key;
    let c = catalog();
    for engine in crossover::scenario::EngineKind::IDS {
        let rules: Vec<_> = c.engines.iter().filter(|r| r.engine == *engine).collect();
        assert!(!rules.is_empty(), "{engine}");
        assert_eq!(version_key(&rules[0].from), [0, 0, 0], "{engine} starts at the beginning");
        assert!(rules[rules.len() - 1].before.is_none(), "{engine}: the newest rule is open");
        for pair in rules.windows(2) {
            assert_eq!(pair[0].before.as_deref(), Some(pair[1].from.as_str()), "{engine}: ranges touch");
        }
        for r in rules {
            assert!(!r.sources.is_empty() && !r.as_of.is_empty() && !r.checked.is_empty(), "{engine} {}", r.from);
            assert!(r.overhead_band > 0.0 && r.overhead_band < 1.0, "{engine} {}", r.from);
            assert!(r.utilization.is_none_or(|u| u > 0.0 && u <= 1.0), "{engine} {}", r.from);
            assert!(
                r.defaults.last().is_some_and(|d| d.from_gib == 0.0),
                "{engine}: the last class takes every device"
            );
            assert!(r.cache.block_tokens >= 1 && r.cache.state_slots >= 1, "{engine} {}", r.from);
        }
    }
    assert!(c.engines.iter().all(|r| crossover::scenario::EngineKind::from_id(&r.engine).is_some()));
}

proptest::proptest! {
    #[test]
    fn any_text_is_price_rows_or_a_message(text in "\\PC{0,200}", cut in 0..4000_usize) {
        use crossover::catalog::{ApiPrice, GpuPrice, read_rows};
        let whole = include_str!("../public/catalog/gpu_prices.json");
        let start: String = whole.chars().take(cut).collect();
        for text in [text, start] {
            let (gpu, api) = (read_rows::<GpuPrice>("gpu_prices.json", &text), read_rows::<ApiPrice>("api_prices.json", &text));
            proptest::prop_assert!(gpu.is_ok() || !gpu.unwrap_err().reason.is_empty());
            proptest::prop_assert!(api.is_ok() || !api.unwrap_err().reason.is_empty());
        }
    }
}

/// The program keeps the price of a GPU alone; people who edit the file read the instance's beside it.
#[test]
fn an_instance_costs_what_its_gpus_cost() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../public/catalog/gpu_prices.json")).unwrap();
    let mut seen = 0;
    for row in file["rows"].as_array().unwrap() {
        let [whole, gpus, gpu] =
            ["usd_per_instance_hour", "gpus_in_instance", "usd_per_gpu_hour"].map(|name| row[name].as_f64());
        if let (Some(whole), Some(gpus), Some(gpu)) = (whole, gpus, gpu) {
            seen += 1;
            assert!((whole / gpus / gpu - 1.0).abs() < 2e-3, "{row}");
        }
    }
    assert!(seen > 50);
}
