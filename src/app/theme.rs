//! Light, dark, or as the system says; the choice is kept in the browser where storage is allowed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::chart::Theme;

/// Key in the browser's storage.
const KEY: &str = "crossover-theme";

/// What the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Whatever the system says.
    System,
    /// Always this one.
    Always(Theme),
}

impl Choice {
    /// Every choice in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Always(Theme::Light), Self::Always(Theme::Dark)];

    /// What the switch calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "System theme",
            Self::Always(Theme::Light) => "Light theme",
            Self::Always(Theme::Dark) => "Dark theme",
        }
    }

    /// Id in the browser's storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Always(Theme::Light) => "light",
            Self::Always(Theme::Dark) => "dark",
        }
    }

    /// The choice of that name; anything unknown means the system's.
    pub fn of(id: &str) -> Self {
        Theme::from_id(id).map_or(Self::System, Self::Always)
    }
}

/// The reader's choice and the theme it comes to.
#[derive(Clone, Copy)]
pub struct Themes {
    /// The choice.
    pub choice: RwSignal<Choice>,
    /// Whether the system is dark.
    system_dark: RwSignal<bool>,
}

impl Themes {
    /// Read the stored choice, listen to the system, and mark the document.
    pub fn new() -> Self {
        let stored = storage().and_then(|s| s.get_item(KEY).ok().flatten()).unwrap_or_default();
        let themes = Self { choice: RwSignal::new(Choice::of(&stored)), system_dark: RwSignal::new(false) };
        themes.listen();
        Effect::new(move |_| mark(themes.choice.get()));
        themes
    }

    /// A theme that somebody else decides: nothing is read from the browser's storage or written to it.
    pub fn given(choice: Choice) -> Self {
        let themes = Self { choice: RwSignal::new(choice), system_dark: RwSignal::new(false) };
        themes.listen();
        Effect::new(move |_| mark(themes.choice.get()));
        themes
    }

    /// Take the reader's choice; returns whether the browser keeps it for the next visit.
    pub fn choose(self, choice: Choice) -> bool {
        self.choice.set(choice);
        storage().is_some_and(|s| s.set_item(KEY, choice.id()).is_ok())
    }

    /// The theme shown.
    pub fn theme(self) -> Theme {
        match self.choice.get() {
            Choice::Always(theme) => theme,
            Choice::System if self.system_dark.get() => Theme::Dark,
            Choice::System => Theme::Light,
        }
    }

    fn listen(self) {
        let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else { return };
        self.system_dark.set(query.matches());
        let read = query.clone();
        let changed = Closure::<dyn Fn()>::new(move || self.system_dark.set(read.matches()));
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    }
}

fn mark(choice: Choice) {
    let Some(root) = document().document_element() else { return };
    let _ = match choice {
        Choice::System => root.remove_attribute("data-theme"),
        Choice::Always(_) => root.set_attribute("data-theme", choice.id()),
    };
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
