//! Charts of standing and of time: what they look like as text, what they refuse, and that they
//! are well-formed for any input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use acquis_report::chart::{
    Category, Chart, ChartError, Heading, Ladder, LadderLine, LifeLine, LifeRow, LifeSpell, Look,
    MarkCell, MarkMatrix, Moment, Rung, StageLevel, TimeSpan, Value, When,
};
use fixture::{any_text, assert_well_formed, check_chart};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn by_element(markup: &str) -> String {
    let drawn = markup
        .split_once("</style>")
        .map_or(markup, |(_, drawn)| drawn);
    drawn.replace('>', ">\n")
}

fn span() -> TimeSpan {
    TimeSpan::new(date(1991, 1, 1), date(2001, 1, 1)).unwrap()
}

fn members() -> MarkMatrix {
    let rows = vec![
        Heading::new("RUR", "Ruritania").href("/state/RUR"),
        Heading::new("GRA", "Graustark & sons"),
    ];
    let columns = vec![
        Heading::new("CU", "Customs Union").group("Organizations"),
        Heading::new("FTA", "Free trade").group("Agreements"),
    ];
    let categories = vec![
        Category::new("member", Look::Full),
        Category::new("observer", Look::Ring),
    ];
    let mut matrix = MarkMatrix::new("Members", rows, columns, categories).source("invented");
    matrix.set(0, 0, MarkCell::of(0)).unwrap();
    let cell = MarkCell {
        contested: true,
        note: "since 1994".to_owned(),
        href: Some("/org/FTA?on=1994".to_owned()),
        ..MarkCell::of(1)
    };
    matrix.set(1, 1, cell).unwrap();
    matrix
}

fn ladder() -> Ladder {
    let levels = ["none", "free trade area", "customs union"];
    let levels = levels
        .map(|name| StageLevel::new(name, &name[..2]))
        .to_vec();
    let mut ladder = Ladder::new("A pair", span(), levels)
        .unwrap()
        .now(date(1996, 7, 2));
    let signed = vec![Rung::new(date(1994, 4, 15), 2)];
    let force = vec![
        Rung::new(date(1995, 1, 1), 1),
        Rung {
            contested: true,
            ..Rung::new(date(1997, 7, 1), 2)
        },
        Rung::new(date(1999, 1, 1), 0),
    ];
    ladder.push(LadderLine::new("signed", signed)).unwrap();
    ladder.push(LadderLine::new("in force", force)).unwrap();
    let year = When::within(date(1997, 1, 1), date(1997, 12, 31)).unwrap();
    ladder.push_moment(Moment::new(year, "entry into force", Look::Full));
    ladder
}

fn life() -> LifeLine {
    let categories = vec![Category::new("member", Look::Full)];
    let mut life = LifeLine::new("A life", span(), categories).now(date(1996, 7, 2));
    let year = When::within(date(1997, 1, 1), date(1997, 12, 31)).unwrap();
    let mut row = LifeRow::new(Heading::new("CU", "Customs Union").group("Organizations"));
    row.spells
        .push(LifeSpell::new(0, year, Some(When::day(date(2000, 1, 1)))));
    row.moments.push(Moment::new(year, "accession", Look::Full));
    life.push(row).unwrap();
    let mut row = LifeRow::new(Heading::new("gas", "Price of gas").group("Instruments"));
    row.values.push(Value {
        when: year,
        value: 50.0,
        shown: "50 USD".to_owned(),
        contested: true,
    });
    life.push(row).unwrap();
    life
}

#[test]
fn svg_of_a_mark_matrix() {
    insta::assert_snapshot!(by_element(&members().svg()));
}

#[test]
fn table_of_a_mark_matrix() {
    let table = members().table().into_string();
    assert_well_formed(&table);
    assert!(!table.contains("style="));
    insta::assert_snapshot!(by_element(&table));
}

#[test]
fn svg_of_a_ladder() {
    insta::assert_snapshot!(by_element(&ladder().svg()));
}

#[test]
fn svg_of_a_life_line() {
    insta::assert_snapshot!(by_element(&life().svg()));
}

/// A saved picture leads nowhere: its links would be dead.
#[test]
fn links_work_in_a_page_and_are_left_out_of_a_file() {
    let matrix = members();
    let acquis_report::Block::Figure { svg, .. } = matrix.figure() else {
        panic!("a figure")
    };
    assert!(svg.contains(r#"<a href="/state/RUR">"#) && svg.contains(r#"role="group""#));
    assert!(!matrix.svg().contains("<a ") && matrix.svg().contains(r#"role="img""#));
}

#[test]
fn what_a_chart_does_not_have_is_refused_by_name() {
    let error = members().set(0, 7, MarkCell::of(0)).unwrap_err();
    assert_eq!(error.to_string(), "`Members`: no column 7, there are 2");
    let line = LadderLine::new("signed", vec![Rung::new(date(1994, 1, 1), 3)]);
    let error = ladder().push(line).unwrap_err();
    assert_eq!(error.to_string(), "`signed`: no level 3, there are 3");
    let days = [date(1995, 1, 1), date(1994, 1, 1)].map(|day| Rung::new(day, 1));
    let error = ladder()
        .push(LadderLine::new("signed", days.to_vec()))
        .unwrap_err();
    assert_eq!(error.to_string(), "1994-01-01 comes before 1995-01-01");
    let mut row = LifeRow::new(Heading::new("x", "x"));
    row.spells.push(LifeSpell::new(
        0,
        When::day(date(1995, 1, 1)),
        Some(When::day(date(1994, 1, 1))),
    ));
    assert!(matches!(
        life().push(row),
        Err(ChartError::Backwards { .. })
    ));
    let mut row = LifeRow::new(Heading::new("x", "gas"));
    let when = When::day(date(1995, 1, 1));
    row.values.push(Value {
        when,
        value: f64::INFINITY,
        shown: String::new(),
        contested: false,
    });
    assert_eq!(
        life().push(row).unwrap_err().to_string(),
        "`gas`: inf cannot be drawn"
    );
}

fn any_day() -> impl Strategy<Value = Date> {
    (1980_i16..2010, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| date(y, m, d))
}

fn any_when() -> impl Strategy<Value = When> {
    (any_day(), any_day()).prop_map(|(a, b)| When::within(a.min(b), a.max(b)).unwrap())
}

fn any_look() -> impl Strategy<Value = Look> {
    prop::sample::select(Look::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_mark_matrix_is_well_formed(
        names in prop::collection::vec((any_text(), prop::option::of(any_text())), 0..7),
        looks in prop::collection::vec(any_look(), 1..5),
        note in any_text(),
    ) {
        let headings: Vec<Heading> = names
            .iter()
            .map(|(name, group)| Heading { group: group.clone(), href: Some(name.clone()), ..Heading::new(name, name) })
            .collect();
        let categories = looks.iter().map(|look| Category::new(note.clone(), *look)).collect();
        let mut matrix = MarkMatrix::new("t", headings.clone(), headings, categories);
        for at in 0..names.len() {
            let category = at % looks.len();
            let cell = MarkCell { category, contested: at % 2 == 0, note: note.clone(), href: None };
            matrix.set(at, names.len() - 1 - at, cell).unwrap();
        }
        check_chart(&matrix);
        assert_well_formed(&matrix.table().into_string());
    }

    #[test]
    fn any_ladder_is_well_formed(
        lines in prop::collection::vec((any_text(), prop::collection::btree_map(any_day(), 0_usize..4, 0..6)), 0..4),
        moments in prop::collection::vec((any_when(), any_text(), any_look()), 0..8),
    ) {
        let levels = (0..4).map(|at| StageLevel::new(format!("level {at}"), "L<")).collect();
        let mut ladder = Ladder::new("t", span(), levels).unwrap();
        for (name, rungs) in lines {
            let rungs = rungs.into_iter().map(|(day, level)| Rung::new(day, level)).collect();
            ladder.push(LadderLine::new(name, rungs)).unwrap();
        }
        for (when, label, look) in moments {
            ladder.push_moment(Moment::new(when, label, look));
        }
        check_chart(&ladder);
    }

    #[test]
    fn any_life_is_well_formed(
        rows in prop::collection::vec((any_text(), any_when(), any_when(), any_look(), -1e12_f64..1e12), 0..6),
    ) {
        let categories = rows.iter().map(|(name, _, _, look, _)| Category::new(name, *look)).collect();
        let mut life = LifeLine::new("t", span(), categories);
        for (at, (name, one, other, look, value)) in rows.into_iter().enumerate() {
            let mut row = LifeRow::new(Heading::new(&name, &name).group(&name));
            let until = (one.first() <= other.last()).then_some(other);
            row.spells.push(LifeSpell::new(at, one, until));
            row.moments.push(Moment::new(other, name.clone(), look));
            row.values.push(Value { when: one, value, shown: name, contested: true });
            life.push(row).unwrap();
        }
        check_chart(&life);
    }
}
