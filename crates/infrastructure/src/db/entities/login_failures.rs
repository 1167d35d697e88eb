use domain::StoreError;
use domain::accounts::FailureCount;
use sea_orm::entity::prelude::*;

use crate::db::convert::time;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "login_failures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub throttle_key: String,
    pub failures: i64,
    pub since: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Model> for FailureCount {
    type Error = StoreError;

    fn try_from(row: &Model) -> Result<Self, StoreError> {
        Ok(Self { failures: row.failures, since: time(row.since)? })
    }
}
