//! Charts of standing and of time, on invented states and invented treaties.

use acquis_report::Block;
use acquis_report::chart::{
    Category, Chart, Heading, Ladder, LadderLine, LifeLine, LifeRow, LifeSpell, Look, MarkCell,
    MarkMatrix, Moment, Rung, StageLevel, TimeSpan, Value, When,
};
use jiff::civil::{Date, date};

use crate::Outcome;

const SOURCE: &str = "invented treaties, to show the form";

fn categories() -> Vec<Category> {
    vec![
        Category::new("member", Look::Full),
        Category::new("applies it provisionally", Look::Diamond),
        Category::new("associate", Look::Half),
        Category::new("observer", Look::Ring),
        Category::new("contracting state, not in force for it", Look::Open),
        Category::new("signatory only", Look::Slight),
        Category::new("suspended", Look::Paused),
        Category::new("withdrawn", Look::Crossed),
    ]
}

pub(crate) fn matrix() -> Outcome<MarkMatrix> {
    let states = [
        ("AGR", "Agrabah"),
        ("ALD", "Aldovia"),
        ("ARS", "Arstotzka"),
        ("BOR", "Borduria"),
        ("FRE", "Freedonia"),
        ("GEN", "Genovia"),
        ("GRA", "Graustark"),
        ("KRA", "Krakozhia"),
        ("RUR", "Ruritania"),
        ("SYL", "Syldavia"),
        ("ZUB", "Zubrowka"),
    ];
    let rows = states
        .iter()
        .map(|(code, name)| Heading::new(*code, *name).href(format!("#state-{code}")));
    let columns = [
        ("Concert", "Concert of the Plains", "Organizations"),
        ("MC", "Mountain Community", "Organizations"),
        ("River Union", "Union of the River States", "Organizations"),
        ("LSC", "League for Security and Commerce", "Organizations"),
        ("Coast", "Council of the Coast", "Organizations"),
        ("FTA 1994", "Free trade agreement of 1994", "Agreements"),
        ("CU 1999", "Customs union of 1999", "Agreements"),
        ("Charter", "Charter of Energy", "Agreements"),
    ];
    let columns = columns
        .iter()
        .map(|(short, name, group)| Heading::new(*short, *name).href("#org").group(*group));
    let mut matrix = MarkMatrix::new(
        "Who was in what on 1 June 2004",
        rows.collect(),
        columns.collect(),
        categories(),
    )
    .source(SOURCE);
    for row in 0..states.len() {
        for column in 0..8 {
            let mix = (row * 7 + column * 5 + row * column) % 13;
            if mix < 8 {
                let category = [0, 0, 0, 2, 3, 5, 4, 6][mix];
                matrix.set(
                    row,
                    column,
                    MarkCell {
                        contested: (row + column * 3) % 9 == 4,
                        note: "since 1994".to_owned(),
                        href: Some("#cell".to_owned()),
                        ..MarkCell::of(category)
                    },
                )?;
            }
        }
    }
    Ok(matrix)
}

fn year(year: i16) -> Outcome<When> {
    Ok(When::within(date(year, 1, 1), date(year, 12, 31))?)
}

pub(crate) fn ladder() -> Outcome<Ladder> {
    let names = [
        ("none", "·"),
        ("preferential arrangement", "PA"),
        ("free trade area", "FTA"),
        ("customs union", "CU"),
        ("common market", "CM"),
        ("economic union", "EU"),
    ];
    let levels = names
        .map(|(name, short)| StageLevel::new(name, short))
        .to_vec();
    let span = TimeSpan::new(date(1991, 1, 1), date(2016, 1, 1))?;
    let mut ladder = Ladder::new(
        "Ruritania and Graustark signed far more than they carried out",
        span,
        levels,
    )?
    .source(SOURCE)
    .now(date(2004, 6, 1));
    let rungs = |steps: &[(Date, usize)]| -> Vec<Rung> {
        steps
            .iter()
            .map(|(day, level)| Rung::new(*day, *level))
            .collect()
    };
    let mut force = rungs(&[
        (date(1994, 12, 30), 2),
        (date(1997, 7, 1), 3),
        (date(2010, 7, 1), 3),
        (date(2012, 1, 1), 4),
        (date(2015, 1, 1), 5),
    ]);
    force[1].contested = true;
    ladder.push(LadderLine::new(
        "signed",
        rungs(&[(date(1993, 9, 24), 5), (date(2014, 5, 29), 5)]),
    ))?;
    ladder.push(LadderLine::new("in force", force))?;
    ladder.push(LadderLine::new(
        "functioning",
        rungs(&[
            (date(1995, 1, 1), 1),
            (date(2000, 1, 1), 2),
            (date(2011, 7, 1), 3),
        ]),
    ))?;
    for (when, label, look) in acts()? {
        let contested = label.starts_with("Customs union");
        ladder.push_moment(Moment {
            contested,
            href: Some("#act".to_owned()),
            ..Moment::new(when, label, look)
        });
    }
    Ok(ladder)
}

fn acts() -> Outcome<Vec<(When, &'static str, Look)>> {
    Ok(vec![
        (
            When::day(date(1993, 9, 24)),
            "Economic Union: signature",
            Look::Slight,
        ),
        (
            When::day(date(1994, 12, 30)),
            "Free trade agreement: entry into force",
            Look::Full,
        ),
        (year(1997)?, "Customs union: entry into force", Look::Full),
        (
            When::within(date(1999, 11, 1), date(2000, 2, 28))?,
            "Free trade: assessed as working",
            Look::Tick,
        ),
        (
            When::day(date(2010, 7, 1)),
            "Customs Code: entry into force",
            Look::Full,
        ),
        (
            When::day(date(2012, 1, 1)),
            "Common Economic Space: entry into force",
            Look::Full,
        ),
        (
            When::day(date(2014, 5, 29)),
            "Union treaty: signature",
            Look::Slight,
        ),
        (
            When::day(date(2015, 1, 1)),
            "Union treaty: entry into force",
            Look::Full,
        ),
    ])
}

pub(crate) fn life() -> Outcome<LifeLine> {
    let span = TimeSpan::new(date(1991, 1, 1), date(2016, 1, 1))?;
    let title = "Ruritania: in one bloc after another, and paid for it";
    let mut life = LifeLine::new(title, span, categories())
        .source(SOURCE)
        .now(date(2004, 6, 1));
    for row in [concert()?, league()?, river()?, trade(), gas()?, loans()?] {
        life.push(row)?;
    }
    Ok(life)
}

fn on(year: i16, month: i8, day: i8) -> When {
    When::day(date(year, month, day))
}

fn row(short: &str, name: &str, group: &str) -> LifeRow {
    LifeRow::new(Heading::new(short, name).group(group))
}

fn concert() -> Outcome<LifeRow> {
    let mut row = row("Concert", "Concert of the Plains", "Organizations");
    row.heading = row.heading.href("#org");
    row.spells = vec![
        LifeSpell::new(5, on(1991, 12, 8), Some(on(1993, 4, 1))),
        LifeSpell::new(0, on(1993, 4, 1), Some(year(2005)?)),
        LifeSpell {
            contested: true,
            ..LifeSpell::new(2, year(2005)?, None)
        },
    ];
    row.moments = vec![
        Moment::new(on(1991, 12, 8), "signature", Look::Slight),
        Moment::new(on(1993, 4, 1), "entry into force", Look::Full),
        Moment::new(year(2005)?, "becomes an associate", Look::Half),
    ];
    Ok(row)
}

fn league() -> Outcome<LifeRow> {
    let back = When::within(date(2006, 6, 23), date(2008, 3, 28))?;
    let mut row = row("LSC", "League for Security and Commerce", "Organizations");
    row.spells = vec![
        LifeSpell::new(0, on(1992, 5, 15), Some(on(1999, 4, 2))),
        LifeSpell::new(0, back, Some(on(2012, 6, 28))),
        LifeSpell::new(6, on(2012, 6, 28), Some(on(2012, 12, 19))),
    ];
    row.moments = vec![
        Moment::new(on(1999, 4, 2), "withdrawal", Look::Crossed),
        Moment {
            contested: true,
            ..Moment::new(back, "accession", Look::Full)
        },
    ];
    Ok(row)
}

fn river() -> Outcome<LifeRow> {
    let mut row = row("River", "Union of the River States", "Organizations");
    row.spells = vec![
        LifeSpell::new(3, year(1999)?, Some(year(2002)?)),
        LifeSpell::new(1, year(2002)?, None),
    ];
    Ok(row)
}

fn trade() -> LifeRow {
    let mut row = row("FTA", "Free trade agreement of 1994", "Agreements");
    row.spells = vec![
        LifeSpell::new(5, on(1994, 4, 15), Some(on(1997, 1, 1))),
        LifeSpell::new(4, on(1997, 1, 1), Some(on(1999, 1, 1))),
        LifeSpell::new(0, on(1999, 1, 1), None),
    ];
    row
}

fn gas() -> Outcome<LifeRow> {
    let mut row = row("gas", "Price of gas, USD per thousand m³", "Instruments");
    let prices = [
        (2000, 30.0),
        (2002, 50.0),
        (2004, 46.68),
        (2006, 95.0),
        (2007, 100.0),
        (2009, 150.0),
        (2011, 265.0),
        (2014, 170.0),
    ];
    for (at, price) in prices {
        row.values.push(Value {
            when: year(at)?,
            value: price,
            shown: format!("{price}"),
            contested: at == 2006,
        });
    }
    Ok(row)
}

fn loans() -> Outcome<LifeRow> {
    let mut row = row("loan", "Loans", "Instruments");
    row.moments = vec![
        Moment::new(year(2008)?, "2 billion USD", Look::Tick),
        Moment::new(on(2009, 2, 3), "0.5 billion USD", Look::Tick),
    ];
    Ok(row)
}

/// The blocks of the report's section.
pub(crate) fn blocks() -> Outcome<Vec<Block>> {
    let matrix = matrix()?;
    Ok(vec![
        Block::Subheading("Who is in what".to_owned()),
        matrix.figure(),
        Block::Markup(matrix.table().into_string()),
        Block::Subheading("How far it has come".to_owned()),
        ladder()?.figure(),
        Block::Subheading("A life in time".to_owned()),
        life()?.figure(),
    ])
}
