//! Converts errors of the engine to errors of the ports.

use domain::{StoreError, UniqueKey};

use crate::db::engine::{Error, ErrorKind};

/// The unique keys whose violation is an error of the caller: name of the constraint on MySQL and MariaDB, column that
/// SQLite names instead, and key.
const KEYS: [(&str, &str, UniqueKey); 4] = [
    ("customers_email_unique", "customers.email_key", UniqueKey::CustomerEmail),
    ("accounts_username_unique", "accounts.username", UniqueKey::AccountUsername),
    ("accounts_customer_unique", "accounts.customer_id", UniqueKey::AccountCustomer),
    ("products_sku_unique", "products.sku", UniqueKey::ProductSku),
];

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error.kind {
            ErrorKind::Duplicate(constraint) => match unique_key(constraint) {
                Some(key) => Self::Duplicate(key),
                None => Self::Internal(error.into()),
            },
            ErrorKind::Conflict | ErrorKind::LockTimeout | ErrorKind::FailedAssumption => Self::Raced(error.into()),
            ErrorKind::Unavailable => Self::Unavailable(error.into()),
            ErrorKind::Full => Self::Full(error.into()),
            ErrorKind::CommitUnknown => Self::CommitUnknown(error.into()),
            ErrorKind::NotNull(_) | ErrorKind::UnknownTable | ErrorKind::Other => Self::Internal(error.into()),
        }
    }
}

/// The key of a constraint. MySQL prefixes its name with the table.
fn unique_key(constraint: &str) -> Option<UniqueKey> {
    let name = constraint.rsplit('.').next()?;
    KEYS.iter().find(|(key, column, _)| *key == name || *column == constraint).map(|(.., key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_key_is_known_by_its_name_on_every_database() {
        for (constraint, expected) in [
            ("customers.customers_email_unique", Some(UniqueKey::CustomerEmail)),
            ("accounts_customer_unique", Some(UniqueKey::AccountCustomer)),
            ("products.sku", Some(UniqueKey::ProductSku)),
            ("outbox.id", None),
            ("outbox.PRIMARY", None),
        ] {
            assert_eq!(unique_key(constraint), expected, "{constraint}");
        }
    }
}
