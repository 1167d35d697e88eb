//! The columns of the files, and what they mean.

use crate::imports::made::code_of;

use Meaning as M;

/// What a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Handle,
    Title,
    Body,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    Status,
    OptionName(usize),
    OptionValue(usize),
    Sku,
    Barcode,
    Price,
    CompareAt,
    Cost,
    Quantity,
    Tracker,
    Policy,
    Grams,
    Ships,
    Taxable,
    TaxCode,
    Picture,
    VariantPicture,
    PicturePosition,
    PictureAlt,
    SeoTitle,
    SeoDescription,
    /// A value of the shop's own, by its key.
    Metafield(String),
    /// Nothing that is imported.
    Ignored,
}

/// The headers, in small letters: those before 2024, and those since.
const HEADERS: [(&str, Meaning); 73] = [
    ("handle", M::Handle),
    ("url handle", M::Handle),
    ("title", M::Title),
    ("body (html)", M::Body),
    ("description", M::Body),
    ("vendor", M::Vendor),
    ("product category", M::Category),
    ("standard product type", M::Category),
    ("type", M::Type),
    ("custom product type", M::Type),
    ("tags", M::Tags),
    ("published", M::Published),
    ("published on online store", M::Published),
    ("status", M::Status),
    ("option1 name", M::OptionName(0)),
    ("option2 name", M::OptionName(1)),
    ("option3 name", M::OptionName(2)),
    ("option1 value", M::OptionValue(0)),
    ("option2 value", M::OptionValue(1)),
    ("option3 value", M::OptionValue(2)),
    ("option1 linked to", M::Ignored),
    ("option2 linked to", M::Ignored),
    ("option3 linked to", M::Ignored),
    ("variant sku", M::Sku),
    ("sku", M::Sku),
    ("variant barcode", M::Barcode),
    ("barcode", M::Barcode),
    ("variant price", M::Price),
    ("price", M::Price),
    ("variant compare at price", M::CompareAt),
    ("compare-at price", M::CompareAt),
    ("cost per item", M::Cost),
    ("variant inventory qty", M::Quantity),
    ("inventory quantity", M::Quantity),
    ("variant inventory tracker", M::Tracker),
    ("inventory tracker", M::Tracker),
    ("variant inventory policy", M::Policy),
    ("continue selling when out of stock", M::Policy),
    ("variant grams", M::Grams),
    ("weight value (grams)", M::Grams),
    ("variant weight unit", M::Ignored),
    ("weight unit for display", M::Ignored),
    ("variant requires shipping", M::Ships),
    ("requires shipping", M::Ships),
    ("variant taxable", M::Taxable),
    ("charge tax", M::Taxable),
    ("variant tax code", M::TaxCode),
    ("tax code", M::TaxCode),
    ("image src", M::Picture),
    ("product image url", M::Picture),
    ("variant image", M::VariantPicture),
    ("variant image url", M::VariantPicture),
    ("image position", M::PicturePosition),
    ("image alt text", M::PictureAlt),
    ("seo title", M::SeoTitle),
    ("seo description", M::SeoDescription),
    ("gift card", M::Ignored),
    ("variant fulfillment service", M::Ignored),
    ("fulfillment service", M::Ignored),
    ("template suffix", M::Ignored),
    ("collection", M::Ignored),
    ("unit price total measure", M::Ignored),
    ("unit price total measure unit", M::Ignored),
    ("unit price base measure", M::Ignored),
    ("unit price base measure unit", M::Ignored),
    ("variant unit price total measure", M::Ignored),
    ("variant unit price base measure", M::Ignored),
    ("mpn", M::Ignored),
    ("age group", M::Ignored),
    ("gender", M::Ignored),
    ("condition", M::Ignored),
    ("custom product", M::Ignored),
    ("image type", M::Ignored),
];

/// How columns begin that nothing is imported of.
const IGNORED: [&str; 6] =
    ["google shopping", "google: ", "unit price", "included / ", "price / ", "compare at price / "];

/// What a column of this name means, in any case; `None` if nobody has such a column.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let name = name.trim().to_lowercase();
    if let Some((_, meaning)) = HEADERS.iter().find(|(known, _)| *known == name) {
        return Some(meaning.clone());
    }
    if IGNORED.iter().any(|start| name.starts_with(start)) {
        return Some(M::Ignored);
    }
    // `Fabric (product.metafields.custom.fabric)`
    let (_, key) = name.split_once("(product.metafields.")?;
    let key = key.strip_suffix(')')?.rsplit('.').next()?;
    Some(M::Metafield(code_of(key).to_string()))
}
