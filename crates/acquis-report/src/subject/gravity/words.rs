//! What there is to say of a regression.

use acquis_gravity::{
    Dropped, Estimator, Fit, Reason, Regressed, Resampling, SmallSample, StandardErrors,
};

use super::LISTED;
use crate::number::{Signs, integer, level};

/// An estimator in words.
pub const fn estimator_words(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::Poisson => "Poisson pseudo-maximum likelihood",
        Estimator::LeastSquares => "ordinary least squares",
        Estimator::LogLinear => "ordinary least squares of the logarithm",
    }
}

/// An estimator as it is asked for.
pub(super) const fn estimator_word(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::Poisson => "ppml",
        Estimator::LeastSquares => "ols",
        Estimator::LogLinear => "log-linear",
    }
}

/// What the statistic beside an estimate is.
pub(super) fn statistic(fit: &Fit) -> &'static str {
    if fit.estimator == Estimator::Poisson {
        "z"
    } else {
        "t"
    }
}

pub(super) const fn resampling_word(resampling: Resampling) -> &'static str {
    match resampling {
        Resampling::Pairs => "pairs",
        Resampling::Blocks => "block",
        Resampling::Wild => "wild",
    }
}

pub(super) const fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "missing",
        Reason::ZeroWeight => "zero_weight",
        Reason::NotPositive => "not_positive",
        Reason::Singleton => "singleton",
        Reason::AllZero => "all_zero",
        Reason::Separated => "separated",
    }
}

/// A count as a cell holds it.
pub(super) fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count with its thousands grouped.
pub(super) fn grouped(number: usize) -> String {
    integer(count(number), Signs::Ascii)
}

/// The covariance and its convention in words.
pub(super) fn errors_words(fit: &Fit) -> String {
    let kind = match fit.errors {
        StandardErrors::Homoskedastic => "homoskedastic".to_owned(),
        StandardErrors::Clustered => {
            let clusters = fit.clusters.iter();
            let names = clusters.map(|c| format!("{} ({})", c.name, grouped(c.clusters)));
            format!("clustered by {}", names.collect::<Vec<_>>().join(" and "))
        }
        _ => "robust to heteroskedasticity".to_owned(),
    };
    let convention = match fit.small_sample {
        SmallSample::Ppmlhdfe => "small-sample factors of ppmlhdfe",
        SmallSample::Fixest => "small-sample factors of fixest",
        SmallSample::None => "no small-sample factors",
    };
    format!("{kind}; {convention}")
}

/// What was left out and why, a sentence for each reason.
pub fn left_out(fit: &Fit) -> Vec<String> {
    let mut sentences: Vec<String> = fit
        .dropped
        .iter()
        .map(|dropped| why(fit, dropped))
        .collect();
    if !fit.collinear.is_empty() {
        sentences.push(format!(
            "Left out as collinear with the fixed effects and the regressors before: {}.",
            fit.collinear.join(", ")
        ));
    }
    sentences
}

fn why(fit: &Fit, dropped: &Dropped) -> String {
    let Dropped {
        reason,
        name,
        rows,
        levels,
    } = dropped;
    let rows = match rows {
        1 => "1 row".to_owned(),
        rows => format!("{} rows", grouped(*rows)),
    };
    match reason {
        Reason::Missing => format!("Left out: {rows} in which {name} is missing."),
        Reason::ZeroWeight => format!("Left out: {rows} in which the weight {name} is zero."),
        Reason::NotPositive => {
            format!("Left out: {rows} in which {name} is not positive and has no logarithm.")
        }
        Reason::Singleton => {
            let listed = listed(levels);
            format!("Left out: {rows}, the only ones of their {name}: {listed}.")
        }
        Reason::AllZero => {
            let (outcome, listed) = (&fit.outcome, listed(levels));
            format!("Left out: {rows} of {name} in which {outcome} is always zero: {listed}.")
        }
        Reason::Separated => format!(
            "Left out: {rows} that no finite estimate fits (separated); among the rows used, \
             counted from 1: {}.",
            listed(levels)
        ),
    }
}

/// Some names, and how many more.
pub(super) fn listed(names: &[String]) -> String {
    let shown = names
        .iter()
        .take(LISTED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {} more", grouped(more)),
    }
}

/// What shows that the estimate is one, in a sentence.
pub fn certificate(fit: &Fit) -> String {
    let proof = &fit.certificate;
    let schwarz = if fit.schwarz {
        ", with a Schwarz preconditioner"
    } else {
        ""
    };
    format!(
        "Certificate: projected score {:.1e}, largest score of an effect {:.1e}, both to be below \
         {:.0e}; {} iterations, {} inner ones{schwarz}.",
        proof.score,
        proof.effects_score,
        proof.tolerance,
        fit.iterations,
        grouped(fit.inner_iterations),
    )
}

/// The notes below the coefficients of one regression.
pub(super) fn notes(regressed: &Regressed) -> Vec<String> {
    let fit = &regressed.fit;
    let mut notes = vec![format!(
        "{} of {} rows. Errors {}.",
        grouped(fit.observations),
        grouped(fit.rows),
        errors_words(fit)
    )];
    if !fit.effect_levels.is_empty() {
        let effects = fit.effect_levels.iter();
        let effects = effects.map(|(name, levels)| format!("{name} ({})", grouped(*levels)));
        let effects = effects.collect::<Vec<_>>().join(", ");
        notes.push(format!("Fixed effects: {effects}."));
    }
    let r2 = match fit.estimator {
        Estimator::Poisson => "pseudo R2",
        _ => "R2",
    };
    let deviance = match fit.estimator {
        Estimator::Poisson => "deviance",
        _ => "sum of squared residuals",
    };
    notes.push(format!(
        "Log-likelihood {}, {r2} {:.4}, {deviance} {}.",
        level(fit.log_likelihood, 1, Signs::Ascii),
        fit.pseudo_r2,
        level(fit.deviance, 1, Signs::Ascii)
    ));
    notes.extend(left_out(fit));
    notes.extend(beyond(regressed));
    notes.extend(
        fit.warnings
            .iter()
            .map(|warning| format!("Caution: {warning}.")),
    );
    notes.push(certificate(fit));
    notes
}

/// What there is to say of correction, bootstrap and tests.
pub(super) fn beyond(regressed: &Regressed) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(correction) = &regressed.correction {
        let exact = if correction.exact {
            ""
        } else {
            "; in a panel of this size the dependence between exporter and importer effects is \
             left out of the error"
        };
        notes.push(format!(
            "Corrected for incidental parameters, clustered by pair (Weidner and Zylkin 2021){exact}."
        ));
    }
    if let Some(bootstrap) = &regressed.bootstrap {
        let what = match bootstrap.asked.resampling {
            Resampling::Pairs => "of rows",
            Resampling::Blocks => "of whole clusters",
            Resampling::Wild => "of the signs of the scores",
        };
        let failed = match bootstrap.draws.failed {
            0 => String::new(),
            failed => format!(", {failed} without an estimate"),
        };
        notes.push(format!(
            "Bootstrap {what}: {} draws from seed {}{failed}; percentile interval.",
            grouped(bootstrap.asked.draws),
            bootstrap.asked.seed
        ));
    }
    for test in &regressed.tests {
        notes.push(format!(
            "Test that {} are zero together: \u{3c7}\u{b2}({}) = {:.3}, p = {:.4}.",
            test.names.join(", "),
            test.names.len(),
            test.statistic,
            test.p_value
        ));
    }
    notes
}
