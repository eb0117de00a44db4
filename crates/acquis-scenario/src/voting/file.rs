//! A rule written as a file, with the keys that it has in a pack.

use acquis_registry::document::Word as _;
use acquis_registry::{Criterion, Party, Quota, Weights};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};

use super::typed::AskedQuota;

/// Criteria that are joined stand one a line, up to this deep.
const INDENT: &str = "    ";

/// The text of a file with the rule.
pub(super) fn text(title: Option<&str>, players: &[String], criterion: &Criterion) -> String {
    let mut document = DocumentMut::new();
    let mut put = |key: &str, value: Value| {
        document.insert(key, Item::Value(value));
    };
    if let Some(title) = title {
        put("title", title.into());
    }
    if !players.is_empty() {
        put("players", players.iter().map(String::as_str).collect());
    }
    for (key, value) in pairs(criterion, 1) {
        put(key, value);
    }
    document.to_string()
}

/// The keys of a criterion in the order in which packs have them.
fn pairs(criterion: &Criterion, depth: usize) -> Vec<(&'static str, Value)> {
    let mut pairs: Vec<(&str, Value)> = vec![("kind", criterion.kind.word().into())];
    if !criterion.votes.is_empty() {
        let votes = criterion.votes.iter();
        let votes = votes.map(|(party, votes)| (party.as_str(), number(*votes)));
        pairs.push(("votes", Value::InlineTable(votes.collect())));
    }
    if let Some(weights) = &criterion.weights {
        pairs.push(("weights", series(weights)));
    }
    match criterion.quota {
        Some(Quota::Votes(votes)) => pairs.push(("quota", number(votes))),
        Some(quota) => pairs.push(("quota", AskedQuota::at_least(quota).to_string().into())),
        None => {}
    }
    if criterion.strict {
        pairs.push(("strict", true.into()));
    }
    if criterion.of_votes_cast {
        pairs.push(("of_votes_cast", true.into()));
    }
    if !criterion.members.is_empty() {
        let members = criterion.members.iter().map(Party::as_str);
        pairs.push(("members", members.collect()));
    }
    if !criterion.criteria.is_empty() {
        pairs.push(("criteria", joined(&criterion.criteria, depth)));
    }
    pairs
}

fn joined(criteria: &[Criterion], depth: usize) -> Value {
    let mut list = Array::new();
    for criterion in criteria {
        let pairs = pairs(criterion, depth + 1);
        let mut part = Value::InlineTable(pairs.into_iter().collect::<InlineTable>());
        part.decor_mut()
            .set_prefix(format!("\n{}", INDENT.repeat(depth)));
        list.push_formatted(part);
    }
    list.set_trailing_comma(true);
    list.set_trailing(format!("\n{}", INDENT.repeat(depth - 1)));
    Value::Array(list)
}

fn series(weights: &Weights) -> Value {
    let mut table = InlineTable::new();
    table.insert("series", weights.series.word().into());
    table.insert("year", i64::from(weights.year).into());
    for (key, share) in [("floor", weights.floor), ("cap", weights.cap)] {
        if let Some(share) = share {
            table.insert(key, share.into());
        }
    }
    Value::InlineTable(table)
}

/// Whole numbers without a point, as packs have them.
fn number(votes: f64) -> Value {
    /// Beyond it not every whole number is one.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if votes.fract() == 0.0 && votes.abs() <= LARGEST {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a whole number within bounds"
        )]
        let whole = votes as i64;
        return whole.into();
    }
    votes.into()
}
