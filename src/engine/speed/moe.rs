//! Mixture of experts: how many of them a batch touches.

use crate::math::{exp, ln};

/// The experts of a layer, as a share: each token visits `share` of them, evenly and independently.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    log_missed: f64,
}

impl Coverage {
    /// For tokens that each visit this share of the experts; 0 for a dense model, 1 where all are visited.
    pub fn of(share: f64) -> Self {
        Self { log_missed: ln((1.0 - share).clamp(0.0, 1.0)) }
    }

    /// Expected share of the experts that `tokens` tokens touch: 1 - (1 - share)^tokens.
    pub fn touched(self, tokens: f64) -> f64 {
        let log_missed = self.log_missed * tokens;
        match log_missed {
            _ if self.log_missed == 0.0 || tokens <= 0.0 => 0.0,
            // Less than half the last digit of 1.
            missed if missed < -40.0 => 1.0,
            missed => 1.0 - exp(missed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_touches_its_share_and_many_touch_all() {
        let c = Coverage::of(8.0 / 256.0);
        assert!((c.touched(1.0) - 8.0 / 256.0).abs() < 1e-12);
        assert!((c.touched(64.0) - 0.8689).abs() < 1e-3);
        assert!(c.touched(1e4) > 0.999_999);
        assert_eq!(Coverage::of(0.0).touched(100.0), 0.0);
        assert_eq!(Coverage::of(1.0).touched(1.0), 1.0);
    }
}
