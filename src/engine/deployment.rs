//! What is to be run where: the looked-up model and accelerator, the effective request sizes, and one way of laying
//! them out.

use super::memory::parameters::Parameters;
use super::{Unplannable, unknown_id};
use crate::catalog::{Accelerator, Catalog, Model, Quantization};
use crate::scenario::{Scenario, Warning};

/// A scenario with its model and accelerator looked up; what every part of the engine starts from.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The question.
    pub scenario: &'a Scenario,
    /// The facts.
    pub catalog: &'a Catalog,
    /// The model to serve (looked up, or read from the scenario's own configuration).
    pub model: std::borrow::Cow<'a, Model>,
    /// The accelerator to serve it on.
    pub accelerator: &'a Accelerator,
    /// Weight format with `native` resolved to the format of the released checkpoint.
    pub quantization: Quantization,
    /// Mean sizes of a request.
    pub sizes: Sizes,
    /// Parameters of the model by class of tensor.
    pub parameters: Parameters,
}

/// Mean request sizes, tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Longest request, input and output together.
    pub longest: f64,
    /// Share of input tokens found in the prefix cache, 0..1.
    pub cached_input_share: f64,
}

/// How the GPUs of one replica share the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout {
    /// GPUs that share every layer.
    pub tensor_parallel: u32,
    /// Stages the layers are cut into.
    pub pipeline_parallel: u32,
    /// Attention replicas among the tensor-parallel GPUs (data-parallel attention); 1 = none.
    pub data_parallel_attention: u32,
    /// GPUs the experts are spread over as whole experts (expert parallel); 1 = each expert is cut.
    pub expert_parallel: u32,
}

impl Layout {
    /// A layout without data-parallel attention or expert parallelism.
    pub const fn new(tensor_parallel: u32, pipeline_parallel: u32) -> Self {
        Self { tensor_parallel, pipeline_parallel, data_parallel_attention: 1, expert_parallel: 1 }
    }

    /// GPUs of one replica.
    pub const fn gpus(self) -> u32 {
        self.tensor_parallel * self.pipeline_parallel
    }
}

impl<'a> Subject<'a> {
    /// Look up what the scenario names.
    ///
    /// # Errors
    /// An id the catalog does not have, with the nearest ids.
    pub fn of(scenario: &'a Scenario, catalog: &'a Catalog, _warnings: &mut Vec<Warning>) -> Result<Self, Unplannable> {
        let model = catalog.model(&scenario.model.id).ok_or_else(|| {
            unknown_id("model.id", "model", &scenario.model.id, catalog.models.iter().map(|m| m.id.as_str()))
        })?;
        let accelerator = catalog.accelerator(&scenario.hardware.accelerator).ok_or_else(|| {
            let ids = catalog.accelerators.iter().map(|a| a.id.as_str());
            unknown_id("hardware.accelerator", "accelerator", &scenario.hardware.accelerator, ids)
        })?;
        let quantization = match scenario.model.quantization {
            Quantization::Native => Quantization::from_id(&model.native_dtype).unwrap_or(Quantization::Bf16),
            named => named,
        };
        let w = &scenario.workload;
        let sizes = Sizes {
            input: w.input_tokens.likely,
            output: w.output_tokens.likely,
            longest: w.max_request_tokens.likely.max(w.input_tokens.likely + w.output_tokens.likely),
            cached_input_share: if scenario.serving.prefix_caching { w.cached_input_share.likely } else { 0.0 },
        };
        let parameters = Parameters::of(model);
        let model = std::borrow::Cow::Borrowed(model);
        Ok(Self { scenario, catalog, model, accelerator, quantization, sizes, parameters })
    }

    /// Driver-visible bytes of one accelerator.
    pub fn memory_bytes(&self) -> f64 {
        self.scenario.hardware.memory_bytes.unwrap_or(self.accelerator.memory_bytes)
    }
}
