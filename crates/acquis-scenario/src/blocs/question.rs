//! What is asked: the `[blocs]` table of a scenario.

use acquis_blocs::{Indifference, Levels, Partitions, SingleBlocs, SizeError};
use acquis_registry::document::{Fields, Placed, Word};
use acquis_registry::{Amendment, Finding, Findings, Lint, Place, Quota, Series, Stage, Weights};

use crate::scenario::amendment;

/// Which union would hold: the `[blocs]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct BlocsQuestion {
    /// Who might be in: codes or names, at least one.
    pub candidates: Vec<Placed<String>>,
    /// What can be formed, at which stage.
    pub form: BlocForm,
    /// Who begins: paths of accession and thresholds start from them. Empty: each pair is tried.
    pub founders: Vec<Placed<String>>,
    /// Who decides on an applicant.
    pub admission: AdmissionQuestion,
    /// What an outsider does who neither gains nor loses by joining.
    pub indifferent: Indifference,
    /// What doesn't count as a gain, in per cent of real income.
    pub tolerance: f64,
    /// What states that stay outside can take up.
    pub offers: Vec<Offer>,
    /// Whether the gains are to be shared out among the members.
    pub divide: bool,
    /// Whether it is asked what holds if all look ahead.
    pub farsighted: bool,
    /// Where the table stands.
    pub place: Place,
    /// Where the candidates stand.
    pub candidates_place: Place,
}

/// What can be formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlocForm {
    /// One bloc at this stage, everybody else alone.
    Single(Stage),
    /// Several blocs side by side, each at this stage.
    Several(Stage),
    /// A level for each state, shallow to deep, outside left out; a pair stands at the lower of
    /// its two.
    Levels(Vec<Stage>),
}

impl BlocForm {
    /// The stages that a pair can come to, from the first level inside.
    pub fn stages(&self) -> &[Stage] {
        match self {
            Self::Single(stage) | Self::Several(stage) => std::slice::from_ref(stage),
            Self::Levels(stages) => stages,
        }
    }

    /// Whether so many candidates can be enumerated.
    pub(crate) fn check(&self, candidates: usize) -> Result<(), SizeError> {
        match self {
            Self::Single(_) => SingleBlocs::new(candidates).map(drop),
            Self::Several(_) => Partitions::new(candidates).map(drop),
            Self::Levels(stages) => Levels::new(candidates, stages.len() + 1).map(drop),
        }
    }
}

/// Who decides on an applicant.
#[derive(Debug, Clone, PartialEq)]
pub enum AdmissionQuestion {
    /// Nobody: whoever wants to is in.
    Open,
    /// Every member can refuse.
    Unanimity,
    /// An organization's own rule.
    Rule(Box<AdmissionRule>),
}

impl AdmissionQuestion {
    /// The same in a word.
    pub const fn way(&self) -> AdmissionWay {
        match self {
            Self::Open => AdmissionWay::Open,
            Self::Unanimity => AdmissionWay::Unanimity,
            Self::Rule(_) => AdmissionWay::Rule,
        }
    }
}

/// The rule by which a union admits.
#[derive(Debug, Clone, PartialEq)]
pub struct AdmissionRule {
    /// Whose rule.
    pub institution: Placed<String>,
    /// The organ's name, or part of it.
    pub organ: Option<String>,
    /// What is decided, or part of its words.
    pub matter: Option<String>,
    /// Votes of members whom the rule doesn't list.
    pub votes: Vec<(Placed<String>, f64)>,
    /// Votes by a series instead of those of the rule.
    pub weights: Option<Weights>,
    /// A quota in the place of the rule's.
    pub quota: Option<Quota>,
}

/// What a state can take up as long as it stays outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Title.
    pub title: String,
    /// To whom it is made: candidates, by code or name.
    pub to: Vec<Placed<String>>,
    /// The acts by which it is taken up.
    pub amendments: Vec<Amendment>,
}

/// By default a change of real income that rounds to 0.000 % is none, as in the table of gains.
const TOLERANCE: f64 = 5e-4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Single,
    Several,
    Levels,
}

impl Word for Kind {
    const WHAT: &'static str = "a kind of blocs";
    const ALL: &'static [Self] = &[Self::Single, Self::Several, Self::Levels];

    fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Several => "several",
            Self::Levels => "levels",
        }
    }
}

/// Who decides on an applicant, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AdmissionWay {
    /// Nobody: whoever wants to joins.
    #[default]
    Open,
    /// Every member can refuse.
    Unanimity,
    /// The members, by a rule of their own.
    Rule,
}

impl Word for AdmissionWay {
    const WHAT: &'static str = "a way to admit members";
    const ALL: &'static [Self] = &[Self::Open, Self::Unanimity, Self::Rule];

    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unanimity => "unanimity",
            Self::Rule => "rule",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IndifferenceWord {
    StaysOut,
    Joins,
}

impl Word for IndifferenceWord {
    const WHAT: &'static str = "what an indifferent outsider does";
    const ALL: &'static [Self] = &[Self::StaysOut, Self::Joins];

    fn word(self) -> &'static str {
        match self {
            Self::StaysOut => "stays_out",
            Self::Joins => "joins",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeriesWord {
    Gdp,
    Population,
}

impl Word for SeriesWord {
    const WHAT: &'static str = "a series";
    const ALL: &'static [Self] = &[Self::Gdp, Self::Population];

    fn word(self) -> &'static str {
        match self {
            Self::Gdp => "gdp",
            Self::Population => "population",
        }
    }
}

impl BlocsQuestion {
    pub(crate) fn decode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Self> {
        fields.require("candidates", findings);
        let candidates_place = fields.place_at("candidates");
        let has_candidates = fields.has("candidates");
        let candidates = fields.texts("candidates", findings);
        let form = form(fields, findings);
        let founders = fields.texts("founders", findings);
        let admission = admission(fields, findings);
        let indifferent = match fields.word("indifferent", findings) {
            Some(IndifferenceWord::Joins) => Indifference::Joins,
            _ => Indifference::StaysOut,
        };
        let tolerance = tolerance(fields, findings);
        let divide = fields.flag("divide", findings);
        let farsighted = !fields.has("farsighted") || fields.flag("farsighted", findings);
        let offers = fields.tables("offer", "an offer", findings, offer);
        let form = form?;
        if has_candidates && let Err(error) = form.check(candidates.len()) {
            findings.push(
                Finding::error(Lint::Number, Some(candidates_place), error.to_string())
                    .expecting("a list of states, such as [\"BLR\", \"KAZ\", \"RUS\"]"),
            );
            return None;
        }
        Some(Self {
            candidates,
            form,
            founders,
            admission: admission?,
            indifferent,
            tolerance: tolerance?,
            offers,
            divide,
            farsighted,
            place: fields.place(),
            candidates_place,
        })
    }
}

fn form(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<BlocForm> {
    let kind = if fields.has("kind") {
        let kind = fields.word::<Kind>("kind", findings);
        if kind.is_none() {
            fields.allow(&["stage", "stages"]);
        }
        kind?
    } else {
        Kind::Single
    };
    if kind == Kind::Levels {
        fields.require("stages", findings)?;
        let place = fields.place_at("stages");
        let stages: Vec<Stage> = fields.words("stages", findings);
        let deepens = |pair: &[Stage]| pair[0] < pair[1];
        if stages.is_empty() || stages[0] == Stage::None || !stages.windows(2).all(deepens) {
            findings.push(
                Finding::error(Lint::Number, Some(place), "the levels don't go deeper").expecting(
                    "stages from shallow to deep, without \"none\": who is outside has none",
                ),
            );
            return None;
        }
        return Some(BlocForm::Levels(stages));
    }
    fields.require("stage", findings)?;
    let place = fields.place_at("stage");
    let stage = fields.word("stage", findings)?;
    if stage == Stage::None {
        findings.push(
            Finding::error(
                Lint::Word,
                Some(place),
                "a bloc at the stage \"none\" is none",
            )
            .expecting("a stage such as \"free_trade_area\""),
        );
        return None;
    }
    Some(match kind {
        Kind::Several => BlocForm::Several(stage),
        _ => BlocForm::Single(stage),
    })
}

fn admission(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<AdmissionQuestion> {
    let word = if fields.has("admission") {
        fields.word::<AdmissionWay>("admission", findings)
    } else {
        Some(AdmissionWay::Open)
    };
    if word == Some(AdmissionWay::Rule) {
        fields.require("rule", findings)?;
    }
    let place = fields.place_at("rule");
    let rule = fields.table("rule", "[blocs.rule]", findings, rule);
    match (word?, rule) {
        (AdmissionWay::Rule, rule) => Some(AdmissionQuestion::Rule(Box::new(rule??))),
        (_, Some(_)) => {
            findings.push(
                Finding::error(Lint::Format, Some(place), "a rule that nothing asks for")
                    .expecting("admission = \"rule\" beside it"),
            );
            None
        }
        (AdmissionWay::Unanimity, None) => Some(AdmissionQuestion::Unanimity),
        (AdmissionWay::Open, None) => Some(AdmissionQuestion::Open),
    }
}

fn rule(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<AdmissionRule> {
    let institution = fields.required_text("institution", findings);
    let organ = fields.text("organ", findings).map(|text| text.value);
    let matter = fields.text("matter", findings).map(|text| text.value);
    let votes = fields.table("votes", "the votes", findings, |fields, findings| {
        fields.numbers_by_name(findings)
    });
    let series = fields.word::<SeriesWord>("series", findings);
    if fields.has("series") {
        fields.require("year", findings)?;
    }
    let year = fields.whole_number("year", findings);
    let weights = match (series, year) {
        (Some(series), Some(year)) => Some(Weights {
            series: match series {
                SeriesWord::Gdp => Series::Gdp,
                SeriesWord::Population => Series::Population,
            },
            year: i16::try_from(year.value).ok()?,
            floor: None,
            cap: None,
        }),
        _ => None,
    };
    let quota = match fields.text("quota", findings) {
        None => None,
        Some(text) => {
            let quota = Quota::from_text(&text.value);
            if quota.is_none() {
                let message = format!("{:?} is not a quota", text.value);
                findings.push(
                    Finding::error(Lint::Number, Some(text.place), message)
                        .expecting("a share such as \"2/3\" or \"80%\""),
                );
                return None;
            }
            quota
        }
    };
    Some(AdmissionRule {
        institution: institution?,
        organ,
        matter,
        votes: votes.unwrap_or_default(),
        weights,
        quota,
    })
}

fn tolerance(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<f64> {
    let Some(tolerance) = fields.number("tolerance", findings) else {
        return (!fields.has("tolerance")).then_some(TOLERANCE);
    };
    if tolerance.value >= 0.0 {
        return Some(tolerance.value);
    }
    let message = format!("tolerance is {}", tolerance.value);
    findings.push(
        Finding::error(Lint::Number, Some(tolerance.place), message)
            .expecting("a part of real income in per cent, not below zero"),
    );
    None
}

fn offer(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Offer> {
    let title = fields.required_text("title", findings);
    fields.require("to", findings);
    let place = fields.place_at("to");
    let to = fields.texts("to", findings);
    let amendments = fields.tables("act", "an act", findings, amendment);
    if to.is_empty() && fields.has("to") {
        findings.push(
            Finding::error(Lint::Format, Some(place), "an offer to nobody")
                .expecting("a list of candidates"),
        );
    }
    if !fields.has("act") {
        findings.push(
            Finding::error(Lint::Format, Some(fields.place()), "an offer of nothing")
                .expecting("[[blocs.offer.act]] tables"),
        );
    }
    Some(Offer {
        title: title?.value,
        to,
        amendments,
    })
}
