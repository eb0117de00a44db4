//! A rule as a form has it: members in rows, and what is counted of them.
//!
//! What is typed is kept as it was typed, so that a mistake can be put right where it stands.
//! Quotas, shares and votes are read by the code that reads the notation, and what comes out is
//! the criterion that a pack or a line of notation gives.

use acquis_registry::{Criterion, DecisionKind, Party, Quota};
use acquis_scenario::{Added, AskedQuota, TypedShare, TypedWeights, Vote, Voter};

/// Rows, at most: an address has to hold them.
pub(super) const MOST_ROWS: usize = 60;
/// Counts that are joined, at most.
pub(super) const MOST_COUNTS: usize = 4;
/// Rows of a form that nothing was written in yet.
const FIRST_ROWS: usize = 4;
/// What would be read as a sign of the notation in a name.
const SIGNS: [char; 8] = [',', ';', '=', '(', ')', '[', ']', '"'];

/// A rule in rows, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Composition {
    pub(super) rows: Vec<Row>,
    /// At least one.
    pub(super) counts: Vec<Count>,
}

/// A member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    /// Votes under each count, as far as they were filled in.
    pub(super) votes: Vec<String>,
    pub(super) has_veto: bool,
}

/// One count of votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Count {
    /// How it is joined to what stands before it; the first to nothing.
    pub(super) joins: Join,
    pub(super) kind: Kind,
    pub(super) quota: String,
    /// Whether more than the quota is needed.
    pub(super) more: bool,
    /// Whether the quota is one of the votes cast.
    pub(super) cast: bool,
    pub(super) year: String,
    pub(super) floor: String,
    pub(super) cap: String,
}

/// How a count is joined to what stands before it. AND binds before OR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// What a count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The votes in the rows.
    Votes,
    /// One vote each.
    Members,
    /// One vote each, more than half of them.
    Majority,
    /// One vote for each that has a one in the row.
    Some,
    Population,
    Gdp,
    Consensus,
    ConsensusMinusOne,
    Unanimity,
    /// So many who withhold their assent prevent a decision.
    Blocking,
}

impl Kind {
    pub(super) const ALL: [Self; 10] = [
        Self::Votes,
        Self::Members,
        Self::Majority,
        Self::Some,
        Self::Population,
        Self::Gdp,
        Self::Consensus,
        Self::ConsensusMinusOne,
        Self::Unanimity,
        Self::Blocking,
    ];

    /// The word in an address.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Members => "members",
            Self::Majority => "majority",
            Self::Some => "some",
            Self::Population => "population",
            Self::Gdp => "gdp",
            Self::Consensus => "consensus",
            Self::ConsensusMinusOne => "consensus-minus-one",
            Self::Unanimity => "unanimity",
            Self::Blocking => "blocking",
        }
    }

    /// What it is called in the form.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Votes => "weighted votes, as in the rows",
            Self::Members => "members, one vote each",
            Self::Majority => "simple majority, one vote each",
            Self::Some => "k of some members: a 1 in their rows",
            Self::Population => "votes by population",
            Self::Gdp => "votes by gross domestic product",
            Self::Consensus => "consensus: nobody against",
            Self::ConsensusMinusOne => "consensus minus one",
            Self::Unanimity => "unanimity: all in favour",
            Self::Blocking => "a blocking minority of members",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Count {
    fn new(kind: Kind) -> Self {
        Self {
            joins: Join::And,
            kind,
            quota: String::new(),
            more: false,
            cast: false,
            year: String::new(),
            floor: String::new(),
            cap: String::new(),
        }
    }
}

/// What is wrong in a field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) field: String,
    pub(super) sentence: String,
}

impl Mistake {
    pub(super) fn new(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            sentence: sentence.into(),
        }
    }
}

/// A rule that was read from rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Composed {
    pub(super) names: Vec<String>,
    pub(super) criterion: Criterion,
}

impl Default for Composition {
    fn default() -> Self {
        let quota = "1/2".to_owned();
        Self {
            rows: vec![Row::default(); FIRST_ROWS],
            counts: vec![Count {
                quota,
                more: true,
                ..Count::new(Kind::Votes)
            }],
        }
    }
}

/// The fields of the form are `name1`, `votes1.2` (row, count), `veto1`, and for each count
/// `kind1`, `quota1`, `least1`, `cast1`, `year1`, `from1`, `to1`, `join1`; `rows` and `counts`
/// say how many there are, because an empty field is not sent.
impl Composition {
    /// Reads what a form sent; nothing where it sent none of it.
    pub(super) fn read(pairs: &[(String, String)]) -> Option<Self> {
        let value = |name: String| {
            let mut pairs = pairs.iter();
            pairs
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.trim().to_owned())
        };
        let number = |name: &str, most: usize| {
            let number = value(name.to_owned())?.parse::<usize>().ok()?;
            Some(number.clamp(1, most))
        };
        let rows = number("rows", MOST_ROWS)?;
        let counts = number("counts", MOST_COUNTS).unwrap_or(1);
        let row = |row: usize| Row {
            name: value(format!("name{row}")).unwrap_or_default(),
            votes: (1..=counts)
                .map(|count| value(format!("votes{row}.{count}")).unwrap_or_default())
                .collect(),
            has_veto: value(format!("veto{row}")).is_some(),
        };
        let count = |count: usize| {
            let text = |name: &str| value(format!("{name}{count}")).unwrap_or_default();
            Count {
                joins: if text("join") == "or" {
                    Join::Or
                } else {
                    Join::And
                },
                kind: Kind::from_word(&text("kind")).unwrap_or(Kind::Votes),
                quota: text("quota"),
                more: text("least") == "more",
                cast: !text("cast").is_empty(),
                year: text("year"),
                floor: text("from"),
                cap: text("to"),
            }
        };
        Some(Self {
            rows: (1..=rows).map(row).collect(),
            counts: (1..=counts).map(count).collect(),
        })
    }

    /// Does what a button asks for: `add`, `remove3`, `join`, `part2`. The field that the
    /// reader goes on with.
    pub(super) fn change(&mut self, asked: &str) -> Option<String> {
        let place = |word: &str| {
            let place = asked.strip_prefix(word)?.parse::<usize>().ok()?;
            place.checked_sub(1)
        };
        if asked == "add" && self.rows.len() < MOST_ROWS {
            self.rows.push(Row::default());
            return Some(format!("name{}", self.rows.len()));
        }
        if asked == "join" && self.counts.len() < MOST_COUNTS {
            self.counts.push(Count::new(Kind::Members));
            return Some(format!("kind{}", self.counts.len()));
        }
        if let Some(place) = place("remove")
            && self.rows.len() > 1
            && place < self.rows.len()
        {
            self.rows.remove(place);
            return Some(format!("name{}", (place + 1).min(self.rows.len())));
        }
        if let Some(place) = place("part")
            && self.counts.len() > 1
            && place < self.counts.len()
        {
            self.counts.remove(place);
            for row in &mut self.rows {
                if place < row.votes.len() {
                    row.votes.remove(place);
                }
            }
            return Some("kind1".to_owned());
        }
        None
    }

    /// Whether something was written in a row.
    pub(super) fn is_begun(&self) -> bool {
        self.rows.iter().any(|row| !row.name.is_empty())
    }

    /// The rule. `named` makes a member's name of what was typed, or says what is wrong with it.
    ///
    /// # Errors
    /// Every mistake, at its field.
    pub(super) fn rule(
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

/// From a rule to rows.
impl Composition {
    /// The rows of a vote's rule; nothing where rows can't say it: brackets in brackets, or too
    /// many members.
    pub(super) fn of(vote: &Vote<'_>) -> Option<Self> {
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

#[cfg(test)]
mod tests {
    use acquis_scenario::{Almanac, ComposedRule, VotingQuestion};

    use super::*;

    fn composition(line: &str, players: Option<&str>) -> Option<Composition> {
        let rule = ComposedRule::from_line(line).unwrap();
        let players = players.map(|players| players.parse().unwrap());
        let question = VotingQuestion::default();
        let vote = Vote::composed(&rule, players.as_ref(), &question, &Almanac::default());
        Composition::of(&vote.unwrap())
    }

    fn as_typed(typed: &str) -> Result<String, String> {
        Ok(typed.to_owned())
    }

    #[test]
    fn rows_say_what_the_notation_says() {
        for (line, players) in [
            ("[7; RUS=4, BLR=2, KAZ=2]", None),
            ("[>1/2; A=40, B=30.5, C=30]", None),
            ("[>50% cast; A=40, B=30, C=30]", None),
            ("[7; RUS=4, BLR=2, KAZ=2] and veto(RUS, KAZ)", None),
            (
                "[7; A=4, B=2, C=2] and [100; A=9, B=80, C=50] and 2 of members",
                None,
            ),
            ("([7; A=4, B=2, C=2] and majority) or blocking 1", None),
            (
                "(([7; A=4, B=2, C=2] and majority) or consensus) and veto(A)",
                None,
            ),
            ("9 of members and veto(1, 2, 3, 4, 5)", Some("15")),
            ("2/3 of cast", Some("A,B,C")),
            ("majority of cast", Some("A,B,C")),
            ("2 of (A, B)", Some("A,B,C")),
            ("consensus minus one", Some("A,B,C")),
            ("unanimity or blocking 2", Some("A,B,C")),
        ] {
            let rows = composition(line, players).unwrap();
            let read = rows.rule(as_typed).unwrap();
            let own = ComposedRule::from_line(line).unwrap();
            assert_eq!(read.criterion, own.criterion, "{line}");
        }
    }

    #[test]
    fn what_rows_cannot_say_is_left_to_the_notation() {
        let nested = "((majority or [2; A=2, B=1, C=1]) and consensus) or unanimity";
        for (line, players) in [(nested, None), ("majority", Some("61"))] {
            assert_eq!(composition(line, players), None, "{line}");
        }
    }

    #[test]
    fn a_form_is_read_as_it_was_sent() {
        let text = "rows=3&counts=2&name1=A&votes1.1=4&name3=B&votes3.2=1&veto3=yes&kind1=votes\
                    &quota1=3&least1=more&kind2=some&quota2=1&join2=or";
        let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut read = Composition::read(&pairs).unwrap();
        assert_eq!((read.rows.len(), read.counts.len()), (3, 2));
        assert!(read.rows[2].has_veto && read.counts[0].more);
        assert_eq!(read.counts[1].joins, Join::Or);
        assert_eq!(read.change("remove2").as_deref(), Some("name2"));
        assert_eq!(read.rows[1].name, "B");
        let mistakes = read.rule(as_typed).unwrap_err();
        let fields: Vec<&str> = mistakes.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["votes2.1"]);
        read.change("part1");
        assert_eq!(read.counts.len(), 1);
        assert_eq!(read.rows[1].votes, ["1"]);
        for odd in ["remove9", "remove0", "part1", "partx", "fly"] {
            assert_eq!(read.change(odd), None, "{odd}");
        }
        assert!(Composition::read(&pairs[1..]).is_none());
    }

    #[test]
    fn mistakes_stand_at_their_fields() {
        let mut rows = composition("[7; A=4, B=2, C=2]", None).unwrap();
        rows.rows[0].name = "A=1".to_owned();
        rows.rows[1].votes[0] = "two".to_owned();
        rows.rows[2].name = "B".to_owned();
        rows.counts[0].quota = String::new();
        let mistakes = rows.rule(as_typed).unwrap_err();
        let fields: Vec<&str> = mistakes.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["name1", "name3", "votes2.1", "quota1"]);
        let mut rows = composition("[7; A=4, B=2, C=2]", None).unwrap();
        rows.counts[0].quota = "9".to_owned();
        let mistakes = rows.rule(as_typed).unwrap_err();
        assert!(mistakes[0].sentence.contains("8 in all"), "{mistakes:?}");
    }
}
