//! The terminal end to end: what is written where, exit codes, streams, closed pipes.

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {} {}", self.stdout, self.stderr))
    }
}

pub fn crossover(arguments: &[&str]) -> Run {
    fed(arguments, "")
}

fn fed(arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_crossover"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_string();
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let out = child.wait_with_output().unwrap();
    let _ = feeder.join().unwrap();
    Run {
        code: out.status.code().unwrap_or(-1),
        stdout: String::from_utf8(out.stdout).unwrap(),
        stderr: String::from_utf8(out.stderr).unwrap(),
    }
}

fn plan(arguments: &[&str]) -> Value {
    let run = crossover(&[&["plan", "--format", "json", "--draws", "0"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.json()
}

#[test]
fn a_link_a_file_and_assignments_give_the_same_plan() {
    let by_link = plan(&["https://example.org/?embed=cost#v=1&tokens=200M&quant=awq-int4&gpu=a100-80-sxm"]);
    let by_set =
        plan(&["--set", "workload.tokens_per_day=200M/day", "--set", "quant=awq-int4", "--set", "gpu=A100-80-SXM"]);
    assert_eq!(by_link, by_set);
    assert_eq!(by_link["scenario_link"], "#v=1&tokens=200M&quant=awq-int4&gpu=a100-80-sxm");
    let document = json!({"workload": {"tokens_per_day": "200M"}, "model": {"quantization": "awq-int4"},
        "hardware": {"accelerator": "a100-80-sxm"}});
    let by_stdin = fed(&["plan", "-", "--format", "json", "--draws", "0"], &document.to_string());
    assert_eq!(by_stdin.json(), by_link);
    let again = plan(&[by_link["scenario_link"].as_str().unwrap()]);
    assert_eq!(again, by_link);
}

#[test]
fn the_text_starts_with_the_verdict_and_ends_with_the_link() {
    let run = fed(&["plan", "-", "--draws", "0"], r#"{"title": "Support\u001b[31m"}"#);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(run.code, 0);
    assert!(!run.stdout.contains('\u{1b}'), "control characters reach the terminal");
    assert!(lines.iter().take(3).any(|l| l.contains('$')), "{}", run.stdout);
    for heading in
        ["Cost per month", "Where the lines cross", "Month by month", "Memory per GPU", "Speed of one replica"]
    {
        assert!(lines.contains(&heading), "{heading}: {}", run.stdout);
    }
    assert_eq!(lines.last().map(|l| l.trim()), Some("#v=1&title=Support%5B31m"));
}

/// What a stranger wrote is quoted in messages, and must not steer the terminal or turn a line around there. Found by
/// hand: `#v=1&tokens=%1B[2J` reached the screen as it was.
#[test]
fn no_message_steers_the_terminal() {
    const ESCAPED: &str = "%1B%5B2J%C2%9B%E2%80%AE";
    const RAW: &str = "\u{1b}[2J\u{9b}\u{202e}";
    // Lines of CSV end in CR LF.
    let acts =
        |text: &str| text.replace("\r\n", "\n").chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}'));
    for key in ["tokens", "quant", "model", "gpu", "title", "residency", "currency", "v", RAW, "step1.calls", "config"]
    {
        let link = format!("#v=1&{key}={ESCAPED}");
        for format in ["text", "json", "markdown", "csv"] {
            let run = crossover(&["plan", &link, "--format", format, "--draws", "0"]);
            assert!(!acts(&run.stdout) && !acts(&run.stderr), "{key}, {format}: {run:?}");
        }
    }
    for arguments in [
        &["plan", "--set", &format!("tokens={RAW}")][..],
        &["plan", "--set", &format!("{RAW}=5")],
        &["plan", &format!("{RAW}.json")],
        &["import", &format!("{RAW}.json")],
        &["chart", "--panel", "cost", "--output", &format!("/{RAW}/x.svg")],
    ] {
        let run = crossover(arguments);
        assert!(run.code == 1 && !acts(&run.stderr) && !acts(&run.stdout), "{arguments:?}: {run:?}");
    }
}

/// SGLang sets aside what a step of 65,536 tokens takes, which is more than the GPU has: the budget came out at -19 GB.
#[test]
fn no_budget_of_memory_is_negative() {
    let gpu = &plan(&["#v=1&engine=sglang&max-batched=65536&quant=awq-int4"])["memory"]["per_gpu"];
    assert!(gpu.as_object().unwrap().values().all(|v| v.as_f64().unwrap() >= 0.0), "{gpu}");
}

#[test]
fn every_format_is_written() {
    let markdown = crossover(&["plan", "--format", "markdown", "--draws", "0"]);
    assert!(markdown.stdout.starts_with("# "), "{}", markdown.stdout);
    let csv = crossover(&["plan", "--format", "csv", "--draws", "0"]);
    assert!(csv.stdout.starts_with("table,"), "{}", csv.stdout);
}

#[test]
fn contradictions_are_those_of_the_scenario_after_the_assignments() {
    let paths = |plan: &Value| -> Vec<String> {
        plan["warnings"].as_array().unwrap().iter().map(|w| w["path"].as_str().unwrap().to_string()).collect()
    };
    let made = plan(&["--set", "in=9000"]);
    assert!(paths(&made).contains(&"workload.max_request_tokens".to_string()), "{:?}", made["warnings"]);
    let mended = plan(&["#v=1&in=9000", "--set", "longest=16k"]);
    assert!(!paths(&mended).contains(&"workload.max_request_tokens".to_string()), "{:?}", mended["warnings"]);
}

#[test]
fn wrong_usage_exits_with_2_and_an_unusable_scenario_with_1() {
    for usage in [
        &["plan", "--nonsense"][..],
        &["nonsense"],
        &["plan", "--set", "tokens"],
        &["plan", "--set", "=5M"],
        &["plan", "--format", "xml"],
        &["plan", "--draws", "-1"],
        &["plan", "--expect", "verdict"],
        &["plan", "--expect", "no.such.path=1", "--draws", "0"],
        &["plan", "--stream", "--set", "tokens=5M"],
        &["chart", "--panel", "pie", "--output", "x.svg"],
        &["chart", "--panel", "planner", "--output", "x.svg"],
        &["chart", "--panel", "cost", "--output", "x.bmp"],
        &["chart", "--panel", "cost", "--output", "x.png", "--scale", "9"],
        &["catalog", "nonsense"],
    ] {
        let run = crossover(usage);
        assert_eq!(run.code, 2, "{usage:?}: {}", run.stderr);
        assert!(!run.stderr.is_empty(), "{usage:?}");
    }
    for (unusable, path, hint) in [
        (&["plan", "--set", "workload.token_per_day=5M"][..], "workload.token_per_day", "workload.tokens_per_day"),
        (&["plan", "--set", "workload.tokens_per_day=1,5M"], "workload.tokens_per_day", "1.5"),
        (&["plan", "--set", "people.run_fte=NaN"], "people.run_fte", "0.5 FTE"),
        (&["plan", "--set", "model.quantization=fp9"], "model.quantization", "fp8"),
        (&["plan", "--set", "model.id=lama-3.3-70b"], "model.id", "Llama-3.3-70B"),
        (&["plan", "--set", "workload=5M"], "workload: is not a field", "its fields are workload.tokens_per_day"),
        (&["plan", "--set", "workload.=5M"], "workload.: is not a field", "its fields are workload.tokens_per_day"),
        (&["plan", "--set", "steps=5"], "steps: is a number, not a list\n", "list of objects"),
        (&["plan", "no-such-file.json"], "no-such-file.json", "No such file"),
    ] {
        let run = crossover(unusable);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{unusable:?}");
        assert!(run.stderr.contains(path) && run.stderr.contains(hint), "{}", run.stderr);
    }
}

#[test]
fn links_and_files_that_are_too_large_are_refused() {
    let link = format!("#v=1&title={}", "x".repeat(9000));
    let run = crossover(&["plan", &link]);
    assert!(run.code == 1 && run.stderr.contains("9010 bytes"), "{}", run.stderr);
    let run = fed(&["plan", "-"], &format!("{{\"title\": \"{}\"}}", "x".repeat(2_000_000)));
    assert!(run.code == 1 && run.stderr.contains("more than the 1048576"), "{}", run.stderr);
    let run = fed(&["plan", "-"], &"[".repeat(100_000));
    assert!(run.code == 1 && run.stderr.contains("recursion limit"), "{}", run.stderr);
}

#[test]
fn an_expectation_decides_the_exit_code() {
    let met = crossover(&["plan", "--draws", "0", "--expect", "verdict=stay_on_api", "--expect", "version=1"]);
    assert_eq!(met.code, 0, "{}", met.stderr);
    let missed = crossover(&["plan", "--draws", "0", "--expect", "verdict=self_host"]);
    assert_eq!(missed.code, 1);
    assert!(
        missed.stderr.contains("expected advice.verdict to be self_host, but it is stay_on_api"),
        "{}",
        missed.stderr
    );
    assert!(!missed.stdout.is_empty(), "the answer is given all the same");
}

#[test]
fn a_stream_answers_every_line_in_order_and_survives_bad_ones() {
    let lines = [
        r#"{"workload": {"tokens_per_day": "10M"}}"#,
        "not json",
        r#"{"model": {"id": "nobody/knows"}}"#,
        "",
        r#"{"workload": {"tokens_per_day": NaN}}"#,
        "#v=1&tokens=20M",
        "#v=9&tokens=20M",
        "[]",
        r#"{"workload": {"tokens_per_day": "30M"}}"#,
    ];
    let run = fed(&["plan", "--stream", "--draws", "0"], &(lines.join("\n") + "\n"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let answers: Vec<Value> = run.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(answers.len(), lines.len());
    let link = |i: usize| answers[i]["scenario_link"].as_str();
    assert_eq!(
        (link(0), link(5), link(8)),
        (Some("#v=1&tokens=10M"), Some("#v=1&tokens=20M"), Some("#v=1&tokens=30M"))
    );
    for (i, path) in [(1, "scenario"), (2, "model.id"), (3, "scenario"), (6, "link"), (7, "scenario")] {
        assert_eq!(answers[i]["error"]["path"], path, "{}", answers[i]);
        assert!(["message", "hint"].iter().all(|k| !answers[i]["error"][k].as_str().unwrap().is_empty()));
    }
    assert!(answers[0].get("curves").is_none(), "pictures are not streamed");
    assert_eq!(answers[4]["warnings"][0]["path"], "workload.tokens_per_day");
}

#[test]
fn a_stream_of_many_lines_keeps_its_order() {
    let volumes: Vec<u64> = (1..=999).map(|i| 1_000_000 + i).collect();
    let input: String = volumes.iter().map(|v| format!("{{\"workload\":{{\"tokens_per_day\":{v}}}}}\n")).collect();
    let start = Instant::now();
    let run = fed(&["plan", "--stream", "--draws", "0"], &input);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    let links: Vec<String> = run
        .stdout
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap()["scenario_link"].as_str().unwrap().to_string())
        .collect();
    let wanted: Vec<String> = volumes.iter().map(|v| format!("#v=1&tokens={v}")).collect();
    assert!(links == wanted, "{:?}", links.iter().zip(&wanted).find(|(a, b)| a != b));
}

#[test]
fn a_stream_answers_a_line_before_the_next_one_comes() {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(env!("CARGO_BIN_EXE_crossover"))
        .args(["plan", "--stream", "--draws", "0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for volume in ["10M", "20M"] {
        writeln!(stdin, "{{\"workload\":{{\"tokens_per_day\":\"{volume}\"}}}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("#v=1&tokens={volume}")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_crossover"))
        .args(["catalog", "api-prices", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(out.stderr).unwrap(), "");
    assert_eq!(out.status.code(), Some(0));
}

#[test]
fn facts_are_listed_and_in_order() {
    for (what, row) in [
        ("models", "meta-llama/Llama-3.3-70B-Instruct"),
        ("accelerators", "h100-sxm"),
        ("gpu-prices", "h100-sxm"),
        ("api-prices", "groq/gpt-oss-120b"),
        ("defaults", "workload.tokens_per_day"),
        ("presets", "70b-for-200-people"),
    ] {
        let run = crossover(&["catalog", what]);
        assert!(run.code == 0 && run.stdout.contains(row), "{what}: {}", run.stderr);
        let rows = crossover(&["catalog", what, "--format", "json"]).json();
        assert!(rows.as_array().is_some_and(|r| !r.is_empty()), "{what}");
    }
    let check = crossover(&["catalog", "check"]);
    assert_eq!(check.code, 0, "{}", check.stderr);
}

#[test]
fn pictures_and_exports_are_written() {
    let folder = std::env::temp_dir().join(format!("crossover-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for panel in ["verdict", "break-even", "projection", "memory", "cost", "speed", "tornado"] {
        let file = folder.join(format!("{panel}.svg"));
        let run = crossover(&["chart", "--panel", panel, "--theme", "dark", "--output", file.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{panel}: {}", run.stderr);
        let svg = std::fs::read_to_string(&file).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{panel}");
        let picture = |name: &str| {
            let file = folder.join(name);
            let run = crossover(&["chart", "--panel", panel, "--scale", "1", "--output", file.to_str().unwrap()]);
            assert_eq!(run.code, 0, "{panel}: {}", run.stderr);
            std::fs::read(&file).unwrap()
        };
        let (once, again) = (picture("once.png"), picture("again.PNG"));
        assert!(once.starts_with(b"\x89PNG\r\n\x1a\n") && once == again, "{panel}");
        assert_eq!(once[16..24], [0, 0, 3, 192, 0, 0, 2, 28], "960 by 540 pixels");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let launch = crossover(&["export", "--as", "vllm", "--set", "tp=4"]);
    assert!(launch.code == 0 && launch.stdout.contains("--tensor-parallel-size 4"), "{}", launch.stdout);
}

/// What is written from a page's link names that page, as the page's own files do; the plan itself is the same anywhere.
#[test]
fn files_name_the_page_that_their_link_is_of() {
    let link = "https://example.org/a/#v=1&tokens=200M";
    let first = |arguments: &[&str]| crossover(arguments).stdout.lines().take(3).collect::<Vec<_>>().join("\n");
    assert!(first(&["export", link, "--as", "litellm", "--draws", "0"]).starts_with(&format!("# {link}\n")));
    assert!(
        first(&["export", "#v=1&tokens=200M", "--as", "litellm", "--draws", "0"]).starts_with("# #v=1&tokens=200M\n")
    );
    let report = crossover(&["plan", link, "--format", "markdown", "--draws", "0"]).stdout;
    assert!(report.contains(&format!("Scenario: `{link}`")), "{report}");
}
