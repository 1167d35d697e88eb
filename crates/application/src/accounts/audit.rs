use domain::Uuid;
use domain::accounts::Account;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Account {
    const RESOURCE: &'static str = "account";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    /// A new password appears as a new token epoch.
    fn fields(&self) -> Vec<Field> {
        vec![
            optional("customer_id", self.customer_id.as_ref()),
            field("username", self.username.as_str()),
            field("role", self.role.as_str()),
            field("active", &self.active),
            field("token_epoch", &self.token_epoch),
        ]
    }
}
