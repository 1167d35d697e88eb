//! Problems with product groups.

use application::Conflict;

use super::{DUPLICATE, Fault, Kind, Problem};

/// The problem of a conflict about product groups.
pub(super) fn of_groups(conflict: &Conflict) -> Problem {
    match conflict {
        Conflict::DuplicateCombination { field, other } => {
            let message = format!("are those of {other}");
            let fault = Fault { field: field.clone(), code: DUPLICATE, message: message.into() };
            let detail = format!("No two products of a group have the same terms: `{field}` has those of {other}.");
            Problem::new(Kind::DUPLICATE_COMBINATION, detail).with_faults([fault])
        }
        Conflict::IsOption(code) => Problem::new(
            Kind::IN_USE,
            format!(
                "The attribute `{code}` is an option of the group. PATCH \
                 /api/v1/product-groups/{{id}}/products/{{product_id}} changes the term of a product."
            ),
        ),
        other => Problem::new(Kind::CONFLICT, format!("{other:?}")),
    }
}
