//! The lab as its user meets it: scenarios by clicks, the law at once, runs that are kept.

mod face;
mod kept;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use acquis_atlas::Atlas;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::asking::{Answer, HOST, atlas_in, send, server_of};
use crate::data::form;

/// A program of its own, with a folder of its own.
pub(crate) struct Program {
    folder: Arc<TempDir>,
    atlas: Arc<Atlas>,
}

impl Program {
    pub(crate) fn start() -> Self {
        Self::in_folder(Arc::new(tempfile::tempdir().unwrap()))
    }

    fn in_folder(folder: Arc<TempDir>) -> Self {
        let atlas = Arc::new(atlas_in(folder.path()));
        Self { folder, atlas }
    }

    /// Ends the program and starts it again.
    pub(crate) fn restart(self) -> Self {
        let folder = Arc::clone(&self.folder);
        drop(self);
        Self::in_folder(folder)
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn ask(&self, method: Method, address: &str, kind: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("content-type", kind)
            .body(Body::from(body));
        send(server_of(&self.atlas, None), request.unwrap()).await
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.ask(Method::GET, address, "text/plain", String::new())
            .await
    }

    pub(crate) async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = "application/x-www-form-urlencoded";
        self.ask(Method::POST, address, kind, form).await
    }

    /// Asks for a file that is no text.
    pub(crate) async fn raw(&self, address: &str) -> axum::response::Response {
        let request = Request::get(address).header("host", HOST);
        let request = request.body(Body::empty()).unwrap();
        server_of(&self.atlas, None).oneshot(request).await.unwrap()
    }

    /// Sends a form with files.
    pub(crate) async fn send(
        &self,
        address: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let request = form(address, fields, files);
        send(server_of(&self.atlas, None), request).await
    }

    pub(crate) async fn program(&self, method: Method, address: &str, body: &Value) -> Answer {
        self.ask(method, address, "application/json", body.to_string())
            .await
    }

    /// Posts a form that must be done, and opens the page it leads to.
    #[track_caller]
    pub(crate) fn done(answer: &Answer) -> String {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.header("location").to_owned()
    }

    pub(crate) async fn open_shipped(&self, name: &str) -> String {
        Self::done(&self.post("/lab/start", &[("scenario", name)]).await)
    }

    /// A scenario that changes nothing yet.
    async fn open_empty(&self, title: &str, economy: &str, date: &str) -> String {
        let fields = [("title", title), ("economy", economy), ("date", date)];
        Self::done(&self.post("/lab/start", &fields).await)
    }

    /// A scenario whose run takes longer than any test.
    async fn open_long(&self) -> String {
        let desk = self.open_shipped("eurasian-union-2019").await;
        let fields = [
            ("external_tariff", "trade_weighted_mean"),
            ("draws", "900000"),
            ("elasticity_error", "0.2"),
        ];
        Self::done(&self.post(&format!("{desk}/settings"), &fields).await);
        desk
    }

    pub(crate) async fn page(&self, address: &str) -> Html {
        let answer = self.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
        let page = answer.html();
        assert!(page.errors.is_empty(), "{address}: {:?}", page.errors);
        page
    }

    /// Waits until a run is over and gives what programs are told of it.
    pub(crate) async fn over(&self, run: &str) -> Value {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let told = self.get(&format!("/api/v1{run}")).await.json();
            let is = told["state"]["is"].as_str().unwrap();
            if is != "queued" && is != "running" {
                return told;
            }
            assert!(Instant::now() < deadline, "{told}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub(crate) fn words(page: &Html, what: &str) -> String {
    let selector = Selector::parse(what).unwrap();
    page.select(&selector).flat_map(|it| it.text()).collect()
}

pub(crate) fn count(page: &Html, what: &str) -> usize {
    page.select(&Selector::parse(what).unwrap()).count()
}

#[tokio::test]
async fn the_single_economic_space_is_built_by_clicks_run_kept_and_reopened() {
    let program = Program::start();
    let desk = program
        .open_empty("By clicks", "post-soviet-2004", "2004-12-31")
        .await;
    let page = program.page(&desk).await;
    assert!(words(&page, "#desk").contains("Nothing is changed yet"));
    assert!(count(&page, "#matrix button.cell") > 20);

    let act = [
        ("act_institution", "agr:single-economic-space-2003"),
        ("act_name", "implementation"),
        ("act_stage", "free_trade_area"),
        ("act_on", "2004-09-01"),
        ("act_who", "BLR"),
        ("act_who", "KAZ"),
        ("act_who", "RUS"),
        ("act_who", "UKR"),
    ];
    let again = Program::done(&program.post(&format!("{desk}/act"), &act).await);
    let page = program.page(&again).await;
    let said = words(&page, "#desk");
    assert!(said.contains("5 pairs"), "{said}");
    assert!(said.contains("These commitments can all be kept"), "{said}");
    assert!(
        count(&page, "#desk figure svg") > 0,
        "what it is worth is told at once"
    );

    let kept = Program::done(
        &program
            .post(&format!("{desk}/keep"), &[("name", "My space")])
            .await,
    );
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    let told = program.over(&run).await;
    assert_eq!(told["state"]["is"], "done", "{told}");
    let files: Vec<&str> = told["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap())
        .collect();
    for file in [
        "report.html",
        "results.csv",
        "results.parquet",
        "certificate.json",
        "scenario.toml",
    ] {
        assert!(files.contains(&file), "{file}: {files:?}");
    }

    let program = program.restart();
    let page = program.page(&kept).await;
    assert!(words(&page, "#desk").contains("5 pairs"));
    assert!(program.get("/lab").await.body.contains("My space"));
    let page = program.page(&run).await;
    let said = words(&page, "main");
    assert!(
        said.contains("What it is worth") && said.contains("Certificate"),
        "{said}"
    );
    assert!(count(&page, "main figure svg") > 1);
    let csv = program.get(&format!("{run}/files/results.csv")).await;
    assert!(csv.header("content-disposition").contains("attachment"));
    assert!(csv.body.starts_with("state,name,concerned"));
    let nothing = program.get(&format!("{run}/files/other.csv")).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let report = program.get(&format!("{run}/files/report.html")).await;
    let policy = report.header("content-security-policy");
    assert!(
        policy.contains("sandbox") && policy.contains("default-src 'none'"),
        "{policy}"
    );
    assert!(!program.folder().join("acquis.db-journal").exists());
}

#[tokio::test]
async fn a_cell_is_clicked_taken_back_and_undone() {
    let program = Program::start();
    let desk = program
        .open_empty("Clicks", "post-soviet-2012", "2012-07-01")
        .await;
    let cell = "button.cell[value='org:eurasec-customs-union|UKR|join']";
    let page = program.page(&desk).await;
    // Ukraine takes part in two of what is shown, so it has a row.
    assert_eq!(count(&page, cell), 1, "{}", words(&page, "#matrix"));
    let click = [
        ("cell", "org:eurasec-customs-union|UKR|join"),
        ("from", "1"),
        ("on", "2012-01-01"),
    ];
    Program::done(&program.post(&format!("{desk}/click"), &click).await);
    let page = program.page(&desk).await;
    assert_eq!(count(&page, "button.cell.changed"), 1);
    assert!(words(&page, "ol.acts").contains("accession of Ukraine"));

    let stale = program.post(&format!("{desk}/click"), &click).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(words(&stale.html(), "#desk").contains("saved meanwhile"));

    let back = [
        ("cell", "org:eurasec-customs-union|UKR|strike"),
        ("from", "2"),
    ];
    Program::done(&program.post(&format!("{desk}/click"), &back).await);
    let page = program.page(&desk).await;
    assert_eq!(count(&page, "button.cell.changed"), 0);
    Program::done(
        &program
            .post(&format!("{desk}/undo"), &[("from", "3")])
            .await,
    );
    let page = program.page(&desk).await;
    assert_eq!(count(&page, "button.cell.changed"), 1);
    let all = program.page(&format!("{desk}?scope=all")).await;
    assert!(count(&all, "#matrix tbody tr") > count(&page, "#matrix tbody tr"));
}

#[tokio::test]
async fn the_law_refuses_with_its_reason_and_each_variant_has_its_own_desk() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let page = program.page(&format!("{desk}?variant=both")).await;
    let said = words(&page, "section[aria-labelledby='law']");
    assert!(
        said.contains("exclude each other") && said.contains("XXIV"),
        "{said}"
    );
    assert_eq!(words(&page, "nav.tabs [aria-current]"), "Both at once");
    let union = program.page(&format!("{desk}?variant=customs-union")).await;
    assert!(words(&union, "section[aria-labelledby='law']").contains("can all be kept"));
    let back = [("variant", "customs-union"), ("number", "0"), ("from", "1")];
    let there = Program::done(&program.post(&format!("{desk}/remove-act"), &back).await);
    assert!(there.ends_with("?variant=customs-union"), "{there}");
    assert_eq!(count(&program.page(&there).await, "ol.acts li"), 1);
    assert_eq!(
        count(
            &program.page(&format!("{desk}?variant=both")).await,
            "ol.acts li"
        ),
        4
    );

    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    assert_eq!(program.over(&run).await["state"]["is"], "done");
    let said = words(&program.page(&run).await, "main");
    assert!(
        said.contains("Refused: the commitments can't all be kept"),
        "{said}"
    );
}

#[tokio::test]
async fn settings_are_changed_and_what_makes_no_sense_is_told_at_its_field() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let source = [
        ("elasticity", "4"),
        ("elasticity_source", "a study"),
        ("from", "1"),
    ];
    Program::done(&program.post(&format!("{desk}/settings"), &source).await);
    let file = program.get(&format!("{desk}/file")).await;
    assert!(file.header("content-disposition").contains(".toml"));
    assert!(file.body.contains("trade = 4"), "{}", file.body);
    assert!(
        file.body.contains("# The seeds' own question"),
        "comments stay"
    );
    for (field, value, says) in [
        ("date", "2004-13-01", "is not a day"),
        ("elasticity", "four", "is not a number"),
        ("elasticity", "-4", "elasticity"),
        ("grade", "sined", "signed"),
        ("economy", "post-soviet-1850", "post-soviet-2004"),
        ("title", "", "Give the scenario a title"),
    ] {
        let fields = [(field, value), ("elasticity_source", "x")];
        let answer = program.post(&format!("{desk}/settings"), &fields).await;
        assert!(
            answer.status.is_client_error(),
            "{field}={value}: {}",
            answer.status
        );
        assert!(
            answer.body.contains(says),
            "{field}={value}: {}",
            answer.body
        );
    }
    let wrong = program
        .post(&format!("{desk}/text"), &[("text", "title = ")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = program
        .post(
            &format!("{desk}/act"),
            &[
                ("act_institution", "org:eu"),
                ("act_name", "accession"),
                ("act_on", "2004-01-01"),
            ],
        )
        .await;
    assert!(nobody.body.contains("Tick the states"), "{}", nobody.body);
    assert_eq!(
        program.get(&format!("{desk}/file")).await.body,
        file.body,
        "nothing was saved"
    );
}

#[tokio::test]
async fn a_file_is_opened_if_it_is_a_scenario() {
    let program = Program::start();
    let upload = async |text: &str| {
        let body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"mine.toml\"\r\n\r\n{text}\r\n--b--\r\n"
        );
        let kind = "multipart/form-data; boundary=b";
        program.ask(Method::POST, "/lab/upload", kind, body).await
    };
    let desk = program.open_shipped("customs-union-2012").await;
    let text = program.get(&format!("{desk}/file")).await.body;
    let again = Program::done(&upload(&text).await);
    assert_ne!(again, desk);
    assert_eq!(program.get(&format!("{again}/file")).await.body, text);
    let wrong = upload(&text.replace("[base]", "[bas]")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("mine.toml:"), "{}", wrong.body);
    let long = upload(&"#".repeat((1 << 20) + 1)).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    // A file that names files of the server is not followed there.
    let elsewhere = upload(&text.replace("\"post-soviet-2012\"", "\"/etc/passwd.toml\"")).await;
    let desk = Program::done(&elsewhere);
    let said = words(&program.page(&desk).await, "#desk .notice");
    assert!(
        said.contains("no economy") && said.contains("post-soviet-2012"),
        "{said}"
    );
    let run = program.post(&format!("{desk}/run"), &[]).await;
    assert_eq!(run.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_long_run_is_followed_and_cancelled() {
    let program = Program::start();
    let desk = program.open_long().await;
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    let page = program.page(&run).await;
    assert_eq!(count(&page, "[data-follow]"), 1);
    assert_eq!(
        count(&page, "head noscript"),
        1,
        "without a script the page is loaded again"
    );
    let kept = program.post(&format!("{run}/delete"), &[]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    Program::done(&program.post(&format!("{run}/cancel"), &[]).await);
    assert_eq!(program.over(&run).await["state"]["is"], "cancelled");
    assert!(words(&program.page(&run).await, "main").contains("Cancelled"));
    let gone = Program::done(&program.post(&format!("{run}/delete"), &[]).await);
    assert_eq!(gone, "/lab#runs");
    assert_eq!(program.get(&run).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn runs_stand_side_by_side() {
    let program = Program::start();
    let mut runs = Vec::new();
    for name in [
        "single-economic-space-2004",
        "customs-union-2012",
        "ukraine-chooses-2012",
    ] {
        let desk = program.open_shipped(name).await;
        let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
        assert_eq!(program.over(&run).await["state"]["is"], "done");
        runs.push(run.rsplit('/').next().unwrap().to_owned());
    }
    let two = format!("/lab/compare?run={}&run={}", runs[0], runs[1]);
    let page = program.page(&two).await;
    assert_eq!(count(&page, "table#comparison thead th"), 5);
    assert!(words(&page, "main").contains("don't start from the same figures"));
    let twin = program.get(&format!("/api/v1{two}")).await.json();
    assert_eq!(
        twin["rows"].as_array().unwrap().len(),
        count(&page, "table#comparison tbody tr")
    );
    let five = format!(
        "/lab/compare?run={}&run={}&run={}",
        runs[0], runs[1], runs[2]
    );
    let too_many = program.get(&five).await;
    assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(too_many.body.contains("5 variants"), "{}", too_many.body);
    assert_eq!(
        program.get("/lab/compare").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        program.get("/lab/compare?run=99").await.status,
        StatusCode::NOT_FOUND
    );
}

/// What a program may send to a scenario of its own and to its run that is over, in order, with
/// the status that it is answered with.
fn calls(own: &str, run: &str, text: &str) -> Vec<(Method, String, Value, u16)> {
    let (post, put, delete, get) = (Method::POST, Method::PUT, Method::DELETE, Method::GET);
    let scenarios = || "/api/v1/lab/scenarios".to_owned();
    let runs = |rest: &str| format!("/api/v1/lab/runs{rest}");
    let taken = json!({ "name": "mine", "text": text });
    let new = json!({ "from": 1, "text": text.replace("2012-07-01", "2012-08-01") });
    let to_nobody = json!({ "from": 1, "text": text });
    let empty = json!({});
    let own = || own.to_owned();
    vec![
        (post.clone(), scenarios(), taken, 409),
        (
            post.clone(),
            scenarios(),
            json!({ "text": "title = 3" }),
            422,
        ),
        (post.clone(), scenarios(), json!(["no", "object"]), 422),
        (put.clone(), own(), new.clone(), 200),
        (put.clone(), own(), new, 409),
        (put, format!("{}/77", scenarios()), to_nobody, 404),
        (delete.clone(), own(), empty.clone(), 200),
        (get.clone(), own(), empty.clone(), 404),
        (post.clone(), runs(""), empty.clone(), 422),
        (post, format!("/api/v1{run}/cancel"), empty.clone(), 200),
        (get, runs("/x"), empty.clone(), 404),
        (delete, format!("/api/v1{run}"), empty, 200),
    ]
}

/// The path that describes an address: `{id}` in the place of the number.
fn template(address: &str) -> String {
    let segments = address.split('/').enumerate();
    let segments = segments.map(|(place, segment)| if place == 5 { "{id}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn programs_have_the_same_lab_and_are_answered_as_described() {
    let program = Program::start();
    let text = acquis_library::builtin::scenario("customs-union-2012")
        .unwrap()
        .text
        .clone();
    let scenarios = "/api/v1/lab/scenarios";
    let made = program
        .program(
            Method::POST,
            scenarios,
            &json!({ "name": "Mine", "text": text }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let own = format!("{scenarios}/{}", made.json()["id"]);
    let read = program.get(&own).await.json();
    assert_eq!(read["text"], text.as_str());
    assert!(!read["law"][0]["changed"].as_array().unwrap().is_empty());
    let run = program
        .program(
            Method::POST,
            "/api/v1/lab/runs",
            &json!({ "scenario": read["id"] }),
        )
        .await;
    assert_eq!(run.status, StatusCode::CREATED, "{}", run.body);
    let run = format!("/lab/runs/{}", run.json()["id"]);
    assert_eq!(program.over(&run).await["state"]["is"], "done");

    let document = program.get("/api/v1/openapi.json").await.json();
    for (method, address, body, status) in calls(&own, &run, &text) {
        let answer = program.program(method.clone(), &address, &body).await;
        let said = &answer.body;
        assert_eq!(answer.status.as_u16(), status, "{method} {address}: {said}");
        let name = method.as_str().to_lowercase();
        let template = template(&address);
        let described = &document["paths"][&template][&name]["responses"][status.to_string()];
        assert!(described.is_object(), "{method} {template}: {status}");
    }
    let broken = program
        .ask(Method::POST, scenarios, "application/json", "{".to_owned())
        .await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_elsewhere_cannot_change_anything() {
    let program = Program::start();
    let request = Request::post("/lab/start")
        .header("host", HOST)
        .header("origin", "http://evil.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("scenario=customs-union-2012"));
    let answer = send(server_of(&program.atlas, None), request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        program.get("/api/v1/lab").await.json()["drafts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
