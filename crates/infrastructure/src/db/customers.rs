use async_trait::async_trait;
use domain::StoreError;
use domain::customers::{Customer, CustomerRepository};

use super::entities::customers;
use super::error;
use super::tx::DbTx;

#[async_trait]
impl CustomerRepository for DbTx {
    async fn insert(&mut self, customer: &Customer) -> Result<(), StoreError> {
        self.insert_rows([customers::Model::from(customer)]).await.map_err(error::in_tx)
    }
}
