//! The text of a composed rule: read with a place for each mistake, and written.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use acquis_registry::{
    Criterion, DecisionKind, Finding, Lint, Party, Place, Quota, Series, SourceText, Weights,
    nearest,
};

use super::composed::{ComposedRule, Players};
use super::typed::{Added, AskedQuota, NotTyped, TypedShare, TypedWeights};

/// Brackets in brackets, at most.
const DEEPEST: usize = acquis_decision::Rule::DEEPEST;
/// Players, at most.
const MOST_PLAYERS: usize = acquis_decision::Rule::MOST_PLAYERS;
const WORDS: [&str; 5] = ["consensus", "unanimity", "majority", "veto", "blocking"];

/// Reads a rule.
pub(super) fn read(text: &str) -> Result<ComposedRule, Finding> {
    let mut reader = Reader {
        file: SourceText::new("the rule", text),
        text,
        at: 0,
        named: Vec::new(),
        numbered: None,
    };
    let criterion = reader.alternatives(DEEPEST)?;
    reader.skip_spaces();
    if reader.at < text.len() {
        let rest = reader.at..text.len();
        return Err(reader
            .wrong(rest, "the rule goes on after its end")
            .expecting("\"and\", \"or\", or nothing"));
    }
    // Those without names are called by their numbers: a veto may name them so.
    let is_numbered = |number: usize, name: &str| {
        let place = name.parse::<usize>().ok();
        place.is_some_and(|place| (1..=number).contains(&place) && place.to_string() == name)
    };
    let players = match reader.numbered {
        Some(number) if !reader.named.iter().all(|name| is_numbered(number, name)) => {
            return Err(reader.wrong(
                0..text.len(),
                "the rule has votes with names and votes without; name all or none",
            ));
        }
        Some(number) => Players::Numbered(number),
        None if reader.named.is_empty() => Players::Anybody,
        None => Players::Named(reader.named),
    };
    Ok(ComposedRule {
        title: None,
        text: text.trim().to_owned(),
        players,
        criterion,
    })
}

struct Reader<'t> {
    file: Arc<SourceText>,
    text: &'t str,
    /// The next byte, at the start of a character.
    at: usize,
    /// Those named so far, in the order of their first mention.
    named: Vec<String>,
    /// How many votes without names each list has.
    numbered: Option<usize>,
}

impl<'t> Reader<'t> {
    fn wrong(&self, span: Range<usize>, message: impl Into<String>) -> Finding {
        let place = Place {
            file: Arc::clone(&self.file),
            span,
        };
        Finding::error(Lint::Format, Some(place), message)
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes a sign, if it is next.
    fn takes(&mut self, sign: char) -> bool {
        self.skip_spaces();
        let is_next = self.rest().starts_with(sign);
        if is_next {
            self.at += sign.len_utf8();
        }
        is_next
    }

    /// The word that is next, not yet taken; empty if there is none.
    fn word(&mut self) -> &'t str {
        self.skip_spaces();
        let rest = self.rest();
        let end = rest.find(|letter: char| !letter.is_alphabetic());
        &rest[..end.unwrap_or(rest.len())]
    }

    /// Takes a word, if it is next.
    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = self.word().eq_ignore_ascii_case(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// Parts with OR between them.
    fn alternatives(&mut self, depth: usize) -> Result<Criterion, Finding> {
        let mut parts = vec![self.together(depth)?];
        while self.takes_word("or") {
            parts.push(self.together(depth)?);
        }
        Ok(joined(DecisionKind::AnyOf, parts))
    }

    /// Parts with AND between them.
    fn together(&mut self, depth: usize) -> Result<Criterion, Finding> {
        let mut parts = vec![self.part(depth)?];
        while self.takes_word("and") {
            parts.push(self.part(depth)?);
        }
        Ok(joined(DecisionKind::AllOf, parts))
    }

    fn part(&mut self, depth: usize) -> Result<Criterion, Finding> {
        self.skip_spaces();
        let start = self.at;
        if self.takes('(') {
            let Some(deeper) = depth.checked_sub(1) else {
                let message = format!("brackets are nested more than {DEEPEST} deep");
                return Err(self.wrong(start..self.at, message));
            };
            let inner = self.alternatives(deeper)?;
            self.closes(')', start)?;
            return Ok(inner);
        }
        if self.takes('[') {
            return self.votes(start);
        }
        if self
            .rest()
            .starts_with(|sign: char| sign.is_ascii_digit() || ">.-".contains(sign))
        {
            let quota = self.quota()?;
            return self.of_members(DecisionKind::QualifiedMajority, Some(quota));
        }
        self.in_words()
    }

    fn in_words(&mut self) -> Result<Criterion, Finding> {
        let start = self.at;
        let word = self.word();
        self.at += word.len();
        match word.to_ascii_lowercase().as_str() {
            "unanimity" => Ok(Criterion::new(DecisionKind::Unanimity)),
            "consensus" if self.takes_word("minus") => {
                if self.takes_word("one") {
                    return Ok(Criterion::new(DecisionKind::ConsensusMinusOne));
                }
                let next = self.at..self.text.len();
                Err(self
                    .wrong(next, "consensus can be without one member only")
                    .expecting("\"one\""))
            }
            "consensus" => Ok(Criterion::new(DecisionKind::Consensus)),
            "majority" if self.word().eq_ignore_ascii_case("of") => {
                self.of_members(DecisionKind::SimpleMajority, None)
            }
            "majority" => Ok(Criterion::new(DecisionKind::SimpleMajority)),
            "veto" => Ok(Criterion {
                members: self.group()?,
                ..Criterion::new(DecisionKind::Veto)
            }),
            "blocking" => self.blocking(),
            "" => {
                let next = self.rest().chars().next();
                let message = match next {
                    None => "the rule ends where a part of it should be".to_owned(),
                    Some(sign) => format!("{sign:?} begins no part of a rule"),
                };
                let end = start + next.map_or(0, char::len_utf8);
                Err(self.wrong(start..end, message).expecting(EXPECTED))
            }
            _ => {
                let message = format!("{word:?} is no part of a rule");
                let mut finding = self.wrong(start..self.at, message).expecting(EXPECTED);
                finding.nearest = nearest(word, WORDS);
                Err(finding)
            }
        }
    }

    fn blocking(&mut self) -> Result<Criterion, Finding> {
        self.skip_spaces();
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        let number: Option<u32> = self.text[start..self.at].parse().ok();
        match number.filter(|number| *number > 0) {
            Some(number) => Ok(Criterion {
                quota: Some(Quota::Votes(f64::from(number))),
                ..Criterion::new(DecisionKind::BlockingMinority)
            }),
            None => Err(self
                .wrong(
                    start..self.text.len(),
                    "a blocking minority has a number of members",
                )
                .expecting("a whole number from 1, such as blocking 4")),
        }
    }

    fn quota(&mut self) -> Result<AskedQuota, Finding> {
        self.skip_spaces();
        let start = self.at;
        if self.takes('>') {
            self.skip_spaces();
        }
        let is_part = |sign: char| sign.is_ascii_digit() || ".%/-".contains(sign);
        let rest = self.rest();
        self.at += rest.find(|sign| !is_part(sign)).unwrap_or(rest.len());
        let typed = &self.text[start..self.at];
        typed.parse().map_err(|error: NotTyped| {
            self.wrong(start..self.at, format!("{error}, not {typed:?}"))
        })
    }

    /// `of members`, `of cast`, `of (A, B)`.
    fn of_members(
        &mut self,
        kind: DecisionKind,
        quota: Option<AskedQuota>,
    ) -> Result<Criterion, Finding> {
        let criterion = Criterion {
            quota: quota.map(|asked| asked.quota),
            strict: quota.is_some_and(|asked| asked.strict),
            ..Criterion::new(kind)
        };
        if self.takes_word("of") {
            if self.takes_word("members") {
                return Ok(criterion);
            }
            if self.takes_word("cast") {
                return Ok(Criterion {
                    of_votes_cast: true,
                    ..criterion
                });
            }
            self.skip_spaces();
            if self.rest().starts_with('(') {
                return Ok(Criterion {
                    members: self.group()?,
                    ..criterion
                });
            }
        }
        self.skip_spaces();
        let next = self.at..self.text.len().min(self.at + 1);
        Err(self
            .wrong(next, "it isn't said of what the quota is")
            .expecting("\"of members\", \"of cast\" or \"of (A, B)\"; votes stand in brackets, [7; A=4, B=3]"))
    }

    /// `(A, B)`
    fn group(&mut self) -> Result<Vec<Party>, Finding> {
        self.skip_spaces();
        let start = self.at;
        if !self.takes('(') {
            return Err(self
                .wrong(start..self.text.len(), "it isn't said whose")
                .expecting("names in brackets, such as (CHN, FRA)"));
        }
        let mut parties: Vec<Party> = Vec::new();
        for span in self.items(')', start)? {
            let name = &self.text[span.clone()];
            if name.is_empty() {
                return Err(self.wrong(span, "a name is missing"));
            }
            let party = Party::from_id(name);
            if parties.contains(&party) {
                return Err(self.wrong(span, format!("{name} is named twice")));
            }
            self.name(name);
            parties.push(party);
        }
        Ok(parties)
    }

    /// What stands up to the closing sign, by commas, without the spaces around it.
    fn items(&mut self, close: char, open: usize) -> Result<Vec<Range<usize>>, Finding> {
        let Some(length) = self.rest().find(close) else {
            let message = format!("this bracket isn't closed by {close:?}");
            return Err(self.wrong(open..open + 1, message));
        };
        let mut spans = Vec::new();
        let mut from = self.at;
        for item in self.text[self.at..self.at + length].split(',') {
            let start = from + (item.len() - item.trim_start().len());
            spans.push(start..start + item.trim().len());
            from += item.len() + 1;
        }
        self.at += length + close.len_utf8();
        Ok(spans)
    }

    fn closes(&mut self, close: char, open: usize) -> Result<(), Finding> {
        if self.takes(close) {
            return Ok(());
        }
        if self.at >= self.text.len() {
            let message = format!("this bracket isn't closed by {close:?}");
            return Err(self.wrong(open..open + 1, message));
        }
        let next = self.at..self.text.len();
        Err(self
            .wrong(next, "a part of the rule ends here")
            .expecting(format!("\"and\", \"or\" or {close:?}")))
    }

    fn name(&mut self, name: &str) {
        if !self.named.iter().any(|known| known == name) {
            self.named.push(name.to_owned());
        }
    }

    /// `quota; votes]`, after the bracket at `open`.
    fn votes(&mut self, open: usize) -> Result<Criterion, Finding> {
        let asked = self.quota()?;
        let of_votes_cast = self.takes_word("cast");
        if !self.takes(';') {
            let next = self.at..self.text.len();
            return Err(self
                .wrong(next, "the votes are missing")
                .expecting("a semicolon after the quota, such as [7; A=4, B=3]"));
        }
        let spans = self.items(']', open)?;
        let mut criterion = Criterion {
            quota: Some(asked.quota),
            strict: asked.strict,
            of_votes_cast,
            ..Criterion::new(if of_votes_cast {
                DecisionKind::QualifiedMajority
            } else {
                DecisionKind::Weighted
            })
        };
        match spans.as_slice() {
            [only] if is_series(&self.text[only.clone()]) => {
                criterion.weights = Some(self.series(only)?);
            }
            _ => criterion.votes = self.listed(spans)?,
        }
        Ok(criterion)
    }

    /// `gdp:2003 from 5% to 40%`
    fn series(&self, span: &Range<usize>) -> Result<Weights, Finding> {
        let wrong = |message: String| self.wrong(span.clone(), message);
        let mut words = self.text[span.clone()].split_whitespace();
        let series = words.next().unwrap_or_default();
        let mut weights = match series.parse::<TypedWeights>() {
            Ok(TypedWeights::Series(weights)) => weights,
            Ok(TypedWeights::Each(_)) => return Err(wrong("these are not votes".to_owned())),
            Err(error) => return Err(wrong(error.to_string())),
        };
        while let Some(word) = words.next() {
            let bound = words.next().unwrap_or_default();
            let TypedShare(bound) = bound
                .parse()
                .map_err(|error: NotTyped| wrong(error.to_string()))?;
            match word {
                "from" => weights.floor = Some(bound),
                "to" => weights.cap = Some(bound),
                _ => {
                    let message = format!("{word:?} is no bound of shares");
                    return Err(wrong(message).expecting("such as gdp:2003 from 5% to 40%"));
                }
            }
        }
        Ok(weights)
    }

    /// `RUS=4, BLR=2` or `10x4, 8`
    fn listed(&mut self, spans: Vec<Range<usize>>) -> Result<Vec<(Party, f64)>, Finding> {
        let whole = spans.first().map_or(0, |span| span.start)..self.at - 1;
        let mut votes: Vec<(Party, f64)> = Vec::new();
        let mut unnamed = 0;
        for span in spans {
            let item = &self.text[span.clone()];
            if item.contains('=') {
                let Added { name, votes: own } = item
                    .parse()
                    .map_err(|error: NotTyped| self.wrong(span.clone(), error.to_string()))?;
                let party = Party::from_id(&name);
                if votes.iter().any(|(known, _)| *known == party) {
                    return Err(self.wrong(span, format!("{name} is listed twice")));
                }
                self.name(&name);
                votes.push((party, own.unwrap_or_default()));
                continue;
            }
            let (own, times) = repeated(item).ok_or_else(|| {
                self.wrong(span.clone(), format!("{item:?} is not a number of votes"))
                    .expecting("votes such as 4, 10x4 for ten votes four times, or RUS=4")
            })?;
            if unnamed + times > MOST_PLAYERS {
                let message = format!("more than {MOST_PLAYERS} members can't be handled");
                return Err(self.wrong(span, message));
            }
            for _ in 0..times {
                unnamed += 1;
                votes.push((Party::from_id(&unnamed.to_string()), own));
            }
        }
        if unnamed > 0 {
            if unnamed < votes.len() {
                let message = "votes with names and votes without; name all or none";
                return Err(self.wrong(whole, message));
            }
            match self.numbered {
                Some(before) if before != unnamed => {
                    let message = format!("{unnamed} have votes here, {before} before");
                    return Err(self.wrong(whole, message));
                }
                _ => self.numbered = Some(unnamed),
            }
        }
        Ok(votes)
    }
}

const EXPECTED: &str = "votes such as [7; A=4, B=3], a count such as 2/3 of members, consensus, \
                        unanimity, majority, veto(A, B) or blocking 4";

fn is_series(item: &str) -> bool {
    item.contains(':') && !item.contains('=')
}

/// `8`, or `10x4`: votes and how often.
fn repeated(item: &str) -> Option<(f64, usize)> {
    let (votes, times) = match item.split_once(['x', '×', '*']) {
        Some((votes, times)) => (votes, times.trim().parse().ok()?),
        None => (item, 1),
    };
    let votes: f64 = votes.trim().parse().ok()?;
    (votes.is_finite() && votes >= 0.0 && times > 0).then_some((votes, times))
}

fn joined(kind: DecisionKind, mut parts: Vec<Criterion>) -> Criterion {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => Criterion {
            criteria: parts.into_iter().chain(last).collect(),
            ..Criterion::new(kind)
        },
    }
}

/// A criterion as a line; `None` where it doesn't say what is counted.
pub(super) fn line(criterion: &Criterion) -> Option<String> {
    let parts = |word: &str| -> Option<String> {
        let mut line = String::new();
        for (place, part) in criterion.criteria.iter().enumerate() {
            if place > 0 {
                line.push_str(word);
            }
            let joins = matches!(part.kind, DecisionKind::AllOf | DecisionKind::AnyOf);
            let part = self::line(part)?;
            if joins {
                write!(line, "({part})").ok()?;
            } else {
                line.push_str(&part);
            }
        }
        Some(line)
    };
    let names = || {
        let names: Vec<&str> = criterion.members.iter().map(Party::as_str).collect();
        names.join(", ")
    };
    match criterion.kind {
        DecisionKind::AllOf => parts(" and "),
        DecisionKind::AnyOf => parts(" or "),
        DecisionKind::Consensus => Some("consensus".to_owned()),
        DecisionKind::ConsensusMinusOne => Some("consensus minus one".to_owned()),
        DecisionKind::Unanimity => Some("unanimity".to_owned()),
        DecisionKind::Veto if criterion.members.is_empty() => Some("consensus".to_owned()),
        DecisionKind::Veto => Some(format!("veto({})", names())),
        DecisionKind::BlockingMinority => match criterion.quota {
            Some(Quota::Votes(number)) => Some(format!("blocking {number}")),
            _ => None,
        },
        DecisionKind::SimpleMajority | DecisionKind::QualifiedMajority | DecisionKind::Weighted => {
            count_line(criterion, &names())
        }
    }
}

fn count_line(criterion: &Criterion, names: &str) -> Option<String> {
    let asked = |quota| AskedQuota {
        quota,
        strict: criterion.strict,
    };
    let is_simple = criterion.kind == DecisionKind::SimpleMajority && criterion.quota.is_none();
    let votes = votes_line(criterion);
    let cast = criterion.of_votes_cast;
    if let Some(votes) = votes {
        let quota = match criterion.quota {
            Some(quota) => asked(quota).to_string(),
            None if is_simple => ">1/2".to_owned(),
            None => return None,
        };
        let cast = if cast { " cast" } else { "" };
        return Some(format!("[{quota}{cast}; {votes}]"));
    }
    let of = match (cast, names) {
        (true, "") => "cast".to_owned(),
        (true, _) => return None,
        (false, "") => "members".to_owned(),
        (false, names) => format!("({names})"),
    };
    match criterion.quota {
        _ if criterion.kind == DecisionKind::Weighted => None,
        Some(quota) => Some(format!("{} of {of}", asked(quota))),
        None if is_simple && of == "members" => Some("majority".to_owned()),
        None if is_simple => Some(format!("majority of {of}")),
        None => None,
    }
}

/// The votes within the brackets; `None` where everybody has one, or no source gives them.
fn votes_line(criterion: &Criterion) -> Option<String> {
    if let Some(weights) = &criterion.weights {
        let series = match weights.series {
            Series::Gdp => "gdp",
            Series::Population => "population",
            Series::Trade => return None,
        };
        let mut line = format!("{series}:{}", weights.year);
        for (word, bound) in [("from", weights.floor), ("to", weights.cap)] {
            if let Some(bound) = bound {
                write!(line, " {word} {bound}").ok()?;
            }
        }
        return Some(line);
    }
    if criterion.votes.is_empty() {
        return None;
    }
    let mut numbered = criterion.votes.iter().zip(1_usize..);
    if numbered.all(|((party, _), place)| party.as_str() == place.to_string()) {
        return Some(runs(criterion.votes.iter().map(|(_, votes)| *votes)));
    }
    let votes = criterion.votes.iter();
    let votes: Vec<String> = votes
        .map(|(party, votes)| format!("{party}={votes}"))
        .collect();
    Some(votes.join(", "))
}

/// Votes without names: `10x4, 8`.
fn runs(votes: impl Iterator<Item = f64>) -> String {
    let mut runs: Vec<(f64, usize)> = Vec::new();
    for votes in votes {
        match runs.last_mut() {
            Some((last, times)) if last.to_bits() == votes.to_bits() => *times += 1,
            _ => runs.push((votes, 1)),
        }
    }
    let run = |&(votes, times): &(f64, usize)| match times {
        1 => votes.to_string(),
        _ => format!("{votes}x{times}"),
    };
    runs.iter().map(run).collect::<Vec<_>>().join(", ")
}
