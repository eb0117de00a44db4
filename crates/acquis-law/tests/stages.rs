//! The stage between two states, case by case: steps, assessments, organizations that act
//! for their members.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use acquis_law::{Grade, Law};
use acquis_registry::{Registry, SourceText, Stage, StateCode};
use jiff::civil::Date;

const SHARED: &str = r#"
source = [{ id = "s", type = "treaty", title = "S", published = "1990" }]
state = [
  { id = "AAA", names = [{ name = "Aland" }] },
  { id = "BBB", names = [{ name = "Beland" }] },
  { id = "XXA", names = [{ name = "First of the bloc" }] },
  { id = "XXB", names = [{ name = "Second of the bloc" }] },
]

[[organization]]
id = "org:bloc"
names = [{ name = "The Bloc" }]
membership_from = "signature"
[[organization.act]]
act = "signature"
who = ["XXA"]
claims = [{ on = "1980-01-01", src = "s" }]
[[organization.act]]
act = "accession"
who = ["XXB"]
claims = [{ on = "1995-01-01", src = "s" }]
"#;

fn load(pact: &str) -> Registry {
    let files = [
        SourceText::new("shared.toml", SHARED),
        SourceText::new("pact.toml", pact),
    ];
    match Registry::load(&files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

/// `agr:pact` of the given stage, signed by these in 1991 and in force in 1992.
fn pact(stage: &str, who: &[&str], more: &str) -> Registry {
    load(&format!(
        "id = \"agr:pact\"\nkind = \"agreement\"\nnames = [{{ name = \"The Pact\" }}]\n{stage}\n\
         [[act]]\nact = \"signature\"\nwho = {who:?}\nclaims = [{{ on = \"1991-01-01\", src = \"s\" }}]\n\
         [[act]]\nact = \"entry_into_force\"\nclaims = [{{ on = \"1992-01-01\", src = \"s\" }}]\n{more}"
    ))
}

fn assessment(who: &str, on: &str, stage: &str) -> String {
    format!(
        "[[act]]\nact = \"implementation\"\n{who}\n\
         claims = [{{ on = \"{on}\", stage = \"{stage}\", src = \"s\" }}]\n"
    )
}

const UNION: &str = "stage = \"customs_union\"";

fn stage(registry: &Registry, first: &str, second: &str, on: &str, grade: Grade) -> Stage {
    let day: Date = on.parse().unwrap();
    let code = StateCode::new;
    Law::new(registry.view())
        .stage_between(&code(first), &code(second), day, grade)
        .stage
}

fn grades(registry: &Registry, first: &str, second: &str, on: &str) -> [Stage; 3] {
    Grade::ALL.map(|grade| stage(registry, first, second, on, grade))
}

#[test]
fn signed_then_in_force_then_functioning() {
    let registry = pact(
        UNION,
        &["AAA", "BBB"],
        &assessment("", "1995-01-01", "free_trade_area"),
    );
    let (none, area, union) = (Stage::None, Stage::FreeTradeArea, Stage::CustomsUnion);
    for (on, expected) in [
        ("1990-12-31", [none, none, none]),
        ("1991-01-01", [union, none, none]),
        ("1992-01-01", [union, union, none]),
        ("1995-01-01", [union, union, area]),
    ] {
        assert_eq!(grades(&registry, "AAA", "BBB", on), expected, "{on}");
    }
}

#[test]
fn what_nobody_has_assessed_does_not_function_and_is_named() {
    let registry = pact(UNION, &["AAA", "BBB"], "");
    let law = Law::new(registry.view());
    let code = StateCode::new;
    let day = "2000-01-01".parse().unwrap();
    let at = law.stage_between(&code("AAA"), &code("BBB"), day, Grade::Functioning);
    assert_eq!(at.stage, Stage::None);
    let unassessed: Vec<&str> = at.unassessed.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(unassessed, ["agr:pact"]);
}

#[test]
fn an_assessment_of_a_pair_beats_one_of_all_whatever_their_order() {
    let pair = |on| assessment("who = [\"AAA\", \"BBB\"]", on, "customs_union");
    let all = |on| assessment("", on, "none");
    for more in [
        pair("1995-01-01") + &all("1996-01-01"),
        all("1995-01-01") + &pair("1996-01-01"),
    ] {
        let registry = pact(UNION, &["AAA", "BBB", "XXA"], &more);
        let on = "2000-01-01";
        let works = |first, second| stage(&registry, first, second, on, Grade::Functioning);
        assert_eq!(works("AAA", "BBB"), Stage::CustomsUnion);
        assert_eq!(works("AAA", "XXA"), Stage::None);
    }
}

#[test]
fn the_last_assessment_of_a_pair_counts() {
    let pair = |on, stage| assessment("who = [\"AAA\", \"BBB\"]", on, stage);
    let more = pair("1993-01-01", "free_trade_area") + &pair("1999-01-01", "none");
    let registry = pact(UNION, &["AAA", "BBB"], &more);
    let works = |on| stage(&registry, "AAA", "BBB", on, Grade::Functioning);
    assert_eq!(works("1998-12-31"), Stage::FreeTradeArea);
    assert_eq!(works("1999-01-01"), Stage::None);
}

#[test]
fn nothing_functions_that_is_not_in_force() {
    let more = assessment("", "1993-01-01", "customs_union")
        + "[[act]]\nact = \"withdrawal\"\nwho = [\"BBB\"]\nclaims = [{ on = \"1995-01-01\", src = \"s\" }]\n";
    let registry = pact(UNION, &["AAA", "BBB"], &more);
    let (none, union) = (Stage::None, Stage::CustomsUnion);
    assert_eq!(
        grades(&registry, "AAA", "BBB", "1994-12-31"),
        [union, union, union]
    );
    assert_eq!(
        grades(&registry, "AAA", "BBB", "1995-01-01"),
        [none, none, none]
    );
}

#[test]
fn an_assessment_beyond_the_text_counts_as_the_text() {
    let more = assessment("", "1993-01-01", "economic_union");
    let registry = pact(UNION, &["AAA", "BBB"], &more);
    assert_eq!(
        stage(&registry, "AAA", "BBB", "1994-01-01", Grade::Functioning),
        Stage::CustomsUnion
    );
}

#[test]
fn a_text_that_goes_in_steps_is_in_force_with_the_step() {
    let registry = load(
        "id = \"agr:pact\"\nkind = \"agreement\"\nnames = [{ name = \"The Pact\" }]\n\
         stage = \"economic_union\"\n\
         [[act]]\nact = \"signature\"\nwho = [\"AAA\", \"BBB\"]\nclaims = [{ on = \"1991-01-01\", src = \"s\" }]\n\
         [[act]]\nact = \"entry_into_force\"\n\
         claims = [{ on = \"1992-01-01\", src = \"s\", stage = \"free_trade_area\" }]\n\
         [[act]]\nact = \"implementation\"\n\
         claims = [{ on = \"1993-01-01\", src = \"s\", stage = \"customs_union\" }]\n",
    );
    assert_eq!(
        grades(&registry, "AAA", "BBB", "1994-01-01"),
        [
            Stage::EconomicUnion,
            Stage::FreeTradeArea,
            Stage::FreeTradeArea
        ]
    );
}

/// The deepest of several commitments is the stage; the others stay in the list.
#[test]
fn the_deepest_commitment_is_the_stage() {
    let files = [
        SourceText::new("shared.toml", SHARED),
        SourceText::new("agreements.toml", ["free_trade_area", "customs_union"].map(|stage| format!(
            "[[agreement]]\nid = \"agr:{stage}\"\nnames = [{{ name = \"{stage}\" }}]\nstage = \"{stage}\"\n\
             membership_from = \"signature\"\n[[agreement.act]]\nact = \"signature\"\n\
             who = [\"AAA\", \"BBB\"]\nclaims = [{{ on = \"1991-01-01\", src = \"s\" }}]\n"
        )).concat()),
    ];
    let registry = Registry::load(&files).unwrap().registry;
    let law = Law::new(registry.view());
    let day = "2000-01-01".parse().unwrap();
    let at = law.stage_between(
        &StateCode::new("AAA"),
        &StateCode::new("BBB"),
        day,
        Grade::InForce,
    );
    assert_eq!(at.stage, Stage::CustomsUnion);
    let stages: Vec<Stage> = at.commitments.iter().map(|it| it.stage).collect();
    assert_eq!(stages, [Stage::CustomsUnion, Stage::FreeTradeArea]);
}

#[test]
fn an_organization_binds_its_members_with_others_and_not_with_one_another() {
    let more = assessment(
        "who = [\"org:bloc\", \"AAA\"]",
        "1993-01-01",
        "free_trade_area",
    );
    let registry = pact("stage = \"free_trade_area\"", &["org:bloc", "AAA"], &more);
    let (none, area) = (Stage::None, Stage::FreeTradeArea);
    assert_eq!(grades(&registry, "AAA", "XXA", "1994-01-01"), [area; 3]);
    assert_eq!(grades(&registry, "XXA", "AAA", "1994-01-01"), [area; 3]);
    // The second member joins the bloc, and with it the agreement, later.
    assert_eq!(grades(&registry, "AAA", "XXB", "1994-12-31"), [none; 3]);
    assert_eq!(grades(&registry, "AAA", "XXB", "1995-01-01"), [area; 3]);
    assert_eq!(grades(&registry, "XXA", "XXB", "1996-01-01"), [none; 3]);
    assert_eq!(grades(&registry, "AAA", "BBB", "1996-01-01"), [none; 3]);
}

/// A mixed agreement: the organization applies it while its members have signed and not
/// ratified themselves.
#[test]
fn a_members_own_signature_does_not_hide_what_its_organization_applies() {
    let more = "[[act]]\nact = \"ratification\"\nwho = [\"org:bloc\", \"AAA\"]\n\
                claims = [{ on = \"1991-06-01\", src = \"s\" }]\n";
    let registry = pact(
        "stage = \"free_trade_area\"",
        &["org:bloc", "XXA", "AAA"],
        more,
    );
    assert_eq!(
        stage(&registry, "AAA", "XXA", "1994-01-01", Grade::InForce),
        Stage::FreeTradeArea
    );
}

/// What works rests on what binds: an institution whose text sets no stage has none to work.
#[test]
fn functioning_is_never_deeper_than_in_force() {
    let more = assessment("", "1993-01-01", "customs_union");
    let registry = pact("", &["AAA", "BBB"], &more);
    let [_, in_force, functioning] = grades(&registry, "AAA", "BBB", "1994-01-01");
    assert!(
        functioning <= in_force,
        "{functioning} functions, {in_force} is in force"
    );
}

#[test]
fn a_matrix_is_symmetric_and_empty_on_its_diagonal() {
    let registry = pact(UNION, &["org:bloc", "AAA", "BBB"], "");
    let states = ["AAA", "BBB", "XXA", "XXB"].map(StateCode::new);
    let matrix = Law::new(registry.view()).stage_matrix(
        &states,
        "2000-01-01".parse().unwrap(),
        Grade::InForce,
    );
    for row in 0..4 {
        assert_eq!(matrix.stage(row, row), Stage::None);
        for column in 0..4 {
            assert_eq!(matrix.stage(row, column), matrix.stage(column, row));
        }
    }
    assert_eq!(matrix.deepest(), Stage::CustomsUnion);
    assert_eq!(matrix.stage(2, 3), Stage::None);
}

#[test]
fn the_proof_of_a_stage_leads_to_the_source() {
    let registry = pact(
        UNION,
        &["AAA", "BBB"],
        &assessment("", "1993-01-01", "free_trade_area"),
    );
    let law = Law::new(registry.view());
    let day = "2000-01-01".parse().unwrap();
    let at = law.stage_between(
        &StateCode::new("AAA"),
        &StateCode::new("BBB"),
        day,
        Grade::Functioning,
    );
    let proof = law
        .prove_commitment(&at.commitments[0], day)
        .lines()
        .join("\n");
    for part in [
        "The Pact",
        "free trade area",
        "1992-01-01",
        "1993-01-01",
        "[s]",
    ] {
        assert!(proof.contains(part), "{part} is not in\n{proof}");
    }
}

const RESTS: &str = "[[act]]\nact = \"suspension\"\nwho = [\"AAA\"]\ntowards = [\"BBB\"]\n\
                     claims = [{ on = \"1995-12-16\", effect = \"1996-01-01\", src = \"s\" }]\n";

#[test]
fn a_suspension_towards_one_party_rests_between_the_two_and_no_others() {
    let more = assessment("", "1993-01-01", "free_trade_area") + RESTS;
    let registry = pact(UNION, &["AAA", "BBB", "XXA"], &more);
    let (none, area, union) = (Stage::None, Stage::FreeTradeArea, Stage::CustomsUnion);
    for (first, second, on, expected) in [
        ("AAA", "BBB", "1995-12-31", [union, union, area]),
        ("AAA", "BBB", "1996-01-01", [union, none, none]),
        ("BBB", "AAA", "1996-01-01", [union, none, none]),
        ("AAA", "XXA", "1996-01-01", [union, union, area]),
        ("BBB", "XXA", "1996-01-01", [union, union, area]),
    ] {
        let found = grades(&registry, first, second, on);
        assert_eq!(found, expected, "{first} {second} {on}");
    }
    let law = Law::new(registry.view());
    let (a, b) = (StateCode::new("AAA"), StateCode::new("BBB"));
    let day = "1997-01-01".parse().unwrap();
    let at = law.stage_between(&a, &b, day, Grade::InForce);
    let named: Vec<String> = at
        .inoperative
        .iter()
        .filter_map(|act| act.act.whom())
        .collect();
    assert_eq!(named, ["AAA towards BBB"]);
    // Both stay parties; the one is not bound towards the other.
    let obligations = law.obligations(&a, day);
    let towards: Vec<&str> = obligations[0]
        .towards
        .iter()
        .map(StateCode::as_str)
        .collect();
    assert_eq!(towards, ["XXA"]);
    let story: Vec<String> = law
        .story(&a, &b)
        .iter()
        .map(|step| format!("{}: {}", step.day, step.acts.len()))
        .collect();
    assert_eq!(story.last().map(String::as_str), Some("1996-01-01: 1"));
}

/// A later treaty among some of the parties takes the place of this one between them.
#[test]
fn a_termination_between_some_parties_leaves_the_others_bound() {
    let more = "[[act]]\nact = \"termination\"\nwho = [\"AAA\"]\ntowards = [\"BBB\"]\n\
                claims = [{ on = \"1996-01-01\", src = \"s\" }]\n";
    let registry = pact(UNION, &["AAA", "BBB", "XXA"], more);
    let in_force = |first, second, on| stage(&registry, first, second, on, Grade::InForce);
    assert_eq!(in_force("AAA", "BBB", "1995-12-31"), Stage::CustomsUnion);
    assert_eq!(in_force("AAA", "BBB", "1996-01-01"), Stage::None);
    assert_eq!(in_force("AAA", "XXA", "1996-01-01"), Stage::CustomsUnion);
    assert_eq!(in_force("BBB", "XXA", "1996-01-01"), Stage::CustomsUnion);
    let law = Law::new(registry.view());
    let pairs = law.inoperative_pairs(&acquis_registry::InstitutionId::new("agr:pact"));
    assert_eq!(pairs.len(), 1);
    assert_eq!(
        (pairs[0].from.to_string().as_str(), pairs[0].until),
        ("1996-01-01", None)
    );
    // Without `towards` it ends for all.
    let all = more.replace("who = [\"AAA\"]\ntowards = [\"BBB\"]\n", "");
    let registry = pact(UNION, &["AAA", "BBB", "XXA"], &all);
    let in_force = |first, second, on| stage(&registry, first, second, on, Grade::InForce);
    assert_eq!(in_force("AAA", "XXA", "1996-01-01"), Stage::None);
}

#[test]
fn what_rests_between_two_begins_again_by_an_act_of_both_or_a_new_accession() {
    let both = "[[act]]\nact = \"entry_into_force\"\nwho = [\"AAA\", \"BBB\"]\n\
                claims = [{ on = \"1999-01-01\", src = \"s\" }]\n";
    let again = "[[act]]\nact = \"withdrawal\"\nwho = [\"BBB\"]\nclaims = [{ on = \"1997-01-01\", src = \"s\" }]\n\
                 [[act]]\nact = \"accession\"\nwho = [\"BBB\"]\nclaims = [{ on = \"1999-01-01\", src = \"s\" }]\n";
    for more in [both, again] {
        let registry = pact(UNION, &["AAA", "BBB"], &(RESTS.to_owned() + more));
        let in_force = |on| stage(&registry, "AAA", "BBB", on, Grade::InForce);
        assert_eq!(in_force("1998-12-31"), Stage::None);
        assert_eq!(in_force("1999-01-01"), Stage::CustomsUnion);
        let law = Law::new(registry.view());
        let pairs = law.inoperative_pairs(&acquis_registry::InstitutionId::new("agr:pact"));
        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].from.to_string(), "1996-01-01");
        assert_eq!(
            pairs[0].until.map(|day| day.to_string()).as_deref(),
            Some("1999-01-01")
        );
    }
    // One of them alone can't begin it again for the other.
    let one = both.replace("\"AAA\", ", "");
    let registry = pact(UNION, &["AAA", "BBB"], &(RESTS.to_owned() + &one));
    assert_eq!(
        stage(&registry, "AAA", "BBB", "2000-01-01", Grade::InForce),
        Stage::None
    );
}

#[test]
fn a_suspension_towards_a_member_of_an_organization_or_by_one_reaches_its_members() {
    let rests = "[[act]]\nact = \"suspension\"\nwho = [\"org:bloc\"]\ntowards = [\"AAA\"]\n\
                 claims = [{ on = \"1996-01-01\", src = \"s\" }]\n";
    let registry = pact(UNION, &["org:bloc", "AAA", "BBB"], rests);
    let in_force = |first, second| stage(&registry, first, second, "1997-01-01", Grade::InForce);
    assert_eq!(in_force("XXB", "AAA"), Stage::None);
    assert_eq!(in_force("XXB", "BBB"), Stage::CustomsUnion);
    assert_eq!(in_force("AAA", "BBB"), Stage::CustomsUnion);
}

#[test]
fn who_takes_no_part_can_t_be_suspended_towards() {
    let rests = RESTS.replace("towards = [\"BBB\"]", "towards = [\"XXB\"]");
    let registry = pact(UNION, &["AAA", "BBB"], &rests);
    let findings = acquis_law::check(&Law::new(registry.view()));
    assert!(
        findings.to_string().contains("XXB, which takes no part"),
        "{findings}"
    );
    let itself = RESTS.replace("towards = [\"BBB\"]", "towards = [\"AAA\"]");
    let pack = format!(
        "id = \"agr:pact\"\nkind = \"agreement\"\nnames = [{{ name = \"The Pact\" }}]\n{itself}"
    );
    let files = [
        SourceText::new("shared.toml", SHARED),
        SourceText::new("pact.toml", &pack),
    ];
    let refused = Registry::load(&files).unwrap_err();
    let sentence = "nothing can rest or end between AAA and itself";
    assert!(refused.to_string().contains(sentence), "{refused}");
}
