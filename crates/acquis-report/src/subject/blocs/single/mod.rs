//! One bloc among the candidates, as tables.

mod dynamics;
mod worth;

use acquis_blocs::{Assessment, Coalition, Player};
use acquis_scenario::{BlocsAnswer, Economy, SingleBlocVerdict, SingleVerdicts};

use super::{codes, decimals_for, unit};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// The tables to read.
pub(super) fn tables(
    economy: &Economy,
    answer: &BlocsAnswer,
    verdicts: &SingleVerdicts,
) -> Result<Vec<Table>, TableError> {
    let said = Said {
        economy,
        answer,
        verdicts,
        verdict: &verdicts.verdict,
    };
    let mut tables = vec![said.holding()?, said.gains()?];
    let verdict = &verdicts.verdict;
    let everybody = Coalition::first(answer.candidates.len()).unwrap_or_default();
    if !verdict.transfers.payments.is_empty() {
        tables.push(said.payments("payments", verdict.focus.bloc, &verdict.transfers)?);
    }
    if verdict.focus.bloc != everybody && !verdict.transfers_of_all.payments.is_empty() {
        let transfers = &verdict.transfers_of_all;
        tables.push(said.payments("payments-of-all", everybody, transfers)?);
    }
    if answer.takers.iter().any(|takes| *takes) || !answer.offers.is_empty() {
        tables.push(said.offers()?);
    }
    tables.push(said.paths(FEW_PATHS)?);
    tables.push(said.thresholds()?);
    tables.push(said.cheapest()?);
    tables.push(said.withdrawals()?);
    tables.extend(said.division()?);
    tables.extend(said.farsighted()?);
    tables.extend(said.sensitivity()?);
    tables.retain(|table| !table.is_empty() || table.id() == "holding");
    Ok(tables)
}

/// Every bloc of two or more, with the gain of each candidate.
pub(super) fn every_bloc(
    economy: &Economy,
    answer: &BlocsAnswer,
    verdicts: &SingleVerdicts,
) -> Result<Table, TableError> {
    let verdict = &verdicts.verdict;
    let mut columns = assessment_columns(economy, verdict);
    columns.extend(answer.candidates.iter().map(|candidate| {
        Column::change(
            format!("{}_pct", candidate.code.to_lowercase()),
            candidate.code.as_str(),
            Unit::PERCENT,
            3,
        )
        .describe(format!("Change of real income of {}", candidate.name))
    }));
    let mut table = Table::new("blocs", "Every bloc", columns);
    for assessment in &verdict.assessments {
        let mut row = assessment_cells(answer, verdict, assessment);
        let gain = |player: usize| {
            let player = Player::at(player);
            verdict.percent.payoff_beside(assessment.bloc, player)
        };
        row.extend((0..answer.candidates.len()).map(|player| Cell::from(gain(player))));
        table.push_row(row)?;
    }
    Ok(table)
}

fn assessment_columns(economy: &Economy, verdict: &SingleBlocVerdict) -> Vec<Column> {
    let sums = verdict.assessments.iter().map(|it| verdict.sum(it.bloc));
    vec![
        Column::text("members", "Members"),
        Column::integer("size", "Size", Unit::NONE),
        Column::flag("holds", "Holds")
            .describe("No member would leave, nobody who is admitted would join"),
        Column::flag("kept", "Kept").describe("Internally stable: no member would gain by leaving"),
        Column::flag("payable", "Payable")
            .describe("Potentially internally stable: payments among its members could keep it"),
        Column::text("would_leave", "Would leave"),
        Column::text("would_join", "Would join"),
        Column::text("admitted", "Would be admitted"),
        Column::change("sum", "Sum of gains", unit(economy), decimals_for(sums))
            .describe("Of all candidates, members or not"),
    ]
}

fn assessment_cells(
    answer: &BlocsAnswer,
    verdict: &SingleBlocVerdict,
    assessment: &Assessment,
) -> Vec<Cell> {
    let who = |bloc: Coalition| -> Cell {
        let codes = codes(bloc, &answer.candidates);
        (!codes.is_empty()).then_some(codes).into()
    };
    vec![
        codes(assessment.bloc, &answer.candidates).into(),
        i64::try_from(assessment.bloc.len())
            .unwrap_or(i64::MAX)
            .into(),
        assessment.is_stable().into(),
        assessment.is_internally_stable().into(),
        verdict.is_potentially_stable(assessment.bloc).into(),
        who(assessment.leaving),
        who(assessment.applying),
        who(assessment.admitted),
        verdict.sum(assessment.bloc).into(),
    ]
}

/// What the tables are made of.
struct Said<'s> {
    economy: &'s Economy,
    answer: &'s BlocsAnswer,
    verdicts: &'s SingleVerdicts,
    verdict: &'s SingleBlocVerdict,
}

/// So many paths are shown to read.
const FEW_PATHS: usize = 6;
/// So many blocs that hold are listed to read.
const MOST_LISTED: usize = 40;

impl Said<'_> {
    fn candidates(&self) -> impl Iterator<Item = (Player, &acquis_scenario::Candidate)> {
        let candidates = self.answer.candidates.iter().enumerate();
        candidates.map(|(place, candidate)| (Player::at(place), candidate))
    }

    fn money(&self, name: &str, header: &str, amounts: impl Iterator<Item = f64>) -> Column {
        Column::change(name, header, unit(self.economy), decimals_for(amounts))
    }

    /// The blocs that hold.
    fn holding(&self) -> Result<Table, TableError> {
        let sums = self
            .verdict
            .stable
            .iter()
            .map(|bloc| self.verdict.sum(*bloc));
        let mut columns = vec![
            Column::text("members", "Members"),
            Column::integer("size", "Size", Unit::NONE),
            self.money("sum", "Sum of gains", sums)
                .describe("Of all candidates, members or not"),
            Column::change("least_gain_pct", "Least gain of a member", Unit::PERCENT, 3)
                .describe("By being in, given the other members"),
            Column::text("whose", "Whose"),
        ];
        if self.verdicts.sensitivity.is_some() {
            columns.push(Column::share("draws", "Holds in draws"));
        }
        let mut table = Table::new("holding", "Blocs that hold", columns);
        for &bloc in self.verdict.stable.iter().take(MOST_LISTED) {
            let least = self.least_gain(bloc);
            let mut row = vec![
                codes(bloc, &self.answer.candidates).into(),
                i64::try_from(bloc.len()).unwrap_or(i64::MAX).into(),
                self.verdict.sum(bloc).into(),
                least.map(|(_, gain)| gain).into(),
                least
                    .map(|(who, _)| self.answer.candidates[who.position()].code.clone())
                    .into(),
            ];
            if let Some(sensitivity) = &self.verdicts.sensitivity {
                row.push(sensitivity.holds(bloc).into());
            }
            table.push_row(row)?;
        }
        table.notes.push(
            "A bloc holds if no member would gain by leaving and nobody who would be admitted would \
             gain by joining, one at a time (d'Aspremont and others 1983)."
                .to_owned(),
        );
        let left_out = self.verdict.stable.len().saturating_sub(MOST_LISTED);
        if left_out > 0 {
            table.notes.push(format!(
                "{left_out} more hold; every bloc is in the file of blocs."
            ));
        }
        Ok(table)
    }

    /// Of the members, who gains least by being in.
    fn least_gain(&self, bloc: Coalition) -> Option<(Player, f64)> {
        let percent = &self.verdict.percent;
        let gains = bloc.players().filter_map(|player| {
            let inside = percent.payoff_beside(bloc, player)?;
            let outside = percent.payoff_beside(bloc.without(player), player)?;
            Some((player, inside - outside))
        });
        gains.reduce(|best, next| if next.1 < best.1 { next } else { best })
    }

    /// In how many draws each bloc holds.
    fn sensitivity(&self) -> Result<Option<Table>, TableError> {
        let Some(sensitivity) = &self.verdicts.sensitivity else {
            return Ok(None);
        };
        let columns = vec![
            Column::text("members", "Members"),
            Column::share("holds", "Holds"),
            Column::share("kept", "No member leaves"),
            Column::flag("central", "Holds at the estimates"),
        ];
        let mut table = Table::new(
            "sensitivity",
            "In which part of the draws each bloc holds",
            columns,
        );
        for bloc in sensitivity.blocs().into_iter().take(MOST_LISTED) {
            table.push_row(vec![
                codes(bloc, &self.answer.candidates).into(),
                sensitivity.holds(bloc).into(),
                sensitivity.is_kept(bloc).into(),
                self.verdict.stable.contains(&bloc).into(),
            ])?;
        }
        let drawn = sensitivity.uncertainty;
        table.notes.push(format!(
            "{} draws, seed {}: standard error {} of the log of the elasticity, {} of the effects of stages. Some bloc holds in {:.0} % of them.",
            sensitivity.draws,
            drawn.seed,
            drawn.elasticity_error,
            drawn.effect_error,
            100.0 * sensitivity.some as f64 / sensitivity.draws.max(1) as f64,
        ));
        Ok(Some(table))
    }
}

/// What a player must be paid to be in a bloc, given the others of it.
fn price_in(verdict: &SingleBlocVerdict, bloc: Coalition, player: Player) -> Option<f64> {
    verdict.money.price_of_consent(bloc.without(player), player)
}
