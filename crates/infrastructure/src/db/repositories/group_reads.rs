//! Reads of product groups, within transactions and outside.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::assignments::ShownTerm;
use domain::attributes::{AttributeCode, AttributeId, AttributeName};
use domain::groups::{
    Combination, Group, GroupCard, GroupFilter, GroupId, GroupName, GroupPictures, GroupQueries, GroupView,
    ListedGroup, Member, ShownMember, ShownOption,
};
use domain::pages::PageTexts;
use domain::products::{ProductId, ProductName, ProductStatus, Sku};
use domain::slugs::Slug;
use domain::terms::{TermId, TermName};
use domain::{Page, PageRequest, Price, StoreError, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::assignments::{OF_GROUPS, shown};
use super::queries::{DbQueries, after_id, at_id, has_words, rows};
use crate::db::convert::stored;
use crate::db::engine::{Error, Executor, FromRow, Row, Statement};
use crate::db::entities::product_groups::{Column, Entity, Model};
use crate::db::entities::{group_options, members, page_texts};

/// The options of a group, in order.
pub(super) async fn options(db: &impl Executor, id: GroupId) -> Result<Vec<AttributeId>, Error> {
    let sql = "SELECT attribute_id FROM group_options WHERE group_id = ? ORDER BY position";
    let rows = db.run(Statement::new(sql, [id.0.into()])).await?.rows;
    rows.iter().map(|row| row.at(0).map(AttributeId)).collect()
}

/// The options of several groups.
pub(super) async fn options_of(db: &impl Executor, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<AttributeId>>, Error> {
    let find = group_options::Entity::find()
        .filter(group_options::Column::GroupId.is_in(ids.iter().copied()))
        .order_by_asc(group_options::Column::Position);
    let mut options: HashMap<_, Vec<_>> = HashMap::new();
    if !ids.is_empty() {
        for row in db.all(find).await? {
            options.entry(row.group_id).or_default().push(AttributeId(row.attribute_id));
        }
    }
    Ok(options)
}

/// The group of a row.
pub(super) async fn group(db: &impl Executor, row: Option<Model>) -> Result<Option<Group>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let options = options(db, GroupId(row.id)).await?;
    row.with(options).map(Some)
}

/// A group as it is shown, with members of a status or with all.
pub(super) async fn view(
    db: &impl Executor,
    id: GroupId,
    status: Option<ProductStatus>,
) -> Result<Option<GroupView>, StoreError> {
    let found = db.pairs(&Entity::find_by_id(id.0).find_also_related(page_texts::Entity)).await?;
    let Some((row, page)) = found.into_iter().next() else { return Ok(None) };
    let page = page.map(PageTexts::from).unwrap_or_default();
    let options: Vec<OptionRow> = db.rows(Statement::new(OPTIONS, [id.0.into()])).await?;
    let mut options: Vec<_> = options.into_iter().map(|OptionRow(option)| option).collect();
    let group = row.with(options.iter().map(|option| option.id).collect())?;
    let attributes = shown(db, &OF_GROUPS, &[id.0]).await?.remove(&id.0).unwrap_or_default();
    let of_status = status.map_or("", |_| " AND p.status = ?");
    let values = [id.0.into()].into_iter().chain(status.map(|status| status.as_str().into()));
    let found: Vec<MemberRow> = db.rows(Statement::new(format!("{MEMBERS}{of_status} ORDER BY p.id"), values)).await?;
    let mut members = found.into_iter().map(MemberRow::member).collect::<Result<Vec<_>, _>>()?;
    let used: Vec<TermId> = members.iter().flat_map(|member| member.terms.iter().copied()).collect();
    let places = places(db, &used).await?;
    let place = |id: &TermId| places.get(id).map_or((i64::MAX, id.0), |(position, _)| (*position, id.0));
    members.sort_by_key(|member| member.terms.iter().map(place).collect::<Vec<_>>());
    for (number, option) in options.iter_mut().enumerate() {
        let mut terms: Vec<_> = members.iter().filter_map(|member| member.terms.get(number).copied()).collect();
        terms.sort_by_key(place);
        terms.dedup();
        option.terms = terms.iter().filter_map(|id| Some(places.get(id)?.1.clone())).collect();
    }
    Ok(Some(GroupView { group, page, options, attributes, members, pictures: GroupPictures::default() }))
}

const OPTIONS: &str = "SELECT a.id, a.code, a.name, a.internal FROM group_options o
    JOIN attributes a ON a.id = o.attribute_id WHERE o.group_id = ? ORDER BY o.position";

const MEMBERS: &str = "SELECT p.id, p.sku, p.name, p.status, p.price, COALESCE(s.on_hand, 0), p.option_key, p.slug,
        p.compare_at_price
    FROM products p LEFT JOIN stock s ON s.product_id = p.id WHERE p.group_id = ?";

struct OptionRow(ShownOption);

impl FromRow for OptionRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(ShownOption {
            id: AttributeId(row.at(0)?),
            code: AttributeCode::from_trusted(row.at(1)?),
            name: AttributeName::from_trusted(row.at(2)?),
            is_internal: row.at(3)?,
            terms: Vec::new(),
        }))
    }
}

struct MemberRow {
    id: Uuid,
    sku: Option<String>,
    name: String,
    status: String,
    price: i64,
    on_hand: i64,
    key: Option<String>,
    slug: Option<String>,
    compare_at_price: Option<i64>,
}

impl FromRow for MemberRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.at(0)?,
            sku: row.at(1)?,
            name: row.at(2)?,
            status: row.at(3)?,
            price: row.at(4)?,
            on_hand: row.at(5)?,
            key: row.at(6)?,
            slug: row.at(7)?,
            compare_at_price: row.at(8)?,
        })
    }
}

impl MemberRow {
    fn member(self) -> Result<ShownMember, StoreError> {
        Ok(ShownMember {
            id: ProductId(self.id),
            sku: self.sku.map(Sku::from_trusted),
            name: ProductName::from_trusted(self.name),
            slug: self.slug.map(Slug::from_trusted),
            status: stored("product status", ProductStatus::parse(&self.status))?,
            price: Price::from_trusted(self.price),
            compare_at_price: self.compare_at_price.map(Price::from_trusted),
            in_stock: self.on_hand > 0,
            terms: Combination::from_key(self.key.as_deref()).terms().to_vec(),
        })
    }
}

/// Terms, each with its position.
async fn places(db: &impl Executor, ids: &[TermId]) -> Result<HashMap<TermId, (i64, ShownTerm)>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let marks = vec!["?"; ids.len()].join(", ");
    let sql = format!("SELECT id, slug, name, position FROM terms WHERE id IN ({marks})");
    let rows = db.run(Statement::new(sql, ids.iter().map(|id| id.0.into()))).await?.rows;
    let term = |row: &Row| {
        let id = TermId(row.at(0)?);
        let (slug, name) = (Slug::from_trusted(row.at(1)?), TermName::from_trusted(row.at(2)?));
        Ok((id, (row.at(3)?, ShownTerm { id, slug, name })))
    };
    rows.iter().map(term).collect()
}

#[async_trait]
impl GroupQueries for DbQueries {
    async fn get(&self, id: GroupId, status: Option<ProductStatus>) -> Result<Option<GroupView>, StoreError> {
        let found = view(&self.read, id, status).await?;
        Ok(found.filter(|view| status.is_none() || !view.members.is_empty()))
    }

    async fn list(&self, filter: &GroupFilter, page: &PageRequest) -> Result<Page<ListedGroup>, StoreError> {
        let has_member = |status: ProductStatus| {
            Expr::cust_with_values(
                "EXISTS (SELECT 1 FROM products p WHERE p.group_id = product_groups.id AND p.status = ?)",
                [status.as_str()],
            )
        };
        let find = Entity::find()
            .apply_if(filter.search.as_ref(), |find, search| find.filter(has_words(Column::Words, search)))
            .apply_if(filter.status, |find, status| find.filter(has_member(status)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.lists.all(find).await?, page.limit, |row: &Model| at_id(row.id));
        let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
        let mut cards = cards(&self.lists, &ids, filter.status).await?;
        let mut options = options_of(&self.lists, &ids).await?;
        let mut items = Vec::new();
        for row in page.items {
            let id = row.id;
            let group = row.with(options.remove(&id).unwrap_or_default())?;
            let empty = || GroupCard {
                id: group.id,
                name: group.name.clone(),
                slug: group.slug.clone(),
                prices: None,
                members: 0,
            };
            let card = cards.remove(&id).unwrap_or_else(empty);
            items.push(ListedGroup { group, card });
        }
        Ok(Page { items, next: page.next })
    }

    async fn membership(&self, id: ProductId) -> Result<Option<Member>, StoreError> {
        Ok(self.read.one(members::Entity::find_by_id(id.0)).await?.and_then(members::Model::member))
    }

    async fn cards(
        &self,
        ids: &[ProductId],
        status: Option<ProductStatus>,
    ) -> Result<HashMap<ProductId, GroupCard>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let find = members::Entity::find()
            .filter(members::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(members::Column::GroupId.is_not_null());
        let members = self.read.all(find).await?;
        let mut groups: Vec<_> = members.iter().filter_map(|row| row.group_id).collect();
        groups.sort_unstable();
        groups.dedup();
        let cards = cards(&self.read, &groups, status).await?;
        let card = |row: &members::Model| Some((ProductId(row.id), cards.get(&row.group_id?)?.clone()));
        Ok(members.iter().filter_map(card).collect())
    }
}

/// Cards of groups by id. With `status`, only members of this status count; groups without such members are left out.
async fn cards(
    db: &impl Executor,
    ids: &[Uuid],
    status: Option<ProductStatus>,
) -> Result<HashMap<Uuid, GroupCard>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let marks = vec!["?"; ids.len()].join(", ");
    let of_status = status.map_or("", |_| "AND p.status = ?");
    let sql = format!(
        "SELECT g.id, g.name, g.slug, MIN(p.price), MAX(p.price), COUNT(*) FROM product_groups g
        JOIN products p ON p.group_id = g.id
        WHERE g.id IN ({marks}) {of_status} GROUP BY g.id, g.name, g.slug"
    );
    let values = ids.iter().map(|id| (*id).into()).chain(status.map(|status| status.as_str().into()));
    let rows = db.run(Statement::new(sql, values)).await?.rows;
    let card = |row: &Row| {
        let id: Uuid = row.at(0)?;
        let (least, most, members): (i64, i64, i64) = (row.at(3)?, row.at(4)?, row.at(5)?);
        let card = GroupCard {
            id: GroupId(id),
            name: GroupName::from_trusted(row.at(1)?),
            slug: Slug::from_trusted(row.at(2)?),
            prices: Some((Price::from_trusted(least), Price::from_trusted(most))),
            members: u64::try_from(members).unwrap_or_default(),
        };
        Ok((id, card))
    };
    rows.iter().map(card).collect()
}
