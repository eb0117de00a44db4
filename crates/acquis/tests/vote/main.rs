//! `acquis vote` as a process: known divisions of power, rules of one's own, what another quota
//! or member makes of them, and what can't be asked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

mod bad_input;
mod command;
mod composed;
mod organs;
mod questions;
