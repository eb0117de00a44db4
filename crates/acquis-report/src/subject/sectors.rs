//! What an economy of many sectors tells beyond the table of gains: where welfare comes
//! from, public income, output and trade by sector, payments, draws.

use acquis_scenario::{Economy, Effects, SectorResults};

use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// All tables of a variant, each with the name of its file.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn tables(
    economy: &Economy,
    effects: &Effects,
    results: &SectorResults,
) -> Result<Vec<(&'static str, Table)>, TableError> {
    let mut tables = vec![
        ("welfare", welfare(effects, results)?),
        ("origins", origins(effects, results)?),
        ("public-income", public_income(economy, effects, results)?),
        ("sectors", sectors(economy, results)?),
        ("trade", trade(economy, results)?),
    ];
    if !results.payments.is_empty() {
        tables.push(("payments", payments(economy, results)?));
    }
    Ok(tables)
}

/// Where each economy's change of real income comes from.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn welfare(effects: &Effects, results: &SectorResults) -> Result<Table, TableError> {
    let change = |name: &str, header: &str| Column::change(name, header, Unit::PERCENT, 3);
    let columns = vec![
        Column::text("state", "State"),
        Column::text("name", "Name"),
        change("real_income_change_pct", "Real income"),
        change("terms_of_trade_pct", "Terms of trade")
            .describe("Prices of exports against prices of imports, along the path to the result"),
        change("volume_of_trade_pct", "Volume of trade")
            .describe("Goods that bear tariffs: more or fewer of them"),
        change("technical_pct", "Costs").describe("Trade costs that earn no revenue"),
        change("labour_pct", "Labour").describe("Labour that came or went"),
        change("transfers_pct", "Transfers").describe("Deficits, payments and pooled revenue"),
    ];
    let mut table = Table::new("welfare", "Where real income comes from", columns);
    for (position, row) in effects.rows.iter().enumerate() {
        let mut cells: Vec<Cell> = vec![
            row.code.as_str().into(),
            row.name.as_str().into(),
            row.real_income_pct.into(),
        ];
        match results.parts.as_ref().map(|parts| parts[position]) {
            Some(parts) => cells.extend([
                Cell::from(100.0 * parts.terms_of_trade),
                (100.0 * parts.volume_of_trade).into(),
                (100.0 * parts.technical).into(),
                (100.0 * parts.endowment).into(),
                (100.0 * parts.transfers).into(),
            ]),
            None => cells.extend([const { Cell::Missing }; 5]),
        }
        table.push_row(cells)?;
    }
    Ok(table)
}

/// Whose tariffs each economy's change of real income comes from.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn origins(effects: &Effects, results: &SectorResults) -> Result<Table, TableError> {
    let change = |name: &str, header: &str| Column::change(name, header, Unit::PERCENT, 3);
    let columns = vec![
        Column::text("state", "State"),
        Column::text("name", "Name"),
        change("real_income_change_pct", "Real income"),
        change("own_tariffs_pct", "Own tariffs")
            .describe("The part of the change that its own tariffs bring (Shapley)"),
        change("others_tariffs_pct", "Others' tariffs"),
        change("no_tariff_pct", "What is no tariff"),
    ];
    let mut table = Table::new("origins", "Whose tariffs it comes from", columns);
    for (row, parts) in effects.rows.iter().zip(&results.origins) {
        let mut cells: Vec<Cell> = vec![
            row.code.as_str().into(),
            row.name.as_str().into(),
            row.real_income_pct.into(),
        ];
        cells.extend(parts.map(|part| Cell::from(100.0 * part)));
        table.push_row(cells)?;
    }
    Ok(table)
}

/// Tariffs collected, pools and payments.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn public_income(
    economy: &Economy,
    effects: &Effects,
    results: &SectorResults,
) -> Result<Table, TableError> {
    let unit = Unit::new(economy.card.unit.clone());
    let amount = |name: &str, header: &str| Column::number(name, header, unit.clone(), 1);
    let columns = vec![
        Column::text("state", "State"),
        Column::text("name", "Name"),
        amount("revenue_before", "Duties before"),
        amount("revenue_after", "Duties after"),
        amount("pooled", "From the pool").describe("Received less handed over"),
        amount("payments", "Payments").describe("Received less made"),
        Column::change(
            "change_pct_of_income",
            "Change, part of income",
            Unit::PERCENT,
            3,
        ),
    ];
    let mut table = Table::new("public-income", "Public income", columns);
    for (row, public) in effects.rows.iter().zip(&results.public) {
        let change = public.revenue_after + public.pooled + public.payments - public.revenue_before;
        table.push_row(vec![
            row.code.as_str().into(),
            row.name.as_str().into(),
            public.revenue_before.into(),
            public.revenue_after.into(),
            public.pooled.into(),
            public.payments.into(),
            (100.0 * change / public.income).into(),
        ])?;
    }
    Ok(table)
}

/// Output and trade by economy and sector.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn sectors(economy: &Economy, results: &SectorResults) -> Result<Table, TableError> {
    let unit = Unit::new(economy.card.unit.clone());
    let amount = |name: &str, header: &str| Column::number(name, header, unit.clone(), 1);
    let columns = vec![
        Column::text("state", "State"),
        Column::text("sector", "Sector"),
        amount("output_before", "Output before"),
        amount("output_after", "after"),
        amount("exports_before", "Exports before"),
        amount("exports_after", "after"),
        amount("imports_before", "Imports before"),
        amount("imports_after", "after"),
        Column::change("price_change_pct", "Price", Unit::PERCENT, 3)
            .describe("Change of the price that users pay, tariffs included"),
    ];
    let mut table = Table::new("sectors", "Output and trade by sector", columns);
    for row in &results.sectors {
        table.push_row(vec![
            row.economy.as_str().into(),
            row.sector.as_str().into(),
            row.output[0].into(),
            row.output[1].into(),
            row.exports[0].into(),
            row.exports[1].into(),
            row.imports[0].into(),
            row.imports[1].into(),
            (100.0 * row.price_change).into(),
        ])?;
    }
    Ok(table)
}

/// Every flow between different economies, with its tariff.
fn trade(economy: &Economy, results: &SectorResults) -> Result<Table, TableError> {
    let unit = Unit::new(economy.card.unit.clone());
    let columns = vec![
        Column::text("exporter", "Exporter"),
        Column::text("importer", "Importer"),
        Column::text("sector", "Sector"),
        Column::number("value_before", "Value before", unit.clone(), 1),
        Column::number("value_after", "after", unit, 1),
        Column::share("tariff_before", "Tariff before"),
        Column::share("tariff_after", "after"),
    ];
    let mut table = Table::new("trade", "Trade by partner and sector", columns);
    for row in &results.flows {
        table.push_row(vec![
            row.exporter.as_str().into(),
            row.importer.as_str().into(),
            row.sector.as_str().into(),
            row.value[0].into(),
            row.value[1].into(),
            row.tariff[0].into(),
            row.tariff[1].into(),
        ])?;
    }
    Ok(table)
}

/// What the payments cost and whom they help.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn payments(economy: &Economy, results: &SectorResults) -> Result<Table, TableError> {
    let unit = Unit::new(economy.card.unit.clone());
    let columns = vec![
        Column::text("from", "Payer"),
        Column::text("to", "Receiver"),
        Column::text("for", "For"),
        Column::number("amount", "Amount", unit, 1),
        Column::change("payer_change_pct", "Payer", Unit::PERCENT, 3)
            .describe("Real income with the payment against that without it"),
        Column::change("receiver_change_pct", "Receiver", Unit::PERCENT, 3),
    ];
    let mut table = Table::new("payments", "Payments", columns);
    for row in &results.payments {
        table.push_row(vec![
            row.from.as_str().into(),
            row.to.as_str().into(),
            row.reason.as_str().into(),
            row.amount.into(),
            (100.0 * row.payer).into(),
            (100.0 * row.receiver).into(),
        ])?;
    }
    Ok(table)
}

/// Real income over draws; `None` if none were asked for.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn quantiles(effects: &Effects) -> Result<Option<Table>, TableError> {
    let Some(quantiles) = &effects.quantiles else {
        return Ok(None);
    };
    let change = |name: &str, header: &str| Column::change(name, header, Unit::PERCENT, 3);
    let columns = vec![
        Column::text("state", "State"),
        Column::text("name", "Name"),
        change("real_income_5_pct", "Real income, 5 %"),
        change("real_income_50_pct", "median"),
        change("real_income_95_pct", "95 %"),
        Column::share("gains", "Gains in"),
    ];
    let title = format!("Real income over {} draws", quantiles.draws);
    let mut table = Table::new("quantiles", title, columns);
    for (position, row) in effects.rows.iter().enumerate() {
        let [low, middle, high] = quantiles.real_income[position];
        table.push_row(vec![
            row.code.as_str().into(),
            row.name.as_str().into(),
            (100.0 * low).into(),
            (100.0 * middle).into(),
            (100.0 * high).into(),
            quantiles.gains[position].into(),
        ])?;
    }
    Ok(Some(if quantiles.failures == 0 {
        table
    } else {
        table.note(format!("{} draws have no equilibrium.", quantiles.failures))
    }))
}

/// The rows of a table whose state a reform concerns, in the order of the table.
pub fn concerned_only(table: &Table, effects: &Effects) -> Table {
    let is_concerned = |code: &str| {
        let found = effects.rows.iter().find(|row| row.code == code);
        found.is_some_and(|row| row.is_member)
    };
    table.filtered(|cells| matches!(cells.first(), Some(Cell::Text(code)) if is_concerned(code)))
}
