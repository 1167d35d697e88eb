use domain::Uuid;
use domain::tax_classes::TaxClass;

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for TaxClass {
    const RESOURCE: &'static str = "tax_class";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("code", self.code.as_str()), field("name", &self.name)]
    }
}
