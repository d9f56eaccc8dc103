//! Recurrent layers of a configuration: what kind, and the bytes of state they keep.

use super::ImportError;
use super::config::{MOST_HEADS, MOST_WIDTH};
use super::fields::Fields;
use crate::catalog::{LayerGroup, Model};

/// Bytes of an fp32 state element and of a 16-bit convolution element.
const STATE: f64 = 4.0;
const CONV: f64 = 2.0;

/// The group of `layers` recurrent layers, of the kind whose fields are there.
pub(super) fn group(f: &mut Fields, model: &Model, layers: u32) -> Result<LayerGroup, ImportError> {
    let width = |f: &Fields, names: &[&str], usual: u32| -> Result<f64, ImportError> {
        Ok(f64::from(f.count(names, MOST_WIDTH)?.unwrap_or(usual)))
    };
    let (kind, ssm, conv) = if let Some(kda) = f.object("linear_attn_config")? {
        let n = width(&kda, &["num_heads"], model.attention_heads.unwrap_or(1))?;
        let (d, c) = (width(&kda, &["head_dim"], 128)?, width(&kda, &["short_conv_kernel_size"], 4)?);
        ("kda", n * d * d * STATE, 3.0 * (c - 1.0) * n * d * CONV)
    } else if let Some(values) = f.count(&["linear_num_value_heads"], MOST_HEADS)? {
        let nv = f64::from(values);
        let nk = width(f, &["linear_num_key_heads"], values)?;
        let (dk, dv) = (width(f, &["linear_key_head_dim"], 128)?, width(f, &["linear_value_head_dim"], 128)?);
        let c = width(f, &["linear_conv_kernel_dim"], 4)?;
        ("gated_deltanet", nv * dk * dv * STATE, (2.0 * nk * dk + nv * dv) * (c - 1.0) * CONV)
    } else if let Some(heads) = f.count(&["mamba_num_heads", "mamba_n_heads"], MOST_HEADS)? {
        let n = f64::from(heads);
        let (d, s) =
            (width(f, &["mamba_head_dim", "mamba_d_head"], 64)?, width(f, &["ssm_state_size", "mamba_d_state"], 128)?);
        let (g, c) = (width(f, &["n_groups", "mamba_n_groups"], 1)?, width(f, &["conv_kernel", "mamba_d_conv"], 4)?);
        ("mamba2", n * d * s * STATE, (c - 1.0) * (n * d + 2.0 * g * s) * CONV)
    } else if f.get("mamba_d_state").or(f.get("state_size")).is_some() {
        let inner = width(f, &["mamba_expand", "expand"], 2)? * f64::from(model.hidden_size.unwrap_or(0));
        let (s, c) = (width(f, &["mamba_d_state", "state_size"], 16)?, width(f, &["mamba_d_conv", "conv_kernel"], 4)?);
        ("mamba1", inner * s * STATE, (c - 1.0) * inner * CONV)
    } else {
        let (n, d) = (f64::from(model.attention_heads.unwrap_or(1)), f64::from(model.head_dim.unwrap_or(128)));
        f.note(
            "layer_types",
            "recurrent layers without state dimensions: one state of head width squared a head is assumed",
        );
        ("lightning", n * d * d * STATE, 0.0)
    };
    Ok(LayerGroup::State {
        layers,
        kind: kind.into(),
        ssm_bytes_per_seq_per_layer: ssm,
        conv_bytes_per_seq_per_layer: conv.max(0.0),
    })
}
