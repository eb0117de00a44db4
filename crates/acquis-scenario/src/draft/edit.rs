//! Changes to what a scenario starts from and assumes.

use acquis_law::Grade;
use acquis_registry::Stage;
use acquis_registry::document::Word as _;
use jiff::civil::Date;
use toml_edit::{Array, InlineTable, Item, Table, Value, value};

use super::acts::array;
use super::{Draft, EditError};
use crate::policy::{CommonTariff, Uncertainty};
use crate::scenario::Closure;

/// One change to a draft. Where something is `None`, what stands there is taken out, and the
/// default of the model or of the economy holds again.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// The title.
    Title(String),
    /// What the scenario asks, in a sentence.
    Description(String),
    /// The day on which the law before and after is compared.
    Date(Date),
    /// The economy, by name.
    Economy(String),
    /// The grade at which a stage counts.
    Grade(Grade),
    /// Only what had been published by then.
    KnownBy(Option<Date>),
    /// The effects of stages on ln trade, and who estimated them.
    Effects(Option<(Vec<(Stage, f64)>, String)>),
    /// The trade elasticity of all sectors, and who estimated it.
    Elasticity(Option<(f64, String)>),
    /// What becomes of deficits.
    Closure(Option<Closure>),
    /// Whether deficits are set to zero before anything changes.
    Purge(bool),
    /// Where a customs union's tariff comes from.
    ExternalTariff(Option<CommonTariff>),
    /// The economies whose goods pay tariffs without preference; empty for all that the
    /// reform doesn't touch.
    MostFavouredNation(Vec<String>),
    /// Cost of proving origin, as a part of the value.
    RulesOfOrigin(Option<f64>),
    /// Part of the trade that uses the preference.
    Utilisation(Option<f64>),
    /// The sectors to which stages apply; empty for all that are traded.
    Sectors(Vec<String>),
    /// Shares of a revenue pool in per cent, and the part that the collecting member keeps.
    RevenuePool(Option<(Vec<(String, f64)>, f64)>),
    /// A payment of an amount in the unit of the economy.
    AddPayment {
        /// Who pays.
        from: String,
        /// Who receives.
        to: String,
        /// How much.
        amount: f64,
        /// What for.
        reason: String,
    },
    /// A price below the market: a part of what the payer sells to the receiver.
    AddDiscount {
        /// Who sells.
        from: String,
        /// Who buys.
        to: String,
        /// In which sector.
        sector: String,
        /// The part.
        rate: f64,
        /// What for.
        reason: String,
    },
    /// Takes the payment of this number, from 0, out.
    RemovePayment(usize),
    /// The elasticity with which labour moves within a common market.
    LabourMobility(Option<f64>),
    /// Draws of what was estimated.
    Uncertainty(Option<Uncertainty>),
    /// Whether it is run although the law finds its commitments incompatible.
    AcceptIncompatible(bool),
}

impl Draft {
    /// Makes a change.
    ///
    /// # Errors
    /// [`EditError::NoSuch`] for a payment that is not there, [`EditError::NoTable`] where the
    /// file has something else than a table. Values that mean nothing are told by
    /// [`Self::scenario`], at their place.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Title(text) => self.at_top("title", Some(text.into())),
            Edit::Description(text) => self.at_top("description", Some(text.into())),
            Edit::AcceptIncompatible(go_on) => {
                self.at_top("accept_incompatible", go_on.then(|| true.into()));
            }
            Edit::Date(date) => self.set("base", "date", Some(date.to_string().into()))?,
            Edit::Economy(name) => self.set("base", "economy", Some(name.into()))?,
            Edit::Grade(grade) => self.set("base", "grade", Some(grade.word().into()))?,
            Edit::KnownBy(day) => {
                self.set("base", "known_by", day.map(|day| day.to_string().into()))?;
            }
            Edit::Effects(effects) => self.replace("effects", effects.as_ref().map(effects_table)),
            Edit::Elasticity(given) => {
                let elasticity = given.as_ref().map(|(theta, source)| {
                    Table::from_iter([("trade", Value::from(*theta)), ("source", source.into())])
                });
                self.replace("elasticity", elasticity);
            }
            Edit::Closure(closure) => {
                self.set("deficit", "closure", closure.map(|it| it.word().into()))?;
            }
            Edit::Purge(purge) => self.set("deficit", "purge", purge.then(|| true.into()))?,
            Edit::LabourMobility(elasticity) => {
                self.set("labour", "elasticity", elasticity.map(Value::from))?;
            }
            Edit::Uncertainty(draws) => {
                self.replace("uncertainty", draws.as_ref().map(uncertainty_table));
            }
            policy => return self.apply_policy(policy),
        }
        Ok(())
    }

    fn apply_policy(&mut self, edit: &Edit) -> Result<(), EditError> {
        let (key, written) = match edit {
            Edit::ExternalTariff(rule) => ("external_tariff", rule.map(|it| it.word().into())),
            Edit::MostFavouredNation(names) => ("most_favoured_nation", names_or_none(names)),
            Edit::RulesOfOrigin(cost) => ("rules_of_origin", cost.map(Value::from)),
            Edit::Utilisation(part) => ("utilisation", part.map(Value::from)),
            Edit::Sectors(names) => ("sectors", names_or_none(names)),
            payments => return self.apply_payments(payments),
        };
        self.set("trade_policy", key, written)
    }

    fn apply_payments(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::RevenuePool(pool) => self.replace("revenue_pool", pool.as_ref().map(pool_table)),
            Edit::AddPayment {
                from,
                to,
                amount,
                reason,
            } => self.add_payment(from, to, reason, [("amount", Value::from(*amount))])?,
            Edit::AddDiscount {
                from,
                to,
                sector,
                rate,
                reason,
            } => {
                let size = [("sector", sector.into()), ("rate", Value::from(*rate))];
                self.add_payment(from, to, reason, size)?;
            }
            Edit::RemovePayment(number) => self.remove_payment(*number)?,
            // Every other edit was made by `apply`.
            _ => {}
        }
        Ok(())
    }

    fn add_payment(
        &mut self,
        from: &str,
        to: &str,
        reason: &str,
        size: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Result<(), EditError> {
        let mut payment = Table::from_iter([("from", Value::from(from)), ("to", to.into())]);
        payment.extend(size);
        if !reason.is_empty() {
            payment["for"] = value(reason);
        }
        array(self.document.as_table_mut(), "payment")?.push(payment);
        Ok(())
    }

    fn remove_payment(&mut self, number: usize) -> Result<(), EditError> {
        let payments = array(self.document.as_table_mut(), "payment")?;
        let count = payments.len();
        if number < count {
            payments.remove(number);
        }
        if payments.is_empty() {
            self.document.remove("payment");
        }
        if number < count {
            return Ok(());
        }
        Err(EditError::NoSuch {
            what: "payment",
            number: number + 1,
            count,
        })
    }

    /// Sets or takes out a key of the whole file.
    fn at_top(&mut self, key: &str, written: Option<Value>) {
        write(self.document.as_table_mut(), key, written);
    }

    /// Sets or takes out a key of a table, which is made if it is needed, and goes with its
    /// last key.
    fn set(&mut self, table: &str, key: &str, written: Option<Value>) -> Result<(), EditError> {
        if written.is_none() && !self.document.contains_key(table) {
            return Ok(());
        }
        let entry = self.document.entry(table).or_insert(toml_edit::table());
        let keys = entry
            .as_table_like_mut()
            .ok_or_else(|| EditError::NoTable {
                key: table.to_owned(),
            })?;
        match written {
            Some(written) => match keys.get_mut(key).and_then(Item::as_value_mut) {
                Some(old) => put(old, written),
                None => {
                    keys.insert(key, Item::Value(written));
                }
            },
            None => {
                keys.remove(key);
            }
        }
        if keys.is_empty() {
            self.document.remove(table);
        }
        Ok(())
    }

    /// Puts a table in the place of the one there, or takes it out.
    fn replace(&mut self, key: &str, table: Option<Table>) {
        match (table, self.document.get_mut(key)) {
            (None, _) => {
                self.document.remove(key);
            }
            (Some(mut table), Some(old)) => {
                if let Some(old) = old.as_table() {
                    *table.decor_mut() = old.decor().clone();
                    table.set_position(old.position());
                }
                *old = Item::Table(table);
            }
            (Some(table), None) => {
                self.document.insert(key, Item::Table(table));
            }
        }
    }
}

/// Sets or takes out a key, keeping the comment beside it.
fn write(table: &mut Table, key: &str, written: Option<Value>) {
    match (written, table.get_mut(key).and_then(Item::as_value_mut)) {
        (Some(written), Some(old)) => put(old, written),
        (Some(written), None) => {
            table.insert(key, Item::Value(written));
        }
        (None, _) => {
            table.remove(key);
        }
    }
}

/// A value in the place of another, with the comment that stands beside it.
fn put(old: &mut Value, mut written: Value) {
    *written.decor_mut() = old.decor().clone();
    *old = written;
}

fn names_or_none(names: &[String]) -> Option<Value> {
    (!names.is_empty()).then(|| Value::Array(names.iter().map(String::as_str).collect::<Array>()))
}

fn effects_table((stages, source): &(Vec<(Stage, f64)>, String)) -> Table {
    let mut table = Table::new();
    table["source"] = value(source);
    for (stage, effect) in stages {
        table[stage.word()] = value(*effect);
    }
    table
}

fn uncertainty_table(draws: &Uncertainty) -> Table {
    // Both were read from numbers of a file, which a 64-bit integer holds.
    let whole = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    Table::from_iter([
        ("draws", whole(draws.draws as u64)),
        ("seed", whole(draws.seed)),
        ("elasticity_error", Value::from(draws.elasticity_error)),
        ("effect_error", Value::from(draws.effect_error)),
    ])
}

fn pool_table((shares, cost): &(Vec<(String, f64)>, f64)) -> Table {
    let shares: InlineTable = shares
        .iter()
        .map(|(name, share)| (name.as_str(), Value::from(*share)))
        .collect();
    Table::from_iter([
        ("shares", Value::InlineTable(shares)),
        ("collection_cost", Value::from(*cost)),
    ])
}
