//! A place in the text of a formula, with the words that formulas and expressions share.

use crate::formula::FormulaError;

/// What is left of a text to read. Blanks before a word don't count.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// Parentheses and signs within each other, so that no text exhausts the stack.
const DEEPEST: usize = 100;

impl<'a> Cursor<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// What is left, from the next word on.
    pub(crate) fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    /// The place in bytes, for [`Self::since`].
    pub(crate) fn place(&mut self) -> usize {
        self.rest();
        self.at
    }

    /// The text from a place to here, with every run of blanks as one.
    pub(crate) fn since(&self, place: usize) -> String {
        let words = self.text[place..self.at].split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn eat(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    /// Passes over a word, unless a longer word begins with it.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let after = self.rest().strip_prefix(word);
        let found = after.is_some_and(|after| !after.starts_with(is_of_a_name));
        if found {
            self.at += word.len();
        }
        found
    }

    pub(crate) fn expect(&mut self, symbol: &str) -> Result<(), FormulaError> {
        if self.eat(symbol) {
            return Ok(());
        }
        Err(self.error(format!("expected `{symbol}`")))
    }

    /// Reads something that may contain its like.
    pub(crate) fn within<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, FormulaError>,
    ) -> Result<T, FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("too many parentheses within each other"));
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    pub(crate) fn error(&self, what: impl Into<String>) -> FormulaError {
        FormulaError::Syntax {
            formula: self.text.to_owned(),
            column: self.text[..self.at].chars().count() + 1,
            what: what.into(),
        }
    }

    pub(crate) fn end(&mut self, expected: &str) -> Result<(), FormulaError> {
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(self.error(format!("expected {expected}")))
    }

    /// Whether a column's name comes next.
    pub(crate) fn is_at_name(&mut self) -> bool {
        let first = self.rest().chars().next();
        first.is_some_and(|c| c == '`' || is_of_a_name(c) && !c.is_ascii_digit() && c != '.')
    }

    /// A column's name; backquotes allow any character in it.
    pub(crate) fn name(&mut self) -> Result<String, FormulaError> {
        let rest = self.rest();
        if let Some(quoted) = rest.strip_prefix('`') {
            if let Some((name, _)) = quoted.split_once('`') {
                self.at += name.len() + 2;
                return Ok(name.to_owned());
            }
            return Err(self.error("the backquote is not closed"));
        }
        if !self.is_at_name() {
            return Err(self.error("expected the name of a column"));
        }
        let length = rest.find(|c| !is_of_a_name(c)).unwrap_or(rest.len());
        self.at += length;
        Ok(rest[..length].to_owned())
    }

    /// A number without a sign, if one comes next.
    pub(crate) fn number(&mut self) -> Option<f64> {
        let rest = self.rest();
        let digits = |text: &str| text.len() - text.trim_start_matches(is_digit).len();
        let mut length = digits(rest);
        // `1..5` is a span, not the number `1.` and then `.5`.
        if let Some(after) = rest[length..].strip_prefix('.')
            && digits(after) > 0
        {
            length += 1 + digits(after);
        }
        if length == 0 {
            return None;
        }
        if let Some(after) = rest[length..].strip_prefix(['e', 'E']) {
            let sign = usize::from(after.starts_with(['+', '-']));
            if digits(&after[sign..]) > 0 {
                length += 1 + sign + digits(&after[sign..]);
            }
        }
        let number = rest[..length].parse().ok()?;
        self.at += length;
        Some(number)
    }

    /// A text in quotes, if one comes next.
    pub(crate) fn quoted(&mut self) -> Result<Option<String>, FormulaError> {
        let rest = self.rest();
        for quote in ['"', '\''] {
            if let Some(quoted) = rest.strip_prefix(quote) {
                let Some((text, _)) = quoted.split_once(quote) else {
                    return Err(self.error("the quote is not closed"));
                };
                self.at += text.len() + 2;
                return Ok(Some(text.to_owned()));
            }
        }
        Ok(None)
    }

    /// A level of a column as written, with or without quotes.
    pub(crate) fn level(&mut self) -> Result<String, FormulaError> {
        if let Some(text) = self.quoted()? {
            return Ok(text);
        }
        let rest = self.rest();
        let length = rest.find([',', ')', '}', ']', ':']).unwrap_or(rest.len());
        let level = rest[..length].trim();
        if level.is_empty() {
            return Err(self.error("expected a level"));
        }
        self.at += length;
        Ok(level.to_owned())
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
