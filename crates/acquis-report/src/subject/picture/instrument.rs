//! Carrots and sticks in time: figures as columns, the rest as marks.

use acquis_law::Law;
use acquis_registry::{KnownInstrument, Party, Rank};

use super::when;
use crate::chart::{Heading, LifeRow, Look, Moment, TimeSpan, Value};
use crate::subject::dispute::shown as figure;

/// The instruments that some parties gave or received, a row for each.
pub(super) fn instruments(law: &Law<'_>, parties: &[Party], span: TimeSpan) -> Vec<LifeRow> {
    let touches = |known: &KnownInstrument<'_>| {
        let all = known.subject.giver.iter().chain(&known.subject.receiver);
        all.into_iter().any(|party| parties.contains(party))
    };
    let known = law.view().instruments();
    known
        .iter()
        .filter(|known| touches(known))
        .filter_map(|known| instrument(known, span))
        .collect()
}

/// A row with every claim that is not denied: figures as columns, the rest as marks.
fn instrument(known: &KnownInstrument<'_>, span: TimeSpan) -> Option<LifeRow> {
    let mut row =
        LifeRow::new(Heading::new(&known.subject.id, &known.subject.title).group("Instruments"));
    let mut seen = Vec::new();
    for claim in std::iter::once(known.claim).chain(known.others.iter().copied()) {
        let date = claim.effect.as_ref().or(claim.on.as_ref());
        let Some(when) = date.and_then(|date| when(date, span)) else {
            continue;
        };
        let used = !claim.denies && !matches!(claim.rank, Rank::Deprecated { .. });
        if !used || seen.contains(&when) {
            continue;
        }
        seen.push(when);
        match &claim.value {
            Some(quantity) => row.values.push(Value {
                when,
                value: quantity.value,
                shown: figure(quantity.value, &quantity.unit),
                contested: known.contested,
            }),
            None => row.moments.push(Moment {
                contested: known.contested,
                ..Moment::new(
                    when,
                    claim
                        .says
                        .clone()
                        .unwrap_or_else(|| known.subject.title.clone()),
                    Look::Tick,
                )
            }),
        }
    }
    (!row.values.is_empty() || !row.moments.is_empty()).then_some(row)
}
