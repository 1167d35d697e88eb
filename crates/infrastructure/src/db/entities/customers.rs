use domain::customers::{Customer, CustomerId, CustomerName, EmailAddress, Exemption, PhoneNumber};
use domain::{StoreError, Version, sort_key};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub email_key: String,
    pub phone: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
    /// `None` until the customer is renewed.
    pub name_key: Option<String>,
    pub tax_exempt: Option<String>,
}

pub const UNIQUE_EMAIL: Unique =
    Unique { constraint: "customers_email_unique", column: "customers.email_key", key: Customer::UNIQUE_EMAIL };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Customer> for Model {
    fn from(customer: &Customer) -> Self {
        Self {
            id: customer.id.0,
            name: customer.name.as_str().to_owned(),
            email: customer.email.as_str().to_owned(),
            email_key: customer.email.key(),
            phone: customer.phone.as_str().to_owned(),
            created_at: micros(customer.created_at),
            updated_at: micros(customer.updated_at),
            version: customer.version.0,
            name_key: Some(sort_key(customer.name.as_str())),
            tax_exempt: customer.tax_exempt.map(|exemption| exemption.as_str().to_owned()),
        }
    }
}

impl TryFrom<Model> for Customer {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: CustomerId(row.id),
            name: CustomerName::from_trusted(row.name),
            email: EmailAddress::from_trusted(row.email),
            phone: PhoneNumber::from_trusted(row.phone),
            tax_exempt: exemption(row.tax_exempt.as_deref())?,
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}

/// A stored exemption.
pub fn exemption(text: Option<&str>) -> Result<Option<Exemption>, StoreError> {
    stored("tax exemption", text.map(Exemption::parse).transpose())
}
