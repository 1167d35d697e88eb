use domain::Uuid;
use domain::groups::{Group, Member};
use domain::pages::PageTexts;
use domain::products::Product;
use domain::slugs::Slug;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};
use crate::products::of_page;

impl Audited for Group {
    const RESOURCE: &'static str = "product_group";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let options: Vec<_> = self.options.iter().map(ToString::to_string).collect();
        vec![
            field("name", &self.name),
            field("slug", Slug::as_str(&self.slug)),
            optional("description", self.description.as_ref()),
            field("options", &options.join(", ")),
        ]
    }
}

/// A group with the texts of its page, so that the audit log has both as one resource.
pub(super) struct WithPage<'a>(pub &'a Group, pub &'a PageTexts);

impl Audited for WithPage<'_> {
    const RESOURCE: &'static str = Group::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.id.0
    }

    fn fields(&self) -> Vec<Field> {
        self.0.fields().into_iter().chain(of_page(self.1)).collect()
    }
}

/// The place of a product in a group.
impl Audited for Member {
    const RESOURCE: &'static str = Product::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.product_id.0
    }

    fn fields(&self) -> Vec<Field> {
        let terms: Vec<_> = self.combination.terms().iter().map(ToString::to_string).collect();
        vec![field("group_id", &self.group_id), field("terms", &terms.join(", "))]
    }
}

/// What a group has of attributes, as far as it differs.
pub(super) struct GroupHas(pub Uuid, pub String);

impl Audited for GroupHas {
    const RESOURCE: &'static str = Group::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![("attributes", Some(self.1.clone()))]
    }
}
