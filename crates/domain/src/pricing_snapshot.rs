use crate::customers::Exemption;

/// What prices depend on besides the lines of a purchase, read at the same moment as these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PricingSnapshot {
    /// The version of zones, shipping methods, rates and promotions.
    pub version: i64,
    /// Why the buyer owes no tax, if it owes none.
    pub exemption: Option<Exemption>,
}
