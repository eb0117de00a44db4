//! What a view holds that is not an act: each statement, instrument, indicator, organ and
//! decision rule with the claim in use, and each known conflict with all that belongs to it.

use crate::claim::Assertion;
use crate::model::Institution;
use crate::statement::{Conflict, Indicator, Instrument, Organ, OrganRule, Statement};
use crate::view::{KnownAct, Settled, View};

/// Something that sources speak of, in a view, with the claim that the view uses.
#[derive(Debug, Clone)]
pub struct Known<'r, T> {
    /// What the claims are about.
    pub subject: &'r T,
    /// The claim in use.
    pub claim: &'r Assertion,
    /// The other claims that were known, deprecated ones among them.
    pub others: Vec<&'r Assertion>,
    /// Whether a claim that is not deprecated disagrees with the one in use.
    pub contested: bool,
}

/// A statement in a view.
pub type KnownStatement<'r> = Known<'r, Statement>;
/// An instrument in a view.
pub type KnownInstrument<'r> = Known<'r, Instrument>;
/// An indicator in a view.
pub type KnownIndicator<'r> = Known<'r, Indicator>;
/// A decision rule in a view.
pub type KnownRule<'r> = Known<'r, OrganRule>;

/// An organ in a view, with its rules.
#[derive(Debug, Clone)]
pub struct KnownOrgan<'r> {
    /// The institution it belongs to.
    pub institution: &'r Institution,
    /// The organ.
    pub organ: Known<'r, Organ>,
    /// Its decision rules that were known, in the order of the file.
    pub rules: Vec<KnownRule<'r>>,
}

/// A known conflict in a view, with everything that belongs to it and was known.
#[derive(Debug, Clone)]
pub struct KnownConflict<'r> {
    /// The conflict.
    pub conflict: &'r Conflict,
    /// Acts, whether the claim in use affirms or denies them.
    pub acts: Vec<KnownAct<'r>>,
    /// Statements.
    pub statements: Vec<KnownStatement<'r>>,
    /// Instruments.
    pub instruments: Vec<KnownInstrument<'r>>,
    /// Indicators.
    pub indicators: Vec<KnownIndicator<'r>>,
    /// Organs: those that carry the conflict themselves, or in one of their rules. Of the
    /// rules only those that carry it, where the organ does not.
    pub organs: Vec<KnownOrgan<'r>>,
}

impl<'r> View<'r> {
    /// The statements that had been made.
    pub fn statements(&self) -> Vec<KnownStatement<'r>> {
        let known = |subject: &'r Statement| self.settle_subject(subject, &subject.claims);
        self.registry().statements().filter_map(known).collect()
    }

    /// The instruments of which had been told.
    pub fn instruments(&self) -> Vec<KnownInstrument<'r>> {
        let known = |subject: &'r Instrument| self.settle_subject(subject, &subject.claims);
        self.registry().instruments().filter_map(known).collect()
    }

    /// The figures that had been given.
    pub fn indicators(&self) -> Vec<KnownIndicator<'r>> {
        let known = |subject: &'r Indicator| self.settle_subject(subject, &subject.claims);
        self.registry().indicators().filter_map(known).collect()
    }

    /// The organs of an institution that were known, in the order of the file.
    pub fn organs(&self, institution: &'r Institution) -> Vec<KnownOrgan<'r>> {
        let known = |organ: &'r Organ| {
            Some(KnownOrgan {
                institution,
                organ: self.settle_subject(organ, &organ.claims)?,
                rules: organ
                    .rules
                    .iter()
                    .filter_map(|rule| self.settle_subject(rule, &rule.claims))
                    .collect(),
            })
        };
        institution.organs.iter().filter_map(known).collect()
    }

    /// The conflicts that the pack lists, in the order of their ids, each with what belongs
    /// to it and was known.
    pub fn conflicts(&self) -> Vec<KnownConflict<'r>> {
        self.registry()
            .conflicts()
            .map(|conflict| self.conflict(conflict))
            .collect()
    }

    fn conflict(&self, conflict: &'r Conflict) -> KnownConflict<'r> {
        let belongs = |conflicts: &[String]| conflicts.contains(&conflict.id);
        let mut known = KnownConflict {
            conflict,
            acts: Vec::new(),
            statements: self.statements(),
            instruments: self.instruments(),
            indicators: self.indicators(),
            organs: Vec::new(),
        };
        known
            .statements
            .retain(|known| belongs(&known.subject.conflicts));
        known
            .instruments
            .retain(|known| belongs(&known.subject.conflicts));
        known
            .indicators
            .retain(|known| belongs(&known.subject.conflicts));
        for institution in self.registry().institutions() {
            let acts = self.settled_acts(institution);
            known
                .acts
                .extend(acts.filter(|act| belongs(&act.act.conflicts)));
            for mut organ in self.organs(institution) {
                if !belongs(&organ.organ.subject.conflicts) {
                    organ.rules.retain(|rule| belongs(&rule.subject.conflicts));
                    if organ.rules.is_empty() {
                        continue;
                    }
                }
                known.organs.push(organ);
            }
        }
        known
    }

    fn settle_subject<T>(&self, subject: &'r T, claims: &'r [Assertion]) -> Option<Known<'r, T>> {
        let Settled {
            claim,
            others,
            contested,
        } = self.settle_claims(claims)?;
        Some(Known {
            subject,
            claim,
            others,
            contested,
        })
    }
}
