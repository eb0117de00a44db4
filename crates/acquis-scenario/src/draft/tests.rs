use acquis_registry::{
    ActKind, ActName, AdmittedAs, Change, EdtfDate, InstitutionId, Participants, Party, Stage,
    StateCode,
};
use proptest::prelude::*;

use super::*;
use crate::policy::{CommonTariff, PaymentAmount, Uncertainty};
use crate::scenario::Closure;

const SHIPPED: [(&str, &str); 4] = [
    (
        "customs-union-2012",
        include_str!("../../../../scenarios/customs-union-2012.toml"),
    ),
    (
        "eurasian-union-2019",
        include_str!("../../../../scenarios/eurasian-union-2019.toml"),
    ),
    (
        "single-economic-space-2004",
        include_str!("../../../../scenarios/single-economic-space-2004.toml"),
    ),
    (
        "ukraine-chooses-2012",
        include_str!("../../../../scenarios/ukraine-chooses-2012.toml"),
    ),
];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn league() -> InstitutionId {
    InstitutionId::new("org:league")
}

fn state(code: &str) -> StateCode {
    StateCode::new(code)
}

fn started() -> Draft {
    Draft::start(&Start {
        title: "A league of four".to_owned(),
        pack: Some("four".to_owned()),
        date: day("2012-07-01"),
        economy: "four-2012".to_owned(),
        grade: Grade::Functioning,
    })
}

/// What a reader of the file finds, without the places that every change moves.
fn found(draft: &Draft) -> Scenario {
    let mut scenario = draft.unfinished("d").unwrap();
    let nowhere = SourceText::new("", "");
    let nowhere = || Place {
        file: nowhere.clone(),
        span: 0..0,
    };
    scenario.base.economy_place = None;
    for variant in &mut scenario.variants {
        for act in &mut variant.amendments {
            act.place = nowhere();
        }
    }
    scenario
}

#[test]
fn a_file_that_is_only_opened_stays_as_it_is() {
    for (name, text) in SHIPPED {
        let draft = Draft::open(text).unwrap();
        assert_eq!(draft.text(), text, "{name}");
        assert!(draft.scenario(name).is_ok());
    }
}

#[test]
fn a_change_leaves_everything_else_as_it_is() {
    let (_, text) = SHIPPED[2];
    let mut draft = Draft::open(text).unwrap();
    draft.apply(&Edit::Date(day("2005-06-30"))).unwrap();
    assert_eq!(
        draft.text(),
        text.replace("date = \"2004-12-31\" ", "date = \"2005-06-30\" ")
    );
    draft.apply(&Edit::Date(day("2004-12-31"))).unwrap();
    draft.apply(&Edit::LabourMobility(Some(1.5))).unwrap();
    assert!(draft.text().contains("\n[labour]\nelasticity = 1.5\n"));
    draft.apply(&Edit::LabourMobility(None)).unwrap();
    assert_eq!(draft.text(), text);
}

#[test]
fn a_new_scenario_changes_nothing_until_it_does() {
    let mut draft = started();
    let error = draft.scenario("d").unwrap_err();
    assert!(error.to_string().contains("changes nothing"), "{error}");
    let scenario = draft.unfinished("d").unwrap();
    assert_eq!(scenario.base.grade, Grade::Functioning);
    assert!(scenario.variants[0].amendments.is_empty());
    draft
        .strike(&ActsOf::All, &league(), &state("AAA"))
        .unwrap();
    assert!(draft.scenario("d").is_ok());
    draft.remove_act(&ActsOf::All, 0).unwrap();
    assert!(draft.scenario("d").is_err());
    let error = draft.remove_act(&ActsOf::All, 0).unwrap_err();
    assert!(matches!(
        error,
        EditError::NoSuch {
            number: 1,
            count: 0,
            ..
        }
    ));
}

#[test]
fn clicking_twice_takes_the_click_back() {
    let mut draft = started();
    let before = draft.text();
    let all = ActsOf::All;
    let on = day("2012-01-01");
    for code in ["AAA", "BBB"] {
        draft.join(&all, &league(), &state(code), on).unwrap();
    }
    let drafted = draft.drafted(&all).unwrap();
    assert_eq!(drafted.len(), 1, "those who join on one day stand together");
    for code in ["AAA", "BBB"] {
        draft.strike(&all, &league(), &state(code)).unwrap();
    }
    assert_eq!(draft.text(), before);
    for code in ["AAA", "BBB"] {
        draft.strike(&all, &league(), &state(code)).unwrap();
    }
    draft.join(&all, &league(), &state("AAA"), on).unwrap();
    let drafted = draft.drafted(&all).unwrap();
    let left = Participants::Listed(vec![Party::from_id("BBB")]);
    assert_eq!(
        drafted[0].change,
        Change::Strike {
            act: None,
            who: left
        }
    );
    draft.join(&all, &league(), &state("BBB"), on).unwrap();
    assert_eq!(draft.text(), before);
}

#[test]
fn acts_of_a_variant_are_its_own() {
    let (name, text) = SHIPPED[3];
    let mut draft = Draft::open(text).unwrap();
    let union = ActsOf::Variant("customs-union".to_owned());
    let id = InstitutionId::new("org:eurasec-customs-union");
    draft
        .join(&union, &id, &state("MDA"), day("2012-01-01"))
        .unwrap();
    let scenario = draft.scenario(name).unwrap();
    let of = |variant: usize| scenario.variants[variant].amendments.len();
    assert_eq!(
        [of(0), of(1), of(2)],
        [2, 2, 4],
        "Moldova joins the accession on that day"
    );
    draft
        .add(
            &ActsOf::All,
            &id,
            &Change::Strike {
                act: Some(ActName::Implementation),
                who: Participants::All,
            },
        )
        .unwrap();
    let scenario = draft.scenario(name).unwrap();
    assert!(
        scenario
            .variants
            .iter()
            .all(|variant| { matches!(variant.amendments[0].change, Change::Strike { .. }) })
    );
    assert_eq!(draft.drafted(&union).unwrap().len(), 2);
    let unknown = draft
        .drafted(&ActsOf::Variant("customs".to_owned()))
        .unwrap_err();
    assert!(unknown.to_string().contains("customs-union"), "{unknown}");
}

#[test]
fn acts_written_in_a_list_are_changed_too() {
    let text = "title = \"t\"\nact = [{ do = \"strike\", institution = \"org:league\", who = [\"AAA\"] }]\n\
                [base]\ndate = \"2012-07-01\"\neconomy = \"e\"\n";
    let mut draft = Draft::open(text).unwrap();
    draft
        .strike(&ActsOf::All, &league(), &state("BBB"))
        .unwrap();
    let drafted = draft.drafted(&ActsOf::All).unwrap();
    assert_eq!(drafted.len(), 1);
    let both = Participants::Listed(vec![Party::from_id("AAA"), Party::from_id("BBB")]);
    assert_eq!(
        drafted[0].change,
        Change::Strike {
            act: None,
            who: both
        }
    );
}

#[test]
fn what_is_no_table_is_told_and_what_is_no_toml_too() {
    let mut draft = Draft::open("deficit = 3").unwrap();
    let error = draft.apply(&Edit::Purge(true)).unwrap_err();
    assert_eq!(
        error,
        EditError::NoTable {
            key: "deficit".to_owned()
        }
    );
    let error = Draft::open("title = ").unwrap_err();
    assert_eq!(
        error
            .iter()
            .next()
            .unwrap()
            .place
            .as_ref()
            .unwrap()
            .line_column()
            .0,
        1
    );
}

#[test]
fn every_instrument_is_read_back() {
    let mut draft = started();
    let edits = [
        Edit::Title("Ä \"league\"\nof four".to_owned()),
        Edit::Description("Who gains?".to_owned()),
        Edit::KnownBy(Some(day("2013-01-01"))),
        Edit::Effects(Some((
            vec![(Stage::CustomsUnion, 0.75)],
            "a study".to_owned(),
        ))),
        Edit::Elasticity(Some((4.25, "another".to_owned()))),
        Edit::Closure(Some(Closure::WorldShare)),
        Edit::Purge(true),
        Edit::ExternalTariff(Some(CommonTariff::LargestMember)),
        Edit::MostFavouredNation(vec!["USA".to_owned(), "CHN".to_owned()]),
        Edit::RulesOfOrigin(Some(0.03)),
        Edit::Utilisation(Some(0.8)),
        Edit::Sectors(vec!["food".to_owned()]),
        Edit::RevenuePool(Some((
            vec![("AAA".to_owned(), 60.0), ("BBB".to_owned(), 40.0)],
            0.1,
        ))),
        Edit::AddPayment {
            from: "AAA".to_owned(),
            to: "BBB".to_owned(),
            amount: 1500.0,
            reason: "a loan".to_owned(),
        },
        Edit::AddDiscount {
            from: "AAA".to_owned(),
            to: "CCC".to_owned(),
            sector: "mining".to_owned(),
            rate: 0.3,
            reason: String::new(),
        },
        Edit::LabourMobility(Some(1.0)),
        Edit::Uncertainty(Some(Uncertainty {
            draws: 200,
            seed: 2019,
            elasticity_error: 0.2,
            effect_error: 0.0,
        })),
        Edit::AcceptIncompatible(true),
    ];
    for edit in &edits {
        draft.apply(edit).unwrap();
    }
    let scenario = draft.unfinished("d").unwrap();
    assert_eq!(scenario.title, "Ä \"league\"\nof four");
    assert_eq!(scenario.base.known_by, Some(day("2013-01-01")));
    assert_eq!(
        scenario.effects.of(Stage::CustomsUnion).to_bits(),
        f64::to_bits(0.75)
    );
    assert_eq!(scenario.elasticity.unwrap().source, "another");
    assert_eq!(
        (scenario.closure, scenario.purge),
        (Some(Closure::WorldShare), true)
    );
    let policy = scenario.policy;
    assert_eq!(policy.external_tariff, CommonTariff::LargestMember);
    assert_eq!(policy.references[1].value, "CHN");
    assert_eq!(
        (policy.rules_of_origin, policy.utilisation),
        (0.03, Some(0.8))
    );
    assert_eq!(policy.sectors[0].value, "food");
    assert_eq!(policy.pool.unwrap().shares[0].1.to_bits(), 60_f64.to_bits());
    assert_eq!(policy.payments[0].amount, PaymentAmount::Fixed(1500.0));
    assert_eq!(policy.payments[0].reason.as_deref(), Some("a loan"));
    assert!(
        matches!(&policy.payments[1].amount, PaymentAmount::Discount { sector, .. } if sector.value == "mining")
    );
    assert_eq!(policy.payments[1].reason, None);
    assert_eq!(policy.labour_mobility, Some(1.0));
    assert_eq!(scenario.uncertainty.unwrap().draws, 200);
    assert!(scenario.accept_incompatible);
    for number in [1, 0] {
        draft.apply(&Edit::RemovePayment(number)).unwrap();
    }
    assert!(matches!(
        draft.apply(&Edit::RemovePayment(0)),
        Err(EditError::NoSuch { .. })
    ));
    assert!(draft.unfinished("d").unwrap().policy.payments.is_empty());
}

#[test]
fn taking_out_what_was_put_in_leaves_the_file_as_it_was() {
    let before = started().text();
    let none = [
        Edit::Effects(None),
        Edit::Elasticity(None),
        Edit::Closure(None),
        Edit::Purge(false),
        Edit::ExternalTariff(None),
        Edit::MostFavouredNation(Vec::new()),
        Edit::RulesOfOrigin(None),
        Edit::Utilisation(None),
        Edit::Sectors(Vec::new()),
        Edit::RevenuePool(None),
        Edit::LabourMobility(None),
        Edit::Uncertainty(None),
        Edit::AcceptIncompatible(false),
        Edit::KnownBy(None),
    ];
    let mut draft = started();
    for edit in &none {
        draft.apply(edit).unwrap();
    }
    assert_eq!(draft.text(), before);
    for edit in [
        Edit::Elasticity(Some((4.0, "x".to_owned()))),
        Edit::Closure(Some(Closure::Additive)),
        Edit::Sectors(vec!["food".to_owned()]),
        Edit::Utilisation(Some(0.5)),
        Edit::AcceptIncompatible(true),
    ] {
        draft.apply(&edit).unwrap();
    }
    for edit in &none {
        draft.apply(edit).unwrap();
    }
    assert_eq!(draft.text(), before);
}

/// Any change to acts that a scenario file can hold.
fn change() -> impl Strategy<Value = Change> {
    let parties = prop::collection::vec(
        prop::sample::select(vec!["AAA", "BBB", "org:league"]).prop_map(Party::from_id),
        1..3,
    );
    let listed = parties.prop_map(Participants::Listed).boxed();
    let anyone = prop_oneof![Just(Participants::All), listed.clone()].boxed();
    let on = prop::sample::select(vec![
        "2012",
        "2012-01",
        "2012-01-01",
        "2012-01-01/2012-03-05",
    ])
    .prop_map(|text| text.parse::<EdtfDate>().unwrap())
    .boxed();
    let stage = prop::sample::select(Stage::ALL.to_vec());
    let kinds = prop::sample::select(vec![
        ActKind::Signature,
        ActKind::Ratification,
        ActKind::Accession(AdmittedAs::Member),
        ActKind::Accession(AdmittedAs::Observer),
        ActKind::Withdrawal,
        ActKind::Succession(StateCode::new("CCC")),
        ActKind::Transformation(Some(InstitutionId::new("org:heir"))),
        ActKind::Merger(InstitutionId::new("org:heir")),
    ]);
    let name = prop::sample::select(ActName::ALL.to_vec());
    prop_oneof![
        (kinds, listed, on.clone()).prop_map(|(kind, who, on)| Change::Add {
            kind,
            who,
            on,
            stage: None
        }),
        (stage, anyone.clone(), on.clone()).prop_map(|(stage, who, on)| Change::Add {
            kind: ActKind::Implementation,
            who,
            on,
            stage: Some(stage)
        }),
        (prop::option::of(name.clone()), anyone.clone())
            .prop_map(|(act, who)| Change::Strike { act, who }),
        (name, anyone, on).prop_map(|(act, who, to)| Change::Move { act, who, to }),
    ]
}

proptest! {
    #[test]
    fn any_changes_are_read_back_as_they_were_made(
        changes in prop::collection::vec(change(), 1..8),
        title in any::<String>().prop_filter("a title says something", |title| !title.trim().is_empty()),
        effect in -3.0..3.0_f64,
        theta in 0.1..30.0_f64,
    ) {
        let mut draft = started();
        draft.apply(&Edit::Title(title.clone())).unwrap();
        draft.apply(&Edit::Effects(Some((vec![(Stage::FreeTradeArea, effect)], title.clone())))).unwrap();
        draft.apply(&Edit::Elasticity(Some((theta, title.clone())))).unwrap();
        for change in &changes {
            draft.add(&ActsOf::All, &league(), change).unwrap();
        }
        let scenario = draft.scenario("d").map_err(|error| TestCaseError::fail(error.to_string()))?;
        let made: Vec<Change> =
            scenario.variants[0].amendments.iter().map(|act| act.change.clone()).collect();
        prop_assert_eq!(made, changes);
        prop_assert_eq!(&scenario.title, &title);
        prop_assert_eq!(scenario.effects.of(Stage::FreeTradeArea).to_bits(), effect.to_bits());
        prop_assert_eq!(scenario.elasticity.map(|it| it.theta.get().to_bits()), Some(theta.to_bits()));
        let again = Draft::open(&draft.text()).unwrap();
        prop_assert_eq!(again.text(), draft.text());
        prop_assert_eq!(found(&again), found(&draft));
    }
}
