//! Each state as one square near its place.

use maud::{Markup, html};

use super::fill::{DISPUTED, Fill, square};
use super::sheet::Sheet;
use super::tile_layout::layout;
use super::{MapState, StateMap};
use crate::chart::legend::{Entry, Swatch, legend};
use crate::chart::{About, Chart, DISPUTED_STANDING, Drawing, Paper, px};
use crate::outlines::plane::{roomiest, size};
use crate::outlines::{Area, Outlines};
use crate::text::{ems, fitted, printable};

/// A map of tiles. States that bring a place of their own have it, if all do; else every place
/// is worked out from where the states lie, and states that are on no map come last.
#[derive(Clone, Debug, PartialEq)]
pub struct TileMap<'a> {
    map: StateMap,
    outlines: &'a Outlines,
}

const LARGEST: f64 = 62.0;
const GAP: f64 = 3.0;

impl<'a> TileMap<'a> {
    /// A map of tiles in the order of the outlines.
    pub fn new(map: StateMap, outlines: &'a Outlines) -> Self {
        Self { map, outlines }
    }

    /// The column and row of each state.
    fn tiles(&self) -> Vec<[i32; 2]> {
        let own: Option<Vec<[i32; 2]>> = self.map.states.iter().map(|state| state.tile).collect();
        own.unwrap_or_else(|| {
            let areas: Vec<Vec<&Area>> = self
                .map
                .states
                .iter()
                .map(|state| self.areas_of(state))
                .collect();
            let sheet = Sheet::fit(self.outlines, &areas, 800.0);
            let places: Vec<Option<[f64; 2]>> = self
                .map
                .states
                .iter()
                .zip(&areas)
                .map(|(state, areas)| self.place(state, areas, &sheet))
                .collect();
            layout(&places)
        })
    }

    fn areas_of(&self, state: &MapState) -> Vec<&'a Area> {
        let areas = self.outlines.areas.iter();
        areas
            .filter(|area| {
                area.drawn_in
                    .first()
                    .is_some_and(|code| code == state.code())
            })
            .collect()
    }

    fn place(&self, state: &MapState, areas: &[&Area], sheet: &Sheet) -> Option<[f64; 2]> {
        let land: Vec<_> = areas
            .iter()
            .flat_map(|area| sheet.land(self.outlines, area))
            .collect();
        if size(&land) > 4.0 {
            return roomiest(&land).map(|(at, _)| at);
        }
        let run = areas.first().and_then(|area| area.rings.first()?.first());
        let line = run.and_then(|run| self.outlines.lines[run.line].points.first());
        let spot = self
            .outlines
            .points
            .iter()
            .find(|spot| spot.code == state.code());
        line.or_else(|| spot.map(|spot| &spot.at))
            .map(|point| sheet.at(*point))
    }

    fn tile(&self, state: &MapState, [x, y]: [f64; 2], side: f64, paper: Paper) -> Markup {
        let fill = state
            .class
            .map_or(Fill::NOTHING, |class| self.map.fill(class));
        let middle = px(x + side / 2.0);
        let disputed = state.heading.disputed;
        let ink = if disputed || fill.strokes.is_some() {
            "aq-halo"
        } else {
            fill.ink
        };
        let (words, type_size) = words(state, side);
        let short = printable(self.map.short(state)).into_owned();
        let small = (side * 0.3).clamp(8.0, 14.0) * 0.78;
        let fits = side >= 30.0 && !short.is_empty() && ems(&short) * small < side - 4.0;
        let more = (words.len() as f64 - 1.0) * type_size;
        let y_words = y + side / 2.0 + type_size * if fits { 0.0 } else { 0.36 } - more / 2.0;
        let y_short = y_words + more + small + 1.5;
        let shapes = html! {
            g.aq-state data-state=(printable(state.code())) data-class=[state.class] {
                title { (self.map.said(state)) }
                rect class=(fill.ground) x=(px(x)) y=(px(y)) width=(px(side)) height=(px(side)) {}
                (fill.stroked(&[square(x, y, side)]))
                @if disputed { (DISPUTED.over(&[square(x, y, side)])) }
                @if state.chosen {
                    rect.aq-chosen x=(px(x + 1.0)) y=(px(y + 1.0)) width=(px(side - 2.0)) height=(px(side - 2.0)) {}
                }
                @for (line, word) in words.iter().enumerate() {
                    text class={ "aq-mid aq-strong " (ink) } font-size=(px(type_size)) x=(middle)
                        y=(px(y_words + type_size * line as f64)) { (word) }
                }
                @if fits {
                    text class={ "aq-mid " (ink) } font-size=(px(small)) x=(middle) y=(px(y_short)) { (short) }
                }
                @if state.contested { circle.aq-contested cx=(px(x + side - 6.0)) cy=(px(y + 6.0)) r="2.8" {} }
            }
        };
        paper.linked(state.heading.href.as_deref(), &shapes)
    }
}

/// What stands on a tile, a line for each word, and the size of its type.
fn words(state: &MapState, side: f64) -> (Vec<String>, f64) {
    const LEAST: f64 = 6.5;
    let words = state.short_words();
    let usual = (side * 0.3).clamp(8.0, 14.0);
    let widest = words.iter().map(|word| ems(word)).fold(0.0, f64::max);
    let is_code = words == [state.code()];
    let size = if is_code {
        usual
    } else {
        usual.min((side - 2.0) / widest.max(1.0)).max(LEAST)
    };
    let room = (side - if is_code { 4.0 } else { 1.0 }) / size;
    let fitted = words.iter().map(|word| fitted(&printable(word), room));
    (fitted.collect(), size)
}

impl Chart for TileMap<'_> {
    fn about(&self) -> &About {
        &self.map.about
    }

    fn describe(&self) -> String {
        self.map.describe()
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let tiles = self.tiles();
        let range = |axis: usize| {
            let all = || tiles.iter().map(|tile| tile[axis]);
            let low = all().min().unwrap_or_default();
            (
                low,
                all()
                    .max()
                    .unwrap_or_default()
                    .saturating_sub(low)
                    .saturating_add(1),
            )
        };
        let ((left, columns), (upper, rows)) = (range(0), range(1));
        let side = ((width + GAP) / f64::from(columns) - GAP).clamp(6.0, LARGEST);
        let mut entries = self.map.entries();
        if self.map.states.iter().any(|state| state.heading.disputed) {
            entries.push(Entry {
                swatch: Swatch::Disputed,
                text: DISPUTED_STANDING.to_owned(),
            });
        }
        let (key, key_height) = legend(&entries, width, 0.0);
        let top = key_height + 8.0;
        let margin = ((width + GAP - f64::from(columns) * (side + GAP)) / 2.0).max(0.0);
        let place = |tile: &[i32; 2]| {
            [
                margin + f64::from(tile[0].saturating_sub(left)) * (side + GAP),
                top + f64::from(tile[1].saturating_sub(upper)) * (side + GAP),
            ]
        };
        let shapes = html! {
            (key)
            @for (state, tile) in self.map.states.iter().zip(&tiles) {
                (self.tile(state, place(tile), side, paper))
            }
        };
        Drawing {
            height: top + f64::from(rows) * (side + GAP),
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        self.map.is_linked()
    }
}
