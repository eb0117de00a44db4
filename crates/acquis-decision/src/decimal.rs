//! Weights as written: every `f64` is read as the shortest decimal that denotes it, so that
//! 0.1 + 0.2 meets a quota of 0.3, and sums are compared as integers.

use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

/// `digits · 10^exponent`.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: u64,
    exponent: i32,
}

impl Decimal {
    /// The shortest decimal of a finite `value >= 0`.
    fn read(value: f64) -> Self {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mut digits = 0_u64;
        let mut decimals = 0;
        let mut past_point = false;
        for symbol in mantissa.chars() {
            match symbol.to_digit(10) {
                Some(digit) => {
                    digits = digits * 10 + u64::from(digit);
                    decimals += i32::from(past_point);
                }
                None => past_point = true,
            }
        }
        let exponent = exponent.parse::<i32>().unwrap_or(0) - decimals;
        Self { digits, exponent }
    }
}

/// Amounts as integers in a common unit `10^exponent`.
#[derive(Debug, Clone)]
pub(crate) struct Scaled {
    pub(crate) amounts: Vec<u128>,
    exponent: i32,
}

/// The position of an amount that can't be held in one scale with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFine(pub(crate) usize);

/// Totals stay below this, so that twice a total can be formed.
const ROOM: u128 = u128::MAX >> 2;

impl Scaled {
    /// Scales finite values `>= 0`; fails where more than 37 decimal digits would be needed.
    pub(crate) fn new(values: &[f64]) -> Result<Self, TooFine> {
        let decimals: Vec<Decimal> = values.iter().map(|&value| Decimal::read(value)).collect();
        let finest = |decimal: &&Decimal| decimal.digits != 0;
        let exponent = decimals.iter().filter(finest).map(|d| d.exponent).min();
        let exponent = exponent.unwrap_or(0);
        let mut total = 0_u128;
        let mut amounts = Vec::with_capacity(values.len());
        for (position, decimal) in decimals.iter().enumerate() {
            let amount = if decimal.digits == 0 {
                Some(0)
            } else {
                u32::try_from(decimal.exponent - exponent)
                    .ok()
                    .and_then(|zeros| 10_u128.checked_pow(zeros))
                    .and_then(|unit| unit.checked_mul(u128::from(decimal.digits)))
            };
            let amount = amount.ok_or(TooFine(position))?;
            total = total
                .checked_add(amount)
                .filter(|total| *total < ROOM)
                .ok_or(TooFine(position))?;
            amounts.push(amount);
        }
        Ok(Self { amounts, exponent })
    }

    pub(crate) fn total(&self) -> u128 {
        self.amounts.iter().sum()
    }

    /// An amount of this scale's unit as a value.
    pub(crate) fn value(&self, amount: u128) -> f64 {
        let whole = BigRational::from_integer(amount.into());
        nearest(&(whole * power_of_ten(self.exponent)))
    }

    /// A finite `value >= 0` in this scale's unit.
    pub(crate) fn in_units(&self, value: f64) -> BigRational {
        let decimal = Decimal::read(value);
        let whole = BigRational::from_integer(decimal.digits.into());
        whole * power_of_ten(decimal.exponent - self.exponent)
    }
}

/// A finite `value >= 0` as the decimal that denotes it.
pub(crate) fn exact(value: f64) -> BigRational {
    let decimal = Decimal::read(value);
    BigRational::from_integer(decimal.digits.into()) * power_of_ten(decimal.exponent)
}

fn power_of_ten(exponent: i32) -> BigRational {
    let power = BigUint::from(10_u32).pow(exponent.unsigned_abs());
    let whole = BigRational::from_integer(power.into());
    if exponent < 0 { whole.recip() } else { whole }
}

/// The nearest `f64`.
pub(crate) fn nearest(value: &BigRational) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}

/// `above / below`; zero if `below` is.
pub(crate) fn ratio(above: &BigUint, below: &BigUint) -> BigRational {
    if below.is_zero() {
        return BigRational::zero();
    }
    BigRational::new(above.clone().into(), below.clone().into())
}

/// `n!`
pub(crate) fn factorial(n: usize) -> BigUint {
    (1..=n).fold(BigUint::one(), |product, k| product * k)
}

/// Row `n` of Pascal's triangle.
pub(crate) fn binomials(n: usize) -> Vec<BigUint> {
    let mut row = vec![BigUint::one()];
    for k in 0..n {
        let next = &row[k] * (n - k) / (k + 1);
        row.push(next);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_added_as_written() {
        let scaled = Scaled::new(&[0.1, 0.2, 1e3]).unwrap_or_else(|_| Scaled {
            amounts: vec![],
            exponent: 0,
        });
        assert_eq!(scaled.amounts, [1, 2, 10_000]);
        assert_eq!(scaled.in_units(0.3), BigRational::from_integer(3.into()));
        assert_eq!(exact(0.65), BigRational::new(13.into(), 20.into()));
    }

    #[test]
    fn a_range_that_is_too_wide_is_refused() {
        let refused = Scaled::new(&[1e-300, 1e300]);
        assert_eq!(refused.map(|s| s.amounts), Err(TooFine(1)));
    }
}
