//! Parts of the page that are built after it is there, each in a task of its own, so that no task is long: what is in
//! sight at once, in reading order; what is folded away when it is opened, when the reader has first touched the page (a
//! search of the browser then finds it), or for paper.

use std::collections::VecDeque;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::timing::soon;

/// What a reader does first. Until then nobody can miss what is folded away.
const TOUCHES: [&str; 7] = ["pointermove", "pointerdown", "touchstart", "wheel", "scroll", "keydown", "focusin"];
/// Property of the window under which the loader of the rest of the program leaves its promise; true once that is there.
const REST: &str = "crossoverRest";

/// Whether a part is to be built.
#[derive(Clone, Copy)]
pub struct Wanted(RwSignal<bool>);

impl Wanted {
    /// Whether it is, followed.
    pub fn get(self) -> bool {
        self.0.get()
    }

    /// Build it, once: a part that is asked for again keeps what was typed into it. One that was taken off the page
    /// meanwhile needs nothing.
    pub fn want(self) {
        if self.0.try_get_untracked() == Some(false) {
            self.0.set(true);
        }
    }
}

/// Parts that wait for their turn.
#[derive(Clone, Copy)]
struct Queue {
    parts: StoredValue<VecDeque<Wanted>>,
    /// Whether turns are given; and whether the next one is on its way.
    open: StoredValue<bool>,
    going: StoredValue<bool>,
    /// Parts that wait while turns are given.
    waiting: RwSignal<usize>,
}

impl Queue {
    fn new(open: bool) -> Self {
        Self {
            parts: StoredValue::new(VecDeque::new()),
            open: StoredValue::new(open),
            going: StoredValue::new(false),
            waiting: RwSignal::new(0),
        }
    }

    fn push(self) -> Wanted {
        let wanted = Wanted(RwSignal::new(false));
        self.parts.update_value(|all| all.push_back(wanted));
        self.go_on();
        wanted
    }

    fn open(self) {
        self.open.set_value(true);
        self.go_on();
    }

    /// Give the next turn in a task of its own.
    fn go_on(self) {
        let left = self.parts.with_value(VecDeque::len);
        if self.open.get_value() {
            self.waiting.set(left);
        }
        if left > 0 && self.open.get_value() && !self.going.get_value() {
            self.going.set_value(true);
            soon(move || {
                self.going.set_value(false);
                self.give_turn();
                self.go_on();
            });
        }
    }

    fn give_turn(self) {
        if let Some(next) = self.parts.try_update_value(VecDeque::pop_front).flatten() {
            next.want();
        }
    }

    fn all(self) {
        while self.parts.with_value(|all| !all.is_empty()) {
            self.give_turn();
        }
        self.go_on();
    }
}

/// Parts of the page that wait for their turn.
#[derive(Clone, Copy)]
pub struct Parts {
    seen: Queue,
    folded: Queue,
}

impl Parts {
    /// Begin to give turns.
    pub fn new() -> Self {
        let parts = Self { seen: Queue::new(true), folded: Queue::new(false) };
        parts.wait_for_touch();
        let paper = window_event_listener_untyped("beforeprint", move |_| {
            parts.seen.all();
            parts.folded.all();
        });
        on_cleanup(move || paper.remove());
        parts
    }

    /// Whether every part that is due is built.
    pub fn built(self) -> bool {
        self.seen.waiting.get() == 0 && self.folded.waiting.get() == 0
    }

    /// At the first touch, once the rest of the program is there, what is folded away gets its turns.
    fn wait_for_touch(self) {
        let touched = StoredValue::new(false);
        for event in TOUCHES {
            let handle = window_event_listener_untyped(event, move |_| {
                if !touched.get_value() {
                    touched.set_value(true);
                    leptos::task::spawn_local(async move {
                        if rest_is_there().await {
                            self.folded.open();
                        }
                    });
                }
            });
            on_cleanup(move || handle.remove());
        }
    }
}

/// Waits for the rest of the program, which the same touch has asked for. A page in one part has no promise and is
/// whole; where the rest does not come, whoever opens something asks again.
async fn rest_is_there() -> bool {
    let promise = js_sys::Reflect::get(&window(), &REST.into()).ok();
    match promise.and_then(|p| p.dyn_into::<js_sys::Promise>().ok()) {
        Some(promise) => JsFuture::from(promise).await.is_ok_and(|there| there.is_truthy()),
        None => true,
    }
}

/// The turn of a part in sight.
pub fn in_turn() -> Wanted {
    expect_context::<Parts>().seen.push()
}

/// The turn of a part that is folded away; whoever opens it sets it.
pub fn folded() -> Wanted {
    expect_context::<Parts>().folded.push()
}
