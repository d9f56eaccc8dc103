//! Attention layout of a configuration: which layers cache what.

use serde_json::Value;

use super::ImportError;
use super::config::{HEADS, MOST_HEADS, MOST_LAYERS, MOST_TOKENS, MOST_WIDTH};
use super::fields::Fields;
use super::recurrent;
use crate::catalog::model::Attention;
use crate::catalog::{LayerGroup, Model};

/// What a layer attends to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Full,
    Sliding,
    Chunked,
    Recurrent,
    Nothing,
}

/// Read the attention fields into groups of layers, and the common head dimensions into the model.
pub(super) fn read(f: &mut Fields, model: &mut Model) -> Result<Attention, ImportError> {
    heads(f, model)?;
    let mut kinds = kinds(f, model)?;
    // Layers at the end that reuse an earlier cache keep none of their own.
    let own = kinds.len().saturating_sub(model.dims.kv_shared_layers as usize);
    kinds.truncate(own.max(1));
    let of = |k: Kind| kinds.iter().filter(|x| **x == k).count() as u32;
    let mut groups = Vec::new();
    if let Some(entries) = compressed(f, model)? {
        groups = entries;
    } else {
        if of(Kind::Full) > 0 {
            groups.push(full(f, model, of(Kind::Full))?);
        }
        if of(Kind::Sliding) > 0 {
            groups.push(sliding(f, model, of(Kind::Sliding))?);
        }
        if of(Kind::Chunked) > 0 {
            let chunk = f.count(&["attention_chunk_size"], MOST_TOKENS)?.unwrap_or(8192);
            let (kv_heads, head_dim) = (model.kv_heads.unwrap_or(1), model.head_dim.unwrap_or(128));
            groups.push(LayerGroup::ChunkedLocal { layers: of(Kind::Chunked), chunk, kv_heads, head_dim });
        }
        if of(Kind::Recurrent) > 0 {
            groups.push(recurrent::group(f, model, of(Kind::Recurrent))?);
        }
    }
    let names: Vec<&str> = groups.iter().map(name).collect();
    Ok(Attention { kind: names.join(" + "), groups, long_context_bytes_per_token: None, note: None })
}

fn name(g: &LayerGroup) -> &'static str {
    match g {
        LayerGroup::Full { .. } => "full",
        LayerGroup::Sliding { .. } => "sliding",
        LayerGroup::ChunkedLocal { .. } => "chunked",
        LayerGroup::Mla { .. } => "latent",
        LayerGroup::State { .. } => "recurrent",
        LayerGroup::Compressed { .. } => "compressed",
    }
}

/// Heads and their width.
fn heads(f: &mut Fields, model: &mut Model) -> Result<(), ImportError> {
    let Some(a) = model.attention_heads else {
        // Without attention there is nothing to share a key-value head.
        return match f.get("num_key_value_heads") {
            Some(_) => f.needed(HEADS, MOST_HEADS).map(|_| ()),
            None => Ok(()),
        };
    };
    let single = f.flag("multi_query")?.unwrap_or(false) && f.get("num_kv_heads").is_none();
    let names = ["num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num", "num_query_groups"];
    let kv = f.count(&names, MOST_HEADS)?;
    let kv = if single { Some(1) } else { kv };
    if kv.is_none() && f.get("kv_lora_rank").is_none() {
        let lack = f.lack(&names);
        f.note("num_key_value_heads", format!("{lack}: one key-value head per query head ({a}) is assumed"));
    }
    let kv = kv.unwrap_or(a);
    if kv > a {
        let message = format!("{kv} key-value heads for {a} query heads");
        return Err(ImportError::new(f.path_of("num_key_value_heads"), message, "check the configuration"));
    }
    model.kv_heads = Some(kv);
    let width = f.count(&["head_dim", "kv_channels", "attention_head_dim"], MOST_WIDTH)?;
    model.head_dim = Some(width.unwrap_or(model.hidden_size.unwrap_or(0) / a).max(1));
    model.dims.v_head_dim = f.count(&["v_head_dim"], MOST_WIDTH)?;
    Ok(())
}

fn full(f: &mut Fields, model: &mut Model, layers: u32) -> Result<LayerGroup, ImportError> {
    if let Some(kv_lora_rank) = f.count(&["kv_lora_rank"], MOST_WIDTH)? {
        let d = &mut model.dims;
        d.q_lora_rank = f.count(&["q_lora_rank"], MOST_WIDTH)?;
        d.qk_nope_head_dim = f.whole(&["qk_nope_head_dim"], MOST_WIDTH)?;
        d.index_heads = f.count(&["index_n_heads"], MOST_HEADS)?;
        let key = f.count(&["index_head_dim"], MOST_WIDTH)?.filter(|_| f.get("index_topk").is_some());
        return Ok(LayerGroup::Mla {
            layers,
            kv_lora_rank,
            qk_rope_head_dim: f.whole(&["qk_rope_head_dim"], MOST_WIDTH)?.unwrap_or(64),
            indexer_layers: if key.is_some() { layers } else { 0 },
            indexer_key_dim: key,
            // Index keys are 8-bit floats with a 4-byte scale per 128 (DeepSeek-V3.2).
            indexer_bytes_per_token_per_layer: key.map(|k| f64::from(k) + 4.0 * f64::from(k.div_ceil(128))),
        });
    }
    let kv_heads = f.count(&["num_global_key_value_heads"], MOST_HEADS)?.or(model.kv_heads).unwrap_or(1);
    let head_dim = f.count(&["global_head_dim"], MOST_WIDTH)?.or(model.head_dim).unwrap_or(128);
    Ok(LayerGroup::Full { layers, kv_heads, head_dim, v_head_dim: model.dims.v_head_dim })
}

fn sliding(f: &mut Fields, model: &Model, layers: u32) -> Result<LayerGroup, ImportError> {
    let names = ["sliding_window", "sliding_window_size", "attention_window_size"];
    let window = f.count(&names, MOST_TOKENS)?;
    if window.is_none() {
        f.note("sliding_window", format!("{}: 4,096 tokens are assumed for the sliding layers", f.lack(&names)));
    }
    let kv_heads = f.count(&["swa_num_key_value_heads"], MOST_HEADS)?.or(model.kv_heads).unwrap_or(1);
    let head_dim = f.count(&["swa_head_dim"], MOST_WIDTH)?.or(model.head_dim).unwrap_or(128);
    let v_head_dim = f.count(&["swa_v_head_dim"], MOST_WIDTH)?.or(model.dims.v_head_dim);
    Ok(LayerGroup::Sliding { layers, window: window.unwrap_or(4096), kv_heads, head_dim, v_head_dim })
}

/// DeepSeek-V4: a window in every layer, and entries of one token in `ratio` where the ratio is not 0. Ratios beyond the
/// model's layers are those of its drafting layers.
fn compressed(f: &mut Fields, model: &mut Model) -> Result<Option<Vec<LayerGroup>>, ImportError> {
    let Some(ratios) = f.list("compress_ratios")? else { return Ok(None) };
    let head_dim = model.head_dim.unwrap_or(512);
    let window = f.count(&["sliding_window"], MOST_TOKENS)?.unwrap_or(128);
    let layers = model.layers.unwrap_or(1);
    let mut groups = vec![LayerGroup::Sliding { layers, window, kv_heads: 1, head_dim, v_head_dim: Some(0) }];
    for ratio in [4_u32, 128] {
        let n = ratios.iter().take(layers as usize).filter(|r| r.as_f64() == Some(f64::from(ratio))).count() as u32;
        if n > 0 {
            groups.push(LayerGroup::Compressed {
                layers: n,
                ratio,
                entry_elems: head_dim,
                indexer_bytes_per_entry: if ratio == 4 { 64.0 } else { 0.0 },
                fixed_state_bytes_per_seq_per_layer: if ratio == 4 { 40_960.0 } else { 524_288.0 },
            });
        }
    }
    let d = &mut model.dims;
    d.mtp_layers = d.mtp_layers.max((ratios.len() as u32).saturating_sub(layers).min(MOST_DRAFTING));
    d.q_lora_rank = f.count(&["q_lora_rank"], MOST_WIDTH)?;
    d.o_lora_rank = f.count(&["o_lora_rank"], MOST_WIDTH)?;
    d.o_groups = f.count(&["o_groups"], MOST_HEADS)?;
    d.index_heads = f.count(&["index_n_heads"], MOST_HEADS)?;
    d.residual_streams = f.count(&["hc_mult"], MOST_STREAMS)?.unwrap_or(0);
    if d.q_lora_rank.is_none() || d.o_lora_rank.is_none() || d.o_groups.is_none() {
        f.note("o_lora_rank", "ranks of the projections are missing: they are counted as plain attention");
        d.o_lora_rank = None;
    }
    Ok(Some(groups))
}

/// Bounds that no published model comes near.
const MOST_DRAFTING: u32 = 64;
const MOST_STREAMS: u32 = 64;

/// What each layer attends to, from the first field that says so.
fn kinds(f: &mut Fields, model: &mut Model) -> Result<Vec<Kind>, ImportError> {
    let n = model.layers.unwrap_or(0);
    if model.attention_heads.is_none() {
        return Ok(vec![Kind::Recurrent; n as usize]);
    }
    if let Some(pattern) = f.text("hybrid_override_pattern")? {
        return by_letters(f, pattern, n);
    }
    for field in ["layer_types", "layers_block_type"] {
        if let Some(list) = f.list(field)? {
            return by_names(f, field, list, n);
        }
    }
    for (field, full) in [("hybrid_layer_pattern", 0.0), ("attn_type_list", 1.0)] {
        if let Some(list) = f.list(field)? {
            let other = if field == "attn_type_list" { Kind::Recurrent } else { Kind::Sliding };
            let kind = |v: &Value| if v.as_f64() == Some(full) { Kind::Full } else { other };
            return counted(f, field, list.iter().map(kind).collect(), n);
        }
    }
    if let Some(kda) = f.object("linear_attn_config")? {
        let full = kda.list("full_attn_layers")?.map_or(0, <[Value]>::len).min(n as usize);
        return Ok((0..n as usize).map(|l| if l < full { Kind::Full } else { Kind::Recurrent }).collect());
    }
    if let Some(period) = f.count(&["attn_layer_period", "full_attention_interval"], MOST_LAYERS)? {
        let usual = if f.get("full_attention_interval").is_some() { period - 1 } else { 0 };
        let offset = f.whole(&["attn_layer_offset"], MOST_LAYERS)?.unwrap_or(usual);
        return Ok((0..n).map(|l| if l % period == offset % period { Kind::Full } else { Kind::Recurrent }).collect());
    }
    windows(f, model, n)
}

/// Nemotron-H: M = Mamba, * = attention, anything else has no cache.
fn by_letters(f: &Fields, pattern: &str, n: u32) -> Result<Vec<Kind>, ImportError> {
    let kind = |c: char| match c {
        'M' => Kind::Recurrent,
        '*' => Kind::Full,
        _ => Kind::Nothing,
    };
    counted(f, "hybrid_override_pattern", pattern.chars().map(kind).collect(), n)
}

fn by_names(f: &mut Fields, field: &str, list: &[Value], n: u32) -> Result<Vec<Kind>, ImportError> {
    let mut unknown = None;
    let mut kind = |v: &Value| match v.as_str().unwrap_or("") {
        "full_attention" | "attention" | "global_attention" | "full" | "compressed_sparse_attention" => Kind::Full,
        "sliding_attention" | "local_attention" | "sliding_window" | "sliding" => Kind::Sliding,
        "chunked_attention" => Kind::Chunked,
        "linear_attention" | "mamba" | "mamba2" | "recurrent" | "lightning_attention" | "kda" | "conv" => {
            Kind::Recurrent
        }
        "mlp" | "moe" | "none" => Kind::Nothing,
        other => {
            unknown = Some(other.chars().take(40).collect::<String>());
            Kind::Full
        }
    };
    let kinds = list.iter().map(&mut kind).collect();
    if let Some(word) = unknown {
        f.note(field, format!("'{word}' is an unknown kind of layer: full attention is assumed"));
    }
    counted(f, field, kinds, n)
}

fn counted(f: &Fields, field: &str, kinds: Vec<Kind>, n: u32) -> Result<Vec<Kind>, ImportError> {
    if kinds.len() == n as usize {
        return Ok(kinds);
    }
    let message = format!("describes {} layers, but the model has {n}", kinds.len());
    Err(ImportError::new(f.path_of(field), message, "the two must agree"))
}

/// Layouts of windows and chunks without a list of layers.
fn windows(f: &mut Fields, model: &Model, n: u32) -> Result<Vec<Kind>, ImportError> {
    let kind = model.family.as_str();
    if f.count(&["attention_chunk_size"], MOST_TOKENS)?.is_some() {
        if let Some(list) = f.list("no_rope_layers")?.filter(|l| l.len() == n as usize) {
            return Ok(list.iter().map(|v| if v.as_f64() == Some(0.0) { Kind::Full } else { Kind::Chunked }).collect());
        }
        f.note("no_rope_layers", "is missing: every fourth layer attends to everything, as in Llama 4");
        return Ok((1..=n).map(|l| if l % 4 == 0 { Kind::Full } else { Kind::Chunked }).collect());
    }
    let off = f.flag("use_sliding_window")? == Some(false);
    if off || f.count(&["sliding_window"], MOST_TOKENS)?.is_none() || f.get("kv_lora_rank").is_some() {
        return Ok(vec![Kind::Full; n as usize]);
    }
    let usual = match kind {
        k if k.starts_with("gemma3") => Some(6),
        k if k.starts_with("gemma2") || k.starts_with("gpt_oss") => Some(2),
        k if k.starts_with("cohere2") => Some(4),
        _ => None,
    };
    let every = f.count(&["sliding_window_pattern", "_sliding_window_pattern"], MOST_LAYERS)?;
    if let Some(every) = every.or(usual) {
        return Ok((1..=n).map(|l| if l % every == 0 { Kind::Full } else { Kind::Sliding }).collect());
    }
    if let Some(first) = f.whole(&["max_window_layers"], MOST_LAYERS)? {
        return Ok((0..n).map(|l| if l < first { Kind::Full } else { Kind::Sliding }).collect());
    }
    f.note("sliding_window", "no pattern of layers is given: every layer is taken to slide");
    Ok(vec![Kind::Sliding; n as usize])
}
