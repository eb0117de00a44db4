//! Overlaps, flows, lines and the strip of years: what they look like as text, what they refuse,
//! and that they are well-formed for any input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use acquis_report::chart::{
    Chart, ChartError, Course, Flow, FlowMatrix, Heading, LineChart, LinePoint, Overlap,
    OverlapForm, TimeSpan, YearStrip,
};
use fixture::{any_text, check_chart};
use jiff::civil::date;
use proptest::prelude::*;

fn by_element(markup: &str) -> String {
    let drawn = markup
        .split_once("</style>")
        .map_or(markup, |(_, drawn)| drawn);
    drawn.replace('>', ">\n")
}

fn states() -> Vec<Heading> {
    let names = ["Ruritania", "Graustark", "Syldavia", "Borduria"];
    names
        .map(|name| Heading::new(name[..3].to_uppercase(), name))
        .to_vec()
}

fn overlap() -> Overlap {
    let mut overlap = Overlap::new("Two unions", states()).source("invented");
    overlap
        .push(Heading::new("CU", "Customs Union").href("/org/CU"), [0, 1])
        .unwrap();
    overlap
        .push(Heading::new("SC", "Security Community"), [1, 2])
        .unwrap();
    overlap
        .push(Heading::new("Empty", "Nobody's League"), [])
        .unwrap();
    overlap.contest(2).unwrap();
    overlap
}

/// Five sets, every two of which share a member that is in no third.
fn tangle() -> Overlap {
    let pairs: Vec<(usize, usize)> = (0..6)
        .flat_map(|one| (0..one).map(move |other| (other, one)))
        .collect();
    let members = pairs
        .iter()
        .map(|(a, b)| Heading::new(format!("{a}{b}"), format!("Member {a}{b}")))
        .collect();
    let mut overlap = Overlap::new("A tangle", members);
    for set in 0..6 {
        let within = pairs
            .iter()
            .enumerate()
            .filter(|(_, (a, b))| *a == set || *b == set);
        overlap
            .push(
                Heading::new(format!("S{set}"), format!("Set {set}")),
                within.map(|(at, _)| at),
            )
            .unwrap();
    }
    overlap
}

fn flows() -> FlowMatrix {
    let mut trade =
        FlowMatrix::new("Trade", "million USD", states(), ("from", "to")).source("invented");
    trade.set(0, 1, Flow::new(250.0).before(200.0)).unwrap();
    trade.set(1, 0, Flow::new(90.0).before(120.0)).unwrap();
    trade
        .set(
            2,
            0,
            Flow {
                estimated: true,
                ..Flow::new(40.0)
            },
        )
        .unwrap();
    trade
}

fn lines() -> LineChart {
    let mut chart = LineChart::new("Power", ("Quota", "%"), ("Power", "%"))
        .course(Course::Steps)
        .now(66.0);
    let points = [(50.0, 40.0), (66.0, 50.0), (80.0, 33.0)];
    chart
        .push(
            "Ruritania",
            points.map(|(x, y)| LinePoint::new(x, y).band(y - 5.0, y + 5.0)),
        )
        .unwrap();
    chart
        .push("Graustark", points.map(|(x, y)| LinePoint::new(x, y / 2.0)))
        .unwrap();
    chart
}

fn strip() -> YearStrip {
    let span = TimeSpan::new(date(1991, 1, 1), date(2001, 1, 1)).unwrap();
    let mut strip = YearStrip::new("Changes", span).now(date(1995, 6, 1));
    strip
        .push(date(1994, 4, 15), 3, Some("?on=1994-04-15".to_owned()))
        .unwrap();
    strip.push(date(1999, 4, 2), 1, None).unwrap();
    strip
}

#[test]
fn svg_of_an_overlap() {
    insta::assert_snapshot!(by_element(&overlap().svg()));
}

#[test]
fn svg_of_combinations() {
    insta::assert_snapshot!(by_element(&overlap().form(OverlapForm::Combinations).svg()));
}

#[test]
fn svg_of_flows() {
    insta::assert_snapshot!(by_element(&flows().svg()));
}

#[test]
fn svg_of_lines() {
    insta::assert_snapshot!(by_element(&lines().svg()));
}

#[test]
fn svg_of_a_strip_of_years() {
    insta::assert_snapshot!(by_element(&strip().svg()));
}

#[test]
fn what_rectangles_would_show_falsely_is_listed_with_its_reason() {
    let tangle = tangle();
    assert!(overlap().is_exact() && !tangle.is_exact());
    let svg = tangle.svg();
    assert!(
        svg.contains("Rectangles would show somebody where they are not"),
        "{svg}"
    );
    assert!(svg.contains("Member 01") && !svg.contains("<rect class=\"aq-set"));
}

/// Sets of the same members share a rectangle and both their names; nobody disappears.
#[test]
fn nothing_that_was_given_is_left_out_of_an_overlap() {
    let mut overlap = overlap();
    overlap
        .push(Heading::new("SES", "Single Space"), [0, 1])
        .unwrap();
    let svg = overlap.svg();
    for words in [
        "Customs Union = Single Space",
        "Security Community",
        "Member of none of them: Borduria.",
        "Without members: Nobody’s League.",
    ] {
        assert!(svg.contains(&words.replace('’', "'")), "{words}: {svg}");
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_by_name() {
    let error = overlap()
        .push(Heading::new("x", "Xanadu"), [9])
        .unwrap_err();
    assert_eq!(error.to_string(), "`Xanadu`: no member 9, there are 4");
    let error = flows().set(0, 2, Flow::new(-1.0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Ruritania to Syldavia`: -1 cannot be drawn"
    );
    let error = flows()
        .set(0, 2, Flow::new(1.0).before(f64::NAN))
        .unwrap_err();
    assert!(matches!(error, ChartError::NotDrawable { .. }));
    let error = lines()
        .push("Syldavia", [LinePoint::new(1.0, 2.0).band(3.0, 1.0)])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Syldavia`: the interval from 3 to 1 is empty"
    );
    let error = strip().push(date(1994, 4, 15), 1, None).unwrap_err();
    assert_eq!(error.to_string(), "`1994-04-15` is there already");
}

/// Areas say how large flows are: the side of each square is the root of its share.
#[test]
fn squares_are_as_large_as_their_flows() {
    let svg = flows().svg();
    let sides: Vec<f64> = [
        "Ruritania to Graustark",
        "Graustark to Ruritania",
        "Syldavia to Ruritania",
    ]
    .iter()
    .map(|name| {
        let group = svg.split(&format!("<title>{name}")).nth(1).unwrap();
        let square = group
            .split("<rect class=\"aq-")
            .find(|part| part.starts_with("up") || part.starts_with("down"))
            .unwrap();
        square
            .split("height=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    })
    .collect();
    let share = |value: f64| (value / 250.0).sqrt() * sides[0];
    assert!(
        (sides[1] - share(90.0)).abs() < 0.1 && (sides[2] - share(40.0)).abs() < 0.1,
        "{sides:?}"
    );
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![-1e3_f64..1e3, -1e-9_f64..1e-9, -1e299_f64..1e299, Just(0.0)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_overlap_is_well_formed(
        names in prop::collection::vec(any_text(), 0..9),
        sets in prop::collection::vec((any_text(), prop::collection::btree_set(0_usize..9, 0..9)), 0..7),
    ) {
        let members: Vec<Heading> = names.iter().map(|name| Heading::new(name, name).href("#")).collect();
        let count = members.len();
        let mut overlap = Overlap::new("t", members);
        for (name, within) in sets {
            overlap.push(Heading::new(&name, &name), within.into_iter().filter(|at| *at < count)).unwrap();
        }
        for at in (0..count).step_by(2) {
            overlap.contest(at).unwrap();
        }
        check_chart(&overlap);
    }

    #[test]
    fn any_flows_are_well_formed(
        names in prop::collection::vec(any_text(), 1..7),
        values in prop::collection::vec((any_value(), prop::option::of(any_value())), 7),
    ) {
        let parties: Vec<Heading> = names.iter().map(|name| Heading::new(name, name)).collect();
        let count = parties.len();
        let mut flows = FlowMatrix::new("t", "unit", parties, ("from", "to"));
        for (at, (value, before)) in values.into_iter().enumerate() {
            let flow = Flow { value: value.abs(), before: before.map(f64::abs), estimated: at % 2 == 0 };
            flows.set(at % count, (at * 3 + 1) % count, flow).unwrap();
        }
        check_chart(&flows);
    }

    #[test]
    fn any_lines_are_well_formed(
        lines in prop::collection::vec((any_text(), prop::collection::vec((any_value(), any_value(), any::<bool>()), 0..6)), 0..6),
        steps in any::<bool>(),
    ) {
        let course = if steps { Course::Steps } else { Course::Straight };
        let mut chart = LineChart::new("t", ("x", "u"), ("y", "u")).course(course);
        for (name, points) in lines {
            let points = points.into_iter().map(|(x, y, band)| if band { LinePoint::new(x, y).band(y, y) } else { LinePoint::new(x, y) });
            chart.push(name, points).unwrap();
        }
        check_chart(&chart);
    }

    #[test]
    fn any_strip_is_well_formed(days in prop::collection::btree_map((1985_i16..2010, 1_i8..13), 0_usize..90, 0..30)) {
        let span = TimeSpan::new(date(1991, 1, 1), date(2001, 1, 1)).unwrap();
        let mut strip = YearStrip::new("t", span);
        for ((year, month), count) in days {
            strip.push(date(year, month, 1), count, Some("<".to_owned())).unwrap();
        }
        check_chart(&strip);
    }
}
