//! What a stage of integration does to trade, and where that figure comes from.

use acquis_registry::Stage;
use acquis_registry::document::Word as _;

/// The partial effect of each stage on the logarithm of bilateral trade, against no
/// agreement at all, with multilateral resistances held fixed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct StageEffects {
    /// By depth, [`Stage::None`] first.
    by_stage: [f64; 8],
    /// Who estimated it.
    pub source: String,
}

/// The partial effect of a regional trade agreement in Yotov, Piermartini, Monteiro and
/// Larch (2016).
const GUIDE_EFFECT: f64 = 0.557;

impl Default for StageEffects {
    /// The effect of a regional trade agreement of the WTO/UNCTAD guide, .557, for every
    /// stage from the free trade area up. The guide's estimate does not tell the stages
    /// apart, so a deeper stage adds nothing by default, and no gain is counted twice.
    fn default() -> Self {
        Self::from_given(
            &[(Stage::FreeTradeArea, GUIDE_EFFECT)],
            "Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade Policy Analysis, WTO/UNCTAD: \
             partial effect of a regional trade agreement, .557 (PPML, 69 countries, 1986-2006)",
        )
    }
}

impl StageEffects {
    /// Effects from those that are given; a stage that is not given has the effect of the
    /// next shallower one that is, and none below the shallowest.
    pub fn from_given(given: &[(Stage, f64)], source: impl Into<String>) -> Self {
        let mut by_stage = [0.0; 8];
        let mut current = 0.0;
        for &stage in Stage::ALL {
            if let Some((_, effect)) = given.iter().find(|(named, _)| *named == stage) {
                current = *effect;
            }
            by_stage[stage.depth()] = current;
        }
        Self {
            by_stage,
            source: source.into(),
        }
    }

    /// The effect of a stage on ln trade.
    pub fn of(&self, stage: Stage) -> f64 {
        self.by_stage[stage.depth()]
    }

    /// All effects that are not zero moved by the same amount.
    pub(crate) fn moved(&self, by: f64) -> Self {
        Self {
            by_stage: self
                .by_stage
                .map(|effect| if effect == 0.0 { 0.0 } else { effect + by }),
            source: self.source.clone(),
        }
    }

    /// All effects multiplied by a factor: what if a stage did half as much, or twice.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self {
            by_stage: self.by_stage.map(|effect| factor * effect),
            source: self.source.clone(),
        }
    }

    /// The stages with their effects, shallow to deep.
    pub fn by_stage(&self) -> impl Iterator<Item = (Stage, f64)> {
        Stage::ALL.iter().map(|&stage| (stage, self.of(stage)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_that_are_not_given_inherit_from_the_next_shallower_one() {
        let effects = StageEffects::from_given(
            &[(Stage::FreeTradeArea, 0.3), (Stage::CommonMarket, 0.8)],
            "test",
        );
        let values: Vec<f64> = effects.by_stage().map(|(_, effect)| effect).collect();
        assert_eq!(values, [0.0, 0.0, 0.3, 0.3, 0.8, 0.8, 0.8, 0.8]);
    }
}
