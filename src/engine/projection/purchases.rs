//! Owned hardware as it is paid for: bought in the month it is first needed, kept from then on.

use super::Step;
use crate::engine::cost::{Payment, SelfHosted};

/// Replicas bought so far.
#[derive(Debug, Clone, Copy)]
pub struct Purchases {
    owned: bool,
    bought: f64,
}

impl Purchases {
    /// Nothing is bought yet; nothing ever is where hardware is rented.
    pub fn of(payment: Payment) -> Self {
        Self { owned: payment == Payment::Owned, bought: 0.0 }
    }

    /// Go through a month: `(replicas bought, US dollars to add to the month's cost by use to make it cash)`. Purchases are
    /// paid when made, and what was bought is maintained and housed whether it is needed or not; the write-off is taken
    /// out of the month again.
    #[inline]
    pub fn month(&mut self, hosted: &SelfHosted, step: &Step) -> (f64, f64) {
        if !self.owned {
            return (0.0, 0.0);
        }
        let replicas = hosted.curve.with_spares(step.carrying);
        let more = (replicas - self.bought).max(0.0);
        self.bought += more;
        let standing = self.bought * (hosted.maintenance_per_replica + hosted.colocation_per_replica);
        (more, more * hosted.purchase + standing - replicas * hosted.replica)
    }
}
