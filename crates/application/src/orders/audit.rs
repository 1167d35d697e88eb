use domain::Uuid;
use domain::orders::Order;

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for Order {
    const RESOURCE: &'static str = "order";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("status", self.status.as_str()), field("expected_delivery", &self.expected_delivery)]
    }
}
