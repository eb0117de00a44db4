//! Krugman's (1991) world of symmetric trading blocs.
//!
//! Many equal provinces each make a good of their own; goods are bought with constant elasticity of
//! substitution `σ`. The world is divided into `B` equal blocs with free trade inside, each
//! of which sets the tariff `t` that is best for it given the others'. With `s` the share of
//! a bloc's goods in what another spends at world prices,
//!
//! ```text
//! s = 1 / ((1 + t)^σ + B - 1)          t = 1 / ((σ - 1) (1 - s))
//! U = B ( 1/B h^ρ + (B-1)/B s^ρ )^{1/ρ}      h = (1 + t)^σ s,  ρ = (σ - 1) / σ
//! ```
//!
//! `h` being what is spent at home; `U = 1` under free trade, `B = 1`. (Krugman, P. (1991), "Is
//! Bilateralism Bad?", in Helpman and Razin (eds), International Trade and Trade Policy.)

/// The world of symmetric blocs at an elasticity of substitution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SymmetricBlocs {
    elasticity: f64,
}

/// Not a world of symmetric blocs.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SymmetricBlocsError {
    /// At one or below a bloc's best tariff is infinite.
    #[error("the elasticity of substitution must be above 1 and finite, not {elasticity}")]
    Elasticity {
        /// The elasticity.
        elasticity: f64,
    },
    /// No blocs.
    #[error("the world has at least one bloc")]
    NoBlocs,
}

/// Halvings of an interval, more than a double can tell apart.
const HALVINGS: usize = 128;

impl SymmetricBlocs {
    /// A world at this elasticity of substitution `σ > 1`.
    ///
    /// # Errors
    /// [`SymmetricBlocsError::Elasticity`].
    pub fn new(elasticity: f64) -> Result<Self, SymmetricBlocsError> {
        if elasticity > 1.0 && elasticity.is_finite() {
            Ok(Self { elasticity })
        } else {
            Err(SymmetricBlocsError::Elasticity { elasticity })
        }
    }

    /// Each bloc's best tariff, ad valorem; nought in a world of one bloc.
    ///
    /// # Errors
    /// [`SymmetricBlocsError::NoBlocs`].
    pub fn tariff(&self, blocs: u32) -> Result<f64, SymmetricBlocsError> {
        match blocs {
            0 => return Err(SymmetricBlocsError::NoBlocs),
            1 => return Ok(0.0),
            _ => {}
        }
        let best_against = |tariff: f64| {
            let share = self.foreign_share(tariff, blocs);
            1.0 / ((self.elasticity - 1.0) * (1.0 - share))
        };
        // The best answer falls in the others' tariff: one crossing, below that to free trade.
        let (mut low, mut high) = (0.0, best_against(0.0));
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if best_against(middle) > middle {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(0.5 * (low + high))
    }

    /// Everybody's utility, as a share of that under free trade.
    ///
    /// # Errors
    /// [`SymmetricBlocsError::NoBlocs`].
    pub fn utility(&self, blocs: u32) -> Result<f64, SymmetricBlocsError> {
        let tariff = self.tariff(blocs)?;
        let foreign = self.foreign_share(tariff, blocs);
        let home = (1.0 + tariff).powf(self.elasticity) * foreign;
        let exponent = (self.elasticity - 1.0) / self.elasticity;
        let blocs = f64::from(blocs);
        let mean = (home.powf(exponent) + (blocs - 1.0) * foreign.powf(exponent)) / blocs;
        Ok(blocs * mean.powf(1.0 / exponent))
    }

    fn foreign_share(self, tariff: f64, blocs: u32) -> f64 {
        1.0 / ((1.0 + tariff).powf(self.elasticity) + f64::from(blocs) - 1.0)
    }
}
