//! Reads a TOML document table by table, so that every mistake is reported at its place:
//! a missing key at its table, an unknown key with the nearest known one, a value of the
//! wrong type with the type that was expected. Packs and scenarios are read with it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::date::{DateError, EdtfDate};
use crate::finding::{Finding, Findings, Lint, Place, SourceText, nearest_above};

/// A value with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// A word of a closed list, such as a stage or a rank, as it is written in files.
pub trait Word: Sized + Copy + 'static {
    /// What the list is called in a message ("a stage").
    const WHAT: &'static str;
    /// Every word of the list.
    const ALL: &'static [Self];
    /// The word as it is written.
    fn word(self) -> &'static str;
    /// The word of the list that is written so.
    fn from_word(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.word() == text)
    }
}

/// Reads the whole text and hands its top table to `decode`; mistakes go to `findings`.
pub fn read<T>(
    file: &Arc<SourceText>,
    findings: &mut Findings,
    decode: impl FnOnce(&mut Fields<'_>, &mut Findings) -> T,
) -> Option<T> {
    let table = match DeTable::parse(&file.text) {
        Ok(table) => table,
        Err(error) => {
            let place = Place {
                file: Arc::clone(file),
                span: error.span().unwrap_or(0..0),
            };
            let message = error.message().replace('\n', "; ");
            findings.push(Finding::error(Lint::Format, Some(place), message));
            return None;
        }
    };
    let mut fields = Fields::new(file, table.get_ref(), table.span(), "this file");
    let value = decode(&mut fields, findings);
    fields.finish(findings);
    Some(value)
}

/// The keys of one table. Each key that is asked for is allowed; the reader of the document
/// reports the others.
pub struct Fields<'d> {
    file: &'d Arc<SourceText>,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    what: &'static str,
    asked: BTreeSet<&'static str>,
    keys_are_names: bool,
    /// Whether something that decides what else is read could not be read. The keys that
    /// nobody asked for then prove nothing: one mistake is reported once.
    incomplete: bool,
}

impl<'d> Fields<'d> {
    fn new(
        file: &'d Arc<SourceText>,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        what: &'static str,
    ) -> Self {
        Self {
            file,
            table,
            span,
            what,
            asked: BTreeSet::new(),
            keys_are_names: false,
            incomplete: false,
        }
    }

    /// Allows keys without reading them: for tables of which a part could not be read, so
    /// that one mistake does not make the keys beside it unknown.
    pub fn allow(&mut self, keys: &[&'static str]) {
        self.asked.extend(keys);
    }

    /// Where the table stands.
    pub fn place(&self) -> Place {
        self.place_of(self.span.clone())
    }

    /// Whether the table has the key.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The place of a key's value, or of the table if the key is not there.
    pub fn place_at(&self, key: &str) -> Place {
        self.table
            .get(key)
            .map_or_else(|| self.place(), |value| self.place_of(value.span()))
    }

    /// A text, if the key is there.
    pub fn text(&mut self, key: &'static str, findings: &mut Findings) -> Option<Placed<String>> {
        let value = self.value(key)?;
        self.as_text(key, value, findings)
    }

    /// A text that must be there and not be empty.
    pub fn required_text(
        &mut self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Placed<String>> {
        self.require(key, findings)?;
        let Some(text) = self.text(key, findings) else {
            self.incomplete = true;
            return None;
        };
        if text.value.trim().is_empty() {
            self.incomplete = true;
            findings.push(Finding::error(
                Lint::Format,
                Some(text.place),
                format!("{key} of {} is empty", self.what),
            ));
            return None;
        }
        Some(text)
    }

    /// A list of texts; empty if the key is not there.
    pub fn texts(&mut self, key: &'static str, findings: &mut Findings) -> Vec<Placed<String>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of texts", findings);
            return Vec::new();
        };
        array
            .iter()
            .filter_map(|item| self.as_text(key, item, findings))
            .collect()
    }

    /// One text or a list of texts; empty if the key is not there.
    pub fn text_or_texts(
        &mut self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Vec<Placed<String>> {
        let is_list = self
            .value(key)
            .is_some_and(|value| value.get_ref().is_array());
        if is_list {
            self.texts(key, findings)
        } else {
            self.text(key, findings).into_iter().collect()
        }
    }

    /// A whole number, if the key is there.
    pub fn whole_number(
        &mut self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Placed<i64>> {
        let value = self.value(key)?;
        let whole = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            _ => None,
        };
        let Some(value_read) = whole else {
            self.wrong_type(key, value, "a whole number", findings);
            return None;
        };
        Some(Placed {
            value: value_read,
            place: self.place_of(value.span()),
        })
    }

    /// Whether the key holds a text.
    pub fn is_text(&self, key: &str) -> bool {
        self.table
            .get(key)
            .is_some_and(|value| value.get_ref().as_str().is_some())
    }

    /// A date, if the key is there.
    pub fn date(&mut self, key: &'static str, findings: &mut Findings) -> Option<Placed<EdtfDate>> {
        if let Some(value) = self.value(key)
            && value.get_ref().is_datetime()
        {
            let finding = Finding::error(
                Lint::Date,
                Some(self.place_of(value.span())),
                format!(
                    "{key} is a bare date; dates are texts here, because a bare one can't be a year alone"
                ),
            );
            findings.push(finding.expecting("the date in quotes"));
            return None;
        }
        let text = self.text(key, findings)?;
        match text.value.parse() {
            Ok(value) => Some(Placed {
                value,
                place: text.place,
            }),
            Err(error) => {
                findings.push(
                    Finding::error(Lint::Date, Some(text.place), format!("{key}: {error}"))
                        .expecting(DateError::EXPECTED),
                );
                None
            }
        }
    }

    /// A word of a closed list, if the key is there.
    pub fn word<W: Word>(&mut self, key: &'static str, findings: &mut Findings) -> Option<W> {
        let text = self.text(key, findings)?;
        let word = parse_word(&text, findings);
        self.incomplete |= word.is_none();
        word
    }

    /// A list of words of a closed list.
    pub fn words<W: Word>(&mut self, key: &'static str, findings: &mut Findings) -> Vec<W> {
        self.texts(key, findings)
            .iter()
            .filter_map(|text| parse_word(text, findings))
            .collect()
    }

    /// A truth value; `false` if the key is not there.
    pub fn flag(&mut self, key: &'static str, findings: &mut Findings) -> bool {
        let Some(value) = self.value(key) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, value, "true or false", findings);
            false
        })
    }

    /// A finite number, if the key is there.
    pub fn number(&mut self, key: &'static str, findings: &mut Findings) -> Option<Placed<f64>> {
        let value = self.value(key)?;
        self.as_number(key, value, findings)
    }

    /// Every key of a table whose keys are names, with a finite number each, in the order
    /// of the file. Keys that were asked for are left out.
    pub fn numbers_by_name(&mut self, findings: &mut Findings) -> Vec<(Placed<String>, f64)> {
        self.by_name(|fields, key, value| Some(fields.as_number(key, value, findings)?.value))
    }

    /// Every key of a table whose keys are names, with a text each, in the order of the
    /// file. Keys that were asked for are left out.
    pub fn texts_by_name(&mut self, findings: &mut Findings) -> Vec<(Placed<String>, String)> {
        self.by_name(|fields, key, value| Some(fields.as_text(key, value, findings)?.value))
    }

    fn by_name<T>(
        &mut self,
        mut read: impl FnMut(&Self, &str, &Spanned<DeValue<'_>>) -> Option<T>,
    ) -> Vec<(Placed<String>, T)> {
        self.keys_are_names = true;
        let mut entries: Vec<_> = self
            .table
            .iter()
            .filter(|(key, _)| !self.asked.contains(key.get_ref().as_ref()))
            .collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .filter_map(|(key, value)| {
                let read = read(self, key.get_ref(), value)?;
                let name = Placed {
                    value: key.get_ref().to_string(),
                    place: self.place_of(key.span()),
                };
                Some((name, read))
            })
            .collect()
    }

    /// One table under the key.
    pub fn table<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        findings: &mut Findings,
        decode: impl FnOnce(&mut Fields<'_>, &mut Findings) -> T,
    ) -> Option<T> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table", findings);
            return None;
        };
        let mut fields = Fields::new(self.file, table, value.span(), what);
        let decoded = decode(&mut fields, findings);
        fields.finish(findings);
        Some(decoded)
    }

    /// The tables of a list: `[[key]]`, or inline tables in brackets.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        findings: &mut Findings,
        mut decode: impl FnMut(&mut Fields<'_>, &mut Findings) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of tables", findings);
            return Vec::new();
        };
        let mut decoded = Vec::with_capacity(array.len());
        for item in array {
            let Some(table) = item.get_ref().as_table() else {
                self.wrong_type(key, item, "a table", findings);
                continue;
            };
            let mut fields = Fields::new(self.file, table, item.span(), what);
            decoded.extend(decode(&mut fields, findings));
            fields.finish(findings);
        }
        decoded
    }

    /// Reports a key that must be there and is not.
    pub fn require(&mut self, key: &'static str, findings: &mut Findings) -> Option<()> {
        if self.has(key) {
            return Some(());
        }
        self.asked.insert(key);
        self.incomplete = true;
        // A key that is misspelt is missing under its right name: point at what is written.
        let mut others: Vec<_> = self
            .table
            .keys()
            .filter(|other| !self.asked.contains(other.get_ref().as_ref()))
            .collect();
        others.sort_by_key(|other| other.span().start);
        let written = nearest_above(
            0.9,
            key,
            others.iter().map(|other| other.get_ref().as_ref()),
        );
        let misspelt = others
            .into_iter()
            .find(|other| written.as_deref() == Some(other.get_ref().as_ref()));
        let finding = match misspelt {
            Some(other) => Finding::error(
                Lint::Format,
                Some(self.place_of(other.span())),
                format!("{} has no key {:?}", self.what, other.get_ref()),
            )
            .near(key, [key]),
            None => Finding::error(
                Lint::Format,
                Some(self.place()),
                format!("{} has no {key}", self.what),
            ),
        };
        findings.push(finding);
        None
    }

    /// Reports the keys that nobody asked for.
    fn finish(self, findings: &mut Findings) {
        if self.keys_are_names || self.incomplete {
            return;
        }
        let mut unknown: Vec<_> = self
            .table
            .keys()
            .filter(|key| !self.asked.contains(key.get_ref().as_ref()))
            .collect();
        unknown.sort_by_key(|key| key.span().start);
        for key in unknown {
            let name = key.get_ref().as_ref();
            let known: Vec<&str> = self.asked.iter().copied().collect();
            findings.push(
                Finding::error(
                    Lint::Format,
                    Some(self.place_of(key.span())),
                    format!("{} has no key {name:?}", self.what),
                )
                .expecting(format!("one of {}", known.join(", ")))
                .near(name, known),
            );
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.asked.insert(key);
        self.table.get(key)
    }

    fn as_text(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        findings: &mut Findings,
    ) -> Option<Placed<String>> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a text in quotes", findings);
            return None;
        };
        Some(Placed {
            value: text.to_owned(),
            place: self.place_of(value.span()),
        })
    }

    fn as_number(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        findings: &mut Findings,
    ) -> Option<Placed<f64>> {
        let parsed: Option<f64> = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => {
                self.wrong_type(key, value, "a number", findings);
                return None;
            }
        };
        let place = self.place_of(value.span());
        let number = parsed.filter(|number| number.is_finite());
        if number.is_none() {
            findings.push(
                Finding::error(
                    Lint::Number,
                    Some(place.clone()),
                    format!("{key} is not a finite number"),
                )
                .expecting("a finite number"),
            );
        }
        number.map(|value| Placed { value, place })
    }

    fn wrong_type(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &str,
        findings: &mut Findings,
    ) {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(self.place_of(value.span())),
                format!(
                    "{key} of {} is of type {}",
                    self.what,
                    value.get_ref().type_str()
                ),
            )
            .expecting(expected),
        );
    }

    fn place_of(&self, span: Range<usize>) -> Place {
        Place {
            file: Arc::clone(self.file),
            span,
        }
    }
}

fn parse_word<W: Word>(text: &Placed<String>, findings: &mut Findings) -> Option<W> {
    let word = W::from_word(&text.value);
    if word.is_none() {
        let words: Vec<&str> = W::ALL.iter().map(|word| word.word()).collect();
        findings.push(
            Finding::error(
                Lint::Word,
                Some(text.place.clone()),
                format!("{:?} is not {}", text.value, W::WHAT),
            )
            .expecting(format!("one of {}", words.join(", ")))
            .near(&text.value, words),
        );
    }
    word
}
