//! The terminal fetches only what it is told to, from a base that can be changed, and writes only what it showed.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use super::{GENAI, LITELLM};

/// A server that answers one request for each text, and the paths it was asked for.
fn server(answers: Vec<(u16, String)>) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        let mut asked = Vec::new();
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            asked.push(text.split_whitespace().nth(1).unwrap_or_default().to_string());
            let head = format!("HTTP/1.0 {status} X\r\nContent-Type: application/json\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(body.as_bytes()).unwrap();
        }
        asked
    };
    (base, std::thread::spawn(serve))
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn crossover(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crossover")).args(arguments).output().unwrap()
}

#[test]
fn a_list_is_fetched_shown_kept_and_planned_with() {
    let folder = folder("prices-kept");
    let file = folder.join("prices.json");
    let file = file.to_str().unwrap();
    let (base, asked) = server(vec![(200, LITELLM.into())]);
    let out = crossover(&["prices", "fetch", "--from", "litellm", "--base", &base, "--output", file]);
    let (shown, said) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{said}");
    assert_eq!(asked.join().unwrap(), ["/BerriAI/litellm/main/model_prices_and_context_window.json"]);
    assert!(said.contains(&format!("contacting {base}/BerriAI")), "{said}");
    assert!(shown.contains("openai/gpt-6-luna") && shown.contains("free or unknown"), "{shown}");
    let check = crossover(&["prices", "check", file]);
    assert!(check.status.success() && String::from_utf8_lossy(&check.stdout).contains("BerriAI/litellm"));
    let arguments =
        ["plan", "--draws", "0", "--format", "json", "--set", "api.nearest=openai/gpt-6-luna", "--prices", file];
    let plan: serde_json::Value = serde_json::from_slice(&crossover(&arguments).stdout).unwrap();
    let plain: serde_json::Value = serde_json::from_slice(&crossover(&arguments[..7]).stdout).unwrap();
    let price = |plan: &serde_json::Value| plan["cost"]["api"][1]["usd_per_million_tokens"].as_f64().unwrap();
    assert!(price(&plan) != price(&plain), "the kept price is used only where it is named");
    assert!(plan["warnings"].to_string().contains("is private"));
}

#[test]
fn the_other_list_is_fetched_from_its_own_path() {
    let (base, asked) = server(vec![(200, GENAI.into())]);
    let out = crossover(&["prices", "fetch", "--from", "genai", "--base", &base]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(asked.join().unwrap(), ["/pydantic/genai-prices/main/prices/new_data/v2/data_slim.json"]);
}

#[test]
fn what_goes_wrong_writes_nothing_and_says_why() {
    let folder = folder("prices-wrong");
    let file = folder.join("prices.json");
    let path = file.to_str().unwrap();
    for answer in [(200, "<html>".to_string()), (404, String::new()), (500, "{}".to_string()), (200, "{}".to_string())]
    {
        let (base, _) = server(vec![answer.clone()]);
        let out = crossover(&["prices", "fetch", "--from", "litellm", "--base", &base, "--output", path]);
        assert_eq!(out.status.code(), Some(1), "{answer:?}");
        assert!(!out.stderr.is_empty() && !file.exists(), "{answer:?}");
    }
    let list = folder.join("list.json");
    std::fs::write(&list, r#"{"gpt-x": {"litellm_provider": "openai", "mode": "chat"}}"#).unwrap();
    let out = crossover(&["prices", "fetch", "--from", "litellm", "--file", list.to_str().unwrap(), "--output", path]);
    assert!(out.status.success() && !file.exists(), "nothing changed, so nothing is written");
    std::fs::write(&file, "{\"version\": 1}").unwrap();
    let out = crossover(&["plan", "--prices", path]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("price file"));
}
