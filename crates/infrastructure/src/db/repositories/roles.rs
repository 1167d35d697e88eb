use async_trait::async_trait;
use domain::StoreError;
use domain::roles::{CustomRole, Role, RoleName, RoleQueries, RoleRepository};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::attributes::counted;
use super::queries::DbQueries;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::roles::{Column, Entity, Model};

#[async_trait]
impl RoleRepository for DbTx {
    async fn insert(&mut self, role: &CustomRole) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(role)]).await?)
    }

    async fn lock(&mut self, name: &RoleName) -> Result<Option<CustomRole>, StoreError> {
        let find = Entity::find().filter(Column::Name.eq(name.as_str())).lock_exclusive();
        self.transaction.one(find).await?.map(CustomRole::try_from).transpose()
    }

    async fn update(&mut self, role: &CustomRole) -> Result<(), StoreError> {
        // What accounts with the role may do.
        self.change(Subject::Access);
        Ok(self.update_row(Model::from(role)).await?)
    }

    async fn delete(&mut self, role: &CustomRole) -> Result<(), StoreError> {
        Ok(self.transaction.execute(&Entity::delete_by_id(role.id.0)).await.map(drop)?)
    }

    async fn count(&mut self) -> Result<u64, StoreError> {
        Ok(counted(&self.transaction, "SELECT COUNT(*) FROM roles".into()).await?)
    }
}

#[async_trait]
impl RoleQueries for DbQueries {
    async fn get(&self, name: &RoleName) -> Result<Option<CustomRole>, StoreError> {
        let row = self.read.one(Entity::find().filter(Column::Name.eq(name.as_str()))).await?;
        row.map(CustomRole::try_from).transpose()
    }

    async fn all(&self) -> Result<Vec<CustomRole>, StoreError> {
        let rows = self.read.all(Entity::find().order_by_asc(Column::Name)).await?;
        rows.into_iter().map(CustomRole::try_from).collect()
    }

    async fn accounts(&self, roles: &[Role]) -> Result<Vec<u64>, StoreError> {
        let mut counts = Vec::with_capacity(roles.len());
        for role in roles {
            let count = Statement::new("SELECT COUNT(*) FROM accounts WHERE role = ?", [role.as_str().into()]);
            counts.push(counted(&self.read, count).await?);
        }
        Ok(counts)
    }
}
