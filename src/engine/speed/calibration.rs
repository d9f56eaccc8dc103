//! Which constants and which error band an engine gets.

use crate::catalog::speed::{Calibration, EngineConstants};
use crate::scenario::EngineKind;

/// Widest half-width a band may take.
const WIDEST_BAND: f64 = 0.9;
/// How much wider a band is for an engine nobody measured.
const UNMEASURED_ENGINE: f64 = 1.5;

/// The constants for an engine and class, those of the nearest relative where it was not measured itself.
pub fn constants(calibration: &Calibration, engine: EngineKind, moe: bool) -> Option<&EngineConstants> {
    calibration.of(relative(engine).id(), moe)
}

/// Half-width of the 80 % band of TPOT: the 80th percentile of the errors with the model, the accelerator or neither
/// left out, whichever the case needs; wider for engines that borrow a relative's constants.
pub fn band(calibration: &Calibration, engine: EngineKind, moe: bool, model: &str, accelerator: &str) -> f64 {
    let Some(row) = constants(calibration, engine, moe) else { return WIDEST_BAND };
    let Some(r) = row.residuals.iter().find(|r| r.quantity == "tpot_ms") else { return WIDEST_BAND };
    let mut band = r.p80;
    if !row.models.iter().any(|m| m.eq_ignore_ascii_case(model)) {
        band = band.max(r.unseen_model.p80);
    }
    if !row.accelerators.iter().any(|a| a == accelerator) {
        band = band.max(r.unseen_accelerator.p80);
    }
    if row.engine != engine.id() || (row.class == "moe") != moe {
        band *= UNMEASURED_ENGINE;
    }
    band.min(WIDEST_BAND)
}

/// The measured engine whose design an unmeasured one shares.
fn relative(engine: EngineKind) -> EngineKind {
    match engine {
        EngineKind::Tgi => EngineKind::Vllm,
        EngineKind::Ollama => EngineKind::LlamaCpp,
        measured => measured,
    }
}
