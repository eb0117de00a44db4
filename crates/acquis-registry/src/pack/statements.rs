//! Reads conflicts, statements and instruments.

use crate::document::{Fields, Placed};
use crate::finding::Findings;
use crate::model::Party;
use crate::pack::claims::{Needs, assertions};
use crate::pack::{conflicts, value};
use crate::statement::{Conflict, Instrument, Statement};

/// `[[conflict]]`
pub(super) fn conflict(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Conflict> {
    let id = fields.required_text("id", findings);
    let question = fields.required_text("question", findings);
    fields.require("kind", findings);
    let kind = fields.word("kind", findings);
    let note = value(fields.text("note", findings));
    Some(Conflict {
        id: id?.value,
        kind: kind?,
        question: question?.value,
        note,
        place: fields.place(),
    })
}

/// `[[statement]]`
pub(super) fn statement(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Statement> {
    let id = fields.required_text("id", findings);
    let question = fields.required_text("question", findings);
    fields.require("kind", findings);
    let kind = fields.word("kind", findings);
    let about = parties(&fields.texts("about", findings));
    let claims = assertions(fields, "a statement", Needs::Position, findings);
    let conflicts = conflicts(fields, findings);
    let note = value(fields.text("note", findings));
    Some(Statement {
        id: id?.value,
        kind: kind?,
        question: question?.value,
        about,
        claims,
        conflicts,
        note,
        place: fields.place(),
    })
}

/// `[[instrument]]`
pub(super) fn instrument(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Instrument> {
    let id = fields.required_text("id", findings);
    let title = fields.required_text("title", findings);
    fields.require("kind", findings);
    let kind = fields.word("kind", findings);
    fields.require("giver", findings);
    let giver = parties(&fields.texts("giver", findings));
    fields.require("receiver", findings);
    let receiver = parties(&fields.texts("receiver", findings));
    let claims = assertions(fields, "an instrument", Needs::Source, findings);
    let conflicts = conflicts(fields, findings);
    let note = value(fields.text("note", findings));
    Some(Instrument {
        id: id?.value,
        kind: kind?,
        title: title?.value,
        giver,
        receiver,
        claims,
        conflicts,
        note,
        place: fields.place(),
    })
}

/// States and institutions by their ids.
pub(super) fn parties(texts: &[Placed<String>]) -> Vec<Party> {
    texts
        .iter()
        .map(|text| Party::from_id(&text.value))
        .collect()
}
