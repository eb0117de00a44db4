//! Commitments that exclude each other. What is looked for is declared in the pack's
//! rules, each with its legal basis; this module knows how to look.

use acquis_registry::{Institution, Registry, Rule, RuleKind, Stage, StateCode};
use jiff::civil::Date;

use crate::law::Law;
use crate::stage::{Commitment, Grade};

/// Two commitments of one state that cannot both be kept.
#[derive(Debug, Clone)]
pub struct Incompatibility<'r> {
    /// The rule that is broken.
    pub rule: &'r Rule,
    /// The state that is bound both ways.
    pub state: StateCode,
    /// The customs union.
    pub union: &'r Institution,
    /// The other commitment.
    pub other: &'r Institution,
    /// The states with which it is held, outside the customs union.
    pub outsiders: Vec<StateCode>,
    /// The day from which both are held.
    pub since: Date,
}

impl Incompatibility<'_> {
    /// What is wrong, as a sentence.
    pub fn sentence(&self, law: &Law<'_>) -> String {
        let name = |code: &StateCode| {
            law.registry()
                .state(code)
                .map_or_else(|| code.to_string(), |state| state.name().to_owned())
        };
        let outsiders: Vec<&str> = self.outsiders.iter().map(StateCode::as_str).collect();
        match self.rule.kind {
            RuleKind::CustomsUnionMemberWithSeparateTradeAgreement => format!(
                "{} is a member of the customs union {} and has its own trade agreement {} with outsiders of it ({})",
                name(&self.state),
                self.union.short_name(),
                self.other.short_name(),
                outsiders.join(", "),
            ),
            RuleKind::MemberOfTwoCustomsUnions => format!(
                "{} is a member of two customs unions, {} and {}, of which neither contains the other",
                name(&self.state),
                self.union.short_name(),
                self.other.short_name(),
            ),
        }
    }

    /// What would cure it.
    pub fn cure(&self) -> String {
        match self.rule.kind {
            RuleKind::CustomsUnionMemberWithSeparateTradeAgreement => format!(
                "withdrawal from {}, or an agreement of {} as a whole with the outsiders",
                self.other.short_name(),
                self.union.short_name(),
            ),
            RuleKind::MemberOfTwoCustomsUnions => format!(
                "withdrawal from {} or from {}, or a merger of the two",
                self.union.short_name(),
                self.other.short_name(),
            ),
        }
    }

    /// What makes it the same in two registries.
    pub fn key(&self) -> (String, String, String, String) {
        (
            self.rule.id.clone(),
            self.state.to_string(),
            self.union.id.to_string(),
            self.other.id.to_string(),
        )
    }
}

impl<'r> Law<'r> {
    /// The incompatible commitments of some states among each other on a day, at one
    /// grade, by the rules of the pack.
    pub fn incompatibilities(
        &self,
        states: &[StateCode],
        day: Date,
        grade: Grade,
    ) -> Vec<Incompatibility<'r>> {
        let commitments = Commitments::new(self, states, day, grade);
        let mut found = Vec::new();
        for rule in self.registry().rules() {
            for row in 0..states.len() {
                match rule.kind {
                    RuleKind::CustomsUnionMemberWithSeparateTradeAgreement => {
                        commitments.separate_agreements(rule, row, &mut found);
                    }
                    RuleKind::MemberOfTwoCustomsUnions => {
                        commitments.two_unions(rule, row, &mut found);
                    }
                }
            }
        }
        found
    }
}

/// Every commitment between every two of some states, by pair.
struct Commitments<'s, 'r> {
    registry: &'r Registry,
    states: &'s [StateCode],
    /// `[states][states]`.
    pairs: Vec<Vec<Commitment<'r>>>,
}

/// A customs union as one of its members sees it.
struct Union<'r> {
    institution: &'r Institution,
    /// Positions of all members, the one who looks among them.
    members: Vec<usize>,
}

impl<'s, 'r> Commitments<'s, 'r> {
    fn new(law: &Law<'r>, states: &'s [StateCode], day: Date, grade: Grade) -> Self {
        let mut pairs = Vec::with_capacity(states.len() * states.len());
        for first in states {
            for second in states {
                pairs.push(law.stage_between(first, second, day, grade).commitments);
            }
        }
        Self {
            registry: law.registry(),
            states,
            pairs,
        }
    }

    /// Whether two institutions belong to one customs union's line: one was concluded under
    /// the roof of the other, or both under that of a third that sets a customs union. They
    /// are steps of one project, not two unions.
    fn are_of_one_line(&self, first: &Institution, second: &Institution) -> bool {
        let line = |start: &Institution| {
            let start = self.registry.institution(&start.id);
            std::iter::successors(start, |institution| {
                self.registry.institution(institution.within.as_ref()?)
            })
            // A pack whose roofs stand in a circle must not hang the program.
            .take(self.states.len().max(8))
            .filter(|institution| institution.stage >= Some(Stage::CustomsUnion))
            .map(|institution| &institution.id)
            .collect::<Vec<_>>()
        };
        let second = line(second);
        line(first).iter().any(|id| second.contains(id))
    }

    fn pair(&self, row: usize, column: usize) -> &[Commitment<'r>] {
        &self.pairs[row * self.states.len() + column]
    }

    fn trade_commitments(
        &self,
        row: usize,
        column: usize,
    ) -> impl Iterator<Item = &Commitment<'r>> {
        self.pair(row, column)
            .iter()
            .filter(|commitment| commitment.stage >= Stage::FreeTradeArea)
    }

    /// The customs unions of a state, with their members among the states.
    fn unions(&self, row: usize) -> Vec<Union<'r>> {
        let mut unions: Vec<Union<'r>> = Vec::new();
        for column in 0..self.states.len() {
            for commitment in self.trade_commitments(row, column) {
                if commitment.stage < Stage::CustomsUnion {
                    continue;
                }
                let institution = commitment.institution;
                match unions
                    .iter_mut()
                    .find(|union| union.institution.id == institution.id)
                {
                    Some(union) => union.members.push(column),
                    None => unions.push(Union {
                        institution,
                        members: vec![row, column],
                    }),
                }
            }
        }
        unions
    }

    fn since(&self, row: usize, institutions: [&Institution; 2]) -> Option<Date> {
        let begin = |institution: &Institution| {
            (0..self.states.len())
                .flat_map(|column| self.pair(row, column))
                .filter(|commitment| commitment.institution.id == institution.id)
                .map(|commitment| commitment.first.since.max(commitment.second.since))
                .min()
        };
        Some(begin(institutions[0])?.max(begin(institutions[1])?))
    }

    fn separate_agreements(
        &self,
        rule: &'r Rule,
        row: usize,
        found: &mut Vec<Incompatibility<'r>>,
    ) {
        for union in self.unions(row) {
            let mut others: Vec<(&'r Institution, Vec<StateCode>)> = Vec::new();
            for column in 0..self.states.len() {
                if union.members.contains(&column) || self.open_to_all(&union.members, column) {
                    continue;
                }
                for commitment in self.trade_commitments(row, column) {
                    if self.are_of_one_line(union.institution, commitment.institution) {
                        continue;
                    }
                    let outsider = self.states[column].clone();
                    let institution = commitment.institution;
                    match others
                        .iter_mut()
                        .find(|(other, _)| other.id == institution.id)
                    {
                        Some((_, outsiders)) => outsiders.push(outsider),
                        None => others.push((institution, vec![outsider])),
                    }
                }
            }
            for (other, outsiders) in others {
                let Some(since) = self.since(row, [union.institution, other]) else {
                    continue;
                };
                found.push(Incompatibility {
                    rule,
                    state: self.states[row].clone(),
                    union: union.institution,
                    other,
                    outsiders,
                    since,
                });
            }
        }
    }

    /// Whether every member of a union trades freely with the outsider, so that goods that
    /// enter by one member enter no cheaper than by another.
    fn open_to_all(&self, members: &[usize], outsider: usize) -> bool {
        members
            .iter()
            .all(|&member| self.trade_commitments(member, outsider).next().is_some())
    }

    fn two_unions(&self, rule: &'r Rule, row: usize, found: &mut Vec<Incompatibility<'r>>) {
        let unions = self.unions(row);
        for (index, union) in unions.iter().enumerate() {
            for other in &unions[index + 1..] {
                let within = |inner: &Union<'_>, outer: &Union<'_>| {
                    inner
                        .members
                        .iter()
                        .all(|member| outer.members.contains(member))
                };
                if within(union, other)
                    || within(other, union)
                    || self.are_of_one_line(union.institution, other.institution)
                {
                    continue;
                }
                let Some(since) = self.since(row, [union.institution, other.institution]) else {
                    continue;
                };
                let outsiders = other
                    .members
                    .iter()
                    .filter(|member| !union.members.contains(member));
                found.push(Incompatibility {
                    rule,
                    state: self.states[row].clone(),
                    union: union.institution,
                    other: other.institution,
                    outsiders: outsiders
                        .map(|&member| self.states[member].clone())
                        .collect(),
                    since,
                });
            }
        }
    }
}
