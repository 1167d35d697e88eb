use domain::Uuid;
use domain::slugs::Slug;
use domain::terms::{Term, TermDescription};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Term {
    const RESOURCE: &'static str = "term";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("attribute_id", &self.attribute_id),
            field("name", &self.name),
            field("slug", Slug::as_str(&self.slug)),
            optional("parent_id", self.parent_id.as_ref()),
            field("position", &self.position.get()),
            optional("description", self.description.as_ref().map(TermDescription::as_str).as_ref()),
            optional("seo_title", self.seo_title.as_ref()),
            optional("seo_description", self.seo_description.as_ref()),
        ]
    }
}
