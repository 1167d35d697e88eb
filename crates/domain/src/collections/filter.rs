use std::collections::BTreeMap;

use crate::slugs::Slug;
use crate::{Code, Invalid};

crate::text::text! {
    /// The collection that a list of products is asked for: the slug of one, or a text that none has.
    SoughtCollection, 1, 80, One
}

impl SoughtCollection {
    /// The slug, if it is one.
    pub fn slug(&self) -> Option<Slug> {
        Slug::parse(self.as_str()).ok()
    }
}

/// The filter of a collection: parameters of the list of products by name, with their text. What they mean is read when
/// it is saved, to be checked, and again whenever the products are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionFilter(BTreeMap<String, String>);

impl CollectionFilter {
    /// The most parameters.
    pub const MOST: usize = 40;
    /// The most characters of a parameter's text.
    pub const LONGEST: usize = 4_000;
    /// The most bytes of all names and texts, so that they fit into a column.
    const MOST_BYTES: usize = 32_000;

    /// A filter by these parameters.
    ///
    /// # Errors
    /// If there is none, or they are too many or too long.
    pub fn new(parameters: impl IntoIterator<Item = (String, String)>) -> Result<Self, Invalid> {
        let parameters: BTreeMap<_, _> = parameters.into_iter().collect();
        if parameters.is_empty() {
            return Err(Invalid::new(Code::TooShort, "must have a parameter; null is for no filter"));
        }
        if parameters.len() > Self::MOST {
            return Err(Invalid::new(Code::TooLong, format!("must have at most {} parameters", Self::MOST)));
        }
        let bytes: usize = parameters.iter().map(|(name, text)| name.len() + text.len()).sum();
        if bytes > Self::MOST_BYTES {
            return Err(Invalid::new(Code::TooLong, format!("must have at most {} bytes in all", Self::MOST_BYTES)));
        }
        Ok(Self(parameters))
    }

    /// A stored filter, which was checked before it was stored.
    pub fn from_trusted(parameters: BTreeMap<String, String>) -> Self {
        Self(parameters)
    }

    /// The parameters in order of their names.
    pub const fn parameters(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_1_to_40_parameters_that_fit_into_its_column_r227() {
        let filter = |count: usize, length: usize| {
            CollectionFilter::new((0..count).map(|n| (format!("attr.a{n}"), "x".repeat(length))))
        };
        assert_eq!(filter(40, 10).unwrap().parameters().len(), 40);
        assert_eq!(filter(0, 0).unwrap_err().code, Code::TooShort);
        assert_eq!(filter(41, 1).unwrap_err().code, Code::TooLong);
        assert!(filter(7, 4_000).is_ok());
        assert_eq!(filter(8, 4_000).unwrap_err().code, Code::TooLong);
    }

    #[test]
    fn a_text_that_is_no_slug_finds_nothing_r227() {
        let slug = |raw| SoughtCollection::parse(raw).unwrap().slug();
        assert_eq!(slug("sale"), Slug::parse("sale").ok());
        assert_eq!(slug("Summer sale"), None);
        assert!(SoughtCollection::parse("").is_err() && SoughtCollection::parse(&"x".repeat(81)).is_err());
    }
}
