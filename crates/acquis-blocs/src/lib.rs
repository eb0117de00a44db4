//! Which union would hold, who would join, and what it would take: games on a payoff over coalition
//! structures.
//!
//! # What question it answers
//! What a state gains from a bloc depends on who else is in it, and on which other blocs stand. Given
//! what each would get in each case: which blocs hold, against whom, and at what transfers? Who joins
//! first, who follows, and where does it stop? How may the gains be shared? The crate knows no
//! states, no treaties and no economics: a [`Payoff`] supplies values, an economic model, a table or
//! a closed form.
//!
//! # The model
//! `n` players are partitioned into blocs, and a [`CoalitionStructure`] `P` gives player `i` the payoff
//! `V_i(P)`: a game in partition function form (Thrall and Lucas 1963) in which a bloc's members
//! divide in a given way. It is played over one of three kinds of [`Memberships`], each numbered
//! and evaluated once into a [`Table`]:
//!
//! ```text
//! SingleBlocs   one bloc S, all others alone        2^n          V_i(S)
//! Partitions    several blocs at once               Bell(n)      V_i(P)
//! Levels        a level l_i per player, a pair at   L^n          V_i(l)
//!               the lower of its two
//! ```
//!
//! On these stand, each with its definition and source where it is:
//!
//! | question | answer |
//! |---|---|
//! | which blocs hold as they are | [`Table::stable_blocs`], [`Table::internally_stable`], [`Partitions::internally_stable_by_player`], [`Table::nash_stable`], [`Table::stable_memberships`] |
//! | under whose consent | [`Admission`]: open, unanimity, or the union's own rule |
//! | which could be made to hold, who pays whom | [`Table::potentially_stable_blocs`], [`Table::least_transfers`] |
//! | what holds if all look ahead | `largest_consistent_set`, [`SymmetricGame::announced_sizes`] |
//! | which would be best | [`Table::greatest_sum`], [`WorthGame::optimal_structure`] |
//! | who joins, who follows | [`Table::path_of_accession`], [`Table::path_of_deepening`] |
//! | from when on all must join | [`Table::absolute_threshold`], [`Table::transfer_threshold`], [`Table::cheapest_accession`] |
//! | whose withdrawal unravels it | [`Table::withdrawals`] |
//! | what another's offer does | [`Table::with_outside_options`], [`Table::price_of_consent`] |
//! | how to share what all have | [`WorthGame`]: Shapley value, core, least core, nucleolus |
//!
//! # Example
//! Five equal states abate a pollutant, each bloc for the good of its members ([`Abatement`]). Three
//! hold together, and no larger union does:
//!
//! ```
//! use acquis_blocs::{Abatement, Coalition, Indifference, Rules, Run, SingleBlocs, Table};
//!
//! let states = Abatement::new(vec![1.0; 5], vec![1.0; 5])?;
//! let table = Table::evaluate(SingleBlocs::new(5)?, &states, Run::new())?;
//!
//! // An outsider who neither gains nor loses joins.
//! let rules = Rules { indifferent: Indifference::Joins, ..Rules::default() };
//! let stable = table.stable_blocs(&rules);
//! assert_eq!(stable.len(), 10); // any three of five
//! assert!(stable.iter().all(|bloc| bloc.len() == 3));
//!
//! // Of all five each would gain 4 by leaving: they can't pay each other to stay.
//! let everybody = Coalition::from_mask(0b11111);
//! let transfers = table.least_transfers(everybody).ok_or("no such bloc")?;
//! assert_eq!(transfers.shortages, [4.0; 5]);
//! assert!(transfers.surplus < 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Evaluations
//! How many there are is known beforehand, [`Memberships::evaluations`]; [`Run`] reports progress,
//! stops when asked, and keeps what is done in a [`Store`] from which another run goes on. States
//! go to the payoff in batches of neighbours, in parallel; tables are the same, bit by bit,
//! for any number of threads and interruptions.
//!
//! # How long it takes
//! Medians on two cores of a shared machine (`benches/blocs.rs`), from the table to the answer:
//!
//! | question | players | time |
//! |---|---:|---:|
//! | going through all partitions, 1,382,958,545 | 15 | 1.6 s |
//! | internal stability of all partitions, 4,213,597 | 12 | 0.36 s |
//! | the same player by player, 190,899,322 | 14 | 9.1 s |
//! | the same in a game by number of blocs, 190,899,322 | 14 | 2.9 s |
//! | coalition-structure Nash equilibria of all partitions | 12 | 0.19 s |
//! | stable single blocs, 4,096 | 12 | 0.6 ms |
//! | largest consistent set of partitions, 4,140 | 8 | 1.6 s |
//! | largest consistent set of single blocs, 4,096 | 12 | 1.1 s |
//! | nucleolus with its certificate, exact: any worths | 14 | 62 ms |
//! | the same of equal players, where most coalitions tie | 16 | 0.20 s |
//! | Shapley value, exact | 16 | 56 ms |
//!
//! A table of all partitions takes `8 n Bell(n)` bytes: 0.4 GB for 12 players, 2.9 GB for 13, 21 GB for
//! 14. Player by player ([`Partitions::internally_stable_by_player`]) 14 take 1.5 GB. Where a bloc minds
//! only how many others there are, [`PayoffsByCount`] goes to 16.
//!
//! # What it leaves out
//! Mixed strategies and chance; side payments between blocs; the core of a game in partition function
//! form, of which there are as many as there are beliefs on what the others do ([`WorthGame::of_blocs`]
//! takes them to stand alone). Players left behind by others stay together; they don't
//! look for new partners but by the farsighted solutions. [`Levels`] are judged by single
//! players' changes under open membership only. The model is the payoff's: nothing here makes it truer.
//!
//! # How it fails
//! Before anything is computed: [`SizeError`] for no candidates or too many, [`StructureError`],
//! [`WorthError`]; then with a payoff that is no number, [`PayoffError`], which names the player
//! and the state, or a store of another game, [`StoreError`]. Gains within the [`Tolerance`]
//! don't count: set it above the error of the solver behind the payoff, or a stable bloc may be
//! an artefact of rounding.
//!
//! # References
//! - d'Aspremont, C., A. Jacquemin, J. Gabszewicz and J. Weymark (1983), "On the Stability of Collusive
//!   Price Leadership", Canadian Journal of Economics 16(1).
//! - Baldwin, R. (1995), "A Domino Theory of Regionalism", in Baldwin, Haaparanta and Kiander (eds),
//!   Expanding Membership of the European Union.
//! - Barrett, S. (1994), "Self-Enforcing International Environmental Agreements", Oxford Economic
//!   Papers 46.
//! - Bloch, F. (1996), "Sequential Formation of Coalitions in Games with Externalities and Fixed Payoff
//!   Division", Games and Economic Behavior 14.
//! - Bogomolnaia, A. and M. Jackson (2002), "The Stability of Hedonic Coalition Structures", Games
//!   and Economic Behavior 38.
//! - Chander, P. and H. Tulkens (1997), "The Core of an Economy with Multilateral Environmental
//!   Externalities", International Journal of Game Theory 26.
//! - Chwe, M. (1994), "Farsighted Coalitional Stability", Journal of Economic Theory 63.
//! - Eyckmans, J. and M. Finus (2004), "An Almost Ideal Sharing Scheme for Coalition Games with
//!   Externalities", FEEM working paper 155.
//! - Hart, S. and M. Kurz (1983), "Endogenous Formation of Coalitions", Econometrica 51(4).
//! - Jackson, M. and A. Wolinsky (1996), "A Strategic Model of Social and Economic Networks", Journal
//!   of Economic Theory 71.
//! - Kohlberg, E. (1971), "On the Nucleolus of a Characteristic Function Game", SIAM Journal on Applied
//!   Mathematics 20(1).
//! - Krugman, P. (1991), "Is Bilateralism Bad?", in Helpman and Razin (eds), International Trade and
//!   Trade Policy.
//! - Maschler, M., B. Peleg and L. Shapley (1979), "Geometric Properties of the Kernel, Nucleolus, and
//!   Related Solution Concepts", Mathematics of Operations Research 4(4).
//! - Ray, D. and R. Vohra (1999), "A Theory of Endogenous Coalition Structures", Games and Economic
//!   Behavior 26.
//! - Thrall, R. and W. Lucas (1963), "N-Person Games in Partition Function Form", Naval Research
//!   Logistics Quarterly 10.
//! - Yi, S.-S. (1997), "Stable Coalition Structures with Externalities", Games and Economic Behavior 20.

mod abatement;
mod accession;
mod bloc_stability;
mod by_count;
mod by_player;
mod deepening;
mod farsighted;
mod krugman;
mod memberships;
mod nucleolus;
mod partition_stability;
mod partitions;
mod payoff;
mod rules;
mod sequential;
mod store;
mod structure;
mod table;
mod worth;

pub use acquis_coalitions::{Coalition, Level, Player};

pub use abatement::{Abatement, AbatementError};
pub use accession::{Accession, Path, Purchase, Threshold, Withdrawal};
pub use bloc_stability::{Assessment, LevelAssessment, Payment, Transfers};
pub use by_count::{ByCountError, PayoffsByCount, StableStructures};
pub use by_player::StablePartitions;
pub use deepening::{LevelMove, LevelPath};
pub use farsighted::Entry;
pub use krugman::{SymmetricBlocs, SymmetricBlocsError};
pub use memberships::{LevelMembership, Levels, Memberships, SingleBlocs, SizeError};
pub use nucleolus::{LeastCore, Nucleolus};
pub use partition_stability::Deviation;
pub use partitions::Partitions;
pub use payoff::{Cached, Payoff, PayoffError, Reason};
pub use rules::{Admission, Application, Indifference, Rules, Tolerance, ToleranceError};
pub use sequential::{SymmetricGame, SymmetricGameError};
pub use store::{Store, StoreError};
pub use structure::{CoalitionStructure, StructureError};
pub use table::{Progress, Run, Table, TableError};
pub use worth::{Division, WorthError, WorthGame};
