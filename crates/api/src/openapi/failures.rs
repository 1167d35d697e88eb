//! How operations fail.

use paperclip::v2::models::{DefaultOperationRaw, Either, Response};

use crate::problem::Kind;

/// Notes that an operation can fail so. Until the document is complete, the descriptions of failures are lists of kinds.
pub(crate) fn may_fail(op: &mut DefaultOperationRaw, kinds: &[Kind]) {
    for kind in kinds {
        let fresh = || Either::Right(Response::default());
        let entry = op.responses.entry(kind.status.as_str().to_owned()).or_insert_with(fresh);
        if let Some(response) = entry.right_mut() {
            let slugs = response.description.get_or_insert_default();
            slugs.push_str(kind.slug);
            slugs.push('\n');
        }
    }
}

/// The kinds in a list that [`may_fail`] wrote.
pub(super) fn kinds(list: &str) -> Vec<Kind> {
    Kind::ALL.iter().filter(|kind| list.lines().any(|slug| slug == kind.slug)).copied().collect()
}

/// Notes who may call an operation.
pub(crate) fn say_who(op: &mut DefaultOperationRaw, who: &str) {
    let before = op.description.take().map(|text| text + "\n\n").unwrap_or_default();
    op.description = Some(before + who);
}
