use domain::Uuid;
use domain::assignments::{ShownAttribute, ShownValue};
use domain::products::{Product, ProductId};

use crate::Field;
use crate::audit_trail::Audited;

/// The most characters of what the audit log shows of a product's attributes.
const MAX_TEXT: usize = 10_000;

/// What a product has, for the audit log.
pub(crate) struct Shown(pub ProductId, pub String);

impl Shown {
    /// What of these attributes is not among the others: `colour: blue; tag: new, sale`.
    pub fn differing(id: ProductId, these: &[ShownAttribute], others: &[ShownAttribute]) -> Self {
        Self(id, Self::text(these, others))
    }

    /// The attributes of `these` that `others` has not, or has otherwise.
    pub fn text(these: &[ShownAttribute], others: &[ShownAttribute]) -> String {
        let text = |shown: &ShownAttribute| match &shown.value {
            ShownValue::Terms(terms) => {
                let slugs: Vec<_> = terms.iter().map(|term| term.slug.as_str()).collect();
                format!("{}: {}", shown.code, slugs.join(", "))
            }
            ShownValue::Value(value) => format!("{}: {value}", shown.code),
        };
        let parts: Vec<_> = these.iter().filter(|shown| !others.contains(shown)).map(text).collect();
        parts.join("; ").chars().take(MAX_TEXT).collect()
    }
}

impl Audited for Shown {
    const RESOURCE: &'static str = Product::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![("attributes", Some(self.1.clone()))]
    }
}
