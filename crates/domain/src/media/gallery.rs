use super::{MediaId, Picture};
use crate::collections::CollectionId;
use crate::products::ProductId;
use crate::terms::TermId;
use crate::word::words;
use crate::{Code, Invalid, Uuid};

crate::text::text! {
    /// What a picture shows, for those who cannot see it: up to 300 characters. An empty one says that the picture is
    /// decorative (WCAG 2.2, 1.1.1); none at all that nobody has said yet what it shows.
    Alt, 0, 300, One
}

words! {
    /// What has pictures.
    OwnerKind {
        /// A product. Its own pictures stand in place of those of its group.
        Product = "product",
        /// A product group, whose members without any have its pictures.
        Group = "group",
        /// A collection of products.
        Collection = "collection",
        /// A term of an attribute, such as a category.
        Term = "term",
    }
}

/// What has pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// What the id is of.
    pub kind: OwnerKind,
    /// The id of the product, group, collection or term.
    pub id: Uuid,
}

impl From<ProductId> for Owner {
    fn from(id: ProductId) -> Self {
        Self { kind: OwnerKind::Product, id: id.0 }
    }
}

impl From<CollectionId> for Owner {
    fn from(id: CollectionId) -> Self {
        Self { kind: OwnerKind::Collection, id: id.0 }
    }
}

impl From<TermId> for Owner {
    fn from(id: TermId) -> Self {
        Self { kind: OwnerKind::Term, id: id.0 }
    }
}

/// A picture in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The picture.
    pub media_id: MediaId,
    /// What it shows there; `None` as long as nobody has said it.
    pub alt: Option<Alt>,
}

/// The pictures of something in their order, the main one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gallery(Vec<Placed>);

/// Why pictures are no gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GalleryFault {
    /// There are too many.
    TooMany,
    /// A picture comes twice. Has its second place.
    Twice(usize),
}

impl Gallery {
    /// The most pictures.
    pub const MOST: usize = 30;

    /// These pictures.
    ///
    /// # Errors
    /// If there are too many, or one comes twice.
    pub fn new(placed: Vec<Placed>) -> Result<Self, GalleryFault> {
        if placed.len() > Self::MOST {
            return Err(GalleryFault::TooMany);
        }
        let comes_before =
            |(place, one): &(usize, &Placed)| placed.iter().take(*place).any(|before| before.media_id == one.media_id);
        match placed.iter().enumerate().find(comes_before) {
            Some((place, _)) => Err(GalleryFault::Twice(place)),
            None => Ok(Self(placed)),
        }
    }

    /// Stored pictures, which were checked before they were stored.
    pub fn from_trusted(placed: Vec<Placed>) -> Self {
        Self(placed)
    }

    /// The pictures in order.
    pub fn placed(&self) -> &[Placed] {
        &self.0
    }
}

impl GalleryFault {
    /// What is wrong with the list, or with the picture at the place.
    pub fn invalid(self) -> Invalid {
        match self {
            Self::TooMany => Invalid::new(Code::TooLong, format!("must have at most {} pictures", Gallery::MOST)),
            Self::Twice(_) => Invalid::new(Code::Excluded, "comes twice: a picture stands in one place"),
        }
    }
}

/// What a product shows: pictures of its own, or those of its group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductPictures {
    /// In their order.
    pub shown: Vec<Shown>,
    /// Whether they are its own, and not those of its group.
    pub are_own: bool,
}

impl ProductPictures {
    /// What a member takes along from the group that it leaves: all of the group's pictures, or none if it has its own.
    pub fn kept(self) -> Option<Gallery> {
        let placed = |shown: Shown| Placed { media_id: shown.picture.id, alt: shown.alt };
        (!self.are_own).then(|| Gallery(self.shown.into_iter().map(placed).collect()))
    }
}

/// A picture with what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The uploaded picture, with its sizes.
    pub picture: Picture,
    /// What it shows; `None` as long as nobody has said it.
    pub alt: Option<Alt>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(numbers: impl IntoIterator<Item = u128>) -> Vec<Placed> {
        let one = |n| Placed { media_id: MediaId(Uuid::from_u128(n)), alt: None };
        numbers.into_iter().map(one).collect()
    }

    #[test]
    fn a_gallery_has_30_pictures_at_most_and_each_once_r211() {
        assert_eq!(Gallery::new(placed(1..=30)).unwrap().placed().len(), 30);
        assert_eq!(Gallery::new(placed(1..=31)), Err(GalleryFault::TooMany));
        assert_eq!(Gallery::new(placed([1, 2, 3, 2, 1])), Err(GalleryFault::Twice(3)));
        assert_eq!(Gallery::new(Vec::new()), Ok(Gallery::default()));
    }

    #[test]
    fn a_member_takes_the_pictures_of_its_group_along_if_it_has_no_others_r211_r204() {
        let own = ProductPictures { shown: Vec::new(), are_own: true };
        assert_eq!(own.kept(), None);
        assert_eq!(ProductPictures { shown: Vec::new(), are_own: false }.kept(), Some(Gallery::default()));
    }

    #[test]
    fn an_alt_text_may_be_empty_and_has_300_characters_at_most_r211() {
        assert_eq!(Alt::parse("").unwrap().as_str(), "");
        assert!(Alt::parse(&"ä".repeat(300)).is_ok() && Alt::parse(&"ä".repeat(301)).is_err());
    }
}
