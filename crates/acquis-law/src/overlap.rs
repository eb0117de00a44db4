//! How organizations overlap, and how far apart in speed their members are.

use acquis_registry::{Area, InstitutionId, Stage, StateCode};
use jiff::civil::Date;

use crate::law::Law;
use crate::stage::Grade;

/// Two organizations (or agreements) side by side on a day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Overlap {
    /// Members of both.
    pub shared: Vec<StateCode>,
    /// Members of the first only.
    pub only_first: Vec<StateCode>,
    /// Members of the second only.
    pub only_second: Vec<StateCode>,
    /// What both are about.
    pub shared_areas: Vec<Area>,
}

/// How far apart the members of an organization are on a day.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Speed {
    /// The day.
    pub day: String,
    /// How many members it has.
    pub members: usize,
    /// By grade, signed first: how deep the deepest pair of members is.
    pub deepest: [Stage; 3],
    /// By grade: how deep the shallowest pair is.
    pub shallowest: [Stage; 3],
    /// Commitments that pairs of members have signed: one for each pair and each agreement
    /// or organization that sets a stage between them.
    pub signed: usize,
    /// How many of these are in force.
    pub in_force: usize,
    /// How many of these function.
    pub functioning: usize,
}

impl Speed {
    /// How many stages the deepest and the shallowest pair are apart at a grade.
    pub const fn stages_apart(&self, grade: Grade) -> usize {
        let index = grade as usize;
        self.deepest[index].depth() - self.shallowest[index].depth()
    }

    /// The share of signed commitments that are in force.
    pub fn share_in_force(&self) -> Option<f64> {
        (self.signed > 0).then(|| self.in_force as f64 / self.signed as f64)
    }

    /// The share of signed commitments that function.
    pub fn share_functioning(&self) -> Option<f64> {
        (self.signed > 0).then(|| self.functioning as f64 / self.signed as f64)
    }
}

impl Law<'_> {
    /// Who is in both of two organizations or agreements on a day, and what both are about.
    pub fn overlap(&self, first: &InstitutionId, second: &InstitutionId, day: Date) -> Overlap {
        let (left, right) = (self.members(first, day), self.members(second, day));
        let areas = |id: &InstitutionId| {
            self.registry()
                .institution(id)
                .map(|institution| institution.areas.clone())
                .unwrap_or_default()
        };
        let of_second = areas(second);
        Overlap {
            shared: common(&left, &right, true),
            only_first: common(&left, &right, false),
            only_second: common(&right, &left, false),
            shared_areas: areas(first)
                .into_iter()
                .filter(|area| of_second.contains(area))
                .collect(),
        }
    }

    /// How far apart the members of an organization are on a day, and how much of what they
    /// signed with one another is in force and functions.
    pub fn speed(&self, id: &InstitutionId, day: Date) -> Speed {
        let members = self.members(id, day);
        let mut speed = Speed {
            day: day.to_string(),
            members: members.len(),
            deepest: [Stage::None; 3],
            shallowest: [Stage::PoliticalUnion; 3],
            signed: 0,
            in_force: 0,
            functioning: 0,
        };
        for grade in Grade::ALL {
            // Looked up once for all pairs of the members.
            let reaches = self.reaches(&members, day, grade);
            let pairs =
                (0..members.len()).flat_map(|row| (0..row).map(move |column| (column, row)));
            let (mut deepest, mut shallowest) = (Stage::None, Stage::PoliticalUnion);
            let mut commitments = 0;
            for (row, column) in pairs {
                let at = reaches.between(row, column);
                deepest = deepest.max(at.stage);
                shallowest = shallowest.min(at.stage);
                let counts = at.commitments.iter();
                commitments += counts.filter(|it| it.stage > Stage::None).count();
            }
            speed.deepest[grade as usize] = deepest;
            speed.shallowest[grade as usize] = shallowest;
            *match grade {
                Grade::Signed => &mut speed.signed,
                Grade::InForce => &mut speed.in_force,
                Grade::Functioning => &mut speed.functioning,
            } = commitments;
        }
        if members.len() < 2 {
            speed.shallowest = [Stage::None; 3];
        }
        speed
    }
}

fn common(left: &[StateCode], right: &[StateCode], wanted: bool) -> Vec<StateCode> {
    left.iter()
        .filter(|code| right.contains(code) == wanted)
        .cloned()
        .collect()
}
