//! A life in time: what something was to each of others, from when until when, what happened,
//! and what was given or paid, all on one axis.

use jiff::civil::Date;
use maud::{Markup, html};

use super::legend::{Entry, Swatch, legend};
use super::moment::Moment;
use super::rows::Rect;
use super::time::{TimeScale, TimeSpan, When};
use super::{
    About, Category, Chart, ChartError, Drawing, FONT, Heading, Paper, drawable, existing, px,
};
use crate::text::{broken, ems, fitted, printable};

/// A time during which something had one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeSpell {
    /// When it began.
    pub from: When,
    /// When it ended; none while nothing ends it.
    pub until: Option<When>,
    /// Index into the categories of the picture.
    pub category: usize,
    /// Whether it rests on a contested claim.
    pub contested: bool,
    /// Where it leads in a page.
    pub href: Option<String>,
}

impl LifeSpell {
    /// A spell that nobody contests.
    pub fn new(category: usize, from: When, until: Option<When>) -> Self {
        Self {
            from,
            until,
            category,
            contested: false,
            href: None,
        }
    }
}

/// A number at a time, such as a price.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// When it held.
    pub when: When,
    /// The number; values of one row share a scale from zero.
    pub value: f64,
    /// The number as it should be read, with its unit.
    pub shown: String,
    /// Whether sources disagree about it.
    pub contested: bool,
}

/// One line of the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifeRow {
    /// Its name, its link and its group.
    pub heading: Heading,
    /// Its spells.
    pub spells: Vec<LifeSpell>,
    /// What happened.
    pub moments: Vec<Moment>,
    /// Numbers.
    pub values: Vec<Value>,
}

impl LifeRow {
    /// A line with nothing on it.
    pub fn new(heading: Heading) -> Self {
        Self {
            heading,
            ..Self::default()
        }
    }
}

/// Lines below one another on one time axis: spells as bars in the look of their category,
/// events as marks that are as wide as they are uncertain, numbers as columns with their figure.
///
/// Where the day on which a spell began or ended is not known, the bar rises or falls over the
/// days that are possible.
///
/// ```
/// use acquis_report::chart::{Category, Chart, Heading, LifeLine, LifeRow, LifeSpell, Look, TimeSpan, When};
/// use jiff::civil::date;
///
/// let span = TimeSpan::new(date(1991, 1, 1), date(2015, 1, 1))?;
/// let mut life = LifeLine::new("Ruritania", span, vec![Category::new("member", Look::Full)]);
/// let mut row = LifeRow::new(Heading::new("CU", "Customs Union").group("Organizations"));
/// let joined = When::within(date(2006, 1, 1), date(2006, 12, 31))?;
/// row.spells.push(LifeSpell::new(0, joined, Some(When::day(date(2012, 12, 19)))));
/// life.push(row)?;
/// assert!(life.svg().contains("Customs Union"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LifeLine {
    about: About,
    span: TimeSpan,
    categories: Vec<Category>,
    rows: Vec<LifeRow>,
    now: Option<Date>,
}

const BAR: f64 = 11.0;
const LINE: f64 = 16.0;
const VALUE_ROOM: f64 = 42.0;
const GROUP: f64 = 30.0;
const SMALL: f64 = 11.0;

impl LifeLine {
    /// A picture without lines.
    pub fn new(title: impl Into<String>, span: TimeSpan, categories: Vec<Category>) -> Self {
        Self {
            about: About::titled(title),
            span,
            categories,
            rows: Vec::new(),
            now: None,
        }
    }

    /// Where it comes from.
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

    /// Adds a line below the others.
    ///
    /// # Errors
    /// [`ChartError::NoSuch`] for a category that is not there, [`ChartError::Backwards`] for a
    /// spell that ends before it begins, [`ChartError::NotDrawable`] for a number that is not
    /// finite.
    pub fn push(&mut self, row: LifeRow) -> Result<(), ChartError> {
        let label = row.heading.name.as_str();
        for spell in &row.spells {
            existing(label, "category", spell.category, self.categories.len())?;
            if let Some(until) = spell
                .until
                .filter(|until| until.last() < spell.from.first())
            {
                let (first, last) = (spell.from.first(), until.last());
                return Err(ChartError::Backwards { first, last });
            }
        }
        for value in &row.values {
            drawable(label, value.value)?;
        }
        self.rows.push(row);
        Ok(())
    }

    fn key(&self, width: f64) -> (Markup, f64) {
        let used = |at: usize| {
            let spells = self.rows.iter().flat_map(|row| &row.spells);
            spells.into_iter().any(|spell| spell.category == at)
        };
        let mut entries: Vec<Entry> = self
            .categories
            .iter()
            .enumerate()
            .filter(|(at, _)| used(*at))
            .map(|(_, category)| Entry {
                swatch: Swatch::Bar(category.look),
                text: category.name.clone(),
            })
            .collect();
        if self.rows.iter().any(LifeRow::is_contested) {
            entries.push(Entry {
                swatch: Swatch::Contested,
                text: "contested".to_owned(),
            });
        }
        legend(&entries, width, 0.0)
    }

    fn layout(&self, width: f64, top: f64) -> Layout {
        let widest = self
            .rows
            .iter()
            .map(|row| ems(&row.heading.name) * FONT)
            .fold(0.0_f64, f64::max);
        let label = widest.min(width * 0.32) + 10.0;
        let mut layout = Layout {
            scale: TimeScale::new(self.span, label, width - 6.0),
            top: top + 20.0,
            bottom: top + 20.0,
            headings: Vec::new(),
            rows: Vec::new(),
        };
        let mut group = None;
        for row in &self.rows {
            if row.heading.group.is_some() && row.heading.group.as_deref() != group {
                layout
                    .headings
                    .push((row.heading.group.clone().unwrap_or_default(), layout.bottom));
                layout.bottom += GROUP;
            }
            group = row.heading.group.as_deref();
            let lines = broken(&printable(&row.heading.name), (label - 10.0) / FONT, 2);
            let text = LINE * lines.len().max(1) as f64 + 6.0;
            let height = if row.values.is_empty() {
                text
            } else {
                text.max(VALUE_ROOM)
            };
            layout.rows.push((lines, layout.bottom, height));
            layout.bottom += height;
        }
        layout
    }

    fn row(
        &self,
        row: &LifeRow,
        (y, height): (f64, f64),
        scale: &TimeScale,
        paper: Paper,
    ) -> Markup {
        let middle = y + height / 2.0;
        html! {
            @for spell in &row.spells {
                @let shapes = self.spell(row, spell, middle, scale);
                (paper.linked(spell.href.as_deref(), &shapes))
            }
            @if !row.values.is_empty() { (values(row, y + height, scale)) }
            @for moment in row.moments.iter().filter(|moment| scale.touches(moment.when)) {
                (moment.mark(scale, middle, 4.0, paper))
            }
        }
    }

    fn spell(&self, row: &LifeRow, spell: &LifeSpell, middle: f64, scale: &TimeScale) -> Markup {
        let look = self.categories[spell.category].look;
        let from = scale.at(spell.from.last());
        let until = spell
            .until
            .map_or(scale.right, |until| scale.at(until.first()))
            .max(from);
        let body = Rect {
            x: from,
            y: middle - BAR / 2.0,
            w: until - from,
            h: BAR,
        };
        let wedge = |thin: f64, thick: f64| {
            format!(
                "M{} {m}L{t} {}V{}z",
                px(thin),
                px(body.y),
                px(body.y + BAR),
                m = px(middle),
                t = px(thick)
            )
        };
        let said = spell_said(row, &self.categories[spell.category], spell);
        html! {
            @if spell.from.first() <= self.span.to() && spell.until.is_none_or(|until| self.span.from() <= until.last()) {
                g.aq-moment {
                    title { (said) }
                    @if !spell.from.is_exact() {
                        path class={ (look.fill()) " aq-pale" } d=(wedge(scale.at(spell.from.first()), from)) {}
                    }
                    @if body.w > 0.0 { (look.bar(body)) }
                    @if let Some(end) = spell.until.filter(|until| !until.is_exact()) {
                        path class={ (look.fill()) " aq-pale" } d=(wedge(scale.at(end.last()), until)) {}
                    }
                    @if spell.contested { circle.aq-contested cx=(px(from)) cy=(px(body.y)) r="2.8" {} }
                }
            }
        }
    }
}

impl LifeRow {
    fn is_contested(&self) -> bool {
        self.spells.iter().any(|spell| spell.contested)
            || self.moments.iter().any(|moment| moment.contested)
            || self.values.iter().any(|value| value.contested)
    }
}

fn spell_said(row: &LifeRow, category: &Category, spell: &LifeSpell) -> String {
    let day = |when: When| {
        if when.is_exact() {
            when.first().to_string()
        } else {
            format!("{} to {}", when.first(), when.last())
        }
    };
    let until = spell
        .until
        .map_or_else(String::new, |until| format!(" until {}", day(until)));
    let contested = if spell.contested { ", contested" } else { "" };
    let said = format!(
        "{}: {} from {}{until}{contested}",
        row.heading.name,
        category.name,
        day(spell.from)
    );
    printable(&said).into_owned()
}

/// Columns on a common ground, each with its figure where it has room.
fn values(row: &LifeRow, bottom: f64, scale: &TimeScale) -> Markup {
    let most = row
        .values
        .iter()
        .map(|value| value.value.abs())
        .fold(0.0_f64, f64::max);
    let ground = bottom - 5.0;
    let room = VALUE_ROOM - 20.0;
    let mut taken = f64::NEG_INFINITY;
    let mut shown: Vec<&Value> = row
        .values
        .iter()
        .filter(|value| scale.touches(value.when))
        .collect();
    shown.sort_by_key(|value| value.when);
    let columns: Vec<(f64, f64, f64, Option<f64>, &Value)> = shown
        .into_iter()
        .map(|value| {
            let (from, to) = (scale.at(value.when.first()), scale.at(value.when.last()));
            let width = (to - from).max(3.0);
            let height = if most > 0.0 {
                value.value.abs() / most * room
            } else {
                0.0
            };
            let half = ems(&value.shown) * SMALL / 2.0;
            let middle = (from + width / 2.0).clamp(
                scale.left + half,
                (scale.right - half).max(scale.left + half),
            );
            let label = (middle - half > taken).then_some(middle);
            if label.is_some() {
                taken = middle + half + 4.0;
            }
            (from, width, height, label, value)
        })
        .collect();
    html! {
        line.aq-rule x1=(px(scale.left)) x2=(px(scale.right)) y1=(px(ground)) y2=(px(ground)) {}
        @for (from, width, height, label, value) in columns {
            rect.aq-c1 x=(px(from)) y=(px(ground - height)) width=(px(width)) height=(px(height.max(1.0))) {
                title { (value_said(value)) }
            }
            @if value.contested { circle.aq-contested cx=(px(from + width)) cy=(px(ground - height)) r="2.6" {} }
            @if let Some(x) = label {
                text."aq-small aq-mid" x=(px(x)) y=(px(ground - height - 3.5)) { (printable(&value.shown)) }
            }
        }
    }
}

fn value_said(value: &Value) -> String {
    let moment = Moment {
        contested: value.contested,
        ..Moment::new(value.when, value.shown.clone(), super::Look::Tick)
    };
    moment.said()
}

/// Where everything stands.
struct Layout {
    scale: TimeScale,
    top: f64,
    bottom: f64,
    headings: Vec<(String, f64)>,
    /// Lines of the label, top and height of each row.
    rows: Vec<(Vec<String>, f64, f64)>,
}

impl Layout {
    fn labels(&self, life: &LifeLine, paper: Paper) -> Markup {
        html! {
            @for (heading, y) in &self.headings {
                text."aq-strong aq-soft" font-size="12" x="0" y=(px(y + GROUP - 8.0)) {
                    (fitted(&printable(heading), self.scale.right / 12.6))
                }
            }
            @for (row, (lines, y, height)) in life.rows.iter().zip(&self.rows) {
                @let first = y + height / 2.0 + 4.5 - LINE / 2.0 * (lines.len() as f64 - 1.0);
                @let text = html! {
                    g {
                        @for (at, line) in lines.iter().enumerate() {
                            text x="0" y=(px(first + LINE * at as f64)) { (line) }
                        }
                    }
                };
                line.aq-rule x1="0" x2=(px(self.scale.right)) y1=(px(y + height)) y2=(px(y + height)) {}
                (paper.linked(row.heading.href.as_deref(), &text))
            }
        }
    }
}

impl Chart for LifeLine {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let spells: usize = self.rows.iter().map(|row| row.spells.len()).sum();
        let moments: usize = self.rows.iter().map(|row| row.moments.len()).sum();
        let values: usize = self.rows.iter().map(|row| row.values.len()).sum();
        format!(
            "{} lines from {} to {}: {spells} spells, {moments} events, {values} numbers.",
            self.rows.len(),
            self.span.from(),
            self.span.to(),
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let (key, key_height) = self.key(paper.width());
        let layout = self.layout(paper.width(), key_height + 4.0);
        let shapes = html! {
            (key)
            (layout.scale.axis(layout.top, layout.bottom))
            (layout.labels(self, paper))
            @for (row, (_, y, height)) in self.rows.iter().zip(&layout.rows) {
                (self.row(row, (*y, *height), &layout.scale, paper))
            }
            (layout.scale.now(self.now, layout.top, layout.bottom))
        };
        Drawing {
            height: layout.bottom + 4.0,
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        self.rows.iter().any(|row| {
            row.heading.href.is_some()
                || row.spells.iter().any(|spell| spell.href.is_some())
                || row.moments.iter().any(|moment| moment.href.is_some())
        })
    }
}
