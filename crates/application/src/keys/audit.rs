use domain::Uuid;
use domain::keys::ApiKey;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for ApiKey {
    const RESOURCE: &'static str = "key";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    /// A new secret appears as a new version.
    fn fields(&self) -> Vec<Field> {
        vec![
            field("name", self.name.as_str()),
            field("prefix", self.prefix.as_str()),
            field("scopes", &self.scopes),
            optional("expires_at", self.expires_at.as_ref()),
            optional("overlap_until", self.next.as_ref().map(|next| &next.overlap_until)),
            field("version", &self.version.0),
        ]
    }
}
