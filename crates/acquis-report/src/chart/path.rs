//! The data of a `path`, step by step.

use super::px;

/// Steps through places on the paper, each to a tenth of a pixel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path(String);

impl Path {
    /// Begins anew at a place.
    pub(crate) fn start(self, x: f64, y: f64) -> Self {
        self.step("M", &[x, y])
    }

    /// Straight on to a place.
    pub(crate) fn line(self, x: f64, y: f64) -> Self {
        self.step("L", &[x, y])
    }

    /// Level to `x`.
    pub(crate) fn level(self, x: f64) -> Self {
        self.step("H", &[x])
    }

    /// Upright to `y`.
    pub(crate) fn upright(self, y: f64) -> Self {
        self.step("V", &[y])
    }

    /// Back to where it began.
    pub(crate) fn close(self) -> Self {
        self.step("z", &[])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The data.
    pub(crate) fn data(&self) -> &str {
        &self.0
    }

    fn step(mut self, letter: &str, places: &[f64]) -> Self {
        self.0.push_str(letter);
        for (at, place) in places.iter().enumerate() {
            if at > 0 {
                self.0.push(' ');
            }
            self.0.push_str(&px(*place));
        }
        self
    }
}
