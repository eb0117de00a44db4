//! Answers of the law as pictures, from the pack of the repository.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use std::path::Path;

use acquis_law::{Grade, Law};
use acquis_registry::{Institution, Registry, State, read_folder};
use acquis_report::chart::{Chart, OutlineMap, TileMap, TimeSpan};
use acquis_report::outlines::Outlines;
use acquis_report::subject::law::Question;
use acquis_report::subject::pack;
use acquis_report::subject::picture::{
    Links, NoLinks, changes, institution_life, ladder, memberships, overlap, stages_with,
    standings_in, state_life,
};
use fixture::{assert_well_formed, check_chart};
use jiff::civil::date;

fn registry() -> Registry {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/post-soviet");
    let files = read_folder(&folder).unwrap();
    Registry::load(&files).unwrap().registry
}

fn question(year: i16, month: i8, day: i8) -> Question {
    Question {
        on: date(year, month, day),
        known_by: None,
    }
}

fn span() -> TimeSpan {
    TimeSpan::new(date(1991, 1, 1), date(2016, 1, 1)).unwrap()
}

struct Paths;

impl Links for Paths {
    fn state(&self, state: &acquis_registry::StateCode) -> Option<String> {
        Some(format!("/state/{state}"))
    }
}

/// The cell of a state and an institution in the table of memberships, as it is said.
fn cell(table: &str, state: &str, institution: &str) -> String {
    let place = format!("data-row=\"{state}\" data-column=\"{institution}\">");
    let cell = table.split(&place).nth(1).unwrap();
    let cell = cell.split("</td>").next().unwrap();
    cell.split("aq-said\">")
        .nth(1)
        .map_or_else(String::new, |said| {
            said.split('<').next().unwrap().to_owned()
        })
}

/// The pack's own example: Uzbekistan leaves the Collective Security Treaty in 1999, comes back
/// between 2006 and 2008, and leaves again in 2012.
#[test]
fn a_state_leaves_and_comes_back_in_the_matrix() {
    let registry = registry();
    let law = Law::new(registry.view());
    let states: Vec<&State> = registry.states().collect();
    let institutions: Vec<&Institution> = registry.institutions().collect();
    let said = |year| {
        let matrix =
            memberships(&law, &states, &institutions, question(year, 11, 1), &Paths).unwrap();
        let table = matrix.table().into_string();
        assert_well_formed(&table);
        let short = registry
            .find_institution("CSTO")
            .unwrap()
            .short_name_on(date(year, 11, 1))
            .to_owned();
        cell(&table, "UZB", &short)
    };
    assert!(said(1998).starts_with("member or party"), "{}", said(1998));
    assert!(said(2000).starts_with("withdrawn"), "{}", said(2000));
    assert!(said(2008).starts_with("member or party"), "{}", said(2008));
}

#[test]
fn every_state_and_institution_of_the_pack_has_a_life_that_can_be_drawn() {
    let registry = registry();
    let law = Law::new(registry.view());
    for state in registry.states() {
        check_chart(&state_life(&law, state, span(), &NoLinks).unwrap());
    }
    for institution in registry.institutions() {
        check_chart(&institution_life(&law, institution, span(), &NoLinks).unwrap());
    }
}

#[test]
fn a_life_holds_the_prices_that_were_paid() {
    let registry = registry();
    let law = Law::new(registry.view());
    let life = state_life(&law, registry.find_state("BLR").unwrap(), span(), &NoLinks).unwrap();
    let svg = life.svg();
    assert!(svg.contains("Instruments") && svg.contains("USD"), "{svg}");
}

#[test]
fn the_ladder_of_a_pair_has_the_steps_of_its_story() {
    let registry = registry();
    let law = Law::new(registry.view());
    let pair = [
        registry.find_state("RUS").unwrap(),
        registry.find_state("BLR").unwrap(),
    ];
    let steps = law.story(&pair[0].code, &pair[1].code);
    assert!(steps.len() > 3);
    let ladder = ladder(&law, (pair[0], pair[1]), &steps, span(), &NoLinks).unwrap();
    check_chart(&ladder);
    let last = law
        .between(&pair[0].code, &pair[1].code, date(2015, 12, 31))
        .stages();
    for (grade, stage) in Grade::ALL.into_iter().zip(last) {
        let said = format!("at the end {}", stage.label());
        assert!(
            ladder.describe().contains(&said),
            "{grade}: {}",
            ladder.describe()
        );
    }
}

#[test]
fn stages_and_standings_are_mapped_and_disputed_entities_are_not_left_out() {
    let registry = registry();
    let law = Law::new(registry.view());
    let outlines = Outlines::built_in();
    let states: Vec<&State> = registry
        .states()
        .filter(|state| state.groups.iter().any(|group| group == "post-soviet"))
        .collect();
    let chosen = registry.find_state("KAZ").unwrap();
    let asked = question(2012, 7, 1);
    let map = stages_with(&law, chosen, &states, Grade::InForce, asked, &Paths).unwrap();
    let drawn = OutlineMap::new(map.clone(), outlines);
    assert!(drawn.missing().is_empty(), "{:?}", drawn.missing());
    let svg = drawn.svg();
    let stage = law
        .stage_between(
            &chosen.code,
            &registry.find_state("RUS").unwrap().code,
            asked.on,
            Grade::InForce,
        )
        .stage;
    assert!(
        svg.contains(&format!("Russia: {}", stage.label())),
        "{}",
        map_titles(&svg)
    );
    assert!(svg.contains("Abkhazia") && svg.contains("of disputed standing"));
    let tiles = TileMap::new(map, outlines);
    assert!(tiles.svg().contains("Abkhazia: none, of disputed standing"));
    check_chart(&tiles);
    let cis = registry.find_institution("CIS").unwrap();
    check_chart(&OutlineMap::new(
        standings_in(&law, cis, &states, asked, &NoLinks).unwrap(),
        outlines,
    ));
}

fn map_titles(svg: &str) -> String {
    let titles = svg.split("<title>").skip(1);
    titles
        .map(|rest| rest.split('<').next().unwrap())
        .collect::<Vec<_>>()
        .join("; ")
}

/// Every state stands within the rectangles of its organizations, or in the row of their
/// combination; the picture names all of them.
#[test]
fn shared_members_are_drawn_on_every_first_of_july() {
    let registry = registry();
    let law = Law::new(registry.view());
    let states: Vec<&State> = registry.states().collect();
    let organizations: Vec<&Institution> = ["CIS", "CSTO", "GUAM", "EurAsEC", "Union State"]
        .iter()
        .map(|name| registry.find_institution(name).unwrap())
        .collect();
    for year in (1993..2016).step_by(3) {
        let asked = question(year, 7, 1);
        let picture = overlap(&law, &organizations, &states, asked, &NoLinks).unwrap();
        check_chart(&picture);
        let svg = picture.svg();
        for member in law.members(&organizations[1].id, asked.on) {
            let name = registry.state(&member).unwrap().name_on(asked.on);
            assert!(svg.contains(name), "{year}: {name}");
        }
    }
}

#[test]
fn the_strip_of_changes_has_the_days_of_the_law() {
    let registry = registry();
    let law = Law::new(registry.view());
    let strip = changes(&law, span(), date(2004, 6, 1), &|day| {
        Some(format!("/?on={day}"))
    })
    .unwrap();
    check_chart(&strip);
    let svg = strip.svg();
    let shown = law
        .change_days()
        .iter()
        .filter(|day| (date(1991, 1, 1)..=date(2016, 1, 1)).contains(day))
        .count();
    assert_eq!(svg.matches("class=\"aq-change\"").count(), shown);
}

#[test]
fn a_pack_is_counted_and_its_sources_are_weighed() {
    let registry = registry();
    let holdings = pack::Holdings::of(&registry);
    assert!(holdings.acts > 100 && holdings.claims > holdings.acts && holdings.contested > 0);
    let sources = pack::sources(&registry).unwrap();
    assert_eq!(sources.rows().len(), holdings.sources);
    let list = pack::list(&[("post-soviet", &registry)]).unwrap();
    assert_eq!(list.rows().len(), 1);
}
