//! What the words mean.

use maud::html;
use serde_json::{Value, json};

use super::state::Nothing;
use crate::atlas::Atlas;
use crate::glossary;
use crate::page::{Page, Section};
use crate::problem::Problem;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new().ask("/terms", "What the words mean", page, twin)
}

fn page(_: &Atlas, _: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let body = html! {
        div.glossary {
            @for group in glossary::groups() {
                section {
                    h2 { (group.title) }
                    dl {
                        @for term in &group.term {
                            div id=(term.id) {
                                dt {
                                    (term.name)
                                    @if !term.also.is_empty() { span.also { " also " (term.also.join(", ")) } }
                                }
                                dd {
                                    (term.meaning)
                                    @if let Some(basis) = &term.basis { " " span.basis { (basis) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Page::new(Section::Terms, "What the words mean", body)
        .lead(html! { p { "The terms of the field, used the same way on every page. Where one is underlined with dots, its meaning opens beside it." } })
        .undated())
}

fn twin(_: &Atlas, _: &Visit, _: &Nothing) -> Result<Value, Problem> {
    Ok(json!({ "groups": glossary::groups() }))
}
