//! How long the questions take: `cargo bench -p acquis-blocs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark stops at the first error"
)]

use acquis_blocs::{
    Abatement, Entry, LevelMembership, Levels, Memberships, Partitions, Payoff, PayoffsByCount,
    Reason, Rules, Run, SingleBlocs, Store, Table, Tolerance, WorthGame,
};

fn main() {
    divan::main();
}

/// Payoffs that look like none, `scale` apart from a part that favours larger blocs.
fn noise(state: usize, player: usize) -> f64 {
    let mut hash = (state as u64) << 8 ^ player as u64 ^ 0x9e37_79b9_7f4a_7c15;
    for _ in 0..2 {
        hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash ^= hash >> 29;
    }
    (hash % 1024) as f64
}

/// Standing alone pays nothing, so that every member has to be looked at: the longest it can take.
fn partitions_that_hold(players: usize) -> Table<Partitions> {
    let all = Partitions::new(players).unwrap();
    let payoffs = vec![1.0; all.count() * players];
    Table::from_payoffs(all, payoffs).unwrap()
}

fn partitions_of_noise(players: usize) -> Table<Partitions> {
    let all = Partitions::new(players).unwrap();
    let states = 0..all.count();
    let payoffs = states.flat_map(|state| (0..players).map(move |player| noise(state, player)));
    let payoffs = payoffs.collect();
    Table::from_payoffs(all, payoffs).unwrap()
}

fn blocs_of_noise(players: usize) -> Table<SingleBlocs> {
    let all = SingleBlocs::new(players).unwrap();
    let states = (0..all.count()).map(|state| all.canonical(state));
    let payoffs = states.flat_map(|state| (0..players).map(move |player| noise(state, player)));
    Table::from_payoffs(all, payoffs.collect()).unwrap()
}

/// Pays the level: what is measured is everything around the payoff.
struct Levelled(usize);

impl Payoff<LevelMembership> for Levelled {
    fn players(&self) -> usize {
        self.0
    }

    fn payoffs(&self, state: &LevelMembership, payoffs: &mut [f64]) -> Result<(), Reason> {
        for (payoff, &level) in payoffs.iter_mut().zip(state.levels()) {
            *payoff = f64::from(level);
        }
        Ok(())
    }
}

/// 1,048,576 memberships of ten players at four levels.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn tabulate_levels() -> usize {
    let levels = Levels::new(10, 4).unwrap();
    Table::evaluate(levels, &Levelled(10), Run::new())
        .unwrap()
        .players()
}

/// The same with a store, 100 MB.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn tabulate_levels_with_store() -> usize {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("run"), "").unwrap();
    let run = Run::new().with_store(&mut store);
    let levels = Levels::new(10, 4).unwrap();
    Table::evaluate(levels, &Levelled(10), run)
        .unwrap()
        .players()
}

/// 4,096 blocs of twelve, paid by a closed form.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn tabulate_blocs() -> usize {
    let game = Abatement::new(vec![1.0; 12], vec![1.0; 12]).unwrap();
    let blocs = SingleBlocs::new(12).unwrap();
    Table::evaluate(blocs, &game, Run::new()).unwrap().players()
}

/// All 1,382,958,545 partitions of fifteen.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn enumerate_fifteen() -> usize {
    let all = Partitions::new(15).unwrap();
    let shares = all.fold(
        || 0,
        |sum: &mut usize, labels, blocs| {
            *sum += blocs ^ usize::from(labels[14]);
        },
    );
    shares.into_iter().sum()
}

#[divan::bench(args = [10, 12], sample_count = 5, sample_size = 1)]
fn internal_stability_all_hold(bencher: divan::Bencher<'_, '_>, players: usize) {
    let table = partitions_that_hold(players);
    bencher.bench(|| table.internally_stable(&Rules::default()).len());
}

#[divan::bench(args = [10, 12], sample_count = 5, sample_size = 1)]
fn internal_stability_of_noise(bencher: divan::Bencher<'_, '_>, players: usize) {
    let table = partitions_of_noise(players);
    bencher.bench(|| table.internally_stable(&Rules::default()).len());
}

/// One column of payoffs at a time: 1.5 GB for fourteen. Writing the columns is part of it.
#[divan::bench(args = [12, 14], sample_count = 1, sample_size = 1)]
fn internal_stability_by_player(bencher: divan::Bencher<'_, '_>, players: usize) {
    let all = Partitions::new(players).unwrap();
    let column = |_, payoffs: &mut [f64]| {
        payoffs.fill(1.0);
        Ok(())
    };
    bencher.bench(|| {
        let stable = all.internally_stable_by_player(Tolerance::default(), column);
        stable.unwrap().count()
    });
}

#[divan::bench(args = [12, 14], sample_count = 3, sample_size = 1)]
fn internal_stability_by_count(bencher: divan::Bencher<'_, '_>, players: usize) {
    let game = PayoffsByCount::of(players, |_, _, _| 1.0).unwrap();
    bencher.bench(|| game.internally_stable(&Rules::default(), 1).stable);
}

#[divan::bench(args = [10, 12], sample_count = 3, sample_size = 1)]
fn nash_of_noise(bencher: divan::Bencher<'_, '_>, players: usize) {
    let table = partitions_of_noise(players);
    bencher.bench(|| table.nash_stable(&Rules::default()).len());
}

#[divan::bench(args = [12, 20], sample_count = 5, sample_size = 1)]
fn stable_single_blocs(bencher: divan::Bencher<'_, '_>, players: usize) {
    let table = blocs_of_noise(players);
    bencher.bench(|| table.stable_blocs(&Rules::default()).len());
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn consistent_partitions_of_eight(bencher: divan::Bencher<'_, '_>) {
    let table = partitions_of_noise(8);
    bencher.bench(|| {
        table
            .largest_consistent_set(Tolerance::EXACT)
            .unwrap()
            .len()
    });
}

#[divan::bench(args = [Entry::Open, Entry::ByConsent], sample_count = 1, sample_size = 1)]
fn consistent_blocs_of_twelve(bencher: divan::Bencher<'_, '_>, entry: Entry) {
    let table = blocs_of_noise(12);
    bencher.bench(|| {
        table
            .largest_consistent_set(entry, Tolerance::EXACT)
            .unwrap()
            .len()
    });
}

/// Where many gain together many moves have to be looked at.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn consistent_partitions_of_abatement(bencher: divan::Bencher<'_, '_>) {
    let game = Abatement::new(vec![1.0; 8], vec![1.0; 8]).unwrap();
    let table = Table::evaluate(Partitions::new(8).unwrap(), &game, Run::new()).unwrap();
    bencher.bench(|| {
        table
            .largest_consistent_set(Tolerance::EXACT)
            .unwrap()
            .len()
    });
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn consistent_blocs_of_abatement(bencher: divan::Bencher<'_, '_>) {
    let game = Abatement::new(vec![1.0; 12], vec![1.0; 12]).unwrap();
    let table = Table::evaluate(SingleBlocs::new(12).unwrap(), &game, Run::new()).unwrap();
    bencher.bench(|| {
        let set = table.largest_consistent_set(Entry::Open, Tolerance::EXACT);
        set.unwrap().len()
    });
}

fn worths_of_noise(players: usize) -> WorthGame {
    WorthGame::of(players, |coalition| {
        let mask = usize::try_from(coalition.mask()).unwrap();
        noise(mask, 0) / 1024.0 + (coalition.len() * coalition.len()) as f64 / 3.0
    })
    .unwrap()
}

#[divan::bench(args = [8, 12, 16], sample_count = 3, sample_size = 1)]
fn nucleolus(bencher: divan::Bencher<'_, '_>, players: usize) {
    let game = worths_of_noise(players);
    bencher.bench(|| game.prenucleolus());
}

/// Equal players: as many ties as can be.
#[divan::bench(args = [8, 12, 16], sample_count = 1, sample_size = 1)]
fn nucleolus_of_equals(bencher: divan::Bencher<'_, '_>, players: usize) {
    let game = WorthGame::of(players, |coalition| (coalition.len() as f64).powf(0.7)).unwrap();
    bencher.bench(|| game.prenucleolus());
}

/// Worth without any order: the core is empty.
#[divan::bench(args = [8, 12, 14], sample_count = 1, sample_size = 1)]
fn nucleolus_of_chaos(bencher: divan::Bencher<'_, '_>, players: usize) {
    let worth = |mask: u64| noise(usize::try_from(mask).unwrap(), 1) / 7.0;
    let game = WorthGame::of(players, |coalition| worth(coalition.mask())).unwrap();
    bencher.bench(|| game.prenucleolus());
}

#[divan::bench(args = [12, 16, 20], sample_count = 3, sample_size = 1)]
fn shapley_value(bencher: divan::Bencher<'_, '_>, players: usize) {
    let game = worths_of_noise(players);
    bencher.bench(|| game.shapley_value());
}
