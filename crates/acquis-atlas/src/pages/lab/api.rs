//! The lab for programs: scenarios and runs as JSON, under `/api/v1/lab`.

use std::sync::Arc;

use acquis_registry::SourceText;
use acquis_report::json::to_json;
use acquis_scenario::{Conflict, Reform, Scenario, Scope, reforms};
use acquis_store::{
    Keeping, Progress, ResultCard, Run, RunCard, RunState, SavedScenario, ScenarioCard,
};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post, put};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::openapi::Required;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::{Nothing, OfRuns, compare, kept, requests, run_id, scenario_id, shipped};
use crate::answers::JSON;
use crate::atlas::Atlas;
use crate::lab::{Desk, Lab, Reading, few_enough, is_for_pages};
use crate::openapi;
use crate::problem::{Problem, finding_json};
use crate::routes::{Lasting, Routes, Shared};
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    let routes = Routes::new()
        .twin(
            "/lab",
            "Scenarios that ship, scenarios that are kept, and runs",
            Lasting::No,
            start,
        )
        .twin(
            "/lab/compare",
            "The change of real income of every economy in up to four runs, side by side",
            Lasting::No,
            side_by_side,
        );
    described(routes)
        .route("/api/v1/lab/scenarios", post(create))
        .route(SCENARIO, get(read).merge(put(save)).merge(delete(remove)))
        .route("/api/v1/lab/runs", post(run))
        .route(RUN, get(follow).merge(delete(remove_run)))
        .route("/api/v1/lab/runs/{id}/cancel", post(cancel))
        .route(
            "/api/v1/lab/runs/{id}/files/{name}",
            get(requests::result_file),
        )
}

const SCENARIO: &str = "/api/v1/lab/scenarios/{id}";
const RUN: &str = "/api/v1/lab/runs/{id}";

/// Operations with what the lab can answer beside what everything can.
fn missing(operation: OperationBuilder) -> OperationBuilder {
    operation.response("404", openapi::problem("Nothing has that number"))
}

fn refused(operation: OperationBuilder) -> OperationBuilder {
    operation
        .response(
            "409",
            openapi::problem("It was changed meanwhile, or is not over"),
        )
        .response("413", openapi::problem("It is too long"))
        .response(
            "422",
            openapi::problem("It makes no sense; mistakes are told with their places"),
        )
}

fn full(operation: OperationBuilder) -> OperationBuilder {
    operation
        .response(
            "429",
            openapi::problem("As many runs wait, or as much is kept, as may"),
        )
        .response("503", openapi::problem("The program is ending"))
}

fn created(operation: OperationBuilder, what: &str) -> OperationBuilder {
    operation.response("201", openapi::answer(what))
}

fn done(operation: OperationBuilder, what: &str) -> OperationBuilder {
    operation.response("200", openapi::answer(what))
}

fn described(routes: Routes) -> Routes {
    runs_described(scenarios_described(routes))
}

fn scenarios_described(routes: Routes) -> Routes {
    let of_scenario = || segment("id", Type::Integer, "Number of the scenario");
    let ask = openapi::operation;
    routes
        .describe(
            "/api/v1/lab/scenarios",
            HttpMethod::Post,
            refused(created(ask("Saves a new scenario"), "It is saved"))
                .request_body(Some(body(&[
                    ("name", "Name; the title if left out", false),
                    ("text", "The scenario file, in TOML", true),
                ])))
                .build(),
        )
        .describe(
            SCENARIO,
            HttpMethod::Get,
            missing(done(
                ask("A saved scenario, and what the law says to it"),
                "The scenario",
            ))
            .parameter(of_scenario())
            .build(),
        )
        .describe(
            SCENARIO,
            HttpMethod::Put,
            missing(refused(done(
                ask("Saves a change of a scenario"),
                "It is saved",
            )))
            .parameter(of_scenario())
            .request_body(Some(body(&[
                ("from", "The revision that the change was made to", true),
                ("text", "The scenario file, in TOML", true),
            ])))
            .build(),
        )
        .describe(
            SCENARIO,
            HttpMethod::Delete,
            missing(done(
                ask("Deletes a scenario; its runs stay"),
                "It is deleted",
            ))
            .parameter(of_scenario())
            .build(),
        )
}

fn runs_described(routes: Routes) -> Routes {
    let of_run = || segment("id", Type::Integer, "Number of the run");
    let ask = openapi::operation;
    routes
        .describe(
            "/api/v1/lab/runs",
            HttpMethod::Post,
            full(missing(refused(created(
                ask("Asks for a run of a saved scenario, or of a text"),
                "It waits or is carried out",
            ))))
            .request_body(Some(body(&[
                ("scenario", "Number of a saved scenario", false),
                ("text", "A scenario file, in TOML", false),
            ])))
            .build(),
        )
        .describe(
            RUN,
            HttpMethod::Get,
            missing(done(
                ask("A run: how far it is, and which files came out"),
                "The run",
            ))
            .parameter(of_run())
            .build(),
        )
        .describe(
            RUN,
            HttpMethod::Delete,
            missing(refused(done(
                ask("Deletes a run with its results"),
                "It is deleted",
            )))
            .parameter(of_run())
            .build(),
        )
        .describe(
            "/api/v1/lab/runs/{id}/cancel",
            HttpMethod::Post,
            missing(done(ask("Tells a run to stop"), "The run"))
                .response("409", openapi::problem("Another program carries it out"))
                .parameter(of_run())
                .build(),
        )
        .describe(
            "/api/v1/lab/runs/{id}/files/{name}",
            HttpMethod::Get,
            missing(done(
                ask("A file that came out of a run"),
                "The file, with the type of its ending",
            ))
            .parameter(of_run())
            .parameter(segment(
                "name",
                Type::String,
                "Name of the file, such as results.parquet",
            ))
            .build(),
        )
}

fn segment(name: &str, kind: Type, meaning: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(meaning))
        .schema(Some(Schema::Object(
            ObjectBuilder::new().schema_type(kind).build(),
        )))
        .build()
}

/// A body that is a JSON object of these members: name, meaning, whether it must be there.
fn body(members: &[(&str, &str, bool)]) -> RequestBody {
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    for (name, meaning, is_required) in members {
        let kind = match *name {
            "from" | "scenario" => Type::Integer,
            _ => Type::String,
        };
        let member = ObjectBuilder::new()
            .schema_type(kind)
            .description(Some(*meaning));
        object = object.property(*name, member);
        if *is_required {
            object = object.required(*name);
        }
    }
    let content = ContentBuilder::new()
        .schema(Some(Schema::Object(object.build())))
        .build();
    RequestBodyBuilder::new()
        .content(JSON, content)
        .required(Some(Required::True))
        .build()
}

fn start(atlas: &Atlas, _: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let kept = kept(atlas.lab()?)?;
    let shipped: Vec<Value> = shipped()
        .iter()
        .map(|it| json!({ "name": it.name, "title": it.title, "description": it.description }))
        .collect();
    Ok(json!({
        "shipped": shipped,
        "scenarios": kept.scenarios.iter().map(scenario_card).collect::<Vec<_>>(),
        "drafts": kept.drafts.iter().map(scenario_card).collect::<Vec<_>>(),
        "runs": kept.runs.iter().map(run_card).collect::<Vec<_>>(),
    }))
}

fn side_by_side(atlas: &Atlas, _: &Visit, asked: &OfRuns) -> Result<Value, Problem> {
    let compared = compare::compared(atlas.lab()?, &asked.run)?;
    Ok(to_json(&compared.comparison.table()?))
}

/// Does work and sends its answer with a status.
async fn answer(
    atlas: Shared,
    work: impl FnOnce(&Atlas) -> Result<(StatusCode, Value), Problem> + Send + 'static,
) -> Response {
    let worker = Arc::clone(&atlas);
    match atlas.answers.work(move || work(&worker)).await {
        Ok(answer) => {
            let mut response = (answer.0, answer.1.to_string()).into_response();
            let json = HeaderValue::from_static(JSON);
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// The body of a request, read.
fn read_body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::senseless(format!(
            "The body says something else than is asked for: {error}."
        )),
        _ => Problem::unreadable(format!(
            "The body is not whole JSON: it can't be read at line {}, column {}.",
            error.line(),
            error.column()
        ))
        .advise("Send one object, such as {\"text\": \"…\"}, as the description at /api/v1/openapi.json has it."),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewScenario {
    name: Option<String>,
    text: String,
}

async fn create(State(atlas): State<Shared>, body: Bytes) -> Response {
    answer(atlas, move |atlas| {
        let new: NewScenario = read_body(&body)?;
        let scenario = parsed(&new.text)?;
        let title = scenario.title;
        let (name, keeping) = match &new.name {
            Some(name) => (name, Keeping::Kept),
            None => (&title, Keeping::Draft),
        };
        let saved = atlas.lab()?.store.create(name, keeping, &new.text)?;
        Ok((StatusCode::CREATED, scenario_json(&saved)))
    })
    .await
}

/// A text that is taken in, read.
fn parsed(text: &str) -> Result<Scenario, Problem> {
    let scenario = Scenario::read("scenario", &SourceText::new("scenario.toml", text))?;
    few_enough(&scenario)?;
    Ok(scenario)
}

async fn read(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    answer(atlas, move |atlas| {
        let lab = atlas.lab()?;
        let saved = lab.store.scenario(scenario_id(&id)?)?;
        let mut scenario = scenario_json(&saved);
        let desk = Desk::open(saved, None, Scope::Likely, &lab.shelf)?;
        let law = |it: Reading| reforms(&it.scenario, &it.registry, &it.economy);
        match desk.reading.map(law) {
            Ok(Ok(reforms)) => {
                scenario["law"] = reforms.iter().map(reform_json).collect();
            }
            Ok(Err(findings)) | Err(findings) => {
                scenario["mistakes"] = findings.iter().map(finding_json).collect();
            }
        }
        Ok((StatusCode::OK, scenario))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    from: u32,
    text: String,
}

async fn save(State(atlas): State<Shared>, Path(id): Path<String>, body: Bytes) -> Response {
    answer(atlas, move |atlas| {
        let change: Change = read_body(&body)?;
        let id = scenario_id(&id)?;
        parsed(&change.text)?;
        let saved = atlas.lab()?.store.save(id, change.from, &change.text)?;
        Ok((StatusCode::OK, scenario_json(&saved)))
    })
    .await
}

async fn remove(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    answer(atlas, move |atlas| {
        atlas.lab()?.store.delete_scenario(scenario_id(&id)?)?;
        Ok((StatusCode::OK, json!({ "deleted": true })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedRun {
    scenario: Option<u32>,
    text: Option<String>,
}

async fn run(State(atlas): State<Shared>, body: Bytes) -> Response {
    let worker = Arc::clone(&atlas);
    let submit = move || {
        let asked: AskedRun = read_body(&body)?;
        let lab = worker.lab()?;
        match (asked.scenario, &asked.text) {
            (Some(number), None) => {
                let saved = lab.store.scenario(scenario_id(&number.to_string())?)?;
                let name = crate::lab::file_name(&saved.name);
                let from = Some((saved.id, saved.revision));
                requests::submitted(lab, from, &name, &saved.text)
            }
            (None, Some(text)) => requests::submitted(lab, None, "scenario", text),
            _ => Err(
                Problem::senseless("A run is asked for by a scenario or by a text.")
                    .advise("Give either scenario or text."),
            ),
        }
    };
    let run = match atlas.answers.work(submit).await {
        Ok(run) => *run,
        Err(problem) => return problem.into_response(),
    };
    requests::wait_a_little(&atlas, run).await;
    answer(atlas, move |atlas| {
        Ok((StatusCode::CREATED, run_answer(atlas.lab()?, run)?))
    })
    .await
}

async fn follow(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    answer(atlas, move |atlas| {
        Ok((StatusCode::OK, run_answer(atlas.lab()?, run_id(&id)?)?))
    })
    .await
}

async fn cancel(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    answer(atlas, move |atlas| {
        let lab = atlas.lab()?;
        let id = run_id(&id)?;
        requests::stopped(lab, id)?;
        Ok((StatusCode::OK, run_answer(lab, id)?))
    })
    .await
}

async fn remove_run(State(atlas): State<Shared>, Path(id): Path<String>) -> Response {
    answer(atlas, move |atlas| {
        atlas.lab()?.store.delete_run(run_id(&id)?)?;
        Ok((StatusCode::OK, json!({ "deleted": true })))
    })
    .await
}

fn run_answer(lab: &Lab, id: acquis_store::RunId) -> Result<Value, Problem> {
    let run = lab.runner.run(id)?;
    let files = lab.store.results(id)?;
    Ok(run_json(&run, &files))
}

fn scenario_card(card: &ScenarioCard) -> Value {
    json!({
        "id": number(card.id),
        "name": card.name,
        "kept": card.keeping == Keeping::Kept,
        "created": card.created.to_string(),
        "changed": card.changed.to_string(),
        "revision": card.revision,
    })
}

fn scenario_json(saved: &SavedScenario) -> Value {
    json!({
        "id": number(saved.id),
        "name": saved.name,
        "kept": saved.keeping == Keeping::Kept,
        "created": saved.created.to_string(),
        "changed": saved.changed.to_string(),
        "revision": saved.revision,
        "text": saved.text,
    })
}

fn reform_json(reform: &Reform) -> Value {
    let conflicts = |conflicts: &[Conflict]| -> Value { json!(conflicts) };
    json!({
        "acts": reform.sentences,
        "changed": reform.changed,
        "incompatible": conflicts(&reform.incompatible),
        "already_incompatible": conflicts(&reform.already_incompatible),
    })
}

fn run_card(card: &RunCard) -> Value {
    json!({
        "id": number(card.id),
        "scenario": card.scenario.map(|(id, revision)| json!({ "id": number(id), "revision": revision })),
        "name": card.name,
        "title": card.title,
        "pack": { "name": card.pack.name, "sha256": card.pack.digest },
        "economy": { "name": card.economy.name, "sha256": card.economy.digest },
        "program": card.program,
        "queued": card.queued.to_string(),
        "state": state_json(&card.state),
    })
}

fn run_json(run: &Run, files: &[ResultCard]) -> Value {
    let mut told = run_card(&run.card);
    told["text"] = json!(run.text);
    let files = files.iter().filter(|file| !is_for_pages(&file.name));
    told["files"] = files
        .map(|file| {
            json!({
                "name": file.name,
                "bytes": file.bytes,
                "href": format!("/api/v1/lab/runs/{}/files/{}", run.card.id, file.name),
            })
        })
        .collect();
    told
}

fn state_json(state: &RunState) -> Value {
    let progress = |progress: Progress| json!({ "done": progress.done, "total": progress.total });
    let mut told = json!({ "is": state.word() });
    match state {
        RunState::Queued => {}
        RunState::Running {
            started,
            progress: at,
        } => {
            told["started"] = json!(started.to_string());
            told["progress"] = progress(*at);
        }
        RunState::Done { started, ended } => {
            told["started"] = json!(started.to_string());
            told["ended"] = json!(ended.to_string());
        }
        RunState::Failed { ended, reason } => {
            told["ended"] = json!(ended.to_string());
            told["reason"] = json!(reason);
        }
        RunState::Cancelled { ended } => told["ended"] = json!(ended.to_string()),
        RunState::Killed {
            ended,
            progress: at,
        } => {
            told["ended"] = json!(ended.to_string());
            told["progress"] = progress(*at);
        }
    }
    told
}

/// A number of ours as a number of JSON.
fn number(id: impl std::fmt::Display) -> Value {
    id.to_string()
        .parse::<i64>()
        .map_or(Value::Null, Value::from)
}
