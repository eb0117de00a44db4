//! Instruments: by what states move others, with what each source says of it.

use acquis_registry::{
    Assertion, EdtfDate, Instrument, KnownInstrument, Party, Sourced as _, View,
};
use serde_json::{Value, json};

use crate::column::Column;
use crate::table::{Cell, Table, TableError};

/// The instruments that are wanted, a line for each, in the order of time: what it is, who
/// moves whom, from when until when, how much, and who says so.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn instruments(
    view: &View<'_>,
    title: &str,
    wanted: impl Fn(&Instrument) -> bool,
) -> Result<Table, TableError> {
    let mut table = Table::new(
        "instruments",
        title,
        vec![
            Column::text("title", "What"),
            Column::text("kind", "Kind"),
            Column::text("giver", "By"),
            Column::text("receiver", "Towards"),
            Column::text("on", "When"),
            Column::text("until", "Until"),
            Column::text("value", "How much"),
            Column::text("source", "Source"),
            Column::text("flags", "Flags"),
        ],
    );
    for known in in_order(view, wanted) {
        let claim = known.claim;
        table.push_row(vec![
            known.subject.title.as_str().into(),
            known.subject.kind.label().into(),
            parties(&known.subject.giver).into(),
            parties(&known.subject.receiver).into(),
            claim.takes_effect().map(ToString::to_string).into(),
            claim.until.as_ref().map(ToString::to_string).into(),
            how_much(claim).into(),
            claim.reference().into(),
            if known.contested {
                "contested".into()
            } else {
                Cell::Missing
            },
        ])?;
    }
    Ok(table)
}

/// The instruments that are wanted, the earliest first, those without a date last.
pub fn in_order<'r>(
    view: &View<'r>,
    wanted: impl Fn(&Instrument) -> bool,
) -> Vec<KnownInstrument<'r>> {
    let mut known: Vec<_> = view
        .instruments()
        .into_iter()
        .filter(|known| wanted(known.subject) && !known.claim.denies)
        .collect();
    known.sort_by_key(|known| {
        let begun = known.claim.takes_effect().and_then(EdtfDate::first_day);
        (begun.is_none(), begun)
    });
    known
}

fn parties(parties: &[Party]) -> String {
    let ids: Vec<&str> = parties.iter().map(Party::as_str).collect();
    ids.join(", ")
}

/// The figure of a claim with its unit: "46.68 USD/1000 m3", "50 to 60 USD".
pub fn how_much(claim: &Assertion) -> Option<String> {
    claim.value.as_ref().map(|value| match value.to {
        Some(to) => format!("{} to {to} {}", value.value, value.unit),
        None => format!("{} {}", value.value, value.unit),
    })
}

/// The same as JSON, with every claim.
pub fn instruments_json(view: &View<'_>, wanted: impl Fn(&Instrument) -> bool) -> Value {
    in_order(view, wanted)
        .iter()
        .map(|known| {
            let claims = std::iter::once(known.claim).chain(known.others.iter().copied());
            let claims: Vec<Value> = claims
                .map(|claim| {
                    json!({
                        "on": claim.on,
                        "effect": claim.effect,
                        "until": claim.until,
                        "value": claim.value,
                        "denies": claim.denies,
                        "source": claim.source,
                        "locator": claim.locator,
                        "rank": claim.rank.word(),
                        "says": claim.says,
                    })
                })
                .collect();
            json!({
                "id": known.subject.id,
                "kind": known.subject.kind,
                "title": known.subject.title,
                "giver": known.subject.giver,
                "receiver": known.subject.receiver,
                "contested": known.contested,
                "claims": claims,
            })
        })
        .collect()
}
