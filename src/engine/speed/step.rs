//! The time of one step: decode, and what a prefill adds to it.
//!
//! A step multiplies its tokens with the weights it touches (bound by reading them or by arithmetic, blending where
//! both take long), reads what attention needs of each sequence, synchronises the tensor-parallel group twice a layer,
//! and pays for launches, the host and each sequence.

use super::attention::Attention;
use super::collectives::AllReduce;
use super::moe::Coverage;
use super::shape::{Arithmetic, Shape};
use super::speculative::Speculation;
use crate::catalog::Quantization;
use crate::catalog::speed::Constants;
use crate::engine::deployment::{Layout, Subject};
use crate::scenario::EngineKind;

/// Tokens in flight through a step, per pipeline stage.
#[derive(Debug, Clone)]
pub struct StepModel<'a> {
    /// The constants of the engine.
    pub constants: &'a Constants,
    /// Pipeline stages.
    pub stages: f64,
    /// Input tokens to compute for a request, cached ones left out; at least one.
    pub new_input: f64,
    /// Output tokens of a request.
    pub output: f64,
    /// Most prompt tokens in a step.
    pub chunk: f64,
    /// Drafting, if any.
    pub speculation: Speculation,
    dense_read_s: f64,
    expert_read_s: f64,
    compute_s: f64,
    coverage: Coverage,
    sequence_read_s: f64,
    sequence_compute_s: f64,
    prompt_attention_s: f64,
    launch_s: f64,
    draft_s: f64,
    prefill_launch_s: f64,
    /// Whether prompts and running requests share a step.
    pub mixes: bool,
    groups: f64,
    layers: f64,
    hidden_bytes: f64,
    all_reduce: AllReduce<'a>,
    attention_reduce: AllReduce<'a>,
    /// Seconds that a prompt which is alone in a step is synchronised, which most prompts are.
    alone_synchronise_s: f64,
}

/// Sequences that decode in a step, on one stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    /// How many.
    own: f64,
    /// Tokens of the step they are in.
    tokens: f64,
    /// Seconds of those tokens' weight products.
    products_s: f64,
}

impl Running {
    /// The same sequences in a step that holds a prefill already.
    pub fn joined(self, prefill: &Prefill) -> Self {
        Self { tokens: self.tokens + prefill.tokens, products_s: self.products_s + prefill.products_s, ..self }
    }
}

/// Prompt tokens in a step: how long each part of the work on them keeps the GPUs busy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefill {
    /// How many.
    pub tokens: f64,
    /// Seconds of the weight products that they add to the step.
    pub products_s: f64,
    attention_s: f64,
    synchronise_s: f64,
}

impl Prefill {
    /// Seconds of all parts, attention spread over `groups` groups.
    pub fn work_s(&self, groups: f64) -> f64 {
        self.products_s + self.attention_s / groups + self.synchronise_s
    }
}

/// What binds a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Reading weights and caches.
    Bandwidth,
    /// Arithmetic.
    Compute,
    /// Launches, synchronisation, host.
    Overhead,
}

/// Whether prompts and running requests share a step; otherwise a prefill is a step of its own.
fn mixes(engine: EngineKind) -> bool {
    matches!(engine, EngineKind::Vllm | EngineKind::TensorrtLlm | EngineKind::Tgi)
}

impl<'a> StepModel<'a> {
    /// The physics of a subject under a layout with the constants of its engine, at most `chunk` prompt tokens a step.
    pub fn of(subject: &'a Subject, shape: &Shape, layout: Layout, constants: &'a Constants, chunk: f64) -> Self {
        let (c, a) = (constants, subject.accelerator);
        let math = Arithmetic::of(a, subject.quantization);
        let groups = f64::from(layout.data_parallel_attention.max(1));
        let gpus = f64::from(layout.tensor_parallel.max(1));
        let share = gpus / groups;
        let s = &subject.sizes;
        let speculation = Speculation::with(subject.scenario.serving.draft_layers);
        let cached = (s.input * s.cached_input_share).min(s.input - 1.0).max(0.0);
        let attention = Attention::of(subject, share, s.input + s.output / 2.0, s.input, cached);
        let calibration = &subject.catalog.speed;
        let achieved = calibration.architecture(&a.architecture, &a.memory_type);
        let bandwidth = a.bandwidth_gbs * 1e9 * achieved.bandwidth;
        let limit = c.arithmetic_limit * 1e12;
        let (peak, sixteen_bit) = (math.peak * achieved.arithmetic, math.sixteen_bit * achieved.arithmetic);
        let peak = peak * limit / (peak + limit);
        let narrow = match math.bits {
            8 => c.eight_bit_arithmetic,
            4 => c.four_bit_arithmetic,
            _ => 1.0,
        };
        let all_reduce = AllReduce::among(calibration, a, layout.tensor_parallel);
        let experts = c.expert_arithmetic * narrow_experts(subject, shape, math.bits, c);
        let flops = shape.dense_params / c.dense_arithmetic + shape.expert_params * shape.expert_share / experts;
        let mut model = Self {
            constants,
            stages: f64::from(layout.pipeline_parallel.max(1)),
            new_input: (s.input - cached).max(1.0),
            output: s.output.max(1.0),
            chunk: chunk.max(1.0),
            // Under data-parallel attention each group holds its own copy of the attention weights.
            dense_read_s: shape.dense_read(gpus, share) / (bandwidth * c.weight_bandwidth),
            expert_read_s: shape.expert_bytes / gpus / (bandwidth * c.expert_bandwidth),
            compute_s: 2.0 * flops / (gpus * peak * narrow),
            coverage: Coverage::of(shape.expert_share),
            sequence_read_s: attention.decode_bytes / (bandwidth * c.kv_bandwidth),
            sequence_compute_s: attention.decode_flops / (sixteen_bit * c.decode_attention_arithmetic),
            prompt_attention_s: (attention.prompt_flops + attention.sparse_prompt_flops / c.sparse_prompt_attention)
                / (sixteen_bit * c.prompt_attention_arithmetic),
            launch_s: launch(subject, shape, layout, c, achieved.kernel_time),
            draft_s: draft(shape, gpus, bandwidth, c) * speculation.passes * speculation.layers,
            speculation,
            prefill_launch_s: (shape.layers * c.prefill_layer
                + shape.latent_layers * c.prefill_latent_layer
                + shape.state_layers * c.prefill_state_layer)
                * 1e-6,
            mixes: mixes(subject.scenario.serving.engine),
            groups,
            layers: shape.layers,
            hidden_bytes: shape.hidden * 2.0,
            all_reduce,
            attention_reduce: match layout.data_parallel_attention {
                0 | 1 => all_reduce,
                groups => AllReduce::among(calibration, a, layout.tensor_parallel / groups),
            },
            alone_synchronise_s: 0.0,
        };
        model.alone_synchronise_s = model.synchronise(model.alone());
        model
    }

    /// Tokens of a prompt that is alone in a step.
    pub(super) fn alone(&self) -> f64 {
        self.new_input.min(self.chunk)
    }

    /// Seconds of the weight products of `tokens` tokens.
    fn products(&self, tokens: f64) -> f64 {
        let read = self.dense_read_s + self.expert_read_s * self.coverage.touched(tokens);
        let compute = self.compute_s * tokens;
        (read * read + compute * compute).sqrt()
    }

    /// The sequences of a batch of `batch` as one stage sees them.
    pub(super) fn running(&self, batch: f64) -> Running {
        let own = batch / self.stages;
        let tokens = own * self.speculation.verified;
        Running { own, tokens, products_s: self.products(tokens) }
    }

    /// Seconds the tensor-parallel group synchronises for a step of `tokens` tokens: one all-reduce after attention
    /// (inside its group) and one after the feed-forward block, each layer.
    fn synchronise(&self, tokens: f64) -> f64 {
        let bytes = tokens * self.hidden_bytes;
        let feed_forward = self.all_reduce.seconds(bytes);
        let attention =
            if self.groups == 1.0 { feed_forward } else { self.attention_reduce.seconds(bytes / self.groups) };
        let once = attention + feed_forward;
        self.layers * once * self.constants.collective
    }

    /// Seconds of one decode step of `batch` sequences, all stages one after the other. A stage works on its share of
    /// the batch while the others work on theirs, so the batch is cut by the number of stages.
    pub fn decode_s(&self, batch: f64) -> f64 {
        self.decode_of(self.running(batch))
    }

    /// The same for sequences whose products are known.
    pub(super) fn decode_of(&self, running: Running) -> f64 {
        let Running { own, products_s, .. } = running;
        let rank = own / self.groups;
        let verified = self.speculation.verified;
        let attention = rank * self.sequence_read_s.max(self.sequence_compute_s * verified);
        let host = self.launch_s + self.draft_s + rank * self.constants.sequence * 1e-6;
        let one = products_s + attention + host + self.synchronise(own * verified);
        one * (1.0 + self.constants.stage_imbalance * (self.stages - 1.0))
    }

    /// Seconds by which the weight products of a step beside sequences that decode grow with `tokens` prompt tokens, or take
    /// on their own where prompts have steps of their own.
    pub(super) fn added_s(&self, tokens: f64, running: Running) -> f64 {
        if self.mixes {
            self.products(running.tokens + tokens) - running.products_s
        } else {
            self.products(tokens) + self.constants.step * 1e-6
        }
    }

    /// What `tokens` prompt tokens ask of the GPUs in a step beside sequences that decode.
    pub(super) fn prefill(&self, tokens: f64, running: Running) -> Prefill {
        let attention_s = tokens / self.new_input * self.prompt_attention_s;
        let products_s = self.added_s(tokens, running);
        let synchronise_s = if tokens == self.alone() { self.alone_synchronise_s } else { self.synchronise(tokens) };
        Prefill { tokens, products_s, attention_s, synchronise_s }
    }

    /// Seconds that a prefill adds to a step whose time without it is `decode`. The host launches ahead of the GPUs: what
    /// it needs shows only where it exceeds their work, and in a mixed step that of decoding counts as well.
    pub(super) fn prefill_s(&self, prefill: &Prefill, decode: f64) -> f64 {
        let beside = if self.mixes { decode } else { 0.0 };
        let launch = (self.prefill_launch_s - beside).max(0.0);
        let work = self.work_s(prefill);
        (work * work + launch * launch).sqrt()
    }

    /// Seconds of a prefill's work. Under data-parallel attention each group computes prompts of its own, side by side.
    pub(super) fn work_s(&self, prefill: &Prefill) -> f64 {
        prefill.work_s(self.groups)
    }

    /// Seconds until a prefill that waits for nobody is computed: the first kernel waits for its launch.
    pub(super) fn first_s(&self, prefill: &Prefill) -> f64 {
        prefill.work_s(1.0) + self.prefill_launch_s
    }

    /// (prefills per decode step, prompt tokens in each) in a steady state with `batch` requests.
    pub fn prefill_mix(&self, batch: f64) -> (f64, f64) {
        let per_step = batch / self.stages / (self.output / self.speculation.accepted) * self.new_input;
        let tokens = self.alone().max(per_step);
        (per_step / tokens, tokens)
    }

    /// Share of a decode step of one sequence that synchronises the tensor-parallel group.
    pub fn communication_share(&self) -> f64 {
        self.synchronise(1.0) / self.decode_s(1.0)
    }

    /// What a decode step of `batch` sequences mostly waits for.
    pub fn bound(&self, batch: f64) -> Bound {
        let own = batch / self.stages;
        let read = self.dense_read_s
            + self.expert_read_s * self.coverage.touched(own)
            + own / self.groups * self.sequence_read_s;
        let (prefills, tokens) = self.prefill_mix(batch);
        let prompts = prefills * self.prefill(tokens, self.running(batch)).work_s(self.groups);
        let compute = self.compute_s * own + prompts;
        let overhead = self.launch_s + own / self.groups * self.constants.sequence * 1e-6 + self.synchronise(own);
        match () {
            () if compute >= read && compute >= overhead => Bound::Compute,
            () if read >= overhead => Bound::Bandwidth,
            () => Bound::Overhead,
        }
    }
}

/// Whether an accelerator is of the Blackwell generation.
fn blackwell(subject: &Subject) -> bool {
    subject.accelerator.architecture.starts_with("Blackwell")
}

/// What routed experts that compute in so many bits reach of 16-bit ones: unpacking slows those that are stored in
/// fewer bits than they compute in, and Blackwell scales groups of 32, as MXFP4 releases have, but not larger ones.
fn narrow_experts(subject: &Subject, shape: &Shape, bits: u32, c: &Constants) -> f64 {
    match bits {
        16 if shape.expert_bytes < WEIGHT_ONLY * shape.expert_params => c.weight_only_experts,
        _ if !blackwell(subject) || subject.quantization == Quantization::Mxfp4 => 1.0,
        8 if subject.scaled_in_blocks() => c.blackwell_eight_bit_experts,
        4 => c.blackwell_four_bit_experts,
        _ => 1.0,
    }
}

/// Bytes a parameter below which a format that computes in 16 bit is a weight-only one of 4 to 5 bits.
const WEIGHT_ONLY: f64 = 0.7;

/// Seconds of one pass of one drafter layer: a layer's weights and its share of the output head, and its launches.
fn draft(shape: &Shape, gpus: f64, bandwidth: f64, c: &Constants) -> f64 {
    let dense = shape.attention_bytes + shape.replicated_bytes + shape.feed_forward_bytes;
    let layer = dense / shape.layers.max(1.0) + shape.head_bytes;
    layer / gpus / (bandwidth * c.weight_bandwidth) + c.layer * 1e-6
}

/// Seconds of launches, synchronisation and host work of a step; kernels take `kernel_time` times as long as Hopper's.
fn launch(subject: &Subject, shape: &Shape, layout: Layout, c: &Constants, kernel_time: f64) -> f64 {
    let unfused = if blackwell(subject) { 1.0 } else { c.unfused_kernels };
    let doublings = f64::from(layout.tensor_parallel.max(1).next_power_of_two().ilog2());
    let parallel = if layout.tensor_parallel > 1 { c.parallel_layer + c.parallel_doubling * doublings } else { 0.0 };
    let special = shape.expert_layers * c.expert_layer
        + shape.latent_layers * c.latent_layer
        + shape.sparse_layers * c.sparse_layer
        + shape.state_layers * c.state_layer;
    let kernels = kernel_time * (shape.layers * (c.layer + parallel) + unfused * special);
    let us = f64::from(layout.pipeline_parallel.max(1)) * c.step + kernels;
    // Without captured graphs every kernel is launched from the host: about three times the launches of a layer
    // (vLLM's own comparison of `--enforce-eager` at small batches, 2024).
    if subject.scenario.serving.cuda_graphs { us * 1e-6 } else { us * 3e-6 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    /// Seconds of a decode step of one sequence on one H100 of a model's shape, with constants of one's own.
    fn decode_s(model: &str, c: &Constants) -> (f64, Shape) {
        let catalog = Catalog::embedded().unwrap();
        let mut s = Scenario::default();
        (s.model.id, s.hardware.accelerator) = (model.into(), "h100-sxm".into());
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        let shape = Shape::of(&subject);
        (StepModel::of(&subject, &shape, Layout::new(1, 1), c, 8192.0).decode_s(1.0), shape)
    }

    /// A step model of a scenario under a layout with constants of one's own.
    fn with<T>(s: &Scenario, layout: Layout, c: &Constants, then: impl FnOnce(&StepModel, &Shape, &Subject) -> T) -> T {
        let catalog = Catalog::embedded().unwrap();
        let subject = Subject::of(s, &catalog, &mut Vec::new()).unwrap();
        let shape = Shape::of(&subject);
        then(&StepModel::of(&subject, &shape, layout, c, 8192.0), &shape, &subject)
    }

    /// Of a prompt that was all there before, the last token is computed again: it looks at all of them, as the last row of
    /// the triangle.
    #[test]
    fn the_last_token_of_a_cached_prompt_is_computed_again() {
        let attention = |share: f64| {
            let mut s = Scenario::default();
            s.serving.prefix_caching = true;
            s.workload.input_tokens = crate::quantity::Range::point(1000.0);
            s.workload.cached_input_share = crate::quantity::Range::point(share);
            with(&s, Layout::new(4, 1), &Constants::PRIOR, |m, _, _| (m.prompt_attention_s, m.new_input))
        };
        let ((whole, all), (last, one)) = (attention(0.0), attention(1.0));
        assert_eq!((all, one), (1000.0, 1.0));
        assert!((last / whole - 1999.0 / 1e6).abs() < 1e-9, "{last} {whole}");
    }

    /// Two groups of two among four GPUs: attention is reduced inside each group, over its half of the tokens.
    #[test]
    fn replicated_attention_is_reduced_inside_its_group() {
        let mut s = Scenario::default();
        s.hardware.accelerator = "l40s".into();
        let layout = Layout { data_parallel_attention: 2, ..Layout::new(4, 1) };
        with(&s, layout, &Constants::PRIOR, |m, shape, subject| {
            let reduce = |gpus| AllReduce::among(&subject.catalog.speed, subject.accelerator, gpus);
            for tokens in [1.0, 64.0, 4096.0] {
                let bytes = tokens * shape.hidden * 2.0;
                let once = reduce(4).seconds(bytes) + reduce(2).seconds(bytes / 2.0);
                let all = shape.layers * once * Constants::PRIOR.collective;
                assert!((m.synchronise(tokens) / all - 1.0).abs() < 1e-12, "{tokens}");
            }
        });
    }

    /// With a drafter each sequence verifies four tokens a step, and each of them attends.
    #[test]
    fn every_verified_token_attends() {
        let slowed = |draft_layers: u32| {
            let mut s = Scenario::default();
            s.serving.draft_layers = draft_layers;
            // So slow that attention is bound by arithmetic.
            let at = |arithmetic: f64| {
                let c = Constants { decode_attention_arithmetic: arithmetic, ..Constants::PRIOR };
                with(&s, Layout::new(4, 1), &c, |m, _, _| m.decode_s(1.0))
            };
            at(1e-6) - at(2e-6)
        };
        assert!((slowed(1) / slowed(0) - 4.0).abs() < 1e-6, "{} {}", slowed(1), slowed(0));
    }

    /// A layer of 12 bytes (latent projections among them) and a head of 3, on two GPUs that read a byte a second each.
    #[test]
    fn a_drafter_reads_a_layer_and_the_head() {
        let shape = Shape {
            layers: 2.0,
            attention_bytes: 8.0,
            replicated_bytes: 4.0,
            feed_forward_bytes: 12.0,
            head_bytes: 3.0,
            ..Shape::default()
        };
        let c = Constants { weight_bandwidth: 1.0, layer: 1e6, ..Constants::PRIOR };
        assert_eq!(draft(&shape, 2.0, 1.0, &c), (12.0 + 3.0) / 2.0 + 1.0);
    }

    /// The constant of a kind of layer, and how many of them a model has.
    type Kind = (fn(&mut Constants) -> &mut f64, fn(&Shape) -> f64);

    /// Expert, latent, sparse and recurrent layers each add launches of their own, and nothing to a model without them.
    #[test]
    fn every_kind_of_layer_pays_for_its_own_launches() {
        const MORE_US: f64 = 1000.0;
        let kinds: [Kind; 4] = [
            (|c| &mut c.expert_layer, |s| s.expert_layers),
            (|c| &mut c.latent_layer, |s| s.latent_layers),
            (|c| &mut c.sparse_layer, |s| s.sparse_layers),
            (|c| &mut c.state_layer, |s| s.state_layers),
        ];
        let mut seen = [0.0; 4];
        for model in [
            "meta-llama/Llama-3.1-8B-Instruct",
            "deepseek-ai/DeepSeek-V3.2",
            "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",
        ] {
            for (k, (constant, layers)) in kinds.iter().enumerate() {
                let mut c = Constants::PRIOR;
                let (before, shape) = decode_s(model, &c);
                *constant(&mut c) += MORE_US;
                let more = decode_s(model, &c).0 - before;
                let launches = layers(&shape) * MORE_US * 1e-6 * c.unfused_kernels;
                assert!((more - launches).abs() <= 1e-9 * launches.max(before), "{model} {k}: {more} {launches}");
                seen[k] += layers(&shape);
            }
        }
        assert!(seen.iter().all(|layers| *layers > 0.0), "{seen:?}");
    }
}
