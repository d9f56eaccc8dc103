//! Yes or no.

use leptos::prelude::*;

use super::note::Head;
use super::{Row, control_id};
use crate::app::state::app;
use crate::scenario::Scenario;
use crate::scenario::field::Flag;

#[component]
pub fn FlagField(field: Row, flag: &'static Flag<Scenario>) -> impl IntoView {
    let app = app();
    let on = Memo::new(move |_| app.seen.with(|s| (flag.get)(s)));
    view! {
        <div class="field flag">
            <Head field />
            <input
                type="checkbox"
                id=control_id(field)
                prop:checked=move || on.get()
                on:input:target=move |e| {
                    let checked = e.target().checked();
                    app.edit(field.path, |s| (flag.set)(s, checked));
                }
            />
        </div>
    }
}
