//! What a stage of integration does to trade, and where that figure comes from.

use acquis_registry::Stage;
use acquis_registry::document::Word as _;

use crate::gravity::StageEstimates;

/// The partial effect of each stage on the logarithm of bilateral trade, against no
/// agreement at all, with multilateral resistances held fixed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct StageEffects {
    /// By depth, [`Stage::None`] first.
    by_stage: [f64; 8],
    /// By depth: the stage whose figure it is; none below the shallowest that has one.
    figure_of: [Stage; 8],
    /// Who estimated it.
    pub source: String,
    /// The estimates that the figures are, where they come from a file.
    estimates: Option<Box<StageEstimates>>,
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
        let mut figure_of = [Stage::None; 8];
        let mut current = (Stage::None, 0.0);
        for &stage in Stage::ALL {
            if let Some(&(_, effect)) = given.iter().find(|(named, _)| *named == stage) {
                current = (stage, effect);
            }
            (figure_of[stage.depth()], by_stage[stage.depth()]) = current;
        }
        Self {
            by_stage,
            figure_of,
            source: source.into(),
            estimates: None,
        }
    }

    /// Effects as they were estimated. A stage without an estimate has the effect of the next
    /// shallower one that has one; [`Self::without_estimate`] says so.
    pub fn from_estimates(estimates: StageEstimates) -> Self {
        let figures = estimates.estimates.iter().copied();
        let given: Vec<(Stage, f64)> = estimates.stages.iter().copied().zip(figures).collect();
        let mut words = estimates.from.sentence();
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self {
            estimates: Some(Box::new(estimates)),
            ..Self::from_given(&given, words)
        }
    }

    /// The estimates that the figures are, where they come from a file.
    pub fn estimates(&self) -> Option<&StageEstimates> {
        self.estimates.as_deref()
    }

    /// The effect of a stage on ln trade.
    pub fn of(&self, stage: Stage) -> f64 {
        self.by_stage[stage.depth()]
    }

    /// What there is to say of a stage that the file of estimates has none for; `None` if it
    /// has one, or if the figures come from no such file.
    pub fn without_estimate(&self, stage: Stage) -> Option<String> {
        let why = self.estimates.as_ref()?.why_not(stage)?;
        if stage == Stage::None {
            return None;
        }
        let instead = match self.figure_of[stage.depth()] {
            Stage::None => {
                "no shallower stage has one either, so it is taken to do nothing".to_owned()
            }
            shallower => format!("it is taken to do what {} does", shallower.label()),
        };
        Some(format!(
            "The effect of {} was not estimated ({why}); {instead}.",
            stage.label()
        ))
    }

    /// Covariance of what is drawn: of the estimates, or of one move of all effects together
    /// with the standard error given.
    pub(crate) fn covariance(&self, error: f64) -> Vec<f64> {
        match &self.estimates {
            Some(estimates) => estimates.covariance.clone(),
            None => vec![error * error],
        }
    }

    /// The effects moved by what was drawn: each estimate by its own, or all effects that are
    /// not zero by the same amount.
    pub(crate) fn moved(&self, by: &[f64]) -> Self {
        let mut moved = self.clone();
        for &stage in Stage::ALL {
            let figure = self.figure_of[stage.depth()];
            let own = match &self.estimates {
                Some(estimates) => estimates.stages.iter().position(|named| *named == figure),
                None => (self.of(stage) != 0.0).then_some(0),
            };
            if let Some(own) = own {
                moved.by_stage[stage.depth()] += by[own];
            }
        }
        moved
    }

    /// All effects multiplied by a factor: what if a stage did half as much, or twice.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        let mut scaled = self.clone();
        scaled.by_stage = self.by_stage.map(|effect| factor * effect);
        if let Some(estimates) = &mut scaled.estimates {
            for estimate in &mut estimates.estimates {
                *estimate *= factor;
            }
            for cell in &mut estimates.covariance {
                *cell *= factor * factor;
            }
        }
        scaled
    }

    /// The stages with their effects, shallow to deep.
    pub fn by_stage(&self) -> impl Iterator<Item = (Stage, f64)> {
        Stage::ALL.iter().map(|&stage| (stage, self.of(stage)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gravity::{EstimatedFrom, UnestimatedStage};

    #[test]
    fn stages_that_are_not_given_inherit_from_the_next_shallower_one() {
        let effects = StageEffects::from_given(
            &[(Stage::FreeTradeArea, 0.3), (Stage::CommonMarket, 0.8)],
            "test",
        );
        let values: Vec<f64> = effects.by_stage().map(|(_, effect)| effect).collect();
        assert_eq!(values, [0.0, 0.0, 0.3, 0.3, 0.8, 0.8, 0.8, 0.8]);
    }

    fn estimated() -> StageEffects {
        StageEffects::from_estimates(StageEstimates {
            stages: vec![Stage::FreeTradeArea, Stage::CommonMarket],
            estimates: vec![0.3, 0.2],
            covariance: vec![0.04, 0.01, 0.01, 0.09],
            not_estimated: vec![UnestimatedStage {
                stage: Stage::CustomsUnion,
                why: "no pair of the panel has it".to_owned(),
            }],
            from: EstimatedFrom::default(),
        })
    }

    #[test]
    fn a_draw_moves_each_estimate_by_its_own() {
        let moved = estimated().moved(&[0.1, -0.5]);
        let values: Vec<f64> = moved.by_stage().map(|(_, effect)| effect).collect();
        // What a stage takes from a shallower one moves with it. Nothing forces a deeper stage
        // to do more.
        let expected = [0.0, 0.0, 0.4, 0.4, -0.3, -0.3, -0.3, -0.3];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-15, "{values:?}");
        }
    }

    #[test]
    fn scaled_effects_vary_as_much_more() {
        let scaled = estimated().scaled(2.0);
        let moved = scaled.moved(&[0.2, 0.0]);
        assert!((moved.of(Stage::CustomsUnion) - 0.8).abs() < 1e-15);
        assert!((scaled.covariance(9.0)[0] - 0.16).abs() < 1e-15);
        assert!((scaled.covariance(9.0)[3] - 0.36).abs() < 1e-15);
    }

    #[test]
    fn a_stage_without_an_estimate_says_so() {
        let effects = estimated();
        assert_eq!(effects.without_estimate(Stage::FreeTradeArea), None);
        assert_eq!(effects.without_estimate(Stage::None), None);
        assert_eq!(
            effects.without_estimate(Stage::CustomsUnion).unwrap(),
            "The effect of customs union was not estimated (no pair of the panel has it); it is \
             taken to do what free trade area does."
        );
        let shallow = effects
            .without_estimate(Stage::PreferentialArrangement)
            .unwrap();
        assert!(
            shallow.ends_with("so it is taken to do nothing."),
            "{shallow}"
        );
        assert_eq!(
            StageEffects::default().without_estimate(Stage::CustomsUnion),
            None
        );
    }
}
