use domain::Uuid;
use domain::collections::{Collection, CollectionFilter};
use domain::products::ProductSort;
use domain::slugs::Slug;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Collection {
    const RESOURCE: &'static str = "collection";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let text = |filter: &CollectionFilter| {
            let parameters = filter.parameters().iter().map(|(name, text)| format!("{name}={text}"));
            parameters.collect::<Vec<_>>().join("; ")
        };
        let pins: Vec<_> = self.pins.products().iter().map(ToString::to_string).collect();
        vec![
            field("name", &self.name),
            field("slug", Slug::as_str(&self.slug)),
            optional("filter", self.filter.as_ref().map(text).as_ref()),
            field("pins", &pins.join(", ")),
            optional("sort", self.sort.map(ProductSort::as_str).as_ref()),
            optional("description", self.description.as_ref()),
            field("position", &self.position.get()),
        ]
    }
}
