//! The lattice of memberships with the blocs that hold.

use acquis_blocs::Coalition;
use acquis_scenario::{BlocsAnswer, BlocsVerdict, Economy, SingleVerdicts};

use super::short;
use crate::chart::{ChartError, Lattice, LatticeMark, LatticeNode, LatticeStep};
use crate::subject::origin::Origin;

/// Blocs of so many candidates are all drawn; of more, those that could be kept.
const MOST_IN_FULL: usize = 14;

/// The lattice of one bloc among the candidates; `None` for other forms.
///
/// # Errors
/// A sum that can't be drawn.
pub fn lattice(economy: &Economy, answer: &BlocsAnswer) -> Result<Option<Lattice>, ChartError> {
    let BlocsVerdict::Single(verdicts) = &answer.verdict else {
        return Ok(None);
    };
    let verdict = &verdicts.verdict;
    let mut lattice = Lattice::new(
        "Every bloc that could be formed, and those that hold",
        "Sum of the gains of all candidates",
        economy.card.unit.as_str(),
    )
    .source(Origin::Economy(economy).line());
    let in_full = answer.candidates.len() <= MOST_IN_FULL;
    for assessment in &verdict.assessments {
        let bloc = assessment.bloc;
        let mark = if assessment.is_stable() {
            LatticeMark::Holds
        } else if assessment.is_internally_stable() {
            LatticeMark::Kept
        } else if verdict.is_potentially_stable(bloc) {
            LatticeMark::Payable
        } else {
            LatticeMark::Plain
        };
        if in_full || mark >= LatticeMark::Kept {
            lattice.push(LatticeNode {
                label: short(bloc, &answer.candidates),
                size: bloc.len(),
                value: verdict.sum(bloc),
                mark,
            })?;
        }
    }
    lattice.through(way(answer, verdicts))?;
    Ok(Some(lattice))
}

/// The path that ends at the focus, else the first.
fn way(answer: &BlocsAnswer, verdicts: &SingleVerdicts) -> Vec<LatticeStep> {
    let verdict = &verdicts.verdict;
    let ends_there = |path: &&acquis_blocs::Path| path.end == verdict.focus.bloc;
    let path = verdict.paths.iter().find(ends_there);
    let Some(path) = path.or(verdict.paths.first()) else {
        return Vec::new();
    };
    let step = |bloc: Coalition, label: String| LatticeStep {
        label,
        size: bloc.len(),
        value: verdict.sum(bloc),
    };
    let mut bloc = path.start;
    let mut way = vec![step(bloc, short(bloc, &answer.candidates))];
    for accession in &path.accessions {
        bloc = bloc.with(accession.player).unwrap_or(bloc);
        let code = &answer.candidates[accession.player.position()].code;
        way.push(step(bloc, format!("+ {code}")));
    }
    way.retain(|step| step.size >= 2);
    way
}
