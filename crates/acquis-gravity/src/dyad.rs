//! Which columns of a panel name exporter, importer and year.

use crate::bias::Dimensions;
use crate::factor::Factor;
use crate::formula::PanelColumns;
use crate::table::{Table, TableError, unknown};

/// The columns of a panel of dyads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DyadColumns {
    /// Who sells.
    pub exporter: String,
    /// Who buys.
    pub importer: String,
    /// When; `None` for a cross-section.
    pub year: Option<String>,
}

/// Names under which public gravity data keep exporter and importer, the usual ones first.
const PAIRS: [[&str; 2]; 15] = [
    ["exporter", "importer"],
    ["iso3_o", "iso3_d"],
    ["iso_o", "iso_d"],
    ["exporter_iso3", "importer_iso3"],
    ["iso3_exporter", "iso3_importer"],
    ["exporter_iso", "importer_iso"],
    ["country_o", "country_d"],
    ["exp", "imp"],
    ["iso_i", "iso_j"],
    ["iso3_i", "iso3_j"],
    ["origin", "destination"],
    ["orig", "dest"],
    ["reporter_iso", "partner_iso"],
    ["reporter", "partner"],
    ["ccode1", "ccode2"],
];
const YEARS: [&str; 4] = ["year", "yr", "period", "time"];

impl DyadColumns {
    /// The columns that are given, else those whose names say what they are. Without a
    /// column of years the panel is a cross-section.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`] for a given column that isn't there, and
    /// [`TableError::NoDyads`] where nothing can be guessed.
    pub fn find(
        names: &[String],
        [exporter, importer, year]: [Option<&str>; 3],
    ) -> Result<Self, TableError> {
        let known = |given: &str| {
            if names.iter().any(|name| name == given) {
                return Ok(given.to_owned());
            }
            Err(unknown(given, names.iter().map(String::as_str)))
        };
        let like = |wanted: &str| names.iter().find(|name| name.eq_ignore_ascii_case(wanted));
        let guessed = PAIRS
            .iter()
            .find_map(|[one, other]| Some((like(one)?, like(other)?)));
        let side = |given: Option<&str>, guess: Option<&String>, what: &'static str| match given {
            Some(given) => known(given),
            None => guess.cloned().ok_or(TableError::NoDyads { what }),
        };
        Ok(Self {
            exporter: side(exporter, guessed.map(|pair| pair.0), "exporter")?,
            importer: side(importer, guessed.map(|pair| pair.1), "importer")?,
            year: match year {
                Some(given) => Some(known(given)?),
                None => YEARS.iter().find_map(|name| like(name)).cloned(),
            },
        })
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let pair = [self.exporter.as_str(), &self.importer];
        pair.into_iter().chain(self.year.as_deref())
    }

    /// The panel within which lags are taken; `None` for a cross-section.
    pub fn panel(&self) -> Option<PanelColumns> {
        Some(PanelColumns {
            units: vec![self.exporter.clone(), self.importer.clone()],
            time: self.year.clone()?,
        })
    }

    /// The columns' levels in a table, for [`Dyads::dimensions`].
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn of<'t>(&self, table: &'t Table) -> Result<Dyads<'t>, TableError> {
        Ok(Dyads {
            exporter: table.factor(&self.exporter)?,
            importer: table.factor(&self.importer)?,
            year: self
                .year
                .as_deref()
                .map(|year| table.factor(year))
                .transpose()?,
        })
    }
}

/// The levels of exporter, importer and year of a table's rows.
#[derive(Debug, Clone)]
pub struct Dyads<'t> {
    exporter: Factor<'t>,
    importer: Factor<'t>,
    year: Option<Factor<'t>>,
}

impl Dyads<'_> {
    /// What the bias correction and the resistances ask for.
    pub fn dimensions(&self) -> Dimensions<'_> {
        Dimensions {
            exporter: &self.exporter,
            importer: &self.importer,
            time: self.year.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn both_sides_are_guessed_from_one_convention() {
        let header = names(&["Year", "iso3_o", "iso3_d", "importer", "flow"]);
        let found = DyadColumns::find(&header, [None; 3]).unwrap();
        assert!(found.names().eq(["iso3_o", "iso3_d", "Year"]));
    }

    #[test]
    fn what_is_given_goes_before_what_is_guessed() {
        let header = names(&["exporter", "importer", "year", "seller"]);
        let found = DyadColumns::find(&header, [Some("seller"), None, None]).unwrap();
        assert!(found.names().eq(["seller", "importer", "year"]));
        let error = DyadColumns::find(&header, [Some("sellr"), None, None]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown column `sellr`: did you mean `seller`?"
        );
    }

    #[test]
    fn nothing_is_guessed_from_nothing() {
        let error = DyadColumns::find(&names(&["a", "b"]), [None; 3]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no column is evidently the exporter: name it"
        );
    }
}
