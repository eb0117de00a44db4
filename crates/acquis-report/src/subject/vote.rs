//! Who decides: the power of each member under a rule, what another quota or another member
//! would change, and who can outvote whom.

use acquis_decision::{Change, Coalition, GameError, Index, Player, Role, RoleRange};
use acquis_registry::{Criterion, DecisionKind, Party, Quota, Registry, Sourced as _, StateCode};
use acquis_scenario::{Powers, QuotaSweep, Vote};

use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// A sweep has a column for each member up to so many.
const MOST_COLUMNS: usize = 9;
/// Coalitions are listed up to here; that there are more is said.
const MOST_COALITIONS: usize = 24;

/// The members with their votes and their power.
///
/// # Errors
/// A figure that is not finite.
pub fn power(registry: &Registry, vote: &Vote<'_>, powers: &Powers) -> Result<Table, TableError> {
    let index = |name: &str, header: &str, sentence: &str| {
        Column::number(name, header, Unit::FRACTION, 4).describe(sentence)
    };
    let mut table = Table::new(
        "power",
        title(vote),
        vec![
            Column::text("state", "State"),
            Column::text("name", "Name"),
            Column::number("votes", "Votes", Unit::NONE, decimals(vote)),
            Column::share("share_of_votes", "Share"),
            index(
                "banzhaf",
                "Banzhaf",
                "Penrose-Banzhaf index: share of all swings",
            ),
            index(
                "shapley_shubik",
                "Shapley-Shubik",
                "Share of the orders of voting in which the member decides",
            ),
            index(
                "banzhaf_absolute",
                "Absolute",
                "Penrose-Banzhaf measure: share of the coalitions of the others that the \
                 member makes win",
            ),
            index(
                "coleman_prevent",
                "Prevents",
                "Coleman: share of the winning coalitions that lose without the member",
            ),
            index(
                "coleman_initiate",
                "Initiates",
                "Coleman: share of the losing coalitions that win with the member",
            ),
            Column::integer("swings", "Swings", Unit::NONE),
            Column::text("role", "Is"),
        ],
    );
    let total: Option<f64> = vote.votes.as_ref().map(|votes| votes.iter().sum());
    for (position, state) in vote.members.iter().enumerate() {
        let votes = vote.votes.as_ref().map(|votes| votes[position]);
        table.push_row(vec![
            state.as_str().into(),
            name(registry, vote, state).into(),
            votes.into(),
            votes.zip(total).map(|(votes, total)| votes / total).into(),
            powers.banzhaf.values[position].into(),
            powers.shapley_shubik.values[position].into(),
            powers.banzhaf_absolute.values[position].into(),
            powers.coleman_prevent.values[position].into(),
            powers.coleman_initiate.values[position].into(),
            i64::try_from(&powers.swings[position]).ok().into(),
            role(powers, Player::at(position)),
        ])?;
    }
    table.notes = notes(vote, powers);
    Ok(table)
}

/// "Integration Committee of EurAsEC, 2006-01-01".
fn title(vote: &Vote<'_>) -> String {
    let institution = vote.institution.short_name_on(vote.day);
    if institution.contains(vote.organ) {
        return format!("{institution}, {}", vote.day);
    }
    format!("{} of {institution}, {}", vote.organ, vote.day)
}

fn name(registry: &Registry, vote: &Vote<'_>, code: &StateCode) -> String {
    registry.state(code).map_or_else(
        || code.to_string(),
        |state| state.name_on(vote.day).to_owned(),
    )
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

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Dictator => "dictator",
        Role::Veto => "veto",
        Role::Dummy => "dummy",
    }
}

/// What a reader has to know beside the figures.
fn notes(vote: &Vote<'_>, powers: &Powers) -> Vec<String> {
    let known = &vote.known;
    let mut notes = vec![format!(
        "{}: {}.",
        if vote.replaced { "Asked" } else { "Rule" },
        rule_words(&vote.criterion)
    )];
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
    let minimal = powers.minimal_winning.map_or_else(String::new, |number| {
        format!(", {number} of them with nobody to spare")
    });
    let method = if powers.banzhaf.method == powers.shapley_shubik.method {
        powers.banzhaf.method.to_string()
    } else {
        let shapley = powers.shapley_shubik.method;
        format!("{}; Shapley-Shubik by {shapley}", powers.banzhaf.method)
    };
    notes.push(format!(
        "{} of {} coalitions win{minimal}: efficiency {:.4}. Counted by {method}.",
        powers.winning, powers.coalitions, powers.efficiency
    ));
    if vote.lets_abstain() {
        notes.push("Counted as if nobody abstained.".to_owned());
    }
    if known.subject.criterion.kind == DecisionKind::ConsensusMinusOne && !vote.replaced {
        let sentence = "Whichever single member the decision is about may be outvoted; for a \
                        decision about one of them, take it out.";
        notes.push(sentence.to_owned());
    }
    if !vote.absent.is_empty() {
        notes.push(format!(
            "In the rule, but no members on that day: {}.",
            vote.absent.join(", ")
        ));
    }
    notes.extend(powers.warning.clone());
    let others = [
        ("Other organs with a rule on that day", &vote.other_organs),
        ("Other matters", &vote.other_matters),
    ];
    for (what, others) in others {
        if !others.is_empty() {
            notes.push(format!("{what}: {}.", others.join("; ")));
        }
    }
    notes
}

/// A criterion in words.
pub fn rule_words(criterion: &Criterion) -> String {
    let joined = |word: &str| {
        let parts = criterion.criteria.iter().map(rule_words);
        let parts: Vec<String> = parts.map(|part| format!("({part})")).collect();
        parts.join(word)
    };
    match criterion.kind {
        DecisionKind::AllOf => return joined(" and "),
        DecisionKind::AnyOf => return joined(" or "),
        DecisionKind::BlockingMinority => {
            return match criterion.quota {
                Some(Quota::Votes(members)) => format!("fewer than {members} members withhold"),
                _ => criterion.kind.label().to_owned(),
            };
        }
        _ => {}
    }
    let mut words = criterion.kind.label().to_owned();
    if let Some(weights) = &criterion.weights {
        words = format!("{words} by {} of {}", weights.series, weights.year);
        for (what, share) in [("at least", weights.floor), ("at most", weights.cap)] {
            if let Some(share) = share {
                words = format!("{words}, {what} {share} each");
            }
        }
    }
    if !criterion.members.is_empty() {
        let members: Vec<&str> = criterion.members.iter().map(Party::as_str).collect();
        words = format!("{words} of {}", members.join(", "));
    }
    if let Some(quota) = criterion.quota {
        let least = if criterion.strict {
            "more than"
        } else {
            "at least"
        };
        let cast = if criterion.of_votes_cast { " cast" } else { "" };
        let quota = match quota {
            Quota::Votes(votes) => format!("{votes} votes"),
            Quota::Share {
                numerator,
                denominator,
            } => format!("{} of the votes{cast}", share_words(numerator, denominator)),
        };
        words = format!("{words}, {least} {quota}");
    }
    words
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

/// The quotas between which somebody is dictator, has a veto or is a dummy.
///
/// # Errors
/// A figure that is not finite.
pub fn roles(vote: &Vote<'_>, sweep: &QuotaSweep) -> Result<Table, TableError> {
    let mut table = Table::new(
        "roles",
        "Quotas at which somebody becomes dictator, veto player or dummy",
        vec![
            Column::text("state", "State"),
            Column::text("role", "Is"),
            Column::share("above", "Quota above"),
            Column::share("up_to", "Up to"),
            Column::number("above_votes", "Above", "votes", decimals(vote)),
            Column::number("up_to_votes", "Up to", "votes", decimals(vote)),
        ],
    );
    for RoleRange {
        player,
        role,
        above,
        up_to,
    } in &sweep.roles
    {
        if 2.0 * up_to <= sweep.total {
            continue;
        }
        table.push_row(vec![
            code(vote, *player).into(),
            role_word(*role).into(),
            (above / sweep.total).into(),
            (up_to / sweep.total).into(),
            (*above).into(),
            (*up_to).into(),
        ])?;
    }
    Ok(table
        .note("For a decision that takes at least the quota. Ranges below one half are left out."))
}

/// The normalized Penrose-Banzhaf index under quotas from one half to all votes.
///
/// # Errors
/// A figure that is not finite.
pub fn sweep(vote: &Vote<'_>, sweep: &QuotaSweep) -> Result<Table, TableError> {
    let members: &[StateCode] = if vote.members.len() <= MOST_COLUMNS {
        &vote.members
    } else {
        &[]
    };
    let mut columns = vec![
        Column::share("quota", "Quota"),
        Column::number("efficiency", "Efficiency", Unit::FRACTION, 4),
    ];
    let banzhaf = |state: &StateCode| {
        let name = format!("banzhaf_{}", state.as_str().to_lowercase());
        Column::number(name, state.as_str(), Unit::FRACTION, 4)
    };
    columns.extend(members.iter().map(banzhaf));
    columns.extend([
        Column::text("dictator", "Dictator"),
        Column::text("veto", "Veto"),
        Column::text("dummies", "Dummies"),
    ]);
    let mut table = Table::new("sweep", "The power of each by quota", columns);
    for swept in &sweep.quotas {
        let step = &swept.step;
        let mut row = vec![swept.share.into(), swept.efficiency.into()];
        let values = step.power.values.iter().take(members.len());
        row.extend(values.map(|value| Cell::Number(*value)));
        row.push(codes(vote, step.dictator).into());
        row.push(codes(vote, step.veto_players.iter().copied()).into());
        row.push(codes(vote, step.dummies.iter().copied()).into());
        table.push_row(row)?;
    }
    Ok(table.note("Normalized Penrose-Banzhaf index, for at least the quota."))
}

/// Who gains and who loses power against `before`.
///
/// # Errors
/// A game that can't be counted, or a figure that is not finite.
pub fn changes(
    registry: &Registry,
    before: &Vote<'_>,
    after: &Vote<'_>,
) -> Result<Table, VoteTableError> {
    let mut table = Table::new(
        "changes",
        "Power before and after",
        vec![
            Column::text("state", "State"),
            Column::text("name", "Name"),
            Column::number("banzhaf_before", "Banzhaf before", Unit::FRACTION, 4),
            Column::number("banzhaf_after", "After", Unit::FRACTION, 4),
            Column::change("banzhaf_change", "Change", Unit::FRACTION, 4),
            Column::number("shapley_before", "Shapley before", Unit::FRACTION, 4),
            Column::number("shapley_after", "After", Unit::FRACTION, 4),
            Column::change("shapley_change", "Change", Unit::FRACTION, 4),
        ],
    );
    let banzhaf = before.changes(after, Index::Banzhaf)?;
    let shapley = before.changes(after, Index::ShapleyShubik)?;
    for (banzhaf, shapley) in banzhaf.iter().zip(&shapley) {
        let state = StateCode::new(&banzhaf.player);
        let mut row = vec![
            banzhaf.player.as_str().into(),
            name(registry, after, &state).into(),
        ];
        for change in [banzhaf, shapley] {
            let Change { before, after, .. } = change;
            row.extend([(*before).into(), (*after).into(), change.gain().into()]);
        }
        table.push_row(row)?;
    }
    Ok(table.note("Who isn't a member counts as without power."))
}

/// Who can outvote these members, and with whom they can prevent any decision.
///
/// # Errors
/// A game of more than 64 members.
pub fn outvoting(vote: &Vote<'_>, players: &[Player]) -> Result<Table, VoteTableError> {
    let game = vote.game();
    let named = codes(vote, players.iter().copied());
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
    let lists = [
        ("outvotes", game.outvoting(players, MOST_COALITIONS)?),
        (
            "blocks with",
            game.blocking_allies(players, MOST_COALITIONS)?,
        ),
    ];
    let mut notes = Vec::new();
    for (what, coalitions) in lists {
        for coalition in &coalitions.listed {
            let members = codes(vote, coalition.players());
            let members = if members.is_empty() {
                "nobody else".to_owned()
            } else {
                members
            };
            table.push_row(vec![
                what.into(),
                members.into(),
                i64::try_from(coalition.len()).unwrap_or(i64::MAX).into(),
                votes_of(vote, *coalition).into(),
            ])?;
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

/// The digits that votes are shown with: none if they are whole.
fn decimals(vote: &Vote<'_>) -> usize {
    let votes = vote.votes.iter().flatten();
    if votes.clone().all(|votes| votes.fract() == 0.0) {
        0
    } else {
        4
    }
}

fn votes_of(vote: &Vote<'_>, coalition: Coalition) -> Option<f64> {
    let votes = vote.votes.as_ref()?;
    let of = |player: Player| votes[player.position()];
    Some(coalition.players().map(of).sum())
}

fn code(vote: &Vote<'_>, player: Player) -> String {
    vote.members[player.position()].to_string()
}

fn codes(vote: &Vote<'_>, players: impl IntoIterator<Item = Player>) -> String {
    let codes: Vec<String> = players.into_iter().map(|it| code(vote, it)).collect();
    codes.join(", ")
}

/// Why a table of a vote could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VoteTableError {
    /// A cell that does not fit.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A game that can't be counted.
    #[error(transparent)]
    Game(#[from] GameError),
}
