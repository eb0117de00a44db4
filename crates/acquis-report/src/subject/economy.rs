//! Economies: which there are, what was repaired in them, how far their figures are off.

use acquis_economy::{Economy, Line, Measure, Repair};
use acquis_registry::{Registry, State, StateCode};

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

/// What an economy says about itself: each line a term and what it is.
pub fn card(economy: &Economy) -> Vec<(String, String)> {
    let card = &economy.card;
    let mut lines = vec![
        ("Year".to_owned(), card.year.to_string()),
        ("Size".to_owned(), size(economy)),
        ("Unit".to_owned(), card.unit.clone()),
    ];
    let mut add = |term: &str, value: Option<String>| {
        lines.extend(value.map(|value| (term.to_owned(), value)));
    };
    let schedules: Vec<&str> = economy
        .figures()
        .tariffs
        .iter()
        .map(|schedule| schedule.name.as_str())
        .collect();
    add(
        "Tariffs",
        (!schedules.is_empty()).then(|| schedules.join(", ")),
    );
    add(
        "Sources",
        (!card.sources.is_empty()).then(|| card.sources.join("; ")),
    );
    add("Licence", card.licence.clone());
    add("Method", card.method.clone());
    add(
        "Notes",
        (!card.notes.is_empty()).then(|| card.notes.join(" ")),
    );
    lines
}

/// The countries of an economy: how much each sells, and how much of its trade is estimated. A
/// name that the economy does not give is that of the registry's state.
///
/// # Errors
/// A figure that is not finite.
pub fn countries(economy: &Economy, registry: &Registry) -> Result<Table, TableError> {
    let unit = || Unit::new(economy.card.unit.clone());
    let mut table = Table::new(
        "countries",
        format!("{}: countries", economy.card.title),
        vec![
            Column::text("code", "Code"),
            Column::text("name", "Name"),
            Column::number("sales", "Sales to all", unit(), 0),
            Column::number("exports", "Exports", unit(), 0),
            Column::number("imports", "Imports", unit(), 0),
            Column::share("estimated", "Trade estimated"),
        ],
    );
    let (countries, sectors) = economy.shape();
    let abroad = |at: usize, exports: bool| -> f64 {
        let partners = (0..countries).filter(|partner| *partner != at);
        let cells = partners.flat_map(|partner| {
            let (from, to) = if exports {
                (at, partner)
            } else {
                (partner, at)
            };
            (0..sectors).map(move |sector| economy.cell(sector, from, to))
        });
        cells.map(|cell| economy.trade()[cell]).sum()
    };
    let name = |code: &str| {
        let state = || registry.state(&StateCode::new(code)).map(State::name);
        economy.name_of(code).or_else(state)
    };
    let sales = economy.sales();
    for (at, code) in economy.labels().iter().enumerate() {
        let sold: f64 = sales[at * sectors..(at + 1) * sectors].iter().sum();
        table.push_row(vec![
            code.as_str().into(),
            name(code).map(str::to_owned).into(),
            sold.into(),
            abroad(at, true).into(),
            abroad(at, false).into(),
            economy.estimated_share(at).into(),
        ])?;
    }
    Ok(table.note("Trade estimated: the share of exports and imports that no source reports; not available where the source flags nothing."))
}

fn count(number: usize) -> Cell {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
