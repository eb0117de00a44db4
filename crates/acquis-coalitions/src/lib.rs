//! Players, coalitions, and divisions whose excesses are made least in turn.
//!
//! # What it is for
//! Rules that say which coalitions win and games that say what a coalition is worth are different
//! things; who takes part is the same in both, and so is the nucleolus. This is what the
//! two have in common: [`Player`] and [`Coalition`], the [`Span`] of coalitions as vectors of
//! their members, and [`least_excesses`], the sequence of linear programmes by which a division
//! is found.
//!
//! # Example
//! Two hold a left glove and one a right glove; a pair is worth one. Whoever holds the only right
//! glove gets everything:
//!
//! ```
//! use acquis_coalitions::{Bids, BigRational, Coalition, Player, least_excesses};
//!
//! struct Gloves;
//!
//! impl Bids for Gloves {
//!     type Error = std::convert::Infallible;
//!
//!     fn players(&self) -> usize {
//!         3
//!     }
//!
//!     fn worth(&self, mask: u64) -> BigRational {
//!         let coalition = Coalition::from_mask(mask);
//!         let has_pair = coalition.contains(Player::at(2)) && coalition.len() > 1;
//!         BigRational::from_integer(i32::from(has_pair).into())
//!     }
//! }
//!
//! let found = least_excesses(&Gloves, false, usize::MAX)?;
//! let whole = |number: i32| BigRational::from_integer(number.into());
//! assert_eq!(found.division, [whole(0), whole(0), whole(1)]);
//! // No coalition gains on its own; those that bind at each level are the certificate.
//! assert_eq!(found.levels[0].excess, whole(0));
//! # Ok::<(), std::convert::Infallible>(())
//! ```
//!
//! # How it fails
//! A coalition can't hold a player beyond [`Coalition::WIDTH`]: constructors return `None`. The
//! linear programmes are exact, so that they have no tolerance and end by themselves; what they
//! can't do is many players, since every coalition is looked at: their callers bound the number.

mod excesses;
mod player;
mod span;

pub use excesses::{Bids, LeastExcesses, Level, Offer, least_excesses};
pub use num_rational::BigRational;
pub use player::{Coalition, Player, bits};
pub use span::Span;
