//! Which sets share which members: nested and crossing rectangles where they can tell the truth,
//! a list of combinations where they can't.

mod arrange;
mod combinations;
mod rectangles;

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;

use super::legend::{Entry, Swatch, legend};
use super::{About, Chart, ChartError, Drawing, Heading, Paper, existing};
use crate::text::printable;
use arrange::{Arrangement, arrange};

/// How an overlap is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverlapForm {
    /// Rectangles if they can be exact, else combinations.
    #[default]
    Best,
    /// Combinations in any case.
    Combinations,
}

/// Sets and their members.
///
/// As rectangles, a member's name stands within the rectangle of a set if and only if it belongs
/// to the set, and rectangles of sets that share nobody don't touch. Where a part of the picture
/// would hold nobody it is hatched and the legend says so. If no such arrangement is found, the
/// picture lists every combination of sets that occurs, with the names of those in it, and says
/// why.
///
/// ```
/// use acquis_report::chart::{Chart, Heading, Overlap};
///
/// let states = ["Ruritania", "Graustark", "Syldavia"].map(|name| Heading::new(name, name));
/// let mut overlap = Overlap::new("Two unions", states.to_vec());
/// overlap.push(Heading::new("CU", "Customs Union"), [0, 1])?;
/// overlap.push(Heading::new("SC", "Security Community"), [1, 2])?;
/// assert!(overlap.is_exact());
/// assert!(overlap.svg().contains("Customs Union"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    about: About,
    members: Vec<Heading>,
    contested: BTreeSet<usize>,
    sets: Vec<OverlapSet>,
    form: OverlapForm,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OverlapSet {
    heading: Heading,
    members: BTreeSet<usize>,
}

/// What a dot beside a name says.
const CONTESTED: &str = "contested: sources disagree";

/// How many sets a picture takes.
const MOST_SETS: usize = 24;

/// Members that belong to the same sets.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Zone {
    /// The sets, a bit for each.
    sets: u32,
    members: Vec<usize>,
}

impl Overlap {
    /// No sets yet, of these possible members.
    pub fn new(title: impl Into<String>, members: Vec<Heading>) -> Self {
        Self {
            about: About::titled(title),
            members,
            contested: BTreeSet::new(),
            sets: Vec::new(),
            form: OverlapForm::default(),
        }
    }

    /// Where the memberships come from.
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

    /// In this form.
    #[must_use]
    pub fn form(mut self, form: OverlapForm) -> Self {
        self.form = form;
        self
    }

    /// Adds a set with its members, by their places in the list. A set of the same members as
    /// another shares its rectangle; a set without members is named below.
    ///
    /// # Errors
    /// [`ChartError::NoSuch`] for a member that is not there, [`ChartError::TooMany`] beyond 24
    /// sets.
    pub fn push(
        &mut self,
        heading: Heading,
        members: impl IntoIterator<Item = usize>,
    ) -> Result<(), ChartError> {
        let members: BTreeSet<usize> = members.into_iter().collect();
        for member in &members {
            existing(&heading.name, "member", *member, self.members.len())?;
        }
        if self.sets.len() == MOST_SETS {
            return Err(ChartError::TooMany {
                what: "sets",
                most: MOST_SETS,
                got: MOST_SETS + 1,
            });
        }
        self.sets.push(OverlapSet { heading, members });
        Ok(())
    }

    /// Marks a member of whose memberships one is contested.
    ///
    /// # Errors
    /// [`ChartError::NoSuch`] for a member that is not there.
    pub fn contest(&mut self, member: usize) -> Result<(), ChartError> {
        existing(&self.about.title, "member", member, self.members.len())?;
        self.contested.insert(member);
        Ok(())
    }

    /// Whether rectangles can show these sets truthfully, as far as the search goes.
    pub fn is_exact(&self) -> bool {
        self.arrangement().is_some()
    }

    fn arrangement(&self) -> Option<Arrangement> {
        match self.form {
            OverlapForm::Best => arrange(&self.zones()),
            OverlapForm::Combinations => None,
        }
    }

    /// Sets that have members, those of the same members together.
    fn groups(&self) -> Vec<(Vec<&Heading>, &BTreeSet<usize>)> {
        let mut groups: Vec<(Vec<&Heading>, &BTreeSet<usize>)> = Vec::new();
        for set in self.sets.iter().filter(|set| !set.members.is_empty()) {
            match groups
                .iter_mut()
                .find(|(_, members)| **members == set.members)
            {
                Some((headings, _)) => headings.push(&set.heading),
                None => groups.push((vec![&set.heading], &set.members)),
            }
        }
        groups
    }

    /// The combinations of sets that occur, and who is in each; large combinations of sets first.
    fn zones(&self) -> Vec<Zone> {
        let groups = self.groups();
        let mut zones: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for member in 0..self.members.len() {
            let within = groups
                .iter()
                .enumerate()
                .filter(|(_, (_, members))| members.contains(&member));
            let sets = within.fold(0, |sets, (at, _)| sets | 1 << at);
            if sets > 0 {
                zones.entry(sets).or_default().push(member);
            }
        }
        let mut zones: Vec<Zone> = zones
            .into_iter()
            .map(|(sets, members)| Zone { sets, members })
            .collect();
        zones.sort_by_key(|zone| (std::cmp::Reverse(zone.sets.count_ones()), zone.sets));
        zones
    }

    /// Whether a dot stands beside the name of a member.
    fn is_contested(&self, member: usize) -> bool {
        self.contested.contains(&member)
    }

    /// A member by its full name, and what a dot beside it says.
    fn said(&self, member: usize) -> String {
        let name = printable(&self.members[member].name);
        if self.is_contested(member) {
            format!("{name}, {CONTESTED}")
        } else {
            name.into_owned()
        }
    }

    /// What the dots say, where there are any, and the height it takes.
    fn key(&self, width: f64, y: f64) -> (Markup, f64) {
        let zones = self.zones();
        let mut drawn = zones.iter().flat_map(|zone| &zone.members);
        let entry = drawn
            .any(|member| self.is_contested(*member))
            .then(|| Entry {
                swatch: Swatch::Contested,
                text: CONTESTED.to_owned(),
            });
        legend(entry.as_slice(), width, y)
    }

    /// What the picture itself does not show: who is in none of the sets, which sets are empty.
    fn remarks(&self) -> Vec<String> {
        let zones = self.zones();
        let within = |member: usize| zones.iter().any(|zone| zone.members.contains(&member));
        let outside: Vec<&str> = self
            .members
            .iter()
            .enumerate()
            .filter(|(at, _)| !within(*at))
            .map(|(_, heading)| heading.name.as_str())
            .collect();
        let empty = self.sets.iter().filter(|set| set.members.is_empty());
        let empty: Vec<&str> = empty.map(|set| set.heading.name.as_str()).collect();
        let mut remarks = Vec::new();
        if !outside.is_empty() {
            remarks.push(format!("Member of none of them: {}.", outside.join(", ")));
        }
        if !empty.is_empty() {
            remarks.push(format!("Without members: {}.", empty.join(", ")));
        }
        remarks
    }
}

/// The names of sets that have the same members.
fn together(headings: &[&Heading], name: fn(&Heading) -> &str) -> String {
    let names: Vec<&str> = headings.iter().map(|heading| name(heading)).collect();
    names.join(" = ")
}

impl Chart for Overlap {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let groups = self.groups();
        let zones = self.zones();
        let said: Vec<String> = zones
            .iter()
            .map(|zone| {
                let sets = groups
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| zone.sets >> at & 1 == 1);
                let sets: Vec<String> = sets
                    .map(|(_, (names, _))| together(names, |h| &h.name))
                    .collect();
                let members: Vec<&str> = zone
                    .members
                    .iter()
                    .map(|at| self.members[*at].name.as_str())
                    .collect();
                format!("in {}: {}", sets.join(" and "), members.join(", "))
            })
            .collect();
        format!(
            "{} sets. {}. {}",
            self.sets.len(),
            said.join("; "),
            self.remarks().join(" ")
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        match self.arrangement() {
            Some(arrangement) => rectangles::draw(self, &arrangement, paper)
                .unwrap_or_else(|| combinations::draw(self, paper)),
            None => combinations::draw(self, paper),
        }
    }

    fn is_linked(&self) -> bool {
        let sets = self.sets.iter().map(|set| &set.heading);
        sets.chain(&self.members)
            .any(|heading| heading.href.is_some())
    }
}
