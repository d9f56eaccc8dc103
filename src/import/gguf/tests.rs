//! Headers built by hand: what is read, and what is refused before anything is allocated.

use super::*;

fn text(out: &mut Vec<u8>, s: &str) {
    out.extend((s.len() as u64).to_le_bytes());
    out.extend(s.as_bytes());
}

fn key(out: &mut Vec<u8>, name: &str, n: u32) {
    text(out, name);
    out.extend(4_u32.to_le_bytes());
    out.extend(n.to_le_bytes());
}

/// A small Llama with `tokens` words of vocabulary.
pub(super) fn file(tokens: u64) -> Vec<u8> {
    part(tokens, 1)
}

/// The same as one of several files.
fn part(tokens: u64, parts: u32) -> Vec<u8> {
    let mut out = b"GGUF".to_vec();
    out.extend(3_u32.to_le_bytes());
    out.extend(1_u64.to_le_bytes());
    out.extend(10_u64.to_le_bytes());
    key(&mut out, "split.count", parts);
    text(&mut out, "general.architecture");
    out.extend(8_u32.to_le_bytes());
    text(&mut out, "llama");
    for (name, n) in [
        ("general.file_type", 15),
        ("llama.block_count", 32),
        ("llama.embedding_length", 4096),
        ("llama.feed_forward_length", 14336),
        ("llama.attention.head_count", 32),
        ("llama.attention.head_count_kv", 8),
        ("llama.context_length", 131_072),
    ] {
        key(&mut out, name, n);
    }
    text(&mut out, "tokenizer.ggml.tokens");
    out.extend(9_u32.to_le_bytes());
    out.extend(8_u32.to_le_bytes());
    out.extend(tokens.to_le_bytes());
    for _ in 0..tokens {
        text(&mut out, "word");
    }
    text(&mut out, "output.weight");
    out.extend(2_u32.to_le_bytes());
    out.extend(4096_u64.to_le_bytes());
    out.extend(tokens.to_le_bytes());
    out.extend(14_u32.to_le_bytes());
    out.extend(0_u64.to_le_bytes());
    out
}

#[test]
fn a_header_larger_than_the_first_slice_is_read_in_steps() {
    let whole = file(128_256);
    assert!(whole.len() as u64 > FIRST_BYTES);
    let mut slices = 0;
    let got = read(40 << 30, |at, n| {
        slices += 1;
        let from = (at as usize).min(whole.len());
        Ok(whole[from..(from + n).min(whole.len())].to_vec())
    })
    .unwrap();
    assert!(slices > 1);
    assert_eq!(got.model.vocab_size, Some(128_256));
    assert_eq!(got.quantization, Some(Quantization::GgufQ4KM));
    assert_eq!(got.weights_bytes, Some(4096.0 * 128_256.0 / 256.0 * 210.0));
    assert_eq!(got.model.layers, Some(32));
}

/// Regression: the first of several files was taken for the whole model, with its bytes.
#[test]
fn one_file_of_several_gives_no_size() {
    let Outcome::Read(one) = parse(&part(16, 6)).unwrap() else { panic!("complete") };
    assert_eq!((one.weights_bytes, one.model.checkpoint.bytes), (None, None));
    assert!(one.notes.iter().any(|n| n.path == "split.count" && n.message.contains("6 files")));
    let Outcome::Read(whole) = parse(&part(16, 1)).unwrap() else { panic!("complete") };
    assert!(whole.weights_bytes.is_some() && whole.notes.iter().all(|n| n.path != "split.count"));
    assert!(one.model.params_total > 1e9, "counted from the dimensions");
}

#[test]
fn hostile_counts_are_refused_without_allocating() {
    let good = file(16);
    for at in [8, 16] {
        let mut bad = good.clone();
        bad[at..at + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(parse(&bad).unwrap_err().message.contains("more than"), "{at}");
    }
    let mut list = good.clone();
    let name = list.windows(6).position(|w| w == b"tokens").unwrap();
    list[name + 14..name + 22].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(parse(&list).is_err());
    assert!(parse(b"PK\x03\x04 not a model").unwrap_err().path == "magic");
}

#[test]
fn a_big_endian_file_is_named() {
    let mut big = b"GGUF".to_vec();
    big.extend(3_u32.to_be_bytes());
    big.extend([0; 16]);
    assert!(parse(&big).unwrap_err().message.contains("big-endian"));
}

#[test]
fn a_truncated_file_is_an_error_not_a_hang() {
    let whole = file(16);
    for n in 0..whole.len() {
        let got = read(n as u64, |at, m| Ok(whole[at as usize..n.min(at as usize + m)].to_vec()));
        assert!(got.is_err(), "{n}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(600))]

    #[test]
    fn a_damaged_header_is_a_model_or_a_message(
        at in 0..900_usize, with in proptest::collection::vec(proptest::prelude::any::<u8>(), 1..12), cut in 0..2000_usize
    ) {
        let mut bytes = file(16);
        let from = at % bytes.len();
        let n = with.len().min(bytes.len() - from);
        bytes[from..from + n].copy_from_slice(&with[..n]);
        bytes.truncate(cut.max(24));
        match parse(&bytes) {
            Ok(Outcome::Read(i)) => proptest::prop_assert!(i.model.params_total.is_finite() && i.model.params_total > 0.0),
            Ok(Outcome::NeedMore(n)) => proptest::prop_assert!(n > bytes.len() as u64 && n <= MOST_HEADER_BYTES),
            Err(e) => proptest::prop_assert!(!e.message.is_empty() && e.message.len() < 400),
        }
    }
}
