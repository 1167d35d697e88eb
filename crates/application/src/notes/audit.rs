use domain::Uuid;
use domain::notes::StaffNote;

use crate::Field;
use crate::audit_trail::{Audited, field};

/// Without its text, which an erasure of the customer could not find in the audit log.
impl Audited for StaffNote {
    const RESOURCE: &'static str = "note";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("owner_kind", &self.owner.kind()), field("owner_id", &self.owner.id())]
    }
}
