//! What must hold of any game.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod division;
mod farsight;
mod paths;
mod stability;
