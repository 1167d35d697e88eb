use icu_normalizer::ComposingNormalizer;
use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager,
    async_trait::async_trait,
    sea_orm::{ConnectionTrait, DbBackend, Statement},
};

/// Compares the domains of email addresses in ASCII. Before, an address was compared in lower case alone, so that one
/// mailbox could belong to two customers. If it does, the second keeps its old key, and is found by its name.
pub struct EmailKeysInAscii {
    /// The name of the migration.
    pub migration: &'static str,
}

/// The longest key that the column takes, in characters.
const LONGEST: usize = 254;

impl MigrationName for EmailKeysInAscii {
    fn name(&self) -> &str {
        self.migration
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for EmailKeysInAscii {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        compare_by(manager, ascii).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        compare_by(manager, |email| Some(email.to_lowercase())).await
    }
}

/// The key of an address: its local part in lower case, its domain in ASCII.
fn ascii(email: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    let local = local.to_lowercase();
    let local = ComposingNormalizer::new_nfc().normalize(&local);
    Some(format!("{local}@{}", idna::domain_to_ascii(domain).ok()?))
}

/// Renews the keys of the addresses that are not ASCII. It can be run again.
async fn compare_by(manager: &SchemaManager<'_>, key: impl Fn(&str) -> Option<String> + Send) -> Result<(), DbErr> {
    let (db, backend) = (manager.get_connection(), manager.get_database_backend());
    let beyond_ascii = match backend {
        DbBackend::Sqlite => "LENGTH(CAST(email AS BLOB)) <> LENGTH(email)",
        _ => "LENGTH(email) <> CHAR_LENGTH(email)",
    };
    let all = format!("SELECT id, email, email_key FROM customers WHERE {beyond_ascii} ORDER BY id");
    for row in db.query_all_raw(Statement::from_string(backend, all)).await? {
        let (id, email, old): (Vec<u8>, String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let Some(new) = key(&email).filter(|new| *new != old && new.chars().count() <= LONGEST) else { continue };
        let other = "SELECT id FROM customers WHERE email_key = ?";
        if db.query_one_raw(Statement::from_sql_and_values(backend, other, [new.clone().into()])).await?.is_none() {
            let update = "UPDATE customers SET email_key = ? WHERE id = ?";
            db.execute_raw(Statement::from_sql_and_values(backend, update, [new.into(), id.into()])).await?;
        }
    }
    Ok(())
}
