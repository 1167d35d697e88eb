use domain::Uuid;
use domain::zones::Zone;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Zone {
    const RESOURCE: &'static str = "zone";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("name", &self.name),
            field("members", &self.members),
            optional("shipping_tax", self.shipping_tax.as_ref()),
        ]
    }
}
