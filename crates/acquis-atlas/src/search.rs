//! Search over everything that has words: states, organizations and their organs, agreements,
//! land of disputed standing on the map, scenarios and economies, sources, statements, conflicts,
//! and the words of the field.
//!
//! An entry has a name with its other forms, and a text. A query is taken word by word; each
//! of its words has to be found, and an entry is worth what its words are worth where they
//! were found: the whole name most, then a word of the name, the beginning of one, a word of
//! the text, a word of a name that is nearly the same, and the beginning of a word of the text
//! least. Entries of the same worth stay in the order of their kinds and names.

mod lab;
pub(crate) mod organs;
mod places;

use acquis_law::Law;
use acquis_registry::{Assertion, Institution, Registry};
use acquis_report::outlines::Outlines;
use serde::Serialize;

use self::places::{Place, places};
use crate::glossary;
use crate::names::{institution_path, source_path, state_path};

/// What kind of thing was found, in the order in which kinds are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A state.
    State,
    /// An organization.
    Organization,
    /// An agreement.
    Agreement,
    /// An organ that decides.
    Organ,
    /// Land of disputed standing on the map.
    Place,
    /// A scenario that ships or is saved.
    Scenario,
    /// An economy that scenarios are asked in.
    Economy,
    /// A word of the field.
    Term,
    /// A known conflict between sources.
    Conflict,
    /// Something that sources say.
    Statement,
    /// An instrument.
    Instrument,
    /// A figure that sources give.
    Figure,
    /// A source.
    Source,
}

impl Kind {
    /// The word for people.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Organization => "organization",
            Self::Agreement => "agreement",
            Self::Organ => "organ",
            Self::Place => "on the map",
            Self::Scenario => "scenario",
            Self::Economy => "economy",
            Self::Term => "term",
            Self::Conflict => "conflict",
            Self::Statement => "statement",
            Self::Instrument => "instrument",
            Self::Figure => "figure",
            Self::Source => "source",
        }
    }
}

/// Something that can be found.
#[derive(Debug)]
struct Entry {
    kind: Kind,
    name: String,
    about: String,
    path: String,
    /// Every form of the name, in lower case.
    forms: Vec<String>,
    /// The words of the forms.
    words: Vec<String>,
    /// The words of the text that are in none of the forms.
    text: Vec<String>,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Hit {
    /// What kind of thing it is.
    pub(crate) kind: Kind,
    /// Its name.
    pub(crate) name: String,
    /// A line about it.
    pub(crate) about: String,
    /// Its page.
    pub(crate) path: String,
    /// What it is worth; the more the better.
    pub(crate) worth: u32,
}

/// Everything that can be found.
pub(crate) struct Index {
    entries: Vec<Entry>,
}

/// No more than so many words of a query are looked for.
const MOST_WORDS: usize = 8;
/// How alike two words have to be to count as nearly the same, between 0 and 1.
const ALIKE: f64 = 0.9;
/// Words shorter than this have to be written right.
const SHORTEST: usize = 4;

const WHOLE_NAME: u32 = 1_000;
const WORD_OF_NAME: u32 = 200;
const BEGINNING: u32 = 120;
const NEARLY: u32 = 80;
const WORD_OF_TEXT: u32 = 100;
const BEGINNING_IN_TEXT: u32 = 20;

/// Spellings that sources and readers have beside those of the registry: each finds what the
/// other does.
const SPELLINGS: [(&str, &str); 13] = [
    ("kiev", "kyiv"),
    ("kirghizia", "kyrgyzstan"),
    ("kirgizia", "kyrgyzstan"),
    ("kirghizstan", "kyrgyzstan"),
    ("byelorussia", "belarus"),
    ("belorussia", "belarus"),
    ("moldavia", "moldova"),
    ("turkmenia", "turkmenistan"),
    ("tadzhikistan", "tajikistan"),
    ("transdniestria", "transnistria"),
    ("pridnestrovie", "transnistria"),
    ("karabagh", "karabakh"),
    ("artsakh", "karabakh"),
];
/// So many names are told where nothing is found.
const MOST_NEAR: usize = 5;
/// How alike a name has to be to be told there, between 0 and 1.
const NEAR: f64 = 0.75;

impl Index {
    /// Everything in a registry, the scenarios that ship, and the words of the field.
    pub(crate) fn new(registry: &Registry) -> Self {
        let mut entries = Vec::new();
        for state in registry.states() {
            let forms = state.names.iter().flat_map(acquis_registry::Name::forms);
            let forms = std::iter::once(state.code.as_str()).chain(forms);
            let about = state.code.to_string();
            let text = state.recognition.as_deref().unwrap_or_default();
            entries.push(Entry::new(
                Kind::State,
                state.name(),
                about,
                state_path(&state.code),
                forms,
                text,
            ));
        }
        for institution in registry.institutions() {
            let kind = match institution.kind {
                acquis_registry::InstitutionKind::Organization => Kind::Organization,
                acquis_registry::InstitutionKind::Agreement => Kind::Agreement,
            };
            let forms = institution
                .names
                .iter()
                .flat_map(acquis_registry::Name::forms);
            let forms = std::iter::once(institution.id.as_str()).chain(forms);
            let about = institution.summary.clone().unwrap_or_default();
            let text = text_of(institution);
            entries.push(Entry::new(
                kind,
                institution.name(),
                about,
                institution_path(&institution.id),
                forms,
                &text,
            ));
        }
        entries.extend(deciding(registry));
        for place in places(registry, Outlines::built_in()) {
            let path = Place::address();
            // A state of the same name has fewer words in its names, and so comes first.
            let forms = [place.name, "disputed land on the map", "whose borders"];
            entries.push(Entry::new(
                Kind::Place,
                place.name,
                place.about,
                path,
                forms,
                "",
            ));
        }
        entries.extend(lab::shipped());
        for term in glossary::terms() {
            entries.push(Entry::new(
                Kind::Term,
                &term.name,
                term.meaning.clone(),
                term.address(),
                term.forms(),
                &term.meaning,
            ));
        }
        entries.extend(said(registry));
        for source in registry.sources() {
            let forms = [source.id.as_str(), source.title.as_str()];
            let text = source.author.as_deref().into_iter();
            let text: Vec<&str> = text.chain(source.note.as_deref()).collect();
            entries.push(Entry::new(
                Kind::Source,
                source.id.as_str(),
                source.citation(),
                source_path(&source.id),
                forms,
                &text.join(" "),
            ));
        }
        Self { entries }
    }

    /// What a query finds in some indices, the best first, up to so many.
    pub(crate) fn find_in(indices: &[&Self], query: &str, most: usize) -> Vec<Hit> {
        let whole = query.trim().to_lowercase();
        let wanted: Vec<String> = words(&whole).take(MOST_WORDS).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<(u32, &Entry)> = indices
            .iter()
            .flat_map(|index| &index.entries)
            .filter_map(|entry| Some((entry.worth(&whole, &wanted)?, entry)))
            .collect();
        hits.sort_by(|(left_worth, left), (right_worth, right)| {
            right_worth
                .cmp(left_worth)
                .then_with(|| (left.kind, &left.name).cmp(&(right.kind, &right.name)))
        });
        hits.truncate(most);
        let hits = hits.into_iter();
        hits.map(|(worth, entry)| entry.hit(worth)).collect()
    }

    /// What has a name that is like the query, the most alike first: for a query that finds
    /// nothing.
    pub(crate) fn near_in(indices: &[&Self], query: &str) -> Vec<Hit> {
        let whole = query.trim().to_lowercase();
        let wanted: Vec<String> = words(&whole).take(MOST_WORDS).collect();
        let likeness = |entry: &Entry| {
            let names = entry.forms.iter().filter(|form| form.len() <= 60);
            let all = names.map(|form| strsim::jaro_winkler(form, &whole));
            let by_word = wanted.iter().flat_map(|wanted| {
                let of_name = entry.words.iter().filter(|word| word.len() >= SHORTEST);
                of_name.map(|word| strsim::jaro_winkler(word, wanted))
            });
            all.chain(by_word).fold(0.0, f64::max)
        };
        let named = |entry: &&Entry| entry.kind <= Kind::Term;
        let mut near: Vec<(f64, &Entry)> = indices
            .iter()
            .flat_map(|index| &index.entries)
            .filter(named)
            .map(|entry| (likeness(entry), entry))
            .filter(|(likeness, _)| *likeness >= NEAR)
            .collect();
        near.sort_by(|(left_alike, left), (right_alike, right)| {
            right_alike
                .total_cmp(left_alike)
                .then_with(|| (left.kind, &left.name).cmp(&(right.kind, &right.name)))
        });
        near.truncate(MOST_NEAR);
        near.into_iter().map(|(_, entry)| entry.hit(0)).collect()
    }
}

/// What an institution's file says of it: its summary, its organs, the remarks on its acts.
fn text_of(institution: &Institution) -> String {
    let organs = institution.organs.iter().flat_map(|organ| {
        let name = std::iter::once(organ.name.as_str());
        name.chain(organ.summary.as_deref())
    });
    let acts = institution.acts.iter().flat_map(|act| {
        let says = act.claims.iter().filter_map(|claim| claim.says.as_deref());
        says.chain(act.note.as_deref())
    });
    let text = institution.summary.as_deref().into_iter();
    text.chain(organs).chain(acts).collect::<Vec<_>>().join(" ")
}

/// The organs that decide; each leads to its votes on a day on which a rule of it holds.
fn deciding(registry: &Registry) -> Vec<Entry> {
    let law = Law::new(registry.view());
    let entry = |it: organs::Deciding<'_>| {
        let whose = it.institution.short_name_on(it.day);
        let about = format!("{whose}: how it decides, on {}", it.day);
        let text = format!("{whose} {}", it.institution.name_on(it.day));
        Entry::new(
            Kind::Organ,
            it.organ,
            about,
            it.address(),
            [it.organ],
            &text,
        )
    };
    organs::deciding(&law).into_iter().map(entry).collect()
}

/// All that the claims say.
fn said_in(claims: &[Assertion]) -> String {
    let words = claims.iter().flat_map(|claim| {
        let position = claim.position.as_deref().into_iter();
        position.chain(claim.says.as_deref())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What sources say that is no act, and the conflicts between them.
fn said(registry: &Registry) -> Vec<Entry> {
    let about_first = |claims: &[acquis_registry::Assertion]| {
        let first = claims.first();
        let says = first.and_then(|claim| claim.position.clone().or_else(|| claim.says.clone()));
        says.unwrap_or_default()
    };
    let home = |claims: &[acquis_registry::Assertion]| {
        claims
            .first()
            .map_or_else(String::new, |claim| source_path(&claim.source))
    };
    let conflicts = registry.conflicts().map(|conflict| {
        let path = crate::visit::path(["conflicts", conflict.id.as_str()]);
        let about = conflict.kind.label().to_owned();
        let note = conflict.note.as_deref().unwrap_or_default();
        Entry::new(
            Kind::Conflict,
            &conflict.question,
            about,
            path,
            [conflict.id.as_str(), conflict.question.as_str()],
            note,
        )
    });
    let statements = registry.statements().map(|it| {
        Entry::new(
            Kind::Statement,
            &it.question,
            about_first(&it.claims),
            home(&it.claims),
            [it.question.as_str(), it.id.as_str()],
            &format!(
                "{} {}",
                said_in(&it.claims),
                it.note.as_deref().unwrap_or_default()
            ),
        )
    });
    let instruments = registry.instruments().map(|it| {
        Entry::new(
            Kind::Instrument,
            &it.title,
            it.kind.label().to_owned(),
            home(&it.claims),
            [it.title.as_str()],
            it.kind.label(),
        )
    });
    let figures = registry.indicators().map(|it| {
        Entry::new(
            Kind::Figure,
            &it.statement,
            about_first(&it.claims),
            home(&it.claims),
            [it.statement.as_str()],
            &said_in(&it.claims),
        )
    });
    conflicts
        .chain(statements)
        .chain(instruments)
        .chain(figures)
        .collect()
}

/// The words of a text in lower case: letters and digits that hang together.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

impl Entry {
    fn new<'f>(
        kind: Kind,
        name: &str,
        about: String,
        path: String,
        forms: impl IntoIterator<Item = &'f str>,
        text: &str,
    ) -> Self {
        let forms: Vec<String> = forms.into_iter().map(str::to_lowercase).collect();
        let mut of_name: Vec<String> = forms.iter().flat_map(|form| words(form)).collect();
        of_name.sort_unstable();
        of_name.dedup();
        let mut of_text: Vec<String> = words(text).filter(|word| !of_name.contains(word)).collect();
        of_text.sort_unstable();
        of_text.dedup();
        Self {
            kind,
            name: name.to_owned(),
            about,
            path,
            forms,
            words: of_name,
            text: of_text,
        }
    }

    fn hit(&self, worth: u32) -> Hit {
        Hit {
            kind: self.kind,
            name: self.name.clone(),
            about: self.about.clone(),
            path: self.path.clone(),
            worth,
        }
    }

    /// What the entry is worth for a query; `None` if one of its words is not found.
    fn worth(&self, whole: &str, wanted: &[String]) -> Option<u32> {
        let mut worth = 0;
        if self.forms.iter().any(|form| form == whole) {
            worth += WHOLE_NAME;
        }
        for word in wanted {
            let spelled = other_spelling(word).and_then(|other| self.worth_of_word(other));
            worth += spelled.max(self.worth_of_word(word))?;
        }
        // Of two entries with the words in their names the shorter name says more.
        let spare = u32::try_from(self.words.len()).unwrap_or(u32::MAX).min(40);
        Some(worth * 4 + (40 - spare))
    }

    fn worth_of_word(&self, wanted: &str) -> Option<u32> {
        if self.words.iter().any(|word| word == wanted) {
            return Some(WORD_OF_NAME);
        }
        if self.words.iter().any(|word| word.starts_with(wanted)) {
            return Some(BEGINNING);
        }
        if self.text.iter().any(|word| word == wanted) {
            return Some(WORD_OF_TEXT);
        }
        let long = wanted.chars().count() >= SHORTEST;
        if long && self.words.iter().any(|word| alike(word, wanted)) {
            return Some(NEARLY);
        }
        let begins = |word: &String| long && word.starts_with(wanted);
        let in_text = self.text.iter().any(begins);
        in_text.then_some(BEGINNING_IN_TEXT)
    }
}

/// Another spelling of a word, if it has one.
fn other_spelling(word: &str) -> Option<&'static str> {
    SPELLINGS.iter().find_map(|(one, other)| match word {
        word if word == *one => Some(*other),
        word if word == *other => Some(*one),
        _ => None,
    })
}

/// Whether two words differ by no more than a slip: a letter too many, too few, another or in
/// the wrong place.
fn alike(word: &str, wanted: &str) -> bool {
    let long = wanted.chars().count() >= 2 * SHORTEST;
    let slips = strsim::damerau_levenshtein(word, wanted);
    slips <= 1
        || (long && slips <= 2)
        || (long && strsim::jaro_winkler(word, wanted) >= ALIKE && slips <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Index {
        fn find(&self, query: &str, most: usize) -> Vec<Hit> {
            Self::find_in(&[self], query, most)
        }

        fn near(&self, query: &str) -> Vec<Hit> {
            Self::near_in(&[self], query)
        }
    }

    fn index() -> Index {
        let files = acquis_library::pack_files(None).unwrap();
        Index::new(&acquis_library::registry(&files).unwrap())
    }

    fn first(index: &Index, query: &str) -> (Kind, String) {
        let hit = index.find(query, 5).into_iter().next().unwrap();
        (hit.kind, hit.name)
    }

    #[test]
    fn names_come_first_and_slips_are_forgiven() {
        let index = index();
        assert_eq!(first(&index, "uzb"), (Kind::State, "Uzbekistan".to_owned()));
        assert_eq!(
            first(&index, "Uzbekstan"),
            (Kind::State, "Uzbekistan".to_owned())
        );
        assert_eq!(first(&index, "kyrgizstan").0, Kind::State);
        assert_eq!(first(&index, "csto").0, Kind::Organization);
        assert_eq!(first(&index, "customs union").1, "customs union");
        assert_eq!(first(&index, "K05").0, Kind::Conflict);
        assert!(
            first(&index, "eurasian econmic union")
                .1
                .contains("Eurasian Economic Union")
        );
    }

    #[test]
    fn organs_lead_to_their_votes_on_a_day_on_which_they_decide() {
        let index = index();
        for query in [
            "Customs Union Commission",
            "Eurasian Economic Commission",
            "Integration Committee",
        ] {
            let hits = index.find(query, 20);
            let organ = hits.iter().find(|hit| hit.kind == Kind::Organ);
            let organ = organ.unwrap_or_else(|| panic!("{query}: {hits:?}"));
            assert!(organ.path.starts_with("/votes?organization="));
            assert!(organ.path.contains("&on="), "{}", organ.path);
        }
    }

    #[test]
    fn scenarios_that_ship_are_found_by_their_titles_and_their_sources() {
        let index = index();
        for (query, title) in [
            ("Armenia chooses", "Armenia chooses, 2013"),
            ("Between two unions", "Between two unions, 2012"),
        ] {
            assert_eq!(first(&index, query), (Kind::Scenario, title.to_owned()));
        }
        assert_eq!(first(&index, "Head and Mayer").0, Kind::Scenario);
    }

    #[test]
    fn other_spellings_and_places_are_found() {
        let index = index();
        let names = |query: &str| -> Vec<String> {
            let hits = index.find(query, 20).into_iter();
            hits.map(|hit| format!("{} {}", hit.name, hit.about))
                .collect()
        };
        assert!(
            names("Kirghizia")
                .iter()
                .any(|it| it.contains("Kyrgyzstan"))
        );
        assert!(names("Kiev").iter().any(|it| it.contains("Kyiv")));
        assert!(!names("Minsk").is_empty());
        assert!(!names("Yalta")[0].contains("Malta"), "{:?}", names("Yalta"));
    }

    #[test]
    fn where_nothing_is_found_near_names_are_told() {
        let index = index();
        assert!(index.find("Belorusskaya", 5).is_empty());
        let near = index.near("Belorusskaya");
        assert!(near.iter().any(|hit| hit.name == "Belarus"), "{near:?}");
        assert!(near.len() <= MOST_NEAR);
    }

    #[test]
    fn land_of_disputed_standing_leads_to_the_map_and_to_its_state_where_it_has_one() {
        let index = index();
        for name in [
            "Crimea",
            "Transnistria",
            "Nagorno-Karabakh",
            "Abkhazia",
            "South Ossetia",
        ] {
            let hits = index.find(name, 5);
            let place = hits.iter().find(|hit| hit.kind == Kind::Place);
            let place = place.unwrap_or_else(|| panic!("{name}: {hits:?}"));
            assert_eq!(
                (place.name.as_str(), place.path.as_str()),
                (name, "/?view=map")
            );
        }
        assert_eq!(first(&index, "Abkhazia").0, Kind::State);
        let crimea = &index.find("Crimea", 1)[0];
        assert!(crimea.about.contains("Russia") && crimea.about.contains("Ukraine"));
        let places = index.find("Western Sahara", 50);
        let is_place = |hit: &Hit| hit.kind == Kind::Place;
        assert!(
            !places.iter().any(is_place),
            "its states are not of the pack"
        );
    }

    #[test]
    fn every_word_has_to_be_found() {
        let index = index();
        assert!(index.find("uzbekistan zyzzyva", 5).is_empty());
        assert!(index.find("  ,;- ", 5).is_empty());
        assert!(!index.find("collective security", 5).is_empty());
    }

    #[test]
    fn the_same_query_finds_the_same() {
        let index = index();
        let names = |query| -> Vec<String> {
            index
                .find(query, 50)
                .into_iter()
                .map(|hit| hit.name)
                .collect()
        };
        assert_eq!(names("agreement"), names("agreement"));
        assert!(
            index
                .find("a", 50)
                .windows(2)
                .all(|pair| pair[0].worth >= pair[1].worth)
        );
    }
}
