//! From the sphere to paper, equal-area: no state looks larger than it is.
//!
//! A region is drawn in Lambert's azimuthal projection around its middle, which has no cut, so
//! that land across the 180th meridian is drawn in one piece. What is wider than that can show
//! well is drawn in the Equal Earth projection (Šavrič, Patterson and Jenny 2018), cut along
//! the meridian that crosses the least of the land that is shown.

/// A way to draw the sphere on paper, in units of its radius, with y upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Projection {
    /// Lambert's azimuthal equal-area projection around a longitude and latitude in degrees.
    Azimuthal {
        /// The middle.
        centre: [f64; 2],
    },
    /// Equal Earth with this longitude in the middle, in degrees.
    EqualEarth {
        /// The longitude.
        middle: f64,
    },
}

/// Up to this distance from its middle, in degrees, a region is drawn around it.
const WIDEST_REGION: f64 = 70.0;

impl Projection {
    /// The projection for these rings of longitudes and latitudes.
    pub(crate) fn fit(rings: &[Vec<[f64; 2]>]) -> Self {
        let points: Vec<[f64; 3]> = rings.iter().flatten().map(|point| unit(*point)).collect();
        match cap(&points) {
            Some((centre, radius)) if radius <= WIDEST_REGION => Self::Azimuthal {
                centre: degrees(centre),
            },
            _ => Self::of_the_world(rings),
        }
    }

    /// The projection for these rings as part of the whole sphere.
    pub(crate) fn of_the_world(rings: &[Vec<[f64; 2]>]) -> Self {
        Self::EqualEarth {
            middle: middle(rings),
        }
    }

    /// The place of a longitude and latitude. In [`Projection::EqualEarth`] longitudes are not
    /// wrapped: what is beyond the cut lands beyond the edge.
    pub(crate) fn project(&self, [longitude, latitude]: [f64; 2]) -> [f64; 2] {
        match *self {
            Self::Azimuthal { centre: [x0, y0] } => {
                let (sin0, cos0) = y0.to_radians().sin_cos();
                let (sin, cos) = latitude.to_radians().sin_cos();
                let (across, along) = (longitude - x0).to_radians().sin_cos();
                let scale = (2.0 / (1.0 + sin0 * sin + cos0 * cos * along).max(1e-9)).sqrt();
                [
                    scale * cos * across,
                    scale * (cos0 * sin - sin0 * cos * along),
                ]
            }
            Self::EqualEarth { middle } => {
                equal_earth((longitude - middle).to_radians(), latitude.to_radians())
            }
        }
    }

    /// The longitude of the cut, if there is one.
    pub(crate) fn cut(&self) -> Option<f64> {
        match self {
            Self::Azimuthal { .. } => None,
            Self::EqualEarth { middle } => Some(middle + 180.0),
        }
    }

    /// Whether a point is so far from the middle that a region cannot show it.
    pub(crate) fn is_behind(&self, point: [f64; 2]) -> bool {
        match self {
            Self::Azimuthal { centre } => angle(unit(*centre), unit(point)) > 110.0,
            Self::EqualEarth { .. } => false,
        }
    }
}

fn equal_earth(across: f64, latitude: f64) -> [f64; 2] {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let root = 3.0_f64.sqrt();
    let theta = (root / 2.0 * latitude.sin()).asin();
    let (two, six) = (theta * theta, theta.powi(6));
    let slope = A[0] + 3.0 * A[1] * two + six * (7.0 * A[2] + 9.0 * A[3] * two);
    [
        2.0 * root * across * theta.cos() / (3.0 * slope),
        theta * (A[0] + A[1] * two + six * (A[2] + A[3] * two)),
    ]
}

/// A longitude and latitude as a point of the unit sphere.
pub(crate) fn unit([longitude, latitude]: [f64; 2]) -> [f64; 3] {
    let (sin, cos) = latitude.to_radians().sin_cos();
    let (across, along) = longitude.to_radians().sin_cos();
    [cos * along, cos * across, sin]
}

fn degrees([x, y, z]: [f64; 3]) -> [f64; 2] {
    [y.atan2(x).to_degrees(), z.atan2(x.hypot(y)).to_degrees()]
}

/// The angle between two points of the unit sphere, in degrees.
pub(crate) fn angle(one: [f64; 3], other: [f64; 3]) -> f64 {
    dot(one, other).clamp(-1.0, 1.0).acos().to_degrees()
}

fn dot([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> f64 {
    ax * bx + ay * by + az * bz
}

fn normal(point: [f64; 3]) -> Option<[f64; 3]> {
    let length = point.iter().map(|x| x * x).sum::<f64>().sqrt();
    (length > 1e-9).then(|| point.map(|x| x / length))
}

/// Nearly the smallest cap that holds all points: its middle and its radius in degrees. The
/// middle moves towards the farthest point by ever smaller steps (Bădoiu and Clarkson 2003).
pub(crate) fn cap(points: &[[f64; 3]]) -> Option<([f64; 3], f64)> {
    const STEPS: u32 = 200;
    let sum = points
        .iter()
        .fold([0.0; 3], |sum, point| add(sum, *point, 1.0));
    let mut centre = normal(sum)?;
    let farthest = |centre: [f64; 3]| {
        let all = points.iter().map(|point| (angle(centre, *point), *point));
        all.fold(
            (0.0, centre),
            |far, next| if next.0 > far.0 { next } else { far },
        )
    };
    for step in 1..=STEPS {
        let (_, point) = farthest(centre);
        centre = normal(add(centre, point, 1.0 / f64::from(step + 1)))?;
    }
    Some((centre, farthest(centre).0))
}

fn add([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3], share: f64) -> [f64; 3] {
    [ax + bx * share, ay + by * share, az + bz * share]
}

/// The middle longitude of a map of these rings: opposite to the meridian that crosses the
/// fewest of their lines; of several the one nearest to 10 degrees east.
fn middle(rings: &[Vec<[f64; 2]>]) -> f64 {
    let mut crossings = [0_u32; 360];
    for pair in rings.iter().flat_map(|ring| ring.windows(2)) {
        let (low, high) = (pair[0][0].min(pair[1][0]), pair[0][0].max(pair[1][0]));
        let mut degree = low.ceil();
        while degree <= high.min(low + 360.0) {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "below 360"
            )]
            let at = degree.rem_euclid(360.0) as usize;
            crossings[at.min(359)] += 1;
            degree += 1.0;
        }
    }
    let from_ten = |cut: i32| (cut - 190 + 180).rem_euclid(360) - 180;
    let best = (0..360_i32).min_by_key(|cut| {
        let count = usize::try_from(*cut).map_or(0, |at| crossings[at]);
        (count, from_ten(*cut).abs())
    });
    f64::from(best.unwrap_or(190)) - 180.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_earth_has_its_published_size() {
        // Half the width of the map and its height, as published with the projection.
        let [x, _] = equal_earth(std::f64::consts::PI, 0.0);
        let [_, y] = equal_earth(0.0, std::f64::consts::FRAC_PI_2);
        assert!(
            (x - 2.706_629).abs() < 1e-5 && (y - 1.317_362).abs() < 1e-5,
            "{x} {y}"
        );
    }

    #[test]
    fn a_region_is_drawn_around_its_middle_and_the_world_is_cut_where_least_is() {
        let square = |x: f64, y: f64, r: f64| {
            vec![
                [x - r, y - r],
                [x + r, y - r],
                [x + r, y + r],
                [x - r, y + r],
                [x - r, y - r],
            ]
        };
        let region = Projection::fit(&[square(175.0, 60.0, 8.0), square(-170.0, 62.0, 4.0)]);
        let Projection::Azimuthal { centre: [x, y] } = region else {
            panic!("{region:?}")
        };
        assert!(
            (170.0..190.0).contains(&x.rem_euclid(360.0)) && (55.0..66.0).contains(&y),
            "{x} {y}"
        );
        let world = Projection::fit(&[square(-100.0, 0.0, 60.0), square(60.0, 0.0, 90.0)]);
        let Projection::EqualEarth { middle } = world else {
            panic!("{world:?}")
        };
        assert!(!(-160.0..=-40.0).contains(&(middle - 180.0)), "{middle}");
    }

    proptest! {
        /// A small square has the same size on paper wherever it lies.
        #[test]
        fn both_projections_keep_areas(x in -170.0_f64..170.0, y in -80.0_f64..80.0, lat in -85.0_f64..85.0) {
            let d: f64 = 1e-3;
            let north = ((y + d).to_radians().sin() - (y - d).to_radians().sin()) * (2.0 * d).to_radians();
            for projection in [Projection::Azimuthal { centre: [10.0, lat] }, Projection::EqualEarth { middle: 0.0 }] {
                if projection.is_behind([x, y]) { continue; }
                let corners = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d]].map(|p| projection.project(p));
                let twice: f64 = (0..4).map(|i| {
                    let ([ax, ay], [bx, by]) = (corners[i], corners[(i + 1) % 4]);
                    ax * by - bx * ay
                }).sum();
                prop_assert!((twice / 2.0 / north - 1.0).abs() < 1e-4, "{projection:?} {}", twice / 2.0 / north);
            }
        }
    }
}
