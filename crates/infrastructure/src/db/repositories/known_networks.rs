use async_trait::async_trait;
use domain::accounts::{AccountId, KnownNetworkRepository, Network};
use domain::{StoreError, UtcDateTime};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::engine::{Executor as _, Pool};
use crate::db::entities::known_networks::{Column, Entity, Model};

#[async_trait]
impl KnownNetworkRepository for DbTx {
    async fn remember(&mut self, id: AccountId, network: Network, now: UtcDateTime) -> Result<(), StoreError> {
        let seen = Model { account_id: id.0, network: network.to_string(), seen_at: micros(now) };
        let again = OnConflict::columns([Column::AccountId, Column::Network]).update_column(Column::SeenAt).to_owned();
        let upsert = Entity::insert(seen.into_active_model()).on_conflict(again);
        Ok(self.transaction.execute(&upsert).await.map(drop)?)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let unused =
            Expired { table: "known_networks", key: "account_id, network", since: "seen_at", condition: "1 = 1" };
        Ok(DbTx::purge(self, &unused, before, limit).await?)
    }
}

/// Whether an account was used from `network` before.
pub(super) async fn knows(read: &Pool, id: AccountId, network: Network) -> Result<bool, StoreError> {
    let row = read.one(Entity::find_by_id((id.0, network.to_string()))).await;
    Ok(row?.is_some())
}
