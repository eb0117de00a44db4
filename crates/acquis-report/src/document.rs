//! A report as one self-contained page: no script, no request, readable on paper, on a phone
//! and in the dark.

use maud::{Markup, PreEscaped, html};

use crate::chart;
use crate::column::Unit;
use crate::html::{STYLE, blocks};
use crate::table::Table;
use crate::text::{printable, slug};

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// Needed to read the figures rightly: estimates, contested facts, limits.
    Warning,
}

/// One of the few figures that a report is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyFigure {
    /// What it is, in a few words.
    pub label: String,
    /// The figure as it should be read, already rounded and signed.
    pub value: String,
    /// Its unit.
    pub unit: Unit,
}

/// What a section is made of. Every string is escaped; only [`Block::Markup`] and the `svg` of
/// a figure are taken as they are.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph of plain text.
    Paragraph(String),
    /// A heading below the section's own.
    Subheading(String),
    /// Points, in no order of rank.
    List(Vec<String>),
    /// A chart. Charts of this crate make the whole block with
    /// [`Chart::figure`](crate::chart::Chart::figure).
    Figure {
        /// The picture, as trusted SVG.
        svg: String,
        /// What the picture says; above it.
        caption: String,
        /// Where its numbers come from; below it. Empty for none.
        source: String,
    },
    /// A picture of which there are several drawings.
    Views(Views),
    /// A table.
    Table(Table),
    /// A box beside the argument.
    Notice {
        /// How grave it is.
        kind: NoticeKind,
        /// What it says.
        text: String,
    },
    /// Terms and what they mean.
    Definitions(Vec<(String, String)>),
    /// The few figures that matter, large.
    KeyFigures(Vec<KeyFigure>),
    /// Preformatted text, such as the scenario file.
    Code(String),
    /// Trusted markup of the caller.
    Markup(String),
}

/// One picture as several viewpoints draw it, of which the reader chooses one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Views {
    /// What the picture says; above it.
    pub caption: String,
    /// Where its numbers come from; below it. Empty for none.
    pub source: String,
    /// What is chosen, such as *Borders as drawn by*.
    pub choice: String,
    /// The drawing that is shown where none is chosen.
    pub usual: View,
    /// All other drawings.
    pub others: Vec<View>,
}

/// A drawing from one viewpoint.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct View {
    /// Short name, for addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// The picture, as trusted SVG.
    pub svg: String,
}

impl Views {
    /// All drawings, the usual one first.
    pub fn all(&self) -> impl Iterator<Item = &View> {
        std::iter::once(&self.usual).chain(&self.others)
    }

    /// The drawing that an id names; the usual one if none does.
    pub fn view(&self, id: Option<&str>) -> &View {
        let named = self.all().find(|view| Some(view.id.as_str()) == id);
        named.unwrap_or(&self.usual)
    }

    /// A drawing as a figure.
    pub fn figure(&self, view: &View) -> Block {
        Block::Figure {
            svg: view.svg.clone(),
            caption: self.caption.clone(),
            source: self.source.clone(),
        }
    }
}

/// A heading with blocks below it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Section {
    /// Anchor on the page; brought to kebab-case.
    pub id: String,
    /// Heading, also in the table of contents.
    pub heading: String,
    /// What stands below.
    pub body: Vec<Block>,
}

impl Section {
    /// A section with its blocks.
    pub fn new(id: impl AsRef<str>, heading: impl Into<String>, body: Vec<Block>) -> Self {
        Self {
            id: slug(id.as_ref()),
            heading: heading.into(),
            body,
        }
    }
}

/// A whole report. It can be kept as data (`serde`) and shown again, inside of another page
/// or by itself, without what it was made from.
///
/// ```
/// use acquis_report::{Block, HtmlReport, Section};
///
/// let mut report = HtmlReport::new("A customs union of four", "What each would gain");
/// report.meta.push(("Base year".to_owned(), "2019".to_owned()));
/// report.sections.push(Section::new(
///     "result",
///     "Result",
///     vec![Block::Paragraph("All four gain.".to_owned())],
/// ));
/// let page = report.render();
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// assert_eq!(page, report.render());
/// ```
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct HtmlReport {
    /// Title of the page.
    pub title: String,
    /// One sentence below it; empty for none.
    pub subtitle: String,
    /// What was computed from what: scenario, date, data, version. Shown below the title.
    pub meta: Vec<(String, String)>,
    /// The sections in reading order.
    pub sections: Vec<Section>,
}

/// From this number of sections on, a page has a table of contents.
const CONTENTS_FROM: usize = 3;

impl HtmlReport {
    /// A report without sections.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: subtitle.into(),
            ..Self::default()
        }
    }

    /// The page, complete with its style.
    pub fn render(&self) -> String {
        // Tags of the head are closed, so that the page is well-formed XML too.
        html! {
            (PreEscaped("<!DOCTYPE html>\n"))
            html lang="en" {
                head {
                    (PreEscaped(HEAD))
                    title { (printable(&self.title)) }
                    style { (PreEscaped(STYLE)) (PreEscaped(chart::style())) }
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (self.masthead())
                    (self.contents())
                    main id="content" {
                        @for section in &self.sections { (section_markup(section)) }
                    }
                }
            }
        }
        .into_string()
    }

    fn masthead(&self) -> Markup {
        html! {
            header.masthead {
                h1 { (printable(&self.title)) }
                @if !self.subtitle.is_empty() { p.subtitle { (printable(&self.subtitle)) } }
                @if !self.meta.is_empty() {
                    dl.meta {
                        @for (term, value) in &self.meta {
                            div { dt { (printable(term)) } dd { (printable(value)) } }
                        }
                    }
                }
            }
        }
    }

    fn contents(&self) -> Markup {
        html! {
            @if self.sections.len() >= CONTENTS_FROM {
                nav.contents aria-label="Contents" {
                    ol {
                        @for section in &self.sections {
                            li { a href={ "#" (anchor(section)) } { (printable(&section.heading)) } }
                        }
                    }
                }
            }
        }
    }
}

const HEAD: &str = "<meta charset=\"utf-8\" />\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\
    <meta name=\"color-scheme\" content=\"light dark\" />";

fn section_markup(section: &Section) -> Markup {
    let id = anchor(section);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (printable(&section.heading)) }
            (blocks(&section.body))
        }
    }
}

/// Anchors of sections have a prefix, so that they never meet the id of a table.
fn anchor(section: &Section) -> String {
    format!("section-{}", slug(&section.id))
}
