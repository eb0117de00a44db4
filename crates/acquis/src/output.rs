//! The one place that prints.

use std::io::{IsTerminal as _, Write as _};

use acquis_law::Proof;
use acquis_report::{Table, TerminalStyle, terminal};
use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use serde_json::Value;

use crate::failure::Failure;

/// Text on standard output that carries no table is wrapped at this width.
const PROSE_WIDTH: usize = 92;

/// Prints lines as they are.
pub(crate) fn lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    for line in lines {
        writeln!(out, "{}", line.as_ref())?;
    }
    Ok(())
}

/// Prints a heading, bold where the terminal shows it.
pub(crate) fn heading(text: &str) -> Result<(), Failure> {
    let bold = Style::new().bold();
    lines([format!("{bold}{text}{bold:#}")])
}

/// Prints a paragraph, wrapped.
pub(crate) fn prose(text: &str) -> Result<(), Failure> {
    lines(wrapped(text, prose_width(), 0))
}

/// Prints an item of a list, wrapped, with its further lines set in.
pub(crate) fn item(text: &str) -> Result<(), Failure> {
    lines(wrapped(text, prose_width(), 2))
}

fn prose_width() -> usize {
    width().unwrap_or(PROSE_WIDTH).min(PROSE_WIDTH)
}

/// Prints a table for people.
pub(crate) fn table(table: &Table) -> Result<(), Failure> {
    let style = TerminalStyle {
        width: width(),
        colour: AutoStream::choice(&std::io::stdout()) != ColorChoice::Never,
        unicode: true,
    };
    lines([terminal::render(table, style).trim_end()])
}

/// Prints proofs as indented lines under a heading.
pub(crate) fn why(proofs: impl IntoIterator<Item = Proof>) -> Result<(), Failure> {
    lines([""])?;
    heading("Why")?;
    for proof in proofs {
        lines(proof.lines())?;
    }
    Ok(())
}

/// Prints JSON for programs.
pub(crate) fn json(value: &Value) -> Result<(), Failure> {
    lines([serde_json::to_string_pretty(value)?])
}

/// Writes bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Whether standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

fn width() -> Option<usize> {
    if !is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Words on lines of at most `width` characters; the indent of the text is kept, and
/// further lines are set in by `hang` more.
fn wrapped(text: &str, width: usize, hang: usize) -> Vec<String> {
    let indent: String = text.chars().take_while(|letter| *letter == ' ').collect();
    let mut lines = Vec::new();
    let mut line = indent.clone();
    for word in text.split_whitespace() {
        let length = line.chars().count() + word.chars().count();
        if length >= width && line.trim() != "" {
            lines.push(line.trim_end().to_owned());
            line = format!("{indent}{}", " ".repeat(hang));
        }
        line.push_str(word);
        line.push(' ');
    }
    lines.push(line.trim_end().to_owned());
    lines
}
