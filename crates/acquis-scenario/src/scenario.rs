//! The scenario file: a base (pack, date, economy), acts that are added, struck or moved,
//! and what the model assumes.

use std::sync::Arc;

use acquis_economy::Economy;
use acquis_equilibrium::{DeficitClosure, TradeElasticity};
use acquis_law::Grade;
use acquis_registry::document::{self, Fields, Placed, Word};
use acquis_registry::{
    ActName, Amendment, Change, EdtfDate, Finding, Findings, InstitutionId, Lint, Participants,
    Place, SourceText, act_kind, participants,
};
use jiff::civil::Date;

use crate::blocs::BlocsQuestion;
use crate::effects::StageEffects;
use crate::gravity::{StageEstimates, stage_named};
use crate::policy::{TradePolicy, Uncertainty};

/// A scenario as its file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Short name: the name of the file without its ending.
    pub name: String,
    /// Title.
    pub title: String,
    /// What it asks.
    pub description: String,
    /// What it starts from.
    pub base: Base,
    /// What a stage does to trade.
    pub effects: StageEffects,
    /// How strongly trade reacts to its cost, where the file says it; see
    /// [`Self::elasticity_in`].
    pub elasticity: Option<Elasticity>,
    /// What happens to trade deficits, where the file says it; see [`Self::closure_in`].
    pub closure: Option<Closure>,
    /// Whether deficits are set to zero before anything changes (many sectors only).
    pub purge: bool,
    /// Tariffs, revenue, payments and labour (many sectors only).
    pub policy: TradePolicy,
    /// Draws of what was estimated.
    pub uncertainty: Option<Uncertainty>,
    /// Whether it is to be run although the law finds its commitments incompatible.
    pub accept_incompatible: bool,
    /// Which union would hold, if that is asked.
    pub blocs: Option<BlocsQuestion>,
    /// The changes that all alternatives share.
    pub shared: Vec<Amendment>,
    /// The alternatives that it compares; at least one.
    pub variants: Vec<Variant>,
}

/// What a scenario starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The pack, by name or path.
    pub pack: Option<String>,
    /// The day on which the law before and after is compared.
    pub date: Date,
    /// The economy, by name or path.
    pub economy: String,
    /// Where the economy is named.
    pub economy_place: Option<Place>,
    /// The grade at which a stage counts.
    pub grade: Grade,
    /// Only what had been published by then.
    pub known_by: Option<Date>,
}

/// The trade elasticity and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Elasticity {
    /// theta = sigma - 1, of tariff-inclusive trade shares.
    pub theta: TradeElasticity,
    /// Who estimated it.
    pub source: String,
}

/// The elasticities that a run uses.
#[derive(Debug, Clone, PartialEq)]
pub struct ElasticityUsed {
    /// One for all sectors, or one for each.
    pub thetas: Vec<f64>,
    /// Who estimated them.
    pub source: String,
}

/// One alternative: a set of changes to the acts.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Short name, for files.
    pub name: String,
    /// Title.
    pub title: String,
    /// The changes, those of the whole scenario first.
    pub amendments: Vec<Amendment>,
}

/// A deficit closure by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closure {
    /// Deficits stay what they are in the money of the model.
    Additive,
    /// Deficits stay a fixed share of output, scaled so that they add up to zero.
    Multiplicative,
    /// Deficits stay a fixed share of world output (of world value added with many sectors).
    WorldShare,
    /// No deficits (many sectors only).
    Balanced,
    /// Deficits stay a fixed share of value added, the rest spread (many sectors only).
    ValueAddedShare,
}

impl Word for Closure {
    const WHAT: &'static str = "a deficit closure";
    const ALL: &'static [Self] = &[
        Self::Additive,
        Self::Multiplicative,
        Self::WorldShare,
        Self::Balanced,
        Self::ValueAddedShare,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Additive => "additive",
            Self::Multiplicative => "multiplicative",
            Self::WorldShare => "world_share",
            Self::Balanced => "balanced",
            Self::ValueAddedShare => "value_added_share",
        }
    }
}

impl Closure {
    /// What it means, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Additive => "deficits fixed in the money of the model",
            Self::Multiplicative => "deficits in fixed proportion to output",
            Self::WorldShare => "deficits a fixed share of world output",
            Self::Balanced => "no deficits",
            Self::ValueAddedShare => "deficits in fixed proportion to value added",
        }
    }

    /// Whether only an economy of many sectors can have it.
    pub const fn needs_sectors(self) -> bool {
        self.one_sector().is_none()
    }

    /// The closure of the engine of one sector, if it has it.
    pub(crate) const fn one_sector(self) -> Option<DeficitClosure> {
        match self {
            Self::Additive => Some(DeficitClosure::Additive),
            Self::Multiplicative => Some(DeficitClosure::Multiplicative),
            Self::WorldShare => Some(DeficitClosure::WorldShare),
            Self::Balanced | Self::ValueAddedShare => None,
        }
    }
}

/// The trade elasticity that is used where a scenario gives none.
const DEFAULT_ELASTICITY: f64 = 5.03;
const DEFAULT_ELASTICITY_SOURCE: &str = "Head and Mayer (2014), Gravity Equations: Workhorse, Toolkit, and Cookbook, Handbook of International Economics 4: \
     median of the structural estimates from price shifters, 5.03";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Add,
    Strike,
    Move,
}

impl Word for Doing {
    const WHAT: &'static str = "something to do with an act";
    const ALL: &'static [Self] = &[Self::Add, Self::Strike, Self::Move];

    fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Strike => "strike",
            Self::Move => "move",
        }
    }
}

impl Scenario {
    /// The elasticity of an economy of one sector, and the one that sectors get where
    /// neither the scenario nor the economy has any.
    pub fn elasticity_in(&self, economy: &Economy) -> ElasticityUsed {
        match (&self.elasticity, &economy.figures().elasticities) {
            (Some(given), _) => ElasticityUsed {
                thetas: vec![given.theta.get()],
                source: given.source.clone(),
            },
            (None, Some(own)) if economy.sectors().len() > 1 => ElasticityUsed {
                thetas: own.thetas(),
                source: own.source.clone(),
            },
            _ => ElasticityUsed {
                thetas: vec![DEFAULT_ELASTICITY],
                source: DEFAULT_ELASTICITY_SOURCE.to_owned(),
            },
        }
    }

    /// The elasticity of every sector of an economy.
    pub(crate) fn thetas(&self, economy: &Economy) -> Vec<f64> {
        let used = self.elasticity_in(economy).thetas;
        if used.len() == economy.sectors().len() {
            used
        } else {
            vec![used[0]; economy.sectors().len()]
        }
    }

    /// What happens to deficits in an economy: what the scenario says, else in fixed
    /// proportion to output with one sector, and a fixed share of world value added with
    /// many.
    pub fn closure_in(&self, economy: &Economy) -> Closure {
        let many = economy.sectors().len() > 1;
        let default = if many {
            Closure::WorldShare
        } else {
            Closure::Multiplicative
        };
        self.closure.unwrap_or(default)
    }

    /// Reads a scenario file that names no other file but its economy's. `name` is its short
    /// name.
    ///
    /// # Errors
    /// Every mistake, at its place.
    pub fn read(name: &str, file: &Arc<SourceText>) -> Result<Self, Findings> {
        Self::read_with(name, file, &nothing_beside)
    }

    /// Reads a scenario file. `beside` gives the text of a file that it names, such as one of
    /// estimated effects, or says why it can't be had.
    ///
    /// # Errors
    /// Every mistake, at its place, also in the files that are named.
    pub fn read_with(
        name: &str,
        file: &Arc<SourceText>,
        beside: Beside<'_>,
    ) -> Result<Self, Findings> {
        Self::decoded(name, file, beside, |fields, findings| {
            let asks = ["act", "variant", "blocs"];
            if !asks.iter().any(|key| fields.has(key)) {
                findings.push(
                    Finding::error(
                        Lint::Format,
                        Some(fields.place()),
                        "the scenario changes nothing",
                    )
                    .expecting("[[act]] tables, [[variant]] tables with acts, or a [blocs] table"),
                );
            }
        })
    }

    /// Reads a scenario file that is still being put together: it may change nothing yet.
    pub(crate) fn read_unfinished(name: &str, file: &Arc<SourceText>) -> Result<Self, Findings> {
        Self::decoded(name, file, &nothing_beside, |_, _| ())
    }

    fn decoded(
        name: &str,
        file: &Arc<SourceText>,
        beside: Beside<'_>,
        is_complete: impl FnOnce(&mut Fields<'_>, &mut Findings),
    ) -> Result<Self, Findings> {
        let mut findings = Findings::default();
        let scenario = document::read(file, &mut findings, |fields, findings| {
            let scenario = decode(name, beside, fields, findings);
            is_complete(fields, findings);
            scenario
        });
        match scenario.flatten() {
            Some(scenario) if !findings.has_errors() => Ok(scenario),
            _ => Err(findings.sorted()),
        }
    }
}

/// Gives the text of a file that a scenario names, or says why it can't be had.
pub type Beside<'b> = &'b dyn Fn(&str) -> Result<Arc<SourceText>, String>;

/// For a scenario whose text came without a folder.
fn nothing_beside(name: &str) -> Result<Arc<SourceText>, String> {
    Err(format!("there is no folder in which to look for {name}"))
}

fn decode(
    name: &str,
    beside: Beside<'_>,
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Option<Scenario> {
    let title = fields.required_text("title", findings);
    let description = fields.text("description", findings);
    fields.require("base", findings);
    let base = fields.table("base", "[base]", findings, base).flatten();
    let effects = fields.table("effects", "[effects]", findings, |fields, findings| {
        effects(beside, fields, findings)
    });
    let elasticity = fields.table("elasticity", "[elasticity]", findings, elasticity);
    let deficit = fields.table("deficit", "[deficit]", findings, |fields, findings| {
        (
            fields.word("closure", findings),
            fields.flag("purge", findings),
        )
    });
    let policy = TradePolicy::decode(fields, findings);
    let uncertainty = fields.table(
        "uncertainty",
        "[uncertainty]",
        findings,
        Uncertainty::decode,
    );
    if let (Some(Some(effects)), Some(Some(uncertainty))) = (&effects, &uncertainty)
        && effects.estimates().is_some()
        && uncertainty.effect_error > 0.0
    {
        let message = "effect_error beside a file of effects, which has its own covariance";
        let place = Some(fields.place_at("uncertainty"));
        findings.push(Finding::error(Lint::Format, place, message).expecting("one of the two"));
    }
    let accept_incompatible = fields.flag("accept_incompatible", findings);
    let blocs = fields.table("blocs", "[blocs]", findings, BlocsQuestion::decode);
    let shared = fields.tables("act", "an act", findings, amendment);
    let variants = variants(&shared, fields, findings);
    let title = title?.value;
    Some(Scenario {
        name: name.to_owned(),
        description: description.map(|text| text.value).unwrap_or_default(),
        base: base?,
        effects: match effects {
            Some(effects) => effects?,
            None => StageEffects::default(),
        },
        elasticity: match elasticity {
            Some(elasticity) => Some(elasticity?),
            None => None,
        },
        closure: deficit.and_then(|(closure, _)| closure),
        purge: deficit.is_some_and(|(_, purge)| purge),
        policy,
        uncertainty: match uncertainty {
            Some(uncertainty) => Some(uncertainty?),
            None => None,
        },
        accept_incompatible,
        blocs: match blocs {
            Some(blocs) => Some(blocs?),
            None => None,
        },
        shared: shared.clone(),
        variants: if variants.is_empty() {
            vec![Variant {
                name: name.to_owned(),
                title: title.clone(),
                amendments: shared,
            }]
        } else {
            variants
        },
        title,
    })
}

fn variants(
    shared: &[Amendment],
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Vec<Variant> {
    let mut seen: Vec<String> = Vec::new();
    fields.tables("variant", "a variant", findings, |fields, findings| {
        let name = fields.required_text("name", findings);
        let title = fields.required_text("title", findings);
        let own = fields.tables("act", "an act", findings, amendment);
        let name = name?;
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !name.value.bytes().all(safe) {
            findings.push(
                Finding::error(
                    Lint::Word,
                    Some(name.place.clone()),
                    format!("{:?} can't name a file", name.value),
                )
                .expecting("letters, digits, - and _"),
            );
        }
        if seen.contains(&name.value) {
            findings.push(Finding::error(
                Lint::DuplicateId,
                Some(name.place.clone()),
                format!("a second variant {:?}", name.value),
            ));
        }
        seen.push(name.value.clone());
        let mut amendments = shared.to_vec();
        amendments.extend(own);
        Some(Variant {
            name: name.value,
            title: title?.value,
            amendments,
        })
    })
}

fn base(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Base> {
    let pack = fields.text("pack", findings).map(|text| text.value);
    fields.require("date", findings);
    let date = day(fields, "date", findings);
    let economy = fields.required_text("economy", findings);
    let grade = fields.word("grade", findings).unwrap_or(Grade::InForce);
    let known_by = day(fields, "known_by", findings);
    let economy = economy?;
    Some(Base {
        pack,
        date: date?,
        economy: economy.value,
        economy_place: Some(economy.place),
        grade,
        known_by,
    })
}

/// A date of day precision: the law is compared on one day.
fn day(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings) -> Option<Date> {
    let date = fields.date(key, findings)?;
    if date.value.precision() != acquis_registry::Precision::Day {
        findings.push(
            Finding::error(
                Lint::Date,
                Some(date.place),
                format!("{key}: {} is not a day", date.value),
            )
            .expecting("a day such as 2004-12-31"),
        );
        return None;
    }
    date.value.first_day()
}

fn effects(
    beside: Beside<'_>,
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Option<StageEffects> {
    if let Some(file) = fields.text("file", findings) {
        return estimated(beside, &file, findings);
    }
    let source = fields.required_text("source", findings);
    let given = fields.numbers_by_name(findings);
    let mut stages = Vec::new();
    for (name, effect) in given {
        if let Some(stage) = stage_named(&name, findings) {
            stages.push((stage, effect));
        }
    }
    Some(StageEffects::from_given(&stages, source?.value))
}

/// The effects in a file of estimates.
fn estimated(
    beside: Beside<'_>,
    file: &Placed<String>,
    findings: &mut Findings,
) -> Option<StageEffects> {
    let text = match beside(&file.value) {
        Ok(text) => text,
        Err(why) => {
            let message = format!("can't read the effects {:?}: {why}", file.value);
            let place = Some(file.place.clone());
            findings.push(
                Finding::error(Lint::Format, place, message)
                    .expecting("a file that acquis gravity --out has written"),
            );
            return None;
        }
    };
    match StageEstimates::read(&text) {
        Ok(estimates) => Some(StageEffects::from_estimates(estimates)),
        Err(found) => {
            findings.extend(found);
            None
        }
    }
}

fn elasticity(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Elasticity> {
    fields.require("trade", findings);
    let trade = fields.number("trade", findings);
    let source = fields.required_text("source", findings);
    let trade = trade?;
    let theta = match TradeElasticity::new(trade.value) {
        Ok(theta) => theta,
        Err(error) => {
            findings.push(
                Finding::error(Lint::Number, Some(trade.place), error.to_string())
                    .expecting("theta = sigma - 1, above zero"),
            );
            return None;
        }
    };
    Some(Elasticity {
        theta,
        source: source?.value,
    })
}

pub(crate) fn amendment(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Amendment> {
    fields.require("do", findings);
    let doing = fields.word::<Doing>("do", findings);
    let institution = fields.required_text("institution", findings);
    let who = participants(fields, findings);
    let name = fields.word::<ActName>("act", findings);
    // A word that is misspelt must not make the keys beside it unknown.
    if doing.is_none() {
        fields.allow(&["on", "stage", "to", "standing", "of", "into"]);
    } else if name.is_none() && fields.has("act") {
        fields.allow(&["standing", "of", "into"]);
    }
    let change = match doing? {
        Doing::Add => added(name, who, fields, findings),
        Doing::Strike => Some(Change::Strike { act: name, who }),
        Doing::Move => {
            fields.require("act", findings);
            fields.require("to", findings);
            let to = fields.date("to", findings);
            Some(Change::Move {
                act: name?,
                who,
                to: to?.value,
            })
        }
    };
    Some(Amendment {
        institution: InstitutionId::new(&institution?.value),
        change: change?,
        place: fields.place(),
    })
}

fn added(
    name: Option<ActName>,
    who: Participants,
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Option<Change> {
    fields.require("act", findings);
    fields.require("on", findings);
    let on: Option<Placed<EdtfDate>> = fields.date("on", findings);
    let stage = fields.word("stage", findings);
    let kind = act_kind(name?, fields, findings)?;
    if name == Some(ActName::Implementation) {
        fields.require("stage", findings);
    }
    Some(Change::Add {
        kind,
        who,
        on: on?.value,
        stage,
    })
}

/// Where an amendment is written, for messages of the run.
pub(crate) fn place_of(variant: &Variant) -> Option<Place> {
    variant
        .amendments
        .first()
        .map(|amendment| amendment.place.clone())
}
