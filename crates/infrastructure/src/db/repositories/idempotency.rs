use application::{Attempt, Claim, Fingerprint, IdempotencyQueries, IdempotencyRepository, KeyState, StoredResponse};
use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::keys::Principal;
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::queries::DbQueries;
use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::engine::{Assumption, ErrorKind, Executor as _};
use crate::db::entities::idempotency_keys::{Column, Entity, Model};

#[async_trait]
impl IdempotencyRepository for DbTx {
    async fn claim(
        &mut self,
        claim: &Claim,
        now: UtcDateTime,
        not_before: UtcDateTime,
    ) -> Result<KeyState, StoreError> {
        if self.attempt == Attempt::Optimistic {
            return Ok(KeyState::New);
        }
        // The INSERT comes first, so that the unique key decides between concurrent requests: the second one waits here
        // until the first has committed or rolled back.
        match self.insert_rows([fresh(claim, now)]).await {
            Ok(()) => {
                self.claimed = true;
                return Ok(KeyState::New);
            }
            Err(cause) if cause.is_duplicate() => {}
            // The first request takes longer than the lock timeout. The claim is the first statement of this
            // transaction, so it does not matter whether the server has rolled back the statement or the whole
            // transaction.
            Err(cause) if cause.kind == ErrorKind::LockTimeout => return Ok(KeyState::Running),
            Err(cause) => return Err(cause.into()),
        }
        match self.transaction.one(Entity::find_by_id(key(claim))).await? {
            Some(row) if row.created_at < micros(not_before) => self.renew(claim, &row, now).await,
            Some(row) => state(row),
            None => Err(StoreError::Raced("the idempotency key was purged in between".into())),
        }
    }

    async fn store(&mut self, claim: &Claim, response: &StoredResponse, now: UtcDateTime) -> Result<(), StoreError> {
        let StoredResponse { content, personal_to } = response.clone();
        let personal_to = personal_to.map(|id| id.0);
        if self.attempt == Attempt::Optimistic {
            let row = Model { response: Some(content), personal_to, ..fresh(claim, now) };
            self.insert_assuming(row, KEY_IS_NEW);
            return Ok(());
        }
        if !self.claimed {
            return Err(StoreError::corrupt("a response is stored without a claim to its key"));
        }
        let (account_id, key) = key(claim);
        let update = Entity::update_many()
            .col_expr(Column::Response, Expr::val(content))
            .col_expr(Column::PersonalTo, Expr::val(personal_to))
            .filter(Column::AccountId.eq(account_id))
            .filter(Column::IdempotencyKey.eq(key));
        self.transaction.defer_change(&update);
        Ok(())
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let key = "account_id, idempotency_key";
        let old = Expired { table: "idempotency_keys", key, since: "created_at", condition: "1 = 1" };
        Ok(DbTx::purge(self, &old, before, limit).await?)
    }
}

impl DbTx {
    /// Claims an expired key, unless another request has claimed it since.
    async fn renew(&mut self, claim: &Claim, old: &Model, now: UtcDateTime) -> Result<KeyState, StoreError> {
        let (account_id, key) = key(claim);
        let update = Entity::update_many()
            .set(fresh(claim, now).into_active_model().reset_all())
            .filter(Column::AccountId.eq(account_id))
            .filter(Column::IdempotencyKey.eq(key))
            .filter(Column::CreatedAt.eq(old.created_at));
        match self.transaction.execute(&update).await? {
            1 => {
                self.claimed = true;
                Ok(KeyState::New)
            }
            _ => Err(StoreError::Raced("another request took over the idempotency key".into())),
        }
    }
}

/// The assumption that the idempotency key is unused.
const KEY_IS_NEW: Assumption = Assumption::Unique {
    table: "idempotency_keys",
    key: "PRIMARY",
    columns: "idempotency_keys.account_id, idempotency_keys.idempotency_key",
};

/// A claim without a response.
fn fresh(claim: &Claim, now: UtcDateTime) -> Model {
    let (account_id, idempotency_key) = key(claim);
    Model {
        account_id,
        idempotency_key,
        fingerprint: claim.fingerprint.0.to_vec(),
        status: None,
        location: None,
        etag: None,
        body: None,
        personal_to: None,
        response: None,
        created_at: micros(now),
    }
}

/// The primary key. Callers without an account use the nil UUID, which is no id of an account. Ids of accounts and of
/// keys differ.
fn key(claim: &Claim) -> (Uuid, String) {
    (claim.owner.map_or(Uuid::nil(), Principal::id), claim.key.as_str().to_owned())
}

fn state(row: Model) -> Result<KeyState, StoreError> {
    let content = match (row.response, row.status, row.body) {
        (Some(response), ..) => response,
        (None, Some(status), Some(body)) => legacy_content(status, row.location.as_deref(), row.etag.as_deref(), &body),
        (None, Some(_), None) => return Ok(KeyState::Erased),
        (None, None, _) => return Ok(KeyState::Running),
    };
    let fingerprint = row.fingerprint.try_into().map_err(|_| StoreError::corrupt("a fingerprint has 32 bytes"))?;
    let response = StoredResponse { content, personal_to: row.personal_to.map(CustomerId) };
    Ok(KeyState::Used(Fingerprint(fingerprint), response))
}

/// The content of a response that version 0.1 stored in four columns, in the current encoding: a line of JSON, then the
/// body.
fn legacy_content(status: i64, location: Option<&str>, etag: Option<&str>, body: &[u8]) -> Vec<u8> {
    let head = serde_json::json!({ "status": status, "location": location, "etag": etag });
    [format!("{head}\n").as_bytes(), body].concat()
}

#[async_trait]
impl IdempotencyQueries for DbQueries {
    async fn find(&self, claim: &Claim, not_before: UtcDateTime) -> Result<KeyState, StoreError> {
        let row = self.read.one(Entity::find_by_id(key(claim))).await?;
        let row = row.filter(|row| row.created_at >= micros(not_before));
        row.map_or(Ok(KeyState::New), state)
    }
}
