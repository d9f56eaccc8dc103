//! A Hugging Face `config.json` as a catalog row.

use serde_json::Value;

use super::fields::Fields;
use super::{ImportError, Imported, experts, json, layers, note_repeated, precision};
use crate::catalog::model::{Attention, Checkpoint, EncoderPeak, License, Multimodal};
use crate::catalog::{Dimensions, Model, Parameters, Words};

/// Bounds that no published model comes near.
pub(super) const MOST_LAYERS: u32 = 4096;
pub(super) const MOST_WIDTH: u32 = 1 << 20;
pub(super) const MOST_HEADS: u32 = 1 << 16;
pub(super) const MOST_ROWS: u32 = 1 << 26;
pub(super) const MOST_TOKENS: u32 = 1 << 30;
/// Names of the number of query heads.
pub(super) const HEADS: &[&str] = &["num_attention_heads", "n_head", "n_heads", "num_heads"];
const VOCABULARY: &[&str] = &["vocab_size", "padded_vocab_size"];

/// Read the text of a `config.json`.
///
/// # Errors
/// Text that is not JSON, or a field that cannot be.
pub fn parse(text: &str) -> Result<Imported, ImportError> {
    let mut imported = brought(&json(text, "config.json")?)?;
    note_repeated(text, &mut imported);
    Ok(imported)
}

/// Read a `config.json` object that somebody brought, keeping the part of it that counts.
///
/// # Errors
/// As [`from_value`].
pub fn brought(value: &Value) -> Result<Imported, ImportError> {
    let outer = Fields::of(value, "")?.watched();
    let imported = read(&outer)?;
    // Configurations list every excluded module and token id; a link has room for what counts.
    Ok(Imported { config: outer.read_part(), ..imported })
}

/// Read a `config.json` object.
///
/// # Errors
/// A field of the wrong type or out of range, or a configuration without layers and widths.
// Out of line, so that the page can leave it out until it is asked for.
#[inline(never)]
pub fn from_value(value: &Value) -> Result<Imported, ImportError> {
    Ok(Imported { config: value.clone(), ..read(&Fields::of(value, "")?)? })
}

/// The model that the fields describe, without its configuration.
fn read(outer: &Fields) -> Result<Imported, ImportError> {
    let mut inner = language_model(outer)?;
    let mut model = base(outer, &mut inner)?;
    experts::read(&mut inner, &mut model)?;
    let attention = layers::read(&mut inner, &mut model)?;
    model.attention = attention;
    vision(outer, &mut inner, &mut model)?;
    let (quantization, rest) = precision::read(outer, &mut inner, &model.family)?;
    model.dims.native_rest_dtype = rest.map(|q| q.id().to_owned());
    model.native_dtype = quantization.id().into();
    count(&mut inner, &mut model)?;
    let notes = std::mem::take(&mut inner.notes);
    Ok(Imported { model, config: Value::Null, weights_bytes: None, quantization: Some(quantization), notes })
}

/// The part that describes the language model: multimodal configurations nest it.
fn language_model<'a>(outer: &Fields<'a>) -> Result<Fields<'a>, ImportError> {
    for name in ["text_config", "llm_config", "language_config", "language_model"] {
        if let Some(inner) = outer.object(name)? {
            return Ok(inner);
        }
    }
    match outer.object("thinker_config")? {
        Some(thinker) => language_model(&thinker),
        None => Ok(outer.again()),
    }
}

/// Widths and counts every architecture has.
fn base(outer: &Fields, f: &mut Fields) -> Result<Model, ImportError> {
    let hidden = f.needed(&["hidden_size", "n_embd", "d_model", "dim"], MOST_WIDTH)?;
    let n = f.needed(&["num_hidden_layers", "n_layer", "num_layers", "n_layers"], MOST_LAYERS)?;
    let heads = f.count(HEADS, MOST_HEADS)?;
    let vocabulary = f.count(VOCABULARY, MOST_ROWS)?;
    let kind = outer.text("model_type")?.or(f.text("model_type")?).unwrap_or("unknown").to_owned();
    let name = outer.text("_name_or_path")?.filter(|s| !s.is_empty()).unwrap_or(&kind).to_owned();
    let mut model = empty(name, kind);
    model.hidden_size = Some(hidden);
    model.layers = Some(n);
    model.attention_heads = heads;
    model.vocab_size = vocabulary;
    if vocabulary.is_none() {
        f.note("vocab_size", format!("{}: embeddings and head are left out", f.lack(VOCABULARY)));
    }
    let widths = ["intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size", "feed_forward_hidden_size"];
    model.intermediate_size = f.count(&widths, MOST_WIDTH)?;
    let lengths = ["max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length"];
    let context = f.count(&lengths, MOST_TOKENS)?;
    if context.is_none() {
        let lack = f.lack(&lengths);
        f.note("max_position_embeddings", format!("{lack}: a context of 8,192 tokens is assumed"));
    }
    model.max_context = context.unwrap_or(8192);
    model.tied_embeddings = Some(tied(outer, f, &model.family)?);
    family_details(f, &mut model)?;
    Ok(model)
}

/// Whether head and embedding are one matrix; where the file is silent, what the family's reference code does.
fn tied(outer: &Fields, f: &mut Fields, kind: &str) -> Result<bool, ImportError> {
    if let Some(said) = f.flag("tie_word_embeddings")?.or(outer.flag("tie_word_embeddings")?) {
        return Ok(said);
    }
    let tied = ["gemma", "gpt2", "cohere", "bloom", "opt", "falcon"].iter().any(|t| kind.starts_with(t));
    let word = if tied { "tied" } else { "untied" };
    f.note("tie_word_embeddings", format!("is missing: {word} embeddings are assumed, as the family has them"));
    Ok(tied)
}

/// What the fields do not say but the architecture's name does.
fn family_details(f: &mut Fields, model: &mut Model) -> Result<(), ImportError> {
    let kind = model.family.clone();
    let plain = ["gpt2", "gpt_neox", "falcon", "starcoder2", "opt", "bloom", "phi", "mpt", "nemotron"];
    let gated = ["phi3", "phimoe", "falcon3", "falcon_h1", "nemotron-nas"];
    let starts = |list: &[&str]| list.iter().any(|p| kind.starts_with(p));
    if starts(&plain) && !starts(&gated) {
        model.dims.ffn_matrices = Some(2);
    }
    model.dims.gated_attention =
        f.flag("attn_output_gate")?.unwrap_or(kind.starts_with("qwen3_next") || kind.starts_with("qwen3_5"));
    model.dims.mtp_layers =
        f.whole(&["num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_layers"], 64)?.unwrap_or(0);
    model.dims.kv_shared_layers = f.whole(&["num_kv_shared_layers"], MOST_LAYERS)?.unwrap_or(0);
    let rows = f.count(&["vocab_size_per_layer_input"], MOST_ROWS)?;
    if let (Some(rows), Some(width)) = (rows, f.count(&["hidden_size_per_layer_input"], MOST_WIDTH)?) {
        let layers = f64::from(model.layers.unwrap_or(0));
        model.dims.per_layer_embedding_params = f64::from(rows) * f64::from(width) * layers;
    }
    Ok(())
}

/// Encoders beside the language model, estimated from their own layers and widths.
fn vision(outer: &Fields, f: &mut Fields, model: &mut Model) -> Result<(), ImportError> {
    let (mut total, mut peak) = (0.0, None);
    for name in ["vision_config", "audio_config", "vision_tower_config"] {
        let Some(part) = outer.object(name)? else { continue };
        let n = part.count(
            &["num_hidden_layers", "depth", "num_layers", "encoder_layers", "vt_num_hidden_layers"],
            MOST_LAYERS,
        )?;
        let h = part.count(&["hidden_size", "width", "embed_dim", "d_model", "vt_hidden_size"], MOST_WIDTH)?;
        let i = part.count(&["intermediate_size", "encoder_ffn_dim", "vt_intermediate_size"], MOST_WIDTH)?;
        if let (Some(n), Some(h)) = (n.map(f64::from), h.map(f64::from)) {
            let wide = i.map_or(4.0 * h, f64::from);
            if name == "vision_config" && ["qwen3_vl", "qwen3_5"].iter().any(|p| model.family.starts_with(p)) {
                peak = Some(EncoderPeak::of_qwen3_vl(h));
            }
            total += n * (4.0 * h * h + 2.0 * h * wide);
            f.notes.push(super::Note {
                path: name.into(),
                message: "size of the encoder is estimated from its widths".into(),
            });
        }
    }
    if total > 0.0 {
        model.multimodal =
            Some(Multimodal { encoder_params: Some(total), kind: "encoder".into(), note: Words::default(), peak });
    }
    Ok(())
}

/// Count parameters from what was read.
fn count(f: &mut Fields, model: &mut Model) -> Result<(), ImportError> {
    let p = Parameters::counted(model);
    let total = p.total(false);
    if !(1e3..=1e16).contains(&total) {
        let message = format!("the dimensions make {total:.0} parameters");
        return Err(ImportError::new("config.json", message, "check layers, widths and experts"));
    }
    model.params_total = total;
    model.params_recomputed = Some(total);
    let share = model.moe.as_ref().and_then(|m| Some(f64::from(m.experts_per_token?) / f64::from(m.experts?)));
    model.params_active = p.active(share.unwrap_or(1.0).min(1.0));
    model.active_recomputed = Some(model.params_active);
    if model.dims.mtp_layers > 0 {
        f.note(
            "num_nextn_predict_layers",
            "prediction layers are in the checkpoint and loaded only for speculative decoding",
        );
    }
    Ok(())
}

/// A row without dimensions.
fn empty(id: String, family: String) -> Model {
    let unknown = "read from the pasted configuration".to_owned();
    Model {
        name: id.rsplit('/').next().unwrap_or(&id).to_owned(),
        id,
        family,
        org: String::new(),
        release_date: String::new(),
        license: License {
            id: "unknown".into(),
            commercial: "unknown".into(),
            note: "config.json does not say".into(),
            source: unknown.as_str().into(),
        },
        params_total: 0.0,
        params_active: 0.0,
        params_basis: unknown.as_str().into(),
        active_recomputed: None,
        params_recomputed: None,
        layers: None,
        hidden_size: None,
        attention_heads: None,
        kv_heads: None,
        head_dim: None,
        intermediate_size: None,
        vocab_size: None,
        tied_embeddings: None,
        attention: Attention {
            kind: String::new(),
            groups: Vec::new(),
            long_context_bytes_per_token: None,
            note: None,
        },
        moe: None,
        dims: Dimensions { source: unknown.as_str().into(), ..Dimensions::default() },
        max_context: 8192,
        native_dtype: "bf16".into(),
        native_note: None,
        multimodal: None,
        checkpoint: Checkpoint { bytes: None, estimated: true, source: unknown.as_str().into() },
        variants: Vec::new(),
        quality: Vec::new(),
        sources: vec![unknown.as_str().into()],
        verification: "imported".into(),
        notes: Words::default(),
        as_of: String::new(),
    }
}
