//! Who decides: an organ's rule on a day, or one that is composed here; what other weights,
//! quotas and members would change; who can be outvoted, and by whom.

mod asked;
mod budget;
mod chooser;
mod compose;
mod form;
mod grid;
mod rows;

use acquis_report::json::to_json;
use acquis_report::subject::vote::{Inquiry, Part, VoteAnswerError, answer, rule_words, title};
use acquis_scenario::{Origin, Vote, VotingError};
use maud::{Markup, html};
use serde_json::{Map, Value};

use self::asked::{Asked, Read, Wrong};
use crate::atlas::Atlas;
use crate::glossary;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::search::organs;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/votes", Lasting::Yes, page)
        .page("/votes/choose", Lasting::Yes, chooser::choose)
        .page(compose::PATH, Lasting::Yes, compose::page)
        .twin(
            "/votes",
            "Who decides under a rule: the power of each member, and what would change it",
            Lasting::Yes,
            twin,
        )
        .picture("/votes/power.svg", picture_file)
        .picture("/votes/changes.svg", picture_file)
        .picture("/votes/quota.svg", picture_file)
        .picture("/votes/uncertainty.svg", picture_file)
}

/// What the words of these pages are about, in the glossary.
const WORDS: &str = "Who decides";

/// Members up to whom a page counts; the command line takes more.
const MOST_VOTERS: usize = 200;

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    if !asked.asks() {
        return Ok(start(atlas, visit, asked));
    }
    let read = match asked.read() {
        Ok(read) => read,
        Err(wrong) => return Ok(refused(atlas, visit, asked, &wrong)),
    };
    let counted = count(atlas, visit, &read, |vote, parts| {
        (title(vote), shown(atlas, visit, vote, parts))
    });
    match counted {
        Ok((title, answer)) => {
            let body = html! {
                section #answer aria-label="Answer" { (answer) }
                section #ask-more aria-labelledby="h-ask-more" {
                    h2 #h-ask-more { "Ask about another" }
                    (chooser::form(atlas, visit, asked))
                    (form::form(atlas, visit, asked, None))
                }
            };
            Ok(Page::new(Section::Votes, title, body).script("compose.js"))
        }
        Err(wrong) => Ok(refused(atlas, visit, asked, &wrong)),
    }
}

/// The page before anything was asked: an organ, a rule of one's own, or an example.
fn start(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Page {
    let body = html! {
        div.asks {
            section #organ aria-labelledby="h-organ" {
                h2 #h-organ { "The rule of an organ" }
                p { "As the sources give it, among its members on a day." }
                (chooser::form(atlas, visit, asked))
            }
            section #own aria-labelledby="h-own" {
                h2 #h-own { "A rule of your own" }
                p { "Name the members, give them votes, choose what is needed." }
                p { a.button href=(visit.link(compose::PATH)) { "Compose a rule" } }
            }
        }
        (form::examples())
        section #ask-more aria-label="Every question" { (form::form(atlas, visit, asked, None)) }
    };
    Page::new(Section::Votes, "Who decides?", body)
        .lead(html! { p { "Power is counted from the rule alone: how often a member makes the difference, whatever anybody wants." } })
        .without_twin()
}

/// The form again, with what is wrong beside it.
fn refused(atlas: &Atlas, visit: &Visit, asked: &Asked, wrong: &Wrong) -> Page {
    let body = html! {
        (form::form(atlas, visit, asked, Some(wrong)))
        (chooser::form(atlas, visit, asked))
    };
    Page::new(Section::Votes, "Who decides?", body)
        .refused(&wrong.problem)
        .without_twin()
}

/// Counts what is asked and hands the answer on.
fn count<T>(
    atlas: &Atlas,
    visit: &Visit,
    read: &Read,
    with: impl FnOnce(&Vote<'_>, &[Part]) -> T,
) -> Result<T, Wrong> {
    let day = visit.moment().on;
    let book = atlas.law(visit.moment().known_by);
    let (law, series) = (book.law(), atlas.series()?);
    if let Some(text) = &read.request.organization
        && let Err(finding) = atlas.registry().find_institution(text)
    {
        return Err(Wrong {
            field: Some("organization"),
            problem: organs::not_found(law, text, finding.into()),
        });
    }
    let vote = read.request.vote(law, day, series)?;
    let before = match &read.against {
        Some(against) => Some(read.request.against(against, law, day, series)?),
        None => match read.request.with_members_as_they_are() {
            Some(as_they_are) => Some(as_they_are.vote(law, day, series)?),
            None => None,
        },
    };
    let voters = vote.voters.len();
    if voters > MOST_VOTERS {
        return Err(Problem::senseless(format!(
            "{voters} members are too many for a page, which counts up to {MOST_VOTERS}."
        ))
        .advise("The command acquis vote takes more.")
        .into());
    }
    budget::check(&vote, before.as_ref(), &read.questions)?;
    let parts = answer(&Inquiry {
        registry: law.registry(),
        almanac: series,
        vote: &vote,
        before: before.as_ref(),
        quota: read.request.quota,
        questions: &read.questions,
    })?;
    Ok(with(&vote, &parts))
}

/// The answer as it is shown: pictures, tables, and the ways on.
fn shown(atlas: &Atlas, visit: &Visit, vote: &Vote<'_>, parts: &[Part]) -> Markup {
    html! {
        p.rule { (glossary::explained(&format!("{}.", rule_words(&vote.criterion)), WORDS)) }
        (ways(visit, vote))
        @for part in parts {
            section id={ "answer-" (part.table.id()) } {
                @for picture in &part.pictures {
                    @let file = format!("/votes/{}.svg", picture.name);
                    @let file = visit.here().replacen("/votes", &file, 1);
                    (part::picture(picture.figure.clone(), Some(&file)))
                }
                (part::table_explained(atlas, visit, &part.table, WORDS))
                @if part.table.id() == "power" { (outvoting(visit, vote)) }
            }
        }
        (own_rule(atlas, visit, vote))
    }
}

/// The rule to be copied, and in rows to be changed where it was composed.
fn own_rule(atlas: &Atlas, visit: &Visit, vote: &Vote<'_>) -> Markup {
    let rows = match vote.origin {
        Origin::Composed { .. } => compose::below(atlas, visit, vote),
        Origin::Organ(_) => None,
    };
    let names: Vec<String> = vote.voters.iter().map(ToString::to_string).collect();
    html! {
        section #rule aria-labelledby="h-rule" {
            h2 #h-rule { @if rows.is_some() { "Change the rule" } @else { "The rule as text" } }
            @if let Some(rows) = rows { (rows) }
            (compose::texts(&names, &vote.criterion))
        }
    }
}

/// Other organs and matters, and the way to compose a rule from this one.
fn ways(visit: &Visit, vote: &Vote<'_>) -> Markup {
    let is_organs = matches!(vote.origin, Origin::Organ(_));
    let against = if is_organs { Some("itself") } else { None };
    let change = match against {
        Some(_) => visit.here_with("against", against),
        None => visit.here(),
    };
    html! {
        p.ways {
            @if let Origin::Organ(organ) = &vote.origin {
                @for other in &organ.other_organs {
                    a href=(visit.here_with("organ", Some(other))) { (other) } " · "
                }
                @for other in &organ.other_matters {
                    a href=(visit.here_with("matter", Some(other))) { (other) } " · "
                }
                a #compose-from href=(change.replacen("/votes", compose::PATH, 1)) { "Change this rule" } " · "
            } @else {
                a #compose-from href="#rule" { "Change this rule" } " · "
            }
            a href=(visit.here_with("sweep", Some("yes"))) { "Other quotas" } " · "
            a href=(visit.here_with("coalitions", Some("yes"))) { "Winning coalitions" }
        }
    }
}

/// The way to who can outvote each.
fn outvoting(visit: &Visit, vote: &Vote<'_>) -> Markup {
    html! {
        p.outvoting {
            "Who can outvote, and with whom can block: "
            @for (place, voter) in vote.voters.iter().enumerate() {
                @if place > 0 { " · " }
                a href=(visit.here_with("outvote", Some(voter.as_str()))) { (voter.as_str()) }
            }
        }
    }
}

/// A picture of the answer as a file of its own.
fn picture_file(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    let read = asked.read().map_err(|wrong| wrong.problem)?;
    let name = visit.path().trim_start_matches("/votes/");
    let name = name.trim_end_matches(".svg");
    let found = count(atlas, visit, &read, |_, parts| {
        let mut pictures = parts.iter().flat_map(|part| &part.pictures);
        let found = pictures.find(|picture| picture.name == name);
        found.map(|picture| picture.svg.clone())
    });
    found.map_err(|wrong| wrong.problem)?.ok_or_else(|| {
        Problem::not_found("This answer has no such picture.")
            .advise("Ask for it on the page, and keep the picture from there.")
    })
}

fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let read = asked.read().map_err(|wrong| wrong.problem)?;
    let tables = count(atlas, visit, &read, |_, parts| {
        let named = |part: &Part| (part.table.id().to_owned(), to_json(&part.table));
        parts.iter().map(named).collect::<Map<String, Value>>()
    });
    Ok(Value::Object(tables.map_err(|wrong| wrong.problem)?))
}

impl From<VotingError> for Wrong {
    fn from(error: VotingError) -> Self {
        match error {
            VotingError::Name(finding) => Problem::from(*finding).into(),
            VotingError::Composed(findings) => Problem::from(findings).into(),
            other => Problem::senseless(format!("{}.", capitalized(&other.to_string()))).into(),
        }
    }
}

impl From<VoteAnswerError> for Wrong {
    fn from(error: VoteAnswerError) -> Self {
        match error {
            VoteAnswerError::Voting(error) => error.into(),
            VoteAnswerError::Table(error) => Problem::from(error).into(),
            other => Problem::senseless(format!("{}.", capitalized(&other.to_string()))).into(),
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.clone()).collect()
}
