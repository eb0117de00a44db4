//! What follows from the acts on a date: who is a member of what, who is a party to what,
//! which stage of integration holds between two states, and which commitments exclude each
//! other. Each answer comes with its proof.
//!
//! # The idea
//!
//! A registry ([`acquis_registry`]) stores acts and the claims about them. [`Law::new`]
//! reads the acts of a view in the order of their effect and derives from them, once, the
//! [`Spell`]s during which each party has one [`Standing`]. Every question is then a look
//! at those spells:
//!
//! * [`Law::standing`], [`Law::members`]: standing on a day;
//! * [`Law::between`]: the [`Stage`](acquis_registry::Stage) between two states at the
//!   three [`Grade`]s *signed*, *in force* and *functioning*;
//! * [`Law::inoperative_pairs`]: what rests or has ended between two parties while it binds the others;
//! * [`Law::story`], [`Law::difference`]: how that came about, and what changed;
//! * [`Law::obligations`], [`Law::departure`]: what binds, and what leaving would end;
//! * [`Law::overlap`], [`Law::speed`]: shared members, and members at different stages;
//! * [`Law::incompatibilities`]: commitments that cannot both be kept, by the pack's rules;
//! * [`Law::prove`], [`Law::prove_commitment`]: why.
//!
//! The terms are those of the Vienna Convention on the Law of Treaties (1969, cited as V)
//! and of Balassa (1961) for the stages.
//!
//! ```
//! use acquis_law::{Grade, Law};
//! use acquis_registry::{Registry, SourceText, Stage};
//!
//! let pack = SourceText::new("pack.toml", r#"
//!     source = [{ id = "treaty", type = "treaty", title = "The treaty", published = "1960" }]
//!     state = [{ id = "AAA", names = [{ name = "Aland" }] }, { id = "BBB", names = [{ name = "Beland" }] }]
//!
//!     [[agreement]]
//!     id = "agr:free-trade"
//!     names = [{ name = "Free trade agreement" }]
//!     stage = "free_trade_area"
//!     [[agreement.act]]
//!     act = "signature"
//!     who = ["AAA", "BBB"]
//!     claims = [{ on = "1960-03-01", src = "treaty" }]
//!     [[agreement.act]]
//!     act = "entry_into_force"
//!     claims = [{ on = "1961-01-01", src = "treaty" }]
//! "#);
//! let registry = Registry::load(&[pack])?.registry;
//! let law = Law::new(registry.view());
//! let (a, b) = (&registry.find_state("AAA")?.code, &registry.find_state("Beland")?.code);
//! let stage = |day: &str, grade| law.stage_between(a, b, day.parse().unwrap(), grade).stage;
//!
//! assert_eq!(stage("1960-06-01", Grade::Signed), Stage::FreeTradeArea);
//! assert_eq!(stage("1960-06-01", Grade::InForce), Stage::None);
//! assert_eq!(stage("1961-06-01", Grade::InForce), Stage::FreeTradeArea);
//! // Nobody has said that it works.
//! assert_eq!(stage("1961-06-01", Grade::Functioning), Stage::None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it leaves out
//!
//! Single obligations, the trade regime of a good, and the treaties' own clauses on
//! conflict are not derived yet. An act of imprecise date takes effect on its first
//! possible day; answers inside the span it leaves open are marked imprecise.

mod check;
mod compatibility;
mod difference;
mod inoperative;
mod law;
mod obligation;
mod overlap;
mod proof;
mod stage;
mod standing;
mod story;

pub use check::check;
pub use compatibility::{Held, Incompatibility};
pub use difference::{Difference, StageChange, StandingChange};
pub use inoperative::InoperativePair;
pub use law::{End, Law, StandingOn};
pub use obligation::{Departure, Obligation};
pub use overlap::{Overlap, Speed};
pub use proof::{Evidence, Proof, Testimony};
pub use stage::{Between, Commitment, Grade, StageAt, StageMatrix};
pub use standing::{Spell, Standing};
pub use story::Step;
