//! What each renderer makes of one small table, and what each chart looks like as text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use acquis_report::chart::{
    Bar, BarChart, Chart, Dumbbell, GroupedBars, PairStage, StageLevel, StageMatrix, StagePanel,
    StageState,
};
use acquis_report::{
    Block, HtmlReport, KeyFigure, NoticeKind, Section, TerminalStyle, Unit, csv, html, json,
    terminal,
};

use fixture::small_table;

/// One element a line, so that a change shows as a line.
fn by_element(markup: &str) -> String {
    markup.replace('>', ">\n")
}

/// The markup without the style sheet, which would drown it.
fn without_style(markup: &str) -> String {
    let mut parts = markup.split("<style>");
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        kept.push_str(part.split_once("</style>").unwrap().1);
    }
    kept
}

#[test]
fn terminal_unicode() {
    insta::assert_snapshot!(terminal::render(&small_table(), TerminalStyle::default()));
}

#[test]
fn terminal_ascii_in_60_columns() {
    let style = TerminalStyle {
        width: Some(60),
        colour: false,
        unicode: false,
    };
    insta::assert_snapshot!(terminal::render(&small_table(), style));
}

#[test]
fn csv_file() {
    insta::assert_snapshot!(String::from_utf8(csv::to_csv(&small_table())).unwrap());
}

#[test]
fn json_value() {
    insta::assert_json_snapshot!(json::to_json(&small_table()));
}

#[test]
fn html_table() {
    insta::assert_snapshot!(by_element(&html::table(&small_table()).into_string()));
}

#[test]
fn html_page() {
    let mut report = HtmlReport::new("A union of <two>", "Who gains");
    report
        .meta
        .push(("Base year".to_owned(), "2009".to_owned()));
    let figure = KeyFigure {
        label: "real income".to_owned(),
        value: "+1.25".to_owned(),
        unit: Unit::PERCENT,
    };
    let blocks = vec![
        Block::Paragraph("One & two.".to_owned()),
        Block::KeyFigures(vec![figure]),
        Block::Notice {
            kind: NoticeKind::Warning,
            text: "Weak data.".to_owned(),
        },
        Block::Definitions(vec![("Term".to_owned(), "Meaning".to_owned())]),
        Block::List(vec!["first".to_owned(), "second".to_owned()]),
        Block::Code("[scenario]\n<id>".to_owned()),
        Block::Markup("<p>trusted <em>markup</em></p>".to_owned()),
    ];
    report
        .sections
        .push(Section::new("Summary", "In short", blocks));
    report.sections.push(Section::new(
        "b",
        "B",
        vec![Block::Subheading("Part".to_owned())],
    ));
    report.sections.push(Section::new("c", "C", Vec::new()));
    insta::assert_snapshot!(by_element(&without_style(&report.render())));
}

#[test]
fn svg_bars() {
    let mut chart = BarChart::new("Gains", "Change in real income", "%").source("invented numbers");
    chart
        .push(
            Bar::new("Ruritania", 1.2475)
                .interval(0.9, 1.4)
                .group("In")
                .emphasized(),
        )
        .unwrap();
    chart
        .push(Bar::new("<Graustark>", -0.5).group("Out"))
        .unwrap();
    chart.push(Bar::missing("Syldavia").group("Out")).unwrap();
    insta::assert_snapshot!(by_element(&without_style(&chart.svg())));
}

#[test]
fn svg_grouped_bars() {
    let series = ["Creation", "Diversion"];
    let mut chart = GroupedBars::new("Trade", "Imports", "million USD", series).unwrap();
    chart
        .push("Ruritania", vec![Some(120.0), Some(-35.0)])
        .unwrap();
    chart.push("Graustark", vec![Some(12.5), None]).unwrap();
    insta::assert_snapshot!(by_element(&without_style(&chart.svg())));
}

#[test]
fn svg_dumbbell() {
    let mut chart = Dumbbell::new("Tariffs", "Average tariff", "%", "before", "after");
    chart.push("Ruritania", 6.5, 9.2).unwrap();
    insta::assert_snapshot!(by_element(&without_style(&chart.svg())));
}

#[test]
fn svg_stage_matrix() {
    let levels = vec![
        StageLevel::new("none", ""),
        StageLevel::new("free trade area", "FTA"),
        StageLevel::new("customs union", "CU"),
    ];
    let states = ["Ruritania", "Graustark", "Syldavia"];
    let states = states
        .map(|name| StageState::new(name[..3].to_uppercase(), name))
        .to_vec();
    let mut matrix = StageMatrix::new("Stages", levels, states).unwrap();
    let mut before = StagePanel::new("Before", 3);
    before
        .set(
            0,
            1,
            PairStage {
                level: 1,
                changed: false,
                contested: true,
            },
        )
        .unwrap();
    let mut after = StagePanel::new("After", 3);
    after.set(0, 1, PairStage::at(2)).unwrap();
    let after = after.changed_from(&before);
    matrix.push(before).unwrap();
    matrix.push(after).unwrap();
    insta::assert_snapshot!(by_element(&without_style(&matrix.svg())));
}
