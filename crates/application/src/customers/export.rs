use std::sync::Arc;

use domain::accounts::{AccountId, AccountQueries};
use domain::customers::{CustomerId, CustomerQueries};
use domain::personal_data::{Person, PersonalData, PersonalDataQueries};

use crate::Error;

/// Reads all that is kept of a person.
#[derive(Clone)]
pub struct ExportPerson {
    /// Reads accounts.
    pub accounts: Arc<dyn AccountQueries>,
    /// Reads customers.
    pub customers: Arc<dyn CustomerQueries>,
    /// Reads the rest.
    pub personal_data: Arc<dyn PersonalDataQueries>,
}

impl ExportPerson {
    /// All that is kept of the holder of an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn of_account(&self, id: AccountId) -> Result<PersonalData, Error> {
        let found = self.accounts.with_customer(id).await?.ok_or(Error::NotFound("account"))?;
        let person = Person { customer_id: found.account.customer_id, account: Some(found.account) };
        Ok(self.personal_data.export(&person).await?)
    }

    /// All that is kept of a customer.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such customer.
    pub async fn of_customer(&self, id: CustomerId) -> Result<PersonalData, Error> {
        let customer = self.customers.get(id).await?.ok_or(Error::NotFound("customer"))?;
        let account = self.accounts.of_customer(customer.id).await?;
        Ok(self.personal_data.export(&Person { customer_id: Some(customer.id), account }).await?)
    }
}
