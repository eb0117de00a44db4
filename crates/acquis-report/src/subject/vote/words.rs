//! A vote in words: what it is called, who its voters are, how its rule reads.

use acquis_decision::{Coalition, Player, Role};
use acquis_registry::{Criterion, DecisionKind, Party, Quota, Registry};
use acquis_scenario::{Origin, Vote};

/// "Integration Committee of EurAsEC, 2006-01-01".
pub fn title(vote: &Vote<'_>) -> String {
    match &vote.origin {
        Origin::Organ(organ) => {
            let institution = organ.institution.short_name_on(organ.day);
            if institution.contains(organ.organ) {
                return format!("{institution}, {}", organ.day);
            }
            format!("{} of {institution}, {}", organ.organ, organ.day)
        }
        Origin::Composed { rule, among } => {
            let title = rule.title.as_deref().unwrap_or("A composed rule");
            match among {
                Some((institution, day)) => {
                    let institution = institution.short_name_on(*day);
                    format!("{title} among the members of {institution}, {day}")
                }
                None => title.to_owned(),
            }
        }
    }
}

/// The name of a voter, where it is a state that the registry knows.
pub(super) fn name(registry: &Registry, vote: &Vote<'_>, player: Player) -> Option<String> {
    let code = vote.voters.get(player.position())?.code();
    let state = registry.state(&code)?;
    Some(match vote.day() {
        Some(day) => state.name_on(day).to_owned(),
        None => state.name().to_owned(),
    })
}

/// What a role is called.
pub(super) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Dictator => "dictator",
        Role::Veto => "veto",
        Role::Dummy => "dummy",
    }
}

/// The code or name of a voter.
pub(super) fn label<'v>(vote: &'v Vote<'_>, player: Player) -> &'v str {
    vote.voters
        .get(player.position())
        .map_or("", |voter| voter.as_str())
}

/// Voters with commas between them.
pub(super) fn labels(vote: &Vote<'_>, players: impl IntoIterator<Item = Player>) -> String {
    let labels: Vec<&str> = players.into_iter().map(|it| label(vote, it)).collect();
    labels.join(", ")
}

/// The digits that votes are shown with: none if they are whole.
pub(super) fn decimals(vote: &Vote<'_>) -> usize {
    let votes = vote.votes.iter().flatten();
    if votes.clone().all(|votes| votes.fract() == 0.0) {
        0
    } else {
        4
    }
}

/// The votes of a coalition, where one kind of them is counted.
pub(super) fn votes_of(vote: &Vote<'_>, coalition: Coalition) -> Option<f64> {
    let votes = vote.votes.as_ref()?;
    let of = |player: Player| votes.get(player.position()).copied().unwrap_or(0.0);
    Some(coalition.players().map(of).sum())
}

/// A criterion in words.
pub fn rule_words(criterion: &Criterion) -> String {
    let joined = |word: &str| {
        let part = |part: &Criterion| {
            let joins = matches!(part.kind, DecisionKind::AllOf | DecisionKind::AnyOf);
            let words = rule_words(part);
            if joins { format!("({words})") } else { words }
        };
        let parts: Vec<String> = criterion.criteria.iter().map(part).collect();
        parts.join(word)
    };
    let members: Vec<&str> = criterion.members.iter().map(Party::as_str).collect();
    let members = members.join(", ");
    match (criterion.kind, criterion.quota) {
        (DecisionKind::AllOf, _) => joined(", and "),
        (DecisionKind::AnyOf, _) => joined(", or "),
        (DecisionKind::BlockingMinority, Some(Quota::Votes(number))) => {
            format!("fewer than {number} members withhold their assent")
        }
        (DecisionKind::Consensus, _) => "consensus (nobody against)".to_owned(),
        (DecisionKind::ConsensusMinusOne, _) => {
            "consensus minus one (at most one against)".to_owned()
        }
        (DecisionKind::Unanimity, _) => "unanimity (all in favour)".to_owned(),
        (DecisionKind::Veto, _) if members.is_empty() => "a veto for each".to_owned(),
        (DecisionKind::Veto, _) => format!("none of {members} against"),
        (_, quota) => count_words(criterion, quota, &members),
    }
}

fn count_words(criterion: &Criterion, quota: Option<Quota>, members: &str) -> String {
    let is_plain = criterion.votes.is_empty() && criterion.weights.is_none();
    let is_plain = is_plain && criterion.kind != DecisionKind::Weighted;
    let mut whose = match &criterion.weights {
        Some(weights) => format!("votes by {} of {}", weights.series, weights.year),
        None if is_plain => String::new(),
        None => "weighted votes".to_owned(),
    };
    if let Some(weights) = &criterion.weights {
        for (what, share) in [("at least", weights.floor), ("at most", weights.cap)] {
            if let Some(share) = share {
                whose = format!("{whose}, {what} {} % each", 100.0 * share);
            }
        }
    }
    if !whose.is_empty() {
        whose.push_str("; ");
    }
    let of = match (criterion.of_votes_cast, is_plain, members) {
        (true, ..) => "the votes cast".to_owned(),
        (false, true, "") => "the members".to_owned(),
        (false, true, members) => members.to_owned(),
        (false, false, _) => "the votes".to_owned(),
    };
    let least = if criterion.strict {
        "more than"
    } else {
        "at least"
    };
    match quota {
        None if criterion.kind == DecisionKind::SimpleMajority => {
            format!("{whose}more than half of {of}")
        }
        None => format!("{whose}the quota isn't known"),
        Some(Quota::Votes(number)) if is_plain && members.is_empty() => {
            format!("{least} {number} members")
        }
        Some(Quota::Votes(number)) if is_plain => format!("{least} {number} of {of}"),
        Some(Quota::Votes(number)) => format!("{whose}{least} {number}"),
        Some(Quota::Share {
            numerator,
            denominator,
        }) => format!(
            "{whose}{least} {} of {of}",
            share_words(numerator, denominator)
        ),
    }
}

/// Two thirds as "2/3", 80/100 as "80 %".
fn share_words(numerator: u32, denominator: u32) -> String {
    let tenths = std::iter::successors(Some(10_u32), |power| power.checked_mul(10));
    if tenths
        .take_while(|power| *power <= denominator)
        .any(|power| power == denominator)
    {
        let percent = 100.0 * f64::from(numerator) / f64::from(denominator);
        return format!("{percent} %");
    }
    format!("{numerator}/{denominator}")
}
