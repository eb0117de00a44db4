//! The effects of stages that a scenario assumes.

use acquis_scenario::{Scenario, StageEffects};

/// The effects of stages in words: what was estimated with its standard error, or constants.
pub(in crate::subject) fn effects(effects: &StageEffects) -> String {
    let parts: Vec<String> = match effects.estimates() {
        Some(found) => {
            let stages = found.stages.iter().zip(&found.estimates).enumerate();
            stages
                .map(|(at, (stage, estimate))| {
                    let error = found.standard_error(at);
                    format!("{stage} {estimate:.3} (s.e. {error:.3})")
                })
                .collect()
        }
        None => constants(effects),
    };
    let parts = if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    };
    format!("{parts}. {}", effects.source)
}

fn constants(effects: &StageEffects) -> Vec<String> {
    let mut parts = Vec::new();
    let mut previous = 0.0;
    for (stage, effect) in effects.by_stage() {
        if effect.to_bits() != f64::to_bits(previous) {
            parts.push(format!("{effect} from {stage} up"));
            previous = effect;
        }
    }
    parts
}

/// What is drawn, in words; `None` if nothing is.
pub(in crate::subject) fn draws(scenario: &Scenario) -> Option<String> {
    let uncertainty = scenario.uncertainty?;
    let mut parts = Vec::new();
    if uncertainty.elasticity_error > 0.0 {
        let error = uncertainty.elasticity_error;
        parts.push(format!(
            "the log of every elasticity with a standard error of {error}"
        ));
    }
    if scenario.effects.estimates().is_some() {
        parts.push("the effects of all stages together from their covariance".to_owned());
    } else if uncertainty.effect_error > 0.0 {
        let error = uncertainty.effect_error;
        parts.push(format!(
            "the effects of stages, all by the same, with a standard error of {error}"
        ));
    }
    if parts.is_empty() {
        parts.push("of nothing: no standard error is above zero".to_owned());
    }
    Some(format!(
        "{} draws from seed {}: {}",
        uncertainty.draws,
        uncertainty.seed,
        parts.join("; ")
    ))
}
