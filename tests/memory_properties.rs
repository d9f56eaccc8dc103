//! Pins what must hold for every model, engine, format and layout: memory adds up, longer sequences cost no less, capacity
//! is the exact inverse of a sequence's bytes, fewer bits never need more, and nothing is negative or not a number.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::Memory;
use crossover::scenario::{EngineKind, Scenario};
use proptest::prelude::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

prop_compose! {
    fn scenario()(
        model in 0..CATALOG.models.len(), gpu in 0..CATALOG.accelerators.len(),
        q in prop::sample::select(Quantization::ALL), kv in prop::sample::select(KvDtype::ALL),
        engine in prop::sample::select(EngineKind::ALL),
        version in prop::sample::select(vec!["", "0.6", "0.10.2", "0.17", "0.19", "0.22", "0.30", "1.4"]),
        caching in any::<bool>(), drafts in 0..3_u32, length in prop::option::of(64..2_000_000_u32)
    ) -> Scenario {
        let mut s = Scenario::default();
        s.model.id = CATALOG.models.ids().nth(model).unwrap().into();
        s.hardware.accelerator = CATALOG.accelerators.get(gpu).unwrap().id.clone();
        (s.model.quantization, s.model.kv_cache, s.serving.engine) = (q, kv, engine);
        s.serving.engine_version = (!version.is_empty()).then(|| version.to_owned());
        s.serving.prefix_caching = caching;
        s.serving.draft_layers = drafts;
        s.serving.max_model_len = length;
        s
    }
}

fn layout() -> impl Strategy<Value = Layout> {
    let t = prop::sample::select(vec![1_u32, 2, 4, 8]);
    (t, 1..5_u32, any::<bool>(), any::<bool>()).prop_map(|(t, p, attention, experts)| Layout {
        data_parallel_attention: if attention { t } else { 1 },
        expert_parallel: if experts { t } else { 1 },
        ..Layout::new(t, p)
    })
}

fn size(s: &Scenario, l: Layout) -> Memory {
    let subject = Subject::of(s, &CATALOG, &mut Vec::new()).unwrap();
    Memory::size(&subject, l)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn memory_adds_up_and_is_finite(s in scenario(), l in layout()) {
        let m = size(&s, l);
        let p = m.per_gpu;
        let parts = [p.weights_bytes, p.activation_bytes, p.non_torch_bytes, p.cuda_graph_bytes, p.kv_pool_bytes, p.unused_bytes];
        prop_assert!(parts.iter().all(|b| b.is_finite() && *b >= 0.0), "{parts:?}");
        let sum: f64 = parts.iter().sum();
        if m.missing_bytes == 0.0 && p.unused_bytes > 0.0 {
            prop_assert!((sum / p.capacity_bytes - 1.0).abs() < 1e-9, "{sum} of {}", p.capacity_bytes);
        } else {
            prop_assert!(sum >= p.capacity_bytes * (1.0 - 1e-9));
        }
        prop_assert!((m.missing_bytes > 0.0) <= (p.kv_pool_bytes == 0.0));
    }

    #[test]
    fn longer_sequences_cost_no_less(s in scenario(), l in layout(), a in 1..300_000_u32, more in 0..50_000_u32) {
        let m = size(&s, l);
        let (a, b) = (f64::from(a), f64::from(a + more));
        prop_assert!(m.sequence_bytes(a) <= m.sequence_bytes(b));
        prop_assert!(m.max_sequences(a) >= m.max_sequences(b));
        prop_assert!(m.admitted_sequences(b) <= m.max_sequences(b));
    }

    #[test]
    fn capacity_is_the_inverse(s in scenario(), l in layout(), n in 1..64_u32) {
        let m = size(&s, l);
        let n = f64::from(n);
        let longest = m.longest_that_fits(n);
        if longest == 0.0 {
            prop_assert!(m.admitted_sequences(1.0) < n);
        } else {
            prop_assert!(m.admitted_sequences(longest) >= n);
            prop_assert!(longest >= 1e9 || m.admitted_sequences(longest + 1.0) < n);
        }
    }

    #[test]
    fn an_eight_bit_cache_never_costs_more(s in scenario(), l in layout(), tokens in 1..200_000_u32) {
        let with = |kv| { let mut c = s.clone(); c.model.kv_cache = kv; size(&c, l).sequence_bytes(f64::from(tokens)) };
        prop_assert!(with(KvDtype::Fp8) <= with(KvDtype::Bf16) * 1.000_001);
    }

    #[test]
    fn more_gpus_never_hold_more_weights_each(s in scenario(), p in 1..4_u32) {
        let at = |t| size(&s, Layout::new(t, p)).per_gpu.weights_bytes;
        // Padding of experts to kernel multiples may take back a little of what a finer cut saves.
        prop_assert!(at(2) <= at(1) && at(4) <= at(2) * 1.07 && at(8) <= at(4) * 1.15);
    }
}

/// Regression: past the search's last doubling a length was named without being tried.
#[test]
fn the_longest_length_named_has_been_tried() {
    let mut s = Scenario::default();
    s.model.id = "deepseek-ai/DeepSeek-V4.1-Flash".into();
    s.model.quantization = Quantization::Nf4;
    s.hardware.accelerator = "mi300x".into();
    s.serving.prefix_caching = false;
    let m = size(&s, Layout::new(2, 3));
    for n in 1..64 {
        let n = f64::from(n);
        let longest = m.longest_that_fits(n);
        assert!(longest == 0.0 || m.admitted_sequences(longest) >= n, "{n} of {longest}");
    }
}
