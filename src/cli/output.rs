//! Writing to the terminal without failing when nobody listens.

use std::io::{self, BufWriter, StdoutLock, Write};

use super::CliError;
use crate::visible::visible;

/// Standard output, buffered; a closed pipe comes back as an error, never as a panic.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Write a text, ending in a line break.
pub fn write(text: &str) -> Result<(), CliError> {
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Write a message to standard error, line by line and without anything that would steer the terminal: it may quote a
/// stranger's file or link. Nothing can be done if that fails.
pub fn complain(message: &str) {
    let lines: Vec<String> = message.lines().map(visible).collect();
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
}

/// Write bytes as they are.
pub fn write_bytes(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = stdout();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}
