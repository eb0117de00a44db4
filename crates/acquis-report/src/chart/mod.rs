//! Charts as self-contained SVG: no script, no request, light and dark and print.
//!
//! A chart is told what it shows (labels, numbers, a unit) and never how: colours, type and
//! spacing are decided here once. Colours are told apart by every kind of colour vision (blue
//! for up, orange for down, one ramp from light to dark for ordered stages), and nothing is
//! said by colour alone: figures stand beside their bars, stages carry their short names.
//!
//! [`Chart::svg`] is a picture to keep as a file, with its title, its source and its style in
//! it. [`Chart::figure`] is a block of a page, drawn twice, for a desk and for a phone, of which
//! the page shows one. It takes its look from classes alone and carries neither a `style`
//! element nor a `style` attribute, so that a page whose policy forbids inline style may show
//! it: the page links [`style`] once, beside [`html::STYLE`](crate::html::STYLE).
//!
//! ```
//! use acquis_report::chart::{Bar, BarChart, Chart};
//!
//! let mut chart = BarChart::new("Who gains", "Change in real income", "%");
//! chart.push(Bar::new("Ruritania", 1.25))?;
//! chart.push(Bar::new("Graustark", -0.5).interval(-0.9, 0.1))?;
//! let svg = chart.svg();
//! assert!(svg.starts_with("<svg ") && svg.contains("−0.50"));
//! # Ok::<(), acquis_report::chart::ChartError>(())
//! ```

mod bar;
mod dumbbell;
mod flow_matrix;
mod grouped;
mod kept;
mod ladder;
mod lattice;
mod legend;
mod life_line;
mod lines;
mod look;
mod map;
mod mark_drawing;
mod mark_matrix;
mod moment;
mod overlap;
mod palette;
mod paper;
mod path;
mod rows;
mod scale;
mod stage_drawing;
mod stage_matrix;
mod time;
mod year_strip;

pub use bar::{Bar, BarChart};
pub use dumbbell::Dumbbell;
pub use flow_matrix::{Flow, FlowMatrix};
pub use grouped::GroupedBars;
pub use kept::figure_file;
pub use ladder::{Ladder, LadderLine, Rung};
pub use lattice::{Lattice, LatticeMark, LatticeNode, LatticeStep};
pub use life_line::{LifeLine, LifeRow, LifeSpell, Value};
pub use lines::{Course, LineChart, LinePoint};
pub use look::{Category, Look};
pub use map::{BORDERS, Extent, MapState, OutlineMap, StateMap, TileMap};
pub use mark_matrix::{Heading, MarkCell, MarkMatrix};
pub use moment::Moment;
pub use overlap::{Overlap, OverlapForm};
pub use palette::style;
pub use paper::{Medium, Paper};
pub use stage_matrix::{PairStage, StageLevel, StageMatrix, StagePanel, StageState};
pub use time::{TimeSpan, When};
pub use year_strip::YearStrip;

use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

use crate::document::Block;
use crate::text::{broken, printable};

/// Width at which a chart is drawn for a page or a file, in pixels of its own.
pub const WIDE: u32 = 800;
/// Width at which a chart is drawn for a phone.
pub const NARROW: u32 = 380;

/// White around a picture that stands by itself.
const MARGIN: f64 = 20.0;

/// What a chart says of an entity whose standing as a state is disputed.
pub(crate) const DISPUTED_STANDING: &str = "of disputed standing";

/// Size of the type in a chart.
pub(crate) const FONT: f64 = 13.0;

/// Why a chart refused a value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// A number that cannot be drawn: infinite, not a number, or beyond 1e300.
    #[error("`{label}`: {value} cannot be drawn")]
    NotDrawable {
        /// Label of the item.
        label: String,
        /// The number.
        value: f64,
    },
    /// An interval whose ends are the wrong way round.
    #[error("`{label}`: the interval from {low} to {high} is empty")]
    EmptyInterval {
        /// Label of the item.
        label: String,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// More or fewer values than the chart has series.
    #[error("`{label}`: {got} values for {expected} series")]
    Width {
        /// Label of the item.
        label: String,
        /// Number of series.
        expected: usize,
        /// Number of values.
        got: usize,
    },
    /// A chart that cannot tell so many things apart by colour.
    #[error("{got} {what}, but a chart tells at most {most} apart")]
    TooMany {
        /// Series or levels.
        what: &'static str,
        /// How many can be told apart.
        most: usize,
        /// How many were asked for.
        got: usize,
    },
    /// A time that ends before it begins.
    #[error("{last} comes before {first}")]
    Backwards {
        /// Its first day.
        first: Date,
        /// Its last day.
        last: Date,
    },
    /// A row, column, level or category that the chart does not have.
    #[error("`{label}`: no {what} {index}, there are {count}")]
    NoSuch {
        /// Label of the item.
        label: String,
        /// Row, column, level or category.
        what: &'static str,
        /// The index asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// Something that is there already.
    #[error("`{label}` is there already")]
    Twice {
        /// Label of the item.
        label: String,
    },
    /// A viewpoint that the outlines do not have.
    #[error("no viewpoint `{id}`; there are {known}")]
    NoViewpoint {
        /// The viewpoint asked for.
        id: String,
        /// Those there are.
        known: String,
    },
    /// A panel that does not fit its matrix.
    #[error("panel `{panel}`: {problem}")]
    Panel {
        /// Heading of the panel.
        panel: String,
        /// What does not fit.
        problem: String,
    },
}

/// What a chart is about: every chart has these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What the picture says, as a caption.
    pub title: String,
    /// The picture in words, for those who cannot see it. If empty, the chart describes itself.
    pub description: String,
    /// Where the numbers come from.
    pub source: String,
}

impl About {
    /// A chart with this title, that describes itself and names no source.
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }
}

/// A drawing without its frame: the shapes, and the height they need.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub(crate) height: f64,
    pub(crate) shapes: Markup,
}

/// A picture of numbers; the charts of this module are.
pub trait Chart {
    /// What the chart is about.
    fn about(&self) -> &About;

    /// What the chart shows, in a sentence, when its author wrote none.
    fn describe(&self) -> String;

    /// The shapes, on this paper.
    fn draw(&self, paper: Paper) -> Drawing;

    /// Whether the picture holds links when it stands in a page.
    fn is_linked(&self) -> bool {
        false
    }

    /// The chart as an SVG file with its title above and its source below.
    fn svg(&self) -> String {
        self.svg_at(WIDE)
    }

    /// [`Chart::svg`] at another width; text keeps its size, the bars give way.
    fn svg_at(&self, width: u32) -> String {
        let whole = f64::from(width.max(NARROW / 2));
        let width = whole - 2.0 * MARGIN;
        let Drawing {
            height,
            shapes: drawn,
        } = self.draw(Paper::new(width, Medium::File));
        let about = self.about();
        let title = broken(&printable(&about.title), width / 16.0, 3);
        let source = match about.source.as_str() {
            "" => Vec::new(),
            source => broken(&printable(&format!("Source: {source}")), width / 11.0, 4),
        };
        let top = 22.0 * title.len() as f64 + 8.0;
        let foot = 16.0 * source.len() as f64 + 6.0;
        let tall = top + height + foot + 2.0 * MARGIN;
        let shapes = html! {
            rect.aq-paper width=(px(whole)) height=(px(tall)) {}
            g transform=(format!("translate({} {})", px(MARGIN), px(MARGIN))) {
                @for (at, line) in title.iter().enumerate() {
                    text.aq-title x="0" y=(px(17.0 + 22.0 * at as f64)) { (line) }
                }
                g transform=(format!("translate(0 {})", px(top))) { (drawn) }
                @for (at, line) in source.iter().enumerate() {
                    text.aq-small x="0" y=(px(top + height + 16.0 + 16.0 * at as f64)) { (line) }
                }
            }
        };
        framed(self, (whole, tall), "aq", Medium::File, &shapes)
    }

    /// The drawings for a desk and for a phone, of which a page shows one.
    fn drawings(&self) -> String {
        let drawn = [(WIDE, "aq aq-wide"), (NARROW, "aq aq-narrow")].map(|(width, class)| {
            let width = f64::from(width);
            let Drawing { height, shapes } = self.draw(Paper::new(width, Medium::Page));
            framed(self, (width, height), class, Medium::Page, &shapes)
        });
        drawn.concat()
    }

    /// The chart as a block of a page, with its caption and source outside of the picture.
    fn figure(&self) -> Block {
        Block::Figure {
            svg: self.drawings(),
            caption: self.about().title.clone(),
            source: self.about().source.clone(),
        }
    }
}

/// Shapes in an `svg` element with names for those who cannot see it; a file has its style too.
fn framed<C: Chart + ?Sized>(
    chart: &C,
    (width, height): (f64, f64),
    class: &str,
    medium: Medium,
    shapes: &Markup,
) -> String {
    let about = chart.about();
    let described = match about.description.as_str() {
        "" => chart.describe(),
        written => written.to_owned(),
    };
    // What is inside of an image is hidden from a screen reader, and links must not be.
    let role = match medium {
        Medium::Page if chart.is_linked() => "group",
        _ => "img",
    };
    html! {
        svg xmlns="http://www.w3.org/2000/svg" class=(class) role=(role)
            viewBox=(format!("0 0 {} {}", px(width), px(height)))
            width=(px(width)) height=(px(height)) aria-label=(printable(&about.title)) {
            title { (printable(&about.title)) }
            desc { (printable(&described)) }
            @if medium == Medium::File { style { (PreEscaped(palette::file_style())) } }
            (shapes)
        }
    }
    .into_string()
}

/// Refuses an index that leads nowhere.
pub(crate) fn existing(
    label: &str,
    what: &'static str,
    index: usize,
    count: usize,
) -> Result<(), ChartError> {
    if index < count {
        return Ok(());
    }
    Err(ChartError::NoSuch {
        label: label.to_owned(),
        what,
        index,
        count,
    })
}

/// Refuses what no scale can hold.
pub(crate) fn drawable(label: &str, value: f64) -> Result<f64, ChartError> {
    if value.abs() < 1e300 {
        Ok(value)
    } else {
        Err(ChartError::NotDrawable {
            label: label.to_owned(),
            value,
        })
    }
}

/// A length in pixels, to a tenth: fine enough to see, short, and the same on every machine.
pub(crate) fn px(length: f64) -> String {
    let tenths = format!("{length:.1}");
    match tenths.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => tenths,
    }
}
