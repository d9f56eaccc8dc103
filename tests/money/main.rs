//! Properties of the money: lines sum to totals, prices move costs one way, crossings are all there and none invented,
//! failover is never free, nothing is negative or not a number, and the same question has the same answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod break_even;
mod every_step;
mod free;
mod lines;
mod pipelines;
mod plans;
mod providers;
mod routing;
mod strategies;
mod thresholds;
mod uncertainty;
mod warnings;

use crossover::engine::cost::SelfHosted;
use crossover::engine::fleet::FleetCurve;
use crossover::engine::fleet::spares::Spares;
