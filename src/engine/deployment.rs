//! What is to be run where: the looked-up model and accelerator, the effective request sizes, and one way of laying
//! them out.

pub mod cache_format;
mod refusal;

use std::borrow::Cow;

use super::memory::parameters::Parameters;
use super::memory::{ClassBytes, device_defaults};
use super::{Unplannable, unknown_id};
use crate::catalog::engine::{DeviceDefaults, version_key};
use crate::catalog::model::Variant;
use crate::catalog::offer::OfferName;
use crate::catalog::{Accelerator, Catalog, EngineRule, GpuPrice, Model, Quantization};
use crate::import;
use crate::scenario::{EngineKind, Scenario, Warning};

/// A scenario with its model and accelerator looked up; what every part of the engine starts from.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The question.
    pub scenario: &'a Scenario,
    /// The facts.
    pub catalog: &'a Catalog,
    /// The model to serve (looked up, or read from the scenario's own configuration).
    pub model: Cow<'a, Model>,
    /// The accelerator to serve it on.
    pub accelerator: &'a Accelerator,
    /// Weight format with `native` resolved to the format of the released checkpoint.
    pub quantization: Quantization,
    /// Mean sizes of a request.
    pub sizes: Sizes,
    /// Parameters of the model by class of tensor.
    pub parameters: Parameters,
    /// Their bytes in the subject's format, each tensor once.
    pub class_bytes: ClassBytes,
    /// The memory rule of the engine's version.
    pub engine: &'a EngineRule,
    /// Whether the engine is newer than its rule was checked against.
    pub engine_is_newer: bool,
    /// The engine's defaults for the accelerator.
    pub defaults: DeviceDefaults,
    /// CUDA compute capability of the accelerator as a number; 0 for makers without one.
    pub capability: f64,
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

    /// GPUs that share the attention of one sequence.
    pub const fn attention_gpus(self) -> u32 {
        let replicas = if self.data_parallel_attention == 0 { 1 } else { self.data_parallel_attention };
        let share = self.tensor_parallel / replicas;
        if share == 0 { 1 } else { share }
    }
}

impl<'a> Subject<'a> {
    /// Look up what the scenario names.
    ///
    /// # Errors
    /// An id the catalog does not have, with the nearest ids; a provider it does not have, with those it has.
    pub fn of(scenario: &'a Scenario, catalog: &'a Catalog, warnings: &mut Vec<Warning>) -> Result<Self, Unplannable> {
        let model = chosen_model(scenario, catalog, warnings)?;
        let accelerator = catalog.accelerator(&scenario.hardware.accelerator).ok_or_else(|| {
            let ids = catalog.accelerators.heads().map(|a| a.id.as_str());
            unknown_id("hardware.accelerator", "accelerator", &scenario.hardware.accelerator, ids)
        })?;
        known_provider(scenario, catalog)?;
        let quantization = match scenario.model.quantization {
            Quantization::Native => Quantization::from_id(&model.native_dtype).unwrap_or(Quantization::Bf16),
            named => named,
        };
        let (engine, engine_is_newer) = engine_rule(scenario, catalog, warnings)?;
        let parameters = Parameters::of(&model);
        let mut subject = Self {
            scenario,
            catalog,
            model,
            accelerator,
            quantization,
            sizes: Sizes::of(scenario),
            parameters,
            class_bytes: ClassBytes::default(),
            engine,
            engine_is_newer,
            defaults: NO_DEFAULTS,
            capability: accelerator.compute_capability.as_deref().and_then(|c| c.parse().ok()).unwrap_or(0.0),
        };
        subject.class_bytes = ClassBytes::of(&subject);
        subject.defaults = device_defaults(&subject);
        subject.check(warnings);
        Ok(subject)
    }

    /// Driver-visible bytes of one accelerator.
    pub fn memory_bytes(&self) -> f64 {
        self.scenario.hardware.memory_bytes.unwrap_or(self.accelerator.memory_bytes)
    }

    /// Share of the layers that the fullest pipeline stage holds.
    pub fn fullest_stage_share(&self, layout: Layout) -> f64 {
        match self.model.layers {
            _ if layout.pipeline_parallel <= 1 => 1.0,
            Some(n) if n > 0 => f64::from(n.div_ceil(layout.pipeline_parallel)) / f64::from(n),
            _ => 1.0 / f64::from(layout.pipeline_parallel),
        }
    }

    /// Whether the engine reads an 8-bit cache format from the checkpoint. ModelOpt's fp8 and NVFP4 checkpoints name one
    /// (`kv_cache_quant_algo`); TensorRT-LLM runs those, vLLM whatever is published.
    pub fn checkpoint_brings_fp8_cache(&self) -> bool {
        let low = matches!(self.quantization, Quantization::Fp8 | Quantization::Nvfp4);
        match self.scenario.serving.engine {
            EngineKind::TensorrtLlm => low,
            EngineKind::Vllm => low && self.published_by_modelopt(),
            _ => false,
        }
    }

    /// Whether the published checkpoint in this format is ModelOpt's, which NVIDIA publishes; most NVFP4 ones are.
    fn published_by_modelopt(&self) -> bool {
        let released = self.released(|v| v.is_in(self.quantization));
        let published = released.iter().find_map(|v| v.repo.as_ref());
        published.map_or(self.quantization == Quantization::Nvfp4, |repo| repo.starts_with("nvidia/"))
    }

    /// Its model's checkpoints of some precision that its engine serves on its accelerator.
    pub fn released(&self, in_it: impl Fn(&Variant) -> bool) -> Vec<&Variant> {
        self.model.released(self.scenario.serving.engine.id(), &self.accelerator.vendor, in_it)
    }

    /// Whether 8-bit weights carry a scale per block, as the model's own 8-bit release does; others scale per tensor or
    /// channel.
    pub fn scaled_in_blocks(&self) -> bool {
        let block = Quantization::Fp8Block.id();
        let released = self.model.native_dtype == block || !self.released(|v| v.precision == block).is_empty();
        self.quantization == Quantization::Fp8Block || (self.quantization == Quantization::Fp8 && released)
    }

    /// The layout that the scenario pins, if it pins one.
    pub fn pinned_layout(&self) -> Option<Layout> {
        let s = &self.scenario.serving;
        if s.tensor_parallel.is_none() && s.pipeline_parallel.is_none() && s.data_parallel_attention.is_none() {
            return None;
        }
        let mut l = Layout::new(s.tensor_parallel.unwrap_or(1), s.pipeline_parallel.unwrap_or(1));
        l.data_parallel_attention = s.data_parallel_attention.unwrap_or(1).max(1);
        Some(l)
    }

    /// Warn of what cannot run as it is asked for.
    fn check(&self, warnings: &mut Vec<Warning>) {
        if let Some(refused) = self.pinned_layout().and_then(|l| self.refusal(l)) {
            warnings.push(refused);
        }
        cache_format::check(self, warnings);
        let s = &self.scenario.serving;
        if let Some(asked) = s.max_model_len.filter(|n| *n > self.model.max_context) {
            warnings.push(Warning::new(
                "serving.max_model_len",
                format!("{asked} tokens are more than the model's context of {}", self.model.max_context),
                "engines refuse to start; lower it, or the model needs rope scaling",
            ));
        }
        if self.sizes.longest > f64::from(self.model.max_context) {
            warnings.push(Warning::new(
                "workload.max_request_tokens",
                format!("the longest request does not fit the model's context of {} tokens", self.model.max_context),
                "choose a model with a longer context or cut the request",
            ));
        }
        if self.model.attention.groups.is_empty() && self.model.attention.long_context_bytes_per_token.is_none() {
            warnings.push(Warning::new(
                "model.id",
                format!("the attention dimensions of {} are unpublished, so its KV cache is unknown", self.model.name),
                "size it from the vendor's own figure, or paste its config.json",
            ));
        }
    }

    /// Why no engine starts with a layout, if none does.
    pub fn impossible(&self, layout: Layout) -> Option<Warning> {
        refusal::impossible(self, layout)
    }

    /// Why a layout cannot run, or should not, if so.
    pub fn refusal(&self, layout: Layout) -> Option<Warning> {
        refusal::of(self, layout)
    }
}

/// Stands until the engine's rule is known.
const NO_DEFAULTS: DeviceDefaults = DeviceDefaults {
    from_gib: 0.0,
    not_a100: false,
    max_num_seqs: 256,
    max_num_batched_tokens: 2048,
    graph_batch: 256,
};

/// The model of the scenario: its own configuration, else the catalog's row.
fn chosen_model<'a>(
    scenario: &Scenario,
    catalog: &'a Catalog,
    warnings: &mut Vec<Warning>,
) -> Result<Cow<'a, Model>, Unplannable> {
    let Some(config) = &scenario.model.config else {
        return catalog
            .model(&scenario.model.id)
            .map(Cow::Borrowed)
            .ok_or_else(|| unknown_id("model.id", "model", &scenario.model.id, catalog.models.ids()));
    };
    let imported = import::config::from_value(config).map_err(|e| Unplannable {
        path: format!("model.config.{}", e.path),
        message: e.message,
        hint: e.hint,
    })?;
    for note in imported.notes {
        let path = format!("model.config.{}", note.path);
        warnings.push(Warning::new(path, note.message, "add the field to the configuration if this is wrong"));
    }
    Ok(Cow::Owned(imported.model))
}

/// Refuse an offer that no row of the catalog is: an unknown provider, or an instance or region it does not have.
fn known_provider(scenario: &Scenario, catalog: &Catalog) -> Result<(), Unplannable> {
    let h = &scenario.hardware;
    let Some(text) = h.provider.as_deref().filter(|text| catalog.offer_name(text).is_none()) else { return Ok(()) };
    let named = OfferName::read(text);
    let own = |p: &&GpuPrice| p.gpu == h.accelerator && p.provider.eq_ignore_ascii_case(named.provider);
    let instances: Vec<String> = catalog.gpu_prices.iter().filter(own).map(GpuPrice::name).collect();
    let hint = match (instances.is_empty(), catalog.providers_of(&h.accelerator, h.acquisition.id())) {
        (false, _) => format!("{} has {}", named.provider, instances.join(", ")),
        (true, offers) if offers.is_empty() => format!("known are {}", catalog.providers().join(", ")),
        (true, offers) => format!("providers of {}: {}", h.accelerator, offers.join(", ")),
    };
    let shown: String = text.chars().take(120).collect();
    Err(Unplannable {
        path: "hardware.provider".into(),
        message: format!("the catalog has no rental price of '{shown}'"),
        hint,
    })
}

/// The memory rule of the scenario's engine and version, and whether the version is newer than anything measured.
fn engine_rule<'a>(
    scenario: &Scenario,
    catalog: &'a Catalog,
    warnings: &mut Vec<Warning>,
) -> Result<(&'a EngineRule, bool), Unplannable> {
    let id = scenario.serving.engine.id();
    let mut rules = catalog.engines.iter().filter(|r| r.engine == id);
    let newest = catalog.engines.iter().rfind(|r| r.engine == id).ok_or_else(|| Unplannable {
        path: "serving.engine".into(),
        message: format!("no memory rule for engine '{id}'"),
        hint: "add a row to public/catalog/engines.json".into(),
    })?;
    let Some(text) = scenario.serving.engine_version.as_deref() else { return Ok((newest, false)) };
    let version = version_key(text);
    let rule = rules.find(|r| r.covers(version)).unwrap_or(newest);
    let newer = rule.before.is_none() && version[..2] > version_key(&rule.checked)[..2];
    if newer {
        warnings.push(Warning::new(
            "serving.engine_version",
            format!("{id} {text} is newer than the last checked version {}", rule.checked),
            "its overhead is taken from that version with a wider margin",
        ));
    }
    Ok((rule, newer))
}

impl Sizes {
    /// Sizes of a scenario's mean and longest request. A pinned longest sequence is what the engine reserves for.
    fn of(scenario: &Scenario) -> Self {
        let (w, s) = (&scenario.workload, &scenario.serving);
        let (input, output) = (w.input_tokens.likely, w.output_tokens.likely);
        let asked = w.max_request_tokens.likely.max(input + output);
        Self {
            input,
            output,
            longest: s.max_model_len.map_or(asked, f64::from),
            cached_input_share: if s.prefix_caching { w.cached_input_share.likely } else { 0.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_nobody_counted_are_cut_evenly() {
        let (catalog, scenario) = (Catalog::embedded().unwrap(), Scenario::default());
        let mut subject = Subject::of(&scenario, &catalog, &mut Vec::new()).unwrap();
        let mut share = |layers: Option<u32>, stages: u32| {
            subject.model.to_mut().layers = layers;
            subject.fullest_stage_share(Layout::new(1, stages))
        };
        assert_eq!([share(None, 1), share(None, 4), share(Some(0), 4)], [1.0, 0.25, 0.25]);
        // Of 10 layers in 4 stages the fullest holds 3.
        assert_eq!([share(Some(10), 1), share(Some(10), 4), share(Some(8), 4)], [1.0, 0.3, 0.25]);
    }

    #[test]
    fn a_sequence_may_be_as_long_as_the_models_context() {
        let catalog = Catalog::embedded().unwrap();
        let warned = |more: u32| {
            let mut s = Scenario::default();
            s.serving.max_model_len = Some(catalog.model(&s.model.id).unwrap().max_context + more);
            let mut warnings = Vec::new();
            Subject::of(&s, &catalog, &mut warnings).unwrap();
            warnings
                .iter()
                .filter(|w| w.path.ends_with("max_model_len") || w.path.ends_with("max_request_tokens"))
                .count()
        };
        assert_eq!((warned(0), warned(1)), (0, 2));
    }
}
