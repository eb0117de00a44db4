//! The multi-sector model against published figures, its own identities, and bad input.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

mod bad_input;
mod closed_forms;
mod closures;
mod data;
mod draws;
mod failures;
mod first_order;
mod guises;
mod icio;
mod instruments;
mod measures;
mod nafta;
mod plain;
mod properties;
mod synthetic;
mod worlds;
