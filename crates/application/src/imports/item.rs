use std::borrow::Cow;

use domain::attributes::{AttributeCode, AttributeInput, AttributeType};
use domain::groups::{GroupId, GroupName};
use domain::imports::{Definition, RowPictures};
use domain::pages::PageTextsChange;
use domain::products::{Description, ProductChange, ProductId};
use domain::slugs::Slug;
use domain::stock::InitialStock;

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
    /// What the row says of the page: title and description for search engines, and HTML.
    pub page: PageTextsChange,
    /// The units on hand of a product that is made, and of others if the import says so.
    pub stock: Option<InitialStock>,
    /// A cell for each attribute that the row names.
    pub attributes: Vec<AttributeCell>,
    /// Its own pictures.
    pub media: Option<RowPictures>,
    /// Its group and its terms there; `None` if the row names none.
    pub place: Option<PlaceInGroup>,
    /// Attributes that are made if there are none with these codes.
    pub defines: Vec<Definition>,
}

/// A cell that says what a product has of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeCell {
    /// Which attribute, by its name in requests.
    pub code: AttributeCode,
    /// The names of its terms, or its value. An empty text takes away.
    pub text: String,
}

impl AttributeCell {
    /// What its text gives to an attribute of a type that is no choice.
    pub fn scalar(&self, kind: AttributeType) -> AttributeInput {
        let text = || AttributeInput::Text(self.text.clone());
        match kind {
            _ if self.text.is_empty() => AttributeInput::Nothing,
            AttributeType::Integer | AttributeType::Decimal => AttributeInput::Number(self.text.clone()),
            AttributeType::Boolean => {
                self.text.to_ascii_lowercase().parse().map_or_else(|_| text(), AttributeInput::Boolean)
            }
            AttributeType::Text | AttributeType::Date | AttributeType::Choice => text(),
        }
    }
}

/// What a row says of the group of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceInGroup {
    /// The group's name in addresses, by which it is found.
    pub slug: Slug,
    /// The group, if there is one.
    pub known: Option<GroupId>,
    /// The name of a group that is made, or a new one; `None` keeps it.
    pub name: Option<GroupName>,
    /// The description of the group; `Some(None)` removes it, `None` keeps it.
    pub description: Option<Option<Description>>,
    /// What the row says of the page of the group.
    pub page: PageTextsChange,
    /// What all its members have of attributes.
    pub attributes: Vec<AttributeCell>,
    /// Its pictures, which members without any have.
    pub media: Option<RowPictures>,
    /// The terms by which the product differs from other members.
    pub options: Vec<AttributeCell>,
}

impl PlaceInGroup {
    /// Whether another row says the same of the group, whichever terms the two have.
    pub fn says_as(&self, other: &Self) -> bool {
        (&self.slug, self.known, &self.name) == (&other.slug, other.known, &other.name)
            && self.description == other.description
            && self.page == other.page
            && self.attributes == other.attributes
            && self.media == other.media
    }

    /// The same place without the fields of the group itself.
    fn silent(&self) -> Self {
        Self {
            slug: self.slug.clone(),
            known: self.known,
            name: None,
            description: None,
            page: PageTextsChange::default(),
            attributes: Vec::new(),
            media: None,
            options: self.options.clone(),
        }
    }
}

impl Item {
    /// The same item without the fields of its group itself.
    fn silent(&self) -> Self {
        Self {
            line: self.line,
            known: self.known,
            id: self.id,
            change: self.change.clone(),
            page: self.page.clone(),
            stock: self.stock,
            attributes: self.attributes.clone(),
            media: self.media.clone(),
            place: self.place.as_ref().map(PlaceInGroup::silent),
            defines: self.defines.clone(),
        }
    }
}

/// The items without the group fields that the item before them already has. Files of other shops repeat these in all
/// rows of a product.
pub(super) fn said_once(items: &[Item]) -> Vec<Cow<'_, Item>> {
    let said = |before: &Item, item: &Item| {
        let place = before.place.as_ref().zip(item.place.as_ref());
        place.is_some_and(|(before, place)| place.says_as(before))
    };
    let again = std::iter::once(false).chain(items.windows(2).map(|two| matches!(two, [one, two] if said(one, two))));
    let once = |(item, again)| if again { Cow::Owned(Item::silent(item)) } else { Cow::Borrowed(item) };
    items.iter().zip(again).map(once).collect()
}

/// What an import has done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The line of the file.
    pub line: u64,
    /// The product that was made, changed or left as it was.
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
