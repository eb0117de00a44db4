//! Estimates that others published, each recomputed from its data.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where something is wrong"
)]

mod data;
mod fixest;
mod guide;
mod ppmlhdfe;
mod separation;
mod weidner_zylkin;
