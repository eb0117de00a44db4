//! Answers of the law: standings, members, stages, memberships as intervals.

use acquis_law::{Between, Commitment, Law, Proof, Spell, StageAt, StandingOn};
use acquis_registry::document::Word as _;
use acquis_registry::{
    ActKind, Institution, InstitutionId, InstitutionKind, KnownAct, Party, Registry, Stage, State,
    StateCode,
};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::column::Column;
use crate::table::{Cell, Table, TableError};

/// The question that an answer answers, for the head of a table and of a JSON document.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The day that is asked about.
    pub on: Date,
    /// Only what had been published by then.
    pub known_by: Option<Date>,
}

impl Question {
    /// "on 2008-11-01, as known by 2009-01-01".
    pub fn words(self) -> String {
        match self.known_by {
            Some(day) => format!("on {}, as known by {day}", self.on),
            None => format!("on {}", self.on),
        }
    }

    fn json(self) -> Value {
        json!({ "on": self.on.to_string(), "known_by": self.known_by.map(|day| day.to_string()) })
    }
}

/// How a fact that may be contested or imprecise is flagged in a table.
fn flags(contested: bool, imprecise: bool) -> Cell {
    match (contested, imprecise) {
        (false, false) => Cell::Missing,
        (true, false) => "contested".into(),
        (false, true) => "date imprecise".into(),
        (true, true) => "contested, date imprecise".into(),
    }
}

fn source_list(acts: &[KnownAct<'_>]) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for act in acts {
        let source = act.claim.source.as_str();
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources.join(", ")
}

fn party_name(registry: &Registry, party: &Party, on: Date) -> String {
    match party {
        Party::State(code) => registry
            .state(code)
            .map_or_else(|| code.to_string(), |state| state.name_on(on).to_owned()),
        Party::Organization(id) => registry
            .institution(id)
            .map_or_else(|| id.to_string(), |found| found.name_on(on).to_owned()),
    }
}

/// What binds a state on a day: its organizations first, then its agreements, those that
/// have ended or been left last.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn standings_of(law: &Law<'_>, state: &State, question: Question) -> Result<Table, TableError> {
    let mut standings = law.standings_of(state, question.on);
    standings.sort_by_key(|standing| {
        (
            !standing.standing.is_current(),
            standing.institution.kind != InstitutionKind::Organization,
            standing.since,
        )
    });
    let mut table = Table::new(
        "standings",
        format!("{} {}", state.name_on(question.on), question.words()),
        vec![
            Column::text("institution", "Organization or agreement"),
            Column::text("standing", "Standing"),
            Column::text("through", "Through"),
            Column::text("since", "Since"),
            Column::text("until", "Until"),
            Column::text("stage", "Stage it sets"),
            Column::text("flags", "Flags"),
            Column::text("sources", "Sources"),
        ],
    );
    for standing in &standings {
        let through = match &standing.party {
            Party::State(_) => Cell::Missing,
            Party::Organization(_) => {
                party_name(law.registry(), &standing.party, question.on).into()
            }
        };
        table.push_row(vec![
            institution_title(standing.institution, question.on).into(),
            standing.label().into(),
            through,
            standing.since.to_string().into(),
            optional(standing.until),
            stage_cell(standing.institution.stage),
            flags(standing.contested, standing.imprecise),
            source_list(&standing.acts).into(),
        ])?;
    }
    Ok(table)
}

/// "Eurasian Economic Community (EurAsEC)".
fn institution_title(institution: &Institution, on: Date) -> String {
    let (name, short) = (institution.name_on(on), institution.short_name_on(on));
    if name == short {
        name.to_owned()
    } else {
        format!("{name} ({short})")
    }
}

fn optional(day: Option<Date>) -> Cell {
    day.map_or(Cell::Missing, |day| day.to_string().into())
}

fn stage_cell(stage: Option<Stage>) -> Cell {
    stage.map_or(Cell::Missing, |stage| stage.label().into())
}

/// How far a state is integrated with every other with which it shares a commitment that
/// sets a stage, at the three grades, the deepest in force first.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn partners(law: &Law<'_>, state: &State, question: Question) -> Result<Table, TableError> {
    let mut table = Table::new(
        "partners",
        format!(
            "{} with each partner {}",
            state.name_on(question.on),
            question.words()
        ),
        vec![
            Column::text("party", "Partner"),
            Column::text("code", "Code"),
            Column::text("signed", "Signed"),
            Column::text("in_force", "In force"),
            Column::text("functioning", "Functioning"),
            Column::text("by", "In force by"),
            Column::text("flags", "Flags"),
        ],
    );
    let mut found: Vec<(&State, Between<'_>)> = law
        .registry()
        .states()
        .filter(|other| other.code != state.code)
        .map(|other| (other, law.between(&state.code, &other.code, question.on)))
        .filter(|(_, between)| between.stages() != [Stage::None; 3])
        .collect();
    found.sort_by_key(|(_, between)| {
        let [signed, in_force, functioning] = between.stages();
        std::cmp::Reverse((in_force, signed, functioning))
    });
    for (other, between) in &found {
        let [signed, in_force, functioning] = between.stages();
        let (deepest, _) = deepest_and_others(&between.grades[1]);
        let by: Vec<&str> = deepest
            .iter()
            .map(|commitment| commitment.institution.short_name_on(question.on))
            .collect();
        table.push_row(vec![
            other.name_on(question.on).into(),
            other.code.as_str().into(),
            signed.label().into(),
            in_force.label().into(),
            functioning.label().into(),
            by.join("; ").into(),
            flags(between.grades.iter().any(|at| at.contested), false),
        ])?;
    }
    Ok(table)
}

/// Every state of the registry: its code and name, when it began and ended, of how many
/// organizations it is a member on the day, and whether its standing is disputed.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn states(law: &Law<'_>, question: Question) -> Result<Table, TableError> {
    let mut table = Table::new(
        "states",
        format!("States {}", question.words()),
        vec![
            Column::text("state", "State"),
            Column::text("code", "Code"),
            Column::text("from", "From"),
            Column::text("until", "Until"),
            Column::integer("organizations", "Organizations", "")
                .describe("Organizations of which it is a member on the day"),
            Column::integer("agreements", "Agreements", "")
                .describe("Agreements to which it is a party on the day"),
            Column::text("kind", "Kind"),
        ],
    );
    for state in law.registry().states() {
        let memberships = law.memberships(&state.code, question.on);
        let of_kind = |kind| {
            let count = memberships
                .iter()
                .filter_map(|id| law.registry().institution(id))
                .filter(|institution| institution.kind == kind)
                .count();
            Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
        };
        table.push_row(vec![
            state.name_on(question.on).into(),
            state.code.as_str().into(),
            state.from.as_ref().map(ToString::to_string).into(),
            state.until.as_ref().map(ToString::to_string).into(),
            of_kind(InstitutionKind::Organization),
            of_kind(InstitutionKind::Agreement),
            state.kind.label().into(),
        ])?;
    }
    Ok(table)
}

/// Every organization and agreement of the registry of which something had been published:
/// what it is, the stage its text sets, when it began, and how many take part on the day.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn institutions(law: &Law<'_>, question: Question) -> Result<Table, TableError> {
    let mut table = Table::new(
        "institutions",
        format!("Organizations and agreements {}", question.words()),
        vec![
            Column::text("institution", "Name"),
            Column::text("short", "Short"),
            Column::text("kind", "Kind"),
            Column::text("stage", "Stage it sets"),
            Column::text("areas", "About"),
            Column::text("begun", "First act"),
            Column::integer("members", "Members", "").describe("Members or parties on the day"),
        ],
    );
    let mut institutions: Vec<&Institution> = law.registry().institutions().collect();
    institutions.sort_by_key(|institution| institution.kind);
    for institution in institutions {
        let acts = law.view().acts(institution);
        if acts.is_empty() {
            continue;
        }
        let areas: Vec<&str> = institution.areas.iter().map(|area| area.label()).collect();
        let begun = acts.iter().find_map(|act| act.claim.takes_effect());
        let members = law.members(&institution.id, question.on).len();
        table.push_row(vec![
            institution.name_on(question.on).into(),
            institution.short_name_on(question.on).into(),
            institution.kind.label().into(),
            stage_cell(institution.stage),
            areas.join(", ").into(),
            begun.map(ToString::to_string).into(),
            Cell::Integer(i64::try_from(members).unwrap_or(i64::MAX)),
        ])?;
    }
    Ok(table)
}

/// The same as JSON, each standing with its proof.
pub fn state_json(law: &Law<'_>, state: &State, question: Question) -> Value {
    let standings: Vec<Value> = law
        .standings_of(state, question.on)
        .iter()
        .map(|standing| standing_json(law, standing))
        .collect();
    json!({
        "question": question.json(),
        "state": {
            "code": state.code,
            "name": state.name_on(question.on),
            "kind": state.kind,
            "exists": state.exists_on(question.on),
            "recognition": state.recognition,
        },
        "standings": standings,
    })
}

fn standing_json(law: &Law<'_>, standing: &StandingOn<'_>) -> Value {
    json!({
        "institution": standing.institution.id,
        "name": standing.institution.name_on(standing.since),
        "kind": standing.institution.kind,
        "party": standing.party,
        "standing": standing.standing,
        "since": standing.since.to_string(),
        "until": standing.until.map(|day| day.to_string()),
        "stage": standing.institution.stage,
        "ended_by": standing.end(),
        "contested": standing.contested,
        "imprecise": standing.imprecise,
        "proof": law.prove(standing),
    })
}

/// Who takes part in an organization or agreement on a day.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn standings_in(
    law: &Law<'_>,
    institution: &Institution,
    question: Question,
) -> Result<Table, TableError> {
    let mut standings = law.standings_in(&institution.id, question.on);
    standings.sort_by_key(|standing| (standing.standing, standing.since));
    let mut table = Table::new(
        "members",
        format!(
            "{} {}",
            institution_title(institution, question.on),
            question.words()
        ),
        vec![
            Column::text("party", "State"),
            Column::text("code", "Code"),
            Column::text("standing", "Standing"),
            Column::text("since", "Since"),
            Column::text("until", "Until"),
            Column::text("flags", "Flags"),
            Column::text("sources", "Sources"),
        ],
    );
    for standing in &standings {
        table.push_row(vec![
            party_name(law.registry(), &standing.party, question.on).into(),
            standing.party.as_str().into(),
            standing.label().into(),
            standing.since.to_string().into(),
            optional(standing.until),
            flags(standing.contested, standing.imprecise),
            source_list(&standing.acts).into(),
        ])?;
    }
    let bound = standings
        .iter()
        .filter(|standing| standing.standing.is_bound())
        .count();
    let word = match institution.kind {
        InstitutionKind::Organization => "members",
        InstitutionKind::Agreement => "parties",
    };
    Ok(table.note(format!("{bound} {word}.")))
}

/// What an organization or agreement became and what it came from, as sentences.
pub fn lineage(law: &Law<'_>, institution: &Institution) -> Vec<String> {
    let registry = law.registry();
    let name = |id: &InstitutionId| {
        registry
            .institution(id)
            .map_or_else(|| id.to_string(), |found| found.name().to_owned())
    };
    let mut lines = Vec::new();
    let names: Vec<String> = institution
        .names
        .iter()
        .map(|name| match &name.from {
            Some(from) => format!("{} ({from})", name.name),
            None => name.name.clone(),
        })
        .collect();
    if names.len() > 1 {
        lines.push(format!("Names: {}.", names.join(", ")));
    }
    for other in registry.institutions() {
        for act in law.view().acts(other) {
            let Some(into) = act.act.kind.successor() else {
                continue;
            };
            let day = act
                .claim
                .takes_effect()
                .map_or_else(String::new, |date| format!(", {date}"));
            if *into == institution.id {
                lines.push(format!("Predecessor: {}{day}.", other.name()));
            } else if other.id == institution.id {
                lines.push(format!("Succeeded by {}{day}.", name(into)));
            }
        }
    }
    lines
}

/// The same as JSON.
pub fn institution_json(law: &Law<'_>, institution: &Institution, question: Question) -> Value {
    let standings: Vec<Value> = law
        .standings_in(&institution.id, question.on)
        .iter()
        .map(|standing| standing_json(law, standing))
        .collect();
    json!({
        "question": question.json(),
        "institution": {
            "id": institution.id,
            "name": institution.name_on(question.on),
            "short_name": institution.short_name_on(question.on),
            "kind": institution.kind,
            "summary": institution.summary,
            "areas": institution.areas,
            "stage": institution.stage,
            "within": institution.within,
            "lineage": lineage(law, institution),
        },
        "standings": standings,
    })
}

/// The stage between two states at the three grades.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn between(
    law: &Law<'_>,
    between: &Between<'_>,
    question: Question,
) -> Result<Table, TableError> {
    let name = |code: &StateCode| {
        law.registry().state(code).map_or_else(
            || code.to_string(),
            |state| state.name_on(question.on).to_owned(),
        )
    };
    let mut table = Table::new(
        "between",
        format!(
            "{} and {} {}",
            name(&between.first),
            name(&between.second),
            question.words()
        ),
        vec![
            Column::text("grade", "Grade"),
            Column::text("stage", "Stage"),
            Column::text("by", "By"),
            Column::text("flags", "Flags"),
        ],
    );
    let mut notes = Vec::new();
    for at in &between.grades {
        let (deepest, others) = deepest_and_others(at);
        let names: Vec<&str> = deepest
            .iter()
            .map(|commitment| commitment.institution.short_name_on(question.on))
            .collect();
        table.push_row(vec![
            at.grade.label().into(),
            at.stage.label().into(),
            if names.is_empty() {
                Cell::Missing
            } else {
                names.join("; ").into()
            },
            flags(at.contested, false),
        ])?;
        notes.extend(others_note(at, &others, question.on));
    }
    for note in notes {
        table = table.note(note);
    }
    if let Some(note) = unassessed_note(&between.grades[2], question.on) {
        table = table.note(note);
    }
    // What rests is not in force; that it does not function follows.
    for act in &between.grades[1].inoperative {
        table = table.note(inoperative_note(act, question.on));
    }
    Ok(table)
}

fn deepest_and_others<'b, 'r>(
    at: &'b StageAt<'r>,
) -> (Vec<&'b Commitment<'r>>, Vec<&'b Commitment<'r>>) {
    at.commitments
        .iter()
        .partition(|commitment| commitment.stage == at.stage && at.stage > Stage::None)
}

/// The shallower commitments of a grade.
fn others_note(at: &StageAt<'_>, others: &[&Commitment<'_>], on: Date) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let names: Vec<String> = others
        .iter()
        .map(|commitment| {
            let name = commitment.institution.short_name_on(on);
            format!("{name} ({})", commitment.stage)
        })
        .collect();
    Some(format!("Also {}: {}.", at.grade, names.join("; ")))
}

fn unassessed_note(functioning: &StageAt<'_>, on: Date) -> Option<String> {
    if functioning.unassessed.is_empty() {
        return None;
    }
    let names: Vec<&str> = functioning
        .unassessed
        .iter()
        .map(|institution| institution.short_name_on(on))
        .collect();
    Some(format!(
        "In force, but no source in the pack assesses whether it works: {}.",
        names.join("; ")
    ))
}

/// What rests between two states although it binds both, by whose act and since when.
fn inoperative_note(act: &KnownAct<'_>, on: Date) -> String {
    let name = act.institution.short_name_on(on);
    let whom = act.act.whom().unwrap_or_default();
    let since = act.effect();
    let since = since.map_or_else(String::new, |since| format!(" since {since}"));
    match act.act.kind {
        ActKind::Termination(_) => format!("Ended between the two{since} ({whom}): {name}."),
        _ => format!("Suspended between the two{since} (by {whom}): {name}."),
    }
}

/// The proof of the stage between two states, by grade: the deepest commitments, where
/// nothing works the assessments that say so, and what is suspended or ended between the two.
pub fn between_proofs(law: &Law<'_>, between: &Between<'_>) -> Vec<Proof> {
    between
        .grades
        .iter()
        .map(|at| {
            let deepest = at
                .commitments
                .iter()
                .filter(|commitment| commitment.stage == at.stage)
                .map(|commitment| law.prove_commitment(commitment, between.day));
            let resting = at.inoperative.iter();
            let resting = resting.map(|act| Proof::from_act(law.registry(), act));
            let because = deepest.chain(resting).collect();
            Proof::from_statements(format!("{}: {}", at.grade, at.stage), because)
        })
        .collect()
}

/// The same as JSON, each commitment with its proof.
pub fn between_json(law: &Law<'_>, between: &Between<'_>, question: Question) -> Value {
    let grades: Vec<Value> = between
        .grades
        .iter()
        .map(|at| {
            let commitments: Vec<Value> = at
                .commitments
                .iter()
                .map(|commitment| {
                    json!({
                        "institution": commitment.institution.id,
                        "stage": commitment.stage,
                        "contested": commitment.is_contested(),
                        "proof": law.prove_commitment(commitment, between.day),
                    })
                })
                .collect();
            let unassessed: Vec<&str> = at
                .unassessed
                .iter()
                .map(|institution| institution.id.as_str())
                .collect();
            let inoperative: Vec<Proof> = at
                .inoperative
                .iter()
                .map(|act| Proof::from_act(law.registry(), act))
                .collect();
            json!({
                "grade": at.grade,
                "stage": at.stage,
                "contested": at.contested,
                "commitments": commitments,
                "not_assessed": unassessed,
                "inoperative": inoperative,
            })
        })
        .collect();
    json!({
        "question": question.json(),
        "states": [between.first, between.second],
        "grades": grades,
    })
}

/// Every standing of every party as intervals, one row each: for a data frame.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn memberships(law: &Law<'_>) -> Result<Table, TableError> {
    let mut table = Table::new(
        "memberships",
        "Standings as intervals [from, until)",
        vec![
            Column::text("institution", "Institution"),
            Column::text("institution_name", "Name"),
            Column::text("institution_kind", "Kind"),
            Column::text("party", "Party"),
            Column::text("party_name", "Party's name"),
            Column::text("standing", "Standing"),
            Column::text("from", "From"),
            Column::text("until", "Until"),
            Column::text("from_as_stated", "From, as the source states it"),
            Column::text("stage", "Stage set"),
            Column::flag("contested", "Contested"),
            Column::text("sources", "Sources"),
        ],
    );
    for institution in law.registry().institutions() {
        for (party, spells) in law.spells(&institution.id) {
            for spell in spells {
                table.push_row(membership_row(law, institution, party, spell))?;
            }
        }
    }
    Ok(table)
}

fn membership_row(
    law: &Law<'_>,
    institution: &Institution,
    party: &Party,
    spell: &Spell,
) -> Vec<Cell> {
    let acts: Vec<KnownAct<'_>> = law
        .acts_of(&institution.id, spell)
        .into_iter()
        .cloned()
        .collect();
    let stated = acts
        .iter()
        .rfind(|act| act.effect() == Some(spell.from))
        .and_then(|act| act.claim.takes_effect().map(ToString::to_string));
    vec![
        institution.id.as_str().into(),
        institution.name_on(spell.from).into(),
        institution.kind.label().into(),
        party.as_str().into(),
        party_name(law.registry(), party, spell.from).into(),
        spell.standing.word().into(),
        spell.from.to_string().into(),
        optional(spell.until),
        stated.map_or(Cell::Missing, Cell::from),
        institution
            .stage
            .map_or(Cell::Missing, |stage| stage.word().into()),
        Cell::Flag(acts.iter().any(|act| act.contested)),
        source_list(&acts).into(),
    ]
}
