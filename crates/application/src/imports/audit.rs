use domain::Uuid;
use domain::imports::Import;

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for Import {
    const RESOURCE: &'static str = "import";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("status", self.status.as_str()), field("skip_failed", &self.skips_failed)]
    }
}
