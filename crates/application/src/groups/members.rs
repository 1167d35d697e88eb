use domain::Price;
use domain::assignments::{Assigned, Has};
use domain::attributes::{Attribute, AttributeInput};
use domain::events::Event;
use domain::groups::{Combination, Group, GroupName, Inherits, Member, clash, member_name};
use domain::pages::PageTexts;
use domain::products::{
    Description, Particulars, Product, ProductDetails, ProductId, ProductName, ProductStatus, Sku, TaxAndShipping,
};
use domain::slugs::Slug;
use domain::stock::InitialStock;
use domain::{Code, Invalid};

use super::values::{Known, Values};
use crate::assignments::too_many_terms;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::products::CreateProduct;
use crate::{Command, Conflict, Ctx, Error, Tx, Users};

/// A product that is made as a member.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// Its terms, one for each option of the group.
    pub values: Values,
    /// Its fields, its stock and its attributes.
    pub product: NewProduct,
}

/// A product that is made, alone or as a member of a group, apart from its terms there.
#[derive(Debug, Clone)]
pub struct NewProduct {
    /// The id; `None` for a new one.
    pub id: Option<ProductId>,
    /// The name; `None` for one that is made of the group's name and the terms. One alone has one.
    pub name: Option<ProductName>,
    /// The price of one unit.
    pub price: Price,
    /// The shop's own code for it, unique: 1 to 64 characters; `None` for none.
    pub sku: Option<Sku>,
    /// The name in addresses; `None` for one that is made of the name.
    pub slug: Option<Slug>,
    /// Its own description.
    pub description: Option<Description>,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// How it is taxed and shipped.
    pub tax_and_shipping: TaxAndShipping,
    /// What it has besides.
    pub particulars: Particulars,
    /// The initial units on hand.
    pub initial_stock: InitialStock,
    /// What it has of attributes that are no options.
    pub attributes: Vec<(String, AttributeInput)>,
    /// What its page says besides.
    pub page: PageTexts,
}

impl NewProduct {
    /// A product for sale that has nothing but a price.
    pub fn at(price: Price) -> Self {
        Self {
            id: None,
            name: None,
            price,
            sku: None,
            slug: None,
            description: None,
            status: ProductStatus::Active,
            tax_and_shipping: TaxAndShipping::default(),
            particulars: Particulars::default(),
            initial_stock: InitialStock::default(),
            attributes: Vec::new(),
            page: PageTexts::default(),
        }
    }

    /// The command that creates this product without a group, with the name `name`.
    pub(crate) fn named(&self, name: ProductName) -> CreateProduct {
        let details = ProductDetails {
            name,
            price: self.price,
            sku: self.sku.clone(),
            slug: self.slug.clone(),
            description: self.description.clone(),
            status: self.status,
            tax_and_shipping: self.tax_and_shipping.clone(),
            particulars: self.particulars.clone(),
        };
        let (initial_stock, attributes) = (self.initial_stock, self.attributes.clone());
        CreateProduct { id: self.id, details, initial_stock, attributes, page: self.page.clone() }
    }
}

/// A locked group that a member joins, with its options and its attributes.
pub(super) struct Joined<'a> {
    pub group: &'a Group,
    pub options: &'a [Attribute],
    pub has: &'a Assigned,
}

impl Joined<'_> {
    /// Makes a product and its place in the group, which is not written yet.
    pub async fn make(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        new: &NewProduct,
        combination: Combination,
        known: &Known,
    ) -> Result<Member, Error> {
        for (code, _) in &new.attributes {
            if self.options.iter().any(|option| option.code.as_str() == code) {
                return Err(Conflict::IsOption(code.clone()).into());
            }
        }
        let terms: Vec<_> =
            combination.terms().iter().filter_map(|id| known.get(id)).map(|term| term.name.clone()).collect();
        let own = new.description.clone().filter(|text| !text.as_str().is_empty());
        let inherits = Inherits { description: own.is_none() };
        let name = new.name.clone().unwrap_or_else(|| member_name(&self.group.name, &terms));
        let mut create = new.named(name);
        create.details.description = own.or_else(|| self.group.description.clone());
        let has_own = !new.attributes.is_empty();
        let (view, _) = create.run(tx, ctx).await?;
        let had = if has_own { tx.assignments().of(view.product.id).await? } else { Assigned::default() };
        let member = Member { product_id: view.product.id, group_id: self.group.id, combination, inherits };
        self.give(tx, &view.product, &had, &member).await?;
        Ok(member)
    }

    /// Takes a locked single product in, and gives its place in the group, which is not written yet.
    ///
    /// # Errors
    /// A conflict if it is in a group.
    pub async fn take_in(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        before: &Product,
        had: &Assigned,
        combination: Combination,
    ) -> Result<Member, Error> {
        let inherits =
            Inherits { description: before.description.as_ref().is_none_or(|text| text.as_str().is_empty()) };
        let member = Member { product_id: before.id, group_id: self.group.id, combination, inherits };
        let description = member.description(before.description.clone(), self.group);
        let product = Product { description, ..before.clone() }.touched(ctx.now);
        tx.products().update(&product).await?;
        self.give(tx, &product, had, &member).await?;
        append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        audit(tx, ctx, "product_groups.add", None, Some(&member)).await?;
        Ok(member)
    }

    /// Gives a written product its terms of the options, and what the group has besides.
    pub async fn give(&self, tx: &mut dyn Tx, product: &Product, had: &Assigned, member: &Member) -> Result<(), Error> {
        let terms = self.options.iter().zip(member.combination.terms());
        let given = terms.map(|(option, term)| (option.id, Some(Has::Terms(vec![*term]))));
        let has = had.own().with(given).and_then(|own| own.filled(self.has));
        let has = has.map_err(|refused| too_many_terms("values", refused))?;
        if has != *had {
            tx.assignments().replace(product, had, &has).await?;
        }
        Ok(())
    }
}

/// Refuses a product that is in a group.
pub(super) async fn expect_single(tx: &mut dyn Tx, product: &Product) -> Result<(), Error> {
    let Some(member) = tx.groups().membership(product.id).await? else { return Ok(()) };
    let name: Option<GroupName> = tx.groups().find(member.group_id).await?.map(|group| group.name);
    let names = name.iter().map(ToString::to_string).collect();
    Err(Conflict::InUse { what: "product", by: vec![Users { kind: "product groups", names }] }.into())
}

/// Refuses members with the same terms. Each has the field of the request that gives them, or its id.
pub(super) fn expect_no_clash<'a>(members: impl IntoIterator<Item = (&'a str, &'a Combination)>) -> Result<(), Error> {
    match clash(members) {
        Some((field, other)) => {
            Err(Conflict::DuplicateCombination { field: field.to_owned(), other: other.to_owned() }.into())
        }
        None => Ok(()),
    }
}

/// Refuses more members than a group may have.
pub(super) fn expect_room(members: usize) -> Result<(), Error> {
    if members <= Group::MOST_MEMBERS {
        return Ok(());
    }
    let most = u64::try_from(Group::MOST_MEMBERS).unwrap_or(u64::MAX);
    Err(Conflict::TooMany { what: "products of a group", most }.into())
}

/// The refusal of a field that is missing.
pub(super) fn required(field: &str) -> Error {
    Error::field(field, Invalid::new(Code::Required, "is required"))
}
