//! What a question about a vote costs, before it is counted: a page answers what takes about a
//! second, the command line takes its time.
//!
//! The work is estimated from the size of the rule in nanoseconds of one processor. The factors
//! were measured with the program as it is released; they may be off by two without harm.

use acquis_registry::{Criterion, DecisionKind};
use acquis_scenario::{Also, Measure, Vote, VoteQuestions};

use crate::problem::Problem;

/// What one question may cost.
const MOST: f64 = 1.4e9;
/// Members up to whom coalitions are counted from the lists of two halves.
const HALVED: usize = 40;
/// Vectors of weights up to which that is done.
const MOST_VECTORS: usize = 4;
/// What asking for one count costs beside counting.
const ASKING: f64 = 20e3;

/// What is asked of a vote and is too much for a page.
struct Item {
    /// What it is, at the beginning of a sentence.
    what: &'static str,
    cost: f64,
}

/// Refuses a question that takes longer than a reader waits; the sentence says what to leave out.
///
/// # Errors
/// The question costs more than a page has.
pub(super) fn check(
    vote: &Vote<'_>,
    before: Option<&Vote<'_>>,
    questions: &VoteQuestions,
) -> Result<(), Problem> {
    let size = Size::of(vote);
    let mut items = size.items(questions);
    if let Some(before) = before {
        let cost = 2.0 * (Size::of(before).powers(questions) + size.powers(questions));
        items.push(Item {
            what: "the comparison",
            cost,
        });
    }
    let plain = size.powers(&VoteQuestions::default());
    let all: f64 = items.iter().map(|item| item.cost).sum();
    if all <= MOST {
        return Ok(());
    }
    let voters = vote.voters.len();
    let problem = if plain > MOST {
        Problem::senseless(format!(
            "The rule is too large for a page, with the votes of {voters} members."
        ))
    } else {
        items.sort_by(|left, right| right.cost.total_cmp(&left.cost));
        let mut rest = all;
        let too_much = items.iter().take_while(|item| {
            let is_too_much = rest > MOST;
            rest -= item.cost;
            is_too_much
        });
        let too_much: Vec<&str> = too_much.map(|item| item.what).collect();
        let problem = Problem::senseless(format!(
            "That is too much for a page, with {voters} members: it would take more than about a second."
        ));
        let problem = problem.advise(format!("Leave out {}.", too_much.join(" and ")));
        match size.most_draws(questions, all) {
            Some(draws) => problem.advise(format!("Or ask for up to {draws} draws.")),
            None => problem,
        }
    };
    Err(problem.advise("The command acquis vote answers it."))
}

/// What decides how long counting takes.
struct Size {
    voters: usize,
    /// Kinds of weights that aren't one each, by voter.
    vectors: Vec<Vec<f64>>,
    /// Conjunctions that AND and OR come to.
    terms: f64,
    /// The single counts of votes.
    counts: usize,
    /// Whether votes against are told from votes not cast.
    two_sided: bool,
}

impl Size {
    fn of(vote: &Vote<'_>) -> Self {
        let mut size = Self {
            voters: vote.voters.len(),
            vectors: Vec::new(),
            terms: 1.0,
            counts: 0,
            two_sided: false,
        };
        size.terms = size.read(vote, &vote.criterion).unwrap_or(1.0).max(1.0);
        size
    }

    /// Reads a criterion; how many terms it comes to, none where only members count in it.
    fn read(&mut self, vote: &Vote<'_>, criterion: &Criterion) -> Option<f64> {
        let joins_all = match criterion.kind {
            DecisionKind::AllOf => Some(true),
            DecisionKind::AnyOf => Some(false),
            _ => None,
        };
        if let Some(joins_all) = joins_all {
            let parts: Vec<f64> = criterion
                .criteria
                .iter()
                .filter_map(|part| self.read(vote, part))
                .collect();
            let terms = if joins_all {
                parts.iter().product()
            } else {
                parts.iter().map(|terms| 1.0 + terms).product::<f64>() - 1.0
            };
            return (!parts.is_empty()).then_some(terms);
        }
        self.counts += 1;
        self.two_sided |= criterion.of_votes_cast;
        let votes = weights(vote, criterion)?;
        if !self.vectors.contains(&votes) {
            self.vectors.push(votes);
        }
        Some(1.0)
    }

    fn items(&self, questions: &VoteQuestions) -> Vec<Item> {
        let item = |what, cost| Item { what, cost };
        let first = self.index(questions.measures.first());
        let mut items = vec![item("measures of power", self.powers(questions))];
        let also = |also: Also| questions.also.contains(&also);
        if also(Also::Sweep) {
            items.push(item("other quotas", self.sweep(first)));
        }
        if also(Also::Coalitions) {
            let all = self.halves(16).exp2() * 50.0 * self.voters as f64;
            items.push(item("winning coalitions", self.minimal() + all));
        }
        if also(Also::Abstention) {
            items.push(item("abstention", self.abstention()));
        }
        if !questions.outvote.is_empty() {
            items.push(item("who outvotes whom", self.minimal()));
        }
        if !questions.blocs.is_empty() {
            let sizes = questions.blocs.iter().map(|bloc| bloc.0.len());
            items.push(item("blocs", self.blocs(sizes.collect())));
        }
        if questions.uncertain.is_some() {
            let cost = questions.draws as f64 * self.draw(questions.measures.first());
            items.push(item("the error of the votes", cost));
        }
        if questions.wanted.is_some() {
            items.push(item(
                "the power wanted",
                self.wanted(questions.measures.first()),
            ));
        }
        items
    }

    /// How many draws there could be, if they are what is too much.
    fn most_draws(&self, questions: &VoteQuestions, all: f64) -> Option<u32> {
        /// Fewer tell nothing.
        const FEWEST: f64 = 20.0;
        questions.uncertain.as_ref()?;
        let one = self.draw(questions.measures.first());
        let rest = all - questions.draws as f64 * one;
        let most = ((MOST - rest) / one / 10.0).floor() * 10.0;
        // A number of draws that a page has been asked for is far below the bound of u32.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between the fewest and the draws that were asked for"
        )]
        (most >= FEWEST).then_some(most as u32)
    }

    /// Members of whom every coalition is looked at, where they are so few; else none.
    fn halves(&self, most: usize) -> f64 {
        if self.voters <= most {
            self.voters as f64
        } else {
            0.0
        }
    }

    fn members(&self) -> f64 {
        self.voters as f64
    }

    /// All votes as whole numbers: the length of a table by weight.
    fn total(&self) -> f64 {
        self.vectors.first().map_or(1.0, |votes| total(votes))
    }

    /// Subsets of one half of the members that differ in their votes.
    fn rows(&self) -> f64 {
        let mut kinds: Vec<Vec<u64>> = (0..self.voters)
            .map(|place| {
                self.vectors
                    .iter()
                    .map(|votes| votes[place].to_bits())
                    .collect()
            })
            .collect();
        kinds.sort_unstable();
        let alike = kinds.chunk_by(|left, right| left == right);
        alike
            .map(|alike| 1.0 + alike.len() as f64)
            .product::<f64>()
            .sqrt()
    }

    /// Counting the winning coalitions once.
    fn count(&self) -> f64 {
        let (members, vectors) = (self.members(), self.vectors.len());
        let count = if self.voters > HALVED {
            match (vectors, self.is_small()) {
                (0 | 1, true) => self.total() * members * members * self.limbs(),
                (1, false) if self.total() * self.limbs() < 2.7e8 => {
                    0.7 * self.total() * members * self.limbs()
                }
                // The engine refuses it.
                _ => 0.0,
            }
        } else if vectors <= MOST_VECTORS {
            let matching = if vectors > 1 {
                6.0 * vectors as f64
            } else {
                1.0
            };
            let expanding = self.terms.min(4096.0).powi(2) * members * 100.0;
            15.0 * self.rows() * members * matching * self.terms + expanding
        } else {
            self.halves(24).exp2() * 3.0 * self.counts as f64
        };
        ASKING + count
    }

    /// Whether a table by size and weight is small.
    fn is_small(&self) -> bool {
        self.total() * self.members() * self.limbs() * 8.0 <= 3.4e7
    }

    /// Words of a number of coalitions.
    fn limbs(&self) -> f64 {
        (self.members() / 64.0).floor() + 1.0
    }

    /// What a measure costs beside the count that all share.
    fn beside(&self, measure: Measure) -> f64 {
        let vectors = self.vectors.len();
        match measure {
            Measure::Banzhaf
            | Measure::Absolute
            | Measure::Swings
            | Measure::Prevent
            | Measure::Initiate => 0.0,
            Measure::ShapleyShubik if self.voters <= HALVED || self.is_small() => 0.0,
            Measure::ShapleyShubik => 2.2 * self.total().min(2.7e8) * self.members(),
            Measure::Johnston if vectors > 1 => self.halves(24).exp2() * 16.0 * vectors as f64,
            Measure::Johnston => self.halves(30).exp2() * 8.0,
            Measure::DeeganPackel | Measure::Holler => self.minimal(),
            Measure::Nucleolus => {
                let members = self.halves(20);
                members.powi(3) * 40e3 + members.exp2() * 300.0
            }
        }
    }

    /// One index of one rule.
    fn index(&self, measure: Measure) -> f64 {
        self.count() + self.beside(measure)
    }

    /// The power of each, with the number of the least winning coalitions.
    fn powers(&self, questions: &VoteQuestions) -> f64 {
        let measures = questions.measures.list();
        let beside: f64 = measures.iter().map(|measure| self.beside(*measure)).sum();
        self.count() + beside + self.minimal()
    }

    /// The least winning coalitions: counted where one kind of votes counts, else searched for.
    fn minimal(&self) -> f64 {
        if self.voters > HALVED {
            return 0.0;
        }
        if self.vectors.len() <= 1 {
            // Member by member as the lightest: the halves grow with the place, by the root of
            // two each, and all of them come to about one count of everybody.
            return self.count();
        }
        // Of all coalitions those of half the members are the most.
        let members = self.halves(32);
        members.exp2() / (1.0 + members).sqrt() * 8.0
    }

    /// The index and the roles under other quotas.
    fn sweep(&self, index: f64) -> f64 {
        const MOST_GAPS: f64 = 65_536.0;
        let quotas = if self.voters <= 20 { 62.0 } else { 22.0 };
        let Some(votes) = self.vectors.first() else {
            return quotas * 2.0 * index;
        };
        let whole: f64 = votes.iter().sum();
        let gaps = |own: &f64| {
            let gaps = (self.members() - 1.0).exp2().min(whole / own);
            if *own > 0.0 { gaps.min(MOST_GAPS) } else { 1.0 }
        };
        let gaps: f64 = votes.iter().map(gaps).sum();
        quotas * (index + self.count()) + gaps * self.members() * 40.0
    }

    /// Tallies of votes for and against, and of abstentions.
    fn abstention(&self) -> f64 {
        const MOST_TALLIES: f64 = 2e6;
        let ways: f64 = if self.two_sided || self.counts > 1 {
            3.0
        } else {
            2.0
        };
        let sides = if self.two_sided { 2 } else { 1 };
        let kinds = self.vectors.iter().map(|votes| total(votes).powi(sides));
        let plain = self.members().powi(sides);
        let distinct = kinds.product::<f64>()
            * if self.counts > self.vectors.len() {
                plain
            } else {
                1.0
            };
        let most = distinct.min(MOST_TALLIES);
        let tallies: f64 = (0..=self.voters)
            .map(|members| ways.powf(members as f64).min(most))
            .sum();
        3.0 * (self.members() + 1.0) * tallies * 60.0 * self.counts as f64
    }

    /// Members that vote as one: each of the unions is set against the others.
    fn blocs(&self, sizes: Vec<usize>) -> f64 {
        const MOST_UNIONS: usize = 23;
        let together: usize = sizes.iter().map(|size| size.saturating_sub(1)).sum();
        let unions = self.voters.saturating_sub(together);
        let largest = sizes.into_iter().max().unwrap_or(1);
        if unions > MOST_UNIONS || largest >= MOST_UNIONS {
            return self.count();
        }
        let (unions, largest) = (unions as f64, largest as f64);
        let subsets = unions * unions.exp2() + largest * largest.exp2();
        2.0 * self.count() + subsets * 70.0 * self.terms * self.vectors.len().max(1) as f64
    }

    /// One draw of uncertain votes, which are drawn to seven digits.
    fn draw(&self, measure: Measure) -> f64 {
        const DRAWN: f64 = 1e7;
        if self.voters <= HALVED {
            let drawn = Self {
                vectors: vec![(0..self.voters).map(|place| place as f64).collect()],
                ..*self
            };
            return drawn.index(measure);
        }
        let beside = if measure == Measure::ShapleyShubik {
            2.2
        } else {
            0.0
        };
        (0.7 * self.limbs() + beside) * DRAWN * self.members()
    }

    /// The search for votes, a thousand in all, whose power is the wanted one.
    fn wanted(&self, measure: Measure) -> f64 {
        const TRIED: f64 = 1_140.0;
        if self.voters <= 5 {
            return 1e8;
        }
        let mut votes: Vec<f64> = (0..self.voters).map(|place| place as f64).collect();
        if self.voters > HALVED {
            votes = vec![1000.0 / self.members(); self.voters];
            votes[0] = 1000.0 - (self.members() - 1.0) * votes[0].floor();
            votes
                .iter_mut()
                .skip(1)
                .for_each(|votes| *votes = votes.floor());
        }
        let tried = Self {
            vectors: vec![votes],
            terms: 1.0,
            counts: 1,
            ..*self
        };
        TRIED * tried.index(measure)
    }
}

/// The votes of each under a criterion; `None` where each has one.
fn weights(vote: &Vote<'_>, criterion: &Criterion) -> Option<Vec<f64>> {
    let is_whole = std::ptr::eq(criterion, &raw const vote.criterion);
    if let Some(votes) = vote.votes.as_ref().filter(|_| is_whole) {
        let first = votes.first().copied().unwrap_or(1.0);
        let one_each = votes.iter().all(|votes| votes.to_bits() == first.to_bits());
        return (!one_each).then(|| votes.clone());
    }
    let voters = vote.voters.iter();
    if !criterion.votes.is_empty() {
        let listed = |name: &str| {
            let mut listed = criterion.votes.iter();
            listed.find(|(party, _)| party.as_str() == name)
        };
        let votes = voters.map(|voter| listed(voter.as_str()).map_or(0.0, |(_, votes)| *votes));
        return Some(votes.collect());
    }
    if !criterion.members.is_empty() {
        let counts = |name: &str| criterion.members.iter().any(|party| party.as_str() == name);
        return Some(
            voters
                .map(|voter| f64::from(counts(voter.as_str())))
                .collect(),
        );
    }
    // Figures of a series: each has another, with many digits.
    criterion.weights?;
    Some(
        (0..vote.voters.len())
            .map(|place| 1e9 + place as f64)
            .collect(),
    )
}

/// Votes as whole numbers, all together.
fn total(votes: &[f64]) -> f64 {
    const MOST_DIGITS: i32 = 12;
    let is_whole = |unit: f64| {
        let mut scaled = votes.iter().map(|votes| votes * unit);
        scaled.all(|votes| (votes - votes.round()).abs() <= 1e-9 * votes.abs())
    };
    let units = (0..MOST_DIGITS).map(|digits| 10_f64.powi(digits));
    let unit = units.into_iter().find(|unit| is_whole(*unit));
    let all: f64 = votes.iter().sum();
    (all * unit.unwrap_or(10_f64.powi(MOST_DIGITS))).max(1.0)
}

#[cfg(test)]
mod tests {
    use acquis_scenario::{Almanac, ComposedRule, VotingQuestion};

    use super::*;

    /// The votes of so many, all different.
    fn votes(members: u32, step: u32) -> String {
        let votes = (0..members).map(|place| format!("M{place}={}", 100_003 + step * place));
        votes.collect::<Vec<_>>().join(", ")
    }

    /// Whether a page counts the rule, with these questions.
    fn is_allowed(rule: &str, also: &[Also]) -> bool {
        let rule = ComposedRule::from_line(rule).unwrap();
        let question = VotingQuestion::default();
        let vote = Vote::composed(&rule, None, &question, &Almanac::default()).unwrap();
        let questions = VoteQuestions {
            also: also.iter().copied().collect(),
            ..VoteQuestions::default()
        };
        check(&vote, None, &questions).is_ok()
    }

    #[test]
    fn a_plain_rule_is_counted_up_to_forty_different_votes() {
        for members in [2, 24, 36, 39, 40] {
            let one = format!("[55%; {}]", votes(members, 7_919));
            assert!(is_allowed(&one, &[]), "{members}");
            assert!(is_allowed(&format!("{one} and majority"), &[]), "{members}");
        }
        // What is asked for as well is counted as often as it is asked.
        for also in [Also::Sweep, Also::Coalitions] {
            let of = |members| format!("[55%; {}]", votes(members, 7_919));
            assert!(is_allowed(&of(24), &[also]), "{also:?}");
            assert!(!is_allowed(&of(40), &[also]), "{also:?}");
        }
    }

    #[test]
    fn two_kinds_of_votes_are_counted_up_to_twenty_nine_members() {
        let of = |members| {
            let (one, other) = (votes(members, 7_919), votes(members, 6_101));
            format!("[55%; {one}] and [60%; {other}]")
        };
        assert!(is_allowed(&of(28), &[]) && is_allowed(&of(29), &[]));
        assert!(!is_allowed(&of(30), &[]) && !is_allowed(&of(32), &[]));
    }
}
