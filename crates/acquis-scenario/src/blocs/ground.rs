//! What holds between the candidates and everybody before any bloc is formed.

use acquis_economy::Economy;
use acquis_law::{Law, StageMatrix};
use acquis_registry::document::Placed;
use acquis_registry::{Finding, Findings, Lint, Registry, Stage, StateCode};

use super::arrangement::Arrangement;
use super::question::{BlocsQuestion, Offer};
use crate::border::Pair;
use crate::run::{acts_are_possible, view};
use crate::scenario::Scenario;

/// One who might be in.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position in the economy.
    pub position: usize,
    /// The share of its trade data that is estimated.
    pub estimated_share: Option<f64>,
}

/// An offer as the law has it.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedStages {
    /// Its title.
    pub title: String,
    /// Positions of those it is made to, among the candidates.
    pub to: Vec<usize>,
    /// Pairs of economies whose stage differs once all have taken it up.
    pairs: Vec<(usize, usize, Stage)>,
}

/// Stages between all economies: in the law that the figures are from, and once the scenario's
/// own acts are done.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) offers: Vec<OfferedStages>,
    count: usize,
    /// `[economies][economies]`
    before: Vec<Stage>,
    without_blocs: Vec<Stage>,
}

impl Ground {
    pub(crate) fn new(
        scenario: &Scenario,
        question: &BlocsQuestion,
        registry: &Registry,
        economy: &Economy,
    ) -> Result<Self, Findings> {
        let candidates = candidates(question, registry, economy)?;
        let before = Law::new(view(scenario, registry));
        let shared = &scenario.shared;
        let amended = registry.amended(&scenario.title, shared)?;
        let after = Law::new(view(scenario, &amended));
        let known = acquis_law::check(&before);
        acts_are_possible(&known, &after)?;
        let square = |law: &Law<'_>| square(scenario, economy, law);
        let ground = square(&after);
        let mut offers = Vec::new();
        for offer in &question.offers {
            let acts = [shared.as_slice(), &offer.amendments].concat();
            let amended = registry.amended(&offer.title, &acts)?;
            let law = Law::new(view(scenario, &amended));
            acts_are_possible(&known, &law)?;
            offers.push(offered(
                offer,
                &candidates,
                registry,
                &ground,
                &square(&law),
            )?);
        }
        Ok(Self {
            stages: question.form.stages().to_vec(),
            count: economy.labels().len(),
            before: square(&before),
            candidates,
            without_blocs: ground,
            offers,
        })
    }

    /// How many economies there are.
    pub(crate) fn economies(&self) -> usize {
        self.count
    }

    fn cell(&self, first: usize, second: usize) -> usize {
        first * self.count + second
    }

    /// The stage between two candidates once they stand together at a level: what holds already,
    /// if that is deeper.
    pub(crate) fn together(&self, one: usize, other: usize, level: usize) -> Stage {
        let [one, other] = [one, other].map(|place| self.candidates[place].position);
        self.without_blocs[self.cell(one, other)].max(self.stages[level])
    }

    /// Pairs whose stage differs from that in the law of the figures, when nobody stands together.
    pub(crate) fn without_blocs(&self) -> Vec<Pair> {
        self.pairs_that_differ(&self.without_blocs)
    }

    /// The stage between two economies in the law of the figures.
    pub(crate) fn stage_before(&self, first: usize, second: usize) -> Stage {
        self.before[self.cell(first, second)]
    }

    /// The stage between two economies before a bloc is formed.
    pub(crate) fn stage_on_ground(&self, first: usize, second: usize) -> Stage {
        self.without_blocs[self.cell(first, second)]
    }

    /// What a candidate's offers change: pairs that include it.
    pub(crate) fn offered_to(&self, candidate: usize) -> Vec<(usize, usize, Stage)> {
        let position = self.candidates[candidate].position;
        let offers = self.offers.iter().filter(|it| it.to.contains(&candidate));
        let pairs = offers.flat_map(|offer| &offer.pairs);
        let own = pairs.filter(|(first, second, _)| *first == position || *second == position);
        own.copied().collect()
    }

    /// All pairs whose stage differs from that in the law of the figures; candidates who stand
    /// alone and are among the takers take their offers up.
    pub(crate) fn changes(&self, arrangement: &Arrangement, takers: &[bool]) -> Vec<Pair> {
        let mut after = self.without_blocs.clone();
        for (candidate, &alone) in arrangement.alone.iter().enumerate() {
            if alone && takers[candidate] {
                for (first, second, stage) in self.offered_to(candidate) {
                    for cell in [self.cell(first, second), self.cell(second, first)] {
                        after[cell] = after[cell].max(stage);
                    }
                }
            }
        }
        for &(one, other, level) in &arrangement.together {
            let stage = self.together(one, other, level);
            let [one, other] = [one, other].map(|place| self.candidates[place].position);
            for cell in [self.cell(one, other), self.cell(other, one)] {
                after[cell] = stage;
            }
        }
        self.pairs_that_differ(&after)
    }

    fn pairs_that_differ(&self, after: &[Stage]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for first in 0..self.count {
            for second in first + 1..self.count {
                let cell = self.cell(first, second);
                if self.before[cell] != after[cell] {
                    pairs.push(Pair {
                        first,
                        second,
                        before: self.before[cell],
                        after: after[cell],
                    });
                }
            }
        }
        pairs
    }

    /// Candidates with outsiders among the economies with whom they have free trade already: who
    /// forms a customs union can't keep it alone.
    pub(crate) fn free_trade_with_outsiders(&self) -> Vec<(usize, Vec<usize>)> {
        let inside: Vec<usize> = self.candidates.iter().map(|it| it.position).collect();
        let partners = |position: usize| {
            (0..self.count)
                .filter(|other| !inside.contains(other))
                .filter(|&other| {
                    let stage = self.without_blocs[self.cell(position, other)];
                    stage >= Stage::FreeTradeArea
                })
                .collect::<Vec<usize>>()
        };
        let found = inside.iter().enumerate();
        found
            .map(|(place, &position)| (place, partners(position)))
            .filter(|(_, partners)| !partners.is_empty())
            .collect()
    }
}

/// Stages between all economies that are states, `[economies][economies]`.
fn square(scenario: &Scenario, economy: &Economy, law: &Law<'_>) -> Vec<Stage> {
    let base = &scenario.base;
    let labels = economy.labels();
    let states: Vec<StateCode> = labels.iter().map(|label| StateCode::new(label)).collect();
    let known: Vec<StateCode> = states
        .iter()
        .filter(|code| law.registry().state(code).is_some())
        .cloned()
        .collect();
    let matrix: StageMatrix = law.stage_matrix(&known, base.date, base.grade);
    let places: Vec<Option<usize>> = states
        .iter()
        .map(|code| matrix.states().iter().position(|state| state == code))
        .collect();
    let mut square = vec![Stage::None; labels.len() * labels.len()];
    for (row, first) in places.iter().enumerate() {
        for (column, second) in places.iter().enumerate() {
            if let (Some(first), Some(second)) = (first, second)
                && row != column
            {
                square[row * labels.len() + column] = matrix.stage(*first, *second);
            }
        }
    }
    square
}

fn offered(
    offer: &Offer,
    candidates: &[Candidate],
    registry: &Registry,
    ground: &[Stage],
    after: &[Stage],
) -> Result<OfferedStages, Findings> {
    let mut to = Vec::new();
    for name in &offer.to {
        to.push(among(name, candidates, registry)?);
    }
    let count = ground.len().isqrt();
    let mut pairs = Vec::new();
    for first in 0..count {
        for second in first + 1..count {
            let cell = first * count + second;
            if ground[cell] != after[cell] {
                pairs.push((first, second, after[cell]));
            }
        }
    }
    Ok(OfferedStages {
        title: offer.title.clone(),
        to,
        pairs,
    })
}

/// A candidate by code or name.
pub(crate) fn among(
    name: &Placed<String>,
    candidates: &[Candidate],
    registry: &Registry,
) -> Result<usize, Findings> {
    let state = state(name, registry)?;
    let place = candidates
        .iter()
        .position(|candidate| candidate.code == state.code.as_str());
    place.ok_or_else(|| {
        let codes: Vec<&str> = candidates.iter().map(|it| it.code.as_str()).collect();
        let message = format!("{} is not a candidate", state.name());
        Finding::error(Lint::Word, Some(name.place.clone()), message)
            .expecting(format!("one of {}", codes.join(", ")))
            .into()
    })
}

fn state<'r>(
    name: &Placed<String>,
    registry: &'r Registry,
) -> Result<&'r acquis_registry::State, Findings> {
    registry.find_state(&name.value).map_err(|mut finding| {
        finding.place = Some(name.place.clone());
        finding.into()
    })
}

/// The candidates, each once; every mistake at its place.
fn candidates(
    question: &BlocsQuestion,
    registry: &Registry,
    economy: &Economy,
) -> Result<Vec<Candidate>, Findings> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut findings = Findings::default();
    for name in &question.candidates {
        let state = match state(name, registry) {
            Ok(state) => state,
            Err(unknown) => {
                for finding in &unknown {
                    findings.push(finding.clone());
                }
                continue;
            }
        };
        let code = state.code.as_str();
        let wrong =
            |message: String| Finding::error(Lint::Economy, Some(name.place.clone()), message);
        if candidates.iter().any(|known| known.code == code) {
            findings.push(wrong(format!("{} is a candidate twice", state.name())));
            continue;
        }
        let Some(position) = economy.position(code) else {
            let states = economy.labels().iter();
            let states = states.filter(|it| registry.state(&StateCode::new(it)).is_some());
            let states: Vec<&str> = states.map(String::as_str).collect();
            findings.push(
                wrong(format!(
                    "{} is not in the economy {}: what a bloc is worth to it can't be told",
                    state.name(),
                    economy.card.id
                ))
                .expecting(format!("some of {}", states.join(", "))),
            );
            continue;
        };
        candidates.push(Candidate {
            code: code.to_owned(),
            name: state.name().to_owned(),
            position,
            estimated_share: economy.estimated_share(position),
        });
    }
    if findings.has_errors() {
        return Err(findings);
    }
    Ok(candidates)
}
