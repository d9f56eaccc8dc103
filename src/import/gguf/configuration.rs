//! The keys of a GGUF header under the names that `config.json` has for them.

use serde_json::{Map, Value as Json, json};

use super::{Header, Value, broken};
use crate::import::ImportError;

/// (name in `config.json`, key after the architecture), numbers that mean the same.
const SAME: &[(&str, &str)] = &[
    ("num_hidden_layers", "block_count"),
    ("hidden_size", "embedding_length"),
    ("max_position_embeddings", "context_length"),
    ("num_attention_heads", "attention.head_count"),
    ("head_dim", "attention.key_length"),
    ("sliding_window", "attention.sliding_window"),
    ("vocab_size", "vocab_size"),
    ("num_experts", "expert_count"),
    ("num_experts_per_tok", "expert_used_count"),
    ("moe_intermediate_size", "expert_feed_forward_length"),
    ("shared_expert_intermediate_size", "expert_shared_feed_forward_length"),
    ("n_shared_experts", "expert_shared_count"),
    ("first_k_dense_replace", "leading_dense_block_count"),
    ("kv_lora_rank", "attention.kv_lora_rank"),
    ("q_lora_rank", "attention.q_lora_rank"),
    ("full_attention_interval", "full_attention_interval"),
];

/// A configuration of the header's model.
pub(super) fn of(h: &Header) -> Result<Json, ImportError> {
    let Some(Value::Text(architecture)) = h.keys.get("general.architecture") else {
        return Err(broken("general.architecture", "is missing", "the file has no model description"));
    };
    let key = |name: &str| h.keys.get(&format!("{architecture}.{name}"));
    let number = |name: &str| match key(name) {
        Some(Value::Number(n)) => Some(*n),
        Some(Value::Numbers(list)) => list.iter().copied().reduce(f64::max),
        _ => None,
    };
    let mut out = Map::new();
    out.insert("model_type".into(), json!(architecture.replace('-', "_")));
    if let Some(Value::Text(name)) = h.keys.get("general.name") {
        out.insert("_name_or_path".into(), json!(name.chars().take(120).collect::<String>()));
    }
    for (name, from) in SAME {
        if let Some(n) = number(from) {
            out.insert((*name).into(), whole(n));
        }
    }
    if let Some(n) = number("feed_forward_length").filter(|n| *n > 0.0) {
        out.insert("intermediate_size".into(), whole(n));
    }
    if let (None, Some(n)) = (number("vocab_size"), tokens(h)) {
        out.insert("vocab_size".into(), json!(n));
    }
    // Where the model is split, the head may lie in another file.
    if h.has_output || h.parts().is_none() {
        out.insert("tie_word_embeddings".into(), json!(!h.has_output));
    }
    out.insert("torch_dtype".into(), json!("bfloat16"));
    heads(&mut out, key("attention.head_count_kv"));
    latent(&mut out, &number);
    states(&mut out, &number);
    Ok(Json::Object(out))
}

fn whole(n: f64) -> Json {
    if n >= 0.0 && n <= f64::from(u32::MAX) && n.fract() == 0.0 { json!(n as u32) } else { json!(n) }
}

/// Rows of the vocabulary: the length of the token list.
fn tokens(h: &Header) -> Option<u64> {
    match h.keys.get("tokenizer.ggml.tokens") {
        Some(Value::Skipped(n)) => Some(*n),
        Some(Value::Numbers(list)) => Some(list.len() as u64),
        _ => None,
    }
}

/// Key-value heads; a list of them has 0 where a layer has no attention.
fn heads(out: &mut Map<String, Json>, kv: Option<&Value>) {
    match kv {
        Some(Value::Number(n)) => {
            out.insert("num_key_value_heads".into(), whole(*n));
        }
        Some(Value::Numbers(list)) => {
            if let Some(most) = list.iter().copied().reduce(f64::max) {
                out.insert("num_key_value_heads".into(), whole(most));
            }
            if list.contains(&0.0) {
                let kinds: Vec<&str> = list.iter().map(|n| if *n > 0.0 { "attention" } else { "mamba" }).collect();
                out.insert("layer_types".into(), json!(kinds));
            }
        }
        _ => {}
    }
}

/// Latent attention: the header gives whole head widths, the configuration their parts.
fn latent(out: &mut Map<String, Json>, number: &dyn Fn(&str) -> Option<f64>) {
    if number("attention.kv_lora_rank").is_none() {
        if let Some(v) = number("attention.value_length") {
            out.insert("v_head_dim".into(), whole(v));
        }
        return;
    }
    let rope = number("rope.dimension_count").unwrap_or(64.0);
    out.insert("qk_rope_head_dim".into(), whole(rope));
    let key = number("attention.key_length_mla").or(number("attention.key_length"));
    if let Some(key) = key {
        out.insert("qk_nope_head_dim".into(), whole((key - rope).max(0.0)));
    }
    if let Some(v) = number("attention.value_length_mla").or(number("attention.value_length")) {
        out.insert("v_head_dim".into(), whole(v));
    }
    out.remove("head_dim");
    out.insert("num_key_value_heads".into(), out.get("num_attention_heads").cloned().unwrap_or(json!(1)));
}

/// Recurrent layers: the width of all heads together is what the header gives.
fn states(out: &mut Map<String, Json>, number: &dyn Fn(&str) -> Option<f64>) {
    let (Some(inner), Some(state)) = (number("ssm.inner_size"), number("ssm.state_size")) else { return };
    let kernel = number("ssm.conv_kernel").unwrap_or(4.0);
    let groups = number("ssm.group_count").unwrap_or(1.0);
    let heads = number("ssm.time_step_rank").unwrap_or(1.0).max(1.0);
    let delta = number("full_attention_interval").is_some();
    let mut put = |name: &str, n: f64| {
        out.insert(name.into(), whole(n));
    };
    if delta {
        put("linear_num_value_heads", heads);
        put("linear_num_key_heads", groups);
        put("linear_key_head_dim", state);
        put("linear_value_head_dim", (inner / heads).floor());
        put("linear_conv_kernel_dim", kernel);
    } else {
        put("mamba_num_heads", heads);
        put("mamba_head_dim", (inner / heads).floor());
        put("ssm_state_size", state);
        put("n_groups", groups);
        put("conv_kernel", kernel);
    }
}
