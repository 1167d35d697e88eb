use async_trait::async_trait;

use super::{Person, PersonalData};
use crate::{StoreError, UtcDateTime};

/// The personal data of persons, within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PersonalDataRepository: Send {
    /// Erases all that is kept of a person whose customer and account are locked, as the
    /// [map](super::PERSONAL_DATA) says.
    async fn erase(&mut self, person: &Person, now: UtcDateTime) -> Result<(), StoreError>;
}

/// Reads of the personal data of persons, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PersonalDataQueries: Send + Sync {
    /// All that is kept of a person, as the [map](super::PERSONAL_DATA) says.
    async fn export(&self, person: &Person) -> Result<PersonalData, StoreError>;
}
