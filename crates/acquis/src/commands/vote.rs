//! `acquis vote EurAsEC --on 2005-01-01`, `acquis vote --rule "[62; 10x4, 8, 5x4, 4x2, 3x3, 2]"`

use std::path::Path;

use acquis_law::Law;
use acquis_registry::SourceText;
use acquis_report::subject::vote::{self as subject, Inquiry, Part};
use acquis_report::{csv, json as table_json, write_files};
use acquis_scenario::{
    Against, Also, ComposedRule, Measures, TypedShare, VoteQuestions, VoteRequest,
};
use serde_json::{Map, Value};

use crate::arguments::{Common, QuestionsAsked, VoteQuery};
use crate::failure::Failure;
use crate::{output, session};

/// Who decides under a rule, and what would change it.
pub(crate) fn vote(common: &Common, query: &VoteQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let almanac = session::series()?;
    let (request, day) = (request(query)?, query.on.day());
    let vote = request.vote(&law, day, &almanac)?;
    let before = match &query.questions.against {
        Some(against) => {
            let against = compared_with(against)?;
            Some(request.against(&against, &law, day, &almanac)?)
        }
        None => match request.with_members_as_they_are() {
            Some(as_they_are) => Some(as_they_are.vote(&law, day, &almanac)?),
            None => None,
        },
    };
    let parts = subject::answer(&Inquiry {
        registry: &registry,
        almanac: &almanac,
        vote: &vote,
        before: before.as_ref(),
        quota: query.rule.quota,
        questions: &questions(&query.questions),
    })?;
    if let Some(folder) = &query.out {
        let file = |Part { table, .. }: &Part| (format!("{}.csv", table.id()), csv::to_csv(table));
        let mut files: Vec<(String, Vec<u8>)> = parts.iter().map(file).collect();
        for picture in parts.iter().flat_map(|part| &part.pictures) {
            let name = format!("{}.svg", picture.name);
            files.push((name, picture.svg.clone().into_bytes()));
        }
        let page = subject::report(&registry, &vote, &parts).render();
        files.push(("report.html".to_owned(), page.into_bytes()));
        write_files(folder, &files)?;
    }
    show(common, &parts)
}

fn show(common: &Common, parts: &[Part]) -> Result<(), Failure> {
    if common.json {
        let named = |Part { table, .. }: &Part| (table.id().to_owned(), table_json::to_json(table));
        let all: Map<String, Value> = parts.iter().map(named).collect();
        return output::json(&Value::Object(all));
    }
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            output::lines([""])?;
        }
        output::table(&part.table)?;
    }
    Ok(())
}

fn request(query: &VoteQuery) -> Result<VoteRequest, Failure> {
    let asked = &query.rule;
    let rule = asked.rule.as_deref().map(rule).transpose()?;
    let share = |share: TypedShare| share.0;
    Ok(VoteRequest {
        organization: query.organization.clone(),
        organ: query.organ.clone(),
        matter: query.matter.clone(),
        rule,
        players: asked.members.clone(),
        weights: asked.weights.clone(),
        floor: asked.floor.map(share),
        cap: asked.cap.map(share),
        quota: asked.quota,
        with: asked.with.clone(),
        without: asked.without.clone(),
    })
}

/// A rule in a line, or in a file by its ending.
fn rule(text: &str) -> Result<ComposedRule, Failure> {
    match rule_file(text)? {
        Some(rule) => Ok(rule),
        None => Ok(ComposedRule::from_line(text)?),
    }
}

fn rule_file(text: &str) -> Result<Option<ComposedRule>, Failure> {
    let path = Path::new(text);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Ok(None);
    }
    let content = std::fs::read_to_string(path)
        .map_err(|error| Failure::Message(format!("can't read the rule {text}: {error}")))?;
    Ok(Some(ComposedRule::from_file(&SourceText::new(
        text, content,
    ))?))
}

fn compared_with(text: &str) -> Result<Against, Failure> {
    match rule_file(text)? {
        Some(rule) => Ok(Against::Rule(Box::new(rule))),
        None => Ok(Against::read(text)?),
    }
}

fn questions(asked: &QuestionsAsked) -> VoteQuestions {
    let also = [
        (asked.sweep, Also::Sweep),
        (asked.coalitions, Also::Coalitions),
        (asked.abstention, Also::Abstention),
    ];
    let also = also.into_iter();
    VoteQuestions {
        measures: if asked.all {
            Measures::All
        } else if asked.index.is_empty() {
            Measures::Usual
        } else {
            Measures::Named(asked.index.clone())
        },
        exact: asked.exact,
        also: also
            .filter_map(|(is_asked, also)| is_asked.then_some(also))
            .collect(),
        outvote: asked.outvote.clone(),
        blocs: asked.bloc.clone(),
        uncertain: asked.uncertain.clone(),
        draws: asked.draws,
        seed: asked.seed,
        wanted: asked.wanted.clone(),
    }
}
