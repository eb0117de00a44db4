//! One bloc among the candidates: which hold, who pays whom, who joins first, what unravels.

use acquis_blocs::{
    Assessment, Coalition, Division, Entry, Path, Player, Purchase, Rules, SingleBlocs, Table,
    Threshold, Tolerance, Transfers, Withdrawal, WorthError, WorthGame,
};

/// What is asked of a table of single blocs.
#[derive(Debug, Clone)]
pub(crate) struct Inquiry<'i> {
    pub(crate) incomes: &'i [f64],
    pub(crate) founders: Coalition,
    pub(crate) divide: bool,
    pub(crate) farsighted: bool,
    pub(crate) by_consent: bool,
}

/// How one bloc among the candidates stands.
#[derive(Debug, Clone)]
pub struct SingleBlocVerdict {
    /// Gains by bloc, per cent of real income.
    pub percent: Table<SingleBlocs>,
    /// The same in the unit of the economy: the equivalent variation at the prices of the figures.
    pub money: Table<SingleBlocs>,
    /// How each bloc of two or more stands, by mask.
    pub assessments: Vec<Assessment>,
    /// Blocs that hold, those with the greatest sum of gains first.
    pub stable: Vec<Coalition>,
    /// Blocs that no member leaves.
    pub internally_stable: Vec<Coalition>,
    /// Blocs that could be kept by payments among their members.
    pub potentially_stable: Vec<Coalition>,
    /// The bloc that the rest of the answer is about.
    pub focus: Focus,
    /// The least payments that keep the focus.
    pub transfers: Transfers,
    /// The least payments that keep everybody together.
    pub transfers_of_all: Transfers,
    /// How the bloc grows from each start.
    pub paths: Vec<Path>,
    /// From which number of members on everybody joins.
    pub size_threshold: Option<Threshold>,
    /// From which share of the candidates' income on everybody joins; weights in per cent.
    pub market_threshold: Option<Threshold>,
    /// The least payment to each who joins with which everybody joins, with the bloc and the
    /// outsider that take so much.
    pub transfer_threshold: Option<(f64, Coalition, Player)>,
    /// The order in which everybody joins at the least sum of prices.
    pub cheapest: Option<Purchase>,
    /// What comes of each member's withdrawal from the focus.
    pub withdrawals: Vec<Withdrawal>,
    /// The bloc with the greatest sum of gains over all candidates, in the unit of the economy.
    pub best: (Coalition, f64),
    /// What might hold if all look ahead, nobody standing for no bloc; `None` where there are too
    /// many candidates.
    pub consistent: Option<Vec<Coalition>>,
    /// How the members of the focus may share what they have, where that is asked.
    pub division: Option<Sharing>,
}

/// The bloc that an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Focus {
    /// The bloc.
    pub bloc: Coalition,
    /// Why it was chosen.
    pub why: FocusReason,
}

/// Why a bloc was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FocusReason {
    /// Of those that hold it has the greatest sum of gains.
    Holds,
    /// None holds as it is; of those that payments could keep it leaves most to share.
    HoldsWithPayments,
    /// None can be kept: everybody is shown.
    Everybody,
}

/// How what a bloc's members have together may be divided, in the unit of the economy.
#[derive(Debug, Clone)]
pub struct Sharing {
    /// The members.
    pub members: Vec<Player>,
    /// What each has in the bloc as it is.
    pub as_it_is: Vec<f64>,
    /// What each has alone, nobody standing together.
    pub alone: Vec<f64>,
    /// The Shapley value.
    pub shapley: Division,
    /// Whether the core is empty.
    pub core_is_empty: bool,
    /// What a coalition must lose on leaving for some division to hold; negative if there is room.
    pub least_core_excess: f64,
    /// A division in the least core.
    pub least_core: Division,
    /// The nucleolus; `None` if alone they have more than together.
    pub nucleolus: Option<Division>,
}

/// The largest consistent set is sought for so many candidates.
const MOST_FARSIGHTED: usize = 12;
/// Of all incomes, what doesn't count as money that is left to share: above the solver's error.
const ROUNDING: f64 = 1e-9;
/// Gains are shared out among so many members.
const MOST_SHARING: usize = 14;

impl SingleBlocVerdict {
    /// # Errors
    /// Gains that can't be shared out.
    pub(crate) fn of(
        percent: Table<SingleBlocs>,
        rules: &Rules<'_>,
        inquiry: &Inquiry<'_>,
    ) -> Result<Self, WorthError> {
        let money = in_money(&percent, inquiry.incomes);
        let everybody = Coalition::first(percent.players()).unwrap_or_default();
        let mut stable = percent.stable_blocs(rules);
        let sum = |bloc: &Coalition| sum_of(&money, *bloc);
        stable.sort_by(|a, b| sum(b).total_cmp(&sum(a)).then(a.cmp(b)));
        let total: f64 = inquiry.incomes.iter().sum();
        let cents = Rules {
            tolerance: Tolerance::new(ROUNDING * total).unwrap_or_default(),
            ..Rules::default()
        };
        let potentially_stable = money.potentially_stable_blocs(&cents);
        let focus = focus(&money, &stable, &potentially_stable, everybody);
        let founders = inquiry.founders;
        let ones = vec![1.0; percent.players()];
        let shares: Vec<f64> = inquiry
            .incomes
            .iter()
            .map(|it| 100.0 * it / total)
            .collect();
        let entry = if inquiry.by_consent {
            Entry::ByConsent
        } else {
            Entry::Open
        };
        let consistent = (inquiry.farsighted && percent.players() <= MOST_FARSIGHTED)
            .then(|| percent.largest_consistent_set(entry, rules.tolerance))
            .transpose()?;
        let (best, most) = money.greatest_sum();
        let transfers = |bloc| {
            money
                .least_transfers(bloc)
                .unwrap_or_else(|| nothing(&money))
        };
        let is_shared = inquiry.divide && focus.bloc.len() <= MOST_SHARING;
        // Sharing out takes about as long as all the rest.
        let (division, assessments) = rayon::join(
            || is_shared.then(|| share(&money, focus.bloc)).transpose(),
            || assessments(&percent, rules),
        );
        Ok(Self {
            division: division?,
            assessments,
            internally_stable: percent.internally_stable_blocs(rules),
            transfers: transfers(focus.bloc),
            transfers_of_all: transfers(everybody),
            paths: paths(&percent, founders, rules),
            size_threshold: percent.absolute_threshold(founders, &ones, rules),
            market_threshold: percent.absolute_threshold(founders, &shares, rules),
            transfer_threshold: money.transfer_threshold(founders),
            cheapest: money.cheapest_accession(founders),
            withdrawals: percent.withdrawals(focus.bloc, rules).unwrap_or_default(),
            best: (percent.memberships().bloc(best), most),
            consistent,
            potentially_stable,
            focus,
            stable,
            money,
            percent,
        })
    }

    /// How a bloc of two or more stands; `None` for any other.
    pub fn assessment(&self, bloc: Coalition) -> Option<&Assessment> {
        let place = self.assessments.binary_search_by_key(&bloc, |it| it.bloc);
        self.assessments.get(place.ok()?)
    }

    /// Whether payments among its members could keep the bloc.
    pub fn is_potentially_stable(&self, bloc: Coalition) -> bool {
        self.potentially_stable.binary_search(&bloc).is_ok()
    }

    /// What the player must be paid to be in the focus, given the others of it: nought if it gains
    /// by being in.
    pub fn price(&self, player: Player) -> f64 {
        let others = self.focus.bloc.without(player);
        self.money
            .price_of_consent(others, player)
            .unwrap_or_default()
    }

    /// What the player gains by being in the focus rather than out of it, given the others.
    pub fn gain_of_being_in(&self, player: Player) -> f64 {
        let others = self.focus.bloc.without(player);
        let inside = others
            .with(player)
            .and_then(|bloc| self.money.payoff_beside(bloc, player));
        let outside = self.money.payoff_beside(others, player);
        inside
            .zip(outside)
            .map_or(0.0, |(inside, outside)| inside - outside)
    }

    /// The sum of the gains of all candidates beside a bloc, in the unit of the economy.
    pub fn sum(&self, bloc: Coalition) -> f64 {
        sum_of(&self.money, bloc)
    }
}

/// Gains in the unit of the economy.
fn in_money(percent: &Table<SingleBlocs>, incomes: &[f64]) -> Table<SingleBlocs> {
    percent.scaled(
        &incomes
            .iter()
            .map(|income| income / 100.0)
            .collect::<Vec<_>>(),
    )
}

fn nothing(table: &Table<SingleBlocs>) -> Transfers {
    Transfers {
        shortages: vec![0.0; table.players()],
        payments: Vec::new(),
        total: 0.0,
        surplus: 0.0,
    }
}

fn sum_of(money: &Table<SingleBlocs>, bloc: Coalition) -> f64 {
    let index = money.memberships().index(bloc);
    index.map_or(0.0, |index| money.payoffs(index).iter().sum())
}

fn assessments(percent: &Table<SingleBlocs>, rules: &Rules<'_>) -> Vec<Assessment> {
    let blocs = 0..1_u64 << percent.players();
    blocs
        .filter(|mask| mask.count_ones() >= 2)
        .filter_map(|mask| percent.assess(Coalition::from_mask(mask), rules))
        .collect()
}

fn focus(
    money: &Table<SingleBlocs>,
    stable: &[Coalition],
    potentially_stable: &[Coalition],
    everybody: Coalition,
) -> Focus {
    if let Some(&bloc) = stable.first() {
        let why = FocusReason::Holds;
        return Focus { bloc, why };
    }
    let surplus = |bloc: &Coalition| {
        let transfers = money.least_transfers(*bloc);
        transfers.map_or(0.0, |transfers| transfers.surplus)
    };
    let most = potentially_stable
        .iter()
        .map(|bloc| (surplus(bloc), *bloc))
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    match most {
        Some((_, bloc)) => Focus {
            bloc,
            why: FocusReason::HoldsWithPayments,
        },
        None => Focus {
            bloc: everybody,
            why: FocusReason::Everybody,
        },
    }
}

/// The path from the founders; without two or more of them, from each pair that both keep, the
/// pair first of whom the one that gains less gains most.
fn paths(percent: &Table<SingleBlocs>, founders: Coalition, rules: &Rules<'_>) -> Vec<Path> {
    if founders.len() >= 2 {
        let path = percent.path_of_accession(founders, rules);
        return path.into_iter().collect();
    }
    let kept = percent.internally_stable_blocs(rules).into_iter();
    let has_founders = |bloc: &Coalition| bloc.mask() & founders.mask() == founders.mask();
    let pairs = kept.filter(|bloc| bloc.len() == 2 && has_founders(bloc));
    let least = |pair: Coalition| {
        let gains = pair.players().filter_map(|player| {
            let alone = percent.payoff_beside(Coalition::EMPTY, player)?;
            Some(percent.payoff_beside(pair, player)? - alone)
        });
        gains.fold(f64::INFINITY, f64::min)
    };
    let mut pairs: Vec<(f64, Coalition)> = pairs.map(|pair| (least(pair), pair)).collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let paths = pairs.into_iter();
    paths
        .filter_map(|(_, pair)| percent.path_of_accession(pair, rules))
        .collect()
}

fn share(money: &Table<SingleBlocs>, bloc: Coalition) -> Result<Sharing, WorthError> {
    let members: Vec<Player> = bloc.players().collect();
    let of = |inside: Coalition| {
        let chosen = members.iter().enumerate();
        let chosen = chosen.filter(|(place, _)| inside.contains(Player::at(*place)));
        Coalition::of(chosen.map(|(_, player)| *player)).unwrap_or_default()
    };
    let has =
        |bloc: Coalition, player: Player| money.payoff_beside(bloc, player).unwrap_or_default();
    let game = WorthGame::of(members.len(), |inside| {
        let bloc = of(inside);
        bloc.players().map(|player| has(bloc, player)).sum()
    })?;
    let (shapley, (least, nucleolus)) = rayon::join(
        || game.shapley_value(),
        || rayon::join(|| game.least_core(), || game.nucleolus()),
    );
    Ok(Sharing {
        as_it_is: members.iter().map(|&player| has(bloc, player)).collect(),
        alone: members
            .iter()
            .map(|&player| has(Coalition::EMPTY, player))
            .collect(),
        shapley,
        core_is_empty: least.core_is_empty(),
        least_core_excess: least.excess(),
        least_core: least.division,
        nucleolus: match nucleolus {
            Ok(found) => Some(found.division),
            Err(WorthError::NoImputation { .. }) => None,
            Err(error) => return Err(error),
        },
        members,
    })
}
