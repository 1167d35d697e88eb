//! The pictures of a product, of which each stands in a row.

use super::Shopify;
use super::headers::Meaning as M;
use crate::imports::{FileRow, PlainRow, RowPictures, Translated, joined};
use crate::media::{Alt, Gallery};

impl Shopify {
    /// The same columns, with or without those of pictures.
    #[must_use]
    pub fn fetching(self, fetches: bool) -> Self {
        Self { fetches, ..self }
    }

    /// The pictures that all rows of a product name, in order of their positions.
    pub(super) fn pictures(&self, rows: &[FileRow], of_group: bool, made: &mut PlainRow, to: &mut Translated) {
        if !self.fetches || self.place(&M::Picture).is_none() {
            return;
        }
        let mut found: Vec<(usize, &str, Option<Alt>)> = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let Some(url) = self.text(row, &M::Picture) else { continue };
            let position = self.text(row, &M::PicturePosition).and_then(|text| text.parse().ok());
            if found.iter().all(|(_, other, _)| *other != url) {
                found.push((position.unwrap_or(place + 1), url, self.alt(row, to)));
            }
        }
        found.sort_by_key(|(position, ..)| *position);
        if found.len() > Gallery::MOST
            && let Some(first) = rows.first()
        {
            to.note(first.line, format!("of a product's pictures the first {} are taken", Gallery::MOST));
            found.truncate(Gallery::MOST);
        }
        let [urls, alts] = RowPictures::written(found.iter().map(|(_, url, alt)| ((*url).to_owned(), alt.as_ref())));
        let [own, groups] = RowPictures::COLUMNS;
        let [media, alt] = if of_group { groups } else { own };
        made.set(media, urls);
        if self.place(&M::PictureAlt).is_some() {
            made.set(alt, alts);
        }
    }

    /// The picture of one variant.
    pub(super) fn own_picture(&self, row: &FileRow, made: &mut PlainRow) {
        if self.fetches
            && let Some(url) = self.get(row, &M::VariantPicture)
        {
            let [[media, _], _] = RowPictures::COLUMNS;
            made.set(media, joined((!url.is_empty()).then_some(url)));
        }
    }

    /// What the picture of a row shows: one line, cut where it is too long.
    fn alt(&self, row: &FileRow, to: &mut Translated) -> Option<Alt> {
        let text = self.text(row, &M::PictureAlt)?.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = text.chars().take(Alt::MAX).collect();
        if cut.len() < text.len() {
            to.note(row.line, "what a picture shows is cut where it is too long: it has 300 characters");
        }
        Alt::parse(&cut).ok()
    }
}
