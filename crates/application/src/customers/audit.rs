use domain::Uuid;
use domain::customers::{Customer, Exemption};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Customer {
    const RESOURCE: &'static str = "customer";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("name", &self.name),
            field("email", self.email.as_str()),
            field("phone", self.phone.as_str()),
            optional("tax_exempt", self.tax_exempt.map(Exemption::as_str).as_ref()),
        ]
    }
}
