//! Who is at which stage with whom: a symmetric matrix of ordered levels.

use super::stage_drawing::MOST_LEVELS;
use super::{About, ChartError};

/// A level of the order, from none upwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageLevel {
    /// Full name, for the legend.
    pub name: String,
    /// Two or three letters for the cells; empty for none.
    pub short: String,
}

impl StageLevel {
    /// A level by its full and its short name.
    pub fn new(name: impl Into<String>, short: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            short: short.into(),
        }
    }
}

impl StageLevel {
    /// The short name if it is letters; a dot for none says nothing where there is no grid.
    pub(super) fn letters(&self) -> &str {
        let spelt = self.short.chars().any(char::is_alphanumeric);
        if spelt { &self.short } else { "" }
    }
}

/// A row and column of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageState {
    /// Short code, for the columns and for small paper.
    pub code: String,
    /// Name, for the rows.
    pub name: String,
}

impl StageState {
    /// A state by its code and its name.
    pub fn new(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
        }
    }
}

/// What holds between two states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairStage {
    /// Index into the levels of the matrix.
    pub level: usize,
    /// Whether it differs from the panel before.
    pub changed: bool,
    /// Whether it rests on a contested claim.
    pub contested: bool,
}

impl PairStage {
    /// A level that is neither new nor contested.
    pub fn at(level: usize) -> Self {
        Self {
            level,
            ..Self::default()
        }
    }
}

/// One picture of all pairs: a date, or a side of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagePanel {
    pub(super) heading: String,
    pub(super) states: usize,
    pub(super) pairs: Vec<PairStage>,
}

impl StagePanel {
    /// A panel for so many states, in which nobody has anything with anybody.
    pub fn new(heading: impl Into<String>, states: usize) -> Self {
        let pairs = vec![PairStage::default(); states * states];
        Self {
            heading: heading.into(),
            states,
            pairs,
        }
    }

    /// Sets what holds between two states, in both directions.
    ///
    /// # Errors
    /// [`ChartError::Panel`] for a state that is not there, or a state with itself.
    pub fn set(&mut self, one: usize, other: usize, stage: PairStage) -> Result<(), ChartError> {
        if one == other || one.max(other) >= self.states {
            return Err(ChartError::Panel {
                panel: self.heading.clone(),
                problem: format!("{one} and {other} are no pair of {} states", self.states),
            });
        }
        self.pairs[one * self.states + other] = stage;
        self.pairs[other * self.states + one] = stage;
        Ok(())
    }

    /// Marks as changed every pair whose level differs from that in `before`.
    #[must_use]
    pub fn changed_from(mut self, before: &Self) -> Self {
        for (now, then) in self.pairs.iter_mut().zip(&before.pairs) {
            now.changed = now.level != then.level;
        }
        self
    }

    pub(super) fn pair(&self, one: usize, other: usize) -> PairStage {
        self.pairs[one * self.states + other]
    }

    pub(super) fn any(&self, holds: impl Fn(&PairStage) -> bool) -> bool {
        self.pairs.iter().any(holds)
    }
}

/// Levels between every two states, in one panel or in several (before and after).
///
/// ```
/// use acquis_report::chart::{Chart, PairStage, StageLevel, StageMatrix, StagePanel, StageState};
///
/// let levels = vec![StageLevel::new("none", ""), StageLevel::new("customs union", "CU")];
/// let states = vec![StageState::new("RUR", "Ruritania"), StageState::new("GRA", "Graustark")];
/// let mut matrix = StageMatrix::new("Stages", levels, states)?;
/// let before = StagePanel::new("Before", 2);
/// let mut after = StagePanel::new("After", 2);
/// after.set(0, 1, PairStage::at(1))?;
/// let after = after.changed_from(&before);
/// matrix.push(before)?;
/// matrix.push(after)?;
/// assert!(matrix.svg().contains("customs union"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageMatrix {
    pub(super) about: About,
    pub(super) levels: Vec<StageLevel>,
    pub(super) states: Vec<StageState>,
    pub(super) panels: Vec<StagePanel>,
}

impl StageMatrix {
    /// A matrix of these states, without panels yet. The first level is none, the last the most.
    ///
    /// # Errors
    /// [`ChartError::TooMany`] for more than eight levels.
    pub fn new(
        title: impl Into<String>,
        levels: Vec<StageLevel>,
        states: Vec<StageState>,
    ) -> Result<Self, ChartError> {
        if levels.len() > MOST_LEVELS {
            let (most, got) = (MOST_LEVELS, levels.len());
            return Err(ChartError::TooMany {
                what: "levels",
                most,
                got,
            });
        }
        Ok(Self {
            about: About::titled(title),
            levels,
            states,
            panels: Vec::new(),
        })
    }

    /// Where the stages come from.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.about.source = source.into();
        self
    }

    /// The picture in words.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.about.description = description.into();
        self
    }

    /// Adds a panel.
    ///
    /// # Errors
    /// [`ChartError::Panel`] for a panel of another size, or one with a level that is not there.
    pub fn push(&mut self, panel: StagePanel) -> Result<(), ChartError> {
        let refuse = |problem| ChartError::Panel {
            panel: panel.heading.clone(),
            problem,
        };
        if panel.states != self.states.len() {
            let problem = format!(
                "{} states for a matrix of {}",
                panel.states,
                self.states.len()
            );
            return Err(refuse(problem));
        }
        if let Some(pair) = panel
            .pairs
            .iter()
            .find(|pair| pair.level >= self.levels.len())
        {
            let problem = format!("level {} of {} levels", pair.level, self.levels.len());
            return Err(refuse(problem));
        }
        self.panels.push(panel);
        Ok(())
    }
}
