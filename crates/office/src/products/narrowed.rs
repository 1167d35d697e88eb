//! What the query says of a list of products, with the parameters of the API.

use application::Error;
use application::products::{MOST_FILTERS, OF_ATTRIBUTE, filter_name, sought_terms};
use domain::attributes::{Attribute, AttributeCode, AttributeType, NumberRange, Scalar, Sought};
use domain::products::{ProductFilter, ProductSort, ProductStatus};
use domain::slugs::Slug;
use domain::terms::{AttributeCondition, Taxonomy, TermKey};
use domain::{Price, SearchText, plain_integer};

use crate::parts::{address, amount};
use crate::request::{Ask, Staff};

/// The parameter with the slug of a category.
pub(super) const CATEGORY: &str = AttributeCode::CATEGORY;
pub(super) const IN_STOCK: &str = "in_stock";
pub(super) const MIN_PRICE: &str = "min_price";
pub(super) const MAX_PRICE: &str = "max_price";
/// The parameter of a list that has one row for each product group.
pub(super) const COLLAPSE: &str = "collapse";
/// What [`COLLAPSE`] says then.
pub(super) const BY_GROUP: &str = "group";

/// The parameter that shows what else the list can be narrowed by.
pub(super) const FACETS: &str = "facets";
/// What [`FACETS`] says then.
pub(super) const ALL_FACETS: &str = "all";

/// The parameters of a list, but for those that attributes of the shop have.
const NAMES: [&str; 11] = [
    "q",
    "status",
    CATEGORY,
    AttributeCode::BRAND,
    AttributeCode::TAG,
    IN_STOCK,
    MIN_PRICE,
    MAX_PRICE,
    "sort",
    COLLAPSE,
    FACETS,
];

/// The parameters of the query that say which products are wanted, and how they are listed.
pub(super) fn parameters(ask: &Ask) -> Vec<&str> {
    let mut names = NAMES.to_vec();
    for (name, _) in ask.queries().iter().filter(|(name, _)| name.starts_with(OF_ATTRIBUTE)) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// The list as the query wants it, without some parameters and with others.
pub(super) fn link(staff: &Staff, without: &[&str], with: &[(&str, &str)]) -> String {
    let names = parameters(staff);
    let kept = staff.queries_of(&names).filter(|(name, _)| !without.contains(name));
    staff.to(&address("products", kept.chain(with.iter().copied())))
}

/// What the query says.
pub(super) struct Narrowed {
    /// Which products are wanted.
    pub(super) filter: ProductFilter,
    pub(super) sort: ProductSort,
    is_collapsed: bool,
    /// What narrows the list, besides words and a status.
    pub(super) by: Vec<NarrowedBy>,
    /// The first parameter that makes no sense. It filters nothing.
    lost: Option<String>,
}

/// A filter of the list.
pub(super) struct NarrowedBy {
    /// Its parameters, with what they say.
    pub(super) parameters: Vec<(String, String)>,
    /// What it is, for people: `Colour: Blue`.
    pub(super) shown: String,
}

impl Narrowed {
    /// What the query says. What makes no sense filters nothing.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) async fn by_query(staff: &Staff) -> Result<Self, Error> {
        let mut lost = None;
        let search = read(staff, "q", &mut lost, |typed| SearchText::parse(typed).ok().flatten());
        let status = read(staff, "status", &mut lost, |status| ProductStatus::parse(status).ok());
        let usual = if search.is_some() { ProductSort::Relevance } else { ProductSort::CreatedAtDescending };
        let sort = staff.query("sort").and_then(|sort| ProductSort::parse(sort).ok()).unwrap_or(usual);
        let filter = ProductFilter { search, status, ..ProductFilter::default() };
        let is_collapsed = staff.query(COLLAPSE) == Some(BY_GROUP);
        let mut narrowed = Self { filter, sort, is_collapsed, by: Vec::new(), lost };
        narrowed.by_attributes(staff).await?;
        narrowed.by_stock(staff);
        narrowed.by_price(staff);
        Ok(narrowed)
    }

    /// What the query says, for a file or a change of all that the list finds.
    ///
    /// # Errors
    /// If a part of the filter is not understood, such as a category that was deleted meanwhile.
    pub(super) async fn understood(staff: &Staff) -> Result<Self, Error> {
        let narrowed = Self::by_query(staff).await?;
        match &narrowed.lost {
            Some(name) => Err(Ask::not_understood(name)),
            None => Ok(narrowed),
        }
    }

    /// The filter of the list, which may have one row for each product group.
    pub(super) fn listed(&self) -> ProductFilter {
        ProductFilter { is_collapsed: self.is_collapsed, ..self.filter.clone() }
    }

    async fn by_attributes(&mut self, staff: &Staff) -> Result<(), Error> {
        let names = parameters(staff);
        let is_of_attribute = |name: &str| {
            [CATEGORY, AttributeCode::BRAND, AttributeCode::TAG].contains(&name) || name.starts_with(OF_ATTRIBUTE)
        };
        let asked: Vec<_> = staff.queries_of(&names).filter(|(name, _)| is_of_attribute(name)).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let taxonomy = staff.office.taxonomies.current().await?;
        for (place, (name, value)) in asked.into_iter().enumerate() {
            let attribute = taxonomy.filterable(true).find(|attribute| filter_name(attribute) == name);
            let condition = match attribute.filter(|_| place < MOST_FILTERS) {
                Some(attribute) => condition(staff, &taxonomy, attribute, value).await?,
                None => None,
            };
            let Some((attribute, condition)) = attribute.zip(condition) else {
                self.lost.get_or_insert_with(|| name.to_owned());
                continue;
            };
            let shown = format!("{}: {}", attribute.name, named(staff, &taxonomy, attribute, &condition, value).await?);
            self.by.push(NarrowedBy { parameters: vec![(name.to_owned(), value.to_owned())], shown });
            self.filter.attributes.push(condition);
        }
        Ok(())
    }

    fn by_stock(&mut self, staff: &Staff) {
        self.filter.in_stock = read(staff, IN_STOCK, &mut self.lost, |value| value.parse().ok());
        if let Some(is_wanted) = self.filter.in_stock {
            let shown = if is_wanted { "In stock: Yes" } else { "In stock: No" }.to_owned();
            self.by.push(NarrowedBy { parameters: vec![(IN_STOCK.to_owned(), is_wanted.to_string())], shown });
        }
    }

    fn by_price(&mut self, staff: &Staff) {
        let price = |raw: &str| plain_integer(raw).and_then(Price::parse).ok();
        let min = read(staff, MIN_PRICE, &mut self.lost, price);
        let max = read(staff, MAX_PRICE, &mut self.lost, price);
        let shown = |price| amount(staff.office.shop.money(price));
        let shown = match (min, max) {
            (None, None) => return,
            (Some(min), Some(max)) if min.amount() > max.amount() => {
                self.lost.get_or_insert_with(|| MAX_PRICE.to_owned());
                return;
            }
            (Some(min), Some(max)) => format!("Price: {} to {}", shown(min), shown(max)),
            (Some(min), None) => format!("Price: {} or more", shown(min)),
            (None, Some(max)) => format!("Price: {} or less", shown(max)),
        };
        let said = [(MIN_PRICE, min), (MAX_PRICE, max)].into_iter();
        let said = said.filter_map(|(name, price)| Some((name.to_owned(), price?.amount().to_string())));
        self.by.push(NarrowedBy { parameters: said.collect(), shown });
        (self.filter.min_price, self.filter.max_price) = (min.map(Price::amount), max.map(Price::amount));
    }
}

/// What a parameter of the query says. One that says nothing is noted as the first lost one.
fn read<T>(staff: &Staff, name: &str, lost: &mut Option<String>, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let raw = staff.query(name)?;
    let value = parse(raw);
    if value.is_none() {
        lost.get_or_insert_with(|| name.to_owned());
    }
    value
}

/// What has to hold of products; `None` if the value is none of the attribute.
async fn condition(
    staff: &Staff,
    taxonomy: &Taxonomy,
    attribute: &Attribute,
    value: &str,
) -> Result<Option<AttributeCondition>, Error> {
    Ok(match attribute.sought(value) {
        Ok(Sought::Numbers(ranges)) => Some(AttributeCondition::Numbers(attribute.id, ranges)),
        Ok(Sought::Slugs(slugs)) => {
            let slugs: Vec<_> = slugs.iter().filter_map(|slug| Slug::parse(slug).ok()).collect();
            let terms = sought_terms(staff.office.queries.terms.as_ref(), taxonomy, attribute, slugs).await?;
            (!terms.is_empty()).then_some(AttributeCondition::Terms(attribute.id, terms))
        }
        Err(_) => None,
    })
}

/// A range of numbers of an attribute of this type, for people. A range of decimals that ends just before a rounder number is
/// said with that number: `8 to under 9`.
pub(super) fn range_in_words(kind: AttributeType, range: NumberRange) -> String {
    let of =
        |number| Scalar::from_trusted(kind, None, Some(number)).map(|scalar| scalar.to_string()).unwrap_or_default();
    let last = |to: i64, or: &str| {
        let (shown, next) = (of(to), of(to.saturating_add(1)));
        if kind == AttributeType::Decimal && next.len() < shown.len() {
            format!("under {next}")
        } else {
            format!("{or}{shown}")
        }
    };
    match (range.from, range.to) {
        (Some(from), Some(to)) if from == to => of(from),
        (Some(from), Some(to)) => format!("{} to {}", of(from), last(to, "")),
        (Some(from), None) => format!("from {}", of(from)),
        (None, to) => to.map(|to| last(to, "up to ")).unwrap_or_default(),
    }
}

/// What a filter by an attribute says, with names in the place of slugs.
async fn named(
    staff: &Staff,
    taxonomy: &Taxonomy,
    attribute: &Attribute,
    condition: &AttributeCondition,
    value: &str,
) -> Result<String, Error> {
    let names: Vec<_> = match condition {
        AttributeCondition::Numbers(..) if attribute.kind == AttributeType::Boolean => {
            value.split(',').map(|value| if value.trim() == "true" { "Yes" } else { "No" }.to_owned()).collect()
        }
        AttributeCondition::Numbers(_, ranges) => {
            ranges.iter().map(|range| range_in_words(attribute.kind, *range)).collect()
        }
        AttributeCondition::Terms(..) if attribute.is_hierarchical => {
            let name = |slug: &str| {
                let key = Slug::parse(slug.trim()).ok().map(TermKey::Slug);
                let found = key.and_then(|key| taxonomy.categories().find(&key));
                found.map_or_else(|| slug.to_owned(), |category| category.node.name.to_string())
            };
            value.split(',').map(name).collect()
        }
        AttributeCondition::Terms(_, terms) => {
            let named = staff.office.taxonomies.named(terms).await?;
            named.iter().map(|term| term.name.to_string()).collect()
        }
    };
    Ok(names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_decimals_ends_at_a_round_number_r239() {
        let of = |kind, from, to| range_in_words(kind, NumberRange { from, to });
        let decimal = |from, to| of(AttributeType::Decimal, from, to);
        assert_eq!(decimal(Some(8_000_000), Some(8_999_999)), "8 to under 9");
        assert_eq!(decimal(Some(8_000_000), Some(9_000_000)), "8 to 9");
        assert_eq!(
            (decimal(Some(8_500_000), None), decimal(None, Some(8_999_999))),
            ("from 8.5".into(), "under 9".into())
        );
        assert_eq!(decimal(Some(8_999_999), Some(8_999_999)), "8.999999");
        assert_eq!(of(AttributeType::Integer, Some(8), Some(9)), "8 to 9");
        assert_eq!(of(AttributeType::Integer, None, Some(9)), "up to 9");
    }
}
