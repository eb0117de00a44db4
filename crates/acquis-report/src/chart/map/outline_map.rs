//! States where and as large as they are.

use jiff::civil::Date;
use maud::{Markup, html};

use super::fill::{DISPUTED, Fill};
use super::labels::{Label, SMALL, Spread, TYPE, Wish, place};
use super::sheet::{PHONE, Sheet, path};
use super::{MapState, StateMap};
use crate::chart::legend::{Entry, Swatch, legend};
use crate::chart::{About, Chart, ChartError, DISPUTED_STANDING, Drawing, Paper, WIDE, px};
use crate::document::{Block, View, Views};
use crate::outlines::plane::{Frame, Point, roomiest, size};
use crate::outlines::{Area, Outlines, Spot, Viewpoint};
use crate::text::{broken, printable};

/// How much of the sphere a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// The states of the map, as large as the paper allows.
    #[default]
    States,
    /// All land.
    World,
}

/// A map of outlines: states of the map in the fill of their class, all others faint, land of
/// disputed standing hatched, from one viewpoint of the outlines, which the map names.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineMap<'a> {
    map: StateMap,
    outlines: &'a Outlines,
    viewpoint: usize,
    extent: Extent,
    day: Option<Date>,
}

/// What a reader chooses with a viewpoint.
pub const BORDERS: &str = "Borders as drawn by";

/// Land smaller than this, in square pixels, gets a mark.
const SMALL_LAND: f64 = 70.0;
const MARK: f64 = 4.5;

impl<'a> OutlineMap<'a> {
    /// A map from the outlines' first viewpoint.
    pub fn new(map: StateMap, outlines: &'a Outlines) -> Self {
        Self {
            map,
            outlines,
            viewpoint: 0,
            extent: Extent::default(),
            day: None,
        }
    }

    /// Draws borders as they were on a day, as far as the outlines know of changes.
    #[must_use]
    pub fn on(mut self, day: Date) -> Self {
        self.day = Some(day);
        self
    }

    /// Shows this much.
    #[must_use]
    pub fn extent(mut self, extent: Extent) -> Self {
        self.extent = extent;
        self
    }

    /// Draws borders as another source does.
    ///
    /// # Errors
    /// [`ChartError::NoViewpoint`] for a viewpoint that is not there, with those that are.
    pub fn viewpoint(mut self, id: &str) -> Result<Self, ChartError> {
        self.viewpoint = self.outlines.viewpoint(id)?;
        Ok(self)
    }

    /// The map as a block of a page from which the reader chooses a viewpoint; where no two
    /// sources differ about what it shows, a figure like any other.
    pub fn views(&self) -> Block {
        let sheet = self.sheet(f64::from(WIDE));
        let disputed = self.outlines.areas.iter();
        let mut disputed = disputed.filter(|area| area.is_disputed_on(self.day));
        let differ = disputed.any(|area| !sheet.land(self.outlines, area).is_empty());
        let known = self.outlines.viewpoints().iter().enumerate();
        let drawn = |(viewpoint, of): (usize, &Viewpoint)| View {
            id: of.id.clone(),
            name: of.name.clone(),
            svg: Self {
                viewpoint,
                ..self.clone()
            }
            .drawings(),
        };
        let mut views = known.filter(|_| differ).map(drawn);
        match views.next() {
            Some(usual) => Block::Views(Views {
                caption: self.map.about.title.clone(),
                source: self.map.about.source.clone(),
                choice: BORDERS.to_owned(),
                usual,
                others: views.collect(),
            }),
            None => self.figure(),
        }
    }

    /// The codes of states for which the outlines have nothing to draw.
    pub fn missing(&self) -> Vec<&str> {
        let codes = self.map.states.iter().map(MapState::code);
        codes.filter(|code| !self.outlines.has(code)).collect()
    }

    /// The state that an area is drawn in.
    fn owner<'b>(&self, area: &'b Area) -> &'b str {
        let drawn = || area.drawn_in.get(self.viewpoint).map_or("", String::as_str);
        area.agreed_on(self.day).unwrap_or_else(drawn)
    }

    fn areas_of(&self, code: &str) -> Vec<&'a Area> {
        let areas = self.outlines.areas.iter();
        areas.filter(|area| self.owner(area) == code).collect()
    }

    fn sheet(&self, width: f64) -> Sheet {
        let areas: Vec<Vec<&Area>> = match self.extent {
            Extent::World => Vec::new(),
            Extent::States => self
                .map
                .states
                .iter()
                .filter(|state| !state.aside)
                .map(|state| self.areas_of(state.code()))
                .collect(),
        };
        Sheet::fit(self.outlines, &areas, width)
    }

    /// All land that is not of the map's states, in one piece.
    fn others(&self, sheet: &Sheet) -> Markup {
        let land: Vec<Vec<Point>> = self
            .outlines
            .areas
            .iter()
            .filter(|area| self.map.state(self.owner(area)).is_none())
            .flat_map(|area| sheet.land(self.outlines, area))
            .collect();
        html! { path.aq-land d=(path(&land, true)) {} }
    }

    fn state(&self, shown: &Shown<'_>, paper: Paper) -> Markup {
        let state = shown.state;
        let fill = self.map.fill_of(state);
        let shapes = html! {
            g.aq-state data-state=(printable(state.code())) data-class=[state.class] {
                title { (self.map.said(state)) }
                @if !shown.land.is_empty() {
                    path class=(fill.ground) d=(path(&shown.land, true)) {}
                    (fill.stroked(&shown.land))
                }
                @if shown.marked { (mark(shown.at, fill)) }
            }
        };
        paper.linked(state.heading.href.as_deref(), &shapes)
    }

    /// Lines between areas: coasts, borders, and borders of what is disputed.
    fn lines(&self, sheet: &Sheet) -> Markup {
        let (mut coasts, mut borders, mut disputed) = (Vec::new(), Vec::new(), Vec::new());
        for line in &self.outlines.lines {
            let along = || line.along.iter().map(|at| &self.outlines.areas[*at]);
            let kind = match line.along.as_slice() {
                [_] => &mut coasts,
                _ if along().any(|area| area.is_disputed_on(self.day)) => &mut disputed,
                _ => &mut borders,
            };
            kind.extend(sheet.line(&line.at_least(sheet.least()).collect::<Vec<_>>()));
        }
        html! {
            path.aq-coast d=(path(&coasts, false)) {}
            path.aq-border d=(path(&borders, false)) {}
            @if !disputed.is_empty() { path.aq-uncertain d=(path(&disputed, false)) {} }
        }
    }

    /// The land that sources draw in different states, hatched.
    fn disputed(&self, sheet: &Sheet) -> Markup {
        html! {
            @for area in self.outlines.areas.iter().filter(|area| area.is_disputed_on(self.day)) {
                @let land = sheet.land(self.outlines, area);
                @if !land.is_empty() {
                    g {
                        title { (printable(&self.told(area))) }
                        path.aq-clear d=(path(&land, true)) {}
                        (DISPUTED.over(&land))
                    }
                }
            }
        }
    }

    /// What the sources say about an area, in words.
    fn told(&self, area: &Area) -> String {
        let drawn: Vec<String> = self
            .outlines
            .viewpoints()
            .iter()
            .zip(&area.drawn_in)
            .map(|(viewpoint, code)| format!("in {} by {}", self.name(code), viewpoint.name))
            .collect();
        format!("{}: disputed; drawn {}", area.name, drawn.join(", "))
    }

    fn name<'b>(&'b self, code: &'b str) -> &'b str {
        let known = self
            .map
            .state(code)
            .map(|state| state.heading.name.as_str());
        let areas = &self.outlines.areas;
        known
            .or_else(|| {
                let own = |area: &&Area| {
                    !area.is_disputed() && area.drawn_in.iter().all(|drawn| drawn == code)
                };
                areas.iter().find(own).map(|area| area.name.as_str())
            })
            .unwrap_or(code)
    }

    /// Entities without an outline, in the frame.
    fn spots(&self, sheet: &Sheet) -> Vec<(&'a Spot, Point)> {
        let inside = |[x, y]: Point| {
            let point = Frame {
                left: x,
                top: y,
                right: x,
                bottom: y,
            };
            sheet.frame.grown(-MARK).meets(&point)
        };
        let all = self
            .outlines
            .points
            .iter()
            .map(|spot| (spot, sheet.at(spot.at)));
        all.filter(|(_, at)| inside(*at)).collect()
    }

    fn spot(&self, spot: &Spot, at: Point, paper: Paper) -> Markup {
        let state = self.map.state(&spot.code);
        let fill = state.map_or(Fill::NOTHING, |state| self.map.fill_of(state));
        let name = match state {
            Some(state) if state.heading.disputed => self.map.said(state),
            Some(state) => format!("{}, {DISPUTED_STANDING}", self.map.said(state)),
            None => format!("{}: {DISPUTED_STANDING}", printable(&spot.name)),
        };
        let diamond = |r: f64| {
            vec![
                [at[0], at[1] - r],
                [at[0] + r, at[1]],
                [at[0], at[1] + r],
                [at[0] - r, at[1]],
            ]
        };
        let shapes = html! {
            g.aq-state data-state=(printable(&spot.code)) data-class=[state.and_then(|state| state.class)] {
                title { (name) " (the sources have no outline, the mark is at " (printable(&spot.town)) ")" }
                path class={ (fill.ground) " aq-spot" } d=(path(&[diamond(5.5)], true)) {}
                (DISPUTED.over(&[diamond(5.5)]))
            }
        };
        paper.linked(
            state.and_then(|state| state.heading.href.as_deref()),
            &shapes,
        )
    }

    /// Where the words of each state go.
    fn wish(&self, shown: &Shown<'_>) -> Wish {
        let state = shown.state;
        let printed = |text: &str| printable(text).into_owned();
        let (name, code) = (printed(&state.heading.name), printed(state.code()));
        let short = printed(self.map.short(state));
        let lines = |first: &str, second: &str| [first.to_owned(), second.to_owned()];
        let mut texts = vec![
            lines(&name, &short),
            lines(&code, &short),
            lines(&name, ""),
            lines(&code, ""),
        ];
        if short.is_empty() {
            texts.drain(..2);
        }
        let beside = match short.as_str() {
            _ if state.aside => String::new(),
            "" => code,
            short => format!("{code} {short}"),
        };
        Wish {
            at: shown.at,
            radius: if shown.marked { MARK + 1.0 } else { 2.0 },
            land: shown.land.clone(),
            texts,
            beside,
        }
    }

    fn labels(&self, shown: &[Shown<'_>], spots: &[(&Spot, Point)], frame: Frame) -> Markup {
        let mut wishes: Vec<Wish> = shown.iter().map(|shown| self.wish(shown)).collect();
        wishes.extend(spots.iter().map(|(spot, at)| Wish {
            at: *at,
            radius: 6.0,
            land: Vec::new(),
            texts: Vec::new(),
            beside: printable(&spot.name).into_owned(),
        }));
        // On a phone, words beside small states would lie on others.
        let spread = if frame.width() < PHONE {
            Spread::Clear
        } else {
            Spread::Wide
        };
        let labels = place(&wishes, frame, spread);
        html! {
            @for [from, to] in labels.iter().flatten().filter_map(|label| label.leader) {
                line.aq-leader x1=(px(from[0])) y1=(px(from[1])) x2=(px(to[0])) y2=(px(to[1])) {}
            }
            g.aq-words font-size=(px(TYPE)) {
                @for (label, shown) in labels.iter().zip(shown) {
                    @if let Some(label) = label { (self.label(label, shown)) }
                    @if shown.state.contested { (contested(label.as_ref(), shown.at)) }
                }
                @for label in labels[shown.len()..].iter().flatten() {
                    text."aq-mid aq-halo aq-soft aq-slanted" font-size="10" x=(px(label.at[0])) y=(px(label.at[1])) {
                        (label.lines[0])
                    }
                }
            }
        }
    }

    fn label(&self, label: &Label, shown: &Shown<'_>) -> Markup {
        let fill = self.map.fill_of(shown.state);
        // Strokes run through words; a halo keeps them apart.
        let halo = !label.inside || fill.strokes.is_some();
        let ink = match (label.inside, halo) {
            (true, false) => fill.ink,
            _ => "aq-halo",
        };
        let [x, y] = label.at;
        let strong = if shown.state.chosen { " aq-strong" } else { "" };
        html! {
            text class={ "aq-mid " (ink) (strong) } x=(px(x)) y=(px(y)) { (label.lines[0]) }
            @if !label.lines[1].is_empty() {
                text class={ "aq-mid " (ink) } font-size=(px(SMALL)) x=(px(x)) y=(px(y + SMALL + 1.0)) { (label.lines[1]) }
            }
        }
    }

    /// The lines below the map: whose borders it shows, and what it can't show.
    fn notes(&self, sheet: &Sheet, width: f64) -> Vec<String> {
        let viewpoints = self.outlines.viewpoints();
        let viewpoint = viewpoints
            .get(self.viewpoint)
            .map_or("", |viewpoint| &viewpoint.name);
        let disputed = self
            .outlines
            .areas
            .iter()
            .filter(|area| area.is_disputed_on(self.day));
        let shown = disputed.filter(|area| !sheet.land(self.outlines, area).is_empty());
        let told: Vec<String> = shown.map(|area| format!(" {}.", self.told(area))).collect();
        let mut notes = vec![format!("Borders: {viewpoint}.{}", told.concat())];
        let missing: Vec<&str> = self
            .missing()
            .into_iter()
            .filter_map(|code| self.map.state(code))
            .filter(|state| !state.aside)
            .map(|state| state.heading.name.as_str())
            .collect();
        if !missing.is_empty() {
            notes.push(format!(
                "Not on the map, for want of an outline: {}.",
                missing.join(", ")
            ));
        }
        let room = width / 11.0;
        notes
            .iter()
            .flat_map(|note| broken(&printable(note), room, 6))
            .collect()
    }

    fn key(&self, sheet: &Sheet, spots: bool, width: f64) -> (Markup, f64) {
        let mut entries = self.map.entries();
        let disputed = self
            .outlines
            .areas
            .iter()
            .filter(|area| area.is_disputed_on(self.day));
        let shown = disputed
            .into_iter()
            .any(|area| !sheet.land(self.outlines, area).is_empty());
        if shown || spots {
            entries.push(Entry {
                swatch: Swatch::Disputed,
                text: "disputed".to_owned(),
            });
        }
        legend(&entries, width, 0.0)
    }
}

/// A state with its land on paper.
struct Shown<'a> {
    state: &'a MapState,
    land: Vec<Vec<Point>>,
    /// Where its words and its mark go.
    at: Point,
    marked: bool,
}

fn mark([x, y]: Point, fill: Fill) -> Markup {
    html! { circle class={ (fill.ground) " aq-spot" } cx=(px(x)) cy=(px(y)) r=(px(MARK)) {} }
}

fn contested(label: Option<&Label>, [x, y]: Point) -> Markup {
    let (x, y) = label.map_or((x + MARK, y - MARK), |label| {
        (label.around.right + 3.0, label.around.top + 1.0)
    });
    html! { circle.aq-contested cx=(px(x)) cy=(px(y)) r="2.8" {} }
}

impl OutlineMap<'_> {
    /// The states that have land in the frame, large ones first.
    fn shown<'b>(&'b self, sheet: &Sheet) -> Vec<Shown<'b>> {
        let mut shown: Vec<Shown<'b>> = self
            .map
            .states
            .iter()
            .filter_map(|state| {
                let areas = self.areas_of(state.code());
                let land: Vec<Vec<Point>> = areas
                    .iter()
                    .flat_map(|area| sheet.land(self.outlines, area))
                    .collect();
                let largest = land.iter().max_by(|one, other| {
                    size(std::slice::from_ref(*one)).total_cmp(&size(std::slice::from_ref(*other)))
                });
                let at = match largest.filter(|ring| size(std::slice::from_ref(*ring)) > 1.0) {
                    Some(_) => roomiest(&land).map(|(at, _)| at),
                    // So small that no line of it is left at this scale.
                    None => self.anywhere(&areas).map(|point| sheet.at(point)),
                };
                let at = at.filter(|[x, y]| {
                    sheet.frame.meets(&Frame {
                        left: *x,
                        top: *y,
                        right: *x,
                        bottom: *y,
                    })
                })?;
                let marked = size(&land) < SMALL_LAND;
                Some(Shown {
                    state,
                    land,
                    at,
                    marked,
                })
            })
            .collect();
        shown.sort_by(|one, other| size(&other.land).total_cmp(&size(&one.land)));
        shown
    }

    /// A point of the coast of some areas.
    fn anywhere(&self, areas: &[&Area]) -> Option<[f64; 2]> {
        let run = areas.first()?.rings.first()?.first()?;
        self.outlines.lines[run.line].points.first().copied()
    }
}

impl Chart for OutlineMap<'_> {
    fn about(&self) -> &About {
        &self.map.about
    }

    fn describe(&self) -> String {
        self.map.describe()
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let sheet = self.sheet(width);
        let frame = sheet.frame;
        let shown = self.shown(&sheet);
        let spots = self.spots(&sheet);
        let (key, key_height) = self.key(&sheet, !spots.is_empty(), width);
        let notes = self.notes(&sheet, width);
        let top = key_height + 6.0;
        let below = top + frame.height() + 16.0;
        let shapes = html! {
            (key)
            g transform=(format!("translate(0 {})", px(top))) {
                rect.aq-sea width=(px(frame.width())) height=(px(frame.height())) {}
                (self.others(&sheet))
                @for shown in &shown { (self.state(shown, paper)) }
                (self.lines(&sheet))
                (self.disputed(&sheet))
                @for shown in shown.iter().filter(|shown| shown.state.chosen) {
                    path.aq-chosen d=(path(&shown.land, true)) {}
                }
                @for (spot, at) in &spots { (self.spot(spot, *at, paper)) }
                (self.labels(&shown, &spots, frame))
                rect.aq-frame width=(px(frame.width())) height=(px(frame.height())) {}
            }
            @for (at, note) in notes.iter().enumerate() {
                text.aq-small x="0" y=(px(below + 15.0 * at as f64)) { (note) }
            }
        };
        Drawing {
            height: below + 15.0 * notes.len() as f64 - 6.0,
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        self.map.is_linked()
    }
}
