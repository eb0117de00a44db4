//! The formula language, as R's fixest and Stata's ppmlhdfe have it.
//!
//! ```text
//! trade ~ log(dist) + rta + border:i(year, ref = 1986) | exporter^year + importer^year | exporter^importer
//! outcome ~ regressors            | fixed effects                     | clusters
//! ```
//!
//! - A regressor is a column, `log(column)`, a number's power `column^2`, a product `a:b`, or
//!   `i(column, ref = level)`: a dummy for every level but the reference. In a product, a
//!   column of texts is taken as `i(...)`, and so is a year or other code if it is written
//!   so. `a*b` is `a + b + a:b`. `1` and `0` are ignored where there are effects.
//! - A fixed effect is a column, a combination `a^b`, one slope per level `a[[x]]`, or both
//!   intercept and slope per level `a[x]`.
//! - `cluster` may also be given apart, see [`Formula::clustered`].

use std::borrow::Cow;

use thiserror::Error;

use crate::design::Design;
use crate::error::DesignError;
use crate::factor::{Factor, MISSING};
use crate::table::{Table, TableError, Values};

/// A formula that cannot be read, or does not fit the table.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FormulaError {
    /// Not a formula.
    #[error("column {column} of the formula `{formula}`: {what}")]
    Syntax {
        /// The formula.
        formula: String,
        /// Place of the mistake, from 1.
        column: usize,
        /// What was expected there.
        what: String,
    },
    /// A level that its column does not have.
    #[error("`{column}` has no level `{level}`")]
    UnknownLevel {
        /// The column.
        column: String,
        /// The level asked for.
        level: String,
    },
    /// The table does not have what the formula names.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The design is wrong.
    #[error(transparent)]
    Design(#[from] DesignError),
}

/// A formula that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    outcome: Operand,
    regressors: Vec<Vec<Operand>>,
    effects: Vec<EffectTerm>,
    clusters: Vec<Vec<String>>,
    weights: Option<String>,
    offset: Option<String>,
}

/// One factor of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Operand {
    Column(String),
    Log(String),
    Power(String, i32),
    Levels {
        column: String,
        reference: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct EffectTerm {
    parts: Vec<String>,
    slopes: Vec<String>,
    intercept: bool,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`FormulaError::Syntax`] with the place of the mistake.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let mut parser = Parser::new(text);
        let outcome = parser.operand()?;
        parser.expect('~')?;
        let mut formula = Self {
            outcome,
            regressors: Vec::new(),
            effects: Vec::new(),
            clusters: Vec::new(),
            weights: None,
            offset: None,
        };
        loop {
            if parser.constant() {
                // The effects or the design's own constant take its place.
            } else {
                parser.regressor(&mut formula.regressors)?;
            }
            if !parser.eat('+') {
                break;
            }
        }
        if parser.eat('|') && !parser.constant() {
            loop {
                formula.effects.push(parser.effect()?);
                if !parser.eat('+') {
                    break;
                }
            }
        }
        if parser.eat('|') {
            formula.clusters = parser.combinations()?;
        }
        parser.end()?;
        Ok(formula)
    }

    /// Adds dimensions of clustering, written as `exporter^importer + year`.
    ///
    /// # Errors
    /// [`FormulaError::Syntax`].
    pub fn clustered(mut self, text: &str) -> Result<Self, FormulaError> {
        let mut parser = Parser::new(text);
        self.clusters.extend(parser.combinations()?);
        parser.end()?;
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

    /// Every column that the formula names, each once, in alphabetical order.
    pub fn columns(&self) -> Vec<&str> {
        let operands = std::iter::once(&self.outcome).chain(self.regressors.iter().flatten());
        let mut columns: Vec<&str> = operands.map(Operand::column).collect();
        for effect in &self.effects {
            columns.extend(
                effect
                    .parts
                    .iter()
                    .chain(&effect.slopes)
                    .map(String::as_str),
            );
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
        let mut columns = vec![self.outcome.column()];
        for product in &self.regressors {
            for operand in product {
                let alone = product.len() == 1 && matches!(operand, Operand::Column(_));
                if alone || matches!(operand, Operand::Log(_) | Operand::Power(..)) {
                    columns.push(operand.column());
                }
            }
        }
        columns.extend(
            self.effects
                .iter()
                .flat_map(|e| &e.slopes)
                .map(String::as_str),
        );
        columns.extend(self.weights.as_deref());
        columns.extend(self.offset.as_deref());
        columns
    }

    /// The design that the formula states over a table's columns.
    ///
    /// # Errors
    /// [`FormulaError`] if the table does not have a column, or has texts where numbers are
    /// needed.
    pub fn design<'a>(&self, table: &'a Table) -> Result<Design<'a>, FormulaError> {
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
    fn column(&self) -> &str {
        match self {
            Self::Column(column)
            | Self::Log(column)
            | Self::Power(column, _)
            | Self::Levels { column, .. } => column,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Column(column) | Self::Levels { column, .. } => column.clone(),
            Self::Log(column) => format!("log({column})"),
            Self::Power(column, power) => format!("{column}^{power}"),
        }
    }

    fn numbers<'a>(&self, table: &'a Table) -> Result<Cow<'a, [f64]>, FormulaError> {
        let numbers = table.numbers(self.column())?;
        Ok(match self {
            Self::Log(_) => {
                // The logarithm of zero or less is missing, and reported as such.
                let log = |x: &f64| if *x > 0.0 { x.ln() } else { f64::NAN };
                Cow::Owned(numbers.iter().map(log).collect())
            }
            Self::Power(_, power) => Cow::Owned(numbers.iter().map(|x| x.powi(*power)).collect()),
            Self::Column(_) | Self::Levels { .. } => Cow::Borrowed(numbers),
        })
    }
}

/// A name and one value per row.
type Named<'a> = (String, Cow<'a, [f64]>);

/// Names and values of all columns of a product.
fn expand<'a>(product: &[Operand], table: &'a Table) -> Result<Vec<Named<'a>>, FormulaError> {
    let mut columns: Vec<Named<'a>> = Vec::new();
    for operand in product {
        let position = table.position(operand.column())?;
        let texts = matches!(table.columns[position].values, Values::Texts(_));
        let next = match operand {
            Operand::Levels { column, reference } => dummies(column, reference.as_deref(), table)?,
            Operand::Column(column) if texts && product.len() > 1 => dummies(column, None, table)?,
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

/// A column of zeros and ones for every level but the reference.
fn dummies<'a>(
    column: &str,
    reference: Option<&str>,
    table: &'a Table,
) -> Result<Vec<Named<'a>>, FormulaError> {
    let factor = table.factor(column)?;
    let mut out = Vec::new();
    let mut found = reference.is_none();
    for level in 0..factor.levels() as u32 {
        let label = factor.label(level);
        if reference == Some(label.as_str()) {
            found = true;
            continue;
        }
        let dummy = |&code: &u32| match code {
            MISSING => f64::NAN,
            code => f64::from(u8::from(code == level)),
        };
        let values: Vec<f64> = factor.codes().iter().map(dummy).collect();
        out.push((format!("{column}::{label}"), Cow::Owned(values)));
    }
    match reference {
        Some(level) if !found => Err(FormulaError::UnknownLevel {
            column: column.to_owned(),
            level: level.to_owned(),
        }),
        _ => Ok(out),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn eat(&mut self, symbol: char) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len_utf8();
        }
        found
    }

    fn expect(&mut self, symbol: char) -> Result<(), FormulaError> {
        if self.eat(symbol) {
            return Ok(());
        }
        Err(self.error(format!("expected `{symbol}`")))
    }

    fn error(&self, what: String) -> FormulaError {
        FormulaError::Syntax {
            formula: self.text.to_owned(),
            column: self.text[..self.at].chars().count() + 1,
            what,
        }
    }

    fn end(&mut self) -> Result<(), FormulaError> {
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(self.error("expected `+`, `|` or the end".to_owned()))
    }

    /// A column's name; backquotes allow any character in it.
    fn name(&mut self) -> Result<String, FormulaError> {
        let rest = self.rest();
        if let Some(quoted) = rest.strip_prefix('`') {
            if let Some((name, _)) = quoted.split_once('`') {
                self.at += name.len() + 2;
                return Ok(name.to_owned());
            }
            return Err(self.error("the backquote is not closed".to_owned()));
        }
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(rest.len());
        let name = &rest[..length];
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("expected the name of a column".to_owned()));
        }
        self.at += length;
        Ok(name.to_owned())
    }

    /// Passes over `0`, `1` and `-1`.
    fn constant(&mut self) -> bool {
        for constant in ["-1", "0", "1"] {
            if let Some(after) = self.rest().strip_prefix(constant)
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == '.')
            {
                self.at += constant.len();
                return true;
            }
        }
        false
    }

    fn operand(&mut self) -> Result<Operand, FormulaError> {
        let name = self.name()?;
        if self.eat('(') {
            let operand = match name.as_str() {
                "log" | "ln" => Operand::Log(self.name()?),
                "i" => {
                    let column = self.name()?;
                    let reference = if self.eat(',') {
                        self.rest();
                        if let Some(after) = self.text[self.at..].strip_prefix("ref") {
                            self.at = self.text.len() - after.len();
                            self.expect('=')?;
                        }
                        Some(self.level()?)
                    } else {
                        None
                    };
                    Operand::Levels { column, reference }
                }
                other => {
                    let what = format!("unknown function `{other}`: log() and i() are known");
                    return Err(self.error(what));
                }
            };
            self.expect(')')?;
            return Ok(operand);
        }
        if self.eat('^') {
            let rest = self.rest();
            let length = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let Ok(power) = rest[..length].parse() else {
                return Err(self.error("expected a whole power".to_owned()));
            };
            self.at += length;
            return Ok(Operand::Power(name, power));
        }
        Ok(Operand::Column(name))
    }

    /// A level as written, with or without quotes.
    fn level(&mut self) -> Result<String, FormulaError> {
        let rest = self.rest();
        for quote in ['"', '\''] {
            if let Some(quoted) = rest.strip_prefix(quote) {
                if let Some((level, _)) = quoted.split_once(quote) {
                    self.at += level.len() + 2;
                    return Ok(level.to_owned());
                }
                return Err(self.error("the quote is not closed".to_owned()));
            }
        }
        let length = rest.find([',', ')']).unwrap_or(rest.len());
        self.at += length;
        Ok(rest[..length].trim().to_owned())
    }

    fn regressor(&mut self, out: &mut Vec<Vec<Operand>>) -> Result<(), FormulaError> {
        let mut products = vec![vec![self.operand()?]];
        loop {
            if self.eat(':') {
                let operand = self.operand()?;
                for product in &mut products {
                    product.push(operand.clone());
                }
            } else if self.eat('*') {
                let operand = self.operand()?;
                let mut longer = products.clone();
                for product in &mut longer {
                    product.push(operand.clone());
                }
                products.push(vec![operand]);
                products.extend(longer);
            } else {
                break;
            }
        }
        for product in products {
            if !out.contains(&product) {
                out.push(product);
            }
        }
        Ok(())
    }

    fn combination(&mut self) -> Result<Vec<String>, FormulaError> {
        let mut parts = vec![self.name()?];
        while self.eat('^') || self.eat('#') {
            parts.push(self.name()?);
        }
        Ok(parts)
    }

    fn combinations(&mut self) -> Result<Vec<Vec<String>>, FormulaError> {
        let mut out = vec![self.combination()?];
        while self.eat('+') {
            out.push(self.combination()?);
        }
        Ok(out)
    }

    fn effect(&mut self) -> Result<EffectTerm, FormulaError> {
        let parts = self.combination()?;
        let mut slopes = Vec::new();
        let mut intercept = true;
        if self.eat('[') {
            intercept = !self.eat('[');
            loop {
                slopes.push(self.name()?);
                if !self.eat(',') {
                    break;
                }
            }
            self.expect(']')?;
            if !intercept {
                self.expect(']')?;
            }
        }
        Ok(EffectTerm {
            parts,
            slopes,
            intercept,
        })
    }
}
