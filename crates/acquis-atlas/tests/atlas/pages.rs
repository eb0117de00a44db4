//! Every page is there, whole, and usable without a script; every link leads somewhere.

use std::collections::{BTreeSet, VecDeque};

use axum::http::{Method, StatusCode};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;

use crate::asking::get;
use crate::lab::Program;

/// A page of every kind, at moments that have something to show.
const PAGES: &[&str] = &[
    "/?on=2004-06-01",
    "/states?on=2004-06-01",
    "/states/UZB?on=2008-11-01",
    "/states/Belarus?on=2004-06-01&known_by=2005-01-01",
    "/states/XAB?on=2009-01-01",
    "/organizations?on=2004-06-01",
    "/organizations/org:csto?on=2000-01-01",
    "/organizations/EurAsEC?on=2003-01-01",
    "/organizations/org:eu?on=2004-06-01",
    "/pairs",
    "/pairs/RUS/BLR?on=2004-06-01",
    "/questions",
    "/diff?from=2009-12-31&to=2010-01-01",
    "/timeline?of=GUAM",
    "/obligations/GEO?on=2009-01-01",
    "/leave?state=GEO&organization=CIS&on=2009-08-17",
    "/overlap?first=CSTO&second=GUAM&on=2000-01-01",
    "/speeds?organization=CIS&from=1992&to=2012",
    "/incompatible?on=2012-07-01",
    "/conflicts",
    "/conflicts/K05",
    "/sources/vinokurov-2005",
    "/search?q=uzbekstan",
    "/terms",
    "/lab",
    "/blocs",
    "/blocs?scenario=two-unions-2012&candidate=BLR&candidate=KAZ&candidate=RUS&candidate=UKR&effect=0.5",
    "/claims",
    "/data",
    "/data/packs/post-soviet",
    "/data/economies/post-soviet-2004",
    "/votes",
    "/votes/compose",
    "/votes/compose?organization=eu&on=2010-01-01",
    "/votes?organization=EurAsEC&on=2003-01-01&sweep=yes&coalitions=yes&outvote=BLR",
    "/votes?rule=%5B51%25%3B+A%3D40%2C+B%3D35%2C+C%3D25%5D&all=yes&abstention=yes",
];

fn select<'h>(page: &'h Html, what: &str) -> Vec<ElementRef<'h>> {
    page.select(&Selector::parse(what).unwrap()).collect()
}

#[tokio::test]
async fn every_page_is_whole() {
    for address in PAGES {
        let answer = get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
        let page = answer.html();
        assert!(page.errors.is_empty(), "{address}: {:?}", page.errors);
        assert_eq!(select(&page, "h1").len(), 1, "{address}");
        assert_eq!(select(&page, "main#content").len(), 1, "{address}");
        assert!(
            select(&page, "title")[0]
                .text()
                .next()
                .unwrap()
                .ends_with("Acquis")
        );
        let mut seen = BTreeSet::new();
        for element in select(&page, "[id]") {
            let id = element.value().attr("id").unwrap();
            assert!(seen.insert(id), "{address}: two elements have the id {id}");
        }
    }
}

#[tokio::test]
async fn every_page_can_be_read_by_those_who_cannot_see_it() {
    for address in PAGES {
        let page = get(address).await.html();
        assert_eq!(select(&page, "html[lang]").len(), 1);
        assert!(!select(&page, "a.skip[href='#content']").is_empty());
        for field in select(&page, "input:not([type=hidden]), select, textarea") {
            let is_label = |node: ElementRef<'_>| node.value().name() == "label";
            let labelled = field.value().attr("aria-label").is_some()
                || field.ancestors().filter_map(ElementRef::wrap).any(is_label)
                || field
                    .value()
                    .attr("id")
                    .is_some_and(|id| !select(&page, &format!("label[for='{id}']")).is_empty());
            assert!(labelled, "{address}: {}", field.html());
        }
        for table in select(&page, "table") {
            let has = |what: &str| {
                table
                    .select(&Selector::parse(what).unwrap())
                    .next()
                    .is_some()
            };
            assert!(has("caption") && has("thead th[scope=col]"), "{address}");
        }
        for button in select(&page, "button, a[href]") {
            let words: String = button.text().collect();
            let named = !words.trim().is_empty() || button.value().attr("aria-label").is_some();
            assert!(named, "{address}: {}", button.html());
        }
        for picture in select(&page, "svg:not([aria-hidden=true])") {
            assert!(picture.value().attr("aria-label").is_some(), "{address}");
        }
    }
}

#[tokio::test]
async fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for address in PAGES {
        let answer = get(address).await;
        let page = answer.html();
        assert!(
            select(&page, "style, [style], script:not([src])").is_empty(),
            "{address}"
        );
        for element in select(&page, "*") {
            for (name, value) in element.value().attrs() {
                assert!(!name.starts_with("on"), "{address}: {name}");
                let fetches = [
                    "href",
                    "src",
                    "action",
                    "srcset",
                    "poster",
                    "data",
                    "formaction",
                ];
                if fetches.contains(&name) {
                    let ours =
                        value.starts_with('/') || value.starts_with('#') || value.starts_with('?');
                    assert!(
                        ours && !value.starts_with("//"),
                        "{address}: {name}={value}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn every_word_that_opens_has_its_meaning_on_the_page() {
    for address in PAGES {
        let page = get(address).await.html();
        for word in select(&page, "[popovertarget]") {
            let id = word.value().attr("popovertarget").unwrap();
            assert_eq!(
                select(&page, &format!("[popover][id='{id}']")).len(),
                1,
                "{address}: {id}"
            );
        }
    }
}

/// Follows links from the first page on, each path once, and meets no dead end.
#[tokio::test]
async fn every_link_leads_somewhere() {
    const MOST: usize = 260;
    let mut waiting = VecDeque::from(["/?on=2004-06-01".to_owned()]);
    let mut seen = BTreeSet::new();
    while let Some(address) = waiting.pop_front() {
        let path = address.split(['?', '#']).next().unwrap().to_owned();
        if !seen.insert(path) || seen.len() > MOST {
            continue;
        }
        let answer = get(&address).await;
        let fine = answer.status == StatusCode::OK || answer.status == StatusCode::SEE_OTHER;
        assert!(fine, "{address}: {} {}", answer.status, answer.body);
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        for link in select(&answer.html(), "a[href]") {
            let to = link.value().attr("href").unwrap();
            if to.starts_with('/') {
                waiting.push_back(to.to_owned());
            }
        }
    }
    assert!(seen.len() > 150, "{}", seen.len());
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_may_have_been_meant() {
    for (address, status, near) in [
        ("/states/Uzbekstan", 404, "Uzbekistan"),
        ("/organizations/CSTOO", 404, "CSTO"),
        ("/pairs/RUS/Belarrus", 404, "Belarus"),
        ("/conflicts/K055", 404, "K05"),
        ("/sources/vinokurov-2006", 404, "vinokurov-2005"),
        ("/pairs/RUS/RUS", 422, "two states"),
        (
            "/leave?state=UKR&organization=CSTO&on=2004-01-01",
            422,
            "not bound",
        ),
        ("/diff?from=2010-01-01&to=2009-01-01", 422, "earlier"),
        ("/states/UZB?on=2008-13-01", 400, "month 13"),
        ("/states/UZB?on=2008", 400, "2004-06-01"),
        (
            "/states/UZB?on=banana",
            400,
            "is no day: write it as 2004-06-01",
        ),
        ("/incompatible?grade=sined", 400, "signed"),
        ("/states/ZZZ", 404, "at /states"),
        ("/organizations/zzzzzzzz", 404, "at /organizations"),
        (
            "/claims?volume=zz",
            400,
            "volume is not a number: write it as 21.5",
        ),
        (
            "/speeds?organization=CIS&from=abc&to=2000",
            400,
            "from is not a whole number",
        ),
        (
            "/speeds?organization=CIS&to=999999999999",
            400,
            "to is too large a number",
        ),
        (
            "/states/UZB?on=2004-06-01&on=2005-06-01",
            400,
            "on is asked more than once",
        ),
        ("/no-such-page", 404, "no such page"),
    ] {
        let answer = get(address).await;
        assert_eq!(answer.status.as_u16(), status, "{address}: {}", answer.body);
        assert!(answer.body.contains(near), "{address}: {}", answer.body);
        assert!(answer.html().errors.is_empty(), "{address}");
        if address != "/no-such-page" && !address.starts_with("/pairs/RUS/RUS") {
            let program = get(&format!("/api/v1{address}")).await;
            assert_eq!(program.status.as_u16(), status, "{address}");
            assert_eq!(program.header("content-type"), "application/problem+json");
            let problem = program.json();
            assert_eq!(problem["status"], status);
            assert!(program.body.contains(near), "{address}: {}", program.body);
        }
    }
}

#[tokio::test]
async fn what_the_lab_works_with_is_found() {
    let program = Program::start();
    let found = async |query: &str| {
        let answer = program.get(&format!("/api/v1/search?q={query}")).await;
        answer.json()["hits"][0].clone()
    };
    let shipped = found("Armenia+chooses").await;
    assert_eq!(
        (&shipped["kind"], &shipped["path"]),
        (&json!("scenario"), &json!("/lab#ready"))
    );
    let economy = found("Trade+among+36+2012").await;
    assert_eq!(economy["kind"], "economy", "{economy}");
    assert_eq!(economy["path"], "/data/economies/post-soviet-2012");
    assert!(found("Comtrade").await.is_object());
    assert!(found("zyzzyva").await.is_null());
    let file = acquis_library::builtin::scenario("armenia-chooses-2013").unwrap();
    let saved = json!({ "name": "zyzzyva", "text": file.text });
    let scenarios = "/api/v1/lab/scenarios";
    let saved = program.program(Method::POST, scenarios, &saved).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    let saved = found("zyzzyva").await;
    let page = saved["path"].as_str().unwrap();
    assert!(page.starts_with("/lab/scenarios/"), "{saved}");
    assert_eq!(program.get(page).await.status, StatusCode::OK);
    let shown = program.get("/search?q=zyzzyva&on=2004-06-01").await;
    assert!(shown.body.contains(&format!("href=\"{page}\"")));
}

#[tokio::test]
async fn an_organization_leads_to_what_leaving_it_would_end() {
    let on = "on=2004-06-01";
    let page = get(&format!("/organizations/CIS?{on}")).await.html();
    let links = select(&page, "#leaving a");
    let twin = get(&format!("/api/v1/organizations/CIS?{on}")).await.json();
    let twin = twin["leaving"].as_array().unwrap();
    assert!(links.len() > 5 && links.len() == twin.len());
    let first = links[0].value().attr("href").unwrap();
    assert!(first.contains(on), "{first}");
    let answer = get(first).await;
    assert!(answer.body.contains("Would end"), "{}", answer.body);
    let answer = get(twin[0]["address"].as_str().unwrap()).await;
    assert!(answer.json()["ends"].is_array(), "{}", answer.body);
    let before = get("/organizations/CIS?on=1990-01-01").await.html();
    assert!(select(&before, "#leaving").is_empty());
}

#[tokio::test]
async fn what_binds_a_state_stands_apart_from_what_does_not() {
    let page = get("/states/UKR?on=2004-06-01").await.html();
    let words = |table: &str| -> Vec<String> {
        let heads = select(&page, &format!("table#{table} thead th"));
        let text = |cell: &ElementRef<'_>| cell.text().collect::<String>();
        let place = heads.iter().position(|head| text(head) == "Standing");
        let rows = select(&page, &format!("table#{table} tbody tr"));
        let cells = Selector::parse("th, td").unwrap();
        let standing = |row: &ElementRef<'_>| {
            let cell = row.select(&cells).nth(place.unwrap()).unwrap();
            cell.text().collect::<String>().trim().to_owned()
        };
        rows.iter().map(standing).collect()
    };
    let binding = ["member", "party", "associate", "applies it provisionally"];
    let (bound, other) = (words("standings"), words("other-standings"));
    assert!(!bound.is_empty() && !other.is_empty());
    let binds = |word: &String| binding.contains(&word.as_str());
    assert!(bound.iter().all(binds), "{bound:?}");
    assert!(!other.iter().any(binds), "{other:?}");
}

#[tokio::test]
async fn a_choice_that_was_never_made_is_asked_in_a_scenario() {
    for address in [
        "/incompatible?state=UKR&on=2012-07-01",
        "/states/UKR?on=2012-07-01",
    ] {
        let page = get(address).await.html();
        let links = select(&page, "#scenarios a[href='/lab#ready']");
        let titles: Vec<String> = links.iter().map(|link| link.text().collect()).collect();
        assert!(
            titles.iter().any(|title| title.contains("Ukraine chooses")),
            "{address}: {titles:?}"
        );
    }
    let lab = get("/lab").await.html();
    assert_eq!(select(&lab, "#ready").len(), 1);
}

#[tokio::test]
async fn what_was_opened_keeps_its_id_from_day_to_day() {
    let ids = |page: &Html| -> BTreeSet<String> {
        let opened = select(page, "#why > ul > li > details, ol.steps > li > details");
        let id = |node: &ElementRef<'_>| node.value().attr("id").unwrap().to_owned();
        opened.iter().map(id).collect()
    };
    let one = ids(&get("/pairs/RUS/BLR?on=2004-06-01").await.html());
    let other = ids(&get("/pairs/RUS/BLR?on=2008-01-01").await.html());
    assert!(one.len() > 3, "{one:?}");
    assert_eq!(one, other);
}

#[tokio::test]
async fn of_what_was_published_later_it_is_told_that_it_is_not_used() {
    for path in ["/states/UZB", "/organizations/CSTO", "/pairs/RUS/BLR"] {
        let all = get(&format!("{path}?on=2004-06-01")).await;
        assert!(!all.body.contains("had been published by"), "{path}");
        let then = get(&format!("{path}?on=2004-06-01&known_by=2005-01-01")).await;
        let told = "Only what had been published by 2005-01-01 is used: ";
        assert!(then.body.contains(told), "{path}");
    }
}

#[tokio::test]
async fn an_economic_union_has_its_article() {
    let page = get("/organizations/EAEU?on=2016-01-01").await.html();
    let facts: String = select(&page, "p.facts")[0].text().collect();
    assert!(facts.contains("sets an economic union"), "{facts}");
}

#[tokio::test]
async fn the_power_of_each_member_of_an_organ_is_a_picture_that_can_be_saved() {
    for (path, members) in [
        ("/organizations/EurAsEC?on=2003-01-01", 5),
        ("/organizations/EU?on=2006-06-01&known_by=2020-01-01", 25),
    ] {
        let page = get(path).await.html();
        let figure = select(&page, "#organs .picture figure")[0];
        let words: String = figure.text().collect();
        assert!(words.contains("Votes and power"), "{path}: {words}");
        assert!(words.contains("rule: "), "the source of the rule: {words}");
        let rows = select(&page, "#organs details table tbody tr");
        assert!(rows.len() >= members, "{path}: the same in figures");
        let links = select(&page, "#organs .picture p.save a");
        let figures = select(&page, "#organs .picture figure");
        assert_eq!(links.len(), figures.len());
        for link in links {
            let file = get(link.value().attr("href").unwrap()).await;
            assert_eq!(file.status, StatusCode::OK, "{path}: {}", file.body);
            assert!(file.body.starts_with("<svg "), "{path}");
        }
    }
}

#[tokio::test]
async fn the_moment_is_a_plain_form_that_keeps_what_else_was_asked() {
    let page = get("/overlap?first=CSTO&second=GUAM&on=2000-01-01")
        .await
        .html();
    let form = select(&page, "form#moment")[0];
    assert_eq!(form.value().attr("method"), Some("get"));
    let kept: Vec<_> = select(&page, "form#moment input[type=hidden]")
        .iter()
        .map(|input| input.value().attr("name").unwrap().to_owned())
        .collect();
    assert_eq!(kept, ["first", "second"]);
    assert_eq!(
        select(&page, "#on")[0].value().attr("value"),
        Some("2000-01-01")
    );
    let steps = select(&page, "a.step");
    assert_eq!(steps.len(), 2);
    let next = steps[1].value().attr("href").unwrap();
    assert!(
        next.starts_with("/overlap?") && next.contains("first=CSTO"),
        "{next}"
    );
}
