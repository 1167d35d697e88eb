use domain::shipping_methods::{Days, ShippingMethod};
use domain::tax_classes::TaxClassCode;
use domain::{Price, Uuid};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for ShippingMethod {
    const RESOURCE: &'static str = "shipping_method";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let details = &self.details;
        let tax_class = details.tax_class.as_ref().map(TaxClassCode::as_str);
        vec![
            field("code", details.code.as_str()),
            field("name", &details.name),
            field("zone_id", &details.zone_id),
            field("status", details.status.as_str()),
            field("position", &details.position.get()),
            field("basis", details.basis.as_str()),
            field("tiers", &details.tiers),
            optional("free_from", details.free_from.map(Price::amount).as_ref()),
            optional("tax_class", tax_class.as_ref()),
            optional("min_days", details.days.min().map(Days::get).as_ref()),
            optional("max_days", details.days.max().map(Days::get).as_ref()),
        ]
    }
}
