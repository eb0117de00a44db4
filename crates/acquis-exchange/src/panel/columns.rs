//! The columns of the panels: the data dictionary in one place.

use super::Panel;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// 1 or 0.
    Flag,
}

impl ColumnType {
    /// The word for the dictionary; also the XML Schema type of CSVW.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Flag => "boolean",
        }
    }
}

/// One column of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub column_type: ColumnType,
    /// The unit, empty where there is none.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Whether it is part of the key of a row, and never without a value.
    pub is_key: bool,
}

const fn key(name: &'static str, column_type: ColumnType, meaning: &'static str) -> PanelColumn {
    PanelColumn {
        name,
        column_type,
        unit: "",
        meaning,
        is_key: true,
    }
}

const fn text(name: &'static str, meaning: &'static str) -> PanelColumn {
    PanelColumn {
        name,
        column_type: ColumnType::Text,
        unit: "",
        meaning,
        is_key: false,
    }
}

const fn code(name: &'static str, meaning: &'static str) -> PanelColumn {
    PanelColumn {
        name,
        column_type: ColumnType::Integer,
        unit: "",
        meaning,
        is_key: false,
    }
}

const fn count(name: &'static str, unit: &'static str, meaning: &'static str) -> PanelColumn {
    PanelColumn {
        name,
        column_type: ColumnType::Integer,
        unit,
        meaning,
        is_key: false,
    }
}

const fn stage(name: &'static str, meaning: &'static str) -> PanelColumn {
    count(name, "stage 0-7", meaning)
}

const YEAR: PanelColumn = key(
    "year",
    ColumnType::Integer,
    "Year. What holds on 31 December counts for the year.",
);
const ISO3: &str =
    "ISO 3166 alpha-3 code; empty for a state without one (private codes begin with X).";
const COW: &str = "Number in the Correlates of War list of states (v2016) in that year; empty while the list does not have the state. Of states that share a number one has it.";
const GW: &str =
    "Number in the list of Gleditsch and Ward in that year; empty while the list does not have it.";

const STATE_YEAR: &[PanelColumn] = &[
    YEAR,
    key(
        "state",
        ColumnType::Text,
        "Code of the state in the registry.",
    ),
    text("iso3", ISO3),
    code("cow", COW),
    code("gw", GW),
    text("name", "Name borne by the state on 31 December."),
    count(
        "organizations",
        "organizations",
        "Organizations of which it is a member in its own right.",
    ),
    count(
        "associate_in",
        "organizations",
        "Organizations and agreements in which it is an associate.",
    ),
    count(
        "observer_in",
        "organizations",
        "Organizations and agreements in which it is an observer.",
    ),
    count(
        "agreements",
        "agreements",
        "Agreements by which it is bound in its own right.",
    ),
    count(
        "signed_only",
        "institutions",
        "Organizations and agreements that it has signed or consented to and that do not bind it yet.",
    ),
    count(
        "suspended_in",
        "institutions",
        "Organizations and agreements in which it is suspended.",
    ),
    count(
        "alliances",
        "institutions",
        "Organizations and agreements about security by which it is bound.",
    ),
    stage(
        "deepest_signed",
        "Deepest stage signed with any other state.",
    ),
    stage(
        "deepest_in_force",
        "Deepest stage in force with any other state.",
    ),
    stage(
        "deepest_functioning",
        "Deepest stage that functions with any other state.",
    ),
];

const ORGANIZATION_YEAR: &[PanelColumn] = &[
    YEAR,
    key(
        "institution",
        ColumnType::Text,
        "Id of the organization or agreement.",
    ),
    text("kind", "organization or agreement."),
    text("name", "Name borne on 31 December."),
    text("short_name", "Short name borne on 31 December."),
    count(
        "stage_set",
        "stage 0-7",
        "Stage that its text sets; empty where it sets none.",
    ),
    count(
        "members",
        "states",
        "States that are members of it, or bound by it.",
    ),
    count("associates", "states", "Associate states."),
    count("observers", "states", "Observer states."),
    count(
        "signed_only",
        "states",
        "States that have signed or consented and are not bound yet.",
    ),
    count("suspended", "states", "Suspended states."),
    count(
        "acting",
        "organizations",
        "Organizations that take part in it for their members.",
    ),
    count(
        "joined",
        "states",
        "Members that were not members a year before.",
    ),
    count("left", "states", "Members of a year before that are none."),
    text("member_codes", "Codes of the members, with blanks between."),
];

const DYAD_YEAR: &[PanelColumn] = &[
    YEAR,
    key(
        "state_a",
        ColumnType::Text,
        "Code of the first state in the registry, the one before in the alphabet.",
    ),
    key(
        "state_b",
        ColumnType::Text,
        "Code of the second state in the registry.",
    ),
    text("iso3_a", ISO3),
    code("cow_a", COW),
    code("gw_a", GW),
    text("iso3_b", ISO3),
    code("cow_b", COW),
    code("gw_b", GW),
    stage(
        "stage_signed",
        "Deepest stage that both have signed with one another: 0 none, 1 preferential arrangement, 2 free trade area, 3 customs union, 4 common market, 5 economic union, 6 economic and monetary union, 7 political union.",
    ),
    stage(
        "stage_in_force",
        "Deepest stage in force between them, on the scale of stage_signed.",
    ),
    stage(
        "stage_functioning",
        "Deepest stage that a source says functions between them, on the scale of stage_signed; 0 also where nobody has assessed (see unassessed).",
    ),
    count(
        "unassessed",
        "commitments",
        "Commitments in force between them whose functioning nobody has assessed.",
    ),
    count(
        "common_organizations",
        "organizations",
        "Organizations of which both are members in their own right.",
    ),
    count(
        "common_agreements",
        "agreements",
        "Agreements by which both are bound in their own right.",
    ),
    PanelColumn {
        name: "common_alliance",
        column_type: ColumnType::Flag,
        unit: "",
        meaning: "Whether both are bound, in their own right, by an organization or agreement whose areas include security.",
        is_key: false,
    },
];

impl Panel {
    /// The columns, in the order of the file.
    pub const fn columns(self) -> &'static [PanelColumn] {
        match self {
            Self::StateYear => STATE_YEAR,
            Self::OrganizationYear => ORGANIZATION_YEAR,
            Self::DyadYear => DYAD_YEAR,
        }
    }
}
