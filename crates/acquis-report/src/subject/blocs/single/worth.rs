//! What a bloc is worth to each, who pays whom, and how it may be shared.

use acquis_blocs::{Coalition, Player, Transfers};

use super::super::{decimals_for, names, unit};
use super::{Said, price_in};
use crate::column::{Column, Unit};
use crate::table::{Table, TableError};

impl Said<'_> {
    /// What each candidate gets in the focus, with everybody and with nobody, and its price.
    pub(super) fn gains(&self) -> Result<Table, TableError> {
        let (verdict, focus) = (self.verdict, self.verdict.focus.bloc);
        let everybody = Coalition::first(self.answer.candidates.len()).unwrap_or_default();
        let columns = self.gains_columns();
        let title = format!(
            "What a bloc of {} is worth to each",
            names(focus, &self.answer.candidates)
        );
        let mut table = Table::new("gains", title, columns);
        for (player, candidate) in self.candidates() {
            let at = |bloc| verdict.percent.payoff_beside(bloc, player);
            let mut row = vec![
                candidate.code.as_str().into(),
                candidate.name.as_str().into(),
                focus.contains(player).into(),
                at(focus).into(),
                at(Coalition::EMPTY).into(),
                at(everybody).into(),
                verdict.gain_of_being_in(player).into(),
                verdict.price(player).into(),
            ];
            if let Some(without) = &self.verdicts.without_offers {
                row.push(price_in(without, focus, player).into());
            }
            row.push(candidate.estimated_share.into());
            table.push_row(row)?;
        }
        Ok(table)
    }

    fn gains_columns(&self) -> Vec<Column> {
        let verdict = self.verdict;
        let percent = |name: &str, header: &str| Column::change(name, header, Unit::PERCENT, 3);
        let prices = self
            .candidates()
            .map(|(player, _)| verdict.gain_of_being_in(player));
        let prices: Vec<f64> = prices.collect();
        let mut columns = vec![
            Column::text("state", "State"),
            Column::text("name", "Name"),
            Column::flag("member", "Member"),
            percent("in_the_bloc_pct", "With the bloc")
                .describe("Change of real income when the bloc stands"),
            percent("no_bloc_pct", "No bloc").describe("When nobody stands together"),
            percent("everybody_pct", "With everybody")
                .describe("When all candidates stand together"),
            self.money("gain_of_being_in", "By being in", prices.iter().copied())
                .describe("What it gains by being in rather than out, given the other members"),
            Column::number(
                "price",
                "Price of consent",
                unit(self.economy),
                decimals_for(prices.into_iter()),
            )
            .describe("What it would have to be paid to be in, given the other members"),
        ];
        if self.verdicts.without_offers.is_some() {
            columns.push(
                Column::number(
                    "price_without_offers",
                    "Price without the offers",
                    unit(self.economy),
                    1,
                )
                .describe("The same if nothing were offered outside"),
            );
        }
        columns.push(
            Column::share("estimated_share", "Estimated")
                .describe("Share of its trade data that is estimated"),
        );
        columns
    }

    /// Who pays whom so that a bloc is kept.
    pub(super) fn payments(
        &self,
        id: &str,
        bloc: Coalition,
        transfers: &Transfers,
    ) -> Result<Table, TableError> {
        let amounts = transfers.payments.iter().map(|payment| payment.amount);
        let columns = vec![
            Column::text("from", "From"),
            Column::text("to", "To"),
            Column::number(
                "amount",
                "Amount",
                unit(self.economy),
                decimals_for(amounts),
            ),
        ];
        let title = format!(
            "Who pays whom so that a bloc of {} is kept",
            names(bloc, &self.answer.candidates)
        );
        let mut table = Table::new(id, title, columns);
        let name = |player: Player| self.answer.candidates[player.position()].name.as_str();
        for payment in &transfers.payments {
            table.push_row(vec![
                name(payment.from).into(),
                name(payment.to).into(),
                payment.amount.into(),
            ])?;
        }
        table.notes.push(format!(
            "The least that will do, {:.1} {} in all; {:.1} is left to share. Who can give pays in proportion to that \
             (Eyckmans and Finus 2004). A year, at the prices of the figures.",
            transfers.total,
            self.economy.card.unit,
            transfers.surplus
        ));
        Ok(table)
    }

    /// What is offered outside, to whom, and what it does to the price.
    pub(super) fn offers(&self) -> Result<Table, TableError> {
        let columns = vec![
            Column::text("offer", "Offer"),
            Column::text("state", "State"),
            Column::change("worth_pct", "Worth alone", Unit::PERCENT, 3)
                .describe("What taking it up is worth while there is no bloc"),
            Column::verdict("taken", "While outside", "takes it", "declines"),
            Column::number("price", "Price of consent", unit(self.economy), 1),
            Column::number("price_without", "Without the offer", unit(self.economy), 1),
        ];
        let mut table = Table::new(
            "offers",
            "What is offered outside, and what it does to a price",
            columns,
        );
        for offer in &self.answer.offers {
            for &place in &offer.to {
                let player = Player::at(place);
                let without = self.verdicts.without_offers.as_ref();
                table.push_row(vec![
                    offer.title.as_str().into(),
                    self.answer.candidates[place].name.as_str().into(),
                    self.answer.offer_gains[place].into(),
                    self.answer.takers[place].into(),
                    self.verdict.price(player).into(),
                    without
                        .map(|it| price_in(it, self.verdict.focus.bloc, player))
                        .into(),
                ])?;
            }
        }
        Ok(table)
    }

    /// How what the members have may be shared.
    pub(super) fn division(&self) -> Result<Option<Table>, TableError> {
        let Some(sharing) = &self.verdict.division else {
            return Ok(None);
        };
        let unit = unit(self.economy);
        let decimals = decimals_for(sharing.as_it_is.iter().copied());
        let money = |name: &str, header: &str| Column::change(name, header, unit.clone(), decimals);
        let columns = vec![
            Column::text("state", "State"),
            money("alone", "Alone").describe("When nobody stands together"),
            money("as_it_is", "As it is"),
            money("shapley", "Shapley")
                .describe("The mean over all orders of arrival of what a member adds"),
            money("nucleolus", "Nucleolus")
                .describe("Makes the largest excess of a coalition least, then the next"),
            money("least_core", "Least core")
                .describe("One division whose largest excess is least"),
        ];
        let mut table = Table::new(
            "division",
            "How the members could share what they have together",
            columns,
        );
        for (place, member) in sharing.members.iter().enumerate() {
            let nucleolus = sharing.nucleolus.as_ref();
            table.push_row(vec![
                self.answer.candidates[member.position()]
                    .name
                    .as_str()
                    .into(),
                sharing.alone[place].into(),
                sharing.as_it_is[place].into(),
                sharing.shapley.shares()[place].into(),
                nucleolus.map(|it| it.shares()[place]).into(),
                sharing.least_core.shares()[place].into(),
            ])?;
        }
        table.notes.push(if sharing.core_is_empty {
            format!(
                "The core is empty: some coalition gains by leaving whatever the division, by at least {:.1} {}.",
                sharing.least_core_excess, self.economy.card.unit
            )
        } else {
            "The core is not empty: there are divisions from which no coalition gains by leaving.".to_owned()
        });
        table.notes.push("A coalition's worth is what its members have while all others stand alone (Chander and Tulkens 1997).".to_owned());
        Ok(Some(table))
    }
}
