//! Pictures of what a variant does: real income as bars and on a map, trade created and
//! diverted, and what moves between the states concerned.

use std::collections::BTreeMap;

use acquis_scenario::{Economy, Effects, Row, Verdict};

use super::origin::Origin;
use super::scenario::reading_order;
use crate::chart::{
    Bar, BarChart, Category, ChartError, Flow, FlowMatrix, GroupedBars, Heading, Look, MapState,
    OutlineMap, StateMap,
};
use crate::outlines::Outlines;

/// An outsider whose real income changes by less than this, in per cent, has no bar.
const SMALLEST_BAR: f64 = 0.005;

fn is_worth_a_bar(row: &Row) -> bool {
    row.is_member || row.real_income_pct.abs() >= SMALLEST_BAR
}

/// The change of every economy's real income, as bars; where there are draws, with the range
/// of nine tenths of them. Outsiders that hardly change are left out and counted.
///
/// # Errors
/// A number that can't be drawn, which a solved equilibrium does not hold.
pub fn income_chart(economy: &Economy, effects: &Effects) -> Result<BarChart, ChartError> {
    let left_out = effects
        .rows
        .iter()
        .filter(|row| !is_worth_a_bar(row))
        .count();
    let left_out = if left_out == 0 {
        String::new()
    } else {
        format!("; {left_out} others, which change by less than {SMALLEST_BAR} %, are left out")
    };
    let ranges = quantiles_by_code(effects);
    let drawn = effects.quantiles.as_ref().map_or(0, |found| found.draws);
    let whiskers = match drawn {
        0 => String::new(),
        draws => format!("; lines hold nine tenths of {draws} draws"),
    };
    let mut chart = BarChart::new("Change in real income", "Real income", "%")
        .decimals(2)
        .source(format!("{}{left_out}{whiskers}", source(economy)));
    for row in reading_order(effects)
        .into_iter()
        .filter(|row| is_worth_a_bar(row))
    {
        let group = if row.is_member {
            "Concerned"
        } else {
            "All others"
        };
        let bar = Bar::new(&row.name, row.real_income_pct).group(group);
        let bar = match ranges.get(row.code.as_str()) {
            Some([low, high]) => bar.interval(*low, *high),
            None => bar,
        };
        chart.push(if row.is_member { bar.emphasized() } else { bar })?;
    }
    Ok(chart)
}

/// Between which two values nine tenths of the draws of each economy's real income lie, in per
/// cent; nothing without draws.
fn quantiles_by_code(effects: &Effects) -> BTreeMap<&str, [f64; 2]> {
    let drawn = effects
        .quantiles
        .iter()
        .flat_map(|found| &found.real_income);
    effects
        .rows
        .iter()
        .zip(drawn)
        .map(|(row, [low, _, high])| (row.code.as_str(), [100.0 * low, 100.0 * high]))
        .collect()
}

/// Trade creation and diversion of the states concerned.
///
/// # Errors
/// A number that can't be drawn, which a solved equilibrium does not hold.
pub fn creation_chart(economy: &Economy, effects: &Effects) -> Result<GroupedBars, ChartError> {
    let mut chart = GroupedBars::new(
        "Trade creation and diversion",
        "Change in imports",
        economy.card.unit.as_str(),
        ["From members", "From outsiders"],
    )?
    .decimals(0)
    .source(source(economy));
    for row in reading_order(effects) {
        if row.is_member {
            let changes = vec![
                Some(row.from_members.change()),
                Some(row.from_outsiders.change()),
            ];
            chart.push(&row.name, changes)?;
        }
    }
    Ok(chart)
}

fn source(economy: &Economy) -> String {
    Origin::Economy(economy).line()
}

/// Who gains and who loses, on a map as large as the states that have a bar need. All others in
/// its frame are coloured by their verdict too, so that the map says what the table says.
/// Economies that are no state, such as the rest of the world, have no place on it.
///
/// # Errors
/// A code that two economies have, which an economy does not hold.
pub fn gains_map(economy: &Economy, effects: &Effects) -> Result<OutlineMap<'static>, ChartError> {
    let categories = vec![
        Category::new("gains", Look::Full),
        Category::new("loses", Look::Paused),
        Category::new("unchanged", Look::Dash),
    ];
    let mut map =
        StateMap::of_categories("Who gains and who loses", categories).source(source(economy));
    for row in reading_order(effects) {
        let class = match row.verdict {
            Verdict::Gains => 0,
            Verdict::Loses => 1,
            Verdict::Unchanged => 2,
        };
        let note = match row.verdict {
            Verdict::Unchanged => String::new(),
            _ if row.real_income_pct.abs() < SMALLEST_BAR => {
                format!("by less than {SMALLEST_BAR} % of its real income")
            }
            _ => format!("{:+.2} % of its real income", row.real_income_pct),
        };
        map.push(MapState {
            chosen: row.is_member,
            aside: !is_worth_a_bar(row),
            note,
            ..MapState::new(Heading::new(&row.code, &row.name)).class(class)
        })?;
    }
    Ok(OutlineMap::new(map, Outlines::built_in()))
}

/// States that have a row of their own in the picture of trade.
const MOST_PARTIES: usize = 10;

/// Trade among the states concerned and with all others, before and after. Where many are
/// concerned, those that trade most stand by themselves.
///
/// # Errors
/// A flow that can't be drawn, which a solved equilibrium does not hold.
pub fn trade_flows(economy: &Economy, effects: &Effects) -> Result<FlowMatrix, ChartError> {
    let (own, others) = parties(effects);
    let mut headings: Vec<Heading> = own
        .iter()
        .map(|at| Heading::new(&effects.rows[*at].code, &effects.rows[*at].name))
        .collect();
    headings.push(Heading::new("others", "All others"));
    let mut picture = FlowMatrix::new(
        "Trade of the states concerned, before and after",
        economy.card.unit.as_str(),
        headings,
        ("from", "to"),
    )
    .source(source(economy));
    let rest = own.len();
    let sum = |from: &[usize], to: &[usize]| {
        let pairs = from
            .iter()
            .flat_map(|from| to.iter().map(move |to| (*from, *to)));
        pairs.fold([0.0; 2], |[before, after], (from, to)| {
            let [old, new] = effects.trade.flow(from, to);
            [before + old, after + new]
        })
    };
    for (place, one) in own.iter().enumerate() {
        for (other_place, other) in own.iter().enumerate() {
            if place != other_place {
                let [before, after] = sum(&[*one], &[*other]);
                picture.set(place, other_place, Flow::new(after).before(before))?;
            }
        }
        let [before, after] = sum(&[*one], &others);
        picture.set(place, rest, Flow::new(after).before(before))?;
        let [before, after] = sum(&others, &[*one]);
        picture.set(rest, place, Flow::new(after).before(before))?;
    }
    Ok(picture)
}

/// The positions of the economies that stand by themselves, and of all others.
fn parties(effects: &Effects) -> (Vec<usize>, Vec<usize>) {
    let imports = |row: &Row| row.from_members.before + row.from_outsiders.before;
    let mut own: Vec<usize> = (0..effects.rows.len())
        .filter(|at| effects.rows[*at].is_member)
        .collect();
    own.sort_by(|one, other| {
        imports(&effects.rows[*other]).total_cmp(&imports(&effects.rows[*one]))
    });
    own.truncate(MOST_PARTIES);
    own.sort_by(|one, other| effects.rows[*one].name.cmp(&effects.rows[*other].name));
    let others = (0..effects.rows.len())
        .filter(|at| !own.contains(at))
        .collect();
    (own, others)
}
