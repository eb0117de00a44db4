//! Published figures, recomputed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

mod border_removal;
mod canada_japan;
mod data;
mod enlargement;
