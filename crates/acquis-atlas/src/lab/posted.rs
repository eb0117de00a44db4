//! Fields that were posted, read into changes of a draft. A field that stands as it stood
//! changes nothing, so that what a form doesn't show stays as it is.

use std::collections::BTreeMap;
use std::str::FromStr;

use acquis_registry::document::Word;
use acquis_registry::{Registry, Stage, nearest};
use acquis_scenario::{CommonTariff, Economy, Edit, PaymentAmount, Scenario, Uncertainty, name_of};
use jiff::civil::Date;

/// The source of a number that somebody changed in the lab.
const AS_CHOSEN: &str = "as chosen in the lab";

/// The fields of a form by name, each with every value it was posted with.
#[derive(Debug, Default)]
pub(crate) struct Posted(BTreeMap<String, Vec<String>>);

/// A field that can't be read, with a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The name of the field.
    pub(crate) field: String,
    /// What is wrong, and what would be right.
    pub(crate) sentence: String,
}

impl FieldError {
    pub(crate) fn new(field: &str, sentence: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            sentence: sentence.into(),
        }
    }
}

impl FromIterator<(String, String)> for Posted {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Self(fields)
    }
}

impl Posted {
    /// A field without the white around it; `None` if the form has no such field.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.first().map(|text| text.trim())
    }

    /// A field exactly as it was posted, with the line ends of a text area made those of a
    /// file.
    pub(crate) fn verbatim(&self, field: &str) -> Option<String> {
        let text = self.0.get(field)?.first()?;
        Some(text.replace("\r\n", "\n"))
    }

    /// Every value of a field that is not empty.
    pub(crate) fn all(&self, field: &str) -> Vec<String> {
        let values = self.0.get(field).into_iter().flatten();
        let values = values.map(|value| value.trim().to_owned());
        values.filter(|value| !value.is_empty()).collect()
    }

    /// Whether a box was ticked.
    pub(crate) fn is_ticked(&self, field: &str) -> bool {
        self.text(field).is_some_and(|value| !value.is_empty())
    }

    /// A field that must be there and not be empty.
    pub(crate) fn required(&self, field: &str, what: &str) -> Result<&str, FieldError> {
        match self.text(field) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(FieldError::new(field, format!("Give {what}."))),
        }
    }

    /// A value of some kind, or none for an empty field.
    fn value<T: FromStr>(&self, field: &str, expected: &str) -> Result<Option<T>, FieldError> {
        match self.text(field) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| FieldError::new(field, format!("{text:?} is not {expected}."))),
        }
    }

    /// A number, or none for an empty field. A comma for the point is understood.
    pub(crate) fn number(&self, field: &str) -> Result<Option<f64>, FieldError> {
        let Some(text) = self.text(field).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match text.replace(',', ".").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(FieldError::new(
                field,
                format!("{text:?} is not a number such as 0.557."),
            )),
        }
    }

    /// A day.
    pub(crate) fn day(&self, field: &str) -> Result<Option<Date>, FieldError> {
        self.value(field, "a day such as 2004-12-31")
    }

    /// A whole number, or none for an empty field.
    pub(crate) fn whole<T: FromStr>(&self, field: &str) -> Result<Option<T>, FieldError> {
        self.value(field, "a whole number")
    }

    /// One word of a closed list, or none for an empty field.
    pub(crate) fn word<W: Word>(&self, field: &str) -> Result<Option<W>, FieldError> {
        let Some(text) = self.text(field).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        W::from_word(text).map(Some).ok_or_else(|| {
            let near = nearest(text, W::ALL.iter().map(|word| word.word()));
            let near = near.map_or_else(String::new, |near| format!(" Did you mean {near:?}?"));
            FieldError::new(field, format!("{text:?} is not {}.{near}", W::WHAT))
        })
    }

    fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }
}

/// The changes that the form of settings makes to a scenario.
pub(crate) fn settings(posted: &Posted, now: &Scenario) -> Result<Vec<Edit>, Vec<FieldError>> {
    let mut collected = Collected::default();
    let asked = [base, effects, solution, border, draws];
    for ask in asked {
        if let Err(error) = ask(posted, now, &mut collected.edits) {
            collected.errors.push(error);
        }
    }
    if collected.errors.is_empty() {
        Ok(collected.edits)
    } else {
        Err(collected.errors)
    }
}

#[derive(Default)]
struct Collected {
    edits: Vec<Edit>,
    errors: Vec<FieldError>,
}

fn base(posted: &Posted, now: &Scenario, edits: &mut Vec<Edit>) -> Result<(), FieldError> {
    if let Some(title) = posted.text("title") {
        let title = match title {
            "" => return Err(FieldError::new("title", "Give the scenario a title.")),
            title => title,
        };
        if title != now.title {
            edits.push(Edit::Title(title.to_owned()));
        }
    }
    if let Some(description) = posted.text("description")
        && description != now.description.trim()
    {
        edits.push(Edit::Description(description.to_owned()));
    }
    if let Some(day) = posted.day("date")?
        && day != now.base.date
    {
        edits.push(Edit::Date(day));
    }
    if let Some(economy) = posted.text("economy").filter(|name| !name.is_empty())
        && economy != now.base.economy
    {
        edits.push(Edit::Economy(economy.to_owned()));
    }
    if let Some(grade) = posted.word("grade")?
        && grade != now.base.grade
    {
        edits.push(Edit::Grade(grade));
    }
    let known_by = posted.day("known_by")?;
    if posted.has("known_by") && known_by != now.base.known_by {
        edits.push(Edit::KnownBy(known_by));
    }
    Ok(())
}

/// The name of the field for the effect of a stage.
pub(crate) fn effect_field(stage: Stage) -> String {
    format!("effect_{}", stage.word())
}

fn effects(posted: &Posted, now: &Scenario, edits: &mut Vec<Edit>) -> Result<(), FieldError> {
    if !posted.has("effects_source") {
        return Ok(());
    }
    let mut given = Vec::new();
    let mut is_changed = false;
    for stage in Stage::ALL
        .iter()
        .copied()
        .filter(|stage| *stage != Stage::None)
    {
        let effect = posted.number(&effect_field(stage))?;
        given.extend(effect.map(|effect| (stage, effect)));
        let stands = now.effects.of(stage);
        is_changed |= effect.is_some_and(|effect| effect.to_bits() != stands.to_bits());
        // An emptied field is a change where the stage had an effect of its own.
        is_changed |= effect.is_none() && shown_effects(now).contains(&stage);
    }
    let source = posted.text("effects_source").unwrap_or_default();
    if !is_changed && source == now.effects.source {
        return Ok(());
    }
    if given.is_empty() {
        edits.push(Edit::Effects(None));
        return Ok(());
    }
    let source = posted.required("effects_source", "who estimated the effects of the stages")?;
    let source = whose(source, is_changed, Some(&now.effects.source));
    edits.push(Edit::Effects(Some((given, source))));
    Ok(())
}

/// Whose a number is: a source that was left as it stood beside a number that was changed did
/// not estimate the new one.
fn whose(source: &str, is_changed: bool, stands: Option<&str>) -> String {
    if is_changed && stands == Some(source) {
        AS_CHOSEN.to_owned()
    } else {
        source.to_owned()
    }
}

/// The stages whose effect a form shows: those at which it changes. The others inherit theirs.
pub(crate) fn shown_effects(scenario: &Scenario) -> Vec<Stage> {
    let mut before = 0.0_f64;
    let mut shown = Vec::new();
    for (stage, effect) in scenario.effects.by_stage() {
        if effect.to_bits() != before.to_bits() {
            shown.push(stage);
        }
        before = effect;
    }
    shown
}

fn solution(posted: &Posted, now: &Scenario, edits: &mut Vec<Edit>) -> Result<(), FieldError> {
    if posted.has("elasticity") {
        let theta = posted.number("elasticity")?;
        let stands = now.elasticity.as_ref();
        let source = posted.text("elasticity_source").unwrap_or_default();
        let same = match (theta, stands) {
            (None, None) => true,
            (Some(theta), Some(stands)) => {
                theta.to_bits() == stands.theta.get().to_bits() && source == stands.source
            }
            _ => false,
        };
        match theta {
            _ if same => {}
            None => edits.push(Edit::Elasticity(None)),
            Some(theta) => {
                let what = "who estimated the elasticity";
                let source = posted.required("elasticity_source", what)?;
                let is_changed =
                    stands.is_some_and(|it| it.theta.get().to_bits() != theta.to_bits());
                let source = whose(source, is_changed, stands.map(|it| it.source.as_str()));
                edits.push(Edit::Elasticity(Some((theta, source))));
            }
        }
    }
    if posted.has("closure") {
        let closure = posted.word("closure")?;
        if closure != now.closure {
            edits.push(Edit::Closure(closure));
        }
        flag(posted, "purge", now.purge, Edit::Purge, edits);
        let accepts = now.accept_incompatible;
        flag(
            posted,
            "accept_incompatible",
            accepts,
            Edit::AcceptIncompatible,
            edits,
        );
    }
    Ok(())
}

/// A box beside fields that were posted: unticked boxes are not.
fn flag(
    posted: &Posted,
    field: &str,
    stands: bool,
    edit: impl Fn(bool) -> Edit,
    edits: &mut Vec<Edit>,
) {
    let ticked = posted.is_ticked(field);
    if ticked != stands {
        edits.push(edit(ticked));
    }
}

fn border(posted: &Posted, now: &Scenario, edits: &mut Vec<Edit>) -> Result<(), FieldError> {
    if !posted.has("external_tariff") {
        return Ok(());
    }
    let policy = &now.policy;
    let rule = posted.word::<CommonTariff>("external_tariff")?;
    if rule.unwrap_or_default() != policy.external_tariff {
        edits.push(Edit::ExternalTariff(rule));
    }
    let names = |placed: &[acquis_registry::document::Placed<String>]| -> Vec<String> {
        placed.iter().map(|name| name.value.clone()).collect()
    };
    let references = posted.all("most_favoured_nation");
    if references != names(&policy.references) {
        edits.push(Edit::MostFavouredNation(references));
    }
    let sectors = posted.all("sectors");
    if sectors != names(&policy.sectors) {
        edits.push(Edit::Sectors(sectors));
    }
    let cost = posted.number("rules_of_origin")?;
    if cost.unwrap_or_default().to_bits() != policy.rules_of_origin.to_bits() {
        edits.push(Edit::RulesOfOrigin(cost));
    }
    let part = posted.number("utilisation")?;
    if part != policy.utilisation {
        edits.push(Edit::Utilisation(part));
    }
    let mobility = posted.number("labour_mobility")?;
    if mobility != policy.labour_mobility {
        edits.push(Edit::LabourMobility(mobility));
    }
    pool(posted, now, edits)
}

/// The shares of a revenue pool as people write them: `RUS 85.265, KAZ 7.055`.
pub(crate) fn shares_in_words(scenario: &Scenario) -> String {
    let shares = scenario.policy.pool.iter().flat_map(|pool| &pool.shares);
    let shares = shares.map(|(name, share)| format!("{} {share}", name.value));
    shares.collect::<Vec<_>>().join(", ")
}

fn pool(posted: &Posted, now: &Scenario, edits: &mut Vec<Edit>) -> Result<(), FieldError> {
    let written = posted.text("pool_shares").unwrap_or_default();
    let kept = posted.number("collection_cost")?;
    let stands = now.policy.pool.as_ref();
    let cost = stands.map_or(0.0, |pool| pool.collection_cost);
    if written == shares_in_words(now) && kept.unwrap_or_default().to_bits() == cost.to_bits() {
        return Ok(());
    }
    if written.is_empty() {
        edits.push(Edit::RevenuePool(None));
        return Ok(());
    }
    let wrong = |part: &str| {
        let sentence =
            format!("{part:?} is not a code with its share in per cent, such as RUS 85.265.");
        FieldError::new("pool_shares", sentence)
    };
    let shares = written.split([',', ';', '\n']).map(str::trim);
    let shares = shares.filter(|part| !part.is_empty()).map(|part| {
        let (code, share) = part
            .rsplit_once(char::is_whitespace)
            .ok_or_else(|| wrong(part))?;
        let share = share.parse::<f64>().map_err(|_| wrong(part))?;
        Ok((code.trim().to_owned(), share))
    });
    let shares = shares.collect::<Result<Vec<_>, FieldError>>()?;
    edits.push(Edit::RevenuePool(Some((shares, kept.unwrap_or_default()))));
    Ok(())
}

fn draws(posted: &Posted, now: &Scenario, edits: &mut Vec<Edit>) -> Result<(), FieldError> {
    if !posted.has("draws") {
        return Ok(());
    }
    let asked = match posted.value::<usize>("draws", "a whole number such as 200")? {
        None | Some(0) => None,
        Some(draws) => Some(Uncertainty {
            draws,
            seed: posted
                .value("seed", "a whole number such as 2019")?
                .unwrap_or(1),
            elasticity_error: posted.number("elasticity_error")?.unwrap_or_default(),
            effect_error: posted.number("effect_error")?.unwrap_or_default(),
        }),
    };
    if asked != now.uncertainty {
        if let Some(asked) = &asked
            && asked.elasticity_error <= 0.0
            && asked.effect_error <= 0.0
        {
            return Err(FieldError::new(
                "elasticity_error",
                "Give the error of the elasticities or that of the effects: without either, every draw is the same.",
            ));
        }
        edits.push(Edit::Uncertainty(asked));
    }
    Ok(())
}

/// A payment that was filled in.
pub(crate) fn payment(posted: &Posted) -> Result<Edit, FieldError> {
    let from = posted.required("payer", "who pays")?.to_owned();
    let to = posted.required("payee", "who receives")?.to_owned();
    let reason = posted.text("reason").unwrap_or_default().to_owned();
    let size = posted.number("size")?;
    let size =
        size.ok_or_else(|| FieldError::new("size", "Give an amount, or a part such as 0.3."))?;
    Ok(match posted.text("sector").unwrap_or_default() {
        "" => Edit::AddPayment {
            from,
            to,
            amount: size,
            reason,
        },
        sector => Edit::AddDiscount {
            from,
            to,
            sector: sector.to_owned(),
            rate: size,
            reason,
        },
    })
}

/// The payments of a scenario in words.
pub(crate) fn payments_in_words(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
) -> Vec<String> {
    let named = |code: &str| name_of(registry, economy, code);
    let words = scenario.policy.payments.iter().map(|payment| {
        let (from, to) = (named(&payment.from.value), named(&payment.to.value));
        let size = match &payment.amount {
            PaymentAmount::Fixed(amount) => format!("{amount} {}", economy.card.unit),
            PaymentAmount::Discount { sector, rate } => {
                let sectors = economy.sectors().iter();
                let mut known = sectors.filter(|it| it.code == sector.value);
                let name = known.next().map_or(&sector.value, |it| &it.name);
                format!("{} % of what it sells in {name}", 100.0 * rate)
            }
        };
        let reason = payment.reason.as_deref().unwrap_or_default();
        let reason = if reason.is_empty() {
            String::new()
        } else {
            format!(", for {reason}")
        };
        format!("{from} pays {to} {size}{reason}")
    });
    words.collect()
}
