//! All payoffs of a game, evaluated once.

use std::ops::ControlFlow;

use acquis_coalitions::{Coalition, Player};
use rayon::prelude::*;

use crate::memberships::{Memberships, SingleBlocs};
use crate::partitions::Partitions;
use crate::payoff::{Payoff, PayoffError, Reason, check_row};
use crate::store::{Store, StoreError};
use crate::structure::CoalitionStructure;

/// Payoffs of every player in every state, `[state][player]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<M> {
    memberships: M,
    players: usize,
    payoffs: Vec<f64>,
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A payoff is missing or no number.
    #[error(transparent)]
    Payoff(#[from] PayoffError),
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// More than a machine is likely to hold.
    #[error(
        "a table of {states} states of {players} players takes {gibibytes} GiB: at most 16 can be done"
    )]
    TooLarge {
        /// The states.
        states: usize,
        /// The players.
        players: usize,
        /// What their payoffs would take, rounded up.
        gibibytes: u64,
    },
    /// Stopped by the progress callback; what was evaluated is in the store, if there is one.
    #[error("stopped after {done} of {total} evaluations")]
    Stopped {
        /// Evaluated so far.
        done: usize,
        /// To evaluate in all.
        total: usize,
    },
    /// A table of another shape.
    #[error("{states} states of {players} players take {expected} payoffs, not {got}")]
    Shape {
        /// The states.
        states: usize,
        /// The players.
        players: usize,
        /// Their product.
        expected: usize,
        /// How many were given.
        got: usize,
    },
    /// Two indices that say the same have different payoffs.
    #[error("{state} and {same} are the same membership, but player {player}'s payoffs differ")]
    Ambiguous {
        /// One.
        state: String,
        /// The other.
        same: String,
        /// The player's position.
        player: usize,
    },
}

/// How far a tabulation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Evaluations done, those found in the store included.
    pub done: usize,
    /// Evaluations in all, known beforehand: [`Memberships::evaluations`].
    pub total: usize,
}

/// How a tabulation is run: by default without a store, and silently.
#[derive(Default)]
pub struct Run<'a> {
    store: Option<&'a mut Store>,
    progress: Option<&'a mut dyn FnMut(Progress) -> ControlFlow<()>>,
}

impl<'a> Run<'a> {
    /// Without a store, and silently.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what the store has and keeps there what is evaluated.
    #[must_use]
    pub fn with_store(mut self, store: &'a mut Store) -> Self {
        self.store = Some(store);
        self
    }

    /// Is told the progress, first before anything is evaluated, and may stop the run.
    #[must_use]
    pub fn with_progress(
        mut self,
        progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Self {
        self.progress = Some(progress);
        self
    }
}

/// Indices that make a block: a supplier gets all canonical states of a block at once, in the
/// order of their indices, even where a store has some of them already. So what it makes
/// of neighbours doesn't depend on interruptions.
const BLOCK: usize = 64;
/// Blocks per thread between two reports of progress.
const BLOCKS_PER_THREAD: usize = 4;

impl<M: Memberships> Table<M> {
    /// Evaluates all states in parallel; the result doesn't depend on the number of threads, nor
    /// on how often a run was interrupted.
    ///
    /// # Errors
    /// [`TableError`] if a payoff is no number or fails (the first by index), if the progress
    /// callback stops it, if the store is damaged or another game's, and above 16 GiB.
    pub fn evaluate<P: Payoff<M::State> + ?Sized>(
        memberships: M,
        payoff: &P,
        mut run: Run<'_>,
    ) -> Result<Self, TableError> {
        let players = memberships.players();
        if payoff.players() != players {
            return Err(TableError::Payoff(PayoffError::Players {
                expected: players,
                got: payoff.players(),
            }));
        }
        let mut payoffs = empty_cells(memberships.count(), players)?;
        let total = memberships.evaluations();
        let mut done = match &mut run.store {
            Some(store) => store.read_into(&memberships, &mut payoffs)?,
            None => 0,
        };
        report(&mut run, done, total)?;
        let mut next = 0;
        while let Some(round) = pending(&memberships, &payoffs, &mut next) {
            let (rows, failure) = evaluate_round(&memberships, payoff, &round);
            let evaluated = round.iter().flatten().copied();
            let rows = evaluated.zip(rows.chunks_exact(players));
            // What the store had comes out the same again.
            let new = rows.filter(|(index, _)| payoffs[index * players].is_nan());
            let (indices, rows): (Vec<usize>, Vec<&[f64]>) = new.unzip();
            for (&index, row) in indices.iter().zip(&rows) {
                payoffs[index * players..(index + 1) * players].copy_from_slice(row);
            }
            if let Some(store) = &mut run.store {
                store.append(&indices, &rows.concat())?;
            }
            if let Some(failure) = failure {
                return Err(failure.into());
            }
            done += indices.len();
            report(&mut run, done, total)?;
        }
        for index in 0..memberships.count() {
            let same = memberships.canonical(index);
            if same != index {
                payoffs.copy_within(same * players..(same + 1) * players, index * players);
            }
        }
        Ok(Self {
            memberships,
            players,
            payoffs,
        })
    }

    /// A table of payoffs that are known, `[state][player]`.
    ///
    /// # Errors
    /// [`TableError`] if there are too few or too many, one is no number, or memberships that say
    /// the same differ.
    pub fn from_payoffs(memberships: M, payoffs: Vec<f64>) -> Result<Self, TableError> {
        let players = memberships.players();
        let expected = memberships.count() * players;
        if payoffs.len() != expected {
            return Err(TableError::Shape {
                states: memberships.count(),
                players,
                expected,
                got: payoffs.len(),
            });
        }
        let table = Self {
            memberships,
            players,
            payoffs,
        };
        for index in 0..table.memberships.count() {
            table.check(index)?;
        }
        Ok(table)
    }

    fn check(&self, index: usize) -> Result<(), TableError> {
        let row = self.payoffs(index);
        if row.iter().any(|value| !value.is_finite()) {
            check_row(row, &self.memberships.state(index))?;
        }
        let same = self.memberships.canonical(index);
        let pairs = row.iter().zip(self.payoffs(same));
        let differs = |(a, b): (&f64, &f64)| a.total_cmp(b).is_ne();
        match pairs.into_iter().position(differs) {
            Some(player) => Err(TableError::Ambiguous {
                state: format!("{} (index {index})", self.memberships.state(index)),
                same: format!("{} (index {same})", self.memberships.state(same)),
                player,
            }),
            None => Ok(()),
        }
    }

    /// What the table runs over.
    pub fn memberships(&self) -> &M {
        &self.memberships
    }

    /// How many players.
    pub fn players(&self) -> usize {
        self.players
    }

    /// Payoffs by player at an index below [`Memberships::count`].
    pub fn payoffs(&self, index: usize) -> &[f64] {
        &self.payoffs[index * self.players..(index + 1) * self.players]
    }

    /// All payoffs, `[state][player]`.
    pub fn all_payoffs(&self) -> &[f64] {
        &self.payoffs
    }

    pub(crate) fn payoff(&self, index: usize, player: usize) -> f64 {
        self.payoffs[index * self.players + player]
    }

    /// The game with each player's payoffs multiplied by a factor of its own: in another unit, say
    /// money for per cent of income. Factors by player; those that are missing are one.
    #[must_use]
    pub fn scaled(&self, factors: &[f64]) -> Self
    where
        M: Clone,
    {
        let mut payoffs = self.payoffs.clone();
        for row in payoffs.chunks_exact_mut(self.players) {
            for (payoff, factor) in row.iter_mut().zip(factors) {
                *payoff *= factor;
            }
        }
        Self {
            memberships: self.memberships.clone(),
            players: self.players,
            payoffs,
        }
    }

    /// The state with the greatest sum of payoffs, the first of several.
    pub fn greatest_sum(&self) -> (usize, f64) {
        let sums = self.payoffs.chunks_exact(self.players).map(compensated_sum);
        sums.enumerate()
            .fold((0, f64::NEG_INFINITY), |best, (index, sum)| {
                if sum > best.1 { (index, sum) } else { best }
            })
    }
}

/// Neumaier's sum: a tie of states isn't decided by rounding in their order of players.
fn compensated_sum(row: &[f64]) -> f64 {
    let (sum, lost) = row.iter().fold((0.0_f64, 0.0), |(sum, lost), &value| {
        let next = sum + value;
        let rest = if sum.abs() >= value.abs() {
            sum - next + value
        } else {
            value - next + sum
        };
        (next, lost + rest)
    });
    sum + lost
}

impl Table<SingleBlocs> {
    /// What the player gets when these have a bloc, itself among them or not; `None` if there
    /// are no such players.
    pub fn payoff_beside(&self, bloc: Coalition, player: Player) -> Option<f64> {
        let index = self.memberships.index(bloc)?;
        self.payoffs(index).get(player.position()).copied()
    }

    /// The game in which whoever stays out gets at least its outside option: another union, or
    /// another's offer. Options by player, in the unit of payoffs.
    ///
    /// # Errors
    /// [`TableError`] if there are other than one per player, or one is no number;
    /// negative infinity says that there is none.
    pub fn with_outside_options(&self, options: &[f64]) -> Result<Self, TableError> {
        if options.len() != self.players {
            return Err(TableError::Payoff(PayoffError::Players {
                expected: self.players,
                got: options.len(),
            }));
        }
        let mut payoffs = self.payoffs.clone();
        for (index, row) in payoffs.chunks_exact_mut(self.players).enumerate() {
            let members = self.memberships.canonical(index);
            for (player, payoff) in row.iter_mut().enumerate() {
                let option = options[player];
                // NaN must reach the check below.
                if members >> player & 1 == 0 && (option > *payoff || option.is_nan()) {
                    *payoff = option;
                }
            }
        }
        Self::from_payoffs(self.memberships, payoffs)
    }
}

/// A table supplies payoffs itself, say for the search of a larger game's paths.
impl Payoff for Table<Partitions> {
    fn players(&self) -> usize {
        self.players
    }

    fn payoffs(&self, state: &CoalitionStructure, payoffs: &mut [f64]) -> Result<(), Reason> {
        let index = self.memberships.index(state).ok_or("other players")?;
        payoffs.copy_from_slice(Table::payoffs(self, index));
        Ok(())
    }
}

impl Payoff for Table<SingleBlocs> {
    fn players(&self) -> usize {
        self.players
    }

    fn payoffs(&self, state: &CoalitionStructure, payoffs: &mut [f64]) -> Result<(), Reason> {
        let mut blocs = state.blocs().iter().filter(|bloc| bloc.len() > 1);
        let bloc = blocs.next().copied().unwrap_or_default();
        if blocs.next().is_some() || state.players() != self.players {
            return Err("the table knows one bloc at a time".into());
        }
        let index = self.memberships.index(bloc).ok_or("other players")?;
        payoffs.copy_from_slice(Table::payoffs(self, index));
        Ok(())
    }
}

/// The most payoffs in a table: 16 GiB.
const MOST_CELLS: u64 = 1 << 31;

/// Payoffs that aren't known yet.
pub(crate) fn empty_cells(states: usize, players: usize) -> Result<Vec<f64>, TableError> {
    let cells = (states as u64).saturating_mul(players as u64);
    let mut payoffs = Vec::new();
    let room = usize::try_from(cells).ok();
    let room = room.filter(|_| cells <= MOST_CELLS);
    match room.map(|room| payoffs.try_reserve_exact(room)) {
        Some(Ok(())) => {
            payoffs.resize(states * players, f64::NAN);
            Ok(payoffs)
        }
        _ => Err(TableError::TooLarge {
            states,
            players,
            gibibytes: cells.div_ceil(1 << 27),
        }),
    }
}

fn report(run: &mut Run<'_>, done: usize, total: usize) -> Result<(), TableError> {
    let Some(progress) = &mut run.progress else {
        return Ok(());
    };
    match progress(Progress { done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(TableError::Stopped { done, total }),
    }
}

/// The next round of blocks that have canonical states without payoffs, with all their canonical
/// states.
fn pending<M: Memberships>(
    memberships: &M,
    payoffs: &[f64],
    next: &mut usize,
) -> Option<Vec<Vec<usize>>> {
    let most = BLOCKS_PER_THREAD * rayon::current_num_threads();
    let players = memberships.players();
    let mut round = Vec::new();
    while *next < memberships.count() && round.len() < most {
        let end = memberships.count().min(*next + BLOCK);
        let canonical = |&index: &usize| memberships.canonical(index) == index;
        let block: Vec<usize> = (*next..end).filter(canonical).collect();
        if block.iter().any(|index| payoffs[index * players].is_nan()) {
            round.push(block);
        }
        *next = end;
    }
    (!round.is_empty()).then_some(round)
}

/// Rows of a round in order, up to the first failure.
fn evaluate_round<M: Memberships, P: Payoff<M::State> + ?Sized>(
    memberships: &M,
    payoff: &P,
    round: &[Vec<usize>],
) -> (Vec<f64>, Option<PayoffError>) {
    let players = memberships.players();
    let batches: Vec<(Vec<f64>, Option<PayoffError>)> = round
        .par_iter()
        .map(|indices| {
            let states: Vec<M::State> = indices.iter().map(|&i| memberships.state(i)).collect();
            let mut rows = vec![f64::NAN; states.len() * players];
            let mut failure = None;
            let mut whole = states.len();
            if let Err((place, reason)) = payoff.batch(&states, &mut rows) {
                whole = place.min(states.len().saturating_sub(1));
                let state = states[whole].to_string();
                failure = Some(PayoffError::Failed { state, reason });
            }
            let checked = states[..whole].iter().zip(rows.chunks_exact(players));
            for (place, (state, row)) in checked.enumerate() {
                if let Err(error) = check_row(row, state) {
                    (whole, failure) = (place, Some(error));
                    break;
                }
            }
            rows.truncate(whole * players);
            (rows, failure)
        })
        .collect();
    let mut rows = Vec::with_capacity(round.len() * BLOCK * players);
    for (batch, failure) in batches {
        rows.extend(batch);
        if failure.is_some() {
            return (rows, failure);
        }
    }
    (rows, None)
}
