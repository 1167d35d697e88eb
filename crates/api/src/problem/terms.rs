//! Problems with attributes and terms.

use application::Conflict;
use application::terms::DeleteTerm;

use super::{Kind, Problem};

/// The problem of a conflict about attributes and terms.
pub(super) fn of_terms(conflict: &Conflict) -> Problem {
    match conflict {
        Conflict::TermInUse { products } => {
            let most = DeleteTerm::MOST_DETACHED;
            let detail = if *products > most {
                format!("{products} products have the term. It can be taken from {most} at once.")
            } else {
                format!("{products} products have the term. With `detach=true` it is taken from them.")
            };
            Problem::new(Kind::IN_USE, detail).with_products(*products)
        }
        Conflict::Cycle => Problem::new(Kind::CYCLE, "The category would be below itself."),
        Conflict::TooMany { what, most } => {
            Problem::new(Kind::TOO_MANY_THERE, format!("There are {most} {what}, and there may be no more."))
        }
        other => Problem::new(Kind::CONFLICT, format!("{other:?}")),
    }
}
