//! Datasets in and out, against users' copies of the datasets and the pack `post-soviet`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

mod data;
mod error_paths;
mod importers;
mod known_answers;
mod pack_writer;
mod panels;
mod reviewed;
