//! Maps of outlines and of tiles: what they look like as text, what they refuse, and that they
//! are well-formed for any states.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use acquis_report::chart::{
    Category, Chart, Extent, Heading, Look, MapState, OutlineMap, StageLevel, StateMap, TileMap,
};
use acquis_report::outlines::{Outlines, OutlinesError};
use fixture::{any_text, check_chart};
use proptest::prelude::*;

/// Two states, an islet, and land between the two that each of two sources draws in another.
const SMALL: &str = r#"{
    "transform": { "scale": [0.5, 0.5], "translate": [170, 40] },
    "viewpoints": [{ "id": "one", "name": "One" }, { "id": "other", "name": "Other" }],
    "objects": {
        "areas": { "geometries": [
            { "id": "RUR", "properties": { "name": "Ruritania" }, "arcs": [[[0, 1]]] },
            { "id": "GRA", "properties": { "name": "Graustark" }, "arcs": [[[2, -4]], [[6]]] },
            { "id": "RUR-GRA", "properties": { "name": "The Marches", "drawn_in": ["RUR", "GRA"] }, "arcs": [[[-2, -6, -4, -5]]] }
        ] },
        "points": { "geometries": [
            { "id": "XZE", "properties": { "name": "Zenda", "town": "Zenda" }, "coordinates": [4, 4] }
        ] }
    },
    "arcs": [
        [[20, 0], [-20, 0], [0, 20], [20, 0]],
        [[20, 20], [0, -20]],
        [[30, 0], [20, 0], [0, 20], [-20, 0]],
        [[30, 0], [0, 20]],
        [[20, 0], [10, 0]],
        [[30, 20], [-10, 0]],
        [[60, 10], [1, 0], [0, 1], [-1, 0], [0, -1]]
    ]
}"#;

fn by_element(markup: &str) -> String {
    let drawn = markup
        .split_once("</style>")
        .map_or(markup, |(_, drawn)| drawn);
    drawn.replace('>', ">\n")
}

fn stages() -> StateMap {
    let levels = vec![
        StageLevel::new("none", "·"),
        StageLevel::new("customs union", "CU"),
    ];
    let mut map = StateMap::of_levels("Stages", levels)
        .unwrap()
        .source("invented");
    let chosen = MapState::new(Heading::new("RUR", "Ruritania"));
    map.push(MapState {
        chosen: true,
        ..chosen
    })
    .unwrap();
    let other = MapState::new(Heading::new("GRA", "Graustark").href("/state/GRA")).class(1);
    map.push(MapState {
        contested: true,
        ..other
    })
    .unwrap();
    map.push(MapState::new(Heading::new("XZE", "Zenda")).class(1))
        .unwrap();
    map.push(MapState::new(Heading::new("ATL", "Atlantis")).class(0))
        .unwrap();
    map
}

#[test]
fn svg_of_a_map() {
    let outlines = Outlines::parse(SMALL).unwrap();
    insta::assert_snapshot!(by_element(&OutlineMap::new(stages(), &outlines).svg()));
}

#[test]
fn svg_of_a_map_of_tiles() {
    let outlines = Outlines::parse(SMALL).unwrap();
    insta::assert_snapshot!(by_element(&TileMap::new(stages(), &outlines).svg()));
}

#[test]
fn disputed_land_follows_the_viewpoint_and_is_always_called_disputed() {
    let outlines = Outlines::parse(SMALL).unwrap();
    let one = OutlineMap::new(stages(), &outlines);
    let other = one.clone().viewpoint("other").unwrap();
    assert_ne!(one.svg(), other.svg());
    let told = "The Marches: disputed; drawn in Ruritania by One, in Graustark by Other";
    for (map, named) in [(&one, "Borders: One."), (&other, "Borders: Other.")] {
        let svg = map.svg();
        assert!(svg.contains(told) && svg.contains(named), "{svg}");
        assert!(svg.contains("aq-disputed"));
    }
    let error = one.viewpoint("third").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no viewpoint `third`; there are `one`, `other`"
    );
}

#[test]
fn before_sources_came_to_differ_land_is_drawn_as_all_drew_it() {
    let dated = SMALL.replacen(
        "\"drawn_in\": [\"RUR\", \"GRA\"]",
        "\"drawn_in\": [\"RUR\", \"GRA\"], \"before\": { \"day\": \"1914-06-28\", \"drawn_in\": \"GRA\" }",
        1,
    );
    assert_ne!(dated, SMALL);
    let outlines = Outlines::parse(&dated).unwrap();
    let map = OutlineMap::new(stages(), &outlines);
    let day = |text: &str| text.parse().unwrap();
    let before = map.clone().on(day("1914-06-27")).svg();
    assert!(
        !before.contains("The Marches") && !before.contains("disputed; drawn"),
        "{before}"
    );
    let since = map.clone().on(day("1914-06-28")).svg();
    assert_eq!(since, map.svg());
    let built_in = Outlines::built_in();
    assert!(built_in.disputes().any(|dispute| dispute.name == "Crimea"));
}

#[test]
fn what_has_no_outline_is_named() {
    let outlines = Outlines::parse(SMALL).unwrap();
    let map = OutlineMap::new(stages(), &outlines);
    assert_eq!(map.missing(), ["ATL"]);
    assert!(
        map.svg()
            .contains("Not on the map, for want of an outline: Atlantis.")
    );
}

#[test]
fn a_state_is_on_a_map_once_and_in_a_class_that_is_there() {
    let mut map = stages();
    let error = map
        .push(MapState::new(Heading::new("RUR", "Ruritania")))
        .unwrap_err();
    assert_eq!(error.to_string(), "`RUR` is there already");
    let error = map
        .push(MapState::new(Heading::new("NEW", "New")).class(7))
        .unwrap_err();
    assert_eq!(error.to_string(), "`NEW`: no class 7, there are 2");
}

#[test]
fn tiles_of_their_own_are_kept() {
    let outlines = Outlines::parse(SMALL).unwrap();
    let mut map = StateMap::of_categories("t", vec![Category::new("member", Look::Full)]);
    for (code, tile) in [("A", [0, 0]), ("B", [3, 1])] {
        let state = MapState::new(Heading::new(code, code)).class(0);
        map.push(MapState {
            tile: Some(tile),
            ..state
        })
        .unwrap();
    }
    let svg = TileMap::new(map, &outlines).svg();
    let place = |code: &str| {
        let tile = svg.split(&format!("data-state=\"{code}\"")).nth(1).unwrap();
        let number = |key: &str| -> f64 {
            let text = tile.split(&format!(" {key}=\"")).nth(1).unwrap();
            text.split('"').next().unwrap().parse().unwrap()
        };
        (number("x"), number("y"))
    };
    let ((ax, ay), (bx, by)) = (place("A"), place("B"));
    assert!(
        (bx - ax - 3.0 * (by - ay)).abs() < 0.3,
        "{ax} {ay} {bx} {by}"
    );
}

#[test]
fn outlines_that_do_not_hold_together_are_refused() {
    let refused = |from: &str, to: &str| Outlines::parse(&SMALL.replace(from, to)).unwrap_err();
    assert!(matches!(
        refused("\"arcs\": [[[0, 1]]]", "\"arcs\": [[[0]]]"),
        OutlinesError::Open { .. }
    ));
    let error = refused("\"arcs\": [[[0, 1]]]", "\"arcs\": [[[0, 99]]]");
    assert_eq!(
        error.to_string(),
        "`Ruritania` runs along line 99, which is not there or too short"
    );
    let error = refused("[\"RUR\", \"GRA\"]", "[\"RUR\"]");
    assert_eq!(
        error.to_string(),
        "`The Marches` is drawn in 1 states by 2 viewpoints"
    );
    assert!(matches!(
        refused("\"translate\": [170, 40]", "\"translate\": [170, 400]"),
        OutlinesError::OffTheSphere { .. }
    ));
    assert!(matches!(Outlines::parse("{"), Err(OutlinesError::Shape(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_map_is_well_formed(
        states in prop::collection::vec((prop::sample::select(vec!["RUS", "FJI", "USA", "KIR", "VAT", "XAB", "MAR", "ZAF", "LSO", "FRA"]), any_text(), 0_usize..9), 0..8),
        world in any::<bool>(),
        looks in prop::collection::vec(prop::sample::select(Look::ALL.to_vec()), 9),
    ) {
        let outlines = Outlines::built_in();
        let categories = looks.iter().map(|look| Category::new("a <class>", *look)).collect();
        let mut map = StateMap::of_categories("t", categories);
        for (code, name, class) in states {
            // The same state twice is refused; the first stays.
            let _ = map.push(MapState { contested: class % 2 == 0, chosen: class == 3, ..MapState::new(Heading::new(code, name).href("#")).class(class) });
        }
        let extent = if world { Extent::World } else { Extent::States };
        check_chart(&OutlineMap::new(map.clone(), outlines).extent(extent));
        check_chart(&TileMap::new(map, outlines));
    }
}
