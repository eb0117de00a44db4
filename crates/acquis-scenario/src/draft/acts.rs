//! The acts of a draft: as tables of the file, and as what a click in a matrix means.

use acquis_registry::document::Word as _;
use acquis_registry::{
    ActKind, AdmittedAs, Amendment, Change, EdtfDate, InstitutionId, Participants, Party, Stage,
    StateCode, nearest,
};
use jiff::civil::Date;
use toml_edit::{Array, ArrayOfTables, Item, Table, value};

use super::{ActsOf, Draft, EditError};

impl Draft {
    /// Makes a state a member from a day on. Where the draft had struck its acts, that is
    /// taken back instead.
    ///
    /// # Errors
    /// A file that can't be read as it stands, or no such variant.
    pub fn join(
        &mut self,
        acts: &ActsOf,
        institution: &InstitutionId,
        state: &StateCode,
        on: Date,
    ) -> Result<(), EditError> {
        let party = Party::State(state.clone());
        let on = EdtfDate::day(on);
        let drafted = self.drafted(acts)?;
        let of_institution = |act: &&Amendment| act.institution == *institution;
        if let Some(struck) = position(&drafted, |act| of_institution(&act) && strikes(act, &party))
        {
            return self.take_out(acts, struck, &drafted[struck], &party);
        }
        let same = |act: &Amendment| {
            of_institution(&act)
                && is_accession(act)
                && matches!(&act.change, Change::Add { on: day, .. } if *day == on)
        };
        if let Some(accession) = position(&drafted, same) {
            return self.put_in(acts, accession, &drafted[accession], party);
        }
        self.add(
            acts,
            institution,
            &Change::Add {
                kind: ActKind::Accession(AdmittedAs::Member),
                who: Participants::Listed(vec![party]),
                on,
                stage: None,
            },
        )
    }

    /// Takes a state's acts out of an institution, as if it had never taken part. Where the
    /// draft had made it a member, that is taken back instead.
    ///
    /// # Errors
    /// A file that can't be read as it stands, or no such variant.
    pub fn strike(
        &mut self,
        acts: &ActsOf,
        institution: &InstitutionId,
        state: &StateCode,
    ) -> Result<(), EditError> {
        let party = Party::State(state.clone());
        let drafted = self.drafted(acts)?;
        let of_institution = |act: &&Amendment| act.institution == *institution;
        let joined = |act: &Amendment| {
            of_institution(&act) && is_accession(act) && listed(act).contains(&party)
        };
        if let Some(accession) = position(&drafted, joined) {
            return self.take_out(acts, accession, &drafted[accession], &party);
        }
        let strike = |act: &Amendment| {
            let of_some = matches!(
                &act.change,
                Change::Strike {
                    act: None,
                    who: Participants::Listed(_)
                }
            );
            of_institution(&act) && of_some
        };
        if let Some(strike) = position(&drafted, strike) {
            return self.put_in(acts, strike, &drafted[strike], party);
        }
        self.add(
            acts,
            institution,
            &Change::Strike {
                act: None,
                who: Participants::Listed(vec![party]),
            },
        )
    }

    /// Adds a change to the acts of an institution.
    ///
    /// # Errors
    /// No such variant.
    pub fn add(
        &mut self,
        acts: &ActsOf,
        institution: &InstitutionId,
        change: &Change,
    ) -> Result<(), EditError> {
        self.tables_of(acts)?.push(table(institution, change));
        Ok(())
    }

    /// Takes a change back. `number` is its place among the acts of all or of the variant,
    /// from 0.
    ///
    /// # Errors
    /// No such act or variant.
    pub fn remove_act(&mut self, acts: &ActsOf, number: usize) -> Result<(), EditError> {
        let tables = self.tables_of(acts)?;
        if number >= tables.len() {
            return Err(EditError::NoSuch {
                what: "act",
                number: number + 1,
                count: tables.len(),
            });
        }
        tables.remove(number);
        self.drop_empty_acts();
        Ok(())
    }

    /// The changes of all or of a variant, in the order of the file.
    ///
    /// # Errors
    /// A file that can't be read as it stands, or no such variant.
    pub fn drafted(&self, acts: &ActsOf) -> Result<Vec<Amendment>, EditError> {
        let scenario = self.unfinished("draft")?;
        let shared = self.document.get("act").map_or(0, count);
        match acts {
            ActsOf::All => Ok(scenario.variants[0].amendments[..shared].to_vec()),
            ActsOf::Variant(name) => {
                let found = scenario
                    .variants
                    .iter()
                    .find(|variant| variant.name == *name);
                match found {
                    Some(variant) if self.document.contains_key("variant") => {
                        Ok(variant.amendments[shared..].to_vec())
                    }
                    _ => Err(self.no_variant(name)),
                }
            }
        }
    }

    /// The names of the variants; none where the scenario has one course only.
    pub fn variants(&self) -> Vec<String> {
        let tables = self
            .document
            .get("variant")
            .and_then(Item::as_array_of_tables);
        let names = tables.into_iter().flatten().filter_map(|variant| {
            let name = variant.get("name")?.as_str()?;
            Some(name.to_owned())
        });
        names.collect()
    }

    fn no_variant(&self, name: &str) -> EditError {
        let names = self.variants();
        EditError::NoVariant {
            given: name.to_owned(),
            nearest: nearest(name, names.iter().map(String::as_str)),
        }
    }

    /// Takes a party out of an act, and the act with it if it was the last.
    fn take_out(
        &mut self,
        acts: &ActsOf,
        number: usize,
        act: &Amendment,
        party: &Party,
    ) -> Result<(), EditError> {
        let left: Vec<&Party> = listed(act).iter().filter(|other| *other != party).collect();
        if left.is_empty() {
            return self.remove_act(acts, number);
        }
        self.set_who(acts, number, left)
    }

    fn put_in(
        &mut self,
        acts: &ActsOf,
        number: usize,
        act: &Amendment,
        party: Party,
    ) -> Result<(), EditError> {
        let mut parties = listed(act).to_vec();
        if !parties.contains(&party) {
            parties.push(party);
        }
        self.set_who(acts, number, &parties)
    }

    fn set_who<'p>(
        &mut self,
        acts: &ActsOf,
        number: usize,
        parties: impl IntoIterator<Item = &'p Party>,
    ) -> Result<(), EditError> {
        let tables = self.tables_of(acts)?;
        let count = tables.len();
        let table = tables.get_mut(number).ok_or(EditError::NoSuch {
            what: "act",
            number: number + 1,
            count,
        })?;
        table["who"] = who(parties);
        Ok(())
    }

    /// The tables of the acts of all or of a variant, made if there are none.
    fn tables_of(&mut self, acts: &ActsOf) -> Result<&mut ArrayOfTables, EditError> {
        match acts {
            ActsOf::All => array(self.document.as_table_mut(), "act"),
            ActsOf::Variant(name) => {
                let missing = self.no_variant(name);
                array(self.document.as_table_mut(), "variant")?
                    .iter_mut()
                    .find(|variant| variant.get("name").and_then(Item::as_str) == Some(name))
                    .ok_or(missing)
                    .and_then(|variant| array(variant, "act"))
            }
        }
    }

    /// An empty list of acts would be written as nothing but still count as one.
    fn drop_empty_acts(&mut self) {
        let is_empty = |table: &Table| table.get("act").is_some_and(|acts| count(acts) == 0);
        if is_empty(self.document.as_table()) {
            self.document.remove("act");
        }
        let variants = self.document.get_mut("variant");
        let variants = variants.and_then(Item::as_array_of_tables_mut);
        for variant in variants.into_iter().flat_map(ArrayOfTables::iter_mut) {
            if is_empty(variant) {
                variant.remove("act");
            }
        }
    }
}

/// A list of tables under a key, made if it is not there, and brought from `key = [{...}]`
/// to `[[key]]` if it was written so.
pub(super) fn array<'t>(
    table: &'t mut Table,
    key: &str,
) -> Result<&'t mut ArrayOfTables, EditError> {
    let entry = table
        .entry(key)
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if !entry.is_array_of_tables() {
        let written = std::mem::take(entry);
        match written.into_array_of_tables() {
            Ok(tables) => *entry = Item::ArrayOfTables(tables),
            Err(other) => *entry = other,
        }
    }
    entry
        .as_array_of_tables_mut()
        .ok_or_else(|| EditError::NoTable {
            key: key.to_owned(),
        })
}

fn count(item: &Item) -> usize {
    item.as_array_of_tables()
        .map(ArrayOfTables::len)
        .or_else(|| item.as_array().map(Array::len))
        .unwrap_or(0)
}

fn position(acts: &[Amendment], wanted: impl Fn(&Amendment) -> bool) -> Option<usize> {
    acts.iter().position(wanted)
}

fn listed(act: &Amendment) -> &[Party] {
    let (Change::Add { who, .. } | Change::Strike { who, .. } | Change::Move { who, .. }) =
        &act.change;
    match who {
        Participants::Listed(parties) => parties,
        Participants::All => &[],
    }
}

fn is_accession(act: &Amendment) -> bool {
    matches!(
        &act.change,
        Change::Add {
            kind: ActKind::Accession(AdmittedAs::Member),
            stage: None,
            ..
        }
    )
}

fn strikes(act: &Amendment, party: &Party) -> bool {
    matches!(&act.change, Change::Strike { act: None, .. }) && listed(act).contains(party)
}

/// A change as the table of a scenario file.
fn table(institution: &InstitutionId, change: &Change) -> Table {
    let mut table = Table::new();
    let (doing, name, parties) = match change {
        Change::Add { kind, who, .. } => ("add", Some(kind.name()), who),
        Change::Strike { act, who } => ("strike", *act, who),
        Change::Move { act, who, .. } => ("move", Some(*act), who),
    };
    table["do"] = value(doing);
    table["institution"] = value(institution.as_str());
    if let Some(name) = name {
        table["act"] = value(name.word());
    }
    if let Change::Add { kind, stage, .. } = change {
        kind_keys(&mut table, kind);
        if let Some(stage) = stage {
            table["stage"] = value(Stage::word(*stage));
        }
    }
    if let Participants::Listed(parties) = parties {
        table["who"] = who(parties);
    }
    match change {
        Change::Add { on, .. } => table["on"] = value(on.to_string()),
        Change::Move { to, .. } => table["to"] = value(to.to_string()),
        Change::Strike { .. } => {}
    }
    table
}

/// What belongs to the kind of an act beside its word.
fn kind_keys(table: &mut Table, kind: &ActKind) {
    match kind {
        ActKind::Accession(AdmittedAs::Member) => {}
        ActKind::Accession(standing) => table["standing"] = value(standing.word()),
        ActKind::Suspension(Participants::Listed(towards))
        | ActKind::Termination(Participants::Listed(towards)) => table["towards"] = who(towards),
        ActKind::Succession(of) => table["of"] = value(of.as_str()),
        ActKind::Transformation(Some(into)) | ActKind::Merger(into) => {
            table["into"] = value(into.as_str());
        }
        _ => {}
    }
}

fn who<'p>(parties: impl IntoIterator<Item = &'p Party>) -> Item {
    value(parties.into_iter().map(Party::as_str).collect::<Array>())
}
