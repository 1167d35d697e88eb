use super::cells::parts;
use crate::media::{Alt, Gallery, Placed};
use crate::{Code, Invalid};

/// A picture that a row names by its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPicture {
    /// Where it is.
    pub url: String,
    /// What it shows; `None` if the row does not say it.
    pub alt: Option<Alt>,
}

/// The pictures of a row, the main one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowPictures {
    /// The pictures that the row names by their URLs.
    pub named: Vec<NamedPicture>,
    /// The pictures that were fetched.
    pub placed: Vec<Placed>,
    /// Whether a picture was not fetched.
    pub lacks: bool,
}

/// What is said of pictures that are left out.
pub(super) const NOT_FETCHED: &str = "pictures are not fetched";

/// What stands for an alt text that says that a picture is decorative.
const DECORATIVE: &str = "\"\"";

impl RowPictures {
    /// The column with the URLs, and the one with what they show.
    pub const COLUMNS: [[&str; 2]; 2] = [["media", "media_alt"], ["group.media", "group.media_alt"]];

    /// Reads a list of URLs and one of alt texts in the same order, in which nothing means that nobody has said it, and `""`
    /// that the picture is decorative. A URL that comes again is left out.
    ///
    /// # Errors
    /// What is wrong with the URLs, or with the alt texts.
    pub fn read(urls: &str, alts: &str) -> Result<Self, (bool, Invalid)> {
        let urls: Vec<_> = parts(urls).into_iter().filter(|url| !url.is_empty()).collect();
        let alts = if alts.trim().is_empty() { Vec::new() } else { parts(alts) };
        if alts.len() > urls.len() {
            let message = format!("must have at most as many texts as there are pictures, which are {}", urls.len());
            return Err((true, Invalid::new(Code::TooLong, message)));
        }
        let alt = |text: &String| match text.as_str() {
            "" => Ok(None),
            DECORATIVE => Alt::parse("").map(Some),
            text => Alt::parse(text).map(Some),
        };
        let alts = alts.iter().map(alt).collect::<Result<Vec<_>, _>>().map_err(|invalid| (true, invalid))?;
        let mut named: Vec<NamedPicture> = Vec::new();
        for (url, alt) in urls.into_iter().zip(alts.into_iter().chain(std::iter::repeat(None))) {
            if !named.iter().any(|one| one.url == url) {
                named.push(NamedPicture { url, alt });
            }
        }
        if named.len() > Gallery::MOST {
            let message = format!("must have at most {} pictures", Gallery::MOST);
            return Err((false, Invalid::new(Code::TooLong, message)));
        }
        Ok(Self { named, ..Self::default() })
    }

    /// The cells that say it of pictures that have URLs.
    pub fn written<'a>(shown: impl Iterator<Item = (String, Option<&'a Alt>)>) -> [String; 2] {
        let (urls, alts): (Vec<_>, Vec<_>) = shown.unzip();
        let alt = |alt: Option<&'a Alt>| {
            alt.map_or("", |alt| if alt.as_str().is_empty() { DECORATIVE } else { alt.as_str() })
        };
        let alts: Vec<_> = alts.into_iter().map(alt).collect();
        let said = if alts.iter().all(|alt| alt.is_empty()) { String::new() } else { super::joined(alts) };
        [super::joined(urls.iter().map(String::as_str)), said]
    }

    /// The pictures of something that had others: what the row names, in its order. Where it does not say what a picture
    /// shows, what was said before stays. If one was not had, nothing is taken away.
    pub fn gallery(&self, had: &Gallery) -> Gallery {
        let known = |placed: &Placed| had.placed().iter().find(|one| one.media_id == placed.media_id);
        let mut all: Vec<Placed> = Vec::new();
        for placed in &self.placed {
            if all.iter().all(|one| one.media_id != placed.media_id) {
                let alt = placed.alt.clone().or_else(|| known(placed)?.alt.clone());
                all.push(Placed { media_id: placed.media_id, alt });
            }
        }
        let others = had.placed().iter().filter(|_| self.lacks);
        let others: Vec<_> = others.filter(|one| all.iter().all(|new| new.media_id != one.media_id)).cloned().collect();
        all.extend(others);
        all.truncate(Gallery::MOST);
        Gallery::from_trusted(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;
    use crate::media::MediaId;

    fn placed(number: u128, alt: Option<&str>) -> Placed {
        Placed { media_id: MediaId(Uuid::from_u128(number)), alt: alt.map(|text| Alt::parse(text).unwrap()) }
    }

    #[test]
    fn urls_and_what_they_show_are_lists_in_the_same_order_r230_r233() {
        let read = RowPictures::read(
            "https://a/1.png, https://a/2\\,3.png,, https://a/1.png, https://a/4.png",
            ", \"\", x, A mug\\, blue",
        );
        let named = read.unwrap().named;
        let urls: Vec<_> = named.iter().map(|one| (one.url.as_str(), one.alt.as_ref().map(Alt::as_str))).collect();
        let expected =
            [("https://a/1.png", None), ("https://a/2,3.png", Some("")), ("https://a/4.png", Some("A mug, blue"))];
        assert_eq!(urls, expected);
        assert_eq!(RowPictures::read("", "").unwrap(), RowPictures::default());
        let many: Vec<_> = (0..=30).map(|n| format!("https://a/{n}")).collect();
        assert!(matches!(RowPictures::read(&many.join(","), ""), Err((false, Invalid { code: Code::TooLong, .. }))));
        assert!(matches!(RowPictures::read("https://a", "a,b"), Err((true, Invalid { code: Code::TooLong, .. }))));
        assert!(matches!(RowPictures::read("https://a", &"a".repeat(301)), Err((true, _))));
    }

    #[test]
    fn an_export_is_read_back_by_the_import_r233() {
        let alts = [None, Some(""), Some("A mug, blue \\ white")].map(|alt| alt.map(|alt| Alt::parse(alt).unwrap()));
        let shown = || alts.iter().enumerate().map(|(n, alt)| (format!("/media/{n},x"), alt.as_ref()));
        let [urls, texts] = RowPictures::written(shown());
        let read: Vec<_> = RowPictures::read(&urls, &texts).unwrap().named;
        assert_eq!(
            read.iter().map(|one| (one.url.clone(), one.alt.as_ref())).collect::<Vec<_>>(),
            shown().collect::<Vec<_>>()
        );
        assert_eq!(RowPictures::written(shown().take(1)), ["/media/0\\,x", ""]);
    }

    #[test]
    fn a_row_names_all_pictures_in_order_and_takes_none_away_if_one_was_not_had_r231() {
        let had = Gallery::from_trusted(vec![placed(1, Some("One")), placed(2, None), placed(3, Some("Three"))]);
        let row = |placed, lacks| RowPictures { named: Vec::new(), placed, lacks };
        let said = row(vec![placed(4, None), placed(1, None), placed(3, Some("3")), placed(4, None)], false);
        assert_eq!(said.gallery(&had).placed(), [placed(4, None), placed(1, Some("One")), placed(3, Some("3"))]);
        let lacking = row(vec![placed(4, None), placed(1, None)], true);
        let kept = [placed(4, None), placed(1, Some("One")), placed(2, None), placed(3, Some("Three"))];
        assert_eq!(lacking.gallery(&had).placed(), kept);
        assert_eq!(row(Vec::new(), false).gallery(&had), Gallery::default(), "an empty cell takes all away");
        assert_eq!(row(Vec::new(), true).gallery(&had), had);
    }
}
