//! How an estimation fails.

use thiserror::Error;

/// A design that cannot be estimated as stated.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DesignError {
    /// A column does not have one value per row.
    #[error("`{column}` has {got} rows, the dependent variable {expected}")]
    Length {
        /// The column.
        column: String,
        /// Rows of the dependent variable.
        expected: usize,
        /// Rows of the column.
        got: usize,
    },
    /// Two regressors, or two sets of fixed effects, of one name.
    #[error("`{0}` appears twice")]
    Repeated(String),
    /// A code without a label.
    #[error("code {code} has no label: there are {labels}")]
    UnknownLevel {
        /// The code.
        code: usize,
        /// Labels given.
        labels: usize,
    },
    /// A weight below zero.
    #[error("weight {value} in row {row} is negative")]
    NegativeWeight {
        /// Row, from 1.
        row: usize,
        /// The weight.
        value: f64,
    },
    /// Poisson needs a dependent variable that is not negative.
    #[error("`{outcome}` is {value} in row {row} ({rows} such rows): it must not be negative")]
    NegativeOutcome {
        /// The dependent variable.
        outcome: String,
        /// First such row, from 1.
        row: usize,
        /// Its value.
        value: f64,
        /// How many there are.
        rows: usize,
    },
    /// Clustered errors need at least two clusters.
    #[error("clustering by `{cluster}` leaves {clusters} cluster(s): at least two are needed")]
    TooFewClusters {
        /// The dimension.
        cluster: String,
        /// Clusters in the sample.
        clusters: usize,
    },
    /// An option out of its range.
    #[error("{option} = {value}: {expected}")]
    Option {
        /// The option.
        option: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// More rows than row numbers can count.
    #[error("{0} rows are more than the {max} that can be numbered", max = u32::MAX - 1)]
    TooManyRows(usize),
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum EstimateError {
    /// The design is wrong.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// No row is left.
    #[error("no row is left to estimate on: {0}")]
    EmptySample(String),
    /// The outer iterations ended without meeting the tolerance.
    #[error(
        "not converged after {iterations} iterations: the score is {score:.2e}, wanted {tolerance:.0e}"
    )]
    NotConverged {
        /// Outer iterations made.
        iterations: usize,
        /// The projected score reached.
        score: f64,
        /// The score wanted.
        tolerance: f64,
    },
    /// The projection off the fixed effects could not be made accurate.
    #[error(
        "the fixed effects could not be projected out after {iterations} inner iterations: the panel is too poorly connected"
    )]
    Projection {
        /// Inner iterations made.
        iterations: usize,
    },
    /// More regressors than independent pieces of information.
    #[error("{parameters} parameters and {rows} rows leave no degree of freedom")]
    NoFreedom {
        /// Parameters that count.
        parameters: usize,
        /// Rows.
        rows: usize,
    },
    /// The search for separated rows did not come to an end.
    #[error("whether the estimates exist was not settled after {rounds} rounds of the rectifier")]
    SeparationUnsettled {
        /// Rounds made.
        rounds: usize,
    },
    /// What was asked for does not apply to this fit.
    #[error("{0}")]
    NotApplicable(String),
}
