//! Maps. States are real here, since maps show them; their classes are invented.

use acquis_report::Block;
use acquis_report::chart::{
    Category, Chart, Extent, Heading, Look, MapState, OutlineMap, StageLevel, StateMap, TileMap,
};
use acquis_report::outlines::Outlines;

use crate::Outcome;

const SOURCE: &str = "invented classes, to show the form";

const STATES: [(&str, &str, usize); 24] = [
    ("RUS", "Russia", 0),
    ("BLR", "Belarus", 6),
    ("UKR", "Ukraine", 2),
    ("MDA", "Moldova", 2),
    ("GEO", "Georgia", 0),
    ("ARM", "Armenia", 5),
    ("AZE", "Azerbaijan", 1),
    ("KAZ", "Kazakhstan", 5),
    ("UZB", "Uzbekistan", 2),
    ("TKM", "Turkmenistan", 0),
    ("KGZ", "Kyrgyzstan", 5),
    ("TJK", "Tajikistan", 3),
    ("EST", "Estonia", 0),
    ("LVA", "Latvia", 0),
    ("LTU", "Lithuania", 0),
    ("XAB", "Abkhazia", 4),
    ("XSO", "South Ossetia", 4),
    ("POL", "Poland", 1),
    ("FIN", "Finland", 1),
    ("MNG", "Mongolia", 2),
    ("CHN", "China", 1),
    ("TUR", "Turkey", 1),
    ("IRN", "Iran", 1),
    ("SUN", "Soviet Union", 7),
];

fn levels() -> Vec<StageLevel> {
    [
        ("none", "·"),
        ("preferential arrangement", "PA"),
        ("free trade area", "FTA"),
        ("customs union", "CU"),
        ("common market", "CM"),
        ("economic union", "EU"),
        ("economic and monetary union", "EMU"),
        ("political union", "PU"),
    ]
    .map(|(name, short)| StageLevel::new(name, short))
    .to_vec()
}

fn stages(count: usize) -> Outcome<StateMap> {
    let mut map =
        StateMap::of_levels("How close each state is to Russia", levels())?.source(SOURCE);
    for (at, (code, name, level)) in STATES.iter().take(count).enumerate() {
        let heading = Heading::new(*code, *name).href(format!("#{code}"));
        let state = MapState {
            contested: at % 5 == 3,
            chosen: at == 0,
            ..MapState::new(heading)
        };
        map.push(if at == 0 { state } else { state.class(*level) })?;
    }
    Ok(map)
}

fn members(codes: &[(&str, &str)]) -> Outcome<StateMap> {
    let categories = vec![
        Category::new("member", Look::Full),
        Category::new("provisional party", Look::Diamond),
        Category::new("associate", Look::Half),
        Category::new("observer", Look::Ring),
        Category::new("contracting state", Look::Open),
        Category::new("signatory only", Look::Slight),
        Category::new("suspended", Look::Paused),
        Category::new("withdrawn", Look::Crossed),
    ];
    let mut map = StateMap::of_categories("Who takes part, and as what", categories).source(SOURCE);
    for (at, (code, name)) in codes.iter().enumerate() {
        map.push(
            MapState::new(Heading::new(*code, *name)).class([0, 0, 2, 3, 1, 4, 5, 6, 7][at % 9]),
        )?;
    }
    Ok(map)
}

const SOUTH: [(&str, &str); 12] = [
    ("BRA", "Brazil"),
    ("ARG", "Argentina"),
    ("CHL", "Chile"),
    ("PER", "Peru"),
    ("URY", "Uruguay"),
    ("PRY", "Paraguay"),
    ("BOL", "Bolivia"),
    ("COL", "Colombia"),
    ("ECU", "Ecuador"),
    ("VEN", "Venezuela"),
    ("GUY", "Guyana"),
    ("SUR", "Suriname"),
];

const CARIBBEAN: [(&str, &str); 10] = [
    ("JAM", "Jamaica"),
    ("TTO", "Trinidad and Tobago"),
    ("BRB", "Barbados"),
    ("LCA", "Saint Lucia"),
    ("GRD", "Grenada"),
    ("HTI", "Haiti"),
    ("BHS", "Bahamas"),
    ("DMA", "Dominica"),
    ("ATG", "Antigua and Barbuda"),
    ("SUR", "Suriname"),
];

/// The maps, by the names of their files.
pub(crate) fn maps() -> Outcome<Vec<(&'static str, Box<dyn Chart>)>> {
    let outlines = Outlines::built_in();
    Ok(vec![
        (
            "map-stages",
            Box::new(OutlineMap::new(stages(17)?, outlines)),
        ),
        (
            "map-viewpoint",
            Box::new(OutlineMap::new(stages(24)?, outlines).viewpoint("visionscarto")?),
        ),
        (
            "map-members",
            Box::new(OutlineMap::new(members(&SOUTH)?, outlines)),
        ),
        (
            "map-islands",
            Box::new(OutlineMap::new(members(&CARIBBEAN)?, outlines)),
        ),
        (
            "map-world",
            Box::new(OutlineMap::new(stages(24)?, outlines).extent(Extent::World)),
        ),
        (
            "tiles-stages",
            Box::new(TileMap::new(stages(17)?, outlines)),
        ),
        (
            "tiles-members",
            Box::new(TileMap::new(members(&SOUTH)?, outlines)),
        ),
    ])
}

/// The blocks of the report's section.
pub(crate) fn blocks() -> Outcome<Vec<Block>> {
    Ok(maps()?.iter().map(|(_, map)| map.figure()).collect())
}
