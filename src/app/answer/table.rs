//! A table of the answer as the page shows it.

use leptos::prelude::*;

use crate::app::state::App;
use crate::chart::Table;

/// Longest text of a figure with its unit, characters; longer ones are sentences that begin with a number.
const LONGEST_FIGURE: usize = 24;

/// Whether a column holds words, which begin at the left; figures end at the right.
fn holds_words(table: &Table, column: usize) -> bool {
    let figure = |cell: &String| {
        let number = cell.trim_start_matches(['$', '-', '\u{2212}', '+']).starts_with(|c: char| c.is_ascii_digit());
        number && cell.chars().count() <= LONGEST_FIGURE
    };
    column == 0 || !table.rows.iter().filter_map(|row| row.get(column)).any(figure)
}

/// The table in a region that scrolls where it is too wide, amounts in the reader's currency.
pub fn scrolling(app: App, table: &Table, label: String) -> impl IntoView + use<> {
    let words: Vec<bool> = (0..table.head.len()).map(|i| holds_words(table, i)).collect();
    let side = |i: usize| if words.get(i).is_none_or(|w| *w) { "words" } else { "" };
    let head = table
        .head
        .iter()
        .enumerate()
        .map(|(i, h)| view! { <th scope="col" class=side(i)>{h.clone()}</th> })
        .collect_view();
    let row = |cells: &Vec<String>| {
        let mut cells = cells.iter().map(|c| app.money(c)).enumerate();
        let name = cells.next().map(|(_, name)| name);
        let rest = cells.map(|(i, c)| view! { <td class=side(i)>{c}</td> }).collect_view();
        view! { <tr><th scope="row">{name}</th>{rest}</tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table>
                <thead><tr>{head}</tr></thead>
                <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
