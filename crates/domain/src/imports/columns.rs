use super::RowPictures;
use crate::attributes::AttributeCode;

/// The columns of a plain file that have a fixed name, in the order of an export.
pub const COLUMNS: [&str; 32] = [
    "id",
    "sku",
    "name",
    "description",
    "price",
    "currency",
    "status",
    "stock",
    "tax_class",
    "weight_grams",
    "shippable",
    "barcode",
    "compare_at_price",
    "available_from",
    "available_until",
    "slug",
    "description_html",
    "seo_title",
    "seo_description",
    "media",
    "media_alt",
    "category",
    "tag",
    "brand",
    "group",
    "group.name",
    "group.description",
    "group.description_html",
    "group.seo_title",
    "group.seo_description",
    "group.media",
    "group.media_alt",
];

/// A column of a plain file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Column {
    /// A column that every file may have: one of [`COLUMNS`].
    Fixed(&'static str),
    /// What the product has of an attribute, or its group.
    Attribute {
        /// Whether all of the group have it.
        of_group: bool,
        /// Which attribute, by its name in requests.
        code: AttributeCode,
    },
    /// The term by which the product differs from others of its group.
    Option(AttributeCode),
}

impl Column {
    /// The columns whose values are those of an attribute that every shop has.
    const BUILT_IN: [&str; 3] = [AttributeCode::CATEGORY, AttributeCode::TAG, AttributeCode::BRAND];

    /// Reads the name of a column, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        if let Some(code) = Self::BUILT_IN.into_iter().find(|code| *code == name) {
            return Some(Self::Fixed(code));
        }
        if let Some(fixed) = COLUMNS.into_iter().find(|column| *column == name) {
            return Some(Self::Fixed(fixed));
        }
        let code = |raw: &str| AttributeCode::parse(raw).ok();
        if let Some(raw) = name.strip_prefix("option.") {
            return code(raw).map(Self::Option);
        }
        if let Some(raw) = name.strip_prefix("attr.") {
            return code(raw).map(|code| Self::Attribute { of_group: false, code });
        }
        let of_group = name.strip_prefix("group.")?;
        if let Some(code) = Self::BUILT_IN.into_iter().find(|code| *code == of_group) {
            return Some(Self::Attribute { of_group: true, code: AttributeCode::from_trusted(code.to_owned()) });
        }
        of_group.strip_prefix("attr.").and_then(code).map(|code| Self::Attribute { of_group: true, code })
    }

    /// Whether it says which pictures there are, or what they show.
    pub fn is_of_pictures(&self) -> bool {
        matches!(self, Self::Fixed(name) if RowPictures::COLUMNS.as_flattened().contains(name))
    }

    /// The heading of the column, such as `attr.material` or `group.brand`.
    pub fn name(&self) -> String {
        match self {
            Self::Fixed(name) => (*name).to_owned(),
            Self::Option(code) => format!("option.{code}"),
            Self::Attribute { of_group: false, code } => format!("attr.{code}"),
            Self::Attribute { of_group: true, code } if code.is_built_in() => format!("group.{code}"),
            Self::Attribute { of_group: true, code } => format!("group.attr.{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_any_case_and_attributes_by_their_codes_r230() {
        for name in COLUMNS.into_iter().chain(["attr.colour", "option.size", "group.attr.type", "group.tag"]) {
            assert_eq!(Column::parse(&name.to_uppercase()).unwrap().name(), name);
        }
        for unknown in ["", "colour", "attr.", "attr.Größe", "group.price", "option.a b", "option"] {
            assert_eq!(Column::parse(unknown), None, "{unknown}");
        }
    }
}
