use std::collections::HashMap;
use std::sync::Arc;

use application::Queries;
use application::attributes::Taxonomies;
use application::imports::Item;
use domain::attributes::{Attribute, AttributeCode};
use domain::groups::GroupId;
use domain::imports::{Sought, WholeGroup, WholeProduct};
use domain::products::{Barcode, ProductId, Sku};
use domain::slugs::Slug;
use domain::tax_classes::TaxClassCode;
use domain::terms::{CategoryTree, Taxonomy};
use domain::{StoreError, sort_key};

use super::entry::Entry;

/// The existing resources that a batch of lines names.
pub(crate) struct Known {
    pub products: HashMap<ProductId, WholeProduct>,
    pub groups: HashMap<Slug, WholeGroup>,
    pub attributes: HashMap<AttributeCode, Attribute>,
    /// All categories.
    taxonomy: Arc<Taxonomy>,
    /// The tax classes of the shop.
    pub classes: Vec<TaxClassCode>,
    by_sku: HashMap<Sku, ProductId>,
    by_slug: HashMap<Slug, ProductId>,
    by_barcode: HashMap<Barcode, ProductId>,
    /// The terms of the members of groups, folded, in the order of the options.
    by_terms: HashMap<(GroupId, Vec<String>), ProductId>,
}

impl Known {
    pub async fn of(
        queries: &Queries,
        taxonomies: &dyn Taxonomies,
        entries: impl Iterator<Item = &Entry> + Clone,
    ) -> Result<Self, StoreError> {
        let sought = Sought {
            ids: entries.clone().filter_map(|entry| entry.id).collect(),
            skus: entries.clone().filter_map(Entry::sku).cloned().collect(),
            slugs: entries.clone().filter_map(Entry::slug).cloned().collect(),
            barcodes: entries.clone().filter_map(Entry::barcode).cloned().collect(),
        };
        let mut found = queries.imports.products(&sought).await?;
        let mut slugs: Vec<_> = entries.clone().filter_map(Entry::group).cloned().collect();
        slugs.sort_unstable();
        slugs.dedup();
        let groups = queries.imports.groups(&[], &slugs).await?;
        let mut by_terms = HashMap::new();
        // A member that has no code of its own is known by its terms.
        let is_nameless = |entry: &&Entry| entry.id.is_none() && entry.sku().is_none() && entry.slug().is_none();
        let of_nameless: Vec<_> = entries.clone().filter(is_nameless).filter_map(Entry::group).collect();
        for WholeGroup { group, .. } in groups.iter().filter(|whole| of_nameless.contains(&&whole.group.slug)) {
            let Some(view) = queries.groups.get(group.id, None).await? else { continue };
            let names: HashMap<_, _> =
                view.options.iter().flat_map(|option| &option.terms).map(|term| (term.id, term)).collect();
            for member in &view.members {
                let terms = member.terms.iter().filter_map(|id| names.get(id));
                by_terms.insert((group.id, terms.map(|term| sort_key(term.name.as_str())).collect()), member.id);
            }
        }
        let missing: Vec<_> =
            by_terms.values().filter(|id| !found.iter().any(|one| one.product.id == **id)).copied().collect();
        found.extend(queries.imports.products(&Sought { ids: missing, ..Sought::default() }).await?);
        let products: HashMap<_, _> = found.into_iter().map(|known| (known.product.id, known)).collect();
        let all = || products.values().map(|known| &known.product);
        let mut wanted: Vec<_> = entries.clone().flat_map(|entry| codes(&entry.item)).cloned().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let attributes = queries.attributes.named(&wanted).await?;
        Ok(Self {
            by_sku: all().filter_map(|product| Some((product.sku.clone()?, product.id))).collect(),
            by_slug: all().filter_map(|product| Some((product.slug.clone()?, product.id))).collect(),
            by_barcode: all().filter_map(|one| Some((one.particulars.barcode.clone()?, one.id))).collect(),
            by_terms,
            groups: groups.into_iter().map(|whole| (whole.group.slug.clone(), whole)).collect(),
            classes: queries.tax_classes.codes().await?,
            attributes: attributes.into_iter().map(|one| (one.code.clone(), one)).collect(),
            taxonomy: taxonomies.current().await?,
            products,
        })
    }

    pub fn categories(&self) -> &CategoryTree {
        self.taxonomy.categories()
    }

    /// The existing product of a line: by id, or else by SKU, slug, or its terms in its group.
    pub fn product(&self, entry: &Entry) -> Option<&WholeProduct> {
        let by_sku = || self.by_sku.get(entry.sku()?).copied();
        let by_slug = || {
            self.by_slug
                .get(entry.slug()?)
                .copied()
                .filter(|_| entry.sku().is_none_or(|sku| !self.by_sku.contains_key(sku)))
        };
        let id = entry.id.or_else(by_sku).or_else(by_slug).or_else(|| self.member(entry))?;
        self.products.get(&id)
    }

    fn member(&self, entry: &Entry) -> Option<ProductId> {
        let place = entry.item.place.as_ref()?;
        let whole = self.groups.get(&place.slug)?;
        let term = |code: &AttributeCode| {
            let cell = place.options.iter().find(|cell| cell.code == *code)?;
            Some(sort_key(&cell.text))
        };
        let terms = whole.options.iter().map(term).collect::<Option<Vec<_>>>()?;
        if terms.is_empty() {
            return None;
        }
        self.by_terms.get(&(whole.group.id, terms)).copied().filter(|_| entry.sku().is_none())
    }

    /// Who has an SKU, a slug, a barcode.
    pub fn owner_of_sku(&self, sku: &Sku) -> Option<ProductId> {
        self.by_sku.get(sku).copied()
    }

    pub fn owner_of_slug(&self, slug: &Slug) -> Option<ProductId> {
        self.by_slug.get(slug).copied()
    }

    pub fn owner_of_barcode(&self, barcode: &Barcode) -> Option<ProductId> {
        self.by_barcode.get(barcode).copied()
    }
}

/// The attributes that an item names.
pub(super) fn codes(item: &Item) -> impl Iterator<Item = &AttributeCode> {
    let of_place = item.place.iter().flat_map(|place| place.attributes.iter().chain(&place.options));
    item.attributes.iter().chain(of_place).map(|cell| &cell.code)
}
