use std::sync::Arc;

use application::imports::{CancelImport, StartImport};
use domain::imports::ImportId;
use serde_json::{Value, json};

use super::TAG;
use super::body::ImportBody;
use crate::context::State;
use crate::extract::read::Boolean;
use crate::extract::{Body, Fields, FromFields, IfMatch, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Resource, Taken};

/// How an import is started.
pub(crate) struct Start {
    skip_failed: bool,
}

impl FromFields for Start {
    const NAME: &'static str = "ImportStart";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let skip_failed = fields.optional("skip_failed", &Boolean);
        Some(Self { skip_failed: skip_failed?.unwrap_or_default() })
    }

    fn example() -> Value {
        json!({ "skip_failed": true })
    }
}

pub(crate) const START: Operation = Operation::new(
    TAG,
    "startImport",
    "Start a checked import",
    "Its products are written, each by the rules of a single request, and what became of a row with its product. If rows \
     are refused, `skip_failed: true` leaves them out.",
)
.problems(&[Kind::IMPORT_STEP]);

pub(crate) async fn start(
    staff: Staff,
    state: Arc<State>,
    id: Path<ImportId>,
    expected: IfMatch,
    start: Body<Start>,
) -> Result<Taken<ImportBody>, Problem> {
    let start = StartImport { id: id.0, skip_failed: start.0.skip_failed, expected: expected.0 };
    let import = staff.runner(&state).run(start).await?;
    Ok(Taken(ImportBody::of(&import, state.shop.currency)))
}

pub(crate) const CANCEL: Operation =
    Operation::new(TAG, "cancelImport", "Stop an import", "What was written stays, and `before.csv` puts it back.")
        .problems(&[Kind::IMPORT_STEP]);

pub(crate) async fn cancel(
    staff: Staff,
    state: Arc<State>,
    id: Path<ImportId>,
    expected: IfMatch,
    _nothing: Body<Nothing>,
) -> Result<Resource<ImportBody>, Problem> {
    let import = staff.runner(&state).run(CancelImport { id: id.0, expected: expected.0 }).await?;
    Ok(Resource(ImportBody::of(&import, state.shop.currency)))
}
