use application::{LastFailure, LastRun, TaskRun, TaskRunQueries, TaskRunRepository};
use std::time::Duration;

use async_trait::async_trait;
use domain::StoreError;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel as _, QueryOrder};

use super::queries::DbQueries;
use super::tx::DbTx;
use crate::db::convert::{micros, time};
use crate::db::engine::Executor as _;
use crate::db::entities::task_runs::{Column, Entity, Model};

#[async_trait]
impl TaskRunRepository for DbTx {
    async fn record(&mut self, run: &TaskRun) -> Result<(), StoreError> {
        let row = Model {
            task: run.task.to_owned(),
            ended_at: micros(run.ended_at),
            milliseconds: i64::try_from(run.took.as_millis()).unwrap_or(i64::MAX),
            done: i64::try_from(run.done).unwrap_or(i64::MAX),
            failed_at: run.failure.as_ref().map(|failure| micros(failure.at)),
            failure: run.failure.as_ref().map(|failure| failure.reason.clone()),
        };
        let mut again = OnConflict::column(Column::Task);
        again.update_columns([Column::EndedAt, Column::Milliseconds, Column::Done]);
        if run.failure.is_some() {
            again.update_columns([Column::FailedAt, Column::Failure]);
        }
        self.transaction.execute(&Entity::insert(row.into_active_model()).on_conflict(again)).await?;
        Ok(())
    }
}

#[async_trait]
impl TaskRunQueries for DbQueries {
    async fn last(&self) -> Result<Vec<LastRun>, StoreError> {
        let rows = self.read.all(Entity::find().order_by_asc(Column::Task)).await?;
        rows.into_iter().map(last_run).collect()
    }
}

fn last_run(row: Model) -> Result<LastRun, StoreError> {
    let failed_at = row.failed_at.map(time).transpose()?;
    Ok(LastRun {
        task: row.task,
        ended_at: time(row.ended_at)?,
        took: Duration::from_millis(u64::try_from(row.milliseconds).unwrap_or(0)),
        done: u64::try_from(row.done).unwrap_or(0),
        failure: failed_at.zip(row.failure).map(|(at, reason)| LastFailure { at, reason }),
    })
}
