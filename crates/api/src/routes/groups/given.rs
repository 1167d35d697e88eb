//! What requests give of members: their terms, and products to make.

use application::groups::{NewMember, NewProduct, Values, WantedOption};
use domain::groups::Group;
use domain::pages::PageTexts;
use domain::products::{
    Description, Particulars, ProductId, ProductName, ProductStatus, Sku, TaxAndShipping, TaxAndShippingChange,
};
use domain::stock::InitialStock;
use domain::terms::Slug;
use domain::{Code, Invalid, Price};
use serde_json::{Value, json};

use super::super::products::given::GivenAttributes;
use super::super::products::{page, particulars, tax_and_shipping};
use crate::extract::read::{Read, any_text, integer, list_or_none, object, parse_id, text};
use crate::extract::{Fields, FromFields, Report};
use crate::schema::Definitions;

/// The most terms of an option of which products are made.
const MOST_TERMS: usize = Group::MOST_MEMBERS;

/// Parser of the terms of a member: an object with the slug or id of a term for each option.
pub(super) struct OptionValues;

/// The most characters of the name of a member that is refused.
const SHOWN: usize = 64;

impl Read for OptionValues {
    type Out = Values;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Values> {
        let Value::Object(members) = value else {
            return report.keep(path, Err(Invalid::new(Code::WrongType, "must be an object")));
        };
        if members.len() > Group::MOST_OPTIONS {
            let message = format!("must have at most {} members", Group::MOST_OPTIONS);
            return report.keep(path, Err(Invalid::new(Code::TooLong, message)));
        }
        let read = members.into_iter().map(|(code, value)| {
            if let Value::String(term) = value {
                return Some((code, term));
            }
            let shown: String = code.chars().take(SHOWN).collect();
            let invalid = Invalid::new(Code::WrongType, "must be a term, by slug or id");
            report.keep(&format!("{path}.{shown}"), Err(invalid))
        });
        let read: Vec<_> = read.collect();
        read.into_iter().collect()
    }

    fn schema(&self, _: &mut Definitions) -> Value {
        json!({
            "type": "object",
            "description": "The slug or id of a term for each option, by the code of the option.",
            "maxProperties": Group::MOST_OPTIONS,
            "additionalProperties": { "type": "string" },
        })
    }
}

/// Parser of the terms of several members, by their ids.
pub(super) struct ValuesOfMembers;

impl Read for ValuesOfMembers {
    type Out = Vec<(ProductId, Values)>;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Self::Out> {
        let Value::Object(members) = value else {
            return report.keep(path, Err(Invalid::new(Code::WrongType, "must be an object")));
        };
        if members.len() > Group::MOST_MEMBERS {
            let message = format!("must have at most {} members", Group::MOST_MEMBERS);
            return report.keep(path, Err(Invalid::new(Code::TooLong, message)));
        }
        let mut all = Vec::new();
        let mut is_refused = false;
        for (id, value) in members {
            let shown: String = id.chars().take(SHOWN).collect();
            let path = format!("{path}.{shown}");
            let id = report.keep(&path, parse_id(&id).map(ProductId));
            let values = OptionValues.read(value, &path, report);
            match id.zip(values) {
                Some(one) => all.push(one),
                None => is_refused = true,
            }
        }
        (!is_refused).then_some(all)
    }

    fn schema(&self, definitions: &mut Definitions) -> Value {
        json!({
            "type": "object",
            "description": "Terms of products of the group, by the ids of the products.",
            "maxProperties": Group::MOST_MEMBERS,
            "additionalProperties": OptionValues.schema(definitions),
        })
    }
}

impl FromFields for WantedOption {
    const NAME: &'static str = "GroupOption";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let attribute = fields.required("attribute", &any_text());
        let terms = fields.optional("terms", &list_or_none(any_text(), MOST_TERMS));
        Some(Self { attribute: attribute?, terms: terms?.unwrap_or_default() })
    }

    fn example() -> Value {
        json!({ "attribute": "size", "terms": ["s", "m"] })
    }
}

/// The fields of a product that is made as a member, without its price.
pub(super) struct Rest {
    name: Option<ProductName>,
    sku: Option<Sku>,
    slug: Option<Slug>,
    description: Option<Description>,
    page: PageTexts,
    status: Option<ProductStatus>,
    tax_and_shipping: TaxAndShippingChange,
    particulars: Particulars,
    initial_stock: Option<InitialStock>,
    attributes: Vec<(String, domain::attributes::Given)>,
}

impl Rest {
    pub(super) fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.optional("name", &text(ProductName::parse));
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
            name: name?,
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
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            name,
            sku,
            slug,
            description,
            page,
            status,
            tax_and_shipping,
            particulars,
            initial_stock,
            attributes,
        } = self;
        let is_taxed = *tax_and_shipping != TaxAndShippingChange::default();
        name.is_none()
            && sku.is_none()
            && slug.is_none()
            && description.is_none()
            && page.is_empty()
            && status.is_none()
            && initial_stock.is_none()
            && !is_taxed
            && *particulars == Particulars::default()
            && attributes.is_empty()
    }

    pub(super) fn at(self, price: Price) -> NewProduct {
        let Self {
            name,
            sku,
            slug,
            description,
            page,
            status,
            tax_and_shipping,
            particulars,
            initial_stock,
            attributes,
        } = self;
        let tax_and_shipping = TaxAndShipping::default().changed(tax_and_shipping);
        let initial_stock = initial_stock.unwrap_or_default();
        let status = status.unwrap_or(ProductStatus::Active);
        NewProduct {
            name,
            price,
            sku,
            slug,
            description,
            status,
            tax_and_shipping,
            particulars,
            initial_stock,
            attributes,
            page,
        }
    }
}

impl FromFields for NewMember {
    const NAME: &'static str = "NewGroupMember";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let values = fields.optional("values", &OptionValues);
        let price = fields.required("price", &object::<Price>());
        let rest = Rest::from_fields(fields);
        Some(Self { values: values?.unwrap_or_default(), product: rest?.at(price?) })
    }

    fn example() -> Value {
        json!({ "values": { "size": "m" }, "price": Price::example(), "sku": "TEE-M", "initial_stock": 10 })
    }
}
