use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::tax_classes::{TaxClass, TaxClassCode, TaxClassDetails, TaxClassId, TaxClassName};
use serde::Serialize;

/// Which rates of a zone products and shipping bear.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "TaxClass")]
pub(crate) struct TaxClassBody {
    id: Id,
    /// By which products, tax rates and shipping methods name it.
    code: String,
    name: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl TaxClassBody {
    pub(super) fn location(class: &TaxClass) -> String {
        format!("/api/v1/tax-classes/{}", class.id)
    }
}

impl From<&TaxClass> for TaxClassBody {
    fn from(class: &TaxClass) -> Self {
        Self {
            id: Id(class.id.0),
            code: class.code.as_str().to_owned(),
            name: class.name.to_string(),
            created_at: Timestamp(class.created_at),
            updated_at: Timestamp(class.updated_at),
            version: class.version.0,
        }
    }
}

impl ResponseBody for TaxClassBody {
    fn example() -> Self {
        let details = TaxClassDetails {
            code: TaxClassCode::from_trusted("food".to_owned()),
            name: TaxClassName::from_trusted("Food and books".to_owned()),
        };
        Self::from(&TaxClass::new(TaxClassId(example::id()), details, example::NOW))
    }
}

impl Body for TaxClassBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
