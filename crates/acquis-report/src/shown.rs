//! How a cell reads: one place decides the words and the tone, terminal and page dress them.

use crate::column::{Column, ColumnKind};
use crate::number::{Signs, change, integer, level, shown_sign};
use crate::table::Cell;
use crate::text::printable;

/// What a reader takes from a cell at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Gain,
    Loss,
    Muted,
}

/// A cell in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

/// What is shown where a figure has no value.
pub(crate) const NO_VALUE: &str = "n/a";

/// The words and the tone of a cell under its column.
pub(crate) fn shown(column: &Column, cell: &Cell, signs: Signs) -> Shown {
    let plain = |text: String| Shown {
        text,
        tone: Tone::Plain,
    };
    match (cell, &column.kind) {
        (Cell::Missing, kind) => Shown {
            text: missing(kind),
            tone: Tone::Muted,
        },
        (Cell::Text(text), ColumnKind::Figure) => {
            plain(printable(text).replace('-', &signs.minus().to_string()))
        }
        (Cell::Text(text), _) => plain(printable(text).into_owned()),
        (Cell::Integer(value), _) => plain(integer(*value, signs)),
        (Cell::Number(value), ColumnKind::Change { decimals }) => Shown {
            text: change(*value, *decimals, signs),
            tone: match shown_sign(*value, *decimals) {
                1 => Tone::Gain,
                -1 => Tone::Loss,
                _ => Tone::Muted,
            },
        },
        (Cell::Number(value), ColumnKind::Share { decimals }) => {
            plain(level(value * 100.0, *decimals, signs))
        }
        (Cell::Number(value), ColumnKind::Number { decimals }) => {
            plain(level(*value, *decimals, signs))
        }
        (Cell::Number(value), _) => plain(level(*value, 2, signs)),
        (Cell::Flag(holds), ColumnKind::Verdict { yes, no, .. }) => verdict(*holds, yes, no),
        (Cell::Flag(true), _) => plain("yes".to_owned()),
        (Cell::Flag(false), _) => Shown {
            text: "no".to_owned(),
            tone: Tone::Muted,
        },
    }
}

/// A word that is missing is left blank; a figure that is missing is said to be.
fn missing(kind: &ColumnKind) -> String {
    match kind {
        ColumnKind::Text | ColumnKind::Figure | ColumnKind::Flag => String::new(),
        ColumnKind::Verdict { neither, .. } => printable(neither).into_owned(),
        _ => NO_VALUE.to_owned(),
    }
}

fn verdict(holds: bool, yes: &str, no: &str) -> Shown {
    if holds {
        Shown {
            text: printable(yes).into_owned(),
            tone: Tone::Gain,
        }
    } else {
        Shown {
            text: printable(no).into_owned(),
            tone: Tone::Loss,
        }
    }
}
