//! Which rule is meant: an organ by its name, a rule by its day and its matter.

use acquis_law::Law;
use acquis_registry::{
    DecisionKind, EdtfDate, Finding, Institution, KnownOrgan, KnownRule, Lint, OrganRule,
    StateCode, nearest,
};
use jiff::civil::Date;

use super::VotingQuestion;
use super::error::VotingError;

/// The rule that is meant.
pub(super) struct Found<'r> {
    pub(super) organ: KnownOrgan<'r>,
    pub(super) rule: KnownRule<'r>,
    pub(super) other_organs: Vec<&'r str>,
    pub(super) other_matters: Vec<&'r str>,
}

pub(super) fn rule<'r>(
    law: &Law<'r>,
    institution: &'r Institution,
    day: Date,
    question: &VotingQuestion,
) -> Result<Found<'r>, VotingError> {
    let mut organs = law.view().organs(institution);
    let mut whose = institution.short_name_on(day).to_owned();
    if let Some(name) = &question.organ {
        let chosen = organ_named(&organs, name, institution)?;
        organs = vec![organs.swap_remove(chosen)];
        whose = format!("the {} of {whose}", organs[0].organ.subject.name);
    }
    let periods: Vec<String> = organs.iter().flat_map(periods).collect();
    for organ in &mut organs {
        organ
            .rules
            .retain(|rule| rule.subject.holds_on(day) && !rule.claim.denies);
    }
    organs.retain(|organ| !organ.rules.is_empty());
    let members = law.members(&institution.id, day);
    let weighs = |rule: &KnownRule<'_>| {
        let criterion = &rule.subject.criterion;
        let votes = &criterion.votes;
        let has_votes = |code: &StateCode| votes.iter().any(|it| it.0.as_str() == code.as_str());
        criterion.kind == DecisionKind::Weighted
            && (question.weights.is_some() || members.iter().all(has_votes))
    };
    let weighing = |organ: &KnownOrgan<'_>| organ.rules.iter().any(weighs);
    let chosen = organs.iter().position(weighing).unwrap_or(0);
    if organs.is_empty() {
        let known = if periods.is_empty() {
            "none is known for any day".to_owned()
        } else {
            format!("there is {}", periods.join("; "))
        };
        return Err(VotingError::NoRule { whose, day, known });
    }
    let mut organ = organs.remove(chosen);
    let place = rule_for(&organ, question.matter.as_deref())?;
    let rule = organ.rules.remove(place);
    let matters = |rule: &KnownRule<'r>| rule.subject.matter.as_deref();
    Ok(Found {
        other_organs: organs
            .iter()
            .map(|organ| organ.organ.subject.name.as_str())
            .collect(),
        other_matters: organ.rules.iter().filter_map(matters).collect(),
        organ,
        rule,
    })
}

/// The organ of that name, or the only one whose name has these words in it.
fn organ_named(
    organs: &[KnownOrgan<'_>],
    name: &str,
    institution: &Institution,
) -> Result<usize, Finding> {
    let names: Vec<&str> = organs
        .iter()
        .map(|organ| organ.organ.subject.name.as_str())
        .collect();
    one_of(&names, name).ok_or_else(|| {
        let what = format!("{} has no organ {name:?}", institution.short_name());
        let expected = if names.is_empty() {
            "no organ's name: none of it is known".to_owned()
        } else {
            format!("one of {}", names.join(", "))
        };
        let finding = Finding::error(Lint::Word, None, what).expecting(expected);
        with_nearest(finding, name, &names)
    })
}

/// The finding with the nearest name, by all of the name or by one of its words.
fn with_nearest(mut finding: Finding, given: &str, names: &[&str]) -> Finding {
    let words = names.iter().flat_map(|name| name.split_whitespace());
    finding.nearest = nearest(given, names.iter().copied()).or_else(|| {
        let word = nearest(given, words)?;
        let name = names.iter().find(|name| name.contains(&word))?;
        Some((*name).to_owned())
    });
    finding
}

/// The rule for a matter; without one, that for everything, else the first.
fn rule_for(organ: &KnownOrgan<'_>, matter: Option<&str>) -> Result<usize, Finding> {
    let Some(matter) = matter else {
        let general = |rule: &KnownRule<'_>| rule.subject.matter.is_none();
        return Ok(organ.rules.iter().position(general).unwrap_or(0));
    };
    let matters: Vec<&str> = organ
        .rules
        .iter()
        .map(|rule| rule.subject.matter.as_deref().unwrap_or_default())
        .collect();
    one_of(&matters, matter).ok_or_else(|| {
        let name = &organ.organ.subject.name;
        let named = matters.iter().filter(|it| !it.is_empty()).copied();
        let known: Vec<&str> = named.collect();
        let expected = if known.is_empty() {
            "no matter: one rule is for everything".to_owned()
        } else {
            format!("one of {}", known.join("; "))
        };
        Finding::error(
            Lint::Word,
            None,
            format!("{name} has no rule on that day for {matter:?}"),
        )
        .expecting(expected)
        .near(matter, known)
    })
}

/// The place of the name that is given, or of the only one that has it in it.
fn one_of(names: &[&str], given: &str) -> Option<usize> {
    let given = given.trim().to_lowercase();
    let same = |name: &&str| name.to_lowercase() == given;
    names.iter().position(same).or_else(|| {
        let holds = |name: &str| !given.is_empty() && name.to_lowercase().contains(&given);
        let mut holding = (0..names.len()).filter(|&place| holds(names[place]));
        let first = holding.next()?;
        holding.next().is_none().then_some(first)
    })
}

/// The rules of an organ with their periods, in words.
fn periods(organ: &KnownOrgan<'_>) -> Vec<String> {
    let words = |rule: &OrganRule| {
        let date = |word: &str, date: &Option<EdtfDate>| {
            date.as_ref()
                .map_or_else(String::new, |date| format!(" {word} {date}"))
        };
        format!(
            "{} in the {}{}{}",
            rule.criterion.kind,
            organ.organ.subject.name,
            date("from", &rule.from),
            date("until", &rule.until)
        )
    };
    organ.rules.iter().map(|rule| words(rule.subject)).collect()
}
