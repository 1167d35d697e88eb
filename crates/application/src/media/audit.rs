use domain::Uuid;
use domain::media::{Picture, Shown};
use domain::products::{Product, ProductId};

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for Picture {
    const RESOURCE: &'static str = "media";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let size = format!("{} x {}", self.width, self.height);
        vec![field("type", self.kind.as_str()), field("bytes", &self.bytes), field("size", &size)]
    }
}

/// The pictures of a product, for the audit log.
pub(super) struct OfProduct<'a>(pub ProductId, pub &'a [Shown]);

impl Audited for OfProduct<'_> {
    const RESOURCE: &'static str = Product::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.0
    }

    fn fields(&self) -> Vec<Field> {
        let text = |shown: &Shown| match &shown.alt {
            Some(alt) => format!("{} ({alt})", shown.picture.id),
            None => shown.picture.id.to_string(),
        };
        vec![("media", Some(self.1.iter().map(text).collect::<Vec<_>>().join("; ")))]
    }
}
