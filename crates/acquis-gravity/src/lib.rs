//! Gravity equations: Poisson pseudo-maximum likelihood with any number of fixed effects.
//!
//! # What question it answers
//! By how much does an agreement, a border or a tariff change trade between two states, when
//! everything about the exporter in a year, the importer in a year and the pair is held fixed?
//! Columns go in, a table of coefficients with a certificate comes out. The crate knows no
//! states and no treaties.
//!
//! # The model
//! Trade of exporter `i` with importer `j` in year `t` has the expectation
//!
//! ```text
//! E[y_ijt] = μ_ijt = exp(x_ijt'β + π_it + χ_jt + η_ij)
//! ```
//!
//! where `π` and `χ` hold size and multilateral resistance (Anderson and van Wincoop 2003) and
//! `η` all that is constant between two states (Baier and Bergstrand 2007). Whatever the
//! distribution of `y`, zeros included, solving the score of Poisson's likelihood
//!
//! ```text
//! Σ x (y - μ) = 0      Σ_{rows of a level} (y - μ) = 0
//! ```
//!
//! is consistent for `β` (Santos Silva and Tenreyro 2006; with three sets of effects, Weidner
//! and Zylkin 2021). Ordinary least squares of `y` or `ln y` use the same effects.
//!
//! # Why it is hard
//! A panel of 265 states over 30 years has 86 thousand effects and two million rows. No matrix
//! of that order is ever formed: each Newton step regresses on `x` after projecting it off the
//! effects, at weights `μ`. Estimates may not exist (see [`separated_rows`]), and where
//! trade runs only between neighbours the usual projection by alternating means takes for ever,
//! or stops early and says that it converged.
//!
//! # Example
//! ```
//! use acquis_gravity::{Formula, Options, Table, estimate};
//!
//! let directory = std::env::temp_dir().join("acquis-gravity-example");
//! std::fs::create_dir_all(&directory)?;
//! let path = directory.join("trade.csv");
//! # let mut text = String::from("exporter,importer,year,trade,rta\n");
//! # for (i, j, t) in (0..300).map(|k| (k / 50, k / 5 % 10, k % 5)) {
//! #     let rta = u32::from((i + j) % 3 == 0 && t > (i + 2 * j) % 4);
//! #     let noise = f64::from((i * 7 + j * 13 + t * 29) % 17) / 17.0;
//! #     let trade = (0.5 * f64::from(rta) + noise + f64::from(i) * 0.3).exp();
//! #     text += &format!("E{i},I{j},{},{trade},{rta}\n", 2000 + t);
//! # }
//! # std::fs::write(&path, text)?;
//! let formula = "trade ~ rta | exporter^year + importer^year + exporter^importer";
//! let formula = Formula::parse(formula)?.clustered("exporter^importer")?;
//! let table = Table::read(&path, Some(&formula.columns()), &formula.numeric_columns())?;
//! let fit = estimate(&formula.design(&table)?, &Options::default())?;
//!
//! let rta = &fit.coefficients()[0];
//! assert!(rta.interval.0 < 0.5 && 0.5 < rta.interval.1);
//! assert!(fit.certificate.score <= 1e-9);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Without files: [`Design::new`] over slices of numbers and codes. [`fitted_trade`] hands a
//! fitted matrix over to general equilibrium, [`Fit::draws`] hands over draws of the estimates.
//!
//! # Method
//! 1. **The sample first.** Rows with missing values go; then singletons and levels whose
//!    outcomes are all zero, again and again. [`Fit::dropped`] says what went and why.
//! 2. **Start** with two sweeps of proportional fitting to the margins of the effects, no mean
//!    below a tenth of its outcome.
//! 3. **Newton's method.** The effect with most levels is eliminated exactly: for Poisson it is
//!    maximized out, so its score is zero throughout. The others are projected out by conjugate
//!    gradients, outcome and regressors in lockstep, from where the last step ended, no more
//!    accurately than the step deserves.
//! 4. **Poor connection.** If that stalls, the data may be separated, and are searched: first
//!    for what two sets of effects separate, which strongly connected components tell exactly
//!    in one pass, then for the rest. An additive Schwarz preconditioner (crate `within`)
//!    takes over. Nobody has to ask for it.
//! 5. **Stop** when the score after projection and the score of every effect are at the
//!    tolerance, *and* no mean still falls: on separated data the likelihood and the score
//!    settle while the means of separated rows go to zero by `1/e` at each step.
//!
//! Sums are cut into chunks that depend on the sample alone: the result is the same, to the
//! last bit, for any number of threads.
//!
//! # Inference
//! [`StandardErrors`] with the small-sample factors of ppmlhdfe or of fixest
//! ([`SmallSample`]); [`bias_correction`] for the incidental parameters of three-way gravity;
//! [`bootstrap`] of rows, of clusters, and of the scores' signs.
//!
//! # Separation, and what is true of a known data set
//! Of the nine data sets of Correia, Guimarães and Zylkin (2019) the seventh is unsolved by
//! ppmlhdfe's own methods. Its four marked rows are separated: the regressor `x2` is itself the
//! proof, as it is zero wherever the outcome is positive and never negative, and positive in
//! just these four. No further row is: on the others a finite maximum exists.
//!
//! # Speed
//! Whole estimations (sample, three sets of effects, clustered errors, a score of `1e-9`):
//! medians on the clock of two cores, in turn with pyfixest 0.60 on the same files and machine,
//! at its default tolerance of `1e-6`, which gives up on the ring after ten thousand sweeps:
//!
//! | panel | rows | seconds | memory | pyfixest |
//! |---|---:|---:|---:|---:|
//! | 70 countries, 20 years | 97 thousand | 0.024 | 17 MB | 0.55 |
//! | 150 countries, 30 years | 672 thousand | 0.17 | 89 MB | 4.8 |
//! | 265 countries, 30 years | 2.09 million | 0.47 | 290 MB | 14.7 |
//! | 580 countries, 60 years | 20.2 million | 5.6 | 2.4 GB | |
//! | ring of 600, 40 years | 104 thousand | 2.6 | 153 MB | none |
//!
//! Reading 2.1 million rows of seven columns takes 0.18 s from Parquet and 0.61 s from CSV.
//! `cargo bench -p acquis-gravity` repeats all but the last column,
//! `benches/pyfixest_comparison.py` that. In the ring 9 in 100 rows are separated or
//! singletons.
//!
//! What makes it fast: the rows of a pair are a run whose exporter-years and importer-years
//! follow on one another, so that a pass reads neither ids nor anything out of order; lanes in
//! vector registers, with exponentials and logarithms that the compiler turns into vector
//! instructions; no pass that writes what does not change; a regressor's projection no more
//! accurate than the step along it deserves.
//!
//! # What it leaves out
//! Other distributions than Poisson's (negative binomial, gamma), instrumental variables,
//! standard errors for spatial correlation, data larger than memory, Stata files older than
//! Stata 8. Several outcomes ([`estimate_each`]) share columns, codes and cores, but each has
//! its own sample and starts from its own margins.
//!
//! # How it fails
//! Loudly: [`DesignError`], [`FormulaError`] and [`TableError`] name the column, the line and
//! the nearest valid name; [`EstimateError::NotConverged`] and
//! [`EstimateError::Projection`] say what was reached. There is never a fit whose
//! [`Certificate`] is above its tolerance. Known weak spots:
//!
//! - Fixed effects are identified only up to constants; see [`Fit::effects`].
//! - Nearly separated data have a finite maximum with means close to zero; the estimate is
//!   right, and its standard error says how little it means.
//! - The exact bias-corrected covariance needs a dense inverse of the directional effects; above
//!   1,500 of them their dependence on each other is left out ([`BiasCorrection::exact`]).
//! - What two sets of effects separate is found in one pass. A search for hundreds of thousands
//!   of rows that only three sets, or regressors, separate takes longer than the estimate.
//!
//! # References
//! - Anderson, J. and E. van Wincoop (2003), "Gravity with Gravitas", American Economic Review
//!   93(1).
//! - Baier, S. and J. Bergstrand (2007), "Do free trade agreements actually increase members'
//!   international trade?", Journal of International Economics 71(1).
//! - Bergé, L. (2018), "Efficient estimation of maximum likelihood models with multiple
//!   fixed-effects: the R package `FENmlm`", CREA Discussion Paper 13.
//! - Cameron, C., J. Gelbach and D. Miller (2011), "Robust Inference With Multiway Clustering",
//!   Journal of Business and Economic Statistics 29(2).
//! - Correia, S., P. Guimarães and T. Zylkin (2019), "Verifying the existence of maximum
//!   likelihood estimates for generalized linear models"; (2020), "Fast Poisson estimation with
//!   high-dimensional fixed effects", Stata Journal 20(1).
//! - Fally, T. (2015), "Structural gravity and fixed effects", Journal of International
//!   Economics 97(1).
//! - Santos Silva, J. and S. Tenreyro (2006), "The Log of Gravity", Review of Economics and
//!   Statistics 88(4).
//! - Weidner, M. and T. Zylkin (2021), "Bias and consistency in three-way gravity models",
//!   Journal of International Economics 132.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rows, levels and codes are counted in 32 bits, which the sample's constructor \
              checks; files and spans are smaller than the machine's memory"
)]

mod arrange;
mod bias;
mod bootstrap;
mod components;
mod covariance;
mod cursor;
mod delimited;
mod dense;
mod design;
mod dyad;
mod elementary;
mod error;
mod estimate;
mod expression;
mod factor;
mod fit;
mod formula;
mod gram;
mod header;
mod newton;
mod objective;
mod options;
mod panel;
mod parquet;
mod projected;
mod projection;
mod quality;
mod random;
mod regression;
mod resistance;
mod sample;
mod schwarz;
mod separation;
mod stata;
mod strands;
mod table;

pub use bias::{BiasCorrection, Dimensions, bias_correction};
pub use bootstrap::{BootstrapDraws, Resampling, bootstrap};
pub use design::{Cluster, Column, Design, Effect};
pub use dyad::{DyadColumns, Dyads};
pub use error::{DesignError, EstimateError};
pub use estimate::{estimate, estimate_each, separated_rows};
pub use expression::Expression;
pub use factor::{Factor, MISSING};
pub use fit::{Certificate, ClusterCount, Coefficient, EffectEstimates, Fit};
pub use formula::{Formula, FormulaError, PanelColumns};
pub use options::{Estimator, Options, Separation, Singletons, SmallSample, StandardErrors};
pub use random::Random;
pub use regression::{
    Bootstrap, Bootstrapped, Regressed, RegressionError, RegressionPlan, WaldTest, regress,
};
pub use resistance::{Resistance, TradeMatrix, fitted_trade, multilateral_resistances};
pub use sample::{Dropped, Reason};
pub use table::{Table, TableColumn, TableError, Values};
