//! A reform laid over a registry: acts that are added, struck or moved. The registry
//! itself is left as it is; what comes back is a new one.

use crate::check;
use crate::claim::{Claim, Rank};
use crate::date::EdtfDate;
use crate::finding::{Finding, Findings, Lint, Place, SourceText};
use crate::model::{Act, ActKind, InstitutionId, Participants, Party, Source, SourceId};
use crate::registry::Registry;
use crate::vocabulary::{ActName, SourceType, Stage};

/// One change to the acts of a registry.
#[derive(Debug, Clone, PartialEq)]
pub struct Amendment {
    /// The organization or agreement whose acts are changed.
    pub institution: InstitutionId,
    /// The change.
    pub change: Change,
    /// Where the change is written.
    pub place: Place,
}

/// What is done to the acts.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An act is added.
    Add {
        /// Its kind.
        kind: ActKind,
        /// Those it concerns.
        who: Participants,
        /// Its day, which is also the day of its effect.
        on: EdtfDate,
        /// The stage attained (assessments only).
        stage: Option<Stage>,
    },
    /// Acts are taken away: for these parties, or the whole act.
    Strike {
        /// Which kind of act; every act of the institution if left out.
        act: Option<ActName>,
        /// For whom.
        who: Participants,
    },
    /// Acts get another date: for these parties, or the whole act.
    Move {
        /// Which kind of act.
        act: ActName,
        /// For whom.
        who: Participants,
        /// The new day, which is also the day of its effect.
        to: EdtfDate,
    },
}

/// The id of the source that stands for the user's own scenario.
pub const SCENARIO_SOURCE: &str = "scenario";

impl Registry {
    /// The registry with the amendments laid over it, in their order.
    ///
    /// # Errors
    /// An unknown institution or party, an act outside a state's life, or a change to an
    /// act that is not there; each at the place where the change is written.
    pub fn amended(&self, title: &str, amendments: &[Amendment]) -> Result<Self, Findings> {
        let mut registry = self.clone();
        registry.add_source(Source {
            id: SourceId::new(SCENARIO_SOURCE),
            source_type: SourceType::Scenario,
            title: title.to_owned(),
            author: None,
            published: None,
            accessed: None,
            url: None,
            covers: None,
            note: None,
            place: amendments.first().map_or_else(
                || Place {
                    file: SourceText::new(title, ""),
                    span: 0..0,
                },
                |amendment| amendment.place.clone(),
            ),
        });
        let mut findings = Findings::default();
        for amendment in amendments {
            registry.apply(amendment, &mut findings);
        }
        check::circles(&registry, &mut findings);
        if findings.has_errors() {
            return Err(findings.sorted());
        }
        Ok(registry)
    }

    fn apply(&mut self, amendment: &Amendment, findings: &mut Findings) {
        let id = amendment.institution.as_str();
        if self.institution(&amendment.institution).is_none() {
            let finding = Finding::error(
                Lint::UnknownInstitution,
                Some(amendment.place.clone()),
                format!("no organization or agreement {id:?}"),
            );
            findings.push_near(finding, id, self.institution_names());
            return;
        }
        if let Change::Strike { who, .. } | Change::Move { who, .. } = &amendment.change {
            check::parties_exist(self, who, &amendment.place, findings);
        }
        let added = amendment.added_act();
        if let Some(act) = &added {
            check::act(self, act, findings);
        }
        let Some(institution) = self.institutions_mut().get_mut(&amendment.institution) else {
            return;
        };
        match (&amendment.change, added) {
            (_, Some(act)) => institution.acts.push(act),
            (Change::Strike { act, who }, None) => {
                let before = institution.acts.clone();
                institution.acts = before
                    .iter()
                    .filter_map(|existing| struck(existing, *act, who))
                    .collect();
                if institution.acts == before {
                    findings.push(amendment.nothing_found(*act));
                }
            }
            (Change::Move { act, who, to }, None) => {
                let mut moved = Vec::new();
                for existing in &mut institution.acts {
                    moved.extend(split_for_move(existing, *act, who, to, &amendment.place));
                }
                if moved.is_empty() {
                    findings.push(amendment.nothing_found(Some(*act)));
                }
                institution
                    .acts
                    .retain(|act| act.who != Participants::Listed(Vec::new()));
                institution.acts.extend(moved.iter().cloned());
                for act in &moved {
                    check::act(self, act, findings);
                }
            }
            (Change::Add { .. }, None) => {}
        }
    }
}

impl Amendment {
    fn added_act(&self) -> Option<Act> {
        let Change::Add {
            kind,
            who,
            on,
            stage,
        } = &self.change
        else {
            return None;
        };
        Some(Act {
            kind: kind.clone(),
            who: who.clone(),
            claims: vec![scenario_claim(on, *stage, &self.place)],
            conflicts: Vec::new(),
            note: None,
            place: self.place.clone(),
        })
    }

    fn nothing_found(&self, act: Option<ActName>) -> Finding {
        let what = act.map_or_else(|| "act".to_owned(), |act| act.label().to_owned());
        Finding::error(
            Lint::UnknownAct,
            Some(self.place.clone()),
            format!("{} has no such {what} to change", self.institution),
        )
    }
}

fn scenario_claim(on: &EdtfDate, stage: Option<Stage>, place: &Place) -> Claim {
    Claim {
        on: Some(on.clone()),
        effect: None,
        stage,
        source: SourceId::new(SCENARIO_SOURCE),
        locator: None,
        rank: Rank::Normal { reason: None },
        denies: false,
        says: None,
        facts: Vec::new(),
        place: place.clone(),
    }
}

/// What is left of an act after a strike; `None` if nothing is.
fn struck(existing: &Act, act: Option<ActName>, who: &Participants) -> Option<Act> {
    if act.is_some_and(|act| act != existing.kind.name()) {
        return Some(existing.clone());
    }
    match (who, &existing.who) {
        (Participants::All, _) => None,
        (Participants::Listed(_), Participants::All) => Some(existing.clone()),
        (Participants::Listed(struck), Participants::Listed(parties)) => {
            let left = without(parties, struck);
            (!left.is_empty()).then(|| Act {
                who: Participants::Listed(left),
                ..existing.clone()
            })
        }
    }
}

/// Takes the moved parties out of `existing` and returns the act with the new date for
/// them. An act that is moved whole is left with an empty list, for the caller to drop.
fn split_for_move(
    existing: &mut Act,
    act: ActName,
    who: &Participants,
    to: &EdtfDate,
    place: &Place,
) -> Option<Act> {
    if existing.kind.name() != act {
        return None;
    }
    let (moved, left) = match (who, &existing.who) {
        (Participants::All, all) => (all.clone(), Participants::Listed(Vec::new())),
        (Participants::Listed(_), Participants::All) => return None,
        (Participants::Listed(wanted), Participants::Listed(parties)) => {
            let left = without(parties, wanted);
            if left.len() == parties.len() {
                return None;
            }
            let moved = without(parties, &left);
            (Participants::Listed(moved), Participants::Listed(left))
        }
    };
    let stage = existing.claims.iter().find_map(|claim| claim.stage);
    existing.who = left;
    Some(Act {
        who: moved,
        claims: vec![scenario_claim(to, stage, place)],
        place: place.clone(),
        ..existing.clone()
    })
}

fn without(parties: &[Party], removed: &[Party]) -> Vec<Party> {
    parties
        .iter()
        .filter(|party| !removed.contains(party))
        .cloned()
        .collect()
}
