use domain::Uuid;
use domain::restocks::Restock;

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for Restock {
    const RESOURCE: &'static str = "restock";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("product_id", &self.product_id),
            field("quantity", &self.quantity),
            field("ordered_quantity", &self.ordered),
            field("status", self.status.as_str()),
        ]
    }
}
