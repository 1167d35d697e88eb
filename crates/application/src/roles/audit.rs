use domain::Uuid;
use domain::roles::CustomRole;

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for CustomRole {
    const RESOURCE: &'static str = "role";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("name", self.name.as_str()), field("scopes", &self.scopes)]
    }
}
