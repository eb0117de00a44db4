//! Figures that are known from outside: days of the Collective Security Treaty in ATOP, and
//! how many free trade agreements among the twelve the WTO has in force at the end of a year.

use std::collections::BTreeSet;

use acquis_exchange::{Dataset, Mapping, compare, import};
use acquis_law::Law;
use acquis_registry::{
    ActKind, Institution, InstitutionId, InstitutionKind, Participants, Party, Registry, Stage,
    StateCode,
};
use jiff::civil::Date;

use crate::data;

/// Agreements of two parties, in force on 31 December of the year.
const WTO_FREE_TRADE: [(i16, usize); 6] = [
    (1993, 9),
    (1995, 15),
    (1996, 22),
    (1998, 26),
    (2000, 28),
    (2005, 31),
];

/// State, days of entry and of exit, by ATOP.
const SECURITY_TREATY: [(&str, &str, Option<&str>); 10] = [
    ("ARM", "1992-05-15", None),
    ("KAZ", "1992-05-15", None),
    ("KGZ", "1992-05-15", None),
    ("RUS", "1992-05-15", None),
    ("TJK", "1992-05-15", None),
    ("BLR", "1994-01-03", None),
    ("UZB", "1992-05-15", Some("1999-04-20")),
    ("AZE", "1993-09-24", Some("1999-04-20")),
    ("GEO", "1993-12-09", Some("1999-04-20")),
    ("UZB", "2006-08-17", Some("2012-06-28")),
];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn assert_has_the_days_of_the_treaty(law: &Law<'_>, id: &str) {
    let id = InstitutionId::new(id);
    for (state, from, until) in SECURITY_TREATY {
        let is_bound = |on: Date| {
            law.standing(&Party::State(StateCode::new(state)), &id, on)
                .is_some_and(|standing| standing.standing.is_bound())
        };
        let first = day(from);
        assert!(is_bound(first), "{state} {from}");
        assert!(!is_bound(first.yesterday().unwrap()), "{state} {from}");
        if let Some(until) = until {
            assert!(!is_bound(day(until)), "{state} {until}");
            assert!(is_bound(day(until).yesterday().unwrap()), "{state} {until}");
        } else {
            assert!(is_bound(day("2016-12-31")), "{state}");
        }
    }
}

#[test]
fn the_pack_has_the_days_of_the_security_treaty() {
    let registry = data::load(&data::pack_files());
    assert_has_the_days_of_the_treaty(&Law::new(registry.view()), "org:csto");
}

#[test]
fn atop_imported_has_the_days_of_the_security_treaty() {
    let Some(files) = data::find(Dataset::Atop) else {
        return;
    };
    let registry = data::load(&import(Dataset::Atop, &files).unwrap().files);
    assert_has_the_days_of_the_treaty(&Law::new(registry.view()), "agr:atop-4220");
}

#[test]
fn of_the_security_treaty_only_later_observers_differ_from_atop() {
    let Some(files) = data::find(Dataset::Atop) else {
        return;
    };
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let mapping = Mapping::built_in(Dataset::Atop, &registry).unwrap();
    let comparison = compare(Dataset::Atop, &files, &law, &mapping).unwrap();
    let observers = comparison
        .disagreements
        .iter()
        .filter(|line| line.theirs == "4220");
    for line in observers {
        assert!(line.registry_says.starts_with("observer"), "{line:?}");
    }
}

/// Free trade agreements of two of the states, in force at the end of a year.
fn in_force(
    law: &Law<'_>,
    among: &BTreeSet<StateCode>,
    year: i16,
    counts: impl Fn(&Institution) -> bool,
) -> usize {
    let end = Date::constant(year, 12, 31);
    law.registry()
        .institutions()
        .filter(|institution| institution.kind == InstitutionKind::Agreement)
        .filter(|institution| institution.stage == Some(Stage::FreeTradeArea))
        .filter(|institution| counts(institution))
        .filter(|institution| {
            let parties: BTreeSet<StateCode> =
                law.members(&institution.id, end).into_iter().collect();
            parties.len() == 2 && parties.is_subset(among) && signatories(institution) == 2
        })
        .count()
}

/// How many states are named in the acts by which an agreement came about.
fn signatories(institution: &Institution) -> usize {
    let mut named = BTreeSet::new();
    for act in &institution.acts {
        if let (ActKind::Signature, Participants::Listed(parties)) = (&act.kind, &act.who) {
            named.extend(parties);
        }
    }
    named.len()
}

fn twelve(pack: &Registry) -> BTreeSet<StateCode> {
    let states = pack.states();
    let twelve: BTreeSet<StateCode> = states
        .filter(|state| state.groups.iter().any(|group| group == "cis-twelve"))
        .map(|state| state.code.clone())
        .collect();
    assert_eq!(twelve.len(), 12);
    twelve
}

#[test]
fn free_trade_agreements_known_to_the_wto_by_the_law_of_the_pack() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let among = twelve(&registry);
    // The pack also has agreements that the WTO was never told of. Those it was told of are
    // the ones whose entry into force rests on its list.
    let by_the_wto = |institution: &Institution| {
        registry.view().acts(institution).iter().any(|act| {
            act.act.kind == ActKind::EntryIntoForce
                && act.claim.source.as_str() == "wto-rta-is-2021"
        })
    };
    for (year, expected) in WTO_FREE_TRADE {
        assert_eq!(in_force(&law, &among, year, by_the_wto), expected, "{year}");
        assert!(in_force(&law, &among, year, |_| true) >= expected, "{year}");
    }
}

#[test]
fn free_trade_agreements_in_the_list_of_the_wto() {
    let Some(files) = data::find(Dataset::Wto) else {
        return;
    };
    let pack = data::load(&data::pack_files());
    let registry = data::load(&import(Dataset::Wto, &files).unwrap().files);
    let law = Law::new(registry.view());
    for (year, expected) in WTO_FREE_TRADE {
        let count = in_force(&law, &twelve(&pack), year, |_| true);
        assert_eq!(count, expected, "{year}");
    }
}
