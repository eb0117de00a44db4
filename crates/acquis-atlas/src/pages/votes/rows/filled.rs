//! From a rule to rows.

use acquis_registry::{Criterion, DecisionKind, Party};
use acquis_scenario::{AskedQuota, Vote, Voter};

use super::{Composition, Count, Join, Kind, MOST_COUNTS, MOST_ROWS, Row};

impl Composition {
    /// The rows of a vote's rule; nothing where rows can't say it: brackets in brackets, or too
    /// many members.
    pub(in super::super) fn of(vote: &Vote<'_>) -> Option<Self> {
        if vote.voters.len() > MOST_ROWS {
            return None;
        }
        let mut vetoes: Vec<&Party> = Vec::new();
        let is_veto =
            |part: &Criterion| part.kind == DecisionKind::Veto && !part.members.is_empty();
        let top = &vote.criterion;
        let mut parts: Vec<&Criterion> = match top.kind {
            DecisionKind::AllOf => top.criteria.iter().collect(),
            _ => vec![top],
        };
        parts.retain(|part| {
            if is_veto(part) {
                vetoes.extend(&part.members);
            }
            !is_veto(part)
        });
        let joined = match parts.as_slice() {
            [] => vec![],
            [only] if only.kind == DecisionKind::AnyOf => only
                .criteria
                .iter()
                .flat_map(|part| together(part, Join::Or))
                .collect(),
            parts => parts.iter().map(|part| (Join::And, *part)).collect(),
        };
        let mut rows: Vec<Row> = vote
            .voters
            .iter()
            .map(|voter| Row {
                name: voter.as_str().to_owned(),
                votes: Vec::new(),
                has_veto: vetoes.iter().any(|party| party.as_str() == voter.as_str()),
            })
            .collect();
        let mut counts = Vec::new();
        for (joins, part) in joined {
            let count = count_of(part)?;
            for (row, voter) in rows.iter_mut().zip(&vote.voters) {
                row.votes.push(votes_of(vote, part, voter));
            }
            counts.push(Count { joins, ..count });
        }
        if counts.is_empty() {
            // Vetoes by themselves: whoever has none may stay away.
            counts.push(Count {
                quota: "1".to_owned(),
                ..Count::new(Kind::Members)
            });
            if vetoes.is_empty() {
                return None;
            }
        }
        (counts.len() <= MOST_COUNTS).then_some(Self { rows, counts })
    }
}

/// Parts that are joined by AND, the first of them by `joins`.
fn together(part: &Criterion, joins: Join) -> Vec<(Join, &Criterion)> {
    if part.kind != DecisionKind::AllOf {
        return vec![(joins, part)];
    }
    let parts = part.criteria.iter().enumerate();
    parts
        .map(|(place, part)| (if place == 0 { joins } else { Join::And }, part))
        .collect()
}

/// What a criterion counts, as a form has it; nothing if rows can't say it.
fn count_of(criterion: &Criterion) -> Option<Count> {
    let kind = match criterion.kind {
        DecisionKind::Veto if criterion.members.is_empty() => Kind::Consensus,
        DecisionKind::AllOf | DecisionKind::AnyOf | DecisionKind::Veto => return None,
        DecisionKind::Consensus => Kind::Consensus,
        DecisionKind::ConsensusMinusOne => Kind::ConsensusMinusOne,
        DecisionKind::Unanimity => Kind::Unanimity,
        DecisionKind::BlockingMinority => Kind::Blocking,
        DecisionKind::SimpleMajority | DecisionKind::QualifiedMajority | DecisionKind::Weighted => {
            counted(criterion)
        }
    };
    let mut count = Count::new(kind);
    match criterion.quota {
        Some(quota) => {
            count.quota = AskedQuota::at_least(quota).to_string();
            count.more = criterion.strict;
        }
        None if matches!(
            kind,
            Kind::Votes | Kind::Some | Kind::Population | Kind::Gdp
        ) =>
        {
            (count.quota, count.more) = ("1/2".to_owned(), true);
        }
        None => {}
    }
    count.cast = criterion.of_votes_cast;
    if let Some(weights) = &criterion.weights {
        let share = |share: Option<f64>| share.map_or_else(String::new, |it| it.to_string());
        count.year = weights.year.to_string();
        (count.floor, count.cap) = (share(weights.floor), share(weights.cap));
    }
    Some(count)
}

/// What is counted by a criterion with a quota.
fn counted(criterion: &Criterion) -> Kind {
    use acquis_registry::Series;
    match criterion.weights.map(|weights| weights.series) {
        Some(Series::Gdp) => Kind::Gdp,
        Some(_) => Kind::Population,
        None if !criterion.votes.is_empty() => Kind::Votes,
        None if !criterion.members.is_empty() => Kind::Some,
        None if criterion.kind == DecisionKind::SimpleMajority && criterion.quota.is_none() => {
            Kind::Majority
        }
        None => Kind::Members,
    }
}

/// What stands in the row of a voter under a criterion.
fn votes_of(vote: &Vote<'_>, criterion: &Criterion, voter: &Voter) -> String {
    let is_it = |party: &Party| party.as_str() == voter.as_str();
    match counted(criterion) {
        Kind::Votes => {
            let listed = criterion.votes.iter().find(|(party, _)| is_it(party));
            let place = vote.voters.iter().position(|other| other == voter);
            let own = || place.and_then(|place| vote.votes.as_ref()?.get(place).copied());
            let votes = listed.map(|(_, votes)| *votes).or_else(own);
            votes.map_or_else(String::new, |votes| votes.to_string())
        }
        Kind::Some if criterion.members.iter().any(is_it) => "1".to_owned(),
        _ => String::new(),
    }
}
