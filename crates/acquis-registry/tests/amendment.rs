//! A reform laid over a registry: what it adds, strikes and moves, what it leaves alone, and
//! what it can't do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use acquis_registry::{
    Act, ActKind, ActName, AdmittedAs, Amendment, Change, EdtfDate, Findings, Institution,
    InstitutionId, Lint, Participants, Party, Place, Registry, SCENARIO_SOURCE, SourceText, Stage,
    StateCode,
};

const PACK: &str = r#"
source = [{ id = "s", type = "treaty", title = "S", published = "1990" }]
state = [
  { id = "AAA", names = [{ name = "Aland" }], from = "1950" },
  { id = "BBB", names = [{ name = "Beland" }], from = "1950", until = "2010" },
  { id = "CCC", names = [{ name = "Celand" }] },
]

[[organization]]
id = "org:club"
names = [{ name = "The Club", short = "TC" }]
stage = "customs_union"
[[organization.act]]
act = "signature"
who = ["AAA", "BBB", "CCC"]
claims = [{ on = "1990-05-01", src = "s" }]
[[organization.act]]
act = "entry_into_force"
claims = [{ on = "1990-05-01", effect = "1991-01-01", src = "s", stage = "free_trade_area" }]
[[organization.act]]
act = "withdrawal"
who = ["CCC"]
claims = [{ on = "1999", src = "s" }]

[[organization]]
id = "org:league"
names = [{ name = "The League" }]
"#;

/// The text that amendments of these tests are written in.
const WRITTEN: &str = "\n  [[act]]\n";

fn registry() -> Registry {
    Registry::load(&[SourceText::new("pack.toml", PACK)])
        .unwrap()
        .registry
}

fn place() -> Place {
    Place {
        file: SourceText::new("reform.toml", WRITTEN),
        span: 3..10,
    }
}

fn amendment(institution: &str, change: Change) -> Amendment {
    Amendment {
        institution: InstitutionId::new(institution),
        change,
        place: place(),
    }
}

fn who(ids: &[&str]) -> Participants {
    Participants::Listed(ids.iter().map(|id| Party::from_id(id)).collect())
}

fn date(text: &str) -> EdtfDate {
    text.parse().unwrap()
}

fn add(kind: ActKind, parties: &[&str], on: &str) -> Amendment {
    amendment(
        "org:club",
        Change::Add {
            kind,
            who: who(parties),
            on: date(on),
            stage: None,
        },
    )
}

fn strike(act: Option<ActName>, who: Participants) -> Amendment {
    amendment("org:club", Change::Strike { act, who })
}

fn move_to(act: ActName, who: Participants, to: &str) -> Amendment {
    amendment(
        "org:club",
        Change::Move {
            act,
            who,
            to: date(to),
        },
    )
}

fn club(registry: &Registry) -> &Institution {
    registry.find_institution("org:club").unwrap()
}

/// Kind, parties and effect of each act, in the order of the registry.
fn acts(registry: &Registry) -> Vec<(ActName, Vec<String>, String)> {
    club(registry).acts.iter().map(in_short).collect()
}

fn in_short(act: &Act) -> (ActName, Vec<String>, String) {
    let parties = match &act.who {
        Participants::All => Vec::new(),
        Participants::Listed(parties) => parties.iter().map(ToString::to_string).collect(),
    };
    let effect = act.claims[0].takes_effect().unwrap().to_string();
    (act.kind.name(), parties, effect)
}

fn amended(amendments: &[Amendment]) -> Result<Registry, Findings> {
    registry().amended("Reform", amendments)
}

/// The one mistake of one amendment, which stands where the amendment is written.
fn mistake(change: &Amendment) -> (Lint, String, Option<String>) {
    let Err(findings) = amended(std::slice::from_ref(change)) else {
        panic!("no mistake is found in {:?}", change.change);
    };
    assert_eq!(findings.len(), 1, "{findings}");
    let finding = findings.iter().next().unwrap();
    let found = finding.place.as_ref().unwrap();
    assert_eq!(found.line_column(), (2, 3));
    assert_eq!(found.file.name, "reform.toml");
    (
        finding.lint,
        finding.message.clone(),
        finding.nearest.clone(),
    )
}

fn debug(registry: &Registry) -> String {
    format!("{registry:?}")
}

#[test]
fn an_empty_reform_changes_no_state_and_no_institution() {
    let (before, after) = (registry(), amended(&[]).unwrap());
    assert!(before.institutions().eq(after.institutions()));
    assert!(before.states().eq(after.states()));
}

#[test]
fn the_registry_itself_is_left_as_it_is() {
    let registry = registry();
    let before = debug(&registry);
    registry
        .amended("Reform", &[strike(None, Participants::All)])
        .unwrap();
    assert_eq!(debug(&registry), before);
}

#[test]
fn an_act_is_added_in_the_name_of_the_scenario() {
    let kind = ActKind::Accession(AdmittedAs::Member);
    let after = amended(&[add(kind, &["AAA"], "2001-02")]).unwrap();
    let act = club(&after).acts.last().unwrap();
    assert_eq!(
        in_short(act),
        (
            ActName::Accession,
            vec!["AAA".to_owned()],
            "2001-02".to_owned()
        )
    );
    assert_eq!(act.claims[0].source.as_str(), SCENARIO_SOURCE);
    // What a scenario supposes is known from the beginning of time.
    let view = after.known_by("1900-01-01".parse().unwrap());
    assert_eq!(view.acts(club(&after)).len(), 1);
}

#[test]
fn adding_and_striking_an_act_is_no_change() {
    let kind = ActKind::Accession(AdmittedAs::Member);
    let after = amended(&[
        add(kind, &["AAA"], "2001-02"),
        strike(Some(ActName::Accession), who(&["AAA"])),
    ])
    .unwrap();
    assert_eq!(acts(&after), acts(&registry()));
}

#[test]
fn a_strike_takes_a_whole_institution_one_kind_of_act_or_some_parties() {
    let whole = amended(&[strike(None, Participants::All)]).unwrap();
    assert!(club(&whole).acts.is_empty());

    let kind = amended(&[strike(Some(ActName::EntryIntoForce), Participants::All)]).unwrap();
    let left: Vec<ActName> = acts(&kind).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(left, [ActName::Signature, ActName::Withdrawal]);

    let parties = amended(&[strike(Some(ActName::Signature), who(&["BBB"]))]).unwrap();
    assert_eq!(acts(&parties)[0].1, ["AAA", "CCC"]);

    // Every act of one state: its signature and its withdrawal; the others keep theirs.
    let state = amended(&[strike(None, who(&["CCC"]))]).unwrap();
    let left: Vec<ActName> = acts(&state).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(left, [ActName::Signature, ActName::EntryIntoForce]);
}

#[test]
fn a_move_of_some_parties_leaves_the_others_their_date() {
    let after = amended(&[move_to(ActName::Signature, who(&["BBB"]), "1995-01-01")]).unwrap();
    let signatures: Vec<_> = acts(&after)
        .into_iter()
        .filter(|(name, ..)| *name == ActName::Signature)
        .map(|(_, parties, on)| (parties.join(" "), on))
        .collect();
    assert_eq!(
        signatures,
        [
            ("AAA CCC".to_owned(), "1990-05-01".to_owned()),
            ("BBB".to_owned(), "1995-01-01".to_owned())
        ]
    );
}

#[test]
fn a_move_of_a_whole_act_leaves_nothing_behind_and_keeps_its_stage() {
    let entry = move_to(ActName::EntryIntoForce, Participants::All, "1993-01-01");
    let after = amended(&[entry]).unwrap();
    let entries: Vec<&Act> = club(&after)
        .acts
        .iter()
        .filter(|act| act.kind == ActKind::EntryIntoForce)
        .collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(in_short(entries[0]).2, "1993-01-01");
    assert_eq!(entries[0].who, Participants::All);
    assert_eq!(entries[0].claims[0].stage, Some(Stage::FreeTradeArea));
}

#[test]
fn amendments_are_applied_in_their_order() {
    let kind = || ActKind::Accession(AdmittedAs::Member);
    let after = amended(&[
        add(kind(), &["AAA"], "2001"),
        move_to(ActName::Accession, who(&["AAA"]), "2002"),
        move_to(ActName::Accession, who(&["AAA"]), "2003"),
    ])
    .unwrap();
    let accessions: Vec<String> = acts(&after)
        .into_iter()
        .filter(|(name, ..)| *name == ActName::Accession)
        .map(|(.., on)| on)
        .collect();
    assert_eq!(accessions, ["2003"]);
    let wrong_order = amended(&[
        move_to(ActName::Accession, who(&["AAA"]), "2002"),
        add(kind(), &["AAA"], "2001"),
    ]);
    assert!(wrong_order.is_err());
}

#[test]
fn unknown_names_are_found_with_the_nearest() {
    let unknown = amendment(
        "org:clib",
        Change::Strike {
            act: None,
            who: Participants::All,
        },
    );
    let (lint, message, nearest) = mistake(&unknown);
    assert_eq!(lint, Lint::UnknownInstitution);
    assert_eq!(message, "no organization or agreement \"org:clib\"");
    assert_eq!(nearest.as_deref(), Some("org:club"));

    let kind = || ActKind::Accession(AdmittedAs::Member);
    let (lint, message, nearest) = mistake(&add(kind(), &["AAB"], "2001"));
    assert_eq!(
        (lint, message.as_str()),
        (Lint::UnknownState, "no state \"AAB\"")
    );
    assert_eq!(nearest.as_deref(), Some("AAA"));

    let (lint, _, nearest) = mistake(&add(kind(), &["org:leage"], "2001"));
    assert_eq!(lint, Lint::UnknownInstitution);
    assert_eq!(nearest.as_deref(), Some("org:league"));

    let succession = ActKind::Succession(StateCode::new("BBC"));
    let (lint, _, nearest) = mistake(&add(succession, &["AAA"], "2001"));
    assert_eq!(
        (lint, nearest.as_deref()),
        (Lint::UnknownState, Some("BBB"))
    );

    let merger = ActKind::Merger(InstitutionId::new("org:leage"));
    let (lint, _, nearest) = mistake(&amendment(
        "org:club",
        Change::Add {
            kind: merger,
            who: Participants::All,
            on: date("2001"),
            stage: None,
        },
    ));
    assert_eq!(lint, Lint::UnknownInstitution);
    assert_eq!(nearest.as_deref(), Some("org:league"));
}

#[test]
fn nobody_acts_outside_its_life() {
    let kind = || ActKind::Accession(AdmittedAs::Member);
    let (lint, message, _) = mistake(&add(kind(), &["AAA"], "1949-12-31"));
    assert_eq!(lint, Lint::OutsideLifespan);
    assert_eq!(
        message,
        "Aland (AAA) acts on 1949-12-31, but it began on 1950"
    );
    let (lint, message, _) = mistake(&add(kind(), &["BBB"], "2011"));
    assert_eq!(lint, Lint::OutsideLifespan);
    assert_eq!(message, "Beland (BBB) acts on 2011, but it ended on 2010");
}

#[test]
fn nobody_is_moved_outside_its_life() {
    let (lint, ..) = mistake(&move_to(ActName::Signature, who(&["AAA"]), "1949"));
    assert_eq!(lint, Lint::OutsideLifespan);
}

#[test]
fn what_is_not_there_is_neither_struck_nor_moved() {
    let (lint, message, _) = mistake(&strike(Some(ActName::Accession), Participants::All));
    assert_eq!(lint, Lint::UnknownAct);
    assert_eq!(message, "org:club has no such accession to change");

    let (lint, ..) = mistake(&strike(Some(ActName::Withdrawal), who(&["AAA"])));
    assert_eq!(lint, Lint::UnknownAct);

    let (lint, ..) = mistake(&move_to(ActName::Withdrawal, who(&["AAA"]), "2001"));
    assert_eq!(lint, Lint::UnknownAct);

    // An act of all can't be taken from one of them.
    let (lint, ..) = mistake(&strike(Some(ActName::EntryIntoForce), who(&["AAA"])));
    assert_eq!(lint, Lint::UnknownAct);

    let twice = strike(None, Participants::All);
    let findings = amended(&[twice.clone(), twice]).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings}");
}

#[test]
fn every_mistake_of_a_reform_is_reported() {
    let kind = || ActKind::Accession(AdmittedAs::Member);
    let mut late = add(kind(), &["BBB"], "2011");
    late.place.span = 5..10;
    let findings = amended(&[add(kind(), &["AAB"], "2001"), late]).unwrap_err();
    let lints: Vec<Lint> = findings.iter().map(|finding| finding.lint).collect();
    assert_eq!(lints, [Lint::UnknownState, Lint::OutsideLifespan]);
}

#[test]
fn an_amended_registry_can_be_amended_again() {
    let kind = ActKind::Accession(AdmittedAs::Member);
    let once = amended(&[add(kind, &["AAA"], "2001")]).unwrap();
    let back = once
        .amended("Back", &[strike(Some(ActName::Accession), who(&["AAA"]))])
        .unwrap();
    assert_eq!(acts(&back), acts(&registry()));
    let source = back
        .sources()
        .find(|source| source.id.as_str() == SCENARIO_SOURCE);
    assert_eq!(source.unwrap().title, "Back");
}
