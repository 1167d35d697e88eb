use super::Inherits;
use crate::pages::PageTexts;

impl PageTexts {
    /// What counts for a member that has these itself. HTML and the plain description are two forms of one text: a member
    /// with a description of its own does not have its group's HTML.
    #[must_use]
    pub fn or_of(self, group: &Self, inherits: Inherits) -> Self {
        let of_group = group.html.as_ref().filter(|_| inherits.description);
        Self {
            seo_title: self.seo_title.or_else(|| group.seo_title.clone()),
            seo_description: self.seo_description.or_else(|| group.seo_description.clone()),
            html: self.html.or_else(|| of_group.cloned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::DescriptionHtml;
    use crate::terms::SeoTitle;

    fn texts(title: Option<&str>, html: Option<&str>) -> PageTexts {
        PageTexts {
            seo_title: title.map(|title| SeoTitle::parse(title).unwrap()),
            seo_description: None,
            html: html.map(|html| DescriptionHtml::parse(html).unwrap()),
        }
    }

    #[test]
    fn a_member_has_the_texts_of_its_group_that_it_does_not_say_itself_r204() {
        let group = texts(Some("Shirts"), Some("<p>Cotton.</p>"));
        let inherits = |description| Inherits { description };
        assert_eq!(texts(None, None).or_of(&group, inherits(true)), group);
        let own = texts(Some("Shirt, M"), Some("<p>Wool.</p>"));
        assert_eq!(own.clone().or_of(&group, inherits(true)), own);
        let with_own_description = texts(None, None).or_of(&group, inherits(false));
        assert_eq!(with_own_description, texts(Some("Shirts"), None), "both are forms of one text");
    }
}
