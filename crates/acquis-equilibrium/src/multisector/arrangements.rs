//! Who gets what: revenue shared in pools, transfers, labour that moves, and the deficits
//! that the closure leaves.

use super::shock::{Shock, TransferAmount};

/// Members of revenue pools, spelled out by country.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    /// By country: its pool, counted from one; zero outside.
    member_of: Vec<usize>,
    /// By country: the share of its pool that it receives.
    share: Vec<f64>,
    /// By pool: the part that a collecting member hands over.
    handed_over: Vec<f64>,
}

impl Pools {
    /// `None` without pools.
    pub(super) fn of(shock: &Shock, countries: usize, portion: f64) -> Option<Self> {
        if shock.pools.is_empty() {
            return None;
        }
        let mut pools = Self {
            member_of: vec![0; countries],
            share: vec![0.0; countries],
            handed_over: Vec::with_capacity(shock.pools.len()),
        };
        for (number, pool) in (1..).zip(&shock.pools) {
            pools
                .handed_over
                .push(portion * (1.0 - pool.collection_cost));
            for &(country, share) in &pool.shares {
                pools.member_of[country] = number;
                pools.share[country] = share;
            }
        }
        Some(pools)
    }

    /// Whether a country shares its revenue.
    pub(super) fn includes(&self, country: usize) -> bool {
        self.member_of[country] > 0
    }

    /// Whether the two share one pool.
    pub(super) fn joins(&self, country: usize, other: usize) -> bool {
        self.member_of[country] == self.member_of[other]
    }

    /// Adds to `received` what each member gets from its pool less what it hands over.
    /// `duties` are those on goods from outside the pool, by collecting country.
    pub(super) fn share_out(&self, duties: &[f64], received: &mut [f64]) {
        let mut pooled = vec![0.0; self.handed_over.len()];
        for (country, duty) in duties.iter().enumerate() {
            if let Some(pool) = self.member_of[country].checked_sub(1) {
                let handed_over = self.handed_over[pool] * duty;
                pooled[pool] += handed_over;
                received[country] -= handed_over;
            }
        }
        for (country, received) in received.iter_mut().enumerate() {
            if let Some(pool) = self.member_of[country].checked_sub(1) {
                *received += self.share[country] * pooled[pool];
            }
        }
    }
}

/// Adds the transfers to `received`; they add up to zero. `flow` gives the value at the
/// border of (sector, importer, exporter), `unit` what one of the baseline's money is worth.
pub(super) fn transfer(
    shock: &Shock,
    portion: f64,
    unit: f64,
    flow: impl Fn(usize, usize, usize) -> f64,
    received: &mut [f64],
) {
    for transfer in &shock.transfers {
        let amount = portion
            * match transfer.amount {
                TransferAmount::Fixed(amount) => amount * unit,
                TransferAmount::OfFlow {
                    sector,
                    importer,
                    exporter,
                    rate,
                } => rate * flow(sector, importer, exporter),
            };
        received[transfer.from] -= amount;
        received[transfer.to] += amount;
    }
}

/// Writes `ln L̂` of every country. `log_real_wage` gives `ln ω̂`.
pub(super) fn move_labour(
    shock: &Shock,
    portion: f64,
    log_real_wage: impl Fn(usize) -> f64,
    log_labour: &mut [f64],
) {
    log_labour.fill(0.0);
    for (&country, factor) in &shock.endowment {
        log_labour[country] = portion * factor.ln();
    }
    for area in &shock.mobility {
        let elasticity = portion * area.elasticity;
        // Relative to the first member's real wage, so that nothing overflows.
        let first = area
            .labour
            .first()
            .map_or(0.0, |&(country, _)| log_real_wage(country));
        let pull = |country| elasticity * (log_real_wage(country) - first);
        let (mut before, mut after) = (0.0, 0.0);
        for &(country, labour) in &area.labour {
            let endowed = labour * log_labour[country].exp();
            before += endowed;
            after += endowed * pull(country).exp();
        }
        let level = (before / after).ln();
        for &(country, _) in &area.labour {
            log_labour[country] += level + pull(country);
        }
    }
}
