//! A deployment in a line, for the tests of memory.
#![allow(dead_code, reason = "each test file uses a part")]

use crossover::catalog::{Catalog, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::{Memory, MemoryReport};
use crossover::engine::{Effort, Plan, plan_with};
use crossover::scenario::{Range, Scenario, Warning};

/// A case: model, format, accelerator, engine version (empty = newest), then whatever else a test needs.
pub struct Case(pub Scenario);

pub fn case(model: &str, q: Quantization, accelerator: &str, version: &str) -> Case {
    let mut s = Scenario::default();
    s.model.id = model.into();
    s.model.quantization = q;
    s.hardware.accelerator = accelerator.into();
    s.serving.engine_version = (!version.is_empty()).then(|| version.to_owned());
    Case(s)
}

impl Case {
    pub fn with(mut self, change: impl FnOnce(&mut Scenario)) -> Self {
        change(&mut self.0);
        self
    }

    pub fn size(&self, layout: Layout) -> Memory {
        let catalog = Catalog::embedded().unwrap();
        let subject = Subject::of(&self.0, &catalog, &mut Vec::new()).unwrap();
        Memory::size(&subject, layout)
    }

    pub fn tp(&self, t: u32) -> Memory {
        self.size(Layout::new(t, 1))
    }

    pub fn report(&self, t: u32) -> MemoryReport {
        self.tp(t).report()
    }

    /// As many requests of these sizes in flight, none cached.
    pub fn requests(self, input: f64, output: f64, in_flight: f64) -> Self {
        self.with(|s| {
            s.workload.input_tokens = Range::point(input);
            s.workload.output_tokens = Range::point(output);
            s.workload.max_request_tokens = Range::point(input + output);
            s.workload.cached_input_share = Range::point(0.0);
            s.serving.concurrency = Some(in_flight);
        })
    }

    pub fn on(self, t: u32) -> Self {
        self.with(|s| s.serving.tensor_parallel = Some(t))
    }

    pub fn plan(&self) -> Plan {
        plan_with(&self.0, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap()
    }

    pub fn warnings(&self) -> Vec<Warning> {
        let (catalog, mut out) = (Catalog::embedded().unwrap(), Vec::new());
        Subject::of(&self.0, &catalog, &mut out).unwrap();
        out
    }
}

pub fn near(got: f64, want: f64, ratio: f64) {
    assert!((got / want - 1.0).abs() <= ratio, "{got} is not {want} within {ratio}");
}

pub const BF16: Quantization = Quantization::Bf16;
pub const LLAMA8: &str = "meta-llama/Llama-3.1-8B-Instruct";
pub const LLAMA70: &str = "meta-llama/Llama-3.3-70B-Instruct";
