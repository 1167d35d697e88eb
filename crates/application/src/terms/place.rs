use domain::attributes::Attribute;
use domain::terms::{CategoryPosition, MAX_DEPTH, Misplaced, Term, TermId};
use domain::{Code, Invalid};

use crate::{Conflict, Error, Tx};

/// Checks the place of a new or moved term in the tree of its attribute, which is locked.
///
/// # Errors
/// The refusal of `parent_id` if there is no such term, the attribute has no tree, or the tree would be too deep; a
/// conflict if the term would be below itself.
pub(super) async fn expect_place(
    tx: &mut dyn Tx,
    attribute: &Attribute,
    parent_id: Option<TermId>,
    moved: Option<&Term>,
) -> Result<(), Error> {
    let Some(parent_id) = parent_id else { return Ok(()) };
    let refused = |code, message: String| Error::field("parent_id", Invalid::new(code, message));
    if !attribute.is_hierarchical {
        return Err(refused(Code::Excluded, "is for categories only".to_owned()));
    }
    let above: Vec<_> = tx.terms().chain(attribute.id, parent_id).await?.into_iter().map(|node| node.id).collect();
    if above.is_empty() {
        return Err(refused(Code::NotFound, format!("must be the id of another term of `{}`", attribute.code)));
    }
    let height = match moved {
        Some(term) => height(tx, term.id).await?,
        None => 1,
    };
    match (CategoryPosition { above: &above, moved: moved.map(|term| term.id), height }).check() {
        Ok(()) => Ok(()),
        Err(Misplaced::Cycle) => Err(Conflict::Cycle.into()),
        Err(Misplaced::TooDeep) => {
            Err(refused(Code::TooLarge, format!("must leave the tree with at most {MAX_DEPTH} levels")))
        }
    }
}

/// The number of levels of a term and all below it. It stops counting above [`MAX_DEPTH`].
async fn height(tx: &mut dyn Tx, id: TermId) -> Result<usize, Error> {
    let (mut level, mut height) = (vec![id], 0);
    while !level.is_empty() && height <= MAX_DEPTH {
        height += 1;
        level = tx.terms().below(&level).await?.into_iter().map(|node| node.id).collect();
    }
    Ok(height)
}
