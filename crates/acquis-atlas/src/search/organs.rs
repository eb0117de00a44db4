//! The organs that decide, each with a day on which a rule of it holds and somebody votes.

use acquis_law::Law;
use acquis_registry::{Criterion, DecisionKind, Institution, KnownRule, StateCode};
use jiff::civil::Date;

use crate::problem::Problem;
use crate::visit::address;

/// An organ that decides.
pub(crate) struct Deciding<'r> {
    /// Whose organ it is.
    pub(crate) institution: &'r Institution,
    /// Its name.
    pub(crate) organ: &'r str,
    /// What is decided, where the rule isn't for everything.
    pub(crate) matter: Option<&'r str>,
    /// The first day on which a rule of it holds that can be counted among its members, or the
    /// day that was asked for.
    pub(crate) day: Date,
}

impl Deciding<'_> {
    /// The page that counts its votes on the day.
    pub(crate) fn address(&self) -> String {
        let day = self.day.to_string();
        let asked = [
            ("organization", self.institution.id.as_str()),
            ("organ", self.organ),
            ("on", day.as_str()),
        ];
        let matter = self.matter.map(|matter| ("matter", matter));
        address("/votes", asked.into_iter().chain(matter))
    }
}

/// Every organ with a rule that can be counted, by the order of the organizations.
pub(crate) fn deciding<'r>(law: &Law<'r>) -> Vec<Deciding<'r>> {
    let days = law.change_days();
    let mut found = Vec::new();
    for institution in law.view().registry().institutions() {
        for known in law.view().organs(institution) {
            if let Some(day) = day_of(law, institution, &known.rules, &days) {
                found.push(Deciding {
                    institution,
                    organ: known.organ.subject.name.as_str(),
                    matter: None,
                    day,
                });
            }
        }
    }
    found
}

/// Every organ with each of the matters for which it has a rule of its own: on the day, where
/// such a rule holds then and can be counted, else on the first day on which one does.
pub(crate) fn deciding_on<'r>(law: &Law<'r>, day: Date, days: &[Date]) -> Vec<Deciding<'r>> {
    let mut found = Vec::new();
    for institution in law.view().registry().institutions() {
        let organs = law.view().organs(institution);
        let members = if organs.is_empty() {
            Vec::new()
        } else {
            law.members(&institution.id, day)
        };
        for known in organs {
            let mut matters: Vec<Option<&'r str>> = Vec::new();
            for rule in &known.rules {
                let matter = rule.subject.matter.as_deref();
                if !matters.contains(&matter) {
                    matters.push(matter);
                }
            }
            for matter in matters {
                let is_of_it = |rule: &&KnownRule<'r>| rule.subject.matter.as_deref() == matter;
                let rules: Vec<KnownRule<'r>> =
                    known.rules.iter().filter(is_of_it).cloned().collect();
                let holds = |rule: &KnownRule<'_>| {
                    !rule.claim.denies
                        && rule.subject.holds_on(day)
                        && members.len() > 1
                        && can_be_counted(&rule.subject.criterion, &members)
                };
                let day = if rules.iter().any(holds) {
                    Some(day)
                } else {
                    day_of(law, institution, &rules, days)
                };
                found.extend(day.map(|day| Deciding {
                    institution,
                    organ: known.organ.subject.name.as_str(),
                    matter,
                    day,
                }));
            }
        }
    }
    found
}

/// A day on which a rule of an organ holds among two or more; the first one.
fn day_of(
    law: &Law<'_>,
    institution: &Institution,
    rules: &[KnownRule<'_>],
    days: &[Date],
) -> Option<Date> {
    let rules = rules.iter().filter(|rule| !rule.claim.denies);
    let first = rules.filter_map(|rule| {
        // A rule that begins in a year holds at its end, whatever the day.
        let begins = rule.subject.from.as_ref();
        let begins = begins.and_then(|from| from.last_day().or(from.first_day()));
        let later = days
            .iter()
            .copied()
            .filter(|day| begins.is_none_or(|begins| begins <= *day));
        begins
            .into_iter()
            .chain(later)
            .filter(|day| rule.subject.holds_on(*day))
            .find(|day| {
                let members = law.members(&institution.id, *day);
                members.len() > 1 && can_be_counted(&rule.subject.criterion, &members)
            })
    });
    first.min()
}

/// Whether the sources say enough to count a rule among these members: the votes of each, and
/// what must be reached.
fn can_be_counted(criterion: &Criterion, members: &[StateCode]) -> bool {
    let has_votes = |code: &StateCode| {
        let mut votes = criterion.votes.iter();
        votes.any(|(party, _)| party.as_str() == code.as_str())
    };
    match criterion.kind {
        DecisionKind::AllOf | DecisionKind::AnyOf => {
            let mut parts = criterion.criteria.iter();
            parts.all(|part| can_be_counted(part, members))
        }
        DecisionKind::Weighted => {
            let weighs = criterion.weights.is_some() || members.iter().all(has_votes);
            weighs && criterion.quota.is_some()
        }
        DecisionKind::QualifiedMajority | DecisionKind::BlockingMinority => {
            criterion.quota.is_some()
        }
        _ => true,
    }
}

/// What is wrong where a text names no organization: perhaps it names an organ.
pub(crate) fn not_found(law: &Law<'_>, text: &str, problem: Problem) -> Problem {
    /// More than these say little.
    const MOST: usize = 3;
    let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let is_named = |organ: &str| {
        let organ = organ.to_lowercase();
        !wanted.is_empty() && wanted.iter().all(|word| organ.contains(word))
    };
    let named = deciding(law).into_iter().filter(|it| is_named(it.organ));
    let named: Vec<Deciding<'_>> = named.take(MOST).collect();
    if named.is_empty() {
        return problem;
    }
    let told = Problem::new(problem.status(), problem.sentence());
    named.iter().fold(told, |told, it| {
        let whose = it.institution.short_name_on(it.day);
        told.advise(format!(
            "{} is an organ of {whose}: write {whose} as the organization and the name as the \
             organ, on a day such as {}.",
            it.organ, it.day
        ))
    })
}
