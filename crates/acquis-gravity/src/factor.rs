//! Categorical columns: who exports, which year, and their combinations.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::DesignError;

/// The code of a row whose level is not known.
pub const MISSING: u32 = u32::MAX;

/// Combinations up to which codes are looked up in a table instead of sorted.
const TABLE: u64 = 1 << 26;

/// A categorical column: a code per row, `0..levels`, and what the codes stand for.
///
/// ```
/// use acquis_gravity::Factor;
///
/// let exporter = Factor::from_labels(&["KAZ", "KGZ", "KAZ"]);
/// let year = Factor::from_integers(&[2014, 2014, 2015]);
/// let both = Factor::cross(&[&exporter, &year])?;
/// assert_eq!(both.levels(), 3);
/// assert_eq!(both.label(both.codes()[2]), "KAZ^2015");
/// # Ok::<(), acquis_gravity::DesignError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Factor<'a> {
    codes: Cow<'a, [u32]>,
    levels: usize,
    labels: Labels,
}

#[derive(Debug, Clone)]
enum Labels {
    Numbered,
    Named(Arc<[String]>),
    Integers(Arc<[i64]>),
    /// Each level is a combination, in mixed radix, of levels of the parts.
    Crossed(Arc<Crossing>),
}

#[derive(Debug)]
struct Crossing {
    parts: Vec<(Labels, u64)>,
    combinations: Vec<u64>,
}

impl<'a> Factor<'a> {
    /// Borrows codes `0, 1, ...`; [`MISSING`] marks a row without a level.
    pub fn from_codes(codes: &'a [u32]) -> Self {
        let most = codes.iter().filter(|&&code| code != MISSING).max();
        Self {
            levels: most.map_or(0, |&code| code as usize + 1),
            codes: Cow::Borrowed(codes),
            labels: Labels::Numbered,
        }
    }

    /// Borrows codes that stand for positions in `labels`.
    ///
    /// # Errors
    /// [`DesignError::UnknownLevel`] if a code is beyond the labels.
    pub fn with_labels(codes: &'a [u32], labels: Vec<String>) -> Result<Self, DesignError> {
        let factor = Self::from_codes(codes);
        if factor.levels > labels.len() {
            return Err(DesignError::UnknownLevel {
                code: factor.levels - 1,
                labels: labels.len(),
            });
        }
        Ok(Self {
            levels: labels.len(),
            labels: Labels::Named(labels.into()),
            ..factor
        })
    }

    /// Sorts texts into levels, in alphabetical order; an empty text is missing.
    pub fn from_labels<S: AsRef<str>>(texts: &[S]) -> Factor<'static> {
        let mut levels: BTreeMap<&str, u32> = BTreeMap::new();
        for text in texts {
            let text = text.as_ref();
            if !text.is_empty() {
                levels.entry(text).or_default();
            }
        }
        let mut labels = Vec::with_capacity(levels.len());
        for (code, (text, level)) in (0_u32..).zip(&mut levels) {
            *level = code;
            labels.push((*text).to_owned());
        }
        let code = |text: &S| levels.get(text.as_ref()).copied().unwrap_or(MISSING);
        Factor {
            codes: texts.iter().map(code).collect(),
            levels: labels.len(),
            labels: Labels::Named(labels.into()),
        }
    }

    /// Sorts whole numbers (years, identifiers) into levels, in their order.
    pub fn from_integers(numbers: &[i64]) -> Factor<'static> {
        let least = numbers.iter().copied().min().unwrap_or(0);
        let most = numbers.iter().copied().max().unwrap_or(0);
        let span = most.abs_diff(least).saturating_add(1);
        let (codes, labels) = if span <= TABLE && span / 8 <= numbers.len() as u64 {
            let shifted: Vec<u64> = numbers.iter().map(|n| n.abs_diff(least)).collect();
            let (codes, levels) = compress(&shifted, span);
            let label = |level: u64| least.saturating_add_unsigned(level);
            (codes, levels.into_iter().map(label).collect())
        } else {
            rank(numbers)
        };
        Factor {
            codes: codes.into(),
            levels: labels.len(),
            labels: Labels::Integers(labels.into()),
        }
    }

    /// Sorts numbers into levels, in their order; what is not finite is missing.
    pub fn from_numbers(numbers: &[f64]) -> Factor<'static> {
        let whole = |number: f64| number.fract().abs() <= 0.0 && number.abs() < 9e15;
        let missing = numbers.iter().any(|number| !number.is_finite());
        if !missing && numbers.iter().all(|&number| whole(number)) {
            let integers: Vec<i64> = numbers.iter().map(|&number| number as i64).collect();
            return Factor::from_integers(&integers);
        }
        // The order of the bits of a float, turned into the order of the numbers.
        let key = |number: f64| {
            let bits = (number + 0.0).to_bits();
            if bits >> 63 == 1 {
                !bits
            } else {
                bits | 1 << 63
            }
        };
        let finite = |number: &&f64| number.is_finite();
        let mut distinct: Vec<f64> = numbers.iter().filter(finite).copied().collect();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        let keys: Vec<u64> = distinct.iter().map(|&number| key(number)).collect();
        let code = |&number: &f64| {
            if !number.is_finite() {
                return MISSING;
            }
            keys.binary_search(&key(number))
                .map_or(MISSING, |at| at as u32)
        };
        Factor {
            codes: numbers.iter().map(code).collect(),
            levels: distinct.len(),
            labels: Labels::Named(distinct.iter().map(f64::to_string).collect()),
        }
    }

    /// The factor whose levels are the combinations that occur; a row that misses one part
    /// misses the combination.
    ///
    /// # Errors
    /// [`DesignError::Length`] if the parts differ in length.
    pub fn cross(parts: &[&Factor<'_>]) -> Result<Factor<'static>, DesignError> {
        let rows = parts.first().map_or(0, |part| part.codes.len());
        let mut combined = vec![0_u64; rows];
        let mut absent = false;
        for part in parts {
            if part.codes.len() != rows {
                return Err(DesignError::Length {
                    column: "interaction".to_owned(),
                    expected: rows,
                    got: part.codes.len(),
                });
            }
            for (combined, &code) in combined.iter_mut().zip(part.codes.iter()) {
                *combined = if code == MISSING || *combined == u64::MAX {
                    absent = true;
                    u64::MAX
                } else {
                    *combined * part.levels as u64 + u64::from(code)
                };
            }
        }
        let span = parts
            .iter()
            .fold(1_u64, |span, part| span.saturating_mul(part.levels as u64));
        let (codes, combinations) = if span <= TABLE {
            compress(&combined, span)
        } else {
            let (mut codes, mut combinations) = rank(&combined);
            if absent {
                let last = combinations.len() as u32 - 1;
                combinations.pop();
                for code in codes.iter_mut().filter(|code| **code == last) {
                    *code = MISSING;
                }
            }
            (codes, combinations)
        };
        Ok(Factor {
            codes: codes.into(),
            levels: combinations.len(),
            labels: Labels::Crossed(Arc::new(Crossing {
                parts: parts
                    .iter()
                    .map(|part| (part.labels.clone(), part.levels as u64))
                    .collect(),
                combinations,
            })),
        })
    }

    /// Owns codes that stand for positions in `labels`.
    pub(crate) fn owned(codes: Vec<u32>, labels: Vec<String>) -> Factor<'static> {
        Factor {
            codes: codes.into(),
            levels: labels.len(),
            labels: Labels::Named(labels.into()),
        }
    }

    /// The same factor, borrowing these codes.
    pub(crate) fn borrowed(&self) -> Factor<'_> {
        Factor {
            codes: Cow::Borrowed(&self.codes),
            levels: self.levels,
            labels: self.labels.clone(),
        }
    }

    /// The same factor at some rows only, in their order; rows beyond the end are missing.
    pub fn select(&self, rows: &[u32]) -> Factor<'static> {
        let code = |&row: &u32| self.codes.get(row as usize).copied().unwrap_or(MISSING);
        Factor {
            codes: rows.iter().map(code).collect(),
            levels: self.levels,
            labels: self.labels.clone(),
        }
    }

    /// One code per row.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Number of levels, whether or not each occurs.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// What a code stands for; parts of a combination are joined by `^`.
    pub fn label(&self, code: u32) -> String {
        self.labels.get(u64::from(code))
    }
}

impl Labels {
    fn get(&self, code: u64) -> String {
        let position = usize::try_from(code).unwrap_or(usize::MAX);
        match self {
            Self::Numbered => code.to_string(),
            Self::Named(labels) => labels.get(position).cloned().unwrap_or_default(),
            Self::Integers(labels) => labels
                .get(position)
                .map_or_else(String::new, i64::to_string),
            Self::Crossed(crossing) => {
                let Some(&combination) = crossing.combinations.get(position) else {
                    return String::new();
                };
                let mut left = combination;
                let mut texts = Vec::with_capacity(crossing.parts.len());
                for (labels, levels) in crossing.parts.iter().rev() {
                    texts.push(labels.get(left % levels));
                    left /= levels;
                }
                texts.reverse();
                texts.join("^")
            }
        }
    }
}

/// Positions of `values` among their sorted distinct values.
fn rank<T: Ord + Copy>(values: &[T]) -> (Vec<u32>, Vec<T>) {
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let position = |value| distinct.binary_search(value).unwrap_or(0) as u32;
    (values.iter().map(position).collect(), distinct)
}

/// As [`rank`], for values below `span` (or `u64::MAX`, missing), through a table.
fn compress(values: &[u64], span: u64) -> (Vec<u32>, Vec<u64>) {
    let mut table = vec![MISSING; span as usize];
    for &value in values {
        if let Some(seen) = table.get_mut(value as usize) {
            *seen = 0;
        }
    }
    let mut distinct = Vec::new();
    for (value, position) in (0_u64..).zip(&mut table) {
        if *position == 0 {
            *position = distinct.len() as u32;
            distinct.push(value);
        }
    }
    let code = |&value: &u64| table.get(value as usize).copied().unwrap_or(MISSING);
    (values.iter().map(code).collect(), distinct)
}
