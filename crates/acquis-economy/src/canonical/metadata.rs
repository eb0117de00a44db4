//! The metadata of a canonical file: what is no record.

use std::collections::BTreeMap;

use acquis_registry::document::Word;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::economy::{Card, Economy, Sector};
use crate::error::EconomyError;
use crate::meaning::ElasticityMeaning;

/// The value of the key `format`.
const FORMAT: &str = "acquis-economy";
/// The version of the format that is written and read.
const VERSION: &str = "1";

#[derive(Serialize, Deserialize)]
struct SectorEntry {
    code: String,
    name: String,
    tradable: bool,
}

/// What the metadata say beside the card.
pub(super) struct Heading {
    pub(super) card: Card,
    pub(super) countries: Vec<String>,
    pub(super) sectors: Vec<Sector>,
    /// Names of the schedules of tariffs, the one in force first.
    pub(super) schedules: Vec<String>,
    /// Meaning and source of the elasticities, if there are any.
    pub(super) elasticities: Option<(ElasticityMeaning, String)>,
    /// Whether the flows are flagged as estimates or not.
    pub(super) is_flagged: bool,
}

impl Heading {
    pub(super) fn of(economy: &Economy) -> Self {
        let figures = economy.figures();
        Self {
            card: economy.card.clone(),
            countries: figures.countries.clone(),
            sectors: figures.sectors.clone(),
            schedules: figures.tariffs.iter().map(|it| it.name.clone()).collect(),
            elasticities: figures
                .elasticities
                .as_ref()
                .map(|it| (it.meaning, it.source.clone())),
            is_flagged: figures.estimated.is_some(),
        }
    }

    /// The pairs in the order in which they are written.
    pub(super) fn pairs(&self) -> Result<Vec<(&'static str, String)>, serde_json::Error> {
        let sectors: Vec<SectorEntry> = self
            .sectors
            .iter()
            .map(|sector| SectorEntry {
                code: sector.code.clone(),
                name: sector.name.clone(),
                tradable: sector.is_tradable,
            })
            .collect();
        let card = &self.card;
        let mut pairs = vec![
            ("format", FORMAT.to_owned()),
            ("format_version", VERSION.to_owned()),
            ("id", card.id.clone()),
            ("title", card.title.clone()),
            ("year", card.year.to_string()),
            ("unit", card.unit.clone()),
            ("sources", serde_json::to_string(&card.sources)?),
            ("notes", serde_json::to_string(&card.notes)?),
            ("names", serde_json::to_string(&card.names)?),
            ("countries", serde_json::to_string(&self.countries)?),
            ("sectors", serde_json::to_string(&sectors)?),
            ("tariff_schedules", serde_json::to_string(&self.schedules)?),
            ("estimates_flagged", self.is_flagged.to_string()),
        ];
        pairs.extend(card.licence.clone().map(|text| ("licence", text)));
        pairs.extend(card.method.clone().map(|text| ("method", text)));
        pairs.extend(card.valuation.map(|it| ("valuation", it.word().to_owned())));
        if let Some((meaning, source)) = &self.elasticities {
            pairs.push(("elasticity_meaning", meaning.word().to_owned()));
            pairs.push(("elasticity_source", source.clone()));
        }
        Ok(pairs)
    }

    /// Whether the pairs are those of an economy.
    pub(super) fn is_in(pairs: &BTreeMap<String, String>) -> bool {
        pairs.get("format").is_some_and(|format| format == FORMAT)
    }

    /// Reads the pairs of a file.
    pub(super) fn read(file: &str, pairs: &BTreeMap<String, String>) -> Result<Self, EconomyError> {
        let pairs = Pairs { file, pairs };
        if pairs.required("format")? != FORMAT {
            return Err(pairs.wrong("format", format!("is not {FORMAT:?}")));
        }
        let version = pairs.required("format_version")?;
        if version != VERSION {
            let problem = format!("is {version:?}; this program reads {VERSION:?}");
            return Err(pairs.wrong("format_version", problem));
        }
        let sectors: Vec<SectorEntry> = pairs.json("sectors")?;
        let elasticities = match pairs.word("elasticity_meaning")? {
            Some(meaning) => Some((meaning, pairs.required("elasticity_source")?.to_owned())),
            None => None,
        };
        Ok(Self {
            card: pairs.card()?,
            countries: pairs.json("countries")?,
            sectors: sectors
                .into_iter()
                .map(|sector| Sector {
                    code: sector.code,
                    name: sector.name,
                    is_tradable: sector.tradable,
                })
                .collect(),
            schedules: pairs.json("tariff_schedules")?,
            elasticities,
            is_flagged: pairs.json("estimates_flagged")?,
        })
    }
}

struct Pairs<'p> {
    file: &'p str,
    pairs: &'p BTreeMap<String, String>,
}

impl Pairs<'_> {
    fn card(&self) -> Result<Card, EconomyError> {
        let year = self.required("year")?;
        Ok(Card {
            id: self.required("id")?.to_owned(),
            title: self.required("title")?.to_owned(),
            year: year
                .parse()
                .map_err(|_| self.wrong("year", format!("is {year:?}, no year")))?,
            unit: self.required("unit")?.to_owned(),
            sources: self.json("sources")?,
            licence: self.pairs.get("licence").cloned(),
            method: self.pairs.get("method").cloned(),
            notes: self.json("notes")?,
            valuation: self.word("valuation")?,
            names: self.json("names")?,
        })
    }

    fn required(&self, key: &'static str) -> Result<&str, EconomyError> {
        let value = self.pairs.get(key);
        let missing = || self.wrong(key, "are missing: this is no economy file".to_owned());
        value.map(String::as_str).ok_or_else(missing)
    }

    fn json<T: DeserializeOwned>(&self, key: &'static str) -> Result<T, EconomyError> {
        serde_json::from_str(self.required(key)?)
            .map_err(|error| self.wrong(key, format!("can't be read: {error}")))
    }

    fn word<W: Word>(&self, key: &'static str) -> Result<Option<W>, EconomyError> {
        let Some(text) = self.pairs.get(key) else {
            return Ok(None);
        };
        match W::from_word(text) {
            Some(word) => Ok(Some(word)),
            None => Err(self.wrong(key, format!("are {text:?}, which is not {}", W::WHAT))),
        }
    }

    fn wrong(&self, key: &'static str, problem: String) -> EconomyError {
        EconomyError::Metadata {
            file: self.file.to_owned(),
            key,
            problem,
        }
    }
}
