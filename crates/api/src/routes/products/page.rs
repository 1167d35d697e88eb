//! The texts of pages in requests.

use domain::pages::{DescriptionHtml, PageTexts, PageTextsChange};
use domain::terms::{SeoDescription, SeoTitle};

use crate::extract::Fields;
use crate::extract::read::text;

/// Reads the texts of the page of something new.
pub(crate) fn page(fields: &mut Fields<'_>) -> Option<PageTexts> {
    let seo_title = fields.optional("seo_title", &text(SeoTitle::parse));
    let seo_description = fields.optional("seo_description", &text(SeoDescription::parse));
    let html = fields.optional("description_html", &text(DescriptionHtml::parse));
    Some(PageTexts { seo_title: seo_title?, seo_description: seo_description?, html: html? })
}

/// Reads changes of the same; null takes away.
pub(crate) fn page_change(fields: &mut Fields<'_>) -> Option<PageTextsChange> {
    let seo_title = fields.change_or_clear("seo_title", &text(SeoTitle::parse));
    let seo_description = fields.change_or_clear("seo_description", &text(SeoDescription::parse));
    let html = fields.change_or_clear("description_html", &text(DescriptionHtml::parse));
    Some(PageTextsChange { seo_title: seo_title?, seo_description: seo_description?, html: html? })
}
