//! Who joins first and who follows, from where on all join, what a withdrawal sets off.

use acquis_blocs::{Assessment, Coalition, Path, Player, Threshold};

use super::super::{codes, decimals_for, names, unit};
use super::{MOST_LISTED, Said};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// So many ends of paths are named.
const MOST_ENDS: usize = 5;

impl Said<'_> {
    /// How the bloc grows.
    pub(super) fn paths(&self, most: usize) -> Result<Table, TableError> {
        let columns = vec![
            Column::text("start", "Start"),
            Column::text("joins", "Who joins, in order"),
            Column::text("followers", "Followers"),
            Column::text("end", "Where it stops"),
            Column::flag("end_holds", "Holds there"),
        ];
        let mut table = Table::new("paths", "Paths of accession", columns);
        for path in self.verdict.paths.iter().take(most) {
            table.push_row(self.path_row(path))?;
        }
        table.notes.push(
            "At each step the outsider who gains most, of those who would be admitted, joins. A \
             follower would not have joined the bloc at the start (Baldwin 1995)."
                .to_owned(),
        );
        table.notes.extend(self.ends(most));
        Ok(table)
    }

    /// Where all paths end, where some are left out.
    fn ends(&self, most: usize) -> Option<String> {
        let paths = &self.verdict.paths;
        let mut ends: Vec<(Coalition, usize)> = Vec::new();
        for path in paths {
            match ends.iter_mut().find(|(end, _)| *end == path.end) {
                Some((_, count)) => *count += 1,
                None => ends.push((path.end, 1)),
            }
        }
        ends.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let words: Vec<String> = ends
            .iter()
            .take(MOST_ENDS)
            .map(|(end, count)| format!("{count} with {}", names(*end, &self.answer.candidates)))
            .collect();
        (paths.len() > most).then(|| {
            format!(
                "{} pairs could found a bloc, those first of whom the one that gains less gains most. \
                 Their paths end: {}.",
                paths.len(),
                words.join("; ")
            )
        })
    }

    fn path_row(&self, path: &Path) -> Vec<Cell> {
        let code = |player: Player| self.answer.candidates[player.position()].code.as_str();
        let joins: Vec<String> = path
            .accessions
            .iter()
            .map(|step| format!("{} ({:+.3} %)", code(step.player), step.gain))
            .collect();
        let followers = path.accessions.iter().filter(|step| step.follows);
        let followers: Vec<&str> = followers.map(|step| code(step.player)).collect();
        let holds = self
            .verdict
            .assessment(path.end)
            .is_some_and(Assessment::is_stable);
        let some = |text: String| Cell::from((!text.is_empty()).then_some(text));
        vec![
            codes(path.start, &self.answer.candidates).into(),
            some(joins.join(", ")),
            some(followers.join(" ")),
            codes(path.end, &self.answer.candidates).into(),
            holds.into(),
        ]
    }

    /// The points past which everybody joins.
    pub(super) fn thresholds(&self) -> Result<Table, TableError> {
        let columns = vec![
            Column::text("measure", "Measure"),
            Column::number("threshold", "Threshold", Unit::NONE, 1),
            Column::text("unit", "Unit"),
            Column::text("bloc", "Bloc"),
            Column::text("resisted", "Resisted below by"),
        ];
        let title = "Absolute thresholds: from where on every remaining candidate prefers to join";
        let mut table = Table::new("thresholds", title, columns);
        let weighed = [
            ("members", "members", &self.verdict.size_threshold),
            (
                "share of the candidates' income",
                "%",
                &self.verdict.market_threshold,
            ),
        ];
        for (measure, unit, threshold) in weighed {
            table.push_row(self.threshold_row(measure, unit, threshold.as_ref()))?;
        }
        let row = match &self.verdict.transfer_threshold {
            Some((amount, bloc, player)) if *amount > 0.0 => vec![
                "payment to each who joins".into(),
                (*amount).into(),
                self.economy.card.unit.as_str().into(),
                codes(*bloc, &self.answer.candidates).into(),
                self.answer.candidates[player.position()]
                    .code
                    .as_str()
                    .into(),
            ],
            found => vec![
                "payment to each who joins".into(),
                found.as_ref().map(|_| 0.0).into(),
                self.economy.card.unit.as_str().into(),
                Cell::Missing,
                Cell::Missing,
            ],
        };
        table.push_row(row)?;
        table.notes.push(
            "No value: some candidate would stay out of even the largest bloc short of everybody."
                .to_owned(),
        );
        Ok(table)
    }

    fn threshold_row(&self, measure: &str, unit: &str, threshold: Option<&Threshold>) -> Vec<Cell> {
        let who = |bloc: Coalition| codes(bloc, &self.answer.candidates);
        let resisted = threshold.and_then(|threshold| threshold.heaviest_resisted);
        vec![
            measure.into(),
            threshold.map(|it| it.weight).into(),
            unit.into(),
            threshold.map(|it| who(it.lightest)).into(),
            resisted.map(|(_, by)| who(by)).into(),
        ]
    }

    /// The cheapest way to everybody.
    pub(super) fn cheapest(&self) -> Result<Table, TableError> {
        let paid = self.verdict.cheapest.as_ref().filter(|it| it.total > 0.0);
        let Some(purchase) = paid else {
            return Ok(Table::new("cheapest", "", Vec::new()));
        };
        let prices = purchase.prices.iter().map(|(_, price)| *price);
        let columns = vec![
            Column::integer("order", "Order", Unit::NONE),
            Column::text("state", "State"),
            Column::number(
                "price",
                "Price of consent",
                unit(self.economy),
                decimals_for(prices),
            ),
        ];
        let mut table = Table::new("cheapest", "The cheapest way to have everybody in", columns);
        for (order, (player, price)) in (1_i64..).zip(&purchase.prices) {
            let name = self.answer.candidates[player.position()].name.as_str();
            table.push_row(vec![order.into(), name.into(), (*price).into()])?;
        }
        table.notes.push(format!(
            "Each is paid once, on joining, what it loses by it then: {:.1} {} in all.",
            purchase.total, self.economy.card.unit
        ));
        Ok(table)
    }

    /// What each withdrawal sets off.
    pub(super) fn withdrawals(&self) -> Result<Table, TableError> {
        let columns = vec![
            Column::text("first", "Who withdraws"),
            Column::text("followers", "Who follows"),
            Column::text("left", "Who is left"),
            Column::flag("unravels", "Unravels"),
        ];
        let focus = names(self.verdict.focus.bloc, &self.answer.candidates);
        let mut table = Table::new("withdrawals", format!("Withdrawals from {focus}"), columns);
        let code = |player: &Player| self.answer.candidates[player.position()].code.clone();
        for withdrawal in &self.verdict.withdrawals {
            let followers: Vec<String> = withdrawal
                .followers
                .iter()
                .map(|(it, _)| code(it))
                .collect();
            table.push_row(vec![
                code(&withdrawal.first).into(),
                (!followers.is_empty()).then(|| followers.join(" ")).into(),
                codes(withdrawal.end, &self.answer.candidates).into(),
                withdrawal.end.is_empty().into(),
            ])?;
        }
        Ok(table)
    }

    /// What might hold if all look ahead.
    pub(super) fn farsighted(&self) -> Result<Option<Table>, TableError> {
        let Some(set) = &self.verdict.consistent else {
            return Ok(None);
        };
        let columns = vec![
            Column::text("members", "Members"),
            Column::integer("size", "Size", Unit::NONE),
            Column::flag("holds", "Holds one step at a time"),
        ];
        let mut table = Table::new("farsighted", "What might hold if all look ahead", columns);
        let mut blocs = set.clone();
        blocs.sort_by_key(|bloc| (std::cmp::Reverse(bloc.len()), *bloc));
        for bloc in blocs.iter().take(MOST_LISTED) {
            let members = if bloc.is_empty() {
                "nobody".to_owned()
            } else {
                codes(*bloc, &self.answer.candidates)
            };
            let holds = self.verdict.assessment(*bloc).map(Assessment::is_stable);
            table.push_row(vec![
                members.into(),
                i64::try_from(bloc.len()).unwrap_or(i64::MAX).into(),
                holds.into(),
            ])?;
        }
        table.notes.push(format!(
            "The largest consistent set (Chwe 1994), {} blocs in all, the largest first: what is not in it can't \
             hold, what is in it might.",
            set.len()
        ));
        Ok(Some(table))
    }
}
