use application::{Answer, Claim, Claimed, Fingerprint, IdempotencyRepository};
use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryTrait as _};

use super::error;
use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::engine::{Assumption, ErrorKind, Executor as _, Statement};
use crate::db::entities::idempotency_keys::{Column, Entity, Model};

#[async_trait]
impl IdempotencyRepository for DbTx {
    async fn claim(&mut self, claim: &Claim, now: UtcDateTime, not_before: UtcDateTime) -> Result<Claimed, StoreError> {
        // The INSERT comes first, so that the unique key decides among rivals: the second one waits here until the
        // first has committed or rolled back.
        self.claimed = true;
        match self.insert_rows([fresh(claim, now)]).await {
            Ok(()) => return Ok(Claimed::New),
            Err(cause) if cause.is_duplicate() => {}
            // The first one takes longer than we wait. Nothing was done in this transaction before the claim, so it
            // does not matter whether the server has undone the statement or, as it can be set to, the transaction.
            Err(cause) if cause.kind == ErrorKind::LockTimeout => return Ok(Claimed::Running),
            Err(cause) => return Err(error::in_tx(cause)),
        }
        let find = self.transaction.one(Entity::find_by_id(key(claim))).await.map_err(error::in_tx)?;
        match find {
            Some(row) if row.created_at < micros(not_before) => self.renew(claim, &row, now).await,
            Some(row) => used(row),
            // It was forgotten in between.
            None => Err(StoreError::Raced("the idempotency key is gone".into())),
        }
    }

    async fn keep_new(&mut self, claim: &Claim, answer: &Answer, now: UtcDateTime) -> Result<(), StoreError> {
        let Answer { status, location, etag, body, personal_to } = answer.clone();
        let row = Model {
            status: Some(status.into()),
            location,
            etag,
            body: Some(body),
            personal_to: personal_to.map(|id| id.0),
            ..fresh(claim, now)
        };
        let insert = Entity::insert(row.into_active_model());
        let insert = Statement::from(insert.build(self.transaction.backend()));
        self.transaction.defer(insert.assuming(KEY_IS_NEW));
        Ok(())
    }

    async fn answer(&mut self, claim: &Claim, answer: &Answer) -> Result<(), StoreError> {
        if !self.claimed {
            return Err(StoreError::corrupt("there is no claim to this answer"));
        }
        let (account_id, key) = key(claim);
        let update = Entity::update_many()
            .col_expr(Column::Status, Expr::val(i64::from(answer.status)))
            .col_expr(Column::Location, Expr::val(answer.location.clone()))
            .col_expr(Column::Etag, Expr::val(answer.etag.clone()))
            .col_expr(Column::Body, Expr::val(answer.body.clone()))
            .col_expr(Column::PersonalTo, Expr::val(answer.personal_to.map(|id| id.0)))
            .filter(Column::AccountId.eq(account_id))
            .filter(Column::IdempotencyKey.eq(key));
        self.transaction.defer_change(&update);
        Ok(())
    }

    async fn erase(&mut self, customer_id: CustomerId) -> Result<(), StoreError> {
        let erase = Entity::update_many()
            .col_expr(Column::Location, Expr::val(None::<String>))
            .col_expr(Column::Etag, Expr::val(None::<String>))
            .col_expr(Column::Body, Expr::val(None::<Vec<u8>>))
            .filter(Column::PersonalTo.eq(customer_id.0));
        self.transaction.execute(&erase).await.map(drop).map_err(error::in_tx)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let key = "account_id, idempotency_key";
        let old = Expired { table: "idempotency_keys", key, since: "created_at", condition: "1 = 1" };
        DbTx::purge(self, &old, before, limit).await.map_err(error::in_tx)
    }
}

impl DbTx {
    /// Takes over a key whose last use is too long ago to count, unless somebody else just did.
    async fn renew(&self, claim: &Claim, old: &Model, now: UtcDateTime) -> Result<Claimed, StoreError> {
        let (account_id, key) = key(claim);
        let update = Entity::update_many()
            .set(fresh(claim, now).into_active_model().reset_all())
            .filter(Column::AccountId.eq(account_id))
            .filter(Column::IdempotencyKey.eq(key))
            .filter(Column::CreatedAt.eq(old.created_at));
        match self.transaction.execute(&update).await.map_err(error::in_tx)? {
            1 => Ok(Claimed::New),
            _ => Err(StoreError::Raced("somebody else took over the idempotency key".into())),
        }
    }
}

/// Nobody has used this idempotency key.
const KEY_IS_NEW: Assumption = Assumption::Unique {
    table: "idempotency_keys",
    key: "PRIMARY",
    columns: "idempotency_keys.account_id, idempotency_keys.idempotency_key",
};

/// A claim without an answer.
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
        created_at: micros(now),
    }
}

/// The primary key. Callers without an account share the nil UUID, which no account has.
fn key(claim: &Claim) -> (Uuid, String) {
    (claim.account_id.map_or(Uuid::nil(), |id| id.0), claim.key.as_str().to_owned())
}

fn used(row: Model) -> Result<Claimed, StoreError> {
    let Some(status) = row.status else { return Ok(Claimed::Running) };
    let Some(body) = row.body else { return Ok(Claimed::Erased) };
    let status = u16::try_from(status).map_err(|error| StoreError::Internal(error.into()))?;
    let fingerprint = row.fingerprint.try_into().map_err(|_| StoreError::corrupt("a fingerprint has 32 bytes"))?;
    let answer =
        Answer { status, location: row.location, etag: row.etag, body, personal_to: row.personal_to.map(CustomerId) };
    Ok(Claimed::Before(Fingerprint(fingerprint), answer))
}
