//! A concordance: which of the economy's codes become which code of a coarser division.

use std::collections::BTreeMap;

use acquis_registry::nearest;

use crate::codes::Codes;
use crate::error::{EconomyError, Location};
use crate::table::{Column, LongTable};

/// Codes and the codes they become.
///
/// As a table: the column `from` (else the first column), the column `to` (else `region`,
/// `country` or `sector`, else the second column), and a column for names called after the
/// second, such as `to_name` or `region_name`, which need not be there.
#[derive(Debug, Clone)]
pub struct Concordance {
    entries: Vec<Entry>,
    groups: Codes,
    names: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
struct Entry {
    from: String,
    to: usize,
    at: Option<Location>,
}

impl Concordance {
    /// Every code becomes itself.
    pub fn identity<'c>(codes: impl IntoIterator<Item = &'c str>) -> Self {
        let groups = Codes::of("group", codes);
        let entries = groups.order().iter().enumerate().map(|(to, from)| Entry {
            from: from.clone(),
            to,
            at: None,
        });
        Self {
            entries: entries.collect(),
            names: BTreeMap::new(),
            groups,
        }
    }

    /// Reads a table. Groups come in the order in which the table first names them.
    ///
    /// # Errors
    /// A table without two columns, a code that comes twice, and a code that becomes nothing.
    pub fn read(table: &LongTable) -> Result<Self, EconomyError> {
        let (from, to, name) = columns(table)?;
        let mut concordance = Self {
            entries: Vec::with_capacity(table.len()),
            groups: Codes::new("group"),
            names: BTreeMap::new(),
        };
        let mut seen = Codes::new("code");
        for row in 0..table.len() {
            let code = table.text(row, from);
            let group = table.text(row, to);
            if seen.get(&code).is_some() {
                return Err(EconomyError::Duplicate {
                    at: table.at(row, from),
                    what: "group",
                    cell: code.into_owned(),
                });
            }
            seen.add(&code);
            if group.is_empty() {
                return Err(table.wrong(row, to, "a code"));
            }
            if let Some(name) = name {
                let name = table.text(row, name);
                if !name.is_empty() {
                    let known = concordance.names.entry(group.to_string());
                    known.or_insert_with(|| name.into_owned());
                }
            }
            concordance.entries.push(Entry {
                to: concordance.groups.add(&group),
                from: code.into_owned(),
                at: Some(table.at(row, from)),
            });
        }
        Ok(concordance)
    }

    /// The codes of the groups.
    pub fn groups(&self) -> &[String] {
        self.groups.order()
    }

    /// The name that the table gives to a group.
    pub fn name_of(&self, group: &str) -> Option<&str> {
        self.names.get(group).map(String::as_str)
    }

    /// The group of each code.
    ///
    /// # Errors
    /// A code that the concordance has and the economy has not, or the other way round.
    pub(crate) fn groups_of(
        &self,
        what: &'static str,
        codes: &[String],
    ) -> Result<Vec<usize>, EconomyError> {
        let known = Codes::of(what, codes.iter().map(String::as_str));
        let mut groups = vec![None; codes.len()];
        for entry in &self.entries {
            let at = || entry.at.clone().unwrap_or(Location::File("".into()));
            groups[known.find(&entry.from, at)?] = Some(entry.to);
        }
        let missing = groups.iter().position(Option::is_none);
        match missing {
            None => Ok(groups.into_iter().flatten().collect()),
            Some(first) => Err(EconomyError::NoGroup {
                what,
                code: codes[first].clone(),
                missing: groups.iter().filter(|group| group.is_none()).count(),
                nearest: nearest(
                    &codes[first],
                    self.entries.iter().map(|entry| entry.from.as_str()),
                ),
            }),
        }
    }
}

fn columns(table: &LongTable) -> Result<(Column, Column, Option<Column>), EconomyError> {
    let missing = |column: &str| EconomyError::MissingColumn {
        at: table.at_header(),
        column: column.to_owned(),
        nearest: None,
    };
    let from = match table.find("from")? {
        Some(from) => from,
        None => table.column_at(0)?.ok_or_else(|| missing("from"))?,
    };
    let mut to = None;
    for usual in ["to", "region", "country", "sector"] {
        to = to.or(table.find(usual)?.filter(|column| *column != from));
    }
    let to = match to {
        Some(to) => to,
        None => table.column_at(1)?.ok_or_else(|| missing("to"))?,
    };
    let name = table.find(&format!("{}_name", table.name_of(to)))?;
    Ok((from, to, name))
}
