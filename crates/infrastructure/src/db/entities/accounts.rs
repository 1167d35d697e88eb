use domain::accounts::{Account, AccountId, PasswordHash, Username};
use domain::customers::CustomerId;
use domain::roles::Role;
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::Unique;
use super::customers;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub customer_id: Option<Uuid>,
    pub username: String,
    pub password_hash: String,
    pub role: String,
    pub active: bool,
    pub token_epoch: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_USERNAME: Unique =
    Unique { constraint: "accounts_username_unique", column: "accounts.username", key: Account::UNIQUE_USERNAME };
pub const UNIQUE_CUSTOMER: Unique =
    Unique { constraint: "accounts_customer_unique", column: "accounts.customer_id", key: Account::UNIQUE_CUSTOMER };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "customers::Entity", from = "Column::CustomerId", to = "customers::Column::Id")]
    Customer,
}

impl Related<customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Account> for Model {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.0,
            customer_id: account.customer_id.map(|id| id.0),
            username: account.username.as_str().to_owned(),
            password_hash: account.password_hash.reveal().to_owned(),
            role: account.role.as_str().to_owned(),
            active: account.active,
            token_epoch: account.token_epoch,
            created_at: micros(account.created_at),
            updated_at: micros(account.updated_at),
            version: account.version.0,
        }
    }
}

impl TryFrom<Model> for Account {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: AccountId(row.id),
            customer_id: row.customer_id.map(CustomerId),
            username: Username::from_trusted(row.username),
            password_hash: PasswordHash::new(row.password_hash),
            role: stored("role", Role::parse(&row.role))?,
            active: row.active,
            token_epoch: row.token_epoch,
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
