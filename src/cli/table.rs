//! Aligned tables of text.

use crate::visible::visible;

/// Rows of cells under a heading; numbers align right.
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// A table whose columns are named; a name that starts with `>` aligns its column right.
    pub fn new(columns: &[&str]) -> Self {
        Self {
            right: columns.iter().map(|c| c.starts_with('>')).collect(),
            rows: vec![columns.iter().map(|c| c.trim_start_matches('>').to_string()).collect()],
        }
    }

    /// Add a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|c| visible(&c)).collect());
    }

    /// Whether there is nothing below the heading.
    pub fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// The table as lines, two spaces between columns, each line indented.
    pub fn render(&self, indent: usize) -> String {
        let columns = self.right.len();
        let width = |c: usize| self.rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for row in self.rows.iter().filter(|r| r.iter().any(|c| !c.is_empty())) {
            let mut line = " ".repeat(indent);
            for ((cell, width), right) in row.iter().zip(&widths).zip(&self.right) {
                let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
                line.push_str(&if *right { pad + cell } else { cell.clone() + &pad });
                line.push_str("  ");
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}
