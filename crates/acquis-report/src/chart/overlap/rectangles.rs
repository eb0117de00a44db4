//! An arrangement on paper: columns and rows as wide and high as the names in them, rectangles
//! around them with their names on top, each a little outside of those within it.

use maud::{Markup, html};

use super::arrange::{Arrangement, Block};
use super::{CONTESTED, Overlap, Zone, together};
use crate::chart::map::DISPUTED;
use crate::chart::rows::Rect;
use crate::chart::{Drawing, FONT, Heading, Paper, px};
use crate::text::{broken, ems, fitted, printable};

const LINE: f64 = 19.0;
const PAD: f64 = 9.0;
/// Between the sides of a rectangle and one within it.
const SIDE: f64 = 9.0;
/// Above a rectangle within another: room for the name of the outer one.
const TOP: f64 = 21.0;
const LABEL: f64 = 12.0;
/// Names of more members than this stand in two columns.
const TALLEST: usize = 6;

/// Edges of rectangles, told apart by their strokes as well as their colour.
const EDGES: [&str; 8] = [
    "aq-set0", "aq-set1", "aq-set2", "aq-set3", "aq-set4", "aq-set5", "aq-set6", "aq-set7",
];

/// The picture; none if it would be wider than the paper.
pub(super) fn draw(overlap: &Overlap, arrangement: &Arrangement, paper: Paper) -> Option<Drawing> {
    let zones = overlap.zones();
    let groups = overlap.groups();
    let named = Page::set(overlap, arrangement, &zones, |heading| &heading.name);
    let page = Some(named)
        .filter(|page| page.width <= paper.width())
        .or_else(|| {
            Some(Page::set(overlap, arrangement, &zones, |heading| {
                &heading.short
            }))
        })
        .filter(|page| page.width <= paper.width())?;
    let mut remarks = overlap.remarks();
    if !arrangement.nobody.is_empty() {
        remarks.insert(0, "Hatched: a combination that nobody is in.".to_owned());
    }
    let remarks: Vec<String> = remarks
        .iter()
        .flat_map(|remark| broken(&printable(remark), paper.width() / 11.0, 4))
        .collect();
    // The larger first, so that those within lie on top and can be reached.
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|one, other| page.area(*other).total_cmp(&page.area(*one)));
    let shift = ((paper.width() - page.width) / 2.0).max(0.0);
    let (key, key_height) = overlap.key(paper.width(), page.height + 6.0);
    let below = page.height + key_height;
    let shapes = html! {
        g transform=(format!("translate({} 0)", px(shift))) {
            @for set in &order { (page.set_shape(*set, &groups[*set].0)) }
            @for cell in &arrangement.nobody { (page.nobody(*cell)) }
            @for set in &order { (page.set_name(*set, &groups[*set].0, paper)) }
            @for (zone, cell) in zones.iter().zip(&arrangement.cells) { (page.zone(overlap, zone, *cell, paper)) }
        }
        (key)
        @for (at, remark) in remarks.iter().enumerate() {
            text.aq-small x="0" y=(px(below + 16.0 + 15.0 * at as f64)) { (remark) }
        }
    };
    Some(Drawing {
        height: below + 6.0 + 15.0 * remarks.len() as f64,
        shapes,
    })
}

/// Where columns, rows and rectangles are.
struct Page {
    name: fn(&Heading) -> &str,
    columns: Vec<(f64, f64)>,
    rows: Vec<(f64, f64)>,
    rectangles: Vec<Rect>,
    width: f64,
    height: f64,
}

/// How deep each rectangle lies at one of its sides: 1 for those next to the cells.
struct Depths {
    left: Vec<usize>,
    right: Vec<usize>,
    top: Vec<usize>,
    bottom: Vec<usize>,
}

impl Depths {
    fn of(blocks: &[Block]) -> Self {
        let across =
            |one: &Block, other: &Block| one.top <= other.bottom && other.top <= one.bottom;
        let along = |one: &Block, other: &Block| one.left <= other.right && other.left <= one.right;
        Self {
            left: depths(blocks, |block| block.left, across),
            right: depths(blocks, |block| block.right, across),
            top: depths(blocks, |block| block.top, along),
            bottom: depths(blocks, |block| block.bottom, along),
        }
    }
}

/// Of rectangles that share an edge of the grid, each lies outside of the smaller ones beside it.
fn depths(
    blocks: &[Block],
    edge: impl Fn(&Block) -> usize,
    beside: impl Fn(&Block, &Block) -> bool,
) -> Vec<usize> {
    let size = |block: &Block| (block.right - block.left + 1) * (block.bottom - block.top + 1);
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|at| (size(&blocks[*at]), *at));
    let mut depths = vec![0; blocks.len()];
    for (rank, &at) in order.iter().enumerate() {
        let within = order[..rank].iter().filter(|other| {
            edge(&blocks[**other]) == edge(&blocks[at]) && beside(&blocks[**other], &blocks[at])
        });
        depths[at] = within.map(|other| depths[*other]).max().unwrap_or_default() + 1;
    }
    depths
}

/// The room that the deepest pile of edges takes at each line of cells.
fn piles(
    blocks: &[Block],
    depths: &[usize],
    edge: fn(&Block) -> usize,
    step: f64,
) -> impl Fn(usize) -> f64 {
    move |at| {
        let here = blocks
            .iter()
            .zip(depths)
            .filter(|(block, _)| edge(block) == at);
        let deepest = here.map(|(_, depth)| *depth).max().unwrap_or_default();
        step * deepest as f64
    }
}

/// Where lines of cells of these sizes begin and end, with room before and after each, and
/// where all of it ends.
fn spread(
    sizes: &[f64],
    before: &dyn Fn(usize) -> f64,
    after: &dyn Fn(usize) -> f64,
) -> (Vec<(f64, f64)>, f64) {
    let mut end = 1.0;
    let lines = sizes
        .iter()
        .enumerate()
        .map(|(at, size)| {
            let start = end + before(at) + 2.0;
            end = start + size + after(at) + 2.0;
            (start, start + size)
        })
        .collect();
    (lines, end)
}

impl Page {
    fn set(
        overlap: &Overlap,
        arrangement: &Arrangement,
        zones: &[Zone],
        name: fn(&Heading) -> &str,
    ) -> Self {
        let depths = Depths::of(&arrangement.blocks);
        let blocks = &arrangement.blocks;
        let mut wide = vec![26.0_f64; arrangement.columns];
        let mut high = vec![LINE; arrangement.rows];
        for (zone, (column, row)) in zones.iter().zip(&arrangement.cells) {
            let (width, height) = extent(overlap, zone, name);
            wide[*column] = wide[*column].max(width);
            high[*row] = high[*row].max(height);
        }
        widen_for_names(overlap, blocks, &mut wide);
        let (columns, width) = spread(
            &wide,
            &piles(blocks, &depths.left, |block| block.left, SIDE),
            &piles(blocks, &depths.right, |block| block.right, SIDE),
        );
        let (rows, height) = spread(
            &high,
            &piles(blocks, &depths.top, |block| block.top, TOP),
            &piles(blocks, &depths.bottom, |block| block.bottom, SIDE),
        );
        let rectangles = blocks
            .iter()
            .enumerate()
            .map(|(set, block)| {
                let left = columns[block.left].0 - SIDE * depths.left[set] as f64;
                let right = columns[block.right].1 + SIDE * depths.right[set] as f64;
                let top = rows[block.top].0 - TOP * depths.top[set] as f64;
                let bottom = rows[block.bottom].1 + SIDE * depths.bottom[set] as f64;
                Rect {
                    x: left,
                    y: top,
                    w: right - left,
                    h: bottom - top,
                }
            })
            .collect();
        Self {
            name,
            columns,
            rows,
            rectangles,
            width: width + 1.0,
            height: height + 2.0,
        }
    }

    fn area(&self, set: usize) -> f64 {
        self.rectangles[set].w * self.rectangles[set].h
    }

    fn set_shape(&self, set: usize, headings: &[&Heading]) -> Markup {
        let rect = self.rectangles[set];
        html! {
            rect class={ "aq-set " (EDGES[set % EDGES.len()]) } x=(px(rect.x)) y=(px(rect.y)) width=(px(rect.w))
                height=(px(rect.h)) rx="7" { title { (printable(&together(headings, |heading| &heading.name))) } }
        }
    }

    fn set_name(&self, set: usize, headings: &[&Heading], paper: Paper) -> Markup {
        let rect = self.rectangles[set];
        let room = (rect.w - 14.0) / LABEL / 1.05;
        let full = together(headings, |heading| &heading.name);
        let name = if ems(&full) <= room {
            full
        } else {
            together(headings, |heading| &heading.short)
        };
        let text = html! {
            text."aq-strong aq-halo" font-size=(px(LABEL)) x=(px(rect.x + 8.0)) y=(px(rect.y + 15.0)) {
                (fitted(&printable(&name), room))
            }
        };
        paper.linked(
            headings.first().and_then(|heading| heading.href.as_deref()),
            &text,
        )
    }

    /// The cell of a combination that nobody is in, hatched.
    fn nobody(&self, (column, row): (usize, usize)) -> Markup {
        let ((left, right), (top, bottom)) = (self.columns[column], self.rows[row]);
        let corners = vec![[left, top], [right, top], [right, bottom], [left, bottom]];
        html! { g.aq-pale { (DISPUTED.over(&[corners])) } }
    }

    fn zone(
        &self,
        overlap: &Overlap,
        zone: &Zone,
        (column, row): (usize, usize),
        paper: Paper,
    ) -> Markup {
        let ((left, right), (top, bottom)) = (self.columns[column], self.rows[row]);
        let stacks = stacks(zone);
        let lines = stacks
            .iter()
            .map(|stack| stack.len())
            .max()
            .unwrap_or_default();
        let first = f64::midpoint(top, bottom) - LINE * (lines as f64 - 1.0) / 2.0 + 4.5;
        let wide = (right - left) / stacks.len() as f64;
        html! {
            @for (at, stack) in stacks.iter().enumerate() {
                @for (line, member) in stack.iter().enumerate() {
                    @let heading = &overlap.members[*member];
                    @let (x, y) = (left + wide * (at as f64 + 0.5), first + LINE * line as f64);
                    @let text = html! {
                        text."aq-mid aq-halo" data-member=(printable(&heading.short)) x=(px(x)) y=(px(y)) {
                            title { (overlap.said(*member)) }
                            (printable((self.name)(heading)))
                        }
                    };
                    (paper.linked(heading.href.as_deref(), &text))
                    @if overlap.is_contested(*member) {
                        @let half = ems((self.name)(heading)) * FONT / 2.0;
                        circle.aq-contested cx=(px(x + half + 2.0)) cy=(px(y - 9.0)) r="2.6" { title { (CONTESTED) } }
                    }
                }
            }
        }
    }

    #[cfg(test)]
    fn middle(&self, (column, row): (usize, usize)) -> (f64, f64) {
        let ((left, right), (top, bottom)) = (self.columns[column], self.rows[row]);
        (f64::midpoint(left, right), f64::midpoint(top, bottom))
    }
}

/// The members of a zone in one stack, or in two where one would be tall.
fn stacks(zone: &Zone) -> Vec<&[usize]> {
    if zone.members.len() <= TALLEST {
        vec![&zone.members]
    } else {
        zone.members
            .chunks(zone.members.len().div_ceil(2))
            .collect()
    }
}

/// The width and the height that the names of a zone take.
fn extent(overlap: &Overlap, zone: &Zone, name: fn(&Heading) -> &str) -> (f64, f64) {
    let widest = zone
        .members
        .iter()
        .map(|member| ems(&printable(name(&overlap.members[*member]))) * FONT)
        .fold(0.0_f64, f64::max);
    let stacks = stacks(zone);
    let lines = stacks
        .iter()
        .map(|stack| stack.len())
        .max()
        .unwrap_or_default();
    (
        (widest + PAD) * stacks.len() as f64,
        LINE * lines as f64 + PAD,
    )
}

/// A rectangle of one column is at least as wide as its short name.
fn widen_for_names(overlap: &Overlap, blocks: &[Block], wide: &mut [f64]) {
    for (block, (headings, _)) in blocks.iter().zip(overlap.groups()) {
        let name = ems(&together(&headings, |heading| &heading.short)) * LABEL * 1.05;
        if block.left == block.right {
            wide[block.left] = wide[block.left].max(name.min(150.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::arrange::arrange;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// On paper too: a zone lies within the rectangle of each of its sets and of no other, and
        /// rectangles that meet belong to sets that share somebody.
        #[test]
        fn the_picture_never_lies(belongs in prop::collection::vec(prop::collection::btree_set(0_usize..9, 1..9), 1..7)) {
            let members = (0..9).map(|at| Heading::new(format!("M{at}"), format!("Member {at}"))).collect();
            let mut overlap = Overlap::new("t", members);
            for (at, set) in belongs.iter().enumerate() {
                overlap.push(Heading::new(format!("S{at}"), format!("Set {at}")), set.iter().copied()).unwrap();
            }
            let zones = overlap.zones();
            if let Some(arrangement) = arrange(&zones) {
                let page = Page::set(&overlap, &arrangement, &zones, |heading| &heading.name);
                for (zone, cell) in zones.iter().zip(&arrangement.cells) {
                    let (x, y) = page.middle(*cell);
                    for (set, rect) in page.rectangles.iter().enumerate() {
                        let inside = x > rect.x && x < rect.x + rect.w && y > rect.y && y < rect.y + rect.h;
                        prop_assert_eq!(inside, zone.sets >> set & 1 == 1);
                    }
                }
                for (one, a) in page.rectangles.iter().enumerate() {
                    prop_assert!(a.x >= 0.0 && a.y >= 0.0 && a.x + a.w <= page.width && a.y + a.h <= page.height);
                    for (other, b) in page.rectangles.iter().enumerate().skip(one + 1) {
                        let share = zones.iter().any(|zone| zone.sets >> one & zone.sets >> other & 1 == 1);
                        prop_assert_eq!(a.overlaps(b), share, "{:?} {:?}", a, b);
                    }
                }
            }
        }
    }
}
