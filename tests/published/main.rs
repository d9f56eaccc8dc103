//! Published figures, re-derived: each file names its source and says what had to be assumed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod essay;
mod lenovo;
mod pan;
mod peers;
