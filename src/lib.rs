//! Crossover answers one question: *when does self-hosting an open-weight LLM become cheaper than a managed API?*
//!
//! Data flows one way:
//!
//! ```text
//! link / file / form --> Scenario --> engine::plan(&Scenario, &Catalog) --> Plan --> chart (pictures)
//!    (the question)      validated    pure, total, no clock, no I/O      (the answer) +-> export (text)
//!                                        ^                                            +-> app / cli (doors)
//!                                     Catalog (facts, dated, sourced)
//! ```
//!
//! Start reading at [`engine::plan`], which tells the story of an answer in order.
//! Nothing below the doors knows a browser, a clock, a file or a thread.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(target_arch = "wasm32")]
pub mod app;
pub mod catalog;
pub mod chart;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod engine;
pub mod export;
pub mod import;
pub mod math;
pub mod order;
pub mod quantity;
mod repeated_keys;
pub mod scenario;
pub mod units;
pub mod visible;
