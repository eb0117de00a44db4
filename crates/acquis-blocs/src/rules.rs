//! What counts as a gain, and who may join.

use std::fmt;

use acquis_coalitions::{Coalition, Player};

/// What doesn't count as a gain, in the unit of payoffs: set it above the error of the solver behind
/// the payoff. By default `1e-12`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Tolerance(f64);

/// A tolerance that is negative or no number.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a tolerance must be finite and not negative, not {amount}")]
pub struct ToleranceError {
    /// What was given.
    pub amount: f64,
}

impl Tolerance {
    /// Every gain counts.
    pub const EXACT: Self = Self(0.0);

    /// Gains up to this amount don't count.
    ///
    /// # Errors
    /// [`ToleranceError`] if it is negative or no number.
    pub fn new(amount: f64) -> Result<Self, ToleranceError> {
        if amount >= 0.0 && amount.is_finite() {
            Ok(Self(amount))
        } else {
            Err(ToleranceError { amount })
        }
    }

    /// The amount.
    pub const fn amount(self) -> f64 {
        self.0
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self(1e-12)
    }
}

/// The terms on which stability is judged.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// What doesn't count as a gain.
    pub tolerance: Tolerance,
    /// What an outsider does who neither gains nor loses by joining.
    pub indifferent: Indifference,
    /// Who decides on an applicant.
    pub admission: Admission<'a>,
}

/// What an outsider does who neither gains nor loses by joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Indifference {
    /// It stays out: a bloc is externally stable if nobody gains (d'Aspremont and others 1983).
    #[default]
    StaysOut,
    /// It joins: a bloc is externally stable if everybody outside loses by joining.
    Joins,
}

/// Who decides on an applicant.
#[derive(Clone, Copy, Default)]
pub enum Admission<'a> {
    /// Open membership: nobody.
    #[default]
    Open,
    /// Exclusive membership: each member can refuse, and does if it loses.
    Unanimity,
    /// The union's own rule.
    Rule(&'a (dyn Fn(Application) -> bool + Sync)),
}

/// An applicant before the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Application {
    /// Who decides.
    pub members: Coalition,
    /// Those of them who don't lose by the accession.
    pub in_favour: Coalition,
    /// Who asks.
    pub candidate: Player,
}

impl Default for Rules<'_> {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            indifferent: Indifference::StaysOut,
            admission: Admission::Open,
        }
    }
}

impl<'a> Rules<'a> {
    /// These rules with another admission.
    #[must_use]
    pub fn with_admission(self, admission: Admission<'a>) -> Self {
        Self { admission, ..self }
    }

    /// Whether one who gets `now` prefers `then`.
    pub(crate) fn gains(&self, now: f64, then: f64) -> bool {
        then > now + self.tolerance.amount()
    }

    /// Whether an outsider applies.
    pub(crate) fn applies(&self, outside: f64, inside: f64) -> bool {
        match self.indifferent {
            Indifference::StaysOut => self.gains(outside, inside),
            Indifference::Joins => !self.gains(inside, outside),
        }
    }
}

impl Admission<'_> {
    pub(crate) fn admits(&self, application: Application) -> bool {
        match self {
            Self::Open => true,
            Self::Unanimity => application.in_favour == application.members,
            Self::Rule(rule) => rule(application),
        }
    }
}

impl fmt::Debug for Admission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Unanimity => "Unanimity",
            Self::Rule(_) => "Rule",
        })
    }
}
