use domain::Uuid;
use domain::tax_rates::TaxRate;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for TaxRate {
    const RESOURCE: &'static str = "tax_rate";

    fn resource_id(&self) -> Uuid {
        self.dated.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let (dated, rate) = (&self.dated, &self.dated.rate);
        vec![
            field("zone_id", &self.zone_id),
            field("tax_class", dated.class.as_str()),
            field("code", rate.code.as_str()),
            field("name", &rate.name),
            field("rate_ppm", &rate.ppm.get()),
            field("starts_on", &dated.starts_on),
            optional("ends_on", dated.ends_on.as_ref()),
            field("applies_to_shipping", &rate.applies_to_shipping),
            field("treatment", rate.treatment().as_str()),
        ]
    }
}
