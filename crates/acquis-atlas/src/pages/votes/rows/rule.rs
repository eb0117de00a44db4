//! From rows to a rule, with every mistake at its field.

use acquis_registry::{Criterion, DecisionKind, Party, Quota};
use acquis_scenario::{Added, AskedQuota, TypedShare, TypedWeights};

use super::{Composition, Count, Join, Kind};

/// What would be read as a sign of the notation in a name.
const SIGNS: [char; 8] = [',', ';', '=', '(', ')', '[', ']', '"'];

/// What is wrong in a field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Mistake {
    pub(in super::super) field: String,
    pub(in super::super) sentence: String,
}

impl Mistake {
    pub(in super::super) fn new(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            sentence: sentence.into(),
        }
    }
}

/// A rule that was read from rows.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Composed {
    pub(in super::super) names: Vec<String>,
    pub(in super::super) criterion: Criterion,
}

impl Composition {
    /// The rule. `named` makes a member's name of what was typed, or says what is wrong with it.
    ///
    /// # Errors
    /// Every mistake, at its field.
    pub(in super::super) fn rule(
        &self,
        named: impl Fn(&str) -> Result<String, String>,
    ) -> Result<Composed, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let names = self.names(&named, &mut mistakes);
        let mut alternatives: Vec<Vec<Criterion>> = Vec::new();
        for (place, count) in self.counts.iter().enumerate() {
            let part = self.part(place, count, &names, &mut mistakes);
            match alternatives.last_mut() {
                Some(last) if count.joins == Join::And => last.extend(part),
                _ => alternatives.push(part.into_iter().collect()),
            }
        }
        if names.is_empty() && mistakes.is_empty() {
            mistakes.push(Mistake::new("name1", "Name at least one member."));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let with_veto = names.iter().filter(|(place, _)| self.rows[*place].has_veto);
        let vetoes: Vec<Party> = with_veto.map(|(_, name)| Party::from_id(name)).collect();
        let mut parts: Vec<Criterion> = match alternatives.pop() {
            Some(only) if alternatives.is_empty() => only,
            last => {
                let all = alternatives.into_iter().chain(last);
                let all = all.map(|parts| joined(DecisionKind::AllOf, parts));
                vec![joined(DecisionKind::AnyOf, all.collect())]
            }
        };
        if !vetoes.is_empty() {
            parts.push(Criterion {
                members: vetoes,
                ..Criterion::new(DecisionKind::Veto)
            });
        }
        Ok(Composed {
            criterion: joined(DecisionKind::AllOf, parts),
            names: names.into_iter().map(|(_, name)| name).collect(),
        })
    }

    /// The members with the places of their rows; rows in which nothing stands are left out.
    fn names(
        &self,
        named: &impl Fn(&str) -> Result<String, String>,
        mistakes: &mut Vec<Mistake>,
    ) -> Vec<(usize, String)> {
        let mut names: Vec<(usize, String)> = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let is_empty = row.votes.iter().all(String::is_empty) && !row.has_veto;
            if row.name.is_empty() && is_empty {
                continue;
            }
            let field = format!("name{}", place + 1);
            if row.name.is_empty() {
                mistakes.push(Mistake::new(field, "Say whose votes these are."));
                continue;
            }
            let name = match named(&row.name) {
                Ok(name) => name,
                Err(sentence) => {
                    mistakes.push(Mistake::new(field, sentence));
                    continue;
                }
            };
            if let Some(sign) = name.chars().find(|sign| SIGNS.contains(sign)) {
                let sentence = format!("Write the name without {sign:?}.");
                mistakes.push(Mistake::new(field, sentence));
                continue;
            }
            if names.iter().any(|(_, known)| *known == name) {
                let sentence = format!("{name} has a row already; take one of the two away.");
                mistakes.push(Mistake::new(field, sentence));
                continue;
            }
            names.push((place, name));
        }
        names
    }

    /// What one count counts.
    fn part(
        &self,
        place: usize,
        count: &Count,
        names: &[(usize, String)],
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Criterion> {
        let kind = match count.kind {
            Kind::Votes | Kind::Population | Kind::Gdp => DecisionKind::Weighted,
            Kind::Members | Kind::Some => DecisionKind::QualifiedMajority,
            Kind::Majority => DecisionKind::SimpleMajority,
            Kind::Consensus => DecisionKind::Consensus,
            Kind::ConsensusMinusOne => DecisionKind::ConsensusMinusOne,
            Kind::Unanimity => DecisionKind::Unanimity,
            Kind::Blocking => DecisionKind::BlockingMinority,
        };
        let mut criterion = Criterion::new(kind);
        match count.kind {
            Kind::Consensus | Kind::ConsensusMinusOne | Kind::Unanimity => return Some(criterion),
            Kind::Majority => {
                criterion.of_votes_cast = count.cast;
                return Some(criterion);
            }
            Kind::Votes => criterion.votes = self.votes(place, names, mistakes),
            Kind::Some => {
                let votes = self.votes(place, names, mistakes);
                let counting = votes.into_iter().filter(|(_, votes)| *votes > 0.0);
                criterion.members = counting.map(|(party, _)| party).collect();
                if criterion.members.is_empty() && mistakes.is_empty() {
                    let field = format!("votes1.{}", place + 1);
                    mistakes.push(Mistake::new(field, "Write 1 for each that counts here."));
                }
            }
            Kind::Population | Kind::Gdp => {
                criterion.weights = series(place, count, mistakes);
            }
            Kind::Members | Kind::Blocking => {}
        }
        let total = match count.kind {
            Kind::Votes => Some(criterion.votes.iter().map(|(_, votes)| votes).sum()),
            Kind::Some => Some(criterion.members.len() as f64),
            Kind::Members | Kind::Blocking => Some(names.len() as f64),
            _ => None,
        };
        let asked = quota(place, count, total, mistakes)?;
        criterion.quota = Some(asked.quota);
        criterion.strict = asked.strict;
        criterion.of_votes_cast =
            count.cast && count.kind != Kind::Blocking && count.kind != Kind::Some;
        if criterion.of_votes_cast {
            criterion.kind = DecisionKind::QualifiedMajority;
            if matches!(asked.quota, Quota::Votes(_)) {
                let sentence = "Of the votes cast a share is needed, such as 2/3 or 60%.";
                mistakes.push(Mistake::new(format!("quota{}", place + 1), sentence));
            }
        }
        Some(criterion)
    }

    /// The votes of each under a count.
    fn votes(
        &self,
        count: usize,
        names: &[(usize, String)],
        mistakes: &mut Vec<Mistake>,
    ) -> Vec<(Party, f64)> {
        let mut votes = Vec::new();
        for (place, name) in names {
            let typed = self.rows[*place].votes.get(count);
            let typed = typed.map(String::as_str).unwrap_or_default();
            let is_optional = self.counts[count].kind == Kind::Some;
            let read = match typed {
                "" if is_optional => Some(0.0),
                _ => format!("x={typed}")
                    .parse()
                    .ok()
                    .and_then(|Added { votes, .. }| votes),
            };
            if let Some(number) = read {
                votes.push((Party::from_id(name), number));
                continue;
            }
            let sentence = if typed.is_empty() {
                format!("How many votes has {name}? Write 0 for none.")
            } else {
                format!("{typed:?} is not a number of votes; write it as 4 or 21.5.")
            };
            let field = format!("votes{}.{}", place + 1, count + 1);
            mistakes.push(Mistake::new(field, sentence));
        }
        votes
    }
}

/// What must be reached; all votes are `total` where that is known.
fn quota(
    place: usize,
    count: &Count,
    total: Option<f64>,
    mistakes: &mut Vec<Mistake>,
) -> Option<AskedQuota> {
    let field = format!("quota{}", place + 1);
    if count.quota.is_empty() {
        let sentence = "How much is needed? Write a number, or a share such as 2/3 or 80%.";
        mistakes.push(Mistake::new(field, sentence));
        return None;
    }
    let mut asked: AskedQuota = match count.quota.parse() {
        Ok(asked) => asked,
        Err(error) => {
            mistakes.push(Mistake::new(field, format!("Here {error}.")));
            return None;
        }
    };
    let is_blocking = count.kind == Kind::Blocking;
    asked.strict |= count.more && !is_blocking;
    if is_blocking
        && !matches!(asked.quota, Quota::Votes(votes) if votes >= 1.0 && votes.fract() == 0.0)
    {
        let sentence = "A blocking minority is a whole number of members, from 1.";
        mistakes.push(Mistake::new(field, sentence));
        return None;
    }
    if let (Quota::Votes(votes), Some(total)) = (asked.quota, total)
        && mistakes.is_empty()
        && (votes > total || asked.strict && votes >= total)
    {
        let sentence = format!("That can never be reached: there are {total} in all.");
        mistakes.push(Mistake::new(field, sentence));
    }
    Some(asked)
}

/// Votes by a series of a year.
fn series(
    place: usize,
    count: &Count,
    mistakes: &mut Vec<Mistake>,
) -> Option<acquis_registry::Weights> {
    let field = |name: &str| format!("{name}{}", place + 1);
    let typed = format!("{}:{}", count.kind.word(), count.year);
    let Ok(TypedWeights::Series(mut weights)) = typed.parse() else {
        let sentence = "Of which year? Write it as 2014.";
        mistakes.push(Mistake::new(field("year"), sentence));
        return None;
    };
    let mut share = |name: &str, text: &str| {
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(TypedShare(share)) => Some(share),
            Err(error) => {
                mistakes.push(Mistake::new(field(name), format!("Here {error}.")));
                None
            }
        }
    };
    weights.floor = share("from", &count.floor);
    weights.cap = share("to", &count.cap);
    Some(weights)
}

fn joined(kind: DecisionKind, mut parts: Vec<Criterion>) -> Criterion {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => Criterion {
            criteria: parts.into_iter().chain(last).collect(),
            ..Criterion::new(kind)
        },
    }
}
