//! What is asked of a vote beyond the power of each: who gains, who outvotes whom, what blocs,
//! abstention and uncertain weights make of it, which votes come near to what is wanted.

use acquis_decision::{Change, Coalition, Player};
use acquis_registry::Registry;
use acquis_scenario::{NearestVotes, UncertainPower, Vote, VoteQuestions, Voter};

use super::VoteAnswerError;
use super::words::{decimals, label, labels, name, rule_words, title, votes_of};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table};

/// Coalitions are listed up to here; that there are more is said.
const MOST_COALITIONS: usize = 24;

/// The columns that say who a row is about, and their cells.
pub(super) struct Who<'a> {
    registry: &'a Registry,
    has_names: bool,
}

impl<'a> Who<'a> {
    /// Names have a column if somebody has one beside the code.
    pub(super) fn of(registry: &'a Registry, vote: &Vote<'_>) -> Self {
        let named = |place: usize| name(registry, vote, Player::at(place)).is_some();
        Self {
            registry,
            has_names: (0..vote.voters.len()).any(named),
        }
    }

    pub(super) fn columns(&self) -> Vec<Column> {
        if self.has_names {
            vec![Column::text("state", "State"), Column::text("name", "Name")]
        } else {
            vec![Column::text("member", "Member")]
        }
    }

    pub(super) fn cells(&self, vote: &Vote<'_>, player: Player) -> Vec<Cell> {
        let mut cells = vec![label(vote, player).into()];
        if self.has_names {
            cells.push(name(self.registry, vote, player).into());
        }
        cells
    }
}

/// Who gains and who loses power against `before`, by the first two measures.
///
/// # Errors
/// A game that can't be counted, or a figure that is not finite.
pub(super) fn changes(
    registry: &Registry,
    before: &Vote<'_>,
    after: &Vote<'_>,
    questions: &VoteQuestions,
) -> Result<Table, VoteAnswerError> {
    let mut measures = questions.measures.indices();
    measures.truncate(2);
    let who = Who::of(registry, after);
    let mut columns = who.columns();
    let mut each: Vec<Vec<Change>> = Vec::new();
    for measure in measures {
        let (id, heading) = (measure.word().replace('-', "_"), super::heading(measure));
        let number = |when: &str, heading: String| {
            Column::number(format!("{id}_{when}"), heading, Unit::FRACTION, 4)
        };
        columns.extend([
            number("before", format!("{heading} before")),
            number("after", "After".to_owned()),
            Column::change(format!("{id}_change"), "Change", Unit::FRACTION, 4),
        ]);
        each.push(before.changes(after, measure.index())?);
    }
    let mut table = Table::new("changes", "Power before and after", columns);
    for place in 0..each.first().map_or(0, Vec::len) {
        let voter = &each[0][place].player;
        let mut row = match after.player(voter) {
            Some(player) => who.cells(after, player),
            None => gone(registry, before, &who, voter),
        };
        for change in each.iter().map(|changes| &changes[place]) {
            let Change { before, after, .. } = change;
            row.extend([(*before).into(), (*after).into(), change.gain().into()]);
        }
        table.push_row(row)?;
    }
    table.notes = changed_words(before, after);
    Ok(table.note("Who has no vote counts as without power."))
}

/// What is other afterwards: the rule, the day, the members.
fn changed_words(before: &Vote<'_>, after: &Vote<'_>) -> Vec<String> {
    let words = |vote: &Vote<'_>| format!("{}; {}", title(vote), rule_words(&vote.criterion));
    let mut notes = Vec::new();
    if words(before) == words(after) {
        notes.push(format!("Before and after: {}.", words(after)));
    } else {
        notes.push(format!("Before: {}.", words(before)));
        notes.push(format!("After: {}.", words(after)));
    }
    for (what, some, others) in [("New", after, before), ("Gone", before, after)] {
        let only = some.voters.iter().map(Voter::as_str);
        let only: Vec<&str> = only
            .filter(|voter| others.player(voter).is_none())
            .collect();
        if !only.is_empty() {
            notes.push(format!("{what}: {}.", only.join(", ")));
        }
    }
    notes
}

/// The cells of somebody who has no vote afterwards.
fn gone(registry: &Registry, before: &Vote<'_>, who: &Who<'_>, voter: &str) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![voter.into()];
    if who.has_names {
        let player = before.player(voter);
        cells.push(
            player
                .and_then(|player| name(registry, before, player))
                .into(),
        );
    }
    cells
}

/// Who can outvote these members, and with whom they can prevent any decision.
///
/// # Errors
/// A game of more than 64 members.
pub(super) fn outvoting(vote: &Vote<'_>, players: &[Player]) -> Result<Table, VoteAnswerError> {
    let game = vote.game();
    let named = labels(vote, players.iter().copied());
    let mut table = Table::new(
        "outvoting",
        format!("Who can outvote {named}, and with whom they can block"),
        vec![
            Column::text("what", "What"),
            Column::text("coalition", "The least coalitions"),
            Column::integer("members", "Members", Unit::NONE),
            Column::number("votes", "Votes", Unit::NONE, decimals(vote)),
        ],
    );
    let outvoting = game.outvoting(players, MOST_COALITIONS)?;
    let blocking = game.blocking_allies(players, MOST_COALITIONS)?;
    let mut notes = Vec::new();
    for (what, coalitions) in [("outvotes", outvoting), ("blocks with", blocking)] {
        for coalition in &coalitions.listed {
            table.push_row(coalition_row(vote, what.into(), *coalition))?;
        }
        if !coalitions.complete {
            notes.push(format!(
                "More than {MOST_COALITIONS} for {what:?}; not all are shown."
            ));
        }
    }
    notes.push(if game.can_be_outvoted(players) {
        format!("{named} can be outvoted.")
    } else {
        format!("{named} can't be outvoted.")
    });
    table.notes = notes;
    Ok(table)
}

fn coalition_row(vote: &Vote<'_>, first: Cell, coalition: Coalition) -> Vec<Cell> {
    let members = labels(vote, coalition.players());
    vec![
        first,
        if members.is_empty() {
            "nobody else".into()
        } else {
            members.into()
        },
        i64::try_from(coalition.len()).unwrap_or(i64::MAX).into(),
        votes_of(vote, coalition).into(),
    ]
}

/// The coalitions that win: all of them if they are few, otherwise the first of those with nobody
/// to spare.
///
/// # Errors
/// A game of more than 64 members.
pub(super) fn coalitions(vote: &Vote<'_>) -> Result<Table, VoteAnswerError> {
    let (winning, all) = vote.winning(MOST_COALITIONS)?;
    let mut table = Table::new(
        "coalitions",
        if all {
            "The coalitions that win"
        } else {
            "Coalitions that win with nobody to spare"
        },
        vec![
            Column::verdict("minimal", "To spare", "nobody", "somebody"),
            Column::text("coalition", "Coalition"),
            Column::integer("members", "Members", Unit::NONE),
            Column::number("votes", "Votes", Unit::NONE, decimals(vote)),
        ],
    );
    for winning in &winning {
        let row = coalition_row(vote, winning.is_minimal.into(), winning.coalition);
        table.push_row(row)?;
    }
    let minimal = vote
        .game()
        .minimal_winning()
        .ok()
        .map(|minimal| minimal.count());
    let shown = winning.len();
    Ok(match minimal {
        Some(number) if !all && number > shown as u64 => table.note(format!(
            "There are {number} with nobody to spare; {shown} of the smallest found are shown."
        )),
        None if shown == MOST_COALITIONS => table.note(format!(
            "{shown} are shown; how many there are was not counted."
        )),
        _ => table,
    })
}

/// Power where some vote as one: a priori unions.
///
/// # Errors
/// Blocs that overlap, or too many of them.
pub(super) fn unions(
    registry: &Registry,
    vote: &Vote<'_>,
    unions: &[Vec<Player>],
) -> Result<Table, VoteAnswerError> {
    let game = vote.game();
    let alone = (game.shapley_shubik()?, game.census()?.banzhaf_absolute());
    let census = game.with_unions(unions)?;
    let (owen, banzhaf_owen) = (census.owen(), census.banzhaf_owen());
    let who = Who::of(registry, vote);
    let index = |name: &str, heading: &str| Column::number(name, heading, Unit::FRACTION, 4);
    let mut columns = who.columns();
    columns.extend([
        Column::text("bloc", "Votes with"),
        index("shapley_shubik", "Shapley-Shubik"),
        index("owen", "Owen"),
        Column::change("owen_change", "Change", Unit::FRACTION, 4),
        index("banzhaf_absolute", "Banzhaf"),
        index("banzhaf_owen", "Banzhaf-Owen"),
        Column::change("banzhaf_owen_change", "Change", Unit::FRACTION, 4),
    ]);
    let mut table = Table::new("blocs", "Power where blocs vote as one", columns);
    for place in 0..vote.voters.len() {
        let player = Player::at(place);
        let fellows = unions.iter().find(|union| union.contains(&player));
        let fellows = fellows
            .map(|union| labels(vote, union.iter().copied().filter(|other| *other != player)));
        let mut row = who.cells(vote, player);
        row.push(fellows.filter(|fellows| !fellows.is_empty()).into());
        for (alone, together) in [(&alone.0, &owen), (&alone.1, &banzhaf_owen)] {
            let (alone, together) = (alone.values[place], together.values[place]);
            row.extend([alone.into(), together.into(), (together - alone).into()]);
        }
        table.push_row(row)?;
    }
    for union in unions {
        let sum =
            |values: &[f64]| -> f64 { union.iter().map(|player| values[player.position()]).sum() };
        table = table.note(format!(
            "{} together: Shapley-Shubik {:.4} alone, Owen {:.4} as a bloc.",
            labels(vote, union.iter().copied()),
            sum(&alone.0.values),
            sum(&owen.values)
        ));
    }
    Ok(table.note(
        "Owen and Banzhaf-Owen (1977, 1981): the blocs vote among each other as wholes, within a \
         bloc its members join one by one. Banzhaf is absolute in both columns.",
    ))
}

/// Power where members may abstain: the ternary Banzhaf measure beside that of yes and no.
///
/// # Errors
/// Too many members for the count.
pub(super) fn abstention(registry: &Registry, vote: &Vote<'_>) -> Result<Table, VoteAnswerError> {
    let ternary = vote.rule.with_abstention()?;
    let census = vote.game().census()?;
    let who = Who::of(registry, vote);
    let index = |name: &str, heading: &str| Column::number(name, heading, Unit::FRACTION, 4);
    let mut columns = who.columns();
    columns.extend([
        index("banzhaf_absolute", "Yes or no, absolute"),
        index("ternary_absolute", "With abstention, absolute"),
        index("banzhaf", "Yes or no"),
        index("ternary", "With abstention"),
        Column::change("change", "Change", Unit::FRACTION, 4),
    ]);
    let mut table = Table::new("abstention", "Power where members may abstain", columns);
    let absolute = (census.banzhaf_absolute(), ternary.banzhaf_absolute());
    let normalized = (census.banzhaf(), ternary.banzhaf());
    for place in 0..vote.voters.len() {
        let mut row = who.cells(vote, Player::at(place));
        let (binary, three) = (normalized.0.values[place], normalized.1.values[place]);
        row.extend([
            absolute.0.values[place].into(),
            absolute.1.values[place].into(),
            binary.into(),
            three.into(),
            (three - binary).into(),
        ]);
        table.push_row(row)?;
    }
    let divisions = 3_f64.powi(i32::try_from(vote.voters.len()).unwrap_or(i32::MAX));
    let acts = ternary.adopting() as f64 / divisions;
    let note = if vote.lets_abstain() {
        "Under this rule who abstains doesn't prevent a decision."
    } else {
        "Under this rule to abstain is to withhold one's votes, as a vote against does."
    };
    Ok(table
        .note(format!(
            "Of all divisions into for, against and neither {:.4} adopt; of those into for and \
             against {:.4}.",
            acts,
            census.efficiency()
        ))
        .note(note)
        .note("Ternary Banzhaf measure: Felsenthal and Machover (1997)."))
}

/// Power over draws of uncertain weights.
///
/// # Errors
/// A figure that is not finite.
pub(super) fn uncertainty(
    registry: &Registry,
    vote: &Vote<'_>,
    power: &UncertainPower,
    questions: &VoteQuestions,
) -> Result<Table, VoteAnswerError> {
    let who = Who::of(registry, vote);
    let index = |name: &str, heading: &str| Column::number(name, heading, Unit::FRACTION, 4);
    let mut columns = who.columns();
    columns.extend([
        Column::share("error", "Error of its votes"),
        index("mean", "Mean"),
        index("low", "5 %"),
        index("median", "Median"),
        index("high", "95 %"),
        Column::share("dictator", "Dictator"),
        Column::share("veto", "Veto"),
        Column::share("dummy", "Dummy"),
    ]);
    let heading = super::heading(power.measure);
    let title = format!("{heading} where votes are uncertain");
    let mut table = Table::new("uncertainty", title, columns);
    for (place, (spread, error)) in power.spreads.iter().zip(&power.errors).enumerate() {
        let mut row = who.cells(vote, Player::at(place));
        row.extend([
            (*error).into(),
            spread.mean.into(),
            spread.low.into(),
            spread.median.into(),
            spread.high.into(),
            spread.dictator.into(),
            spread.veto.into(),
            spread.dummy.into(),
        ]);
        table.push_row(row)?;
    }
    Ok(table.note(format!(
        "{} draws from the seed {}: each member's votes times exp(error · z), z standard normal; \
         quota {} of the votes drawn. The last three columns are shares of the draws.",
        questions.draws, questions.seed, power.quota
    )))
}

/// Votes whose power comes near to what is wanted.
///
/// # Errors
/// A figure that is not finite.
pub(super) fn nearest(
    registry: &Registry,
    vote: &Vote<'_>,
    nearest: &NearestVotes,
) -> Result<Table, VoteAnswerError> {
    let who = Who::of(registry, vote);
    let heading = super::heading(nearest.measure);
    let index = |name: &str, heading: &str| Column::number(name, heading, Unit::FRACTION, 4);
    let mut columns = who.columns();
    columns.extend([
        index("wanted", "Wanted"),
        Column::integer("votes", "Votes", Unit::NONE),
        index("power", heading),
        Column::change("miss", "Off by", Unit::FRACTION, 4),
    ]);
    let mut table = Table::new(
        "nearest",
        "Votes whose power comes near to what is wanted",
        columns,
    );
    let found = &nearest.found;
    for (place, wanted) in nearest.wanted.iter().enumerate() {
        let mut row = who.cells(vote, Player::at(place));
        row.extend([
            (*wanted).into(),
            i64::from(found.votes[place]).into(),
            found.power[place].into(),
            (found.power[place] - wanted).into(),
        ]);
        table.push_row(row)?;
    }
    let total: u32 = found.votes.iter().sum();
    let named = vote.voters.iter().zip(&found.votes);
    let named: Vec<String> = named
        .map(|(voter, votes)| format!("{voter}={votes}"))
        .collect();
    let sure = if nearest.tried_all_small {
        "None of the others with votes from 0 to 6 comes nearer."
    } else {
        "That nothing comes nearer isn't known beyond what was tried."
    };
    Ok(table
        .note(format!(
            "Quota: {} of {total} votes. As a rule: [{}; {}].",
            found.quota,
            found.quota,
            named.join(", ")
        ))
        .note(format!(
            "Distance {:.4} (root of the sum of squares); {} rules were tried. {sure}",
            found.distance, found.tried
        )))
}
