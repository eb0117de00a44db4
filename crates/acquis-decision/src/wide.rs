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
