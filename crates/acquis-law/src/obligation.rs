//! What a state is bound by, and what leaving would end.

use acquis_registry::{
    ActKind, Amendment, Change, EdtfDate, Findings, Institution, InstitutionId, Participants,
    Party, Place, Registry, SourceText, Stage, StateCode,
};
use jiff::civil::Date;

use crate::difference::StageChange;
use crate::law::{Law, StandingOn};
use crate::stage::Grade;

/// Something a state is bound by on a day, and towards whom.
#[derive(Debug, Clone)]
pub struct Obligation<'r> {
    /// The organization or agreement.
    pub institution: &'r Institution,
    /// The state's standing in it, its own or through an organization.
    pub standing: StandingOn<'r>,
    /// The stage that it puts in force, if it sets one.
    pub stage: Option<Stage>,
    /// The states towards which the state is bound by it.
    pub towards: Vec<StateCode>,
}

/// What a state's leaving of an organization or agreement would do.
#[derive(Debug)]
pub struct Departure {
    /// What would bind it no longer.
    pub ends: Vec<InstitutionId>,
    /// What was concluded under the same roof and would go on binding it, because the
    /// state is a party in its own right.
    pub survives: Vec<InstitutionId>,
    /// Everything else that would go on binding it.
    pub untouched: Vec<InstitutionId>,
    /// The stages that would change.
    pub stages: Vec<StageChange>,
}

impl<'r> Law<'r> {
    /// What a state is bound by on a day, in the order of the institutions' ids.
    pub fn obligations(&self, state: &StateCode, day: Date) -> Vec<Obligation<'r>> {
        let mut obligations = Vec::new();
        for dossier in self.dossiers() {
            let Some(standing) = self
                .reach(dossier, state, day)
                .filter(|standing| standing.standing.is_bound())
            else {
                continue;
            };
            let towards = self
                .registry()
                .states()
                .map(|other| &other.code)
                .filter(|other| *other != state)
                .filter(|other| dossier.inoperative(self, [state, other], day).is_none())
                .filter(|other| {
                    self.reach(dossier, other, day).is_some_and(|reached| {
                        reached.standing.is_bound() && reached.party != standing.party
                    })
                })
                .cloned()
                .collect();
            obligations.push(Obligation {
                institution: dossier.institution,
                stage: crate::stage::stage_in_force(&standing),
                standing,
                towards,
            });
        }
        obligations
    }

    /// Whether a state is bound by an organization or agreement on a day.
    pub fn is_bound(&self, state: &StateCode, id: &InstitutionId, day: Date) -> bool {
        self.dossier(id)
            .and_then(|dossier| self.reach(dossier, state, day))
            .is_some_and(|standing| standing.standing.is_bound())
    }

    /// What would end, and what would survive, if a state left an organization or agreement
    /// with effect from a day.
    ///
    /// # Errors
    /// A state that takes no part in it on that day.
    pub fn departure(
        &self,
        state: &StateCode,
        institution: &InstitutionId,
        day: Date,
    ) -> Result<Departure, Findings> {
        let amended = self.registry().amended(
            "withdrawal",
            &[Amendment {
                institution: institution.clone(),
                change: Change::Add {
                    kind: ActKind::Withdrawal,
                    who: Participants::Listed(vec![Party::State(state.clone())]),
                    on: EdtfDate::day(day),
                    stage: None,
                },
                place: nowhere(),
            }],
        )?;
        let after = Law::new(same_view(self, &amended));
        let bound = |law: &Law<'_>| -> Vec<InstitutionId> {
            law.obligations(state, day)
                .into_iter()
                .filter(|obligation| !obligation.towards.is_empty())
                .map(|obligation| obligation.institution.id.clone())
                .collect()
        };
        let (before_list, after_list) = (bound(self), bound(&after));
        let under_its_roof = |id: &InstitutionId| {
            self.registry()
                .institution(id)
                .is_some_and(|found| found.within.as_ref() == Some(institution))
        };
        let (survives, untouched) = after_list.iter().cloned().partition(under_its_roof);
        Ok(Departure {
            ends: before_list
                .into_iter()
                .filter(|id| !after_list.contains(id))
                .collect(),
            survives,
            untouched,
            stages: self
                .stage_changes(day, &after, day)
                .into_iter()
                .filter(|change| change.grade != Grade::Signed)
                .collect(),
        })
    }
}

fn same_view<'r>(law: &Law<'_>, registry: &'r Registry) -> acquis_registry::View<'r> {
    match law.view().known_by() {
        Some(day) => registry.known_by(day),
        None => registry.view(),
    }
}

fn nowhere() -> Place {
    Place {
        file: SourceText::new("the question", ""),
        span: 0..0,
    }
}
