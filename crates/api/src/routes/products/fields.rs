//! The fields of a product that is made, alone or as a member of a group.

use application::groups::NewProduct;
use domain::Price;
use domain::attributes::AttributeInput;
use domain::pages::PageTexts;
use domain::products::{
    Description, Particulars, ProductName, ProductStatus, Sku, TaxAndShipping, TaxAndShippingChange,
};
use domain::slugs::Slug;
use domain::stock::InitialStock;

use super::given::GivenAttributes;
use super::page::page;
use super::particulars::particulars;
use super::tax_and_shipping::tax_and_shipping;
use crate::extract::Fields;
use crate::extract::read::{integer, text};

/// The fields without name and price.
#[derive(PartialEq, Eq, Default)]
pub(in crate::routes) struct ProductFields {
    sku: Option<Sku>,
    slug: Option<Slug>,
    description: Option<Description>,
    page: PageTexts,
    status: Option<ProductStatus>,
    tax_and_shipping: TaxAndShippingChange,
    particulars: Particulars,
    initial_stock: Option<InitialStock>,
    attributes: Vec<(String, AttributeInput)>,
}

impl ProductFields {
    pub(in crate::routes) fn take(fields: &mut Fields<'_>) -> Option<Self> {
        let sku = fields.optional("sku", &text(Sku::parse));
        let slug = fields.optional("slug", &text(Slug::parse));
        let description = fields.optional("description", &text(Description::parse));
        let page = page(fields);
        let status = fields.optional("status", &text(ProductStatus::parse));
        let tax_and_shipping = tax_and_shipping(fields);
        let particulars = particulars(fields);
        let initial_stock = fields.optional("initial_stock", &integer(InitialStock::parse));
        let attributes = fields.optional("attributes", &GivenAttributes);
        let page = page?;
        Some(Self {
            sku: sku?,
            slug: slug?,
            description: page.described(description?),
            page,
            status: status?,
            tax_and_shipping: tax_and_shipping?,
            particulars: particulars?,
            initial_stock: initial_stock?,
            attributes: attributes?.unwrap_or_default(),
        })
    }

    /// Whether nothing is given.
    pub(in crate::routes) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The product with these, under a name, at a price.
    pub(in crate::routes) fn made(self, name: Option<ProductName>, price: Price) -> NewProduct {
        NewProduct {
            id: None,
            name,
            price,
            sku: self.sku,
            slug: self.slug,
            description: self.description,
            status: self.status.unwrap_or(ProductStatus::Active),
            tax_and_shipping: TaxAndShipping::default().changed(self.tax_and_shipping),
            particulars: self.particulars,
            initial_stock: self.initial_stock.unwrap_or_default(),
            attributes: self.attributes,
            page: self.page,
        }
    }
}
