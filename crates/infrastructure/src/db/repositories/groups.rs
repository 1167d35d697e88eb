use async_trait::async_trait;
use domain::assignments::Assigned;
use domain::attributes::Attribute;
use domain::groups::{Group, GroupId, GroupName, GroupRepository, GroupView, Member, TermUse};
use domain::products::{Product, ProductId};
use domain::terms::TermId;
use domain::{StoreError, UtcDateTime};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::assignments::{OF_GROUPS, assigned, raced_with_use};
use super::group_reads::{group, options, view};
use super::media::of_group;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _, Statement};
use crate::db::entities::{
    attributes, group_options, group_terms, group_values, members, product_groups, product_terms, product_values,
    products,
};

/// How many groups are named as users of a term.
const NAMED: usize = 6;

#[async_trait]
impl GroupRepository for DbTx {
    async fn insert(&mut self, group: &Group) -> Result<(), StoreError> {
        self.change(Subject::Products);
        self.insert_rows([product_groups::Model::from(group)]).await?;
        self.insert_rows(group_options::Model::of(group)).await.map_err(raced_with_use)
    }

    async fn lock(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let row = self.transaction.one(product_groups::Entity::find_by_id(id.0).lock_exclusive()).await?;
        group(&self.transaction, row).await
    }

    async fn find(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let row = self.transaction.one(product_groups::Entity::find_by_id(id.0)).await?;
        group(&self.transaction, row).await
    }

    async fn update(&mut self, group: &Group) -> Result<(), StoreError> {
        self.change(Subject::Products);
        self.update_row(product_groups::Model::from(group)).await?;
        if options(&self.transaction, group.id).await? != group.options {
            let own = group_options::Entity::delete_many().filter(group_options::Column::GroupId.eq(group.id.0));
            self.transaction.execute(&own).await?;
            self.insert_rows(group_options::Model::of(group)).await.map_err(raced_with_use)?;
        }
        Ok(())
    }

    async fn delete(&mut self, id: GroupId) -> Result<(), StoreError> {
        self.change(Subject::Products);
        for table in ["group_options", "group_terms", "group_values"] {
            let sql = format!("DELETE FROM {table} WHERE group_id = ?");
            self.transaction.run(Statement::new(sql, [id.0.into()])).await?;
        }
        self.forget_page(id.0).await?;
        self.forget_pictures(id.into()).await?;
        self.free_slugs(id.0).await?;
        Ok(self.transaction.execute(&product_groups::Entity::delete_by_id(id.0)).await.map(drop)?)
    }

    async fn lock_members(&mut self, id: GroupId) -> Result<Vec<(Product, Member)>, StoreError> {
        let of_group = members::Entity::find().filter(members::Column::GroupId.eq(id.0));
        let ids = self.transaction.ids(&of_group.clone().select_only().column(members::Column::Id)).await?;
        let find = products::Entity::find().filter(products::Column::Id.is_in(ids)).order_by_asc(products::Column::Id);
        let locked = self.transaction.all(find.lock_exclusive()).await?;
        // They are read after they are locked: nobody else changes what they say then.
        let places = self.transaction.all(of_group.order_by_asc(members::Column::Id)).await?;
        let places: Vec<_> = places.into_iter().filter_map(members::Model::member).collect();
        let with_place = |row: products::Model| {
            let place = places.iter().find(|member| member.product_id.0 == row.id)?.clone();
            Some(Product::try_from(row).map(|product| (product, place)))
        };
        locked.into_iter().filter_map(with_place).collect()
    }

    async fn membership(&mut self, id: ProductId) -> Result<Option<Member>, StoreError> {
        let row = self.transaction.one(members::Entity::find_by_id(id.0)).await?;
        Ok(row.and_then(members::Model::member))
    }

    async fn place(&mut self, places: &[Member]) -> Result<(), StoreError> {
        if places.is_empty() {
            return Ok(());
        }
        self.change_products(places.iter().map(|place| place.product_id));
        // No database checks at the end that no two are the same, so that none is first.
        if places.len() > 1 {
            let ids = places.iter().map(|member| member.product_id.0);
            let none = members::Entity::update_many()
                .col_expr(members::Column::OptionKey, Expr::val(None::<String>))
                .filter(members::Column::Id.is_in(ids));
            self.transaction.execute(&none).await?;
        }
        for member in places {
            let place = members::Entity::update_many()
                .col_expr(members::Column::GroupId, Expr::val(member.group_id.0))
                .col_expr(members::Column::OptionKey, Expr::val(member.combination.key()))
                .col_expr(members::Column::Inherits, Expr::val(member.inherits.bits()))
                .filter(members::Column::Id.eq(member.product_id.0));
            self.transaction.execute(&place).await?;
        }
        Ok(())
    }

    /// Each keeps its attributes as [`Assigned::kept`] says.
    async fn leave(&mut self, ids: &[ProductId]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.change_products(ids.iter().copied());
        self.keep_pages(ids).await?;
        self.keep_pictures(ids).await?;
        let ids = || ids.iter().map(|id| id.0);
        let leave = members::Entity::update_many()
            .col_expr(members::Column::GroupId, Expr::val(None::<domain::Uuid>))
            .col_expr(members::Column::OptionKey, Expr::val(None::<String>))
            .col_expr(members::Column::Inherits, Expr::val(0))
            .filter(members::Column::Id.is_in(ids()));
        self.transaction.execute(&leave).await?;
        let terms = product_terms::Entity::update_many()
            .col_expr(product_terms::Column::Inherited, Expr::val(false))
            .filter(product_terms::Column::ProductId.is_in(ids()));
        self.transaction.execute(&terms).await?;
        let values = product_values::Entity::update_many()
            .col_expr(product_values::Column::Inherited, Expr::val(false))
            .filter(product_values::Column::ProductId.is_in(ids()));
        Ok(self.transaction.execute(&values).await.map(drop)?)
    }

    async fn assigned(&mut self, id: GroupId) -> Result<Assigned, StoreError> {
        assigned(&self.transaction, &OF_GROUPS, id.0).await
    }

    async fn assign(&mut self, id: GroupId, has: &Assigned) -> Result<(), StoreError> {
        self.change(Subject::Products);
        let own = group_terms::Entity::delete_many().filter(group_terms::Column::GroupId.eq(id.0));
        self.transaction.execute(&own).await?;
        let own = group_values::Entity::delete_many().filter(group_values::Column::GroupId.eq(id.0));
        self.transaction.execute(&own).await?;
        self.insert_rows(group_terms::Model::of(id, has)).await.map_err(raced_with_use)?;
        self.insert_rows(group_values::Model::of(id, has)).await.map_err(raced_with_use)
    }

    async fn options(&mut self, id: GroupId) -> Result<Vec<Attribute>, StoreError> {
        let ids = options(&self.transaction, id).await?;
        let find = attributes::Entity::find().filter(attributes::Column::Id.is_in(ids.iter().map(|id| id.0)));
        let found = if ids.is_empty() { Vec::new() } else { self.transaction.all(find).await? };
        let of = |id: &domain::attributes::AttributeId| found.iter().find(|row| row.id == id.0).cloned();
        ids.iter().filter_map(of).map(Attribute::try_from).collect()
    }

    async fn uses(&mut self, id: TermId) -> Result<TermUse, StoreError> {
        let as_option = self
            .named(
                "SELECT DISTINCT g.id, g.name FROM product_terms x
                JOIN terms t ON t.id = x.term_id
                JOIN products p ON p.id = x.product_id
                JOIN group_options o ON o.group_id = p.group_id AND o.attribute_id = t.attribute_id
                JOIN product_groups g ON g.id = p.group_id
                WHERE x.term_id = ?",
                id,
            )
            .await?;
        let had_by = self
            .named(
                "SELECT g.id, g.name FROM group_terms x JOIN product_groups g ON g.id = x.group_id
                WHERE x.term_id = ?",
                id,
            )
            .await?;
        Ok(TermUse { as_option, had_by })
    }

    /// What each group has afterwards is [`Assigned::without`], and it is raised as by [`Group::touched`].
    async fn detach(&mut self, id: TermId, now: UtcDateTime) -> Result<(), StoreError> {
        self.change(Subject::Products);
        let having = group_terms::Entity::find()
            .select_only()
            .column(group_terms::Column::GroupId)
            .filter(group_terms::Column::TermId.eq(id.0))
            .order_by_asc(group_terms::Column::GroupId);
        let groups = self.transaction.ids(&having).await?;
        for group in groups {
            let raise = product_groups::Entity::update_many()
                .col_expr(product_groups::Column::Version, Expr::col(product_groups::Column::Version).add(1))
                .col_expr(product_groups::Column::UpdatedAt, Expr::val(micros(now)))
                .filter(product_groups::Column::Id.eq(group));
            self.transaction.execute(&raise).await?;
        }
        let gone = group_terms::Entity::delete_many().filter(group_terms::Column::TermId.eq(id.0));
        Ok(self.transaction.execute(&gone).await.map(drop)?)
    }

    async fn view(&mut self, id: GroupId) -> Result<Option<GroupView>, StoreError> {
        let Some(view) = view(&self.transaction, id, None).await? else { return Ok(None) };
        let members: Vec<_> = view.members.iter().map(|member| member.id).collect();
        let pictures = of_group(&self.transaction, id, &members).await?;
        Ok(Some(GroupView { pictures, ..view }))
    }
}

impl DbTx {
    /// The names of a few groups.
    async fn named(&self, sql: &str, term: TermId) -> Result<Vec<GroupName>, Error> {
        let sql = format!("{sql} ORDER BY g.id LIMIT {NAMED}");
        let rows = self.transaction.run(Statement::new(sql, [term.0.into()])).await?.rows;
        rows.iter().map(|row| Ok(GroupName::from_trusted(row.at(1)?))).collect()
    }
}
