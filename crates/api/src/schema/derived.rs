//! The schemas of response bodies, which paperclip derives from their types and doc comments. No other module of
//! `routes`, `extract` and `respond` knows paperclip.

use paperclip::v2::models::DataType;
use serde::Serialize;
use serde_json::Value;

use super::{Definitions, add, nullable, reference};

pub(crate) use paperclip::actix::Apiv2Schema;
pub(crate) use paperclip::v2::models::DefaultSchemaRaw;
pub(crate) use paperclip::v2::schema::Apiv2Schema;

/// Marks a schema of paperclip that holds one of ours as its example.
const OURS: &str = "ours";

/// The names of what is in lists for staff alone, and left out elsewhere.
const ONLY_IN_LISTS: [&str; 2] = ["NamedCustomer", "NamedProduct"];

/// The names of what has one of its fields and leaves the others out.
const HAVE_ONE: [&str; 1] = ["PromotionAction"];

/// Fields that are left out where they have nothing to say: of items of lists, and of one type of value or another.
const LEFT_OUT: [(&str, &str); 21] = [
    ("Collection", "broken"),
    ("Collection", "filter"),
    ("Collection", "pins"),
    ("Facet", "buckets"),
    ("Facet", "max"),
    ("Facet", "min"),
    ("Facet", "more"),
    ("Facet", "values"),
    ("Product", "attributes"),
    ("Product", "available_from"),
    ("Product", "available_until"),
    ("Product", "breadcrumbs"),
    ("Product", "description_html"),
    ("Product", "group"),
    ("Product", "media"),
    ("Product", "own"),
    ("Product", "seo_description"),
    ("Product", "seo_title"),
    ("ProductAttribute", "values"),
    ("ProductAttribute", "value"),
    ("ProductPage", "suggestion"),
];

/// Fields that are left out unless they are asked for, and null where the answer is not known.
const NULL_IF_UNKNOWN: [(&str, &str); 2] = [("ProductPage", "facets"), ("ProductPage", "total")];

/// A body of responses that the document shows with an example.
pub(crate) trait ResponseBody: Serialize + Apiv2Schema {
    /// Whether it is a page of a list.
    const IS_PAGE: bool = false;

    /// A body as the server might send it.
    fn example() -> Self;
}

/// The schema of a response body, as a reference to a definition. The definition has the example.
pub(crate) fn of_response<T: ResponseBody>(definitions: &mut Definitions) -> Value {
    define(T::raw_schema(), definitions);
    let name = T::name().unwrap_or_default();
    if let (Some(definition), Ok(example)) = (definitions.get_mut(&name), serde_json::to_value(T::example())) {
        add(definition, "example", example);
    }
    reference(&name)
}

/// Puts a schema that has a name among the definitions, and returns what stands in its place.
fn define(mut schema: DefaultSchemaRaw, definitions: &mut Definitions) -> Value {
    let name = schema.name.take();
    if name.is_some() {
        // What has a name is referred to from outside, never from within.
        schema.reference = None;
    }
    let properties = std::mem::take(&mut schema.properties);
    let items = schema.items.take().map(|items| define(*items, definitions));
    let required = std::mem::take(&mut schema.required);
    let mut value = match (schema.title.as_deref(), schema.example.take()) {
        (Some(OURS), Some(ours)) => ours,
        _ => serde_json::to_value(&schema).unwrap_or_default(),
    };
    if let Some(items) = items {
        add(&mut value, "items", items);
    }
    if !properties.is_empty() {
        let schema_name = name.as_deref();
        // Every field is always there, but for those of lists and of what has one of them; what paperclip holds to be optional may be null.
        let mut names: Vec<_> = properties.keys().cloned().collect();
        let properties = properties.into_iter().map(|(name, property)| {
            let property = define(*property, definitions);
            let has_one = schema_name.is_some_and(|schema| HAVE_ONE.contains(&schema));
            let is_left_out = LEFT_OUT.iter().any(|(schema, field)| schema_name == Some(*schema) && name == *field);
            if has_one || is_left_out || ONLY_IN_LISTS.iter().any(|only| property == reference(only)) {
                names.retain(|required| *required != name);
                return (name, property);
            }
            if NULL_IF_UNKNOWN.iter().any(|(schema, field)| schema_name == Some(*schema) && name == *field) {
                names.retain(|required| *required != name);
                return (name, nullable(property));
            }
            let property = if required.contains(&name) { property } else { nullable(property) };
            (name, property)
        });
        let properties: serde_json::Map<_, _> = properties.collect();
        add(&mut value, "properties", properties.into());
        if !names.is_empty() {
            add(&mut value, "required", names.into());
        }
    }
    match name {
        Some(name) => {
            let place = reference(&name);
            definitions.entry(name).or_insert(value);
            place
        }
        None => value,
    }
}

/// A schema of paperclip for a type whose schema has keywords that paperclip lacks.
pub(crate) fn with_schema(schema: Value) -> DefaultSchemaRaw {
    DefaultSchemaRaw { title: Some(OURS.to_owned()), example: Some(schema), ..Default::default() }
}

/// Schemas of strings with a format.
macro_rules! text_format {
    ($($name:ident = $format:ident),*) => {$(
        impl paperclip::v2::schema::TypedData for $name {
            fn data_type() -> paperclip::v2::models::DataType {
                paperclip::v2::models::DataType::String
            }

            fn format() -> Option<paperclip::v2::models::DataTypeFormat> {
                Some(paperclip::v2::models::DataTypeFormat::$format)
            }
        }
    )*};
}
pub(crate) use text_format;

/// The schema of a page of a list.
pub(crate) fn page<T: Apiv2Schema>() -> DefaultSchemaRaw {
    let name = T::name().map(|name| format!("{name}Page"));
    let mut schema = DefaultSchemaRaw { name, data_type: Some(DataType::Object), ..Default::default() };
    schema.description = Some("A page of a list, and where the next one begins; null if there is none.".to_owned());
    schema.properties.insert("items".to_owned(), Vec::<T>::raw_schema().into());
    schema.properties.insert("next_cursor".to_owned(), String::raw_schema().into());
    schema.required.insert("items".to_owned());
    schema
}
