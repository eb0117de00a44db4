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

/// A rule of so many members, all with different votes.
fn large(members: u32) -> String {
    let votes: Vec<String> = (0..members)
        .map(|place| format!("M{place}%3D{}", 100_003 + 7_919 * place))
        .collect();
    format!("/votes?rule=%5B55%25%3B+{}%5D", votes.join("%2C+"))
}

#[tokio::test]
async fn a_question_that_takes_too_long_is_refused_before_it_is_counted() {
    let began = std::time::Instant::now();
    for (members, more, leave_out) in [
        (
            60,
            "&all=yes&uncertain=10%25&draws=2000&sweep=yes",
            "too large",
        ),
        (30, "&index=johnston", "Leave out measures of power"),
        (30, "&uncertain=10%25&draws=2000", "Leave out the error"),
        (20, "&abstention=yes", "Leave out abstention"),
        (25, "&bloc=M0%2CM1%2CM2", "Leave out blocs"),
        (25, "&sweep=yes&index=johnston", "Leave out other quotas"),
        (30, "&wanted=equal", "Leave out the power wanted"),
    ] {
        let address = large(members) + more;
        let twin = get(&format!("/api/v1{address}")).await;
        assert_eq!(twin.status, 422, "{members} {more}: {}", twin.body);
        assert!(twin.body.contains("acquis vote"), "{}", twin.body);
        let page = get(&address).await;
        assert!(page.body.contains(leave_out), "{more}: {}", twin.body);
    }
    assert!(began.elapsed().as_secs() < 10, "it was counted");
}

#[tokio::test]
async fn the_most_draws_are_told_by_the_size_of_the_rule() {
    let twin = get(&format!("/api/v1{}&uncertain=10%25&draws=2000", large(25))).await;
    assert_eq!(twin.status, 422, "{}", twin.body);
    assert!(twin.body.contains("Or ask for up to "), "{}", twin.body);
    let few = get(&format!("/api/v1{}&uncertain=10%25&draws=2000", large(8))).await;
    assert_eq!(few.status, StatusCode::OK, "{}", few.body);
}

#[tokio::test]
async fn every_organ_has_a_day_to_start_from() {
    let page = get("/votes").await.html();
    let links = Selector::parse("#deciding a[href]").unwrap();
    let links: Vec<&str> = page
        .select(&links)
        .filter_map(|link| link.value().attr("href"))
        .collect();
    assert!(links.len() > 8, "{links:?}");
    for link in links {
        let answer = get(&format!("/api/v1{link}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_organ_in_the_place_of_an_organization_is_told_whose_it_is() {
    let twin = get("/api/v1/votes?organization=Customs+Union+Commission").await;
    assert_eq!(twin.status, StatusCode::NOT_FOUND);
    let told = "Commission of the Customs Union is an organ of ";
    assert!(twin.body.contains(told), "{}", twin.body);
    let none = get("/api/v1/votes?organization=zyzzyva").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(!none.body.contains("is an organ of"), "{}", none.body);
}
