//! The first page: everybody and everything at one moment, in three views.

use acquis_law::{Grade, Law, Standing};
use acquis_registry::{Institution, Stage, State};
use acquis_report::chart::{
    Chart as _, Heading, MarkCell, MarkMatrix, OutlineMap, StateMap, TileMap,
};
use acquis_report::json::to_json;
use acquis_report::outlines::Outlines;
use acquis_report::subject::{everybody, law as law_subject, picture};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::state::Nothing;
use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask(
            "/",
            "Who is what in which organization on a day",
            page,
            twin,
        )
        .twin(
            "/days",
            "The days, in order, on which something changed",
            Lasting::Yes,
            days,
        )
        .twin(
            "/memberships",
            "Every standing of every party as an interval, on all days",
            Lasting::Yes,
            memberships,
        )
        .twin(
            "/stages/{state}",
            "How deep the stage in force between a state and every other was, on all days",
            Lasting::Yes,
            stages,
        )
}

/// What is shown, and how.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// matrix, map, tiles or overlap
    view: Option<String>,
    /// The state with which the stages on the map are
    with: Option<String>,
    /// The organization or agreement by which the map is coloured
    of: Option<String>,
    /// From which of its sources the map takes borders
    viewpoint: Option<String>,
    /// Show states from elsewhere too, if it is yes
    all: Option<String>,
}

/// The views of one moment.
const VIEWS: [(&str, &str); 4] = [
    ("matrix", "Matrix"),
    ("map", "Map"),
    ("tiles", "Tiles"),
    ("overlap", "Overlap"),
];

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let view = asked.view.as_deref().unwrap_or("matrix");
    let shown = match view {
        "matrix" => matrix_view(visit, law, asked)?,
        "map" | "tiles" => map_view(atlas, visit, law, asked)?,
        "overlap" => overlap_view(visit, law, asked)?,
        other => {
            let known: Vec<&str> = VIEWS.iter().map(|(word, _)| *word).collect();
            return Err(Problem::unreadable(format!("There is no view {other:?}."))
                .advise(format!("Choose one of {}.", known.join(", "))));
        }
    };
    let body = html! {
        nav.views aria-label="Views" {
            @for (word, name) in VIEWS {
                a href=(visit.here_with("view", Some(word)))
                    aria-current=[(word == view).then_some("true")] { (name) }
            }
        }
        (shown)
    };
    let card = atlas.registry().card();
    Ok(Page::new(Section::Atlas, card.title.clone(), body)
        .lead(html! { p { (card.description) } })
        .script("atlas.js"))
}

/// The states that are shown: those of the pack's own groups, or all of them.
fn region<'r>(states: Vec<&'r State>, asked: &Asked) -> Vec<&'r State> {
    let has_groups = states.iter().any(|state| !state.groups.is_empty());
    if !has_groups || asked.all.as_deref() == Some("yes") {
        return states;
    }
    states
        .into_iter()
        .filter(|state| !state.groups.is_empty())
        .collect()
}

fn matrix_view(visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Markup, Problem> {
    let organizations = everybody::organizations(law);
    let all = everybody::participants(law, &organizations);
    let count = all.len();
    let states = region(all, asked);
    let question = visit.moment().question();
    let matrix = picture::memberships(law, &states, &organizations, question, visit)?;
    Ok(html! {
        section #matrix {
            (matrix.table())
            template #marks { (marks()?.table()) }
            p.ways {
                @if states.len() < count {
                    a href=(visit.here_with("all", Some("yes"))) { "All " (count) " states" }
                } @else if asked.all.is_some() {
                    a href=(visit.here_with("all", None)) { "Fewer states" }
                }
            }
        }
    })
}

/// Every mark that a cell can have, for the script that draws the matrix.
fn marks() -> Result<MarkMatrix, Problem> {
    let categories = picture::standing_categories();
    let columns = Standing::ALL.iter().map(|standing| {
        let word = standing.word();
        Heading::new(word, word)
    });
    let rows = ["plain", "contested"].map(|word| Heading::new(word, word));
    let mut matrix = MarkMatrix::new(
        "Marks",
        rows.to_vec(),
        columns.collect(),
        categories.clone(),
    );
    for category in 0..categories.len() {
        for (row, contested) in [false, true].into_iter().enumerate() {
            let cell = MarkCell {
                contested,
                ..MarkCell::of(category)
            };
            matrix.set(row, category, cell)?;
        }
    }
    Ok(matrix)
}

/// What a map is coloured by.
#[derive(Clone, Copy)]
enum MapOf<'r> {
    /// The deepest stage in force with this state.
    StageWith(&'r State),
    /// The standing in this organization or agreement.
    StandingIn(&'r Institution),
}

/// The state or organization that the map is coloured by: what was asked for, else the state
/// that is a member of most.
fn map_of<'r>(
    law: &Law<'r>,
    visit: &Visit,
    asked: &Asked,
    states: &[&'r State],
) -> Result<MapOf<'r>, Problem> {
    let registry = law.registry();
    if let Some(text) = &asked.of {
        return Ok(MapOf::StandingIn(registry.find_institution(text)?));
    }
    if let Some(text) = &asked.with {
        return Ok(MapOf::StageWith(registry.find_state(text)?));
    }
    let on = visit.moment().on;
    let most = states
        .iter()
        .rev()
        .max_by_key(|state| law.memberships(&state.code, on).len());
    most.map(|state| MapOf::StageWith(state))
        .ok_or_else(|| Problem::not_found("The pack has no states to show on a map."))
}

fn map_view(atlas: &Atlas, visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Markup, Problem> {
    let organizations = everybody::organizations(law);
    let mut states = region(everybody::participants(law, &organizations), asked);
    // Those of disputed standing take part in nothing and are on the map all the same.
    states.extend(
        law.registry()
            .states()
            .filter(|state| state.recognition.is_some()),
    );
    states.sort_by_key(|state| &state.code);
    states.dedup_by_key(|state| &state.code);
    let of = map_of(law, visit, asked, &states)?;
    let question = visit.moment().question();
    let (map, with) = match of {
        MapOf::StageWith(state) => {
            let grade = Grade::InForce;
            let map = picture::stages_with(law, state, &states, grade, question, visit)?;
            (map, Some(state.code.as_str()))
        }
        MapOf::StandingIn(institution) => {
            let map = picture::standings_in(law, institution, &states, question, visit)?;
            (map, None)
        }
    };
    let tiles = asked.view.as_deref() == Some("tiles");
    let drawn = draw(map, tiles, asked)?;
    Ok(html! {
        section #map data-with=[with] {
            (drawn)
            (map_form(visit, asked, of, &states, &organizations))
        }
        (part::lists(atlas.registry()))
    })
}

fn draw(map: StateMap, tiles: bool, asked: &Asked) -> Result<Markup, Problem> {
    let outlines = Outlines::built_in();
    if tiles {
        return Ok(part::picture(TileMap::new(map, outlines).figure(), None));
    }
    let mut drawn = OutlineMap::new(map, outlines);
    if let Some(viewpoint) = &asked.viewpoint {
        drawn = drawn.viewpoint(viewpoint)?;
    }
    Ok(part::picture(drawn.figure(), None))
}

/// What the map is coloured by, and whose borders it has.
fn map_form(
    visit: &Visit,
    asked: &Asked,
    of: MapOf<'_>,
    states: &[&State],
    organizations: &[&Institution],
) -> Markup {
    let (with, by) = match of {
        MapOf::StageWith(state) => (state.code.as_str(), ""),
        MapOf::StandingIn(institution) => ("", institution.id.as_str()),
    };
    let view = asked.view.as_deref().unwrap_or("map");
    let states = states
        .iter()
        .map(|state| (state.code.as_str(), state.name()));
    let organizations = organizations
        .iter()
        .map(|it| (it.id.as_str(), it.short_name()));
    let viewpoints = Outlines::built_in().viewpoints();
    let viewpoints = viewpoints
        .iter()
        .map(|it| (it.id.as_str(), it.name.as_str()));
    html! {
        div.map-forms {
            form.question method="get" action="/" {
                (part::moment_fields(visit))
                input type="hidden" name="view" value=(view);
                (part::choice_field("with", "Stage in force with", states, with))
                @if view == "map" {
                    (part::choice_field("viewpoint", "Borders as drawn by", viewpoints, asked.viewpoint.as_deref().unwrap_or_default()))
                }
                button { "Colour by stage" }
            }
            form.question method="get" action="/" {
                (part::moment_fields(visit))
                input type="hidden" name="view" value=(view);
                (part::choice_field("of", "Standing in", organizations, by))
                button { "Colour by organization" }
            }
        }
    }
}

fn overlap_view(visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Markup, Problem> {
    let organizations = everybody::organizations(law);
    let states = region(everybody::participants(law, &organizations), asked);
    let question = visit.moment().question();
    let overlap = everybody::overlap(law, &states, &organizations, question, visit)?;
    Ok(html! { section #overlap { (part::picture(overlap.figure(), None)) } })
}

fn twin(atlas: &Atlas, visit: &Visit, _: &Asked) -> Result<Value, Problem> {
    let moment = visit.moment();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let institutions: Vec<Value> = law
        .registry()
        .institutions()
        .filter(|it| !law.standings_in(&it.id, moment.on).is_empty())
        .map(|it| law_subject::institution_json(law, it, moment.question()))
        .collect();
    Ok(json!({ "institutions": institutions }))
}

fn days(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let days: Vec<String> = book.change_days().iter().map(ToString::to_string).collect();
    Ok(json!({ "days": days }))
}

fn memberships(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    Ok(to_json(&law_subject::memberships(book.law())?))
}

/// With which state.
#[derive(Deserialize, IntoParams)]
struct With {
    /// Code or name of the state
    state: String,
}

fn stages(atlas: &Atlas, visit: &Visit, asked: &With) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let state = atlas.registry().find_state(&asked.state)?;
    let mut partners = Vec::new();
    for other in atlas
        .registry()
        .states()
        .filter(|other| other.code != state.code)
    {
        let mut steps: Vec<Value> = Vec::new();
        let mut before = Stage::None;
        for day in book.change_days() {
            let at = law.stage_between(&state.code, &other.code, *day, Grade::InForce);
            if at.stage != before {
                before = at.stage;
                steps.push(json!({
                    "day": day.to_string(),
                    "stage": at.stage,
                    "depth": at.stage.depth(),
                    "contested": at.contested,
                }));
            }
        }
        if !steps.is_empty() {
            partners.push(json!({ "state": other.code, "steps": steps }));
        }
    }
    Ok(json!({ "state": state.code, "grade": Grade::InForce, "partners": partners }))
}
