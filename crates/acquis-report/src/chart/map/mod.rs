//! States by class, on a map of outlines or of tiles.
//!
//! What is shown is a [`StateMap`]: states, each with its class. How it is shown is the reader's
//! choice: [`OutlineMap`] draws the states where and as large as they are, [`TileMap`] gives
//! each the same square near its place, so that a small state is seen as well as a large one.

mod fill;
mod labels;
mod outline_map;
mod sheet;
mod tile_layout;
mod tile_map;

pub(super) use fill::{DISPUTED, Fill, square};
pub use outline_map::{BORDERS, Extent, OutlineMap};
pub use tile_map::TileMap;

use std::collections::BTreeSet;

use super::legend::{Entry, Swatch};
use super::stage_drawing::MOST_LEVELS;
use super::{About, Category, ChartError, DISPUTED_STANDING, Heading, StageLevel, existing};
use crate::text::printable;

/// A state on a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapState {
    /// Its code as the short name, its name, and where it leads in a page.
    pub heading: Heading,
    /// Index into the classes of the map; none where there is nothing to say.
    pub class: Option<usize>,
    /// Whether the others are seen from this one.
    pub chosen: bool,
    /// Whether its class rests on a contested claim.
    pub contested: bool,
    /// More in words; empty for no more than the class.
    pub note: String,
    /// Whether it is shown only where it lies in a map of the others, which is not widened for it.
    pub aside: bool,
    /// Its place on a map of tiles, column and row, if it has one of its own.
    pub tile: Option<[i32; 2]>,
}

impl MapState {
    /// A state without a class.
    pub fn new(heading: Heading) -> Self {
        Self {
            heading,
            ..Self::default()
        }
    }

    /// In this class.
    #[must_use]
    pub fn class(mut self, class: usize) -> Self {
        self.class = Some(class);
        self
    }

    pub(super) fn code(&self) -> &str {
        &self.heading.short
    }

    /// The words of its name where its code says nothing to a reader, else its code.
    fn short_words(&self) -> Vec<&str> {
        if is_private(self.code()) {
            self.heading.name.split_whitespace().collect()
        } else {
            vec![self.code()]
        }
    }
}

/// Whether a code is one of those that ISO 3166-1 leaves to its users: from AAA to AAZ, QMA to
/// QZZ, XAA to XZZ and ZZA to ZZZ.
fn is_private(code: &str) -> bool {
    match code.as_bytes() {
        [b'A', b'A', _] | [b'Z', b'Z', _] | [b'X', _, _] => true,
        [b'Q', second, _] => *second >= b'M',
        _ => false,
    }
}

/// What states are classed by.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Classes {
    Levels(Vec<StageLevel>),
    Categories(Vec<Category>),
}

/// States, each with its class: a level of an order, or a category.
///
/// ```
/// use acquis_report::chart::{Category, Chart, Heading, Look, MapState, OutlineMap, StateMap};
/// use acquis_report::outlines::Outlines;
///
/// let mut map = StateMap::of_categories("Members", vec![Category::new("member", Look::Full)]);
/// map.push(MapState::new(Heading::new("ISL", "Iceland")).class(0))?;
/// map.push(MapState::new(Heading::new("NOR", "Norway")))?;
/// let map = OutlineMap::new(map, Outlines::built_in());
/// assert!(map.missing().is_empty());
/// assert!(map.svg().contains("Iceland: member"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateMap {
    about: About,
    classes: Classes,
    states: Vec<MapState>,
}

impl StateMap {
    /// A map of ordered levels, the first of them none.
    ///
    /// # Errors
    /// [`ChartError::TooMany`] for more than eight levels.
    pub fn of_levels(
        title: impl Into<String>,
        levels: Vec<StageLevel>,
    ) -> Result<Self, ChartError> {
        if levels.len() > MOST_LEVELS {
            return Err(ChartError::TooMany {
                what: "levels",
                most: MOST_LEVELS,
                got: levels.len(),
            });
        }
        Ok(Self::with(title, Classes::Levels(levels)))
    }

    /// A map of categories.
    pub fn of_categories(title: impl Into<String>, categories: Vec<Category>) -> Self {
        Self::with(title, Classes::Categories(categories))
    }

    fn with(title: impl Into<String>, classes: Classes) -> Self {
        Self {
            about: About::titled(title),
            classes,
            states: Vec::new(),
        }
    }

    /// Where the classes come from.
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

    /// Adds a state.
    ///
    /// # Errors
    /// [`ChartError::NoSuch`] for a class that is not there, [`ChartError::Twice`] for a state
    /// that is there already.
    pub fn push(&mut self, state: MapState) -> Result<(), ChartError> {
        if let Some(class) = state.class {
            existing(state.code(), "class", class, self.class_count())?;
        }
        if self.states.iter().any(|known| known.code() == state.code()) {
            let label = state.heading.short;
            return Err(ChartError::Twice { label });
        }
        self.states.push(state);
        Ok(())
    }

    fn class_count(&self) -> usize {
        match &self.classes {
            Classes::Levels(levels) => levels.len(),
            Classes::Categories(categories) => categories.len(),
        }
    }

    fn state(&self, code: &str) -> Option<&MapState> {
        self.states.iter().find(|state| state.code() == code)
    }

    fn class_name(&self, class: usize) -> &str {
        match &self.classes {
            Classes::Levels(levels) => &levels[class].name,
            Classes::Categories(categories) => &categories[class].name,
        }
    }

    /// A few letters for the class of a state, set below its name.
    fn short(&self, state: &MapState) -> &str {
        match (&self.classes, state.class) {
            (Classes::Levels(levels), Some(class)) => levels[class].letters(),
            _ => "",
        }
    }

    fn fill(&self, class: usize) -> Fill {
        match &self.classes {
            Classes::Levels(levels) => Fill::level(class, levels.len()),
            Classes::Categories(categories) => Fill::look(categories[class].look),
        }
    }

    fn fill_of(&self, state: &MapState) -> Fill {
        state.class.map_or(Fill::NOTHING, |class| self.fill(class))
    }

    /// A state in words: its name, its class and what more there is.
    fn said(&self, state: &MapState) -> String {
        let mut said = state.heading.name.clone();
        let class = state.class.map(|class| self.class_name(class));
        let chosen = state.chosen.then_some("chosen");
        let contested = state.contested.then_some("contested");
        let disputed = state.heading.disputed.then_some(DISPUTED_STANDING);
        let note = (!state.note.is_empty()).then_some(state.note.as_str());
        let parts: Vec<&str> = [chosen, class, contested, note, disputed]
            .into_iter()
            .flatten()
            .collect();
        if !parts.is_empty() {
            said = format!("{said}: {}", parts.join(", "));
        }
        printable(&said).into_owned()
    }

    /// All states in words, those of one class together.
    fn describe(&self) -> String {
        let mut parts = Vec::new();
        for class in (0..self.class_count()).rev() {
            let names: Vec<&str> = self
                .states
                .iter()
                .filter(|state| state.class == Some(class))
                .map(|state| state.heading.name.as_str())
                .collect();
            if !names.is_empty() {
                parts.push(format!("{}: {}", self.class_name(class), names.join(", ")));
            }
        }
        format!("Map of {} states. {}.", self.states.len(), parts.join(". "))
    }

    /// Legend entries of the classes that are used.
    fn entries(&self) -> Vec<Entry> {
        let used: BTreeSet<usize> = self.states.iter().filter_map(|state| state.class).collect();
        let mut entries: Vec<Entry> = used
            .into_iter()
            .map(|class| Entry {
                swatch: Swatch::Fill(self.fill(class)),
                text: match &self.classes {
                    Classes::Levels(levels) if !levels[class].letters().is_empty() => {
                        format!("{} ({})", levels[class].name, levels[class].letters())
                    }
                    _ => self.class_name(class).to_owned(),
                },
            })
            .collect();
        if self.states.iter().any(|state| state.chosen) {
            entries.push(Entry {
                swatch: Swatch::Chosen,
                text: "chosen state".to_owned(),
            });
        }
        if self.states.iter().any(|state| state.contested) {
            entries.push(Entry {
                swatch: Swatch::Contested,
                text: "rests on a contested claim".to_owned(),
            });
        }
        entries
    }

    fn is_linked(&self) -> bool {
        self.states.iter().any(|state| state.heading.href.is_some())
    }
}
