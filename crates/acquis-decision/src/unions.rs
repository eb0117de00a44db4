//! A priori unions: blocs that vote as one (Owen 1977, 1981).
//!
//! Among the `m` unions, other unions join as wholes; within player `i`'s union `P_k` of `p`
//! members its members join one by one. With `swings_i(r, t)` the number of times that `i`
//! turns `r` other unions and `t` fellow members into a winning coalition,
//!
//! ```text
//! Owen          φ_i = Σ r!(m-r-1)!/m! · t!(p-t-1)!/p! · swings_i(r, t)
//! Banzhaf-Owen  β_i = Σ swings_i(r, t) / (2^{m-1} 2^{p-1})
//! ```

use acquis_coalitions::{Player, bits};
use num_bigint::BigUint;

use crate::decimal::{factorial, ratio};
use crate::game::{Game, coalitions};
use crate::middle::convert;
use crate::power::{GameError, Method, Power};
use crate::subsets::{Class, MOST_UNITS, Unit, classes, count_partners};
use crate::terms::Term;

/// Swings under a priori unions.
#[derive(Debug, Clone)]
pub struct UnionCensus {
    unions: usize,
    /// By player: members of the player's union.
    sizes: Vec<usize>,
    /// `[player][other unions][fellow members]`
    swings: Vec<Vec<Vec<i64>>>,
}

impl Game {
    /// Counts swings where the members of each union stand together against the others; players not
    /// named in any union stand alone.
    ///
    /// # Errors
    /// [`GameError::NotAPartition`] if a player is in two unions, [`GameError::NoSuchPlayer`],
    /// and [`GameError::TooLarge`] beyond 23 unions or 22 members of one.
    pub fn with_unions(&self, unions: &[Vec<Player>]) -> Result<UnionCensus, GameError> {
        const WHAT: &str = "a priori unions";
        let unions = self.partition(unions)?;
        let largest = unions.iter().map(Vec::len).max().unwrap_or(0);
        if unions.len() > MOST_UNITS + 1 || largest > MOST_UNITS {
            return Err(GameError::TooLarge {
                what: WHAT,
                players: self.len(),
                why: "go up to 23 unions and 22 members of one",
            });
        }
        let terms: Option<Vec<Vec<Term>>> = (0..=self.len()).map(|s| self.terms(s)).collect();
        let terms = terms.ok_or(GameError::TooManyCriteria { what: WHAT })?;
        let quotas: Vec<Vec<(i64, Vec<u128>)>> = terms.iter().map(|t| convert(t)).collect();
        let weights = self.weights();
        let unit = |members: &[usize]| Unit {
            members: members.len(),
            weights: weights
                .iter()
                .map(|vector| members.iter().map(|&member| vector[member]).sum())
                .collect(),
        };
        let mut census = UnionCensus {
            unions: unions.len(),
            sizes: vec![0; self.len()],
            swings: vec![Vec::new(); self.len()],
        };
        for (place, union) in unions.iter().enumerate() {
            let others = unions
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place);
            let others: Vec<Unit> = others.map(|(_, members)| unit(members)).collect();
            let members: Vec<Unit> = union.iter().map(|&member| unit(&[member])).collect();
            let inside = Inside {
                others: classes(&others, weights.len()),
                members: classes(&members, weights.len()),
                quotas: &quotas,
            };
            let swings = inside.swings(unions.len(), union.len());
            for (&member, swings) in union.iter().zip(swings) {
                census.sizes[member] = union.len();
                census.swings[member] = swings;
            }
        }
        Ok(census)
    }

    /// Positions by union, in the order given, then the players left over.
    fn partition(&self, unions: &[Vec<Player>]) -> Result<Vec<Vec<usize>>, GameError> {
        let players = self.len();
        let mut times = vec![0; players];
        for position in unions.iter().flatten().map(|player| player.position()) {
            let Some(times) = times.get_mut(position) else {
                return Err(GameError::NoSuchPlayer { position, players });
            };
            *times += 1;
        }
        if let Some(twice) = times.iter().position(|&times| times > 1) {
            return Err(GameError::NotAPartition {
                player: self.players()[twice].clone(),
                unions: times[twice],
            });
        }
        let positions = |union: &Vec<Player>| union.iter().map(|p| p.position()).collect();
        let given = unions
            .iter()
            .filter(|union| !union.is_empty())
            .map(positions);
        let alone = (0..players).filter(|&player| times[player] == 0);
        Ok(given.chain(alone.map(|player| vec![player])).collect())
    }
}

/// One union's members against the other unions as wholes.
struct Inside<'a> {
    others: Vec<Class<u128>>,
    members: Vec<Class<u128>>,
    quotas: &'a [Vec<(i64, Vec<u128>)>],
}

impl Inside<'_> {
    /// `[member][other unions][fellow members]`
    fn swings(&self, unions: usize, members: usize) -> Vec<Vec<Vec<i64>>> {
        let mut all = vec![vec![0_i64; members + 1]; unions];
        let mut with = vec![all.clone(); members];
        let mut found = Vec::new();
        for others in &self.others {
            for fellows in &self.members {
                let (r, t) = (others.units, fellows.units);
                for (coefficient, quotas) in &self.quotas[others.members + fellows.members] {
                    count_partners(fellows, others, quotas, &mut found);
                    for (&mask, &number) in fellows.masks.iter().zip(&found) {
                        let number = number.cast_signed() * coefficient;
                        all[r][t] += number;
                        for member in bits(mask.into()) {
                            with[member][r][t] += number;
                        }
                    }
                }
            }
        }
        let swing =
            |with: &Vec<Vec<i64>>, r: usize, t: usize| with[r][t + 1] - (all[r][t] - with[r][t]);
        let of_member = |with: &Vec<Vec<i64>>| {
            let row = |r| (0..members).map(|t| swing(with, r, t)).collect();
            (0..unions).map(row).collect()
        };
        with.iter().map(of_member).collect()
    }
}

impl UnionCensus {
    /// The Owen value: the Shapley-Shubik index with a priori unions.
    pub fn owen(&self) -> Power {
        let orders = |many: usize| -> Vec<BigUint> {
            let before = 0..many;
            before
                .map(|k| factorial(k) * factorial(many - k - 1))
                .collect()
        };
        let between = orders(self.unions);
        let value = |(swings, &size): (&Vec<Vec<i64>>, &usize)| {
            let within = orders(size);
            let rows = swings.iter().zip(&between).map(|(row, between)| {
                let cells = row.iter().zip(&within);
                let inner: BigUint = cells
                    .map(|(&number, within)| within * number.cast_unsigned())
                    .sum();
                inner * between
            });
            ratio(&rows.sum(), &(factorial(self.unions) * factorial(size)))
        };
        let exact = self.swings.iter().zip(&self.sizes).map(value).collect();
        Power::exact(exact, Method::MeetingInTheMiddle)
    }

    /// The Banzhaf-Owen value, absolute: it need not sum to one.
    pub fn banzhaf_owen(&self) -> Power {
        let value = |(swings, &size): (&Vec<Vec<i64>>, &usize)| {
            let sum: i64 = swings.iter().flatten().sum();
            let divisions = coalitions(self.unions - 1) * coalitions(size - 1);
            ratio(&BigUint::from(sum.cast_unsigned()), &divisions)
        };
        let exact = self.swings.iter().zip(&self.sizes).map(value).collect();
        Power::exact(exact, Method::MeetingInTheMiddle)
    }
}
