//! Pins fetching by id against a server on this machine: what is contacted is announced first, a sharded checkpoint's
//! index gives the size, a small model's comes from the metadata, and a missing model is a message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener};
use std::process::{Command, Output};

/// Serves (path, body) pairs until the process ends; anything else is 404.
fn server(files: Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            for line in lines {
                if line.unwrap().is_empty() {
                    break;
                }
            }
            let path = first.split(' ').nth(1).unwrap();
            let answer = match files.iter().find(|f| f.0 == path) {
                Some((_, body)) if body.starts_with('/') => format!("HTTP/1.0 307 Moved\r\nLocation: {body}\r\n\r\n"),
                Some((_, body)) => format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
                None => "HTTP/1.0 404 Not Found\r\n\r\n".to_owned(),
            };
            // Who reads only the start of an answer hangs up on the rest. The connection is closed after the client's end of
            // it: closed first, with something unread, the client would see it reset.
            if stream.write_all(answer.as_bytes()).and_then(|()| stream.shutdown(Shutdown::Write)).is_ok() {
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            }
        }
    });
    base
}

fn import(base: &str, id: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crossover")).args(["import", "--hub", id, "--base", base]).output().unwrap()
}

const CONFIG: &str = r#"{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
    "intermediate_size": 256, "vocab_size": 1000, "torch_dtype": "bfloat16", "tie_word_embeddings": false}"#;

#[test]
fn a_sharded_model_is_fetched_and_every_address_is_named() {
    let base = server(vec![
        ("/a/b/resolve/main/config.json", "/cache/config.json".into()),
        ("/cache/config.json", CONFIG.into()),
        ("/a/b/resolve/main/model.safetensors.index.json", r#"{"metadata": {"total_size": 518000}}"#.into()),
    ]);
    let out = import(&base, "a/b");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains(&format!("contacting {base}/a/b/resolve/main/config.json")), "{said}");
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(answer["scenario"]["model"]["weights_bytes"], 518_000.0);
    assert_eq!(answer["model"]["id"], "a/b");
}

#[test]
fn a_small_model_has_its_size_in_the_metadata() {
    let base = server(vec![
        ("/a/b/resolve/main/config.json", CONFIG.into()),
        ("/api/models/a/b", r#"{"safetensors": {"parameters": {"BF16": 259000}, "total": 259000}}"#.into()),
    ]);
    let answer: serde_json::Value = serde_json::from_slice(&import(&base, "a/b").stdout).unwrap();
    assert_eq!(answer["scenario"]["model"]["weights_bytes"], 518_000.0);
}

#[test]
fn an_answer_that_is_no_configuration_is_a_message() {
    let large = format!("{{\"title\": \"{}\"}}", "x".repeat(5 << 20));
    let base = server(vec![
        ("/a/page/resolve/main/config.json", "<!doctype html><title>Log in</title>".into()),
        ("/a/text/resolve/main/config.json", "version https://git-lfs.github.com/spec/v1".into()),
        ("/a/large/resolve/main/config.json", large),
        ("/a/list/resolve/main/config.json", "[1, 2]".into()),
    ]);
    for (id, word) in [("a/page", "web page"), ("a/text", "JSON"), ("a/large", "larger"), ("a/list", "not an object")] {
        let out = import(&base, id);
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{id}: {said}");
        assert!(said.contains(word) && said.contains("hint"), "{id}: {said}");
    }
}

#[test]
fn a_size_that_is_nowhere_is_computed_and_said() {
    let base = server(vec![("/a/b/resolve/main/config.json", CONFIG.into())]);
    let out = import(&base, "a/b");
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(answer["scenario"]["model"]["weights_bytes"].is_null());
    assert!(answer["notes"].to_string().contains("computed from the dimensions"), "{}", answer["notes"]);
}

#[test]
fn what_is_not_there_is_a_message() {
    let base = server(Vec::new());
    for id in ["a/b", "../etc", "no-owner"] {
        let out = import(&base, id);
        assert_eq!(out.status.code(), Some(1), "{id}");
        assert!(!out.stderr.is_empty() && out.stdout.is_empty(), "{id}");
    }
}
