//! What things are called: numbers of scenarios and runs, and facts by their content.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sha2::{Digest as _, Sha256};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
        )]
        pub struct $name(pub(crate) i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse::<u32>().map(|number| Self(number.into()))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }
    };
}

number! {
    /// The number of a saved scenario; never given twice in one folder.
    ScenarioId
}

number! {
    /// The number of a run; never given twice in one folder.
    RunId
}

/// Facts or figures that a run met: their name, and a digest of what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name, such as that of a pack.
    pub name: String,
    /// SHA-256 of the content, in hexadecimal digits.
    pub digest: String,
}

impl Identity {
    /// The identity of named content that comes in parts, each with a name of its own.
    pub fn of<'p, C: AsRef<[u8]> + ?Sized + 'p>(
        name: impl Into<String>,
        parts: impl IntoIterator<Item = (&'p str, &'p C)>,
    ) -> Self {
        let mut digest = Sha256::new();
        for (part, content) in parts {
            // Lengths keep two parts from passing for others that read the same in a row.
            for bytes in [part.as_bytes(), content.as_ref()] {
                digest.update((bytes.len() as u64).to_le_bytes());
                digest.update(bytes);
            }
        }
        let digest = digest.finalize();
        Self {
            name: name.into(),
            digest: in_hexadecimal(&digest),
        }
    }
}

fn in_hexadecimal(bytes: &[u8]) -> String {
    use fmt::Write as _;

    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing into a string can't fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_that_is_cut_otherwise_is_other_content() {
        let one = Identity::of("p", [("a", "bc")]);
        assert_eq!(one, Identity::of("p", [("a", "bc")]));
        assert_ne!(one, Identity::of("p", [("ab", "c")]));
        assert_ne!(one, Identity::of("p", [("a", "b"), ("", "c")]));
        assert_eq!(one.digest.len(), 64);
    }

    #[test]
    fn numbers_read_back_and_nothing_else_does() {
        assert_eq!("17".parse(), Ok(RunId(17)));
        for wrong in ["", "-1", "1.5", "seventeen", "99999999999999999999"] {
            assert!(wrong.parse::<RunId>().is_err(), "{wrong}");
        }
    }
}
