//! What an answer costs: the whole plan without draws, that of a pipeline, a layout search, one operating point, one step; and
//! what a page does around it: reading a link, drawing each picture, reading the catalog.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use crossover::catalog::Catalog;
use crossover::chart::{self, Panel, Theme};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::Memory;
use crossover::engine::speed::{self, Room, Shape};
use crossover::engine::{Effort, fleet, plan_with};
use crossover::scenario::{Range, Scenario, Step, link};

fn plans(c: &mut Criterion) {
    let Ok(catalog) = Catalog::embedded() else { return };
    let dense = Scenario::default();
    let mut experts = Scenario::default();
    experts.model.id = "deepseek-ai/DeepSeek-V3-0324".into();
    experts.hardware.accelerator = "h200-sxm".into();
    for (name, s) in [("70B", &dense), ("DeepSeek-V3", &experts)] {
        c.bench_function(&format!("plan, no draws: {name}"), |b| {
            b.iter(|| plan_with(black_box(s), &catalog, Effort { draws: 0 }));
        });
        let Ok(subject) = Subject::of(s, &catalog, &mut Vec::new()) else { continue };
        c.bench_function(&format!("layout search: {name}"), |b| {
            b.iter(|| fleet::choose(black_box(&subject), &mut Vec::new()));
        });
        let layout = Layout::new(8, 1);
        let memory = Memory::size(&subject, layout);
        let shape = Shape::of(&subject);
        let model = speed::model(&subject, &shape, layout, &memory);
        let room = Room::of(&subject, &memory);
        c.bench_function(&format!("memory of a layout: {name}"), |b| {
            b.iter(|| Memory::size(black_box(&subject), layout))
        });
        c.bench_function(&format!("operating point: {name}"), |b| {
            b.iter(|| speed::operate(black_box(&subject), &model, room));
        });
        c.bench_function(&format!("closed loop: {name}"), |b| {
            b.iter(|| model.closed_loop(black_box(16.0), room.places))
        });
    }
}

/// Four steps with a model each, every one of which may have its pool laid out anew.
fn pipelines(c: &mut Criterion) {
    let Ok(catalog) = Catalog::embedded() else { return };
    let step = |model: &str, calls: f64, input: f64, output: f64| Step {
        name: model.into(),
        model: Some(model.into()),
        data_residency: true,
        calls_per_day: Range::point(calls),
        input_tokens: Range::point(input),
        output_tokens: Range::point(output),
        ..Step::default()
    };
    let steps = vec![
        step("Qwen/Qwen3-8B", 200_000.0, 400.0, 10.0),
        step("Qwen/Qwen3-32B", 50_000.0, 3_000.0, 200.0),
        step("openai/gpt-oss-120b", 20_000.0, 1_000.0, 800.0),
        step("meta-llama/Llama-3.3-70B-Instruct", 5_000.0, 8_000.0, 300.0),
    ];
    let s = Scenario { steps, ..Scenario::default() };
    c.bench_function("plan, no draws: pipeline of four models", |b| {
        b.iter(|| plan_with(black_box(&s), &catalog, Effort { draws: 0 }));
    });
}

/// What a page does around a plan: it reads a link and draws a picture.
fn around(c: &mut Criterion) {
    let Ok(catalog) = Catalog::embedded() else { return };
    let s = Scenario::default();
    let Ok(plan) = plan_with(&s, &catalog, Effort { draws: 1000 }) else { return };
    let text = "#v=1&tokens=120M/d&model=llama-3.1-8b&quant=fp8&gpu=l40s&growth=5%25&engineer=150k..300k&pin1=v%3D1%26gpu%3Dl4";
    c.bench_function("reading a link", |b| b.iter(|| link::open(black_box(text), &catalog)));
    for panel in Panel::ALL {
        c.bench_function(&format!("picture: {}", panel.id()), |b| {
            b.iter(|| chart::svg(panel, black_box(&plan), Theme::Light, 960, 540));
        });
    }
    c.bench_function("the catalog", |b| b.iter(Catalog::embedded));
}

criterion_group!(benches, plans, pipelines, around);
criterion_main!(benches);
