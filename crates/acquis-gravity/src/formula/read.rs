//! The grammar of formulas.

use super::{EffectTerm, Formula, FormulaError, Operand};
use crate::cursor::Cursor;
use crate::expression::{Expression, is_function};

/// Products of operands, to be added.
type Sum = Vec<Vec<Operand>>;

/// Most formulas that one text may state, and most terms that one product may stand for.
const MOST: usize = 1_000;

pub(super) fn formulas(text: &str) -> Result<Vec<Formula>, FormulaError> {
    let mut cursor = Cursor::new(text);
    let outcomes = outcomes(&mut cursor)?;
    cursor.expect("~")?;
    let regressors = steps(&mut cursor, regressor)?;
    let mut effects = vec![Vec::new()];
    if cursor.eat("|") {
        effects = steps(&mut cursor, effect)?;
    }
    let mut clusters = Vec::new();
    if cursor.eat("|") {
        clusters = combinations(&mut cursor)?;
    }
    if cursor.rest().starts_with('~') {
        return Err(cursor.error("instrumental variables are not estimated here"));
    }
    cursor.end("`+`, `|` or the end")?;
    if outcomes.len() * effects.len() * regressors.len() > MOST {
        return Err(cursor.error(format!("more than {MOST} formulas in one")));
    }
    let mut formulas = Vec::new();
    for outcome in &outcomes {
        for effects in &effects {
            for regressors in &regressors {
                formulas.push(Formula {
                    outcome: outcome.clone(),
                    regressors: regressors.clone(),
                    effects: effects.clone(),
                    clusters: clusters.clone(),
                    weights: None,
                    offset: None,
                });
            }
        }
    }
    Ok(formulas)
}

pub(super) fn clusters(text: &str) -> Result<Vec<Vec<String>>, FormulaError> {
    let mut cursor = Cursor::new(text);
    let clusters = combinations(&mut cursor)?;
    cursor.end("`+`, `^` or the end")?;
    Ok(clusters)
}

/// `a`, `a + b` or `c(a, b)`.
fn outcomes(cursor: &mut Cursor<'_>) -> Result<Vec<Operand>, FormulaError> {
    let listed = cursor.rest().starts_with("c(");
    let separator = if listed { "," } else { "+" };
    if listed {
        cursor.eat("c(");
    }
    let mut outcomes = Vec::new();
    loop {
        let place = cursor.place();
        let mut sum = operand(cursor)?;
        let single = match (sum.pop(), sum.is_empty()) {
            (Some(mut product), true) if product.len() == 1 => product.pop(),
            _ => None,
        };
        let Some(outcome @ (Operand::Column(_) | Operand::Computed(_))) = single else {
            let what = format!("`{}` can't be an outcome", cursor.since(place));
            return Err(cursor.error(what));
        };
        outcomes.push(outcome);
        if !cursor.eat(separator) {
            break;
        }
    }
    if listed {
        cursor.expect(")")?;
    }
    Ok(outcomes)
}

/// Terms that are added, with at most one stepwise part: one list of terms for each step.
fn steps<T: Clone + PartialEq>(
    cursor: &mut Cursor<'_>,
    term: fn(&mut Cursor<'_>) -> Result<Vec<T>, FormulaError>,
) -> Result<Vec<Vec<T>>, FormulaError> {
    let mut alternatives: Vec<Vec<T>> = vec![Vec::new()];
    let mut stepped = false;
    loop {
        let place = cursor.place();
        let parts = match stepwise(cursor, term)? {
            Some(_) if stepped => {
                let what = format!("a second stepwise part `{}`", cursor.since(place));
                return Err(cursor.error(what));
            }
            Some(parts) => {
                stepped = true;
                parts
            }
            None => vec![terms_of_one(cursor, term)?],
        };
        let mut longer = Vec::with_capacity(alternatives.len() * parts.len());
        for alternative in &alternatives {
            for part in &parts {
                let mut terms = alternative.clone();
                for term in part {
                    if !terms.contains(term) {
                        terms.push(term.clone());
                    }
                }
                longer.push(terms);
            }
        }
        alternatives = longer;
        // `x - 1` leaves out a constant that isn't there.
        let no_constant = cursor.rest().starts_with('-');
        if !no_constant && !cursor.eat("+") {
            return Ok(alternatives);
        }
    }
}

/// One term, or a constant, which the effects or the design's own stand for.
fn terms_of_one<T>(
    cursor: &mut Cursor<'_>,
    term: fn(&mut Cursor<'_>) -> Result<Vec<T>, FormulaError>,
) -> Result<Vec<T>, FormulaError> {
    for constant in ["-1", "- 1", "0", "1"] {
        if cursor.eat_word(constant) {
            return Ok(Vec::new());
        }
    }
    term(cursor)
}

/// `sw(a, b)` and its kin: the terms of each step.
fn stepwise<T: Clone>(
    cursor: &mut Cursor<'_>,
    term: fn(&mut Cursor<'_>) -> Result<Vec<T>, FormulaError>,
) -> Result<Option<Vec<Vec<T>>>, FormulaError> {
    let kinds = [
        ("sw(", false, false),
        ("sw0(", false, true),
        ("csw(", true, false),
        ("csw0(", true, true),
    ];
    let Some((_, cumulative, from_none)) = kinds.into_iter().find(|(word, ..)| cursor.eat(word))
    else {
        return Ok(None);
    };
    let mut steps: Vec<Vec<T>> = if from_none {
        vec![Vec::new()]
    } else {
        Vec::new()
    };
    let mut so_far: Vec<T> = Vec::new();
    loop {
        if !cumulative {
            so_far.clear();
        }
        so_far.extend(term(cursor)?);
        while cursor.eat("+") {
            so_far.extend(term(cursor)?);
        }
        steps.push(so_far.clone());
        if !cursor.eat(",") {
            break;
        }
    }
    cursor.expect(")")?;
    Ok(Some(steps))
}

/// `a`, `a:b` or `a*b`.
fn regressor(cursor: &mut Cursor<'_>) -> Result<Sum, FormulaError> {
    let mut sum = operand(cursor)?;
    loop {
        if cursor.eat(":") {
            sum = times(&sum, &operand(cursor)?);
        } else if cursor.eat("*") {
            let right = operand(cursor)?;
            let both = times(&sum, &right);
            sum.extend(right);
            sum.extend(both);
        } else {
            return Ok(sum);
        }
        if sum.len() > MOST {
            return Err(cursor.error(format!("more than {MOST} terms in one")));
        }
    }
}

fn times(left: &Sum, right: &Sum) -> Sum {
    let product = |left: &Vec<Operand>| {
        let longer = right.iter().map(|right| [left.as_slice(), right].concat());
        longer.collect::<Vec<_>>()
    };
    left.iter().flat_map(product).collect()
}

/// One operand; the sum it stands for.
fn operand(cursor: &mut Cursor<'_>) -> Result<Sum, FormulaError> {
    if cursor.rest().starts_with('(') {
        return Err(cursor.error("write I(...) around a computed regressor"));
    }
    let place = cursor.place();
    let name = cursor.name()?;
    if cursor.eat("(") {
        let found = function(cursor, place, &name)?;
        cursor.expect(")")?;
        return Ok(found);
    }
    if cursor.eat("^") {
        let power = cursor.number().filter(|power| power.fract().abs() <= 0.0);
        let Some(power) = power else {
            return Err(cursor.error("expected a whole power"));
        };
        let power = Expression::power(name, power);
        return Ok(vec![vec![Operand::Computed(power)]]);
    }
    Ok(vec![vec![Operand::Column(name)]])
}

/// What stands within the parentheses after a function's name.
fn function(cursor: &mut Cursor<'_>, place: usize, name: &str) -> Result<Sum, FormulaError> {
    match name {
        "i" | "factor" | "as.factor" => levels(cursor),
        "l" | "lag" => shifts(cursor, 1),
        "f" | "lead" => shifts(cursor, -1),
        "I" => {
            let expression = Expression::read(cursor)?.called_as(|text| format!("I({text})"));
            Ok(vec![vec![Operand::Computed(expression)]])
        }
        _ if is_function(name) => {
            let inner = Expression::read(cursor)?;
            match inner.called(name) {
                Some(expression) => Ok(vec![vec![Operand::Computed(expression)]]),
                None => Err(cursor.error(format!("unknown function `{name}`"))),
            }
        }
        _ => {
            let written = cursor.since(place);
            let known = "log(), exp(), sqrt(), abs(), asinh(), I(), i(), l(), f(), sw() and csw()";
            Err(cursor.error(format!(
                "unknown function `{name}` in `{written}`: {known} are known"
            )))
        }
    }
}

/// `column`, `column, other`, with `ref = level` or `ref = c(level, level)`.
fn levels(cursor: &mut Cursor<'_>) -> Result<Sum, FormulaError> {
    let column = cursor.name()?;
    let mut references = Vec::new();
    let mut other = None;
    while cursor.eat(",") {
        if cursor.eat_word("ref") {
            cursor.expect("=")?;
            references.extend(level_list(cursor)?);
        } else if other.is_none() && cursor.is_at_name() {
            other = Some(cursor.name()?);
        } else {
            references.extend(level_list(cursor)?);
        }
    }
    let mut product = vec![Operand::Levels { column, references }];
    if let Some(name) = other {
        // fixest's `i.name`: the levels of the second column too.
        product.push(match name.strip_prefix("i.") {
            Some(column) => Operand::Levels {
                column: column.to_owned(),
                references: Vec::new(),
            },
            None => Operand::Column(name),
        });
    }
    Ok(vec![product])
}

fn level_list(cursor: &mut Cursor<'_>) -> Result<Vec<String>, FormulaError> {
    if !cursor.eat("c(") {
        return Ok(vec![cursor.level()?]);
    }
    let mut levels = vec![cursor.level()?];
    while cursor.eat(",") {
        levels.push(cursor.level()?);
    }
    cursor.expect(")")?;
    Ok(levels)
}

/// `column`, `column, 4`, `column, 0:3` or `column, c(4, 8)`.
fn shifts(cursor: &mut Cursor<'_>, sign: i32) -> Result<Sum, FormulaError> {
    let column = cursor.name()?;
    let mut periods = Vec::new();
    if cursor.eat(",") {
        let listed = cursor.eat("c(");
        loop {
            let from = period(cursor)?;
            let to = if cursor.eat(":") {
                period(cursor)?
            } else {
                from
            };
            periods.extend(if from <= to { from..=to } else { to..=from });
            if !(listed && cursor.eat(",")) {
                break;
            }
        }
        if listed {
            cursor.expect(")")?;
        }
    } else {
        periods.push(1);
    }
    let shifted = |by: i32| match by {
        0 => Operand::Column(column.clone()),
        by => Operand::Shifted {
            column: column.clone(),
            by: sign * by,
        },
    };
    Ok(periods.into_iter().map(|by| vec![shifted(by)]).collect())
}

/// Most periods that a lag may reach back.
const FARTHEST: f64 = 1_000.0;

fn period(cursor: &mut Cursor<'_>) -> Result<i32, FormulaError> {
    let negative = cursor.eat("-");
    match cursor.number() {
        Some(number) if number.fract().abs() <= 0.0 && number <= FARTHEST => Ok(if negative {
            -(number as i32)
        } else {
            number as i32
        }),
        _ => Err(cursor.error(format!(
            "expected a whole number of periods up to {FARTHEST}"
        ))),
    }
}

/// `a`, `a^b`, `a[x]`, `a[[x, z]]`; in Stata's words `i.a#i.b`, `a#c.x`, `a##c.x`.
fn effect(cursor: &mut Cursor<'_>) -> Result<Vec<EffectTerm>, FormulaError> {
    let mut term = EffectTerm {
        parts: vec![plain(&cursor.name()?)],
        slopes: Vec::new(),
        intercept: true,
    };
    loop {
        let both = cursor.eat("##");
        if !both && !cursor.eat("^") && !cursor.eat("#") {
            break;
        }
        let name = cursor.name()?;
        match name.strip_prefix("c.") {
            Some(slope) => {
                term.slopes.push(slope.to_owned());
                term.intercept = both;
            }
            None if both => return Err(cursor.error("`##` is known before a slope only: a##c.x")),
            None => term.parts.push(plain(&name)),
        }
    }
    if cursor.eat("[") {
        term.intercept = !cursor.eat("[");
        loop {
            term.slopes.push(cursor.name()?);
            if !cursor.eat(",") {
                break;
            }
        }
        cursor.expect("]")?;
        if !term.intercept {
            cursor.expect("]")?;
        }
    }
    Ok(vec![term])
}

/// Without Stata's `i.` before it.
fn plain(name: &str) -> String {
    name.strip_prefix("i.").unwrap_or(name).to_owned()
}

fn combinations(cursor: &mut Cursor<'_>) -> Result<Vec<Vec<String>>, FormulaError> {
    let mut out = Vec::new();
    loop {
        let mut parts = vec![plain(&cursor.name()?)];
        while cursor.eat("^") || cursor.eat("#") {
            parts.push(plain(&cursor.name()?));
        }
        out.push(parts);
        if !cursor.eat("+") {
            return Ok(out);
        }
    }
}
