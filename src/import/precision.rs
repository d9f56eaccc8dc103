//! Format of the weights that a configuration names.

use super::ImportError;
use super::fields::Fields;
use crate::catalog::Quantization;

/// The format of a checkpoint, and where its experts have a format of their own, that of the rest.
pub(super) fn read(
    outer: &Fields,
    inner: &mut Fields,
    family: &str,
) -> Result<(Quantization, Option<Quantization>), ImportError> {
    let format = checkpoint(outer, inner)?;
    let eight = matches!(format, Quantization::Fp8 | Quantization::Fp8Block);
    // Engines read 4-bit experts where DeepSeek V4 does not say otherwise.
    let usual = family.starts_with("deepseek_v4").then_some("fp4");
    let experts = inner.text("expert_dtype")?.or(usual);
    Ok(if eight && experts == Some("fp4") { (Quantization::Mxfp4, Some(Quantization::Fp8)) } else { (format, None) })
}

/// The format that a quantization section names, else the element type.
fn checkpoint(outer: &Fields, inner: &mut Fields) -> Result<Quantization, ImportError> {
    let section = match outer.object("quantization_config")? {
        Some(q) => Some(q),
        None => match outer.object("compression_config")? {
            Some(q) => Some(q),
            None => inner.object("quantization_config")?,
        },
    };
    if let Some(q) = section {
        return quantized(&q, inner);
    }
    let mut word = None;
    for name in ["torch_dtype", "dtype"] {
        word = word.or(inner.text(name)?).or(outer.text(name)?);
    }
    if let Some(word) = word {
        return Ok(element(word, inner));
    }
    inner.note("torch_dtype", "is missing: bf16 is assumed");
    Ok(Quantization::Bf16)
}

fn element(word: &str, f: &mut Fields) -> Quantization {
    match word.trim_start_matches("torch.") {
        "bfloat16" => Quantization::Bf16,
        "float16" | "half" => Quantization::Fp16,
        "float8_e4m3fn" | "float8_e5m2" => Quantization::Fp8,
        "float32" => {
            f.note("torch_dtype", "is float32: engines load it as bf16");
            Quantization::Bf16
        }
        _ => {
            f.note("torch_dtype", "is unknown: bf16 is assumed");
            Quantization::Bf16
        }
    }
}

fn quantized(q: &Fields, f: &mut Fields) -> Result<Quantization, ImportError> {
    let method = q.text("quant_method")?.unwrap_or("").to_ascii_lowercase();
    let bits = q.whole(&["bits", "num_bits", "weight_bits"], 64)?;
    let algorithm = q.text("quant_algo")?.unwrap_or("").to_ascii_uppercase();
    let format = q.text("format")?.unwrap_or("").to_ascii_lowercase();
    let four = || Quantization::GptqInt4;
    let found = match method.as_str() {
        "fp8" | "fbgemm_fp8" | "ptpc_fp8" => match q.list("weight_block_size")? {
            Some(_) => Some(Quantization::Fp8Block),
            None => Some(Quantization::Fp8),
        },
        "mxfp4" => Some(Quantization::Mxfp4),
        "awq" => Some(Quantization::AwqInt4),
        "gptq" | "gptq_marlin" | "auto-round" => Some(if bits == Some(8) { Quantization::Int8 } else { four() }),
        "bitsandbytes" => {
            Some(if q.flag("load_in_8bit")? == Some(true) { Quantization::Int8 } else { Quantization::Nf4 })
        }
        "modelopt" | "modelopt_fp4" | "nvfp4" => Some(match algorithm.as_str() {
            "FP8" => Quantization::Fp8,
            _ => Quantization::Nvfp4,
        }),
        "compressed-tensors" => compressed(&format, q)?,
        _ => None,
    };
    if found.is_none() {
        f.note("quantization_config", "names a method that is not known: bf16 is assumed");
    }
    Ok(found.unwrap_or(Quantization::Bf16))
}

fn compressed(format: &str, q: &Fields) -> Result<Option<Quantization>, ImportError> {
    let by_format = match format {
        f if f.starts_with("nvfp4") => Some(Quantization::Nvfp4),
        f if f.starts_with("mxfp4") => Some(Quantization::Mxfp4),
        "float-quantized" | "naive-quantized" => Some(Quantization::Fp8),
        "int-quantized" => Some(Quantization::Int8),
        "pack-quantized" | "marlin-24" => Some(Quantization::GptqInt4),
        _ => None,
    };
    if by_format.is_some() {
        return Ok(by_format);
    }
    let Some(groups) = q.object("config_groups")? else { return Ok(None) };
    let Some(weights) = groups.object("group_0")?.map(|g| g.object("weights")).transpose()?.flatten() else {
        return Ok(None);
    };
    let float = weights.text("type")? == Some("float");
    Ok(match (weights.whole(&["num_bits"], 64)?, float) {
        (Some(8), true) => Some(Quantization::Fp8),
        (Some(8), false) => Some(Quantization::Int8),
        (Some(4), true) => Some(Quantization::Nvfp4),
        (Some(4), false) => Some(Quantization::GptqInt4),
        _ => None,
    })
}
