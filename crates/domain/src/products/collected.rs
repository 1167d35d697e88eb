use super::{ProductFilter, ProductId};

/// The products of a collection, as a list has them: its pins, and what passes its filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// The products that are in it whatever its filter says, in their order.
    pub pins: Vec<ProductId>,
    /// What all others pass; `None` if there are no others.
    pub rest: Option<Box<ProductFilter>>,
    /// Whether the pins come first. If not, each stands where the order of the list has it.
    pub leads: bool,
}

impl ProductFilter {
    /// What passes this filter and another one, which searches for nothing and is of no collection; `None` if nothing does.
    /// It is collapsed as this one is.
    pub fn and(&self, other: &Self) -> Option<Self> {
        let min_price = self.min_price.max(other.min_price);
        let max_price = least(self.max_price, other.max_price);
        if min_price.zip(max_price).is_some_and(|(min, max)| min > max) {
            return None;
        }
        Some(Self {
            search: self.search.clone(),
            status: same(self.status, other.status).ok()?,
            min_price,
            max_price,
            in_stock: same(self.in_stock, other.in_stock).ok()?,
            skus: common(&self.skus, &other.skus)?,
            barcodes: common(&self.barcodes, &other.barcodes)?,
            on_sale: same(self.on_sale, other.on_sale).ok()?,
            updated_after: self.updated_after.max(other.updated_after),
            attributes: self.attributes.iter().chain(&other.attributes).cloned().collect(),
            is_collapsed: self.is_collapsed,
            collection: None,
        })
    }
}

fn least(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// The conditions of two filters exclude each other.
struct Contradiction;

/// Combines two optional conditions.
fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Result<Option<T>, Contradiction> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Err(Contradiction),
        (one, other) => Ok(one.or(other)),
    }
}

/// The values that are in both lists; `None` if there are none. An empty list stands for all values.
fn common<T: Clone + PartialEq>(one: &[T], other: &[T]) -> Option<Vec<T>> {
    match (one, other) {
        ([], all) | (all, []) => Some(all.to_vec()),
        (one, other) => {
            let both: Vec<_> = one.iter().filter(|value| other.contains(value)).cloned().collect();
            (!both.is_empty()).then_some(both)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::products::{ProductStatus, Sku};

    /// A product, as far as filters are about it here.
    #[derive(Debug, Clone)]
    struct Seen {
        price: i64,
        status: ProductStatus,
        in_stock: bool,
        on_sale: bool,
        sku: Sku,
    }

    fn sku(n: u8) -> Sku {
        Sku::parse(&format!("S{n}")).unwrap()
    }

    fn product() -> impl Strategy<Value = Seen> {
        let product = (0..6_i64, prop::sample::select(&ProductStatus::ALL[..2]), any::<bool>(), any::<bool>(), 0..3_u8);
        product.prop_map(|(price, status, in_stock, on_sale, n)| Seen { price, status, in_stock, on_sale, sku: sku(n) })
    }

    fn filter() -> impl Strategy<Value = ProductFilter> {
        let price = || prop::option::of(0..6_i64);
        let flag = || prop::option::of(any::<bool>());
        let status = prop::option::of(prop::sample::select(&ProductStatus::ALL[..2]));
        let skus = prop::collection::vec(0..3_u8, 0..3);
        (price(), price(), status, flag(), flag(), skus).prop_map(
            |(min_price, max_price, status, in_stock, on_sale, skus)| ProductFilter {
                min_price,
                max_price,
                status,
                in_stock,
                on_sale,
                skus: skus.into_iter().map(sku).collect(),
                ..ProductFilter::default()
            },
        )
    }

    fn passes(product: &Seen, filter: &ProductFilter) -> bool {
        filter.min_price.is_none_or(|min| product.price >= min)
            && filter.max_price.is_none_or(|max| product.price <= max)
            && filter.status.is_none_or(|status| product.status == status)
            && filter.in_stock.is_none_or(|wanted| product.in_stock == wanted)
            && filter.on_sale.is_none_or(|wanted| product.on_sale == wanted)
            && (filter.skus.is_empty() || filter.skus.contains(&product.sku))
    }

    proptest! {
        #[test]
        fn a_product_that_passes_two_filters_passes_each_of_them_r227(one in filter(), other in filter(), product in product()) {
            let both = one.and(&other);
            let expected = passes(&product, &one) && passes(&product, &other);
            prop_assert_eq!(both.is_some_and(|both| passes(&product, &both)), expected);
        }
    }
}
