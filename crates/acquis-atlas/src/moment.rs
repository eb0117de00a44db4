//! The moment that a page is about: a day, and what was known by another.

use std::borrow::Cow;
use std::fmt;

use acquis_registry::EdtfDate;
use acquis_report::subject::law::Question;
use jiff::civil::Date;
use serde::de::{Deserialize, Deserializer, Error as _};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// A day as it stands in an address or a form: `2004-06-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) Date);

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let text = text.trim();
        EdtfDate::single_day(text).map(Self).map_err(|error| {
            // Of what looks like a day the reader of dates says what is wrong with it.
            let looks_like_one = text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
            if looks_like_one {
                D::Error::custom(error)
            } else {
                D::Error::custom(format!("{text:?} is no day: write it as 2004-06-01"))
            }
        })
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .into()
    }
}

impl ToSchema for Day {}

/// The day that a page is about, and the day by which something had to be published to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The day.
    pub(crate) on: Date,
    /// Only what had been published by then; everything where there is none.
    pub(crate) known_by: Option<Date>,
}

impl Moment {
    /// The moment as a question of the law.
    pub(crate) const fn question(self) -> Question {
        Question {
            on: self.on,
            known_by: self.known_by,
        }
    }
}

/// The day it is now.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}
