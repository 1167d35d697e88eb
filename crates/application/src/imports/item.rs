use domain::attributes::AttributeCode;
use domain::groups::{GroupId, GroupName};
use domain::imports::Definition;
use domain::pages::PageTextsChange;
use domain::products::{Description, ProductChange, ProductId};
use domain::stock::InitialStock;
use domain::terms::Slug;

/// What a row says that a product should be.
#[derive(Debug, Clone)]
pub struct Item {
    /// The line of the file.
    pub line: u64,
    /// The product, if there is one.
    pub known: Option<ProductId>,
    /// The id of a product that is made; `None` for another one.
    pub id: Option<ProductId>,
    /// Its fields. A product that is made has a name, unless its group gives it one, and a price.
    pub change: ProductChange,
    /// The texts of its page.
    pub page: PageTextsChange,
    /// The units on hand of a product that is made, and of others if the import says so.
    pub stock: Option<InitialStock>,
    /// What it has of attributes.
    pub attributes: Vec<Wish>,
    /// Its place in a group.
    pub place: Option<PlaceInGroup>,
    /// Attributes that are made if there are none with these codes.
    pub defines: Vec<Definition>,
}

/// What a row says of an attribute, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The attribute.
    pub code: AttributeCode,
    /// The names of its terms, or its value. An empty text takes away.
    pub text: String,
}

/// What a row says of the group of a product.
#[derive(Debug, Clone)]
pub struct PlaceInGroup {
    /// The group's name in addresses, by which it is found.
    pub slug: Slug,
    /// The group, if there is one.
    pub known: Option<GroupId>,
    /// Its name.
    pub name: Option<GroupName>,
    /// Its description.
    pub description: Option<Option<Description>>,
    /// The texts of its page.
    pub page: PageTextsChange,
    /// What all its members have of attributes.
    pub attributes: Vec<Wish>,
    /// The terms by which the product differs from other members.
    pub options: Vec<Wish>,
}

/// What an import has done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The line of the file.
    pub line: u64,
    /// The product.
    pub id: ProductId,
    /// What became of it.
    pub effect: Effect,
}

/// What became of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was so already.
    Unchanged,
}
