//! `acquis vote EurAsEC --on 2005-01-01`

use acquis_decision::Player;
use acquis_law::Law;
use acquis_registry::{Registry, StateCode};
use acquis_report::subject::vote as subject;
use acquis_report::{Table, csv, json as table_json, write_files};
use acquis_scenario::{AskedWeights, Vote, VotingQuestion};
use serde_json::{Map, Value};

use crate::arguments::{Common, TypedWeights, VoteQuery};
use crate::failure::Failure;
use crate::{output, session};

/// Who decides in an organ, and what would change it.
pub(crate) fn vote(common: &Common, query: &VoteQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let institution = registry.find_institution(&query.organization)?;
    let day = query.on.day();
    let question = question(&registry, query)?;
    let series = session::series()?;
    let vote = Vote::new(&law, institution, day, &question, &series)?;
    let mut tables = vec![subject::power(&registry, &vote, &vote.powers()?)?];
    if !question.with.is_empty() || !question.without.is_empty() {
        let before = Vote::new(&law, institution, day, &question.as_it_is(), &series)?;
        tables.push(subject::changes(&registry, &before, &vote)?);
    }
    if query.sweep {
        let sweep = vote.sweep()?.ok_or_else(|| {
            Failure::Message(format!(
                "the rule of the {} joins several criteria, so that one quota can't be swept; \
                 choose weights",
                vote.organ
            ))
        })?;
        tables.push(subject::roles(&vote, &sweep)?);
        tables.push(subject::sweep(&vote, &sweep)?);
    }
    if !query.outvote.is_empty() {
        let players = players(&registry, &vote, &query.outvote)?;
        tables.push(subject::outvoting(&vote, &players)?);
    }
    show(common, query, &tables)
}

fn show(common: &Common, query: &VoteQuery, tables: &[Table]) -> Result<(), Failure> {
    if let Some(folder) = &query.out {
        let file = |table: &Table| (format!("{}.csv", table.id()), csv::to_csv(table));
        let files: Vec<(String, Vec<u8>)> = tables.iter().map(file).collect();
        write_files(folder, &files)?;
    }
    if common.json {
        let named = |table: &Table| (table.id().to_owned(), table_json::to_json(table));
        let all: Map<String, Value> = tables.iter().map(named).collect();
        return output::json(&Value::Object(all));
    }
    for (number, table) in tables.iter().enumerate() {
        if number > 0 {
            output::lines([""])?;
        }
        output::table(table)?;
    }
    Ok(())
}

fn question(registry: &Registry, query: &VoteQuery) -> Result<VotingQuestion, Failure> {
    let code =
        |text: &str| -> Result<StateCode, Failure> { Ok(registry.find_state(text)?.code.clone()) };
    if query.holds_listed_votes() {
        let sentence = "a floor or a cap is for votes by a series; listed votes are as they are";
        return Err(Failure::Message(sentence.to_owned()));
    }
    let weights = match query.weights() {
        None => None,
        Some(TypedWeights::Series(weights)) => Some(AskedWeights::Series(weights)),
        Some(TypedWeights::Each(listed)) => {
            let mut votes: Vec<(StateCode, f64)> = Vec::new();
            for one in &listed {
                let state = code(&one.state)?;
                if votes.iter().any(|(listed, _)| *listed == state) {
                    return Err(Failure::Message(format!("{state} is listed twice")));
                }
                votes.push((state, one.votes.unwrap_or_default()));
            }
            Some(AskedWeights::Each(votes))
        }
    };
    let (quota, strict) = query.quota();
    let mut with = Vec::new();
    for added in &query.with {
        with.push((code(&added.state)?, added.votes));
    }
    let mut without = Vec::new();
    for state in &query.without {
        without.push(code(state)?);
    }
    Ok(VotingQuestion {
        organ: query.organ.clone(),
        matter: query.matter.clone(),
        weights,
        quota,
        strict,
        with,
        without,
    })
}

/// Members by code or name, each once.
fn players(
    registry: &Registry,
    vote: &Vote<'_>,
    states: &[String],
) -> Result<Vec<Player>, Failure> {
    let mut players = Vec::new();
    for text in states {
        let state = registry.find_state(text)?;
        let player = vote.player(state.code.as_str()).ok_or_else(|| {
            let members: Vec<&str> = vote.members.iter().map(StateCode::as_str).collect();
            Failure::Message(format!(
                "{} has no vote in the {} on {}; the members are {}",
                state.name(),
                vote.organ,
                vote.day,
                members.join(", ")
            ))
        })?;
        if !players.contains(&player) {
            players.push(player);
        }
    }
    Ok(players)
}
