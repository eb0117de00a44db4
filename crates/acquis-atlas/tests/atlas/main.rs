//! The atlas as a browser and a program meet it, without a network: requests go straight to
//! the router.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod asking;
mod blocs;
mod data;
mod doors;
mod lab;
mod own;
mod pages;
mod twins;
mod votes;
