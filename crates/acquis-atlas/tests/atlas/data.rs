//! Claims computed again, the data behind the answers, and files of the user's own.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use scraper::Selector;
use tower::ServiceExt as _;

use crate::asking::{Answer, HOST, get, send, server};

const EDGE: &str = "a-line-that-no-file-holds";

/// A form as a browser sends it: fields, then files.
pub(crate) fn form(
    address: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Request<Body> {
    let mut body = Vec::new();
    let mut part = |disposition: &str, bytes: &[u8]| {
        let head = format!("--{EDGE}\r\ncontent-disposition: form-data; {disposition}\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    };
    for (name, value) in fields {
        part(&format!("name=\"{name}\""), value.as_bytes());
    }
    for (name, bytes) in files {
        part(&format!("name=\"files\"; filename=\"{name}\""), bytes);
    }
    body.extend(format!("--{EDGE}--\r\n").as_bytes());
    Request::post(address)
        .header("host", HOST)
        .header("origin", format!("http://{HOST}"))
        .header(
            "content-type",
            format!("multipart/form-data; boundary={EDGE}"),
        )
        .body(Body::from(body))
        .unwrap()
}

async fn send_files(address: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    send(server(None), form(address, fields, files)).await
}

fn texts(answer: &Answer, what: &str) -> Vec<String> {
    let selector = Selector::parse(what).unwrap();
    let page = answer.html();
    page.select(&selector)
        .map(|found| found.text().collect())
        .collect()
}

pub(crate) const PACK: &str = r#"[pack]
id = "mine"
title = "Of my own"

[[source]]
id = "treaty"
type = "treaty"
title = "The treaty"
published = "1960"

[[state]]
id = "AAA"
names = [{ name = "Aland" }]

[[agreement]]
id = "agr:trade"
names = [{ name = "Trade" }]
[[agreement.act]]
act = "signature"
who = ["AAA"]
claims = [{ on = "1960-13-01", src = "treaty" }]
"#;

#[tokio::test]
async fn claims_are_counted_as_the_command_line_counts_them() {
    let page = get("/claims").await;
    let twin = get("/api/v1/claims").await.json();
    let rows = texts(&page, "table#claims tbody tr").len();
    assert!(rows > 10);
    assert_eq!(rows, twin["claims"].as_array().unwrap().len());
    let tally = &twin["tally"];
    let sum: u64 = ["hold", "differ", "follow", "unchecked"]
        .iter()
        .map(|key| tally[key].as_u64().unwrap())
        .sum();
    assert_eq!(sum, rows as u64);
    assert!(tally["hold"].as_u64().unwrap() > 0);
    let svg = get("/claims/deviations.svg").await;
    assert!(svg.body.starts_with("<svg "), "{}", svg.body);
}

#[tokio::test]
async fn a_volume_that_can_t_be_sold_is_refused() {
    let answer = get("/claims?volume=-3").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let with = get("/api/v1/claims?volume=20500000").await.json();
    let without = get("/api/v1/claims").await.json();
    assert_ne!(with, without);
}

#[tokio::test]
async fn packs_and_economies_tell_their_sources_and_checks() {
    let data = get("/data").await;
    let twin = get("/api/v1/data").await.json();
    assert_eq!(
        texts(&data, "table#packs tbody tr").len(),
        twin["packs"]["rows"].as_array().unwrap().len()
    );
    assert!(data.body.contains("href=\"/data/packs/post-soviet\""));
    let pack = get("/data/packs/post-soviet").await;
    assert!(texts(&pack, "table#sources tbody tr").len() > 20);
    let economy = twin["economies"]["rows"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = get(&format!("/data/economies/{economy}")).await;
    assert!(
        texts(&page, "table#check tbody tr").len() > 1,
        "{}",
        page.body
    );
    assert!(texts(&page, "table#countries tbody tr").len() > 5);
}

#[tokio::test]
async fn a_name_that_nothing_has_is_guessed() {
    let answer = get("/data/packs/post-sovjet").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("post-soviet"), "{}", answer.body);
}

#[tokio::test]
async fn a_mistake_in_a_pack_is_shown_at_its_line() {
    let answer = send_files("/data/check-pack", &[], &[("pack.toml", PACK.as_bytes())]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let marked = texts(&answer, ".excerpt mark");
    assert!(
        marked.iter().any(|text| text.contains("1960-13-01")),
        "{marked:?}"
    );
    let places = texts(&answer, ".findings .place");
    assert!(
        places
            .iter()
            .any(|place| place.starts_with("pack.toml:21:")),
        "{places:?}"
    );

    let sound = PACK.replace("1960-13-01", "1960-12-01");
    let answer = send_files("/data/check-pack", &[], &[("pack.toml", sound.as_bytes())]).await;
    assert_eq!(texts(&answer, "h1"), ["Of my own"]);
    assert!(
        texts(&answer, ".findings .word.error").is_empty(),
        "{}",
        answer.body
    );
    let twin = send_files(
        "/api/v1/data/check-pack",
        &[],
        &[("pack.toml", sound.as_bytes())],
    )
    .await;
    assert_eq!(twin.json()["holds"]["acts"], 1);
}

#[tokio::test]
async fn an_economy_is_read_checked_and_given_back_as_one_file() {
    let table = "exporter,importer,value\nAAA,AAA,80\nAAA,BBB,20\nBBB,AAA,30\nBBB,BBB,70\n";
    let fields = [
        ("format", "long"),
        ("year", "2019"),
        ("unit", "million USD"),
        ("id", "two"),
    ];
    let files: [(&str, &[u8]); 1] = [("trade.csv", table.as_bytes())];
    let answer = send_files("/data/check-economy", &fields, &files).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        texts(&answer, "table#countries tbody tr").len(),
        2,
        "{}",
        answer.body
    );

    let mut wants = fields.to_vec();
    wants.push(("then", "file"));
    let response = server(None)
        .oneshot(form("/data/check-economy", &wants, &files))
        .await
        .unwrap();
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"two.parquet\""
    );
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    assert!(bytes.starts_with(b"PAR1"));

    let broken = table.replace("30", "thirty");
    let files: [(&str, &[u8]); 1] = [("trade.csv", broken.as_bytes())];
    let answer = send_files("/data/check-economy", &fields, &files).await;
    assert!(
        answer.body.contains("trade.csv") && answer.body.contains("thirty"),
        "{}",
        answer.body
    );
    assert!(
        !answer.body.contains("/tmp"),
        "the folder it was kept in is nobody's business"
    );
    let twin = send_files("/api/v1/data/check-economy", &fields, &files).await;
    assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_no_form_or_holds_no_file_is_refused_with_advice() {
    let request = Request::post("/api/v1/data/check-pack")
        .header("host", HOST)
        .header("content-type", "application/json")
        .body(Body::from("{}"));
    let answer = send(server(None), request.unwrap()).await;
    assert!(answer.status.is_client_error());
    assert!(!answer.json()["advice"].as_array().unwrap().is_empty());
    let answer = send_files("/api/v1/data/check-pack", &[("format", "x")], &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let twice: [(&str, &[u8]); 2] = [("a/pack.toml", b""), ("b/pack.toml", b"")];
    let answer = send_files("/api/v1/data/check-pack", &[], &twice).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

const TABLE: &str = "exporter,importer,value\nAAA,AAA,80\nAAA,BBB,20\nBBB,AAA,30\nBBB,BBB,70\n";

fn manifest(trade: &str) -> String {
    format!("id = 'two'\ntitle = 'Two'\nyear = 2019\nunit = 'USD'\ntrade = '{trade}'\n")
}

#[tokio::test]
async fn a_manifest_names_only_files_that_were_sent_with_it() {
    const SECRET: &str = "exporter,importer,the-password-is-swordfish";
    const PAGE: &str = "/data/check-economy";
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.csv");
    std::fs::write(&secret, SECRET).unwrap();
    let absolute = secret.display().to_string();
    let root = "../".repeat(folder.path().components().count() + 8);
    let relative = format!("{root}{}", absolute.trim_start_matches('/'));

    let sound = manifest("trade.csv");
    let both = |manifest: &str, at: &'static str| {
        let (manifest, table) = (manifest.to_owned(), TABLE.as_bytes());
        async move {
            let files: [(&str, &[u8]); 2] = [("trade.csv", table), ("m.toml", manifest.as_bytes())];
            send_files(at, &[], &files).await
        }
    };
    let answer = both(&sound, PAGE).await;
    assert_eq!(texts(&answer, "h1"), ["Two"], "{}", answer.body);

    for trade in [&*absolute, &*relative, "/dev/zero", "trads.csv"] {
        let answer = both(&manifest(trade), PAGE).await;
        assert!(!answer.body.contains("swordfish"), "{}", answer.body);
        let places = texts(&answer, ".findings .place");
        assert_eq!(places, ["m.toml:5:9"], "{}", answer.body);
        let twin = both(&manifest(trade), "/api/v1/data/check-economy").await;
        assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!twin.body.contains("swordfish"), "{}", twin.body);
        let detail = twin.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("There is no file called"), "{detail}");
    }
    let elasticities = format!(
        "{sound}[elasticities]\ntable = '{absolute}'\ncolumn = 'e'\nsource = 's'\n\
         meaning = 'pre_tariff_value'\n"
    );
    let answer = both(&elasticities, PAGE).await;
    assert!(!answer.body.contains("swordfish"), "{}", answer.body);
    assert_eq!(
        texts(&answer, ".findings .place"),
        ["m.toml:7:9"],
        "{}",
        answer.body
    );
}

/// One column "value" of two thousand million ones, in a run of one byte.
const CLAIMS_MUCH: &[u8] =
    b"PAR1\x15\x04\x15\x10\x15\x10L\x15\x02\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0?\
      \x15\x00\x15\x0e\x15\x0e,\x15\x80\xd0\xac\xf3\x0e\x15\x10\x15\x06\x15\x06\x00\x00\
      \x01\x80\xd0\xac\xf3\x0e\x00\x15\x02\x19,H\x01r\x15\x02\x00\x15\x0a%\x00\x18\x05valu\
      e\x00\x16\x80\xd0\xac\xf3\x0e\x19\x1c\x19\x1c&\x08\x1c\x15\x0a\x19\x15\x10\x19\x18\
      \x05value\x15\x00\x16\x80\xd0\xac\xf3\x0e\x16b\x16b&2&\x08\x00\x00\x16b\x16\x80\xd0\
      \xac\xf3\x0e\x00\x00L\x00\x00\x00PAR1";

#[tokio::test]
async fn what_claims_gigabytes_is_refused() {
    let fields = [("format", "long"), ("year", "2019"), ("unit", "USD")];
    let ring = |countries: usize| -> String {
        let row = |from: usize| format!("C{from},C{},1\n", (from + 1) % countries);
        let rows: String = (0..countries).map(row).collect();
        format!("exporter,importer,value\n{rows}")
    };
    let (thousands, more) = (ring(2000), ring(6000));
    for (name, bytes, said) in [
        ("trade.parquet", CLAIMS_MUCH, "more than 4000000 rows"),
        ("trade.csv", thousands.as_bytes(), "2000 rows can't fill"),
        ("trade.csv", more.as_bytes(), "1 x 6000 x 6000 cells"),
    ] {
        let files = [(name, bytes)];
        let twin = send_files("/api/v1/data/check-economy", &fields, &files).await;
        assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twin.body.contains(said), "{}", twin.body);
    }
    let large = vec![b'\n'; 33 * 1024 * 1024];
    let files: [(&str, &[u8]); 1] = [("trade.csv", &large)];
    let twin = send_files("/api/v1/data/check-economy", &fields, &files).await;
    assert_eq!(twin.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// A body that never comes to its end; who asks for more of it is counted.
struct Endless(Arc<AtomicUsize>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Poll::Pending
    }
}

#[tokio::test]
async fn only_two_uploads_are_read_at_once() {
    let read = Arc::new(AtomicUsize::new(0));
    let endless = || {
        let (parts, _) = form("/data/check-pack", &[], &[]).into_parts();
        let request = Request::from_parts(parts, Body::new(Endless(Arc::clone(&read))));
        tokio::spawn(send(server(None), request))
    };
    let (first, _second) = (endless(), endless());
    while read.load(Ordering::SeqCst) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begun = read.load(Ordering::SeqCst);
    let _third = endless();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(read.load(Ordering::SeqCst), begun, "the third is read too");
    // Whoever hangs up makes room.
    first.abort();
    while read.load(Ordering::SeqCst) == begun {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
