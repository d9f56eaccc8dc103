//! The link: a scenario as a readable URL fragment, `#v=1&model=gpt-oss-120b&quant=mxfp4&tokens=200M`.
//!
//! Version first, then the fields in the order of the table, only what differs from that version's frozen defaults, in
//! RFC 3986 unreserved characters. A link is the save file, so it must be readable for ever: older versions are upgraded
//! step by step, a newer one is refused with a message and left as it is. Scenarios pinned for comparison follow as
//! `pin1=`, `pin2=`, `pin3=`, each a link of its own.

mod decode;
mod encode;
mod escape;
mod pins;
mod upgrade;

use super::VERSION;
pub use decode::{decode, fragment};
pub use encode::encode;
pub use pins::{MOST_PINS, Opened, encode_pinned, open};

/// Longest link read or written, bytes. Ordinary links stay under a quarter of it.
pub const MAX_BYTES: usize = 8 * 1024;

/// Why a link is refused; the link itself is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Longer than [`MAX_BYTES`].
    #[error("the link has {bytes} bytes, more than the {MAX_BYTES} that are read")]
    TooLong {
        /// Its size.
        bytes: usize,
    },
    /// Made by a newer program.
    #[error("the link is of version {found}; this program reads versions up to {VERSION}")]
    NewerVersion {
        /// The version as written.
        found: String,
    },
}

impl LinkError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "share the scenario as a file; a pasted model config is usually what makes it long",
            Self::NewerVersion { .. } => "reload the page or update the program; the link is kept as it is",
        }
    }
}

#[cfg(test)]
mod tests;
