//! A row of the list of products.

use std::collections::HashMap;

use domain::Price;
use domain::groups::ShownMember;
use domain::media::Shown;
use domain::products::{ProductId, ProductStatus, ProductView, Sku};
use maud::{Markup, html};

use super::folded::Folded;
use super::thumb;
use crate::parts::{Chosen, badge, money};
use crate::request::Staff;

/// A product in the list.
struct Listed<'a> {
    id: ProductId,
    name: &'a str,
    sku: Option<&'a str>,
    status: ProductStatus,
    in_stock: bool,
    price: Price,
    before: Option<Price>,
}

impl<'a> From<&'a ProductView> for Listed<'a> {
    fn from(ProductView { product, in_stock }: &'a ProductView) -> Self {
        Self {
            id: product.id,
            name: product.name.as_str(),
            sku: product.sku.as_ref().map(Sku::as_str),
            status: product.status,
            in_stock: *in_stock,
            price: product.price,
            before: product.particulars.compare_at_price,
        }
    }
}

impl<'a> From<&'a ShownMember> for Listed<'a> {
    fn from(member: &'a ShownMember) -> Self {
        Self {
            id: member.id,
            name: member.name.as_str(),
            sku: member.sku.as_ref().map(Sku::as_str),
            status: member.status,
            in_stock: member.in_stock,
            price: member.price,
            before: member.compare_at_price,
        }
    }
}

/// What the rows of a page are made of, besides the products.
pub(super) struct Rows<'a> {
    pub(super) staff: &'a Staff,
    /// The rows that are chosen; `None` if none can be.
    pub(super) chosen: Option<&'a Chosen<'a>>,
    pub(super) pictures: HashMap<ProductId, Shown>,
    /// Units on hand; `None` if they are not shown.
    pub(super) units: Option<HashMap<ProductId, i64>>,
    pub(super) folded: Folded,
}

impl Rows<'_> {
    pub(super) fn head(&self) -> Markup {
        html! {
            tr {
                @if self.chosen.is_some() { th { span.hidden { "Choose" } } }
                th { span.hidden { "Picture" } }
                th { "Product" }
                th { "Status" }
                @if self.units.is_some() { th.number { "On hand" } }
                th.number { "Price" }
            }
        }
    }

    /// The row of a product, and those of the other members of its group if that is open.
    pub(super) fn of(&self, view: &ProductView) -> Markup {
        let id = view.product.id;
        html! {
            (self.row(&view.into(), None, &self.folded.button(self.staff, id)))
            @for member in self.folded.below(id) { (self.row(&member.into(), Some("member"), &html! {})) }
        }
    }

    fn row(&self, product: &Listed<'_>, class: Option<&str>, more: &Markup) -> Markup {
        let Listed { id, name, sku, status, in_stock, price, before } = product;
        let shop = self.staff.office.shop;
        html! {
            tr class=[class] {
                @if let Some(chosen) = self.chosen { td.choose { (chosen.tick(id.0, &format!("Choose {name}"))) } }
                td.picture { (thumb(self.staff, self.pictures.get(id), name)) }
                td data-label="Product" {
                    a.name href=(self.staff.to(&format!("products/{id}"))) { (name) }
                    @if let Some(sku) = sku { br; span.faint { (sku) } }
                    (more)
                }
                td data-label="Status" {
                    (badge(status.as_str()))
                    @if !in_stock { " " (badge("out")) }
                }
                @if let Some(units) = &self.units {
                    td.number data-label="On hand" { @if let Some(units) = units.get(id) { (units) } }
                }
                td.number data-label="Price" {
                    (money(shop.money(*price)))
                    @if let Some(before) = before { br; s.faint { (money(shop.money(*before))) } }
                }
            }
        }
    }
}
