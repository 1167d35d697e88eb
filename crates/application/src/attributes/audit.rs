use domain::Uuid;
use domain::attributes::Attribute;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Attribute {
    const RESOURCE: &'static str = "attribute";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("code", &self.code),
            field("name", &self.name),
            field("type", self.kind.as_str()),
            field("multiple", &self.is_multiple),
            field("filterable", &self.is_filterable),
            field("internal", &self.is_internal),
            optional("unit", self.unit.as_ref()),
            field("position", &self.position.get()),
        ]
    }
}
