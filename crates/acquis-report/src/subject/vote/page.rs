//! The answer to a question about a vote as one page that is readable offline.

use acquis_registry::Registry;
use acquis_scenario::{Origin, Vote};

use super::Part;
use super::words::{rule_words, title};
use crate::document::{Block, HtmlReport, NoticeKind, Section};

/// The report of a vote with its answers.
pub fn report(registry: &Registry, vote: &Vote<'_>, parts: &[Part]) -> HtmlReport {
    let mut page = HtmlReport::new(title(vote), "Who decides, by the rule alone");
    page.meta = vec![("Rule".to_owned(), rule_words(&vote.criterion))];
    if let Origin::Organ(organ) = &vote.origin {
        page.meta.push(("Day".to_owned(), organ.day.to_string()));
        page.meta
            .push(("Facts".to_owned(), registry.card().title.clone()));
    }
    page.meta.push((
        "Made by".to_owned(),
        format!("acquis {}", env!("CARGO_PKG_VERSION")),
    ));
    for part in parts {
        let figures = part.pictures.iter().map(|picture| picture.figure.clone());
        let mut body: Vec<Block> = figures.collect();
        body.push(Block::Table(part.table.clone()));
        page.sections
            .push(Section::new(part.table.id(), &part.table.title, body));
    }
    page.sections.push(Section::new(
        "meaning",
        "What power means here",
        vec![Block::Notice {
            kind: NoticeKind::Info,
            text: MEANING.to_owned(),
        }],
    ));
    page
}

const MEANING: &str = "Power is counted from the rule alone: how often a member makes the \
    difference when nothing is known of what anybody wants. It says nothing of preferences, of \
    who talks to whom, or of what is never put to a vote.";
