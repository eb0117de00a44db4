//! Who is in what on the day of a scenario, before and after one of its variants: what the
//! matrix shows in which memberships are added and struck.

use std::collections::BTreeSet;

use acquis_economy::Economy;
use acquis_law::{Law, Standing};
use acquis_registry::{
    Amendment, Change, Findings, Institution, InstitutionId, InstitutionKind, Participants, Party,
    Registry, Stage, State, StateCode,
};
use jiff::civil::Date;

use crate::run::view;
use crate::scenario::{Scenario, Variant};

/// Which states and institutions are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// What the question is likely about: organizations and agreements of more than two that set
    /// a stage and hold on the day, states that take part in two of them, and all that the
    /// variant names.
    #[default]
    Likely,
    /// Every state of the economy, and everything in which one could take part.
    All,
}

/// States by organizations and agreements, with the standing before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memberships {
    /// Organizations, then agreements.
    pub institutions: Vec<MembershipColumn>,
    /// States, by name.
    pub states: Vec<MembershipRow>,
}

/// An organization or agreement in which states take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipColumn {
    /// Its id.
    pub id: InstitutionId,
    /// What it is.
    pub kind: InstitutionKind,
    /// Its short name on the day.
    pub short: String,
    /// Its name on the day.
    pub name: String,
    /// The stage that its text sets.
    pub stage: Option<Stage>,
}

/// A state, with its standing in each of [`Memberships::institutions`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRow {
    /// Its code.
    pub code: StateCode,
    /// Its name.
    pub name: String,
    /// Its standings.
    pub cells: Vec<MembershipCell>,
}

/// What a state is to an institution on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipCell {
    /// Before the variant.
    pub before: Option<Standing>,
    /// After it.
    pub after: Option<Standing>,
    /// Whether the standing after rests on an act about which sources disagree.
    pub contested: bool,
}

impl MembershipCell {
    /// Whether the variant changes it.
    pub fn is_changed(&self) -> bool {
        self.before != self.after
    }

    /// Whether the state takes part after the variant, so that a click strikes it.
    pub fn takes_part(&self) -> bool {
        self.after.is_some_and(Standing::is_current)
    }
}

impl Memberships {
    /// The memberships on the day of a scenario, with those that a variant changes.
    ///
    /// # Errors
    /// Mistakes in the variant's acts.
    pub fn new(
        scenario: &Scenario,
        variant: &Variant,
        registry: &Registry,
        economy: &Economy,
        scope: Scope,
    ) -> Result<Self, Findings> {
        let amended = registry.amended(&scenario.title, &variant.amendments)?;
        let sight = Sight {
            day: scenario.base.date,
            before: Law::new(view(scenario, registry)),
            after: Law::new(view(scenario, &amended)),
            named: Named::by(&variant.amendments),
            scope,
        };
        let mut states: Vec<&State> = registry
            .states()
            .filter(|state| economy.position(state.code.as_str()).is_some())
            .collect();
        states.sort_by_key(|state| state.name_on(sight.day));
        let mut institutions: Vec<&Institution> = registry
            .institutions()
            .filter(|institution| sight.shows_institution(institution, &states))
            .collect();
        institutions.sort_by_key(|institution| institution.kind == InstitutionKind::Agreement);
        let rows = states.iter().map(|state| sight.row(state, &institutions));
        Ok(Self {
            states: rows.filter(|row| sight.shows_row(row)).collect(),
            institutions: institutions
                .into_iter()
                .map(|institution| column(institution, sight.day))
                .collect(),
        })
    }
}

/// The law before and after on one day, and what is looked at.
struct Sight<'r> {
    day: Date,
    before: Law<'r>,
    after: Law<'r>,
    named: Named,
    scope: Scope,
}

/// What the changes of a variant name.
struct Named {
    institutions: BTreeSet<InstitutionId>,
    states: BTreeSet<StateCode>,
}

impl Named {
    fn by(amendments: &[Amendment]) -> Self {
        let mut named = Self {
            institutions: BTreeSet::new(),
            states: BTreeSet::new(),
        };
        for amendment in amendments {
            named.institutions.insert(amendment.institution.clone());
            let (Change::Add { who, .. } | Change::Strike { who, .. } | Change::Move { who, .. }) =
                &amendment.change;
            let Participants::Listed(parties) = who else {
                continue;
            };
            for party in parties {
                if let Party::State(code) = party {
                    named.states.insert(code.clone());
                }
            }
        }
        named
    }
}

impl Sight<'_> {
    fn shows_institution(&self, institution: &Institution, states: &[&State]) -> bool {
        if self.named.institutions.contains(&institution.id) {
            return true;
        }
        let takes_part = |state: &&&State| {
            let cell = self.cell(state, institution);
            cell.before.is_some_and(Standing::is_current)
        };
        let holders = states.iter().filter(takes_part).count();
        match self.scope {
            Scope::Likely => institution.stage.is_some() && holders > 2,
            Scope::All => self.has_begun(institution) && !self.has_ended(institution, states),
        }
    }

    /// Whether anything was done about it by the day.
    fn has_begun(&self, institution: &Institution) -> bool {
        let acts = self.before.view().acts(institution);
        acts.iter()
            .any(|act| act.effect().is_some_and(|effect| effect <= self.day))
    }

    /// Whether everyone who took part takes part no more.
    fn has_ended(&self, institution: &Institution, states: &[&State]) -> bool {
        let standings = states
            .iter()
            .map(|state| self.cell(state, institution).before);
        let mut standings = standings.flatten().peekable();
        standings.peek().is_some() && standings.all(|standing| standing == Standing::Ended)
    }

    fn shows_row(&self, row: &MembershipRow) -> bool {
        let taking_part = row
            .cells
            .iter()
            .filter(|cell| cell.takes_part() || cell.before.is_some_and(Standing::is_current));
        self.scope == Scope::All
            || self.named.states.contains(&row.code)
            || taking_part.count() >= 2
    }

    fn row(&self, state: &State, institutions: &[&Institution]) -> MembershipRow {
        MembershipRow {
            code: state.code.clone(),
            name: state.name_on(self.day).to_owned(),
            cells: institutions
                .iter()
                .map(|institution| self.cell(state, institution))
                .collect(),
        }
    }

    fn cell(&self, state: &State, institution: &Institution) -> MembershipCell {
        let party = Party::State(state.code.clone());
        let before = self.before.standing(&party, &institution.id, self.day);
        let after = self.after.standing(&party, &institution.id, self.day);
        MembershipCell {
            before: before.map(|found| found.standing),
            contested: after.as_ref().is_some_and(|found| found.contested),
            after: after.map(|found| found.standing),
        }
    }
}

fn column(institution: &Institution, day: Date) -> MembershipColumn {
    MembershipColumn {
        id: institution.id.clone(),
        kind: institution.kind,
        short: institution.short_name_on(day).to_owned(),
        name: institution.name_on(day).to_owned(),
        stage: institution.stage,
    }
}
