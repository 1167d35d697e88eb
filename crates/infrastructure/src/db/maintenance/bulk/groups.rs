//! Product groups with their members, in bulk.

use application::OpenTx as _;
use domain::StoreError;
use domain::assignments::Assigned;
use domain::groups::{Group, Member};
use domain::media::{Gallery, Owner};
use domain::products::Product;
use domain::slugs::SlugKind;
use domain::stock::Stock;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};

use super::STEP;
use crate::cache::Subject;
use crate::db::Database;
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::{
    group_options, group_terms, group_values, media_uses, members, product_groups, product_terms, product_values,
};
use crate::db::repositories::DbTx;

/// A new product group, with all that belongs to it.
#[derive(Debug, Clone)]
pub struct BulkGroup {
    /// The group. Its slug may be taken; it gets the next one that is free.
    pub group: Group,
    /// What it has of attributes.
    pub has: Assigned,
    /// Its pictures, which members without any have.
    pub pictures: Gallery,
    /// Its members, which are new products.
    pub members: Vec<BulkMember>,
}

/// A new product of a new group.
#[derive(Debug, Clone)]
pub struct BulkMember {
    /// The product, with its SKU, price and status.
    pub product: Product,
    /// Its units on hand, and its reorder point.
    pub stock: Stock,
    /// The group that it belongs to, and its terms there.
    pub place: Member,
    /// What it has of attributes, with what it has from the group.
    pub has: Assigned,
    /// Its own pictures.
    pub pictures: Gallery,
}

impl Database {
    /// Inserts new product groups with their members in one transaction. About a thousand members per call are fastest.
    ///
    /// # Errors
    /// `Duplicate` if an SKU is taken, or two members of a group have the same terms. Nothing is written then.
    pub async fn bulk_groups(&self, groups: &[BulkGroup]) -> Result<(), StoreError> {
        let mut tx = self.begin_bulk().await?;
        tx.change(Subject::Media);
        tx.change_any_product();
        tx.load_groups(groups).await?;
        Box::new(tx).commit().await
    }
}

impl DbTx {
    async fn load_groups(&self, groups: &[BulkGroup]) -> Result<(), Error> {
        let wanted: Vec<_> = groups.iter().map(|one| (one.group.id.0, one.group.slug.clone())).collect();
        let slugs = self.make_slugs(SlugKind::Group, &wanted).await?;
        let row = |(one, slug): (&BulkGroup, &domain::slugs::Slug)| product_groups::Model {
            slug: slug.as_str().to_owned(),
            ..(&one.group).into()
        };
        self.load(groups.iter().zip(&slugs).map(row)).await?;
        self.load(groups.iter().flat_map(|one| group_options::Model::of(&one.group))).await?;
        self.load(groups.iter().flat_map(|one| group_terms::Model::of(one.group.id, &one.has))).await?;
        self.load(groups.iter().flat_map(|one| group_values::Model::of(one.group.id, &one.has))).await?;
        let members: Vec<_> = groups.iter().flat_map(|one| &one.members).collect();
        let goods: Vec<_> = members.iter().map(|one| (one.product.clone(), one.stock.clone())).collect();
        self.load_products(&goods).await?;
        for some in members.chunks(STEP) {
            self.transaction.execute(&placing(some)).await?;
        }
        self.load(members.iter().flat_map(|one| product_terms::Model::of(one.product.id, &one.has))).await?;
        self.load(members.iter().flat_map(|one| product_values::Model::of(one.product.id, &one.has))).await?;
        let of_groups = groups.iter().map(|one| (Owner::from(one.group.id), &one.pictures));
        let of_members = members.iter().map(|one| (Owner::from(one.product.id), &one.pictures));
        self.load(of_groups.chain(of_members).flat_map(|(owner, pictures)| media_uses::Model::of(owner, pictures)))
            .await
    }
}

/// The statement that puts members into their groups.
fn placing(members: &[&BulkMember]) -> UpdateMany<members::Entity> {
    let case = |value: fn(&Member) -> Expr| {
        members.iter().fold(CaseStatement::new(), |case, one| {
            case.case(Expr::col(members::Column::Id).eq(one.product.id.0), value(&one.place))
        })
    };
    members::Entity::update_many()
        .col_expr(members::Column::GroupId, case(|place| Expr::val(place.group_id.0)).into())
        .col_expr(members::Column::OptionKey, case(|place| Expr::val(place.combination.key())).into())
        .col_expr(members::Column::Inherits, case(|place| Expr::val(place.inherits.bits())).into())
        .filter(members::Column::Id.is_in(members.iter().map(|one| one.product.id.0)))
}
