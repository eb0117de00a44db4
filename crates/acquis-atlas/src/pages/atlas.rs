//! The first page: everybody and everything at one moment, in several views.

use std::collections::BTreeSet;

use acquis_law::{Grade, Law, Standing};
use acquis_registry::{Institution, Stage, State, StateCode};
use acquis_report::chart::{Chart, Heading, MarkCell, MarkMatrix, OutlineMap, StateMap, TileMap};
use acquis_report::json::to_json;
use acquis_report::outlines::Outlines;
use acquis_report::subject::{everybody, law as law_subject, picture};
use jiff::civil::Date;
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
use crate::visit::{Visit, address};

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask(
            "/",
            "Who is what in which organization on a day",
            page,
            twin,
        )
        .picture("/atlas.svg", picture_file)
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
    /// The group of states that is shown; all for all of them
    group: Option<String>,
}

/// One view of the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// States and organizations.
    Matrix,
    /// States where they lie.
    Map,
    /// States as squares.
    Tiles,
    /// Who is in what together.
    Overlap,
}

impl View {
    /// All of them, with their words in an address and their names.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Matrix, "matrix", "Matrix"),
        (Self::Map, "map", "Map"),
        (Self::Tiles, "tiles", "Tiles"),
        (Self::Overlap, "overlap", "Overlap"),
    ];
}

impl Asked {
    fn view(&self) -> Result<View, Problem> {
        let Some(word) = self.view.as_deref() else {
            return Ok(View::Matrix);
        };
        let found = View::ALL.into_iter().find(|(_, known, _)| *known == word);
        found.map(|(view, _, _)| view).ok_or_else(|| {
            let known: Vec<&str> = View::ALL.iter().map(|(_, word, _)| *word).collect();
            Problem::unreadable(format!("There is no view {word:?}."))
                .advise(format!("Choose one of {}.", known.join(", ")))
        })
    }
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let view = asked.view()?;
    let shown = match view {
        View::Matrix => matrix_view(visit, law, asked)?,
        View::Map | View::Tiles => map_view(atlas, visit, law, asked)?,
        View::Overlap => overlap_view(visit, law, asked)?,
    };
    let body = html! {
        nav.views aria-label="Views" {
            @for (each, word, name) in View::ALL {
                a href=(visit.here_with("view", Some(word)))
                    aria-current=[(each == view).then_some("true")] { (name) }
            }
        }
        (shown)
    };
    let card = atlas.registry().card();
    Ok(Page::new(Section::Atlas, card.title.clone(), body)
        .lead(html! { p { (card.description) } })
        .script("atlas.js"))
}

/// The states that are shown: those of the group that was asked for, else of the one that is
/// called as the pack is, else all of them.
fn region<'r>(law: &Law<'r>, asked: &Asked) -> Result<Vec<&'r State>, Problem> {
    let organizations = everybody::organizations(law);
    let mut states = everybody::participants(law, &organizations);
    // Those of disputed standing take part in nothing and are there all the same.
    for state in law.registry().states() {
        if state.recognition.is_some() && !states.iter().any(|it| it.code == state.code) {
            states.push(state);
        }
    }
    states.sort_by_key(|state| state.name());
    let known = groups(&states);
    let wanted = match asked.group.as_deref() {
        Some(ALL) => return Ok(states),
        Some(group) if known.contains(&group) => group,
        Some(group) => {
            return Err(Problem::unreadable(format!("There is no group {group:?}."))
                .advise(format!("Choose one of {ALL}, {}.", known.join(", "))));
        }
        None => law.registry().card().id.as_str(),
    };
    if known.contains(&wanted) {
        states.retain(|state| state.groups.iter().any(|group| group == wanted));
    }
    Ok(states)
}

/// The word for all states.
const ALL: &str = "all";

/// The groups that some states belong to, in the order of their names.
fn groups<'r>(states: &[&'r State]) -> Vec<&'r str> {
    let groups: BTreeSet<&str> = states
        .iter()
        .flat_map(|state| &state.groups)
        .map(String::as_str)
        .collect();
    groups.into_iter().collect()
}

/// A form to choose the states that are shown.
fn group_form(visit: &Visit, law: &Law<'_>, asked: &Asked) -> Markup {
    let all: Vec<&State> = law.registry().states().collect();
    let known = groups(&all);
    let pack = law.registry().card().id.as_str();
    let chosen = asked
        .group
        .as_deref()
        .unwrap_or(if known.contains(&pack) { pack } else { ALL });
    let choices = std::iter::once((ALL, "all states")).chain(known.iter().map(|it| (*it, *it)));
    html! {
        form.question method="get" action="/" {
            @for (name, value) in visit.all_but("group") { input type="hidden" name=(name) value=(value); }
            (part::choice_field("field", "group", "States", choices, chosen))
            button { "Show" }
        }
    }
}

fn matrix_view(visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Markup, Problem> {
    let organizations = everybody::organizations(law);
    let states = region(law, asked)?;
    let question = visit.moment().question();
    let matrix = picture::memberships(law, &states, &organizations, question, visit)?;
    Ok(html! {
        section #matrix {
            (matrix.table())
            (part::save(&file(visit)))
            template #marks { (marks()?.table()) }
            (group_form(visit, law, asked))
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

/// Of the days on which something changed every so many-th is looked at.
const SOME: usize = 20;

/// The state or organization that the map is coloured by: what was asked for, else the state
/// that is a member of most.
fn map_of<'r>(law: &Law<'r>, asked: &Asked, states: &[&'r State]) -> Result<MapOf<'r>, Problem> {
    let registry = law.registry();
    if let Some(text) = &asked.of {
        return Ok(MapOf::StandingIn(registry.find_institution(text)?));
    }
    if let Some(text) = &asked.with {
        return Ok(MapOf::StageWith(registry.find_state(text)?));
    }
    // Over all the years, so that it stays the same while the date moves.
    let days: Vec<Date> = law.change_days().into_iter().step_by(SOME).collect();
    let most = states.iter().rev().max_by_key(|state| {
        let counts = days
            .iter()
            .map(|day| law.memberships(&state.code, *day).len());
        counts.sum::<usize>()
    });
    most.map(|state| MapOf::StageWith(state))
        .ok_or_else(|| Problem::not_found("The pack has no states to show on a map."))
}

fn map_view(atlas: &Atlas, visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Markup, Problem> {
    let states = region(law, asked)?;
    let of = map_of(law, asked, &states)?;
    let with = match of {
        MapOf::StageWith(state) => Some(state.code.as_str()),
        MapOf::StandingIn(_) => None,
    };
    let chart = drawn(visit, law, asked)?;
    let organizations = everybody::organizations(law);
    Ok(html! {
        section #map data-with=[with] {
            (part::picture(chart.figure(), Some(&file(visit))))
            (map_form(visit, asked, of, &states, &organizations))
            (group_form(visit, law, asked))
        }
        (part::lists(atlas.registry()))
    })
}

/// The picture of a view.
fn drawn(visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Box<dyn Chart>, Problem> {
    let states = region(law, asked)?;
    let question = visit.moment().question();
    let organizations = everybody::organizations(law);
    Ok(match asked.view()? {
        View::Matrix => Box::new(picture::memberships(
            law,
            &states,
            &organizations,
            question,
            visit,
        )?),
        View::Overlap => Box::new(everybody::overlap(
            law,
            &states,
            &organizations,
            question,
            visit,
        )?),
        View::Tiles => Box::new(TileMap::new(
            map(visit, law, asked, &states)?,
            Outlines::built_in(),
        )),
        View::Map => {
            let outlines = Outlines::built_in();
            let mut drawn =
                OutlineMap::new(map(visit, law, asked, &states)?, outlines).on(visit.moment().on);
            if let Some(viewpoint) = &asked.viewpoint {
                drawn = drawn.viewpoint(viewpoint)?;
            }
            Box::new(drawn)
        }
    })
}

/// The states of a map with what they are coloured by.
fn map(
    visit: &Visit,
    law: &Law<'_>,
    asked: &Asked,
    states: &[&State],
) -> Result<StateMap, Problem> {
    let question = visit.moment().question();
    Ok(match map_of(law, asked, states)? {
        MapOf::StageWith(state) => {
            picture::stages_with(law, state, states, Grade::InForce, question, visit)?
        }
        MapOf::StandingIn(institution) => {
            picture::standings_in(law, institution, states, question, visit)?
        }
    })
}

/// Where the picture of this view is a file of its own.
fn file(visit: &Visit) -> String {
    address("/atlas.svg", visit.all_but(""))
}

fn picture_file(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    let book = atlas.law(visit.moment().known_by);
    Ok(drawn(visit, book.law(), asked)?.svg())
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
    // The state that was asked for can be outside of the group that is shown.
    let outside = match of {
        MapOf::StageWith(state) if !states.iter().any(|it| it.code == state.code) => Some(state),
        _ => None,
    };
    let mut choices: Vec<&State> = states.iter().copied().chain(outside).collect();
    choices.sort_by_key(|state| state.name());
    let choices = choices
        .into_iter()
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
                (part::choice_field("field", "with", "Stage in force with", choices, with))
                @if view == "map" {
                    (part::viewpoint_field("field", viewpoints, asked.viewpoint.as_deref()))
                }
                button { "Colour by stage" }
            }
            form.question method="get" action="/" {
                (part::moment_fields(visit))
                input type="hidden" name="view" value=(view);
                (part::choice_field("field", "of", "Standing in", organizations, by))
                button { "Colour by organization" }
            }
        }
    }
}

fn overlap_view(visit: &Visit, law: &Law<'_>, asked: &Asked) -> Result<Markup, Problem> {
    Ok(html! {
        section #overlap {
            (part::picture(drawn(visit, law, asked)?.figure(), Some(&file(visit))))
            (group_form(visit, law, asked))
        }
    })
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
    #[param(example = "RUS")]
    state: String,
}

fn stages(atlas: &Atlas, visit: &Visit, asked: &With) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let state = atlas.registry().find_state(&asked.state)?;
    let others = atlas.registry().states().map(|other| other.code.clone());
    let others: Vec<StateCode> = others.filter(|code| *code != state.code).collect();
    let mut courses: Vec<(Stage, Vec<Value>)> = vec![(Stage::None, Vec::new()); others.len()];
    for day in book.change_days() {
        let stages = law.stages_with(&state.code, &others, *day, Grade::InForce);
        for ((before, steps), at) in courses.iter_mut().zip(stages) {
            if at.stage != *before {
                *before = at.stage;
                steps.push(json!({
                    "day": day.to_string(),
                    "stage": at.stage,
                    "depth": at.stage.depth(),
                    "contested": at.contested,
                }));
            }
        }
    }
    let courses = others.iter().zip(courses);
    let partners: Vec<Value> = courses
        .filter(|(_, (_, steps))| !steps.is_empty())
        .map(|(state, (_, steps))| json!({ "state": state, "steps": steps }))
        .collect();
    Ok(json!({ "state": state.code, "grade": Grade::InForce, "partners": partners }))
}
