//! What a request asks for beyond its question: the moment, the look, and the way back.

use std::fmt::Write as _;

use acquis_registry::{InstitutionId, StateCode};
use acquis_report::subject::picture::Links;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use jiff::civil::Date;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

use crate::audience::Audience;
use crate::moment::{Day, Moment};
use crate::names::{institution_path, pair_path, state_path};
use crate::problem::Problem;

/// The longest query that is read.
const LONGEST_QUERY: usize = 8 * 1024;

/// What may stand in a segment of a path as it is.
const IN_A_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':');

/// The colours that the reader chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those that the reader's system asks for.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The cookie that keeps the choice.
    pub(crate) const COOKIE: &'static str = "acquis-theme";

    /// The word in a cookie, a form and the `data-theme` of a page.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme that the word names.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }

    fn of(headers: &HeaderMap) -> Self {
        cookie(headers, Self::COOKIE)
            .and_then(Self::from_word)
            .unwrap_or_default()
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// A request, read: what every page knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    path: String,
    segments: Vec<(String, String)>,
    pairs: Vec<(String, String)>,
    moment: Moment,
    theme: Theme,
    /// Whether this page can be asked for again by its address.
    is_lasting: bool,
    audience: Audience,
}

/// The part of a query that every dated page understands.
#[derive(serde::Deserialize)]
struct MomentAsked {
    on: Option<Day>,
    known_by: Option<Day>,
}

impl Visit {
    /// Reads a request. `segments` are the named segments of its path; `usual` is the day of
    /// a page for which none was asked.
    ///
    /// # Errors
    /// A query that is too long, or a moment that is no day.
    pub(crate) fn read(
        path: &str,
        query: &str,
        segments: Vec<(String, String)>,
        headers: &HeaderMap,
        usual: Date,
    ) -> Result<Self, Problem> {
        if query.len() > LONGEST_QUERY {
            return Err(Problem::unreadable(format!(
                "The address asks for too much: more than {LONGEST_QUERY} characters."
            )));
        }
        // A form sends its empty fields too; what is empty was not asked.
        let pairs = form_urlencoded::parse(query.as_bytes())
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut visit = Self {
            path: path.to_owned(),
            segments,
            pairs,
            moment: Moment {
                on: usual,
                known_by: None,
            },
            theme: Theme::of(headers),
            is_lasting: true,
            audience: Audience::default(),
        };
        let asked: MomentAsked = visit.ask()?;
        visit.moment = Moment {
            on: asked.on.map_or(usual, |day| day.0),
            known_by: asked.known_by.map(|day| day.0),
        };
        Ok(visit)
    }

    /// A visit of which no more is known than where it went: it ended in a problem, or is the
    /// answer to a form that was sent.
    pub(crate) fn bare(path: &str, headers: &HeaderMap, usual: Date) -> Self {
        Self {
            path: path.to_owned(),
            segments: Vec::new(),
            pairs: Vec::new(),
            moment: Moment {
                on: usual,
                known_by: None,
            },
            theme: Theme::of(headers),
            is_lasting: false,
            audience: Audience::default(),
        }
    }

    /// The same before those who wait for the answer.
    #[must_use]
    pub(crate) fn before(mut self, audience: &Audience) -> Self {
        self.audience = audience.clone();
        self
    }

    /// Those who wait for the answer.
    pub(crate) const fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Where to go back to from here.
    pub(crate) fn back(&self) -> String {
        if self.is_lasting {
            self.here()
        } else {
            "/".to_owned()
        }
    }

    /// The question, read from the named segments of the path and the query.
    ///
    /// # Errors
    /// A parameter that is missing or can't be read, by its name.
    pub(crate) fn ask<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        let all: Vec<(&str, &str)> = self
            .segments
            .iter()
            .chain(&self.pairs)
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut written = form_urlencoded::Serializer::new(String::new());
        let written = written.extend_pairs(all).finish();
        let parameters = form_urlencoded::parse(written.as_bytes());
        let reader = serde_html_form::Deserializer::new(parameters);
        serde_path_to_error::deserialize(reader).map_err(|error| {
            let name = error.path().to_string();
            unreadable(&name, &error.into_inner().to_string())
        })
    }

    /// The value of a parameter of the query, as it was given.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether every one of these parameters was given.
    pub(crate) fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.value(name).is_some())
    }

    /// The path that was visited.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The day, and what was known by another.
    pub(crate) const fn moment(&self) -> Moment {
        self.moment
    }

    /// The colours that were chosen.
    pub(crate) const fn theme(&self) -> Theme {
        self.theme
    }

    /// What was asked beside the moment, for the hidden fields of a form that changes it.
    pub(crate) fn beside_the_moment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !is_of_the_moment(name))
    }

    /// What was asked but for one parameter, for the hidden fields of a form that changes it.
    pub(crate) fn all_but(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(move |(other, _)| *other != name)
    }

    /// What was asked of the moment, as it was asked.
    pub(crate) fn of_the_moment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| is_of_the_moment(name))
    }

    /// Another page at the same moment.
    pub(crate) fn link(&self, path: &str) -> String {
        address(path, self.of_the_moment())
    }

    /// This page with a parameter of another value, or without it.
    pub(crate) fn here_with(&self, name: &str, value: Option<&str>) -> String {
        let others = self
            .pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(other, _)| *other != name);
        address(&self.path, others.chain(value.map(|value| (name, value))))
    }

    /// This page as it was asked for, without what is left to chance: the same for all who
    /// ask the same.
    pub(crate) fn here(&self) -> String {
        let pairs = self.pairs.iter();
        address(
            &self.path,
            pairs.map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }

    /// What an answer is kept under: the question, the day it falls back to and the look.
    pub(crate) fn key(&self) -> String {
        format!("{} {} {}", self.theme.word(), self.moment.on, self.here())
    }
}

/// Why a parameter can't be read, with how to write it. Those who read numbers and lists say it
/// to programmers.
fn unreadable(name: &str, what: &str) -> Problem {
    let missing = what.strip_prefix("missing field `");
    if let Some(missing) = missing.and_then(|rest| rest.strip_suffix('`')) {
        return Problem::unreadable(format!("The question says nothing of {missing}."))
            .advise(format!("Add {missing}= and its value to the address."));
    }
    Problem::unreadable(match what {
        "invalid float literal" => format!("{name} is not a number: write it as 21.5."),
        "invalid digit found in string" => {
            format!("{name} is not a whole number: write it in digits, as 2004.")
        }
        "number too large to fit in target type" => {
            format!("{name} is too large a number: write a smaller one, as 2004.")
        }
        "number too small to fit in target type" => {
            format!("{name} is too small a number: write a larger one, as 2004.")
        }
        "unsupported value" => format!("{name} is asked more than once: write it once."),
        _ if name == "." => format!("The question can't be read: {what}."),
        _ => format!("The parameter {name} can't be read: {what}."),
    })
}

/// Pictures lead to the pages of what they show, at the same moment.
impl Links for Visit {
    fn state(&self, state: &StateCode) -> Option<String> {
        Some(self.link(&state_path(state)))
    }

    fn institution(&self, institution: &InstitutionId) -> Option<String> {
        Some(self.link(&institution_path(institution)))
    }

    fn standing(&self, state: &StateCode, institution: &InstitutionId) -> Option<String> {
        let page = self.link(&institution_path(institution));
        Some(format!("{page}#{}", standing_mark(state)))
    }

    fn pair(&self, one: &StateCode, other: &StateCode) -> Option<String> {
        Some(self.link(&pair_path(one, other)))
    }
}

/// The place of a state's standing on the page of an organization or agreement.
pub(crate) fn standing_mark(state: &StateCode) -> String {
    format!("standing-{state}")
}

fn is_of_the_moment(name: &str) -> bool {
    name == "on" || name == "known_by"
}

/// An address of this server: a path and a query, which goes on with what the path asks for.
pub(crate) fn address<'p>(
    path: &str,
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(pairs).finish();
    match (query.is_empty(), path.contains('?')) {
        (true, _) => path.to_owned(),
        (false, true) => format!("{path}&{query}"),
        (false, false) => format!("{path}?{query}"),
    }
}

/// A path from its segments, each made safe: `["states", "RUS"]` to `/states/RUS`.
pub(crate) fn path<'p>(segments: impl IntoIterator<Item = &'p str>) -> String {
    let mut path = String::new();
    for segment in segments {
        // Writing to a string can't fail.
        let _ = write!(path, "/{}", utf8_percent_encode(segment, IN_A_SEGMENT));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(query: &str) -> Result<Visit, Problem> {
        let usual = Date::constant(2010, 1, 1);
        let segments = vec![("state".to_owned(), "UZB".to_owned())];
        Visit::read("/states/UZB", query, segments, &HeaderMap::new(), usual)
    }

    #[derive(serde::Deserialize)]
    struct Asked {
        state: String,
        #[serde(default)]
        with: Vec<String>,
    }

    #[test]
    fn segments_and_query_make_one_question() {
        let visit = visit("with=RUS&with=BLR&on=2008-11-01&known_by=").unwrap();
        let asked: Asked = visit.ask().unwrap();
        assert_eq!((asked.state.as_str(), asked.with.len()), ("UZB", 2));
        assert_eq!(visit.moment().on, Date::constant(2008, 11, 1));
        assert_eq!(visit.moment().known_by, None);
    }

    #[test]
    fn a_link_keeps_the_moment_and_nothing_else() {
        let visit = visit("on=2008-11-01&with=RUS").unwrap();
        assert_eq!(visit.link("/states"), "/states?on=2008-11-01");
        let here = visit.here_with("with", Some("KAZ"));
        assert_eq!(here, "/states/UZB?on=2008-11-01&with=KAZ");
        assert_eq!(
            path(["organizations", "org:csto"]),
            "/organizations/org:csto"
        );
        assert_eq!(path(["a/b?c"]), "/a%2Fb%3Fc");
        let map = visit.link("/?view=map");
        assert_eq!(map, "/?view=map&on=2008-11-01");
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Numbers {
        volume: Option<f64>,
        year: Option<i16>,
        of: String,
    }

    #[test]
    fn what_cannot_be_read_is_told_with_how_to_write_it() {
        for (query, sentence) in [
            (
                "volume=zz&of=x",
                "volume is not a number: write it as 21.5.",
            ),
            (
                "year=abc&of=x",
                "year is not a whole number: write it in digits, as 2004.",
            ),
            (
                "year=999999999999&of=x",
                "year is too large a number: write a smaller one, as 2004.",
            ),
            (
                "year=-999999999999&of=x",
                "year is too small a number: write a larger one, as 2004.",
            ),
            ("of=x&of=y", "of is asked more than once: write it once."),
            ("year=2004", "The question says nothing of of."),
        ] {
            let problem = visit(query).unwrap().ask::<Numbers>().unwrap_err();
            assert_eq!(problem.sentence(), sentence, "{query}");
        }
        let twice = visit("on=2004-06-01&on=2005-06-01").unwrap_err();
        assert_eq!(
            twice.sentence(),
            "on is asked more than once: write it once."
        );
    }

    #[test]
    fn a_wrong_day_is_named_with_its_parameter() {
        let problem = visit("on=2008-13-01").unwrap_err();
        assert!(
            problem.sentence().contains("on can't be read"),
            "{problem:?}"
        );
        assert!(problem.sentence().contains("month 13"), "{problem:?}");
    }
}
