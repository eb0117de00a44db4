//! Pictures of a vote: power beside votes, changes, uncertain power, power by quota.

use acquis_decision::Player;
use acquis_registry::Registry;
use acquis_scenario::{Measure, Origin, Powers, UncertainPower, Vote, VoteQuestions};

use super::words::{label, name, title};
use super::{Picture, VoteAnswerError, heading};
use crate::chart::{Bar, BarChart, Course, GroupedBars, LineChart, LinePoint};

/// Members up to whom bars are drawn.
const MOST_BARS: usize = 40;
/// Lines that a picture tells apart.
const MOST_LINES: usize = 6;
/// Measures beside the share of votes that bars tell apart.
const MOST_MEASURES: usize = 2;

/// The share of votes of each beside its power.
pub(super) fn power_bars(
    registry: &Registry,
    vote: &Vote<'_>,
    powers: &Powers,
) -> Result<Vec<Picture>, VoteAnswerError> {
    let measured: Vec<&(Measure, _)> = powers.measured.iter().take(MOST_MEASURES).collect();
    if vote.voters.len() > MOST_BARS || measured.is_empty() {
        return Ok(Vec::new());
    }
    let total = vote.votes.as_ref().map(|votes| votes.iter().sum::<f64>());
    let votes = total.map(|_| "Share of votes");
    let names = measured.iter().map(|(measure, _)| heading(*measure));
    let mut chart = GroupedBars::new(
        format!("Votes and power: {}", title(vote)),
        "Share",
        "%",
        votes.into_iter().chain(names),
    )?
    .decimals(1)
    .levels()
    .source(source(vote));
    for place in 0..vote.voters.len() {
        let share = vote.votes.as_ref().zip(total).map(|(votes, total)| {
            let percent: Option<f64> = Some(100.0 * votes[place] / total);
            percent
        });
        let powers = measured
            .iter()
            .map(|(_, power)| Some(100.0 * power.values[place]));
        chart.push(
            shown(registry, vote, Player::at(place)),
            share.into_iter().chain(powers).collect(),
        )?;
    }
    Ok(vec![Picture::of("power", &chart)])
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
            let claim = acquis_registry::Sourced::reference(organ.known.claim);
            format!("own count; rule: {claim}")
        }
        Origin::Organ(_) | Origin::Composed { .. } => "own count of a composed rule".to_owned(),
    }
}
