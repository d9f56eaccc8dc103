//! Timers and frames in one place: whatever is asked for again before it runs, runs once.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use leptos::prelude::{GetValue, StoredValue, UpdateValue, request_animation_frame};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

/// Runs what was last asked for, after a rest.
#[derive(Clone, Default)]
pub struct Debounce(Rc<RefCell<Option<Timeout>>>);

impl Debounce {
    /// Run `work` after `ms` milliseconds, unless asked again before.
    pub fn after(&self, ms: u32, work: impl FnOnce() + 'static) {
        *self.0.borrow_mut() = Some(Timeout::new(ms, work));
    }
}

/// Runs at most once per frame.
#[derive(Clone, Default)]
pub struct NextFrame(Rc<RefCell<Option<Work>>>);

impl NextFrame {
    /// Run `work` in time for the next frame; asked again before that, it does nothing. It runs at once after what is under
    /// way, so that less is left to do in the frame, or in the frame where that comes first, as it does after a pointer moved.
    pub fn run(&self, work: impl FnOnce() + 'static) {
        if self.0.borrow_mut().replace(Box::new(work)).is_some() {
            return;
        }
        let (now, frame) = (self.clone(), self.clone());
        soon(move || now.take_turn());
        request_animation_frame(move || frame.take_turn());
    }

    /// One function for both: which of them comes first depends on the machine, and the record of what a first view runs
    /// (scripts/split) must hold on every one.
    #[inline(never)]
    fn take_turn(&self) {
        let work = self.0.borrow_mut().take();
        if let Some(work) = work {
            work();
        }
    }
}

/// Numbers what is begun, so that it knows when it ends whether something else was begun since.
#[derive(Clone, Copy)]
pub struct Latest(StoredValue<u32>);

impl Default for Latest {
    fn default() -> Self {
        Self(StoredValue::new(0))
    }
}

impl Latest {
    /// The number of what is begun now.
    pub fn begin(self) -> u32 {
        self.0
            .try_update_value(|n| {
                *n += 1;
                *n
            })
            .unwrap_or_default()
    }

    /// Whether nothing was begun after `number`, and the part of the page that counts is still there.
    pub fn is_latest(self, number: u32) -> bool {
        self.0.try_get_value() == Some(number)
    }
}

/// Run once after `ms` milliseconds.
pub fn later(ms: u32, work: impl FnOnce() + 'static) {
    Timeout::new(ms, work).forget();
}

type Work = Box<dyn FnOnce()>;

/// Tasks that come as soon as the browser has done what is more urgent. Timers would do, but from the fifth in a row on
/// each waits 4 ms.
struct Turns {
    /// A message sent here is a task over there; nothing where the browser has no channels.
    port: Option<web_sys::MessagePort>,
    work: RefCell<VecDeque<Work>>,
}

thread_local! {
    static TURNS: Turns = Turns { port: channel(), work: RefCell::default() };
}

fn channel() -> Option<web_sys::MessagePort> {
    let channel = web_sys::MessageChannel::new().ok()?;
    let told = Closure::<dyn Fn()>::new(|| {
        if let Some(work) = TURNS.with(|t| t.work.borrow_mut().pop_front()) {
            work();
        }
    });
    channel.port1().set_onmessage(Some(told.as_ref().unchecked_ref()));
    told.forget();
    Some(channel.port2())
}

/// Run in a task of its own, after those asked for before.
pub fn soon(work: impl FnOnce() + 'static) {
    TURNS.with(|turns| match &turns.port {
        Some(port) => {
            turns.work.borrow_mut().push_back(Box::new(work));
            // A message without content always goes.
            let _ = port.post_message(&JsValue::NULL);
        }
        None => later(0, work),
    });
}

/// Lay the page out before the next frame asks for it, where there is time until then.
pub fn lay_out_soon() {
    soon(|| {
        // A height can only be told once everything has its place.
        let _ = leptos::prelude::document().body().map(|body| body.offset_height());
    });
}

/// Today where the reader is, ISO 8601.
pub fn today() -> String {
    let day = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", day.get_full_year(), day.get_month() + 1, day.get_date())
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}
