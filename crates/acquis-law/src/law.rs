//! The law of a view: the standing of every party in every organization and agreement,
//! derived once and then only read.

use std::collections::BTreeMap;

use acquis_registry::{
    ActKind, Institution, InstitutionId, KnownAct, Party, Registry, State, StateCode, View,
};
use jiff::civil::Date;

use crate::proof::{Proof, party_name};
use crate::standing::{Baseless, Spell, Standing, spells};

/// What follows from the acts of a view.
#[derive(Debug)]
pub struct Law<'r> {
    view: View<'r>,
    dossiers: BTreeMap<&'r InstitutionId, Dossier<'r>>,
}

/// One organization or agreement with its acts in order, and what they make of each party.
#[derive(Debug)]
pub(crate) struct Dossier<'r> {
    pub(crate) institution: &'r Institution,
    pub(crate) acts: Vec<KnownAct<'r>>,
    pub(crate) spells: BTreeMap<Party, Vec<Spell>>,
    pub(crate) baseless: Vec<Baseless>,
    /// Whether any of the acts suspends or ends it between some parties only.
    pub(crate) is_inoperative_between_some: bool,
}

/// The standing of one party on one day.
#[derive(Debug, Clone)]
pub struct StandingOn<'r> {
    /// The organization or agreement.
    pub institution: &'r Institution,
    /// The party that holds the standing: the state itself, or an organization that acts
    /// for it.
    pub party: Party,
    /// The standing.
    pub standing: Standing,
    /// Since when.
    pub since: Date,
    /// Until when, if the view knows of an end.
    pub until: Option<Date>,
    /// Whether it rests on an act about which sources disagree.
    pub contested: bool,
    /// Whether the day lies in the span that the date of an act leaves open, so that the
    /// answer rests on the convention for imprecise dates.
    pub imprecise: bool,
    /// The acts it follows from.
    pub acts: Vec<KnownAct<'r>>,
}

/// What ended a standing, or put it to rest.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The party left (V 54, 56).
    Withdrawal,
    /// Suspended, by the party or by the others (V 57, 58).
    Suspension,
    /// Ended for all (V 54).
    Termination,
    /// Absorbed by a later one (V 59; between the parties to both, V 30).
    Absorption(InstitutionId),
}

impl End {
    /// In words, with the articles.
    pub fn words(&self, registry: &Registry) -> String {
        match self {
            Self::Withdrawal => "by withdrawal (V 54, 56)".to_owned(),
            Self::Suspension => "by suspension (V 57, 58)".to_owned(),
            Self::Termination => "by termination for all (V 54)".to_owned(),
            Self::Absorption(id) => {
                let name = registry
                    .institution(id)
                    .map_or(id.as_str(), |found| found.name());
                format!("by absorption into {name} (V 59)")
            }
        }
    }
}

impl StandingOn<'_> {
    /// What ended the standing before this one; `None` for a standing that is not an end.
    pub fn end(&self) -> Option<End> {
        if self.standing.is_current() && self.standing != Standing::Suspended {
            return None;
        }
        let kind = &self.acts.last()?.act.kind;
        Some(match (kind.successor(), kind) {
            (Some(into), _) => End::Absorption(into.clone()),
            (None, ActKind::Withdrawal) => End::Withdrawal,
            (None, ActKind::Suspension(_)) => End::Suspension,
            (None, _) => End::Termination,
        })
    }

    /// Whether another party has the same standing from the same day by the same acts.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        let ordinals = |standing: &Self| -> Vec<usize> {
            standing.acts.iter().map(|act| act.ordinal).collect()
        };
        self.institution.id == other.institution.id
            && self.standing == other.standing
            && self.since == other.since
            && ordinals(self) == ordinals(other)
    }

    /// The word for people.
    pub const fn label(&self) -> &'static str {
        self.standing.label(self.institution.kind)
    }
}

impl<'r> Law<'r> {
    /// Derives the standing of every party from the acts of a view.
    pub fn new(view: View<'r>) -> Self {
        let dossiers = view
            .registry()
            .institutions()
            .map(|institution| (&institution.id, Dossier::new(view, institution)))
            .collect();
        Self { view, dossiers }
    }

    /// The view that the law follows from.
    pub const fn view(&self) -> View<'r> {
        self.view
    }

    /// The registry behind the view.
    pub const fn registry(&self) -> &'r Registry {
        self.view.registry()
    }

    pub(crate) fn dossiers(&self) -> impl Iterator<Item = &Dossier<'r>> {
        self.dossiers.values()
    }

    pub(crate) fn dossier(&self, id: &InstitutionId) -> Option<&Dossier<'r>> {
        self.dossiers.get(id)
    }

    /// The standing of a party in an organization or agreement on a day; `None` if it has
    /// never had one by then.
    pub fn standing(&self, party: &Party, id: &InstitutionId, day: Date) -> Option<StandingOn<'r>> {
        self.dossier(id)?.standing_on(party, day)
    }

    /// Everyone who has had a standing by then, with it, in the order of the codes.
    pub fn standings_in(&self, id: &InstitutionId, day: Date) -> Vec<StandingOn<'r>> {
        let Some(dossier) = self.dossier(id) else {
            return Vec::new();
        };
        dossier
            .spells
            .keys()
            .filter_map(|party| dossier.standing_on(party, day))
            .collect()
    }

    /// The states that are members of an organization (parties to an agreement) on a day.
    pub fn members(&self, id: &InstitutionId, day: Date) -> Vec<StateCode> {
        self.standings_in(id, day)
            .into_iter()
            .filter(|standing| standing.standing.is_bound())
            .filter_map(|standing| match standing.party {
                Party::State(code) => Some(code),
                Party::Organization(_) => None,
            })
            .collect()
    }

    /// Every standing that a state has had by a day, its own or through an organization
    /// of which it is a member.
    pub fn standings_of(&self, state: &State, day: Date) -> Vec<StandingOn<'r>> {
        let own = Party::State(state.code.clone());
        let organizations = self.memberships(&state.code, day);
        self.dossiers()
            .flat_map(|dossier| {
                let direct = dossier.standing_on(&own, day);
                let through = organizations
                    .iter()
                    .filter_map(|id| dossier.standing_on(&Party::Organization(id.clone()), day));
                direct.into_iter().chain(through).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The organizations of which a state is a member on a day.
    pub fn memberships(&self, state: &StateCode, day: Date) -> Vec<InstitutionId> {
        let own = Party::State(state.clone());
        self.dossiers()
            .filter(|dossier| {
                dossier
                    .standing_on(&own, day)
                    .is_some_and(|standing| standing.standing.is_bound())
            })
            .map(|dossier| dossier.institution.id.clone())
            .collect()
    }

    /// The spells of every party in an organization or agreement, in the order of time.
    pub fn spells(&self, id: &InstitutionId) -> impl Iterator<Item = (&Party, &[Spell])> {
        self.dossier(id)
            .into_iter()
            .flat_map(|dossier| &dossier.spells)
            .map(|(party, spells)| (party, spells.as_slice()))
    }

    /// The acts that a spell follows from.
    pub fn acts_of(&self, id: &InstitutionId, spell: &Spell) -> Vec<&KnownAct<'r>> {
        self.dossier(id)
            .into_iter()
            .flat_map(|dossier| spell.acts.iter().filter_map(|&act| dossier.acts.get(act)))
            .collect()
    }

    /// The proof of a standing.
    pub fn prove(&self, standing: &StandingOn<'_>) -> Proof {
        self.prove_together(&[standing])
    }

    /// The proof of a standing that several parties have had from the same day by the same
    /// acts.
    pub(crate) fn prove_together(&self, standings: &[&StandingOn<'_>]) -> Proof {
        let Some(first) = standings.first() else {
            return Proof::from_statements("nobody", Vec::new());
        };
        let parties: Vec<&str> = standings
            .iter()
            .map(|standing| party_name(self.registry(), &standing.party))
            .collect();
        let name = first.institution.short_name_on(first.since);
        let phrase = first.standing.phrase(first.institution.kind, name);
        let end = first.end().map_or_else(String::new, |end| {
            format!(" {}", end.words(self.registry()))
        });
        let statement = format!(
            "{}: {phrase}{end}, since {}",
            parties.join(", "),
            first.since
        );
        let because = first
            .acts
            .iter()
            .map(|act| Proof::from_act(self.registry(), act))
            .collect();
        Proof::from_statements(statement, because)
    }

    /// The days, in order, on which an act of the view takes effect.
    pub fn change_days(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self
            .dossiers()
            .flat_map(|dossier| dossier.acts.iter().filter_map(KnownAct::effect))
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

impl<'r> Dossier<'r> {
    fn new(view: View<'r>, institution: &'r Institution) -> Self {
        let acts = view.acts(institution);
        let (spells, baseless) = spells(&acts, institution.membership_from);
        Self {
            institution,
            is_inoperative_between_some: acts.iter().any(|act| !act.act.kind.towards().is_empty()),
            acts,
            spells,
            baseless,
        }
    }

    /// The spell of a party that holds on a day: what tells its standing without the acts.
    pub(crate) fn spell_on(&self, party: &Party, day: Date) -> Option<&Spell> {
        let mut spells = self.spells.get(party)?.iter();
        spells.find(|spell| spell.holds_on(day))
    }

    pub(crate) fn standing_on(&self, party: &Party, day: Date) -> Option<StandingOn<'r>> {
        let spell = self.spell_on(party, day)?;
        let acts: Vec<KnownAct<'r>> = spell
            .acts
            .iter()
            .filter_map(|&act| self.acts.get(act).cloned())
            .collect();
        Some(StandingOn {
            institution: self.institution,
            party: party.clone(),
            standing: spell.standing,
            since: spell.from,
            until: spell.until,
            contested: acts.iter().any(|act| act.contested),
            imprecise: acts.iter().any(|act| act.leaves_open(day)),
            acts,
        })
    }
}
