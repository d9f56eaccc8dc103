//! A table of the answer as the page shows it.

use leptos::prelude::*;

use crate::app::state::App;
use crate::chart::Table;

/// The table in a region that scrolls where it is too wide, amounts in the reader's currency.
pub fn scrolling(app: App, table: &Table, label: String) -> impl IntoView + use<> {
    let head = table.head.iter().map(|h| view! { <th scope="col">{h.clone()}</th> }).collect_view();
    let row = |cells: &Vec<String>| {
        let mut cells = cells.iter().map(|c| app.money(c));
        view! { <tr><th scope="row">{cells.next()}</th>{cells.map(|c| view! { <td>{c}</td> }).collect_view()}</tr> }
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
