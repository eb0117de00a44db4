//! What the words mean: a list kept as data, and the way from a word to its meaning.
//!
//! A word of the field stands on a page as [`term`]: a button that opens its meaning beside
//! it. The meanings that a page needs are put at its end by [`popovers`], and all of them
//! have a page of their own. Nothing of this needs a script.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use maud::{Markup, html};
use serde::{Deserialize, Serialize};

/// A word with its meaning.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Term {
    /// The name in addresses.
    pub(crate) id: String,
    /// The word.
    pub(crate) name: String,
    /// Other forms of it.
    #[serde(default)]
    pub(crate) also: Vec<String>,
    /// What it means.
    pub(crate) meaning: String,
    /// Where that is fixed.
    #[serde(default)]
    pub(crate) basis: Option<String>,
}

impl Term {
    /// Every form of the word.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// The place of its meaning on the page of all of them.
    pub(crate) fn address(&self) -> String {
        format!("/terms#{}", self.id)
    }
}

/// Words that belong together.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Group {
    /// What they are about.
    pub(crate) title: String,
    /// The words.
    pub(crate) term: Vec<Term>,
}

#[derive(Debug, Default, Deserialize)]
struct Glossary {
    group: Vec<Group>,
}

static GLOSSARY: LazyLock<Glossary> =
    // The list is part of the program; a test reads it, so that it can't be wrong here.
    LazyLock::new(|| toml::from_str(include_str!("glossary.toml")).unwrap_or_default());

static BY_FORM: LazyLock<BTreeMap<String, &'static Term>> = LazyLock::new(|| {
    terms()
        .flat_map(|term| term.forms().map(move |form| (form.to_lowercase(), term)))
        .collect()
});

/// The words by what they are about.
pub(crate) fn groups() -> &'static [Group] {
    &GLOSSARY.group
}

/// Every word.
pub(crate) fn terms() -> impl Iterator<Item = &'static Term> {
    groups().iter().flat_map(|group| &group.term)
}

/// The word that a text is a form of.
pub(crate) fn find(text: &str) -> Option<&'static Term> {
    BY_FORM.get(&text.to_lowercase()).copied()
}

/// A word of the field, with its meaning one step away; as it is if it has none here.
pub(crate) fn term(text: &str) -> Markup {
    html! {
        @match find(text) {
            Some(term) => button.term type="button" popovertarget={ (PREFIX) (term.id) } { (text) },
            None => (text),
        }
    }
}

/// The word of a group that a text is a form of.
pub(crate) fn find_in(text: &str, group: &str) -> Option<&'static Term> {
    let found = find(text)?;
    let mut groups = groups().iter().filter(|it| it.title == group);
    groups
        .any(|it| it.term.iter().any(|term| term.id == found.id))
        .then_some(found)
}

/// The way to the meaning of a word that can't be a button itself, because it names a field.
pub(crate) fn help(text: &str) -> Option<Markup> {
    let term = find(text)?;
    Some(html! {
        button.term.help type="button" popovertarget={ (PREFIX) (term.id) }
            aria-label={ "What " (text) " means" } { "?" }
    })
}

/// A text in which the words of a group are led to their meanings, each where it stands first.
pub(crate) fn explained(text: &str, group: &str) -> Markup {
    let groups = groups().iter().filter(|it| it.title == group);
    let terms = groups.flat_map(|it| &it.term);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for term in terms {
        // Of the forms of a word the longest that stands there.
        let places = term.forms().filter_map(|form| place_of(text, form));
        found.extend(places.max_by_key(|(from, to)| (to - from, std::cmp::Reverse(*from))));
    }
    found.sort_by_key(|&(from, to)| (from, std::cmp::Reverse(to)));
    // What stands before each word, and the word.
    let mut at = 0;
    let mut pieces: Vec<(&str, &str)> = Vec::new();
    for (from, to) in found {
        if from >= at {
            pieces.push((&text[at..from], &text[from..to]));
            at = to;
        }
    }
    html! {
        @for (before, word) in pieces { (before) (term(word)) }
        (&text[at..])
    }
}

/// Where a word stands in a text by itself, in any case.
fn place_of(text: &str, word: &str) -> Option<(usize, usize)> {
    let is_part = |letter: Option<char>| letter.is_some_and(|it| it.is_alphanumeric() || it == '-');
    let same = |from: &usize| {
        let here = text.get(*from..from + word.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(word))
            && !is_part(text[..*from].chars().next_back())
            && !is_part(text[from + word.len()..].chars().next())
    };
    let mut starts = text.char_indices().map(|(from, _)| from);
    let from = starts.find(same)?;
    Some((from, from + word.len()))
}

/// What the id of a meaning on a page begins with.
const PREFIX: &str = "meaning-";

/// The meanings of the words that stand in some markup.
pub(crate) fn popovers(markup: &[&Markup]) -> Markup {
    let opens = format!("popovertarget=\"{PREFIX}");
    let mut wanted = BTreeSet::new();
    for part in markup {
        for after in part.0.split(&opens).skip(1) {
            wanted.extend(after.split('"').next());
        }
    }
    html! {
        @for term in terms().filter(|term| wanted.contains(term.id.as_str())) {
            div.meaning popover id={ (PREFIX) (term.id) } role="note" {
                p { strong { (term.name) } ". " (term.meaning) }
                p.more { a href=(term.address()) { "All words" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_and_no_form_means_two_things() {
        let read: Result<Glossary, _> = toml::from_str(include_str!("glossary.toml"));
        assert!(read.is_ok(), "{read:?}");
        let mut seen = BTreeMap::new();
        for term in terms() {
            for form in term.forms() {
                let other = seen.insert(form.to_lowercase(), &term.id);
                assert_eq!(other, None, "{form}");
            }
        }
        assert!(seen.len() > 60);
    }

    #[test]
    fn every_stage_and_grade_is_explained() {
        use acquis_registry::document::Word as _;
        for stage in acquis_registry::Stage::ALL.iter().skip(1) {
            assert!(find(stage.label()).is_some(), "{stage}");
        }
        for grade in acquis_law::Grade::ALL {
            assert!(find(grade.label()).is_some(), "{grade:?}");
        }
    }

    #[test]
    fn words_are_explained_where_they_stand_first() {
        let text = "7 of 16 coalitions win: efficiency 0.4, by meeting in the middle. Efficiency.";
        let markup = explained(text, "Who decides").into_string();
        assert_eq!(markup.matches("<button").count(), 2, "{markup}");
        assert!(markup.contains(">efficiency</button> 0.4"), "{markup}");
        assert!(
            markup.contains(">meeting in the middle</button>."),
            "{markup}"
        );
        let part = explained("swingset é quota-free <b>", "Who decides").into_string();
        assert_eq!(part, "swingset é quota-free &lt;b&gt;");
    }

    #[test]
    fn every_measure_of_power_is_explained() {
        for measure in acquis_scenario::Measure::ALL {
            let heading = acquis_report::subject::vote::heading(measure);
            assert!(find_in(heading, "Who decides").is_some(), "{heading}");
        }
    }

    #[test]
    fn a_meaning_is_put_on_the_page_once() {
        let markup = html! { (term("customs union")) (term("Customs union")) (term("nothing")) };
        let popovers = popovers(&[&markup]).into_string();
        assert_eq!(popovers.matches("id=\"meaning-customs-union\"").count(), 1);
        assert_eq!(popovers.matches("popover").count(), 1);
    }
}
