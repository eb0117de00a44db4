//! The form of the question, and examples to start from.

use acquis_law::Law;
use acquis_scenario::Measure;
use maud::{Markup, html};

use super::asked::{Asked, Wrong};
use crate::atlas::Atlas;
use crate::part;
use crate::search::organs;
use crate::visit::{Visit, address};

/// The form with what was asked in it, and with what was wrong in it.
pub(super) fn form(atlas: &Atlas, visit: &Visit, asked: &Asked, wrong: Option<&Wrong>) -> Markup {
    html! {
        form.question.votes #ask method="get" action="/votes" {
            @if let Some(wrong) = wrong { (alert(wrong)) }
            (part::moment_fields(visit))
            fieldset {
                legend { "Whose rule" }
                (field(Text::new("organization", "Organization", asked.organization.as_deref()).list(part::ORGANIZATIONS), wrong))
                (field(Text::new("organ", "Organ", asked.organ.as_deref()).hint("the first that weighs votes"), wrong))
                (field(Text::new("matter", "Matter", asked.matter.as_deref()), wrong))
            }
            fieldset {
                legend { "Or a rule of your own" }
                (field(Text::new("rule", "Rule", asked.rule.as_deref()).wide().hint("[7; RUS=4, BLR=2, KAZ=2] and veto(RUS)"), wrong))
                (field(Text::new("members", "Members", asked.members.as_deref()).hint("names, or how many"), wrong))
                (rules())
            }
            fieldset {
                legend { "Changed" }
                (field(Text::new("weights", "Weights", asked.weights.as_deref()).hint("gdp:2003"), wrong))
                (field(Text::new("quota", "Quota", asked.quota.as_deref()).hint("2/3"), wrong))
                (field(Text::new("floor", "No share below", asked.floor.as_deref()).hint("5%"), wrong))
                (field(Text::new("cap", "No share above", asked.cap.as_deref()).hint("40%"), wrong))
                (field(Text::new("with", "With", asked.with.as_deref()).hint("UZB=1"), wrong))
                (field(Text::new("without", "Without", asked.without.as_deref()).hint("RUS"), wrong))
            }
            fieldset {
                legend { "Questions" }
                (field(Text::new("against", "Compared with", asked.against.as_deref()).hint("a day, a rule, or itself"), wrong))
                (field(Text::new("outvote", "Who outvotes", asked.outvote.as_deref()).hint("BLR"), wrong))
                (field(Text::new("bloc", "Vote as one", asked.bloc.as_deref()).hint("RUS,BLR; KGZ,TJK"), wrong))
                (field(Text::new("uncertain", "Error of the votes", asked.uncertain.as_deref()).hint("10%"), wrong))
                (field(Text::new("wanted", "Power wanted", asked.wanted.as_deref()).hint("equal, population:2003"), wrong))
            }
            fieldset.checks {
                legend { "Also" }
                (check("sweep", "Other quotas", asked.sweep.is_some()))
                (check("coalitions", "Winning coalitions", asked.coalitions.is_some()))
                (check("abstention", "Abstention", asked.abstention.is_some()))
                (check("exact", "As fractions", asked.exact.is_some()))
                (check("all", "Every measure", asked.all.is_some()))
            }
            (measures(asked))
            button { "Count" }
        }
        (part::lists(atlas.registry()))
    }
}

fn alert(wrong: &Wrong) -> Markup {
    html! {
        div.problem #wrong role="alert" {
            p.what { (wrong.problem.sentence()) }
            @for sentence in wrong.problem.advice() { p { (sentence) } }
        }
    }
}

/// A field of text.
#[derive(Clone, Copy)]
struct Text<'a> {
    name: &'static str,
    label: &'static str,
    value: &'a str,
    hint: &'static str,
    list: Option<&'static str>,
    is_wide: bool,
}

impl<'a> Text<'a> {
    fn new(name: &'static str, label: &'static str, value: Option<&'a str>) -> Self {
        Self {
            name,
            label,
            value: value.unwrap_or_default(),
            hint: "",
            list: None,
            is_wide: false,
        }
    }

    fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    fn list(mut self, list: &'static str) -> Self {
        self.list = Some(list);
        self
    }

    fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }
}

fn field(text: Text<'_>, wrong: Option<&Wrong>) -> Markup {
    let is_wrong = wrong.is_some_and(|wrong| wrong.field == Some(text.name));
    let hint = (!text.hint.is_empty()).then_some(text.hint);
    html! {
        div.field.wide[text.is_wide] {
            label for={ "field-" (text.name) } { (text.label) }
            input id={ "field-" (text.name) } type="text" name=(text.name) value=(text.value)
                list=[text.list] placeholder=[hint] autocomplete="off" maxlength="4000"
                aria-invalid=[is_wrong.then_some("true")]
                aria-describedby=[is_wrong.then_some("wrong")];
        }
    }
}

fn check(name: &str, label: &str, is_checked: bool) -> Markup {
    html! {
        label.check {
            input type="checkbox" name=(name) value="yes" checked[is_checked];
            " " (label)
        }
    }
}

fn measures(asked: &Asked) -> Markup {
    html! {
        fieldset.checks {
            legend { "Measures of power" }
            @for measure in Measure::ALL {
                label.check {
                    input type="checkbox" name="index" value=(measure.word())
                        checked[asked.index.iter().any(|word| word == measure.word())];
                    " " (measure.word())
                }
            }
        }
    }
}

/// How a rule is written.
fn rules() -> Markup {
    let lines = [
        (
            "[7; RUS=4, BLR=2, KAZ=2]",
            "votes, and seven of them are needed",
        ),
        (
            "[62; 10x4, 8, 5x4, 4x2, 3x3, 2]",
            "without names: ten votes for each of four, ...",
        ),
        ("[>1/2; A=40, B=30, C=30]", "more than half of all votes"),
        (
            "[65%; population:2014]",
            "votes by gdp or population of a year",
        ),
        (
            "[2/3; gdp:2003 from 5% to 40%]",
            "with a floor and a cap for the share of each",
        ),
        ("2/3 of members, 9 of members, majority", "one vote each"),
        ("2 of (FRA, DEU, ITA)", "two of these"),
        (
            "2/3 of cast, majority of cast",
            "of the votes cast: who abstains doesn't count",
        ),
        ("veto(CHN, FRA)", "none of these against"),
        ("blocking 4", "fewer than four withhold their assent"),
        ("consensus, consensus minus one, unanimity", ""),
        (
            "(55% of members and [65%; population:2014]) or blocking 4",
            "joined; AND before OR",
        ),
    ];
    let body = html! {
        dl.rules { @for (line, meaning) in lines { dt { code { (line) } } dd { (meaning) } } }
    };
    part::drawer("rules", "How a rule is written", None, &body)
}

/// Questions to start from.
pub(super) fn examples(law: &Law<'_>) -> Markup {
    let votes = |pairs: &[(&str, &str)]| address("/votes", pairs.iter().copied());
    let council = "[62; 10x4, 8, 5x4, 4x2, 3x3, 2]";
    let examples = [
        (
            "Votes without names: ten for each of four members, eight for one, and so on",
            votes(&[("rule", council), ("all", "yes")]),
        ),
        (
            "Three members, and what every other quota would do",
            votes(&[
                ("rule", "[51%; A=40, B=35, C=25]"),
                ("sweep", "yes"),
                ("coalitions", "yes"),
            ]),
        ),
        (
            "Fifteen members, nine votes, five vetoes, with abstention",
            votes(&[
                ("rule", "9 of members and veto(1, 2, 3, 4, 5)"),
                ("members", "15"),
                ("abstention", "yes"),
            ]),
        ),
    ];
    html! {
        section #examples aria-labelledby="h-examples" {
            h2 #h-examples { "To start from" }
            ul { @for (what, address) in &examples { li { a href=(address) { (what) } } } }
        }
        section #deciding aria-labelledby="h-deciding" {
            h2 #h-deciding { "Organs whose rule is known" }
            p { "Each on a day on which its rule holds." }
            ul {
                @for it in organs::deciding(law) {
                    li {
                        a href=(it.address()) { (it.institution.short_name_on(it.day)) ": " (it.organ) }
                        " " span.unit { (it.day) }
                    }
                }
            }
        }
    }
}
