use std::collections::BTreeMap;

use domain::groups::{
    Group, GroupCard, GroupDetails, GroupId, GroupName, GroupPictures, GroupView, ListedGroup, ShownMember, ShownOption,
};
use domain::pages::PageTexts;
use domain::products::{ProductId, ProductName, ProductStatus, Sku};
use domain::slugs::Slug;
use domain::terms::{TermId, TermName};
use domain::{Price, Shop};
use serde::Serialize;
use serde_json::json;

use super::super::media::MediaBody;
use super::super::products::attributes::{ProductAttributeBody, ProductTermBody};
use super::super::products::media::bodies;
use crate::context::State;
use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::schema::{self, Apiv2Schema, DefaultSchemaRaw, ResponseBody, with_schema};
use domain::assignments::ShownTerm;
use domain::attributes::{AttributeCode, AttributeId, AttributeName};

/// The least and the greatest price of some products.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PriceRange")]
pub(crate) struct PriceRangeBody {
    min: Money,
    max: Money,
}

/// A product group with its products.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductGroup")]
pub(crate) struct GroupBody {
    id: Id,
    name: String,
    /// Its name in addresses.
    slug: String,
    /// The description, which products without their own have.
    description: Option<String>,
    /// The description in HTML, cleaned; products without any description of their own have the same.
    description_html: Option<String>,
    /// For search engines; products without their own have the same.
    seo_title: Option<String>,
    /// For search engines; products without their own have the same.
    seo_description: Option<String>,
    /// Its pictures, the main one first. Products without any of their own have the same.
    media: Vec<MediaBody>,
    /// What it has of attributes, in order of their positions. Products without their own have the same.
    attributes: Vec<ProductAttributeBody>,
    /// By what its products differ, in order.
    options: Vec<GroupOptionBody>,
    /// Its products, in order of the positions of their terms.
    products: Vec<GroupMemberBody>,
    /// Null without products.
    price: Option<PriceRangeBody>,
    /// Whether at least one product is in stock.
    in_stock: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// An option of a product group.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductGroupOption")]
pub(crate) struct GroupOptionBody {
    /// The code of the attribute.
    code: String,
    name: String,
    /// The terms that its products have.
    terms: Vec<ProductTermBody>,
}

/// A product of a product group.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductGroupMember")]
pub(crate) struct GroupMemberBody {
    id: Id,
    sku: Option<String>,
    name: String,
    /// Its own name in addresses; null until one is made.
    slug: Option<String>,
    status: Word<ProductStatus>,
    price: Money,
    /// What it cost before, if it is reduced.
    compare_at_price: Option<Money>,
    in_stock: bool,
    /// The slug of its term for each option, by the code of the option.
    values: MemberValuesBody,
    /// The main picture, its own or else that of the group; null without one.
    image: Option<MediaBody>,
}

/// Slugs of terms, by codes of attributes.
#[derive(Serialize)]
pub(crate) struct MemberValuesBody(BTreeMap<String, String>);

impl Apiv2Schema for MemberValuesBody {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(json!({
            "type": "object",
            "description": "The slug of its term for each option, by the code of the option.",
            "additionalProperties": { "type": "string" },
        }))
    }
}

/// What items of lists have of their group.
#[derive(Serialize)]
pub(crate) struct GroupCardBody {
    id: Id,
    name: String,
    slug: String,
    price: Option<PriceRangeBody>,
    members: u64,
}

/// The group of a product: of the product alone as `GET /product-groups/{id}` has it, of items of lists in short.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum GroupOfProduct {
    Whole(Box<GroupBody>),
    Short(GroupCardBody),
    None,
}

impl Apiv2Schema for GroupOfProduct {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(schema::nullable(json!({
            "type": "object",
            "description": "The product group, with `include=group` or `collapse=group`: of the product alone as `GET \
                /product-groups/{id}` has it; of items of lists `id`, `name`, `slug`, `price` from `min` to `max`, and the \
                number of `members`. Null for a single product.",
        })))
    }
}

impl GroupOfProduct {
    /// The group of an item of a list.
    pub(crate) fn short(card: Option<&GroupCard>, shop: Shop) -> Self {
        card.map_or(Self::None, |card| {
            Self::Short(GroupCardBody {
                id: Id(card.id.0),
                name: card.name.to_string(),
                slug: card.slug.to_string(),
                price: range(card.prices, shop),
                members: card.members,
            })
        })
    }

    /// The group of a product alone.
    pub(crate) fn whole(view: Option<&GroupView>, state: &State, sees_all: bool) -> Self {
        let body = |view| GroupBody::of(view, state.shop, &state.media.base, sees_all);
        view.map_or(Self::None, |view| Self::Whole(Box::new(body(view))))
    }
}

fn range(prices: Option<(Price, Price)>, shop: Shop) -> Option<PriceRangeBody> {
    prices.map(|(min, max)| PriceRangeBody { min: shop.money(min).into(), max: shop.money(max).into() })
}

impl GroupBody {
    pub(super) fn location(view: &GroupView) -> String {
        format!("/api/v1/product-groups/{}", view.group.id)
    }

    /// As staff see it, or somebody else.
    pub(crate) fn of(view: &GroupView, shop: Shop, base: &str, sees_all: bool) -> Self {
        let GroupView { group, page, options, attributes, members, pictures } = view;
        let is_shown = |option: &&ShownOption| sees_all || !option.is_internal;
        let attributes = attributes.iter().filter(|shown| sees_all || !shown.is_internal);
        let values = |member: &ShownMember| {
            let pairs = options.iter().zip(&member.terms).filter(|(option, _)| is_shown(option));
            let slug = |(option, id): (&ShownOption, &TermId)| {
                let term = option.terms.iter().find(|term| term.id == *id)?;
                Some((option.code.to_string(), term.slug.to_string()))
            };
            MemberValuesBody(pairs.filter_map(slug).collect())
        };
        let member = |member: &ShownMember| GroupMemberBody {
            id: Id(member.id.0),
            sku: member.sku.as_ref().map(ToString::to_string),
            name: member.name.to_string(),
            slug: member.slug.as_ref().map(ToString::to_string),
            status: member.status.as_str().into(),
            price: shop.money(member.price).into(),
            compare_at_price: member.compare_at_price.map(|price| shop.money(price).into()),
            in_stock: member.in_stock,
            values: values(member),
            image: pictures.of_members.get(&member.id).map(|shown| MediaBody::shown(shown, base)),
        };
        let option = |option: &ShownOption| GroupOptionBody {
            code: option.code.to_string(),
            name: option.name.to_string(),
            terms: option.terms.iter().map(ProductTermBody::from).collect(),
        };
        Self {
            id: Id(group.id.0),
            name: group.name.to_string(),
            slug: group.slug.to_string(),
            description: group.description.as_ref().map(ToString::to_string),
            description_html: page.html.as_ref().map(|html| html.with_pictures_at(base).into_owned()),
            seo_title: page.seo_title.as_ref().map(ToString::to_string),
            seo_description: page.seo_description.as_ref().map(ToString::to_string),
            media: bodies(&pictures.shown, base),
            attributes: attributes.map(ProductAttributeBody::from).collect(),
            options: options.iter().filter(is_shown).map(option).collect(),
            products: members.iter().map(member).collect(),
            price: range(view.prices(), shop),
            in_stock: members.iter().any(|member| member.in_stock),
            created_at: Timestamp(group.created_at),
            updated_at: Timestamp(group.updated_at),
            version: group.version.0,
        }
    }
}

/// A group for examples.
fn example_group() -> Group {
    let details = GroupDetails {
        name: GroupName::from_trusted("T-shirt".to_owned()),
        slug: Slug::from_trusted("t-shirt".to_owned()),
        description: None,
        options: vec![AttributeId(example::id())],
    };
    Group::new(GroupId(example::id()), details, example::NOW)
}

impl ResponseBody for GroupBody {
    fn example() -> Self {
        let text = |text: &str| text.to_owned();
        let id = TermId(example::id());
        let medium = ShownTerm { id, slug: Slug::from_trusted(text("m")), name: TermName::from_trusted(text("M")) };
        let size = ShownOption {
            id: AttributeId(example::id()),
            code: AttributeCode::from_trusted(text("size")),
            name: AttributeName::from_trusted(text("Size")),
            is_internal: false,
            terms: vec![medium],
        };
        let member = ShownMember {
            id: ProductId(example::id()),
            sku: Some(Sku::from_trusted(text("TEE-M"))),
            name: ProductName::from_trusted(text("T-shirt, M")),
            slug: Some(Slug::from_trusted(text("t-shirt-m"))),
            status: ProductStatus::Active,
            price: Price::from_trusted(1999),
            compare_at_price: Some(Price::from_trusted(2499)),
            in_stock: true,
            terms: vec![id],
        };
        let (group, attributes) = (example_group(), Vec::new());
        let page = PageTexts::default();
        let pictures = GroupPictures::default();
        let view = GroupView { group, page, options: vec![size], attributes, members: vec![member], pictures };
        let whole = Self::of(&view, example::shop(), "", true);
        let with_image = |member| GroupMemberBody { image: Some(MediaBody::example()), ..member };
        let products = whole.products.into_iter().map(with_image).collect();
        Self { media: vec![MediaBody::example()], products, ..whole }
    }
}

impl Body for GroupBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// A product group in a list.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ListedProductGroup")]
pub(crate) struct ListedGroupBody {
    id: Id,
    name: String,
    /// Its name in addresses.
    slug: String,
    description: Option<String>,
    /// Null without products.
    price: Option<PriceRangeBody>,
    /// How many products it has.
    members: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl ListedGroupBody {
    pub(super) fn of(ListedGroup { group, card }: &ListedGroup, shop: Shop) -> Self {
        Self {
            id: Id(group.id.0),
            name: group.name.to_string(),
            slug: group.slug.to_string(),
            description: group.description.as_ref().map(ToString::to_string),
            price: range(card.prices, shop),
            members: card.members,
            created_at: Timestamp(group.created_at),
            updated_at: Timestamp(group.updated_at),
            version: group.version.0,
        }
    }
}

impl ResponseBody for ListedGroupBody {
    fn example() -> Self {
        let group = example_group();
        let prices = Some((Price::from_trusted(1999), Price::from_trusted(2499)));
        let (id, name, slug) = (group.id, group.name.clone(), group.slug.clone());
        Self::of(&ListedGroup { group, card: GroupCard { id, name, slug, prices, members: 12 } }, example::shop())
    }
}
