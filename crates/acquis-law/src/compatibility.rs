//! Commitments that exclude each other. What is looked for is declared in the pack's
//! rules, each with its legal basis; this module knows how to look.

use acquis_registry::{
    Basis, EdtfDate, Institution, Instrument, InstrumentKind, Party, Registry, Rule, RuleKind,
    Stage, StateCode,
};
use jiff::civil::Date;

use crate::law::Law;
use crate::proof::Proof;
use crate::stage::{Commitment, Grade};

/// Something that a state holds.
#[derive(Debug, Clone, Copy)]
pub enum Held<'r> {
    /// Standing in an organization or agreement.
    Institution(&'r Institution),
    /// An instrument, such as a base.
    Instrument(&'r Instrument),
}

impl Held<'_> {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Self::Institution(institution) => institution.id.as_str(),
            Self::Instrument(instrument) => &instrument.id,
        }
    }

    /// The name for a sentence.
    pub fn name(&self) -> &str {
        match self {
            Self::Institution(institution) => institution.short_name(),
            Self::Instrument(instrument) => &instrument.title,
        }
    }
}

/// Two commitments of one state that cannot both be kept.
#[derive(Debug, Clone)]
pub struct Incompatibility<'r> {
    /// The rule that is broken.
    pub rule: &'r Rule,
    /// The state that is bound both ways.
    pub state: StateCode,
    /// The customs union or alliance.
    pub union: &'r Institution,
    /// The other commitment.
    pub other: Held<'r>,
    /// The states outside the union or alliance with which it is held.
    pub outsiders: Vec<StateCode>,
    /// The day from which both are held.
    pub since: Date,
}

impl Incompatibility<'_> {
    /// What is wrong, as a sentence.
    pub fn sentence(&self, law: &Law<'_>) -> String {
        let name = |code: &StateCode| {
            let known = law.registry().state(code);
            known.map_or_else(|| code.to_string(), |state| state.name().to_owned())
        };
        let outsiders: Vec<String> = self.outsiders.iter().map(name).collect();
        let outsiders = outsiders.join(", ");
        let (state, union, other) = (
            name(&self.state),
            self.union.short_name(),
            self.other.name(),
        );
        match self.rule.kind {
            RuleKind::CustomsUnionMemberWithSeparateTradeAgreement => format!(
                "{state} is a member of the customs union {union} and has its own trade agreement {other} with outsiders of it ({outsiders})"
            ),
            RuleKind::MemberOfTwoCustomsUnions => format!(
                "{state} is a member of two customs unions, {union} and {other}, of which neither contains the other"
            ),
            RuleKind::MemberOfExclusiveAlliances => {
                format!("{state} is a member of {union} and of {other}, which exclude each other")
            }
            RuleKind::ForeignBaseWithoutConsent => format!(
                "{state} is a member of {union}, whose members all have to agree to a base of an outsider, and there is one of {outsiders}: {other}"
            ),
        }
    }

    /// What would cure it.
    pub fn cure(&self) -> String {
        let (union, other) = (self.union.short_name(), self.other.name());
        match self.rule.kind {
            RuleKind::CustomsUnionMemberWithSeparateTradeAgreement => format!(
                "withdrawal from {other}, or an agreement of {union} as a whole with the outsiders"
            ),
            RuleKind::MemberOfTwoCustomsUnions => {
                format!("withdrawal from {union} or from {other}, or a merger of the two")
            }
            RuleKind::MemberOfExclusiveAlliances => {
                format!("withdrawal from {union} or from {other}")
            }
            RuleKind::ForeignBaseWithoutConsent => {
                format!("the consent of all members of {union}, or the end of the base")
            }
        }
    }

    /// What makes it the same in two registries.
    pub fn key(&self) -> (String, String, String, String) {
        (
            self.rule.id.clone(),
            self.state.to_string(),
            self.union.id.to_string(),
            self.other.id().to_owned(),
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
        let in_time = |rule: &&Rule| {
            let from = rule.from.as_ref().and_then(EdtfDate::first_day);
            from.is_none_or(|from| from <= day)
        };
        for rule in self.registry().rules().iter().filter(in_time) {
            for (row, state) in states.iter().enumerate() {
                match rule.kind {
                    RuleKind::CustomsUnionMemberWithSeparateTradeAgreement => {
                        commitments.separate_agreements(rule, row, &mut found);
                    }
                    RuleKind::MemberOfTwoCustomsUnions => {
                        commitments.two_unions(rule, row, &mut found);
                    }
                    RuleKind::MemberOfExclusiveAlliances => {
                        self.exclusive_alliances(rule, state, day, &mut found);
                    }
                    RuleKind::ForeignBaseWithoutConsent => {
                        self.foreign_bases(rule, state, day, &mut found);
                    }
                }
            }
        }
        found
    }

    /// Why two commitments can't both be kept: the rule with its basis, and the standings
    /// by which the state holds them.
    pub fn prove_incompatibility(&self, found: &Incompatibility<'r>, day: Date) -> Proof {
        let basis = found.rule.basis.iter().map(Basis::reference);
        let rule = format!(
            "{}: {} [{}]",
            found.rule.id,
            found.rule.statement,
            basis.collect::<Vec<_>>().join("; ")
        );
        let mut because = vec![Proof::from_statements(rule, Vec::new())];
        let standing = |institution: &Institution| {
            let dossier = self.dossier(&institution.id)?;
            Some(self.prove(&self.reach(dossier, &found.state, day)?))
        };
        because.extend(standing(found.union));
        match found.other {
            Held::Institution(other) => because.extend(standing(other)),
            Held::Instrument(instrument) => {
                because.push(Proof::from_statements(&instrument.title, Vec::new()));
            }
        }
        Proof::from_statements(found.sentence(self), because)
    }

    /// The institutions of a rule in which a state is a member on a day, with the day since.
    fn memberships_by_rule(
        &self,
        rule: &'r Rule,
        state: &StateCode,
        day: Date,
    ) -> Vec<(&'r Institution, Date)> {
        let party = Party::State(state.clone());
        rule.institutions
            .iter()
            .filter_map(|id| self.standing(&party, id, day))
            .filter(|standing| standing.standing.is_bound())
            .map(|standing| (standing.institution, standing.since))
            .collect()
    }

    fn exclusive_alliances(
        &self,
        rule: &'r Rule,
        state: &StateCode,
        day: Date,
        found: &mut Vec<Incompatibility<'r>>,
    ) {
        let memberships = self.memberships_by_rule(rule, state, day);
        for (index, (union, since)) in memberships.iter().enumerate() {
            for (other, other_since) in &memberships[index + 1..] {
                let members = self.members(&union.id, day);
                found.push(Incompatibility {
                    rule,
                    state: state.clone(),
                    union,
                    other: Held::Institution(other),
                    outsiders: self
                        .members(&other.id, day)
                        .into_iter()
                        .filter(|member| !members.contains(member))
                        .collect(),
                    since: *since.max(other_since),
                });
            }
        }
    }

    fn foreign_bases(
        &self,
        rule: &'r Rule,
        state: &StateCode,
        day: Date,
        found: &mut Vec<Incompatibility<'r>>,
    ) {
        let host = Party::State(state.clone());
        let rule_from = rule.from.as_ref().and_then(EdtfDate::first_day);
        for (union, since) in self.memberships_by_rule(rule, state, day) {
            let members = self.members(&union.id, day);
            for known in self.view().instruments() {
                let base = known.subject;
                let begins = known.claim.effect.as_ref().or(known.claim.on.as_ref());
                let begins = begins.and_then(EdtfDate::first_day);
                let ends = known.claim.until.as_ref().and_then(EdtfDate::first_day);
                let stands = begins.is_some_and(|begins| begins <= day)
                    && ends.is_none_or(|ends| day < ends);
                let outsiders: Vec<StateCode> = base
                    .receiver
                    .iter()
                    .filter_map(|party| match party {
                        Party::State(code) if !members.contains(code) => Some(code.clone()),
                        _ => None,
                    })
                    .collect();
                let is_foreign_base = base.kind == InstrumentKind::Base
                    && base.giver.contains(&host)
                    && !outsiders.is_empty();
                if !(stands && is_foreign_base) {
                    continue;
                }
                let both = [Some(since), begins, rule_from];
                found.push(Incompatibility {
                    rule,
                    state: state.clone(),
                    union,
                    other: Held::Instrument(base),
                    outsiders,
                    since: both.into_iter().flatten().max().unwrap_or(day),
                });
            }
        }
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
        let reaches = law.reaches(states, day, grade);
        let mut pairs = Vec::with_capacity(states.len() * states.len());
        for row in 0..states.len() {
            for column in 0..states.len() {
                pairs.push(reaches.between(row, column).commitments);
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
                    other: Held::Institution(other),
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
                    other: Held::Institution(other.institution),
                    outsiders: outsiders
                        .map(|&member| self.states[member].clone())
                        .collect(),
                    since,
                });
            }
        }
    }
}
