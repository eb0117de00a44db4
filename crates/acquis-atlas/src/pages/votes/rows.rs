//! A rule as a form has it: members in rows, and what is counted of them.
//!
//! What is typed is kept as it was typed, so that a mistake can be put right where it stands.
//! Quotas, shares and votes are read by the code that reads the notation, and what comes out is
//! the criterion that a pack or a line of notation gives.

mod filled;
mod rule;
#[cfg(test)]
mod tests;

pub(super) use rule::{Composed, Mistake};

/// Rows, at most: an address has to hold them.
pub(super) const MOST_ROWS: usize = 60;
/// Counts that are joined, at most.
pub(super) const MOST_COUNTS: usize = 4;
/// Rows of a form that nothing was written in yet.
const FIRST_ROWS: usize = 4;

/// A rule in rows, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Composition {
    pub(super) rows: Vec<Row>,
    /// At least one.
    pub(super) counts: Vec<Count>,
}

/// A member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    /// Votes under each count, as far as they were filled in.
    pub(super) votes: Vec<String>,
    pub(super) has_veto: bool,
}

/// One count of votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Count {
    /// How it is joined to what stands before it; the first to nothing.
    pub(super) joins: Join,
    pub(super) kind: Kind,
    pub(super) quota: String,
    /// Whether more than the quota is needed.
    pub(super) more: bool,
    /// Whether the quota is one of the votes cast.
    pub(super) cast: bool,
    pub(super) year: String,
    pub(super) floor: String,
    pub(super) cap: String,
}

/// How a count is joined to what stands before it. AND binds before OR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// What a count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The votes in the rows.
    Votes,
    /// One vote each.
    Members,
    /// One vote each, more than half of them.
    Majority,
    /// One vote for each that has a one in the row.
    Some,
    Population,
    Gdp,
    Consensus,
    ConsensusMinusOne,
    Unanimity,
    /// So many who withhold their assent prevent a decision.
    Blocking,
}

impl Kind {
    pub(super) const ALL: [Self; 10] = [
        Self::Votes,
        Self::Members,
        Self::Majority,
        Self::Some,
        Self::Population,
        Self::Gdp,
        Self::Consensus,
        Self::ConsensusMinusOne,
        Self::Unanimity,
        Self::Blocking,
    ];

    /// The word in an address.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Members => "members",
            Self::Majority => "majority",
            Self::Some => "some",
            Self::Population => "population",
            Self::Gdp => "gdp",
            Self::Consensus => "consensus",
            Self::ConsensusMinusOne => "consensus-minus-one",
            Self::Unanimity => "unanimity",
            Self::Blocking => "blocking",
        }
    }

    /// What it is called in the form.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Votes => "weighted votes, as in the rows",
            Self::Members => "members, one vote each",
            Self::Majority => "simple majority, one vote each",
            Self::Some => "k of some members: a 1 in their rows",
            Self::Population => "votes by population",
            Self::Gdp => "votes by gross domestic product",
            Self::Consensus => "consensus: nobody against",
            Self::ConsensusMinusOne => "consensus minus one",
            Self::Unanimity => "unanimity: all in favour",
            Self::Blocking => "a blocking minority of members",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Count {
    fn new(kind: Kind) -> Self {
        Self {
            joins: Join::And,
            kind,
            quota: String::new(),
            more: false,
            cast: false,
            year: String::new(),
            floor: String::new(),
            cap: String::new(),
        }
    }
}

impl Default for Composition {
    fn default() -> Self {
        let quota = "1/2".to_owned();
        Self {
            rows: vec![Row::default(); FIRST_ROWS],
            counts: vec![Count {
                quota,
                more: true,
                ..Count::new(Kind::Votes)
            }],
        }
    }
}

/// The fields of the form are `name1`, `votes1.2` (row, count), `veto1`, and for each count
/// `kind1`, `quota1`, `least1`, `cast1`, `year1`, `from1`, `to1`, `join1`; `rows` and `counts`
/// say how many there are, because an empty field is not sent.
impl Composition {
    /// Reads what a form sent; nothing where it sent none of it.
    pub(super) fn read(pairs: &[(String, String)]) -> Option<Self> {
        let value = |name: String| {
            let mut pairs = pairs.iter();
            pairs
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.trim().to_owned())
        };
        let number = |name: &str, most: usize| {
            let number = value(name.to_owned())?.parse::<usize>().ok()?;
            Some(number.clamp(1, most))
        };
        let rows = number("rows", MOST_ROWS)?;
        let counts = number("counts", MOST_COUNTS).unwrap_or(1);
        let row = |row: usize| Row {
            name: value(format!("name{row}")).unwrap_or_default(),
            votes: (1..=counts)
                .map(|count| value(format!("votes{row}.{count}")).unwrap_or_default())
                .collect(),
            has_veto: value(format!("veto{row}")).is_some(),
        };
        let count = |count: usize| {
            let text = |name: &str| value(format!("{name}{count}")).unwrap_or_default();
            Count {
                joins: if text("join") == "or" {
                    Join::Or
                } else {
                    Join::And
                },
                kind: Kind::from_word(&text("kind")).unwrap_or(Kind::Votes),
                quota: text("quota"),
                more: text("least") == "more",
                cast: !text("cast").is_empty(),
                year: text("year"),
                floor: text("from"),
                cap: text("to"),
            }
        };
        Some(Self {
            rows: (1..=rows).map(row).collect(),
            counts: (1..=counts).map(count).collect(),
        })
    }

    /// Does what a button asks for: `add`, `remove3`, `join`, `part2`. The field that the
    /// reader goes on with.
    pub(super) fn change(&mut self, asked: &str) -> Option<String> {
        let place = |word: &str| {
            let place = asked.strip_prefix(word)?.parse::<usize>().ok()?;
            place.checked_sub(1)
        };
        if asked == "add" && self.rows.len() < MOST_ROWS {
            self.rows.push(Row::default());
            return Some(format!("name{}", self.rows.len()));
        }
        if asked == "join" && self.counts.len() < MOST_COUNTS {
            self.counts.push(Count::new(Kind::Members));
            return Some(format!("kind{}", self.counts.len()));
        }
        if let Some(place) = place("remove")
            && self.rows.len() > 1
            && place < self.rows.len()
        {
            self.rows.remove(place);
            return Some(format!("name{}", (place + 1).min(self.rows.len())));
        }
        if let Some(place) = place("part")
            && self.counts.len() > 1
            && place < self.counts.len()
        {
            self.counts.remove(place);
            for row in &mut self.rows {
                if place < row.votes.len() {
                    row.votes.remove(place);
                }
            }
            return Some("kind1".to_owned());
        }
        None
    }

    /// Whether something was written in a row.
    pub(super) fn is_begun(&self) -> bool {
        self.rows.iter().any(|row| !row.name.is_empty())
    }
}
