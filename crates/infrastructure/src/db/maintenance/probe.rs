use application::Ids as _;
use domain::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::db::engine::{Error, Executor as _};
use crate::db::entities::idempotency_keys::{Column, Entity, Model};
use crate::db::pools::Pools;
use crate::system::V7Ids;

/// The bytes that are written: more than a request writes, which might find no room where less of it fits.
const SIZE: usize = 256 * 1024;

/// Writes a row and deletes it. It is a key that nobody has and that has expired, so that one that stays is purged.
pub(in crate::db) async fn probe(pools: &Pools) -> Result<(), Error> {
    let id = V7Ids.next();
    let row = Model {
        account_id: id,
        idempotency_key: "probe".to_owned(),
        fingerprint: vec![0; 32],
        status: None,
        location: None,
        etag: None,
        body: None,
        created_at: 0,
        personal_to: None::<Uuid>,
        response: Some(vec![0; SIZE]),
    };
    pools.write.execute(&Entity::insert(row.into_active_model())).await?;
    pools.write.execute(&Entity::delete_many().filter(Column::AccountId.eq(id))).await.map(drop)
}
