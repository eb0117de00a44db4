//! The law of a registry, kept together with the registry that it is read from.

use std::sync::Arc;

use acquis_law::Law;
use acquis_registry::Registry;
use jiff::civil::Date;

self_cell::self_cell!(
    struct Bound {
        owner: Arc<Registry>,

        #[covariant]
        dependent: Law,
    }
);

/// The law that follows from what had been published by a day, ready to be asked.
pub(crate) struct LawBook {
    bound: Bound,
    change_days: Vec<Date>,
}

impl LawBook {
    /// Reads the law from a registry, as known by a day.
    pub(crate) fn new(registry: &Arc<Registry>, known_by: Option<Date>) -> Self {
        let bound = Bound::new(Arc::clone(registry), |registry| {
            Law::new(match known_by {
                Some(day) => registry.known_by(day),
                None => registry.view(),
            })
        });
        let change_days = bound.borrow_dependent().change_days();
        Self { bound, change_days }
    }

    /// The law.
    pub(crate) fn law(&self) -> &Law<'_> {
        self.bound.borrow_dependent()
    }

    /// The days, in order, on which an act takes effect.
    pub(crate) fn change_days(&self) -> &[Date] {
        &self.change_days
    }

    /// The last day before this one on which something changed, and the next one after it.
    pub(crate) fn changes_around(&self, day: Date) -> (Option<Date>, Option<Date>) {
        let days = &self.change_days;
        let before = days.partition_point(|change| *change < day);
        let after = days.partition_point(|change| *change <= day);
        (
            before.checked_sub(1).map(|place| days[place]),
            days.get(after).copied(),
        )
    }
}
