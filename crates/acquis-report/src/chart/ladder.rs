//! How far something has come, in time: steps up and down a ladder of ordered levels.

use jiff::civil::Date;
use maud::{Markup, html};

use super::legend::{Entry, Swatch, legend};
use super::moment::{Moment, lanes};
use super::path::Path;
use super::stage_drawing::MOST_LEVELS;
use super::time::{TimeScale, TimeSpan};
use super::{About, Chart, ChartError, Drawing, FONT, Paper, StageLevel, existing, px};
use crate::text::{ems, fitted, printable};

/// From a day on, a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The first day.
    pub from: Date,
    /// Index into the levels of the ladder.
    pub level: usize,
    /// Whether it rests on a contested claim.
    pub contested: bool,
}

impl Rung {
    /// A level from a day on, uncontested.
    pub fn new(from: Date, level: usize) -> Self {
        Self {
            from,
            level,
            contested: false,
        }
    }
}

/// The way of one measure up and down the ladder. Before its first rung it stands at the
/// lowest level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderLine {
    /// What is measured.
    pub name: String,
    /// Its rungs in the order of time.
    pub rungs: Vec<Rung>,
}

impl LadderLine {
    /// A measure with its rungs.
    pub fn new(name: impl Into<String>, rungs: Vec<Rung>) -> Self {
        Self {
            name: name.into(),
            rungs,
        }
    }
}

/// Ordered levels upwards, time to the right, and up to three measures, the weakest first: what
/// is promised as a broken line, what holds as a pale ground, what works as a dark one. Below
/// stand the acts that made the steps.
///
/// ```
/// use acquis_report::chart::{Chart, Ladder, LadderLine, Rung, StageLevel, TimeSpan};
/// use jiff::civil::date;
///
/// let levels = vec![StageLevel::new("none", "·"), StageLevel::new("free trade area", "FTA")];
/// let span = TimeSpan::new(date(1991, 1, 1), date(2001, 1, 1))?;
/// let mut ladder = Ladder::new("Ruritania and Graustark", span, levels)?;
/// ladder.push(LadderLine::new("signed", vec![Rung::new(date(1994, 4, 15), 1)]))?;
/// ladder.push(LadderLine::new("in force", vec![Rung::new(date(1995, 1, 1), 1)]))?;
/// assert!(ladder.svg().contains("free trade area"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    about: About,
    span: TimeSpan,
    levels: Vec<StageLevel>,
    lines: Vec<LadderLine>,
    moments: Vec<Moment>,
    now: Option<Date>,
}

/// Ground and edge of each measure, from the weakest to the strongest.
const LOOKS: [(&str, &str, &str); 3] = [
    ("aq-grade0", "aq-edge0", "aq-grade0 aq-edge0"),
    ("aq-grade1", "aq-edge1", "aq-grade1"),
    ("aq-grade2", "aq-edge2", "aq-grade2"),
];

const STEP: f64 = 27.0;

impl Ladder {
    /// A ladder of these levels over a time. The first level is none, the last the most.
    ///
    /// # Errors
    /// [`ChartError::TooMany`] for more than eight levels.
    pub fn new(
        title: impl Into<String>,
        span: TimeSpan,
        levels: Vec<StageLevel>,
    ) -> Result<Self, ChartError> {
        if levels.len() > MOST_LEVELS {
            return Err(ChartError::TooMany {
                what: "levels",
                most: MOST_LEVELS,
                got: levels.len(),
            });
        }
        Ok(Self {
            about: About::titled(title),
            span,
            levels,
            lines: Vec::new(),
            moments: Vec::new(),
            now: None,
        })
    }

    /// Where the levels come from.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.about.source = source.into();
        self
    }

    /// The picture in words.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.about.description = description.into();
        self
    }

    /// Marks a day.
    #[must_use]
    pub fn now(mut self, day: Date) -> Self {
        self.now = Some(day);
        self
    }

    /// Adds a measure, stronger than those before it.
    ///
    /// # Errors
    /// [`ChartError::TooMany`] beyond three, [`ChartError::NoSuch`] for a level that is not
    /// there, [`ChartError::Backwards`] for rungs out of order.
    pub fn push(&mut self, line: LadderLine) -> Result<(), ChartError> {
        if self.lines.len() == LOOKS.len() {
            return Err(ChartError::TooMany {
                what: "measures",
                most: LOOKS.len(),
                got: LOOKS.len() + 1,
            });
        }
        for rung in &line.rungs {
            existing(&line.name, "level", rung.level, self.levels.len())?;
        }
        if let Some(pair) = line
            .rungs
            .windows(2)
            .find(|pair| pair[1].from <= pair[0].from)
        {
            return Err(ChartError::Backwards {
                first: pair[0].from,
                last: pair[1].from,
            });
        }
        self.lines.push(line);
        Ok(())
    }

    /// Adds an act below.
    pub fn push_moment(&mut self, moment: Moment) {
        self.moments.push(moment);
    }

    /// Levels that are drawn: up to the highest that is reached, and at least the first two.
    fn shown(&self) -> usize {
        let rungs = self.lines.iter().flat_map(|line| &line.rungs);
        let highest = rungs.map(|rung| rung.level).max().unwrap_or_default();
        (highest + 1).max(2).min(self.levels.len())
    }

    fn key(&self, width: f64) -> (Markup, f64) {
        let mut entries: Vec<Entry> = self
            .lines
            .iter()
            .zip(LOOKS)
            .map(|(line, (_, _, swatch))| Entry {
                swatch: Swatch::Square(swatch),
                text: line.name.clone(),
            })
            .collect();
        let rungs = self.lines.iter().flat_map(|line| &line.rungs);
        let moments = self.moments.iter().any(|moment| moment.contested);
        if moments || rungs.into_iter().any(|rung| rung.contested) {
            entries.push(Entry {
                swatch: Swatch::Contested,
                text: "rests on a contested claim".to_owned(),
            });
        }
        legend(&entries, width, 0.0)
    }

    /// The stretches of a measure within the span: from, to, level, contested.
    fn stretches<'a>(&self, line: &'a LadderLine) -> impl Iterator<Item = (Date, Date, &'a Rung)> {
        let end = self.span.to();
        line.rungs.iter().enumerate().filter_map(move |(at, rung)| {
            let until = line.rungs.get(at + 1).map_or(end, |next| next.from);
            (until > self.span.from() && rung.from < end).then_some((rung.from, until, rung))
        })
    }

    fn line(&self, line: &LadderLine, look: (&str, &str, &str), plot: &Plot) -> Markup {
        let raised = self.stretches(line).filter(|(_, _, rung)| rung.level > 0);
        let ground = raised.fold(Path::default(), |path, (from, to, rung)| {
            let (left, right) = (plot.scale.at(from), plot.scale.at(to));
            let (foot, top) = (plot.level(0), plot.level(rung.level));
            path.start(left, foot)
                .level(right)
                .upright(top)
                .level(left)
                .close()
        });
        let edge = self.edge(line, plot);
        html! {
            g.aq-measure {
                title { (printable(&line.name)) }
                @if !ground.is_empty() { path class=(look.0) d=(ground.data()) {} }
                path class=(look.1) d=(edge.data()) {}
                @for (from, _, rung) in self.stretches(line).filter(|(_, _, rung)| rung.contested) {
                    circle.aq-contested cx=(px(plot.scale.at(from))) cy=(px(plot.level(rung.level))) r="3" {}
                }
            }
        }
    }

    /// The line along the top of a measure, from the left end to the right.
    fn edge(&self, line: &LadderLine, plot: &Plot) -> Path {
        let start = Path::default().start(plot.scale.left, plot.level(0));
        let steps = self.stretches(line).fold(start, |path, (from, _, rung)| {
            path.level(plot.scale.at(from))
                .upright(plot.level(rung.level))
        });
        steps.level(plot.scale.right)
    }

    fn plot(&self, width: f64, top: f64) -> Plot {
        let shown = &self.levels[..self.shown()];
        let widest = |text: fn(&StageLevel) -> &str| {
            let all = shown.iter().map(|level| ems(text(level)) * FONT);
            all.fold(0.0_f64, f64::max)
        };
        let names = widest(|level| &level.name);
        let named = names <= width * 0.3;
        let left = if named {
            names
        } else {
            widest(|level| &level.short)
        } + 12.0;
        Plot {
            scale: TimeScale::new(self.span, left, width - 4.0),
            top: top + 22.0,
            steps: shown.len().saturating_sub(1) as f64,
            named,
        }
    }

    fn level_names(&self, plot: &Plot) -> Markup {
        html! {
            @for (at, level) in self.levels[..self.shown()].iter().enumerate() {
                @let y = plot.level(at);
                @let name = if plot.named { &level.name } else { &level.short };
                line.aq-rule x1=(px(plot.scale.left)) x2=(px(plot.scale.right)) y1=(px(y)) y2=(px(y)) {}
                text x="0" y=(px(y + 4.5)) { (fitted(&printable(name), (plot.scale.left - 8.0) / FONT)) }
            }
        }
    }
}

/// Where the steps stand.
struct Plot {
    scale: TimeScale,
    top: f64,
    steps: f64,
    named: bool,
}

impl Plot {
    fn level(&self, level: usize) -> f64 {
        self.top + STEP * (self.steps - level as f64) + 6.0
    }

    fn bottom(&self) -> f64 {
        self.level(0) + 4.0
    }
}

impl Chart for Ladder {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let ends: Vec<String> = self
            .lines
            .iter()
            .map(|line| {
                let steps = self.stretches(line).count();
                let last = self.stretches(line).last();
                let level = last.map_or(0, |(_, _, rung)| rung.level);
                let name = self.levels.get(level).map_or("", |level| &level.name);
                format!("{}: {steps} steps, at the end {name}", line.name)
            })
            .collect();
        format!(
            "Steps between {} levels from {} to {}. {}.",
            self.levels.len(),
            self.span.from(),
            self.span.to(),
            ends.join("; ")
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let (key, key_height) = self.key(width);
        let plot = self.plot(width, key_height + 8.0);
        let acts_top = plot.bottom() + 10.0;
        let (acts, acts_height) = lanes(&self.moments, &plot.scale, (acts_top, width), paper);
        let bottom = if acts_height > 0.0 {
            acts_top + acts_height
        } else {
            plot.bottom()
        };
        let shapes = html! {
            (key)
            (plot.scale.axis(plot.top, bottom))
            (self.level_names(&plot))
            @for (line, look) in self.lines.iter().zip(LOOKS) { (self.line(line, look, &plot)) }
            (acts)
            (plot.scale.now(self.now, plot.top, bottom))
        };
        Drawing {
            height: bottom + 4.0,
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        self.moments.iter().any(|moment| moment.href.is_some())
    }
}
