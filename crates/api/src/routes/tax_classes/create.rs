use std::sync::Arc;

use application::tax_classes::CreateTaxClass;
use domain::tax_classes::{TaxClass, TaxClassCode, TaxClassDetails, TaxClassName};
use serde_json::{Value, json};

use super::TAG;
use super::body::TaxClassBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for TaxClassDetails {
    const NAME: &'static str = "NewTaxClass";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", &text(TaxClassCode::parse));
        let name = fields.required("name", &text(TaxClassName::parse));
        Some(Self { code: code?, name: name? })
    }

    fn example() -> Value {
        json!({ "code": "food", "name": "Food and books" })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createTaxClass",
    "Make a tax class",
    "Tax rates and shipping methods name it by its `code`, which never changes. The class `standard` is there from the \
     start.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<TaxClassDetails>,
) -> Result<Idempotent<Created<TaxClassBody>>, Problem> {
    let present = |made: &TaxClass| Created::at(TaxClassBody::location(made), &TaxClassBody::from(made));
    Ok(staff.runner(&state).run_once(request.claim, CreateTaxClass(request.body), present).await?.try_into()?)
}
