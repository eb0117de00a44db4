//! The estimated effects of stages, with their covariance and where they come from: what a
//! scenario takes in place of a constant of the literature.
//!
//! ```toml
//! [estimated]
//! data = "panel.parquet"
//! formula = "trade ~ stages | exporter^year + importer^year + exporter^importer"
//!
//! [effects]                     # on ln trade, against no stage
//! free_trade_area = 0.31
//! customs_union = 0.52
//!
//! [covariance.free_trade_area]
//! free_trade_area = 0.0025
//! customs_union = 0.0011
//! [covariance.customs_union]
//! free_trade_area = 0.0011
//! customs_union = 0.0049
//!
//! [[not_estimated]]
//! stage = "political_union"
//! why = "no pair of the panel has it"
//! ```

use std::fmt::Write as _;
use std::sync::Arc;

use acquis_gravity::{Estimator, Fit, Regressed, SmallSample, StandardErrors};
use acquis_law::Grade;
use acquis_registry::document::{self, Fields, Placed, Word as _};
use acquis_registry::{Finding, Findings, Lint, SourceText, Stage};

use super::join::StageJoin;

/// Relative asymmetry that rounding may leave in a covariance.
const ASYMMETRY: f64 = 1e-9;

/// Effects of stages on the logarithm of trade, estimated together.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct StageEstimates {
    /// The stages that were estimated, shallow to deep.
    pub stages: Vec<Stage>,
    /// Their effects against no stage.
    pub estimates: Vec<f64>,
    /// Covariance of the effects, row-major.
    pub covariance: Vec<f64>,
    /// Every other stage but none, and why it has no estimate.
    pub not_estimated: Vec<UnestimatedStage>,
    /// What they were estimated from, and how.
    pub from: EstimatedFrom,
}

/// A stage without an estimate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct UnestimatedStage {
    /// The stage.
    pub stage: Stage,
    /// Why.
    pub why: String,
}

/// Where estimates come from. Empty texts are not known.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct EstimatedFrom {
    /// The file with the panel.
    pub data: String,
    /// The condition on its rows.
    pub rows: String,
    /// The formula.
    pub formula: String,
    /// The estimator in words.
    pub estimator: String,
    /// The standard errors in words, with their small-sample convention.
    pub errors: String,
    /// Rows estimated on.
    pub observations: i64,
    /// The pack that the stages follow from.
    pub pack: String,
    /// The grade at which they count.
    pub grade: Option<Grade>,
    /// The day of the year, and what was known by when.
    pub law: String,
    /// What else a reader of the figures has to know.
    pub notes: Vec<String>,
    /// The projected score at the estimate.
    pub score: f64,
    /// The program that wrote it.
    pub made_by: String,
}

impl EstimatedFrom {
    /// In one sentence without its full stop.
    pub fn sentence(&self) -> String {
        let mut words = format!("estimated from {}", self.data);
        if !self.rows.is_empty() {
            let _ = write!(words, " ({})", self.rows);
        }
        if self.observations > 0 {
            let _ = write!(words, ", {} observations", self.observations);
        }
        let grade = self.grade.map(|grade| format!("stages {grade}"));
        let pack = (!self.pack.is_empty()).then(|| format!("of the pack {}", self.pack));
        let stages: Vec<String> = grade.into_iter().chain(pack).collect();
        for part in [&self.estimator, &self.errors, &stages.join(" ")] {
            if !part.is_empty() {
                let _ = write!(words, ", {part}");
            }
        }
        words
    }
}

impl StageEstimates {
    /// The effects that a regression gives the stages of a join: the coefficient of each, with
    /// those of its lags added; leads are no effect. Corrected for bias where the regression
    /// is.
    ///
    /// What `from` says of estimator, errors, observations, grade and score is set here.
    pub fn new(regressed: &Regressed, join: &StageJoin, from: EstimatedFrom) -> Self {
        let fit = &regressed.fit;
        let (values, covariance) = match &regressed.correction {
            Some(corrected) => (&corrected.corrected, &corrected.covariance),
            None => (&fit.estimates, &fit.covariance),
        };
        let mut from = from.of(regressed, join);
        let mut stages = Vec::new();
        let mut loads: Vec<Vec<usize>> = Vec::new();
        let mut not_estimated = Vec::new();
        for &stage in Stage::ALL.iter().filter(|stage| **stage != Stage::None) {
            match terms(fit, join, stage) {
                Terms::Found { at, lost } => {
                    if !lost.is_empty() {
                        let lost = lost.join(", ");
                        from.notes
                            .push(format!("{stage}: without {lost}, collinear"));
                    }
                    stages.push(stage);
                    loads.push(at);
                }
                Terms::Missing(why) => not_estimated.push(UnestimatedStage { stage, why }),
            }
        }
        let width = fit.names.len();
        let sum = |load: &Vec<usize>| load.iter().map(|&at| values[at]).sum();
        let mut joint = Vec::with_capacity(stages.len().pow(2));
        for rows in &loads {
            for columns in &loads {
                let cells = rows
                    .iter()
                    .flat_map(|row| columns.iter().map(move |column| (row, column)));
                joint.push(
                    cells
                        .map(|(row, column)| covariance[row * width + column])
                        .sum(),
                );
            }
        }
        Self {
            estimates: loads.iter().map(sum).collect(),
            covariance: joint,
            stages,
            not_estimated,
            from,
        }
    }

    /// The standard error of the effect at a position.
    pub fn standard_error(&self, at: usize) -> f64 {
        self.covariance[at * self.stages.len() + at].sqrt()
    }

    /// Why a stage has no estimate; `None` if it has one.
    pub fn why_not(&self, stage: Stage) -> Option<&str> {
        let found = self
            .not_estimated
            .iter()
            .find(|missing| missing.stage == stage);
        if let Some(missing) = found {
            return Some(&missing.why);
        }
        (!self.stages.contains(&stage)).then_some("the file has no estimate of it")
    }
}

impl EstimatedFrom {
    fn of(mut self, regressed: &Regressed, join: &StageJoin) -> Self {
        let fit = &regressed.fit;
        self.grade = Some(join.question.grade);
        estimator_words(fit.estimator).clone_into(&mut self.estimator);
        self.errors = if regressed.correction.is_some() {
            "clustered by pair, corrected for bias (Weidner and Zylkin 2021)".to_owned()
        } else {
            errors_words(fit)
        };
        self.observations = i64::try_from(fit.observations).unwrap_or(i64::MAX);
        self.score = fit.certificate.score;
        let lags = &join.question.lags;
        if !lags.is_empty() {
            let years: Vec<String> = lags.iter().map(u16::to_string).collect();
            let years = years.join(", ");
            self.notes.push(format!(
                "effects are the sums over lags of 0, {years} years"
            ));
        }
        self.notes.extend(fit.warnings.iter().cloned());
        self
    }
}

/// An estimator in words.
pub(crate) const fn estimator_words(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::Poisson => "Poisson pseudo-maximum likelihood",
        Estimator::LeastSquares => "ordinary least squares",
        Estimator::LogLinear => "ordinary least squares of the logarithm",
    }
}

fn errors_words(fit: &Fit) -> String {
    let kind = match fit.errors {
        StandardErrors::Homoskedastic => "homoskedastic".to_owned(),
        StandardErrors::Clustered => {
            let clusters = fit.clusters.iter();
            let names = clusters.map(|c| format!("{} ({})", c.name, c.clusters));
            format!("clustered by {}", names.collect::<Vec<_>>().join(" and "))
        }
        _ => "robust".to_owned(),
    };
    let convention = match fit.small_sample {
        SmallSample::Ppmlhdfe => "as in ppmlhdfe",
        SmallSample::Fixest => "as in fixest",
        SmallSample::None => "without small-sample factors",
    };
    format!("errors {kind}, {convention}")
}

/// The coefficients that make a stage's effect.
enum Terms {
    Found { at: Vec<usize>, lost: Vec<String> },
    Missing(String),
}

/// The coefficient of a column: its own, or else the one of its product with something that
/// limits it, such as `customs_union:inner`.
fn place(fit: &Fit, column: &str) -> Option<usize> {
    let own = fit.names.iter().position(|name| name == column);
    own.or_else(|| {
        let products = fit.names.iter().enumerate();
        let mut products = products.filter(|(_, name)| name.split(':').any(|part| part == column));
        match (products.next(), products.next()) {
            (Some((only, _)), None) => Some(only),
            _ => None,
        }
    })
}

fn terms(fit: &Fit, join: &StageJoin, stage: Stage) -> Terms {
    let columns = join
        .added
        .iter()
        .filter(|column| column.stage == stage && column.shift >= 0);
    let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    if columns.is_empty() {
        return Terms::Missing(format!(
            "no pair of the panel has it at the grade {:?}",
            join.question.grade.label()
        ));
    }
    let at: Vec<usize> = columns.iter().filter_map(|name| place(fit, name)).collect();
    let is = |own: &String, name: &str| own.split(':').any(|part| part == name);
    let collinear = |name: &&&str| fit.collinear.iter().any(|own| is(own, name));
    let lost: Vec<String> = columns
        .iter()
        .filter(collinear)
        .map(|name| (*name).to_owned())
        .collect();
    if !at.is_empty() {
        return Terms::Found { at, lost };
    }
    Terms::Missing(if lost.is_empty() {
        "it is not in the formula".to_owned()
    } else {
        "the fixed effects and the other regressors leave it no variation".to_owned()
    })
}

impl StageEstimates {
    /// The estimates as a file, see the module's page.
    pub fn to_toml(&self) -> String {
        let from = &self.from;
        let mut out = String::from(
            "# Effects of stages of integration on ln trade. A scenario takes them, draws included:\n\
             #\n#     [effects]\n#     file = \"effects.toml\"\n\n[estimated]\n",
        );
        let mut text = |key: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(out, "{key} = {}", quoted(value));
            }
        };
        text("made_by", &from.made_by);
        text("data", &from.data);
        text("rows", &from.rows);
        text("formula", &from.formula);
        text("estimator", &from.estimator);
        text("errors", &from.errors);
        text("pack", &from.pack);
        text("grade", from.grade.map_or("", |grade| grade.word()));
        text("law", &from.law);
        let _ = writeln!(out, "observations = {}", from.observations);
        let _ = writeln!(out, "score = {:?}", from.score);
        if !from.notes.is_empty() {
            let notes: Vec<String> = from.notes.iter().map(|note| quoted(note)).collect();
            let _ = writeln!(out, "notes = [{}]", notes.join(", "));
        }
        out.push_str("\n[effects]\n");
        let width = self.stages.len();
        for (at, stage) in self.stages.iter().enumerate() {
            let (estimate, error) = (self.estimates[at], self.standard_error(at));
            let _ = writeln!(out, "{} = {estimate:?}  # s.e. {error:.6}", stage.word());
        }
        for (row, stage) in self.stages.iter().enumerate() {
            let _ = writeln!(out, "\n[covariance.{}]", stage.word());
            for (column, other) in self.stages.iter().enumerate() {
                let cell = self.covariance[row * width + column];
                let _ = writeln!(out, "{} = {cell:?}", other.word());
            }
        }
        for missing in &self.not_estimated {
            let (stage, why) = (missing.stage.word(), quoted(&missing.why));
            let _ = write!(
                out,
                "\n[[not_estimated]]\nstage = \"{stage}\"\nwhy = {why}\n"
            );
        }
        out
    }

    /// Reads a file of estimates.
    ///
    /// # Errors
    /// Every mistake, at its place.
    pub fn read(file: &Arc<SourceText>) -> Result<Self, Findings> {
        let mut findings = Findings::default();
        let read = document::read(file, &mut findings, decode);
        match read.flatten() {
            Some(estimates) if !findings.has_errors() => Ok(estimates),
            _ => Err(findings.sorted()),
        }
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn decode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<StageEstimates> {
    let from = fields.table("estimated", "[estimated]", findings, provenance);
    fields.require("effects", findings);
    let effects_place = fields.place_at("effects");
    let given = fields.table("effects", "[effects]", findings, by_stage)?;
    if given.is_empty() {
        findings.push(Finding::error(
            Lint::Format,
            Some(effects_place),
            "the file has no effect of any stage",
        ));
        return None;
    }
    fields.require("covariance", findings);
    let stages: Vec<Stage> = given.iter().map(|(stage, _)| *stage).collect();
    let covariance = fields.table(
        "covariance",
        "[covariance]",
        findings,
        |fields, findings| matrix(&stages, fields, findings),
    );
    let not_estimated = fields.tables("not_estimated", "a stage", findings, |fields, findings| {
        fields.require("stage", findings);
        let stage = fields.word("stage", findings);
        let why = fields.required_text("why", findings);
        Some(UnestimatedStage {
            stage: stage?,
            why: why?.value,
        })
    });
    Some(StageEstimates {
        estimates: given.iter().map(|(_, effect)| *effect).collect(),
        stages,
        covariance: covariance??,
        not_estimated,
        from: from?,
    })
}

fn provenance(fields: &mut Fields<'_>, findings: &mut Findings) -> EstimatedFrom {
    let mut text = |key| {
        fields
            .text(key, findings)
            .map_or_else(String::new, |text| text.value)
    };
    let mut from = EstimatedFrom {
        made_by: text("made_by"),
        data: text("data"),
        rows: text("rows"),
        formula: text("formula"),
        estimator: text("estimator"),
        errors: text("errors"),
        pack: text("pack"),
        law: text("law"),
        ..EstimatedFrom::default()
    };
    from.grade = fields.word("grade", findings);
    from.observations = fields
        .whole_number("observations", findings)
        .map_or(0, |n| n.value);
    from.score = fields
        .number("score", findings)
        .map_or(0.0, |score| score.value);
    let notes = fields.texts("notes", findings);
    from.notes = notes.into_iter().map(|note| note.value).collect();
    from
}

/// Numbers by stage, shallow to deep.
fn by_stage(fields: &mut Fields<'_>, findings: &mut Findings) -> Vec<(Stage, f64)> {
    let mut found = Vec::new();
    for (name, number) in fields.numbers_by_name(findings) {
        if let Some(stage) = stage_named(&name, findings) {
            found.push((stage, number));
        }
    }
    found.sort_by_key(|(stage, _)| *stage);
    found
}

/// The stage that a key names; not none, which has no effect by definition.
pub(crate) fn stage_named(name: &Placed<String>, findings: &mut Findings) -> Option<Stage> {
    let stage = Stage::from_word(&name.value);
    if stage.is_none() {
        let message = format!("{:?} is not a stage", name.value);
        let words = Stage::ALL.iter().map(|stage| stage.word());
        let finding = Finding::error(Lint::Word, Some(name.place.clone()), message);
        findings.push(finding.near(&name.value, words));
    }
    stage
}

/// A covariance with a row for each stage.
fn matrix(stages: &[Stage], fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Vec<f64>> {
    let place = fields.place();
    let mut cells = Vec::with_capacity(stages.len().pow(2));
    for stage in stages {
        fields.require(stage.word(), findings)?;
        let row = fields.table(stage.word(), "a row of the covariance", findings, by_stage)?;
        let named: Vec<Stage> = row.iter().map(|(stage, _)| *stage).collect();
        if named != stages {
            let place = fields.place_at(stage.word());
            let message = format!("the row of {stage} has {} figures", named.len());
            findings.push(
                Finding::error(Lint::Format, Some(place), message)
                    .expecting("one for each stage of [effects]"),
            );
            return None;
        }
        cells.extend(row.into_iter().map(|(_, cell)| cell));
    }
    let width = stages.len();
    let wrong = (0..width)
        .flat_map(|i| (0..=i).map(move |j| (i, j)))
        .find(|&(i, j)| {
            let (one, other) = (cells[i * width + j], cells[j * width + i]);
            let size = (cells[i * width + i] * cells[j * width + j]).abs().sqrt();
            (one - other).abs() > ASYMMETRY * size
                || one.abs() > size * (1.0 + ASYMMETRY)
                || cells[i * width + i] < 0.0
        });
    if let Some((i, j)) = wrong {
        let (one, other) = (stages[i], stages[j]);
        let message = format!("{one} and {other} can't vary together like this");
        findings.push(
            Finding::error(Lint::Number, Some(place), message)
                .expecting("a covariance: symmetric, with variances that are not below zero"),
        );
        return None;
    }
    Some(cells)
}
