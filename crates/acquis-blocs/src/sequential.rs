//! Which sizes of bloc form when equal players announce them in turn.
//!
//! In a symmetric game a bloc's worth depends on its size and on the sizes of all blocs. The first
//! player announces a size; so many form a bloc that will not be undone; the first of the rest
//! announces, and so on. Bloch (1996) shows that the stationary equilibria of the game in which
//! blocs are proposed and must be accepted by their members, worth being divided equally,
//! give the sizes of this one; in Ray and Vohra's (1999) bargaining over worth as well they form,
//! as long as the worth per head falls in the order of formation. Announcers look ahead; of
//! sizes as good the largest is announced.

use std::collections::BTreeMap;

use crate::memberships::{SizeError, check_size};

/// A game in which only sizes matter.
pub struct SymmetricGame<W> {
    players: usize,
    worth: W,
}

/// Why sizes can't be foretold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SymmetricGameError {
    /// No players, or too many.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// A worth that is no number.
    #[error("a bloc of {size} is worth {worth} in {structure:?}, not a finite number")]
    NotFinite {
        /// The bloc's size.
        size: usize,
        /// Sizes of all blocs, largest first.
        structure: Vec<usize>,
        /// Its worth.
        worth: f64,
    },
}

/// How it ends from each multiset of sizes formed so far, largest first.
type Ends = BTreeMap<Vec<usize>, Vec<usize>>;

impl<W: Fn(usize, &[usize]) -> f64> SymmetricGame<W> {
    /// A game of so many players; `worth` takes a bloc's size and the sizes of all blocs,
    /// largest first.
    ///
    /// # Errors
    /// [`SizeError`] without players and beyond 40.
    pub fn new(players: usize, worth: W) -> Result<Self, SizeError> {
        check_size("sizes announced in turn", players, 40)?;
        Ok(Self { players, worth })
    }

    /// Sizes in the order in which they are announced.
    ///
    /// # Errors
    /// [`SymmetricGameError::NotFinite`].
    pub fn announced_sizes(&self) -> Result<Vec<usize>, SymmetricGameError> {
        self.announced_after(&[], self.players, &mut Ends::new())
    }

    /// What the rest announce, once these sizes have formed.
    fn announced_after(
        &self,
        formed: &[usize],
        left: usize,
        known: &mut Ends,
    ) -> Result<Vec<usize>, SymmetricGameError> {
        if left == 0 {
            return Ok(Vec::new());
        }
        if let Some(end) = known.get(formed) {
            return Ok(end.clone());
        }
        let mut best: Option<(f64, Vec<usize>)> = None;
        for size in (1..=left).rev() {
            let next = descending([formed, &[size]].concat());
            let mut announced = vec![size];
            announced.extend(self.announced_after(&next, left - size, known)?);
            let structure = descending([formed, &announced].concat());
            let worth = (self.worth)(size, &structure);
            if !worth.is_finite() {
                return Err(SymmetricGameError::NotFinite {
                    size,
                    structure,
                    worth,
                });
            }
            let each = worth / size as f64;
            if best.as_ref().is_none_or(|(most, _)| each > *most) {
                best = Some((each, announced));
            }
        }
        let announced = best.map(|(_, announced)| announced).unwrap_or_default();
        known.insert(formed.to_vec(), announced.clone());
        Ok(announced)
    }
}

fn descending(mut sizes: Vec<usize>) -> Vec<usize> {
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}
