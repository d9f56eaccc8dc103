//! Which constants and which error band an engine gets.

use crate::catalog::speed::{Calibration, EngineConstants};
use crate::catalog::{Accelerator, Catalog};
use crate::scenario::EngineKind;

/// Widest half-width a band may take.
const WIDEST_BAND: f64 = 0.9;
/// How much wider a band is for an engine nobody measured.
const UNMEASURED_ENGINE: f64 = 1.5;
/// How much wider a band is where no accelerator of its architecture was measured. Whole accelerators left out of the fit
/// have relatives in it; those without came out at 0.65 to 1.25 of what was submitted to MLPerf (Llama-2-70B Offline).
const UNMEASURED_ARCHITECTURE: f64 = 1.5;

/// The constants for an engine and class, those of the nearest relative where it was not measured itself.
pub fn constants(calibration: &Calibration, engine: EngineKind, moe: bool) -> Option<&EngineConstants> {
    calibration.of(relative(engine).id(), moe)
}

/// Half-width of the 80 % band of TPOT: the 80th percentile of the errors with the model, the accelerator or neither
/// left out, whichever the case needs; wider for engines that borrow a relative's constants and for architectures
/// without a measured accelerator.
pub fn band(catalog: &Catalog, engine: EngineKind, moe: bool, model: &str, accelerator: &Accelerator) -> f64 {
    let Some(row) = constants(&catalog.speed, engine, moe) else { return WIDEST_BAND };
    let Some(r) = row.residuals.iter().find(|r| r.quantity == "tpot_ms") else { return WIDEST_BAND };
    let mut band = r.p80;
    if !row.models.iter().any(|m| m.eq_ignore_ascii_case(model)) {
        band = band.max(r.unseen_model.p80);
    }
    if !row.accelerators.contains(&accelerator.id) {
        band = band.max(r.unseen_accelerator.p80);
    }
    let own = kin(&accelerator.architecture, &accelerator.memory_type);
    let mut relatives = catalog.accelerators.heads().filter(|a| kin(&a.architecture, &a.memory_type) == own);
    if !relatives.any(|a| row.accelerators.contains(&a.id)) {
        band *= UNMEASURED_ARCHITECTURE;
    }
    if row.engine != engine.id() || (row.class == "moe") != moe {
        band *= UNMEASURED_ENGINE;
    }
    band.min(WIDEST_BAND)
}

/// What accelerators that are related share: an architecture (its first word: Blackwell Ultra is a Blackwell) and a kind of
/// memory.
fn kin<'a>(architecture: &'a str, memory_type: &str) -> (Option<&'a str>, bool) {
    (architecture.split_whitespace().next(), memory_type.starts_with("HBM"))
}

/// The measured engine whose design an unmeasured one shares.
fn relative(engine: EngineKind) -> EngineKind {
    match engine {
        EngineKind::Tgi => EngineKind::Vllm,
        EngineKind::Ollama => EngineKind::LlamaCpp,
        measured => measured,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_band_widens_with_what_nobody_measured() {
        let catalog = Catalog::embedded().unwrap();
        let of = |engine, model: &str, accelerator: &str| {
            band(&catalog, engine, false, model, catalog.accelerator(accelerator).unwrap())
        };
        let known = of(EngineKind::TensorrtLlm, "meta-llama/Llama-3.1-70B-Instruct", "h200-sxm");
        let model = of(EngineKind::TensorrtLlm, "somebody/else", "h200-sxm");
        let relative = of(EngineKind::TensorrtLlm, "somebody/else", "b300-sxm");
        let stranger = of(EngineKind::Vllm, "somebody/else", "rtx-5090");
        let borrowed = of(EngineKind::Tgi, "somebody/else", "rtx-5090");
        assert!(known < model && model <= relative, "{known} {model} {relative}");
        assert!(stranger > of(EngineKind::Vllm, "somebody/else", "b200-sxm") && borrowed > stranger);
    }
}
