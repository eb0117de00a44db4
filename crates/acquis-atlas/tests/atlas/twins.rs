//! The same answers for programs, as the document describes them.

use axum::http::StatusCode;
use scraper::Selector;

use crate::asking::get;

#[tokio::test]
async fn a_twin_says_what_the_page_says() {
    let page = get("/states/UZB?on=2008-11-01").await.html();
    let twin = get("/api/v1/states/UZB?on=2008-11-01").await.json();
    let rows = |id: &str| {
        let rows = Selector::parse(&format!("table#{id} tbody tr")).unwrap();
        page.select(&rows).count()
    };
    assert_eq!(
        rows("standings") + rows("other-standings"),
        twin["standings"].as_array().unwrap().len()
    );
    assert_eq!(
        rows("partners"),
        twin["partners"]["rows"].as_array().unwrap().len()
    );
    assert!(rows("standings") > 3 && rows("other-standings") > 0 && rows("partners") > 3);
    let first = Selector::parse("table#partners tbody tr th").unwrap();
    let shown: String = page.select(&first).next().unwrap().text().collect();
    assert_eq!(twin["partners"]["rows"][0]["party"], shown.as_str());
}

#[tokio::test]
async fn uzbekistan_leaves_and_returns_to_the_csto() {
    for (day, standing) in [
        ("1999-01-01", "member"),
        ("2000-01-01", "withdrawn"),
        ("2007-01-01", "member"),
        ("2013-01-01", "withdrawn"),
    ] {
        let answer = get(&format!("/api/v1/organizations/CSTO?on={day}"))
            .await
            .json();
        let standings = answer["standings"].as_array().unwrap();
        let found = standings.iter().find(|it| it["party"] == "UZB").unwrap();
        let word = found["standing"].as_str().unwrap();
        assert!(word.contains(standing), "{day}: {word}");
    }
}

#[tokio::test]
async fn every_described_path_answers_as_described() {
    let document = get("/api/v1/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 15);
    for (path, item) in paths {
        let Some(described) = item.get("get") else {
            continue;
        };
        let parameters = described["parameters"].as_array().unwrap();
        for parameter in parameters {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
            let in_path = path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap()));
            assert_eq!(parameter["in"] == "path", in_path, "{path}: {parameter}");
        }
        let names: Vec<&str> = parameters
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        // What a user has kept is not asked by the day.
        assert!(
            names.contains(&"on")
                || names.contains(&"known_by")
                || path.starts_with("/api/v1/lab/"),
            "{path}"
        );
        let asked = path.replace(['{', '}'], "");
        let status = get(&asked).await.status.as_u16().to_string();
        assert!(
            described["responses"][&status].is_object(),
            "{path}: {status}"
        );
    }
}

#[tokio::test]
async fn as_known_by_an_earlier_day_less_is_known() {
    let all = get("/api/v1/days").await.json();
    let then = get("/api/v1/days?known_by=2000-01-01").await.json();
    let count = |answer: &serde_json::Value| answer["days"].as_array().unwrap().len();
    assert!(count(&then) < count(&all));
    let nothing = get("/states/UZB?on=2008-11-01&known_by=1900-01-01").await;
    assert_eq!(nothing.status, StatusCode::OK);
    assert!(nothing.body.contains("Nothing is known."));
}
