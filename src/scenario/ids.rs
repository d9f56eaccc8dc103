//! Ids as the catalog spells them.

use super::Scenario;
use super::field::{Field, Kind, TextSource};
use super::fields::{STEP_FIELDS, fields};
use crate::catalog::Catalog;
use std::borrow::Cow;

/// Replace every id of the scenario by the catalog's spelling of it: a model's short name by its full id, upper case by
/// lower case. Ids that the catalog does not have stay as they are, for the planner to name.
pub fn canonical_ids(scenario: &mut Scenario, catalog: &Catalog) {
    for field in fields() {
        canonical(field, scenario, catalog);
    }
    for step in &mut scenario.steps {
        for field in STEP_FIELDS {
            canonical(field, step, catalog);
        }
    }
}

fn canonical<T>(field: &Field<T>, document: &mut T, catalog: &Catalog) {
    let Kind::Text(text) = &field.kind else { return };
    let Some(id) = (text.get)(document) else { return };
    let known = match text.source {
        TextSource::Free => return,
        TextSource::Models => catalog.model(id).map(|m| Cow::from(&m.id)),
        TextSource::Accelerators => catalog.accelerator(id).map(|a| Cow::from(&a.id)),
        TextSource::ApiPrices => catalog.api_price(id).map(|p| Cow::from(&p.id)),
        TextSource::Offers => catalog.offer_name(id).map(Cow::from),
    };
    if let Some(known) = known.filter(|k| *k != id) {
        (text.set)(document, Some(known.into_owned()));
    }
}
