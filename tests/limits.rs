//! Pins the resource limits that docs/src/security.md states: a file of 100 MB, an object of a million keys, deep nesting
//! and a link of a megabyte are answered with a message, in seconds and within a bounded memory, by every reader.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Far above what any of these takes alone (about 2 s for the largest), for machines with other things to do.
const MOST_TIME: Duration = Duration::from_secs(60);

/// A file in the tests' own folder, removed when the test ends.
struct File(PathBuf);

impl File {
    fn of(name: &str, write: impl FnOnce(&mut dyn Write)) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        write(&mut out);
        out.flush().unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

fn times(out: &mut dyn Write, text: &str, n: usize) {
    let block = text.repeat(1000);
    for _ in 0..n / 1000 {
        out.write_all(block.as_bytes()).unwrap();
    }
}

/// Runs the program with at most `mib` MiB of address space on a file, as argument or standard input.
fn run(arguments: &str, file: &File, mib: u32) -> Output {
    let started = Instant::now();
    let shell = format!("ulimit -v {}; exec \"$0\" {arguments} < \"$1\"", u64::from(mib) << 10);
    let out = Command::new("sh")
        .args(["-c", &shell, env!("CARGO_BIN_EXE_crossover")])
        .arg(&file.0)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(started.elapsed() < MOST_TIME, "{arguments}: {:?}", started.elapsed());
    out
}

/// Exit code 1 and a short message that holds the word.
fn refused(arguments: &str, file: &File, mib: u32, word: &str) {
    let out = run(arguments, file, mib);
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(1), "{arguments}: {said}");
    assert!(said.contains(word) && said.len() < 600, "{arguments}: {said}");
    assert!(out.stdout.is_empty(), "{arguments}");
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let file = File::of("huge.json", |out| {
        out.write_all(b"{\"title\": \"").unwrap();
        times(out, "0123456789", 10_000_000);
        out.write_all(b"\"}").unwrap();
    });
    refused("plan \"$1\"", &file, 200, "more than");
    refused("plan -", &file, 200, "more than");
    refused("import \"$1\"", &file, 500, "more than any such file has");
    refused("prices check \"$1\"", &file, 500, "more than the 4 MB");
    refused("plan --prices \"$1\"", &file, 500, "more than the 4 MB");
    refused("prices fetch --from litellm --file \"$1\"", &file, 500, "more than any such file has");
    refused("plan --steps \"$1\"", &file, 200, "more than");
    let out = run("plan --stream", &file, 300);
    assert!(out.status.success());
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(answer["error"]["message"].as_str().unwrap().contains("more than"));
}

#[test]
fn an_object_of_a_million_keys() {
    let keys = |out: &mut dyn Write| {
        for n in 0..1_000_000 {
            write!(out, "\"k{n}\":{n},").unwrap();
        }
    };
    let config = File::of("keys.json", |out| {
        out.write_all(b"{").unwrap();
        keys(out);
        out.write_all(b"\"model_type\":\"llama\"}").unwrap();
    });
    refused("import \"$1\"", &config, 1500, "hidden_size");
    refused("plan \"$1\"", &config, 200, "more than");
    // As many as a scenario file has room for: read, the first of them named, the rest counted.
    let scenario = File::of("unknown-keys.json", |out| {
        out.write_all(b"{").unwrap();
        for n in 0..80_000 {
            write!(out, "\"k{n}\":1,").unwrap();
        }
        out.write_all(b"\"version\":1}").unwrap();
    });
    let out = run("plan \"$1\" --format json", &scenario, 300);
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let warnings = answer["warnings"].as_array().unwrap();
    assert!(warnings.len() < 60, "{}", warnings.len());
    assert!(warnings.iter().any(|w| w["message"].as_str().unwrap().contains("79950 more problems")));
    let model = File::of("model.json", |out| {
        out.write_all(br#"{"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 100}"#)
            .unwrap();
    });
    let index = File::of("index.json", |out| {
        out.write_all(b"{\"metadata\":{\"total_size\":200000},\"weight_map\":{").unwrap();
        keys(out);
        out.write_all(b"\"last\":1}}").unwrap();
    });
    let out = run(&format!("import \"{}\" --index \"$1\"", model.0.display()), &index, 1500);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(answer["scenario"]["model"]["weights_bytes"], 200_000.0);
}

#[test]
fn nesting_a_million_deep() {
    let lists = File::of("lists.json", |out| times(out, "[", 1_000_000));
    let objects = File::of("objects.json", |out| times(out, "{\"text_config\":", 1_000_000));
    for file in [&lists, &objects] {
        refused("import \"$1\"", file, 300, "recursion limit");
    }
    let small = File::of("deep-scenario.json", |out| times(out, "{\"model\":", 100_000));
    refused("plan \"$1\"", &small, 200, "recursion limit");
}

#[test]
fn a_link_of_a_megabyte() {
    let long = |name: &str, part: &str| {
        File::of(name, |out| {
            out.write_all(b"#v=1").unwrap();
            times(out, part, 1_000_000 / part.len() / 1000 * 1000);
        })
    };
    for (name, part) in
        [("keys.link", "&tokens=50M"), ("percent.link", "%25"), ("steps.link", "&step1.calls=5"), ("text.link", "x")]
    {
        refused("plan -", &long(name, part), 200, "more than the 8192 that are read");
    }
}

#[test]
fn a_header_that_promises_the_world() {
    let gguf = |name: &str, tensors: u64, keys: u64| {
        File::of(name, |out| {
            out.write_all(b"GGUF\x03\0\0\0").unwrap();
            out.write_all(&tensors.to_le_bytes()).unwrap();
            out.write_all(&keys.to_le_bytes()).unwrap();
            times(out, "\0\0\0\0\0\0\0\0\0\0", 10_000_000);
        })
    };
    refused("import \"$1\"", &gguf("tensors.gguf", u64::MAX, 1), 500, "more than");
    refused("import \"$1\"", &gguf("keys.gguf", 1, u64::MAX), 500, "more than");
    // A hundred megabytes of empty keys: whatever is the matter with them, it is said.
    let out = run("import \"$1\"", &gguf("zeros.gguf", 1, 60_000), 800);
    assert_eq!(out.status.code(), Some(1), "{}", String::from_utf8_lossy(&out.stderr));
}
