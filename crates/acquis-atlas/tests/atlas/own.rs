//! Packs and economies of the user's own: kept when nothing in them is wrong, chosen in the
//! lab, there after a restart, gone when they are deleted.

use axum::http::{Method, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::data::PACK;
use crate::lab::{Program, count, words};

/// Trade of four states and the rest of the world.
const TRADE: &str = "exporter,importer,value
RUS,RUS,900\nRUS,BLR,12\nRUS,KAZ,9\nRUS,UKR,15\nRUS,ROW,140
BLR,RUS,8\nBLR,BLR,20\nBLR,KAZ,1\nBLR,UKR,1\nBLR,ROW,6
KAZ,RUS,4\nKAZ,BLR,1\nKAZ,KAZ,60\nKAZ,UKR,1\nKAZ,ROW,22
UKR,RUS,7\nUKR,BLR,1\nUKR,KAZ,1\nUKR,UKR,90\nUKR,ROW,25
ROW,RUS,110\nROW,BLR,6\nROW,KAZ,18\nROW,UKR,30\nROW,ROW,9000
";

const FIELDS: [(&str, &str); 5] = [
    ("format", "long"),
    ("year", "2003"),
    ("unit", "billion USD"),
    ("title", "Figures of my own"),
    ("id", "mine-2003"),
];

/// A scenario in the economy that is kept, on a day on which the acts have taken effect.
const START: [(&str, &str); 3] = [
    ("title", "On my figures"),
    ("economy", "mine-2003.parquet"),
    ("date", "2004-12-31"),
];

/// A free trade area of four, in an economy that is kept.
const ACT: [(&str, &str); 8] = [
    ("act_institution", "agr:single-economic-space-2003"),
    ("act_name", "implementation"),
    ("act_stage", "free_trade_area"),
    ("act_on", "2004-09-01"),
    ("act_who", "BLR"),
    ("act_who", "KAZ"),
    ("act_who", "RUS"),
    ("act_who", "UKR"),
];

async fn keep(program: &Program, trade: &str, more: &[(&str, &str)]) -> crate::asking::Answer {
    let mut fields = FIELDS.to_vec();
    fields.extend(more);
    let files = [("trade.csv", trade.as_bytes())];
    program.send("/data/own/economies", &fields, &files).await
}

async fn own(program: &Program) -> Value {
    program.get("/api/v1/data/own").await.json()
}

#[tokio::test]
async fn an_economy_that_is_kept_is_chosen_in_the_lab_and_outlives_the_program() {
    let program = Program::start();
    let kept = Program::done(&keep(&program, TRADE, &[]).await);
    assert_eq!(kept, "/data/own/economies/mine-2003");
    let page = program.page(&kept).await;
    assert_eq!(words(&page, "h1"), "Figures of my own");
    assert_eq!(count(&page, "table#countries tbody tr"), 5);
    assert!(words(&program.page("/data/own").await, "main").contains("mine-2003"));

    let program = program.restart();
    let lab = program.page("/lab?economy=mine-2003.parquet").await;
    let chosen = words(&lab, "#start-economy option[selected]");
    assert!(chosen.contains("Figures of my own"), "{chosen}");
    let start = [("title", "Undated"), ("economy", "mine-2003.parquet")];
    let desk = Program::done(&program.post("/lab/start", &start).await);
    // The day in the middle of its year is looked at where none is given.
    assert!(words(&program.page(&desk).await, "main").contains("2003-07-01"));
    let desk = Program::done(&program.post("/lab/start", &START).await);
    let again = Program::done(&program.post(&format!("{desk}/act"), &ACT).await);
    let page = program.page(&again).await;
    assert!(words(&page, "#desk").contains("5 pairs"));
    assert!(count(&page, "#desk figure svg") > 0, "it is solved at once");
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    let told = program.over(&run).await;
    assert_eq!(told["state"]["is"], "done", "{told}");
    assert_eq!(told["economy"]["name"], "mine-2003.parquet");

    // A scenario that is handed on finds the file beside itself under the same name.
    let file = program.raw(&format!("{kept}/files/economy.parquet")).await;
    let name = file.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(name, "attachment; filename=\"mine-2003.parquet\"");
}

#[tokio::test]
async fn what_has_a_mistake_is_not_kept() {
    let program = Program::start();
    let broken = TRADE.replace("RUS,ROW,140", "RUS,ROW,much");
    let refused = keep(&program, &broken, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.html();
    assert!(words(&page, ".findings .place").starts_with("trade.csv:6:"));
    let pack = [("pack.toml", PACK.as_bytes())];
    let refused = program.send("/data/own/packs", &[], &pack).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = program.send("/api/v1/data/own/packs", &[], &pack).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(own(&program).await, json!({ "packs": [], "economies": [] }));
}

#[tokio::test]
async fn another_takes_the_place_only_where_that_is_asked() {
    let program = Program::start();
    Program::done(&keep(&program, TRADE, &[]).await);
    let first = own(&program).await;
    let other = TRADE.replace("UKR,RUS,7", "UKR,RUS,14");
    let refused = keep(&program, &other, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("take its place"), "{}", refused.body);
    assert_eq!(own(&program).await, first);

    let desk = Program::done(&program.post("/lab/start", &START).await);
    Program::done(&program.post(&format!("{desk}/act"), &ACT).await);
    let before = program.page(&desk).await;
    Program::done(&keep(&program, &other, &[("replace", "yes")]).await);
    assert_ne!(own(&program).await, first);
    let after = program.page(&desk).await;
    let worth = |page: &Html| {
        let picture = Selector::parse("#desk figure svg").unwrap();
        let mut pictures = page.select(&picture);
        pictures.next().map(|picture| picture.html()).unwrap()
    };
    assert_ne!(worth(&before), worth(&after), "new figures");
}

#[tokio::test]
async fn names_are_plain() {
    let program = Program::start();
    for wrong in ["../x", "Mine", "a b", "-a"] {
        let files = [("trade.csv", TRADE.as_bytes())];
        let mut fields = FIELDS.to_vec();
        fields[4] = ("id", wrong);
        let refused = program.send("/data/own/economies", &fields, &files).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.body.contains("short name"), "{}", refused.body);
    }
    for nothing in [
        "/data/own/economies/none",
        "/data/own/packs/Mine",
        "/data/own/packs/none",
    ] {
        assert_eq!(
            program.get(nothing).await.status,
            StatusCode::NOT_FOUND,
            "{nothing}"
        );
    }
}

#[tokio::test]
async fn what_is_deleted_is_missed_by_its_scenarios_and_not_by_its_runs() {
    let program = Program::start();
    let kept = Program::done(&keep(&program, TRADE, &[]).await);
    let desk = Program::done(&program.post("/lab/start", &START).await);
    Program::done(&program.post(&format!("{desk}/act"), &ACT).await);
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    program.over(&run).await;
    Program::done(&program.post(&format!("{kept}/delete"), &[]).await);
    let said = words(&program.page(&desk).await, "main");
    assert!(said.contains("no economy \"mine-2003.parquet\""), "{said}");
    assert!(words(&program.page(&run).await, "main").contains("What it is worth"));
    Program::done(&keep(&program, TRADE, &[]).await);
    let said = words(&program.page(&desk).await, "#desk");
    assert!(said.contains("5 pairs"), "it is there again: {said}");

    let api = "/api/v1/data/own/economies/mine-2003";
    let gone = program.program(Method::DELETE, api, &Value::Null).await;
    assert_eq!(gone.status, StatusCode::OK);
    let gone = program.program(Method::DELETE, api, &Value::Null).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_pack_that_is_kept_is_the_law_of_a_scenario() {
    let program = Program::start();
    let sound = PACK.replace("1960-13-01", "1960-12-01");
    let files = [("pack.toml", sound.as_bytes())];
    let kept = Program::done(&program.send("/data/own/packs", &[], &files).await);
    assert_eq!(kept, "/data/own/packs/mine");
    let page = program.page(&kept).await;
    assert_eq!(words(&page, "h1"), "Of my own");
    let twin = program.get(&format!("/api/v1{kept}")).await.json();
    assert_eq!(twin["own"]["in_scenario"], "./mine");

    let trade = "exporter,importer,value\nAAA,AAA,80\nAAA,BBB,20\nBBB,AAA,30\nBBB,BBB,70\n";
    Program::done(&keep(&program, trade, &[]).await);
    let start = [
        ("title", "Mine"),
        ("economy", "mine-2003.parquet"),
        ("pack", "./mine"),
    ];
    let desk = Program::done(&program.post("/lab/start", &start).await);
    let page = program.page(&desk).await;
    assert!(
        words(&page, "#desk").contains("Aland"),
        "{}",
        words(&page, "main")
    );
    let program = program.restart();
    assert!(words(&program.page(&desk).await, "#desk").contains("Aland"));
}
