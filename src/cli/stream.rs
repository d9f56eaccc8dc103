//! `crossover plan --stream`: one scenario a line in, one Plan or error a line out, in the same order.
//!
//! Lines are planned in batches on every core; a bad line is answered like any other and never stops the stream. The
//! samples that only pictures need (`curves`) are left out: they are four fifths of a Plan's text.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde_json::json;

use super::args::PlanArgs;
use super::{CliError, input, output, plan};
use crate::catalog::Catalog;
use crate::engine::Plan;
use crate::engine::curves::Curves;
use crate::scenario::document::MAX_BYTES;

/// Draws a line unless `--draws` says otherwise.
const DRAWS: u32 = 256;
/// Lines read before they are planned together.
const BATCH: usize = 256;

/// Answer standard input line by line.
pub fn run(args: &PlanArgs, catalog: &Catalog) -> Result<(), CliError> {
    if !args.scenario.set.is_empty() {
        return Err(CliError::Usage("--set has no effect on a stream; set the fields in its lines".into()));
    }
    let draws = args.scenario.draws.unwrap_or(DRAWS);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut reader = BufReader::with_capacity(1 << 20, io::stdin().lock());
    let mut out = output::stdout();
    loop {
        let lines = batch(&mut reader)?;
        if lines.is_empty() {
            return Ok(out.flush()?);
        }
        for answer in answers(&lines, catalog, draws, workers) {
            out.write_all(answer.as_bytes())?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
    }
}

/// A line, or why it cannot be read.
type Line = Result<String, CliError>;

/// The next lines: those that are there without waiting for more than the first, up to [`BATCH`] of them; none at the
/// end of the input. So a program that writes one line and waits for its answer gets it.
fn batch<R: Read>(reader: &mut BufReader<R>) -> Result<Vec<Line>, CliError> {
    let mut lines = Vec::new();
    while lines.len() < BATCH && (lines.is_empty() || !reader.buffer().is_empty()) {
        match line(reader)? {
            Some(line) => lines.push(line),
            None => break,
        }
    }
    Ok(lines)
}

/// One line without its end; `None` at the end of the input. At most [`MAX_BYTES`] of it are kept.
fn line(reader: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    if reader.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let complete = bytes.last() == Some(&b'\n');
    if !complete && bytes.len() as u64 == limit {
        reader.skip_until(b'\n')?;
        return Ok(Some(Err(unusable(format!("the line has more than {MAX_BYTES} bytes"), "shorten the document"))));
    }
    Ok(Some(String::from_utf8(bytes).map_err(|_| unusable("the line is not UTF-8 text", "write UTF-8"))))
}

fn unusable(message: impl Into<String>, hint: &str) -> CliError {
    CliError::Scenario { path: "scenario".into(), message: message.into(), hint: hint.into() }
}

/// The answers of a batch, in order.
fn answers(lines: &[Line], catalog: &Catalog, draws: u32, workers: usize) -> Vec<String> {
    let share = lines.len().div_ceil(workers).max(1);
    if lines.len() <= 1 {
        return lines.iter().map(|l| answer(l, catalog, draws)).collect();
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = lines
            .chunks(share)
            .map(|part| (part, scope.spawn(move || part.iter().map(|l| answer(l, catalog, draws)).collect::<Vec<_>>())))
            .collect();
        parts
            .into_iter()
            .flat_map(|(part, worker)| worker.join().unwrap_or_else(|_| part.iter().map(|_| broken()).collect()))
            .collect()
    })
}

fn broken() -> String {
    json!({"error": {"path": "scenario", "message": "the planner failed on this batch", "hint": "report the scenario"}})
        .to_string()
}

fn answer(line: &Line, catalog: &Catalog, draws: u32) -> String {
    let planned = match line {
        Ok(text) => input::parse(text, catalog)
            .and_then(|q| plan::answer(&q, catalog, draws))
            .and_then(|p| Ok(serde_json::to_string(&Plan { curves: Curves::default(), ..p })?)),
        Err(e) => return error(e),
    };
    planned.unwrap_or_else(|e| error(&e))
}

fn error(e: &CliError) -> String {
    let (path, message, hint) = match e {
        CliError::Scenario { path, message, hint } => (path.as_str(), message.clone(), hint.as_str()),
        other => ("scenario", other.to_string(), "mend the line"),
    };
    json!({"error": {"path": path, "message": message, "hint": hint}}).to_string()
}
