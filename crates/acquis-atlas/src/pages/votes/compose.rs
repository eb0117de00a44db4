//! A rule of one's own, composed in rows: a form whose buttons send all that stands in it, so
//! that it needs no script. Where it is ready it leads to the page that counts the rule.

use acquis_registry::{Institution, Registry};
use acquis_report::subject::vote::rule_words;
use acquis_scenario::{ComposedRule, Players, Vote, rule_file_text, rule_line};
use axum::http::StatusCode;
use maud::{Markup, html};

use super::asked::{Asked, Wrong};
use super::grid;
use super::rows::{Composed, Composition, Mistake};
use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::visit::{Visit, address};

/// What a form of rows sends, as it stands in the address.
pub(super) type Sent = Vec<(String, String)>;

/// The path of the form by itself.
pub(super) const PATH: &str = "/votes/compose";

/// What is asked beside the rule and its members, and stays as it is.
const KEPT: [&str; 17] = [
    "organization",
    "organ",
    "matter",
    "against",
    "index",
    "all",
    "exact",
    "sweep",
    "coalitions",
    "abstention",
    "outvote",
    "bloc",
    "uncertain",
    "draws",
    "seed",
    "wanted",
    "known_by",
];

/// The form with its mistakes.
pub(super) struct Form<'f> {
    pub(super) composition: &'f Composition,
    pub(super) mistakes: &'f [Mistake],
    /// The field that the reader goes on with.
    pub(super) next: Option<&'f str>,
    /// What stays as it is, with the day.
    pub(super) kept: Vec<(&'f str, &'f str)>,
}

pub(super) fn page(atlas: &Atlas, visit: &Visit, sent: &Sent) -> Result<Page, Problem> {
    let asked: Asked = visit.ask()?;
    let Some(mut composition) = Composition::read(sent) else {
        return first(atlas, visit, &asked, sent);
    };
    let button = sent.iter().find(|(name, _)| name == "do");
    let button = button.map_or("count", |(_, value)| value.as_str());
    if button != "count" {
        let next = composition.change(button);
        return Ok(shown(
            atlas,
            visit,
            sent,
            &composition,
            &[],
            next.as_deref(),
        ));
    }
    match counting(atlas, visit, &asked, sent, &composition) {
        Ok(address) => Ok(Page::moved(address)),
        Err(mistakes) => {
            let next = mistakes.first().map(|mistake| mistake.field.as_str());
            let page = shown(atlas, visit, sent, &composition, &mistakes, next);
            Ok(page.refused(&Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The rule isn't complete.",
            )))
        }
    }
}

/// The form before anything was sent: with the rule that is asked about, or empty.
fn first(atlas: &Atlas, visit: &Visit, asked: &Asked, sent: &Sent) -> Result<Page, Problem> {
    if !asked.asks() {
        return Ok(shown(
            atlas,
            visit,
            sent,
            &Composition::default(),
            &[],
            None,
        ));
    }
    let read = asked.read().map_err(|wrong| wrong.problem)?;
    let book = atlas.law(visit.moment().known_by);
    let vote = read
        .request
        .vote(book.law(), visit.moment().on, atlas.series()?);
    let vote = vote.map_err(|error| Wrong::from(error).problem)?;
    let composition = Composition::of(&vote).ok_or_else(|| {
        Problem::senseless(
            "Rows can't show this rule: it has brackets in brackets, or too many members.",
        )
        .advise("Change it in its notation, in the field Rule of the page Votes.")
    })?;
    Ok(shown(atlas, visit, sent, &composition, &[], None))
}

fn shown(
    atlas: &Atlas,
    visit: &Visit,
    sent: &Sent,
    composition: &Composition,
    mistakes: &[Mistake],
    next: Option<&str>,
) -> Page {
    let form = Form {
        composition,
        mistakes,
        next,
        kept: kept(visit, sent),
    };
    let body = html! {
        (among(atlas, visit, sent))
        (grid::form(atlas, &form))
        (reads(atlas, sent, composition))
        (part::lists(atlas.registry()))
    };
    Page::new(Section::Votes, "Compose a rule", body)
        .lead(html! { p { "Who votes, what is counted, and how much is needed." } })
        .script("compose.js")
        .without_twin()
}

/// What stays as it is in the form, with the day.
fn kept<'s>(visit: &'s Visit, sent: &'s Sent) -> Vec<(&'s str, &'s str)> {
    let day = visit.of_the_moment().filter(|(name, _)| *name == "on");
    let others = sent
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    day.chain(others.filter(|(name, _)| KEPT.contains(name)))
        .collect()
}

/// The form below the answer about a rule; nothing where rows can't show it.
pub(super) fn below(atlas: &Atlas, visit: &Visit, vote: &Vote<'_>) -> Option<Markup> {
    let composition = Composition::of(vote)?;
    let others = visit.beside_the_moment();
    let day = visit.of_the_moment().filter(|(name, _)| *name == "on");
    let form = Form {
        composition: &composition,
        mistakes: &[],
        next: None,
        kept: day
            .chain(others.filter(|(name, _)| KEPT.contains(name)))
            .collect(),
    };
    Some(grid::form(atlas, &form))
}

/// Whose members vote, and the way to leave them.
fn among(atlas: &Atlas, visit: &Visit, sent: &Sent) -> Markup {
    let Some(institution) = organization(atlas, sent) else {
        return html! {};
    };
    let day = visit.moment().on;
    let of_it = ["organization", "organ", "matter", "against"];
    let rest = sent
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let rest = rest.filter(|(name, _)| !of_it.contains(name) && *name != "do");
    let own = address(PATH, rest.chain([("do", "look")]));
    let has_rows = sent.iter().any(|(name, _)| name == "rows");
    html! {
        p.among {
            "Compared with what holds among the members of "
            (part::institution_link(visit, institution)) " on " (day)
            ". A row more puts a state in, a row less takes one out."
            @if has_rows { " " a href=(own) { "Compose it without " (institution.short_name_on(day)) } "." }
        }
    }
}

fn organization<'a>(atlas: &'a Atlas, sent: &Sent) -> Option<&'a Institution> {
    let (_, named) = sent.iter().find(|(name, _)| name == "organization")?;
    atlas.registry().find_institution(named).ok()
}

/// What the rows say so far, in words, in the notation and as a file.
fn reads(atlas: &Atlas, sent: &Sent, composition: &Composition) -> Markup {
    let is_among = organization(atlas, sent).is_some();
    let rule = composition.rule(|typed| named(atlas.registry(), is_among, typed));
    html! {
        section #reads aria-labelledby="h-reads" aria-live="polite" {
            h2 #h-reads { "It reads" }
            @match rule {
                Ok(Composed { names, criterion }) => {
                    p.rule { (rule_words(&criterion)) ", among " (names.len()) "." }
                    (texts(&names, &criterion))
                }
                Err(mistakes) if composition.is_begun() => p.none {
                    "Not a rule yet. " (mistakes.first().map_or("", |it| it.sentence.as_str()))
                },
                Err(_) => p.none { "Nothing yet: name those who vote." },
            }
        }
    }
}

/// A rule in the notation and as a file, to be copied.
pub(super) fn texts(names: &[String], criterion: &acquis_registry::Criterion) -> Markup {
    html! {
        @if let Some(line) = rule_line(criterion) {
            p.copied { "In the notation, for this page and for " code { "acquis vote --rule" } ":" }
            pre.notation tabindex="0" { code { (line) } }
        }
        details.drawer #rule-file {
            summary { "As a file (TOML), for a pack or for " code { "acquis vote --rule FILE" } }
            div.drawn { pre tabindex="0" { code { (rule_file_text(None, names, criterion)) } } }
        }
    }
}

/// The name of a member as a rule has it: a state's code, or what was typed.
fn named(registry: &Registry, is_among: bool, typed: &str) -> Result<String, String> {
    match registry.find_state(typed) {
        Ok(state) => Ok(state.code.to_string()),
        Err(_) if !is_among => Ok(typed.to_owned()),
        Err(finding) => {
            let near = finding
                .nearest
                .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
            Err(format!("There is no state {typed:?}.{near}"))
        }
    }
}

/// The address of the page that counts the rule.
fn counting(
    atlas: &Atlas,
    visit: &Visit,
    asked: &Asked,
    sent: &Sent,
    composition: &Composition,
) -> Result<String, Vec<Mistake>> {
    let institution = organization(atlas, sent);
    let composed =
        composition.rule(|typed| named(atlas.registry(), institution.is_some(), typed))?;
    let general = |sentence: String| vec![Mistake::new(grid::WHOLE, sentence)];
    let Some(line) = rule_line(&composed.criterion) else {
        return Err(general(
            "The notation has no words for this rule.".to_owned(),
        ));
    };
    let mut question = Asked {
        organization: asked.organization.clone(),
        organ: asked.organ.clone(),
        matter: asked.matter.clone(),
        ..Asked::default()
    };
    let book = atlas.law(visit.moment().known_by);
    let (law, day) = (book.law(), visit.moment().on);
    let listed = |names: Vec<&str>| (!names.is_empty()).then(|| names.join(","));
    if let Some(institution) = institution {
        let members = law.members(&institution.id, day);
        let is_member = |name: &&str| members.iter().any(|code| code.as_str() == *name);
        let names = composed.names.iter().map(String::as_str);
        question.with = listed(names.filter(|name| !is_member(name)).collect());
        let gone = members.iter().map(acquis_registry::StateCode::as_str);
        let gone = gone.filter(|code| !composed.names.iter().any(|name| name == code));
        question.without = listed(gone.collect());
    } else {
        question.members = members(&line, &composed.names).map_err(|mistake| vec![mistake])?;
    }
    question.rule = Some(line);
    let read = question
        .read()
        .map_err(|wrong| general(wrong.problem.sentence().to_owned()))?;
    let series = atlas
        .series()
        .map_err(|error| general(Problem::from(error).sentence().to_owned()))?;
    if let Err(error) = read.request.vote(law, day, series) {
        return Err(general(Wrong::from(error).problem.sentence().to_owned()));
    }
    // The form promises to compare with what holds; who is given no votes any more could not be
    // counted by the new rule.
    let compares = sent.iter().any(|(name, _)| name == "against");
    question.against = (institution.is_some() && !compares).then(|| "itself".to_owned());
    let own = [
        ("against", &question.against),
        ("rule", &question.rule),
        ("members", &question.members),
        ("with", &question.with),
        ("without", &question.without),
    ];
    let own = own
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)));
    Ok(address("/votes", kept(visit, sent).into_iter().chain(own)))
}

/// Who votes, where the line of the rule doesn't say it by itself.
fn members(line: &str, names: &[String]) -> Result<Option<String>, Mistake> {
    let numbers = "Give everybody a name that is more than a number, or nobody.";
    let rule = ComposedRule::from_line(line).map_err(|_| Mistake::new("name1", numbers))?;
    let by_place = (1..=names.len()).map(|place| place.to_string());
    match &rule.players {
        Players::Named(said) if said.as_slice() == names => Ok(None),
        Players::Numbered(_) if by_place.eq(names.iter().cloned()) => Ok(None),
        _ if names.len() == 1 && names[0].parse::<usize>().is_ok() => {
            Err(Mistake::new("name1", numbers))
        }
        _ => Ok(Some(names.join(","))),
    }
}
