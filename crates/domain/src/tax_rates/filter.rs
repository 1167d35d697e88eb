use crate::Date;
use crate::pricing::ZoneId;
use crate::tax_classes::TaxClassCode;

/// The filter of a list of tax rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxRateFilter {
    /// Only rates of this zone.
    pub zone_id: Option<ZoneId>,
    /// Only rates of this class.
    pub class: Option<TaxClassCode>,
    /// Only rates that hold on this day.
    pub on: Option<Date>,
}
