//! Figures that others published.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod blocs;
mod division;
