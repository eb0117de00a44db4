//! Which union would hold: a question that is ready to be asked, with two sliders, and its answer.

use std::sync::Arc;

use acquis_economy::Economy;
use acquis_equilibrium::TradeElasticity;
use acquis_registry::document::{Placed, Word as _};
use acquis_registry::{Registry, SourceText, StateCode};
use acquis_report::chart::Chart as _;
use acquis_report::subject::blocs::{self as subject, Answered};
use acquis_scenario::{
    AdmissionQuestion, AdmissionWay, BlocsAnswer, BlocsError, BlocsGame, BlocsQuestion, Elasticity,
    Scenario, Watch,
};
use acquis_store::ScenarioId;
use axum::http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::atlas::Atlas;
use crate::audience::Audience;
use crate::choice::{Choice, Number};
use crate::lab::file_name;
use crate::page::{Page, Section};
use crate::pages::lab::scenario_id;
use crate::part;
use crate::problem::Problem;
use crate::ready::ReadyQuestion;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask(
            "/blocs",
            "Which union would hold: who would stay, join and pay, and who joins first",
            page,
            twin,
        )
        .picture("/blocs/lattice.svg", picture)
        .page(OF_SAVED, Lasting::No, page_of_saved)
        .twin(
            OF_SAVED,
            "Which union would hold, by a saved scenario that asks about blocs",
            Lasting::No,
            twin_of_saved,
        )
        .picture_of(
            "/lab/scenarios/{id}/blocs/lattice.svg",
            Lasting::No,
            picture_of_saved,
        )
}

/// Where the blocs of a saved scenario are weighed.
const OF_SAVED: &str = "/lab/scenarios/{id}/blocs";

/// Which question, and what is assumed.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// A ready scenario with a question on blocs, such as two-unions-2012
    scenario: Option<String>,
    /// The candidates, by code or name, two or more of those of the scenario; all if none is named
    #[serde(default)]
    candidate: Vec<String>,
    /// What the effects of stages are multiplied by, from 0 to 3; 1 if left out
    #[param(value_type = Option<f64>, inline)]
    effect: Option<Number>,
    /// The trade elasticity, from 1 to 15; that of the scenario if left out
    #[param(value_type = Option<f64>, inline)]
    elasticity: Option<Number>,
    /// Who decides on an applicant; as in the scenario if left out
    #[param(value_type = Option<String>, inline)]
    admission: Option<Choice<AdmissionWay>>,
}

/// Of which saved scenario, and what is assumed.
#[derive(Deserialize, IntoParams)]
struct AskedOfSaved {
    /// Number of the scenario
    #[param(value_type = u32)]
    id: String,
    /// The candidates, by code or name, two or more of those of the scenario; all if none is named
    #[serde(default)]
    candidate: Vec<String>,
    /// What the effects of stages are multiplied by, from 0 to 3; 1 if left out
    #[param(value_type = Option<f64>, inline)]
    effect: Option<Number>,
    /// The trade elasticity, from 1 to 15; that of the scenario if left out
    #[param(value_type = Option<f64>, inline)]
    elasticity: Option<Number>,
    /// Who decides on an applicant; as in the scenario if left out
    #[param(value_type = Option<String>, inline)]
    admission: Option<Choice<AdmissionWay>>,
}

/// What is assumed otherwise than the scenario does.
struct Assumed<'q> {
    candidate: &'q [String],
    effect: Option<Number>,
    elasticity: Option<Number>,
    admission: Option<Choice<AdmissionWay>>,
}

/// Who decides on an applicant, as a choice.
const fn label(way: AdmissionWay) -> &'static str {
    match way {
        AdmissionWay::Open => "nobody: membership is open",
        AdmissionWay::Unanimity => "every member can refuse",
        AdmissionWay::Rule => "the members by their own rule",
    }
}

/// The most equilibria that a page solves: a fraction of a second.
const MOST_EQUILIBRIA: usize = 10_000;
/// The most prices that a page finds, over all equilibria: those of the most equilibria in an
/// economy of all the world's traders, whose number counts by its square. An economy of the
/// user's own may have thousands of countries.
const MOST_PRICES: usize = 40_000_000;
/// What holds if all look ahead is told of so many candidates: beyond, it takes longer than a
/// reader waits.
const MOST_FARSIGHTED: usize = 9;
/// What an effect can be multiplied by.
const EFFECTS: std::ops::RangeInclusive<f64> = 0.0..=3.0;
/// Trade elasticities that can be chosen.
const ELASTICITIES: std::ops::RangeInclusive<f64> = 1.0..=15.0;

/// A question with what it is asked of.
struct Question {
    /// Whose question it is.
    whose: Whose,
    /// Who decides on an applicant as the scenario has it.
    own_admission: AdmissionWay,
    /// The facts that it is asked of.
    registry: Arc<Registry>,
    economy: Arc<Economy>,
    scenario: Scenario,
    blocs: BlocsQuestion,
    effect: f64,
    elasticity: f64,
    /// Everybody whom the scenario asks about.
    all: Vec<(StateCode, String)>,
}

/// Whose question it is.
enum Whose {
    /// One that is ready to be asked.
    Ready,
    /// That of a saved scenario.
    Saved(ScenarioId),
}

impl Whose {
    /// Where it is asked.
    fn address(&self) -> String {
        match self {
            Self::Ready => "/blocs".to_owned(),
            Self::Saved(id) => format!("/lab/scenarios/{id}/blocs"),
        }
    }
}

/// A scenario that asks about blocs, with the facts and figures that it asks about.
struct Basis {
    whose: Whose,
    scenario: Scenario,
    blocs: BlocsQuestion,
    registry: Arc<Registry>,
    economy: Arc<Economy>,
}

impl Basis {
    fn ready(atlas: &Atlas, name: Option<&str>) -> Result<Self, Problem> {
        let ready = chosen(atlas.ready().all(), name)?;
        Ok(Self {
            whose: Whose::Ready,
            scenario: ready.scenario().clone(),
            blocs: ready.question().clone(),
            registry: Arc::clone(atlas.ready().registry(ready)?),
            economy: Arc::clone(ready.economy()?),
        })
    }

    fn saved(atlas: &Atlas, id: &str) -> Result<Self, Problem> {
        let lab = atlas.lab()?;
        let saved = lab.store.scenario(scenario_id(id)?)?;
        let name = file_name(&saved.name);
        let file = SourceText::new(format!("{name}.toml"), saved.text.as_str());
        let scenario = Scenario::read(&name, &file)?;
        let blocs = scenario.blocs.clone().ok_or_else(|| {
            Problem::senseless("The scenario asks nothing about blocs.").advise(
                "Add a [blocs] table to its file, or start from a ready scenario that has one.",
            )
        })?;
        Ok(Self {
            whose: Whose::Saved(saved.id),
            registry: lab.shelf.pack(&scenario)?.0,
            economy: lab.shelf.economy(&scenario)?.0,
            scenario,
            blocs,
        })
    }
}

impl Question {
    fn of_ready(atlas: &Atlas, asked: &Asked) -> Result<Self, Problem> {
        let assumed = Assumed {
            candidate: &asked.candidate,
            effect: asked.effect,
            elasticity: asked.elasticity,
            admission: asked.admission,
        };
        Self::new(Basis::ready(atlas, asked.scenario.as_deref())?, &assumed)
    }

    fn of_saved(atlas: &Atlas, asked: &AskedOfSaved) -> Result<Self, Problem> {
        let assumed = Assumed {
            candidate: &asked.candidate,
            effect: asked.effect,
            elasticity: asked.elasticity,
            admission: asked.admission,
        };
        Self::new(Basis::saved(atlas, &asked.id)?, &assumed)
    }

    fn new(basis: Basis, asked: &Assumed<'_>) -> Result<Self, Problem> {
        let Basis {
            whose,
            mut scenario,
            mut blocs,
            registry,
            economy,
        } = basis;
        let own_admission = blocs.admission.way();
        // Draws take longer than a reader waits; the command line has them.
        scenario.uncertainty = None;
        let effect = asked.effect.map_or(1.0, |number| number.0);
        let effect = within(effect, EFFECTS, "The effect can be multiplied", "by ")?;
        scenario.effects = scenario.effects.scaled(effect);
        let elasticity = elasticity(&mut scenario, &economy, asked.elasticity)?;
        let all = candidates(&registry, &blocs)?;
        only(&registry, &mut blocs, &all, asked.candidate)?;
        blocs.farsighted &= blocs.candidates.len() <= MOST_FARSIGHTED;
        if let Some(Choice(way)) = asked.admission {
            admit(&mut blocs, way)?;
        }
        scenario.blocs = Some(blocs.clone());
        Ok(Self {
            whose,
            own_admission,
            registry,
            economy,
            scenario,
            blocs,
            effect,
            elasticity,
            all,
        })
    }

    /// Who can be asked about admission: a rule only where the scenario names one.
    fn admitting(&self) -> impl Iterator<Item = AdmissionWay> {
        let own = self.own_admission;
        let all = AdmissionWay::ALL.iter().copied();
        all.filter(move |way| *way != AdmissionWay::Rule || own == *way)
    }

    fn answered<'q>(&'q self, answer: &'q BlocsAnswer) -> Answered<'q> {
        Answered {
            scenario: &self.scenario,
            question: &self.blocs,
            registry: &self.registry,
            economy: &self.economy,
            answer,
        }
    }

    /// Works the answer out as long as its audience waits.
    fn answer(&self, atlas: &Atlas, audience: &Audience) -> Result<BlocsAnswer, Problem> {
        let series = atlas.series()?;
        let game = BlocsGame::prepare(&self.scenario, &self.registry, &self.economy, series);
        let game = game.map_err(problem)?;
        let cells = self.economy.labels().len().saturating_pow(2);
        let cells = cells.saturating_mul(self.economy.sectors().len());
        let prices = game.equilibria().saturating_mul(cells);
        if game.equilibria() > MOST_EQUILIBRIA || prices > MOST_PRICES {
            let problem = Problem::senseless(format!(
                "This takes {} equilibria among {} economies, more than a page solves.",
                game.equilibria(),
                self.economy.labels().len()
            ));
            return Err(problem.advise(match self.whose {
                Whose::Ready => {
                    format!(
                        "Ask on the command line: acquis blocs {}.",
                        self.scenario.name
                    )
                }
                Whose::Saved(_) => "Download its file from the lab and ask on the command line: \
                                    acquis blocs FILE."
                    .to_owned(),
            }));
        }
        // Checking the question took its time too.
        if audience.has_left() {
            return Err(Problem::nobody_waits());
        }
        let answer = game.answer(&mut Watch {
            store: None,
            progress: &mut |_| audience.goes_on(),
        });
        answer.map_err(problem)
    }
}

/// The ready question of this name, or the first.
fn chosen<'a>(
    known: &'a [ReadyQuestion],
    name: Option<&str>,
) -> Result<&'a ReadyQuestion, Problem> {
    let found = match name {
        None => known.first(),
        Some(name) => known.iter().find(|ready| ready.scenario().name == name),
    };
    found.ok_or_else(|| {
        let name = name.unwrap_or_default();
        let names = known.iter().map(|ready| ready.scenario().name.as_str());
        Problem::not_found(format!("No ready scenario {name:?} asks about blocs."))
            .among(name, names)
    })
}

/// Has applicants admitted as was asked for.
fn admit(blocs: &mut BlocsQuestion, way: AdmissionWay) -> Result<(), Problem> {
    match way {
        AdmissionWay::Open => blocs.admission = AdmissionQuestion::Open,
        AdmissionWay::Unanimity => blocs.admission = AdmissionQuestion::Unanimity,
        AdmissionWay::Rule if blocs.admission.way() == way => {}
        AdmissionWay::Rule => {
            return Err(
                Problem::senseless("The scenario names no rule of admission.")
                    .advise("Choose open or unanimity."),
            );
        }
    }
    Ok(())
}

/// Gives the scenario the elasticity that was asked for; tells which one counts.
fn elasticity(
    scenario: &mut Scenario,
    economy: &Economy,
    asked: Option<Number>,
) -> Result<f64, Problem> {
    let own = scenario.elasticity_in(economy).thetas[0];
    let Some(Number(asked)) = asked else {
        return Ok(own);
    };
    let asked = within(asked, ELASTICITIES, "The trade elasticity can be", "")?;
    if (asked - own).abs() > 0.0 {
        let theta = TradeElasticity::new(asked);
        scenario.elasticity = Some(Elasticity {
            theta: theta.map_err(|error| Problem::senseless(format!("{error}.")))?,
            source: "as chosen on this page".to_owned(),
        });
    }
    Ok(asked)
}

/// Those whom the question asks about, in its order.
fn candidates(
    registry: &Registry,
    blocs: &BlocsQuestion,
) -> Result<Vec<(StateCode, String)>, Problem> {
    let named = blocs.candidates.iter().map(|candidate| {
        let state = registry.find_state(&candidate.value)?;
        Ok((state.code.clone(), state.name().to_owned()))
    });
    named.collect()
}

/// Leaves of the question's candidates, founders and offers those who were asked for.
fn only(
    registry: &Registry,
    blocs: &mut BlocsQuestion,
    all: &[(StateCode, String)],
    asked: &[String],
) -> Result<(), Problem> {
    let mut stay: Vec<&StateCode> = Vec::new();
    for name in asked.iter().filter(|name| !name.trim().is_empty()) {
        let code = &registry.find_state(name)?.code;
        if !all.iter().any(|(known, _)| known == code) {
            let known: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
            return Err(
                Problem::senseless(format!("{name:?} is no candidate of this scenario."))
                    .advise(format!("Its candidates are {}.", known.join(", "))),
            );
        }
        if !stay.contains(&code) {
            stay.push(code);
        }
    }
    if stay.is_empty() {
        return Ok(());
    }
    if stay.len() == 1 {
        return Err(
            Problem::senseless("A bloc takes two candidates or more, and one is ticked.")
                .advise("Tick another, or none at all to ask about all of them."),
        );
    }
    let stays = |named: &Placed<String>| {
        let found = registry.find_state(&named.value);
        found.is_ok_and(|state| stay.contains(&&state.code))
    };
    blocs.candidates.retain(stays);
    blocs.founders.retain(stays);
    for offer in &mut blocs.offers {
        offer.to.retain(stays);
    }
    blocs.offers.retain(|offer| !offer.to.is_empty());
    Ok(())
}

/// The value, if it is in the range; `can_be` begins the sentence that says what it can be, and
/// `by` stands before each number.
fn within(
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    can_be: &str,
    by: &str,
) -> Result<f64, Problem> {
    if range.contains(&value) {
        return Ok(value);
    }
    let (least, most) = (range.start(), range.end());
    Err(Problem::senseless(format!(
        "{can_be} {by}{least} to {most}, not {by}{value}."
    )))
}

/// A mistake of the question is told as one; an equilibrium that doesn't exist as what it is.
fn problem(error: BlocsError) -> Problem {
    if let BlocsError::Stopped { .. } = error {
        return Problem::nobody_waits();
    }
    match error.into_findings() {
        Ok(findings) => findings.into(),
        Err(other) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{other}."))
            .advise("Choose a smaller effect or another elasticity."),
    }
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    shown(atlas, visit, &Question::of_ready(atlas, asked)?)
}

fn page_of_saved(atlas: &Atlas, visit: &Visit, asked: &AskedOfSaved) -> Result<Page, Problem> {
    shown(atlas, visit, &Question::of_saved(atlas, asked)?)
}

fn shown(atlas: &Atlas, visit: &Visit, question: &Question) -> Result<Page, Problem> {
    let answer = question.answer(atlas, visit.audience())?;
    let answered = question.answered(&answer);
    let lattice = subject::lattice(&question.economy, &answer)?;
    let tables = subject::tables(&question.economy, &answer)?;
    let file = visit.here().replacen("/blocs", "/blocs/lattice.svg", 1);
    let body = html! {
        (form(atlas, question, &answer))
        section #verdict aria-labelledby="h-verdict" {
            h2 #h-verdict { "Which union would hold" }
            p { "A model says so, not a forecast: states are taken to look at their real income alone." }
            ul { @for sentence in subject::words(&question.economy, &answer) { li { (sentence) } } }
            @for note in &answer.notes { (part::notice(&html! { (note) })) }
            @if let Some(lattice) = lattice { (part::picture(lattice.figure(), Some(&file))) }
        }
        section #figures aria-labelledby="h-figures" {
            h2 #h-figures { "In figures" }
            @for table in &tables { (part::table(atlas, visit, table)) }
        }
        section #assumptions aria-labelledby="h-assumptions" {
            h2 #h-assumptions { "What was assumed" }
            dl { @for (term, meaning) in answered.assumptions() { dt { (term) } dd { (meaning) } } }
        }
    };
    let lead = html! {
        p { (question.scenario.description) }
        p.facts {
            "Law of " (question.scenario.base.date) ", " (question.scenario.base.grade.label())
            " · " (question.economy.card.title)
            " · " (answer.equilibria) " equilibria solved"
        }
    };
    let page = Page::new(Section::Blocs, question.scenario.title.clone(), body);
    Ok(page.lead(lead).undated().script("blocs.js"))
}

fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    told(atlas, visit, &Question::of_ready(atlas, asked)?)
}

fn twin_of_saved(atlas: &Atlas, visit: &Visit, asked: &AskedOfSaved) -> Result<Value, Problem> {
    told(atlas, visit, &Question::of_saved(atlas, asked)?)
}

fn told(atlas: &Atlas, visit: &Visit, question: &Question) -> Result<Value, Problem> {
    let answer = question.answer(atlas, visit.audience())?;
    let mut all = question.answered(&answer).json()?;
    all["effect"] = json!(question.effect);
    all["elasticity"] = json!(question.elasticity);
    Ok(all)
}

/// The lattice of memberships as a file.
fn picture(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    drawn(atlas, visit, &Question::of_ready(atlas, asked)?)
}

fn picture_of_saved(atlas: &Atlas, visit: &Visit, asked: &AskedOfSaved) -> Result<String, Problem> {
    drawn(atlas, visit, &Question::of_saved(atlas, asked)?)
}

fn drawn(atlas: &Atlas, visit: &Visit, question: &Question) -> Result<String, Problem> {
    let answer = question.answer(atlas, visit.audience())?;
    let lattice = subject::lattice(&question.economy, &answer)?.ok_or_else(|| {
        Problem::not_found("Only a question about one bloc has a lattice to draw.")
    })?;
    Ok(lattice.svg())
}

/// The question with its sliders, as a plain form; a script tells where a slider stands and
/// asks when it is let go.
fn form(atlas: &Atlas, question: &Question, answer: &BlocsAnswer) -> Markup {
    let choices = atlas.ready().all().iter().map(ReadyQuestion::scenario);
    let choices = choices.map(|scenario| (scenario.name.as_str(), scenario.title.as_str()));
    html! {
        form.question #question method="get" action=(question.whose.address()) autocomplete="off" {
            @match question.whose {
                Whose::Ready => {
                    (part::choice_field("field", "scenario", "Question", choices, &question.scenario.name))
                },
                Whose::Saved(id) => p.facts {
                    "The question of " a href={ "/lab/scenarios/" (id) } { "your scenario " (id) }
                    ", under its acts and assumptions · " a href="/blocs" { "Ready questions" }
                },
            }
            (slider("effect", "Effect of a stage, times", question.effect, EFFECTS))
            (slider("elasticity", "Trade elasticity", question.elasticity, ELASTICITIES))
            (part::choice_field("field", "admission", "Who decides on an applicant",
                question.admitting().map(|way| (way.word(), label(way))),
                question.blocs.admission.way().word()))
            fieldset.checks {
                legend { "Candidates (none ticked: all of them)" }
                @for (code, name) in &question.all {
                    label.check {
                        input type="checkbox" name="candidate" value=(code)
                            checked[answer.candidates.iter().any(|it| it.code == code.as_str())];
                        " " (name)
                    }
                }
            }
            button { "Show" }
        }
    }
}

fn slider(name: &str, label: &str, value: f64, range: std::ops::RangeInclusive<f64>) -> Markup {
    let id = format!("field-{name}");
    html! {
        div.field {
            label for=(id) { (label) " " output for=(id) { (value) } }
            input id=(id) type="range" name=(name) value=(value)
                min=(range.start()) max=(range.end()) step="any";
        }
    }
}
