//! Who decides: an organ's rule on a day, or one that is composed here; what other weights,
//! quotas and members would change; who can be outvoted, and by whom.

mod asked;
mod budget;
mod form;

use acquis_report::json::to_json;
use acquis_report::subject::vote::{Inquiry, Part, VoteAnswerError, answer, rule_words, title};
use acquis_scenario::{Origin, Vote, VotingError, rule_line};
use maud::{Markup, html};
use serde_json::{Map, Value};

use self::asked::{Asked, Read, Wrong};
use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::search::organs;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/votes", Lasting::Yes, page)
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

/// Members up to whom a page counts; the command line takes more.
const MOST_VOTERS: usize = 200;

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    if !asked.asks() {
        let body = html! {
            (form::form(atlas, visit, asked, None))
            (form::examples(atlas.law(visit.moment().known_by).law()))
        };
        return Ok(Page::new(Section::Votes, "Who decides?", body)
            .lead(html! { p { "Power is counted from the rule alone: how often a member makes the difference, whatever anybody wants." } })
            .without_twin());
    }
    let read = match asked.read() {
        Ok(read) => read,
        Err(wrong) => return Ok(refused(atlas, visit, asked, &wrong)),
    };
    let counted = count(atlas, visit, &read, |vote, parts| {
        (title(vote), shown(atlas, visit, vote, parts))
    });
    match counted {
        Ok((title, answer)) => Ok(Page::new(
            Section::Votes,
            title,
            html! {
                section #answer aria-label="Answer" { (answer) }
                (form::form(atlas, visit, asked, None))
            },
        )),
        Err(wrong) => Ok(refused(atlas, visit, asked, &wrong)),
    }
}

/// The form again, with what is wrong beside it.
fn refused(atlas: &Atlas, visit: &Visit, asked: &Asked, wrong: &Wrong) -> Page {
    let body = form::form(atlas, visit, asked, Some(wrong));
    Page::new(Section::Votes, "Who decides?", body).without_twin()
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
        p.rule { (rule_words(&vote.criterion)) "." }
        (ways(visit, vote))
        @for part in parts {
            section id={ "answer-" (part.table.id()) } {
                @for picture in &part.pictures {
                    @let file = format!("/votes/{}.svg", picture.name);
                    @let file = visit.here().replacen("/votes", &file, 1);
                    (part::picture(picture.figure.clone(), Some(&file)))
                }
                (part::table(atlas, visit, &part.table))
                @if part.table.id() == "power" { (outvoting(visit, vote)) }
            }
        }
    }
}

/// Other organs and matters, and the way to compose a rule from this one.
fn ways(visit: &Visit, vote: &Vote<'_>) -> Markup {
    let line = rule_line(&vote.criterion);
    html! {
        p.ways {
            @if let Origin::Organ(organ) = &vote.origin {
                @for other in &organ.other_organs {
                    a href=(visit.here_with("organ", Some(other))) { (other) } " · "
                }
                @for other in &organ.other_matters {
                    a href=(visit.here_with("matter", Some(other))) { (other) } " · "
                }
                @if let Some(line) = &line {
                    a #compose href=(visit.here_with("rule", Some(line))) { "Change this rule" } " · "
                }
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
