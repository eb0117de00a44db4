//! Rules that somebody composes, without a pack: as one line of text, or as a file with the keys
//! that a rule has in a pack.

use std::sync::Arc;

use acquis_registry::{Criterion, Findings, Party, RuleFile, SourceText, read_rule};

use super::{file, language};

/// A rule with those it names.
#[derive(Debug, Clone, PartialEq)]
pub struct ComposedRule {
    /// A title, if it has one.
    pub title: Option<String>,
    /// What was typed, or the name of the file.
    pub text: String,
    /// Who votes, as far as the rule says.
    pub players: Players,
    /// What is counted.
    pub criterion: Criterion,
}

/// Who votes under a rule, as far as it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Players {
    /// These.
    Named(Vec<String>),
    /// So many, who have votes and no names: the criterion calls them `1`, `2`, ...
    Numbered(usize),
    /// It doesn't say.
    Anybody,
}

impl ComposedRule {
    /// Reads a rule from one line of text.
    ///
    /// ```text
    /// [62; 10x4, 8, 5x4, 4x2, 3x3, 2]                 votes: 62 are needed; ten for each of four, ...
    /// [2/3; RUS=4, BLR=2, KAZ=2]                      with names; a share of all votes
    /// [65%; population:2014] and 55% of members       by a series; with a count of members
    /// 9 of members and veto(CHN, FRA, GBR, RUS, USA)  a veto for some
    /// (55% of members and [65%; population:2014]) or blocking 4
    /// majority, majority of cast, 2/3 of cast, 2 of (FRA, DEU, ITA)
    /// consensus, consensus minus one, unanimity
    /// ```
    ///
    /// A quota with a leading `>` must be exceeded. AND binds before OR. A series may have a
    /// floor and a cap: `gdp:2003 from 5% to 40%`. `cast` after a quota is of the votes cast,
    /// so that who abstains doesn't count.
    ///
    /// ```
    /// use acquis_scenario::{ComposedRule, Players};
    ///
    /// let rule = ComposedRule::from_line("[7; RUS=4, BLR=2, KAZ=2] and veto(RUS)")?;
    /// assert_eq!(rule.players, Players::Named(["RUS", "BLR", "KAZ"].map(String::from).to_vec()));
    /// assert_eq!(rule.line().unwrap(), "[7; RUS=4, BLR=2, KAZ=2] and veto(RUS)");
    /// let wrong = ComposedRule::from_line("[7; RUS=four]").unwrap_err();
    /// assert!(wrong.to_string().contains("\"four\" is not a number of votes"));
    /// # Ok::<(), acquis_registry::Findings>(())
    /// ```
    ///
    /// # Errors
    /// The first mistake, at its place in the text.
    pub fn from_line(text: &str) -> Result<Self, Findings> {
        Ok(language::read(text)?)
    }

    /// Reads a rule from a TOML file: `title`, `players`, and the keys that a rule has in a
    /// pack.
    ///
    /// # Errors
    /// Every mistake, at its place in the file.
    pub fn from_file(file: &Arc<SourceText>) -> Result<Self, Findings> {
        let RuleFile {
            title,
            players,
            criterion,
        } = read_rule(file)?;
        let named = if players.is_empty() {
            let mut named: Vec<String> = Vec::new();
            for party in criterion.parties() {
                if !named.iter().any(|name| name == party.as_str()) {
                    named.push(party.to_string());
                }
            }
            named
        } else {
            players
        };
        Ok(Self {
            title,
            text: file.name.clone(),
            players: if named.is_empty() {
                Players::Anybody
            } else {
                Players::Named(named)
            },
            criterion,
        })
    }

    /// The rule as one line; `None` where it says too little to be one.
    pub fn line(&self) -> Option<String> {
        rule_line(&self.criterion)
    }

    /// The same rule with every name put through `rename`.
    pub(super) fn renamed<E>(
        &self,
        mut rename: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Self, E> {
        let mut renamed = self.clone();
        if let Players::Named(names) = &mut renamed.players {
            for name in names {
                *name = rename(name)?;
            }
        }
        rename_parties(&mut renamed.criterion, &mut rename)?;
        Ok(renamed)
    }
}

/// A criterion as a line that [`ComposedRule::from_line`] reads; `None` where it says too little
/// to be one.
pub fn rule_line(criterion: &Criterion) -> Option<String> {
    language::line(criterion)
}

/// A criterion as the text of a file that [`ComposedRule::from_file`] reads, with the keys that a
/// rule has in a pack.
///
/// ```
/// use acquis_scenario::{ComposedRule, rule_file_text};
///
/// let rule = ComposedRule::from_line("[2/3; RUS=4, BLR=2, KAZ=2]")?;
/// let text = rule_file_text(None, &[], &rule.criterion);
/// assert!(text.contains("votes = { RUS = 4, BLR = 2, KAZ = 2 }"));
/// assert!(text.contains("quota = \"2/3\""));
/// # Ok::<(), acquis_registry::Findings>(())
/// ```
pub fn rule_file_text(title: Option<&str>, players: &[String], criterion: &Criterion) -> String {
    file::text(title, players, criterion)
}

fn rename_parties<E>(
    criterion: &mut Criterion,
    rename: &mut impl FnMut(&str) -> Result<String, E>,
) -> Result<(), E> {
    let votes = criterion.votes.iter_mut().map(|(party, _)| party);
    for party in votes.chain(&mut criterion.members) {
        *party = Party::from_id(&rename(party.as_str())?);
    }
    for part in &mut criterion.criteria {
        rename_parties(part, rename)?;
    }
    Ok(())
}
