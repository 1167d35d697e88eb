//! What requests give of members: their terms, and products to make.

use application::groups::{NewMember, OptionInput, Values};
use domain::groups::Group;
use domain::products::{ProductId, ProductName};
use domain::{Code, Invalid, Price};
use serde_json::{Value, json};

use super::super::products::ProductFields;
use crate::extract::read::{Read, any_text, list_or_none, object, parse_id, text};
use crate::extract::{Fields, FromFields, Report};
use crate::schema::Definitions;

/// The most terms of an option of which products are made.
const MOST_TERMS: usize = Group::MOST_MEMBERS;

/// Parser of the terms of a member: an object with the slug or id of a term for each option.
pub(in crate::routes) struct OptionValues;

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

impl FromFields for OptionInput {
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

impl FromFields for NewMember {
    const NAME: &'static str = "NewGroupMember";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let values = fields.optional("values", &OptionValues);
        let name = fields.optional("name", &text(ProductName::parse));
        let price = fields.required("price", &object::<Price>());
        let rest = ProductFields::take(fields);
        Some(Self { values: values?.unwrap_or_default(), product: rest?.made(name?, price?) })
    }

    fn example() -> Value {
        json!({ "values": { "size": "m" }, "price": Price::example(), "sku": "TEE-M", "initial_stock": 10 })
    }
}
