use domain::pages::{DescriptionHtml, PageTexts};
use domain::terms::{SeoDescription, SeoTitle};
use sea_orm::entity::prelude::*;

use crate::db::engine::{Error, Row};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "page_texts")]
pub struct Model {
    /// The id of a product or a product group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub description_html: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn of(id: Uuid, texts: &PageTexts) -> Self {
        Self {
            resource_id: id,
            seo_title: texts.seo_title.as_ref().map(|text| text.as_str().to_owned()),
            seo_description: texts.seo_description.as_ref().map(|text| text.as_str().to_owned()),
            description_html: texts.html.as_ref().map(|html| html.as_str().to_owned()),
        }
    }
}

impl From<Model> for PageTexts {
    fn from(row: Model) -> Self {
        texts(row.seo_title, row.seo_description, row.description_html)
    }
}

fn texts(title: Option<String>, description: Option<String>, html: Option<String>) -> PageTexts {
    PageTexts {
        seo_title: title.map(SeoTitle::from_trusted),
        seo_description: description.map(SeoDescription::from_trusted),
        html: html.map(DescriptionHtml::from_trusted),
    }
}

/// The texts in the three columns from the index `first` on, which may be those of an outer join.
pub fn texts_at(first: usize, row: &Row) -> Result<PageTexts, Error> {
    Ok(texts(row.at(first)?, row.at(first + 1)?, row.at(first + 2)?))
}
