//! Pictures of a vote: power beside votes, changes, uncertain power, power by quota.

use acquis_decision::Player;
use acquis_registry::{Criterion, Registry};
use acquis_scenario::{Measure, Origin, Powers, UncertainPower, Vote, VoteQuestions, Voter};

use super::words::{label, name, title};
use super::{Picture, VoteAnswerError, heading};
use crate::chart::{Bar, BarChart, Course, GroupedBars, LineChart, LinePoint};
use crate::subject::origin::Origin as PictureOrigin;

/// Members up to whom bars are drawn.
const MOST_BARS: usize = 40;
/// Lines that a picture tells apart.
const MOST_LINES: usize = 6;
/// Measures beside the share of votes that bars tell apart.
pub(super) const MOST_MEASURES: usize = 2;

/// The share of votes of each beside its power, by so many of the measures; nothing for more
/// members than a picture takes.
///
/// # Errors
/// A share that can't be drawn, which a power that was counted is not.
pub fn power_bars(
    registry: &Registry,
    vote: &Vote<'_>,
    powers: &Powers,
    measures: usize,
) -> Result<Option<Picture>, VoteAnswerError> {
    let measured: Vec<&(Measure, _)> = powers.measured.iter().take(measures).collect();
    if vote.voters.len() > MOST_BARS || measured.is_empty() {
        return Ok(None);
    }
    let shares = shares(vote);
    let votes = shares.as_ref().map(|(name, _)| *name);
    let names = measured.iter().map(|(measure, _)| heading(*measure));
    let mut chart = GroupedBars::new(
        format!("Votes and power: {}{}", title(vote), matter(vote)),
        "Share",
        "%",
        votes.into_iter().chain(names),
    )?
    .decimals(1)
    .levels()
    .source(source(vote));
    for place in 0..vote.voters.len() {
        let share = shares.as_ref().map(|(_, shares)| Some(shares[place]));
        let powers = measured
            .iter()
            .map(|(_, power)| Some(100.0 * power.values[place]));
        chart.push(
            shown(registry, vote, Player::at(place)),
            share.into_iter().chain(powers).collect(),
        )?;
    }
    Ok(Some(Picture::of("power", &chart)))
}

/// The share of the votes that each has, in per cent, and what it is called: where votes of
/// several kinds are joined, of the first that are listed.
fn shares(vote: &Vote<'_>) -> Option<(&'static str, Vec<f64>)> {
    let (name, votes) = match &vote.votes {
        Some(votes) => ("Share of votes", votes.clone()),
        None => ("Share of weighted votes", listed(&vote.criterion, vote)?),
    };
    let total: f64 = votes.iter().sum();
    let is_drawable = total.is_normal();
    is_drawable.then(|| {
        let shares = votes.iter().map(|votes| 100.0 * votes / total);
        (name, shares.collect())
    })
}

/// The votes of each under the first criterion that lists those of everybody.
fn listed(criterion: &Criterion, vote: &Vote<'_>) -> Option<Vec<f64>> {
    let of = |voter: &Voter| {
        let mut votes = criterion.votes.iter();
        let found = votes.find(|(party, _)| party.as_str() == voter.as_str());
        found.map(|(_, votes)| *votes)
    };
    let own: Option<Vec<f64>> = vote.voters.iter().map(of).collect();
    own.or_else(|| {
        criterion
            .criteria
            .iter()
            .find_map(|part| listed(part, vote))
    })
}

/// What is decided, where the organ decides by several rules.
fn matter(vote: &Vote<'_>) -> String {
    let Origin::Organ(organ) = &vote.origin else {
        return String::new();
    };
    let is_one_of_several = !organ.other_matters.is_empty();
    let matter = organ.known.subject.matter.as_deref();
    let matter = matter.filter(|_| is_one_of_several);
    matter.map_or_else(String::new, |matter| format!(" ({matter})"))
}

/// Who gains and who loses.
pub(super) fn change_bars(
    registry: &Registry,
    before: &Vote<'_>,
    after: &Vote<'_>,
    questions: &VoteQuestions,
) -> Result<Vec<Picture>, VoteAnswerError> {
    let measure = questions.measures.first();
    let changes = before.changes(after, measure.index())?;
    if changes.len() > MOST_BARS {
        return Ok(Vec::new());
    }
    let axis = format!("Change in power ({})", heading(measure));
    let mut chart = BarChart::new("Who gains and who loses power", axis, "percentage points")
        .decimals(1)
        .source(source(after));
    for change in changes {
        let shown = match after.player(&change.player) {
            Some(player) => shown(registry, after, player),
            None => change.player.clone(),
        };
        chart.push(Bar::new(shown, 100.0 * change.gain()))?;
    }
    Ok(vec![Picture::of("changes", &chart)])
}

/// Median power with the range that holds nine draws of ten.
pub(super) fn uncertain_bars(
    registry: &Registry,
    vote: &Vote<'_>,
    uncertain: &UncertainPower,
) -> Result<Vec<Picture>, VoteAnswerError> {
    if vote.voters.len() > MOST_BARS {
        return Ok(Vec::new());
    }
    let title = format!("{} where votes are uncertain", heading(uncertain.measure));
    let mut chart = BarChart::new(title, "Median, and the range of nine draws in ten", "%")
        .decimals(1)
        .levels()
        .source(source(vote));
    for (place, spread) in uncertain.spreads.iter().enumerate() {
        let shown = shown(registry, vote, Player::at(place));
        let bar = Bar::new(shown, 100.0 * spread.median);
        chart.push(bar.interval(100.0 * spread.low, 100.0 * spread.high))?;
    }
    Ok(vec![Picture::of("uncertainty", &chart)])
}

/// Power by quota, of those with the most votes.
pub(super) fn sweep_lines(
    registry: &Registry,
    vote: &Vote<'_>,
    measure: Measure,
) -> Result<Vec<Picture>, VoteAnswerError> {
    let (Some(votes), course) = (&vote.votes, vote.course(measure)?) else {
        return Ok(Vec::new());
    };
    let mut most: Vec<usize> = (0..votes.len()).collect();
    most.sort_by(|&one, &other| votes[other].total_cmp(&votes[one]));
    // Those with the same votes have the same power: one line is enough for them.
    let mut lines: Vec<(String, usize)> = Vec::new();
    for place in most {
        let name = shown(registry, vote, Player::at(place));
        match lines
            .iter_mut()
            .find(|(_, first)| votes[*first].to_bits() == votes[place].to_bits())
        {
            Some((names, _)) => *names = format!("{names}, {name}"),
            None => lines.push((name, place)),
        }
    }
    let title = format!("Power by quota ({})", heading(measure));
    let mut chart = LineChart::new(title, ("Quota", "% of all votes"), ("Power", "%"))
        .course(Course::Steps)
        .source(source(vote));
    if let Some(quota) = vote.quota_share() {
        chart = chart.now(100.0 * quota);
    }
    for (names, place) in lines.into_iter().take(MOST_LINES) {
        let points = course
            .iter()
            .map(|(share, power)| LinePoint::new(100.0 * share, 100.0 * power[place]));
        chart.push(names, points)?;
    }
    Ok(vec![Picture::of("quota", &chart)])
}

fn shown(registry: &Registry, vote: &Vote<'_>, player: Player) -> String {
    name(registry, vote, player).unwrap_or_else(|| label(vote, player).to_owned())
}

/// Where the rule comes from.
fn source(vote: &Vote<'_>) -> String {
    match &vote.origin {
        Origin::Organ(organ) if !vote.replaced => {
            let reference = acquis_registry::Sourced::reference(organ.known.claim);
            PictureOrigin::Rule(reference, organ.day).line()
        }
        Origin::Organ(_) | Origin::Composed { .. } => PictureOrigin::ComposedRule.line(),
    }
}
