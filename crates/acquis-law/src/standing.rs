//! From acts to intervals: what standing a party has in an organization or agreement, and
//! from when until when.
//!
//! The acts are taken in the order of their effect. Each may open a spell, which lasts
//! until the next one opens; spells are half-open, `[from, until)`, and never overlap.

use std::collections::BTreeMap;

use acquis_registry::{
    ActKind, AdmittedAs, InstitutionKind, KnownAct, MembershipFrom, Participants, Party,
};
use jiff::civil::Date;

/// What a party is to an organization or an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Full member of an organization; party to an agreement (V 2g).
    Member,
    /// Applies an agreement that is not in force yet (V 25).
    ProvisionalParty,
    /// Associate of an organization.
    Associate,
    /// Observer in an organization.
    Observer,
    /// Has consented to be bound by what is not in force for it (V 2f).
    ContractingState,
    /// Has signed, and no more.
    Signatory,
    /// Takes part no longer for the time being.
    Suspended,
    /// Has left.
    Withdrawn,
    /// The organization or agreement has ended.
    Ended,
}

impl Standing {
    /// From the fullest to none any more.
    pub const ALL: [Self; 9] = [
        Self::Member,
        Self::ProvisionalParty,
        Self::Associate,
        Self::Observer,
        Self::ContractingState,
        Self::Signatory,
        Self::Suspended,
        Self::Withdrawn,
        Self::Ended,
    ];

    /// The word for people.
    pub const fn label(self, kind: InstitutionKind) -> &'static str {
        match (self, kind) {
            (Self::Member, InstitutionKind::Organization) => "member",
            (Self::Member, InstitutionKind::Agreement) => "party",
            (Self::ProvisionalParty, _) => "applies it provisionally",
            (Self::Associate, _) => "associate",
            (Self::Observer, _) => "observer",
            (Self::ContractingState, _) => "contracting state, not in force for it",
            (Self::Signatory, _) => "signatory only",
            (Self::Suspended, _) => "suspended",
            (Self::Withdrawn, _) => "withdrawn",
            (Self::Ended, _) => "ended",
        }
    }

    /// What the party is to an institution of this name, as the rest of a sentence.
    pub fn phrase(self, kind: InstitutionKind, name: &str) -> String {
        match (self, kind) {
            (Self::Member, InstitutionKind::Organization) => format!("member of {name}"),
            (Self::Member, InstitutionKind::Agreement) => format!("party to {name}"),
            (Self::ProvisionalParty, _) => format!("applies {name} provisionally"),
            (Self::Associate, _) => format!("associate of {name}"),
            (Self::Observer, _) => format!("observer in {name}"),
            (Self::ContractingState, _) => {
                format!("contracting state of {name}, which is not in force for it")
            }
            (Self::Signatory, _) => format!("signatory of {name}, and no more"),
            (Self::Suspended, _) => format!("suspended in {name}"),
            (Self::Withdrawn, _) => format!("has left {name}"),
            (Self::Ended, _) => format!("{name} has ended"),
        }
    }

    /// The word for files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::ProvisionalParty => "provisional_party",
            Self::Associate => "associate",
            Self::Observer => "observer",
            Self::ContractingState => "contracting_state",
            Self::Signatory => "signatory",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }

    /// Whether the party has at least signed and has not left.
    pub const fn has_signed(self) -> bool {
        matches!(
            self,
            Self::Member
                | Self::ProvisionalParty
                | Self::ContractingState
                | Self::Signatory
                | Self::Suspended
        )
    }

    /// Whether the party is bound.
    pub const fn is_bound(self) -> bool {
        matches!(self, Self::Member | Self::ProvisionalParty)
    }

    /// Whether the party takes part in some way.
    pub const fn is_current(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Ended)
    }
}

/// A time during which a party has one standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    /// The first day.
    pub from: Date,
    /// The first day after it; `None` while nothing ends it.
    pub until: Option<Date>,
    /// The standing.
    pub standing: Standing,
    /// The acts it follows from, by their place in the order of effect.
    pub acts: Vec<usize>,
}

impl Spell {
    /// Whether the spell holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A withdrawal or suspension of a party that took no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Baseless {
    /// The act, by its place in the order of effect.
    pub(crate) act: usize,
    /// The party that took no part.
    pub(crate) party: Party,
}

/// The spells of every party, from acts in the order of their effect.
pub(crate) fn spells(
    acts: &[KnownAct<'_>],
    membership_from: MembershipFrom,
) -> (BTreeMap<Party, Vec<Spell>>, Vec<Baseless>) {
    let mut history = History {
        membership_from,
        records_ratification: acts.iter().any(|act| act.act.kind == ActKind::Ratification),
        records_entry_into_force: acts
            .iter()
            .any(|act| act.act.kind == ActKind::EntryIntoForce && act.act.who == Participants::All),
        in_force: None,
        parties: BTreeMap::new(),
        baseless: Vec::new(),
    };
    for (index, act) in acts.iter().enumerate() {
        if let Some(effect) = act.effect() {
            history.take(index, act, effect);
        }
    }
    let spells = history
        .parties
        .into_iter()
        .map(|(party, record)| (party, record.spells))
        .collect();
    (spells, history.baseless)
}

#[derive(Debug, Default)]
struct Record {
    spells: Vec<Spell>,
    /// The acts by which the party signed or consented.
    consent: Vec<usize>,
    has_ratified: bool,
}

impl Record {
    fn standing(&self) -> Option<Standing> {
        self.spells.last().map(|spell| spell.standing)
    }

    fn takes_part(&self) -> bool {
        self.standing().is_some_and(Standing::is_current)
    }

    fn open(&mut self, standing: Standing, from: Date, acts: Vec<usize>) {
        if let Some(last) = self.spells.last_mut() {
            if last.from == from {
                // Two acts on one day: the later one decides, and rests on both.
                last.standing = standing;
                last.acts.extend(acts);
                last.acts.dedup();
                return;
            }
            last.until = Some(from);
        }
        self.spells.push(Spell {
            from,
            until: None,
            standing,
            acts,
        });
    }
}

struct History {
    membership_from: MembershipFrom,
    records_ratification: bool,
    records_entry_into_force: bool,
    /// The act of general entry into force, once it has taken effect.
    in_force: Option<usize>,
    parties: BTreeMap<Party, Record>,
    baseless: Vec<Baseless>,
}

impl History {
    fn take(&mut self, index: usize, act: &KnownAct<'_>, effect: Date) {
        match &act.act.kind {
            ActKind::Adoption
            | ActKind::Renaming
            | ActKind::Reservation
            | ActKind::Implementation
            | ActKind::Transformation(None) => {}
            ActKind::Signature => self.each(act, |history, record| {
                record.consent.push(index);
                let at_once = history.membership_from == MembershipFrom::Signature;
                if at_once {
                    record.open(Standing::Member, effect, vec![index]);
                } else if !record.standing().is_some_and(Standing::is_bound) {
                    record.open(Standing::Signatory, effect, vec![index]);
                }
            }),
            ActKind::Ratification => self.each(act, |history, record| {
                record.has_ratified = true;
                record.consent.push(index);
                history.bind_if_in_force(record, effect);
            }),
            ActKind::Accession(AdmittedAs::Member) => self.each(act, |history, record| {
                record.has_ratified = true;
                record.consent = vec![index];
                history.bind_if_in_force(record, effect);
            }),
            ActKind::Accession(AdmittedAs::Associate) => self.each(act, |_, record| {
                record.open(Standing::Associate, effect, vec![index]);
            }),
            ActKind::Accession(AdmittedAs::Observer) => self.each(act, |_, record| {
                record.open(Standing::Observer, effect, vec![index]);
            }),
            ActKind::ProvisionalApplication => self.each(act, |_, record| {
                if record.standing() != Some(Standing::Member) {
                    record.open(Standing::ProvisionalParty, effect, vec![index]);
                }
            }),
            ActKind::EntryIntoForce => self.enter_into_force(index, act, effect),
            ActKind::Suspension(Participants::All) => {
                self.leave(index, act, effect, Standing::Suspended);
            }
            // Both remain parties; what is between them is found where two are asked about.
            ActKind::Suspension(Participants::Listed(towards))
            | ActKind::Termination(Participants::Listed(towards)) => {
                self.take_part(index, act.act.who.parties());
                self.take_part(index, towards);
            }
            ActKind::Withdrawal => self.leave(index, act, effect, Standing::Withdrawn),
            ActKind::Termination(Participants::All)
            | ActKind::Transformation(Some(_))
            | ActKind::Merger(_) => {
                for record in self.parties.values_mut() {
                    if record.standing().is_some_and(Standing::is_current) {
                        record.open(Standing::Ended, effect, vec![index]);
                    }
                }
            }
            ActKind::Succession(of) => {
                let inherited = self
                    .parties
                    .get(&Party::State(of.clone()))
                    .and_then(Record::standing);
                self.each(act, |_, record| {
                    record.open(inherited.unwrap_or(Standing::Member), effect, vec![index]);
                });
            }
        }
    }

    /// Runs for every party that the act lists, or for all who have taken part so far.
    fn each(&mut self, act: &KnownAct<'_>, mut change: impl FnMut(&Self, &mut Record)) {
        let parties: Vec<Party> = match &act.act.who {
            Participants::Listed(parties) => parties.clone(),
            Participants::All => self.parties.keys().cloned().collect(),
        };
        for party in parties {
            let mut record = self.parties.remove(&party).unwrap_or_default();
            change(self, &mut record);
            self.parties.insert(party, record);
        }
    }

    /// A party that has consented is bound once the whole is in force; where the pack
    /// records no general entry into force, its consent is enough.
    fn bind_if_in_force(&self, record: &mut Record, effect: Date) {
        let mut acts = record.consent.clone();
        acts.extend(self.in_force);
        let in_force = self.in_force.is_some()
            || !self.records_entry_into_force
            || self.membership_from == MembershipFrom::Signature;
        let standing = if in_force {
            Standing::Member
        } else {
            Standing::ContractingState
        };
        // Who applies a text before it is in force goes on applying it when it ratifies.
        let already_applies = !in_force && record.standing() == Some(Standing::ProvisionalParty);
        if record.standing() != Some(standing) && !already_applies {
            record.open(standing, effect, acts);
        }
    }

    fn enter_into_force(&mut self, index: usize, act: &KnownAct<'_>, effect: Date) {
        let general = act.act.who == Participants::All;
        if general {
            self.in_force = Some(index);
        }
        let needs_ratification = general && self.records_ratification;
        self.each(act, |_, record| {
            let waits = !general
                || matches!(
                    record.standing(),
                    Some(
                        Standing::Signatory
                            | Standing::ContractingState
                            | Standing::ProvisionalParty
                    )
                );
            let already = record.standing() == Some(Standing::Member);
            if waits && !already && (record.has_ratified || !needs_ratification) {
                let mut acts = record.consent.clone();
                acts.push(index);
                record.open(Standing::Member, effect, acts);
            }
        });
    }

    fn leave(&mut self, index: usize, act: &KnownAct<'_>, effect: Date, standing: Standing) {
        self.take_part(index, act.act.who.parties());
        self.each(act, |_, record| {
            if record.takes_part() {
                record.open(standing, effect, vec![index]);
            }
        });
        // A party that took no part has no record to keep.
        self.parties.retain(|_, record| !record.spells.is_empty());
    }

    /// Notes those of the parties that take no part.
    fn take_part(&mut self, index: usize, parties: &[Party]) {
        let baseless = parties
            .iter()
            .filter(|party| !self.parties.get(party).is_some_and(Record::takes_part))
            .map(|party| Baseless {
                act: index,
                party: party.clone(),
            });
        self.baseless.extend(baseless);
    }
}
