//! Feed-forwards of a configuration: dense, or which layers have how many experts of what width.

use serde_json::Value;

use super::ImportError;
use super::config::{MOST_LAYERS, MOST_WIDTH};
use super::fields::Fields;
use crate::catalog::model::Moe;
use crate::catalog::{Model, Words};

const MOST_EXPERTS: u32 = 1 << 16;

/// Read the feed-forward fields into the model.
pub(super) fn read(f: &mut Fields, model: &mut Model) -> Result<(), ImportError> {
    let names = ["num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "num_moe_experts"];
    match f.count(&names, MOST_EXPERTS)? {
        Some(experts) if experts > 1 => mixture(f, model, experts),
        _ => dense(f, model),
    }
}

fn dense(f: &mut Fields, model: &mut Model) -> Result<(), ImportError> {
    if let Some(pattern) = f.text("hybrid_override_pattern")? {
        model.dims.ffn_layers = Some(pattern.matches('-').count() as u32);
    }
    if model.intermediate_size.is_none() {
        let recurrent_only = model.attention_heads.is_none();
        let width = model.hidden_size.unwrap_or(0).saturating_mul(4);
        model.intermediate_size = Some(if recurrent_only { 0 } else { width });
        if !recurrent_only {
            f.note("intermediate_size", format!("is missing: {width}, four times the width, is assumed"));
        }
    }
    Ok(())
}

fn mixture(f: &mut Fields, model: &mut Model, experts: u32) -> Result<(), ImportError> {
    let layers = model.layers.unwrap_or(0);
    let top = ["num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", "top_k_experts", "moe_k"];
    let visited = f.count(&top, MOST_EXPERTS)?;
    if visited.is_none() {
        f.note("num_experts_per_tok", format!("{}: 2 experts a token are assumed", f.lack(&top)));
    }
    let visited = visited.unwrap_or(2);
    if visited > experts {
        let message = format!("{visited} experts a token, but only {experts} experts");
        return Err(ImportError::new(f.path_of("num_experts_per_tok"), message, "check the configuration"));
    }
    let width = f.count(&["moe_intermediate_size", "moe_ffn_hidden_size", "expert_intermediate_size"], MOST_WIDTH)?;
    let width = width.or(model.intermediate_size);
    let dense_width = f.count(&["intermediate_size_mlp"], MOST_WIDTH)?.or(model.intermediate_size);
    let with = layers_with_experts(f, layers)?;
    let shared = shared(f, model, width)?;
    model.dims.expert_hidden_size = f.count(&["moe_latent_size"], MOST_WIDTH)?;
    model.moe = Some(Moe {
        experts: Some(experts),
        experts_per_token: Some(visited),
        expert_intermediate_size: width,
        shared_experts: Some(u32::from(shared > 0)),
        shared_intermediate_size: Some(shared),
        dense_layers: Some(with.dense),
        moe_layers: Some(with.experts),
        dense_intermediate_size: dense_width,
        note: Words::default(),
    });
    if width.is_none() {
        f.note("moe_intermediate_size", "is missing: the experts' parameters are unknown");
    }
    Ok(())
}

/// Width of the shared experts together.
fn shared(f: &Fields, model: &Model, width: Option<u32>) -> Result<u32, ImportError> {
    let names = ["shared_expert_intermediate_size", "moe_shared_expert_intermediate_size", "shared_intermediate_size"];
    if let Some(all) = f.whole(&names, MOST_WIDTH)? {
        let copies =
            f.count(&["n_shared_experts"], 256)?.filter(|_| f.get("moe_shared_expert_intermediate_size").is_some());
        return Ok(all.saturating_mul(copies.unwrap_or(1)));
    }
    if model.family.starts_with("llama4") {
        return Ok(width.unwrap_or(0));
    }
    let n = f.whole(&["n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"], 256)?;
    Ok(n.unwrap_or(0).saturating_mul(width.unwrap_or(0)))
}

/// How many layers have experts, and how many a dense feed-forward.
struct Split {
    experts: u32,
    dense: u32,
}

fn layers_with_experts(f: &Fields, layers: u32) -> Result<Split, ImportError> {
    if let Some(pattern) = f.text("hybrid_override_pattern")? {
        let of = |c: char| pattern.matches(c).count() as u32;
        return Ok(Split { experts: of('E'), dense: of('-') });
    }
    let rule = Rule::of(f)?;
    let experts = (0..layers).filter(|l| rule.has_experts(*l)).count() as u32;
    Ok(Split { experts, dense: layers - experts })
}

/// The ways configurations say which layers have experts.
struct Rule {
    first: u32,
    every: u32,
    offset: u32,
    never: Vec<u32>,
    listed: Option<Vec<bool>>,
}

impl Rule {
    fn of(f: &Fields) -> Result<Self, ImportError> {
        let mut rule = Self { first: 0, every: 1, offset: 0, never: Vec::new(), listed: None };
        rule.first = f.whole(&["first_k_dense_replace", "moe_layer_start_index"], MOST_LAYERS)?.unwrap_or(0);
        if let Some(step) = f.count(&["decoder_sparse_step", "interleave_moe_layer_step"], MOST_LAYERS)? {
            (rule.every, rule.offset) = (step, step - 1);
        }
        if let Some(period) = f.count(&["expert_layer_period", "moe_layer_interval"], MOST_LAYERS)? {
            (rule.every, rule.offset) = (period, f.whole(&["expert_layer_offset"], MOST_LAYERS)?.unwrap_or(0));
        }
        match f.get("moe_layer_freq") {
            Some(Value::Array(_)) => rule.listed = f.list("moe_layer_freq")?.map(|l| l.iter().map(truthy).collect()),
            Some(_) => rule.every = f.count(&["moe_layer_freq"], MOST_LAYERS)?.unwrap_or(1),
            None => {}
        }
        if let Some(kinds) = f.list("mlp_layer_types")? {
            rule.listed = Some(kinds.iter().map(|k| k.as_str() != Some("dense")).collect());
        }
        if let Some(never) = f.list("mlp_only_layers")? {
            rule.never = never.iter().filter_map(Value::as_u64).map(|n| n.min(u64::from(MOST_LAYERS)) as u32).collect();
        }
        Ok(rule)
    }

    fn has_experts(&self, layer: u32) -> bool {
        match &self.listed {
            Some(listed) => listed.get(layer as usize).copied().unwrap_or(false),
            None => {
                layer >= self.first && layer % self.every == self.offset % self.every && !self.never.contains(&layer)
            }
        }
    }
}

fn truthy(v: &Value) -> bool {
    v.as_f64().is_some_and(|n| n != 0.0)
}
