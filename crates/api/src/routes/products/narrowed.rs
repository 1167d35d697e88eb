//! What narrows a list of products: that of a request, and of a collection.

use application::FieldError;
use domain::collections::CollectionFilter;
use domain::products::{Barcode, ProductFilter, ProductStatus, Sku};
use domain::terms::AttributeCondition;
use domain::{Code, Invalid, Price, StoreError};

use super::sought::SoughtAttributes;
use crate::context::State;
use crate::extract::{FromQuery, Params, boolean, number_parameter, read_kept};

/// The filters of a list of products, without those that searches, times of change and collections are.
pub(in crate::routes) struct Narrowed {
    /// What attributes have nothing to do with.
    pub filter: ProductFilter,
    /// What is sought of attributes.
    pub sought: SoughtAttributes,
}

impl Narrowed {
    /// Takes the parameters that narrow a list.
    pub(super) fn take(params: &mut Params<'_>) -> Option<Self> {
        let min_price = params.optional(
            "min_price",
            "Only those that cost as much, in minor units, or more.",
            number_parameter(Price::parse),
        );
        let max_price = params.optional(
            "max_price",
            "Only those that cost as much, in minor units, or less.",
            number_parameter(Price::parse),
        );
        let in_stock =
            params.optional("in_stock", "Only those with something on hand, or only those without.", boolean);
        let status = params.optional(
            "status",
            "Only those of this status. Customers see none but active ones.",
            ProductStatus::parse,
        );
        let skus = params.several("sku", "Only those with this SKU; up to 100, each as a parameter.", 100, Sku::parse);
        let barcodes = params.several(
            "barcode",
            "Only those with this barcode, with or without zeros before it; up to 100, each as a parameter.",
            100,
            Barcode::parse,
        );
        let on_sale = params.optional(
            "on_sale",
            "Only those that are reduced, with a `compare_at_price`, or only those that are not.",
            boolean,
        );
        let sought = SoughtAttributes::take(params);
        let filter = ProductFilter {
            skus: skus?,
            barcodes: barcodes?,
            on_sale: on_sale?,
            status: status?,
            min_price: min_price?.map(Price::amount),
            max_price: max_price?.map(Price::amount),
            in_stock: in_stock?,
            ..ProductFilter::default()
        };
        let turned = filter.min_price.zip(filter.max_price).is_some_and(|(min, max)| min > max);
        if turned {
            return params.refuse("max_price", Invalid::new(Code::TooSmall, "must not be below min_price"));
        }
        Some(Self { filter, sought })
    }

    /// The filter of a collection.
    ///
    /// # Errors
    /// The parameters that are refused.
    pub(in crate::routes) fn kept(filter: &CollectionFilter, state: &State) -> Result<Self, Vec<FieldError>> {
        Self::of(filter.parameters(), state)
    }

    /// Parameters that narrow a list, as they are kept.
    ///
    /// # Errors
    /// The parameters that are refused.
    pub(super) fn of<'k>(
        parameters: impl IntoIterator<Item = (&'k String, &'k String)>,
        state: &State,
    ) -> Result<Self, Vec<FieldError>> {
        read_kept(parameters, state)
    }

    /// What passes, as staff see it; `None` if nothing does, because an attribute is gone or products are not found by it
    /// any more.
    pub(in crate::routes) async fn filter(self, state: &State) -> Result<Option<ProductFilter>, StoreError> {
        let attributes: Option<Vec<AttributeCondition>> = self.sought.conditions(state, true).await?;
        Ok(attributes.map(|attributes| ProductFilter { attributes, ..self.filter }))
    }
}

impl FromQuery for Narrowed {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        Self::take(params)
    }
}
