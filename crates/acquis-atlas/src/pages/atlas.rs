//! The first page: everybody and everything at one moment.

use acquis_law::{Law, Standing};
use acquis_registry::{Institution, InstitutionKind, Party, State};
use acquis_report::subject::law as law_subject;
use maud::{Markup, html};
use serde_json::{Value, json};

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
}

fn page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let body = html! {
        section #matrix aria-labelledby="h-matrix" {
            h2 #h-matrix { "Who is in what" }
            (matrix(visit, law))
        }
    };
    Ok(
        Page::new(Section::Atlas, atlas.registry().card().title.clone(), body)
            .lead(html! { p { (atlas.registry().card().description) } }),
    )
}

/// The organizations that had begun by the moment and not ended, and the states that take part.
fn matrix(visit: &Visit, law: &Law<'_>) -> Markup {
    let day = visit.moment().on;
    let organizations: Vec<&Institution> = law
        .registry()
        .institutions()
        .filter(|it| it.kind == InstitutionKind::Organization)
        .filter(|it| !law.members(&it.id, day).is_empty())
        .collect();
    let states: Vec<&State> = law
        .registry()
        .states()
        .filter(|state| state.exists_on(day))
        .filter(|state| !law.memberships(&state.code, day).is_empty())
        .collect();
    html! {
        div.table-scroll.wide role="region" tabindex="0" aria-label="States and organizations" {
            table.matrix {
                    caption { "Who is in what on " (day) }
                thead { tr {
                    th scope="col" { "State" }
                    @for it in &organizations { th scope="col" { (part::institution_link(visit, it)) } }
                } }
                tbody {
                    @for state in &states {
                        tr {
                            th scope="row" { (part::state_link(visit, state)) }
                            @for it in &organizations {
                                @let party = Party::State(state.code.clone());
                                @let standing = law.standing(&party, &it.id, day);
                                td { @if let Some(standing) = standing {
                                    span class={ "at " (word(standing.standing)) } { (standing.label()) }
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn word(standing: Standing) -> &'static str {
    standing.word()
}

fn twin(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Value, Problem> {
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
