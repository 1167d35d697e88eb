use async_trait::async_trait;
use domain::accounts::{AccountId, KnownNetworkRepository, Network};
use domain::{StoreError, UtcDateTime};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::convert::micros;
use super::entities::known_networks::{Column, Entity, Model};
use super::error;
use super::reader::Reader;
use super::session::Session as _;
use super::tx::{DbTx, Expired};

#[async_trait]
impl KnownNetworkRepository for DbTx {
    async fn remember(&mut self, id: AccountId, network: Network, now: UtcDateTime) -> Result<(), StoreError> {
        let seen = Model { account_id: id.0, network: network.to_string(), seen_at: micros(now) };
        let again = OnConflict::columns([Column::AccountId, Column::Network]).update_column(Column::SeenAt).to_owned();
        let upsert = Entity::insert(seen.into_active_model()).on_conflict(again);
        self.transaction.execute(&upsert).await.map(drop).map_err(error::in_tx)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let unused =
            Expired { table: "known_networks", key: "account_id, network", since: "seen_at", condition: "1 = 1" };
        DbTx::purge(self, &unused, before, limit).await.map_err(error::in_tx)
    }
}

/// Whether an account was used from `network` before.
pub(super) async fn knows(read: &Reader, id: AccountId, network: Network) -> Result<bool, StoreError> {
    let row = read.one(Entity::find_by_id((id.0, network.to_string()))).await;
    row.map(|row| row.is_some()).map_err(error::on_read)
}
