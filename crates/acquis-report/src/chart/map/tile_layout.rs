//! A square for each state near its place: the assignment that moves them least.
//!
//! Places are first evened out, half by their rank from west to east and from north to south, so
//! that crowded regions spread and empty ones close up. Then states and squares of a grid are
//! matched so that the sum of the squared distances is the least there is (the Hungarian method
//! in the form of Jonker and Volgenant 1987). Last, states trade squares while that makes
//! neighbours lie to each other more as they do on the ground.

/// The column and row of each place; places that are not known come below the others.
pub(super) fn layout(places: &[Option<[f64; 2]>]) -> Vec<[i32; 2]> {
    let known: Vec<usize> = (0..places.len())
        .filter(|at| places[*at].is_some())
        .collect();
    let points: Vec<[f64; 2]> = places.iter().flatten().copied().collect();
    let mut tiles = vec![[0, 0]; places.len()];
    let grid = Grid::for_points(&points);
    let even: Vec<[f64; 2]> = {
        let x = evened(&points, 0, grid.columns);
        let y = evened(&points, 1, grid.rows);
        x.into_iter().zip(y).map(|(x, y)| [x, y]).collect()
    };
    let cells = grid.cells();
    let cost = |row: usize, column: usize| {
        let ([x, y], [cx, cy]) = (even[row], cells[column]);
        (x - f64::from(cx)).powi(2) + (y - f64::from(cy)).powi(2)
    };
    let mut seats: Vec<[i32; 2]> = assignment(even.len(), cells.len(), cost)
        .into_iter()
        .map(|cell| cells[cell])
        .collect();
    settle(&mut seats, &even, &cells);
    for (state, seat) in known.iter().zip(seats) {
        tiles[*state] = seat;
    }
    close_up(&mut tiles, &known);
    let below = known
        .iter()
        .map(|at| tiles[*at][1])
        .max()
        .map_or(0, |row| row + 1);
    let unknown = (0..places.len()).filter(|at| places[*at].is_none());
    for (column, at) in (0..).zip(unknown) {
        tiles[at] = [
            column % grid.columns.max(1),
            below + column / grid.columns.max(1),
        ];
    }
    tiles
}

/// How many columns and rows there are to choose from.
struct Grid {
    columns: i32,
    rows: i32,
}

impl Grid {
    /// Some more squares than points, in the shape of their frame, yet never very long.
    fn for_points(points: &[[f64; 2]]) -> Self {
        const SPARE: f64 = 1.5;
        let extent = |axis: usize| {
            let (low, high) = points
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| {
                    (l.min(p[axis]), h.max(p[axis]))
                });
            (high - low).max(1e-6)
        };
        let shape = if points.len() > 1 {
            (extent(0) / extent(1)).clamp(0.5, 2.0)
        } else {
            1.0
        };
        let count = (points.len() as f64 * SPARE).max(1.0);
        let columns = (count * shape).sqrt().ceil();
        #[allow(
            clippy::cast_possible_truncation,
            reason = "far fewer than two billion"
        )]
        Self {
            columns: columns as i32,
            rows: (count / columns).ceil() as i32,
        }
    }

    fn cells(&self) -> Vec<[i32; 2]> {
        let rows = 0..self.rows;
        rows.flat_map(|row| (0..self.columns).map(move |column| [column, row]))
            .collect()
    }
}

/// One coordinate of each point, from 0 to the last of so many squares: half as it is, half by rank.
fn evened(points: &[[f64; 2]], axis: usize, squares: i32) -> Vec<f64> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|one, other| {
        points[*one][axis]
            .total_cmp(&points[*other][axis])
            .then(one.cmp(other))
    });
    let (Some(first), Some(last)) = (order.first(), order.last()) else {
        return Vec::new();
    };
    let (low, high) = (points[*first][axis], points[*last][axis]);
    let most = f64::from(squares - 1);
    let mut even = vec![0.0; points.len()];
    for (rank, at) in order.iter().enumerate() {
        let by_rank = rank as f64 / (points.len() - 1).max(1) as f64;
        let by_place = (points[*at][axis] - low) / (high - low).max(1e-9);
        even[*at] = f64::midpoint(by_rank, by_place) * most;
    }
    even
}

/// Neighbours count most: how far two states are from lying to each other as their places do.
fn strain(one: usize, other: usize, seats: [[i32; 2]; 2], even: &[[f64; 2]]) -> f64 {
    let mut apart = 0.0;
    let mut wrong = 0.0;
    for axis in 0..2 {
        let wished = even[one][axis] - even[other][axis];
        let has = f64::from(seats[0][axis] - seats[1][axis]);
        apart += wished * wished;
        wrong += (has - wished).powi(2);
    }
    wrong / (0.3 + apart)
}

/// Moves states to free squares, and lets two change places, as long as that makes them lie
/// more as their places do.
fn settle(seats: &mut [[i32; 2]], even: &[[f64; 2]], cells: &[[i32; 2]]) {
    // Past this many states the first assignment stands: the search grows with their cube.
    const MOST: usize = 70;
    const ROUNDS: usize = 12;
    if seats.len() > MOST {
        return;
    }
    let strain_of = |state: usize, seats: &[[i32; 2]]| -> f64 {
        let others = (0..seats.len()).filter(|other| *other != state);
        others
            .map(|other| strain(state, other, [seats[state], seats[other]], even))
            .sum()
    };
    for _ in 0..ROUNDS {
        let mut moved = false;
        for state in 0..seats.len() {
            for cell in cells {
                let home = seats[state];
                let tenant = seats.iter().position(|seat| seat == cell);
                if *cell == home {
                    continue;
                }
                let both = |seats: &[[i32; 2]]| {
                    strain_of(state, seats) + tenant.map_or(0.0, |other| strain_of(other, seats))
                };
                let before = both(seats);
                seats[state] = *cell;
                if let Some(other) = tenant {
                    seats[other] = home;
                }
                if both(seats) < before - 1e-9 {
                    moved = true;
                } else {
                    seats[state] = home;
                    if let Some(other) = tenant {
                        seats[other] = *cell;
                    }
                }
            }
        }
        if !moved {
            break;
        }
    }
}

/// Rows and columns that nobody is in go.
fn close_up(tiles: &mut [[i32; 2]], known: &[usize]) {
    let ranked = |axis: usize, tile: [i32; 2], used: &[i32]| {
        let rank = used.partition_point(|line| *line < tile[axis]);
        i32::try_from(rank).unwrap_or_default()
    };
    let [columns, rows] = [0, 1].map(|axis| {
        let mut used: Vec<i32> = known.iter().map(|at| tiles[*at][axis]).collect();
        used.sort_unstable();
        used.dedup();
        used
    });
    for at in known {
        tiles[*at] = [
            ranked(0, tiles[*at], &columns),
            ranked(1, tiles[*at], &rows),
        ];
    }
}

/// The column of each row so that every row has its own and the sum of the costs is the least;
/// there must be at least as many columns as rows. Rows are added one by one, each along the
/// cheapest path of exchanges.
fn assignment(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    const FREE: usize = usize::MAX;
    let mut row_price = vec![0.0; rows];
    let mut column_price = vec![0.0; columns + 1];
    // The row of each column; the last is a seat for the row that is being added.
    let mut taken = vec![FREE; columns + 1];
    for row in 0..rows {
        taken[columns] = row;
        let mut least = vec![f64::INFINITY; columns];
        let mut from = vec![columns; columns];
        let mut reached = vec![false; columns + 1];
        let mut at = columns;
        while taken[at] != FREE {
            reached[at] = true;
            let here = taken[at];
            let (mut step, mut next) = (f64::INFINITY, columns);
            for column in (0..columns).filter(|column| !reached[*column]) {
                let spare = cost(here, column) - row_price[here] - column_price[column];
                if spare < least[column] {
                    (least[column], from[column]) = (spare, at);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            if next == columns {
                return Vec::new();
            }
            for column in 0..=columns {
                if reached[column] {
                    row_price[taken[column]] += step;
                    column_price[column] -= step;
                } else if column < columns {
                    least[column] -= step;
                }
            }
            at = next;
        }
        while at != columns {
            taken[at] = taken[from[at]];
            at = from[at];
        }
    }
    let mut seats = vec![0; rows];
    for (column, row) in taken[..columns]
        .iter()
        .enumerate()
        .filter(|(_, row)| **row != FREE)
    {
        seats[*row] = column;
    }
    seats
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least cost by trying everything.
    fn cheapest(costs: &[Vec<f64>], row: usize, used: &mut Vec<bool>) -> f64 {
        if row == costs.len() {
            return 0.0;
        }
        (0..used.len())
            .map(|column| {
                if used[column] {
                    return f64::INFINITY;
                }
                used[column] = true;
                let rest = cheapest(costs, row + 1, used);
                used[column] = false;
                costs[row][column] + rest
            })
            .fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #[test]
        fn the_assignment_is_the_cheapest_there_is(
            costs in (1_usize..5, 0_usize..3).prop_flat_map(|(rows, spare)| {
                prop::collection::vec(prop::collection::vec(0.0_f64..10.0, rows + spare), rows)
            }),
        ) {
            let columns = costs[0].len();
            let seats = assignment(costs.len(), columns, |row, column| costs[row][column]);
            let sum: f64 = seats.iter().enumerate().map(|(row, column)| costs[row][*column]).sum();
            let best = cheapest(&costs, 0, &mut vec![false; columns]);
            prop_assert!((sum - best).abs() < 1e-9, "{seats:?}: {sum} instead of {best}");
        }

        #[test]
        fn every_state_has_a_square_of_its_own(
            places in prop::collection::vec(prop::option::weighted(0.9, (0.0_f64..800.0, 0.0_f64..400.0)), 0..60),
        ) {
            let places: Vec<Option<[f64; 2]>> = places.into_iter().map(|p| p.map(|(x, y)| [x, y])).collect();
            let mut tiles = layout(&places);
            prop_assert!(tiles.iter().flatten().all(|at| *at >= 0));
            tiles.sort_unstable();
            let count = tiles.len();
            tiles.dedup();
            prop_assert_eq!(tiles.len(), count);
        }
    }

    #[test]
    fn neighbours_lie_to_each_other_as_on_the_ground() {
        // Crowded in the west, one large state in the east.
        let places = [
            [0.0, 0.0],
            [20.0, 5.0],
            [5.0, 40.0],
            [30.0, 45.0],
            [400.0, 20.0],
        ];
        let tiles = layout(&places.map(Some));
        let west_of = |one: usize, other: usize| tiles[one][0] < tiles[other][0];
        let north_of = |one: usize, other: usize| tiles[one][1] < tiles[other][1];
        assert!(
            west_of(0, 1) && west_of(2, 3) && (0..4).all(|at| west_of(at, 4)),
            "{tiles:?}"
        );
        assert!(north_of(0, 2) && north_of(1, 3), "{tiles:?}");
    }

    #[test]
    fn a_row_of_places_stays_a_row() {
        let places: Vec<_> = (0..4)
            .map(|at| Some([f64::from(at) * 100.0, 50.0]))
            .collect();
        let tiles = layout(&places);
        assert!(
            tiles
                .windows(2)
                .all(|pair| pair[0][0] < pair[1][0] || pair[0][1] != pair[1][1]),
            "{tiles:?}"
        );
    }
}
