//! The names beside the ids in lists for staff: read with one query for a page.

use std::collections::HashMap;

use application::Queries;
use domain::StoreError;
use domain::customers::{CustomerId, CustomerSummary};
use domain::products::{ProductId, ProductStatus, ProductSummary};
use serde::Serialize;

use super::{Id, Word};
use crate::schema::Apiv2Schema;

/// A customer in a list.
#[derive(Debug, Clone, Serialize, Apiv2Schema)]
pub(crate) struct NamedCustomer {
    id: Id,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A product in a list. One that is archived is not restocked.
#[derive(Debug, Clone, Serialize, Apiv2Schema)]
pub(crate) struct NamedProduct {
    id: Id,
    sku: Option<String>,
    name: String,
    status: Word<ProductStatus>,
}

impl From<CustomerSummary> for NamedCustomer {
    fn from(customer: CustomerSummary) -> Self {
        Self { id: Id(customer.id.0), name: customer.name.to_string(), email: customer.email.as_str().to_owned() }
    }
}

impl From<ProductSummary> for NamedProduct {
    fn from(product: ProductSummary) -> Self {
        Self {
            id: Id(product.id.0),
            sku: product.sku.as_ref().map(ToString::to_string),
            name: product.name.to_string(),
            status: product.status.as_str().into(),
        }
    }
}

/// The customers of a page, by id. One that was erased is missing.
pub(crate) async fn customers_of(
    queries: &Queries,
    ids: impl Iterator<Item = CustomerId>,
) -> Result<HashMap<CustomerId, NamedCustomer>, StoreError> {
    let found = queries.customers.summaries(&once(ids)).await?;
    Ok(found.into_iter().map(|customer| (customer.id, customer.into())).collect())
}

/// The products of a page, by id. One that was deleted is missing.
pub(crate) async fn products_of(
    queries: &Queries,
    ids: impl Iterator<Item = ProductId>,
) -> Result<HashMap<ProductId, NamedProduct>, StoreError> {
    let found = queries.products.summaries(&once(ids)).await?;
    Ok(found.into_iter().map(|product| (product.id, product.into())).collect())
}

fn once<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
