use crate::Date;
use crate::pricing::{TaxClass, ZoneId};

/// The filter of a list of tax rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxRateFilter {
    /// Only rates of this zone.
    pub zone_id: Option<ZoneId>,
    /// Only rates of this class.
    pub class: Option<TaxClass>,
    /// Only rates that hold on this day.
    pub on: Option<Date>,
}
