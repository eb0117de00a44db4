//! Decision rules as simple games: who has how much power, and what would change it.
//!
//! # What question it answers
//! A rule says which votes adopt a decision. Given the rule: how often does each player make
//! the difference, who decides alone, who can prevent anything, who counts for nothing, what do
//! a bloc that votes as one, an accession or another quota change? The crate knows no states
//! and no treaties: names and a [`Clause`] go in, an index with its method comes out.
//!
//! # The model
//! A simple game among `n` players says of every coalition `S` whether it wins. Here
//! it wins by criteria `Σ_{i in S} w_i >= q`, joined by AND and OR. Player `i` swings `S` if `S`
//! loses and `S` with `i` wins; `swings_i(s)` counts the swings at size `s`, `W` the winning
//! coalitions.
//!
//! ```text
//! Banzhaf, absolute   swings_i / 2^{n-1}                        Penrose 1946, Banzhaf 1965
//! Banzhaf             swings_i / Σ_j swings_j
//! Shapley-Shubik      Σ_s s! (n-s-1)! / n! · swings_i(s)        Shapley and Shubik 1954
//! Coleman             swings_i / W (to prevent), swings_i / (2^n - W) (to initiate),
//!                     W / 2^n (of all, to act)                  Coleman 1971
//! Johnston            Σ_S 1 / |critical in S|, to sum to one    Johnston 1978
//! Deegan-Packel       Σ over minimal S of 1 / |S|, likewise     Deegan and Packel 1978
//! Holler              minimal S with i, likewise                Holler 1982
//! nucleolus           least largest excess, then the next       Schmeidler 1969
//! Owen, Banzhaf-Owen  as above with a priori unions             Owen 1977, 1981
//! ternary Banzhaf     swings among 3^{n-1} divisions            Felsenthal and Machover 1997
//! ```
//!
//! # Example
//! Four states with votes by gross product. The quota decides whether the first has partners or
//! followers:
//!
//! ```
//! use acquis_decision::{Clause, Player, Quota, Rule, Share};
//!
//! let names = ["A", "B", "C", "D"];
//! let product = vec![0.7926, 0.1122, 0.0590, 0.0363];
//! let rule = |quota| Rule::new(names, Clause::weighted(product.clone(), quota));
//!
//! let two_thirds = rule(Quota::at_least_share(Share::new(2, 3)?))?.game();
//! assert_eq!(two_thirds.dictator(), Some(Player::at(0)));
//!
//! let four_fifths = rule(Quota::at_least(0.80))?.game();
//! let census = four_fifths.census()?;
//! assert_eq!(census.banzhaf().values, [0.7, 0.1, 0.1, 0.1]);
//! assert_eq!(census.efficiency(), 7.0 / 16.0);
//! assert!(!four_fifths.can_be_outvoted(&[Player::at(0)]));
//!
//! // With a consensus in the place of votes nobody has more power than another.
//! let consensus = Rule::new(names, Clause::consensus())?.game();
//! assert_eq!(consensus.shapley_shubik()?.values, [0.25; 4]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Questions: [`sweep`] and [`roles_by_quota`], [`compare`], [`nearest_votes`],
//! [`under_uncertainty`], [`Game::outvoting`], [`Game::blocking_allies`], [`Game::with_unions`],
//! [`Rule::with_abstention`], [`Game::propriety`].
//!
//! # Methods
//! Weights and quotas are read as the decimals that denote them and compared as integers, so that
//! 0.1 + 0.2 meets 0.3 and two thirds of three is two. Results are exact fractions,
//! but for the Shapley-Shubik index of many players with large weights; every result names
//! its [`Method`].
//!
//! - **Meeting in the middle**, up to 40 players and four vectors of weights: the subsets of two
//!   halves are sorted and matched, AND and OR by inclusion and exclusion, several vectors by
//!   dividing at medians.
//! - **Tables**, up to 1024 players with sizes and one vector of weights: by weight with counters
//!   of up to 1088 bits, or by size and weight, of the game or of its dual, where that is small.
//! - **Quadrature** of the multilinear extension, where the table by size and weight would be too
//!   large. Some `√(14 n)` points suffice for any weights, which [`Power::error`] bounds together
//!   with the rounding.
//! - **Linear programmes** in rational arithmetic for the nucleolus, up to 20 players, with
//!   Kohlberg's (1971) certificate.
//! - **Every coalition in turn** for the Johnston index, up to 30 players, and up to 24 players
//!   under more than four vectors of weights.
//!
//! Decision diagrams, the usual method for several criteria, aren't used: up to 40 players a
//! few criteria need none.
//!
//! # Speed
//! Medians on the clock of two cores of a shared machine (`benches/decision.rs`, where the
//! makers of the games are written down), from the checked rule to the fractions.
//!
//! | game | asked | time | memory |
//! |---|---|---:|---:|
//! | European Union, 27 states, rule of 2014 | Banzhaf, Shapley-Shubik, Coleman | 4.5 ms | |
//! | | Deegan-Packel, Holler (4 294 402 minimal coalitions) | 11 ms | |
//! | | Johnston | 0.48 s | |
//! | | Owen, twelve states in three blocs | 0.32 s | |
//! | 36 players, real weights and a majority of members | Banzhaf | 94 ms | |
//! | 40 players, the same | | 0.55 s | |
//! | 40 players, two vectors and a majority of members | | 1.6 s | |
//! | bank, 87 members, 1.1 million votes | Banzhaf, exact | 14 ms | |
//! | | Shapley-Shubik | 54 ms | |
//! | bank, 190 members, 5 million votes | Banzhaf, exact | 0.36 s | 129 MB |
//! | | Shapley-Shubik, within 5.8e-13 | 0.91 s | 67 MB |
//! | 55 members, two thirds of them and of 1.4 million | Shapley-Shubik, exact | 0.79 s | 205 MB |
//! | weighted, 12 players | nucleolus | 25 ms | |
//! | weighted, 18 players | | 0.12 s | |
//!
//! # What it leaves out
//! Preferences, issues and the probability that anybody agrees: these are powers a priori.
//! Votes that are split. More than 40 players under two vectors of weights, or under one with a
//! count of members where weights are large. The nucleolus of other than simple games.
//! Abstention is in the Banzhaf measure only.
//!
//! # How it fails
//! [`RuleError`] names the criterion and the player before anything is counted;
//! [`GameError::TooLarge`] says what a method can take. A rule under which two coalitions without a
//! common member win isn't an error: [`Game::warning`] states it. In such a game what is
//! called nucleolus is the prenucleolus.
//!
//! # References
//! - Banzhaf, J. (1965), "Weighted Voting Doesn't Work", Rutgers Law Review 19.
//! - Coleman, J. (1971), "Control of collectivities and the power of a collectivity to act".
//! - Deegan, J. and E. Packel (1978), "A new index of power for simple n-person games",
//!   International Journal of Game Theory 7.
//! - Felsenthal, D. and M. Machover (1997), "Ternary voting games", International Journal of Game
//!   Theory 26; (1998), The Measurement of Voting Power.
//! - Holler, M. (1982), "Forming coalitions and measuring voting power", Political Studies 30.
//! - Horowitz, E. and S. Sahni (1974), "Computing partitions with applications to the knapsack
//!   problem", Journal of the ACM 21.
//! - Johnston, R. (1978), "On the measurement of power", Environment and Planning A 10.
//! - Kohlberg, E. (1971), "On the nucleolus of a characteristic function game", SIAM Journal on
//!   Applied Mathematics 20.
//! - Leech, D. (2003), "Power indices as an aid to institutional design".
//! - Owen, G. (1972), "Multilinear extensions of games", Management Science 18; (1977), "Values of
//!   games with a priori unions"; (1981), "Modification of the Banzhaf-Coleman index for games
//!   with a priori unions".
//! - Penrose, L. (1946), "The elementary statistics of majority voting", Journal of the Royal
//!   Statistical Society 109.
//! - Schmeidler, D. (1969), "The nucleolus of a characteristic function game", SIAM Journal on
//!   Applied Mathematics 17.
//! - Shapley, L. and M. Shubik (1954), "A method for evaluating the distribution of power in
//!   a committee system", American Political Science Review 48.
//! - Trefethen, L. (2008), "Is Gauss quadrature better than Clenshaw-Curtis?", SIAM Review 50.

mod abstention;
#[cfg(test)]
mod agreement;
mod alternatives;
mod census;
mod clause;
mod comparison;
mod decimal;
mod enumeration;
mod game;
mod indicator;
mod inverse;
mod middle;
mod minimal;
mod nucleolus;
mod outvoting;
mod power;
mod propriety;
mod quadrature;
mod random;
mod rule;
mod search;
mod size_table;
mod subsets;
mod sweep;
mod terms;
mod uncertainty;
mod unions;
mod weight_table;
mod wide;

pub use acquis_coalitions::{Coalition, Level, Player};

pub use abstention::TernaryCensus;
pub use census::Census;
pub use clause::{Clause, Condition, Criterion, Quota, Share, ShareError, Votes};
pub use comparison::{Change, compare};
pub use game::Game;
pub use indicator::{IndicatorError, shares_of_indicator};
pub use inverse::{Nearest, Wanted, nearest_votes};
pub use minimal::{Coalitions, MinimalWinning};
pub use nucleolus::Nucleolus;
pub use num_bigint::BigUint;
pub use num_rational::BigRational;
pub use power::{GameError, Index, Method, Power};
pub use propriety::Propriety;
pub use rule::{Rule, RuleError};
pub use sweep::{QuestionError, Role, RoleRange, Step, roles_by_quota, sweep};
pub use uncertainty::{Spread, Uncertainty, under_uncertainty};
pub use unions::UnionCensus;
