//! The pool of equal pages that vLLM shares between layers of different kinds.
//!
//! Layers are put in groups of one kind and one size; a block of any group takes the same bytes, so a free block serves
//! any of them. Attention beside recurrent state gets blocks long enough that a page holds one state. Source:
//! vllm/v1/kv_cache_interface.py and kv_cache_utils.py @001cabc; exact for the published hybrid cases (tests/accuracy).

use super::kv::{KvFormat, token_bytes, window};
use crate::catalog::LayerGroup;
use crate::engine::deployment::{Layout, Subject};
use crate::math::ceil_tolerant;

/// Equal pages of a hybrid model on one GPU.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages {
    /// Bytes of one block: a page of every layer of a group.
    pub block_bytes: f64,
    /// Tokens of a block of full-attention layers.
    pub block_tokens: f64,
    /// Groups of full-attention layers.
    full_groups: f64,
    /// Layers that keep a window or a chunk.
    bounded: Vec<Bounded>,
    /// Blocks a sequence holds for its states; 0 without recurrent layers.
    pub state_blocks: f64,
    /// Tokens of a block before pages were made equal.
    base_tokens: f64,
    step_tokens: f64,
}

/// Groups of layers that keep the last tokens only.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounded {
    /// Tokens of the window or chunk.
    tokens: f64,
    /// Whether it is a chunk, which ends at a border instead of sliding.
    chunk: bool,
    /// Tokens of a block.
    block: f64,
    groups: f64,
}

impl Bounded {
    /// Blocks of a decoding sequence: a chunk is left whole, a window also holds the block being left.
    fn resident(&self, tokens: f64) -> f64 {
        let left = if self.chunk { 0.0 } else { 1.0 };
        self.groups * ceil_tolerant(tokens / self.block).min(ceil_tolerant(self.tokens / self.block) + left)
    }

    /// Blocks wanted to admit a sequence, which grows by a whole step while it prefills.
    fn admission(&self, tokens: f64, step: f64) -> f64 {
        let blocks = match self.chunk {
            true => ceil_tolerant((self.tokens + step).min(tokens) / self.block),
            false => ceil_tolerant((self.tokens - 1.0 + step).min(tokens) / self.block) + 1.0,
        };
        self.groups * blocks
    }
}

/// One kind of layer: how many, tokens it keeps (`None` = all), bytes per token (0 for states), bytes of a state.
struct Kind {
    layers: f64,
    window: Option<f64>,
    chunk: bool,
    token: f64,
    state: f64,
}

impl Pages {
    /// The pages of a model with layers of several kinds; `None` where all layers are of one kind.
    pub(super) fn of(
        subject: &Subject,
        layout: Layout,
        format: KvFormat,
        step_tokens: f64,
        stage_share: f64,
    ) -> Option<Self> {
        let groups = &subject.model.attention.groups;
        if groups.len() < 2 || groups.iter().any(|g| matches!(g, LayerGroup::Compressed { .. })) {
            return None;
        }
        let kinds: Vec<Kind> = groups.iter().map(|g| Kind::of(subject, layout, format, g)).collect();
        let base = f64::from(subject.engine.cache.block_tokens.max(1));
        let state = kinds.iter().map(|k| k.state).fold(0.0, f64::max);
        let token = kinds.iter().map(|k| k.token).fold(0.0, f64::max);
        if token == 0.0 {
            return None;
        }
        let block = if state > 0.0 { base * ceil_tolerant(state / (base * token)) } else { base };
        let page = block * token;
        let size = group_size(&kinds);
        let slots = match subject.scenario.serving.prefix_caching {
            true => subject.engine.cache.state_slots_prefix_caching,
            false => subject.engine.cache.state_slots,
        };
        let mut out = Self {
            block_bytes: size * page * stage_share,
            block_tokens: block,
            full_groups: 0.0,
            bounded: Vec::with_capacity(2),
            state_blocks: 0.0,
            base_tokens: base,
            step_tokens,
        };
        for k in &kinds {
            let n = ceil_tolerant(k.layers / size);
            if k.token == 0.0 {
                out.state_blocks += n * f64::from(slots);
                continue;
            }
            // Layers with smaller tokens hold more of them in a page, in whole multiples of the base block.
            let tokens = (page / k.token / base).floor().max(1.0) * base;
            match k.window {
                Some(w) => out.bounded.push(Bounded { tokens: w, chunk: k.chunk, block: tokens, groups: n }),
                None => {
                    out.full_groups += n;
                    out.block_tokens = tokens;
                }
            }
        }
        Some(out)
    }

    /// Blocks of a decoding sequence.
    fn resident_blocks(&self, tokens: f64) -> f64 {
        let bounded: f64 = self.bounded.iter().map(|b| b.resident(tokens)).sum();
        self.full_groups * ceil_tolerant(tokens / self.block_tokens) + bounded + self.state_blocks
    }

    /// Blocks the engine asks for to admit a sequence.
    fn admission_blocks(&self, tokens: f64) -> f64 {
        let bounded: f64 = self.bounded.iter().map(|b| b.admission(tokens, self.step_tokens)).sum();
        self.full_groups * ceil_tolerant(tokens / self.block_tokens) + bounded + self.state_blocks
    }

    /// Bytes of a decoding sequence, on one GPU.
    pub(super) fn resident_bytes(&self, tokens: f64) -> f64 {
        self.resident_blocks(tokens) * self.block_bytes
    }

    /// Bytes wanted to admit a sequence, on one GPU.
    pub(super) fn admission_bytes(&self, tokens: f64) -> f64 {
        self.admission_blocks(tokens) * self.block_bytes
    }

    /// The unit of the engine's token count, blocks / groups x base block; `None` with recurrent layers, whose count
    /// leaves the states out.
    pub(super) fn counted_bytes(&self) -> Option<f64> {
        let groups = self.full_groups + self.bounded.iter().map(|b| b.groups).sum::<f64>();
        (self.state_blocks == 0.0).then_some(groups * self.block_bytes / self.base_tokens)
    }

    /// Sequences whose states alone fill a pool; without states no limit.
    pub fn most_sequences(&self, pool: f64) -> Option<f64> {
        (self.state_blocks > 0.0).then(|| (pool / self.block_bytes).floor())
    }
}

impl Kind {
    fn of(subject: &Subject, layout: Layout, format: KvFormat, group: &LayerGroup) -> Self {
        let layers = f64::from(group.layers());
        match group {
            LayerGroup::State { ssm_bytes_per_seq_per_layer: s, conv_bytes_per_seq_per_layer: c, .. } => Self {
                layers,
                window: None,
                chunk: false,
                token: 0.0,
                state: (s + c) / f64::from(layout.attention_gpus()),
            },
            _ => {
                let token = token_bytes(subject, layout, format, group);
                let window = window(group).filter(|_| subject.engine.cache.windows);
                let chunk = matches!(group, LayerGroup::ChunkedLocal { .. });
                Self { layers, window, chunk, token, state: 0.0 }
            }
        }
    }
}

/// Layers of a group: the fewest of any kind, or the most where that pads less than half.
fn group_size(kinds: &[Kind]) -> f64 {
    let least = kinds.iter().map(|k| k.layers).fold(f64::INFINITY, f64::min);
    let most = kinds.iter().map(|k| k.layers).fold(0.0, f64::max);
    if most < 1.5 * least { most } else { least }
}

#[cfg(test)]
mod tests {
    //! Pins how many layers share a page, and that states alone bound the number of sequences.
    use super::*;

    /// kv_cache_utils.py @001cabc: with fewer than half as many again of the commonest kind every group is as large as that,
    /// else as the rarest.
    #[test]
    fn a_group_is_padded_by_less_than_half() {
        let size = |layers: &[f64]| {
            let kind = |n: &f64| Kind { layers: *n, window: None, chunk: false, token: 1.0, state: 0.0 };
            group_size(&layers.iter().map(kind).collect::<Vec<_>>())
        };
        // Gemma 3 27B and 12B, gpt-oss, and models of the two kinds nearly alike.
        assert_eq!([size(&[10.0, 52.0]), size(&[8.0, 40.0]), size(&[12.0, 12.0])], [10.0, 8.0, 12.0]);
        assert_eq!([size(&[30.0, 40.0]), size(&[40.0, 30.0]), size(&[20.0, 30.0])], [40.0, 40.0, 20.0]);
    }

    #[test]
    fn without_states_no_number_of_sequences_is_too_many() {
        let pages = |state_blocks: f64| Pages {
            block_bytes: 10.0,
            block_tokens: 16.0,
            full_groups: 1.0,
            bounded: Vec::new(),
            state_blocks,
            base_tokens: 16.0,
            step_tokens: 2048.0,
        };
        assert_eq!((pages(0.0).most_sequences(105.0), pages(2.0).most_sequences(105.0)), (None, Some(10.0)));
    }
}
