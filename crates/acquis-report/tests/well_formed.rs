//! Pages and pictures are well-formed for any text and any number, and terminals are safe.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use acquis_report::chart::{Bar, BarChart, Chart, ChartError, Dumbbell, GroupedBars};
use acquis_report::chart::{Lattice, LatticeMark, LatticeNode, LatticeStep};
use acquis_report::chart::{PairStage, StageLevel, StageMatrix, StagePanel, StageState};
use acquis_report::{Block, HtmlReport, NoticeKind, Section, TerminalStyle, terminal::render};
use proptest::prelude::*;

use fixture::{any_table, any_text, assert_well_formed, check_chart, small_table};

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e3_f64..1e3,
        -1e-9_f64..1e-9,
        -1e299_f64..1e299,
        Just(0.0),
        Just(5e-324)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_report_is_well_formed(table in any_table(), text in any_text()) {
        let mut report = HtmlReport::new(text.clone(), text.clone());
        report.meta.push((text.clone(), text.clone()));
        let blocks = vec![
            Block::Table(table),
            Block::Paragraph(text.clone()),
            Block::Notice { kind: NoticeKind::Info, text: text.clone() },
            Block::Definitions(vec![(text.clone(), text.clone())]),
            Block::Code(text.clone()),
        ];
        report.sections.push(Section::new(&text, text.clone(), blocks));
        assert_well_formed(&report.render());
    }

    #[test]
    fn any_bar_chart_is_well_formed(
        bars in prop::collection::vec((any_text(), prop::option::of(any_value())), 0..12),
        title in any_text(),
    ) {
        let mut chart = BarChart::new(title.clone(), title.clone(), title.clone()).source(title);
        for (label, value) in bars {
            let bar = Bar { value, ..Bar::missing(label.clone()) };
            let bar = if label.len() % 2 == 0 { bar.group(label) } else { bar };
            chart.push(bar).unwrap();
        }
        check_chart(&chart);
    }

    #[test]
    fn any_paired_chart_is_well_formed(
        items in prop::collection::vec((any_text(), any_value(), any_value()), 0..8),
        name in any_text(),
    ) {
        let mut grouped = GroupedBars::new("t", "a", "u", [name.clone(), name.clone()]).unwrap();
        let mut dumbbell = Dumbbell::new("t", "a", "u", name.clone(), name);
        for (label, one, other) in items {
            grouped.push(label.clone(), vec![Some(one), Some(other)]).unwrap();
            dumbbell.push(label, one, other).unwrap();
        }
        check_chart(&grouped);
        check_chart(&dumbbell);
    }

    #[test]
    fn any_lattice_is_well_formed(
        nodes in prop::collection::vec((any_text(), 2_usize..6, any_value(), 0_usize..4), 0..40),
        title in any_text(),
    ) {
        let marks = [LatticeMark::Plain, LatticeMark::Payable, LatticeMark::Kept, LatticeMark::Holds];
        let mut lattice = Lattice::new(title.clone(), title.clone(), title.clone()).source(title);
        let way = nodes.iter().take(5);
        let way = way.map(|(label, size, value, _)| LatticeStep {
            label: label.clone(),
            size: *size,
            value: *value,
        });
        lattice.through(way.collect()).unwrap();
        for (label, size, value, mark) in nodes {
            lattice.push(LatticeNode { label, size, value, mark: marks[mark] }).unwrap();
        }
        check_chart(&lattice);
    }

    #[test]
    fn any_matrix_is_well_formed(
        names in prop::collection::vec((any_text(), any_text()), 0..9),
        count in 1_usize..9,
    ) {
        let levels = (0..count).map(|at| StageLevel::new(format!("level {at}"), "L<")).collect();
        let states: Vec<_> = names.iter().map(|(c, n)| StageState::new(c, n)).collect();
        let mut panel = StagePanel::new("Panel", states.len());
        for one in 1..states.len() {
            let stage = PairStage { level: one % count, changed: true, contested: true };
            panel.set(one, one - 1, stage).unwrap();
        }
        let mut matrix = StageMatrix::new("t", levels, states).unwrap();
        matrix.push(panel.clone()).unwrap();
        matrix.push(panel).unwrap();
        check_chart(&matrix);
    }

    #[test]
    fn a_terminal_is_never_steered_by_a_name(table in any_table(), width in 20_usize..200) {
        let style = TerminalStyle { width: Some(width), ..TerminalStyle::default() };
        let text = render(&table, style);
        prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    }
}

#[test]
fn script_is_escaped_on_a_page() {
    let mut report = HtmlReport::new("<script>a</script>", "<script>b</script>");
    report
        .sections
        .push(Section::new("x", "X", vec![Block::Table(small_table())]));
    let page = report.render();
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;alert"));
}

#[test]
fn a_page_asks_for_nothing_from_outside() {
    let mut report = HtmlReport::new("T", "S");
    let mut chart = BarChart::new("Gains", "Income", "%");
    chart.push(Bar::new("Ruritania", 1.0)).unwrap();
    report
        .sections
        .push(Section::new("x", "X", vec![chart.figure()]));
    let page = report.render().replace("http://www.w3.org/2000/svg", "");
    for outside in ["http:", "https:", "//", "@import", "url(", "<link", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_narrow_terminal_breaks_neither_figures_nor_its_own_width() {
    for width in 40..140 {
        let style = TerminalStyle {
            width: Some(width),
            ..TerminalStyle::default()
        };
        let text = render(&small_table(), style);
        for figure in [
            "1,234,567.9",
            "+1.25",
            "100.0",
            "−1,000",
            "Ruritania",
            "consents",
        ] {
            assert!(
                text.contains(figure),
                "{figure} in {width} columns:\n{text}"
            );
        }
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{widest} in {width} columns:\n{text}");
    }
}

#[test]
fn colour_only_if_asked() {
    let plain = render(&small_table(), TerminalStyle::default());
    assert!(!plain.contains('\u{1b}'));
    let style = TerminalStyle {
        colour: true,
        ..TerminalStyle::default()
    };
    assert!(render(&small_table(), style).contains('\u{1b}'));
}

#[test]
fn numbers_that_cannot_be_drawn_are_refused_by_name() {
    let mut chart = BarChart::new("t", "a", "u");
    let error = chart.push(Bar::new("Ruritania", f64::NAN)).unwrap_err();
    assert_eq!(error.to_string(), "`Ruritania`: NaN cannot be drawn");
    let error = chart
        .push(Bar::new("x", 1.0).interval(2.0, 1.0))
        .unwrap_err();
    assert!(matches!(error, ChartError::EmptyInterval { .. }));
}

#[test]
fn a_matrix_refuses_what_it_cannot_show() {
    let levels = |count: usize| vec![StageLevel::new("l", ""); count];
    let states = vec![StageState::new("A", "A"), StageState::new("B", "B")];
    let many = StageMatrix::new("t", levels(9), states.clone()).unwrap_err();
    assert_eq!(
        many.to_string(),
        "9 levels, but a chart tells at most 8 apart"
    );
    let mut panel = StagePanel::new("Before", 2);
    assert!(panel.set(0, 0, PairStage::at(1)).is_err());
    panel.set(0, 1, PairStage::at(5)).unwrap();
    let mut matrix = StageMatrix::new("t", levels(2), states).unwrap();
    let error = matrix.push(panel).unwrap_err();
    assert_eq!(error.to_string(), "panel `Before`: level 5 of 2 levels");
}
