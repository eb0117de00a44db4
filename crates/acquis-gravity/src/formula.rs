//! The formula language, as R's fixest and Stata's ppmlhdfe have it.
//!
//! ```text
//! trade ~ log(dist) + rta + border:i(year, ref = 1986) | exporter^year + importer^year | exporter^importer
//! outcome ~ regressors            | fixed effects                     | clusters
//! ```
//!
//! - A regressor is a column; `log(...)` (also `ln log10 log1p exp sqrt abs asinh`) or `I(...)`
//!   of an [`Expression`]; a number's power `column^2`; a product `a:b`; or
//!   `i(column, ref = level)`: a dummy for every level but the reference (`ref = c(a, b)` for
//!   several), times a second column in `i(column, other, ref = level)`. In a product, a
//!   column of texts is taken as `i(...)`, and so is a year or other code if it is written
//!   so. `a*b` is `a + b + a:b`. `1` and `0` are ignored where there are effects.
//! - `l(column, 4)` and `f(column, 4)` are the value four periods before and after, within the
//!   panel ([`Formula::with_shifts`]); `l(column, 0:3)` and `l(column, c(4, 8))` are several.
//! - A fixed effect is a column, a combination `a^b`, one slope per level `a[[x]]`, or both
//!   intercept and slope per level `a[x]`; in Stata's words `i.a#i.b`, `a#c.x`, `a##c.x`.
//! - `cluster` may also be given apart, see [`Formula::clustered`].
//! - One text may state several formulas ([`Formula::parse_each`]): several outcomes,
//!   `c(a, b) ~ ...` or `a + b ~ ...`, and regressors or effects step by step, `sw(a, b)` (one
//!   after the other), `csw(a, b)` (one more each time), `sw0` and `csw0` (also without any).

mod read;
mod shift;

use std::borrow::Cow;

use thiserror::Error;

use crate::design::Design;
use crate::error::DesignError;
use crate::expression::Expression;
use crate::factor::{Factor, MISSING};
use crate::table::{Table, TableError, Values, nearest};

pub use shift::PanelColumns;

/// A formula that cannot be read, or does not fit the table.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FormulaError {
    /// Not a formula.
    #[error("column {column} of `{formula}`: {what}")]
    Syntax {
        /// The formula.
        formula: String,
        /// Place of the mistake, from 1.
        column: usize,
        /// What was expected there.
        what: String,
    },
    /// A level that its column does not have.
    #[error("`{column}` has no level `{level}`{}", nearest.as_ref().map_or_else(String::new, |n| format!(": did you mean `{n}`?")))]
    UnknownLevel {
        /// The column.
        column: String,
        /// The level asked for.
        level: String,
        /// The most similar level there is.
        nearest: Option<String>,
    },
    /// Texts and numbers where they don't go together.
    #[error("{0}")]
    Mixed(String),
    /// Two rows of the panel for one unit and time, so that a lag has no meaning.
    #[error("rows {first} and {second} are both {unit} in {time}: a lag needs one row for each")]
    TwoRows {
        /// The first row, from 1.
        first: usize,
        /// The second.
        second: usize,
        /// The unit.
        unit: String,
        /// The time.
        time: f64,
    },
    /// A lag in a formula whose table has not been given lags.
    #[error("`{0}` needs the panel's units and times: see Formula::with_shifts")]
    NoPanel(String),
    /// The table does not have what the formula names.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The design is wrong.
    #[error(transparent)]
    Design(#[from] DesignError),
}

/// A formula that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    outcome: Operand,
    regressors: Vec<Vec<Operand>>,
    effects: Vec<EffectTerm>,
    clusters: Vec<Vec<String>>,
    weights: Option<String>,
    offset: Option<String>,
}

/// One factor of a product.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Column(String),
    Computed(Expression),
    Levels {
        column: String,
        references: Vec<String>,
    },
    /// The value `by` periods before.
    Shifted {
        column: String,
        by: i32,
    },
}

#[derive(Debug, Clone, PartialEq)]
struct EffectTerm {
    parts: Vec<String>,
    slopes: Vec<String>,
    intercept: bool,
}

impl Formula {
    /// Reads a formula with one outcome and one set of regressors.
    ///
    /// # Errors
    /// [`FormulaError::Syntax`] with the place of the mistake.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let mut each = Self::parse_each(text)?;
        if each.len() > 1 {
            return Err(FormulaError::Syntax {
                formula: text.to_owned(),
                column: 1,
                what: format!("{} formulas where one is expected", each.len()),
            });
        }
        Ok(each.remove(0))
    }

    /// Reads a text that may state several formulas: by outcome, then by effects, then by
    /// regressors. There is at least one.
    ///
    /// # Errors
    /// [`FormulaError::Syntax`] with the place of the mistake.
    pub fn parse_each(text: &str) -> Result<Vec<Self>, FormulaError> {
        read::formulas(text)
    }

    /// Adds dimensions of clustering, written as `exporter^importer + year`.
    ///
    /// # Errors
    /// [`FormulaError::Syntax`].
    pub fn clustered(mut self, text: &str) -> Result<Self, FormulaError> {
        self.clusters.extend(read::clusters(text)?);
        Ok(self)
    }

    /// Weighs the rows by a column.
    #[must_use]
    pub fn weighted(mut self, column: &str) -> Self {
        self.weights = Some(column.to_owned());
        self
    }

    /// Adds a column with coefficient one.
    #[must_use]
    pub fn with_offset(mut self, column: &str) -> Self {
        self.offset = Some(column.to_owned());
        self
    }

    /// Puts columns in the place of a regressor that stands for all of them.
    #[must_use]
    pub fn with_group(mut self, word: &str, columns: &[String]) -> Self {
        let group = Operand::Column(word.to_owned());
        let mut regressors: Vec<Vec<Operand>> = Vec::new();
        for product in self.regressors {
            let Some(at) = product.iter().position(|operand| *operand == group) else {
                regressors.push(product);
                continue;
            };
            for column in columns {
                let mut one = product.clone();
                one[at] = Operand::Column(column.clone());
                if !regressors.contains(&one) {
                    regressors.push(one);
                }
            }
        }
        self.regressors = regressors;
        self
    }

    /// Name of the outcome.
    pub fn outcome(&self) -> String {
        self.outcome.name()
    }

    /// Whether two formulas differ in their outcome only.
    pub fn shares_regressors(&self, other: &Self) -> bool {
        let own = (&self.regressors, &self.effects, &self.clusters);
        own == (&other.regressors, &other.effects, &other.clusters)
            && (&self.weights, &self.offset) == (&other.weights, &other.offset)
    }

    /// Every column that the formula names, each once, in alphabetical order.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self.operands().flat_map(Operand::columns).collect();
        for effect in &self.effects {
            let named = effect.parts.iter().chain(&effect.slopes);
            columns.extend(named.map(String::as_str));
        }
        columns.extend(self.clusters.iter().flatten().map(String::as_str));
        columns.extend(self.weights.as_deref());
        columns.extend(self.offset.as_deref());
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The columns of them that must hold numbers.
    pub fn numeric_columns(&self) -> Vec<&str> {
        let mut columns = self.outcome.columns();
        for product in &self.regressors {
            for operand in product {
                match operand {
                    Operand::Column(column) if product.len() == 1 => columns.push(column),
                    Operand::Column(_) | Operand::Levels { .. } => {}
                    Operand::Computed(expression) => columns.extend(expression.numeric_columns()),
                    Operand::Shifted { column, .. } => columns.push(column),
                }
            }
        }
        let slopes = self.effects.iter().flat_map(|effect| &effect.slopes);
        columns.extend(slopes.map(String::as_str));
        columns.extend(self.weights.as_deref());
        columns.extend(self.offset.as_deref());
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn operands(&self) -> impl Iterator<Item = &Operand> {
        std::iter::once(&self.outcome).chain(self.regressors.iter().flatten())
    }

    /// The outcome's values in every row.
    ///
    /// # Errors
    /// As [`Self::design`].
    pub fn outcome_values<'t>(&'t self, table: &'t Table) -> Result<Cow<'t, [f64]>, FormulaError> {
        self.outcome.numbers(table)
    }

    /// The design that the formula states over a table's columns.
    ///
    /// # Errors
    /// [`FormulaError`] if the table does not have a column, or has texts where numbers are
    /// needed.
    pub fn design<'t>(&'t self, table: &'t Table) -> Result<Design<'t>, FormulaError> {
        let mut design = Design::new(self.outcome.name(), self.outcome.numbers(table)?);
        for product in &self.regressors {
            for (name, values) in expand(product, table)? {
                design = design.regressor(name, values)?;
            }
        }
        for effect in &self.effects {
            let name = effect.parts.join("^");
            let factor = crossed(&effect.parts, table)?;
            for slope in &effect.slopes {
                let values = table.numbers(slope)?;
                let name = format!("{name}[[{slope}]]");
                design = design.varying_slope(name, factor.clone(), slope, values)?;
            }
            if effect.intercept {
                design = design.effect(name, factor)?;
            }
        }
        for parts in &self.clusters {
            design = design.cluster(parts.join("^"), crossed(parts, table)?)?;
        }
        if let Some(column) = &self.weights {
            design = design.weights(column, table.numbers(column)?)?;
        }
        if let Some(column) = &self.offset {
            design = design.offset(column, table.numbers(column)?)?;
        }
        Ok(design)
    }
}

fn crossed<'a>(parts: &[String], table: &'a Table) -> Result<Factor<'a>, FormulaError> {
    if let [single] = parts {
        return Ok(table.factor(single)?);
    }
    let factors: Vec<Factor<'_>> = parts
        .iter()
        .map(|part| table.factor(part))
        .collect::<Result<_, _>>()?;
    let references: Vec<&Factor<'_>> = factors.iter().collect();
    Ok(Factor::cross(&references)?)
}

impl Operand {
    fn columns(&self) -> Vec<&str> {
        match self {
            Self::Computed(expression) => expression.columns(),
            Self::Column(column) | Self::Levels { column, .. } | Self::Shifted { column, .. } => {
                vec![column]
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Column(column) | Self::Levels { column, .. } => column.clone(),
            Self::Computed(expression) => expression.text().to_owned(),
            Self::Shifted { column, by } if *by < 0 => format!("f({column}, {})", -by),
            Self::Shifted { column, by } => format!("l({column}, {by})"),
        }
    }

    fn numbers<'t>(&'t self, table: &'t Table) -> Result<Cow<'t, [f64]>, FormulaError> {
        match self {
            Self::Computed(expression) => expression.numbers(table),
            Self::Column(column) | Self::Levels { column, .. } => {
                Ok(Cow::Borrowed(table.numbers(column)?))
            }
            Self::Shifted { .. } => {
                let name = self.name();
                match table.numbers(&name) {
                    Ok(numbers) => Ok(Cow::Borrowed(numbers)),
                    Err(_) => Err(FormulaError::NoPanel(name)),
                }
            }
        }
    }

    /// Whether the column holds texts, which stand for dummies in a product.
    fn is_of_texts(&self, table: &Table) -> Result<bool, FormulaError> {
        let Self::Column(column) = self else {
            return Ok(false);
        };
        let position = table.position(column)?;
        Ok(matches!(table.columns[position].values, Values::Texts(_)))
    }
}

/// A name and one value per row.
type Named<'a> = (String, Cow<'a, [f64]>);

/// Names and values of all columns of a product.
fn expand<'t>(product: &'t [Operand], table: &'t Table) -> Result<Vec<Named<'t>>, FormulaError> {
    let mut columns: Vec<Named<'t>> = Vec::new();
    for operand in product {
        let next = match operand {
            Operand::Levels { column, references } => dummies(column, references, table)?,
            Operand::Column(column) if product.len() > 1 && operand.is_of_texts(table)? => {
                dummies(column, &[], table)?
            }
            _ => vec![(operand.name(), operand.numbers(table)?)],
        };
        if columns.is_empty() {
            columns = next;
            continue;
        }
        let mut products = Vec::with_capacity(columns.len() * next.len());
        for (left, x) in &columns {
            for (right, z) in &next {
                let values: Vec<f64> = x.iter().zip(z.iter()).map(|(x, z)| x * z).collect();
                products.push((format!("{left}:{right}"), Cow::Owned(values)));
            }
        }
        columns = products;
    }
    Ok(columns)
}

/// A column of zeros and ones for every level but the references.
fn dummies<'t>(
    column: &str,
    references: &[String],
    table: &'t Table,
) -> Result<Vec<Named<'t>>, FormulaError> {
    let factor = table.factor(column)?;
    let labels: Vec<String> = (0..factor.levels() as u32)
        .map(|c| factor.label(c))
        .collect();
    for level in references {
        if !labels.contains(level) {
            return Err(FormulaError::UnknownLevel {
                column: column.to_owned(),
                level: level.clone(),
                nearest: nearest(level, labels.iter().map(String::as_str)),
            });
        }
    }
    let mut occurs = vec![false; labels.len()];
    for &code in factor.codes().iter().filter(|code| **code != MISSING) {
        occurs[code as usize] = true;
    }
    let mut out = Vec::new();
    for (level, label) in (0_u32..).zip(labels) {
        // A level that a filter has left without rows would be a regressor of zeros.
        if references.contains(&label) || !occurs[level as usize] {
            continue;
        }
        let dummy = |&code: &u32| match code {
            MISSING => f64::NAN,
            code => f64::from(u8::from(code == level)),
        };
        let values: Vec<f64> = factor.codes().iter().map(dummy).collect();
        out.push((format!("{column}::{label}"), Cow::Owned(values)));
    }
    Ok(out)
}
