//! Who decides: the page, its twin, its pictures, and what is said of a mistake.

use axum::http::StatusCode;
use scraper::Selector;

use crate::asking::get;

const COMMITTEE: &str = "/votes?organization=EurAsEC&on=2003-01-01";

#[tokio::test]
async fn the_page_and_its_twin_tell_the_same_power() {
    let page = get(COMMITTEE).await.html();
    let twin = get(&format!("/api/v1{COMMITTEE}")).await.json();
    let rows = Selector::parse("table#power tbody tr").unwrap();
    let twins = twin["power"]["rows"].as_array().unwrap();
    assert_eq!(page.select(&rows).count(), twins.len());
    let russia = twins.iter().find(|row| row["state"] == "RUS").unwrap();
    assert!((russia["banzhaf"].as_f64().unwrap() - 5.0 / 11.0).abs() < 1e-12);
    assert_eq!(russia["role"], "veto");
}

#[tokio::test]
async fn a_rule_is_composed_from_that_of_an_organ() {
    let page = get(COMMITTEE).await.html();
    let way = Selector::parse("a#compose").unwrap();
    let way = page.select(&way).next().unwrap();
    let address = way.value().attr("href").unwrap();
    let composed = get(address).await;
    assert_eq!(composed.status, StatusCode::OK);
    let field = Selector::parse("input#field-rule").unwrap();
    let composed = composed.html();
    let value = composed.select(&field).next().unwrap();
    let value = value.value().attr("value").unwrap();
    assert_eq!(value, "[2/3; RUS=4, BLR=2, KAZ=2, KGZ=1, TJK=1]");
}

#[tokio::test]
async fn a_mistake_keeps_the_form_and_stands_in_it() {
    let address = "/votes?rule=%5B7%3B+A%3D4%2C+B%3Dnan%5D&members=";
    let page = get(address).await.html();
    let wrong = Selector::parse("#wrong .what").unwrap();
    let sentence: String = page.select(&wrong).next().unwrap().text().collect();
    assert!(
        sentence.contains("\"nan\" is not a number of votes"),
        "{sentence}"
    );
    let field = Selector::parse("input#field-rule[aria-invalid]").unwrap();
    let field = page.select(&field).next().unwrap();
    assert_eq!(field.value().attr("value"), Some("[7; A=4, B=nan]"));
    let twin = get(&format!("/api/v1{address}")).await;
    assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (more, status) in [("quota=-1", 400), ("draws=100000&uncertain=5%25", 422)] {
        let twin = get(&format!("/api/v1{COMMITTEE}&{more}")).await;
        assert_eq!(twin.status.as_u16(), status, "{more}: {}", twin.body);
    }
}

#[tokio::test]
async fn pictures_are_files_of_their_own() {
    let file = get("/votes/quota.svg?organization=EurAsEC&on=2003-01-01&sweep=yes").await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.starts_with("<svg ") && file.body.contains("Russia"));
    let none = get("/votes/quota.svg?organization=EurAsEC&on=2003-01-01").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_counts_no_more_than_it_can() {
    let many = get("/votes?rule=%5B600%3B+1x1000%5D").await;
    assert!(many.body.contains("1000 members are too many for a page"));
}
