//! Economies: which there are, what was repaired in them, how far their figures are off.

use acquis_economy::{Economy, Line, Measure, Repair};

use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// The size of an economy in words.
pub fn size(economy: &Economy) -> String {
    let (countries, sectors) = economy.shape();
    let sectors = match sectors {
        1 => "one sector".to_owned(),
        many => format!("{many} sectors"),
    };
    format!("{countries} economies, {sectors}")
}

/// Economies, a row each.
///
/// # Errors
/// None that the columns do not rule out.
pub fn list(economies: &[Economy]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "economies",
        "Economies",
        vec![
            Column::text("id", "Id"),
            Column::text("title", "Title"),
            // A year is a name: thousands are not set apart in it.
            Column::text("year", "Year"),
            Column::integer("countries", "Countries", Unit::NONE),
            Column::integer("sectors", "Sectors", Unit::NONE),
            Column::text("unit", "Unit"),
        ],
    );
    for economy in economies {
        let (countries, sectors) = economy.shape();
        table.push_row(vec![
            economy.card.id.as_str().into(),
            economy.card.title.as_str().into(),
            economy.card.year.to_string().into(),
            count(countries),
            count(sectors),
            economy.card.unit.as_str().into(),
        ])?;
    }
    Ok(table)
}

/// What was repaired, a row a figure, at most so many of them.
///
/// # Errors
/// A figure that is not finite.
pub fn repairs(economy: &Economy, repairs: &[Repair], most: usize) -> Result<Table, TableError> {
    let mut table = Table::new(
        "repairs",
        "What was repaired",
        vec![
            Column::text("country", "Country"),
            Column::text("partner", "Sold to"),
            Column::text("sector", "Sector"),
            Column::text("what", "What was done"),
            Column::number("from", "From", Unit::NONE, 3),
            Column::number("to", "To", Unit::NONE, 3),
        ],
    );
    for repair in repairs.iter().take(most) {
        table.push_row(vec![
            repair.country.as_str().into(),
            repair.partner.clone().into(),
            repair.sector.clone().into(),
            repair.what.label().into(),
            repair.from.into(),
            repair.to.into(),
        ])?;
    }
    let mut table = table.note(format!("Amounts in {}.", economy.card.unit));
    if repairs.len() > most {
        table = table.note(format!(
            "{} more were repaired: --repairs FILE writes all of them.",
            repairs.len() - most
        ));
    }
    Ok(table)
}

/// The identities of an economy and how far each is off.
///
/// # Errors
/// A figure that is not finite.
pub fn check(economy: &Economy, lines: &[Line]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "check",
        format!("{}: {}", economy.card.title, size(economy)),
        vec![
            Column::text("rule", "What ought to be"),
            Column::text("tariffs", "Tariffs"),
            Column::verdict("holds", "Is it", "yes", "no"),
            Column::integer("off", "Off in", Unit::new("cells")),
            Column::integer("cells", "Of", Unit::new("cells")),
            Column::number("off_by_share", "Worst, share", Unit::FRACTION, 9),
            Column::number(
                "off_by_amount",
                "Worst, amount",
                Unit::new(economy.card.unit.clone()),
                3,
            ),
            Column::text("at", "Where"),
        ],
    );
    for line in lines {
        let worst = |measure: Measure| (line.measure == measure).then_some(line.worst);
        table.push_row(vec![
            line.rule.sentence().into(),
            line.schedule.clone().into(),
            (line.off == 0).into(),
            count(line.off),
            count(line.of),
            worst(Measure::Fraction).into(),
            worst(Measure::Money).into(),
            line.at.clone().into(),
        ])?;
    }
    for note in &economy.card.notes {
        table = table.note(note.clone());
    }
    Ok(table)
}

fn count(number: usize) -> Cell {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
