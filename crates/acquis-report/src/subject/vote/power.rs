//! The members with their votes and their power.

use acquis_decision::{Player, Power, Role};
use acquis_registry::{DecisionKind, Registry, Sourced as _};
use acquis_scenario::{Measure, OrganRuleOn, Origin, Powers, Vote};

use super::questions::Who;
use super::words::{decimals, labels, role_word, rule_words, title};
use super::{VoteAnswerError, heading};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table};

/// A fraction is shown as one up to so many characters.
const LONGEST_FRACTION: usize = 24;

/// The members with their votes and their power, as decimals.
///
/// # Errors
/// A figure that is not finite.
pub fn power(
    registry: &Registry,
    vote: &Vote<'_>,
    powers: &Powers,
) -> Result<Table, VoteAnswerError> {
    table(registry, vote, powers, false)
}

/// The same, or with measures as the fractions that they are.
pub(super) fn table(
    registry: &Registry,
    vote: &Vote<'_>,
    powers: &Powers,
    exact: bool,
) -> Result<Table, VoteAnswerError> {
    let who = Who::of(registry, vote);
    let mut columns = who.columns();
    if vote.votes.is_some() {
        columns.push(Column::number("votes", "Votes", Unit::NONE, decimals(vote)));
        columns.push(Column::share("share_of_votes", "Share"));
    }
    columns.extend(powers.measured.iter().map(|(measure, _)| {
        let (id, heading) = (measure.word().replace('-', "_"), heading(*measure));
        let column = if exact {
            Column::text(id, heading)
        } else {
            Column::number(id, heading, Unit::FRACTION, 4)
        };
        column.describe(definition(*measure))
    }));
    if powers.swings.is_some() {
        let swings = Column::integer("swings", heading(Measure::Swings), Unit::NONE);
        columns.push(swings.describe(definition(Measure::Swings)));
    }
    columns.push(Column::text("role", "Is"));
    let mut table = Table::new("power", title(vote), columns);
    for position in 0..vote.voters.len() {
        let player = Player::at(position);
        let mut row = who.cells(vote, player);
        if let Some(votes) = &vote.votes {
            let total: f64 = votes.iter().sum();
            row.extend([votes[position].into(), (votes[position] / total).into()]);
        }
        for (_, power) in &powers.measured {
            row.push(if exact {
                fraction(power, position).into()
            } else {
                power.values[position].into()
            });
        }
        if let Some(swings) = &powers.swings {
            row.push(i64::try_from(&swings[position]).ok().into());
        }
        row.push(role(powers, player));
        table.push_row(row)?;
    }
    table.notes = notes(vote, powers);
    Ok(table)
}

/// The fraction, or the decimal where it is long or isn't known.
fn fraction(power: &Power, position: usize) -> String {
    let exact = power
        .exact
        .as_ref()
        .map(|exact| exact[position].to_string());
    exact
        .filter(|fraction| fraction.len() <= LONGEST_FRACTION)
        .unwrap_or_else(|| format!("{:.12}", power.values[position]))
}

const fn definition(measure: Measure) -> &'static str {
    match measure {
        Measure::Banzhaf => "Penrose-Banzhaf index: share of all swings",
        Measure::ShapleyShubik => "Share of the orders of voting in which the member decides",
        Measure::Absolute => {
            "Penrose-Banzhaf measure: share of the coalitions of the others that the member makes \
             win"
        }
        Measure::Swings => "Coalitions of the others that the member makes win",
        Measure::Prevent => "Coleman: share of the winning coalitions that lose without the member",
        Measure::Initiate => "Coleman: share of the losing coalitions that win with the member",
        Measure::Johnston => {
            "Every coalition that somebody can make lose shares one equally among those who can"
        }
        Measure::DeeganPackel => {
            "Every coalition with nobody to spare shares one equally among its members"
        }
        Measure::Holler => "Share of the memberships in coalitions with nobody to spare",
        Measure::Nucleolus => {
            "The division of one that leaves the worst-off coalition best off, then the next"
        }
    }
}

fn role(powers: &Powers, player: Player) -> Cell {
    if powers.dictator == Some(player) {
        role_word(Role::Dictator).into()
    } else if powers.veto_players.contains(&player) {
        role_word(Role::Veto).into()
    } else if powers.dummies.contains(&player) {
        role_word(Role::Dummy).into()
    } else {
        Cell::Missing
    }
}

/// What a reader has to know beside the figures.
fn notes(vote: &Vote<'_>, powers: &Powers) -> Vec<String> {
    let mut notes = vec![format!(
        "{}: {}.",
        if vote.replaced { "Asked" } else { "Rule" },
        rule_words(&vote.criterion)
    )];
    match &vote.origin {
        Origin::Organ(organ) => notes.extend(sources(vote, organ)),
        Origin::Composed { .. } => {
            notes.push("The rule was composed for this question; no source gives it.".to_owned());
        }
    }
    notes.push(counts(powers));
    for (measure, error) in &powers.left_out {
        notes.push(format!("Without {}: {error}.", heading(*measure)));
    }
    if vote.lets_abstain() {
        notes.push("Counted as if nobody abstained.".to_owned());
    }
    notes.push(outvoted(vote, powers));
    if !vote.absent.is_empty() {
        notes.push(format!(
            "In the rule, but no members on that day: {}.",
            vote.absent.join(", ")
        ));
    }
    if let Some(warning) = &powers.warning {
        notes.push(format!("Unusual: {warning}."));
    }
    if let Origin::Organ(organ) = &vote.origin {
        let others = [
            ("Other organs with a rule on that day", &organ.other_organs),
            ("Other matters", &organ.other_matters),
        ];
        for (what, others) in others {
            if !others.is_empty() {
                notes.push(format!("{what}: {}.", others.join("; ")));
            }
        }
    }
    notes
}

/// The rule as the sources give it, with what they leave open.
fn sources(vote: &Vote<'_>, organ: &OrganRuleOn<'_>) -> Vec<String> {
    let known = &organ.known;
    let mut notes = Vec::new();
    if vote.replaced {
        notes.push(format!(
            "The rule itself: {}.",
            rule_words(&known.subject.criterion)
        ));
    }
    if let Some(matter) = &known.subject.matter {
        notes.push(format!("Matter: {matter}."));
    }
    let contested = if known.contested { "; contested" } else { "" };
    notes.push(format!("Source: {}{contested}.", known.claim.reference()));
    notes.extend(known.subject.note.clone());
    if known.subject.criterion.kind == DecisionKind::ConsensusMinusOne && !vote.replaced {
        let sentence = "Whichever single member the decision is about may be outvoted; for a \
                        decision about one of them, take it out.";
        notes.push(sentence.to_owned());
    }
    notes
}

fn counts(powers: &Powers) -> String {
    let minimal = powers.minimal_winning.map_or_else(String::new, |number| {
        format!(", {number} of them with nobody to spare")
    });
    let mut sentence = format!(
        "{} of {} coalitions win{minimal}: efficiency {:.4}. Counted by {}.",
        powers.winning, powers.coalitions, powers.efficiency, powers.method
    );
    for (measure, power) in &powers.measured {
        if power.error > 0.0 {
            sentence = format!(
                "{sentence} {} by {}, within {:.1e}.",
                heading(*measure),
                power.method,
                power.error
            );
        }
    }
    sentence
}

/// Who can't be outvoted alone.
fn outvoted(vote: &Vote<'_>, powers: &Powers) -> String {
    let vetoes = powers.veto_players.as_slice();
    if vetoes.is_empty() {
        return "Each of them can be outvoted.".to_owned();
    }
    if vetoes.len() == vote.voters.len() {
        return "None of them can be outvoted.".to_owned();
    }
    let vetoes = labels(vote, vetoes.iter().copied());
    format!("Can't be outvoted: {vetoes}. Each of the others can.")
}
