//! Who decides: the page, its twin, its pictures, and what is said of a mistake.

use axum::http::StatusCode;
use scraper::{ElementRef, Html, Selector};

use crate::asking::{Answer, get};

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

/// What the fields of the rows send, some of them changed.
fn sent(page: &Html, changed: &[(&str, &str)]) -> String {
    let fields = Selector::parse("#compose input, #compose option[selected]").unwrap();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for field in page.select(&fields) {
        let own = field.value();
        if own.attr("type") == Some("checkbox") && own.attr("checked").is_none() {
            continue;
        }
        let of_list = || {
            field
                .parent()
                .and_then(ElementRef::wrap)?
                .value()
                .attr("name")
        };
        let name = own.attr("name").or_else(of_list).unwrap();
        pairs.push((name.to_owned(), own.attr("value").unwrap_or("").to_owned()));
    }
    for (name, value) in changed {
        pairs.retain(|(known, _)| known != name);
        pairs.push(((*name).to_owned(), (*value).to_owned()));
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("/votes/compose?{}", query.extend_pairs(pairs).finish())
}

fn first<'h>(page: &'h Html, what: &str) -> ElementRef<'h> {
    page.select(&Selector::parse(what).unwrap()).next().unwrap()
}

#[tokio::test]
async fn a_rule_is_composed_from_that_of_an_organ() {
    let page = get(COMMITTEE).await.html();
    let address = first(&page, "a#compose-from").value().attr("href").unwrap();
    let rows = get(address).await.html();
    let votes = first(&rows, "#compose-votes5\\.1").value().attr("value");
    let name = first(&rows, "#compose-name5").value().attr("value");
    assert_eq!((name, votes), (Some("TJK"), Some("1")));
    let counted = get(&sent(&rows, &[("votes3.1", "5"), ("do", "count")])).await;
    assert_eq!(counted.status, StatusCode::SEE_OTHER, "{}", counted.body);
    let to = counted.header("location");
    assert!(to.contains("against=itself"), "{to}");
    let page = get(to).await.html();
    first(&page, "table#changes");
    let value = first(&page, "input#field-rule").value().attr("value");
    let rule = Some("[2/3; BLR=2, KAZ=2, KGZ=5, RUS=4, TJK=1]");
    assert_eq!(value, rule);
    let text: String = first(&page, "pre.notation").text().collect();
    assert_eq!(Some(text.as_str()), rule);
    // The page of the composed rule has the rows again.
    let votes = first(&page, "#compose-votes3\\.1").value().attr("value");
    assert_eq!(votes, Some("5"));
}

#[tokio::test]
async fn rows_put_states_in_and_take_them_out() {
    let rows = get(&COMMITTEE.replace("/votes", "/votes/compose"))
        .await
        .html();
    let more = [
        ("rows", "6"),
        ("name6", "uzbekistan"),
        ("votes6.1", "2"),
        ("name5", ""),
    ];
    let counted = get(&sent(&rows, &more)).await;
    assert_eq!(counted.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = [&more[..], &[("votes5.1", "")]].concat();
    let counted = get(&sent(&rows, &gone)).await;
    let to = counted.header("location");
    assert!(
        to.contains("with=UZB") && to.contains("without=TJK"),
        "{to}"
    );
    let page = get(to).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let wrong = [("name5", "Tajikstan")];
    let counted = get(&sent(&rows, &wrong)).await.html();
    let told: String = first(&counted, "#wrong-name5").text().collect();
    assert!(told.contains("Did you mean Tajikistan?"), "{told}");
}

#[tokio::test]
async fn every_rule_of_the_list_counts_the_same_in_rows() {
    for day in ["2003-01-01", "2010-01-01", "2016-01-01"] {
        let page = get(&format!("/votes?on={day}")).await.html();
        let options = Selector::parse("#choose optgroup option").unwrap();
        let options: Vec<&str> = page
            .select(&options)
            .filter_map(|option| option.value().attr("value"))
            .collect();
        assert!(options.len() > 10, "{options:?}");
        for option in options {
            let own = get(&format!("/api/v1/votes?{option}")).await;
            assert_eq!(own.status, StatusCode::OK, "{option}: {}", own.body);
            let rows = get(&format!("/votes/compose?{option}")).await;
            assert_eq!(rows.status, StatusCode::OK, "{option}: {}", rows.body);
            let counted = get(&sent(&rows.html(), &[("do", "count")])).await;
            assert_eq!(
                counted.status,
                StatusCode::SEE_OTHER,
                "{option}: {}",
                counted.body
            );
            let composed = get(&format!("/api/v1{}", counted.header("location"))).await;
            assert_eq!(
                composed.status,
                StatusCode::OK,
                "{option}: {}",
                composed.body
            );
            let power = |twin: &Answer| {
                let rows = twin.json()["power"]["rows"].clone();
                let power = |row: &serde_json::Value| (row["banzhaf"].clone(), row["role"].clone());
                let each: Vec<_> = rows.as_array().unwrap().iter().map(power).collect();
                each
            };
            assert_eq!(power(&own), power(&composed), "{option}");
        }
    }
}

#[tokio::test]
async fn buttons_of_the_rows_need_no_script() {
    let page = get("/votes/compose").await.html();
    let named = [
        ("name1", "A"),
        ("votes1.1", "3"),
        ("name2", "B"),
        ("votes2.1", "x"),
    ];
    let rows = |page: &Html| {
        let rows = Selector::parse("table.rows tbody tr").unwrap();
        page.select(&rows).count()
    };
    let asked = |button| [&named[..], &[("do", button)]].concat();
    let more = get(&sent(&page, &asked("add"))).await;
    assert_eq!(
        (more.status, rows(&more.html())),
        (StatusCode::OK, rows(&page) + 1)
    );
    let less = get(&sent(&page, &asked("remove1"))).await.html();
    let value = first(&less, "#compose-name1").value().attr("value");
    assert_eq!((rows(&less), value), (rows(&page) - 1, Some("B")));
    let joined = get(&sent(&page, &asked("join"))).await.html();
    first(&joined, "#compose-kind2");
    let wrong = get(&sent(&page, &asked("count"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = wrong.html();
    let field = first(&wrong, "#compose-votes2\\.1[aria-invalid][autofocus]");
    assert_eq!(field.value().attr("value"), Some("x"));
    assert_eq!(
        field.value().attr("aria-describedby"),
        Some("wrong-votes2.1")
    );
}

#[tokio::test]
async fn what_is_chosen_of_the_list_has_its_own_address() {
    let page = get("/votes?on=2003-01-01").await.html();
    let group = first(&page, "#choose optgroup");
    assert!(!group.value().attr("label").unwrap().contains("other days"));
    let of = form_urlencoded::byte_serialize(
        b"organization=org:eurasec&organ=Integration+Committee&on=2003-01-01&evil=1",
    );
    let of: String = of.collect();
    let chosen = get(&format!("/votes/choose?of={of}")).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    let to = chosen.header("location");
    assert!(to.starts_with("/votes?organization=org%3Aeurasec&organ=Integration+Committee&on="));
    assert!(!to.contains("evil"), "{to}");
    let nothing = get("/votes/choose?of=&on=2003-01-01").await;
    assert_eq!(nothing.header("location"), "/votes?on=2003-01-01");
}

#[tokio::test]
async fn a_mistake_keeps_the_form_and_stands_in_it() {
    let address = "/votes?rule=%5B7%3B+A%3D4%2C+B%3Dnan%5D&members=";
    let page = get(address).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.html();
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
        let page = get(&format!("{COMMITTEE}&{more}")).await;
        assert_eq!(page.status.as_u16(), status, "{more}");
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
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
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
async fn an_organ_in_the_place_of_an_organization_is_told_whose_it_is() {
    let twin = get("/api/v1/votes?organization=Customs+Union+Commission").await;
    assert_eq!(twin.status, StatusCode::NOT_FOUND);
    let told = "Commission of the Customs Union is an organ of ";
    assert!(twin.body.contains(told), "{}", twin.body);
    let none = get("/api/v1/votes?organization=zyzzyva").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(!none.body.contains("is an organ of"), "{}", none.body);
}
