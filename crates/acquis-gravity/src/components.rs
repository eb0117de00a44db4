//! Rows that two sets of effects separate, found exactly and in one pass.
//!
//! With two sets of intercepts alone, `z = a - b` for the levels `a` and `b` of a row must be
//! zero where the outcome is positive and not below zero where it is zero. Levels that share a
//! positive row are therefore one *component*, with one value, and a row of outcome zero says
//! that the component of its `a` is worth no less than that of its `b`. Components on a cycle
//! of such rows are all worth the same; those that are not can be put in an order in which
//! each row goes strictly down. So the separated rows are those that lead from one strongly
//! connected component to another.

use crate::design::Design;
use crate::sample::Kept;

/// Kept rows, ascending, that some two sets of intercepts separate.
pub(crate) fn separated_by_pairs(design: &Design<'_>, kept: &Kept) -> Vec<u32> {
    let intercepts: Vec<usize> = (0..design.effects.len())
        .filter(|&e| design.effects[e].slope.is_none())
        .collect();
    let mut found = Vec::new();
    for (at, &first) in intercepts.iter().enumerate() {
        for &second in &intercepts[at + 1..] {
            found.extend(separated_by(design, kept, first, second));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn separated_by(design: &Design<'_>, kept: &Kept, first: usize, second: usize) -> Vec<u32> {
    let (a, b) = (
        &design.effects[first].factor,
        &design.effects[second].factor,
    );
    let outcome = &design.outcome.values;
    let shift = a.levels();
    let ends = |row: u32| {
        let row = row as usize;
        (a.codes()[row] as usize, shift + b.codes()[row] as usize)
    };
    let rows = || (0_u32..).zip(&kept.keep).filter(|(_, keep)| **keep);
    let mut sets = Sets::new(shift + b.levels());
    for (row, _) in rows() {
        if outcome[row as usize] > 0.0 {
            let (a, b) = ends(row);
            sets.unite(a, b);
        }
    }
    let mut loose = Vec::new();
    let mut edges = Vec::new();
    for (row, _) in rows() {
        let (a, b) = ends(row);
        let (a, b) = (sets.root(a), sets.root(b));
        if a != b {
            loose.push(row);
            edges.push((a as u32, b as u32));
        }
    }
    let strong = strong_components(sets.parents.len(), &edges);
    let separated = loose.into_iter().zip(&edges);
    separated
        .filter(|(_, (a, b))| strong[*a as usize] != strong[*b as usize])
        .map(|(row, _)| row)
        .collect()
}

/// Disjoint sets of levels.
struct Sets {
    parents: Vec<u32>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self {
            parents: (0..count as u32).collect(),
        }
    }

    /// What stands for the set, halving the way to it.
    fn root(&mut self, mut node: usize) -> usize {
        while self.parents[node] as usize != node {
            let above = self.parents[self.parents[node] as usize];
            self.parents[node] = above;
            node = above as usize;
        }
        node
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b) as u32;
    }
}

/// The strongly connected component of each node (Tarjan 1972, without recursion).
fn strong_components(nodes: usize, edges: &[(u32, u32)]) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let (starts, heads) = adjacency(nodes, edges);
    let mut component = vec![NEW; nodes];
    let mut order = vec![NEW; nodes];
    let mut least = vec![0; nodes];
    let (mut visited, mut components) = (0, 0);
    let mut open = Vec::new();
    // Nodes on the way down, each with the edge to look at next.
    let mut way: Vec<(u32, u32)> = Vec::new();
    for node in 0..nodes {
        if order[node] != NEW {
            continue;
        }
        way.push((node as u32, starts[node]));
        while let Some((node, edge)) = way.last_mut() {
            let own = *node as usize;
            if order[own] == NEW {
                (order[own], least[own]) = (visited, visited);
                visited += 1;
                open.push(*node);
            }
            if *edge < starts[own + 1] {
                let head = heads[*edge as usize] as usize;
                *edge += 1;
                if order[head] == NEW {
                    way.push((head as u32, starts[head]));
                } else if component[head] == NEW {
                    least[own] = least[own].min(order[head]);
                }
                continue;
            }
            if least[own] == order[own] {
                while let Some(member) = open.pop() {
                    component[member as usize] = components;
                    if member as usize == own {
                        break;
                    }
                }
                components += 1;
            }
            way.pop();
            if let Some(&(above, _)) = way.last() {
                least[above as usize] = least[above as usize].min(least[own]);
            }
        }
    }
    component
}

/// Where the heads of each node's edges begin, and the heads.
fn adjacency(nodes: usize, edges: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; nodes + 1];
    for &(tail, _) in edges {
        starts[tail as usize + 1] += 1;
    }
    for node in 0..nodes {
        starts[node + 1] += starts[node];
    }
    let mut next = starts.clone();
    let mut heads = vec![0; edges.len()];
    for &(tail, head) in edges {
        let next = &mut next[tail as usize];
        heads[*next as usize] = head;
        *next += 1;
    }
    (starts, heads)
}

#[cfg(test)]
mod tests {
    use super::strong_components;
    use crate::random::Random;

    /// Against reachability by brute force.
    #[test]
    fn strong_components_reach_each_other() {
        let mut random = Random::new(11);
        for _ in 0..200 {
            let nodes = 1 + random.below(9);
            let edges: Vec<(u32, u32)> = (0..random.below(20))
                .map(|_| (random.below(nodes) as u32, random.below(nodes) as u32))
                .collect();
            let mut reach = vec![vec![false; nodes]; nodes];
            for (node, reach) in reach.iter_mut().enumerate() {
                reach[node] = true;
            }
            for _ in 0..nodes {
                for &(tail, head) in &edges {
                    for from in &mut reach {
                        from[head as usize] |= from[tail as usize];
                    }
                }
            }
            let component = strong_components(nodes, &edges);
            for a in 0..nodes {
                for b in 0..nodes {
                    let together = reach[a][b] && reach[b][a];
                    assert_eq!(component[a] == component[b], together, "{edges:?}");
                }
            }
        }
    }
}
