//! Converts errors of the engine to errors of the ports.

use domain::{StoreError, UniqueKey};

use crate::db::engine::{Error, ErrorKind};
use crate::db::entities::UNIQUE;

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
    UNIQUE.iter().find(|unique| unique.constraint == name || unique.column == constraint).map(|unique| unique.key)
}

#[cfg(test)]
mod tests {
    use domain::accounts::Account;
    use domain::customers::Customer;
    use domain::products::Product;

    use super::*;

    #[test]
    fn a_unique_key_is_known_by_its_name_on_every_database() {
        for (constraint, expected) in [
            ("customers.customers_email_unique", Some(Customer::UNIQUE_EMAIL)),
            ("accounts_customer_unique", Some(Account::UNIQUE_CUSTOMER)),
            ("products.sku", Some(Product::UNIQUE_SKU)),
            ("outbox.id", None),
            ("outbox.PRIMARY", None),
        ] {
            assert_eq!(unique_key(constraint), expected, "{constraint}");
        }
    }
}
