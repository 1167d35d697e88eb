use domain::Uuid;
use domain::stock::{Movement, Stock};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Stock {
    const RESOURCE: &'static str = "stock";

    fn resource_id(&self) -> Uuid {
        self.product_id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("restock_threshold", &self.restock_threshold), field("restock_target", &self.restock_target)]
    }
}

impl Audited for Movement {
    const RESOURCE: &'static str = "stock";

    fn resource_id(&self) -> Uuid {
        self.product_id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("quantity", &self.quantity),
            field("balance", &self.balance),
            optional("reason", self.reason.as_ref()),
        ]
    }
}
