use async_trait::async_trait;
use domain::accounts::{Account, FailureCount, LoginFailureRepository, ThrottleKey, ThrottlePolicy};
use domain::{StoreError, UtcDateTime};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest as _, Sha256};

use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::engine::Executor;
use crate::db::entities::login_failures::{Column, Entity, Model};

#[async_trait]
impl LoginFailureRepository for DbTx {
    async fn record(
        &mut self,
        keys: &[ThrottleKey],
        policy: &ThrottlePolicy,
        now: UtcDateTime,
    ) -> Result<Vec<Option<FailureCount>>, StoreError> {
        let wanted = keys;
        // Sorted, so that all transactions lock rows in the same order and cannot deadlock.
        let mut keys: Vec<_> = keys.iter().map(stored).collect();
        keys.sort();
        let first = |throttle_key| Model { throttle_key, failures: 1, since: micros(now) }.into_active_model();
        let upsert = Entity::insert_many(keys.into_iter().map(first))
            .on_conflict(one_more(micros(now - policy.window), micros(now)));
        self.transaction.execute(&upsert).await?;
        of(&self.transaction, wanted).await
    }

    /// As [`FailureCount::one_less`] has it.
    async fn forgive(&mut self, keys: &[ThrottleKey]) -> Result<(), StoreError> {
        let keys: Vec<_> = keys.iter().map(stored).collect();
        let own = || Column::ThrottleKey.is_in(keys.iter().map(String::as_str));
        let last = Entity::delete_many().filter(own()).filter(Column::Failures.lte(1));
        self.transaction.execute(&last).await?;
        let one_less = Entity::update_many()
            .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
            .filter(own())
            .filter(Column::Failures.gt(1));
        Ok(self.transaction.execute(&one_less).await.map(drop)?)
    }

    /// As [`FailureCount::brought_back`] has it.
    async fn bring_back(&mut self, keys: &[ThrottleKey], now: UtcDateTime) -> Result<(), StoreError> {
        let keys: Vec<_> = keys.iter().map(stored).collect();
        let update = Entity::update_many()
            .col_expr(Column::Since, Expr::val(micros(now)))
            .filter(Column::ThrottleKey.is_in(keys.iter().map(String::as_str)))
            .filter(Column::Since.gt(micros(now)));
        Ok(self.transaction.execute(&update).await.map(drop)?)
    }

    async fn forget(&mut self, key: &ThrottleKey) -> Result<(), StoreError> {
        let delete = self.transaction.execute(&Entity::delete_by_id(stored(key))).await;
        Ok(delete.map(drop)?)
    }

    async fn forget_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let by_name = stored(&ThrottleKey::Account(account.username.clone()));
        let known = ThrottleKey::known_prefix(account.id);
        let own = Condition::any().add(Column::ThrottleKey.eq(by_name)).add(Column::ThrottleKey.starts_with(known));
        let delete = Entity::delete_many().filter(own);
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let passed = Expired { table: "login_failures", key: "throttle_key", since: "since", condition: "1 = 1" };
        Ok(DbTx::purge(self, &passed, before, limit).await?)
    }
}

fn hashed(kind: &str, text: &str) -> String {
    Sha256::digest(text).iter().fold(kind.to_owned(), |hash, byte| hash + &format!("{byte:02x}"))
}

/// A key as it is stored. Of an email address, which is long and somebody's, only a hash is.
fn stored(key: &ThrottleKey) -> String {
    let text = key.to_string();
    match key {
        ThrottleKey::Email(_) => hashed("email:", &text),
        ThrottleKey::Mail(..) => hashed("mail:", &text),
        ThrottleKey::Account(_)
        | ThrottleKey::Known(..)
        | ThrottleKey::Address(_)
        | ThrottleKey::MailsFrom(_)
        | ThrottleKey::TokensFrom(_) => text,
    }
}

/// Counts as [`ThrottlePolicy::one_more`] does, in one statement, so that failures at once are all counted: adds a
/// failure, or starts a new window if the old one opened at `over` or before. MySQL assigns from left to right, so the
/// assignment that reads `since` is before the one that changes it.
fn one_more(over: i64, now: i64) -> OnConflict {
    let if_over = |then: Expr, otherwise: Expr| -> Expr {
        CaseStatement::new().case(Expr::col((Entity, Column::Since)).lte(over), then).finally(otherwise).into()
    };
    let failures = if_over(Expr::val(1), Expr::col((Entity, Column::Failures)).add(1));
    let since = CaseStatement::new()
        .case(Expr::col((Entity, Column::Since)).lte(over), Expr::val(now))
        .case(Expr::col((Entity, Column::Since)).gt(now), Expr::val(now))
        .finally(Expr::col((Entity, Column::Since)));
    OnConflict::column(Column::ThrottleKey).value(Column::Failures, failures).value(Column::Since, since).to_owned()
}

/// The failures of each of `keys`, in their order.
pub(super) async fn of(read: &impl Executor, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError> {
    let keys: Vec<_> = keys.iter().map(stored).collect();
    let find = Entity::find().filter(Column::ThrottleKey.is_in(keys.iter().map(String::as_str)));
    let rows = read.all(find).await?;
    let of_key = |key: &String| rows.iter().find(|row| row.throttle_key == *key).map(TryInto::try_into).transpose();
    keys.iter().map(of_key).collect()
}
