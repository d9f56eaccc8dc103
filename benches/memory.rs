//! Cost of looking a subject up and of sizing one layout; the layout search does the second dozens of times a plan.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use crossover::catalog::Catalog;
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::Memory;
use crossover::scenario::Scenario;
use std::hint::black_box;

fn sizing(c: &mut Criterion) {
    let catalog = Catalog::embedded().unwrap();
    for id in ["meta-llama/Llama-3.3-70B-Instruct", "Qwen/Qwen3.5-35B-A3B", "deepseek-ai/DeepSeek-V3.2"] {
        let mut s = Scenario::default();
        s.model.id = id.into();
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        c.bench_function(&format!("subject {id}"), |b| {
            b.iter(|| Subject::of(black_box(&s), &catalog, &mut Vec::new()).is_ok());
        });
        c.bench_function(&format!("size {id}"), |b| b.iter(|| Memory::size(black_box(&subject), Layout::new(4, 1))));
    }
}

criterion_group!(benches, sizing);
criterion_main!(benches);
