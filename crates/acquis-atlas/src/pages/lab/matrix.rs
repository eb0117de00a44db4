//! States by organizations and agreements, every cell a button: a click makes a member, or
//! takes its acts out.

use acquis_law::Standing;
use acquis_registry::InstitutionKind;
use acquis_scenario::{MembershipCell, MembershipColumn, MembershipRow, Memberships};
use maud::{Markup, html};

/// The name of the field that a cell posts: the institution, the state, and what a click does,
/// with bars between them.
pub(crate) const CELL: &str = "cell";

/// The matrix as a table of buttons, to stand within a form.
pub(crate) fn matrix(memberships: &Memberships) -> Markup {
    html! {
        div.table-room {
            div."table-scroll wide" role="region" tabindex="0" aria-label="Who is in what" {
                table."aq aq-marks lab-matrix" id="matrix" {
                    caption { "Who is in what on the day. Click a cell to add or to strike a membership." }
                    thead {
                        (kinds_row(&memberships.institutions))
                        tr {
                            td {}
                            @for column in &memberships.institutions {
                                th scope="col" title=(heading(column)) {
                                    span.aq-upright { (column.short) }
                                }
                            }
                        }
                    }
                    tbody {
                        @for row in &memberships.states { (state_row(row, &memberships.institutions)) }
                    }
                }
            }
            (key(is_contested(memberships)))
        }
    }
}

fn heading(column: &MembershipColumn) -> String {
    match column.stage {
        Some(stage) => format!("{} ({stage})", column.name),
        None => column.name.clone(),
    }
}

fn kinds_row(columns: &[MembershipColumn]) -> Markup {
    let count = |kind| columns.iter().filter(|column| column.kind == kind).count();
    let organizations = count(InstitutionKind::Organization);
    let agreements = count(InstitutionKind::Agreement);
    html! {
        tr.aq-groups {
            td {}
            @if organizations > 0 { th scope="colgroup" colspan=(organizations) { "Organizations" } }
            @if agreements > 0 { th scope="colgroup" colspan=(agreements) { "Agreements" } }
        }
    }
}

fn state_row(row: &MembershipRow, columns: &[MembershipColumn]) -> Markup {
    html! {
        tr {
            th scope="row" { (row.name) }
            @for (cell, column) in row.cells.iter().zip(columns) {
                td data-row=(row.code) data-column=(column.id) { (cell_button(row, column, *cell)) }
            }
        }
    }
}

fn cell_button(row: &MembershipRow, column: &MembershipColumn, cell: MembershipCell) -> Markup {
    let class = if cell.is_changed() {
        "cell changed"
    } else {
        "cell"
    };
    let said = said(row, column, cell);
    html! {
        button class=(class) type="submit" name=(CELL) value={ (column.id) "|" (row.code) "|" (if cell.takes_part() { "strike" } else { "join" }) }
            title=(said) aria-pressed=(cell.takes_part()) {
            @if cell.before.is_some() || cell.after.is_some() {
                svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true" focusable="false" {
                    (mark(cell))
                }
            }
        }
    }
}

/// A cell in words: who is what, what the draft changed, and what a click does.
fn said(row: &MembershipRow, column: &MembershipColumn, cell: MembershipCell) -> String {
    let word = |standing: Option<Standing>| {
        standing.map_or("takes no part", |standing| standing.label(column.kind))
    };
    let now = if cell.is_changed() {
        format!("{}, before: {}", word(cell.after), word(cell.before))
    } else {
        word(cell.after).to_owned()
    };
    let contested = if cell.contested { ", contested" } else { "" };
    let click = if cell.takes_part() { "strike" } else { "add" };
    format!(
        "{}, {}: {now}{contested}. Click to {click}.",
        row.name, column.short
    )
}

/// Shapes that tell the standings apart without colour; what the draft changed is framed.
fn mark(cell: MembershipCell) -> Markup {
    html! {
        @match cell.after {
            Some(Standing::Member) => circle.aq-c0 cx="11" cy="11" r="6.5" {},
            Some(Standing::ProvisionalParty) => path.aq-c0 d="M11 3l8 8-8 8-8-8z" {},
            Some(Standing::Associate) => {
                circle.aq-k2 cx="11" cy="11" r="6" {}
                path.aq-c2 d="M11 4.5a6.5 6.5 0 0 0 0 13z" {}
            },
            Some(Standing::Observer) => circle.aq-k1 cx="11" cy="11" r="6" {},
            Some(Standing::ContractingState) => path.aq-k3 d="M11 4l7 7-7 7-7-7z" {},
            Some(Standing::Signatory) => path.aq-k3 d="M5 16h12l-6-11z" {},
            Some(Standing::Suspended) => path.aq-down d="M6 5h3.5v12h-3.5zM12.5 5h3.5v12h-3.5z" {},
            Some(Standing::Withdrawn) => path.aq-faint d="M6 6l10 10m0-10l-10 10" {},
            Some(Standing::Ended) => path.aq-faint d="M6 11h10" {},
            None => {},
        }
        @if cell.is_changed() { rect.lab-changed x="1" y="1" width="20" height="20" rx="3" {} }
        @if cell.contested { circle.aq-contested cx="18" cy="4" r="2.8" {} }
    }
}

/// Whether a cell rests on a contested claim.
fn is_contested(memberships: &Memberships) -> bool {
    let mut cells = memberships.states.iter().flat_map(|row| &row.cells);
    cells.any(|cell| cell.contested)
}

fn key(has_contested: bool) -> Markup {
    let entries = [
        (Some(Standing::Member), "member or party"),
        (Some(Standing::ProvisionalParty), "applies it provisionally"),
        (Some(Standing::Associate), "associate"),
        (Some(Standing::Observer), "observer"),
        (
            Some(Standing::ContractingState),
            "has consented, not in force",
        ),
        (Some(Standing::Signatory), "has signed, no more"),
        (Some(Standing::Withdrawn), "has left"),
    ];
    html! {
        ul."aq aq-key" {
            @for (standing, words) in entries {
                li {
                    svg viewBox="0 0 22 22" width="18" height="18" aria-hidden="true" {
                        (mark(MembershipCell { before: standing, after: standing, contested: false }))
                    }
                    (words)
                }
            }
            li {
                svg viewBox="0 0 22 22" width="18" height="18" aria-hidden="true" {
                    rect.lab-changed x="1" y="1" width="20" height="20" rx="3" {}
                }
                "changed by this scenario"
            }
            @if has_contested {
                li {
                    svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" {
                        circle.aq-contested cx="9" cy="9" r="2.8" {}
                    }
                    "rests on a contested claim"
                }
            }
        }
    }
}
