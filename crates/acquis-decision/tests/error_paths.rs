//! Every way of failing, with the values and names that the message must carry.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_decision::{
    Clause, Condition, Game, GameError, Index, IndicatorError, Player, Propriety, QuestionError,
    Quota, Rule, RuleError, Share, Uncertainty, Votes, Wanted, nearest_votes, roles_by_quota,
    shares_of_indicator, under_uncertainty,
};

const NAMES: [&str; 3] = ["A", "B", "C"];

fn error(clause: Clause) -> RuleError {
    Rule::new(NAMES, clause).unwrap_err()
}

fn weighted(votes: &[f64], quota: f64) -> Clause {
    Clause::weighted(votes.to_vec(), Quota::at_least(quota))
}

#[test]
fn players() {
    let nobody = Rule::new(Vec::<String>::new(), Clause::unanimity()).unwrap_err();
    assert_eq!(nobody, RuleError::NoPlayers);
    let twice = Rule::new(["A", "B", "A"], Clause::unanimity()).unwrap_err();
    assert_eq!(twice.to_string(), "A is listed twice among the players");
    let many = (0..=Rule::MOST_PLAYERS).map(|place| place.to_string());
    let many = Rule::new(many, Clause::unanimity()).unwrap_err();
    assert_eq!(
        many,
        RuleError::TooManyPlayers {
            got: 1025,
            most: 1024
        }
    );
}

#[test]
fn weights_name_the_player() {
    let nan = error(weighted(&[1.0, f64::NAN, 1.0], 1.0)).to_string();
    assert_eq!(
        nan,
        "criterion 1: the weight of B is NaN, not a finite number"
    );
    let infinite = error(weighted(&[1.0, 1.0, f64::INFINITY], 1.0)).to_string();
    assert_eq!(
        infinite,
        "criterion 1: the weight of C is inf, not a finite number"
    );
    let negative = error(Clause::unanimity().and(weighted(&[-2.0, 1.0, 1.0], 1.0))).to_string();
    assert_eq!(negative, "criterion 2: the weight of A is -2, below zero");
    let count = error(weighted(&[1.0, 1.0], 1.0)).to_string();
    assert_eq!(count, "criterion 1 has 2 weights for 3 players");
    let zeros = error(weighted(&[0.0; 3], 1.0));
    assert_eq!(zeros, RuleError::NoVotes { criterion: 1 });
    let fine = error(weighted(&[1e-300, 1.0, 1.0], 1.0));
    assert!(matches!(fine, RuleError::WeightTooFine { player, .. } if player == "B"));
}

#[test]
fn quotas() {
    let above = error(weighted(&[1.0, 2.0, 3.0], 7.0)).to_string();
    assert_eq!(
        above,
        "criterion 1: the quota of 7 can't be reached with 6 votes"
    );
    let more_than_all = Clause::weighted(vec![1.0; 3], Quota::more_than_share(Share::whole()));
    assert!(matches!(
        error(more_than_all),
        RuleError::QuotaAboveTotal { .. }
    ));
    assert!(matches!(
        error(Clause::at_least(4)),
        RuleError::QuotaAboveTotal { .. }
    ));
    for quota in [f64::NAN, f64::INFINITY, -1.0] {
        let unusable = error(weighted(&[1.0; 3], quota));
        assert!(matches!(
            unusable,
            RuleError::QuotaUnusable { criterion: 1, .. }
        ));
    }
    assert_eq!(
        error(weighted(&[1.0; 3], 0.0)),
        RuleError::QuotaNotPositive { criterion: 1 }
    );
    let without_anybody = Clause::fewer_than_blocking(4);
    assert_eq!(
        error(without_anybody),
        RuleError::QuotaNotPositive { criterion: 1 }
    );
    let cast = Condition::OfVotesCast {
        share: Share::whole(),
        strict: true,
    };
    let cast = Clause::criterion(Votes::OneEach, cast);
    assert!(matches!(error(cast), RuleError::QuotaAboveTotal { .. }));
    assert!(Share::new(3, 2).is_err() && Share::new(0, 0).is_err());
    for value in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(Share::decimal(value).is_err());
    }
}

#[test]
fn clauses() {
    assert_eq!(error(Clause::All(vec![])), RuleError::EmptyClause);
    assert_eq!(error(Clause::Any(vec![])), RuleError::EmptyClause);
    let deep = (0..40).fold(Clause::unanimity(), |clause, _| Clause::All(vec![clause]));
    assert_eq!(error(deep), RuleError::TooDeep { most: 32 });
    let unknown = error(Clause::veto(vec!["D".into()])).to_string();
    assert_eq!(unknown, "criterion 1 names D, who isn't among the players");
    let twice = error(Clause::at_least_of(1, vec!["A".into(), "A".into()]));
    assert_eq!(
        twice,
        RuleError::NamedTwice {
            criterion: 1,
            name: "A".into()
        }
    );
    assert_eq!(
        error(Clause::veto(vec![])),
        RuleError::NoVotes { criterion: 1 }
    );
}

#[test]
fn an_improper_rule_is_only_warned_of() {
    let game = Rule::new(NAMES, Clause::at_least(1)).unwrap().game();
    let warning = game.warning().unwrap();
    assert!(warning.starts_with("two coalitions without a common member can both win: "));
    let majority = Rule::new(NAMES, Clause::simple_majority()).unwrap().game();
    assert_eq!(
        (majority.propriety(), majority.warning()),
        (Propriety::Proper, None)
    );
}

fn many(n: u32) -> Game {
    let votes = (0..n).map(|k| f64::from(1000 + 37 * k * k)).collect();
    let others = (0..n).map(|k| f64::from(2000 + 11 * k)).collect();
    let half = || Quota::more_than_share(Share::half());
    let clause = Clause::weighted(votes, half()).and(Clause::weighted(others, half()));
    Rule::new((0..n).map(|k| format!("P{k}")), clause)
        .unwrap()
        .game()
}

#[test]
fn too_many_players_for_a_method() {
    let large = |error: GameError| matches!(error, GameError::TooLarge { .. });
    let game = many(70);
    assert!(large(game.census().unwrap_err()));
    assert!(large(game.shapley_shubik().unwrap_err()));
    assert!(large(game.minimal_winning().unwrap_err()));
    assert!(large(game.minimal_winning_coalitions(1).unwrap_err()));
    assert!(large(game.johnston().unwrap_err()));
    assert!(large(game.nucleolus().unwrap_err()));
    assert!(large(game.with_unions(&[]).unwrap_err()));
    assert_eq!(game.veto_players(), []);
    let message = game.census().unwrap_err().to_string();
    assert!(message.contains("70 players") && message.contains("one vector of weights"));
    let vectors = (1..=16).map(|step| {
        let votes = (0..9).map(|k| f64::from(1 + k * step % 29)).collect();
        Clause::weighted(votes, Quota::more_than_share(Share::half()))
    });
    let crowded = Clause::All(vectors.collect());
    let crowded = Rule::new((0..9).map(|k| k.to_string()), crowded).unwrap();
    let message = crowded.game().minimal_winning().unwrap_err().to_string();
    assert!(message.contains("at most 15 vectors"), "{message}");
    let heavy: Vec<f64> = (0..90).map(|k| 1e12 + f64::from(k)).collect();
    let heavy = Clause::weighted(heavy, Quota::more_than_share(Share::half()));
    let heavy = Rule::new((0..90).map(|k| k.to_string()), heavy).unwrap();
    assert!(large(heavy.game().census().unwrap_err()));
    assert!(large(heavy.with_abstention().unwrap_err()));
}

#[test]
fn unions() {
    let game = Rule::new(NAMES, Clause::simple_majority()).unwrap().game();
    let (a, d) = (Player::at(0), Player::at(3));
    let stranger = game.with_unions(&[vec![d]]).unwrap_err();
    assert_eq!(
        stranger,
        GameError::NoSuchPlayer {
            position: 3,
            players: 3
        }
    );
    let twice = game
        .with_unions(&[vec![a], vec![a]])
        .unwrap_err()
        .to_string();
    assert_eq!(twice, "A is in 2 unions; every player must be in one");
    assert_eq!(game.outvoting(&[d], 1).unwrap_err(), stranger);
}

#[test]
fn questions() {
    let wanted = |distribution: Vec<f64>| Wanted {
        distribution,
        index: Index::Banzhaf,
        quota: None,
        moves: 0,
        seed: 0,
    };
    for bad in [vec![0.5, 0.6], vec![1.5, -0.5], vec![f64::NAN, 1.0], vec![]] {
        let refused = nearest_votes(&wanted(bad)).unwrap_err();
        assert!(matches!(refused, QuestionError::Setting { .. }));
    }
    assert!(roles_by_quota(&[1.0, f64::NAN]).is_err());
    let ask = |spread: Vec<f64>, draws| {
        let uncertainty = Uncertainty {
            spread,
            draws,
            seed: 0,
        };
        let rule = |w: Vec<f64>| Rule::new(["A", "B"], weighted(&w, 1.0));
        under_uncertainty(&[1.0, 2.0], &uncertainty, Index::Banzhaf, rule)
    };
    let refused = ask(vec![0.1], 5).unwrap_err();
    assert!(matches!(
        refused,
        QuestionError::Length {
            expected: 2,
            got: 1,
            ..
        }
    ));
    assert!(ask(vec![0.1, f64::NAN], 5).is_err());
    assert!(ask(vec![0.1; 2], 0).is_err());
    assert!(ask(vec![0.1; 2], 5).is_ok());
}

#[test]
fn indicators() {
    let shares = |values: &[f64], floor, cap| shares_of_indicator(values, floor, cap).unwrap_err();
    assert!(matches!(
        shares(&[1.0, -1.0], 0.0, 1.0),
        IndicatorError::NotAnAmount { position: 1, .. }
    ));
    assert!(matches!(
        shares(&[f64::NAN], 0.0, 1.0),
        IndicatorError::NotAnAmount { .. }
    ));
    assert!(matches!(
        shares(&[0.0, 0.0], 0.0, 1.0),
        IndicatorError::NothingToShare { .. }
    ));
    assert!(matches!(
        shares(&[], 0.0, 1.0),
        IndicatorError::NothingToShare { .. }
    ));
    assert!(matches!(
        shares(&[1.0], 0.5, 0.1),
        IndicatorError::Bounds { .. }
    ));
    assert!(matches!(
        shares(&[1.0; 3], 0.0, 0.3),
        IndicatorError::Impossible { .. }
    ));
    assert!(matches!(
        shares(&[1.0; 3], 0.4, 0.9),
        IndicatorError::Impossible { .. }
    ));
}
