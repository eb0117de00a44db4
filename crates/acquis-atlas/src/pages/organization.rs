//! An organization or agreement: who takes part, what it sets between them, who decides in
//! it, its acts, what it came from and became; and the list of all of them.

use acquis_law::{Grade, Law};
use acquis_registry::{
    Institution, InstitutionKind, KnownOrgan, KnownRule, Party, Sourced as _, State, StateCode,
};
use acquis_report::Table;
use acquis_report::chart::{Chart as _, LifeLine};
use acquis_report::json::to_json;
use acquis_report::subject::scenario::stage_square;
use acquis_report::subject::vote::Picture;
use acquis_report::subject::{
    everybody, history, instrument, law as law_subject, picture, vote as vote_subject,
};
use acquis_scenario::{Measure, Vote, VotingQuestion};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::state::Nothing;
use super::testimony;
use crate::atlas::Atlas;
use crate::glossary::term;
use crate::names::institution_path;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Routes, twin_path};
use crate::visit::{Visit, address, standing_mark};

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask(
            "/organizations",
            "Every organization and agreement of the pack",
            index,
            index_twin,
        )
        .ask(
            "/organizations/{organization}",
            "Who takes part in an organization or agreement on a day, each with its proof",
            page,
            twin,
        )
        .picture("/organizations/{organization}/life.svg", life_file)
}

/// Which organization or agreement.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Id or any name of the organization or agreement, such as org:csto or CSTO
    #[param(example = "org:csto")]
    organization: String,
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let moment = visit.moment();
    let question = moment.question();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let institution = atlas.registry().find_institution(&asked.organization)?;
    let name = institution.name_on(question.on);
    if law.view().acts(institution).is_empty() {
        let nothing = html! {
            p.none { "Nothing had been published about it." }
            (testimony::known_only(atlas, visit))
        };
        return Ok(Page::new(Section::Organizations, name, nothing));
    }
    let members = law_subject::standings_in(law, institution, question)?;
    let its_own =
        |other: &Institution, _: &acquis_registry::KnownAct<'_>| other.id == institution.id;
    let timeline = history::timeline(law, &format!("Acts of {name}"), its_own)?;
    let party = Party::Organization(institution.id.clone());
    let instruments =
        instrument::instruments(&law.view(), "What moves it, or others by it", |it| {
            it.giver.contains(&party) || it.receiver.contains(&party)
        })?;
    let standings = law.standings_in(&institution.id, question.on);
    let life = life(law, institution, visit)?;
    let body = html! {
        @if let Some(summary) = &institution.summary { p.summary { (summary) } }
        section #taking-part aria-labelledby="h-members" {
            h2 #h-members { "Who takes part" }
            @if members.is_empty() {
                p.none { "Nobody takes part yet, so far as is known." }
            } @else {
                (part::table_with_marks(atlas, visit, &members, "code", &|code| {
                    standing_mark(&StateCode::new(code))
                }))
            }
        }
        (stages(atlas, visit, law, institution)?)
        (organs(atlas, visit, law, institution)?)
        section #life aria-labelledby="h-life" {
            h2 #h-life { "In time" }
            @let lineage = law_subject::lineage(law, institution);
            @if !lineage.is_empty() {
                ul.lineage { @for line in &lineage { li { (line) } } }
            }
            @if let Some(life) = &life {
                @let file = format!("{}/life.svg", institution_path(&institution.id));
                (part::picture(life.figure(), Some(&visit.link(&file))))
            }
            (part::drawer("acts", "Every act", Some(timeline.rows().len()), &part::table(atlas, visit, &timeline)))
        }
        @if !instruments.is_empty() {
            section #means aria-labelledby="h-instruments" {
                h2 #h-instruments { "Carrots and sticks" }
                (part::table(atlas, visit, &instruments))
            }
        }
        (leaving(visit, law, institution))
        (under_its_roof(visit, law, institution))
        (testimony::drawers(atlas, visit, law, &party, &standings))
    };
    Ok(Page::new(Section::Organizations, name, body).lead(lead(atlas, visit, law, institution)))
}

/// Its life line; nothing where nothing is known of any time.
fn life(
    law: &Law<'_>,
    institution: &Institution,
    visit: &Visit,
) -> Result<Option<LifeLine>, Problem> {
    let Some(span) = everybody::span(law) else {
        return Ok(None);
    };
    let life = picture::institution_life(law, institution, span, visit)?;
    Ok(Some(life.now(visit.moment().on)))
}

fn life_file(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let institution = atlas.registry().find_institution(&asked.organization)?;
    let life = life(book.law(), institution, visit)?;
    life.map(|life| life.svg())
        .ok_or_else(|| Problem::not_found("Nothing is known of any time."))
}

fn lead(atlas: &Atlas, visit: &Visit, law: &Law<'_>, institution: &Institution) -> Markup {
    let short = institution.short_name_on(visit.moment().on);
    let areas: Vec<&str> = institution.areas.iter().map(|area| area.label()).collect();
    let within = institution
        .within
        .as_ref()
        .and_then(|id| law.registry().institution(id));
    let id = institution.id.as_str();
    html! {
        p.facts {
            span.code { (short) } " · " (term(institution.kind.label()))
            @if let Some(stage) = institution.stage { " · sets " (article(stage.label())) " " (term(stage.label())) }
            @if !areas.is_empty() { " · about " (areas.join(", ")) }
            @if let Some(within) = within { " · under the roof of " (part::institution_link(visit, within)) }
        }
        p.ways {
            a href=(address("/timeline", visit.of_the_moment().chain([("of", id)]))) { "Timeline" } " · "
            a href=(address("/speeds", visit.of_the_moment().chain([("organization", id)]))) { "Speeds" } " · "
            a href=(address("/overlap", visit.of_the_moment().chain([("first", id)]))) { "Overlap with another" }
        }
        (testimony::known_only(atlas, visit))
    }
}

/// The article before a word.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    }
}

/// The stages between its members, if there are any.
fn stages(
    atlas: &Atlas,
    visit: &Visit,
    law: &Law<'_>,
    institution: &Institution,
) -> Result<Markup, Problem> {
    let day = visit.moment().on;
    let members = law.members(&institution.id, day);
    if !is_square(&members) {
        return Ok(html! {});
    }
    let table = square(law, &members, day)?;
    Ok(html! {
        section #stages-between aria-labelledby="h-stages" {
            h2 #h-stages { (term("Stage")) " between its members" }
            (part::table(atlas, visit, &table))
        }
    })
}

/// Up to so many members their stages are set side by side.
const MOST_MEMBERS: usize = 20;

fn is_square(members: &[StateCode]) -> bool {
    (2..=MOST_MEMBERS).contains(&members.len())
}

/// The stages in force between some states, a row and a column for each.
fn square(law: &Law<'_>, members: &[StateCode], day: Date) -> Result<Table, Problem> {
    let matrix = law.stage_matrix(members, day, Grade::InForce);
    Ok(stage_square(&format!("Stages in force on {day}"), &matrix)?)
}

/// Its organs with their rules, and the power of each member where votes can be counted.
fn organs(
    atlas: &Atlas,
    visit: &Visit,
    law: &Law<'_>,
    institution: &Institution,
) -> Result<Markup, Problem> {
    let Some(known) = law.registry().institution(&institution.id) else {
        return Ok(html! {});
    };
    let organs = law.view().organs(known);
    if organs.is_empty() {
        return Ok(html! {});
    }
    let mut shown = Vec::new();
    for organ in &organs {
        shown.push(organ_part(atlas, visit, law, known, organ)?);
    }
    Ok(html! {
        section #organs aria-labelledby="h-organs" {
            h2 #h-organs { "Who decides" }
            @for organ in &shown { (organ) }
        }
    })
}

fn organ_part<'r>(
    atlas: &Atlas,
    visit: &Visit,
    law: &Law<'r>,
    institution: &'r Institution,
    organ: &KnownOrgan<'r>,
) -> Result<Markup, Problem> {
    let day = visit.moment().on;
    let name = organ.organ.subject.name.as_str();
    let mut rules = Vec::new();
    for rule in &organ.rules {
        if rule.subject.holds_on(day) && !rule.claim.denies {
            let power = power(atlas, law, institution, (name, day), rule)?;
            rules.push((rule, power.map(|power| power.shown(atlas, visit))));
        }
    }
    Ok(html! {
        h3 { (name) @if organ.organ.contested { " " (part::contested_mark()) } }
        @if let Some(summary) = &organ.organ.subject.summary { p { (summary) } }
        @if rules.is_empty() { p.none { "No rule of it is known for " (day) "." } }
        @for (rule, power) in &rules {
            p.rule {
                @if let Some(matter) = &rule.subject.matter { strong { (matter) ": " } }
                (vote_subject::rule_words(&rule.subject.criterion)) " "
                span.from { (rule.claim.reference()) }
                @if rule.contested { " " (part::contested_mark()) }
            }
            @if let Some(power) = power { (power) }
        }
    })
}

/// Up to so many members each has bars for two measures of power, beyond for one, so that the
/// picture stays in sight.
const FEW_MEMBERS: usize = 12;

/// The power of each member under a rule.
struct Power<'r> {
    institution: &'r Institution,
    organ: String,
    matter: Option<String>,
    /// The measure that the picture is of, where it is of one.
    measure: Option<Measure>,
    picture: Option<Picture>,
    table: Table,
}

impl Power<'_> {
    /// The picture, with the figures in a drawer and the way to more questions; the figures
    /// alone where there is no picture.
    fn shown(self, atlas: &Atlas, visit: &Visit) -> Markup {
        let Some(picture) = &self.picture else {
            return part::table(atlas, visit, &self.table);
        };
        let file = self.address(visit, "/votes/power.svg", self.measure);
        let page = self.address(visit, "/votes", None);
        let drawer = format!("figures-{}", self.table.id());
        let members = Some(self.table.rows().len());
        html! {
            (part::picture(picture.figure.clone(), Some(&file)))
            (part::drawer(&drawer, "The same in figures", members, &part::table(atlas, visit, &self.table)))
            p.ways { a href=(page) { "Other quotas, weights and members, and who can be outvoted" } }
        }
    }

    /// The page of votes, or its picture, about this rule.
    fn address(&self, visit: &Visit, path: &str, measure: Option<Measure>) -> String {
        let asked = [
            Some(("organization", self.institution.id.as_str())),
            Some(("organ", self.organ.as_str())),
            self.matter.as_deref().map(|matter| ("matter", matter)),
            measure.map(|measure| ("index", measure.word())),
        ];
        let day = visit.moment().on.to_string();
        let known_by = visit.value("known_by").map(|day| ("known_by", day));
        let moment = [Some(("on", day.as_str())), known_by];
        address(path, moment.into_iter().chain(asked).flatten())
    }
}

/// The power of each member under a rule; nothing where the rule says too little to count.
fn power<'r>(
    atlas: &Atlas,
    law: &Law<'r>,
    institution: &'r Institution,
    (organ, day): (&str, Date),
    rule: &KnownRule<'r>,
) -> Result<Option<Power<'r>>, Problem> {
    let question = VotingQuestion {
        organ: Some(organ.to_owned()),
        matter: rule.subject.matter.clone(),
        ..VotingQuestion::default()
    };
    let Ok(vote) = Vote::new(law, institution, day, &question, atlas.series()?) else {
        return Ok(None);
    };
    let Ok(powers) = vote.powers() else {
        return Ok(None);
    };
    let Ok(table) = vote_subject::power(law.registry(), &vote, &powers) else {
        return Ok(None);
    };
    let few = vote.voters.len() <= FEW_MEMBERS;
    let measures = if few { powers.measured.len() } else { 1 };
    let first = powers.measured.first().map(|(measure, _)| *measure);
    let matter = rule.subject.matter.clone();
    let id = format!("power {organ} {}", matter.as_deref().unwrap_or_default());
    Ok(Some(Power {
        institution,
        organ: organ.to_owned(),
        measure: first.filter(|_| !few),
        picture: vote_subject::power_bars(law.registry(), &vote, &powers, measures)
            .ok()
            .flatten(),
        table: table.with_id(id),
        matter,
    }))
}

/// Those who are bound on the day, so that they could leave.
fn bound<'r>(law: &Law<'r>, institution: &Institution, day: Date) -> Vec<&'r State> {
    let states = law.registry().states();
    states
        .filter(|state| law.is_bound(&state.code, &institution.id, day))
        .collect()
}

/// Where it is asked what would end if a state left.
fn leaving_address(
    visit: &Visit,
    path: &str,
    state: &StateCode,
    institution: &Institution,
) -> String {
    let asked = [
        ("state", state.as_str()),
        ("organization", institution.id.as_str()),
    ];
    address(path, visit.of_the_moment().chain(asked))
}

/// The way to what would end if one of those who are bound left; nothing where nobody is.
fn leaving(visit: &Visit, law: &Law<'_>, institution: &Institution) -> Markup {
    let day = visit.moment().on;
    let bound = bound(law, institution, day);
    html! {
        @if !bound.is_empty() {
            section #leaving aria-labelledby="h-leaving" {
                h2 #h-leaving { "What leaving would end" }
                p { "What would end with it, what would survive, and which stages would change, if one of these left on " (day) ":" }
                ul {
                    @for state in &bound {
                        li { a href=(leaving_address(visit, "/leave", &state.code, institution)) { (state.name_on(day)) } }
                    }
                }
            }
        }
    }
}

/// What was concluded under its roof.
fn under_its_roof(visit: &Visit, law: &Law<'_>, institution: &Institution) -> Markup {
    let within: Vec<&Institution> = law
        .registry()
        .institutions()
        .filter(|other| other.within.as_ref() == Some(&institution.id))
        .collect();
    html! {
        @if !within.is_empty() && institution.kind == InstitutionKind::Organization {
            section #within aria-labelledby="h-within" {
                h2 #h-within { "Under its roof" }
                ul { @for other in within { li { (part::institution_link(visit, other)) " " span.kind { (other.kind.label()) } } } }
            }
        }
    }
}

fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let moment = visit.moment();
    let question = moment.question();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let institution = atlas.registry().find_institution(&asked.organization)?;
    let mut answer = law_subject::institution_json(law, institution, question);
    let members: Vec<StateCode> = law.members(&institution.id, question.on);
    if is_square(&members) {
        answer["stages"] = to_json(&square(law, &members, question.on)?);
    }
    let leaving = bound(law, institution, question.on).into_iter();
    let leaving = leaving.map(|state| {
        let asked = leaving_address(visit, &twin_path("/leave"), &state.code, institution);
        json!({ "state": state.code, "address": asked })
    });
    answer["leaving"] = leaving.collect();
    Ok(answer)
}

fn index(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let table = law_subject::institutions(book.law(), visit.moment().question())?;
    Ok(Page::new(
        Section::Organizations,
        "Organizations and agreements",
        part::table(atlas, visit, &table),
    ))
}

fn index_twin(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let table = law_subject::institutions(book.law(), visit.moment().question())?;
    Ok(json!({ "institutions": to_json(&table) }))
}
