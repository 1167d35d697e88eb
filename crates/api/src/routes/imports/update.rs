use std::sync::Arc;

use application::imports::ReviseImport;
use domain::DecimalMark;
use domain::imports::{FileFormat, ImportId, ImportOptions, ImportOptionsChange};
use serde_json::{Value, json};

use super::TAG;
use super::body::ImportBody;
use super::create::{Mapped, repeated};
use crate::context::State;
use crate::extract::read::{Boolean, list_or_none, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

/// What changes of how a file is read.
pub(crate) struct Change(ImportOptionsChange);

impl FromFields for Change {
    const NAME: &'static str = "ImportChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let format = fields.change_or_clear("format", &text(FileFormat::parse));
        let decimal = fields.change_or_clear("decimal", &text(DecimalMark::parse));
        let mapping = fields.change("map", &list_or_none(text(Mapped::parse), ImportOptions::MOST_MAPPED));
        let ignore_unknown = fields.change("ignore_unknown", &Boolean);
        let stock = fields.change("stock", &Boolean);
        let fetch_media = fields.change("fetch_media", &Boolean);
        let mapping: Option<Vec<_>> = mapping?.map(|all| all.into_iter().map(|mapped| mapped.0).collect());
        if let Some(place) = mapping.as_deref().and_then(ImportOptions::mapped_twice) {
            fields.refuse(&format!("map[{place}]"), repeated());
            return None;
        }
        Some(Self(ImportOptionsChange {
            format: format?,
            decimal: decimal?,
            mapping,
            ignore_unknown: ignore_unknown?,
            stock: stock?,
            fetch_media: fetch_media?,
        }))
    }

    fn example() -> Value {
        json!({ "map": ["Artikel=sku", "Preis=price"], "decimal": "comma", "ignore_unknown": true })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateImport",
    "Read the file of an import in another way",
    "Whatever changes, all rows are checked again. An import that was started stays as it is.",
)
.problems(&[Kind::IMPORT_STEP, Kind::IMPORT_ROWS_GONE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<ImportId>,
    expected: IfMatch,
    change: Body<Change>,
) -> Result<Resource<ImportBody>, Problem> {
    let revise = ReviseImport { id: id.0, change: change.0.0, expected: expected.0 };
    let import = staff.runner(&state).run(revise).await?;
    Ok(Resource(ImportBody::of(&import, state.shop.currency)))
}
