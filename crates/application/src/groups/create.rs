use async_trait::async_trait;
use domain::assignments::Assigned;
use domain::attributes::Attribute;
use domain::groups::{
    Combination, Group, GroupDetails, GroupId, GroupName, GroupView, Member, SkuPattern, combinations,
    count_combinations,
};
use domain::pages::PageTexts;
use domain::products::{Description, Product, ProductFault, ProductId};
use domain::slugs::Slug;
use domain::tax_classes::TaxClassCode;
use domain::{Code, Invalid, Price};

use super::audit::WithPage;
use super::known::shown_group;
use super::members::{Joined, NewMember, NewProduct, expect_no_clash, expect_room, expect_single, required};
use super::values::{Giving, Known, OptionInput, Values, expect_options, meant, terms};
use crate::audit_trail::audit;
use crate::known::{expect_class, locked_product};
use crate::slugs::new_slug;
use crate::{Command, Ctx, Error, FieldError, Tx};

/// Creates a product group, with members that are made or were there.
#[derive(Debug, Clone)]
pub struct CreateGroup {
    /// The name; `None` for that of the product `from`.
    pub name: Option<GroupName>,
    /// The name in addresses; `None` for one that is made of the name.
    pub slug: Option<Slug>,
    /// The description, which members without their own have: up to 10,000 characters.
    pub description: Option<Description>,
    /// What its page says besides.
    pub page: PageTexts,
    /// The attributes by which its members differ.
    pub options: Vec<OptionInput>,
    /// The products that are made.
    pub members: NewMembers,
    /// A product that becomes the first member, with its terms.
    pub from: Option<(ProductId, Values)>,
}

/// The products that are made with a group.
#[derive(Debug, Clone)]
pub enum NewMembers {
    /// Each with its terms, its price and its own fields.
    Products(Vec<NewMember>),
    /// One for each combination of the options' terms.
    All {
        /// The price of each.
        price: Price,
        /// How their SKUs are made; `None` for none.
        sku_pattern: Option<SkuPattern>,
    },
}

/// A member that is to be made.
struct ToMake {
    product: NewProduct,
    combination: Combination,
    field: String,
}

#[async_trait]
impl Command for CreateGroup {
    type Output = GroupView;
    const NAME: &'static str = "product_groups.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<GroupView, Error> {
        let options = expect_options(tx, &self.options).await?;
        let from = match &self.from {
            Some((id, values)) => Some(known_product(tx, *id, values, &options).await?),
            None => None,
        };
        let (new, known) = self.to_make(tx, ctx, &options, from.as_ref().map(|(_, _, terms)| terms)).await?;
        expect_room(new.len() + usize::from(from.is_some()))?;
        let of_from = from.as_ref().map(|(_, _, combination)| ("values", combination));
        let of_new = new.iter().map(|one| (one.field.as_str(), &one.combination));
        expect_no_clash(of_from.into_iter().chain(of_new))?;
        let group = self.group(tx, ctx, &options, from.as_ref().map(|(product, ..)| product)).await?;
        tx.groups().insert(&group).await?;
        if !self.page.is_empty() {
            tx.pages().write(group.id.0, &self.page).await?;
        }
        audit(tx, ctx, Self::NAME, None, Some(&WithPage(&group, &self.page))).await?;
        let joined = Joined { group: &group, options: &options, has: &Assigned::default() };
        let mut members: Vec<Member> = Vec::new();
        if let Some((product, had, combination)) = from {
            members.push(joined.take_in(tx, ctx, &product, &had, combination).await?);
        }
        for ToMake { product, combination, .. } in new {
            members.push(joined.make(tx, ctx, &product, combination, &known).await?);
        }
        tx.groups().place(&members).await?;
        shown_group(tx, group.id).await
    }
}

/// The locked product that becomes the first member, what it has, and its terms.
async fn known_product(
    tx: &mut dyn Tx,
    id: ProductId,
    values: &Values,
    options: &[Attribute],
) -> Result<(Product, Assigned, Combination), Error> {
    let product = tx.products().lock(id).await?;
    let unknown = || Error::field("from", Invalid::new(Code::NotFound, "must be the id of a product"));
    let product = product.ok_or_else(unknown)?;
    expect_single(tx, &product).await?;
    let had = tx.assignments().of(id).await?;
    let giving = Giving { field: "values".to_owned(), values, had: Some(&had) };
    let (mut found, _) = meant(tx, options, &[giving]).await?;
    let combination = found.pop().unwrap_or_default();
    Ok((product, had, combination))
}

impl CreateGroup {
    async fn group(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        options: &[Attribute],
        from: Option<&Product>,
    ) -> Result<Group, Error> {
        let of_product = |product: &Product| GroupName::from_trusted(product.name.to_string());
        let name = self.name.clone().or_else(|| from.map(of_product)).ok_or_else(|| required("name"))?;
        let id = GroupId(ctx.ids.next());
        let slug = new_slug(tx, id.into(), self.slug.as_ref(), || Slug::of_goods(name.as_str(), id.0)).await?;
        let description = self.description.clone().filter(|text| !text.as_str().is_empty());
        let options = options.iter().map(|option| option.id).collect();
        Ok(Group::new(id, GroupDetails { name, slug, description, options }, ctx.now))
    }

    /// The members that are to be made.
    async fn to_make(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        options: &[Attribute],
        taken: Option<&Combination>,
    ) -> Result<(Vec<ToMake>, Known), Error> {
        match &self.members {
            NewMembers::Products(products) => {
                for (place, new) in products.iter().enumerate() {
                    let NewProduct { price, status, particulars, .. } = &new.product;
                    let refused =
                        |fault: ProductFault| Error::field(format!("products[{place}].{}", fault.field), fault.invalid);
                    particulars.check(*price, *status, ctx.now).map_err(refused)?;
                    let class = &new.product.tax_and_shipping.tax_class;
                    let class = (*class != TaxClassCode::default()).then_some(class);
                    expect_class(tx, &format!("products[{place}].tax_class"), class).await?;
                }
                let field = |place: usize| format!("products[{place}].values");
                let giving = |(place, new): (usize, &'_ NewMember)| (field(place), new.values.clone());
                let given: Vec<_> = products.iter().enumerate().map(giving).collect();
                let all: Vec<_> =
                    given.iter().map(|(field, values)| Giving { field: field.clone(), values, had: None }).collect();
                let (found, known) = meant(tx, options, &all).await?;
                let to_make = products.iter().zip(found).enumerate().map(|(place, (new, combination))| ToMake {
                    product: new.product.clone(),
                    combination,
                    field: field(place),
                });
                Ok((to_make.collect(), known))
            }
            NewMembers::All { price, sku_pattern } => {
                self.every_combination(tx, options, taken, *price, sku_pattern.as_ref()).await
            }
        }
    }

    async fn every_combination(
        &self,
        tx: &mut dyn Tx,
        options: &[Attribute],
        taken: Option<&Combination>,
        price: Price,
        sku_pattern: Option<&SkuPattern>,
    ) -> Result<(Vec<ToMake>, Known), Error> {
        let codes: Vec<_> = options.iter().map(|option| option.code.as_str()).collect();
        let refused = |invalid| Error::field("generate.sku_pattern", invalid);
        sku_pattern.map_or(Ok(()), |pattern| pattern.check(&codes)).map_err(refused)?;
        let (mut choices, mut known, mut faults) = (Vec::new(), Known::new(), Vec::new());
        for (place, (option, wanted)) in options.iter().zip(&self.options).enumerate() {
            let found = terms(tx, option, wanted.terms.iter().map(String::as_str)).await?;
            let mut choice = Vec::new();
            for (number, name) in wanted.terms.iter().enumerate() {
                let field = format!("options[{place}].terms[{number}]");
                match found.get(name) {
                    None => faults
                        .push(FieldError::new(field, Invalid::new(Code::NotFound, "must be a term of the option"))),
                    Some(term) if choice.contains(&term.id) => {
                        faults.push(FieldError::new(field, Invalid::new(Code::Repeated, "is there already")));
                    }
                    Some(term) => choice.push(term.id),
                }
            }
            if wanted.terms.is_empty() {
                let invalid = Invalid::new(Code::Required, "is required: products are made of it");
                faults.push(FieldError::new(format!("options[{place}].terms"), invalid));
            }
            known.extend(found.into_values().map(|term| (term.id, term)));
            choices.push(choice);
        }
        if options.is_empty() {
            faults.push(FieldError::new("generate", Invalid::new(Code::Excluded, "needs options")));
        }
        faults.truncate(100);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let count = count_combinations(&choices);
        if count > Group::MOST_MEMBERS {
            let message = format!("would make {count} products, and a group has at most {}", Group::MOST_MEMBERS);
            return Err(Error::field("generate", Invalid::new(Code::TooLarge, message)));
        }
        let mut all = Vec::new();
        for combination in combinations(&choices).into_iter().filter(|one| Some(one) != taken) {
            let slugs = codes.iter().copied().zip(combination.terms());
            let slugs: Vec<_> = slugs.filter_map(|(code, id)| Some((code, &known.get(id)?.slug))).collect();
            let sku = sku_pattern.map(|pattern| pattern.filled(&slugs)).transpose().map_err(refused)?;
            let product = NewProduct { sku, ..NewProduct::at(price) };
            all.push(ToMake { product, combination, field: "generate".to_owned() });
        }
        Ok((all, known))
    }
}

/// Locks the product that joins a group.
pub(super) async fn joining(tx: &mut dyn Tx, id: ProductId) -> Result<Product, Error> {
    let product = locked_product(tx, id, None).await;
    let unknown = |_| Error::field("product_id", Invalid::new(Code::NotFound, "must be the id of a product"));
    match product {
        Err(Error::NotFound(what)) => Err(unknown(what)),
        other => other,
    }
}

#[cfg(test)]
mod tests;
