//! The page's truth: one scenario, the plan derived from it, and the scenarios before and after it.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::timing::{Debounce, now};
use crate::catalog::Catalog;
use crate::engine::{Effort, Plan, Unplannable, plan_with};
use crate::scenario::{Scenario, Warning};

/// Rest after the last change before the uncertainty is drawn, ms.
const SETTLE_MS: u32 = 140;
/// Changes of the same field within this time are one step of undo, ms.
const SAME_STROKE_MS: f64 = 1200.0;
/// Steps of undo kept.
const DEPTH: usize = 200;

/// A plan with its uncertainty, and the scenario it answers.
#[derive(Debug, Clone, PartialEq)]
struct Settled {
    scenario: Scenario,
    plan: Arc<Plan>,
}

/// Scenarios to go back and forward to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    past: Vec<Scenario>,
    future: Vec<Scenario>,
    stroke: Option<(&'static str, f64)>,
}

impl History {
    /// Remember `before`, unless the same field is still being moved.
    fn record(&mut self, field: &'static str, before: Scenario, at: f64) {
        let same = self.stroke.is_some_and(|(f, t)| f == field && at - t < SAME_STROKE_MS);
        if !same {
            self.past.push(before);
            if self.past.len() > DEPTH {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.stroke = Some((field, at));
    }

    /// Whether there is a step to go back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step to go forward.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

/// Everything the views read. Signals only, so it is copied freely.
#[derive(Clone, Copy)]
pub struct App {
    /// The facts.
    pub catalog: &'static Catalog,
    /// The question.
    pub scenario: RwSignal<Scenario>,
    /// The answer to it; without uncertainty while something moves.
    pub plan: Memo<Result<Arc<Plan>, Unplannable>>,
    /// The last good answer.
    pub shown: Memo<Option<Arc<Plan>>>,
    /// The last answer that came to rest, with its uncertainty.
    pub rested: Memo<Option<Arc<Plan>>>,
    /// Undo and redo.
    pub history: RwSignal<History>,
    /// Counts the times the scenario was replaced as a whole; drafts of text older than that are dropped.
    pub epoch: RwSignal<u32>,
    /// What was wrong with the link the page was opened with, and that link.
    pub link_trouble: RwSignal<Option<(String, Vec<Warning>)>>,
    /// Fields whose text cannot be read at the moment.
    pub wrong: RwSignal<BTreeSet<&'static str>>,
    /// A word of confirmation for the reader and the screen reader.
    pub notice: RwSignal<String>,
    settled: RwSignal<Option<Arc<Settled>>>,
}

impl App {
    /// Start with the defaults.
    pub fn new(catalog: &'static Catalog) -> Self {
        let scenario = RwSignal::new(Scenario::default());
        let settled = RwSignal::new(None::<Arc<Settled>>);
        let plan = Memo::new(move |_| {
            let s = scenario.get();
            match settled.get() {
                Some(rest) if rest.scenario == s => Ok(rest.plan.clone()),
                _ => plan_with(&s, catalog, Effort { draws: 0 }).map(Arc::new),
            }
        });
        let shown = Memo::new(move |before: Option<&Option<Arc<Plan>>>| match plan.get() {
            Ok(plan) => Some(plan),
            Err(_) => before.cloned().flatten(),
        });
        let rested = Memo::new(move |_| settled.get().map(|s| s.plan.clone()));
        Self {
            catalog,
            scenario,
            plan,
            shown,
            rested,
            history: RwSignal::new(History::default()),
            epoch: RwSignal::new(0),
            link_trouble: RwSignal::new(None),
            wrong: RwSignal::new(BTreeSet::new()),
            notice: RwSignal::new(String::new()),
            settled,
        }
    }

    /// Draw the uncertainty whenever the scenario has come to rest.
    pub fn keep_settled(self) {
        let rest = Debounce::default();
        Effect::new(move |first: Option<()>| {
            self.scenario.track();
            let delay = if first.is_none() { 30 } else { SETTLE_MS };
            rest.after(delay, move || self.settle());
        });
    }

    fn settle(self) {
        let scenario = self.scenario.get_untracked();
        if let Ok(plan) = plan_with(&scenario, self.catalog, Effort::default()) {
            self.settled.set(Some(Arc::new(Settled { scenario, plan: Arc::new(plan) })));
        }
    }

    /// Whether what is shown is the whole answer to the scenario as it stands, or why there is none.
    pub fn at_rest(self) -> bool {
        let whole = self.settled.with(|rest| rest.as_ref().is_some_and(|r| self.scenario.with(|s| r.scenario == *s)));
        whole || self.plan.with(Result::is_err)
    }

    /// Change the scenario; `field` names what is changed, so that one drag is one step of undo.
    pub fn edit(self, field: &'static str, change: impl FnOnce(&mut Scenario)) {
        let before = self.scenario.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.history.update(|h| h.record(field, before, now()));
            self.link_trouble.set(None);
            self.scenario.set(after);
        }
    }

    /// Replace the scenario as a whole, as a step of undo.
    pub fn replace(self, field: &'static str, scenario: Scenario) {
        self.edit(field, |s| *s = scenario);
        self.history.update(|h| h.stroke = None);
        self.drop_drafts();
    }

    /// Note whether a field's text can be read.
    pub fn mark(self, field: &'static str, wrong: bool) {
        if self.wrong.with_untracked(|all| all.contains(field)) != wrong {
            self.wrong.update(|all| {
                if wrong {
                    all.insert(field)
                } else {
                    all.remove(field)
                };
            });
        }
    }

    /// Drop every text that is being typed: the scenario was replaced under it.
    pub fn drop_drafts(self) {
        self.epoch.update(|e| *e += 1);
        self.wrong.set(BTreeSet::new());
    }

    /// Go one step back.
    pub fn undo(self) {
        self.step(|h, current| {
            let before = h.past.pop()?;
            h.future.push(current);
            Some(before)
        });
    }

    /// Go one step forward.
    pub fn redo(self) {
        self.step(|h, current| {
            let after = h.future.pop()?;
            h.past.push(current);
            Some(after)
        });
    }

    fn step(self, turn: impl FnOnce(&mut History, Scenario) -> Option<Scenario>) {
        let current = self.scenario.get_untracked();
        let mut history = self.history.get_untracked();
        if let Some(other) = turn(&mut history, current) {
            history.stroke = None;
            self.history.set(history);
            self.scenario.set(other);
            self.drop_drafts();
        }
    }

    /// Say something short for a moment.
    pub fn say(self, words: &str) {
        self.notice.set(words.to_string());
        let said = words.to_string();
        super::timing::later(4000, move || {
            if self.notice.get_untracked() == said {
                self.notice.set(String::new());
            }
        });
    }
}

/// Close what floats when the reader clicks elsewhere or presses Escape.
pub fn close_floating() {
    let close = |keep: Option<web_sys::Node>| {
        let Ok(open) = document().query_selector_all("details.note[open], details.questions[open]") else { return };
        for i in 0..open.length() {
            let Some(node) = open.get(i) else { continue };
            let inside = keep.as_ref().is_some_and(|k| node.contains(Some(k)));
            if let (false, Ok(details)) = (inside, node.dyn_into::<web_sys::HtmlDetailsElement>()) {
                details.set_open(false);
            }
        }
    };
    let click = window_event_listener(leptos::ev::click, move |e| {
        close(e.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok()));
    });
    let key = window_event_listener(leptos::ev::keydown, move |e| {
        if e.key() == "Escape" {
            close(None);
        }
    });
    on_cleanup(move || {
        click.remove();
        key.remove();
    });
}

/// The app of the page.
pub fn app() -> App {
    expect_context::<App>()
}

/// Undo with Ctrl+Z, redo with Ctrl+Y or Ctrl+Shift+Z (Cmd on a Mac); inside a text box the browser's own undo stays.
pub fn listen_for_undo(app: App) {
    let handle = window_event_listener(leptos::ev::keydown, move |e| {
        if !(e.ctrl_key() || e.meta_key()) || e.alt_key() || in_text(&e) {
            return;
        }
        match (e.key().to_ascii_lowercase().as_str(), e.shift_key()) {
            ("z", false) => app.undo(),
            ("y", false) | ("z", true) => app.redo(),
            _ => return,
        }
        e.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

fn in_text(e: &web_sys::KeyboardEvent) -> bool {
    let element = e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    element.is_some_and(|i| !matches!(i.type_().as_str(), "range" | "checkbox" | "radio"))
}
