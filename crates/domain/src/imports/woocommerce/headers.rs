//! The columns of the files, and what they mean.

use Meaning as M;

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Id,
    Type,
    Sku,
    Barcode,
    Name,
    Published,
    Visibility,
    ShortDescription,
    Description,
    SaleDate,
    TaxStatus,
    TaxClass,
    Stock,
    Backorders,
    /// The weight, in a unit of so many millionths of a gram.
    Weight(i64),
    SalePrice,
    RegularPrice,
    Categories,
    Tags,
    Brands,
    Pictures,
    Parent,
    AttributeName(usize),
    AttributeValue(usize),
    Ignored,
}

const HEADERS: [(&str, Meaning); 42] = [
    ("id", M::Id),
    ("type", M::Type),
    ("sku", M::Sku),
    ("gtin, upc, ean, or isbn", M::Barcode),
    ("name", M::Name),
    ("published", M::Published),
    ("is featured?", M::Ignored),
    ("visibility in catalog", M::Visibility),
    ("short description", M::ShortDescription),
    ("description", M::Description),
    ("date sale price starts", M::SaleDate),
    ("date sale price ends", M::SaleDate),
    ("tax status", M::TaxStatus),
    ("tax class", M::TaxClass),
    ("in stock?", M::Ignored),
    ("stock", M::Stock),
    ("low stock amount", M::Ignored),
    ("backorders allowed?", M::Backorders),
    ("sold individually?", M::Ignored),
    ("weight (kg)", M::Weight(1_000_000_000)),
    ("weight (g)", M::Weight(1_000_000)),
    ("weight (lbs)", M::Weight(453_592_370)),
    ("weight (oz)", M::Weight(28_349_523)),
    ("allow customer reviews?", M::Ignored),
    ("purchase note", M::Ignored),
    ("sale price", M::SalePrice),
    ("regular price", M::RegularPrice),
    ("categories", M::Categories),
    ("tags", M::Tags),
    ("shipping class", M::Ignored),
    ("images", M::Pictures),
    ("download limit", M::Ignored),
    ("download expiry days", M::Ignored),
    ("parent", M::Parent),
    ("grouped products", M::Ignored),
    ("upsells", M::Ignored),
    ("cross-sells", M::Ignored),
    ("external url", M::Ignored),
    ("button text", M::Ignored),
    ("position", M::Ignored),
    ("brands", M::Brands),
    ("swatches attributes", M::Ignored),
];

/// How columns begin that nothing is imported of.
const IGNORED: [&str; 7] =
    ["meta: ", "download ", "length (", "width (", "height (", "commodity code", "country of origin"];

/// What a column of this name means, in any case; `None` if nobody has such a column.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let name = name.trim().to_lowercase();
    if let Some((_, meaning)) = HEADERS.iter().find(|(known, _)| *known == name) {
        return Some(*meaning);
    }
    if IGNORED.iter().any(|start| name.starts_with(start)) {
        return Some(M::Ignored);
    }
    let (number, what) = name.strip_prefix("attribute ")?.split_once(' ')?;
    let number: usize = number.parse().ok()?;
    match what {
        "name" => Some(M::AttributeName(number)),
        "value(s)" => Some(M::AttributeValue(number)),
        "visible" | "global" | "default" => Some(M::Ignored),
        _ => None,
    }
}
