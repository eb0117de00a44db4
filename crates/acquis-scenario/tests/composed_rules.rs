//! Composed rules: what is written is read back, no text makes the reader panic, and a line
//! counts what the clauses of the engine count.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_decision::{Clause, Quota as Needed, Rule, Share};
use acquis_registry::{Criterion, DecisionKind, Party, Quota, Series, SourceText, Weights};
use acquis_scenario::{
    Almanac, AskedQuota, ComposedRule, TypedSpread, TypedWanted, TypedWeights, Vote,
    VotingQuestion, rule_file_text,
};
use proptest::prelude::*;

fn quotas() -> impl Strategy<Value = (Quota, bool)> {
    let share = (1_u32..100).prop_map(|numerator| Quota::Share {
        numerator,
        denominator: 100,
    });
    let fraction = (1_u32..7).prop_map(|numerator| Quota::Share {
        numerator,
        denominator: 7,
    });
    let votes = (1_u32..60).prop_map(|votes| Quota::Votes(f64::from(votes)));
    (prop_oneof![share, fraction, votes], any::<bool>())
}

fn parties() -> impl Strategy<Value = Vec<Party>> {
    let names = ["AUT", "BEL", "New South Wales", "Bank 7", "x"];
    prop::sample::subsequence(names.to_vec(), 1..=names.len())
        .prop_map(|names| names.into_iter().map(Party::from_id).collect())
}

fn weighted() -> impl Strategy<Value = Criterion> {
    let votes = (parties(), prop::collection::vec(0_u32..500, 5));
    let votes = votes.prop_map(|(parties, votes)| {
        let votes = votes.into_iter().map(|votes| f64::from(votes) / 8.0);
        (None, parties.into_iter().zip(votes).collect::<Vec<_>>())
    });
    let bounds = (prop::option::of(0_u8..4), prop::option::of(5_u8..10));
    let series = (any::<bool>(), 1990_i16..2020, bounds).prop_map(|(gdp, year, (floor, cap))| {
        let weights = Weights {
            series: if gdp { Series::Gdp } else { Series::Population },
            year,
            floor: floor.map(|tenths| f64::from(tenths) / 10.0),
            cap: cap.map(|tenths| f64::from(tenths) / 10.0),
        };
        (Some(weights), Vec::new())
    });
    (quotas(), prop_oneof![votes, series], any::<bool>()).prop_map(
        |((quota, strict), (weights, votes), cast)| Criterion {
            votes,
            weights,
            quota: Some(quota),
            strict,
            of_votes_cast: cast,
            ..Criterion::new(if cast {
                DecisionKind::QualifiedMajority
            } else {
                DecisionKind::Weighted
            })
        },
    )
}

fn counts() -> impl Strategy<Value = Criterion> {
    let of = prop_oneof![
        Just((false, Vec::new())),
        Just((true, Vec::new())),
        parties().prop_map(|parties| (false, parties)),
    ];
    (prop::option::of(quotas()), of).prop_map(|(quota, (cast, members))| Criterion {
        quota: quota.map(|(quota, _)| quota),
        strict: quota.is_some_and(|(_, strict)| strict),
        of_votes_cast: cast,
        members,
        ..Criterion::new(if quota.is_some() {
            DecisionKind::QualifiedMajority
        } else {
            DecisionKind::SimpleMajority
        })
    })
}

fn words() -> impl Strategy<Value = Criterion> {
    prop_oneof![
        Just(Criterion::new(DecisionKind::Consensus)),
        Just(Criterion::new(DecisionKind::ConsensusMinusOne)),
        Just(Criterion::new(DecisionKind::Unanimity)),
        parties().prop_map(|members| Criterion {
            members,
            ..Criterion::new(DecisionKind::Veto)
        }),
        (1_u32..9).prop_map(|number| Criterion {
            quota: Some(Quota::Votes(f64::from(number))),
            ..Criterion::new(DecisionKind::BlockingMinority)
        }),
    ]
}

fn criteria() -> impl Strategy<Value = Criterion> {
    prop_oneof![weighted(), counts(), words()].prop_recursive(3, 12, 3, |inner| {
        (any::<bool>(), prop::collection::vec(inner, 2..4)).prop_map(|(all, criteria)| Criterion {
            criteria,
            ..Criterion::new(if all {
                DecisionKind::AllOf
            } else {
                DecisionKind::AnyOf
            })
        })
    })
}

/// Votes of each member by name, so that a line says the same as the file of a pack.
fn line_of(criterion: &Criterion) -> String {
    let rule = ComposedRule::from_line("unanimity").unwrap();
    let rule = ComposedRule {
        criterion: criterion.clone(),
        ..rule
    };
    rule.line().unwrap()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(criterion in criteria()) {
        let line = line_of(&criterion);
        let read = ComposedRule::from_line(&line).unwrap();
        prop_assert_eq!(&read.criterion, &criterion, "{}", line);
    }

    /// But for a quota of more than all votes, which a file may not have.
    #[test]
    fn a_file_that_is_written_is_read_back(criterion in criteria()) {
        let text = rule_file_text(Some("A \"rule\""), &[], &criterion);
        match ComposedRule::from_file(&SourceText::new("rule.toml", &text)) {
            Ok(read) => {
                prop_assert_eq!(&read.criterion, &criterion, "{}", text);
                prop_assert_eq!(read.title.as_deref(), Some("A \"rule\""));
            }
            Err(findings) => {
                prop_assert!(findings.to_string().contains("a quota of"), "{}: {}", findings, text);
            }
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(
        text in prop_oneof![
            "\\PC{0,40}",
            r"[\[\]();,=>x×%/. a-c0-9-]{0,40}",
            "((majority|veto|and|or|of|members|cast|blocking|\\[|\\]|\\(|\\)|;|[0-9]) ?){0,12}",
        ],
    ) {
        if let Ok(rule) = ComposedRule::from_line(&text) {
            let almanac = Almanac::default();
            let question = VotingQuestion::default();
            if let Ok(vote) = Vote::composed(&rule, None, &question, &almanac) {
                let _ = vote.powers();
            }
        }
        let _ = text.parse::<AskedQuota>();
        let _ = text.parse::<TypedWeights>();
        let _ = text.parse::<TypedSpread>();
        let _ = text.parse::<TypedWanted>();
    }

    #[test]
    fn a_quota_is_shown_as_it_is_typed((quota, strict) in quotas()) {
        let asked = AskedQuota { quota, strict };
        prop_assert_eq!(asked.to_string().parse::<AskedQuota>().unwrap(), asked);
    }

    /// The same winning coalitions as the engine's own clauses.
    #[test]
    fn a_line_counts_what_the_clauses_count(
        votes in prop::collection::vec(1_u32..9, 5),
        percent in 1_u64..=100,
        blocking in 1_u32..4,
    ) {
        let votes: Vec<f64> = votes.into_iter().map(f64::from).collect();
        let names = ["A", "B", "C", "D", "E"];
        let listed: Vec<String> =
            names.iter().zip(&votes).map(|(name, votes)| format!("{name}={votes}")).collect();
        let line = format!(
            "([{percent}%; {}] and majority and veto(B)) or blocking {blocking}",
            listed.join(", ")
        );
        let rule = ComposedRule::from_line(&line).unwrap();
        let almanac = Almanac::default();
        let vote = Vote::composed(&rule, None, &VotingQuestion::default(), &almanac).unwrap();
        let share = Share::new(percent, 100).unwrap();
        let clause = Clause::weighted(votes, Needed::at_least_share(share))
            .and(Clause::simple_majority())
            .and(Clause::veto(vec!["B".to_owned()]))
            .or(Clause::fewer_than_blocking(blocking));
        let own = Rule::new(names, clause).unwrap().game();
        let game = vote.game();
        for mask in 0..32 {
            let coalition = acquis_decision::Coalition::from_mask(mask);
            prop_assert_eq!(game.wins(coalition), own.wins(coalition), "{}: {}", line, mask);
        }
    }
}

#[test]
fn a_decimal_is_the_one_that_was_typed() {
    let quota: AskedQuota = "0.85".parse().unwrap();
    let eighty_five = Quota::Share {
        numerator: 85,
        denominator: 100,
    };
    assert_eq!(quota.quota, eighty_five);
}

#[test]
fn who_has_no_name_may_have_a_veto() {
    let rule = ComposedRule::from_line("[7; 4, 2, 2] and veto(1)").unwrap();
    let almanac = Almanac::default();
    let vote = Vote::composed(&rule, None, &VotingQuestion::default(), &almanac).unwrap();
    assert_eq!(vote.voters.len(), 3);
    for other in ["[7; 4, 2, 2] and veto(4)", "[7; 4, 2, 2] and veto(01)"] {
        assert!(ComposedRule::from_line(other).is_err(), "{other}");
    }
}
