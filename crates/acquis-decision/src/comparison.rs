//! Who gains and loses power by an accession, an exit or a change of rule.

use std::collections::BTreeMap;

use crate::game::Game;
use crate::power::{GameError, Index};

/// One player's power before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Who.
    pub player: String,
    /// `None` if not yet among the players.
    pub before: Option<f64>,
    /// `None` if no longer among the players.
    pub after: Option<f64>,
}

impl Change {
    /// After less before; nothing counts as zero.
    pub fn gain(&self) -> f64 {
        self.after.unwrap_or(0.0) - self.before.unwrap_or(0.0)
    }
}

/// Compares an index under two rules: first the players of the first, in its order, then those
/// who are only in the second. Players are matched by name.
///
/// # Errors
/// Those of the index.
pub fn compare(before: &Game, after: &Game, index: Index) -> Result<Vec<Change>, GameError> {
    let old = before.power(index)?.values;
    let new = after.power(index)?.values;
    let by_name: BTreeMap<&str, f64> = after
        .players()
        .iter()
        .map(String::as_str)
        .zip(new.iter().copied())
        .collect();
    let staying = before
        .players()
        .iter()
        .zip(&old)
        .map(|(player, &old)| Change {
            player: player.clone(),
            before: Some(old),
            after: by_name.get(player.as_str()).copied(),
        });
    let mut changes: Vec<Change> = staying.collect();
    let entering = after.players().iter().zip(&new);
    let entering = entering.filter(|(player, _)| !before.players().contains(player));
    changes.extend(entering.map(|(player, &new)| Change {
        player: player.clone(),
        before: None,
        after: Some(new),
    }));
    Ok(changes)
}
