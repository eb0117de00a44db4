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
        for (index, first) in members.iter().enumerate() {
            for second in &members[index + 1..] {
                for at in self.between(first, second, day).grades {
                    let grade = at.grade as usize;
                    speed.deepest[grade] = speed.deepest[grade].max(at.stage);
                    speed.shallowest[grade] = speed.shallowest[grade].min(at.stage);
                    let count = at
                        .commitments
                        .iter()
                        .filter(|commitment| commitment.stage > Stage::None)
                        .count();
                    match at.grade {
                        Grade::Signed => speed.signed += count,
                        Grade::InForce => speed.in_force += count,
                        Grade::Functioning => speed.functioning += count,
                    }
                }
            }
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
