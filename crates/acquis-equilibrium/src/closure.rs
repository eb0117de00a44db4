//! What happens to trade deficits, and the unit that money is counted in.

/// How expenditure follows income when wages change.
///
/// Deficits aren't explained by a static model; a closure says what is held fixed, and
/// large deficits make the choice visible in the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum DeficitClosure {
    /// `E'_j = Y_j ŵ_j + D_j`: each deficit keeps its amount in units of the numeraire.
    ///
    /// This isn't homogeneous: doubling all wages halves the real deficits, so the
    /// results depend on [`Numeraire`]. Expenditure of a surplus economy can turn
    /// negative under a large shock, and an economy that is cut off from trade can't
    /// run a deficit at all; both end in
    /// [`SolveError::NoEquilibrium`](crate::SolveError::NoEquilibrium).
    Additive,
    /// `E'_j = Ξ (1 + D_j/Y_j) Y_j ŵ_j` with `Ξ = ΣYŵ / Σ(1 + D/Y)Yŵ`: each deficit stays
    /// proportional to output up to one common factor.
    ///
    /// Without `Ξ`, as some programs have it, expenditure doesn't add up to output and no
    /// solution exists; an iteration then stops at a point where sales differ from
    /// income by a common factor.
    Multiplicative,
    /// `E'_j = Y_j ŵ_j + D_j (ΣYŵ / ΣY)`: each deficit keeps its share of world output.
    ///
    /// Real results don't depend on the numeraire. Under [`Numeraire::WorldOutput`] this
    /// is [`DeficitClosure::Additive`], number for number.
    #[default]
    WorldShare,
}

/// What keeps its nominal value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Numeraire {
    /// World output: `Σ Y_i ŵ_i = Σ Y_i`.
    #[default]
    WorldOutput,
    /// The wage of one economy, by its index: `ŵ_k = 1`.
    ///
    /// With [`DeficitClosure::Additive`] this changes real results, because deficits are
    /// then fixed in units of that wage; with the other closures it only changes the
    /// unit in which wages, prices and flows are counted.
    Wage(usize),
}
