//! Forms as they are sent, and rules that go into rows and back.

use acquis_scenario::{Almanac, ComposedRule, Vote, VotingQuestion};

use super::*;

fn composition(line: &str, players: Option<&str>) -> Option<Composition> {
    let rule = ComposedRule::from_line(line).unwrap();
    let players = players.map(|players| players.parse().unwrap());
    let question = VotingQuestion::default();
    let vote = Vote::composed(&rule, players.as_ref(), &question, &Almanac::default());
    Composition::of(&vote.unwrap())
}

fn as_typed(typed: &str) -> Result<String, String> {
    Ok(typed.to_owned())
}

#[test]
fn rows_say_what_the_notation_says() {
    for (line, players) in [
        ("[7; RUS=4, BLR=2, KAZ=2]", None),
        ("[>1/2; A=40, B=30.5, C=30]", None),
        ("[>50% cast; A=40, B=30, C=30]", None),
        ("[7; RUS=4, BLR=2, KAZ=2] and veto(RUS, KAZ)", None),
        (
            "[7; A=4, B=2, C=2] and [100; A=9, B=80, C=50] and 2 of members",
            None,
        ),
        ("([7; A=4, B=2, C=2] and majority) or blocking 1", None),
        (
            "(([7; A=4, B=2, C=2] and majority) or consensus) and veto(A)",
            None,
        ),
        ("9 of members and veto(1, 2, 3, 4, 5)", Some("15")),
        ("2/3 of cast", Some("A,B,C")),
        ("majority of cast", Some("A,B,C")),
        ("2 of (A, B)", Some("A,B,C")),
        ("consensus minus one", Some("A,B,C")),
        ("unanimity or blocking 2", Some("A,B,C")),
    ] {
        let rows = composition(line, players).unwrap();
        let read = rows.rule(as_typed).unwrap();
        let own = ComposedRule::from_line(line).unwrap();
        assert_eq!(read.criterion, own.criterion, "{line}");
    }
}

#[test]
fn what_rows_cannot_say_is_left_to_the_notation() {
    let nested = "((majority or [2; A=2, B=1, C=1]) and consensus) or unanimity";
    for (line, players) in [(nested, None), ("majority", Some("61"))] {
        assert_eq!(composition(line, players), None, "{line}");
    }
}

#[test]
fn a_form_is_read_as_it_was_sent() {
    let text = "rows=3&counts=2&name1=A&votes1.1=4&name3=B&votes3.2=1&veto3=yes&kind1=votes\
                &quota1=3&least1=more&kind2=some&quota2=1&join2=or";
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut read = Composition::read(&pairs).unwrap();
    assert_eq!((read.rows.len(), read.counts.len()), (3, 2));
    assert!(read.rows[2].has_veto && read.counts[0].more);
    assert_eq!(read.counts[1].joins, Join::Or);
    assert_eq!(read.change("remove2").as_deref(), Some("name2"));
    assert_eq!(read.rows[1].name, "B");
    let mistakes = read.rule(as_typed).unwrap_err();
    let fields: Vec<&str> = mistakes.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["votes2.1"]);
    read.change("part1");
    assert_eq!(read.counts.len(), 1);
    assert_eq!(read.rows[1].votes, ["1"]);
    for odd in ["remove9", "remove0", "part1", "partx", "fly"] {
        assert_eq!(read.change(odd), None, "{odd}");
    }
    assert!(Composition::read(&pairs[1..]).is_none());
}

#[test]
fn mistakes_stand_at_their_fields() {
    let mut rows = composition("[7; A=4, B=2, C=2]", None).unwrap();
    rows.rows[0].name = "A=1".to_owned();
    rows.rows[1].votes[0] = "two".to_owned();
    rows.rows[2].name = "B".to_owned();
    rows.counts[0].quota = String::new();
    let mistakes = rows.rule(as_typed).unwrap_err();
    let fields: Vec<&str> = mistakes.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["name1", "name3", "votes2.1", "quota1"]);
    let mut rows = composition("[7; A=4, B=2, C=2]", None).unwrap();
    rows.counts[0].quota = "9".to_owned();
    let mistakes = rows.rule(as_typed).unwrap_err();
    assert!(mistakes[0].sentence.contains("8 in all"), "{mistakes:?}");
}
