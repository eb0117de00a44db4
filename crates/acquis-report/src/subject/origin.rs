//! Where what a picture shows comes from, as the line below it says: the data by name, the day
//! for which they speak, and the version of the program. Packs and economies carry no version
//! of their own, so that these two tell one state of the data from another.

use acquis_law::Law;
use acquis_registry::Registry;
use acquis_scenario::Economy;
use jiff::civil::Date;

use super::law::Question;

/// What a picture rests on.
pub(crate) enum Origin<'a> {
    /// What the acts of a pack make of one day.
    Acts(&'a Registry, Question),
    /// The same for the stages that a scenario starts from, at a grade.
    ActsAt(&'a Registry, Date, acquis_law::Grade),
    /// All acts of a pack, on whatever day.
    AllActs(&'a Law<'a>),
    /// An economy, solved.
    Economy(&'a Economy),
    /// Several answers, each with its own economy.
    Economies,
    /// What sources say, and what is computed beside it.
    Claims,
    /// A rule that a source gives, by the place where it does, counted on a day.
    Rule(String, Date),
    /// A rule that somebody composed.
    ComposedRule,
}

impl Origin<'_> {
    /// The line below a picture.
    pub(crate) fn line(&self) -> String {
        let what = match self {
            Self::Acts(registry, question) => {
                format!("acts of the pack {} {}", pack(registry), question.words())
            }
            Self::ActsAt(registry, day, grade) => {
                format!(
                    "acts of the pack {} on {day}, grade: {grade}",
                    pack(registry)
                )
            }
            Self::AllActs(law) => all_acts(law),
            Self::Economy(economy) => {
                format!(
                    "own calculation, {} ({})",
                    economy.card.title, economy.card.id
                )
            }
            Self::Economies => {
                "own calculation; each side with its own assumptions and data".to_owned()
            }
            Self::Claims => "the sources named, and the data built in".to_owned(),
            Self::Rule(reference, day) => format!("own count on {day}; rule: {reference}"),
            Self::ComposedRule => "own count of a composed rule".to_owned(),
        };
        format!("{what}; made by acquis {}", env!("CARGO_PKG_VERSION"))
    }
}

fn pack(registry: &Registry) -> String {
    format!("\"{}\"", registry.card().id)
}

fn all_acts(law: &Law<'_>) -> String {
    let last = law.change_days().last().copied();
    let until = last.map_or_else(String::new, |day| format!(" up to {day}"));
    let published = law.view().known_by();
    let published = published.map_or_else(String::new, |day| format!(", published by {day}"));
    format!(
        "acts of the pack {}{until}{published}",
        pack(law.registry())
    )
}
