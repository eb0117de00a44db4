//! Views of a registry: as known by a date (what had been published) and as of a date
//! (what had taken effect). A view settles which of several claims about an act is used.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::claim::{Claim, Rank, Sourced};
use crate::date::{EdtfDate, Precision};
use crate::model::{Act, Institution, SourceId};
use crate::registry::Registry;

/// What was known of a registry by a date, or all of it.
#[derive(Debug, Clone, Copy)]
pub struct View<'r> {
    registry: &'r Registry,
    known_by: Option<Date>,
}

/// The claim in use among those about one thing, and the others that were known.
pub(crate) struct Settled<'r, C> {
    pub(crate) claim: &'r C,
    pub(crate) others: Vec<&'r C>,
    pub(crate) contested: bool,
}

/// An act in a view, with the claim that the view uses.
#[derive(Debug, Clone)]
pub struct KnownAct<'r> {
    /// The organization or agreement.
    pub institution: &'r Institution,
    /// The act.
    pub act: &'r Act,
    /// The number of the act in its file, from 0.
    pub ordinal: usize,
    /// The claim in use.
    pub claim: &'r Claim,
    /// The other claims that were known, deprecated ones among them.
    pub others: Vec<&'r Claim>,
    /// Whether a claim that is not deprecated disagrees with the one in use.
    pub contested: bool,
}

impl KnownAct<'_> {
    /// The first day of the new state of affairs; for a date of less than day precision
    /// its first possible day. `None` if nobody knows.
    pub fn effect(&self) -> Option<Date> {
        self.claim.takes_effect().and_then(EdtfDate::first_day)
    }

    /// Whether `day` falls in the span that the date of the act leaves open.
    pub fn leaves_open(&self, day: Date) -> bool {
        self.claim
            .takes_effect()
            .is_some_and(|date| date.leaves_open(day))
    }
}

impl<'r> View<'r> {
    pub(crate) const fn new(registry: &'r Registry, known_by: Option<Date>) -> Self {
        Self { registry, known_by }
    }

    /// The registry behind the view.
    pub const fn registry(&self) -> &'r Registry {
        self.registry
    }

    /// The date by which things had to be known; `None` for everything.
    pub const fn known_by(&self) -> Option<Date> {
        self.known_by
    }

    /// Whether a claim's source had been published.
    pub fn knows(&self, claim: &Claim) -> bool {
        self.knows_source(&claim.source)
    }

    /// Whether a source had been published.
    pub fn knows_source(&self, source: &SourceId) -> bool {
        self.known_by.is_none_or(|day| {
            self.registry
                .source(source)
                .is_some_and(|source| source.known_on(day))
        })
    }

    /// The acts of an institution that were known to have happened, in the order of their
    /// effect and then of the file.
    pub fn acts(&self, institution: &'r Institution) -> Vec<KnownAct<'r>> {
        let mut acts: Vec<_> = self
            .settled_acts(institution)
            .filter(|act| !act.claim.denies)
            .collect();
        acts.sort_by_key(|act| (act.effect(), act.ordinal));
        acts
    }

    /// The acts of which it was known that sources disagree about them, whether the claim
    /// in use affirms or denies.
    pub fn contested_acts(&self, institution: &'r Institution) -> Vec<KnownAct<'r>> {
        self.settled_acts(institution)
            .filter(|act| act.contested)
            .collect()
    }

    /// The same view on a day.
    pub const fn as_of(self, day: Date) -> AsOf<'r> {
        AsOf { view: self, day }
    }

    /// The acts of which anything was known, in the order of the file.
    pub(crate) fn settled_acts(
        &self,
        institution: &'r Institution,
    ) -> impl Iterator<Item = KnownAct<'r>> {
        let acts = institution.acts.iter().enumerate();
        acts.filter_map(move |(ordinal, act)| {
            let settled = self.settle_claims(&act.claims)?;
            Some(KnownAct {
                institution,
                act,
                ordinal,
                claim: settled.claim,
                others: settled.others,
                contested: settled.contested,
            })
        })
    }

    /// Chooses the claim in use: a preferred one; else, among the normal ones, the most
    /// precise, then the one published last, then the first in the file. `None` if no
    /// claim that may be used was known.
    pub(crate) fn settle_claims<C: Sourced>(&self, claims: &'r [C]) -> Option<Settled<'r, C>> {
        let known: Vec<&C> = claims
            .iter()
            .filter(|claim| self.knows_source(claim.source()))
            .collect();
        let usable = || known.iter().copied().filter(|claim| claim.is_usable());
        let claim = usable().min_by_key(|claim| {
            (
                !matches!(claim.rank(), Rank::Preferred { .. }),
                claim
                    .takes_effect()
                    .map_or(Precision::Unknown, EdtfDate::precision),
                Reverse(self.published(claim.source())),
            )
        })?;
        let contested = usable().any(|other| !claim.agrees_with(other));
        Some(Settled {
            claim,
            others: known
                .iter()
                .copied()
                .filter(|other| !std::ptr::eq(*other, claim))
                .collect(),
            contested,
        })
    }

    fn published(&self, source: &SourceId) -> Option<Date> {
        self.registry
            .source(source)
            .and_then(|source| source.published.as_ref())
            .and_then(EdtfDate::last_day)
    }
}

/// A view on a day: what had taken effect by then.
#[derive(Debug, Clone, Copy)]
pub struct AsOf<'r> {
    view: View<'r>,
    day: Date,
}

impl<'r> AsOf<'r> {
    /// The day.
    pub const fn day(&self) -> Date {
        self.day
    }

    /// The acts of an institution that had taken effect.
    pub fn acts(&self, institution: &'r Institution) -> Vec<KnownAct<'r>> {
        let mut acts = self.view.acts(institution);
        acts.retain(|act| act.effect().is_some_and(|effect| effect <= self.day));
        acts
    }

    /// The institutions of which at least one act had taken effect.
    pub fn institutions(&self) -> Vec<&'r Institution> {
        self.view
            .registry
            .institutions()
            .filter(|institution| !self.acts(institution).is_empty())
            .collect()
    }
}
