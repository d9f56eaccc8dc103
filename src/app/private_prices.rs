//! Private prices in this browser: kept under one key with their date, read when the page opens, sent nowhere.

use leptos::prelude::window;

use super::address::open_again;
use super::state::App;
use crate::catalog::Catalog;
use crate::import::prices::private::PrivatePrices;

/// Key of the local storage.
const KEY: &str = "crossover-prices";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The prices in use, if there are any that can be read.
pub fn kept() -> Option<PrivatePrices> {
    let text = storage()?.get_item(KEY).ok().flatten()?;
    PrivatePrices::read(&text).ok()
}

/// Put them in place of the catalog's.
pub fn apply(catalog: &mut Catalog) {
    if let Some(prices) = kept() {
        prices.apply(catalog);
    }
}

/// Use these prices from now on: the page opens again with them, its scenario in the address.
pub fn keep(app: App, prices: &PrivatePrices) -> Result<(), String> {
    let stored = storage().and_then(|s| s.set_item(KEY, &prices.write()).ok());
    if stored.is_none() {
        return Err(
            "This browser keeps nothing for the page; nothing is changed. Plan with a price file in a terminal.".into(),
        );
    }
    open_again(app);
    Ok(())
}

/// Go back to the catalog's prices.
pub fn remove(app: App) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
    open_again(app);
}
