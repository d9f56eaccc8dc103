//! Parts of the page that are built after it is there, each in a task of its own, so that no task is long: what is in
//! sight at once, in reading order; what lies below every first screen when its place comes near or when the reader has
//! first touched the page, in that order too, so that nothing moves that is there already; what is folded away when it is
//! opened, after that first touch (a search of the browser then finds it), or for paper.

use std::collections::VecDeque;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

use super::timing::soon;

/// What a reader does first. Until then nobody can miss what is folded away.
const TOUCHES: [&str; 8] = ["pointermove", "pointerdown", "touchstart", "wheel", "scroll", "keydown", "focusin", NEAR];
/// Said to the page where the end of what is built comes near without a touch: on a very tall screen.
const NEAR: &str = "crossover:near";
/// How near, as a margin around the window.
const MARGIN: &str = "400px";
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
    /// Whether all of them were asked for at once; those that come with another then do not wait either.
    whole: StoredValue<bool>,
    /// Parts that wait while turns are given.
    waiting: RwSignal<usize>,
}

impl Queue {
    fn new(open: bool) -> Self {
        Self {
            parts: StoredValue::new(VecDeque::new()),
            open: StoredValue::new(open),
            going: StoredValue::new(false),
            whole: StoredValue::new(false),
            waiting: RwSignal::new(0),
        }
    }

    fn push(self) -> Wanted {
        let whole = self.whole.get_value();
        let wanted = Wanted(RwSignal::new(whole));
        if !whole {
            self.parts.update_value(|all| all.push_back(wanted));
            self.go_on();
        }
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
        self.whole.set_value(true);
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
    below: Queue,
    folded: Queue,
}

impl Parts {
    /// Begin to give turns.
    pub fn new() -> Self {
        let parts = Self { seen: Queue::new(true), below: Queue::new(false), folded: Queue::new(false) };
        parts.wait_for_touch();
        parts
    }

    /// Whether every part that is due is built.
    pub fn built(self) -> bool {
        [self.seen, self.below, self.folded].into_iter().all(|queue| queue.waiting.get() == 0)
    }

    /// Build what lies below the first screen, now.
    fn build(self) {
        self.seen.all();
        self.below.all();
    }

    /// Build everything, now: for paper.
    pub fn build_all(self) {
        self.build();
        self.folded.all();
    }

    /// Go somewhere once everything above it is built, so that it stays there.
    pub fn then(self, go: impl FnOnce() + 'static) {
        leptos::task::spawn_local(async move {
            if rest_is_there().await {
                self.build();
            }
            // What was asked for stands on the page after this task.
            soon(go);
        });
    }

    /// At the first touch, once the rest of the program is there, what waits for it gets its turns; where it does not come,
    /// the next touch asks again.
    fn wait_for_touch(self) {
        let touched = StoredValue::new(false);
        for event in TOUCHES {
            let handle = window_event_listener_untyped(event, move |_| {
                if !touched.get_value() {
                    touched.set_value(true);
                    leptos::task::spawn_local(async move {
                        match rest_is_there().await {
                            true => {
                                self.below.open();
                                self.folded.open();
                            }
                            false => touched.set_value(false),
                        }
                    });
                }
            });
            on_cleanup(move || handle.remove());
        }
    }
}

/// Waits for the rest of the program, which the same touch has asked for. A page in one part has no promise and is
/// whole.
async fn rest_is_there() -> bool {
    let promise = js_sys::Reflect::get(&window(), &REST.into()).ok();
    match promise.and_then(|p| p.dyn_into::<js_sys::Promise>().ok()) {
        Some(promise) => JsFuture::from(promise).await.is_ok_and(|there| there.is_truthy()),
        None => true,
    }
}

/// Where what is built of the answer ends.
#[component]
pub fn End() -> impl IntoView {
    let end = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let Some(end) = end.get() else { return };
        let seen = Closure::<dyn Fn(js_sys::Array)>::new(|entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            let near = last.dyn_into::<web_sys::IntersectionObserverEntry>().is_ok_and(|e| e.is_intersecting());
            if let (true, Ok(event)) = (near, web_sys::Event::new(NEAR)) {
                // Nobody cancels it.
                let _ = window().dispatch_event(&event);
            }
        });
        let around = web_sys::IntersectionObserverInit::new();
        around.set_root_margin(MARGIN);
        if let Ok(observer) = web_sys::IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &around) {
            observer.observe(&end);
        }
        seen.forget();
    });
    view! { <div node_ref=end></div> }
}

/// All of them.
pub fn all() -> Parts {
    expect_context()
}

/// The turn of a part in sight.
pub fn in_turn() -> Wanted {
    all().seen.push()
}

/// The turn of a part below every first screen.
pub fn below() -> Wanted {
    all().below.push()
}

/// The turn of a part that is folded away; whoever opens it sets it.
pub fn folded() -> Wanted {
    all().folded.push()
}
