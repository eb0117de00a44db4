//! Which union would hold: the form says what its answer is about, and what can't be asked is
//! told as a reader would say it.

use axum::http::StatusCode;
use scraper::Selector;

use crate::asking::get;

const TWO_UNIONS: &str = "/blocs?scenario=two-unions-2012";

#[tokio::test]
async fn a_browser_is_told_to_forget_what_was_ticked() {
    let page = get(TWO_UNIONS).await.html();
    let form = Selector::parse("form#question[autocomplete=off]").unwrap();
    assert_eq!(page.select(&form).count(), 1);
    let legend = Selector::parse("form#question legend").unwrap();
    let legend: String = page.select(&legend).next().unwrap().text().collect();
    assert!(legend.contains("none ticked: all"), "{legend}");
}

#[tokio::test]
async fn one_candidate_is_too_few_and_none_is_all() {
    for more in ["candidate=BLR", "candidate=BLR&candidate=Belarus"] {
        let one = get(&format!("{TWO_UNIONS}&{more}")).await;
        assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY, "{more}");
        assert!(one.body.contains("two candidates or more"), "{}", one.body);
    }
    let none = get(&format!("{TWO_UNIONS}&candidate=")).await;
    assert_eq!(none.status, StatusCode::OK, "{}", none.body);
    let ticked = Selector::parse("input[name=candidate][checked]").unwrap();
    let unticked = Selector::parse("input[name=candidate]:not([checked])").unwrap();
    let page = none.html();
    assert!(page.select(&ticked).count() > 2);
    assert_eq!(page.select(&unticked).count(), 0);
}

#[tokio::test]
async fn numbers_that_cannot_be_are_told_in_words() {
    for (more, status, said) in [
        (
            "effect=99",
            422,
            "The effect can be multiplied by 0 to 3, not by 99.",
        ),
        (
            "elasticity=0.5",
            422,
            "The trade elasticity can be 1 to 15, not 0.5.",
        ),
        ("elasticity=x", 400, "\"x\" is no number"),
        ("effect=nan", 400, "\"nan\" is no number"),
    ] {
        let answer = get(&format!("/api/v1{TWO_UNIONS}&{more}")).await;
        assert_eq!(answer.status.as_u16(), status, "{more}: {}", answer.body);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(said), "{more}: {detail}");
    }
}
