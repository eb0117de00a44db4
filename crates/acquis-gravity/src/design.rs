//! What is to be estimated: columns and the part each plays.

use std::borrow::Cow;

use crate::error::DesignError;
use crate::factor::Factor;

/// A numeric column with its name; a value that is not finite is missing.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// As reported.
    pub name: String,
    /// One value per row.
    pub values: Cow<'a, [f64]>,
}

impl Column<'_> {
    fn borrowed(&self) -> Column<'_> {
        Column {
            name: self.name.clone(),
            values: Cow::Borrowed(&self.values),
        }
    }
}

/// A set of fixed effects: one intercept per level, or one slope of `slope` per level.
#[derive(Debug, Clone)]
pub struct Effect<'a> {
    /// As reported, e.g. `exporter^year`.
    pub name: String,
    /// The level of each row.
    pub factor: Factor<'a>,
    /// The variable whose slope varies by level; `None` for intercepts.
    pub slope: Option<Column<'a>>,
}

/// A grouping of rows whose errors may be correlated.
#[derive(Debug, Clone)]
pub struct Cluster<'a> {
    /// As reported.
    pub name: String,
    /// The group of each row.
    pub factor: Factor<'a>,
}

/// A dependent variable, its regressors and fixed effects, over columns of equal length.
///
/// ```
/// use acquis_gravity::{Design, Factor};
///
/// let trade = [3.0, 0.0, 5.0, 2.0];
/// let rta = [0.0, 1.0, 1.0, 0.0];
/// let pair = [0, 0, 1, 1];
/// let design = Design::new("trade", &trade)
///     .regressor("rta", &rta)?
///     .effect("pair", Factor::from_codes(&pair))?
///     .cluster("pair", Factor::from_codes(&pair))?;
/// assert_eq!(design.rows(), 4);
/// # Ok::<(), acquis_gravity::DesignError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Design<'a> {
    pub(crate) outcome: Column<'a>,
    pub(crate) regressors: Vec<Column<'a>>,
    pub(crate) effects: Vec<Effect<'a>>,
    pub(crate) clusters: Vec<Cluster<'a>>,
    pub(crate) weights: Option<Column<'a>>,
    pub(crate) offset: Option<Column<'a>>,
}

impl<'a> Design<'a> {
    /// A design with a dependent variable and nothing else.
    pub fn new(name: impl Into<String>, outcome: impl Into<Cow<'a, [f64]>>) -> Self {
        Self {
            outcome: Column {
                name: name.into(),
                values: outcome.into(),
            },
            regressors: Vec::new(),
            effects: Vec::new(),
            clusters: Vec::new(),
            weights: None,
            offset: None,
        }
    }

    /// Adds a regressor.
    ///
    /// # Errors
    /// [`DesignError::Length`], or [`DesignError::Repeated`] if the name is taken.
    pub fn regressor(
        mut self,
        name: impl Into<String>,
        values: impl Into<Cow<'a, [f64]>>,
    ) -> Result<Self, DesignError> {
        let column = self.column(name, values)?;
        if self
            .regressors
            .iter()
            .any(|other| other.name == column.name)
        {
            return Err(DesignError::Repeated(column.name));
        }
        self.regressors.push(column);
        Ok(self)
    }

    /// Adds a set of fixed effects.
    ///
    /// # Errors
    /// [`DesignError::Length`], or [`DesignError::Repeated`] if the name is taken.
    pub fn effect(
        mut self,
        name: impl Into<String>,
        factor: Factor<'a>,
    ) -> Result<Self, DesignError> {
        let name = name.into();
        self.check(&name, factor.codes().len())?;
        if self.effects.iter().any(|other| other.name == name) {
            return Err(DesignError::Repeated(name));
        }
        self.effects.push(Effect {
            name,
            factor,
            slope: None,
        });
        Ok(self)
    }

    /// Lets the slope of `values` vary over the levels of `factor`, without an intercept
    /// per level.
    ///
    /// # Errors
    /// [`DesignError::Length`], or [`DesignError::Repeated`] if the name is taken.
    pub fn varying_slope(
        mut self,
        name: impl Into<String>,
        factor: Factor<'a>,
        variable: impl Into<String>,
        values: impl Into<Cow<'a, [f64]>>,
    ) -> Result<Self, DesignError> {
        let slope = Some(self.column(variable, values)?);
        let name = name.into();
        self.check(&name, factor.codes().len())?;
        if self.effects.iter().any(|other| other.name == name) {
            return Err(DesignError::Repeated(name));
        }
        self.effects.push(Effect {
            name,
            factor,
            slope,
        });
        Ok(self)
    }

    /// Adds a dimension of clustering; several make it multiway.
    ///
    /// # Errors
    /// [`DesignError::Length`].
    pub fn cluster(
        mut self,
        name: impl Into<String>,
        factor: Factor<'a>,
    ) -> Result<Self, DesignError> {
        let name = name.into();
        self.check(&name, factor.codes().len())?;
        self.clusters.push(Cluster { name, factor });
        Ok(self)
    }

    /// Weighs the rows; a row of weight zero is left out.
    ///
    /// # Errors
    /// [`DesignError::Length`], [`DesignError::NegativeWeight`].
    pub fn weights(
        mut self,
        name: impl Into<String>,
        values: impl Into<Cow<'a, [f64]>>,
    ) -> Result<Self, DesignError> {
        let column = self.column(name, values)?;
        if let Some(row) = column.values.iter().position(|&weight| weight < 0.0) {
            return Err(DesignError::NegativeWeight {
                row: row + 1,
                value: column.values[row],
            });
        }
        self.weights = Some(column);
        Ok(self)
    }

    /// Adds a term with coefficient one to the linear predictor.
    ///
    /// # Errors
    /// [`DesignError::Length`].
    pub fn offset(
        mut self,
        name: impl Into<String>,
        values: impl Into<Cow<'a, [f64]>>,
    ) -> Result<Self, DesignError> {
        self.offset = Some(self.column(name, values)?);
        Ok(self)
    }

    /// The same design for another dependent variable.
    ///
    /// # Errors
    /// [`DesignError::Length`].
    pub fn with_outcome(
        &self,
        name: impl Into<String>,
        values: impl Into<Cow<'a, [f64]>>,
    ) -> Result<Self, DesignError> {
        let outcome = self.column(name, values)?;
        Ok(Self {
            outcome,
            ..self.clone()
        })
    }

    /// The same design over columns that stay where they are.
    pub(crate) fn borrowed(&self) -> Design<'_> {
        Design {
            outcome: self.outcome.borrowed(),
            regressors: self.regressors.iter().map(Column::borrowed).collect(),
            effects: self
                .effects
                .iter()
                .map(|effect| Effect {
                    name: effect.name.clone(),
                    factor: effect.factor.borrowed(),
                    slope: effect.slope.as_ref().map(Column::borrowed),
                })
                .collect(),
            clusters: self
                .clusters
                .iter()
                .map(|cluster| Cluster {
                    name: cluster.name.clone(),
                    factor: cluster.factor.borrowed(),
                })
                .collect(),
            weights: self.weights.as_ref().map(Column::borrowed),
            offset: self.offset.as_ref().map(Column::borrowed),
        }
    }

    /// The values of a regressor, by its name.
    pub fn values_of(&self, regressor: &str) -> Option<&[f64]> {
        let mut columns = self.regressors.iter();
        let found = columns.find(|column| column.name == regressor)?;
        Some(&found.values)
    }

    /// Number of rows, before any is left out.
    pub fn rows(&self) -> usize {
        self.outcome.values.len()
    }

    fn column(
        &self,
        name: impl Into<String>,
        values: impl Into<Cow<'a, [f64]>>,
    ) -> Result<Column<'a>, DesignError> {
        let (name, values) = (name.into(), values.into());
        self.check(&name, values.len())?;
        Ok(Column { name, values })
    }

    fn check(&self, column: &str, got: usize) -> Result<(), DesignError> {
        if got == self.rows() {
            return Ok(());
        }
        Err(DesignError::Length {
            column: column.to_owned(),
            expected: self.rows(),
            got,
        })
    }
}
