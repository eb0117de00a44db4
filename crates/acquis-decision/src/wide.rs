//! Counters of a fixed number of 64-bit limbs, least first; sums and differences modulo
//! `2^{64 L}`, exact for results below that.

use num_bigint::BigUint;

/// A counter.
pub(crate) type Wide<const L: usize> = [u64; L];

/// `sum += part`
pub(crate) fn add<const L: usize>(sum: &mut Wide<L>, part: &Wide<L>) {
    let mut carry = false;
    for (limb, part) in sum.iter_mut().zip(part) {
        let (partial, first) = limb.overflowing_add(*part);
        let (whole, second) = partial.overflowing_add(u64::from(carry));
        *limb = whole;
        carry = first | second;
    }
}

/// `rest -= part`
pub(crate) fn subtract<const L: usize>(rest: &mut Wide<L>, part: &Wide<L>) {
    let mut borrow = false;
    for (limb, part) in rest.iter_mut().zip(part) {
        let (partial, first) = limb.overflowing_sub(*part);
        let (whole, second) = partial.overflowing_sub(u64::from(borrow));
        *limb = whole;
        borrow = first | second;
    }
}

/// `1`
pub(crate) fn one<const L: usize>() -> Wide<L> {
    let mut one = [0; L];
    if let Some(lowest) = one.first_mut() {
        *lowest = 1;
    }
    one
}

/// The same number in more limbs.
pub(crate) fn widen<const A: usize, const B: usize>(narrow: &Wide<A>) -> Wide<B> {
    let mut wide = [0; B];
    for (limb, narrow) in wide.iter_mut().zip(narrow) {
        *limb = *narrow;
    }
    wide
}

/// As a big number.
pub(crate) fn big<const L: usize>(wide: &Wide<L>) -> BigUint {
    let halves = wide.iter().flat_map(|limb| {
        let low = limb & u64::from(u32::MAX);
        [low, limb >> 32].map(|half| u32::try_from(half).unwrap_or(0))
    });
    BigUint::new(halves.collect())
}

/// `table[at] = join(table[at], table[at - shift])` for `at` from `shift` to before `end`, with
/// the values from before: in blocks from the top that don't overlap their source.
pub(crate) fn join_shifted<T>(
    table: &mut [T],
    shift: usize,
    end: usize,
    join: impl Fn(&mut T, &T),
) {
    let mut top = end;
    while top > shift {
        let bottom = top.saturating_sub(shift).max(shift);
        let (source, target) = table.split_at_mut(bottom);
        let source = &source[bottom - shift..top - shift];
        for (target, source) in target[..top - bottom].iter_mut().zip(source) {
            join(target, source);
        }
        top = bottom;
    }
}

/// Entries that one thread joins by itself.
const ALONE: usize = 1 << 15;

/// [`join_shifted`] up to the table's end, by several threads: the halves are joined beside each
/// other once what the upper one takes from the lower is copied. The same for any number of
/// threads.
pub(crate) fn join_shifted_in_halves<T: Clone + Send + Sync>(
    table: &mut [T],
    shift: usize,
    join: &(impl Fn(&mut T, &T) + Sync),
) {
    let end = table.len();
    if end.saturating_sub(shift) < ALONE || rayon::current_num_threads() == 1 {
        return join_shifted(table, shift, end, join);
    }
    let middle = usize::midpoint(shift, end);
    let below = table[middle - shift..middle.min(end - shift)].to_vec();
    let (lower, upper) = table.split_at_mut(middle);
    rayon::join(
        || join_shifted_in_halves(lower, shift, join),
        || {
            join_shifted_in_halves(upper, shift, join);
            for (target, source) in upper.iter_mut().zip(&below) {
                join(target, source);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::{ALONE, join_shifted, join_shifted_in_halves};

    #[test]
    fn halves_agree_with_the_whole() {
        let end = 5 * ALONE + 7;
        for shift in [
            1,
            2,
            250,
            ALONE,
            2 * ALONE + 3,
            4 * ALONE,
            end - 1,
            end,
            end + 9,
        ] {
            let mut whole: Vec<u64> = (0..end as u64).map(|k| k * k % 1_009).collect();
            let mut halves = whole.clone();
            let add = |sum: &mut u64, part: &u64| *sum = sum.wrapping_mul(3).wrapping_add(*part);
            join_shifted(&mut whole, shift, end, add);
            join_shifted_in_halves(&mut halves, shift, &add);
            assert_eq!(whole, halves, "{shift}");
        }
    }
}
