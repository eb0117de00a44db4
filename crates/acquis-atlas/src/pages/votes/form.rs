//! The form of the question, and examples to start from.

use acquis_report::subject::vote::heading;
use acquis_scenario::Measure;
use maud::{Markup, html};

use super::asked::{Asked, Wrong};
use crate::atlas::Atlas;
use crate::glossary;
use crate::part;
use crate::visit::{Visit, address};

/// The form with what was asked in it, and with what was wrong in it. It is open where something
/// is wrong in it; else it opens when it is asked for.
pub(super) fn form(atlas: &Atlas, visit: &Visit, asked: &Asked, wrong: Option<&Wrong>) -> Markup {
    html! {
        @if let Some(wrong) = wrong { (alert(wrong)) }
        details.drawer.ask #every-question open[wrong.is_some()] {
            summary { "Every question at once: by name, in the notation, with other weights, against another day" }
            div.drawn { (fields(visit, asked, wrong)) }
        }
        (part::lists(atlas.registry()))
    }
}

fn fields(visit: &Visit, asked: &Asked, wrong: Option<&Wrong>) -> Markup {
    let text = |name, label, value: &'_ Option<String>, hint| {
        field(Text::new(name, label, value.as_deref()).hint(hint), wrong)
    };
    html! {
        form.question.votes #ask method="get" action="/votes" {
            (part::moment_fields(visit))
            fieldset {
                legend { "Whose rule" }
                (field(Text::new("organization", "Organization", asked.organization.as_deref()).list(part::ORGANIZATIONS), wrong))
                (text("organ", "Organ", &asked.organ, "the first that weighs votes"))
                (text("matter", "Matter", &asked.matter, ""))
            }
            fieldset {
                legend { "Or a rule of your own, in the notation" }
                (field(Text::new("rule", "Rule", asked.rule.as_deref()).wide().hint("[7; RUS=4, BLR=2, KAZ=2] and veto(RUS)"), wrong))
                (text("members", "Members", &asked.members, "names, or how many"))
                (rules())
            }
            fieldset {
                legend { "Changed" }
                (text("weights", "Weights", &asked.weights, "gdp:2003"))
                (text("quota", "Quota", &asked.quota, "2/3"))
                (text("floor", "No share below", &asked.floor, "5%"))
                (text("cap", "No share above", &asked.cap, "40%"))
                (text("with", "With", &asked.with, "UZB=1"))
                (text("without", "Without", &asked.without, "RUS"))
            }
            fieldset {
                legend { "Questions" }
                (text("against", "Compared with", &asked.against, "a day, a rule, or itself"))
                (text("outvote", "Who outvotes", &asked.outvote, "BLR"))
                (text("bloc", "Vote as one", &asked.bloc, "RUS,BLR; KGZ,TJK"))
                (text("uncertain", "Error of the votes", &asked.uncertain, "10%"))
                (text("wanted", "Power wanted", &asked.wanted, "equal, population:2003"))
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
                span.measure {
                    label.check {
                        input type="checkbox" name="index" value=(measure.word())
                            checked[asked.index.iter().any(|word| word == measure.word())];
                        " " (heading(measure))
                    }
                    @if let Some(help) = glossary::help(heading(measure)) { (help) }
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
pub(super) fn examples() -> Markup {
    let votes = |pairs: &[(&str, &str)]| address("/votes", pairs.iter().copied());
    let council = "[62; 10x4, 8, 5x4, 4x2, 3x3, 2]";
    let examples = [
        (
            "Three members, and what every other quota would do",
            votes(&[
                ("rule", "[51%; A=40, B=35, C=25]"),
                ("sweep", "yes"),
                ("coalitions", "yes"),
            ]),
        ),
        (
            "Votes without names: ten for each of four members, eight for one, and so on",
            votes(&[("rule", council), ("all", "yes")]),
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
    }
}
