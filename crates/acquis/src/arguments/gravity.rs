//! `acquis gravity`: what can be asked of a panel of trade.

use std::path::PathBuf;

use acquis_gravity::{Estimator, Resampling, Separation, SmallSample, StandardErrors};
use acquis_scenario::gravity::YearDay;
use clap::{Args, ValueEnum};

use super::GradeArgument;

const STAGES: &str = "Stages from the registry";
const INFERENCE: &str = "Inference";
const COLUMNS: &str = "Columns of the panel";
const WORLD: &str = "General equilibrium";
const OUTPUT: &str = "Output";

#[derive(Debug, Args)]
#[command(
    after_help = "Formulas: `trade ~ log(dist) + rta | exporter^year + importer^year | exporter^importer` \
    is outcome, regressors, fixed effects, clusters. i(year, border, ref = 2006), a:b, a*b, l(rta, 4), \
    f(rta, 4), I(exporter != importer), fe1^fe2, fe[slope]; c(a, b) ~ ..., sw(a, b), csw(a, b) state several. \
    `stages` stands for every column that --stages joins. The whole language: docs/gravity.md."
)]
pub(crate) struct Gravity {
    /// The panel: a CSV, Parquet or Stata file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Outcome, regressors, fixed effects and clusters; may be given more than once
    #[arg(long, short, required = true, value_name = "FORMULA")]
    pub(crate) formula: Vec<String>,
    /// What is estimated; several give a column each
    #[arg(long, value_delimiter = ',', default_value = "ppml")]
    pub(crate) estimator: Vec<EstimatorArgument>,
    /// Compute a column, such as "inner = exporter in {'RUS', 'BLR'} and importer in {'RUS',
    /// 'BLR'}"; may be given more than once
    #[arg(long = "let", value_name = "NAME = EXPRESSION")]
    pub(crate) computed: Vec<String>,
    /// Only the rows for which this holds, such as "year in {1986..2006 by 4} and exporter != importer"
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) condition: Option<String>,
    /// The column by which rows are weighed
    #[arg(long, value_name = "COLUMN")]
    pub(crate) weights: Option<String>,
    /// A column that is added with coefficient one
    #[arg(long, value_name = "COLUMN")]
    pub(crate) offset: Option<String>,
    #[command(flatten)]
    pub(crate) stages: Stages,
    #[command(flatten)]
    pub(crate) inference: Inference,
    #[command(flatten)]
    pub(crate) world: World,
    #[command(flatten)]
    pub(crate) columns: Columns,
    #[command(flatten)]
    pub(crate) output: Written,
}

#[derive(Debug, Args)]
pub(crate) struct Stages {
    /// Join a dummy for every stage between exporter and importer from a pack, at the grade in
    /// force or the one given
    #[arg(id = "stages", long, value_name = "PACK[@GRADE]", help_heading = STAGES)]
    pub(crate) pack: Option<AskedStages>,
    /// Years of lags, such as 4,8: `free_trade_area_lag4` is the stage four years before
    #[arg(long, value_name = "YEARS", value_delimiter = ',', requires = "stages", help_heading = STAGES)]
    pub(crate) lags: Vec<u16>,
    /// Years of leads, such as 4
    #[arg(long, value_name = "YEARS", value_delimiter = ',', requires = "stages", help_heading = STAGES)]
    pub(crate) leads: Vec<u16>,
    /// The day of each year whose law counts for the year
    #[arg(long, value_name = "MM-DD", default_value_t, requires = "stages", help_heading = STAGES)]
    pub(crate) day: YearDay,
    /// What the columns of exporter and importer hold
    #[arg(long, default_value = "iso3", requires = "stages", help_heading = STAGES)]
    pub(crate) codes: CodesArgument,
}

#[derive(Debug, Args)]
pub(crate) struct Inference {
    /// Cluster errors, such as exporter^importer, or exporter + importer + year for multiway
    #[arg(long, value_name = "COLUMNS", help_heading = INFERENCE)]
    pub(crate) cluster: Option<String>,
    /// The covariance
    #[arg(long, default_value = "automatic", help_heading = INFERENCE)]
    pub(crate) errors: ErrorsArgument,
    /// Small-sample factors of this program; several give a column each
    #[arg(long, value_delimiter = ',', default_value = "ppmlhdfe", help_heading = INFERENCE)]
    pub(crate) small_sample: Vec<SmallSampleArgument>,
    /// Coverage of the confidence intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, help_heading = INFERENCE)]
    pub(crate) confidence: f64,
    /// Correct estimates and errors for incidental parameters (Weidner and Zylkin 2021)
    #[arg(long, help_heading = INFERENCE)]
    pub(crate) bias_correction: bool,
    /// Draw the coefficients anew
    #[arg(long, value_name = "KIND", help_heading = INFERENCE)]
    pub(crate) bootstrap: Option<BootstrapArgument>,
    /// How many draws
    #[arg(long, value_name = "NUMBER", default_value_t = 499, requires = "bootstrap",
        value_parser = clap::value_parser!(u32).range(2..=1_000_000), help_heading = INFERENCE)]
    pub(crate) draws: u32,
    /// Where the random numbers start
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "bootstrap", help_heading = INFERENCE)]
    pub(crate) seed: u64,
    /// Test that these coefficients are zero together, such as `rta, rta_lag4`; may be given
    /// more than once
    #[arg(long, value_name = "NAMES", help_heading = INFERENCE)]
    pub(crate) test: Vec<String>,
    /// Keep levels with a single row, as fixest does
    #[arg(long, help_heading = INFERENCE)]
    pub(crate) keep_singletons: bool,
    /// When to look for rows that no finite estimate fits
    #[arg(long, default_value = "when-needed", help_heading = INFERENCE)]
    pub(crate) separation: SeparationArgument,
    /// Largest score that is taken for zero
    #[arg(long, value_name = "NUMBER", default_value_t = 1e-9, help_heading = INFERENCE)]
    pub(crate) tolerance: f64,
}

#[derive(Debug, Args)]
pub(crate) struct World {
    /// Solve for the world in which a regressor has other values, such as "rta = 0"; may be
    /// given more than once
    #[arg(long, value_name = "NAME = EXPRESSION", requires = "elasticity", help_heading = WORLD)]
    pub(crate) counterfactual: Vec<String>,
    /// The trade elasticity, sigma - 1
    #[arg(long, value_name = "NUMBER", help_heading = WORLD)]
    pub(crate) elasticity: Option<f64>,
    /// The period whose fitted trade is the baseline
    #[arg(long, value_name = "YEAR", help_heading = WORLD)]
    pub(crate) period: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Columns {
    /// The column of exporters; guessed from the names of the columns if left out
    #[arg(long, value_name = "COLUMN", help_heading = COLUMNS)]
    pub(crate) exporter: Option<String>,
    /// The column of importers
    #[arg(long, value_name = "COLUMN", help_heading = COLUMNS)]
    pub(crate) importer: Option<String>,
    /// The column of years
    #[arg(long, value_name = "COLUMN", help_heading = COLUMNS)]
    pub(crate) year: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Written {
    /// How to print the table
    #[arg(long, default_value = "text", conflicts_with = "json", help_heading = OUTPUT)]
    pub(crate) format: TableFormat,
    /// Mark p-values below 0.1, 0.05 and 0.01
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) stars: bool,
    /// Write the effects of stages with their covariance to a file that a scenario takes
    #[arg(long, value_name = "FILE", requires = "stages", help_heading = OUTPUT)]
    pub(crate) out: Option<PathBuf>,
    /// Write the fixed effects to a CSV file
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(crate) fixed_effects: Option<PathBuf>,
    /// Write multilateral resistances to a CSV file
    #[arg(long, value_name = "FILE", requires = "reference", help_heading = OUTPUT)]
    pub(crate) resistances: Option<PathBuf>,
    /// The importer whose inward resistance is one
    #[arg(long, value_name = "CODE", help_heading = OUTPUT)]
    pub(crate) reference: Option<String>,
}

/// A pack and a grade, as typed.
#[derive(Debug, Clone)]
pub(crate) struct AskedStages {
    /// The pack's name or folder; the one of the common options if empty.
    pub(crate) pack: String,
    /// The grade at which a stage counts.
    pub(crate) grade: acquis_law::Grade,
}

impl std::str::FromStr for AskedStages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (pack, grade) = match text.rsplit_once('@') {
            Some((pack, grade)) => {
                let known = GradeArgument::from_str(&grade.replace('_', "-"), true);
                let grade = known.map_err(|_| {
                    format!("{grade:?} is not a grade: signed, in-force or functioning")
                })?;
                (pack, grade.grade())
            }
            None => (text, acquis_law::Grade::InForce),
        };
        Ok(Self {
            pack: pack.to_owned(),
            grade,
        })
    }
}

/// An estimator as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EstimatorArgument {
    /// Poisson pseudo-maximum likelihood
    Ppml,
    /// Ordinary least squares
    Ols,
    /// Ordinary least squares of the logarithm, without zeros
    LogLinear,
}

impl EstimatorArgument {
    /// The estimator that is meant.
    pub(crate) const fn estimator(self) -> Estimator {
        match self {
            Self::Ppml => Estimator::Poisson,
            Self::Ols => Estimator::LeastSquares,
            Self::LogLinear => Estimator::LogLinear,
        }
    }
}

/// A covariance as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ErrorsArgument {
    /// Clustered where clusters are given, otherwise robust
    Automatic,
    /// As if the variance were as the model says
    Homoskedastic,
    /// Robust to heteroskedasticity
    Robust,
}

impl ErrorsArgument {
    /// The covariance that is meant.
    pub(crate) const fn errors(self) -> StandardErrors {
        match self {
            Self::Automatic => StandardErrors::Automatic,
            Self::Homoskedastic => StandardErrors::Homoskedastic,
            Self::Robust => StandardErrors::Robust,
        }
    }
}

/// A small-sample convention as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SmallSampleArgument {
    /// G/(G-1) for G clusters
    Ppmlhdfe,
    /// Also (N-1)/(N-K), K without effects nested in a cluster
    Fixest,
    /// None
    None,
}

impl SmallSampleArgument {
    /// The convention that is meant.
    pub(crate) const fn small_sample(self) -> SmallSample {
        match self {
            Self::Ppmlhdfe => SmallSample::Ppmlhdfe,
            Self::Fixest => SmallSample::Fixest,
            Self::None => SmallSample::None,
        }
    }
}

/// A search for separation as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SeparationArgument {
    /// Where the iterations don't prove that there is none
    WhenNeeded,
    /// Before every estimate
    Always,
    /// Only levels whose outcomes are all zero
    EffectsOnly,
}

impl SeparationArgument {
    /// The search that is meant.
    pub(crate) const fn separation(self) -> Separation {
        match self {
            Self::WhenNeeded => Separation::WhenNeeded,
            Self::Always => Separation::Always,
            Self::EffectsOnly => Separation::EffectsOnly,
        }
    }
}

/// A bootstrap as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum BootstrapArgument {
    /// Rows with replacement
    Pairs,
    /// Whole clusters of the first dimension with replacement
    Block,
    /// Signs of the clusters' scores, at the estimate
    Wild,
}

impl BootstrapArgument {
    /// The resampling that is meant.
    pub(crate) const fn resampling(self) -> Resampling {
        match self {
            Self::Pairs => Resampling::Pairs,
            Self::Block => Resampling::Blocks,
            Self::Wild => Resampling::Wild,
        }
    }
}

/// What names the states of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodesArgument {
    /// Codes of the pack (ISO 3166 alpha-3) or names
    Iso3,
    /// Numbers of the Correlates of War project
    Cow,
    /// Numbers of Gleditsch and Ward
    Gw,
}

/// A format of the printed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// For a terminal
    Text,
    /// LaTeX with booktabs
    Latex,
    /// Comma-separated values, a line for each coefficient
    Csv,
}
