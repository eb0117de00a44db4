//! Which union would hold: the form says what its answer is about, and what can't be asked is
//! told as a reader would say it.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use scraper::Selector;
use tokio::time::timeout;

use crate::asking::get;
use crate::lab::{Program, words};

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

#[tokio::test(flavor = "multi_thread")]
async fn readers_who_leave_free_their_places() {
    const LONG: &str = "/blocs?scenario=which-union-2004";
    // What is read once is read before.
    assert_eq!(
        get(&format!("{LONG}&effect=0.9")).await.status,
        StatusCode::OK
    );
    let begun = Instant::now();
    assert_eq!(
        get(&format!("{LONG}&effect=1.1")).await.status,
        StatusCode::OK
    );
    let whole = begun.elapsed();

    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let leaving: Vec<_> = (0..4 * processors)
        .map(|number| {
            let address = format!("{LONG}&effect=1.2{number}");
            tokio::spawn(async move { timeout(Duration::from_millis(50), get(&address)).await })
        })
        .collect();
    for reader in leaving {
        assert!(reader.await.unwrap().is_err(), "it was no long question");
    }
    let left = Instant::now();
    assert_eq!(get("/terms?on=2001-02-03").await.status, StatusCode::OK);
    let waited = left.elapsed();
    assert!(
        waited < (whole / 2).max(Duration::from_millis(200)),
        "{waited:?} after readers of {whole:?} had left"
    );
}

#[tokio::test]
async fn a_saved_scenario_asks_under_its_own_assumptions() {
    const FOUR: &str = "?candidate=BLR&candidate=KAZ&candidate=RUS&candidate=UKR";
    let program = Program::start();
    let desk = program.open_shipped("which-union-2004").await;
    let page = program.page(&desk).await;
    let link = Selector::parse(&format!("a[href='{desk}/blocs']")).unwrap();
    assert!(page.select(&link).next().is_some(), "the desk leads there");

    let ready = format!("/api/v1/blocs{FOUR}&scenario=which-union-2004");
    let ready = program.get(&ready).await.json();
    let saved = || async {
        program
            .get(&format!("/api/v1{desk}/blocs{FOUR}"))
            .await
            .json()
    };
    let before = saved().await;
    assert_eq!(before["tables"], ready["tables"]);
    assert_eq!(before["equilibria"], ready["equilibria"]);
    let fields = [("elasticity", "4"), ("elasticity_source", "a test")];
    Program::done(&program.post(&format!("{desk}/settings"), &fields).await);
    let after = saved().await;
    assert_eq!(after["elasticity"], 4.0);
    assert_ne!(after["tables"], before["tables"]);

    let page = program.page(&format!("{desk}/blocs{FOUR}")).await;
    assert!(words(&page, "#question").contains("your scenario"));
    let picture = format!("{desk}/blocs/lattice.svg{FOUR}");
    assert!(program.get(&picture).await.body.starts_with("<svg "));

    let other = program.open_shipped("single-economic-space-2004").await;
    let refused = program.get(&format!("{other}/blocs")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("[blocs]"), "{}", refused.body);
}
