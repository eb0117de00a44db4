//! A sample report with every table and chart, on invented states and invented numbers.
//!
//! ```text
//! cargo run -p acquis-report --example gallery -- FOLDER
//! ```
//!
//! writes the page, each chart and each table into the folder.

mod map;
mod relations;
mod time;

use std::path::PathBuf;

use acquis_report::chart::{
    Bar, BarChart, Chart, Dumbbell, GroupedBars, PairStage, StageLevel, StageMatrix, StagePanel,
    StageState,
};
use acquis_report::{
    Block, Cell, Column, HtmlReport, KeyFigure, NoticeKind, Section, Table, TerminalStyle, Unit,
    write_files,
};
use acquis_report::{csv, json, parquet, terminal};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Invented states: code and name.
const STATES: [(&str, &str); 36] = [
    ("AGR", "Agrabah"),
    ("ALD", "Aldovia"),
    ("ARS", "Arstotzka"),
    ("BEL", "Belgravia"),
    ("BOR", "Borduria"),
    ("BOZ", "Bozatta"),
    ("BRU", "Brutopia"),
    ("CAG", "Cagliostro"),
    ("CAR", "Carpania"),
    ("CHA", "Chalconia"),
    ("COR", "Corto Maltese"),
    ("DAW", "Dawsbergen"),
    ("DON", "Donovia"),
    ("ELB", "Elbonia"),
    ("EVA", "Evallonia"),
    ("FLO", "Florin"),
    ("FRE", "Freedonia"),
    ("GEN", "Genovia"),
    ("GRA", "Graustark"),
    ("GUI", "Guilder"),
    ("KRA", "Krakozhia"),
    ("LAT", "Latveria"),
    ("LUT", "Lutha"),
    ("MAR", "Marsovia"),
    ("MOL", "Molvania"),
    ("NOV", "Novistrana"),
    ("ORS", "Orsinia"),
    ("POT", "Pottsylvania"),
    ("RUR", "Ruritania"),
    ("SAN", "San Serriffe"),
    ("SLA", "Slaka"),
    ("SOK", "Sokovia"),
    ("SYL", "Syldavia"),
    (
        "TRA",
        "United Principalities of Upper and Lower Transbalkania",
    ),
    ("VUL", "Vulgaria"),
    ("ZUB", "Zubrowka"),
];

/// The states that form the union.
fn is_member(at: usize) -> bool {
    matches!(at, 4 | 18 | 28 | 32 | 35)
}

/// A number that looks like data: between -1 and 1, fixed by its place.
fn wave(at: usize, salt: f64) -> f64 {
    let place = at as f64;
    f64::midpoint(
        (place * 1.7 + salt).sin(),
        (place * 0.61 + salt * 2.3).cos(),
    )
}

fn income(at: usize) -> f64 {
    if is_member(at) {
        1.1 + 0.75 * wave(at, 0.4)
    } else {
        0.16 * wave(at, 1.9) - 0.12
    }
}

fn gains() -> Outcome<Table> {
    let mut table = Table::new(
        "gains",
        "What each state gains from the customs union",
        vec![
            Column::text("state", "State"),
            Column::change("real_income_change_pct", "Real income", Unit::PERCENT, 2)
                .describe("Change in real expenditure per head"),
            Column::change("exports_change_pct", "Exports", Unit::PERCENT, 1),
            Column::change(
                "tariff_revenue_change_musd",
                "Tariff revenue",
                "million USD",
                0,
            ),
            Column::share("union_trade_share", "Trade within the union"),
            Column::verdict("consents", "Consent", "consents", "refuses"),
            Column::flag("estimated", "Estimated"),
        ],
    );
    for (at, (_, name)) in STATES.iter().enumerate() {
        let revenue = match at {
            11 => Cell::Missing,
            _ => Cell::Number(1800.0 * wave(at, 3.0)),
        };
        let consents = is_member(at).then_some(income(at) > 0.5);
        table.push_row(vec![
            (*name).into(),
            income(at).into(),
            (income(at) * 4.0 + wave(at, 5.0)).into(),
            revenue,
            (0.12 + 0.1 * wave(at, 7.0)).into(),
            consents.into(),
            (at % 9 == 2).into(),
        ])?;
    }
    Ok(table
        .note("Estimated: exports were not reported and are estimated from imports of partners.")
        .note("n/a: no value. States outside of the union are not asked for consent."))
}

fn few() -> Outcome<Table> {
    let mut table = Table::new(
        "certificate",
        "How well the equations are solved",
        vec![
            Column::text("equation", "Equation"),
            Column::integer("count", "Number", Unit::NONE),
            Column::number("residual", "Largest residual", "10⁻¹² of income", 3),
        ],
    );
    for (name, count, residual) in [
        ("Market clearing", 36_i64, 0.412),
        ("Trade balance", 36, 0.087),
        ("Prices", 1296, 1.9),
    ] {
        table.push_row(vec![name.into(), count.into(), residual.into()])?;
    }
    Ok(table)
}

const SOURCE: &str = "invented numbers, to show the form";

fn income_chart() -> Outcome<BarChart> {
    let mut order: Vec<usize> = (0..STATES.len()).collect();
    order.sort_by(|&a, &b| {
        is_member(b)
            .cmp(&is_member(a))
            .then(income(b).total_cmp(&income(a)))
    });
    let mut chart = BarChart::new(
        "Every member gains; most neighbours lose a little",
        "Change in real income",
        Unit::PERCENT,
    )
    .source(SOURCE);
    for at in order {
        let bar = if at == 11 {
            Bar::missing(STATES[at].1)
        } else {
            let spread = 0.08 + 0.12 * income(at).abs();
            Bar::new(STATES[at].1, income(at)).interval(income(at) - spread, income(at) + spread)
        };
        let group = if is_member(at) {
            "Members of the union"
        } else {
            "Other states"
        };
        chart.push(bar.group(group))?;
    }
    Ok(chart)
}

fn trade_chart() -> Outcome<GroupedBars> {
    let mut chart = GroupedBars::new(
        "The union creates more trade than it diverts",
        "Change in imports",
        "million USD",
        ["Trade creation", "Trade diversion"],
    )?
    .decimals(0)
    .source(SOURCE);
    for at in (0..STATES.len()).filter(|&at| is_member(at)) {
        let created = 2400.0 + 2000.0 * wave(at, 0.4);
        chart.push(
            STATES[at].1,
            vec![Some(created), Some(-420.0 * (1.2 + wave(at, 2.0)))],
        )?;
    }
    Ok(chart)
}

fn tariff_chart() -> Outcome<Dumbbell> {
    let mut chart = Dumbbell::new(
        "A common external tariff raises the tariff of most members",
        "Average applied tariff",
        Unit::PERCENT,
        "before",
        "after",
    )
    .source(SOURCE);
    for at in (0..STATES.len()).filter(|&at| is_member(at)) {
        chart.push(STATES[at].1, 6.0 + 5.0 * wave(at, 9.0), 9.4)?;
    }
    Ok(chart)
}

fn levels() -> Vec<StageLevel> {
    [
        ("none", ""),
        ("preferential arrangement", "PA"),
        ("free trade area", "FTA"),
        ("customs union", "CU"),
        ("common market", "CM"),
        ("economic union", "EU"),
        ("economic and monetary union", "EMU"),
        ("political union", "PU"),
    ]
    .into_iter()
    .map(|(name, short)| StageLevel::new(name, short))
    .collect()
}

fn matrix(title: &str, states: &[(&str, &str)], members: &[usize]) -> Outcome<StageMatrix> {
    let rows = states
        .iter()
        .map(|(code, name)| StageState::new(*code, *name))
        .collect();
    let mut before = StagePanel::new("Before", states.len());
    let mut after = StagePanel::new("After", states.len());
    for one in 0..states.len() {
        for other in 0..one {
            let mix = wave(one * 7 + other * 3, 1.0);
            let level = usize::from(mix > -0.2) + usize::from(mix > 0.2) + usize::from(mix > 0.85);
            let both = members.contains(&one) && members.contains(&other);
            let contested = (one + 2 * other) % 23 == 7;
            let then = PairStage {
                level,
                changed: false,
                contested,
            };
            before.set(one, other, then)?;
            after.set(
                one,
                other,
                if both {
                    PairStage { level: 5, ..then }
                } else {
                    then
                },
            )?;
        }
    }
    let after = after.changed_from(&before);
    let mut matrix = StageMatrix::new(title, levels(), rows)?.source(SOURCE);
    matrix.push(before)?;
    matrix.push(after)?;
    Ok(matrix)
}

fn small_matrix() -> Outcome<StageMatrix> {
    matrix(
        "Ten states: five of them move up",
        &STATES[26..36],
        &[2, 6, 9, 0, 5],
    )
}

fn large_matrix() -> Outcome<StageMatrix> {
    matrix(
        "All states, before and after",
        &STATES,
        &[4, 18, 28, 32, 35],
    )
}

fn key_figures() -> Block {
    let figure = |value: &str, unit: Unit, label: &str| KeyFigure {
        label: label.to_owned(),
        value: value.to_owned(),
        unit,
    };
    Block::KeyFigures(vec![
        figure(
            "+1.21",
            Unit::PERCENT,
            "real income of the members together",
        ),
        figure("−0.09", Unit::PERCENT, "real income of all other states"),
        figure("4 of 5", Unit::NONE, "members consent without a transfer"),
    ])
}

fn report() -> Outcome<HtmlReport> {
    let mut report = HtmlReport::new(
        "A customs union of five",
        "Who would be bound, who would gain, and who would have to be paid to join. \
         All states and all numbers on this page are invented.",
    );
    for (term, value) in [
        ("Scenario", "union-of-five"),
        ("Law as of", "1 January 2010"),
        ("Base year", "2009"),
        ("States", "36"),
        ("Program", "acquis 0.1.0"),
    ] {
        report.meta.push((term.to_owned(), value.to_owned()));
    }
    report.sections = vec![
        Section::new("summary", "In short", summary()),
        Section::new("law", "What changes in law", law()?),
        Section::new("time", "Standing, and time", time::blocks()?),
        Section::new("maps", "Maps", map::blocks()?),
        Section::new(
            "relations",
            "Overlaps, flows and lines",
            relations::blocks()?,
        ),
        Section::new("gains", "What it is worth to each", worth()?),
        Section::new("trade", "Where the gains come from", origin()?),
        Section::new("method", "How this was computed", method()?),
    ];
    Ok(report)
}

fn summary() -> Vec<Block> {
    vec![
        Block::Paragraph(
            "Five states form a customs union. Between them duties fall to zero; towards \
             all others they apply one tariff, set at the trade-weighted mean of their former \
             tariffs. Every member gains, but one gains too little to consent unless it is paid."
                .to_owned(),
        ),
        key_figures(),
        Block::Notice {
            kind: NoticeKind::Warning,
            text: "Four export figures are estimates. Results of these states, and of states that \
                   trade much with them, rest on them."
                .to_owned(),
        },
    ]
}

fn law() -> Outcome<Vec<Block>> {
    let text = "The five leave the free trade area in which they stand with each other and move to \
                an economic union. Nothing changes for pairs with one foot outside.";
    Ok(vec![
        Block::Paragraph(text.to_owned()),
        small_matrix()?.figure(),
        large_matrix()?.figure(),
    ])
}

fn worth() -> Outcome<Vec<Block>> {
    let text = "Bars show the change in real income once wages, prices and tariff revenue have \
                adjusted. Lines show the range over one thousand draws of the trade elasticity.";
    Ok(vec![
        Block::Paragraph(text.to_owned()),
        income_chart()?.figure(),
        Block::Table(gains()?),
    ])
}

fn origin() -> Outcome<Vec<Block>> {
    Ok(vec![
        Block::Subheading("Creation and diversion".to_owned()),
        trade_chart()?.figure(),
        Block::Subheading("The common tariff".to_owned()),
        tariff_chart()?.figure(),
    ])
}

fn method() -> Outcome<Vec<Block>> {
    let definitions = [
        (
            "Real income",
            "Expenditure divided by the price index of what is bought.",
        ),
        (
            "Trade creation",
            "Imports from members that replace the state's own production.",
        ),
        (
            "Trade diversion",
            "Imports from members that replace imports from others.",
        ),
    ]
    .map(|(term, meaning)| (term.to_owned(), meaning.to_owned()));
    Ok(vec![
        Block::Definitions(definitions.to_vec()),
        Block::Table(few()?),
        Block::Notice {
            kind: NoticeKind::Info,
            text: "The same input gives the same page, byte for byte.".to_owned(),
        },
        Block::Code("[scenario]\nid = \"union-of-five\"\non = \"2010-01-01\"\n".to_owned()),
    ])
}

fn main() -> Outcome<()> {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("gallery"), PathBuf::from);
    let gains = gains()?;
    let style = TerminalStyle {
        width: Some(100),
        ..TerminalStyle::default()
    };
    let mut files: Vec<(String, Vec<u8>)> = map::maps()?
        .into_iter()
        .map(|(name, map)| (format!("charts/{name}.svg"), map.svg().into_bytes()))
        .collect();
    let charts = [
        ("report.html", report()?.render().into_bytes()),
        ("charts/income.svg", income_chart()?.svg().into_bytes()),
        ("charts/trade.svg", trade_chart()?.svg().into_bytes()),
        ("charts/tariffs.svg", tariff_chart()?.svg().into_bytes()),
        ("charts/stages.svg", small_matrix()?.svg().into_bytes()),
        ("charts/all-stages.svg", large_matrix()?.svg().into_bytes()),
        (
            "charts/overlap.svg",
            relations::nested()?.svg().into_bytes(),
        ),
        (
            "charts/tangle.svg",
            relations::tangled()?.svg().into_bytes(),
        ),
        ("charts/flows.svg", relations::trade()?.svg().into_bytes()),
        ("charts/power.svg", relations::power()?.svg().into_bytes()),
        ("charts/draws.svg", relations::draws()?.svg().into_bytes()),
        ("charts/years.svg", relations::strip()?.svg().into_bytes()),
        ("charts/members.svg", time::matrix()?.svg().into_bytes()),
        ("charts/ladder.svg", time::ladder()?.svg().into_bytes()),
        ("charts/life.svg", time::life()?.svg().into_bytes()),
        ("gains.csv", csv::to_csv(&gains)),
        (
            "gains.json",
            serde_json::to_vec_pretty(&json::to_json(&gains))?,
        ),
        ("gains.parquet", parquet::to_parquet(&gains, &[])?),
        ("gains.txt", terminal::render(&gains, style).into_bytes()),
    ];
    files.extend(charts.map(|(name, bytes)| (name.to_owned(), bytes)));
    write_files(&folder, &files)?;
    Ok(())
}
