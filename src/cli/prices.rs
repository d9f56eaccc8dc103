//! `crossover prices`: look at a public price list against the catalog, and keep what changed in a private price file.

use std::fs::File;
use std::io::Read;

use super::args::{PriceFetchArgs, PricesArgs, PricesCommand};
use super::table::Table;
use super::{CliError, fetch, output, today};
use crate::catalog::Catalog;
use crate::import::MOST_JSON_BYTES;
use crate::import::prices::diff::{Diff, diff};
use crate::import::prices::private::PrivatePrices;
use crate::import::prices::{MOST_BYTES, Source, answered};

/// Run it.
pub fn run(args: &PricesArgs, catalog: &Catalog) -> Result<(), CliError> {
    match &args.command {
        PricesCommand::Fetch(a) => look(a, catalog),
        PricesCommand::Check(a) => {
            let prices = read(&a.file)?;
            output::write(&format!(
                "{} prices of {} ({}) can be used\n",
                prices.rows.len(),
                prices.as_of,
                prices.source
            ))
        }
    }
}

/// Read a private price file.
pub fn read(path: &str) -> Result<PrivatePrices, CliError> {
    Ok(PrivatePrices::read(&text(path)?)?)
}

fn look(args: &PriceFetchArgs, catalog: &Catalog) -> Result<(), CliError> {
    let source = Source::from_id(&args.from).ok_or_else(|| CliError::Usage("unknown price list".into()))?;
    let day = today::iso();
    let list = match &args.file {
        Some(path) => text(path)?,
        None => {
            let address = source.address(&args.base)?;
            output::complain(&format!("contacting {address}"));
            answered(&address, fetch::get(&address, MOST_BYTES))?
        }
    };
    let found = diff(source.read(&list, &day)?, catalog);
    output::write(&shown(&found))?;
    match &args.output {
        Some(path) if found.is_empty() => {
            output::complain(&format!("nothing would change, so {path} is not written"));
            Ok(())
        }
        Some(path) => {
            let text = found.keep(source, &day).write();
            std::fs::write(path, text).map_err(|e| CliError::File { path: path.clone(), reason: e.to_string() })?;
            output::complain(&format!("written to {path}; plan with it: crossover plan --prices {path}"));
            Ok(())
        }
        None => Ok(()),
    }
}

/// The difference as a table and a sum.
fn shown(found: &Diff) -> String {
    let mut table = Table::new(&["", "row", "price"]);
    for line in found.lines() {
        table.row([line.what.into(), line.id, line.detail]);
    }
    let rows = if table.is_empty() { String::new() } else { table.render(0) + "\n" };
    format!(
        "{rows}{} changed, {} added, {} as in the catalog, {} refused, {} not in the list, {} about something else\n",
        found.changed.len(),
        found.added.len(),
        found.unchanged,
        found.refused.len(),
        found.missing.len(),
        found.left_out
    )
}

/// A text file of a bounded size.
fn text(path: &str) -> Result<String, CliError> {
    let failed = |e: std::io::Error| CliError::File { path: path.into(), reason: e.to_string() };
    let mut out = String::new();
    File::open(path).map_err(failed)?.take(MOST_JSON_BYTES as u64 + 1).read_to_string(&mut out).map_err(failed)?;
    Ok(out)
}
