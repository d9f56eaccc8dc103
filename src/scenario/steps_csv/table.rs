//! Separated text as rows of cells, and a cell as text that no spreadsheet runs.

use super::TableError;

/// Most columns of a table.
const MAX_COLUMNS: usize = 64;
/// Characters that make a spreadsheet read a cell as a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table; each row with its number, the first line being 1. Lines with nothing in them are left out.
pub(super) struct Table {
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Read it. The separator is the one of tab, semicolon and comma that the first line has most of.
    pub(super) fn read(text: &str) -> Result<Self, TableError> {
        let text = text.trim_start_matches('\u{feff}');
        let separator = separator(text);
        let mut reader = Reader { rows: Vec::new(), cells: Vec::new(), cell: String::new(), number: 1 };
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if reader.cell.trim().is_empty() => {
                    reader.cell.clear();
                    quoted(&mut chars, &mut reader)?;
                    while chars.next_if(|c| *c == ' ').is_some() {}
                    if chars.peek().is_some_and(|c| *c != separator && !matches!(c, '\n' | '\r')) {
                        return Err(reader.error("has text behind its closing quote", "double a quote inside quotes"));
                    }
                }
                c if c == separator => reader.end_cell()?,
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' => reader.end_row()?,
                c => reader.cell.push(c),
            }
        }
        reader.end_row()?;
        Ok(Self { rows: reader.rows })
    }
}

fn separator(text: &str) -> char {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    // Of equal counts the last counts, so that a line without any is comma separated.
    ['\t', ';', ','].into_iter().max_by_key(|c| count(*c)).unwrap_or(',')
}

struct Reader {
    rows: Vec<(usize, Vec<String>)>,
    cells: Vec<String>,
    cell: String,
    number: usize,
}

impl Reader {
    fn error(&self, message: &str, hint: &str) -> TableError {
        TableError::new(format!("row {}, column {}", self.number, self.cells.len() + 1), message, hint)
    }

    fn end_cell(&mut self) -> Result<(), TableError> {
        if self.cells.len() == MAX_COLUMNS {
            return Err(self.error("is one column more than a table has", "paste the table of steps alone"));
        }
        self.cells.push(bare(std::mem::take(&mut self.cell)));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), TableError> {
        self.end_cell()?;
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|c| !c.trim().is_empty()) {
            self.rows.push((self.number, cells));
        }
        self.number += 1;
        Ok(())
    }
}

/// Read up to the closing quote; a doubled quote is a quote.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars>, reader: &mut Reader) -> Result<(), TableError> {
    while let Some(c) = chars.next() {
        match c {
            '"' if chars.next_if_eq(&'"').is_some() => reader.cell.push('"'),
            '"' => return Ok(()),
            c => reader.cell.push(c),
        }
    }
    Err(reader.error("has a quote that never closes", "close it, or double a quote that belongs to the text"))
}

/// Without the apostrophe that keeps a spreadsheet from running a cell.
fn bare(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest.to_string(),
        _ => text,
    }
}

/// A cell as it is written: an apostrophe in front of what a spreadsheet would run, quotes where needed.
pub(super) fn cell(text: &str) -> String {
    let risky = text.starts_with(FORMULA) && text.parse::<f64>().is_err();
    let safe = if risky { format!("'{text}") } else { text.to_string() };
    let plain = !safe.contains([',', ';', '\t', '"', '\n', '\r']) && safe.trim() == safe;
    if plain { safe } else { format!("\"{}\"", safe.replace('"', "\"\"")) }
}
