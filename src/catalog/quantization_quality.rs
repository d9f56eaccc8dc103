//! What quantization costs in quality, as measured.

use serde::Serialize;

use super::{Catalog, Model, Quantization, row};

/// Recovery of one format on one class of models and tasks, percent of the unquantized score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityRow {
    /// Format group, for example `fp8` or `gguf q4_k_m`.
    pub group: String,
    /// `<=14B`, `15-40B` or `>=70B`, by total parameters.
    pub size_class: String,
    /// `easy` (short knowledge and code) or `hard` (reasoning, long context, agents).
    pub task_class: String,
    /// Measurements.
    pub n: u32,
    /// Median recovery, percent.
    pub median: f64,
    /// Lowest recovery, percent.
    pub min: f64,
    /// Highest recovery, percent.
    pub max: f64,
}

row!(QualityRow { group, size_class, task_class, n, median, min, max });

/// Recovery measured on one class of tasks, percent of the unquantized score; above 100 is noise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recovery {
    /// Median.
    pub median: f64,
    /// Lowest.
    pub min: f64,
    /// Highest.
    pub max: f64,
    /// Measurements.
    pub n: u32,
}

/// What a format costs a model in quality, as far as anybody has published.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityCost {
    /// Whether the model was released in this format: published scores already include whatever it costs.
    pub as_released: bool,
    /// Size class the measurements are of; absent where none was measured.
    pub size_class: Option<&'static str>,
    /// Short knowledge and code; absent = unknown.
    pub easy: Option<Recovery>,
    /// Reasoning, long context, agents; absent = unknown.
    pub hard: Option<Recovery>,
    /// Where the measurements are from.
    pub source: String,
}

impl QualityCost {
    /// Whether anything at all is known.
    pub fn is_known(&self) -> bool {
        self.as_released || self.easy.is_some() || self.hard.is_some()
    }
}

/// Measured groups by format. Formats that nobody measured on tasks have none.
fn group(q: Quantization) -> Option<&'static str> {
    Some(match q {
        Quantization::Fp8 | Quantization::Fp8Block => "fp8",
        Quantization::Int8 => "int8",
        Quantization::AwqInt4 | Quantization::GptqInt4 => "int4 calibrated",
        Quantization::Nvfp4 => "nvfp4",
        Quantization::Mxfp4 => "mxfp4 ptq",
        Quantization::GgufQ8_0 => "gguf q8_0",
        Quantization::GgufQ4KM => "gguf q4_k_m",
        Quantization::GgufQ3KM => "gguf q3_k_m",
        Quantization::GgufQ2K => "gguf q2_k_s",
        _ => return None,
    })
}

/// Size classes of the measurements, by total parameters. Between the classes nothing was measured.
fn size_class(params_total: f64) -> Option<&'static str> {
    match params_total / 1e9 {
        b if b <= 14.99 => Some("<=14B"),
        b if b <= 40.0 => Some("15-40B"),
        b if b >= 69.0 => Some(">=70B"),
        _ => None,
    }
}

impl Catalog {
    /// What a format costs a model in quality.
    pub fn quality_cost(&self, model: &Model, q: Quantization) -> QualityCost {
        let native = Quantization::from_id(&model.native_dtype).unwrap_or(Quantization::Bf16);
        let half = |q: Quantization| matches!(q, Quantization::Bf16 | Quantization::Fp16);
        let class = size_class(model.params_total);
        let measured = |task: &str| {
            let (group, class) = (group(q)?, class?);
            let row = |r: &&QualityRow| r.group == group && r.size_class == class && r.task_class == task;
            let r = self.quantization_quality.iter().find(row)?;
            Some(Recovery { median: r.median, min: r.min, max: r.max, n: r.n })
        };
        let as_released = q == Quantization::Native || q == native || half(q);
        let (easy, hard) = if as_released { (None, None) } else { (measured("easy"), measured("hard")) };
        let size_class = class.filter(|_| easy.is_some() || hard.is_some());
        QualityCost { as_released, size_class, easy, hard, source: self.quality_source.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_measured_is_unknown() {
        let c = Catalog::embedded().unwrap();
        let llama = c.model("meta-llama/Llama-3.3-70B-Instruct").unwrap();
        let int4 = c.quality_cost(llama, Quantization::AwqInt4);
        assert!(int4.easy.unwrap().median > 95.0 && int4.easy.unwrap().n == 10);
        assert_eq!(int4.size_class, Some(">=70B"));
        assert!(int4.source.contains("measurements"));
        assert!(!c.quality_cost(llama, Quantization::Nf4).is_known());
        assert!(!c.quality_cost(llama, Quantization::GgufQ6K).is_known());
        assert!(c.quality_cost(llama, Quantization::Bf16).as_released);
        let oss = c.model("openai/gpt-oss-120b").unwrap();
        assert!(c.quality_cost(oss, Quantization::Mxfp4).as_released);
    }
}
