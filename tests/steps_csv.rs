//! The table of steps: read from what people paste (separators, quotes, other words for columns), refused whole with row
//! and column where a cell cannot be used, and the same steps after writing and reading again. Regression: a name of nothing but
//! control characters came out empty, and was another name when read again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crossover::quantity::Range;
use crossover::scenario::steps_csv::{MAX_BYTES, MAX_PROBLEMS, read, write};
use crossover::scenario::{Place, QualityTier, Step, document};

const HOSTILE: &str = "=cmd|' /C calc'!A1 \"q\" $(touch x) `id`, a; b | 'c'";

fn places(text: &str) -> Vec<String> {
    read(text).unwrap_err().into_iter().map(|e| e.place).collect()
}

#[test]
fn what_a_spreadsheet_copies_is_read() {
    let steps = read("Step\tCalls per day\tTokens in\tTokens out\tIn house\tQuality tier\nRoute\t200k\t400\t10\t\tany\nRead\t150,000\t3k\t200\tx\t\n").unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!((steps[0].name.as_str(), steps[0].calls_per_day.likely), ("Route", 200_000.0));
    assert_eq!((steps[0].quality, steps[0].data_residency), (QualityTier::Any, false));
    assert_eq!((steps[1].calls_per_day.likely, steps[1].input_tokens.likely), (150_000.0, 3_000.0));
    assert!(steps[1].data_residency, "an x means yes");
    assert_eq!(steps[1].quality, Step::default().quality, "an empty cell keeps the default");
}

#[test]
fn separators_quotes_and_line_ends_do_not_matter() {
    let comma = read("name,calls,in\n\"a, \"\"b\"\"\nc\",10,20\n").unwrap();
    let semicolon = read("\u{feff}name;calls;in\r\n\"a, \"\"b\"\"\nc\";10;20\r\n\r\n").unwrap();
    assert_eq!(comma, semicolon);
    assert_eq!(comma[0].input_tokens, Range::point(20.0));
    let ranges = read("name,calls,in\nx,5k..20k,\"500..800..2000\"\n").unwrap();
    assert_eq!((ranges[0].calls_per_day.low, ranges[0].input_tokens.likely), (5_000.0, 800.0));
}

#[test]
fn every_problem_is_named_with_its_row_and_column() {
    let text = "name,calls,in,quality\nA,10,many,any\nB,-3,20,best\nC,10,20,any,surplus\n";
    assert_eq!(places(text), ["row 2, column in", "row 3, column calls", "row 3, column quality", "row 4, column 5"]);
    assert_eq!(places("name,calls,nme\nA,1,2"), ["row 1, column 3"]);
    assert_eq!(places("name,calls,requests\nA,1,2"), ["row 1, column 3"]);
    assert_eq!(places("name,in\nA,1"), ["row 1"], "calls are needed");
    assert_eq!(places(""), ["table"]);
    assert_eq!(places("name,calls\n"), ["table"], "no rows");
    assert_eq!(places("name,calls\n\"A,1\n"), ["row 2, column 1"], "a quote that never closes");
    assert_eq!(places("name,calls\n\"A\"x,1\n"), ["row 2, column 1"], "text behind a closing quote");
    assert!(read("name,calls\nA,10\nB,x\n").is_err(), "nothing is read of a table with a problem");
    assert!(read("name,calls\nA,x\n").unwrap_err().iter().all(|e| !e.message.is_empty() && !e.hint.is_empty()));
}

#[test]
fn tables_have_limits() {
    let rows = |n: usize| format!("name,calls\n{}", "A,1\n".repeat(n));
    assert_eq!(read(&rows(document::MAX_ITEMS)).unwrap().len(), document::MAX_ITEMS);
    assert_eq!(places(&rows(document::MAX_ITEMS + 1)), [format!("row {}", document::MAX_ITEMS + 2)]);
    assert_eq!(places(&"x".repeat(MAX_BYTES + 1)), ["table"]);
    assert_eq!(places(&format!("name,calls\n{}", "A,x\n".repeat(60))).len(), MAX_PROBLEMS + 1);
    assert!(read(&format!("name,calls{}\nA,1", ",".repeat(100))).is_err());
}

#[test]
fn written_and_read_again_it_is_the_same() {
    let p = Range::point;
    let steps = vec![
        Step { name: HOSTILE.into(), ..Step::default() },
        Step { name: "-2+3".into(), calls_per_day: Range { low: 1.0, likely: 2.5, high: 1e6 }, ..Step::default() },
        Step {
            name: "small first".into(),
            cached_input_share: p(0.123_456_789),
            quality: QualityTier::Frontier,
            data_residency: true,
            fine_tuned: true,
            ttft_p95_ms: Some(p(750.0)),
            api: Some("groq/gpt-oss-20b".into()),
            model: Some("openai/gpt-oss-20b".into()),
            escalated_share: Some(p(0.2)),
            first_model: Some("Qwen/Qwen3-8B".into()),
            first_api: Some("groq/gpt-oss-20b".into()),
            place: Place::SelfHosted,
            ..Step::default()
        },
    ];
    let text = write(&steps);
    assert_eq!(read(&text).unwrap(), steps, "{text}");
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let cells: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&cells[0][0], format!("'{HOSTILE}"), "a spreadsheet must not run it");
    assert_eq!(&cells[1][0], "'-2+3");
}

#[test]
fn a_table_from_the_terminal_replaces_the_steps() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("steps-csv");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("steps.csv");
    std::fs::write(&file, "name,calls,in,out,quality\nRoute,200k,400,10,any\n").unwrap();
    let run = |file: &std::path::Path| {
        let program = env!("CARGO_BIN_EXE_crossover");
        let arguments = ["export", "--as", "steps-csv", "--steps"];
        std::process::Command::new(program).args(arguments).arg(file).output().unwrap()
    };
    let out = run(&file);
    let text = String::from_utf8(out.stdout).unwrap();
    let expected = Step {
        name: "Route".into(),
        calls_per_day: Range::point(200_000.0),
        input_tokens: Range::point(400.0),
        output_tokens: Range::point(10.0),
        quality: QualityTier::Any,
        ..Step::default()
    };
    assert_eq!(read(&text).unwrap(), [expected]);
    std::fs::write(&file, "name,calls\nRoute,lots\n").unwrap();
    let out = run(&file);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("row 2, column calls"));
}

#[test]
fn a_name_of_control_characters_is_a_blank_cell() {
    for name in ["\u{0}", "\u{1}\u{2}", "\" \n\u{7f} \""] {
        let steps = read(&format!("name,calls_per_day\n{name},5\n")).unwrap();
        assert_eq!(steps[0].name, "Step 1", "{name:?}");
        assert_eq!(read(&write(&steps)), Ok(steps));
    }
}
