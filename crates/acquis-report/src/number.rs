//! Figures for people: rounded, grouped, with a true minus sign.
//!
//! Files never pass through here; they receive the shortest decimal that reads back as the
//! same number.

/// The signs a medium can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signs {
    /// U+2212 for minus.
    Typographic,
    /// The hyphen for minus, where only ASCII is safe.
    Ascii,
}

impl Signs {
    pub(crate) fn minus(self) -> char {
        match self {
            Self::Typographic => '\u{2212}',
            Self::Ascii => '-',
        }
    }
}

/// Past this size digits are noise and the exponent is shown.
const LARGEST_WRITTEN_OUT: f64 = 1e15;

/// A rounded number: `−1,234.50`. What rounds to zero has no sign.
pub(crate) fn level(value: f64, decimals: usize, signs: Signs) -> String {
    let (negative, digits) = rounded(value, decimals);
    if negative {
        format!("{}{digits}", signs.minus())
    } else {
        digits
    }
}

/// A rounded change: `+1.25`, `−0.40`, `0.00`.
pub(crate) fn change(value: f64, decimals: usize, signs: Signs) -> String {
    let (negative, digits) = rounded(value, decimals);
    if negative {
        format!("{}{digits}", signs.minus())
    } else if is_zero(&digits) {
        digits
    } else {
        format!("+{digits}")
    }
}

/// A whole number with its thousands grouped.
pub(crate) fn integer(value: i64, signs: Signs) -> String {
    let digits = grouped(&value.unsigned_abs().to_string());
    if value < 0 {
        format!("{}{digits}", signs.minus())
    } else {
        digits
    }
}

/// The sign that a reader sees after rounding: -1, 0 or 1.
pub(crate) fn shown_sign(value: f64, decimals: usize) -> i8 {
    let (negative, digits) = rounded(value, decimals);
    match (negative, is_zero(&digits)) {
        (true, _) => -1,
        (false, true) => 0,
        (false, false) => 1,
    }
}

/// Whether the number is negative after rounding, and its digits without a sign.
fn rounded(value: f64, decimals: usize) -> (bool, String) {
    let size = value.abs();
    let digits = if size >= LARGEST_WRITTEN_OUT {
        format!("{size:.digits$e}", digits = decimals.max(2))
    } else {
        let plain = format!("{size:.decimals$}");
        match plain.split_once('.') {
            Some((whole, part)) => format!("{}.{part}", grouped(whole)),
            None => grouped(&plain),
        }
    };
    (value < 0.0 && !is_zero(&digits), digits)
}

fn is_zero(digits: &str) -> bool {
    digits.chars().all(|c| matches!(c, '0' | '.'))
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_grouped_with_a_true_minus() {
        assert_eq!(level(-1_234_567.891, 1, Signs::Typographic), "−1,234,567.9");
        assert_eq!(level(999.0, 0, Signs::Typographic), "999");
        assert_eq!(level(-12.0, 2, Signs::Ascii), "-12.00");
        assert_eq!(level(2.5e18, 0, Signs::Typographic), "2.50e18");
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(level(-0.001, 2, Signs::Typographic), "0.00");
        assert_eq!(change(0.001, 2, Signs::Typographic), "0.00");
        assert_eq!(change(-0.001, 2, Signs::Typographic), "0.00");
        assert_eq!(shown_sign(-0.001, 2), 0);
    }

    #[test]
    fn changes_are_always_signed() {
        assert_eq!(change(1.25, 2, Signs::Typographic), "+1.25");
        assert_eq!(change(-0.4, 2, Signs::Typographic), "−0.40");
        assert_eq!(shown_sign(0.006, 2), 1);
    }

    #[test]
    fn the_smallest_integer_does_not_overflow() {
        assert_eq!(
            integer(i64::MIN, Signs::Ascii),
            "-9,223,372,036,854,775,808"
        );
        assert_eq!(integer(0, Signs::Ascii), "0");
    }
}
