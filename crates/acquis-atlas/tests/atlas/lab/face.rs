//! How the lab speaks: reasons told once, names for codes, what is wrong at its field, and the
//! way through a long page.

use std::collections::BTreeSet;

use super::*;

/// What an attribute of the elements of a page says, in order.
fn all(page: &Html, what: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(what).unwrap();
    let elements = page.select(&selector);
    elements
        .filter_map(|it| Some(it.attr(attribute)?.to_owned()))
        .collect()
}

#[tokio::test]
async fn the_reason_of_a_clash_is_told_once_and_each_case_opens_to_its_proof() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let page = program.page(&format!("{desk}?variant=both")).await;
    assert_eq!(count(&page, "section.clash"), 1);
    let said = words(&page, "section.clash");
    assert!(words(&page, "section.clash > .basis").contains("XXIV"));
    let cases = count(&page, "section.clash > ul.proof > li > details");
    assert!(cases > 0, "{said}");
    let ids = all(&page, "section.clash details", "id");
    assert_eq!(ids.len(), count(&page, "section.clash details"));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.len() > cases, "proofs open further");
    // What the scenario itself adds has no source with a page.
    assert_eq!(count(&page, "section.clash a[href='/sources/scenario']"), 0);

    let twin = program.get(&format!("/api/v1{desk}")).await.json();
    let told = twin["law"][2]["incompatible"].as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["cases"].as_array().unwrap().len(), cases);
    assert!(told[0]["cases"][0]["proof"]["because"].is_array());
}

#[tokio::test]
async fn states_are_told_by_their_names() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let said = words(&program.page(&desk).await, "section[aria-labelledby='law']");
    assert!(
        said.contains(
            "Kazakhstan with Belarus, Russia and Ukraine; Ukraine with Belarus and Russia"
        ),
        "{said}"
    );
    assert!(!said.contains("BLR"), "{said}");
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    program.over(&run).await;
    let said = words(&program.page(&run).await, "main dl");
    assert!(
        said.contains(
            "Kazakhstan with Belarus, Russia and Ukraine; Ukraine with Belarus and Russia"
        ),
        "{said}"
    );

    // An act that can't be is told as the file has it.
    let act = [
        ("act_institution", "org:eu"),
        ("act_name", "withdrawal"),
        ("act_on", "2004-01-01"),
        ("act_who", "BLR"),
    ];
    Program::done(&program.post(&format!("{desk}/act"), &act).await);
    let said = words(&program.page(&desk).await, "ol.acts");
    assert!(
        said.contains("of Belarus") && !said.contains("BLR"),
        "{said}"
    );
}

#[tokio::test]
async fn what_an_economy_of_one_sector_lacks_is_said_with_the_way_to_one_that_has_it() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let page = program.page(&desk).await;
    assert!(words(&page, "#settings").contains("need an economy of many sectors"));
    assert_eq!(count(&page, "#payments"), 0);
    let offered = all(&page, "#instruments button[name='economy']", "value");
    assert_eq!(offered, ["post-soviet-2019"]);
    let fields = [("economy", offered[0].as_str()), ("from", "1")];
    Program::done(&program.post(&format!("{desk}/settings"), &fields).await);
    let page = program.page(&desk).await;
    assert_eq!(count(&page, "#payments"), 1);
    assert_eq!(count(&page, "#instruments"), 0);
    assert_eq!(count(&page, "#field-external_tariff"), 1);
}

#[tokio::test]
async fn what_is_wrong_in_an_act_or_a_payment_stands_at_its_field() {
    let program = Program::start();
    let desk = program.open_shipped("eurasian-union-2019").await;
    let act = [
        ("act_institution", "org:eu"),
        ("act_name", "implementation"),
        ("act_stage", ""),
        ("act_on", ""),
    ];
    let answer = program.post(&format!("{desk}/act"), &act).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.html();
    for field in [
        "#act-on[aria-invalid='true'][aria-describedby='act-on-error']",
        "#act-stage[aria-invalid='true'][aria-describedby='act-stage-help act-stage-error']",
        "fieldset#act-who[aria-describedby='act-who-error']",
        "#act-who-RUS[aria-invalid='true']",
        "#act-institution:not([aria-invalid])",
        "#act-on-error",
        "#act-stage-error",
        "#act-who-error",
        ".notice a[href='#act-on']",
        ".notice a[href='#act-stage']",
        ".notice a[href='#act-who']",
    ] {
        assert_eq!(count(&page, field), 1, "{field}");
    }
    assert_eq!(count(&page, "#settings [aria-invalid]"), 0);

    let pays = [("payer", "RUS"), ("payee", "BLR"), ("size", "much")];
    let page = program.post(&format!("{desk}/payment"), &pays).await.html();
    for field in [
        "#pay-size[value='much'][aria-invalid='true'][aria-describedby='pay-size-help pay-size-error']",
        "#pay-payer option[selected][value='RUS']",
        ".notice a[href='#pay-size']",
    ] {
        assert_eq!(count(&page, field), 1, "{field}");
    }
}

#[tokio::test]
async fn the_menu_of_a_run_leads_to_every_part_of_it() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    program.over(&run).await;
    let page = program.page(&run).await;
    let headings = all(&page, ".parts > section > h2", "id");
    assert!(headings.len() > 4, "{headings:?}");
    for menu in [".contents.beside", ".contents.above details"] {
        let links = all(&page, &format!("{menu} a"), "href");
        let leads: Vec<&str> = links.iter().filter_map(|it| it.strip_prefix('#')).collect();
        assert_eq!(leads, headings, "{menu}");
    }
}

#[tokio::test]
async fn what_opens_has_an_id_that_is_its_own_all_the_way_down() {
    let program = Program::start();
    for address in [
        "/pairs/BLR/RUS?on=2010-07-01",
        "/states/UZB?on=2008-11-01",
        "/organizations/org:csto?on=2003-01-01",
        "/obligations/GEO?on=2009-01-01",
    ] {
        let page = program.page(address).await;
        let opens = count(&page, "#content .proof details");
        assert!(opens > 3, "{address}: {opens}");
        let ids = all(&page, "#content [id]", "id");
        assert_eq!(all(&page, "#content .proof details", "id").len(), opens);
        let own: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(own.len(), ids.len(), "{address}: an id stands twice");
    }
    let on = async |day: &str| {
        let page = program.page(&format!("/pairs/BLR/RUS?on={day}")).await;
        all(&page, "#why .proof .proof details", "id")
    };
    let (before, after) = (on("2010-07-01").await, on("2010-07-02").await);
    assert!(!before.is_empty());
    assert_eq!(before, after, "the same proof, the same ids");
}
