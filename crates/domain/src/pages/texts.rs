use super::DescriptionHtml;
use crate::products::Description;
use crate::terms::{SeoDescription, SeoTitle};

/// What the page of a product or of a group says besides name and description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageTexts {
    /// The title for search engines.
    pub seo_title: Option<SeoTitle>,
    /// The description for search engines.
    pub seo_description: Option<SeoDescription>,
    /// The description in HTML, cleaned: at most 50,000 bytes.
    pub html: Option<DescriptionHtml>,
}

/// A change of them. `None` keeps a text, `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageTextsChange {
    /// The new title for search engines; `Some(None)` removes it, `None` keeps it.
    pub seo_title: Option<Option<SeoTitle>>,
    /// The new description for search engines; `Some(None)` removes it, `None` keeps it.
    pub seo_description: Option<Option<SeoDescription>>,
    /// The new description in HTML; `Some(None)` removes it, `None` keeps it.
    pub html: Option<Option<DescriptionHtml>>,
}

/// The texts of a product's page: those that it has itself, and those that are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductPage {
    /// The product's own.
    pub own: PageTexts,
    /// Those that count: its own, or its group's.
    pub shown: PageTexts,
}

impl PageTexts {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The texts after a change.
    #[must_use]
    pub fn changed(&self, change: &PageTextsChange) -> Self {
        let PageTextsChange { seo_title, seo_description, html } = change.clone();
        Self {
            seo_title: seo_title.unwrap_or_else(|| self.seo_title.clone()),
            seo_description: seo_description.unwrap_or_else(|| self.seo_description.clone()),
            html: html.unwrap_or_else(|| self.html.clone()),
        }
    }

    /// The description of what is made with these texts: the given one, or the text of the HTML.
    pub fn described(&self, given: Option<Description>) -> Option<Description> {
        given.or_else(|| self.html.as_ref()?.text())
    }
}

impl PageTextsChange {
    /// What becomes of the description: what is said of it, or the text of new HTML.
    pub fn described(&self, given: Option<Option<Description>>) -> Option<Option<Description>> {
        let html = self.html.as_ref().and_then(Option::as_ref);
        given.or_else(|| html.map(DescriptionHtml::text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(title: Option<&str>, html: Option<&str>) -> PageTexts {
        PageTexts {
            seo_title: title.map(|title| SeoTitle::parse(title).unwrap()),
            seo_description: None,
            html: html.map(|html| DescriptionHtml::parse(html).unwrap()),
        }
    }

    #[test]
    fn html_that_is_given_alone_gives_the_description_r218() {
        let (html, wool) = (texts(None, Some("<p>Of <strong>wool</strong></p>")), Description::parse("Wool").unwrap());
        assert_eq!(html.described(None).unwrap().as_str(), "Of wool");
        assert_eq!(html.described(Some(wool.clone())), Some(wool.clone()));
        assert_eq!(texts(None, None).described(None), None);
        let change = PageTextsChange { html: Some(html.html), ..PageTextsChange::default() };
        assert_eq!(change.described(None).unwrap().unwrap().as_str(), "Of wool");
        assert_eq!(
            (change.described(Some(None)), change.described(Some(Some(wool.clone())))),
            (Some(None), Some(Some(wool)))
        );
        let gone = PageTextsChange { html: Some(None), ..PageTextsChange::default() };
        assert_eq!((gone.described(None), PageTextsChange::default().described(None)), (None, None));
    }

    #[test]
    fn texts_that_are_not_named_stay_r209() {
        let before = texts(Some("Mugs"), Some("<p>x</p>"));
        assert_eq!(before.changed(&PageTextsChange::default()), before);
        let change = PageTextsChange { seo_title: Some(None), ..PageTextsChange::default() };
        assert_eq!(before.changed(&change), texts(None, Some("<p>x</p>")));
        assert!(texts(None, None).is_empty() && !before.is_empty());
    }
}
