use async_trait::async_trait;
use domain::attributes::{Attribute, AttributeId};
use domain::slugs::Slug;
use domain::terms::{
    CategoryNode, MAX_DEPTH, Taxonomy, Term, TermChoice, TermFilter, TermId, TermKey, TermName, TermQueries,
    TermRepository,
};
use domain::{Page, PageRequest, StoreError, Uuid, sort_key};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::assignments::raced_with_use;
use super::attributes::{after_place, at_place, counted};
use super::queries::{DbQueries, has_words, rows};
use super::tx::DbTx;
use crate::db::engine::{Error, Executor as _, Row, Statement};
use crate::db::entities::attributes;
use crate::db::entities::terms::{Column, Entity, Model, NodeRow};

#[async_trait]
impl TermRepository for DbTx {
    async fn insert(&mut self, term: &Term) -> Result<(), StoreError> {
        self.change_terms();
        self.expect_never_had(term).await?;
        Ok(self.insert_rows([Model::from(term)]).await?)
    }

    async fn lock(&mut self, attribute_id: AttributeId, key: &TermKey) -> Result<Option<Term>, StoreError> {
        let find = of(attribute_id).filter(is(key)).lock_exclusive();
        self.transaction.one(find).await?.map(Term::try_from).transpose()
    }

    async fn named(&mut self, attribute_id: AttributeId, keys: &[TermKey]) -> Result<Vec<Term>, StoreError> {
        let ids = keys.iter().filter_map(|key| match key {
            TermKey::Id(id) => Some(id.0),
            TermKey::Slug(_) => None,
        });
        let slugs = keys.iter().filter_map(|key| match key {
            TermKey::Id(_) => None,
            TermKey::Slug(slug) => Some(slug.as_str()),
        });
        let (ids, slugs): (Vec<_>, Vec<_>) = (ids.collect(), slugs.collect());
        let any = Condition::any()
            .add_option((!ids.is_empty()).then(|| Column::Id.is_in(ids)))
            .add_option((!slugs.is_empty()).then(|| Column::Slug.is_in(slugs)));
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.transaction.all(of(attribute_id).filter(any)).await?.into_iter().map(Term::try_from).collect()
    }

    async fn called(&mut self, attribute_id: AttributeId, names: &[String]) -> Result<Vec<Term>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let called =
            of(attribute_id).filter(Column::NameKey.is_in(names.iter().map(String::as_str))).order_by_asc(Column::Id);
        let mut found = self.transaction.all(called).await?;
        if !names.iter().all(|name| found.iter().any(|row| row.name_key.as_ref() == Some(name))) {
            // They may have been stored before names had keys.
            let old = of(attribute_id).filter(Column::NameKey.is_null()).order_by_asc(Column::Id);
            let old = self.transaction.all(old).await?;
            found.extend(old.into_iter().filter(|row| names.contains(&sort_key(&row.name))));
        }
        found.into_iter().map(Term::try_from).collect()
    }

    async fn count(&mut self, attribute_id: AttributeId) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM terms WHERE attribute_id = ?";
        Ok(counted(&self.transaction, Statement::new(sql, [attribute_id.0.into()])).await?)
    }

    async fn like(&mut self, attribute_id: AttributeId, slug: &Slug) -> Result<Vec<Slug>, StoreError> {
        // A slug has no character that means something in a pattern.
        let like = Column::Slug.eq(slug.as_str()).or(Column::Slug.like(format!("{}%", slug.stem())));
        let found = self.transaction.all(of(attribute_id).filter(like)).await?;
        let sql = "SELECT slug FROM term_slugs WHERE attribute_id = ? AND (slug = ? OR slug LIKE ?)";
        let values = [attribute_id.0.into(), slug.as_str().into(), format!("{}%", slug.stem()).into()];
        let given_up = self.transaction.run(Statement::new(sql, values)).await?.rows;
        let mut all: Vec<_> = found.into_iter().map(|row| Slug::from_trusted(row.slug)).collect();
        for row in &given_up {
            all.push(Slug::from_trusted(row.at(0)?));
        }
        Ok(all)
    }

    async fn chain(&mut self, attribute_id: AttributeId, id: TermId) -> Result<Vec<CategoryNode>, StoreError> {
        let (mut chain, mut next) = (Vec::new(), Some(id));
        while let Some(id) = next.filter(|_| chain.len() <= MAX_DEPTH) {
            let find = of(attribute_id).select_only().columns(NodeRow::COLUMNS).filter(Column::Id.eq(id.0));
            let rows: Vec<NodeRow> = self.transaction.read(&find).await?;
            next = rows.first().and_then(|NodeRow(node)| node.parent_id);
            chain.extend(rows.into_iter().map(|NodeRow(node)| node));
        }
        Ok(chain)
    }

    async fn below(&mut self, ids: &[TermId]) -> Result<Vec<CategoryNode>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let find = Entity::find()
            .select_only()
            .columns(NodeRow::COLUMNS)
            .filter(Column::ParentId.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id);
        let rows: Vec<NodeRow> = self.transaction.read(&find).await?;
        Ok(rows.into_iter().map(|NodeRow(node)| node).collect())
    }

    async fn update(&mut self, term: &Term) -> Result<(), StoreError> {
        self.change_terms();
        Ok(self.update_row(Model::from(term)).await?)
    }

    async fn renew(&mut self, limit: u64) -> Result<u64, StoreError> {
        let find = Entity::find().filter(Column::NameKey.is_null()).order_by_asc(Column::Id).limit(limit);
        let rows = self.transaction.all(find.lock_exclusive()).await?;
        for row in &rows {
            // Nothing that is shown of a term changes.
            self.update_row(Model::from(&Term::try_from(row.clone())?)).await?;
        }
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }

    async fn retire(&mut self, given_up: &Slug, term: &Term) -> Result<(), StoreError> {
        self.expect_never_had(term).await?;
        let own = "DELETE FROM term_slugs WHERE attribute_id = ? AND slug = ?";
        self.transaction.run(Statement::new(own, [term.attribute_id.0.into(), term.slug.as_str().into()])).await?;
        let insert = "INSERT INTO term_slugs (attribute_id, slug, term_id) VALUES (?, ?, ?)";
        let values = [term.attribute_id.0.into(), given_up.as_str().into(), term.id.0.into()];
        self.transaction.run(Statement::new(insert, values)).await?;
        Ok(())
    }

    async fn delete(&mut self, id: TermId) -> Result<(), StoreError> {
        self.change_terms();
        self.transaction.run(Statement::new("DELETE FROM term_slugs WHERE term_id = ?", [id.0.into()])).await?;
        self.forget_pictures(id.into()).await?;
        self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop).map_err(raced_with_use)
    }

    async fn count_products(&mut self, id: TermId) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM product_terms WHERE term_id = ?";
        Ok(counted(&self.transaction, Statement::new(sql, [id.0.into()])).await?)
    }
}

impl DbTx {
    /// Refuses a slug that another term of the attribute had.
    async fn expect_never_had(&self, term: &Term) -> Result<(), StoreError> {
        let sql = "SELECT 1 FROM term_slugs WHERE attribute_id = ? AND slug = ? AND term_id <> ?";
        let values = [term.attribute_id.0.into(), term.slug.as_str().into(), term.id.0.into()];
        let others = self.transaction.run(Statement::new(sql, values)).await?.rows;
        if others.is_empty() { Ok(()) } else { Err(StoreError::Duplicate(Term::UNIQUE_SLUG)) }
    }
}

fn of(attribute_id: AttributeId) -> Select<Entity> {
    Entity::find().filter(Column::AttributeId.eq(attribute_id.0))
}

fn is(key: &TermKey) -> Condition {
    Condition::all().add(match key {
        TermKey::Id(id) => Column::Id.eq(id.0),
        TermKey::Slug(slug) => Column::Slug.eq(slug.as_str()),
    })
}

/// The attributes whose terms one statement reads. Databases bound the parts of a union.
const ATTRIBUTES_AT_ONCE: usize = 100;

/// A term with its position, as [`TermQueries::first_of_each`] reads them.
fn choice(row: &Row) -> Result<(i64, TermChoice), Error> {
    let parent_id: Option<Uuid> = row.at(2)?;
    let choice = TermChoice {
        attribute_id: AttributeId(row.at(0)?),
        id: TermId(row.at(1)?),
        parent_id: parent_id.map(TermId),
        slug: Slug::from_trusted(row.at(3)?),
        name: TermName::from_trusted(row.at(4)?),
    };
    Ok((row.at(5)?, choice))
}

#[async_trait]
impl TermQueries for DbQueries {
    async fn get(&self, attribute_id: AttributeId, key: &TermKey) -> Result<Option<Term>, StoreError> {
        self.read.one(of(attribute_id).filter(is(key))).await?.map(Term::try_from).transpose()
    }

    async fn ids(&self, attribute_id: AttributeId, slugs: &[Slug]) -> Result<Vec<TermId>, StoreError> {
        if slugs.is_empty() {
            return Ok(Vec::new());
        }
        let find = of(attribute_id)
            .select_only()
            .column(Column::Id)
            .filter(Column::Slug.is_in(slugs.iter().map(Slug::as_str)));
        let ids: Vec<Uuid> = self.read.ids(&find).await?;
        Ok(ids.into_iter().map(TermId).collect())
    }

    async fn had(&self, attribute_id: AttributeId, slugs: &[Slug]) -> Result<Vec<(Slug, TermId)>, StoreError> {
        if slugs.is_empty() {
            return Ok(Vec::new());
        }
        let marks = vec!["?"; slugs.len()].join(", ");
        let sql = format!("SELECT slug, term_id FROM term_slugs WHERE attribute_id = ? AND slug IN ({marks})");
        let values = std::iter::once(attribute_id.0.into()).chain(slugs.iter().map(|slug| slug.as_str().into()));
        let rows = self.read.run(Statement::new(sql, values)).await?.rows;
        let found = |row: &Row| Ok::<_, Error>((Slug::from_trusted(row.at(0)?), TermId(row.at(1)?)));
        Ok(rows.iter().map(found).collect::<Result<_, _>>()?)
    }

    async fn known(&self, ids: &[TermId]) -> Result<Vec<Term>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let find = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
        self.read.all(find).await?.into_iter().map(Term::try_from).collect()
    }

    async fn list(
        &self,
        attribute_id: AttributeId,
        filter: &TermFilter,
        page: &PageRequest,
    ) -> Result<Page<Term>, StoreError> {
        let find = of(attribute_id)
            .apply_if(filter.search.as_ref(), |find, search| find.filter(has_words(Column::Words, search)))
            .apply_if(page.after.as_ref(), |find, place| find.filter(after_place(place, Column::Position, Column::Id)))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let db = if filter.search.is_some() { &self.lists } else { &self.read };
        let page = Page::cut(db.all(find).await?, page.limit, |row: &Model| at_place(row.position, row.id));
        let items = page.items.into_iter().map(Term::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    async fn first_of_each(&self, attributes: &[AttributeId], most: u32) -> Result<Vec<TermChoice>, StoreError> {
        let mut found = Vec::new();
        // One range of the index for each. SQLite takes no ORDER BY in a part of a union, but in a table that it makes.
        let one = "SELECT * FROM (SELECT attribute_id, id, parent_id, slug, name, position FROM terms \
                   WHERE attribute_id = ? ORDER BY position, id LIMIT ?) AS part";
        for some in attributes.chunks(ATTRIBUTES_AT_ONCE) {
            let sql = vec![one; some.len()].join(" UNION ALL ");
            let values = some.iter().flat_map(|id| [id.0.into(), i64::from(most).into()]);
            let rows = self.read.run(Statement::new(sql, values)).await?.rows;
            let mut placed = rows.iter().map(choice).collect::<Result<Vec<_>, Error>>()?;
            let place = |id: AttributeId| some.iter().position(|one| *one == id);
            placed.sort_by_key(|(position, choice)| (place(choice.attribute_id), *position, choice.id));
            found.extend(placed.into_iter().map(|(_, choice)| choice));
        }
        Ok(found)
    }

    async fn taxonomy(&self) -> Result<Taxonomy, StoreError> {
        let all = self
            .read
            .all(
                attributes::Entity::find()
                    .order_by_asc(attributes::Column::Position)
                    .order_by_asc(attributes::Column::Id),
            )
            .await?;
        let trees = all.iter().filter(|row| row.hierarchical).map(|row| row.id);
        let nodes = Entity::find().select_only().columns(NodeRow::COLUMNS).filter(Column::AttributeId.is_in(trees));
        let nodes: Vec<NodeRow> = self.read.read(&nodes).await?;
        let any = Entity::find().select_only().column(Column::Id).limit(1);
        let has_terms = !nodes.is_empty() || !self.read.ids(&any).await?.is_empty();
        let attributes = all.into_iter().map(Attribute::try_from).collect::<Result<_, _>>()?;
        Ok(Taxonomy::new(attributes, nodes.into_iter().map(|NodeRow(node)| node).collect(), has_terms))
    }
}
