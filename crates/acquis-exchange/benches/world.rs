//! How long does a world of 534 organizations and 210 states take?
//!
//! A user's copy of COW IGO v3 becomes a pack; the pack is loaded, its law derived, questions
//! about one day are asked of it, and the panel of all pairs over two centuries is written to
//! nowhere. Without the copy nothing is measured.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed benchmark")]

use std::path::PathBuf;
use std::sync::LazyLock;

use acquis_exchange::{DataFile, Dataset, Panel, PanelFormat, PanelOptions, import, write_panel};
use acquis_law::Law;
use acquis_registry::{PackFiles, Registry, State, StateCode};
use divan::{Bencher, black_box};
use jiff::civil::{Date, date};

fn main() {
    if FILES.is_some() {
        divan::main();
    }
}

const DAY: Date = date(2000, 7, 1);

static FILES: LazyLock<Option<Vec<DataFile>>> = LazyLock::new(|| {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/institutions");
    ["cow_igo_v3_memberships.csv", "cow_igo_v3_orgs.csv"]
        .iter()
        .map(|name| DataFile::read(&folder.join(name)).ok())
        .collect()
});

static PACK: LazyLock<PackFiles> = LazyLock::new(|| {
    let files = FILES.as_ref().unwrap();
    import(Dataset::CowIgo, files).unwrap().files
});

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::load(&PACK).unwrap().registry);

static LAW: LazyLock<Law<'static>> = LazyLock::new(|| Law::new(REGISTRY.view()));

#[divan::bench(sample_count = 10)]
fn import_the_dataset(bencher: Bencher<'_, '_>) {
    let files = FILES.as_ref().unwrap();
    bencher.bench(|| import(Dataset::CowIgo, black_box(files)).unwrap());
}

#[divan::bench(sample_count = 10)]
fn load_the_pack(bencher: Bencher<'_, '_>) {
    let pack = &*PACK;
    bencher.bench(|| Registry::load(black_box(pack)).unwrap());
}

#[divan::bench(sample_count = 10)]
fn derive_the_law(bencher: Bencher<'_, '_>) {
    let registry = &*REGISTRY;
    bencher.bench(|| Law::new(black_box(registry).view()));
}

/// Questions about one day.
mod as_of {
    use super::{DAY, LAW, REGISTRY, State, StateCode};
    use divan::{Bencher, black_box};

    fn germany() -> &'static State {
        REGISTRY.state(&StateCode::new("DEU")).unwrap()
    }

    #[divan::bench]
    fn members_of_every_organization(bencher: Bencher<'_, '_>) {
        let law = &*LAW;
        bencher.bench(|| {
            law.registry()
                .institutions()
                .map(|institution| law.members(&institution.id, black_box(DAY)).len())
                .sum::<usize>()
        });
    }

    #[divan::bench]
    fn members_of_the_largest(bencher: Bencher<'_, '_>) {
        let law = &*LAW;
        let united_nations = &REGISTRY.find_institution("UN").unwrap().id;
        bencher.bench(|| law.members(united_nations, black_box(DAY)));
    }

    #[divan::bench]
    fn standings_of_a_state(bencher: Bencher<'_, '_>) {
        let (law, state) = (&*LAW, germany());
        bencher.bench(|| law.standings_of(state, black_box(DAY)));
    }

    #[divan::bench]
    fn memberships_of_a_state(bencher: Bencher<'_, '_>) {
        let (law, state) = (&*LAW, germany());
        bencher.bench(|| law.memberships(&state.code, black_box(DAY)));
    }

    #[divan::bench]
    fn between_two_states(bencher: Bencher<'_, '_>) {
        let (law, first) = (&*LAW, &germany().code);
        let second = StateCode::new("FRA");
        bencher.bench(|| law.between(first, &second, black_box(DAY)));
    }

    #[divan::bench]
    fn institutions_of_the_registry(bencher: Bencher<'_, '_>) {
        let registry = &*REGISTRY;
        bencher.bench(|| registry.view().as_of(black_box(DAY)).institutions().len());
    }

    #[divan::bench]
    fn known_by_an_earlier_day(bencher: Bencher<'_, '_>) {
        let registry = &*REGISTRY;
        let un = registry.find_institution("UN").unwrap();
        bencher.bench(|| registry.known_by(black_box(DAY)).as_of(DAY).acts(un).len());
    }
}

#[divan::bench(sample_count = 3, args = [false, true])]
fn all_pairs_over_two_centuries(bencher: Bencher<'_, '_>, balanced: bool) {
    let law = &*LAW;
    let options = PanelOptions {
        years: 1815..=2014,
        balanced,
    };
    bencher.bench(|| {
        let out = std::io::sink();
        write_panel(law, Panel::DyadYear, &options, PanelFormat::Csv, out).unwrap()
    });
}
