//! Many sectors: the model of Caliendo and Parro (2015) in exact hats.

mod observations;

pub use observations::{DataError, Observations};
