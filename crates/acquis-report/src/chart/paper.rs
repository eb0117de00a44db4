//! What a picture is drawn on.

use maud::{Markup, html};

use crate::text::printable;

/// Where a picture will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// By itself, to be kept and cited: its style inside, and no links.
    File,
    /// In a page that links [`style`](super::style): classes only, and links that work.
    Page,
}

/// The room a chart has, and where it will stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper {
    width: f64,
    medium: Medium,
}

impl Paper {
    /// Paper of this width, in pixels of the picture's own.
    pub fn new(width: f64, medium: Medium) -> Self {
        Self { width, medium }
    }

    /// The width.
    pub fn width(self) -> f64 {
        self.width
    }

    /// Where the picture will stand.
    pub fn medium(self) -> Medium {
        self.medium
    }

    /// The shapes as a link, in a page and where there is somewhere to go.
    pub(crate) fn linked(self, address: Option<&str>, shapes: &Markup) -> Markup {
        match (self.medium, address) {
            (Medium::Page, Some(address)) => html! { a href=(printable(address)) { (shapes) } },
            _ => shapes.clone(),
        }
    }
}
