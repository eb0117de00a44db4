//! Which union would hold: the tables, the lattice, the words and the page.
//!
//! Made of a [`BlocsAnswer`] alone, for the command line and for pages alike: [`tables`] gives what
//! is read, [`files`] what is written, [`words`](fn@words) the answer in sentences, [`lattice()`] the picture
//! and [`Answered`] all of it as a page, as files and as JSON.

mod answered;
mod lattice;
mod levels;
mod page;
mod sentences;
mod several;
mod single;

use acquis_blocs::Coalition;
use acquis_scenario::{BlocsAnswer, BlocsVerdict, Candidate, Economy};

use crate::column::Unit;
use crate::table::{Table, TableError};

pub use answered::Answered;
pub use lattice::lattice;
pub use sentences::words;

/// The tables to read, in order.
///
/// # Errors
/// A figure that is not finite.
pub fn tables(economy: &Economy, answer: &BlocsAnswer) -> Result<Vec<Table>, TableError> {
    match &answer.verdict {
        BlocsVerdict::Single(verdicts) => single::tables(economy, answer, verdicts),
        BlocsVerdict::Several(verdict) => several::tables(economy, answer, verdict),
        BlocsVerdict::Levels(verdict) => levels::tables(economy, answer, verdict),
    }
}

/// The tables to keep: those to read, and every bloc where there are not too many.
///
/// # Errors
/// A figure that is not finite.
pub fn files(economy: &Economy, answer: &BlocsAnswer) -> Result<Vec<Table>, TableError> {
    let mut tables = tables(economy, answer)?;
    if let BlocsVerdict::Single(verdicts) = &answer.verdict
        && answer.candidates.len() <= MOST_IN_FULL
    {
        tables.push(single::every_bloc(economy, answer, verdicts)?);
    }
    Ok(tables)
}

/// Every bloc of so many candidates is written out: 65,519 of 16.
const MOST_IN_FULL: usize = 16;

/// Codes of the members, as files have them: "BLR KAZ RUS".
pub(crate) fn codes(bloc: Coalition, candidates: &[Candidate]) -> String {
    let codes: Vec<&str> = bloc
        .players()
        .filter_map(|player| candidates.get(player.position()))
        .map(|candidate| candidate.code.as_str())
        .collect();
    codes.join(" ")
}

/// The members for a reader: codes, or who is missing where few are.
pub(crate) fn short(bloc: Coalition, candidates: &[Candidate]) -> String {
    let missing = candidates.len() - bloc.len();
    let everybody = Coalition::first(candidates.len()).unwrap_or_default();
    let others = Coalition::from_mask(everybody.mask() & !bloc.mask());
    match (bloc.len(), missing) {
        (0, _) => "nobody".to_owned(),
        (_, 0) if candidates.len() > 3 => format!("all {}", candidates.len()),
        (inside, 1 | 2) if inside > 4 => {
            format!("all but {}", codes(others, candidates).replace(' ', ", "))
        }
        _ => codes(bloc, candidates).replace(' ', ", "),
    }
}

/// Names of the members: "Belarus, Kazakhstan and Russia", or who is missing where few are.
pub(crate) fn names(bloc: Coalition, candidates: &[Candidate]) -> String {
    let everybody = Coalition::first(candidates.len()).unwrap_or_default();
    let others = Coalition::from_mask(everybody.mask() & !bloc.mask());
    match (bloc.len(), others.len()) {
        (inside, 0) if inside > 4 => format!("all {inside} candidates"),
        (inside, missing) if missing > 0 && missing <= 2 && inside > 4 => {
            format!("all candidates but {}", listed(others, candidates))
        }
        _ => listed(bloc, candidates),
    }
}

fn listed(bloc: Coalition, candidates: &[Candidate]) -> String {
    let names: Vec<&str> = bloc
        .players()
        .filter_map(|player| candidates.get(player.position()))
        .map(|candidate| candidate.name.as_str())
        .collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

pub(crate) fn unit(economy: &Economy) -> Unit {
    Unit::from(economy.card.unit.as_str())
}

/// How many decimals tell amounts of this size apart.
pub(crate) fn decimals_for(amounts: impl Iterator<Item = f64>) -> usize {
    let largest = amounts.fold(0.0_f64, |largest, amount| largest.max(amount.abs()));
    if largest >= 1.0 { 1 } else { 3 }
}
