//! A scenario put together by clicks: the same law and the same figures as its file, and the
//! law's answer before anything is solved.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use acquis_registry::{
    ActKind, Change, EdtfDate, InstitutionId, Participants, Party, Registry, SourceText, Stage,
    StateCode, read_folder,
};
use acquis_scenario::{
    ActsOf, Draft, Economy, Edit, Grade, MembershipCell, Memberships, Outcome, Progress, RunError,
    Scenario, Scope, Start, read_economy_files, reforms, run,
};

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn registry() -> Registry {
    let files = read_folder(&repository("packs/post-soviet")).unwrap();
    Registry::load(&files).map_or_else(|findings| panic!("{findings}"), |loaded| loaded.registry)
}

fn economy(name: &str) -> Economy {
    let files = read_economy_files(&repository(&format!("economies/{name}.toml"))).unwrap();
    Economy::load(&files).unwrap_or_else(|findings| panic!("{findings}"))
}

fn shipped(name: &str) -> (String, Scenario) {
    let text = std::fs::read_to_string(repository(&format!("scenarios/{name}.toml"))).unwrap();
    let file = SourceText::new(format!("{name}.toml"), text.as_str());
    let scenario = Scenario::read(name, &file).unwrap_or_else(|findings| panic!("{findings}"));
    (text, scenario)
}

fn outcome(scenario: &Scenario) -> Outcome {
    let economy = economy(&scenario.base.economy);
    run(scenario, &registry(), &economy, false, &Progress::SILENT)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn start(date: &str, economy: &str) -> Draft {
    Draft::start(&Start {
        title: "By clicks".to_owned(),
        pack: Some("post-soviet".to_owned()),
        date: date.parse().unwrap(),
        economy: economy.to_owned(),
        grade: Grade::Functioning,
    })
}

fn state(code: &str) -> StateCode {
    StateCode::new(code)
}

fn customs_union() -> InstitutionId {
    InstitutionId::new("org:eurasec-customs-union")
}

#[test]
fn the_single_economic_space_by_clicks_is_the_one_that_ships() {
    let (_, file) = shipped("single-economic-space-2004");
    let mut draft = start("2004-12-31", "post-soviet-2004");
    let who = ["BLR", "KAZ", "RUS", "UKR"].map(Party::from_id).to_vec();
    draft
        .add(
            &ActsOf::All,
            &InstitutionId::new("agr:single-economic-space-2003"),
            &Change::Add {
                kind: ActKind::Implementation,
                who: Participants::Listed(who),
                on: "2004-09-01".parse::<EdtfDate>().unwrap(),
                stage: Some(Stage::FreeTradeArea),
            },
        )
        .unwrap();
    let theta = file.elasticity.as_ref().unwrap();
    let elasticity = (theta.theta.get(), theta.source.clone());
    draft.apply(&Edit::Elasticity(Some(elasticity))).unwrap();
    let clicked = draft.scenario("clicked").unwrap();
    let (clicked, file) = (outcome(&clicked), outcome(&file));
    let (clicked, file) = (&clicked.variants[0], &file.variants[0]);
    assert_eq!(clicked.reform.changed, file.reform.changed);
    let rows =
        |variant: &acquis_scenario::VariantOutcome| variant.effects.as_ref().unwrap().rows.clone();
    assert_eq!(rows(clicked), rows(file));
}

#[test]
fn a_click_makes_a_member_and_a_second_one_takes_it_back() {
    let (registry, economy) = (registry(), economy("post-soviet-2012"));
    let mut draft = start("2012-07-01", "post-soviet-2012");
    let before = draft.text();
    let look = |draft: &Draft| {
        let scenario = draft.unfinished("d").unwrap();
        let variant = &scenario.variants[0];
        Memberships::new(&scenario, variant, &registry, &economy, Scope::Likely).unwrap()
    };
    let cell = |seen: &Memberships, code: &str| {
        let column = seen
            .institutions
            .iter()
            .position(|it| it.id == customs_union());
        let row = seen.states.iter().find(|row| row.code.as_str() == code);
        row.unwrap().cells[column.unwrap()]
    };
    let seen = look(&draft);
    assert!(cell(&seen, "RUS").takes_part() && !cell(&seen, "UKR").takes_part());
    assert!(
        !seen
            .states
            .iter()
            .any(|row| row.cells.iter().any(MembershipCell::is_changed))
    );

    let on = "2012-01-01".parse().unwrap();
    draft
        .join(&ActsOf::All, &customs_union(), &state("UKR"), on)
        .unwrap();
    draft
        .strike(&ActsOf::All, &customs_union(), &state("KAZ"))
        .unwrap();
    let seen = look(&draft);
    assert!(cell(&seen, "UKR").takes_part() && cell(&seen, "UKR").is_changed());
    assert!(!cell(&seen, "KAZ").takes_part() && cell(&seen, "KAZ").is_changed());
    assert!(!cell(&seen, "RUS").is_changed());

    draft
        .strike(&ActsOf::All, &customs_union(), &state("UKR"))
        .unwrap();
    draft
        .join(&ActsOf::All, &customs_union(), &state("KAZ"), on)
        .unwrap();
    assert_eq!(draft.text(), before);
}

#[test]
fn every_state_and_institution_can_be_seen() {
    let (registry, economy) = (registry(), economy("post-soviet-2012"));
    let scenario = start("2012-07-01", "post-soviet-2012")
        .unfinished("d")
        .unwrap();
    let variant = &scenario.variants[0];
    let all = Memberships::new(&scenario, variant, &registry, &economy, Scope::All).unwrap();
    let likely = Memberships::new(&scenario, variant, &registry, &economy, Scope::Likely).unwrap();
    assert!(likely.states.len() < all.states.len());
    assert!(likely.institutions.len() < all.institutions.len());
    let known = registry
        .states()
        .filter(|it| economy.position(it.code.as_str()).is_some());
    assert_eq!(all.states.len(), known.count());
    for row in all.states.iter().chain(&likely.states) {
        assert!(
            row.cells.len() == all.institutions.len()
                || row.cells.len() == likely.institutions.len()
        );
    }
}

#[test]
fn the_law_speaks_before_anything_is_solved() {
    let (text, scenario) = shipped("ukraine-chooses-2012");
    let (registry, economy) = (registry(), economy("post-soviet-2012"));
    let at_once = reforms(&scenario, &registry, &economy).unwrap();
    let solved = outcome(&scenario);
    assert_eq!(at_once.len(), 3);
    for (at_once, solved) in at_once.iter().zip(&solved.variants) {
        assert_eq!(at_once.changed, solved.reform.changed);
        assert_eq!(at_once.incompatible, solved.reform.incompatible);
        assert_eq!(at_once.sentences, solved.reform.sentences);
    }
    assert!(
        at_once[2]
            .incompatible
            .iter()
            .any(|conflict| !conflict.basis.is_empty() && !conflict.cases.is_empty())
    );

    // Striking a state that has nothing to be struck is a mistake with a place in the file.
    let mut draft = Draft::open(&text).unwrap();
    let both = ActsOf::Variant("both".to_owned());
    draft
        .strike(&both, &customs_union(), &state("AZE"))
        .unwrap();
    let scenario = draft.scenario("d").unwrap();
    let error = reforms(&scenario, &registry, &economy).unwrap_err();
    assert!(
        error.iter().all(|finding| finding.place.is_some()),
        "{error}"
    );
}

#[test]
fn a_scenario_that_changes_nothing_yet_has_a_law_too() {
    let scenario = start("2012-07-01", "post-soviet-2012")
        .unfinished("d")
        .unwrap();
    let at_once = reforms(&scenario, &registry(), &economy("post-soviet-2012")).unwrap();
    assert!(at_once[0].changed.is_empty() && at_once[0].incompatible.is_empty());
}

#[test]
fn a_run_stops_when_it_is_told_to() {
    let (_, scenario) = shipped("eurasian-union-2019");
    let (registry, economy) = (registry(), economy("post-soviet-2019"));
    let drawn = AtomicUsize::new(0);
    for stop_after in [0, 3] {
        drawn.store(0, Ordering::SeqCst);
        let progress = Progress {
            on_draw: &|| {
                drawn.fetch_add(1, Ordering::SeqCst);
            },
            is_cancelled: &|| drawn.load(Ordering::SeqCst) >= stop_after,
            ..Progress::SILENT
        };
        let stopped = run(&scenario, &registry, &economy, false, &progress);
        assert!(matches!(stopped, Err(RunError::Cancelled)));
        // Draws that had begun on other threads may still be counted.
        let slack = if stop_after == 0 { 0 } else { 64 };
        assert!(drawn.load(Ordering::SeqCst) <= stop_after + slack);
    }
}

#[test]
fn trade_between_all_economies_adds_up_to_the_rows() {
    for name in ["single-economic-space-2004", "eurasian-union-2019"] {
        let (text, _) = shipped(name);
        let mut draft = Draft::open(&text).unwrap();
        draft.apply(&Edit::Uncertainty(None)).unwrap();
        let scenario = draft.scenario(name).unwrap();
        let outcome = outcome(&scenario);
        let effects = outcome.variants[0].effects.as_ref().unwrap();
        let trade = &effects.trade;
        assert_eq!(trade.count(), effects.rows.len());
        for (importer, row) in effects.rows.iter().enumerate() {
            for when in 0..2 {
                let imports: f64 = (0..trade.count())
                    .filter(|exporter| *exporter != importer)
                    .map(|exporter| trade.flow(exporter, importer)[when])
                    .sum();
                let [members, others] = [row.from_members, row.from_outsiders];
                let told = match when {
                    0 => members.before + others.before,
                    _ => members.after + others.after,
                };
                assert!(
                    (imports - told).abs() <= 1e-9 * told.max(1.0),
                    "{name} {}",
                    row.code
                );
            }
        }
    }
}
