//! A GGUF file by its header alone: keys, tensor shapes and types, never the weights.
//!
//! The header of a file of any size is at its front. A reader hands over the first bytes, and is told how many are
//! needed if those do not reach: nothing is allocated by a count that the file claims. Layout: ggml-org/ggml
//! docs/gguf.md, versions 2 and 3; block sizes: ggml.h type traits.

mod bytes;
mod configuration;

use std::collections::BTreeMap;

use super::{ImportError, Imported, Note, config};
use crate::catalog::Quantization;
use bytes::{Bytes, Short};

/// Longest header taken, bytes; vocabularies and merges of the largest published files stay below 40 MB.
pub const MOST_HEADER_BYTES: u64 = 256 << 20;
/// Bytes to start with.
pub const FIRST_BYTES: u64 = 1 << 20;
const MOST_TENSORS: u64 = 1 << 20;
const MOST_KEYS: u64 = 1 << 16;
const MOST_NAME: u64 = 1 << 16;
/// Longest text and list kept; longer ones are skipped, not stored.
const KEPT: u64 = 4096;

/// A value of the header that is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A number or truth value.
    Number(f64),
    /// Text.
    Text(String),
    /// A short list of numbers.
    Numbers(Vec<f64>),
    /// A list that was skipped: its length.
    Skipped(u64),
}

/// What a header says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Header {
    pub keys: BTreeMap<String, Value>,
    pub elements: f64,
    pub bytes: f64,
    pub has_output: bool,
    pub unknown_types: u32,
}

impl Header {
    /// How many files the model is split into, where it is more than this one.
    pub fn parts(&self) -> Option<u32> {
        match self.keys.get("split.count") {
            Some(Value::Number(n)) if *n > 1.0 => Some(*n as u32),
            _ => None,
        }
    }
}

/// How far the first bytes of a file reach.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The header was complete.
    Read(Box<Imported>),
    /// At least this many bytes from the front are needed.
    NeedMore(u64),
}

/// Read the model of a file from its first bytes.
///
/// # Errors
/// What is not GGUF, counts that no file has, or dimensions that make no model.
pub fn parse(front: &[u8]) -> Result<Outcome, ImportError> {
    match header(front) {
        Ok(header) => imported(&header).map(|i| Outcome::Read(Box::new(i))),
        Err(Stop::Short(needed)) if needed > MOST_HEADER_BYTES => {
            Err(broken("header", "is longer than any GGUF header", "check that the file is intact"))
        }
        Err(Stop::Short(needed)) => Ok(Outcome::NeedMore(needed.max(front.len() as u64 * 2).min(MOST_HEADER_BYTES))),
        Err(Stop::Broken(e)) => Err(e),
    }
}

/// Read the model of a file of `length` bytes through a reader of slices (offset, length).
///
/// # Errors
/// As [`parse`]; also what the reader reports, and a file that ends inside its header.
pub fn read(
    length: u64,
    mut slice: impl FnMut(u64, usize) -> Result<Vec<u8>, String>,
) -> Result<Imported, ImportError> {
    let mut wanted = FIRST_BYTES.min(length);
    let mut front: Vec<u8> = Vec::new();
    loop {
        let missing = (wanted as usize).saturating_sub(front.len());
        let part = slice(front.len() as u64, missing).map_err(|e| broken("file", &e, "check that it can be read"))?;
        front.extend_from_slice(&part[..part.len().min(missing)]);
        match parse(&front)? {
            Outcome::Read(imported) => return Ok(*imported),
            Outcome::NeedMore(_) if front.len() as u64 >= length || part.is_empty() => {
                return Err(broken("file", "ends inside its header", "the download is not complete"));
            }
            Outcome::NeedMore(more) => wanted = more.min(length),
        }
    }
}

enum Stop {
    Short(u64),
    Broken(ImportError),
}

impl From<Short> for Stop {
    fn from(s: Short) -> Self {
        Self::Short(s.0)
    }
}

fn broken(path: &str, message: &str, hint: &str) -> ImportError {
    ImportError::new(path, message, hint)
}

fn header(front: &[u8]) -> Result<Header, Stop> {
    let mut b = Bytes::new(front);
    if b.take(4)? != b"GGUF" {
        return Err(Stop::Broken(broken("magic", "is not GGUF", "choose a .gguf file")));
    }
    let version = b.u32()?;
    if (2..=3).contains(&version.swap_bytes()) {
        let hint = "convert it with --bigendian left out";
        return Err(Stop::Broken(broken("version", "is that of a big-endian file, which is not read", hint)));
    }
    if !(2..=3).contains(&version) {
        let message = format!("version {version} is not 2 or 3");
        return Err(Stop::Broken(broken("version", &message, "convert the file with a current llama.cpp")));
    }
    let (tensors, keys) = (b.u64()?, b.u64()?);
    bounded("tensor_count", tensors, MOST_TENSORS)?;
    bounded("metadata_kv_count", keys, MOST_KEYS)?;
    let mut out = Header::default();
    for _ in 0..keys {
        let name = text(&mut b, "metadata key")?;
        let kind = b.u32()?;
        let value = value(&mut b, kind, 0)?;
        out.keys.insert(name, value);
    }
    for _ in 0..tensors {
        tensor(&mut b, &mut out)?;
    }
    Ok(out)
}

fn bounded(path: &str, count: u64, most: u64) -> Result<(), Stop> {
    if count <= most {
        return Ok(());
    }
    let message = format!("{count} is more than the {most} that any file has");
    Err(Stop::Broken(broken(path, &message, "check that the file is intact")))
}

fn text(b: &mut Bytes, what: &str) -> Result<String, Stop> {
    let n = b.u64()?;
    bounded(what, n, MOST_NAME)?;
    Ok(String::from_utf8_lossy(b.take(n)?).into_owned())
}

/// A value of a type; lists nest at most twice.
fn value(b: &mut Bytes, kind: u32, depth: u8) -> Result<Value, Stop> {
    match kind {
        8 => {
            let n = b.u64()?;
            bounded("text", n, MOST_HEADER_BYTES)?;
            let raw = b.take(n)?;
            Ok(if n <= KEPT { Value::Text(String::from_utf8_lossy(raw).into_owned()) } else { Value::Skipped(n) })
        }
        9 if depth < 2 => list(b, depth),
        9 => Err(Stop::Broken(broken("metadata", "lists nest too deeply", "check that the file is intact"))),
        _ => Ok(Value::Number(number(b, kind)?)),
    }
}

fn list(b: &mut Bytes, depth: u8) -> Result<Value, Stop> {
    let (kind, n) = (b.u32()?, b.u64()?);
    bounded("list length", n, MOST_HEADER_BYTES)?;
    if let Some(width) = width(kind) {
        if n > KEPT {
            b.take(n * width)?;
            return Ok(Value::Skipped(n));
        }
        let mut numbers = Vec::new();
        for _ in 0..n {
            numbers.push(number(b, kind)?);
        }
        return Ok(Value::Numbers(numbers));
    }
    for _ in 0..n {
        value(b, kind, depth + 1)?;
    }
    Ok(Value::Skipped(n))
}

/// Bytes of a scalar type.
fn width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

fn number(b: &mut Bytes, kind: u32) -> Result<f64, Stop> {
    Ok(match kind {
        0 | 7 => f64::from(b.array::<1>()?[0]),
        1 => f64::from(i8::from_le_bytes(b.array()?)),
        2 => f64::from(u16::from_le_bytes(b.array()?)),
        3 => f64::from(i16::from_le_bytes(b.array()?)),
        4 => f64::from(u32::from_le_bytes(b.array()?)),
        5 => f64::from(i32::from_le_bytes(b.array()?)),
        6 => f64::from(f32::from_le_bytes(b.array()?)),
        10 => u64::from_le_bytes(b.array()?) as f64,
        11 => i64::from_le_bytes(b.array()?) as f64,
        12 => f64::from_le_bytes(b.array()?),
        other => {
            let message = format!("type {other} does not exist");
            return Err(Stop::Broken(broken("metadata", &message, "check that the file is intact")));
        }
    })
}

fn tensor(b: &mut Bytes, out: &mut Header) -> Result<(), Stop> {
    let name = text(b, "tensor name")?;
    let dimensions = b.u32()?;
    bounded("tensor dimensions", u64::from(dimensions), 8)?;
    let mut elements = 1.0;
    for _ in 0..dimensions {
        elements *= b.u64()? as f64;
    }
    let kind = b.u32()?;
    b.u64()?;
    if !(0.0..=1e15).contains(&elements) {
        let message = format!("{elements:.0} elements in one tensor");
        return Err(Stop::Broken(broken(
            &name.chars().take(80).collect::<String>(),
            &message,
            "check that the file is intact",
        )));
    }
    let (block, size) = block(kind).unwrap_or_else(|| {
        out.unknown_types += 1;
        (1.0, 2.0)
    });
    out.has_output |= name == "output.weight";
    out.elements += elements;
    out.bytes += elements / block * size;
    Ok(())
}

/// Elements and bytes of a block of a tensor type.
fn block(kind: u32) -> Option<(f64, f64)> {
    Some(match kind {
        0 | 26 => (1.0, 4.0),
        1 | 25 | 30 => (1.0, 2.0),
        2 | 20 => (32.0, 18.0),
        3 => (32.0, 20.0),
        6 => (32.0, 22.0),
        7 => (32.0, 24.0),
        8 => (32.0, 34.0),
        9 => (32.0, 36.0),
        10 => (256.0, 84.0),
        11 | 21 => (256.0, 110.0),
        12 => (256.0, 144.0),
        13 => (256.0, 176.0),
        14 => (256.0, 210.0),
        15 => (256.0, 292.0),
        16 => (256.0, 66.0),
        17 => (256.0, 74.0),
        18 => (256.0, 98.0),
        19 => (256.0, 50.0),
        22 => (256.0, 82.0),
        23 => (256.0, 136.0),
        24 => (1.0, 1.0),
        27 | 28 => (1.0, 8.0),
        29 => (256.0, 56.0),
        34 => (256.0, 54.0),
        35 => (256.0, 66.0),
        39 => (32.0, 17.0),
        40 => (64.0, 36.0),
        _ => return None,
    })
}

/// The row of a header.
fn imported(h: &Header) -> Result<Imported, ImportError> {
    let value = configuration::of(h)?;
    let mut out = config::from_value(&value)?;
    out.quantization = Some(format(h));
    out.model.native_dtype = format(h).id().into();
    if let Some(parts) = h.parts() {
        let message = format!("this is one of {parts} files: the size of all is computed from the dimensions");
        out.notes.push(Note { path: "split.count".into(), message });
        return Ok(out);
    }
    out.weights_bytes = (h.bytes > 0.0).then_some(h.bytes);
    out.model.checkpoint.bytes = out.weights_bytes;
    out.model.checkpoint.estimated = false;
    out.model.checkpoint.source = "tensor table of the GGUF file".into();
    let mut note = |path: &str, message: String| out.notes.push(Note { path: path.into(), message });
    if h.unknown_types > 0 {
        note("tensors", format!("{} tensors have an unknown type: 16 bits are assumed for them", h.unknown_types));
    }
    let off = h.elements / out.model.params_total;
    if h.elements > 0.0 && !(0.95..1.05).contains(&off) {
        note(
            "tensors",
            format!("hold {:.2} billion elements; the header's dimensions make another count", h.elements / 1e9),
        );
    }
    if h.elements > 0.0 {
        out.model.params_total = h.elements;
        out.model.params_active = out.model.params_active.min(h.elements);
    }
    Ok(out)
}

/// The nearest format the planner names; the bytes are the file's own either way.
fn format(h: &Header) -> Quantization {
    match h.keys.get("general.file_type") {
        Some(Value::Number(n)) => match *n as u32 {
            0 | 32 => Quantization::Bf16,
            1 => Quantization::Fp16,
            2 | 3 => Quantization::GgufQ4_0,
            7 => Quantization::GgufQ8_0,
            10 | 19..=21 | 24 | 28 | 29 | 31 | 36 | 37 => Quantization::GgufQ2K,
            11..=13 | 22 | 23 | 26 | 27 => Quantization::GgufQ3KM,
            8 | 9 | 16 | 17 => Quantization::GgufQ5KM,
            18 => Quantization::GgufQ6K,
            25 | 30 => Quantization::GgufIq4Xs,
            38 => Quantization::Mxfp4,
            39 => Quantization::Nvfp4,
            _ => Quantization::GgufQ4KM,
        },
        _ => Quantization::GgufQ4KM,
    }
}

#[cfg(test)]
mod tests;
