//! What would make a deployment fit, each proved by sizing it again.

use super::{Memory, MemoryReport};
use crate::catalog::{KvDtype, Quantization};
use crate::engine::deployment::cache_format::eight_bit;
use crate::engine::deployment::{Layout, Subject};
use crate::scenario::{Scenario, Warning};
use crate::units::GIB;

/// Most hints given.
const MOST: usize = 4;

/// A change of one field that makes room.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Path of the field.
    pub path: &'static str,
    /// Its value, as a reader would write it.
    pub value: String,
    /// What it does.
    does: String,
}

impl Change {
    fn new(path: &'static str, value: impl ToString, does: impl Into<String>) -> Self {
        Self { path, value: value.to_string(), does: does.into() }
    }

    /// The change in words, the field by its name: `quantization awq-int4 makes it fit on the same GPUs`.
    fn words(&self) -> String {
        let name = self.path.rsplit('.').next().unwrap_or(self.path);
        format!("{name} {} {}", self.value, self.does)
    }
}

/// The Plan's section of a sized layout: what fits of the pinned load, and what would help.
pub fn report(subject: &Subject, memory: &Memory, layout: Layout) -> MemoryReport {
    let target = subject.scenario.serving.concurrency.unwrap_or(1.0);
    let mut report = memory.report_for(target);
    report.hints = suggest(subject, layout, target);
    if memory.max_num_seqs_is_cut {
        let seqs = memory.max_num_seqs;
        report
            .hints
            .push(format!("--max-num-seqs {seqs:.0}: the engine refuses more sequences than it has state blocks"));
    }
    report
}

/// Warn of a pinned batch that the engine would refuse to start with.
pub fn warn(subject: &Subject, memory: &Memory, warnings: &mut Vec<Warning>) {
    let Some(asked) = subject.scenario.serving.max_num_seqs.filter(|_| memory.max_num_seqs_is_cut) else { return };
    warnings.push(Warning::new(
        "serving.max_num_seqs",
        format!("{asked} sequences need a state block each, but there are {:.0}", memory.max_num_seqs),
        "the engine refuses to start; lower it, or give the cache more memory",
    ));
}

/// What makes what does not fit fit, in words, the cheapest first. Empty where everything fits.
pub fn suggest(subject: &Subject, layout: Layout, target: f64) -> Vec<String> {
    let now = Memory::size(subject, layout);
    let changes = changes(subject, &now, layout, target);
    if changes.is_empty() && now.missing_bytes > 0.0 && Goal::of(&now, target).is_some() {
        let missing = now.missing_bytes / GIB;
        return vec![format!("{missing:.1} GiB a GPU are missing: a larger accelerator or more pipeline stages")];
    }
    changes.iter().map(Change::words).collect()
}

/// Those changes, for a layout that is sized.
pub fn changes(subject: &Subject, now: &Memory, layout: Layout, target: f64) -> Vec<Change> {
    let goal = Goal::of(now, target);
    let Some(goal) = goal else { return Vec::new() };
    let mut out = Vec::new();
    let mut offer = |change: Change, sized: Option<Memory>| {
        if out.len() < MOST && sized.is_some_and(|m| goal.met(&m)) {
            out.push(change);
        }
    };
    let same = format!("{} on the same GPUs", goal.verb());
    let s = &subject.scenario.serving;
    if subject.scenario.model.kv_cache == KvDtype::Auto || subject.scenario.model.kv_cache == KvDtype::Bf16 {
        let format = eight_bit(s.engine);
        let sized = resize(subject, layout, |s| s.model.kv_cache = format);
        offer(Change::new("model.kv_cache", format.id(), &same), sized);
    }
    if now.max_num_seqs > 64.0 && s.max_num_seqs.is_none() {
        let sized = resize(subject, layout, |s| s.serving.max_num_seqs = Some(64));
        let does = format!("{} (smaller sampler and graphs)", goal.verb());
        offer(Change::new("serving.max_num_seqs", 64, does), sized);
    }
    if let Goal::LongestRequest = goal {
        let most = now.longest_that_fits(1.0);
        if most >= 1.0 {
            let sized = resize(subject, layout, |s| s.serving.max_model_len = Some(most as u32));
            offer(Change::new("serving.max_model_len", format!("{most:.0}"), "is the longest that fits"), sized);
        }
    }
    for q in smaller_formats(subject) {
        let sized = resize(subject, layout, |s| s.model.quantization = q);
        offer(Change::new("model.quantization", q, &same), sized);
    }
    for t in [2, 4, 8].into_iter().filter(|t| *t > layout.tensor_parallel) {
        let wider = Layout { tensor_parallel: t, ..layout };
        if subject.refusal(wider).is_none() {
            let sized = Some(Memory::size(subject, wider));
            let does = format!("{} ({} GPUs a replica)", goal.verb(), wider.gpus());
            offer(Change::new("serving.tensor_parallel", t, does), sized);
        }
    }
    out
}

/// What does not fit yet.
#[derive(Debug, Clone, Copy)]
enum Goal {
    Weights,
    LongestRequest,
    Concurrency(f64),
}

impl Goal {
    fn of(now: &Memory, target: f64) -> Option<Self> {
        let r = now.report_for(target);
        match (r.fits.weights, r.fits.longest_request, r.fits.target_concurrency) {
            (false, ..) => Some(Self::Weights),
            (_, false, _) => Some(Self::LongestRequest),
            (.., false) => Some(Self::Concurrency(target)),
            _ => None,
        }
    }

    fn met(self, m: &Memory) -> bool {
        let least = match self {
            Self::Weights | Self::LongestRequest => 1.0,
            Self::Concurrency(n) => n,
        };
        // No request runs beside weights that do not fit, nor where the longest one does not.
        m.report_for(least).fits.target_concurrency
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Weights => "makes it fit",
            Self::LongestRequest => "makes the longest request fit",
            Self::Concurrency(_) => "carries the load",
        }
    }
}

/// Formats with fewer bits in which the subject can be served.
pub fn smaller_formats(subject: &Subject) -> impl Iterator<Item = Quantization> {
    // Four-bit floats are multiplied as such from compute capability 10.0 on.
    let four_bit_floats = subject.capability >= 10.0;
    let all = smaller(subject.quantization).iter().copied();
    all.filter(move |q| *q != Quantization::Nvfp4 || four_bit_floats)
}

/// Formats with fewer bits that every engine of that format's kind serves.
fn smaller(q: Quantization) -> &'static [Quantization] {
    match q {
        Quantization::Bf16 | Quantization::Fp16 => &[Quantization::Fp8, Quantization::AwqInt4],
        Quantization::Fp8 | Quantization::Fp8Block | Quantization::Int8 => {
            &[Quantization::AwqInt4, Quantization::Nvfp4]
        }
        Quantization::GgufQ8_0 | Quantization::GgufQ6K | Quantization::GgufQ5KM => &[Quantization::GgufQ4KM],
        _ => &[],
    }
}

/// The subject sized again with one thing changed; `None` if it cannot be planned then.
fn resize(subject: &Subject, layout: Layout, change: impl FnOnce(&mut Scenario)) -> Option<Memory> {
    let mut scenario = subject.scenario.clone();
    change(&mut scenario);
    let changed = Subject::of(&scenario, subject.catalog, &mut Vec::new()).ok()?;
    Some(Memory::size(&changed, layout))
}
