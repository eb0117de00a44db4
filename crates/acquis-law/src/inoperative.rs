//! What doesn't operate between two parties only: the others go on as they were, and both remain
//! parties. It is suspended between them (V 58, 60, 72), or ended between them, as by a later
//! treaty among some of the parties (V 30, 59).
//!
//! It begins with a suspension or termination that names, beside those who act, those towards whom
//! they do. It ends with an entry into force that names both, or with a new accession of either:
//! consent given anew is given to all.

use std::collections::BTreeSet;

use acquis_registry::{ActKind, InstitutionId, KnownAct, Party, StateCode};
use jiff::civil::Date;

use crate::law::{Dossier, Law};

/// A time during which an organization or agreement is suspended or ended between two states, both
/// of which may be parties to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InoperativePair {
    /// The two, in the order of their codes.
    pub states: [StateCode; 2],
    /// The first day.
    pub from: Date,
    /// The first day after it; `None` while nothing ends it.
    pub until: Option<Date>,
}

impl Law<'_> {
    /// When an organization or agreement didn't operate between which two states, in the order of
    /// their codes.
    pub fn inoperative_pairs(&self, id: &InstitutionId) -> Vec<InoperativePair> {
        let dossier = self
            .dossier(id)
            .filter(|dossier| dossier.is_inoperative_between_some);
        let Some(dossier) = dossier else {
            return Vec::new();
        };
        let states = self.states_named(dossier);
        let days = self.change_days();
        let mut pairs = Vec::new();
        for (place, first) in states.iter().enumerate() {
            for second in &states[place + 1..] {
                let mut from = None;
                for day in &days {
                    let rests = dossier.inoperative(self, [first, second], *day).is_some();
                    match (from, rests) {
                        (None, true) => from = Some(*day),
                        (Some(begun), false) => {
                            pairs.push(InoperativePair {
                                states: [first.clone(), second.clone()],
                                from: begun,
                                until: Some(*day),
                            });
                            from = None;
                        }
                        _ => {}
                    }
                }
                pairs.extend(from.map(|from| InoperativePair {
                    states: [first.clone(), second.clone()],
                    from,
                    until: None,
                }));
            }
        }
        pairs
    }

    /// The states that suspensions and terminations between parties name, themselves or by an organization of
    /// which they have ever been something.
    fn states_named(&self, dossier: &Dossier<'_>) -> Vec<StateCode> {
        let mut named = BTreeSet::new();
        for act in &dossier.acts {
            if act.act.kind.towards().is_empty() {
                continue;
            }
            for party in act.act.who.parties().iter().chain(act.act.kind.towards()) {
                match party {
                    Party::State(code) => {
                        named.insert(code.clone());
                    }
                    Party::Organization(id) => {
                        named.extend(self.spells(id).filter_map(|(party, _)| match party {
                            Party::State(code) => Some(code.clone()),
                            Party::Organization(_) => None,
                        }));
                    }
                }
            }
        }
        named.into_iter().collect()
    }
}

impl<'r> Dossier<'r> {
    /// The act by which it is suspended or ended between two states on a day.
    pub(crate) fn inoperative(
        &self,
        law: &Law<'r>,
        pair: [&StateCode; 2],
        day: Date,
    ) -> Option<&KnownAct<'r>> {
        if !self.is_inoperative_between_some {
            return None;
        }
        let names = |parties: &[Party], state: &StateCode| {
            parties.iter().any(|party| match party {
                Party::State(code) => code == state,
                Party::Organization(id) => law.is_member(state, id, day),
            })
        };
        let [first, second] = pair;
        let in_time = |act: &&KnownAct<'r>| act.effect().is_some_and(|effect| effect <= day);
        let mut acts = self.acts.iter().filter(in_time);
        // The last word that was said on the two of them.
        let last = acts.rfind(|act| {
            let who = act.act.who.parties();
            match &act.act.kind {
                kind @ (ActKind::Suspension(_) | ActKind::Termination(_)) => {
                    let towards = kind.towards();
                    (names(who, first) && names(towards, second))
                        || (names(who, second) && names(towards, first))
                }
                ActKind::EntryIntoForce => names(who, first) && names(who, second),
                ActKind::Accession(_) => names(who, first) || names(who, second),
                _ => false,
            }
        });
        last.filter(|act| !act.act.kind.towards().is_empty())
    }
}
