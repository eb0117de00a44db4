//! Forms of the lab that change something, and the files that it gives out.

use std::sync::Arc;
use std::time::Duration;

use acquis_library::builtin;
use acquis_registry::{Findings, SourceText};
use acquis_report::Block;
use acquis_report::chart::{Chart as _, figure_file};
use acquis_report::subject::answer::KeptAnswer;
use acquis_scenario::{Draft, Grade, Scenario, Start};
use acquis_store::{Keeping, RunId, SavedScenario, ScenarioId, StoreError};
use axum::Form;
use axum::extract::{Multipart, Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use jiff::civil::Date;

use super::actions::{Action, NotDone, perform};
use super::{
    OfRuns, OfScenario, Tried, compare, known_viewpoint, plain, run_id, scenario_id, scenario_page,
};
use crate::answers::{HTML, SVG};
use crate::atlas::Atlas;
use crate::lab::{ANSWER, Lab, NotSubmitted, Posted, few_enough, file_name};
use crate::problem::Problem;
use crate::routes::{Routes, Shared, visit};
use crate::visit::{Visit, address};

/// How long the answer to a form waits for a run that was asked for: a small one is done by
/// then, and its results are the next page.
const PATIENCE: Duration = Duration::from_millis(800);
/// How often it looks whether the run is over.
const LOOKED_EVERY: Duration = Duration::from_millis(10);
/// The longest file that is read.
const MOST_BYTES: usize = acquis_store::MOST_TEXT;

pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/lab/start", post(begin))
        .route("/lab/upload", post(upload))
        .route("/lab/scenarios/{id}/file", get(scenario_file))
        .route("/lab/scenarios/{id}/run", post(run))
        .route("/lab/scenarios/{id}/delete", post(delete_scenario))
        .route("/lab/scenarios/{id}/{action}", post(act))
        .route("/lab/runs/{id}/cancel", post(cancel))
        .route("/lab/runs/{id}/delete", post(delete_run))
        .route("/lab/runs/{id}/again", post(again))
        .route("/lab/runs/{id}/files/{name}", get(result_file))
        .route("/lab/runs/{id}/pictures/{name}", get(picture_file))
        .route(compare::PICTURE, get(comparison_file))
}

type Pairs = Form<Vec<(String, String)>>;

/// Where a form leads once its work is done.
enum Leads {
    /// To a page.
    To(String),
    /// To the page of a run that was asked for.
    ToRun(RunId),
}

/// Does work that waits for the disk on the threads for that, and goes where it says. A run that
/// was asked for has a little time before.
async fn then(
    atlas: Shared,
    work: impl FnOnce(&Atlas) -> Result<Leads, Problem> + Send + 'static,
) -> Response {
    let worker = Arc::clone(&atlas);
    match atlas.answers.work(move || work(&worker)).await {
        Ok(leads) => match &*leads {
            Leads::To(page) => see_other(page),
            Leads::ToRun(run) => {
                wait_a_little(&atlas, *run).await;
                see_other(&format!("/lab/runs/{run}"))
            }
        },
        Err(problem) => problem.into_response(),
    }
}

/// Waits until a run is over, but not long. It holds none of the places at which answers are
/// worked out: who waits must not halt who asks.
pub(super) async fn wait_a_little(atlas: &Atlas, run: RunId) {
    let begun = tokio::time::Instant::now();
    let is_at_work = || {
        let lab = atlas.lab();
        lab.is_ok_and(|lab| lab.runner.is_at_work_on(run))
    };
    while is_at_work() && begun.elapsed() < PATIENCE {
        tokio::time::sleep(LOOKED_EVERY).await;
    }
}

/// The way to another page, after a form was posted.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn desk_of(saved: &SavedScenario) -> String {
    format!("/lab/scenarios/{}", saved.id)
}

/// A new scenario, from one that ships or from a date.
async fn begin(State(atlas): State<Shared>, Form(pairs): Pairs) -> Response {
    then(atlas, move |atlas| {
        let posted = Posted::from_iter(pairs);
        let lab = atlas.lab()?;
        let saved = match posted.text("scenario") {
            Some(name) if !name.is_empty() => from_shipped(lab, name)?,
            _ => from_a_date(lab, &posted)?,
        };
        Ok(Leads::To(desk_of(&saved)))
    })
    .await
}

fn from_shipped(lab: &Lab, name: &str) -> Result<SavedScenario, Problem> {
    let file = acquis_library::builtin::scenario(name).ok_or_else(|| {
        Problem::not_found(format!("No scenario {name:?} is built in."))
            .advise("Choose one from the list of the lab.")
    })?;
    let scenario = Scenario::read(name, &file)?;
    Ok(lab
        .store
        .create(&scenario.title, Keeping::Draft, &file.text)?)
}

fn from_a_date(lab: &Lab, posted: &Posted) -> Result<SavedScenario, Problem> {
    let economy = posted.required("economy", "an economy")?;
    let title = posted.required("title", "a title")?;
    let pack = posted.text("pack");
    let pack = pack.filter(|pack| !pack.is_empty() && *pack != builtin::DEFAULT_PACK);
    let given = posted.day("date")?;
    let mut start = Start {
        title: title.to_owned(),
        pack: pack.map(str::to_owned),
        date: given.unwrap_or(Date::constant(2000, 1, 1)),
        economy: economy.to_owned(),
        grade: Grade::Functioning,
    };
    // What it names has to be there before it is kept.
    let scenario = Draft::start(&start).unfinished("scenario")?;
    lab.shelf.pack(&scenario)?;
    let (economy, _) = lab.shelf.economy(&scenario)?;
    if given.is_none() {
        start.date = middle_of(economy.card.year)?;
    }
    let draft = Draft::start(&start);
    Ok(lab.store.create(title, Keeping::Draft, &draft.text())?)
}

/// The day in the middle of a year.
fn middle_of(year: i32) -> Result<Date, Problem> {
    let year = i16::try_from(year).ok();
    year.and_then(|year| Date::new(year, 7, 1).ok())
        .ok_or_else(|| Problem::senseless("The economy has no year: give a day."))
}

/// A scenario from a file.
async fn upload(State(atlas): State<Shared>, mut form: Multipart) -> Response {
    let text = match uploaded(&mut form).await {
        Ok(text) => text,
        Err(problem) => return problem.into_response(),
    };
    then(atlas, move |atlas| {
        let (name, text) = text;
        let file = SourceText::new(format!("{name}.toml"), text.as_str());
        // A file from elsewhere is a scenario or nothing.
        let scenario =
            Scenario::read(&file_name(&name), &file).map_err(|error| no_scenario(&error))?;
        few_enough(&scenario)?;
        let saved = atlas
            .lab()?
            .store
            .create(&scenario.title, Keeping::Draft, &text)?;
        Ok(Leads::To(desk_of(&saved)))
    })
    .await
}

/// A file that is no scenario, with each mistake at its place.
fn no_scenario(findings: &Findings) -> Problem {
    let problem = Problem::senseless("This file is not a scenario: it was not opened.");
    findings.iter().fold(problem, |problem, finding| {
        problem.advise(finding.to_string())
    })
}

/// The name without its ending and the text of the file that was sent.
async fn uploaded(form: &mut Multipart) -> Result<(String, String), Problem> {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        Problem::new(
            error.status(),
            format!("The file can't be read: {}.", error.body_text()),
        )
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("scenario.toml");
        let name = name.strip_suffix(".toml").unwrap_or(name).to_owned();
        let bytes = field.bytes().await.map_err(unreadable)?;
        if bytes.len() > MOST_BYTES {
            let sentence = format!(
                "The file has {} bytes; at most {MOST_BYTES} are read.",
                bytes.len()
            );
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, sentence));
        }
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Problem::senseless("The file is not text.").advise("Choose a scenario file in TOML.")
        })?;
        return Ok((name, text));
    }
    Err(Problem::senseless("No file was sent.").advise("Choose a file first."))
}

/// What a button of the desk does; then the desk again.
async fn act(
    State(atlas): State<Shared>,
    Path((id, action)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Pairs,
) -> Response {
    let worker = Arc::clone(&atlas);
    let work = move || acted(&worker, &id, &action, &headers, &Posted::from_iter(pairs));
    match atlas.answers.work(work).await {
        Ok(done) => match done.as_ref() {
            Acted::Done(to) => see_other(to),
            Acted::Refused(status, page) => {
                let mut response = (*status, page.clone()).into_response();
                let html = HeaderValue::from_static(HTML);
                response.headers_mut().insert(CONTENT_TYPE, html);
                response
            }
        },
        Err(problem) => problem.into_response(),
    }
}

/// What came of a button.
enum Acted {
    /// It was done; the desk is there.
    Done(String),
    /// It was not; the desk says why.
    Refused(StatusCode, String),
}

fn acted(
    atlas: &Atlas,
    id: &str,
    action: &str,
    headers: &HeaderMap,
    posted: &Posted,
) -> Result<Acted, Problem> {
    let lab = atlas.lab()?;
    let saved = lab.store.scenario(scenario_id(id)?)?;
    let action = Action::from_word(action)
        .ok_or_else(|| Problem::not_found("The lab has no such button."))?;
    let asked = OfScenario {
        id: saved.id.to_string(),
        variant: posted.text("variant").map(str::to_owned),
        scope: posted.text("scope").map(str::to_owned),
        // The day under the matrix is the one for what is added next, too.
        added_on: posted
            .text("on")
            .or_else(|| posted.text("added_on"))
            .map(str::to_owned),
    };
    let (status, errors, refused) = match perform(lab, &saved, action, posted) {
        Ok(saved) => {
            let looked_at = [
                ("variant", &asked.variant),
                ("scope", &asked.scope),
                ("added_on", &asked.added_on),
            ];
            let looked_at = looked_at.into_iter();
            let pairs = looked_at.filter_map(|(name, value)| Some((name, value.as_deref()?)));
            return Ok(Acted::Done(address(&desk_of(&saved), pairs)));
        }
        Err(NotDone::Fields(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
        Err(NotDone::Edit(error)) => {
            let sentence = plain::refusal(&error, action);
            (StatusCode::UNPROCESSABLE_ENTITY, Vec::new(), Some(sentence))
        }
        Err(NotDone::Missing(error)) => return Err(error.into()),
        Err(NotDone::Store(error)) => {
            let sentence = format!("Not saved: {error}.");
            (store_status(&error), Vec::new(), Some(sentence))
        }
    };
    let tried = Tried {
        action,
        posted,
        errors,
        refused,
    };
    let visit = Visit::bare(&desk_of(&saved), headers, Atlas::usual_day());
    let page = scenario_page(atlas, &visit, &asked, Some(&tried))?;
    Ok(Acted::Refused(status, page.render(atlas, &visit)))
}

/// Runs a scenario and keeps the results.
async fn run(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    then(atlas, move |atlas| {
        let lab = atlas.lab()?;
        let saved = lab.store.scenario(scenario_id(&id)?)?;
        let from = Some((saved.id, saved.revision));
        submitted(lab, from, &file_name(&saved.name), &saved.text).map(Leads::ToRun)
    })
    .await
}

/// Runs the text of a run once more.
async fn again(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    then(atlas, move |atlas| {
        let lab = atlas.lab()?;
        let old = lab.store.run(run_id(&id)?)?;
        submitted(lab, old.card.scenario, &old.card.name, &old.text).map(Leads::ToRun)
    })
    .await
}

/// Asks for a run.
pub(super) fn submitted(
    lab: &Lab,
    from: Option<(ScenarioId, u32)>,
    name: &str,
    text: &str,
) -> Result<RunId, Problem> {
    let file = SourceText::new(format!("{name}.toml"), text);
    let scenario = Scenario::read(name, &file)?;
    few_enough(&scenario)?;
    Ok(lab.submit(from, &scenario, text)?)
}

async fn cancel(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    then(atlas, move |atlas| {
        let id = run_id(&id)?;
        stopped(atlas.lab()?, id)?;
        Ok(Leads::ToRun(id))
    })
    .await
}

/// Tells a run to stop. One that is over is left as it is.
pub(super) fn stopped(lab: &Lab, id: RunId) -> Result<(), Problem> {
    // Whether it is there is told before whether it was stopped.
    lab.runner.run(id)?;
    if lab.runner.cancel(id)? || lab.runner.run(id)?.card.state.is_over() {
        return Ok(());
    }
    let sentence = format!(
        "Run {id} was not stopped: another program that has the same folder open carries it out."
    );
    Err(Problem::new(StatusCode::CONFLICT, sentence).advise("Cancel it in that program."))
}

async fn delete_run(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    then(atlas, move |atlas| {
        atlas.lab()?.store.delete_run(run_id(&id)?)?;
        Ok(Leads::To("/lab#runs".to_owned()))
    })
    .await
}

async fn delete_scenario(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    then(atlas, move |atlas| {
        atlas.lab()?.store.delete_scenario(scenario_id(&id)?)?;
        Ok(Leads::To("/lab".to_owned()))
    })
    .await
}

/// The file of a scenario, to keep or to hand on.
async fn scenario_file(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    let worker = Arc::clone(&atlas);
    let work = move || {
        let saved = worker.lab()?.store.scenario(scenario_id(&id)?)?;
        Ok((format!("{}.toml", file_name(&saved.name)), saved.text))
    };
    match atlas.answers.work(work).await {
        Ok(file) => sent(&file.0, file.1.clone().into_bytes()),
        Err(problem) => problem.into_response(),
    }
}

/// A file that came out of a run.
pub(super) async fn result_file(
    State(atlas): State<Shared>,
    Path((id, name)): Path<(String, String)>,
) -> Response {
    let worker = Arc::clone(&atlas);
    let work = move || {
        let id = run_id(&id)?;
        let store = &worker.lab()?.store;
        match store.result(id, &name)? {
            Some(bytes) => Ok((name, bytes)),
            None => Err(
                Problem::not_found(format!("Run {id} has no file {name:?}."))
                    .advise("Open the page of the run to see which files it has."),
            ),
        }
    };
    match atlas.answers.work(work).await {
        Ok(file) => sent(&file.0, file.1.clone()),
        Err(problem) => problem.into_response(),
    }
}

/// A picture of a run's report.
#[derive(serde::Deserialize)]
struct OfPicture {
    id: String,
    /// Its number from 1 and `.svg`.
    name: String,
    viewpoint: Option<String>,
}

/// A picture of a run's report by its number from 1, as a file.
async fn picture_file(State(atlas): State<Shared>, request: Request) -> Response {
    let asked = visit(request).await.and_then(|(visit, _)| visit.ask());
    let OfPicture {
        id,
        name,
        viewpoint,
    } = match asked {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let worker = Arc::clone(&atlas);
    let work = move || {
        let id = run_id(&id)?;
        let viewpoint = known_viewpoint(viewpoint.as_deref())?;
        let answer = kept_answer(worker.lab()?, id)?;
        let number = name.strip_suffix(".svg").unwrap_or(&name).parse::<usize>();
        let mut figures = figures(&answer, viewpoint);
        let figure = number
            .ok()
            .and_then(|number| figures.nth(number.checked_sub(1)?));
        let file = figure.as_ref().and_then(figure_file).ok_or_else(|| {
            Problem::not_found(format!("Run {id} has no picture {name:?}."))
                .advise("Open the page of the run to see its pictures.")
        })?;
        Ok((format!("run-{id}-{name}"), file.into_bytes()))
    };
    match atlas.answers.work(work).await {
        Ok(file) => sent(&file.0, file.1.clone()),
        Err(problem) => problem.into_response(),
    }
}

/// The picture of runs side by side, as a file. It is drawn anew, because a number may come to
/// be that of another run.
async fn comparison_file(State(atlas): State<Shared>, request: Request) -> Response {
    let worker = Arc::clone(&atlas);
    let drawn = match visit(request).await.and_then(|(visit, _)| visit.ask()) {
        Ok(OfRuns { run }) => {
            let work = move || {
                let compared = compare::compared(worker.lab()?, &run)?;
                Ok(compared.comparison.chart()?.svg().into_bytes())
            };
            atlas.answers.work(work).await
        }
        Err(problem) => Err(problem),
    };
    match drawn {
        Ok(file) => sent("side-by-side.svg", file.to_vec()),
        Err(problem) => problem.into_response(),
    }
}

/// The figures of a report in their order, maps from a viewpoint.
fn figures(answer: &KeptAnswer, viewpoint: Option<&str>) -> impl Iterator<Item = Block> {
    let blocks = answer.report.sections.iter().flat_map(|it| &it.body);
    blocks.filter_map(move |block| match block {
        Block::Figure { .. } => Some(block.clone()),
        Block::Views(views) => Some(views.figure(views.view(viewpoint))),
        _ => None,
    })
}

/// A file, with its type. A report may be read in the browser, with nothing but its own style;
/// everything else is kept.
fn sent(name: &str, bytes: Vec<u8>) -> Response {
    const REPORT: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    let kind = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => HTML,
        "svg" => SVG,
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        "toml" => "application/toml; charset=utf-8",
        "parquet" => "application/vnd.apache.parquet",
        _ => "application/octet-stream",
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let safe = name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter));
    let disposition = match kind {
        HTML => "inline".to_owned(),
        _ => format!("attachment; filename=\"{}\"", safe.collect::<String>()),
    };
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(REPORT));
    response
}

/// The answer that is kept with a run.
pub(super) fn kept_answer(lab: &Lab, run: RunId) -> Result<KeptAnswer, Problem> {
    let other_form = || {
        Problem::senseless(format!(
            "The results of run {run} are kept in a form that this version does not show."
        ))
        .advise("Download its files, or run it again.")
    };
    let bytes = lab.store.result(run, ANSWER)?.ok_or_else(other_form)?;
    serde_json::from_slice(&bytes).map_err(|_| other_form())
}

/// The status of what could not be kept or found.
fn store_status(error: &StoreError) -> StatusCode {
    match error {
        StoreError::NoScenario(_)
        | StoreError::NoRevision { .. }
        | StoreError::NoRun(_)
        | StoreError::NoOwn { .. } => StatusCode::NOT_FOUND,
        StoreError::Changed { .. }
        | StoreError::NameTaken(_)
        | StoreError::OwnNameTaken(_)
        | StoreError::TooManyOwn { .. }
        | StoreError::TooMuchOwn { .. }
        | StoreError::NotOver(_)
        | StoreError::NothingToUndo(_) => StatusCode::CONFLICT,
        StoreError::Name { .. } | StoreError::TooLong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        StoreError::TooMuch { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::new(store_status(&error), format!("{}.", sentence(&error)))
    }
}

/// An error as a sentence that begins like one.
fn sentence(error: &StoreError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

impl From<NotSubmitted> for Problem {
    fn from(error: NotSubmitted) -> Self {
        use acquis_store::SubmitError;

        match error {
            NotSubmitted::Shelf(error) => error.into(),
            NotSubmitted::Queue(SubmitError::Store(error)) => error.into(),
            NotSubmitted::Queue(full @ SubmitError::Full { .. }) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, format!("{full}."))
            }
            NotSubmitted::Queue(stopping @ SubmitError::Stopping) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, format!("{stopping}."))
            }
        }
    }
}

impl From<crate::lab::FieldError> for Problem {
    fn from(error: crate::lab::FieldError) -> Self {
        Self::senseless(error.sentence)
    }
}
