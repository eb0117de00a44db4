//! Expressions over the columns of a table: computed regressors and conditions on rows.
//!
//! ```text
//! year in {1986..2006 by 4} and exporter != importer
//! log(gdp_o * gdp_d)
//! ```
//!
//! - Numbers, texts in quotes, columns (in backquotes, where their names are no words).
//! - `+ - * / ^`, and `log ln log10 log1p exp sqrt abs asinh`.
//! - `== != < <= > >=` (`=` is `==`), `in {a, b, from..to by step}` (`c(a, b)`, `from:to` and
//!   `%in%` as in R), `and or not` (`& | !`). A comparison is 1 where it holds and 0 elsewhere.
//!
//! What can't be said of a row, because a value is missing or has no logarithm, is missing.

#![expect(
    clippy::float_cmp,
    reason = "a user who writes `year == 1986` means just that"
)]

use std::borrow::Cow;
use std::collections::HashMap;

use crate::cursor::Cursor;
use crate::factor::{Factor, MISSING};
use crate::formula::FormulaError;
use crate::table::{Table, Values, nearest};

/// An expression that has been read.
///
/// ```
/// use acquis_gravity::{Expression, Table};
///
/// let table = Table::default().with("year", vec![1986.0, 1987.0, 1990.0])?;
/// let condition = Expression::parse("year in {1986..2006 by 4}")?;
/// assert_eq!(condition.holds(&table)?, [true, false, true]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    node: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    Text(String),
    Column(String),
    Negative(Box<Self>),
    Not(Box<Self>),
    Call(Function, Box<Self>),
    Arithmetic(Arithmetic, Box<[Self; 2]>),
    Comparison(Comparison, Box<[Self; 2]>),
    Logic(Logic, Box<[Self; 2]>),
    Among(Box<Self>, Vec<Member>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Logic {
    And,
    Or,
}

/// One member of a set, or a span of them.
#[derive(Debug, Clone, PartialEq)]
enum Member {
    Number(f64),
    Text(String),
    Span { from: f64, to: f64, by: f64 },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Function {
    Log,
    Log10,
    Log1p,
    Exp,
    Sqrt,
    Abs,
    Asinh,
}

impl Function {
    const ALL: [(&'static str, Self); 8] = [
        ("log", Self::Log),
        ("ln", Self::Log),
        ("log10", Self::Log10),
        ("log1p", Self::Log1p),
        ("exp", Self::Exp),
        ("sqrt", Self::Sqrt),
        ("abs", Self::Abs),
        ("asinh", Self::Asinh),
    ];

    fn of(self, x: f64) -> f64 {
        match self {
            // The logarithm of zero or less is missing, and reported as such.
            Self::Log if x > 0.0 => x.ln(),
            Self::Log10 if x > 0.0 => x.log10(),
            Self::Log1p if x > -1.0 => x.ln_1p(),
            Self::Log | Self::Log10 | Self::Log1p => f64::NAN,
            Self::Exp => x.exp(),
            Self::Sqrt => x.sqrt(),
            Self::Abs => x.abs(),
            Self::Asinh => x.asinh(),
        }
    }
}

/// Whether a name is that of a function of numbers.
pub(crate) fn is_function(name: &str) -> bool {
    Function::ALL.iter().any(|(word, _)| *word == name)
}

/// What an expression is over the rows of a table.
enum Value<'t> {
    Number(f64),
    Text(&'t str),
    Numbers(Cow<'t, [f64]>),
    Levels { column: &'t str, factor: Factor<'t> },
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`FormulaError::Syntax`] with the place of the mistake.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let mut cursor = Cursor::new(text);
        let expression = Self::read(&mut cursor)?;
        cursor.end("an operator or the end")?;
        Ok(expression)
    }

    /// Reads an expression from where a formula stands.
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, FormulaError> {
        let place = cursor.place();
        let node = either(cursor)?;
        Ok(Self {
            text: cursor.since(place),
            node,
        })
    }

    /// A column to a whole power.
    pub(crate) fn power(column: String, power: f64) -> Self {
        let text = format!("{column}^{power}");
        let parts = [Node::Column(column), Node::Number(power)];
        Self {
            text,
            node: Node::Arithmetic(Arithmetic::Power, Box::new(parts)),
        }
    }

    /// A function of this expression.
    pub(crate) fn called(self, name: &str) -> Option<Self> {
        let (_, function) = Function::ALL.iter().find(|(word, _)| *word == name)?;
        Some(Self {
            text: format!("{name}({})", self.text),
            node: Node::Call(*function, Box::new(self.node)),
        })
    }

    /// The same expression under another name.
    pub(crate) fn called_as(mut self, name: impl FnOnce(&str) -> String) -> Self {
        self.text = name(&self.text);
        self
    }

    /// As written, with single blanks.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every column that it names, in the order of the text.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        self.node.columns(false, &mut columns);
        columns.into_iter().map(|(column, _)| column).collect()
    }

    /// The columns of them that must hold numbers.
    pub fn numeric_columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        self.node.columns(false, &mut columns);
        let numeric = columns.into_iter().filter(|(_, numeric)| *numeric);
        numeric.map(|(column, _)| column).collect()
    }

    /// Its value in every row; what is missing is not a number.
    ///
    /// # Errors
    /// A column that the table doesn't have, texts where numbers are needed, a level that its
    /// column does not have.
    pub fn numbers<'t>(&'t self, table: &'t Table) -> Result<Cow<'t, [f64]>, FormulaError> {
        numbers(self.node.value(table)?, table.rows)
    }

    /// Whether it holds, row by row. Where it is missing it doesn't.
    ///
    /// # Errors
    /// As [`Self::numbers`].
    pub fn holds(&self, table: &Table) -> Result<Vec<bool>, FormulaError> {
        let values = self.numbers(table)?;
        let holds = |value: &f64| value.is_finite() && *value != 0.0;
        Ok(values.iter().map(holds).collect())
    }
}

impl Node {
    /// Collects columns, each with whether numbers are needed of it.
    fn columns<'n>(&'n self, numeric: bool, out: &mut Vec<(&'n str, bool)>) {
        match self {
            Self::Number(_) | Self::Text(_) => {}
            Self::Column(column) => out.push((column, numeric)),
            Self::Negative(part) | Self::Not(part) | Self::Call(_, part) => part.columns(true, out),
            Self::Arithmetic(_, parts) | Self::Logic(_, parts) => {
                parts.iter().for_each(|part| part.columns(true, out));
            }
            Self::Comparison(comparison, parts) => {
                let equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
                let has_number = parts.iter().any(|part| !part.may_be_text());
                let numeric = !equality || has_number;
                parts.iter().for_each(|part| part.columns(numeric, out));
            }
            Self::Among(part, members) => {
                let text = |member: &Member| matches!(member, Member::Text(_));
                part.columns(!members.iter().any(text), out);
            }
        }
    }

    const fn may_be_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Column(_))
    }

    fn value<'t>(&'t self, table: &'t Table) -> Result<Value<'t>, FormulaError> {
        let rows = table.rows;
        Ok(match self {
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text),
            Self::Column(column) => match &table.columns[table.position(column)?].values {
                Values::Numbers(numbers) => Value::Numbers(Cow::Borrowed(numbers)),
                Values::Texts(_) => Value::Levels {
                    column,
                    factor: table.factor(column)?,
                },
            },
            Self::Negative(part) => map(part.value(table)?, rows, |x| -x)?,
            Self::Not(part) => map(part.value(table)?, rows, |x| {
                if x.is_nan() { x } else { truth(x == 0.0) }
            })?,
            Self::Call(function, part) => map(part.value(table)?, rows, |x| function.of(x))?,
            Self::Arithmetic(operator, parts) => {
                let [left, right] = Self::both(parts, table)?;
                zip(left, right, rows, |x, y| match operator {
                    Arithmetic::Add => x + y,
                    Arithmetic::Subtract => x - y,
                    Arithmetic::Multiply => x * y,
                    Arithmetic::Divide => x / y,
                    Arithmetic::Power => x.powf(y),
                })?
            }
            Self::Logic(logic, parts) => {
                let [left, right] = Self::both(parts, table)?;
                zip(left, right, rows, |x, y| connect(*logic, x, y))?
            }
            Self::Comparison(comparison, parts) => {
                let [left, right] = Self::both(parts, table)?;
                compare(*comparison, left, right, rows)?
            }
            Self::Among(part, members) => among(part.value(table)?, members, rows)?,
        })
    }

    fn both<'t>(parts: &'t [Self; 2], table: &'t Table) -> Result<[Value<'t>; 2], FormulaError> {
        Ok([parts[0].value(table)?, parts[1].value(table)?])
    }
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// Whether both or either hold; what is missing leaves open what the other doesn't settle.
fn connect(logic: Logic, x: f64, y: f64) -> f64 {
    let settles = |value: f64| match logic {
        Logic::And => value == 0.0,
        Logic::Or => value != 0.0 && !value.is_nan(),
    };
    if settles(x) || settles(y) {
        truth(logic == Logic::Or)
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else {
        truth(logic == Logic::And)
    }
}

fn numbers(value: Value<'_>, rows: usize) -> Result<Cow<'_, [f64]>, FormulaError> {
    match value {
        Value::Number(number) => Ok(Cow::Owned(vec![number; rows])),
        Value::Numbers(numbers) => Ok(numbers),
        Value::Text(text) => Err(FormulaError::Mixed(format!(
            "the text `{text}` stands where a number is needed"
        ))),
        Value::Levels { column, factor } => Err(FormulaError::Mixed(format!(
            "`{column}` holds text (first `{}`): numbers are needed here",
            first_label(&factor)
        ))),
    }
}

fn first_label(factor: &Factor<'_>) -> String {
    let code = factor.codes().iter().find(|&&code| code != MISSING);
    code.map_or_else(String::new, |&code| factor.label(code))
}

fn map(value: Value<'_>, rows: usize, f: impl Fn(f64) -> f64) -> Result<Value<'_>, FormulaError> {
    if let Value::Number(number) = value {
        return Ok(Value::Number(f(number)));
    }
    let mut values = numbers(value, rows)?.into_owned();
    for value in &mut values {
        *value = f(*value);
    }
    Ok(Value::Numbers(Cow::Owned(values)))
}

fn zip<'t>(
    left: Value<'t>,
    right: Value<'t>,
    rows: usize,
    f: impl Fn(f64, f64) -> f64,
) -> Result<Value<'t>, FormulaError> {
    match (left, right) {
        (Value::Number(x), right) => map(right, rows, |y| f(x, y)),
        (left, Value::Number(y)) => map(left, rows, |x| f(x, y)),
        (left, right) => {
            let mut values = numbers(left, rows)?.into_owned();
            let right = numbers(right, rows)?;
            for (x, y) in values.iter_mut().zip(right.iter()) {
                *x = f(*x, *y);
            }
            Ok(Value::Numbers(Cow::Owned(values)))
        }
    }
}

fn compare<'t>(
    comparison: Comparison,
    left: Value<'t>,
    right: Value<'t>,
    rows: usize,
) -> Result<Value<'t>, FormulaError> {
    let equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
    let wanted = comparison == Comparison::Equal;
    match (left, right) {
        (Value::Levels { column, factor }, Value::Text(text))
        | (Value::Text(text), Value::Levels { column, factor })
            if equality =>
        {
            let level = level_of(column, &factor, text)?;
            Ok(by_level(&factor, |code| (code == level) == wanted))
        }
        (Value::Levels { factor: one, .. }, Value::Levels { factor: other, .. }) if equality => {
            let place: HashMap<String, u32> = (0..one.levels() as u32)
                .map(|code| (one.label(code), code))
                .collect();
            // Codes of the other column that stand for the same text.
            let same: Vec<u32> = (0..other.levels() as u32)
                .map(|code| place.get(&other.label(code)).copied().unwrap_or(MISSING))
                .collect();
            let pairs = one.codes().iter().zip(other.codes());
            let equal = |(&x, &y): (&u32, &u32)| {
                if x == MISSING || y == MISSING {
                    return f64::NAN;
                }
                truth((same[y as usize] == x) == wanted)
            };
            Ok(Value::Numbers(Cow::Owned(pairs.map(equal).collect())))
        }
        (Value::Levels { column, .. }, _) | (_, Value::Levels { column, .. }) => {
            Err(FormulaError::Mixed(format!(
                "`{column}` holds text: it can be equal to a text in quotes, or not"
            )))
        }
        (Value::Text(text), _) | (_, Value::Text(text)) => Err(FormulaError::Mixed(format!(
            "the text `{text}` is compared with numbers"
        ))),
        (left, right) => zip(left, right, rows, |x, y| {
            if x.is_nan() || y.is_nan() {
                return f64::NAN;
            }
            truth(match comparison {
                Comparison::Equal => x == y,
                Comparison::Unequal => x != y,
                Comparison::Less => x < y,
                Comparison::AtMost => x <= y,
                Comparison::More => x > y,
                Comparison::AtLeast => x >= y,
            })
        }),
    }
}

fn level_of(column: &str, factor: &Factor<'_>, text: &str) -> Result<u32, FormulaError> {
    let mut levels = 0..factor.levels() as u32;
    levels
        .find(|&code| factor.label(code) == text)
        .ok_or_else(|| {
            let labels: Vec<String> = (0..factor.levels() as u32)
                .map(|c| factor.label(c))
                .collect();
            FormulaError::UnknownLevel {
                column: column.to_owned(),
                level: text.to_owned(),
                nearest: nearest(text, labels.iter().map(String::as_str)),
            }
        })
}

fn by_level<'t>(factor: &Factor<'_>, holds: impl Fn(u32) -> bool) -> Value<'t> {
    let by_level: Vec<f64> = (0..factor.levels() as u32)
        .map(|code| truth(holds(code)))
        .collect();
    let values = factor.codes().iter();
    let values = values.map(|&code| by_level.get(code as usize).copied().unwrap_or(f64::NAN));
    Value::Numbers(Cow::Owned(values.collect()))
}

fn among<'t>(value: Value<'t>, members: &[Member], rows: usize) -> Result<Value<'t>, FormulaError> {
    if let Value::Levels { column, factor } = &value {
        let mut levels = Vec::with_capacity(members.len());
        let mut unknown = None;
        for member in members {
            let Member::Text(text) = member else {
                return Err(FormulaError::Mixed(format!(
                    "`{column}` holds text: its levels are written in quotes"
                )));
            };
            match level_of(column, factor, text) {
                Ok(level) => levels.push(level),
                Err(error) => unknown = Some(error),
            }
        }
        // A list of states may name some that a panel doesn't have, but not only such.
        if let (true, Some(error)) = (levels.is_empty(), unknown) {
            return Err(error);
        }
        return Ok(by_level(factor, |code| levels.contains(&code)));
    }
    if let Some(Member::Text(text)) = members.iter().find(|m| matches!(m, Member::Text(_))) {
        let text = format!("the text `{text}` is compared with numbers");
        return Err(FormulaError::Mixed(text));
    }
    map(value, rows, |x| {
        if x.is_nan() {
            return x;
        }
        truth(members.iter().any(|member| match *member {
            Member::Number(number) => number == x,
            Member::Span { from, to, by } => {
                let steps = (x - from) / by;
                (from..=to).contains(&x) && (steps - steps.round()).abs() < 1e-9
            }
            Member::Text(_) => false,
        }))
    })
}

fn either(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    let mut node = both(cursor)?;
    while cursor.eat_word("or") || cursor.eat("||") || cursor.eat("|") {
        node = Node::Logic(Logic::Or, Box::new([node, both(cursor)?]));
    }
    Ok(node)
}

fn both(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    let mut node = negation(cursor)?;
    while cursor.eat_word("and") || cursor.eat("&&") || cursor.eat("&") {
        node = Node::Logic(Logic::And, Box::new([node, negation(cursor)?]));
    }
    Ok(node)
}

fn negation(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    let unequal = cursor.rest().starts_with("!=");
    if !unequal && (cursor.eat_word("not") || cursor.eat("!")) {
        return Ok(Node::Not(Box::new(cursor.within(negation)?)));
    }
    comparison(cursor)
}

fn comparison(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    let left = sum(cursor)?;
    if cursor.eat("%in%") || cursor.eat_word("in") {
        return Ok(Node::Among(Box::new(left), set(cursor)?));
    }
    let found = [
        ("==", Comparison::Equal),
        ("!=", Comparison::Unequal),
        ("<>", Comparison::Unequal),
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("=", Comparison::Equal),
        ("<", Comparison::Less),
        (">", Comparison::More),
    ]
    .into_iter()
    .find(|(symbol, _)| cursor.eat(symbol));
    match found {
        Some((_, comparison)) => {
            let parts = Box::new([left, sum(cursor)?]);
            Ok(Node::Comparison(comparison, parts))
        }
        None => Ok(left),
    }
}

fn set(cursor: &mut Cursor<'_>) -> Result<Vec<Member>, FormulaError> {
    cursor.eat_word("c");
    let close = if cursor.eat("{") {
        "}"
    } else if cursor.eat("(") {
        ")"
    } else if cursor.eat("[") {
        "]"
    } else {
        return Ok(vec![member(cursor)?]);
    };
    let mut members = vec![member(cursor)?];
    while cursor.eat(",") {
        members.push(member(cursor)?);
    }
    cursor.expect(close)?;
    Ok(members)
}

fn member(cursor: &mut Cursor<'_>) -> Result<Member, FormulaError> {
    if let Some(text) = cursor.quoted()? {
        return Ok(Member::Text(text));
    }
    let from = signed(cursor)?;
    if !(cursor.eat("..") || cursor.eat(":")) {
        return Ok(Member::Number(from));
    }
    let to = signed(cursor)?;
    let by = if cursor.eat_word("by") {
        signed(cursor)?
    } else {
        1.0
    };
    if by <= 0.0 || to < from {
        return Err(cursor.error("expected a span that rises, by a step above zero"));
    }
    Ok(Member::Span { from, to, by })
}

fn signed(cursor: &mut Cursor<'_>) -> Result<f64, FormulaError> {
    let negative = cursor.eat("-");
    match cursor.number() {
        Some(number) => Ok(if negative { -number } else { number }),
        None => Err(cursor.error("expected a number, or a text in quotes")),
    }
}

fn sum(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    let mut node = product(cursor)?;
    loop {
        let operator = if cursor.eat("+") {
            Arithmetic::Add
        } else if cursor.eat("-") {
            Arithmetic::Subtract
        } else {
            return Ok(node);
        };
        node = Node::Arithmetic(operator, Box::new([node, product(cursor)?]));
    }
}

fn product(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    let mut node = signed_power(cursor)?;
    loop {
        let operator = if cursor.eat("*") {
            Arithmetic::Multiply
        } else if cursor.eat("/") {
            Arithmetic::Divide
        } else {
            return Ok(node);
        };
        node = Node::Arithmetic(operator, Box::new([node, signed_power(cursor)?]));
    }
}

fn signed_power(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    if cursor.eat("-") {
        return Ok(Node::Negative(Box::new(cursor.within(signed_power)?)));
    }
    let base = atom(cursor)?;
    if cursor.eat("^") {
        let parts = Box::new([base, cursor.within(signed_power)?]);
        return Ok(Node::Arithmetic(Arithmetic::Power, parts));
    }
    Ok(base)
}

fn atom(cursor: &mut Cursor<'_>) -> Result<Node, FormulaError> {
    if let Some(number) = cursor.number() {
        return Ok(Node::Number(number));
    }
    if let Some(text) = cursor.quoted()? {
        return Ok(Node::Text(text));
    }
    if cursor.eat("(") {
        let node = cursor.within(either)?;
        cursor.expect(")")?;
        return Ok(node);
    }
    if !cursor.is_at_name() {
        return Err(cursor.error("expected a number, a text in quotes or the name of a column"));
    }
    let name = cursor.name()?;
    if !cursor.eat("(") {
        return Ok(Node::Column(name));
    }
    let function = Function::ALL.iter().find(|(word, _)| *word == name);
    let Some((_, function)) = function else {
        let known: Vec<&str> = Function::ALL.iter().map(|(word, _)| *word).collect();
        let known = known.join(", ");
        return Err(cursor.error(format!("unknown function `{name}`: {known} are known")));
    };
    let node = Node::Call(*function, Box::new(cursor.within(either)?));
    cursor.expect(")")?;
    Ok(node)
}
