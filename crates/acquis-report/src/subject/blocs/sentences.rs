//! The answer in sentences.

use acquis_blocs::Coalition;
use acquis_scenario::{
    BlocForm, BlocsAnswer, BlocsVerdict, Economy, FocusReason, LevelsVerdict, SeveralVerdict,
    SingleVerdicts,
};

use super::{levels, names, several};
use crate::number::{Signs, change, integer, level};

/// The answer in sentences, the verdict first.
pub fn words(economy: &Economy, answer: &BlocsAnswer) -> Vec<String> {
    let mut words = match &answer.verdict {
        BlocsVerdict::Single(verdicts) => single(economy, answer, verdicts),
        BlocsVerdict::Several(verdict) => several_words(answer, verdict),
        BlocsVerdict::Levels(verdict) => levels_words(answer, verdict),
    };
    words.push(format!(
        "{} equilibria were solved. This is a model of what each state gains, not a forecast of what it will do.",
        grouped(answer.equilibria)
    ));
    words
}

fn grouped(count: usize) -> String {
    integer(i64::try_from(count).unwrap_or(i64::MAX), Signs::Typographic)
}

/// "a free trade area", "an economic union".
pub(super) fn formed(form: &BlocForm) -> String {
    let stages = form.stages().iter().map(|stage| stage.label());
    let stages: Vec<&str> = stages.collect();
    match form {
        BlocForm::Single(_) => format!("one bloc, a {}", stages.join("")),
        BlocForm::Several(_) => format!("blocs side by side, each a {}", stages.join("")),
        BlocForm::Levels(_) => format!("a level for each: outside, {}", stages.join(", ")),
    }
}

fn single(economy: &Economy, answer: &BlocsAnswer, verdicts: &SingleVerdicts) -> Vec<String> {
    let verdict = &verdicts.verdict;
    let candidates = &answer.candidates;
    let focus = names(verdict.focus.bloc, candidates);
    let unit = &economy.card.unit;
    let everybody = Coalition::first(candidates.len()).unwrap_or_default();
    let mut words = vec![match (verdict.focus.why, verdict.stable.len()) {
        (FocusReason::Holds, 1) => format!(
            "One bloc of {} holds: {focus}.",
            grouped(verdict.assessments.len())
        ),
        (FocusReason::Holds, count) => format!(
            "{count} blocs of {} hold; the one with the greatest sum of gains is {focus}.",
            grouped(verdict.assessments.len())
        ),
        (FocusReason::HoldsWithPayments, _) => format!(
            "No bloc holds as it is. With payments among its members that of {focus} leaves most to share."
        ),
        (FocusReason::Everybody, _) => {
            "No bloc holds, and no payments among members could keep one.".to_owned()
        }
    }];
    words.push(format!(
        "No member would leave {} of the blocs; payments among members could keep {}.",
        grouped(verdict.internally_stable.len()),
        grouped(verdict.potentially_stable.len()),
    ));
    let (best, most) = verdict.best;
    words.push(format!(
        "The sum of gains is greatest with {}: {} {unit}.",
        if best == everybody {
            "everybody in".to_owned()
        } else {
            names(best, candidates)
        },
        change(most, 0, Signs::Typographic)
    ));
    words.extend(keeping_everybody(economy, verdicts, everybody));
    words.extend(unravelling(answer, verdicts));
    words.extend(offers(answer));
    if let Some(sensitivity) = &verdicts.sensitivity {
        words.push(format!(
            "Over {} draws of the elasticity and of the effects of stages it holds in {:.0} %.",
            sensitivity.draws,
            100.0 * sensitivity.holds(verdict.focus.bloc)
        ));
    }
    words
}

fn keeping_everybody(
    economy: &Economy,
    verdicts: &SingleVerdicts,
    everybody: Coalition,
) -> Option<String> {
    let (verdict, unit) = (&verdicts.verdict, &economy.card.unit);
    if verdict.focus.bloc == everybody {
        return None;
    }
    let all = &verdict.transfers_of_all;
    Some(if all.surplus < 0.0 {
        format!(
            "Everybody can't be kept in one bloc by payments among them: {} {unit} would be missing.",
            level(-all.surplus, 0, Signs::Typographic)
        )
    } else if all.total > 0.0 {
        format!(
            "Payments of {} {unit} would keep everybody in one bloc.",
            level(all.total, 0, Signs::Typographic)
        )
    } else {
        "Nobody would leave a bloc of everybody.".to_owned()
    })
}

fn unravelling(answer: &BlocsAnswer, verdicts: &SingleVerdicts) -> Option<String> {
    let withdrawals = verdicts.verdict.withdrawals.iter();
    let unravels = withdrawals.filter(|it| {
        it.end.is_empty() && it.followers.len() + 1 < verdicts.verdict.focus.bloc.len()
    });
    let who = Coalition::of(unravels.map(|it| it.first)).unwrap_or_default();
    (!who.is_empty()).then(|| {
        format!(
            "It would unravel altogether if one of these withdrew: {}.",
            names(who, &answer.candidates)
        )
    })
}

fn offers(answer: &BlocsAnswer) -> Vec<String> {
    let name = |place: &usize| answer.candidates[*place].name.as_str();
    let mut words = Vec::new();
    for offer in &answer.offers {
        for place in &offer.to {
            let gain = answer.offer_gains[*place];
            let does = if answer.takers[*place] {
                "takes it up as long as it is outside"
            } else {
                "would not take it up"
            };
            words.push(format!(
                "{}: worth {} % to {} alone, which {does}.",
                offer.title,
                change(gain, 3, Signs::Typographic),
                name(place)
            ));
        }
    }
    words
}

fn several_words(answer: &BlocsAnswer, verdict: &SeveralVerdict) -> Vec<String> {
    let mut words = vec![format!(
        "{} coalition structures hold against single moves; in {} no member gains by standing alone.",
        grouped(verdict.nash.len()),
        grouped(verdict.internally_stable),
    )];
    if let Some(first) = verdict.nash.first() {
        words.push(format!(
            "Of those that hold the sum of gains is greatest in {}.",
            several::words(&verdict.structure(*first), answer)
        ));
    }
    words
}

fn levels_words(answer: &BlocsAnswer, verdict: &LevelsVerdict) -> Vec<String> {
    let mut words = vec![format!(
        "{} memberships hold: nobody gains by changing its level alone.",
        grouped(verdict.stable.len())
    )];
    if let Some(first) = verdict.stable.first() {
        words.push(format!(
            "Of those the sum of gains is greatest with {}.",
            levels::words(&verdict.membership(*first), answer)
        ));
    }
    let end = levels::words(&verdict.membership(verdict.path.end), answer);
    words.push(if verdict.path.goes_round {
        "From nobody inside the moves go round without end.".to_owned()
    } else {
        format!("From nobody inside it deepens to {end}.")
    });
    words
}
