//! Dates that keep their precision: EDTF level 1 (ISO 8601-2:2019) over the civil
//! calendar.
//!
//! A date is the span of days that its text leaves possible. `2006` is the span from
//! 2006-01-01 to 2006-12-31 and stays a year: nothing in this crate rounds it to a day.

use std::fmt;

use jiff::civil::Date;

/// How finely a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// A single day.
    Day,
    /// A month.
    Month,
    /// A season of three months.
    Season,
    /// A year.
    Year,
    /// Ten years (`199X`).
    Decade,
    /// A hundred years (`19XX`).
    Century,
    /// Somewhere in an interval, or throughout it.
    Interval,
    /// Not known at all (`..`).
    Unknown,
}

/// EDTF's qualifiers, which the program shows and does not interpret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// No qualifier.
    Plain,
    /// `?`
    Uncertain,
    /// `~`
    Approximate,
    /// `%`
    UncertainAndApproximate,
}

/// An EDTF level 1 date or interval, as written and as the span of days it allows.
///
/// ```
/// use acquis_registry::{EdtfDate, Precision};
///
/// let year: EdtfDate = "2006".parse()?;
/// assert_eq!(year.precision(), Precision::Year);
/// assert_eq!(year.first_day().unwrap().to_string(), "2006-01-01");
/// assert_eq!(year.last_day().unwrap().to_string(), "2006-12-31");
/// assert_eq!(year.to_string(), "2006");
/// assert!("2006-13-01".parse::<EdtfDate>().is_err());
/// # Ok::<(), acquis_registry::DateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EdtfDate {
    text: String,
    first: Option<Date>,
    last: Option<Date>,
    precision: Precision,
    qualifier: Qualifier,
}

/// Why a text is not a date that this program reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text is empty.
    #[error("the date is empty")]
    Empty,
    /// Not of a shape that EDTF level 1 has.
    #[error("{text:?} is not a date of EDTF level 1")]
    Shape {
        /// The text.
        text: String,
    },
    /// A month above 12 that is not a season either.
    #[error("{text:?} has no month {month}")]
    Month {
        /// The text.
        text: String,
        /// The month as written.
        month: u8,
    },
    /// A day that its month does not have.
    #[error("{text:?}: {month} has no day {day}")]
    Day {
        /// The text.
        text: String,
        /// Year and month as written.
        month: String,
        /// The day as written.
        day: u8,
    },
    /// A date where a single day is asked for.
    #[error("{text} is not a single day, such as 2004-06-01")]
    NotOneDay {
        /// The text.
        text: String,
    },
    /// An interval that ends before it begins.
    #[error("{text:?} ends before it begins")]
    Backwards {
        /// The text.
        text: String,
    },
}

impl DateError {
    /// What would have been accepted, for the reader of the message.
    pub const EXPECTED: &'static str = "a date such as 2006, 2006-01, 2006-01-25, 199X, 2006~, 2008-10-16/2008-10-17, 1991/.. or ..";
}

impl EdtfDate {
    /// A date of day precision.
    pub fn day(date: Date) -> Self {
        Self {
            text: date.to_string(),
            first: Some(date),
            last: Some(date),
            precision: Precision::Day,
            qualifier: Qualifier::Plain,
        }
    }

    /// Reads a text that names one day, as questions do.
    ///
    /// # Errors
    /// A text that is no date, or a date of less than day precision.
    pub fn single_day(text: &str) -> Result<Date, DateError> {
        let date: Self = text.parse()?;
        match (date.precision, date.first) {
            (Precision::Day, Some(day)) => Ok(day),
            _ => Err(DateError::NotOneDay {
                text: text.to_owned(),
            }),
        }
    }

    /// The first day the text allows; `None` where the start is open or unknown.
    pub const fn first_day(&self) -> Option<Date> {
        self.first
    }

    /// The last day the text allows; `None` where the end is open or unknown.
    pub const fn last_day(&self) -> Option<Date> {
        self.last
    }

    /// How finely the date is known.
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// EDTF's qualifier.
    pub const fn qualifier(&self) -> Qualifier {
        self.qualifier
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether both can be true of one event: whether their spans share a day.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let starts_in_time = |first: Option<Date>, last: Option<Date>| match (first, last) {
            (Some(first), Some(last)) => first <= last,
            _ => true,
        };
        starts_in_time(self.first, other.last) && starts_in_time(other.first, self.last)
    }

    /// Whether `day` lies in the span that the text leaves open, after its first day: an
    /// answer for such a day rests on the convention that an act of imprecise date takes
    /// effect on its first possible day.
    pub fn leaves_open(&self, day: Date) -> bool {
        self.precision != Precision::Day
            && self.first.is_none_or(|first| first <= day)
            && self.last.is_some_and(|last| day < last)
    }
}

impl fmt::Display for EdtfDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl serde::Serialize for EdtfDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl std::str::FromStr for EdtfDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        if text.is_empty() {
            return Err(DateError::Empty);
        }
        match text.split_once('/') {
            Some((start, end)) => interval(text, start, end),
            None if text == ".." => Ok(Self {
                text: text.to_owned(),
                first: None,
                last: None,
                precision: Precision::Unknown,
                qualifier: Qualifier::Plain,
            }),
            None => single(text, text),
        }
    }
}

fn interval(text: &str, start: &str, end: &str) -> Result<EdtfDate, DateError> {
    let end_point = |part: &str| match part {
        "" | ".." => Ok(None),
        _ => single(text, part).map(Some),
    };
    let (from, to) = (end_point(start)?, end_point(end)?);
    if from.is_none() && to.is_none() {
        return Err(shape(text));
    }
    let first = from.as_ref().and_then(EdtfDate::first_day);
    let last = to.as_ref().and_then(EdtfDate::last_day);
    if let (Some(first), Some(last)) = (first, last)
        && last < first
    {
        return Err(DateError::Backwards {
            text: text.to_owned(),
        });
    }
    Ok(EdtfDate {
        text: text.to_owned(),
        first,
        last,
        precision: Precision::Interval,
        qualifier: Qualifier::Plain,
    })
}

/// One date, which may be an end of the interval `whole`.
fn single(whole: &str, part: &str) -> Result<EdtfDate, DateError> {
    let (core, qualifier) = match part.as_bytes().last() {
        Some(b'?') => (&part[..part.len() - 1], Qualifier::Uncertain),
        Some(b'~') => (&part[..part.len() - 1], Qualifier::Approximate),
        Some(b'%') => (&part[..part.len() - 1], Qualifier::UncertainAndApproximate),
        _ => (part, Qualifier::Plain),
    };
    let mut pieces = core.split('-');
    let year = pieces.next().unwrap_or_default();
    let month = pieces.next();
    let day = pieces.next();
    if pieces.next().is_some() {
        return Err(shape(whole));
    }
    let (first, last, precision) = match (open_year(year), month, day) {
        (Some(span), None, None) => span,
        (Some((first, _, Precision::Year)), Some(month), day) => {
            within_year(whole, first.year(), month, day)?
        }
        _ => return Err(shape(whole)),
    };
    Ok(EdtfDate {
        text: part.to_owned(),
        first: Some(first),
        last: Some(last),
        precision,
        qualifier,
    })
}

type Span = (Date, Date, Precision);

/// `1992`, `199X`, `19XX`.
fn open_year(year: &str) -> Option<Span> {
    if year.len() != 4 {
        return None;
    }
    let digits = year.trim_end_matches('X');
    let (precision, width) = match 4 - digits.len() {
        0 => (Precision::Year, 1_i16),
        1 => (Precision::Decade, 10),
        2 => (Precision::Century, 100),
        _ => return None,
    };
    let first_year = i16::try_from(number(digits)?).ok()? * width;
    Some((
        Date::new(first_year, 1, 1).ok()?,
        Date::new(first_year + width - 1, 12, 31).ok()?,
        precision,
    ))
}

fn within_year(whole: &str, year: i16, month: &str, day: Option<&str>) -> Result<Span, DateError> {
    let whole_year = || {
        let first = Date::new(year, 1, 1).map_err(|_| shape(whole))?;
        Ok((first, first.last_of_year(), Precision::Year))
    };
    match (month, day) {
        ("XX", None | Some("XX")) => return whole_year(),
        ("XX", Some(_)) => return Err(shape(whole)),
        _ => {}
    }
    let month_number = two_digits(month).ok_or_else(|| shape(whole))?;
    if day.is_none()
        && let Some(season) = season(year, month_number)
    {
        return Ok(season);
    }
    let first = Date::new(year, month_number.cast_signed(), 1).map_err(|_| DateError::Month {
        text: whole.to_owned(),
        month: month_number,
    })?;
    match day {
        None | Some("XX") => Ok((first, first.last_of_month(), Precision::Month)),
        Some(day) => {
            let day = two_digits(day).ok_or_else(|| shape(whole))?;
            let date =
                Date::new(year, month_number.cast_signed(), day.cast_signed()).map_err(|_| {
                    DateError::Day {
                        text: whole.to_owned(),
                        month: format!("{year:04}-{month}"),
                        day,
                    }
                })?;
            Ok((date, date, Precision::Day))
        }
    }
}

/// EDTF's seasons 21 to 24, as the months of the northern hemisphere.
fn season(year: i16, code: u8) -> Option<Span> {
    let (first_month, end_year) = match code {
        21 => (3, year),
        22 => (6, year),
        23 => (9, year),
        24 => (12, year.checked_add(1)?),
        _ => return None,
    };
    let last_month = (first_month + 1) % 12 + 1;
    let first = Date::new(year, first_month, 1).ok()?;
    let last = Date::new(end_year, last_month, 1).ok()?.last_of_month();
    Some((first, last, Precision::Season))
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2)
        .then(|| number(text))
        .flatten()
        .and_then(|value| u8::try_from(value).ok())
}

/// Digits only: the standard parser would also take a sign.
fn number(text: &str) -> Option<u16> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn shape(text: &str) -> DateError {
    DateError::Shape {
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(text: &str) -> (String, String, Precision) {
        let date: EdtfDate = text.parse().unwrap_or_else(|error| panic!("{error}"));
        let show = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        (
            show(date.first_day()),
            show(date.last_day()),
            date.precision(),
        )
    }

    #[test]
    fn every_form_of_level_one_keeps_its_precision() {
        let cases = [
            ("1992", "1992-01-01", "1992-12-31", Precision::Year),
            ("1992-02", "1992-02-01", "1992-02-29", Precision::Month),
            ("1992-05-15", "1992-05-15", "1992-05-15", Precision::Day),
            ("199X", "1990-01-01", "1999-12-31", Precision::Decade),
            ("19XX", "1900-01-01", "1999-12-31", Precision::Century),
            ("2006-XX", "2006-01-01", "2006-12-31", Precision::Year),
            ("2006-02-XX", "2006-02-01", "2006-02-28", Precision::Month),
            ("2006-XX-XX", "2006-01-01", "2006-12-31", Precision::Year),
            ("2005-21", "2005-03-01", "2005-05-31", Precision::Season),
            ("2005-24", "2005-12-01", "2006-02-28", Precision::Season),
            ("2005-02~", "2005-02-01", "2005-02-28", Precision::Month),
            (
                "2008-10-16/2008-10-17",
                "2008-10-16",
                "2008-10-17",
                Precision::Interval,
            ),
            ("1991/..", "1991-01-01", "-", Precision::Interval),
            ("../1999-12", "-", "1999-12-31", Precision::Interval),
            ("1991/", "1991-01-01", "-", Precision::Interval),
            ("..", "-", "-", Precision::Unknown),
        ];
        for (text, first, last, precision) in cases {
            assert_eq!(
                span(text),
                (first.to_owned(), last.to_owned(), precision),
                "{text}"
            );
        }
    }

    #[test]
    fn impossible_dates_say_what_is_wrong() {
        for (text, message) in [
            ("2006-13-01", "\"2006-13-01\" has no month 13"),
            ("2006-02-30", "\"2006-02-30\": 2006-02 has no day 30"),
            ("2006-00", "\"2006-00\" has no month 0"),
            ("06", "\"06\" is not a date of EDTF level 1"),
            ("2006-1-1", "\"2006-1-1\" is not a date of EDTF level 1"),
            ("2006/2005", "\"2006/2005\" ends before it begins"),
            ("/", "\"/\" is not a date of EDTF level 1"),
            ("+200", "\"+200\" is not a date of EDTF level 1"),
            ("2006-XX-01", "\"2006-XX-01\" is not a date of EDTF level 1"),
            ("", "the date is empty"),
        ] {
            let error = text
                .parse::<EdtfDate>()
                .err()
                .map(|error| error.to_string());
            assert_eq!(error.as_deref(), Some(message));
        }
    }

    #[test]
    fn spans_agree_when_they_share_a_day() {
        let date = |text: &str| text.parse::<EdtfDate>().unwrap();
        assert!(date("2006").agrees_with(&date("2006-01-25")));
        assert!(!date("2005").agrees_with(&date("2006-01-25")));
        assert!(date("..").agrees_with(&date("2006")));
        assert!(date("1999/..").agrees_with(&date("2006")));
        assert!(!date("../1999").agrees_with(&date("2006")));
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_an_error(text in "[0-9X/.~?%-]{0,24}|\\PC{0,12}") {
            if let Ok(date) = text.parse::<EdtfDate>() {
                prop_assert_eq!(date.as_str(), text.as_str());
                if let (Some(first), Some(last)) = (date.first_day(), date.last_day()) {
                    prop_assert!(first <= last);
                }
            }
        }

        #[test]
        fn days_survive_the_round_trip(year in 1_i16..9999, month in 1_i8..=12, day in 1_i8..=28) {
            let day = Date::new(year, month, day).unwrap();
            let date = EdtfDate::day(day);
            prop_assert_eq!(&date.as_str().parse::<EdtfDate>().unwrap(), &date);
            prop_assert_eq!(date.first_day(), Some(day));
        }
    }
}
