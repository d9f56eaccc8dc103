//! Tests of the question as readers meet it: defaults and their sources, presets, bad input, the terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad;
mod defaults;
mod presets;
mod reference;
mod terminal;
