//! The multi-sector model against published figures, its own identities, and bad input.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

mod data;
mod nafta;
