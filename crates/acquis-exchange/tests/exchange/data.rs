//! The copies of the datasets, and the pack.

use std::path::{Path, PathBuf};

use acquis_exchange::{DataFile, Dataset};
use acquis_registry::{PackFiles, Registry, read_folder};

pub(crate) const EVERY: [Dataset; 4] =
    [Dataset::CowIgo, Dataset::Desta, Dataset::Wto, Dataset::Atop];

const fn names(dataset: Dataset) -> &'static [&'static str] {
    match dataset {
        Dataset::CowIgo => &["cow_igo_v3_memberships.csv", "cow_igo_v3_orgs.csv"],
        Dataset::Desta => &["desta_list_of_treaties_v2.csv"],
        Dataset::Wto => &["wto_rta_is_2021.csv"],
        Dataset::Atop => &["atop4_member.csv"],
    }
}

/// The files of a dataset; `None` (and a line that says so) when they aren't there. Under
/// continuous integration (`CI` set) a missing file is a failure.
pub(crate) fn find(dataset: Dataset) -> Option<Vec<DataFile>> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/institutions"
    );
    names(dataset)
        .iter()
        .map(|name| {
            let path = PathBuf::from(folder).join(name);
            if path.is_file() {
                return Some(DataFile::read(&path).unwrap_or_else(|error| panic!("{error}")));
            }
            assert!(
                std::env::var_os("CI").is_none(),
                "{} not found",
                path.display()
            );
            println!("skipped: {} not found", path.display());
            None
        })
        .collect()
}

pub(crate) fn pack_files() -> PackFiles {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/post-soviet");
    read_folder(Path::new(folder)).unwrap_or_else(|findings| panic!("{findings}"))
}

pub(crate) fn load(files: &PackFiles) -> Registry {
    match Registry::load(files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}
