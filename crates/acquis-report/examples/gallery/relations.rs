//! Overlaps, flows, lines and the strip of years, on invented states and numbers.

use acquis_report::Block;
use acquis_report::chart::{
    Chart, Course, Flow, FlowMatrix, Heading, LineChart, LinePoint, Overlap, OverlapForm, TimeSpan,
    YearStrip,
};
use jiff::civil::date;

use crate::Outcome;

const SOURCE: &str = "invented, to show the form";

const STATES: [&str; 14] = [
    "Agrabah",
    "Aldovia",
    "Arstotzka",
    "Borduria",
    "Freedonia",
    "Genovia",
    "Graustark",
    "Krakozhia",
    "Latveria",
    "Orsinia",
    "Ruritania",
    "Syldavia",
    "Vulgaria",
    "Zubrowka",
];

fn states() -> Vec<Heading> {
    let heading =
        |name: &&str| Heading::new(name[..3].to_uppercase(), *name).href(format!("#{name}"));
    STATES.iter().map(heading).collect()
}

/// Rectangles can show these.
pub(crate) fn nested() -> Outcome<Overlap> {
    let mut overlap = Overlap::new("Many unions, the same few members", states()).source(SOURCE);
    overlap.push(Heading::new("Concert", "Concert of the Plains"), 0..12)?;
    overlap.push(
        Heading::new("LSC", "League for Security and Commerce"),
        [1, 3, 5, 6, 7, 10],
    )?;
    overlap.push(
        Heading::new("River", "Union of the River States"),
        [1, 3, 6, 7, 10],
    )?;
    overlap.push(
        Heading::new("Union State", "Union State of Borduria and Ruritania"),
        [3, 10],
    )?;
    overlap.push(Heading::new("Coast", "Council of the Coast"), [0, 2, 8, 11])?;
    overlap.push(
        Heading::new("Shore", "Cooperation of the Shore"),
        [6, 7, 10, 12],
    )?;
    overlap.contest(5)?;
    Ok(overlap)
}

/// No rectangles can show these.
pub(crate) fn tangled() -> Outcome<Overlap> {
    let mut overlap =
        Overlap::new("A tangle that rectangles would misrepresent", states()).source(SOURCE);
    for set in 0..6_usize {
        let within = (0..14).filter(|at| (at * at + 3 * set + at * set) % 5 < 2 || at % 6 == set);
        overlap.push(
            Heading::new(format!("Pact {set}"), format!("Pact number {set}")),
            within,
        )?;
    }
    Ok(overlap)
}

pub(crate) fn trade() -> Outcome<FlowMatrix> {
    let mut trade = FlowMatrix::new(
        "Trade between the members grows, trade with the coast shrinks",
        "million USD",
        states(),
        ("exporter", "importer"),
    )
    .source(SOURCE);
    for from in 0..STATES.len() {
        for to in (0..STATES.len()).filter(|to| *to != from) {
            let size = 20.0
                + 4000.0 * ((from * 5 + to * 11) % 17) as f64
                    / (1.0 + (from as f64 - to as f64).abs().powi(2));
            let grown = if (from + to) % 3 == 0 { 1.35 } else { 0.9 };
            let flow = Flow::new(size * grown).before(size);
            trade.set(
                from,
                to,
                Flow {
                    estimated: (from * to) % 19 == 7,
                    ..flow
                },
            )?;
        }
    }
    Ok(trade)
}

pub(crate) fn power() -> Outcome<LineChart> {
    let mut chart = LineChart::new(
        "The largest state's power peaks near two thirds",
        ("Quota", "% of the weight"),
        ("Power (Penrose-Banzhaf)", "%"),
    )
    .course(Course::Steps)
    .now(66.7)
    .source(SOURCE);
    for (at, name) in ["Ruritania", "Graustark", "Borduria", "Aldovia"]
        .iter()
        .enumerate()
    {
        let points = (0..26).map(|step| {
            let quota = 50.0 + 2.0 * f64::from(step);
            let place = at as f64;
            LinePoint::new(
                quota,
                (44.0 - 9.0 * place) + (8.0 - 2.0 * place) * ((quota - 40.0) / 9.0 + place).sin(),
            )
        });
        chart.push(*name, points)?;
    }
    Ok(chart)
}

pub(crate) fn draws() -> Outcome<LineChart> {
    let mut chart = LineChart::new(
        "What the union is worth falls with the elasticity",
        ("Trade elasticity", ""),
        ("Change in real income", "%"),
    )
    .source(SOURCE);
    for (name, worth) in [("Ruritania", 6.0), ("Graustark", 2.5)] {
        let points = (2..12).map(|elasticity| {
            let elasticity = f64::from(elasticity);
            let y = worth / elasticity - 0.2;
            LinePoint::new(elasticity, y).band(y * 0.8 - 0.05, y * 1.25 + 0.05)
        });
        chart.push(name, points)?;
    }
    Ok(chart)
}

pub(crate) fn strip() -> Outcome<YearStrip> {
    let span = TimeSpan::new(date(1991, 1, 1), date(2016, 1, 1))?;
    let mut strip = YearStrip::new("Days on which the law changed", span).now(date(2004, 6, 1));
    for step in 0..60_i16 {
        let (year, month) = (1991 + step * 5 / 12, i8::try_from(step * 5 % 12 + 1)?);
        strip.push(
            date(year, month, 1),
            usize::try_from(step * step % 11 + 1)?,
            Some("#".to_owned()),
        )?;
    }
    Ok(strip)
}

/// The blocks of the report's section.
pub(crate) fn blocks() -> Outcome<Vec<Block>> {
    Ok(vec![
        strip()?.figure(),
        nested()?.figure(),
        nested()?.form(OverlapForm::Combinations).figure(),
        tangled()?.figure(),
        trade()?.figure(),
        power()?.figure(),
        draws()?.figure(),
    ])
}
