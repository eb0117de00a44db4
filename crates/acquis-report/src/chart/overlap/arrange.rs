//! Zones on a grid so that every set is a rectangle of cells that holds its own zones and no
//! others.
//!
//! A set's rectangle is the frame around the cells of its zones. It only grows as zones are
//! placed, so a partial arrangement in which a frame holds a zone that is not of the set, or in
//! which the frames of sets that share nobody meet, can't become a good one and is given up.
//! Grids are tried from the smallest upwards. The search has a budget of steps, so that its end
//! depends on its input alone.

use super::Zone;

/// A rectangle of cells, both ends within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Block {
    fn around(cell: (usize, usize)) -> Self {
        Self {
            left: cell.0,
            top: cell.1,
            right: cell.0,
            bottom: cell.1,
        }
    }

    fn with(self, cell: (usize, usize)) -> Self {
        Self {
            left: self.left.min(cell.0),
            top: self.top.min(cell.1),
            right: self.right.max(cell.0),
            bottom: self.bottom.max(cell.1),
        }
    }

    pub(super) fn holds(&self, cell: (usize, usize)) -> bool {
        (self.left..=self.right).contains(&cell.0) && (self.top..=self.bottom).contains(&cell.1)
    }

    fn meets(&self, other: &Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }
}

/// Where the zones are, and which cells would show a combination that does not occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrangement {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// The cell of each zone.
    pub(super) cells: Vec<(usize, usize)>,
    /// The rectangle of each set.
    pub(super) blocks: Vec<Block>,
    /// Cells in which nobody is, though a combination of rectangles that nobody is in covers them.
    pub(super) nobody: Vec<(usize, usize)>,
}

/// A picture with more empty parts than one to so many that are not is worse than a list.
const FULL_TO_EMPTY: usize = 4;
const MOST_COLUMNS: usize = 5;
const MOST_ROWS: usize = 6;
const STEPS_A_GRID: usize = 12_000;
const STEPS: usize = 150_000;

/// The smallest arrangement in which no combination is shown that does not occur; failing that,
/// the one that shows the fewest, if they are few; else none.
pub(super) fn arrange(zones: &[Zone]) -> Option<Arrangement> {
    let sets = zones.iter().fold(0, |all, zone| all | zone.sets);
    let mut search = Search {
        zones,
        sets: (u32::BITS - sets.leading_zeros()) as usize,
        columns: 0,
        rows: 0,
        left: 0,
        best: None,
    };
    let mut left = STEPS;
    for (columns, rows) in grids(zones.len()) {
        (search.columns, search.rows) = (columns, rows);
        let budget = STEPS_A_GRID.min(left);
        search.left = budget;
        search.place(&mut Vec::new(), &vec![None; search.sets]);
        left -= budget - search.left;
        if left == 0
            || search
                .best
                .as_ref()
                .is_some_and(|best| best.nobody.is_empty())
        {
            break;
        }
    }
    search
        .best
        .filter(|best| best.nobody.len() * FULL_TO_EMPTY <= zones.len())
}

/// Grids with room for so many zones, the smaller and the more even first.
fn grids(zones: usize) -> Vec<(usize, usize)> {
    let mut grids: Vec<(usize, usize)> = (1..=MOST_COLUMNS)
        .flat_map(|columns| (1..=MOST_ROWS).map(move |rows| (columns, rows)))
        .filter(|(columns, rows)| columns * rows >= zones)
        .collect();
    grids.sort_by_key(|(columns, rows)| (columns * rows, columns.abs_diff(*rows), *rows));
    grids
}

struct Search<'a> {
    zones: &'a [Zone],
    sets: usize,
    columns: usize,
    rows: usize,
    left: usize,
    best: Option<Arrangement>,
}

impl Search<'_> {
    /// Places the next zone in every free cell that leaves all frames in order.
    fn place(&mut self, cells: &mut Vec<(usize, usize)>, frames: &[Option<Block>]) {
        let Some(zone) = self.zones.get(cells.len()) else {
            self.keep(cells, frames);
            return;
        };
        let first = cells.is_empty();
        for column in 0..self.columns {
            for row in 0..self.rows {
                // A picture and its mirror images are one.
                let mirrored = first && (2 * column > self.columns || 2 * row > self.rows);
                if mirrored || cells.contains(&(column, row)) {
                    continue;
                }
                if self.left == 0
                    || self
                        .best
                        .as_ref()
                        .is_some_and(|best| best.nobody.is_empty())
                {
                    return;
                }
                self.left -= 1;
                let grown = grown(frames, zone.sets, (column, row));
                cells.push((column, row));
                if self.in_order(cells, &grown) {
                    self.place(cells, &grown);
                }
                cells.pop();
            }
        }
    }

    fn in_order(&self, cells: &[(usize, usize)], frames: &[Option<Block>]) -> bool {
        let strangers = cells.iter().zip(self.zones).any(|(cell, zone)| {
            frames.iter().enumerate().any(|(set, frame)| {
                zone.sets >> set & 1 == 0 && frame.is_some_and(|frame| frame.holds(*cell))
            })
        });
        !strangers && self.strangers_apart(frames)
    }

    /// Whether sets that share nobody are apart.
    fn strangers_apart(&self, frames: &[Option<Block>]) -> bool {
        (0..self.sets).all(|one| {
            (0..one).all(|other| {
                let both = 1 << one | 1 << other;
                let share = || self.zones.iter().any(|zone| zone.sets & both == both);
                match (frames[one], frames[other]) {
                    (Some(a), Some(b)) => !a.meets(&b) || share(),
                    _ => true,
                }
            })
        })
    }

    fn keep(&mut self, cells: &[(usize, usize)], frames: &[Option<Block>]) {
        let blocks: Vec<Block> = frames.iter().flatten().copied().collect();
        let covered = |cell| {
            let over = blocks
                .iter()
                .enumerate()
                .filter(|(_, block)| block.holds(cell));
            over.fold(0, |sets, (set, _)| sets | 1 << set)
        };
        let all = (0..self.columns).flat_map(|column| (0..self.rows).map(move |row| (column, row)));
        let nobody: Vec<(usize, usize)> = all
            .filter(|cell| !cells.contains(cell))
            .filter(|cell| {
                let sets = covered(*cell);
                sets != 0 && !self.zones.iter().any(|zone| zone.sets == sets)
            })
            .collect();
        if self
            .best
            .as_ref()
            .is_none_or(|best| nobody.len() < best.nobody.len())
        {
            self.best = Some(Arrangement {
                columns: self.columns,
                rows: self.rows,
                cells: cells.to_vec(),
                blocks,
                nobody,
            });
        }
    }
}

/// The frames with one more cell in those of some sets.
fn grown(frames: &[Option<Block>], sets: u32, cell: (usize, usize)) -> Vec<Option<Block>> {
    frames
        .iter()
        .enumerate()
        .map(|(set, frame)| {
            if sets >> set & 1 == 1 {
                Some(frame.map_or(Block::around(cell), |frame| frame.with(cell)))
            } else {
                *frame
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zones(masks: &[u32]) -> Vec<Zone> {
        let mut masks: Vec<u32> = masks.to_vec();
        masks.sort_unstable();
        masks.dedup();
        let mut zones: Vec<Zone> = masks
            .iter()
            .map(|sets| Zone {
                sets: *sets,
                members: vec![0],
            })
            .collect();
        zones.sort_by_key(|zone| (std::cmp::Reverse(zone.sets.count_ones()), zone.sets));
        zones
    }

    #[test]
    fn nested_and_crossing_sets_are_drawn() {
        assert!(
            arrange(&zones(&[0b1, 0b11, 0b111]))
                .unwrap()
                .nobody
                .is_empty()
        );
        assert!(
            arrange(&zones(&[0b1, 0b11, 0b10]))
                .unwrap()
                .nobody
                .is_empty()
        );
    }

    /// Every two of these four sets share a member that is in no third: with rectangles, which
    /// all meet if every two meet, there would be a cell where all four are.
    #[test]
    fn what_no_rectangles_can_show_without_an_empty_part_says_so() {
        let pairs = [0b0011, 0b0101, 0b1001, 0b0110, 0b1010, 0b1100];
        let found = arrange(&zones(&pairs));
        assert!(found.is_none_or(|found| !found.nobody.is_empty()));
    }

    #[test]
    fn a_ring_of_sets_that_no_rectangles_can_show_is_refused() {
        // Eight sets and every combination of two: some frame must hold a stranger.
        let masks: Vec<u32> = (0..8)
            .flat_map(|one| (0..one).map(move |other| 1 << one | 1 << other))
            .collect();
        assert!(arrange(&zones(&masks)).is_none());
    }

    proptest! {
        /// A zone is within the rectangle of a set if and only if it belongs to the set.
        #[test]
        fn an_arrangement_never_lies(masks in prop::collection::vec(1_u32..64, 1..9)) {
            // Bits that no zone has would be sets without members.
            let used = masks.iter().fold(0, |all, mask| all | mask);
            prop_assume!((used + 1).is_power_of_two());
            let zones = zones(&masks);
            if let Some(found) = arrange(&zones) {
                for (zone, cell) in zones.iter().zip(&found.cells) {
                    for (set, block) in found.blocks.iter().enumerate() {
                        prop_assert_eq!(block.holds(*cell), zone.sets >> set & 1 == 1);
                    }
                }
                for one in 0..found.blocks.len() {
                    for other in 0..one {
                        let share = zones.iter().any(|zone| zone.sets >> one & zone.sets >> other & 1 == 1);
                        prop_assert_eq!(found.blocks[one].meets(&found.blocks[other]), share);
                    }
                }
            }
        }
    }
}
