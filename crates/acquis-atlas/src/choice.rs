//! A word of a closed list and a number, as they stand in an address or a form.

use std::borrow::Cow;

use acquis_registry::document::Word;
use acquis_registry::nearest;
use serde::de::{Deserialize, Deserializer, Error as _};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A word of a closed list, such as a grade: written as in packs, `in_force`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice<W>(pub(crate) W);

impl<'de, W: Word> Deserialize<'de> for Choice<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let written = text.trim().replace('-', "_");
        W::from_word(&written).map(Self).ok_or_else(|| {
            let words: Vec<&str> = W::ALL.iter().map(|word| word.word()).collect();
            let guess = nearest(&written, words.iter().copied())
                .map_or_else(String::new, |word| format!("; did you mean {word:?}?"));
            let list = words.join(", ");
            D::Error::custom(format!("{text:?} is not {}: one of {list}{guess}", W::WHAT))
        })
    }
}

impl<W: Word> PartialSchema for Choice<W> {
    fn schema() -> RefOr<Schema> {
        let words = W::ALL.iter().map(|word| word.word());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words))
            .into()
    }
}

impl<W: Word> ToSchema for Choice<W> {}

/// A finite number: `0.5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let number = text.trim().parse::<f64>().ok();
        number
            .filter(|number| number.is_finite())
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("{text:?} is no number: write it as 0.5")))
    }
}
